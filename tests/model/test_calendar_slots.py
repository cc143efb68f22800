"""Bells, cycles, and the dated slots that a timetable's cells unroll into."""

from __future__ import annotations

from datetime import date, time, timedelta

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
    Week,
)
from edujournal.model.time import format_instant

MON, TUE, WED, THU, FRI, SAT, SUN = (date(2026, 9, 7) + timedelta(days=n) for n in range(7))


def group(id: str, week: str = "five", shift: int = 1) -> Group:
    """A class that shares quarters and holidays with all others."""
    return Group(id, "class", periods="quarters", holidays="common", week=week, shift=shift)


@pytest.fixture
def calendar() -> Calendar:
    """A school of two shifts on the far side of the date line."""
    return Calendar(
        school="s",
        year="2026",
        zone="Asia/Kamchatka",
        since=date(2026, 9, 1),
        until=date(2027, 9, 1),
        groups=[group("7A"), group("7B", "six"), group("8B", shift=2)],
        period_systems=[
            PeriodSystem(
                "quarters",
                [
                    Period("q1", "quarter", 1, date(2026, 9, 1), date(2026, 10, 25)),
                    Period("q2", "quarter", 2, date(2026, 11, 2), date(2027, 1, 1)),
                ],
            )
        ],
        holiday_sets=[
            HolidaySet("common", [Holidays("autumn", date(2026, 10, 26), date(2026, 11, 2))])
        ],
        weeks=[Week("five", range(1, 6)), Week("six", range(1, 7))],
        staff_week="six",
        schedules=[
            BellSchedule(
                "usual", [Bell(1, time(8, 30), time(9, 15)), Bell(2, time(9, 25), time(10, 10))]
            ),
            BellSchedule(
                "zero", [Bell(0, time(7, 40), time(8, 20)), Bell(1, time(8, 30), time(9, 15))]
            ),
            BellSchedule("second", [Bell(1, time(14, 0), time(14, 40))]),
            BellSchedule("short", [Bell(1, time(8, 30), time(9, 0))]),
            BellSchedule("friday", [Bell(1, time(14, 10), time(14, 50))]),
        ],
        bell_rules=[BellRule("usual"), BellRule("second", shift=2)],
        cancelled=[THU],
    )


class TestBells:
    @pytest.fixture
    def ringing(self, calendar: Calendar) -> Calendar:
        """The school with a rule of every narrowness."""
        cycle = Cycle(["odd", "even"], anchor=MON)
        rules = [
            BellRule("usual"),
            BellRule("second", shift=2),
            BellRule("zero", weekdays=[1]),
            BellRule("friday", weekdays=[1], shift=2),
            BellRule("short", dates=[MON]),
            BellRule("second", cycle_days=["even"], weekdays=[3]),
        ]
        return attrs.evolve(calendar, cycle=cycle, bell_rules=rules, cancelled=[])

    @pytest.mark.parametrize(
        ("d", "shift", "schedule"),
        [
            (TUE, 1, "usual"),
            (TUE, 2, "second"),
            (MON + timedelta(days=7), 1, "zero"),
            (MON + timedelta(days=7), 2, "friday"),
            (MON, 1, "short"),
            (MON, 2, "short"),
            (WED, 1, "usual"),
            (WED + timedelta(days=7), 1, "second"),
        ],
    )
    def test_the_narrowest_rule_rings(
        self, ringing: Calendar, d: date, shift: int, schedule
    ) -> None:
        """Dates before days of the cycle, before weekdays, before a shift, before none."""
        found = ringing.bells_on(d, shift)
        assert schedule == (found and found.id)

    def test_of_equals_the_later_rings(self, ringing: Calendar) -> None:
        """A rule added to the end of the list overrides one as narrow; a wider one does not."""
        added = attrs.evolve(
            ringing,
            bell_rules=[*ringing.bell_rules, BellRule("short", weekdays=[1]), BellRule("usual")],
        )
        found = added.bells_on(MON + timedelta(days=7))
        assert "short" == (found and found.id)

    def test_a_moved_day_has_the_bells_of_its_model(self, ringing: Calendar) -> None:
        """A Sunday taught as the second Monday rings like a Monday, not like that date's exception."""
        moved = attrs.evolve(ringing, moved={SUN: MON})
        found = moved.bells_on(SUN)
        assert "zero" == (found and found.id)
        dated = attrs.evolve(moved, bell_rules=[*moved.bell_rules, BellRule("short", dates=[SUN])])
        found = dated.bells_on(SUN)
        assert "short" == (found and found.id)

    def test_a_day_may_have_no_bells(self, calendar: Calendar) -> None:
        """Then a lesson cannot be dated, and the day is named."""
        bare = attrs.evolve(calendar, bell_rules=[BellRule("usual", weekdays=[1])])
        assert bare.bells_on(TUE) is None
        with pytest.raises(BadInput, match=r"2026-09-01, shift 1 @ calendar 2026"):
            bare.unroll("7A", 1, weekday=2)


