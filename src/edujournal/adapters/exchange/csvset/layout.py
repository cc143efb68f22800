"""The order in which the rows of a set are recorded, and the acts that they are parted into."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from edujournal.adapters.exchange.csvset.index import KINDS, Index

#: Rows recorded in one act.
ACT: Final = 3_000

_WORK: Final = KINDS.index("work")
_SUBSTITUTION: Final = KINDS.index("substitution")


class Layout:
    """Works first, then entries by the moment of their recording, or else of their occasion.

    A change comes after what it changes, and in a later act, for it names the number that this one
    got. A substitution begins a new act where the one in hand has an earlier row of the same lesson:
    what came before it must not seem to rest on it. All of this depends on the files alone, so that
    an import that broke off finds its acts again.

    Attributes:
        order: Numbers of rows, in the order in which they are recorded.
        starts: For each act, where it begins in *order*; and the end.
    """

    def __init__(self, records: Index) -> None:
        self._records = records
        moments, kinds, targets = records.moments, records.kinds, records.targets
        late: dict[int, tuple[int, int]] = {}

        def moment(number: int) -> tuple[int, int]:
            """Moment and rank; what is changed is never later than its change."""
            target = targets.get(number)
            if target is None:
                return moments[number], 0
            if number not in late:
                before, rank = moment(target)
                late[number] = (max(moments[number], before), rank + 1)
            return late[number]

        works = [number for number, kind in enumerate(kinds) if kind == _WORK]
        entries = [number for number, kind in enumerate(kinds) if kind != _WORK]
        if targets:
            entries.sort(key=moment)
        else:
            entries.sort(key=moments.__getitem__)
        works.sort(key=moments.__getitem__)
        self.order = array("l", works + entries)
        self.starts = array("l", self._part())

    def _part(self) -> Iterator[int]:
        records = self._records
        kinds, lessons, targets = records.kinds, records.lessons, records.targets
        substituted = {
            lessons[number] for number, kind in enumerate(kinds) if kind == _SUBSTITUTION
        }
        earliest: dict[int, int] = {}
        pending: set[int] = set()
        changed = set(targets.values())
        start = 0
        if self.order:
            yield 0
        for place, number in enumerate(self.order):
            lesson = lessons[number]
            at = records.moments[number]
            full = place - start == ACT
            waits = targets.get(number) in pending
            rests = kinds[number] == _SUBSTITUTION and earliest.get(lesson, at) < at
            if full or waits or rests:
                yield place
                start = place
                earliest.clear()
                pending.clear()
            if lesson in substituted:
                earliest.setdefault(lesson, at)
            if number in changed:
                pending.add(number)
        yield len(self.order)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def act(self, place: int) -> list[int]:
        """Numbers of the rows of an act, in their order."""
        return list(self.order[self.starts[place] : self.starts[place + 1]])

    def recorded(self, place: int) -> list[int]:
        """The same in the order in which each book gets them: substitutions come first in an act."""
        kinds = self._records.kinds
        return sorted(self.act(place), key=lambda one: kinds[one] != _SUBSTITUTION)

    def numbers(self) -> dict[int, int]:
        """For rows that others change: their number in a book that holds this set and nothing else."""
        records = self._records
        changed = set(records.targets.values())
        found: dict[int, int] = {}
        heads: dict[int, int] = defaultdict(int)
        for place in range(len(self)):
            for number in self.recorded(place):
                book = records.books[number]
                heads[book] += 1
                if number in changed:
                    found[number] = heads[book]
        return found
