"""Readers of several books at once, each of which goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from edujournal.ledger.records import Record

#: Records that are read over rather than sought anew.
NEAR: Final = 50

#: Where no reader is: no record is near it.
_NOWHERE: Final = -NEAR - 1

#: Books that are read at once; so many files stay open.
_MOST: Final = 32


class Readers:
    """Gives records of books in spans that follow each other.

    To seek a place in a log costs as much as there is behind it, so that a book must not be sought in
    anew for each of its appends.

    Args:
        read: Gives the records of a book after a number, up to where the book ends now.
    """

    def __init__(self, read: Callable[[str, int], Iterator[Record]]) -> None:
        self._read = read
        self._open: dict[str, tuple[int, Iterator[Record]]] = {}

    def span(self, book: str, first: int, last: int) -> Iterator[Record]:
        """Give the records *first* to *last* of a book that are there."""
        at, found = self._open.pop(book, (_NOWHERE, iter(())))
        while True:
            fresh = not at < first <= at + NEAR
            if fresh:
                at, found = first - 1, self._read(book, first - 1)
            for record in found:
                at = record.number
                if at >= last:
                    self._keep(book, at, found)
                if at >= first:
                    first = at + 1
                    yield record
                if at >= last:
                    return
            if fresh:
                return
            # It ended where the book ended when it was opened: what came since is sought.
            at = _NOWHERE

    def _keep(self, book: str, at: int, found: Iterator[Record]) -> None:
        self._open[book] = at, found
        if len(self._open) > _MOST:
            del self._open[next(iter(self._open))]
