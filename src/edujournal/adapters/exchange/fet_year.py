"""A FET timetable laid over a school year: its calendar, and the dated slots of its activities."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from attrs import frozen

from edujournal.adapters.exchange.fet import FetActivity, FetTimetable, iter_hours
from edujournal.errors import BadInput, Problem
from edujournal.model.calendar import (
    Bell,
    BellRule,
    BellSchedule,
    Calendar,
    Cycle,
    DatedSlot,
    Group,
    HolidaySet,
    PeriodSystem,
    Subject,
    Week,
)
from edujournal.model.ids import LONGEST_ID

_CLOCK: Final = re.compile(r"(?<!\d)([01]?\d|2[0-3])[:.]([0-5]\d)(?!\d)", re.ASCII)


@frozen
class FetLesson:
    """One hour of an activity on a date.

    *Version added: 0.1.*

    Attributes:
        activity: What is taught, by whom, as FET has it.
        group: Id of the group in the calendar.
        subject: Id of the subject in the calendar.
        at: Date, number of the lesson, and instants of its start and end.
    """

    activity: FetActivity
    group: str
    subject: str
    at: DatedSlot


@frozen
class FetYear:
    """A FET timetable and the calendar made of it, whose ids belong together.

    *Version added: 0.1.*

    Attributes:
        timetable: What was read.
        calendar: The school year.
        weekdays: ISO weekday of each day of the timetable.
        weeks: Name of the week of the cycle of each day; None where there is only one.
        first_slot: Number of the first hour.
        groups: Ids of groups by the names of students taught together.
        subjects: Ids of subjects by their names.
    """

    timetable: FetTimetable
    calendar: Calendar
    weekdays: tuple[int, ...]
    weeks: tuple[str | None, ...]
    first_slot: int
    groups: dict[tuple[str, ...], str]
    subjects: dict[str, str]

    def lessons(self, since: date | None = None, until: date | None = None) -> Iterator[FetLesson]:
        """Give the dated lessons of all activities that have a place and students.

        By activity, then by hour and date. Activities without a place are in
        ``timetable.unplaced``; those without students belong to no journal.

        Args:
            since: First day, by default that of the year.
            until: Day after the last one.
        """
        for activity, day, hour in iter_hours(self.timetable):
            if not activity.students:
                continue
            group = self.groups[activity.students]
            for slot in self.calendar.unroll(
                group,
                self.first_slot + hour,
                weekday=self.weekdays[day],
                cycle_day=self.weeks[day],
                since=since,
                until=until,
            ):
                yield FetLesson(activity, group, self.subjects[activity.subject], slot)


def lay_over(
    timetable: FetTimetable,
    *,
    school: str,
    year: str,
    zone: str,
    since: date,
    until: date,
    periods: PeriodSystem,
    holidays: HolidaySet,
    lesson: timedelta | None = None,
    bells: Sequence[tuple[time, time]] | None = None,
    weeks: Sequence[str] = (),
    anchor: date | None = None,
    weekdays: Sequence[int] | None = None,
    first_slot: int = 1,
    **further: Any,
) -> FetYear:
    """Lay *timetable* over a school year.

    FET knows no dates, no ends of lessons and no weekdays: they are told here. Its days are taken
    in order: those of the first week, then those of the second and so on.

    *Version added: 0.1.*

    Args:
        timetable: What was read from the FET file.
        school: Id of the school.
        year: Id of the year.
        zone: Name of the school's time zone.
        since: First day of the year.
        until: Day after its last one.
        periods: Periods of all groups.
        holidays: Holidays of all groups.
        lesson: Length of an hour, if the names of the hours tell their starts, such as ``08:30``.
        bells: Start and end of each hour; instead of *lesson*.
        weeks: Names of the weeks that take turns; empty if there is only one.
        anchor: Monday of a week that is the first of *weeks*.
        weekdays: ISO weekdays of the days of one week; by default from Monday on.
        first_slot: Number of the first hour; 0 is legal.
        further: Other fields of :class:`~edujournal.model.calendar.Calendar`, such as ``closed``.

    Returns:
        The calendar, with ids for groups and subjects, and the way to dated lessons.

    Raises:
        BadInput: The days do not make whole weeks, or the hours have no times.
        BadCalendar: The year contradicts itself.
    """
    turns = len(weeks) or 1
    length, rest = divmod(len(timetable.days), turns)
    taught = tuple(weekdays) if weekdays is not None else tuple(range(1, length + 1))
    if rest or not length or len(taught) != length or len(set(taught)) != length:
        raise BadInput(
            "days that do not make whole weeks",
            expected=f"{turns} times as many days as weekdays",
            found=f"{len(timetable.days)} days, {len(taught)} weekdays",
        )
    schedule = BellSchedule("fet", _bells(timetable.hours, lesson, bells, first_slot))
    groups, ids = _groups(timetable, periods.id, holidays.id)
    subjects = _ids(timetable.subjects)
    calendar = Calendar(
        school=school,
        year=year,
        zone=zone,
        since=since,
        until=until,
        groups=groups,
        subjects=[Subject(subjects[name], name) for name in timetable.subjects],
        period_systems=[periods],
        holiday_sets=[holidays],
        weeks=[Week("fet", taught)],
        staff_week="fet",
        schedules=[schedule],
        bell_rules=[BellRule("fet")],
        cycle=Cycle(weeks, anchor=anchor) if weeks else None,
        **further,
    )
    named = tuple(weeks) if weeks else (None,)
    return FetYear(
        timetable,
        calendar,
        taught * turns,
        tuple(name for name in named for _ in taught),
        first_slot,
        ids,
        subjects,
    )


def _bells(
    hours: Sequence[str],
    lesson: timedelta | None,
    bells: Sequence[tuple[time, time]] | None,
    first_slot: int,
) -> list[Bell]:
    if (lesson is None) == (bells is None):
        raise BadInput("no ends of lessons", expected="either lesson= or bells=")
    if bells is not None:
        if len(bells) != len(hours):
            raise BadInput(
                "bells for other hours", expected=f"{len(hours)} bells", found=str(len(bells))
            )
        return [Bell(slot, *pair) for slot, pair in enumerate(bells, first_slot)]
    return [
        Bell(slot, start, _later(start, lesson or timedelta()))
        for slot, start in enumerate(_starts(hours), first_slot)
    ]


def _starts(hours: Iterable[str]) -> list[time]:
    found = [(name, _CLOCK.search(name)) for name in hours]
    without = [
        Problem("hours", "an hour without a time", "such as 08:30", repr(name))
        for name, clock in found
        if not clock
    ]
    if without:
        raise BadInput(without)
    return [time(int(clock[1]), int(clock[2])) for _, clock in found if clock]


def _later(start: time, length: timedelta) -> time:
    ends = datetime.combine(date.min, start) + length
    if ends.date() != date.min:
        raise BadInput("a lesson over midnight", found=f"{start:%H:%M} and {length}")
    return ends.time()


def _groups(
    timetable: FetTimetable, periods: str, holidays: str
) -> tuple[list[Group], dict[tuple[str, ...], str]]:
    """Groups of the file, and a stream for each set of students that some activity joins."""
    joined = {
        activity.students: " + ".join(activity.students)
        for activity in timetable.activities
        if len(activity.students) > 1
    }
    ids = _ids([*(group.name for group in timetable.groups), *joined.values()])
    shared: dict[str, Any] = {"periods": periods, "holidays": holidays, "week": "fet"}
    groups = [
        Group(
            ids[group.name],
            "subgroup" if group.parents else "class",
            parents=[ids[name] for name in group.parents],
            title=group.name,
            **shared,
        )
        for group in timetable.groups
    ]
    groups += [
        Group(ids[name], "stream", parents=[ids[part] for part in parts], title=name, **shared)
        for parts, name in joined.items()
    ]
    known = {(group.name,): ids[group.name] for group in timetable.groups}
    return groups, known | {parts: ids[name] for parts, name in joined.items()}


def _ids(names: Iterable[str]) -> dict[str, str]:
    """Ids for names: the name itself where it can be one, else the nearest that can, numbered."""
    ids: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        shown = "".join(
            letter if letter.isprintable() and letter != "/" else "-"
            for letter in unicodedata.normalize("NFC", name)
        )
        base = id = shown.strip()[: LONGEST_ID - 8].strip()
        number = 1
        while id in taken:
            number += 1
            id = f"{base} ({number})"
        taken.add(id)
        ids[name] = id
    return ids
