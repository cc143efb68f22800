"""The past of a book: its state as it was after any earlier number, for readers that go along with time."""

from __future__ import annotations

from edujournal.ledger.books import BookState
from edujournal.ledger.validity import Fences
from edujournal.model.ids import is_log, school_book, year_of_book


class Past:
    """A book that can be read as it was.

    Going on by one entry costs one step, going back as well.

    *Version added: 0.1.*

    Args:
        whole: The book as it is known now; it is not changed.
    """

    def __init__(self, whole: BookState) -> None:
        self.whole = whole
        self._state = BookState(whole.book)

    def after(self, number: int) -> BookState:
        """What the book said after its first *number* entries; the same object every time.

        Where fewer are known, what they say.
        """
        state, entries = self._state, self.whole.entries
        number = min(number, len(entries))
        if number < state.number:
            state.rewind(number)
        while state.number < number:
            state.apply(entries[state.number])
        return state

    def before(self, at: int) -> BookState:
        """What the book said before the instant *at*; the same object every time."""
        return self.after(self.whole.before(at))


def fencing_book(book: str) -> str | None:
    """Name of the school book that says which entries of *book* are void; None for a log of accesses."""
    return None if is_log(book) else school_book(year_of_book(book))


def fences_known(school: BookState, as_of: int | None) -> Fences:
    """The fences that *school*, a school book, knows now, or knew at a past instant."""
    if as_of is None or next(school.ever("compromise"), None) is None:
        return school.own_fences
    return Past(school).before(as_of).own_fences
