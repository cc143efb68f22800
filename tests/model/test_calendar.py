"""What a calendar answers: school days, working days, periods, holidays, bells, cycles, slots."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, time, timedelta

import attrs
import pytest

from edujournal.errors import BadInput, Unknown
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

MON, TUE, WED, THU, FRI, SAT, SUN = (date(2026, 9, 7) + timedelta(days=n) for n in range(7))


def group(id: str, kind: str = "class", *parents: str, **fields) -> Group:
    """A group that shares quarters, holidays and a five-day week with most."""
    given = {"periods": "quarters", "holidays": "common", "week": "five"} | fields
    return Group(id, kind, parents=parents, **given)


QUARTERS = PeriodSystem(
    "quarters",
    [
        Period("q1", "quarter", 1, date(2026, 9, 1), date(2026, 10, 25)),
        Period("q2", "quarter", 2, date(2026, 11, 2), date(2027, 1, 1)),
        Period("q3", "quarter", 3, date(2027, 1, 11), date(2027, 3, 27)),
        Period("q4", "quarter", 4, date(2027, 4, 5), date(2027, 5, 27)),
        Period("y", "year", 1, date(2026, 9, 1), date(2027, 5, 27)),
    ],
)
HALVES = PeriodSystem(
    "halves",
    [
        Period("h1", "half", 1, date(2026, 9, 1), date(2027, 1, 1)),
        Period("h2", "half", 2, date(2027, 1, 11), date(2027, 5, 27)),
    ],
)
COMMON = HolidaySet(
    "common",
    [
        Holidays("autumn", date(2026, 10, 26), date(2026, 11, 2)),
        Holidays("winter", date(2026, 12, 30), date(2027, 1, 1)),
        Holidays("new-year", date(2027, 1, 1), date(2027, 1, 11)),
        Holidays("spring", date(2027, 3, 27), date(2027, 4, 5)),
    ],
)
FIRST = HolidaySet(
    "first", [*COMMON.holidays, Holidays("february", date(2027, 2, 15), date(2027, 2, 22))]
)
BELLS = [
    BellSchedule("usual", [Bell(1, time(8, 30), time(9, 15)), Bell(2, time(9, 25), time(10, 10))]),
    BellSchedule("zero", [Bell(0, time(7, 40), time(8, 20)), Bell(1, time(8, 30), time(9, 15))]),
    BellSchedule(
        "second", [Bell(1, time(14, 0), time(14, 40)), Bell(2, time(14, 50), time(15, 30))]
    ),
    BellSchedule("short", [Bell(1, time(8, 30), time(9, 0))]),
    BellSchedule("friday", [Bell(1, time(14, 10), time(14, 50))]),
]


@pytest.fixture
def calendar() -> Calendar:
    """A school of many kinds of groups on the far side of the date line."""
    return Calendar(
        school="s",
        year="2026",
        zone="Asia/Kamchatka",
        since=date(2026, 9, 1),
        until=date(2027, 9, 1),
        groups=[
            group("7A"),
            group("7A-en1", "subgroup", "7A"),
            group("7B", week="six"),
            group("1A", holidays="first"),
            group("10A", periods="halves"),
            group("7-choir", "stream", "7A", "7B"),
            group("choir-alto", "subgroup", "7-choir"),
            group("plan-17", "plan", "7A", pupil="p17"),
            group("free", periods="open"),
            group("8B", shift=2),
        ],
        subjects=[
            Subject("alg", tags="science", weekly_hours="1.50"),
            Subject("club", attendance=False),
        ],
        period_systems=[QUARTERS, HALVES, PeriodSystem("open")],
        holiday_sets=[COMMON, FIRST],
        weeks=[Week("five", range(1, 6)), Week("six", range(1, 7))],
        staff_week="six",
        schedules=BELLS,
        bell_rules=[BellRule("usual"), BellRule("second", shift=2)],
        closed=[date(2026, 11, 4)],
        cancelled=[THU],
    )


class TestSchoolDays:
    def test_the_week_of_the_group_decides(self, calendar: Calendar) -> None:
        """Saturday is taught in a six-day class and free in a five-day one; Sunday is free in both."""
        assert [False, True, False, False] == [
            calendar.is_school_day(id, d) for d in (SAT, SUN) for id in ("7A", "7B")
        ]

    def test_frost_keeps_pupils_at_home_and_not_the_staff(self, calendar: Calendar) -> None:
        """A cancelled day is no school day and yet a working day; a closed day is neither."""
        assert [False, True] == [calendar.is_school_day("7A", THU), calendar.is_working_day(THU)]
        closed = date(2026, 11, 4)
        assert [False, False] == [
            calendar.is_school_day("7A", closed),
            calendar.is_working_day(closed),
        ]

    def test_holidays_are_the_groups_own(self, calendar: Calendar) -> None:
        """The first grade's week off in February is a week of lessons for others, and of work."""
        d = date(2027, 2, 16)
        assert [False, True, True] == [
            calendar.is_school_day("1A", d),
            calendar.is_school_day("7A", d),
            calendar.is_working_day(d),
        ]

    def test_a_day_in_no_period_is_not_taught(self, calendar: Calendar) -> None:
        """After the last period there are no lessons, unless the group's system has no periods."""
        d = date(2027, 6, 1)
        assert [False, True] == [calendar.is_school_day("7A", d), calendar.is_school_day("free", d)]

    def test_a_period_of_kind_year_does_not_fill_the_gaps(self, calendar: Calendar) -> None:
        """Where there are quarters, the year over them teaches nobody between two of them."""
        gap = date(2026, 10, 31)
        calendar = attrs.evolve(calendar, holiday_sets=[HolidaySet("common"), HolidaySet("first")])
        assert not calendar.is_school_day("7B", gap)
        assert calendar.is_school_day("10A", date(2026, 10, 30))

    def test_extra_days_count_for_all(self, calendar: Calendar) -> None:
        """A worked Saturday is a school day of a five-day class, but not in its holidays."""
        extra = [SAT, date(2026, 10, 31)]
        calendar = attrs.evolve(calendar, working=extra)
        assert [True, False] == [calendar.is_school_day("7A", d) for d in extra]
        assert [True, True] == [calendar.is_working_day(d) for d in extra]

    def test_a_moved_day_is_taught(self, calendar: Calendar) -> None:
        """A Sunday taught as a Monday is a school day and a working day."""
        calendar = attrs.evolve(calendar, moved={SUN: MON})
        assert [True, True, MON] == [
            calendar.is_school_day("7A", SUN),
            calendar.is_working_day(SUN),
            calendar.taught_as(SUN),
        ]

    def test_outside_the_year_nobody_is_taught_and_the_staff_works(
        self, calendar: Calendar
    ) -> None:
        """Deadlines may roll past the year's end: there the weekday decides."""
        assert not calendar.is_school_day("free", date(2027, 9, 1))
        assert [True, True, False] == [calendar.is_working_day(date(2027, 9, d)) for d in (3, 4, 5)]
        assert not calendar.is_working_day(date(2020, 9, 6))

    def test_school_days_come_in_order(self, calendar: Calendar) -> None:
        """The days of a stretch, half-open; by default those of the year."""
        assert (TUE, WED, FRI) == calendar.school_days("7A", TUE, SAT)
        days = calendar.school_days("7A")
        assert (date(2026, 9, 1), date(2027, 5, 26)) == (days[0], days[-1])

    def test_an_unknown_group_is_named(self, calendar: Calendar) -> None:
        """With the nearest one that there is."""
        for ask in (
            lambda: calendar.group("7A-en2"),
            lambda: calendar.is_school_day("7A-en2", MON),
            lambda: calendar.period_on("7A-en2", MON),
            lambda: calendar.unroll("7A-en2", 1, weekday=1),
            lambda: calendar.offspring("7A-en2"),
        ):
            with pytest.raises(Unknown, match="Did you mean '7A-en1'"):
                ask()
        with pytest.raises(Unknown, match="Did you mean 'alg'"):
            calendar.subject("algo")


