"""What came too early or too late in a lake, by an engine of rules, row by row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from bench.peers.columns import Lake, Untimely, timed_rows
from bench.peers.ruled import Condition, Judge, Rule
from bench.peers.windows import Kept

# The engines are asked to compare a column with a constant only, which both can: differences are columns.
_EARLY: Final[Condition] = ("since_opening", "at most", 0)
_LATE: Final[Condition] = ("since_closing", "at least", 0)


def _of(kind: str, family: str = "") -> tuple[Condition, Condition]:
    return ("kind", "equals", kind), ("family", "equals", family)


RULES: Final = (
    Rule("2.5", "before-open", (*_of("mark", "lesson"), _EARLY)),
    Rule("2.5", "after-close", (*_of("mark", "lesson"), _LATE)),
    Rule("2.11", "before-open", (*_of("mark", "control"), _EARLY)),
    Rule("2.11", "after-close", (*_of("mark", "control"), _LATE)),
    Rule("2.12", "before-open", (*_of("mark", "written"), _EARLY)),
    Rule("2.12", "after-close", (*_of("mark", "written"), _LATE)),
    Rule("2.9", "before-open", (*_of("roll"), _EARLY)),
    Rule("2.9", "after-close", (*_of("roll"), _LATE)),
    Rule("2.7", "after-close", (*_of("homework"), _LATE)),
)


def by_rules(of: Lake, engine: Callable[[Sequence[Rule]], Judge]) -> list[Untimely]:
    """Ask an engine about each row, deadlines kept."""
    judge, found = engine(RULES), []
    for book, number, kind, family, lo, hi, opens, closes in timed_rows(of, Kept(of)):
        row = {
            "kind": kind,
            "family": family,
            "since_opening": hi - opens,
            "since_closing": lo - closes,
        }
        found += [(book, number, *one) for one in judge(row)]
    return sorted(found)
