"""Durable appends: our stores beside the least that keeps bytes through a loss of power."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final

from attrs import evolve

import edujournal as ej
from bench.figures import Section
from bench.measure import Way, measured
from bench.school import BOOK, MINUTE, PUPILS, REGULATION, SCHOOL, Hands, lessons, salt, school
from bench.size import Size
from edujournal.adapters.stores.files import FileStore
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.adapters.stores.sql import SqlStore
from edujournal.ledger.records import Record
from edujournal.ports import Store

#: Appends some records, and returns when they are on the disk.
Append = Callable[[Sequence[Record]], None]

#: A sync that takes fewer seconds than this has not reached any disk.
IN_MEMORY: Final = 8e-6

_COLUMNS: Final = (
    *("school", "book", "number", "hash", "kind", "about", "pupil", "account", "role"),
    *("client_key", "item", "recorded", "lo", "hi", "target", "body", "private"),
)


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


def row(record: Record) -> tuple[Any, ...]:
    """A record as the columns of our table, for peers."""
    index = record.index
    return (
        SCHOOL, record.book, record.number, record.hash, index.kind, index.about,
        index.pupil or "", index.account, index.role, index.key, index.item, index.recorded,
        index.lo, index.hi, index.target, record.body, record.private,
    )  # fmt: skip


# -- peers -----------------------------------------------------------------------------------------


@contextmanager
def by_pwrite(folder: Path) -> Iterator[Append]:
    """The bytes alone, into a file that was made large beforehand."""
    file = os.open(folder / "log", os.O_RDWR | os.O_CREAT)
    room = 1 << 20
    os.pwrite(file, bytes(room), 0)
    os.fsync(file)
    sync = getattr(os, "fdatasync", os.fsync)
    end = 0

    def append(some: Sequence[Record]) -> None:
        nonlocal end
        data = b"".join(record.body + b"\n" for record in some)
        end = end if end + len(data) <= room else 0
        os.pwrite(file, data, end)
        sync(file)
        end += len(data)

    try:
        yield append
    finally:
        os.close(file)


@contextmanager
def by_sqlite3(folder: Path) -> Iterator[Append]:
    """One insert and one commit, by the module of the standard library."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(
        f"CREATE TABLE entries ({', '.join(_COLUMNS)},"
        " PRIMARY KEY (school, book, about, pupil, number)) WITHOUT ROWID"
    )
    insert = f"INSERT INTO entries VALUES ({', '.join('?' * len(_COLUMNS))})"

    def append(some: Sequence[Record]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(insert, [row(record) for record in some])
        connection.execute("COMMIT")

    try:
        yield append
    finally:
        connection.close()


@contextmanager
def by_core(folder: Path) -> Iterator[Append]:
    """One insert and one commit, by SQLAlchemy Core."""
    import sqlalchemy as sa

    engine = sa.create_engine(f"sqlite:///{folder / 'core.db'}")

    @sa.event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    kinds: dict[str, Any] = dict.fromkeys(_COLUMNS, sa.String)
    kinds |= dict.fromkeys(("number", "item", "recorded", "lo", "hi", "target"), sa.BigInteger)
    kinds |= dict.fromkeys(("body", "private"), sa.LargeBinary)
    table = sa.Table(
        "entries",
        sa.MetaData(),
        *(sa.Column(name, kind) for name, kind in kinds.items()),
        sa.PrimaryKeyConstraint("school", "book", "about", "pupil", "number"),
        sqlite_with_rowid=False,
    )
    table.metadata.create_all(engine)
    insert = sa.insert(table)

    def append(some: Sequence[Record]) -> None:
        with engine.begin() as connection:
            connection.execute(
                insert, [dict(zip(_COLUMNS, row(record), strict=True)) for record in some]
            )

    try:
        yield append
    finally:
        engine.dispose()


# -- ours ------------------------------------------------------------------------------------------


def _appended(store: Store) -> Append:
    return lambda some: store.append(SCHOOL, BOOK, some, some[0].number - 1)


@contextmanager
def by_files(folder: Path) -> Iterator[Append]:
    """Our store of files."""
    with FileStore(folder / "books") as store:
        yield _appended(store)


@contextmanager
def by_sqlite(folder: Path) -> Iterator[Append]:
    """Our SQL store on SQLite."""
    with SqlStore(f"sqlite:///{folder / 'ours.db'}") as store:
        yield _appended(store)


# -- measured --------------------------------------------------------------------------------------


def _appending(
    opened: Callable[[Path], Any], groups: Sequence[Sequence[Record]], where: Path | None
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
    some = records(total)
    groups = [some[start : start + each] for start in range(0, total, each)]
    wanted = drafts(total)
    asked = [wanted[start : start + each] for start in range(0, total, each)]
    limit = "pwrite + fdatasync, preallocated"
    appended = [
        (limit, by_pwrite, False),
        ("sqlite3, WAL, FULL", by_sqlite3, False),
        ("SQLAlchemy Core, WAL, FULL", by_core, False),
        ("edujournal: FileStore.append", by_files, True),
        ("edujournal: SqlStore.append on SQLite", by_sqlite, True),
    ]
    recorded = [
        ("edujournal: record_many on files, whole path", _files),
        ("edujournal: record_many on SQLite, whole path", _sqlite),
    ]
    units = commits * each
    return [
        Way(title, _appending(opened, groups, size.folder), units, ours=ours, clocked=True)
        for title, opened, ours in appended
    ] + [
        Way(title, _recording(opened, asked, size.folder), units, ours=True, clocked=True)
        for title, opened in recorded
    ]


def _files(folder: Path) -> FileStore:
    return FileStore(folder / "books")


def _sqlite(folder: Path) -> SqlStore:
    return SqlStore(f"sqlite:///{folder / 'ours.db'}")


def singles(size: Size) -> Section:
    """Each entry committed by itself."""
    return _section("append", "Durable append, each entry by itself", size, size.singles, 1)


def groups(size: Size) -> Section:
    """A hundred entries a commit."""
    return _section("append100", "Durable append, 100 entries at a time", size, size.groups, 100)


def _section(name: str, title: str, size: Size, commits: int, each: int) -> Section:
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
            "Whole path: judged, made canonical, hashed, committed to, appended.",
        ),
    )
    if each == 1 and median(found.rows[0].seconds) < IN_MEMORY:
        found = evolve(found, notes=(*found.notes, "THE FOLDER LIES IN MEMORY: name one by --dir."))
    return found
