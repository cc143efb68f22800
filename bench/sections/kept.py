"""Durable appends: our stores beside the least that keeps bytes through a loss of power."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final

from attrs import evolve, frozen

import edujournal as ej
from bench.figures import Section
from bench.measure import Way, measured
from bench.peers import appends
from bench.peers.appends import Append
from bench.school import BOOK, MINUTE, PUPILS, REGULATION, SCHOOL, Hands, lessons, salt, school
from bench.size import Size
from edujournal.adapters.stores.files import FileStore
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.adapters.stores.sql import SqlStore
from edujournal.ledger.records import Record
from edujournal.ports import Store
from edujournal.writing import entry_of

#: A sync that takes fewer seconds than this has not reached any disk.
IN_MEMORY: Final = 8e-6

#: Marks of one lesson: one for each pupil who is on the roll in September.
_A_LESSON: Final = len(PUPILS) - 1


def drafts(number: int) -> list[ej.Mark]:
    """So many marks, 24 for each lesson."""
    return [
        ej.Mark(
            lesson=f"l-{place // _A_LESSON}",
            pupil=PUPILS[place % _A_LESSON],
            kind="oral",
            value=2 + place % 4,
        )
        for place in range(number)
    ]


def journals(store: Store) -> ej.Journals:
    """Journals over *store*, on a day after all those lessons."""
    some = lessons(100)
    clock = Hands(some[-1].starts + 5 * MINUTE)
    return ej.Journals(store, school(some), REGULATION, clock=clock, entropy=salt)


def records(number: int) -> list[Record]:
    """So many records, one act each."""
    store = MemoryStore()
    over = journals(store)
    for draft in drafts(number):
        over.record(draft, by="t-1")
    return list(store.read(SCHOOL, BOOK))


def _itself(record: Record) -> Record:
    return record


# -- ours ------------------------------------------------------------------------------------------


def _appended(store: Store) -> Append:
    return lambda some: store.append(SCHOOL, BOOK, some, some[0].number - 1)


@contextmanager
def by_files(folder: Path) -> Iterator[Append]:
    """Our store of files."""
    with in_files(folder) as store:
        yield _appended(store)


@contextmanager
def by_sqlite(folder: Path) -> Iterator[Append]:
    """Our SQL store on SQLite."""
    with in_database(folder) as store:
        yield _appended(store)


def _in_files(folder: Path) -> list[Record]:
    with in_files(folder) as store:
        return list(store.read(SCHOOL, BOOK))


def _in_sqlite(folder: Path) -> list[Record]:
    with in_database(folder) as store:
        return list(store.read(SCHOOL, BOOK))


# -- measured --------------------------------------------------------------------------------------


@frozen
class Kept:
    """A way to append.

    Attributes:
        title: What it is.
        opened: Opens it in a folder, and gives what appends.
        told: What lies in the folder afterwards, in order.
        given: Makes of a record what it is given.
        found: Makes of a record what is found again.
        ours: Whether it is edujournal.
        needs: What must be installed for it.
    """

    title: str
    opened: Callable[[Path], Any]
    told: Callable[[Path], Sequence[Any]]
    given: Callable[[Record], Any] = _itself
    found: Callable[[Record], Any] = _itself
    ours: bool = False
    needs: tuple[str, ...] = ()


WAYS: Final = (
    Kept("pwrite + fdatasync, preallocated", appends.by_pwrite, appends.logged,
         found=lambda record: record.body),
    Kept("sqlite3, WAL, FULL", appends.by_sqlite3, appends.in_sqlite3, found=appends.row),
    Kept("SQLAlchemy Core, WAL, FULL", appends.by_core, appends.in_core, found=appends.row),
    Kept("eventsourcing on SQLite, WAL, FULL", appends.by_eventsourcing, appends.in_events,
         given=entry_of, found=entry_of, needs=("eventsourcing",)),
    Kept("edujournal: FileStore.append", by_files, _in_files, ours=True),
    Kept("edujournal: SqlStore.append on SQLite", by_sqlite, _in_sqlite, ours=True),
)  # fmt: skip


def check(one: Kept, where: Path | None = None) -> None:
    """Stop if a way does not keep what it was given."""
    some = records(40)
    with TemporaryDirectory(dir=where) as name:
        with one.opened(folder := Path(name)) as append:
            for start in range(0, len(some), 10):
                append([one.given(record) for record in some[start : start + 10]])
        assert list(one.told(folder)) == [*map(one.found, some)], f"{one.title}: not kept"


def _appending(
    opened: Callable[[Path], Any], groups: Sequence[Sequence[Any]], where: Path | None
) -> Callable[[], Callable[[], object]]:
    """Open, append the first group unmeasured, then all others."""

    def run() -> float:
        with TemporaryDirectory(dir=where) as folder, opened(Path(folder)) as append:
            append(groups[0])
            begun = perf_counter()
            for group in groups[1:]:
                append(group)
            return perf_counter() - begun

    return lambda: run


def _recording(
    opened: Callable[[Path], Any], groups: Sequence[Sequence[ej.Mark]], where: Path | None
) -> Callable[[], Callable[[], object]]:
    """Open, record the first group unmeasured, then all others."""

    def run() -> float:
        with TemporaryDirectory(dir=where) as folder, opened(Path(folder)) as store:
            over = journals(store)
            over.record_many(groups[0], by="t-1")
            begun = perf_counter()
            for group in groups[1:]:
                over.record_many(group, by="t-1")
            return perf_counter() - begun

    return lambda: run


def _ways(size: Size, commits: int, each: int) -> list[Way]:
    total = (commits + 1) * each
    some, units = records(total), commits * each
    ways = []
    for one in WAYS:
        groups = _grouped([one.given(record) for record in some], each)
        run = _appending(one.opened, groups, size.folder)
        ways.append(Way(one.title, run, units, ours=one.ours, needs=one.needs, clocked=True))
    asked = _grouped(drafts(total), each)
    for title, opened in (("files", in_files), ("SQLite", in_database)):
        run = _recording(opened, asked, size.folder)
        whole = f"edujournal: record_many on {title}, whole path"
        ways.append(Way(whole, run, units, ours=True, clocked=True))
    return ways


def _grouped(some: Sequence[Any], each: int) -> list[Sequence[Any]]:
    return [some[start : start + each] for start in range(0, len(some), each)]


def in_files(folder: Path) -> FileStore:
    """A store of files in a folder."""
    return FileStore(folder / "books")


def in_database(folder: Path) -> SqlStore:
    """A store on SQLite in a folder."""
    return SqlStore(f"sqlite:///{folder / 'ours.db'}")


def singles(size: Size) -> Section:
    """Each entry committed by itself."""
    return _section("append", "Durable append, each entry by itself", size, size.singles, 1)


def groups(size: Size) -> Section:
    """A hundred entries a commit."""
    return _section("append100", "Durable append, 100 entries at a time", size, size.groups, 100)


def _section(name: str, title: str, size: Size, commits: int, each: int) -> Section:
    for one in WAYS:
        if all(find_spec(module) for module in one.needs):
            check(one, size.folder)
    mean = sum(len(record.body) for record in records(3)) // 3
    found = measured(
        name,
        title,
        "entry",
        _ways(size, commits, each),
        size.rounds,
        (
            (
                f"A body has {mean} bytes; the first way writes nothing else, the two bare tables have"
                " all columns of ours and no head."
            ),
            (
                "An event of eventsourcing has every field of an entry, ready made, and no hash; its"
                " aggregate stays in memory."
            ),
            "Whole path: judged, made canonical, hashed, committed to, appended.",
        ),
    )
    if each == 1 and median(found.rows[0].values) < IN_MEMORY:
        found = evolve(found, notes=(*found.notes, "THE FOLDER LIES IN MEMORY: name one by --dir."))
    return found
