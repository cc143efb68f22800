"""What stands round a book when one of its entries is judged: its act, the school book, class books."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from attrs import field, frozen

from edujournal.ledger.books import BookState
from edujournal.ledger.validity import NO_FENCES, Fence, Fences
from edujournal.model.entries import Entry


@frozen(eq=False)
class Around:
    """What else is known when an entry of a book is judged.

    Other books are read as they were at the entry's moment: what came later does not count.

    *Version added: 0.1.*

    Attributes:
        claims: Substitutions recorded in the same act in this book.
        school: The school book of the year; None where there is none.
        classes: The class books of the group's classes, by class.
    """

    claims: Sequence[Entry] = ()
    school: BookState | None = None
    classes: Mapping[str, BookState] = field(factory=dict)

    @property
    def fences(self) -> Fences:
        """The fences of the school book."""
        return NO_FENCES if self.school is None else self.school.own_fences

    def barred(self, account: str, at: int) -> Fence | None:
        """The fence by which *account* may not write at the instant *at*, or None."""
        return self.fences.barred(account, at)

    def of_school(self, kind: str, at: int) -> Iterator[Entry]:
        """Entries of *kind* in the school book that stand and were recorded by the instant *at*."""
        if self.school is not None:
            yield from _known(self.school, kind, at)

    def of_class(self, group: str, kind: str, at: int) -> Iterator[Entry]:
        """Entries of *kind* in the book of a class that stand and were recorded by *at*."""
        state = self.classes.get(group)
        if state is not None:
            yield from _known(state, kind, at)


def _known(state: BookState, kind: str, at: int) -> Iterator[Entry]:
    for entry in state.of_kind(kind):
        if entry.at <= at:
            yield entry


#: Nothing is known beside the book itself.
ALONE: Final = Around()
