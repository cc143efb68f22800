"""A book as an aggregate whose events are kept by eventsourcing, on SQLite or PostgreSQL: its defaults.

Imported only where eventsourcing is installed: it finds a class again by the name of its module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from bench.peers.rows import entry_from, values_of
from edujournal.model.entries import Entry

if TYPE_CHECKING:
    from sqlalchemy import URL

#: What SQLite calls `PRAGMA synchronous=FULL`.
_FULL = 2


class Book(Aggregate):
    """A book: its entries, each of which is an event."""

    @event("Opened")
    def __init__(self, name: str) -> None:
        self.name = name
        self.entries: list[Entry] = []

    @event("Recorded")
    def record(self, values: list[Any]) -> None:
        """Record the entry that has these columns."""
        self.entries.append(entry_from(values))

    @staticmethod
    def create_id(name: str) -> UUID:
        """The id of the book of that name."""
        return uuid5(NAMESPACE_URL, name)


class Books(Application[UUID]):
    """Books kept in a database."""

    def entries(self, name: str) -> list[Entry]:
        """The entries of a book, replayed from its events."""
        book: Book = self.repository.get(Book.create_id(name))
        return book.entries

    def recording(self) -> Callable[[Sequence[Entry]], None]:
        """What keeps entries, book by book, each from its first entry on: a call in one transaction."""
        book: Book | None = None

        def append(entries: Sequence[Entry]) -> None:
            nonlocal book
            if book is None or book.name != entries[0].book:
                book = Book(entries[0].book)
            for entry in entries:
                book.record(list(values_of(entry)))
            self.save(book)

        return append


@contextmanager
def opened(path: Path) -> Iterator[Books]:
    """Books in the SQLite database *path*: WAL by itself, and a commit waits for the disk as ours do.

    Raises:
        AssertionError: It would not wait; then it would not do the same work.
    """
    env = {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(path)}
    with Books(env) as books:
        with books.recorder.datastore.transaction(commit=False) as cursor:
            for name, expected in (("synchronous", _FULL), ("journal_mode", "wal")):
                cursor.execute(f"PRAGMA {name}")
                (found,) = cursor.fetchone()
                assert found == expected, f"eventsourcing: {name} is {found}"
        yield books


@contextmanager
def opened_on(url: URL) -> Iterator[Books]:
    """Books in the schema of a PostgreSQL that a URL makes the default of every connection."""
    _, _, schema = str(url.query["options"]).partition("search_path=")
    env = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(url.database),
        "POSTGRES_HOST": str(url.host),
        "POSTGRES_PORT": str(url.port),
        "POSTGRES_USER": str(url.username),
        "POSTGRES_PASSWORD": str(url.password or "none"),
        "POSTGRES_SCHEMA": schema,
    }
    with Books(env) as books:
        yield books
