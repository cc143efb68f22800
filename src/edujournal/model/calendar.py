"""The frame of a school's year: when which group is taught, and when the staff is at work.

A calendar that cannot be is refused as it is made, with every fault and its dates.
All stretches are half-open, ``[since, until)``. Questions about lessons and deadlines are asked
here; no answer depends on a clock, a locale or the host.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, TypeVar

from attrs import field, frozen

from edujournal.errors import BadCalendar, BadInput, Unknown
from edujournal.model.bells import Bell, BellRule, BellSchedule, DatedSlot
from edujournal.model.calendar_faults import faults
from edujournal.model.calendar_index import CalendarIndex
from edujournal.model.counting import DayList, add_days
from edujournal.model.groups import Group, Subject, words
from edujournal.model.periods import Cycle, Holidays, HolidaySet, Period, PeriodSystem, Week
from edujournal.model.time import Zone, plain_date, zone

__all__ = [
    "Bell",
    "BellRule",
    "BellSchedule",
    "Calendar",
    "Cycle",
    "DatedSlot",
    "Group",
    "HolidaySet",
    "Holidays",
    "Period",
    "PeriodSystem",
    "Subject",
    "Week",
]

_DAY = timedelta(days=1)
_Named = TypeVar("_Named", Group, Subject, PeriodSystem, HolidaySet, Week, BellSchedule)


def _by_id(kind: type[_Named], values: Iterable[_Named]) -> tuple[_Named, ...]:
    found = tuple(values)
    for value in found:
        if not isinstance(value, kind):
            raise BadInput(f"not a {kind.__name__}", found=repr(value))
    return tuple(sorted(found, key=lambda value: value.id))


def _groups(values: Iterable[Group]) -> tuple[Group, ...]:
    return _by_id(Group, values)


def _subjects(values: Iterable[Subject]) -> tuple[Subject, ...]:
    return _by_id(Subject, values)


def _systems(values: Iterable[PeriodSystem]) -> tuple[PeriodSystem, ...]:
    return _by_id(PeriodSystem, values)


def _sets(values: Iterable[HolidaySet]) -> tuple[HolidaySet, ...]:
    return _by_id(HolidaySet, values)


def _weeks(values: Iterable[Week]) -> tuple[Week, ...]:
    return _by_id(Week, values)


def _schedules(values: Iterable[BellSchedule]) -> tuple[BellSchedule, ...]:
    return _by_id(BellSchedule, values)


def _rules(values: Iterable[BellRule]) -> tuple[BellRule, ...]:
    return tuple(values)


def _dates(values: Iterable[date]) -> frozenset[date]:
    return frozenset(plain_date(day) for day in values)


def _moves(
    values: Mapping[date, date] | Iterable[tuple[date, date]],
) -> tuple[tuple[date, date], ...]:
    pairs = values.items() if isinstance(values, Mapping) else values
    return tuple(sorted((plain_date(day), plain_date(like)) for day, like in pairs))


def _date(_self: object, attribute: Any, value: Any) -> None:
    plain_date(value, attribute.name)


@frozen(kw_only=True, cache_hash=True)
class Calendar:
    """One academic year of one school.

    What is given in any order is kept in the order of ids, so that calendars that say the same are
    equal. Only the order of *bell_rules* means something.

    *Version added: 0.1.*

    Attributes:
        school: Id of the school.
        year: Id of the year, such as ``2026``.
        zone: Name of the school's time zone.
        since: First day of the year.
        until: Day after its last one.
        groups: Whose journals there are.
        subjects: What is taught.
        period_systems: Periods, per set of groups that share them.
        holiday_sets: Holidays, per set of groups that share them.
        weeks: Weekdays taught, per set of groups that share them.
        staff_week: Id of the week in which the staff works.
        schedules: Bell schedules.
        bell_rules: When each of them rings; see :class:`~edujournal.model.bells.BellRule`.
        closed: Days on which neither pupils nor staff are at school: public holidays.
        cancelled: Days on which no pupil is taught but the staff is at work: frost, quarantine.
        working: Days on which all are at school although their week says no.
        moved: Days taught as if they were another date: its weekday, its place in the cycle, its
            bells. A moved day is taught and worked, whatever weekday it is itself.
        cycle: What the timetable repeats after, if that is not the week.
        sections: Sections of the year's set-up that this school keeps; empty leaves the choice to
            the regulation.

    Raises:
        BadCalendar: It contradicts itself; every fault is listed.
    """

    school: str
    year: str
    zone: str
    since: date = field(validator=_date)
    until: date = field(validator=_date)
    groups: tuple[Group, ...] = field(converter=_groups)
    subjects: tuple[Subject, ...] = field(default=(), converter=_subjects)
    period_systems: tuple[PeriodSystem, ...] = field(converter=_systems)
    holiday_sets: tuple[HolidaySet, ...] = field(converter=_sets)
    weeks: tuple[Week, ...] = field(converter=_weeks)
    staff_week: str
    schedules: tuple[BellSchedule, ...] = field(default=(), converter=_schedules)
    bell_rules: tuple[BellRule, ...] = field(default=(), converter=_rules)
    closed: frozenset[date] = field(default=frozenset(), converter=_dates)
    cancelled: frozenset[date] = field(default=frozenset(), converter=_dates)
    working: frozenset[date] = field(default=frozenset(), converter=_dates)
    moved: tuple[tuple[date, date], ...] = field(default=(), converter=_moves)
    cycle: Cycle | None = None
    sections: tuple[str, ...] = field(default=(), converter=words)
    _seen: CalendarIndex = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        found = faults(self)
        if found:
            raise BadCalendar(found)
        object.__setattr__(self, "_seen", CalendarIndex(self))

    @property
    def clocks(self) -> Zone:
        """The school's zone."""
        return zone(self.zone)

    def group(self, id: str) -> Group:
        """Give the group *id*.

        Raises:
            Unknown: There is none; the nearest id is named.
        """
        try:
            return self._seen.groups[id]
        except KeyError:
            raise Unknown("group", id, self._seen.groups, where=f"calendar {self.year}") from None

    def subject(self, id: str) -> Subject:
        """Give the subject *id*.

        Raises:
            Unknown: There is none; the nearest id is named.
        """
        try:
            return self._seen.subjects[id]
        except KeyError:
            raise Unknown(
                "subject", id, self._seen.subjects, where=f"calendar {self.year}"
            ) from None

    def classes_of(self, group: str) -> tuple[str, ...]:
        """Ids of the classes whose pupils *group* may have: itself, or its forebears; ordered."""
        return tuple(
            sorted(id for id in self.forebears(group) if self._seen.groups[id].kind == "class")
        )

    def forebears(self, group: str) -> frozenset[str]:
        """Ids of *group*, its parents, their parents and so on."""
        return self._seen.forebears[self.group(group).id]

    def offspring(self, group: str) -> frozenset[str]:
        """Ids of *group* and of every group that has it among its forebears."""
        self.group(group)
        return frozenset(id for id, above in self._seen.forebears.items() if group in above)

    def school_days(
        self, group: str, since: date | None = None, until: date | None = None
    ) -> tuple[date, ...]:
        """Give the school days of *group* in ``[since, until)``, by default of the whole year."""
        return self._taught(group).between(since or self.since, until or self.until)

    def is_school_day(self, group: str, d: date) -> bool:
        """Tell whether *group* is taught on *d*.

        It is on a day of its week, in a period, outside its holidays. A *working* or *moved* day
        counts whatever weekday it is, but not in the group's holidays nor outside its periods.
        *closed* and *cancelled* days never count, nor do days outside the year. Where the group's
        system has no periods, any day of the year may be one.

        Raises:
            Unknown: There is no such group.
        """
        return d in self._taught(group)

    def next_school_day(self, group: str, d: date, *, inclusive: bool = False) -> date | None:
        """Give the first school day of *group* after *d*, or from *d* on; None if the year has none."""
        if inclusive and self.is_school_day(group, d):
            return d
        return self._taught(group).add(d, 1)

    def previous_school_day(self, group: str, d: date, *, inclusive: bool = False) -> date | None:
        """Give the last school day of *group* before *d*, or up to *d*; None if the year has none."""
        if inclusive and self.is_school_day(group, d):
            return d
        return self._taught(group).add(d, -1)

    def add_school_days(self, group: str, d: date, n: int) -> date | None:
        """Give the *n*-th school day of *group* after *d*; before it if *n* is negative.

        *d* itself is never counted; with 0 it is the answer, school day or not. None where the year
        has no such day: what lies beyond it is not known here.
        """
        return self._taught(group).add(d, n)

    def is_working_day(self, d: date) -> bool:
        """Tell whether the staff is at work on *d*, in the year or outside it.

        It is on the days of *staff_week*, pupils' holidays included, and on *working* and *moved*
        days; never on *closed* ones. Outside the year the weekday decides, and what the calendar
        happens to say of that date.
        """
        seen = self._seen
        if d in self.closed:
            return False
        return d.isoweekday() in seen.staff or d in self.working or d in seen.moved

    def next_working_day(self, d: date, *, inclusive: bool = False) -> date:
        """Give the first working day of the staff after *d*, or from *d* on."""
        return d if inclusive and self.is_working_day(d) else self.add_working_days(d, 1)

    def previous_working_day(self, d: date, *, inclusive: bool = False) -> date:
        """Give the last working day of the staff before *d*, or up to *d*."""
        return d if inclusive and self.is_working_day(d) else self.add_working_days(d, -1)

    def add_working_days(self, d: date, n: int) -> date:
        """Give the *n*-th working day of the staff after *d*; before it if *n* is negative.

        *d* itself is never counted; with 0 it is the answer, working day or not.
        """
        return add_days(self.is_working_day, d, n)

    def periods(self, group: str) -> tuple[Period, ...]:
        """Give the periods of *group* in order of time.

        Raises:
            Unknown: There is no such group.
        """
        return self._seen.systems[self.group(group).periods].periods

    def period(self, group: str, id: str) -> Period:
        """Give the period *id* of *group*.

        Raises:
            Unknown: There is no such group, or its system has no such period.
        """
        known = {period.id: period for period in self.periods(group)}
        if id not in known:
            raise Unknown("period", id, known, where=f"calendar {self.year}, group {group}")
        return known[id]

    def period_on(self, group: str, d: date) -> Period | None:
        """Give the period of *group* in which *d* lies; one of kind ``year`` only if it has no others."""
        system = self._seen.systems[self.group(group).periods]
        return next((period for period in system.taught if d in period), None)

    def last_school_day(self, group: str, period: str) -> date | None:
        """Give the last day of *period* on which *group* is taught; None if it never is."""
        found = self.period(group, period)
        last = self._taught(group).last_before(found.until)
        return None if last is None or last < found.since else last

    def holidays_of(self, group: str) -> tuple[Holidays, ...]:
        """Give the holidays of *group* in order of time."""
        return self._seen.holidays[self.group(group).holidays].holidays

    def holidays_adjoining(self, group: str, period: str) -> Holidays | None:
        """Give the holidays of *group* that the end of *period* runs into.

        They are the first after the last school day of the period, if no school day of the group
        lies between. Weekends, closed days and days that belong to no period do not part them. If
        they begin before the period ends on paper, they adjoin it all the same, for nobody is
        taught in between. Holidays inside a period, with lessons after them, do not.
        """
        last = self.last_school_day(group, period)
        after = self.period(group, period).since - _DAY if last is None else last
        following = self._taught(group).add(after, 1)
        for free in self.holidays_of(group):
            if free.since > after and (following is None or free.since < following):
                return free
        return None

    def taught_as(self, d: date) -> date:
        """Give the date as which *d* is taught: itself, unless it is *moved*."""
        return self._seen.moved.get(d, d)

    def cycle_day(self, d: date) -> str | None:
        """Name the week or day of the cycle that is taught on *d*; None if there is none."""
        return self._seen.cycle_day(self.taught_as(d))

    def bells_on(self, d: date, shift: int = 1) -> BellSchedule | None:
        """Give the bells that ring on *d* for *shift*; None if no rule speaks of that day.

        A moved day has the bells of the weekday and cycle day as which it is taught, unless a rule
        names its date.
        """
        return self._seen.bells_on(d, shift)

    def unroll(
        self,
        group: str,
        slot: int,
        *,
        weekday: int | None = None,
        cycle_day: str | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> tuple[DatedSlot, ...]:
        """Make dated slots of one cell of a weekly or cyclic timetable.

        One for each school day of the group that is taught as that weekday and as that day of the
        cycle. On a day whose bells lack the slot (a shortened one) there is none.

        *Version added: 0.1.*

        Args:
            group: Whose timetable; its shift decides about the bells.
            slot: Number of the lesson.
            weekday: ISO weekday of the cell; None if the cycle alone decides.
            cycle_day: Week or day of the cycle; None if the weekday alone decides.
            since: First day, by default that of the year.
            until: Day after the last one.

        Returns:
            In order of dates, with instants of start and end.

        Raises:
            Unknown: There is no such group, no such day of the cycle, or no bells have that slot.
            BadInput: Neither weekday nor day of the cycle is named, or a day has no bells at all.
        """
        shift = self.group(group).shift
        if weekday is None and cycle_day is None:
            raise BadInput("a cell without a day", expected="a weekday, a day of the cycle or both")
        names = self.cycle.days if self.cycle else ()
        if cycle_day is not None and cycle_day not in names:
            raise Unknown("day of the cycle", cycle_day, names, where=f"calendar {self.year}")
        if not any(schedule.bell(slot) for schedule in self.schedules):
            slots = {str(bell.slot) for schedule in self.schedules for bell in schedule.bells}
            raise Unknown("slot", str(slot), slots, where=f"calendar {self.year}")
        return tuple(
            dated
            for d in self.school_days(group, since, until)
            if (weekday is None or self.taught_as(d).isoweekday() == weekday)
            and (cycle_day is None or self.cycle_day(d) == cycle_day)
            for dated in self._slot_on(d, shift, slot)
        )

    def _slot_on(self, d: date, shift: int, slot: int) -> Iterator[DatedSlot]:
        schedule = self.bells_on(d, shift)
        if schedule is None:
            raise BadInput(
                "a school day without bells",
                where=f"calendar {self.year}",
                expected="a bell rule that fits",
                found=f"{d.isoformat()}, shift {shift}",
            )
        bell = schedule.bell(slot)
        if bell:
            clocks = self.clocks
            yield DatedSlot(d, slot, clocks.at(d, bell.starts), clocks.at(d, bell.ends))

    def _taught(self, group: str) -> DayList:
        return self._seen.school_days(self.group(group))
