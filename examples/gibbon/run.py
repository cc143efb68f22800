"""Keep a year of the demo school's journals, audit it, and compare every verdict with its audit."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path

from demo_school import school_of
from demo_year import DAY, Act, acts_of
from gibbon_tables import Tables

import edujournal as ej
from edujournal.adapters.engines import engine
from edujournal.adapters.exchange.lake import InStore
from edujournal.adapters.schools.plain import PlainSchool
from edujournal.audits.exact import is_reported
from edujournal.regions.bulk import Report, audit_region
from edujournal.regions.school import in_order

REGULATION = "ru-school26-2023"

#: An entry: its book and its number there.
Place = tuple[str, int]

#: What the regulation said of an entry.
Findings = tuple[ej.Finding, ...]


@dataclass
class Figures:
    """What came of it.

    Attributes:
        lessons: Dated lessons.
        pupil_lessons: Pupils on the roll of each lesson, summed.
        entries: Entries accepted.
        refused: Drafts refused.
        acts: Calls of ``record_many``.
        findings: What the audit reports.
        missing: Of these, records that never came.
        compared: Entries whose verdict was compared with what the audit says.
        single_equals_bulk: Whether each of them, finding by finding, is the same.
        columns_equal_bulk: Whether the audit in columns reports what the audit reports; null where
            it was not asked for.
        keep_seconds: What the year of writing took.
        audit_seconds: What the audit took, with the comparison.
        peak_mib: Greatest memory of the process; None where the system does not tell.
    """

    lessons: int
    pupil_lessons: int
    entries: int
    refused: int
    acts: int
    findings: int
    missing: int
    compared: int
    single_equals_bulk: bool
    columns_equal_bulk: bool | None
    keep_seconds: float
    audit_seconds: float
    peak_mib: int | None


def shortened(school: PlainSchool, days: int | None) -> PlainSchool:
    """The school with the lessons of its first *days* days of school only."""
    if days is None:
        return school
    kept = set(sorted({lesson.day for lesson in school.lessons()})[:days])
    return PlainSchool(
        school.id,
        school.calendars(),
        [lesson for lesson in school.lessons() if lesson.day in kept],
        school.memberships(),
        school.assignments(),
        school.accounts(),
    )


def keep(
    journals: ej.Journals, acts: Iterable[Act], clock: list[datetime]
) -> tuple[dict[Place, Findings], int]:
    """Record *acts*, each at its own instant.

    Returns:
        The findings of the verdict of every entry, and how many drafts were refused.
    """
    single: dict[Place, Findings] = {}
    refused = 0
    for act in acts:
        clock[0] = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=act.at)
        for receipt in journals.record_many(act.drafts, by=act.by):
            if receipt.number is None:
                refused += 1
            else:
                single[receipt.book, receipt.number] = receipt.verdict.findings
    return single, refused


def compare(single: dict[Place, Findings], bulk: Iterable[ej.Finding]) -> Iterator[bool]:
    """Say of each entry that the audit has seen whether its verdict was the same."""
    for (book, number), found in groupby(bulk, key=lambda one: (one.book, one.entry)):
        if number is not None:
            yield single.pop((book, number), None) == tuple(found)


def in_columns(journals: ej.Journals, at: int, name: str) -> list[ej.Finding]:
    """What the audit in columns finds in the store, by an engine."""
    counting = engine(name)
    try:
        with InStore(journals.store, journals.school, journals.regulations) as source:
            ((_, found),) = audit_region([source], at, counting, Report())
    finally:
        counting.close()
    return found


def peak_mib() -> int | None:
    """Greatest memory that this process has had, in MiB."""
    try:
        import resource
    except ImportError:
        return None  # Windows
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit // 2**20


def main(arguments: list[str]) -> int:
    """Do it all and print it; 1 where a verdict differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the tables")
    parser.add_argument("--seed", type=int, default=1, help="what the year is drawn from")
    parser.add_argument("--store", default="memory:", help="where the books are kept")
    parser.add_argument("--days", type=int, help="only so many days of school")
    parser.add_argument("--engine", help="audit the store in columns, too: duckdb, polars or spark")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    told = parser.parse_args(arguments)

    school = shortened(school_of(Tables(told.data)), told.days)
    facts = school.facts()
    calendar = facts.calendars[0]
    print(f"{school}, {calendar.since} … {calendar.until - timedelta(days=1)}, {calendar.zone}")
    # What comes more than a month after the last lesson is not waited for.
    at = max(lesson.ends for lesson in facts.lessons) + 30 * DAY
    acts = [act for act in acts_of(school, told.seed) if act.at < at]

    clock = [datetime.now(UTC)]
    journals = ej.open(told.store, school=school, regulation=REGULATION, clock=lambda: clock[0])
    began = time.perf_counter()
    single, refused = keep(journals, acts, clock)
    entries = len(single)
    kept = time.perf_counter()
    print(
        f"kept {entries:,} entries in {len(acts):,} acts, {refused} refused, {kept - began:.1f} s"
    )

    outcomes: Counter[tuple[str, str]] = Counter()
    told_of: list[ej.Finding] = []

    def counted() -> Iterator[ej.Finding]:
        for finding in journals.audit(at, everything=True):
            outcomes[finding.clause, finding.outcome] += 1
            if told.engine and is_reported(finding):
                told_of.append(finding)
            yield finding

    same = Counter(compare(single, counted()))
    audited = time.perf_counter()
    columns = in_order(told_of) == in_columns(journals, at, told.engine) if told.engine else None
    reported = {key: count for key, count in outcomes.items() if key[1] not in ("met", "pending")}
    for (clause, outcome), count in sorted(reported.items()):
        print(f"  {clause:>5} {outcome:12} {count:7,}")
    figures = Figures(
        lessons=len(facts.lessons),
        pupil_lessons=sum(
            len(facts.roll(calendar, lesson.group, lesson.day)) for lesson in facts.lessons
        ),
        entries=entries,
        refused=refused,
        acts=len(acts),
        findings=sum(reported.values()),
        missing=sum(n for (_, outcome), n in reported.items() if outcome == "missing"),
        compared=sum(same.values()),
        single_equals_bulk=same[True] == entries and not same[False] and not single,
        columns_equal_bulk=columns,
        keep_seconds=round(kept - began, 1),
        audit_seconds=round(audited - kept, 1),
        peak_mib=peak_mib(),
    )
    print(
        f"audited in {figures.audit_seconds} s; single = bulk for {same[True]:,} of {entries:,}"
        f" entries; peak memory {figures.peak_mib} MiB"
    )
    if told.json:
        print(json.dumps(asdict(figures)))
    return 0 if figures.single_equals_bulk and columns is not False else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
