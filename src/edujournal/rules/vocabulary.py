"""The vocabulary of a regulation: kinds of work, scales, markers, reason codes."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from attrs import frozen

from edujournal.rules.rule_kinds import Words


@frozen(kw_only=True)
class WorkKind:
    """A kind of work and what is known of it.

    *Version added: 0.1.*
    """

    code: str
    title: Words
    control: bool = False
    written: bool = False


@frozen(kw_only=True)
class Scale:
    """The values that a mark may have.

    *Version added: 0.1.*

    Attributes:
        code: Code of the scale.
        title: What people call it.
        values: The codes or numbers allowed, or empty where *least* and *most* bound them.
        least: Least number.
        most: Greatest number.
        decimals: Digits allowed after the point.
    """

    code: str
    title: Words
    values: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    decimals: int = 0

    def allows(self, value: object) -> bool:
        """Tell whether *value* belongs to the scale."""
        if self.values:
            return str(value) in self.values
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            return False
        if not number.is_finite():
            return False
        exponent = number.normalize().as_tuple().exponent
        return (
            (self.least is None or number >= self.least)
            and (self.most is None or number <= self.most)
            and isinstance(exponent, int)
            and -exponent <= self.decimals
        )


@frozen(kw_only=True)
class MarkerKind:
    """A special marker of the regulation.

    *Version added: 0.1.*
    """

    code: str
    title: Words
    aliases: tuple[str, ...] = ()
    fulfils_period: bool = False


@frozen(kw_only=True)
class AbsenceCode:
    """A reason code of the roll call.

    *Version added: 0.1.*

    Attributes:
        code: The code.
        title: What it means.
        excused: Whether it excuses; None where that is not known yet.
        absent: False for a pupil who was there, only late.
    """

    code: str
    title: Words
    excused: bool | None = None
    absent: bool = True
