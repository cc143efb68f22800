"""One cursor over all books of a school, on any store: what notices and caches go by."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping

from edujournal.errors import BadInput
from edujournal.ledger.bytes import decode, encode
from edujournal.ledger.records import Record
from edujournal.ports import Store, Tails


def follow(store: Store, school: str, cursor: str = "") -> Iterator[tuple[str, Record]]:
    """Yield every record of *school* after a cursor, each with the cursor that stands after it.

    Keep the last cursor in the same transaction as what was done about the record, and ask with it
    again: no record is missed and none comes twice, whatever is written meanwhile. Each book's
    records come in the order of the book. With the capability :class:`~edujournal.ports.Tails` all
    records come in the order in which they were acknowledged. Without it every book is asked, and
    between books what was known when it was asked comes in the order of the times on record.

    Args:
        store: Any store.
        school: Id of the school.
        cursor: What an earlier call gave; empty for the beginning.

    Raises:
        BadInput: No such cursor, or one of a store with the other capability.
        StoreError: What the store says.

    *Version added: 0.1.*
    """
    known = _read(cursor)
    if isinstance(store, Tails):
        if not isinstance(known, int):
            raise _foreign(cursor, "a position")
        return ((str(position), record) for position, record in store.follow(school, known))
    if known and isinstance(known, int):
        raise _foreign(cursor, "a number for each book")
    return _merged(store, school, {} if isinstance(known, int) else dict(known))


def _merged(store: Store, school: str, known: dict[str, int]) -> Iterator[tuple[str, Record]]:
    # The heads are taken first: what is written while we read comes the next time.
    ends = {book: head.number for book, head in store.books(school)}
    fresh = [
        _until(store.read(school, book, known.get(book, 0)), end)
        for book, end in ends.items()
        if end > known.get(book, 0)
    ]
    for _, _, _, record in heapq.merge(*fresh):
        known[record.book] = record.number
        yield encode(known).decode(), record


def _until(records: Iterator[Record], end: int) -> Iterator[tuple[int, str, int, Record]]:
    """Records up to a number, each with what it is merged by.

    A clock that was set back must not bring a book out of its order: its time never goes back here.
    """
    latest = 0
    for record in records:
        if record.number > end:
            return
        latest = max(latest, record.index.recorded)
        yield latest, record.book, record.number, record


def _read(cursor: str) -> int | Mapping[str, int]:
    if not cursor:
        return 0
    if cursor.isascii() and cursor.isdigit():
        return int(cursor)
    try:
        value = decode(cursor.encode())
    except (BadInput, UnicodeEncodeError):
        value = None
    if not isinstance(value, dict) or not all(type(n) is int and n > 0 for n in value.values()):
        raise BadInput("not a cursor", expected="what follow gave", found=ascii(cursor[:80]))
    return value


def _foreign(cursor: str, expected: str) -> BadInput:
    return BadInput(
        "a cursor of another store",
        expected=expected,
        found=ascii(cursor[:80]),
        mend="Begin anew with an empty cursor.",
    )
