"""Durable appends by peers: the bytes alone, bare tables, and a library that keeps events."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from bench.school import BOOK, SCHOOL
from edujournal.ledger.records import Record
from edujournal.model.entries import Entry

#: Appends some records, and returns when they are on the disk.
Append = Callable[[Sequence[Record]], None]

#: The same of entries.
AppendEntries = Callable[[Sequence[Entry]], None]

#: The columns of our table.
COLUMNS: Final = (
    *("school", "book", "number", "hash", "kind", "about", "pupil", "account", "role"),
    *("client_key", "item", "recorded", "lo", "hi", "target", "body", "private"),
)


#: Those of them that are whole numbers.
NUMBERS: Final = frozenset({"number", "item", "recorded", "lo", "hi", "target"})


def row(record: Record) -> tuple[Any, ...]:
    """A record as the columns of our table, for peers."""
    index = record.index
    return (
        SCHOOL, record.book, record.number, record.hash, index.kind, index.about,
        index.pupil or "", index.account, index.role, index.key, index.item, index.recorded,
        index.lo, index.hi, index.target, record.body, record.private,
    )  # fmt: skip


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
        f"CREATE TABLE entries ({', '.join(COLUMNS)},"
        " PRIMARY KEY (school, book, about, pupil, number)) WITHOUT ROWID"
    )
    insert = f"INSERT INTO entries VALUES ({', '.join('?' * len(COLUMNS))})"

    def append(some: Sequence[Record]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(insert, [row(record) for record in some])
        connection.execute("COMMIT")

    try:
        yield append
    finally:
        connection.close()


def _engine(path: Path) -> Any:
    """An engine on a SQLite database, whose commits wait for the disk."""
    import sqlalchemy as sa

    engine = sa.create_engine(f"sqlite:///{path}")

    @sa.event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    return engine


def _table() -> Any:
    import sqlalchemy as sa

    kinds: dict[str, Any] = dict.fromkeys(COLUMNS, sa.String)
    kinds |= dict.fromkeys(NUMBERS, sa.BigInteger)
    kinds |= dict.fromkeys(("body", "private"), sa.LargeBinary)
    return sa.Table(
        "entries",
        sa.MetaData(),
        *(sa.Column(name, kind) for name, kind in kinds.items()),
        sa.PrimaryKeyConstraint("school", "book", "about", "pupil", "number"),
        sqlite_with_rowid=False,
    )


@contextmanager
def by_core(folder: Path) -> Iterator[Append]:
    """One insert and one commit, by SQLAlchemy Core."""
    engine = _engine(folder / "core.db")
    with core_on(engine) as append:
        yield append


@contextmanager
def core_on(engine: Any) -> Iterator[Append]:
    """One insert and one commit on an engine, which is closed afterwards."""
    import sqlalchemy as sa

    table = _table()
    table.metadata.create_all(engine)
    insert = sa.insert(table)

    def append(some: Sequence[Record]) -> None:
        with engine.begin() as connection:
            connection.execute(
                insert, [dict(zip(COLUMNS, row(record), strict=True)) for record in some]
            )

    try:
        yield append
    finally:
        engine.dispose()


@contextmanager
def by_orm(folder: Path) -> Iterator[Append]:
    """Objects of a class that SQLAlchemy's ORM maps to the table, added to a session and committed."""
    from sqlalchemy.orm import Session, registry

    engine, known, mapped = _engine(folder / "orm.db"), registry(), type("Mapped", (), {})
    table = _table()
    known.map_imperatively(mapped, table)
    table.metadata.create_all(engine)

    def made(record: Record) -> object:
        one = mapped()
        for name, value in zip(COLUMNS, row(record), strict=True):
            setattr(one, name, value)
        return one

    def append(some: Sequence[Record]) -> None:
        with Session(engine) as session:
            session.add_all(map(made, some))
            session.commit()

    try:
        yield append
    finally:
        engine.dispose()
        known.dispose()


@contextmanager
def by_eventsourcing(folder: Path) -> Iterator[AppendEntries]:
    """One event for each entry, saved in one transaction; the aggregate stays in memory."""
    from bench.peers.events import opened

    with opened(folder / "events.db") as app:
        yield app.recording()


# -- what is kept ----------------------------------------------------------------------------------


def logged(folder: Path) -> list[bytes]:
    """The bodies that :func:`by_pwrite` has kept, as long as there was room."""
    data = (folder / "log").read_bytes()
    return data[: data.rindex(b"\n")].split(b"\n")


def _rows(path: Path) -> list[tuple[Any, ...]]:
    select = f"SELECT {', '.join(COLUMNS)} FROM entries ORDER BY number"
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(select).fetchall()


def in_sqlite3(folder: Path) -> list[tuple[Any, ...]]:
    """The rows that :func:`by_sqlite3` has kept."""
    return _rows(folder / "bare.db")


def in_core(folder: Path) -> list[tuple[Any, ...]]:
    """The rows that :func:`by_core` has kept."""
    return _rows(folder / "core.db")


def in_orm(folder: Path) -> list[tuple[Any, ...]]:
    """The rows that :func:`by_orm` has kept."""
    return _rows(folder / "orm.db")


def in_events(folder: Path) -> list[Entry]:
    """The entries that are replayed from the events of :func:`by_eventsourcing`."""
    from bench.peers.events import opened

    with opened(folder / "events.db") as app:
        return app.entries(BOOK)