class TestCounting:
    def test_the_next_day_is_never_the_day_itself(self, calendar: Calendar) -> None:
        """Unless it is asked for inclusively."""
        assert (TUE, MON) == (
            calendar.next_school_day("7A", MON),
            calendar.next_school_day("7A", MON, inclusive=True),
        )
        assert (SAT, FRI) == (
            calendar.next_working_day(FRI),
            calendar.next_working_day(FRI, inclusive=True),
        )
        assert (WED, FRI) == (
            calendar.previous_school_day("7A", FRI),
            calendar.previous_school_day("7A", FRI, inclusive=True),
        )
        assert (SAT, SAT) == (
            calendar.previous_working_day(SUN),
            calendar.previous_working_day(SUN, inclusive=True),
        )

    def test_days_that_do_not_count_are_stepped_over(self, calendar: Calendar) -> None:
        """The cancelled Thursday for pupils, Sunday for the staff, the holidays for a class."""
        assert FRI == calendar.next_school_day("7A", WED)
        assert SUN + timedelta(days=1) == calendar.next_working_day(SAT)
        assert date(2026, 11, 2) == calendar.next_school_day("7A", date(2026, 10, 23))

    @pytest.mark.parametrize(
        ("n", "school", "working"),
        [
            (-2, date(2026, 9, 4), SAT - timedelta(days=7)),
            (0, TUE, TUE),
            (1, WED, WED),
            (3, date(2026, 9, 14), FRI),
        ],
    )
    def test_n_days_on_and_back(self, calendar: Calendar, n: int, school, working) -> None:
        """The day itself is not counted, 0 is the day itself."""
        assert school == calendar.add_school_days("7A", TUE, n)
        assert working == calendar.add_working_days(TUE, n)

    def test_zero_days_from_a_free_day(self, calendar: Calendar) -> None:
        """A day that does not count stays where it is: rolling is another question."""
        assert (SUN, SUN) == (
            calendar.add_school_days("7A", SUN, 0),
            calendar.add_working_days(SUN, 0),
        )

    def test_the_year_may_have_no_such_day(self, calendar: Calendar) -> None:
        """School days end with the year, and what comes after is not invented; working days go on."""
        assert calendar.next_school_day("7A", date(2027, 5, 26)) is None
        assert calendar.previous_school_day("7A", date(2026, 9, 1)) is None
        assert calendar.add_school_days("7A", MON, 10_000) is None
        assert calendar.add_school_days("7A", MON, -10_000) is None
        assert date(2027, 5, 27) == calendar.next_working_day(date(2027, 5, 26))
        with pytest.raises(BadInput, match="no such day"):
            calendar.next_working_day(date.max)

    def test_a_calendar_of_closed_days_only_still_answers(self, calendar: Calendar) -> None:
        """Working days are looked for beyond the year."""
        days = [calendar.since + timedelta(days=n) for n in range(365)]
        shut = attrs.evolve(calendar, closed=days, cancelled=[])
        assert date(2027, 9, 1) == shut.next_working_day(MON)
        assert date(2026, 8, 31) == shut.previous_working_day(MON)
        assert () == shut.school_days("7A")


