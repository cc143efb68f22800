"""Bells: when the lessons of a day begin and end, and which schedule rings on which day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from typing import Any

from attrs import field, frozen

from edujournal.errors import BadInput, Problem
from edujournal.model.groups import words
from edujournal.model.time import plain_date


def _wall_time(_self: object, attribute: Any, value: Any) -> None:
    if not isinstance(value, time) or value.tzinfo is not None:
        raise BadInput(Problem(attribute.name, "not a time of day", "a naive time", repr(value)))


def _weekdays(values: Iterable[int] | None) -> frozenset[int] | None:
    return None if values is None else frozenset(values)


def _names(values: Iterable[str] | None) -> frozenset[str] | None:
    return None if values is None else frozenset(words(values))


def _dates_or_all(values: Iterable[date] | None) -> frozenset[date] | None:
    return None if values is None else frozenset(plain_date(day, "dates") for day in values)


@frozen
class Bell:
    """The bells of one lesson: its number in the day, its start and its end by the school's clocks.

    *Version added: 0.1.*

    Attributes:
        slot: Number of the lesson; 0 is legal.
        starts: Local time of the start.
        ends: Local time of the end, later the same day.
    """

    slot: int
    starts: time = field(validator=_wall_time)
    ends: time = field(validator=_wall_time)


def _bells(values: Iterable[Bell]) -> tuple[Bell, ...]:
    return tuple(sorted(values, key=lambda bell: (bell.starts, bell.slot)))


@frozen
class BellSchedule:
    """The bells of a day.

    *Version added: 0.1.*

    Attributes:
        id: Opaque id.
        bells: In order of their starts, whatever order they are given in.
    """

    id: str
    bells: tuple[Bell, ...] = field(converter=_bells)

    def bell(self, slot: int) -> Bell | None:
        """Give the bell of lesson number *slot*, or None if this day has no such lesson."""
        return next((bell for bell in self.bells if bell.slot == slot), None)


@frozen
class BellRule:
    """Says on which days and for which shift a schedule rings; what is None leaves that open.

    Of the rules that fit a day the narrowest wins: one that names dates (a shortened day) before
    one that names days of the cycle, before weekdays, before a shift, before one that names
    nothing. Of two equally narrow ones the later in the calendar's list wins.

    *Version added: 0.1.*

    Attributes:
        schedule: Id of a :class:`BellSchedule`.
        weekdays: ISO weekdays, 1 for Monday.
        shift: Number of the shift.
        dates: The dates themselves.
        cycle_days: Names of weeks or days of the calendar's cycle.
    """

    schedule: str
    weekdays: frozenset[int] | None = field(default=None, converter=_weekdays)
    shift: int | None = None
    dates: frozenset[date] | None = field(default=None, converter=_dates_or_all)
    cycle_days: frozenset[str] | None = field(default=None, converter=_names)

    @property
    def narrowness(self) -> tuple[bool, bool, bool, bool]:
        """What the rule names, in the order in which it counts; the greater wins."""
        return (
            self.dates is not None,
            self.cycle_days is not None,
            self.weekdays is not None,
            self.shift is not None,
        )

    def fits(self, d: date, weekday: int, cycle_day: str | None, shift: int) -> bool:
        """Tell whether the rule speaks of this day and shift.

        Args:
            d: The date itself.
            weekday: ISO weekday that is taught on it.
            cycle_day: Day or week of the cycle that is taught on it.
            shift: Number of the shift.
        """
        return (
            (self.dates is None or d in self.dates)
            and (self.cycle_days is None or cycle_day in self.cycle_days)
            and (self.weekdays is None or weekday in self.weekdays)
            and (self.shift is None or shift == self.shift)
        )


@frozen
class DatedSlot:
    """A place in the timetable on a date: when the lesson that stands there begins and ends.

    *Version added: 0.1.*

    Attributes:
        day: Local date.
        slot: Number of the lesson that day.
        starts: Instant of its start, UTC microseconds.
        ends: Instant of its end.
    """

    day: date
    slot: int
    starts: int
    ends: int
