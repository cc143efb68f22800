"""Durable appends to PostgreSQL by peers: the driver alone, the head locked by hand, SQLAlchemy Core."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Final

from bench.peers.appends import COLUMNS, NUMBERS, Append, AppendEntries, core_on, row
from bench.school import BOOK, SCHOOL
from bench.serving import connected
from edujournal.ledger.records import Record
from edujournal.model.entries import Entry

if TYPE_CHECKING:
    from sqlalchemy import URL

_BYTES: Final = frozenset({"body", "private"})


def _kind(name: str) -> str:
    return "bigint" if name in NUMBERS else "bytea" if name in _BYTES else "text"


_TABLE: Final = (
    f"CREATE TABLE entries ({', '.join(f'{name} {_kind(name)}' for name in COLUMNS)},"
    " PRIMARY KEY (school, book, number))"
)

# One statement, however many rows: the driver waits for one answer.
_ARRAYS: Final = ", ".join(f"%s::{_kind(name)}[]" for name in COLUMNS)
_INSERT: Final = f"INSERT INTO entries SELECT * FROM unnest({_ARRAYS})"


def _columns(some: Sequence[Record]) -> list[list[Any]]:
    return [list(column) for column in zip(*map(row, some), strict=True)]


@contextmanager
def by_psycopg(url: URL) -> Iterator[Append]:
    """One statement that commits itself."""
    with closing(connected(url)) as connection:
        connection.execute(_TABLE)
        yield inserting(connection)


def inserting(connection: Any) -> Append:
    """What puts entries into the table by one statement."""

    def append(some: Sequence[Record]) -> None:
        connection.execute(_INSERT, _columns(some), prepare=True)

    return append


@contextmanager
def by_lock(url: URL) -> Iterator[Append]:
    """The row of the book's head locked, the entries put after it, the head moved: one transaction."""
    with closing(connected(url)) as connection:
        connection.execute(_TABLE)
        connection.execute(
            "CREATE TABLE heads (school text, book text, number bigint, hash text,"
            " PRIMARY KEY (school, book))"
        )
        connection.execute("INSERT INTO heads VALUES (%s, %s, 0, '')", (SCHOOL, BOOK))
        lock = "SELECT number FROM heads WHERE school = %s AND book = %s FOR UPDATE"
        move = "UPDATE heads SET number = %s, hash = %s WHERE school = %s AND book = %s"

        def append(some: Sequence[Record]) -> None:
            with connection.transaction():
                ((number,),) = connection.execute(lock, (SCHOOL, BOOK), prepare=True).fetchall()
                assert number + 1 == some[0].number, "somebody else has written"
                connection.execute(_INSERT, _columns(some), prepare=True)
                last = some[-1]
                connection.execute(move, (last.number, last.hash, SCHOOL, BOOK), prepare=True)

        yield append


@contextmanager
def by_core(url: URL) -> Iterator[Append]:
    """One insert and one commit, by SQLAlchemy Core."""
    import sqlalchemy as sa

    with core_on(sa.create_engine(url)) as append:
        yield append


@contextmanager
def by_eventsourcing(url: URL) -> Iterator[AppendEntries]:
    """One event for each entry, saved in one transaction; the aggregate stays in memory."""
    from bench.peers.events import opened_on

    with opened_on(url) as app:
        yield app.recording()


def in_events(url: URL) -> list[Entry]:
    """The entries that are replayed from the events of :func:`by_eventsourcing`."""
    from bench.peers.events import opened_on

    with opened_on(url) as app:
        return app.entries(BOOK)


def kept(url: URL) -> list[tuple[Any, ...]]:
    """The rows that any of them has kept."""
    with closing(connected(url)) as connection:
        statement = f"SELECT {', '.join(COLUMNS)} FROM entries ORDER BY book, number"
        return connection.execute(statement).fetchall()  # type: ignore[no-any-return]
