"""Rolling up: the findings of a region in sums by teacher, class, school, municipality and region."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final

from attrs import define, evolve, field, frozen

from edujournal.gathering import gather_all
from edujournal.journals import Journals
from edujournal.regions.bulk import Report
from edujournal.regions.mapping import audit_school
from edujournal.regions.ports import Engine, Placed
from edujournal.regions.school import SourceStore
from edujournal.rules.verdicts import REPORTED, Finding
from edujournal.views.counts import Row
from edujournal.views.gathered import Gathering, Kept, Sums, classes_of_book

#: What findings are summed by, the narrowest first.
LEVELS: Final = ("teacher", "class", "school", "municipality", "region")


@define
class Tally:
    """What there is of one unit, and what was found in it.

    *Version added: 0.1.*

    Attributes:
        schools: How many schools it has; 0 for a part of one.
        entries: Entries in its books.
        sums: Its findings.
        counts: Success, quality, means and attendance; None where they were not asked for.
    """

    schools: int = 0
    entries: int = 0
    sums: Sums = field(factory=Sums)
    counts: Row | None = None

    def add(self, other: Tally) -> None:
        """Count another one in; of both each thing is counted once for each."""
        self.schools += other.schools
        self.entries += other.entries
        self.sums.include(other.sums)
        self.counts = _together(self.counts, other.counts)

    @property
    def findings(self) -> int:
        """How many findings an audit reports of it."""
        return self.sums.of(*REPORTED)

    @property
    def per_thousand(self) -> Fraction | None:
        """Breaches for each thousand entries; None where there is no entry."""
        return Fraction(1000 * self.sums.breaches, self.entries) if self.entries else None


@frozen(kw_only=True)
class TallyLine:
    """A line of a roll-up.

    *Version added: 0.1.*

    Attributes:
        level: One of :data:`LEVELS`.
        region: Name of the region.
        municipality: Name of the municipality; empty above one.
        school: Id of the school; empty above one.
        key: Id of the teacher's account or of the class, else of the unit itself; an empty account
            is that of nobody known.
        tally: What there is.
    """

    level: str
    region: str
    municipality: str = ""
    school: str = ""
    key: str = ""
    tally: Tally


@frozen(kw_only=True)
class SchoolTally:
    """One school of a region in sums.

    *Version added: 0.1.*

    Attributes:
        region: Name of its region.
        municipality: Name of its municipality.
        school: Its id.
        whole: All of it, each finding once.
        classes: By class: what is in the books of groups of the class.
        teachers: By account: entries by who recorded; findings by who recorded, else by each who owes.
        clauses: By regulation and clause.
        findings: The gravest findings, some for each clause and account.
    """

    region: str
    municipality: str
    school: str
    whole: Tally
    classes: Mapping[str, Tally]
    teachers: Mapping[str, Tally]
    clauses: Mapping[tuple[str, str], Sums]
    findings: Sequence[Kept] = ()

    def lines(self) -> Iterator[TallyLine]:
        """Its lines: teachers, classes, the school."""
        of = {"region": self.region, "municipality": self.municipality, "school": self.school}
        for level, some in (("teacher", self.teachers), ("class", self.classes)):
            for key, tally in sorted(some.items()):
                yield TallyLine(level=level, key=key, tally=tally, **of)
        yield TallyLine(level="school", key=self.school, tally=self.whole, **of)


def tally_findings(
    source: Placed, findings: Iterable[Finding], at: int, keep: int = 1, *, statistics: bool = False
) -> SchoolTally:
    """Sum up the findings of one school, beside the entries in its books.

    Args:
        source: The school.
        findings: What an audit reports of it.
        at: Instant of the audit, UTC microseconds.
        keep: How many findings to keep for each clause and account: the gravest.
        statistics: Whether to count results and attendance as well, which reads all its journals.

    Raises:
        BadInput: *keep* is less than 1.

    *Version added: 0.1.*
    """
    facts = gather_all(source.data)
    gathering = Gathering(facts, keep)
    for finding in findings:
        gathering.add(finding)
    gathered = gathering.gathered()
    whole = Tally(schools=1, sums=gathered.total)
    classes = {one: Tally(sums=sums) for one, sums in gathered.classes.items()}
    teachers = {one or "": Tally(sums=sums) for one, sums in gathered.accounts.items()}
    for book, account, entries in source.tally():
        whole.entries += entries
        teachers.setdefault(account or "", Tally()).entries += entries
        for one in classes_of_book(book, facts):
            classes.setdefault(one, Tally()).entries += entries
    if statistics and facts.calendars:
        journals = Journals(SourceStore(source), source.data, source.regulations)
        for by, some in (("class", classes), ("teacher", teachers)):
            found = journals.statistics([by], at=at)
            whole.counts = evolve(found.total, key=())
            for row in found.rows:
                some.setdefault(row.key[0], Tally()).counts = evolve(row, key=())
    return SchoolTally(
        region=source.region, municipality=source.municipality, school=source.id, whole=whole,
        classes=classes, teachers=teachers, clauses=gathered.clauses, findings=gathered.findings,
    )  # fmt: skip


def tally_school(
    source: Placed, at: int, start: Callable[[], Engine] | None, keep: int, statistics: bool
) -> tuple[SchoolTally, Report]:
    """Audit one school by itself and sum its findings up: only sums come back from where it is done.

    Args:
        source: The school.
        at: Instant of the audit, UTC microseconds.
        start: Starts what joins its columns; None to judge entry by entry.
        keep: How many findings to keep for each clause and account.
        statistics: Whether to count results and attendance as well.

    *Version added: 0.1.*
    """
    findings, report = audit_school(source, at, start)
    return tally_findings(source, findings, at, keep, statistics=statistics), report


class RollUp:
    """Takes schools one by one; holds sums by municipality and region, and no school.

    *Version added: 0.1.*
    """

    def __init__(self) -> None:
        self.total = Tally()
        self.regions: dict[str, Tally] = {}
        self.municipalities: dict[tuple[str, str], Tally] = {}
        self.clauses: dict[tuple[str, str], Sums] = {}

    def add(self, one: SchoolTally) -> None:
        """Count a school in."""
        place = (one.region, one.municipality)
        for tally in (
            self.total,
            self.regions.setdefault(one.region, Tally()),
            self.municipalities.setdefault(place, Tally()),
        ):
            tally.add(one.whole)
        for clause, sums in one.clauses.items():
            self.clauses.setdefault(clause, Sums()).include(sums)

    def lines(self) -> Iterator[TallyLine]:
        """The lines above schools: municipalities, then regions."""
        for (region, name), tally in sorted(self.municipalities.items()):
            yield TallyLine(
                level="municipality", region=region, municipality=name, key=name, tally=tally
            )
        for region, tally in sorted(self.regions.items()):
            yield TallyLine(level="region", region=region, key=region, tally=tally)


def _together(one: Row | None, other: Row | None) -> Row | None:
    if one is None or other is None:
        return one or other
    return one.with_(other.results, other.marks, other.attendance)
