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

    Other books are given as they were when the entry came: what came later does not count.

    *Version added: 0.1.*

    Attributes:
        claims: Substitutions recorded in the same act in this book.
        school: The school book of the year; None where there is none.
        classes: The class books of the group's classes, by class.
        journals: Other journals that a limit looks at, by the names of their books.
    """

    claims: Sequence[Entry] = ()
    school: BookState | None = None
    classes: Mapping[str, BookState] = field(factory=dict)
    journals: Mapping[str, BookState] = field(factory=dict)

    @property
    def fences(self) -> Fences:
        """The fences of the school book."""
        return NO_FENCES if self.school is None else self.school.own_fences

    @property
    def others(self) -> tuple[BookState, ...]:
        """Every other book."""
        school = () if self.school is None else (self.school,)
        return (*self.classes.values(), *self.journals.values(), *school)

    def barred(self, account: str) -> Fence | None:
        """The fence by which *account* may not write any more, or None."""
        return self.fences.barred(account)

    def of_school(self, kind: str) -> Iterator[Entry]:
        """Entries of *kind* in the school book that stand."""
        if self.school is not None:
            yield from self.school.of_kind(kind)

    def of_class(self, group: str, kind: str) -> Iterator[Entry]:
        """Entries of *kind* in the book of a class that stand."""
        state = self.classes.get(group)
        if state is not None:
            yield from state.of_kind(kind)

    def beside(self, book: str, at: int) -> Mapping[str, int]:
        """How far the other books had come, where the instant *at* does not tell by itself.

        It does not tell where another book has an entry of this very instant or, after a clock was
        set back, of a later one.

        Args:
            book: Book whose entry it is.
            at: Instant at which it is recorded.
        """
        return {
            one.book: one.number
            for one in self.others
            if one.book != book and one.before(at) != one.number
        }


#: Nothing is known beside the book itself.
ALONE: Final = Around()
