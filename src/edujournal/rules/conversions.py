"""Conversions: one result said in another scale, with the table that said so."""

from __future__ import annotations

from attrs import frozen

from edujournal.errors import BadInput, Unknown
from edujournal.rules.clauses import Regulation
from edujournal.rules.numbers import stepped
from edujournal.rules.vocabulary import Conversion, Scale


@frozen(kw_only=True)
class Converted:
    """A value in another scale, and where it comes from.

    *Version added: 0.1.*

    Attributes:
        value: The value in *scale*; None where the table says nothing of it.
        scale: Code of the scale that was asked for.
        table: Code of the table; empty where nothing had to be converted.
        version: Version of the table; empty as *table* is.
        original: The value that was given, as text.
        source: Code of the scale in which it was given.
    """

    value: str | None
    scale: str
    table: str = ""
    version: str = ""
    original: str
    source: str

    def __str__(self) -> str:
        if not self.table:
            return self.original
        return f"{self.original} → {self.value} ({self.table}, {self.version})"


def convert(
    value: object,
    source: str | None,
    target: str | None,
    regulation: Regulation,
    *,
    table: str | None = None,
) -> Converted:
    """Say *value* of one scale in another, by a table of the regulation.

    Args:
        value: A value of *source*: a whole number, an exact decimal, or a code.
        source: Code of its scale; None for the default one.
        target: Code of the scale that is wanted; None for the default one.
        regulation: The regulation, whose scales and tables are meant.
        table: Code of the table; may be left out where one table leads from *source* to *target*.

    Returns:
        The value, with the code and version of the table. A value of the same scale is left as it is.

    Raises:
        Unknown: There is no such scale, or no table that leads from one to the other.
        BadInput: *value* is none of *source*; or several tables lead there and none is named.

    *Version added: 0.1.*
    """
    given, wanted = _scale(regulation, source), _scale(regulation, target)
    text = str(value)
    if not given.allows(value):
        raise BadInput(
            "not a value of the scale", where=f"scale {given.code}",
            expected=_values(given), found=repr(value),
        )  # fmt: skip
    if given.code == wanted.code and table is None:
        return Converted(value=text, scale=wanted.code, original=text, source=given.code)
    row = _table(regulation, given.code, wanted.code, table)
    return Converted(
        value=applied(row, given, text),
        scale=wanted.code,
        table=row.code,
        version=row.version,
        original=text,
        source=given.code,
    )


def applied(table: Conversion, source: Scale, value: str) -> str | None:
    """What *table* gives for a value of *source*; None where it says nothing of it.

    A value with a modifier that the table does not list is read without it.

    *Version added: 0.1.*
    """
    if table.steps:
        worth = source.worth(value)
        if worth is None:
            return None
        if table.percent and source.most is not None:
            worth = worth * 100 / source.most
        return stepped(worth, table.steps)
    if value in table.values:
        return table.values[value]
    reading = source.read(value)
    return None if reading is None else table.values.get(reading.base)


def tables(regulation: Regulation, source: str, target: str) -> tuple[Conversion, ...]:
    """The tables that lead from one scale to another, in the order of the file.

    *Version added: 0.1.*
    """
    return tuple(
        one for one in regulation.conversions if (one.source, one.target) == (source, target)
    )


def _scale(regulation: Regulation, code: str | None) -> Scale:
    found = regulation.scale(code)
    if found is None:
        raise Unknown("scale", code or "", [one.code for one in regulation.scales])
    return found


def _table(regulation: Regulation, source: str, target: str, table: str | None) -> Conversion:
    found = tables(regulation, source, target)
    if table is not None:
        for one in found:
            if one.code == table:
                return one
        raise Unknown(
            "conversion", table, [one.code for one in found], where=f"{source} → {target}"
        )
    if not found:
        known = [f"{one.source} → {one.target}" for one in regulation.conversions]
        raise Unknown("conversion", f"{source} → {target}", known, where=regulation.id)
    if len(found) > 1:
        raise BadInput(
            "several tables for one conversion", where=f"{source} → {target}",
            expected=" or ".join(one.code for one in found), mend="Name the table.",
        )  # fmt: skip
    return found[0]


def _values(scale: Scale) -> str:
    if scale.values:
        return ", ".join(scale.values)
    least = "" if scale.least is None else f"from {scale.least}"
    most = "" if scale.most is None else f"up to {scale.most}"
    return " ".join(one for one in (least, most) if one) or "a number"