class TestPeriods:
    def test_periods_are_the_groups_own(self, calendar: Calendar) -> None:
        """One class has quarters, another has halves, in order of time."""
        assert ["q1", "y", "q2", "q3", "q4"] == [period.id for period in calendar.periods("7A")]
        assert ["h1", "h2"] == [period.id for period in calendar.periods("10A")]
        assert "q2" == calendar.period("7A", "q2").id
        assert date(2026, 12, 31) == calendar.period("10A", "h1").last_day

    def test_an_unknown_period_is_named(self, calendar: Calendar) -> None:
        """A quarter is unknown to a class with halves."""
        with pytest.raises(Unknown, match=r"unknown period 'q1' @ calendar 2026, group 10A"):
            calendar.period("10A", "q1")

    @pytest.mark.parametrize(
        ("d", "found"),
        [
            (date(2026, 8, 31), None),
            (date(2026, 9, 1), "q1"),
            (date(2026, 10, 24), "q1"),
            (date(2026, 10, 25), None),
            (date(2027, 5, 27), None),
        ],
    )
    def test_the_period_on_a_day(self, calendar: Calendar, d: date, found: str | None) -> None:
        """Half-open, and never the year where there are quarters."""
        period = calendar.period_on("7A", d)
        assert found == (period and period.id)

    def test_the_last_school_day_of_a_period(self, calendar: Calendar) -> None:
        """Friday for five days, Saturday for six, before the holidays that begin on paper earlier."""
        assert date(2026, 10, 23) == calendar.last_school_day("7A", "q1")
        assert date(2026, 10, 24) == calendar.last_school_day("7B", "q1")
        assert date(2026, 12, 29) == calendar.last_school_day("7A", "q2")
        assert date(2027, 5, 26) == calendar.last_school_day("7A", "y")

    def test_holidays_adjoin_when_no_school_day_lies_between(self, calendar: Calendar) -> None:
        """A weekend between changes nothing, nor do days that belong to no period."""
        assert "autumn" == adjoining(calendar, "7A", "q1")
        assert "autumn" == adjoining(calendar, "7B", "q1")
        assert "spring" == adjoining(calendar, "7A", "q3")

    def test_holidays_that_begin_before_the_paper_end_adjoin(self, calendar: Calendar) -> None:
        """The quarter ends on 31 December, the holidays begin on the 30th: those count, not the next."""
        assert "winter" == adjoining(calendar, "7A", "q2")
        assert "winter" == adjoining(calendar, "10A", "h1")

    def test_holidays_with_lessons_after_them_do_not(self, calendar: Calendar) -> None:
        """Neither February inside a quarter, nor autumn inside a half; none follow the last quarter."""
        assert "spring" == adjoining(calendar, "1A", "q3")
        assert adjoining(calendar, "10A", "h2") is None
        assert adjoining(calendar, "7A", "q4") is None

    def test_holidays_behind_a_school_day_do_not(self, calendar: Calendar) -> None:
        """One lesson between the quarter and the holidays parts them."""
        late = HolidaySet("common", [Holidays("late", date(2026, 11, 3), date(2026, 11, 10))])
        assert adjoining(attrs.evolve(calendar, holiday_sets=[late, FIRST]), "7A", "q1") is None

    def test_a_period_without_a_school_day_has_its_holidays(self, calendar: Calendar) -> None:
        """It may be all holidays, or empty of lessons before them."""
        off = [date(2027, 4, 5) + timedelta(days=n) for n in range(52)]
        summer = Holidays("summer", date(2027, 5, 27), date(2027, 9, 1))
        calendar = attrs.evolve(
            calendar,
            cancelled=off,
            holiday_sets=[HolidaySet("common", [*COMMON.holidays, summer]), FIRST],
        )
        assert calendar.last_school_day("7A", "q4") is None
        assert "summer" == adjoining(calendar, "7A", "q4")
        eve = Holidays("eve", date(2027, 4, 4), date(2027, 4, 5))
        alone = attrs.evolve(calendar, holiday_sets=[HolidaySet("common", [eve]), FIRST])
        assert adjoining(alone, "7A", "q4") is None


