"""Laws that hold of every calendar, against definitions that go day by day."""

from __future__ import annotations

import json
from datetime import date, time, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from edujournal.model.calendar import (
    Bell,
    BellRule,
    BellSchedule,
    Calendar,
    Cycle,
    Group,
    Holidays,
    HolidaySet,
    Period,
    PeriodSystem,
    Subject,
    Week,
)
from edujournal.model.calendar_plain import from_plain, to_plain
from edujournal.model.time import zone

DAY = timedelta(days=1)
START = date(2026, 8, 31)
YEAR = [START + DAY * n for n in range(364)]
END = YEAR[-1] + DAY
DAYS = st.sampled_from(YEAR)
WEEKDAYS = st.frozensets(st.integers(1, 7), min_size=1)
WORDS = st.text("АБABxyz 0189-№", min_size=1, max_size=6).map(str.strip).filter(bool)


@st.composite
def stretches(draw: st.DrawFn, most: int) -> list[tuple[date, date]]:
    """Stretches that do not overlap, with or without days between them."""
    cuts = sorted(draw(st.sets(st.sampled_from([*YEAR, END]), max_size=2 * most)))
    pairs = list(pairwise(cuts))
    return [pair for pair in pairs if draw(st.booleans())]


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """A faultless calendar of any shape."""
    systems = []
    for id in ("p1", "p2"):
        periods = [
            Period(f"m{n}", "module", n, since, until, draw(st.sampled_from(["", "Модуль"])))
            for n, (since, until) in enumerate(draw(stretches(4)), 1)
        ]
        if draw(st.booleans()):
            periods.append(Period("y", "year", 1, START, END))
        systems.append(PeriodSystem(id, periods))
    sets = [
        HolidaySet(id, [Holidays(f"h{n}", *pair) for n, pair in enumerate(draw(stretches(3)))])
        for id in ("h1", "h2")
    ]
    weeks = [Week("w1", draw(WEEKDAYS)), Week("w2", draw(WEEKDAYS))]
    slots = sorted(draw(st.sets(st.integers(0, 12), min_size=1)))
    schedules = [
        BellSchedule(id, [Bell(slot, time(7 + slot, 5), time(7 + slot, 50)) for slot in own])
        for id, own in (("all", slots), ("few", slots[:1]))
    ]
    cycle = draw(
        st.none()
        | st.builds(Cycle, st.just(["A", "B"]), anchor=st.just(START), pause=st.booleans())
        | st.builds(
            Cycle,
            st.just(["A", "B"]),
            dates=st.dictionaries(DAYS, st.sampled_from("AB"), min_size=1, max_size=20),
        )
    )
    extra = draw(st.sets(DAYS, max_size=6))
    off = draw(st.sets(DAYS, max_size=12)) - extra
    closed = {d for d in off if draw(st.booleans())}
    moved = {d: draw(DAYS.filter(lambda like, d=d: like != d)) for d in sorted(extra)[:2]}
    names = draw(st.lists(st.integers(1, 11), unique=True, min_size=1, max_size=4))
    groups = [
        Group(
            f"{n}{letter}",
            "class",
            grade=draw(st.none() | st.just(n)),
            shift=draw(st.integers(1, 3)),
            periods=draw(st.sampled_from(["p1", "p2"])),
            holidays=draw(st.sampled_from(["h1", "h2"])),
            week=draw(st.sampled_from(["w1", "w2"])),
            title=draw(WORDS),
        )
        for n in names
        for letter in sorted(draw(st.sets(st.sampled_from("XYZ"), min_size=1)))
    ]
    systems = [
        system
        for one in systems
        for system in [PeriodSystem(one.id, [p for p in one.periods if fits(p, one, groups, sets)])]
    ]
    rule = st.builds(
        BellRule,
        st.sampled_from(["all", "few"]),
        weekdays=st.none() | WEEKDAYS,
        shift=st.none() | st.integers(1, 3),
        dates=st.none() | st.frozensets(DAYS, max_size=9),
        cycle_days=st.none() | st.frozensets(st.sampled_from("AB")) if cycle else st.none(),
    )
    return Calendar(
        school="s",
        year="2026",
        zone=draw(st.sampled_from(["Europe/Moscow", "Asia/Kamchatka", "America/New_York"])),
        since=START,
        until=END,
        groups=groups,
        subjects=[
            Subject(
                "a",
                draw(WORDS),
                draw(st.sets(WORDS)),
                draw(st.booleans()),
                draw(st.none() | st.decimals(0, 40, places=1)),
            )
        ],
        period_systems=systems,
        holiday_sets=sets,
        weeks=weeks,
        staff_week="w1",
        schedules=schedules,
        bell_rules=[BellRule("all"), *draw(st.lists(rule, max_size=5))],
        closed=closed,
        cancelled=off - closed,
        working=extra - moved.keys(),
        moved=moved,
        cycle=cycle,
        sections=draw(st.lists(st.sampled_from(["bells", "rolls", "КТП"]), unique=True)),
    )


def fits(period: Period, system: PeriodSystem, groups: list[Group], sets: list[HolidaySet]) -> bool:
    """Whether no holidays of the groups that have this system cross a border of the period."""
    used = {group.holidays for group in groups if group.periods == system.id}
    return all(
        free.until <= period.since
        or period.until <= free.since
        or (period.since <= free.since and free.until <= period.until)
        for one in sets
        if one.id in used
        for free in one.holidays
    )