class TestCycles:
    def test_weeks_take_turns_through_the_holidays(self, calendar: Calendar) -> None:
        """Counted by calendar weeks from the anchor, before it, and over holidays."""
        turning = attrs.evolve(calendar, cycle=Cycle(["A", "B", "C"], anchor=MON))
        weeks = [MON + timedelta(days=7 * n) for n in range(-1, 9)]
        assert list("CABCABCABC") == [turning.cycle_day(d) for d in weeks]
        assert "A" == turning.cycle_day(SUN)

    def test_weeks_may_pause(self, calendar: Calendar) -> None:
        """Weeks in which nobody is taught are not counted, where the school wants it so."""
        pausing = attrs.evolve(
            calendar,
            cycle=Cycle(["A", "B"], anchor=MON, pause=True),
        )
        around = [date(2026, 10, 19), date(2026, 10, 26), date(2026, 11, 2), date(2026, 11, 9)]
        assert ["A", None, "B", "A"] == [pausing.cycle_day(d) for d in around]
        assert "B" == pausing.cycle_day(date(2026, 9, 1))

    def test_a_cycle_of_dates_heeds_no_week(self, calendar: Calendar) -> None:
        """Each date says which day of ten it is; a date that is not named is none."""
        ten = Cycle([str(n) for n in range(1, 11)], dates={MON: "9", TUE: "10", WED: "1"})
        turning = attrs.evolve(calendar, cycle=ten)
        assert ["9", "10", "1", None] == [turning.cycle_day(d) for d in (MON, TUE, WED, FRI)]

    def test_a_moved_day_is_that_day_of_the_cycle(self, calendar: Calendar) -> None:
        """Taught as a date of the other week it belongs to the other week."""
        turning = attrs.evolve(
            calendar,
            cycle=Cycle(["A", "B"], anchor=MON),
            moved={SAT: MON + timedelta(days=7)},
        )
        assert ["A", "B", "A"] == [turning.cycle_day(d) for d in (FRI, SAT, SUN)]

    def test_without_a_cycle_there_is_no_day_of_it(self, calendar: Calendar) -> None:
        """Nothing is made up."""
        assert calendar.cycle_day(MON) is None


class TestUnrolling:
    def test_a_cell_becomes_dated_slots(self, calendar: Calendar) -> None:
        """One for each Monday taught, with instants by the school's clocks."""
        slots = calendar.unroll("7A", 2, weekday=1, until=date(2026, 11, 3))
        days = [date(2026, 9, d) for d in (7, 14, 21, 28)]
        days += [date(2026, 10, d) for d in (5, 12, 19)] + [date(2026, 11, 2)]
        assert days == [one.day for one in slots]
        assert ("2026-09-07T09:25:00+12:00", "2026-09-07T10:10:00+12:00") == tuple(
            format_instant(at, "Asia/Kamchatka") for at in (slots[0].starts, slots[0].ends)
        )
        assert {2} == {one.slot for one in slots}

    def test_the_shift_of_the_group_decides_about_bells(self, calendar: Calendar) -> None:
        """A class of the second shift begins in the afternoon."""
        (first, *_) = calendar.unroll("8B", 1, weekday=1)
        assert "2026-09-07T14:00:00+12:00" == format_instant(first.starts, "Asia/Kamchatka")

    def test_slot_0_is_a_lesson(self, calendar: Calendar) -> None:
        """A lesson before the first."""
        calendar = attrs.evolve(calendar, bell_rules=[BellRule("zero")])
        assert 0 == calendar.unroll("7A", 0, weekday=1)[0].slot

    def test_a_shortened_day_may_lack_the_slot(self, calendar: Calendar) -> None:
        """Then there is no lesson in it that day."""
        rules = [*calendar.bell_rules, BellRule("short", dates=[MON])]
        short = attrs.evolve(calendar, bell_rules=rules)
        assert MON + timedelta(days=7) == short.unroll("7A", 2, weekday=1)[0].day
        assert MON == short.unroll("7A", 1, weekday=1)[0].day

    def test_a_moved_day_is_unrolled_as_its_model(self, calendar: Calendar) -> None:
        """A Saturday taught as Thursday has Thursday's lessons and not Saturday's."""
        moved = attrs.evolve(calendar, moved={SAT: THU})
        assert SAT in {one.day for one in moved.unroll("7B", 1, weekday=4)}
        assert SAT not in {one.day for one in moved.unroll("7B", 1, weekday=6)}

    def test_weeks_that_take_turns(self, calendar: Calendar) -> None:
        """A cell of week B on Tuesdays comes every other Tuesday; one without a weekday every day."""
        turning = attrs.evolve(calendar, cycle=Cycle(["A", "B"], anchor=date(2026, 8, 31)))
        found = turning.unroll("7A", 1, weekday=2, cycle_day="B", until=date(2026, 10, 1))
        assert [date(2026, 9, 8), date(2026, 9, 22)] == [one.day for one in found]
        week = turning.unroll("7A", 1, cycle_day="B", until=date(2026, 9, 14))
        assert [MON, TUE, WED, FRI] == [one.day for one in week]

    def test_a_cell_must_name_a_day(self, calendar: Calendar) -> None:
        """And the day, the week and the slot must be known."""
        with pytest.raises(BadInput, match="a cell without a day"):
            calendar.unroll("7A", 1)
        with pytest.raises(Unknown, match="unknown day of the cycle 'B'"):
            calendar.unroll("7A", 1, cycle_day="B")
        with pytest.raises(Unknown, match="unknown slot '9'"):
            calendar.unroll("7A", 9, weekday=1)