def adjoining(calendar: Calendar, group: str, period: str) -> str | None:
    """Id of the holidays that the period runs into."""
    found = calendar.holidays_adjoining(group, period)
    return found and found.id


class TestKin:
    def test_classes_of_a_group(self, calendar: Calendar) -> None:
        """A subgroup has one, a stream several, a part of a stream those of the stream."""
        assert [("7A",), ("7A",), ("7A", "7B"), ("7A", "7B"), ("7A",)] == [
            calendar.classes_of(id) for id in ("7A", "7A-en1", "7-choir", "choir-alto", "plan-17")
        ]

    def test_forebears_and_offspring(self, calendar: Calendar) -> None:
        """Each group is its own, on both sides, and the two say the same."""
        assert {"choir-alto", "7-choir", "7A", "7B"} == calendar.forebears("choir-alto")
        assert {"7A", "7A-en1", "7-choir", "choir-alto", "plan-17"} == calendar.offspring("7A")
        ids = [one.id for one in calendar.groups]
        assert all(
            (one in calendar.forebears(other)) == (other in calendar.offspring(one))
            for one in ids
            for other in ids
        )


class TestSaying:
    def test_order_says_nothing(self, calendar: Calendar) -> None:
        """Two calendars that say the same are equal, have one hash, and survive pickling."""
        other = attrs.evolve(
            calendar,
            groups=reversed(calendar.groups),
            weeks=reversed(calendar.weeks),
            schedules=[BellSchedule(one.id, reversed(one.bells)) for one in calendar.schedules],
        )
        assert (calendar, hash(calendar)) == (other, hash(other))
        assert calendar == pickle.loads(pickle.dumps(calendar))  # noqa: S301

    def test_the_order_of_bell_rules_says_something(self, calendar: Calendar) -> None:
        """The later of two equals rings."""
        assert calendar != attrs.evolve(calendar, bell_rules=calendar.bell_rules[::-1])

    def test_hours_are_exact(self) -> None:
        """A binary fraction is refused; equal numbers of hours are spelt alike."""
        assert "1.5" == str(Subject("alg", weekly_hours="1.50").weekly_hours)
        assert "20" == str(Subject("alg", weekly_hours="2e1").weekly_hours)
        for wrong in (1.5, True, "many", "-1", "NaN", "1e9", "169"):
            with pytest.raises(BadInput, match="hours"):
                Subject("alg", weekly_hours=wrong)

    def test_values_of_another_type_are_refused(self, calendar: Calendar) -> None:
        """A datetime is no date in a stretch, a set of days or a rule; an id is no group."""
        wrong = datetime(2026, 9, 1, tzinfo=UTC)
        for make in (
            lambda: Period("q", "quarter", 1, wrong, MON),
            lambda: Holidays("h", MON, wrong),
            lambda: BellRule("usual", dates=[wrong]),
            lambda: attrs.evolve(calendar, closed=[wrong]),
            lambda: attrs.evolve(calendar, moved={wrong: MON}),
            lambda: attrs.evolve(calendar, since=wrong),
            lambda: Cycle(["A"], anchor=wrong),
        ):
            with pytest.raises(BadInput, match="not a plain date"):
                make()
        with pytest.raises(BadInput, match="not a Group, found '7A'"):
            attrs.evolve(calendar, groups=["7A"])
        with pytest.raises(BadInput, match="not a time of day"):
            Bell(1, time(8, tzinfo=UTC), time(9))
