"""What a calendar works out of itself once: its ids, the school days of its groups, its bells."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, timedelta
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

from edujournal.model.bells import BellRule, BellSchedule
from edujournal.model.counting import DayList
from edujournal.model.groups import Group

if TYPE_CHECKING:
    from edujournal.model.calendar import Calendar

_DAY = timedelta(days=1)


def monday_of(d: date) -> date:
    """Give the Monday of the week in which *d* lies."""
    return d - timedelta(days=d.weekday())


class CalendarIndex:
    """The answers of one faultless calendar that are worth keeping; never part of what it says."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self.groups = {group.id: group for group in calendar.groups}
        self.subjects = {subject.id: subject for subject in calendar.subjects}
        self.systems = {system.id: system for system in calendar.period_systems}
        self.holidays = {holidays.id: holidays for holidays in calendar.holiday_sets}
        self.weeks = {week.id: week.days for week in calendar.weeks}
        self.schedules = {schedule.id: schedule for schedule in calendar.schedules}
        self.staff = self.weeks[calendar.staff_week]
        self.moved = dict(calendar.moved)
        self.forebears: dict[str, frozenset[str]] = {}
        for id in TopologicalSorter(
            {id: one.parents for id, one in self.groups.items()}
        ).static_order():
            above = (self.forebears[parent] for parent in self.groups[id].parents)
            self.forebears[id] = frozenset((id,)).union(*above)
        self._cycle_dates = dict(calendar.cycle.dates) if calendar.cycle else {}
        self._school_days: dict[tuple[str, str, str], DayList] = {}
        self._bells: dict[tuple[date, int], BellSchedule | None] = {}
        self._taught_weeks: tuple[date, ...] | None = None

    def school_days(self, group: Group) -> DayList:
        """School days of *group*; groups with the same periods, holidays and week share them."""
        key = (group.periods, group.holidays, group.week)
        if key not in self._school_days:
            self._school_days[key] = DayList(self._find_school_days(*key))
        return self._school_days[key]

    def bells_on(self, d: date, shift: int) -> BellSchedule | None:
        """Schedule of the narrowest rule that fits, the later of two equally narrow ones."""
        key = (d, shift)
        if key not in self._bells:
            like = self.moved.get(d, d)
            weekday, named = like.isoweekday(), self.cycle_day(like)
            best: BellRule | None = None
            for rule in self._calendar.bell_rules:
                if rule.fits(d, weekday, named, shift) and (
                    best is None or rule.narrowness >= best.narrowness
                ):
                    best = rule
            self._bells[key] = self.schedules[best.schedule] if best else None
        return self._bells[key]

    def cycle_day(self, d: date) -> str | None:
        """Name of the week or day of the cycle on *d*, whatever day it is taught as."""
        cycle = self._calendar.cycle
        if cycle is None:
            return None
        if cycle.anchor is None:
            return self._cycle_dates.get(d)
        monday = monday_of(d)
        if not cycle.pause:
            return cycle.days[(monday - cycle.anchor).days // 7 % len(cycle.days)]
        weeks = self._weeks()
        place = bisect_left(weeks, monday)
        if place == len(weeks) or weeks[place] != monday:
            return None
        return cycle.days[(place - bisect_left(weeks, cycle.anchor)) % len(cycle.days)]

    def _find_school_days(self, periods: str, holidays: str, week: str) -> Iterator[date]:
        calendar = self._calendar
        stretches = self.systems[periods].taught
        free = self.holidays[holidays].holidays
        taught = self.weeks[week]
        extra = calendar.working | self.moved.keys()
        off = calendar.closed | calendar.cancelled
        d = calendar.since
        while d < calendar.until:
            if (
                d not in off
                and (d in extra or d.isoweekday() in taught)
                and (not stretches or any(d in stretch for stretch in stretches))
                and not any(d in stretch for stretch in free)
            ):
                yield d
            d += _DAY

    def _weeks(self) -> tuple[date, ...]:
        """Mondays of the weeks in which some group is taught."""
        if self._taught_weeks is None:
            days = (d for group in self.groups.values() for d in self.school_days(group).days)
            self._taught_weeks = tuple(sorted({monday_of(d) for d in days}))
        return self._taught_weeks
