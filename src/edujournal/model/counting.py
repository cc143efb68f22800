"""Counting days of one kind: the next, the previous, the n-th after, those between."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from edujournal.errors import BadInput

_DAY = timedelta(days=1)


class DayList:
    """Days of one kind that a year has, in order: finite, so that an answer may be missing.

    *Version added: 0.1.*
    """

    __slots__ = ("_known", "days")

    def __init__(self, days: Iterable[date]) -> None:
        self.days: tuple[date, ...] = tuple(sorted(set(days)))
        self._known = frozenset(self.days)

    def __contains__(self, d: date) -> bool:
        return d in self._known

    def between(self, since: date, until: date) -> tuple[date, ...]:
        """Give the days in ``[since, until)``."""
        return self.days[bisect_left(self.days, since) : bisect_left(self.days, until)]

    def last_before(self, until: date) -> date | None:
        """Give the last day before *until*, or None."""
        place = bisect_left(self.days, until)
        return self.days[place - 1] if place else None

    def add(self, d: date, n: int) -> date | None:
        """Give the *n*-th day after *d*, before it if *n* is negative, *d* itself if it is 0.

        *d* is never counted, whether or not it is a day of this kind. None where the list ends.
        """
        if n == 0:
            return d
        place = bisect_right(self.days, d) + n - 1 if n > 0 else bisect_left(self.days, d) + n
        return self.days[place] if 0 <= place < len(self.days) else None


def add_days(counts: Callable[[date], bool], d: date, n: int) -> date:
    """Give the *n*-th day after *d* that *counts*, before it if *n* is negative, *d* if it is 0.

    *d* is never counted. The kind must go on for ever, as working days do.

    *Version added: 0.1.*

    Raises:
        BadInput: There is no such day in the years 1 to 9999.
    """
    step = _DAY if n > 0 else -_DAY
    left = abs(n)
    found = d
    try:
        while left:
            found += step
            left -= counts(found)
    except OverflowError as error:
        raise BadInput(
            "no such day in the years 1 to 9999", found=f"{d.isoformat()} and {n} days"
        ) from error
    return found
