"""What must be fetched to judge a kind of record beyond its own lesson, found once for each kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from edujournal.rules.clauses import Regulation
from edujournal.rules.limits import limited, reach
from edujournal.rules.term_values import bounds
from edujournal.rules.terms import pauses, reads_journal, snaps

#: What anchors need beyond the lesson itself, by name.
_WANTS: Final = {
    "class_day.last_lesson.end": "class_day",
    "next_lesson": "journal",
    "period.last_lesson": "journal",
    "absence.start": "journal",
    "pupil.returned": "journal",
    "pupil_day.first_lesson.start": "school_day",
    "pupil_day.last_lesson.end": "school_day",
    "school_day.end": "school_day",
    "session.start": "school_day",
}


class Wanted:
    """What some regulations want to be fetched, found once for each kind of record.

    Args:
        regulations: The regulations.

    Attributes:
        reach: The scopes in which their limits measure.
        teams: Whether colleagues may write in the journal of one who is away.
    """

    def __init__(self, regulations: Iterable[Regulation]) -> None:
        self._regulations = tuple(regulations)
        self._limited = frozenset[str]().union(*map(limited, self._regulations))
        self._kinds: dict[str, frozenset[str]] = {}
        self.reach = reach(self._regulations)
        self.teams = any(one.lets_teams for one in self._regulations)

    def of(self, kind: str) -> frozenset[str]:
        """What :func:`wants` says of records of *kind*, of all the regulations together."""
        found = self._kinds.get(kind)
        if found is None:
            found = frozenset[str]().union(*(wants(one, kind) for one in self._regulations))
            self._kinds[kind] = found
        return found

    def is_limited(self, kind: str) -> bool:
        """Whether entries of *kind* are judged by a limit when they are written."""
        return kind in self._limited


def wants(regulation: Regulation, record: str) -> frozenset[str]:
    """What must be fetched to judge *record* beyond its own lesson.

    ``class_day``: the day of the lesson's class; ``school_day``: that of the whole school;
    ``journal``: every lesson of the journal.
    """
    found: set[str] = set()
    for _, _, rule in regulation.timing.get(record, ()):
        for term in bounds(rule):
            found.update(_WANTS[anchor] for anchor in term.anchors() if anchor in _WANTS)
            if reads_journal(term) or pauses(term):
                found.add("journal")
            if "end_of_school_day" in snaps(term):
                found.add("school_day")
    rules = [rule for one in regulation.clauses for rule in one.rules]
    selectors = [getattr(rule, name, None) for rule in rules for name in ("when", "where")]
    if any(one is not None and "days_absent" in one.names() for one in selectors):
        found.add("journal")
    return frozenset(found)
