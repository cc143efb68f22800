"""The school that is audited in columns: made by number and seed, in a lake, and as tables for peers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
from attrs import frozen
from sqlalchemy import URL

import edujournal as ej
from bench.peers.columns import Untimely
from bench.school import LessonRow
from edujournal.adapters.engines import engine
from edujournal.adapters.exchange.lake import InLake, InStore, Lake, export
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.adapters.stores.sql import SqlStore
from edujournal.model.entries import Entry
from edujournal.model.facts import Facts
from edujournal.regions import plan
from edujournal.regions.bulk import Report, audit_exactly, audit_region
from edujournal.regions.files import Written
from edujournal.regions.ports import Source
from edujournal.regions.school import Audited, in_order
from edujournal.regions.tables import Tables
from edujournal.samples.generated import Kept, Size, generate
from edujournal.writing import entry_of

#: The clauses of which the peers know the deadlines.
CLAUSES: Final = ("2.11", "2.12", "2.5", "2.7", "2.9")

#: Family of kinds of a work by its kind; see :class:`~bench.school.Tables`.
_FAMILIES: Final = {"control": "control"}

#: By book, and lesson or work: the lesson, and the family of kinds of work.
Places = dict[tuple[str, str], tuple[LessonRow, str]]


@frozen(eq=False)
class Region:
    """A made school in a lake, with the tables that a peer would have in the school's database.

    Attributes:
        lake: Folder of the lake; it lasts as long as the process.
        database: Path of a SQLite database with the same books.
        source: The school in the lake.
        kept: The school as it was made, with what an audit must find.
        entries: How many entries it has.
        zone: Time zone of the school.
        places: The lesson that a lesson or a work of a book is, and its family of kinds of work.
        lessons: The same as a Parquet file.
        days: Parquet file of the working days of the staff.
        working: The working days.
        corrections: Places of the corrections, of which the peers know nothing.
    """

    lake: Path
    database: Path
    source: InLake
    kept: Kept
    entries: int
    zone: str
    places: Places
    lessons: Path
    days: Path
    working: frozenset[date]
    corrections: frozenset[tuple[str, int]]

    @property
    def files(self) -> list[Path]:
        """Parquet files of the entries."""
        return self.source.files()


_FOLDERS: list[TemporaryDirectory[str]] = []


@cache
def region(classes: int, days: int) -> Region:
    """A school of so many classes of 25 and so many school days."""
    _FOLDERS.append(TemporaryDirectory(prefix="edujournal-bench-"))
    root = Path(_FOLDERS[-1].name)
    # In the first school of this seed nobody's login became known: the peers know of no reopened windows.
    (kept,) = generate(1, seed=7, size=Size(classes=classes, pupils=25, days=days))
    database = root / "school.db"
    store = SqlStore(f"sqlite:///{database}")
    entries, works, corrections = 0, [], []
    for book, records in kept.books():
        store.append(kept.school.id, book, records, 0)
        entries += len(records)
        corrections += [(book, one.number) for one in records if one.index.kind == "correction"]
        works += [entry_of(one) for one in records if one.index.kind == "work"]
    export(root / "lake", store, kept.school, [kept.regulation.read_bytes()], "made")
    store.close()
    facts = kept.school.facts()
    places = _lessons(facts)
    for entry in works:
        lesson, _ = places[entry.book, f"lesson:{entry.values['lesson']}"]
        places[entry.book, entry.about] = lesson, _FAMILIES.get(entry.values["kind"], "written")
    working = _working(facts)
    (source,) = Lake(root / "lake").schools()
    return Region(
        root / "lake", database, source, kept, entries,
        facts.calendars[0].zone, places, _written(root / "lessons.parquet", places),
        _days(root / "days.parquet", working), working, frozenset(corrections),
    )  # fmt: skip


def _lessons(facts: Facts) -> Places:
    (calendar,) = facts.calendars
    ends: dict[tuple[str, date], int] = {}
    held = [
        (journal.book, one) for journal in facts.journals() for one in facts.lessons_of(journal)
    ]
    classes = {one.id: next(iter(one.parents), one.id) for one in calendar.groups}
    for _, one in held:
        if not one.cancelled:
            key = classes[one.group], one.day
            ends[key] = max(ends.get(key, 0), one.ends)
    return {
        (book, one.about): (
            LessonRow(
                one.day, one.starts, one.ends, one.cancelled, one.substitute,
                ends.get((classes[one.group], one.day), one.ends),
            ),
            "lesson",
        )
        for book, one in held
    }  # fmt: skip


def _working(facts: Facts) -> frozenset[date]:
    (calendar,) = facts.calendars
    span = (calendar.until - calendar.since).days + 60
    days = (calendar.since + timedelta(n) for n in range(span))
    return frozenset(day for day in days if calendar.is_working_day(day))


def _written(path: Path, places: Places) -> Path:
    rows = [(*place, *lesson, family) for place, (lesson, family) in places.items()]
    names = ("book", "about", *LessonRow._fields, "family")
    columns = zip(*rows, strict=True)
    pq.write_table(pa.table(dict(zip(names, map(list, columns), strict=True))), path)
    return path


def _days(path: Path, working: frozenset[date]) -> Path:
    pq.write_table(pa.table({"day": sorted(working)}), path)
    return path


# -- edujournal ------------------------------------------------------------------------------------


def whole(of: Region, how: str) -> list[ej.Finding]:
    """All that edujournal finds, by an engine or exactly."""
    if how == "python":
        ((_, found),) = audit_exactly([of.source], of.kept.audited, Report())
        return found
    return in_columns(of.source, of.kept.audited, how)


def stored(of: Region, how: str, url: str | URL | None = None) -> list[ej.Finding]:
    """The same, out of the database, or of another one that keeps the same books."""
    with (
        SqlStore(url or f"sqlite:///{of.database}") as store,
        InStore(store, of.source.data, of.source.regulations) as source,
    ):
        return in_columns(source, of.kept.audited, how)


@cache
def _in_memory(of: Region) -> MemoryStore:
    store = MemoryStore()
    for book, records in of.kept.books():
        store.append(of.source.id, book, records, 0)
    return store


def remembered(of: Region, how: str) -> list[ej.Finding]:
    """The same, out of a store in memory."""
    store = _in_memory(of)
    if how == "python":
        journals = ej.Journals(store, of.source.data, of.source.regulations)
        return in_order(journals.audit(of.kept.audited))
    with InStore(store, of.source.data, of.source.regulations) as source:
        return in_columns(source, of.kept.audited, how)


def scanned(of: Region, url: str | URL | None = None) -> int:
    """The database, or another one, put into columns, every chain verified: how many files."""
    with (
        SqlStore(url or f"sqlite:///{of.database}") as store,
        InStore(store, of.source.data, of.source.regulations) as source,
    ):
        return len(source.files())


def in_columns(source: Source, at: int, how: str, report: Report | None = None) -> list[ej.Finding]:
    """What an engine's audit of one school finds; how it was come by is taken down in *report*."""
    counting = engine(how)
    try:
        ((_, found),) = audit_region([source], at, counting, report or Report())
    finally:
        counting.close()
    return found


def windows_of(of: Region, folder: Path) -> Path:
    """What the regulation says of the time of every entry, as the file that engines join."""
    counting = engine("polars")
    entries = counting.scan(of.files)
    works: dict[str, list[Entry]] = defaultdict(list)
    heads: dict[str, int] = defaultdict(int)
    for record in of.source.records():
        heads[record.book] = max(heads[record.book], record.number)
        if record.index.kind == "work":
            works[record.book].append(entry_of(record))
    one = Audited(of.source, heads, of.kept.audited)
    tables = Tables(of.source.id, one.judges, works, of.kept.audited)
    rows = counting.collect(plan.records_at(entries)).to_pydict()
    written = Written(folder)
    written.put(
        "windows", tables.windows(zip(*(rows[name] for name in plan.RECORD[1:]), strict=True))
    )
    return written.done("windows")


def untimely(of: Region, findings: Sequence[ej.Finding]) -> list[Untimely]:
    """Of what edujournal finds, that of which the peers know: the time of what was said at first."""
    return sorted(
        (one.book, one.entry, one.clause, one.code)
        for one in findings
        if one.entry is not None
        and one.clause in CLAUSES
        and one.code in ("before-open", "after-close")
        and (one.book, one.entry) not in of.corrections
    )
