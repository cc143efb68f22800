"""What columns could not prove clean of a journal, and how much of it has to be judged for that."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from attrs import define, field

from edujournal.ledger.books import BookState
from edujournal.model.entries import Entry

#: Stands for all entries at a place where the number of one would stand.
WHOLE: Final = 0


@define
class Doubt:
    """What of one journal the exact audit must decide.

    An entry that nothing else at its occasion can be told apart by is judged by itself, and the others
    there are only read, so that it is judged by what the journal said when it came.

    Attributes:
        whole: Names of the occasions about which every entry is judged.
        single: Numbers of entries that are judged for themselves.
        asked: Names of the occasions that are opened: those, those of these entries, and those about
            which something seems to be lacking.
    """

    whole: set[str] = field(factory=set)
    single: set[int] = field(factory=set)
    asked: set[str] = field(factory=set)

    def add(self, about: str, number: int) -> None:
        """Doubt entry *number* about an occasion, or all entries there (:data:`WHOLE`)."""
        if number == WHOLE:
            self.whole.add(about)
        else:
            self.single.add(number)
        self.asked.add(about)

    def widen(self, state: BookState) -> None:
        """Add what stands and falls with an occasion: a lesson, and the works held at it."""
        # Declared anew once the first time is void, a work may lie at another lesson than it did.
        works = [(one.about, f"lesson:{one.lesson}") for one in state.ever("work") if one.lesson]
        for names in (self.whole, self.asked):
            for work, lesson in works:
                if work in names:
                    names.add(lesson)
            names.update(work for work, lesson in works if lesson in names)

    def judges(self, entry: Entry) -> bool:
        """Whether the exact audit judges *entry*, not only reads it."""
        return entry.about in self.whole or entry.number in self.single

    def proven(self, entries: Iterable[Entry]) -> frozenset[int]:
        """Numbers of those *entries* that are only read."""
        return frozenset(one.number for one in entries if not self.judges(one))
