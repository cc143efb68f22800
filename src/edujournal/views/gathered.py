"""Gathered: all findings of a school in bounded sums, with the gravest of each kept to be looked at."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from heapq import heappush, heappushpop
from typing import Final

from attrs import define, field, frozen

from edujournal.errors import BadInput, Unknown
from edujournal.model.calendar_index import monday_of
from edujournal.model.facts import Facts
from edujournal.model.ids import split_about, year_of_book
from edujournal.model.time import HOUR, zone
from edujournal.rules.verdicts import BREACHES, REPORTED, Finding, Outcome, Severity
from edujournal.views.control import hands_of, punctual

_DAY: Final = 24 * HOUR

#: Ends of the classes of delays, in microseconds; what is longer is of a class of its own.
DELAYS: Final = (HOUR, 6 * HOUR, _DAY, 3 * _DAY, 7 * _DAY, 30 * _DAY)

#: Findings that a square keeps, where nobody says how many.
KEEP: Final = 5

#: What says nothing about how journals are kept.
_SILENT: Final = frozenset({Outcome.NOT_APPLICABLE})


@define
class Sums:
    """What findings come to: outcomes, and how late was what was late.

    *Version added: 0.1.*

    Attributes:
        outcomes: How many findings there are of each outcome.
        delays: How many were late by up to each of :data:`DELAYS`, and by more.
    """

    outcomes: dict[Outcome, int] = field(factory=dict)
    delays: list[int] = field(factory=lambda: [0] * (len(DELAYS) + 1))

    def add(self, finding: Finding) -> None:
        """Count *finding*."""
        self.outcomes[finding.outcome] = self.outcomes.get(finding.outcome, 0) + 1
        if (
            finding.outcome is Outcome.LATE
            and finding.lo is not None
            and finding.closes is not None
        ):
            self.delays[bisect_right(DELAYS, finding.lo - finding.closes)] += 1

    def include(self, other: Sums) -> None:
        """Count in what *other* has counted."""
        for outcome, n in other.outcomes.items():
            self.outcomes[outcome] = self.outcomes.get(outcome, 0) + n
        self.delays = [one + more for one, more in zip(self.delays, other.delays, strict=True)]

    @property
    def punctual(self) -> Fraction | None:
        """Share of what was in time, of what can be decided; None where nothing can."""
        return punctual(self.outcomes)

    @property
    def breaches(self) -> int:
        """How many findings say that something is wrong."""
        return sum(n for one, n in self.outcomes.items() if one in BREACHES)

    def of(self, *outcomes: Outcome) -> int:
        """How many findings have one of *outcomes*."""
        return sum(self.outcomes.get(one, 0) for one in outcomes)


@frozen
class Kept:
    """A finding that was kept, and where it counts.

    *Version added: 0.1.*

    Attributes:
        finding: The finding.
        classes: Classes whose journals it is about; none where it is about the school.
        week: Monday of the week of its day; None where it has none.
    """

    finding: Finding
    classes: tuple[str, ...]
    week: date | None


@frozen(kw_only=True)
class Gathered:
    """All findings, gathered.

    *Version added: 0.1.*

    Attributes:
        keep: How many findings of each cell are kept.
        total: All together, each finding once.
        clauses: By regulation and clause.
        accounts: By account: who recorded, else each that owes; None where nobody is known.
        classes: By class.
        weeks: By the Monday of the week.
        squares: By class and week.
        findings: The findings that are kept, in the order in which they came.
    """

    keep: int
    total: Sums
    clauses: Mapping[tuple[str, str], Sums]
    accounts: Mapping[str | None, Sums]
    classes: Mapping[str, Sums]
    weeks: Mapping[date, Sums]
    squares: Mapping[tuple[str, date], Sums]
    findings: Sequence[Kept]

    @property
    def told(self) -> int:
        """How many findings there are that an audit reports, kept or not."""
        return self.total.of(*REPORTED)


#: Where a finding stands among those of its cell: the gravest is the greatest.
_Rank = tuple[int, int, int, int]


class Gathering:
    """Takes findings one by one; what it holds does not grow with their number.

    There are as many cells as clauses, accounts, classes and weeks ask for, and each keeps no more than
    *keep* findings.

    *Version added: 0.1.*

    Args:
        facts: What the school's data says.
        keep: How many findings to keep for each clause and account, and for each class and week: the
            gravest, and among equals the earliest.

    Raises:
        BadInput: *keep* is less than 1.
    """

    def __init__(self, facts: Facts, keep: int = KEEP) -> None:
        if keep < 1:
            raise BadInput("nothing to keep", where="keep", expected="1 or more", found=str(keep))
        self._facts, self._keep, self._count = facts, keep, 0
        self._total = Sums()
        self._clauses: dict[tuple[str, str], Sums] = {}
        self._accounts: dict[str | None, Sums] = {}
        self._classes: dict[str, Sums] = {}
        self._weeks: dict[date, Sums] = {}
        self._squares: dict[tuple[str, date], Sums] = {}
        self._cells: dict[tuple[object, ...], list[tuple[_Rank, Kept]]] = {}

    def add(self, finding: Finding) -> None:
        """Count *finding*, and keep it where it is among the gravest of a cell."""
        if finding.outcome in _SILENT:
            return
        self._count += 1
        hands: tuple[str | None, ...] = tuple(sorted(hands_of(finding))) or (None,)
        classes, week = classes_of(finding, self._facts), week_of(finding, self._facts)
        for sums in self._sums(finding, hands, classes, week):
            sums.add(finding)
        if finding.outcome in REPORTED:
            kept = Kept(finding, classes, week)
            place = (finding.regulation, finding.clause)
            for account in hands:
                self._hold(("account", *place, account), kept)
            for one in classes if week is not None else ():
                self._hold(("square", one, week), kept)

    def _sums(
        self,
        finding: Finding,
        hands: Iterable[str | None],
        classes: Iterable[str],
        week: date | None,
    ) -> Iterator[Sums]:
        yield self._total
        yield self._clauses.setdefault((finding.regulation, finding.clause), Sums())
        for account in hands:
            yield self._accounts.setdefault(account, Sums())
        if week is not None:
            yield self._weeks.setdefault(week, Sums())
        for one in classes:
            yield self._classes.setdefault(one, Sums())
            if week is not None:
                yield self._squares.setdefault((one, week), Sums())

    def _hold(self, cell: tuple[object, ...], kept: Kept) -> None:
        held = self._cells.setdefault(cell, [])
        item = (_rank(kept.finding, self._count), kept)
        if len(held) < self._keep:
            heappush(held, item)
        else:
            heappushpop(held, item)

    @property
    def held(self) -> int:
        """How many findings are held at this moment, one counted for each cell that keeps it."""
        return sum(map(len, self._cells.values()))

    def gathered(self) -> Gathered:
        """What was gathered until now."""
        kept = {rank[-1]: one for held in self._cells.values() for rank, one in held}
        return Gathered(
            keep=self._keep,
            total=self._total,
            clauses=self._clauses,
            accounts=self._accounts,
            classes=self._classes,
            weeks=self._weeks,
            squares=self._squares,
            findings=tuple(kept[number] for number in sorted(kept, reverse=True)),
        )


def gather_findings(findings: Iterable[Finding], facts: Facts, keep: int = KEEP) -> Gathered:
    """Gather *findings* in one pass.

    Source: clause 2.2. *Version added: 0.1.*

    Args:
        findings: Findings of an audit with ``everything=True``.
        facts: What the school's data says.
        keep: How many findings to keep for each clause and account, and for each class and week.

    Raises:
        BadInput: *keep* is less than 1.
    """
    gathering = Gathering(facts, keep)
    for finding in findings:
        gathering.add(finding)
    return gathering.gathered()


def _rank(finding: Finding, number: int) -> _Rank:
    delay = finding.late_by if finding.outcome is Outcome.LATE else None
    return (
        finding.outcome in BREACHES,
        finding.severity is Severity.MUST,
        int(delay or 0),
        -number,
    )


def classes_of(finding: Finding, facts: Facts) -> tuple[str, ...]:
    """Classes whose book, or whose journal, a finding is in; none for a school book.

    *Version added: 0.1.*
    """
    return classes_of_book(finding.book, facts)


def classes_of_book(book: str, facts: Facts) -> tuple[str, ...]:
    """Classes whose book, or whose journal, *book* is; none for a school book.

    *Version added: 0.1.*
    """
    parts = book.split("/")
    if parts[0] not in ("journal", "class"):
        return ()
    try:
        return facts.calendar(year_of_book(book)).classes_of(parts[1])
    except Unknown:
        return ()


def week_of(finding: Finding, facts: Facts) -> date | None:
    """Monday of the week in which a finding has its day.

    It is the day of the lesson; else the last day of the window; else the day of recording.

    *Version added: 0.1.*
    """
    kind, id = split_about(finding.about)
    lesson = facts.find_lesson(id) if kind == "lesson" else None
    if lesson is not None:
        return monday_of(lesson.day)
    at = finding.closes if finding.closes is not None else finding.hi
    if at is None:
        return None
    try:
        place = facts.calendar(year_of_book(finding.book)).zone
    except Unknown:
        return None
    return monday_of(zone(place).local_date(at - 1))
