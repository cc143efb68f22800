"""What is impossible in a calendar: every fault, with its dates, and nothing raised on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from edujournal.errors import BadInput, Problem, Unknown, nearest
from edujournal.model.groups import GROUP_KINDS, Group
from edujournal.model.ids import check_id
from edujournal.model.lookalikes import lookalikes, scripts
from edujournal.model.periods import YEAR, Cycle
from edujournal.model.time import zone

if TYPE_CHECKING:
    from edujournal.model.calendar import Calendar

_WEEKDAYS = frozenset(range(1, 8))


def faults(calendar: Calendar) -> list[Problem]:
    """Give everything that is wrong with *calendar*, in the order of its fields.

    *Version added: 0.1.*
    """
    return [
        *_ids(calendar),
        *_frame(calendar),
        *_groups(calendar),
        *_stretches(calendar),
        *_clashes(calendar),
        *_weeks(calendar),
        *_bells(calendar),
        *_days(calendar),
        *_cycle(calendar),
    ]


def _span(stretch: Any) -> str:
    """Dates of a stretch as people read them: first and last day."""
    if stretch.since >= stretch.until:
        return f"[{stretch.since}, {stretch.until})"
    last = stretch.until - timedelta(days=1)
    return f"{stretch.since} … {last}"


def _known(where: str, noun: str, name: str, known: Iterable[str]) -> Iterator[Problem]:
    names = set(known)
    if name not in names:
        near = nearest(name, names)
        yield Problem(
            where,
            f"unknown {noun}",
            found=repr(name),
            mend=f"Did you mean {near!r}?" if near else "",
        )


def _ids(calendar: Calendar) -> Iterator[Problem]:
    named: list[tuple[str, str, Iterable[str]]] = [
        ("school", "school", (calendar.school,)),
        ("year", "year", (calendar.year,)),
        ("groups", "group", (group.id for group in calendar.groups)),
        ("subjects", "subject", (subject.id for subject in calendar.subjects)),
        ("period_systems", "period system", (system.id for system in calendar.period_systems)),
        ("holiday_sets", "holiday set", (free.id for free in calendar.holiday_sets)),
        ("weeks", "week", (week.id for week in calendar.weeks)),
        ("schedules", "bell schedule", (schedule.id for schedule in calendar.schedules)),
        ("sections", "section", calendar.sections),
    ]
    named += [
        (f"period_systems.{system.id}", "period", (period.id for period in system.periods))
        for system in calendar.period_systems
    ]
    named += [
        (f"holiday_sets.{free.id}", "holidays", (holidays.id for holidays in free.holidays))
        for free in calendar.holiday_sets
    ]
    for where, noun, ids in named:
        for id, times in Counter(ids).items():
            try:
                check_id(id, noun)
            except BadInput as error:
                yield from (
                    Problem(where, problem.what, problem.expected, problem.found, problem.mend)
                    for problem in error.problems
                )
            if times > 1:
                yield Problem(where, f"{noun} {id!r} is given {times} times")
    for where, ids in (
        ("groups", {group.id for group in calendar.groups}),
        ("subjects", {subject.id for subject in calendar.subjects}),
    ):
        for twins in lookalikes(ids):
            yield Problem(
                where,
                "ids that look alike",
                expected="ids that people can tell apart",
                found=", ".join(f"{id!r} ({scripts(id)})" for id in twins),
                mend="Keep one spelling for one group.",
            )


def _frame(calendar: Calendar) -> Iterator[Problem]:
    try:
        zone(calendar.zone)
    except Unknown as error:
        yield from (Problem("zone", problem.what, mend=problem.mend) for problem in error.problems)
    if not _framed(calendar):
        yield Problem("since", "the year ends before it begins", "since < until", _span(calendar))


def _framed(calendar: Calendar) -> bool:
    """Whether the year has a frame at all; without one every date would be outside it."""
    return calendar.since < calendar.until


def _groups(calendar: Calendar) -> Iterator[Problem]:
    kinds = {group.id: group.kind for group in calendar.groups}
    for group in calendar.groups:
        where = f"groups.{group.id}"
        yield from _known(f"{where}.kind", "kind of group", group.kind, GROUP_KINDS)
        for noun, name, known in (
            ("periods", group.periods, calendar.period_systems),
            ("holidays", group.holidays, calendar.holiday_sets),
            ("week", group.week, calendar.weeks),
        ):
            yield from _known(f"{where}.{noun}", noun, name, (value.id for value in known))
        for parent in group.parents:
            yield from _known(f"{where}.parents", "group", parent, kinds)
        yield from _shape(group, where)
    yield from _circles(calendar)


def _shape(group: Group, where: str) -> Iterator[Problem]:
    if group.kind == "class" and group.parents:
        yield Problem(where, "a class is part of nothing", "no parents", ", ".join(group.parents))
    if group.kind in {"subgroup", "stream"} and not group.parents:
        yield Problem(where, f"a {group.kind} of nothing", "its classes in parents")
    if group.kind == "plan" and group.pupil is None:
        yield Problem(where, "an individual plan of nobody", "its pupil")
    if group.kind != "plan" and group.pupil is not None:
        yield Problem(
            where, f"a {group.kind} with a single pupil", "kind 'plan'", repr(group.pupil)
        )
    if group.shift < 1:
        yield Problem(f"{where}.shift", "not a shift", "1 or more", str(group.shift))


def _circles(calendar: Calendar) -> Iterator[Problem]:
    parents = {group.id: set(group.parents) for group in calendar.groups}
    while True:
        try:
            TopologicalSorter(parents).prepare()
        except CycleError as error:
            circle: list[str] = error.args[1][::-1]
        else:
            return
        yield Problem("groups", "a group is part of itself", found=" → ".join(circle))
        parents[circle[0]].discard(circle[1])


def _stretches(calendar: Calendar) -> Iterator[Problem]:
    for system in calendar.period_systems:
        where = f"period_systems.{system.id}"
        yield from _in_year(calendar, where, "period", system.periods)
        finer = [period for period in system.periods if period.kind != YEAR]
        yield from _overlaps(where, "periods", finer)
        years = [period for period in system.periods if period.kind == YEAR]
        yield from _overlaps(where, "years", years)
    for free in calendar.holiday_sets:
        where = f"holiday_sets.{free.id}"
        yield from _in_year(calendar, where, "holidays", free.holidays)
        yield from _overlaps(where, "holidays", free.holidays)


def _in_year(
    calendar: Calendar, where: str, noun: str, stretches: Iterable[Any]
) -> Iterator[Problem]:
    for stretch in stretches:
        place = f"{where}.{stretch.id}"
        if stretch.since >= stretch.until:
            yield Problem(place, f"{noun} without a day", "since < until", _span(stretch))
        elif _framed(calendar) and not (
            calendar.since <= stretch.since and stretch.until <= calendar.until
        ):
            yield Problem(
                place, f"{noun} outside the year", f"within {_span(calendar)}", _span(stretch)
            )


def _overlaps(where: str, noun: str, stretches: Iterable[Any]) -> Iterator[Problem]:
    real = [stretch for stretch in stretches if stretch.since < stretch.until]
    for place, earlier in enumerate(real):
        for later in real[place + 1 :]:
            if later.since < earlier.until:
                yield Problem(
                    where,
                    f"{noun} {earlier.id!r} and {later.id!r} overlap",
                    found=f"{_span(earlier)} and {_span(later)}",
                )


def _clashes(calendar: Calendar) -> Iterator[Problem]:
    """Holidays that cross the border of a period of the groups that have both.

    Holidays inside a period, up to its very end, are no contradiction: many first grades have a
    week off in February, and many a quarter ends on paper on a day that nobody is taught.
    """
    systems = {system.id: system for system in calendar.period_systems}
    sets = {free.id: free for free in calendar.holiday_sets}
    pairs: dict[tuple[str, str], list[str]] = {}
    for group in calendar.groups:
        if group.periods in systems and group.holidays in sets:
            pairs.setdefault((group.periods, group.holidays), []).append(group.id)
    for (periods, holidays), groups in pairs.items():
        for period in systems[periods].taught:
            for free in sets[holidays].holidays:
                meets = free.since < period.until and period.since < free.until
                inside = period.since <= free.since and free.until <= period.until
                if meets and not inside:
                    yield Problem(
                        f"period_systems.{periods}.{period.id}",
                        f"period {period.id!r} and holidays {free.id!r} overlap",
                        found=f"{_span(period)} and {_span(free)}, both of {_some(groups)}",
                        mend="Mend the dates, or give these groups PeriodSystem.clipped(…).",
                    )


def _some(ids: list[str]) -> str:
    shown = ", ".join(repr(id) for id in ids[:3])
    return f"{shown} and {len(ids) - 3} more" if len(ids) > 3 else shown


def _weeks(calendar: Calendar) -> Iterator[Problem]:
    for week in calendar.weeks:
        if not week.days or not week.days <= _WEEKDAYS:
            yield Problem(
                f"weeks.{week.id}",
                "not the days of a week",
                "ISO weekdays 1 … 7, at least one",
                str(sorted(week.days)),
            )
    yield from _known(
        "staff_week", "week", calendar.staff_week, (week.id for week in calendar.weeks)
    )


def _bells(calendar: Calendar) -> Iterator[Problem]:
    for schedule in calendar.schedules:
        where = f"schedules.{schedule.id}"
        for slot, times in Counter(bell.slot for bell in schedule.bells).items():
            if times > 1:
                yield Problem(where, f"slot {slot} rings {times} times")
            if slot < 0:
                yield Problem(where, "not a slot", "0 or more", str(slot))
        for bell in schedule.bells:
            if bell.starts >= bell.ends:
                yield Problem(
                    where,
                    f"slot {bell.slot} ends before it begins",
                    found=f"{bell.starts:%H:%M:%S} … {bell.ends:%H:%M:%S}",
                )
        for earlier, later in pairwise(schedule.bells):
            if later.starts < earlier.ends:
                yield Problem(
                    where,
                    f"slots {earlier.slot} and {later.slot} overlap",
                    found=f"{earlier.starts:%H:%M} … {earlier.ends:%H:%M}"
                    f" and {later.starts:%H:%M} … {later.ends:%H:%M}",
                )
    for place, rule in enumerate(calendar.bell_rules):
        where = f"bell_rules[{place}]"
        yield from _known(
            where, "bell schedule", rule.schedule, (schedule.id for schedule in calendar.schedules)
        )
        if rule.weekdays is not None and not rule.weekdays <= _WEEKDAYS:
            yield Problem(where, "not weekdays", "1 … 7", str(sorted(rule.weekdays)))
        for name in sorted(rule.cycle_days or ()):
            names = calendar.cycle.days if calendar.cycle else ()
            yield from _known(where, "day of the cycle", name, names)
        yield from _dates_in_year(calendar, f"{where}.dates", rule.dates or ())


def _days(calendar: Calendar) -> Iterator[Problem]:
    taught = dict(calendar.moved)
    for off_name, off in (("closed", calendar.closed), ("cancelled", calendar.cancelled)):
        for on_name, on in (("working", calendar.working), ("moved", taught.keys())):
            for d in sorted(off & on):
                yield Problem(on_name, f"a {on_name} day that is also {off_name}", found=str(d))
    for d in sorted(calendar.closed & calendar.cancelled):
        yield Problem("cancelled", "a cancelled day that is also closed", found=str(d))
    for d, times in Counter(d for d, _ in calendar.moved).items():
        if times > 1:
            yield Problem("moved", f"one day taught as {times} others", found=str(d))
    for d, like in calendar.moved:
        if d == like:
            yield Problem("moved", "a day taught as itself", found=str(d))
        yield from _dates_in_year(calendar, "moved", (d, like))


def _dates_in_year(calendar: Calendar, where: str, dates: Iterable[date]) -> Iterator[Problem]:
    for d in sorted(dates) if _framed(calendar) else ():
        if not calendar.since <= d < calendar.until:
            yield Problem(where, "a date outside the year", f"within {_span(calendar)}", str(d))


def _cycle(calendar: Calendar) -> Iterator[Problem]:
    cycle: Cycle | None = calendar.cycle
    if cycle is None:
        return
    if not cycle.days:
        yield Problem("cycle.days", "a cycle without days", "at least one name")
    for name, times in Counter(cycle.days).items():
        if times > 1:
            yield Problem("cycle.days", f"day {name!r} is given {times} times")
    if (cycle.anchor is None) == (not cycle.dates):
        yield Problem(
            "cycle", "a cycle of weeks or of dates", "either an anchor or dates", mend="Give one."
        )
    if cycle.anchor is not None and cycle.anchor.isoweekday() != 1:
        yield Problem("cycle.anchor", "not the start of a week", "a Monday", str(cycle.anchor))
    if cycle.pause and cycle.anchor is None:
        yield Problem("cycle.pause", "only weeks can pause", "an anchor")
    for d, times in Counter(d for d, _ in cycle.dates).items():
        if times > 1:
            yield Problem("cycle.dates", f"one date is {times} days of the cycle", found=str(d))
    for d, name in cycle.dates:
        yield from _known(f"cycle.dates.{d}", "day of the cycle", name, cycle.days)
    yield from _dates_in_year(calendar, "cycle.dates", (d for d, _ in cycle.dates))
