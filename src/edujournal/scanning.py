"""All records of a school in one pass, on any store: what audits in columns go by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final, Protocol, runtime_checkable

from edujournal.ledger.records import Record
from edujournal.ports import Store

#: Records that are held at once where a store gives them one by one.
_SOME: Final = 1000


@runtime_checkable
class Scans(Protocol):
    """Capability: give all records of a school in one pass, whatever the number of its books.

    *Version added: 0.1.*
    """

    def scan(self, school: str) -> Iterator[Sequence[Record]]:
        """Yield all records of *school*, some at a time: ordered by book, in each book by number.

        What is yielded is what stood there at one moment. No more than one sequence is held, and
        until the end has come, or the iterator is closed, the store may hold a transaction open.

        Raises:
            StoreDamaged: A record is missing; those before it have come.
        """


def scan(store: Store, school: str) -> Iterator[Sequence[Record]]:
    """Yield all records of *school*, some at a time: ordered by book, in each book by number.

    With the capability :class:`Scans` they are those of one moment. Without it
    the heads are taken first, and every book is read up to its own: what is written meanwhile is
    left out.

    Args:
        store: Any store.
        school: Id of the school.

    Raises:
        StoreError: What the store says.

    *Version added: 0.1.*
    """
    if isinstance(store, Scans):
        return store.scan(school)
    return _book_by_book(store, school)


def _book_by_book(store: Store, school: str) -> Iterator[Sequence[Record]]:
    for book, head in list(store.books(school)):
        records = islice(store.read(school, book), head.number)
        while some := list(islice(records, _SOME)):
            yield some