def taught(calendar: Calendar, group: Group, d: date) -> bool:
    """Whether *group* is taught on *d*, said once more in other words."""
    (system,) = (one for one in calendar.period_systems if one.id == group.periods)
    (free,) = (one for one in calendar.holiday_sets if one.id == group.holidays)
    (week,) = (one for one in calendar.weeks if one.id == group.week)
    stretches = [p for p in system.periods if p.kind != "year"] or system.periods
    if d < calendar.since or d >= calendar.until or d in calendar.closed | calendar.cancelled:
        return False
    if any(one.since <= d < one.until for one in free.holidays):
        return False
    if stretches and not any(one.since <= d < one.until for one in stretches):
        return False
    named = {one for one, _ in calendar.moved} | calendar.working
    return d in named or d.weekday() + 1 in week.days


@given(calendars())
def test_plain_data_is_exact(calendar: Calendar) -> None:
    """Through JSON and back it is the same calendar, and the same plain data."""
    plain: Any = json.loads(json.dumps(to_plain(calendar)))
    again = from_plain(plain)
    assert (calendar, plain) == (again, to_plain(again))


@given(calendars())
def test_school_days_are_what_the_definition_says(calendar: Calendar) -> None:
    """The list of a group's school days and the question about a day agree with the definition."""
    for group in calendar.groups:
        expected = [d for d in YEAR if taught(calendar, group, d)]
        assert expected == list(calendar.school_days(group.id))
        assert expected == [d for d in YEAR if calendar.is_school_day(group.id, d)]


@given(calendars(), DAYS, st.integers(-40, 40))
def test_counting_is_stepping(calendar: Calendar, d: date, n: int) -> None:
    """The n-th day on is n times the next one, and counting back undoes counting on."""
    group = calendar.groups[0].id
    school: date | None = d
    for _ in range(abs(n)):
        step = calendar.next_school_day if n > 0 else calendar.previous_school_day
        school = step(group, school) if school else None
    assert school == calendar.add_school_days(group, d, n)
    working = d
    for _ in range(abs(n)):
        working = (calendar.next_working_day if n > 0 else calendar.previous_working_day)(working)
    assert working == calendar.add_working_days(d, n)
    if school and calendar.is_school_day(group, d):
        assert d == calendar.add_school_days(group, school, -n)
    if calendar.is_working_day(d):
        assert d == calendar.add_working_days(working, -n)


@given(calendars(), DAYS)
def test_the_next_day_is_the_nearest(calendar: Calendar, d: date) -> None:
    """Between a day and the next one of its kind lies none, and the next one is of that kind."""
    group = calendar.groups[0]
    after = [one for one in YEAR if one > d and taught(calendar, group, one)]
    assert (after[0] if after else None) == calendar.next_school_day(group.id, d)
    before = [one for one in YEAR if one < d and taught(calendar, group, one)]
    assert (before[-1] if before else None) == calendar.previous_school_day(group.id, d)
    found = calendar.next_working_day(d)
    assert calendar.is_working_day(found)
    between = [d + DAY * n for n in range(1, (found - d).days)]
    assert not any(calendar.is_working_day(one) for one in between)


@given(calendars())
def test_nobody_is_taught_between_a_period_and_its_holidays(calendar: Calendar) -> None:
    """Adjoining holidays are the first after the last lesson; without them lessons come first."""
    for group in calendar.groups:
        for period in calendar.periods(group.id):
            days = [
                d for d in YEAR if period.since <= d < period.until and taught(calendar, group, d)
            ]
            last = days[-1] if days else period.since - DAY
            later = [one for one in calendar.holidays_of(group.id) if one.since > last]
            first = later[0] if later else None
            if first and any(taught(calendar, group, d) for d in YEAR if last < d < first.since):
                first = None
            assert first == calendar.holidays_adjoining(group.id, period.id)
            assert (days[-1] if days else None) == calendar.last_school_day(group.id, period.id)


@given(calendars(), st.integers(1, 7), st.sampled_from(["A", "B", None]))
def test_unrolling_finds_every_day_of_a_cell_once(
    calendar: Calendar, weekday: int, name: str | None
) -> None:
    """Dated slots are the school days taught as that day whose bells have the slot."""
    group = calendar.groups[0]
    cycle_day = name if calendar.cycle else None
    slot = calendar.schedules[0].bells[-1].slot
    here = zone(calendar.zone)
    like = dict(calendar.moved)
    expected = []
    for d in YEAR:
        model = like.get(d, d)
        bells = calendar.bells_on(d, group.shift)
        bell = bells and bells.bell(slot)
        if (
            taught(calendar, group, d)
            and model.isoweekday() == weekday
            and (cycle_day is None or calendar.cycle_day(d) == cycle_day)
            and bell
        ):
            expected.append((d, slot, here.at(d, bell.starts), here.at(d, bell.ends)))
    found = calendar.unroll(group.id, slot, weekday=weekday, cycle_day=cycle_day)
    assert expected == [(one.day, one.slot, one.starts, one.ends) for one in found]


@given(calendars(), DAYS, st.integers(1, 3))
def test_the_bells_are_of_the_narrowest_rule(calendar: Calendar, d: date, shift: int) -> None:
    """Points for what a rule names, dates most: the most points win, of equals the last."""
    like = dict(calendar.moved).get(d, d)

    def points(rule: BellRule) -> int:
        return (
            8 * (rule.dates is not None)
            + 4 * (rule.cycle_days is not None)
            + 2 * (rule.weekdays is not None)
            + (rule.shift is not None)
        )

    best = max(
        (points(rule), place, rule.schedule)
        for place, rule in enumerate(calendar.bell_rules)
        if (rule.dates is None or d in rule.dates)
        and (rule.cycle_days is None or calendar.cycle_day(d) in rule.cycle_days)
        and (rule.weekdays is None or like.isoweekday() in rule.weekdays)
        and (rule.shift is None or rule.shift == shift)
    )
    found = calendar.bells_on(d, shift)
    assert best[2] == (found and found.id)
