"""The basis of a result: what it was reckoned from, frozen with the decision as plain values.

A basis can be reckoned again from its own content, without the regulation and without the journals.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from edujournal.errors import BadInput
from edujournal.ledger.bytes import encode
from edujournal.rules.formulas import ATTEMPTS, KINDS, Formula, Item, attempted, compute
from edujournal.rules.numbers import ZERO, exact, written

if TYPE_CHECKING:
    from edujournal.rules.absence_limits import Passed
    from edujournal.rules.attendance import Attendance
    from edujournal.rules.clauses import Regulation
    from edujournal.rules.input_of_result import Input
    from edujournal.rules.proposals import Proposal

#: Version of the way in which this library reckons; changes whenever a number would come out otherwise.
ALGORITHM: Final = "1"

_DOMAIN: Final = b"edujournal/basis/v1\n"


def basis_of(proposal: Proposal, formula: Formula, regulation: Regulation) -> dict[str, Any]:
    """The basis of *proposal*, as it goes into the body of a result.

    *Version added: 0.1.*
    """
    scale = regulation.find_scale(formula.scale)
    told: dict[str, Any] = {
        "name": formula.name,
        "version": formula.version,
        "kind": formula.kind,
        "attempts": formula.attempts,
        "drop": formula.drop_lowest,
        "rounding": formula.rounding,
        "scale": "" if scale is None else scale.code,
    }
    if scale is not None and scale.lower_is_better:
        told["lower"] = True
    used = [one for one in proposal.inputs if one.use != "aside"]
    found: dict[str, Any] = {
        "algorithm": ALGORITHM,
        "formula": told,
        "inputs": [
            _input(one, proposal) for one in sorted(used, key=lambda one: (one.book, one.number))
        ],
        "proposed": _proposed(proposal),
        "regulation": {"digest": regulation.digest, "id": regulation.id},
    }
    if proposal.mean is not None:
        found["mean"] = written(proposal.mean)
    if proposal.unknown:
        found["unknown"] = list(proposal.unknown)
    if proposal.attendance is not None:
        found["absence"] = _absence(proposal.attendance, proposal.limit)
    found["digest"] = digest_of(found)
    return found


def _input(one: Input, proposal: Proposal) -> dict[str, Any]:
    """An input as plain values; what goes without saying is not said."""
    found: dict[str, Any] = {
        "hash": one.hash,
        "n": one.number,
        "use": one.use,
        "value": one.value,
        "weight": written(one.weight),
        "worth": written(one.worth or ZERO),
    }
    more: dict[str, Any] = {
        "book": one.book if one.book != proposal.journal.book else None,
        "changes": list(one.changes) or None,
        "day": None if one.given is None else one.given.isoformat(),
        "extra": True if one.extra else None,
        "fixed": True if one.fixed else None,
        "full": None if one.full is None else written(one.full),
        "kind": one.category or None,
        "late": one.late or None,
        "most": None if one.most is None else written(one.most),
        "of": one.root if one.root != one.number else None,
        "penalty": one.penalty or None,
        "record": one.record if one.record != "mark" else None,
        "table": one.table or None,
        "version": one.version or None,
    }
    return found | {name: value for name, value in more.items() if value is not None}


def _proposed(proposal: Proposal) -> dict[str, Any]:
    told = {
        "value": None if proposal.value is None else str(proposal.value),
        "marker": proposal.marker,
        "decides": proposal.decides,
    }
    return {name: value for name, value in told.items() if value is not None}


def _absence(counted: Attendance, limit: Passed | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "excused": counted.excused,
        "lessons": counted.lessons,
        "unexcused": counted.unexcused,
        "unknown": counted.unknown,
        "untaken": counted.untaken,
    }
    if limit is not None:
        found["over"] = written(limit.limit.over)
        found["warned"] = limit.warned
    return found


def digest_of(basis: Mapping[str, Any]) -> str:
    """Digest of a basis: SHA-256 over its canonical bytes without the digest, 64 hex digits.

    Raises:
        BadInput: It holds what bodies cannot keep, such as a float.

    *Version added: 0.1.*
    """
    rest = {name: value for name, value in basis.items() if name != "digest"}
    return hashlib.sha256(_DOMAIN + encode(rest)).hexdigest()


def reckoned(basis: Mapping[str, Any]) -> Fraction | None:
    """The number that *basis* comes to by its own content; None where it has nothing to reckon with.

    Raises:
        BadInput: It is not of the form of a basis.

    *Version added: 0.1.*
    """
    try:
        formula = basis["formula"]
        kind, policy, drop = formula["kind"], formula["attempts"], formula["drop"]
        lower = formula.get("lower", False) is True
        if kind not in KINDS or policy not in ATTEMPTS or type(drop) is not int:
            raise BadInput("not a basis", where="basis.formula", found=str(dict(formula)))
        groups: dict[tuple[str, int], list[Item]] = {}
        for place, one in enumerate(basis["inputs"]):
            item = _item(one, place)
            groups.setdefault((item.key[0], one.get("of", one["n"])), []).append(item)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput("not a basis", where="basis", found=repr(error)) from error
    items = [attempted(policy, some, lower_is_better=lower)[0] for some in groups.values()]
    return compute(kind, items, drop, lower_is_better=lower).number


def _item(one: Mapping[str, Any], place: int) -> Item:
    worth, weight = exact(one["worth"]), exact(one["weight"])
    most = exact(one["most"]) if "most" in one else None
    if worth is None or weight is None or type(one["n"]) is not int:
        raise BadInput("not an input", where=f"basis.inputs[{place}]", found=str(dict(one)))
    extra = one.get("extra", False) is True
    day = date.fromisoformat(one["day"]) if "day" in one else date.min
    return Item(
        key=(str(one.get("book", "")), one["n"]),
        worth=worth,
        weight=weight,
        most=most,
        category=str(one.get("kind", "")),
        extra=extra,
        may_drop=not extra and one.get("fixed", False) is not True,
        order=(day.toordinal(), one["n"]),
    )


def own_inputs(basis: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The inputs that stand in the same book as the result."""
    for one in basis.get("inputs", ()):
        if "book" not in one:
            yield one


def foreign_inputs(basis: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The inputs that stand in other books: those of groups that the pupil has left."""
    for one in basis.get("inputs", ()):
        if "book" in one:
            yield one
