"""Touching: which entries a new record of the log may have made to read, or to count, otherwise. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from edujournal.ledger.books import BookState
from edujournal.model.entries import Entry
from edujournal.notices.arising import CHANGING, TOLD, root_of

#: Kinds of records by which any entry of a book may begin or cease to count: answers to a claim, and
#: the claim that they answer.
_OF_BOOK: Final = frozenset({"confirmation", "substitution"})

#: The same of every book: fences, and what takes an entry or an account out of them.
_OF_ALL: Final = frozenset({"compromise", "restoration", "vouch"})

#: Kinds of records that touch something that is told.
TOUCHING: Final = frozenset(TOLD) | CHANGING | _OF_BOOK | _OF_ALL


class Touched:
    """What a stretch of the log touches.

    Attributes:
        entries: Book → number of an entry → instant of the last record that touched it.
        swept: Book of which everything that was told is touched → the same instant.
    """

    def __init__(self) -> None:
        self.entries: dict[str, dict[int, int]] = {}
        self.swept: dict[str, int] = {}

    def take(self, entry: Entry, state: BookState, books: Callable[[], Iterable[str]]) -> bool:
        """Note what *entry* touches; tell whether states of other books are no longer what they were.

        Args:
            entry: A new entry.
            state: What its book says.
            books: Gives the names of all books; asked only where all are touched.
        """
        root = root_of(entry, state)
        if root.kind in _OF_ALL:
            for book in books():
                self._sweep(book, entry.at)
            if root.kind == "vouch":
                # It may never have been told, for it did not count when it came.
                self._note(str(root.values["book"]), int(root.values["n"]), entry.at)
            return True
        if root.kind in _OF_BOOK:
            self._sweep(root.book, entry.at)
        else:
            self._note(root.book, root.number, entry.at)
        return False

    def of(self, book: str) -> Mapping[int, int]:
        """The entries of *book* that are touched, each with the instant."""
        return self.entries.get(book, {})

    def books(self) -> list[str]:
        """Every book of which something is touched, ordered."""
        return sorted({*self.entries, *self.swept})

    def _note(self, book: str, number: int, at: int) -> None:
        some = self.entries.setdefault(book, {})
        some[number] = max(at, some.get(number, 0))

    def _sweep(self, book: str, at: int) -> None:
        self.swept[book] = max(at, self.swept.get(book, 0))
