"""How long what was said of a moment holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from attrs import frozen

from edujournal.projections.followed import Place

_Found = TypeVar("_Found")


class Lasting(int):
    """An instant that notes until when whatever is said of it holds.

    Rules ask of a moment only whether another one has come by then. This one notes the nearest later
    instant at which one of these answers changes: until then all are the same, and so is what was made
    of them. Whatever else is reckoned with it, such as the day it lies in, may change at the next instant:
    then it holds no longer than for this one.

    *Version added: 0.1.*

    Attributes:
        until: The first instant of which something else may be to be said; None where it holds for good.
    """

    until: int | None = None

    def _turns(self, at: int) -> None:
        if int(self).__lt__(at) and (self.until is None or at < self.until):
            self.until = at

    def __lt__(self, other: int, /) -> bool:
        self._turns(other)
        return int(self) < other

    def __ge__(self, other: int, /) -> bool:
        self._turns(other)
        return int(self) >= other

    def __le__(self, other: int, /) -> bool:
        self._turns(other + 1)
        return int(self) <= other

    def __gt__(self, other: int, /) -> bool:
        self._turns(other + 1)
        return int(self) > other

    def _alone(self) -> int:
        self._turns(int(self) + 1)
        return int(self)

    def __add__(self, other: int, /) -> int:
        return self._alone() + other

    def __sub__(self, other: int, /) -> int:
        return self._alone() - other

    def __rsub__(self, other: int, /) -> int:
        return other - self._alone()

    def __floordiv__(self, other: int, /) -> int:
        return self._alone() // other

    def __mod__(self, other: int, /) -> int:
        return self._alone() % other


@frozen
class Held(Generic[_Found]):
    """What was said of a moment by some books, and how long that holds.

    *Version added: 0.1.*

    Attributes:
        places: How far the books had been followed.
        since: The moment.
        until: The first instant of which something else may be to be said; None where it holds for good.
        found: What was said.
    """

    places: Sequence[Place]
    since: int
    until: int | None
    found: _Found

    def holds(self, places: Sequence[Place], moment: int) -> bool:
        """Tell whether it is to be said of *moment* as well, where the books have come to *places*."""
        return self.places == places and (
            self.since <= moment and (self.until is None or moment < self.until)
        )
