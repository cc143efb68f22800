"""The past of a book: its state as it was after any earlier number, for readers that go along with time."""

from __future__ import annotations

from edujournal.ledger.books import BookState


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
        """What the book said after its first *number* entries; the same object every time."""
        state, entries = self._state, self.whole.entries
        if number < state.number:
            state.rewind(number)
        while state.number < number:
            state.apply(entries[state.number])
        return state
