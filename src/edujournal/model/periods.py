"""Stretches of the academic year: periods, holidays, weeks taught, cycles of days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from attrs import field, frozen

from edujournal.model.groups import words
from edujournal.model.time import plain_date

#: The kind of a period that may lie over the others of its system.
YEAR = "year"


def _date(_self: object, attribute: Any, value: Any) -> None:
    plain_date(value, attribute.name)


def _date_or_none(_self: object, attribute: Any, value: Any) -> None:
    if value is not None:
        plain_date(value, attribute.name)


@frozen
class Period:
    """A stretch of the year that ends with results: a quarter, a trimester, a half, a module, a year.

    *Version added: 0.1.*

    Attributes:
        id: Opaque id, unique within its system.
        kind: ``quarter``, ``trimester``, ``half``, ``module``, ``year`` or any other word.
        index: Its number among those of its kind, from 1.
        since: First day.
        until: Day after the last one.
        title: As people call it.
    """

    id: str
    kind: str
    index: int
    since: date = field(validator=_date)
    until: date = field(validator=_date)
    title: str = ""

    @property
    def last_day(self) -> date:
        """Last day of the period, whether or not it is taught."""
        return self.until - timedelta(days=1)

    def __contains__(self, d: date) -> bool:
        return self.since <= d < self.until


@frozen
class Holidays:
    """A stretch in which the pupils of some groups are not taught and the staff is at work.

    *Version added: 0.1.*

    Attributes:
        id: Opaque id, unique within its set.
        since: First day.
        until: Day after the last one.
        title: As people call it.
    """

    id: str
    since: date = field(validator=_date)
    until: date = field(validator=_date)
    title: str = ""

    def __contains__(self, d: date) -> bool:
        return self.since <= d < self.until


def _holidays(values: Iterable[Holidays]) -> tuple[Holidays, ...]:
    return tuple(sorted(values, key=lambda value: (value.since, value.until, value.id)))


def _periods(values: Iterable[Period]) -> tuple[Period, ...]:
    return tuple(sorted(values, key=lambda value: (value.since, value.until, value.id)))


def _weekdays(values: Iterable[int]) -> frozenset[int]:
    return frozenset(values)


@frozen
class HolidaySet:
    """The holidays of the groups that share them.

    *Version added: 0.1.*
    """

    id: str
    holidays: tuple[Holidays, ...] = field(default=(), converter=_holidays)


@frozen
class PeriodSystem:
    """The periods of the groups that share them, in order of time.

    *Version added: 0.1.*

    Attributes:
        id: Opaque id.
        periods: They may not overlap, but that one of kind ``year`` may lie over all others. A
            system without periods leaves the whole year open.
    """

    id: str
    periods: tuple[Period, ...] = field(default=(), converter=_periods)

    @property
    def taught(self) -> tuple[Period, ...]:
        """The periods in which lessons are: the year itself only where there are no others."""
        finer = tuple(period for period in self.periods if period.kind != YEAR)
        return finer or self.periods

    def clipped(self, holidays: HolidaySet, id: str) -> PeriodSystem:
        """Give these periods, as system *id*, without the days that *holidays* take off their ends.

        For a class whose holidays begin before its school's quarter ends, or end after the next one
        has begun. Holidays inside a period take nothing off it.

        *Version added: 0.1.*
        """
        clipped = []
        for period in self.periods:
            since, until = period.since, period.until
            for free in holidays.holidays:
                if free.since <= since < free.until < until:
                    since = free.until
                if since < free.since < until <= free.until:
                    until = free.since
            clipped.append(Period(period.id, period.kind, period.index, since, until, period.title))
        return PeriodSystem(id, tuple(clipped))


@frozen
class Week:
    """The weekdays on which some groups, or the staff, are at school.

    *Version added: 0.1.*

    Attributes:
        id: Opaque id.
        days: ISO weekdays, 1 for Monday.
    """

    id: str
    days: frozenset[int] = field(converter=_weekdays)


def _pairs(values: Mapping[date, str] | Iterable[tuple[date, str]]) -> tuple[tuple[date, str], ...]:
    pairs = values.items() if isinstance(values, Mapping) else values
    return tuple(sorted((plain_date(day, "dates"), str(name)) for day, name in pairs))


@frozen
class Cycle:
    """What a timetable repeats after: weeks that take turns, or days that are named date by date.

    Give either an *anchor*, for weeks that take turns, or *dates*, for a cycle of days that pays no
    heed to weeks.

    *Version added: 0.1.*

    Attributes:
        days: Names in their order, such as ``("А", "В")`` or ``("1", …, "10")``.
        anchor: Monday of a week that bears the first name.
        dates: Which date is which day of the cycle; a date that is not named has none.
        pause: Whether weeks in which no group has a school day are left out of the count.
    """

    days: tuple[str, ...] = field(converter=words)
    anchor: date | None = field(default=None, validator=_date_or_none)
    dates: tuple[tuple[date, str], ...] = field(default=(), converter=_pairs)
    pause: bool = False
