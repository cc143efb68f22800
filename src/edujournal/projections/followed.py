"""A book that is followed: its state, and what each of its entries touched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count
from typing import Final

from attrs import frozen

from edujournal.ledger.books import BookState
from edujournal.ledger.erasures import ERASURE, restricted, rows_of
from edujournal.ledger.records import Record
from edujournal.projections.touching import Touch, touched
from edujournal.writing import entries_of

#: Acts in a school book that say which entries of other books count.
FENCING: Final = ("compromise", "restoration", "vouch")

#: Acts in a school book that say which texts of other books are still to be seen.
HIDING: Final = ("restriction", "release", ERASURE)

_EPOCHS = count(1)


@frozen
class Place:
    """How far a view has followed a book.

    *Version added: 0.1.*

    Attributes:
        epoch: While it is the same, the book has only grown; otherwise all may read otherwise.
        number: Number of the last entry that was taken.
    """

    epoch: int = 0
    number: int = 0


def last_act(school: BookState, kinds: Iterable[str]) -> int:
    """Number of the last act of one of *kinds* in a school book; 0 where there is none."""
    return max((one.number for kind in kinds for one in school.ever(kind)), default=0)


def erased_of(school: BookState, book: str) -> frozenset[int]:
    """Entries of *book* whose texts an act on record has erased.

    The act counts, whenever the store carries it out: a view that was made between the two must not
    keep the text.
    """
    return frozenset(
        number
        for act in school.ever(ERASURE)
        for named, number in rows_of(act.values)
        if named == book
    )


class Followed:
    """A book that is followed; one more entry costs one more step.

    *Version added: 0.1.*

    Args:
        book: Name of the book.
    """

    def __init__(self, book: str) -> None:
        self.state = BookState(book)
        self.touches: list[Touch] = []
        self._epoch = next(_EPOCHS)
        self.fencing = 0
        self.hiding = 0
        self._hidden: frozenset[int] = frozenset()
        self._erased: frozenset[int] = frozenset()

    @property
    def place(self) -> Place:
        """How far the book has come."""
        return Place(self._epoch, self.state.number)

    def since(self, place: Place) -> Sequence[Touch] | None:
        """What the entries after *place* touched; None where everything may read otherwise."""
        if place.epoch != self._epoch:
            return None
        return self.touches[place.number :]

    def take(self, records: Iterable[Record], school: BookState | None) -> None:
        """Bring it up to date with its *records* and the school book; without one it is its own.

        Raises:
            StoreDamaged: A record does not follow, or cannot be read.
        """
        grown, epoch = False, self._epoch
        for entry in entries_of(records, self.state.number, self.state.hash):
            self.state.apply(entry)
            self.touches.append(touched(entry, self.state))
            grown = True
        school = school or self.state
        fencing, hiding = last_act(school, FENCING), last_act(school, HIDING)
        if fencing != self.fencing:
            self.fencing = fencing
            self.state.fences = school.own_fences
            self._epoch = next(_EPOCHS)
        if hiding != self.hiding:
            self.hiding = hiding
            self._hidden = restricted(school).get(self.state.book, frozenset())
            self._erased = erased_of(school, self.state.book)
            self._epoch = next(_EPOCHS)
        if grown or self._epoch != epoch:
            self._blank()

    def _blank(self) -> None:
        """Take out the texts that are not to be seen."""
        self.state.hide(self._hidden)
        entries = self.state.entries
        for number in self._erased:
            entry = self.state.entry(number)
            if entry is not None and entry.texts:
                entries[number - 1] = entry.with_values(entry.values, dict.fromkeys(entry.texts))
