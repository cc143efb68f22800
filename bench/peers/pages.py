"""A book out of a database of many, as peers read it: bare rows, rows made entries, an ORM, a replay."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from bench.peers.rows import CLUSTER, COLUMNS, entry_read, row_of
from edujournal.model.entries import Entry

#: Reads the book of a name.
Read = Callable[[str], Sequence[Any]]

#: Keeps the entries of a book.
Keep = Callable[[Sequence[Entry]], None]

#: The databases, by name within a folder.
ROWS: Final = "rows.db"
EVENTS: Final = "events.db"

_ALL: Final = f"select {', '.join(COLUMNS)} from entries where book = ?"


def _table(folder: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(folder / ROWS, isolation_level=None)
    connection.execute("pragma journal_mode=wal")
    return connection


@contextmanager
def keep_rows(folder: Path) -> Iterator[Keep]:
    """Keep books as rows of one table, clustered so that a page lies together."""
    places = ", ".join("?" * len(COLUMNS))
    with closing(_table(folder)) as connection:
        connection.execute(
            f"create table entries ({', '.join(COLUMNS)}, primary key ({', '.join(CLUSTER)}))"
            " without rowid"
        )

        def keep(entries: Sequence[Entry]) -> None:
            rows = [row_of(one) for one in entries]
            connection.execute("begin")
            connection.executemany(f"insert into entries values ({places})", rows)
            connection.execute("commit")

        yield keep


@contextmanager
def keep_events(folder: Path) -> Iterator[Keep]:
    """Keep books as events of eventsourcing."""
    from bench.peers.events import opened

    with opened(folder / EVENTS) as app:
        yield app.recording()


@contextmanager
def by_rows(folder: Path) -> Iterator[Read]:
    """The rows of a book, as the database gives them."""
    with closing(_table(folder)) as connection:
        yield lambda name: connection.execute(_ALL, (name,)).fetchall()


@contextmanager
def by_hand(folder: Path) -> Iterator[Read]:
    """The same made entries, of which nothing is proven."""
    with by_rows(folder) as read:
        yield lambda name: [entry_read(row) for row in read(name)]


@contextmanager
def by_orm(folder: Path) -> Iterator[Read]:
    """The rows of the same table, as objects of a class that SQLAlchemy's ORM maps to it."""
    import sqlalchemy as sa
    from sqlalchemy.orm import Session, registry

    kinds: dict[str, Any] = {"text": sa.String, "number": sa.BigInteger, "json": sa.JSON}
    known, mapped = registry(), type("Mapped", (), {})
    columns = (
        sa.Column(name, kinds[kind], primary_key=name in CLUSTER) for name, kind in COLUMNS.items()
    )
    table = sa.Table("entries", known.metadata, *columns)
    known.map_imperatively(mapped, table)
    statement = sa.select(mapped).where(table.c.book == sa.bindparam("name"))
    engine = sa.create_engine(f"sqlite:///{folder / ROWS}")

    def read(name: str) -> Sequence[Any]:
        with Session(engine) as session:
            return session.scalars(statement, {"name": name}).all()

    try:
        yield read
    finally:
        engine.dispose()
        known.dispose()


def columns_of(one: Any) -> list[Any]:
    """The columns of an object that the ORM has read."""
    return [getattr(one, name) for name in COLUMNS]


@contextmanager
def by_events(folder: Path) -> Iterator[Read]:
    """The entries of an aggregate of eventsourcing, replayed from its events."""
    from bench.peers.events import opened

    with opened(folder / EVENTS) as app:
        yield app.entries
