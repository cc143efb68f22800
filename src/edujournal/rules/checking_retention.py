"""What can be wrong with retentions that are well formed."""

from __future__ import annotations

from collections.abc import Iterator

from edujournal.errors import Problem
from edujournal.rules.checking_marks import unknown
from edujournal.rules.clauses import RECORDS, Regulation
from edujournal.rules.retention_rule import COUNTED, PARTS, Retention

#: Longest time that is held to be meant, in years.
_LONGEST = 1000


def problems_of_retention(regulation: Regulation, name: str) -> Iterator[Problem]:
    """Yield every fault in what *regulation* says of keeping, with its path below *name*."""
    clauses = [clause.number for clause in regulation.clauses]
    seen: list[Retention] = []
    for i, one in enumerate(regulation.retention):
        path = f"{name}.retention[{i}]"
        if any(one.name == other.name for other in seen):
            yield Problem(f"{name}.retention", "said twice", "each name once", repr(one.name))
        if one.of not in PARTS:
            yield unknown(f"{path}.of", "part of the records", one.of, PARTS)
        if one.counted not in COUNTED:
            yield unknown(f"{path}.counted", "beginning of the count", one.counted, COUNTED)
        if not 0 <= one.years <= _LONGEST:
            yield Problem(
                f"{path}.years", "not a number of years", f"0 to {_LONGEST}", str(one.years)
            )
        for record in one.records:
            if record not in RECORDS:
                yield unknown(f"{path}.records", "kind of record", record, sorted(RECORDS))
        if one.clause is not None and one.clause not in clauses:
            yield unknown(f"{path}.clause", "clause", one.clause, clauses)
        before = _before(one, seen)
        if before is not None:
            yield Problem(
                path, "a retention that is never reached", "narrower ones first",
                f"{one.name!r} after {before.name!r}",
            )  # fmt: skip
        seen.append(one)


def _before(one: Retention, seen: list[Retention]) -> Retention | None:
    """An earlier retention that takes everything which *one* is for."""
    for other in seen:
        if other.of == one.of and (
            not other.records or (one.records and set(one.records) <= set(other.records))
        ):
            return other
    return None
