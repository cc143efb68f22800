"""Durable appends: our stores beside the least that keeps bytes through a loss of power."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
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

#: Gives an empty place for as long as the block lasts.
Places = Callable[[], AbstractContextManager[Any]]

#: What a store is called, and what opens it at a place.
Recorder = tuple[str, Callable[[Any], Any]]

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


def appending_to(store: Store) -> Append:
    """What appends to the book in *store*."""
    return lambda some: store.append(SCHOOL, BOOK, some, some[0].number - 1)


def in_files(folder: Path) -> FileStore:
    """A store of files in a folder."""
    return FileStore(folder / "books")


def in_database(folder: Path) -> SqlStore:
    """A store on SQLite in a folder."""
    return SqlStore(f"sqlite:///{folder / 'ours.db'}")


@contextmanager
def by_files(folder: Path) -> Iterator[Append]:
    """Our store of files."""
    with in_files(folder) as store:
        yield appending_to(store)


@contextmanager
def by_sqlite(folder: Path) -> Iterator[Append]:
    """Our SQL store on SQLite."""
    with in_database(folder) as store:
        yield appending_to(store)


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
        opened: Opens it at an empty place, a folder or a schema, and gives what appends.
        told: What lies there afterwards, in order.
        given: Makes of a record what it is given.
        found: Makes of a record what is found again.
        ours: Whether it is edujournal.
        needs: What must be installed for it.
    """

    title: str
    opened: Callable[[Any], Any]
    told: Callable[[Any], Sequence[Any]]
    given: Callable[[Record], Any] = _itself
    found: Callable[[Record], Any] = _itself
    ours: bool = False
    needs: tuple[str, ...] = ()


_STORES: Final[tuple[Recorder, ...]] = (("files", in_files), ("SQLite", in_database))

WAYS: Final = (
    Kept("pwrite + fdatasync, preallocated", appends.by_pwrite, appends.logged,
         found=lambda record: record.body),
    Kept("sqlite3, WAL, FULL", appends.by_sqlite3, appends.in_sqlite3, found=appends.row),
    Kept("SQLAlchemy Core, WAL, FULL", appends.by_core, appends.in_core, found=appends.row),
    Kept("SQLAlchemy ORM, WAL, FULL", appends.by_orm, appends.in_orm, found=appends.row),
    Kept("eventsourcing on SQLite, WAL, FULL", appends.by_eventsourcing, appends.in_events,
         given=entry_of, found=entry_of, needs=("eventsourcing",)),
    Kept("edujournal: FileStore.append", by_files, _in_files, ours=True),
    Kept("edujournal: SqlStore.append on SQLite", by_sqlite, _in_sqlite, ours=True),
)  # fmt: skip


def folders(where: Path | None = None) -> Places:
    """Empty folders in a folder; in the system's place for None."""

    @contextmanager
    def place() -> Iterator[Path]:
        with TemporaryDirectory(dir=where) as name:
            yield Path(name)

    return place


def check(one: Kept, places: Places) -> None:
    """Stop if a way does not keep what it was given."""
    some = records(40)
    with places() as place:
        with one.opened(place) as append:
            for start in range(0, len(some), 10):
                append([one.given(record) for record in some[start : start + 10]])
        assert list(one.told(place)) == [*map(one.found, some)], f"{one.title}: not kept"


def _appending(
    opened: Callable[[Any], Any], groups: Sequence[Sequence[Any]], places: Places
) -> Callable[[], Callable[[], object]]:
    """Open, append the first group unmeasured, then all others."""

    def run() -> float:
        with places() as place, opened(place) as append:
            append(groups[0])
            begun = perf_counter()
            for group in groups[1:]:
                append(group)
            return perf_counter() - begun

    return lambda: run


def _recording(
    opened: Callable[[Any], Any], groups: Sequence[Sequence[ej.Mark]], places: Places
) -> Callable[[], Callable[[], object]]:
    """Open, record the first group unmeasured, then all others."""

    def run() -> float:
        with places() as place, opened(place) as store:
            over = journals(store)
            over.record_many(groups[0], by="t-1")
            begun = perf_counter()
            for group in groups[1:]:
                over.record_many(group, by="t-1")
            return perf_counter() - begun

    return lambda: run


def ways_of(
    kinds: Sequence[Kept], stores: Sequence[Recorder], places: Places, commits: int, each: int
) -> list[Way]:
    """The ways to append, then the whole path to each of the stores.

    Args:
        kinds: The ways to append.
        stores: What each store is called, and what opens it at a place.
        places: Gives places.
        commits: How many commits there are in a sample.
        each: How many entries there are in a commit.
    """
    total = (commits + 1) * each
    some, units = records(total), commits * each
    ways = []
    for one in kinds:
        groups = grouped([one.given(record) for record in some], each)
        run = _appending(one.opened, groups, places)
        ways.append(Way(one.title, run, units, ours=one.ours, needs=one.needs, clocked=True))
    asked = grouped(drafts(total), each)
    for title, opened in stores:
        run = _recording(opened, asked, places)
        whole = f"edujournal: record_many on {title}, whole path"
        ways.append(Way(whole, run, units, ours=True, clocked=True))
    return ways


def grouped(some: Sequence[Any], each: int) -> list[Sequence[Any]]:
    """The same, so many together."""
    return [some[start : start + each] for start in range(0, len(some), each)]


def singles(size: Size) -> Section:
    """Each entry committed by itself."""
    return _section("append", "Durable append, each entry by itself", size, size.singles, 1)


def groups(size: Size) -> Section:
    """A hundred entries a commit."""
    return _section("append100", "Durable append, 100 entries at a time", size, size.groups, 100)


def _section(name: str, title: str, size: Size, commits: int, each: int) -> Section:
    places = folders(size.folder)
    for one in WAYS:
        if all(find_spec(module) for module in one.needs):
            check(one, places)
    mean = sum(len(record.body) for record in records(3)) // 3
    found = measured(
        name,
        title,
        "entry",
        ways_of(WAYS, _STORES, places, commits, each),
        size.rounds,
        (
            (
                f"A body has {mean} bytes; the first way writes nothing else, the bare tables have"
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
