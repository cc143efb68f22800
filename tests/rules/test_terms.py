"""Terms: anchor, shift, roll and snap, as a regulation writes them, and the moments they come to."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from edujournal.errors import BadInput, BadRegulation
from edujournal.model.calendar import Calendar
from edujournal.model.groups import Group
from edujournal.model.periods import Holidays, HolidaySet, Period, PeriodSystem, Week
from edujournal.model.time import zone
from edujournal.rules.loading import structure
from edujournal.rules.terms import Setting, Shift, evaluate, kind_of, shifted
from edujournal.rules.verdicts import NotKnown

#: New York puts its clocks back on 1 November 2026, a Sunday, and forward on 14 March 2027.
ZONE = "America/New_York"
FRIDAY = date(2026, 10, 30)


def calendar() -> Calendar:
    """A year of two quarters with a week of holidays between them, and a day of an outage."""
    return Calendar(
        school="s",
        year="2026",
        zone=ZONE,
        since=date(2026, 9, 1),
        until=date(2027, 6, 1),
        groups=(Group("7A", "class", periods="q", holidays="h", week="five"),),
        period_systems=(
            PeriodSystem(
                "q",
                (
                    Period("q1", "quarter", 1, date(2026, 9, 1), date(2026, 11, 2)),
                    Period("q2", "quarter", 2, date(2026, 11, 9), date(2026, 12, 31)),
                    Period("y", "year", 1, date(2026, 9, 1), date(2027, 6, 1)),
                ),
            ),
        ),
        holiday_sets=(
            HolidaySet("h", (Holidays("autumn", date(2026, 11, 2), date(2026, 11, 9)),)),
        ),
        weeks=(
            Week("five", frozenset({1, 2, 3, 4, 5})),
            Week("six", frozenset({1, 2, 3, 4, 5, 6})),
        ),
        staff_week="six",
        cancelled=frozenset({date(2026, 11, 10)}),
    )


def at(text: str) -> int:
    """An instant on the clocks of New York; the later one where clocks show it twice with a ``+``."""
    local = datetime.fromisoformat(text.removesuffix("+")).replace(
        tzinfo=ZoneInfo(ZONE), fold=int(text.endswith("+"))
    )
    return int(local.timestamp()) * 1_000_000 + local.microsecond


VALUES = {
    "day": FRIDAY,
    "lesson.end": at("2026-10-30 09:45"),
    "work.held": FRIDAY,
    "class_day.last_lesson.end": at("2026-10-31 23:30"),
    "lesson.start": at("2026-10-30 09:00"),
}
GIVEN = {"n": 3, "until": date(2027, 6, 20)}
LESSONS = [at("2026-11-09 09:00"), at("2026-11-11 12:00")]


def setting(group: str | None = "7A") -> Setting:
    """A Friday before the holidays, in the week in which the clocks go back."""
    return Setting(
        lambda name: VALUES.get(name, NotKnown(name)),
        calendar(),
        group,
        GIVEN,
        lambda n: LESSONS[n - 1] if 0 < n <= len(LESSONS) else None,
        lambda day: at(f"{day} 14:20") if day.weekday() < 5 else None,
    )


def term(text: str):
    """A term as it stands in a regulation's file."""
    rule = {"kind": "timing", "record": "homework", "closes": tomllib.loads(f"x = {text}")["x"]}
    words = {"ru": "п", "en": "p"}
    clause = {"number": "1", "gist": words, "rules": [rule]}
    return (
        structure({"format": 1, "id": "x", "title": words, "clauses": [clause]})
        .clauses[0]
        .rules[0]
        .closes
    )


def end(text: str) -> int:
    """The end of a day: the first instant of the next one."""
    return zone(ZONE).end_of_day(date.fromisoformat(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # an instant as it is, and moved by the clock
        ('{ anchor = "lesson.end" }', at("2026-10-30 09:45")),
        ('{ anchor = "lesson.end", shift = "+90 minutes" }', at("2026-10-30 11:15")),
        ('{ anchor = "lesson.end", shift = "+48 hours" }', at("2026-11-01 08:45")),
        # calendar units on an instant keep its wall time, whatever the clocks did meanwhile
        ('{ anchor = "lesson.end", shift = "+2 days" }', at("2026-11-01 09:45")),
        ('{ anchor = "lesson.end", shift = "-1 weeks" }', at("2026-10-23 09:45")),
        ('{ anchor = "lesson.end", shift = "+1 months" }', at("2026-11-30 09:45")),
        ('{ anchor = "lesson.end", shift = "+1 years" }', at("2027-10-30 09:45")),
        # a time that clocks show twice is the first of the two
        ('{ anchor = "day", shift = "+2 days", snap = "01:30" }', at("2026-11-01 01:30")),
        # a day of 25 hours ends 25 hours after it began
        ('{ anchor = "day", shift = "+2 days", snap = "end_of_day" }', at("2026-11-01 00:00") + 25 * 3_600_000_000),
        ('{ anchor = "day", snap = "start_of_day" }', at("2026-10-30 00:00")),
        ('{ anchor = "day", snap = "start_of_week" }', at("2026-10-26 00:00")),
        ('{ anchor = "day", snap = "end_of_school_day" }', at("2026-10-30 14:20")),
        # counted days
        ('{ anchor = "work.held", shift = "+3 days", snap = "end_of_day" }', end("2026-11-02")),
        ('{ anchor = "work.held", shift = "+3 days", count = "included", snap = "end_of_day" }', end("2026-11-01")),
        ('{ anchor = "work.held", shift = "-3 days", count = "included", snap = "start_of_day" }', at("2026-10-28 00:00")),
        ('{ anchor = "work.held", shift = "+0 days", count = "included", snap = "start_of_day" }', at("2026-10-30 00:00")),
        ('{ anchor = "work.held", shift = "+3 school_days", snap = "end_of_day" }', end("2026-11-12")),
        ('{ anchor = "work.held", shift = "+3 working_days", snap = "end_of_day" }', end("2026-11-03")),
        ('{ anchor = "work.held", shift = "+given.n days", snap = "end_of_day" }', end("2026-11-02")),
        ('{ anchor = "work.held", shift = "-given.n days", snap = "end_of_day" }', end("2026-10-27")),
        ('{ anchor = "work.held", shift = "+1 months", snap = "end_of_day" }', end("2026-11-30")),
        ('{ anchor = "work.held", shift = "+4 months", snap = "end_of_day" }', end("2027-02-28")),
        ('{ anchor = "work.held", shift = "+0 periods", snap = "end_of_day" }', end("2026-11-01")),
        ('{ anchor = "work.held", shift = "+1 periods", snap = "end_of_day" }', end("2026-12-30")),
        # school days of an instant count its local day
        ('{ anchor = "class_day.last_lesson.end", shift = "+1 school_days", snap = "end_of_day" }', end("2026-11-09")),
        # lessons held later
        ('{ anchor = "day", shift = "+1 lessons" }', LESSONS[0]),
        ('{ anchor = "day", shift = "+2 lessons" }', LESSONS[1]),
        ('{ anchor = "day", shift = "+1 lessons", snap = "end_of_day" }', end("2026-11-09")),
        # what is passed over while days are counted
        ('{ anchor = "work.held", shift = "+3 days", pause = "holidays", snap = "end_of_day" }', end("2026-11-09")),
        ('{ anchor = "work.held", shift = "+1 weeks", pause = "holidays", snap = "end_of_day" }', end("2026-11-13")),
        ('{ anchor = "work.held", shift = "+11 days", pause = "outage", snap = "end_of_day" }', end("2026-11-11")),
        ('{ anchor = "date:11-09", shift = "-1 days", pause = "holidays", snap = "end_of_day" }', end("2026-11-01")),
        # a last day that is off
        ('{ anchor = "work.held", shift = "+1 days", roll = "next_school_day", snap = "end_of_day" }', end("2026-11-09")),
        ('{ anchor = "work.held", shift = "+1 days", roll = "next_working_day", snap = "end_of_day" }', end("2026-10-31")),
        ('{ anchor = "work.held", shift = "+2 days", roll = "next_working_day", snap = "end_of_day" }', end("2026-11-02")),
        ('{ anchor = "work.held", shift = "+2 days", roll = "previous_school_day", snap = "end_of_day" }', end("2026-10-30")),
        ('{ anchor = "work.held", shift = "+2 days", roll = "previous_working_day", snap = "end_of_day" }', end("2026-10-31")),
        # a working day stays where it is: Friday is not turned into Monday by its half-open end
        ('{ anchor = "work.held", roll = "next_school_day", snap = "end_of_day" }', end("2026-10-30")),
        ('{ anchor = "lesson.end", roll = "next_school_day" }', at("2026-10-30 09:45")),
        ('{ anchor = "class_day.last_lesson.end", roll = "next_school_day" }', at("2026-11-09 23:30")),
        # fixed days, and days that the school gives
        ('{ anchor = "date:09-10", snap = "end_of_day" }', end("2026-09-10")),
        ('{ anchor = "date:02-28", snap = "end_of_day" }', end("2027-02-28")),
        ('{ anchor = "given.until", snap = "end_of_day" }', end("2027-06-20")),
        # combinations
        ('{ min = [{ anchor = "lesson.end" }, { anchor = "day", snap = "end_of_day" }] }', at("2026-10-30 09:45")),
        ('{ max = [{ anchor = "lesson.end" }, { anchor = "day", snap = "end_of_day" }] }', end("2026-10-30")),
        ('{ first_known = [{ anchor = "work.due", snap = "end_of_day" }, { anchor = "lesson.end" }] }', at("2026-10-30 09:45")),
        ('{ clamp = [{ anchor = "lesson.end", shift = "+9 hours" }, { anchor = "lesson.end" }, { anchor = "day", snap = "13:00" }] }', at("2026-10-30 13:00")),
        ('{ clamp = [{ anchor = "lesson.end", shift = "-9 hours" }, { anchor = "lesson.end" }, { anchor = "day", snap = "13:00" }] }', at("2026-10-30 09:45")),
        ('{ clamp = [{ anchor = "lesson.end", shift = "+1 hours" }, { anchor = "lesson.end" }, { anchor = "day", snap = "13:00" }] }', at("2026-10-30 10:45")),
    ],
)  # fmt: skip
def test_a_term_comes_to_its_moment(text, expected):
    """What stands in the file is what comes out, on the clocks of the school."""
    assert expected == evaluate(term(text), setting())
    assert "instant" == kind_of(term(text))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('{ anchor = "work.due", snap = "end_of_day" }', "work.due"),
        ('{ anchor = "work.due", shift = "+3 days", snap = "end_of_day" }', "work.due"),
        ('{ anchor = "given.nothing", snap = "end_of_day" }', "given.nothing"),
        ('{ anchor = "given.n", snap = "end_of_day" }', "given.n"),
        ('{ anchor = "day", shift = "+given.until days", snap = "end_of_day" }', "given.until"),
        ('{ anchor = "date:02-29", snap = "end_of_day" }', "date:02-29"),
        ('{ anchor = "date:07-01", snap = "end_of_day" }', "date:07-01"),
        ('{ anchor = "day", shift = "+3 lessons" }', "next lesson"),
        ('{ anchor = "day", shift = "+400 school_days", snap = "end_of_day" }', "school day"),
        ('{ anchor = "date:05-31", shift = "+1 days", roll = "next_school_day", snap = "end_of_day" }', "school day"),
        ('{ anchor = "day", shift = "+2 periods", snap = "end_of_day" }', "period"),
        ('{ anchor = "day", shift = "-1 periods", snap = "end_of_day" }', "period"),
        ('{ anchor = "date:11-05", shift = "+1 periods", snap = "end_of_day" }', "period"),
        ('{ anchor = "day", shift = "+1 days", snap = "end_of_school_day" }', "school_day.end"),
        ('{ min = [{ anchor = "lesson.end" }, { anchor = "work.due", snap = "end_of_day" }] }', "work.due"),
        ('{ max = [{ anchor = "work.due", snap = "end_of_day" }, { anchor = "lesson.end" }] }', "work.due"),
        ('{ clamp = [{ anchor = "lesson.end" }, { anchor = "lesson.end" }, { anchor = "next_lesson" }] }', "next_lesson"),
        ('{ first_known = [{ anchor = "work.due", snap = "end_of_day" }, { anchor = "next_lesson" }] }', "next_lesson"),
    ],
)  # fmt: skip
def test_what_is_not_known_stays_unknown_and_is_named(text, what):
    """Nothing is invented for an anchor without a value, a day that is not, a count that leaves the year."""
    assert NotKnown(what) == evaluate(term(text), setting())


@pytest.mark.parametrize(
    "text",
    [
        '{ anchor = "day", shift = "+1 school_days", snap = "end_of_day" }',
        '{ anchor = "day", shift = "+1 periods", snap = "end_of_day" }',
        '{ anchor = "day", shift = "+1 days", pause = "holidays", snap = "end_of_day" }',
        '{ anchor = "day", roll = "next_school_day", snap = "end_of_day" }',
        '{ anchor = "lesson.end", roll = "previous_school_day" }',
    ],
)
def test_without_a_group_there_are_no_school_days(text):
    """School days are those of a group; the staff's working days are the school's."""
    assert NotKnown("group") == evaluate(term(text), setting(group=None))
    staff = '{ anchor = "day", shift = "+1 working_days", snap = "end_of_day" }'
    assert end("2026-10-31") == evaluate(term(staff), setting(group=None))


@pytest.mark.parametrize(
    ("pause", "asked"), [("holidays", False), ("outage", False), ("teacher_absent", True)]
)
def test_a_pause_passes_over_its_own_days_and_no_others(pause, asked):
    """Holidays go on however often others stand in: what stands in the journal is read for absences alone."""
    text = f'{{ anchor = "work.held", shift = "+1 days", pause = "{pause}", snap = "end_of_day" }}'
    over: list[str] = []
    told = evolve(setting(), away=lambda name, _: bool(over.append(name)))
    assert evaluate(term(text), setting()) == evaluate(term(text), told)
    assert ([pause] if asked else []) == sorted(set(over))


def test_every_step_of_an_evaluation_is_noted():
    """An explanation shows anchor, shift, roll and snap, each with what it gave."""
    steps: list = []
    evaluate(term('{ anchor = "work.held", shift = "+1 days", roll = "next_school_day", snap = "end_of_day" }'),
             setting(), steps)  # fmt: skip
    assert [
        ("anchor", "work.held", FRIDAY),
        ("shift", "+1 days", date(2026, 10, 31)),
        ("roll", "next_school_day", date(2026, 11, 9)),
        ("snap", "end_of_day", end("2026-11-09")),
    ] == [(one.what, one.how, one.value) for one in steps]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{ anchor = "day" }', "snap"),
        ('{ anchor = "day", shift = "+90 minutes", snap = "end_of_day" }', "minutes counted from a day"),
        ('{ min = [{ anchor = "lesson.end" }, { anchor = "day" }] }', "dates and instants"),
        ('{ anchor = "lesson.end", shift = "3 days" }', "not a shift"),
        ('{ anchor = "lesson.end", shift = "+3 fortnights" }', "not a shift"),
        ('{ anchor = "lesson.begin" }', "Did you mean"),
        ('{ anchor = "date:13-01", snap = "end_of_day" }', "unknown anchor"),
        ('{ anchor = "day", snap = "24:00" }', "snap"),
        ('{ anchor = "day", snap = "end_of_day", roll = "next_day" }', "roll"),
        ('{ anchor = "day", snap = "end_of_day", count = "both" }', "count"),
        ('{ anchor = "day", snap = "end_of_day", pause = "summer" }', "pause"),
        ('{ anchor = "day", snapp = "end_of_day" }', "Did you mean 'snap'?"),
        ('{ shift = "+3 days" }', "a term without an anchor"),
        ("{ min = [] }", "nothing to combine"),
        ('{ clamp = [{ anchor = "lesson.end" }] }', "three terms"),
        ('{ max = [{ anchor = "lesson.end" }, { anchor = "lesson.ende" }] }', ".max[1].anchor"),
    ],
)  # fmt: skip
def test_a_term_without_meaning_is_not_loaded(text, said):
    """The fault is told with its path, what was expected, and the nearest name."""
    with pytest.raises(BadRegulation) as caught:
        term(text)
    assert said in str(caught.value)
    assert "clauses[0].rules[0].closes" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("+3 days", "+3 days"), ("- 1 week", "-1 weeks"), ("+given.n hours", "+given.n hours"), ("-given.n days", "-given.n days")],
)  # fmt: skip
def test_a_shift_reads_back_as_it_was_written(text, shown):
    """Singular or plural, with or without a space after the sign."""
    assert shown == str(Shift.parse(text))
    assert Shift.parse(text) == Shift.parse(shown)


def test_an_instant_moved_by_days_of_work_ends_with_its_day():
    """How late a waiver may be is counted from the end of a window."""
    frame = calendar()
    assert end("2026-10-31") == shifted(
        at("2026-10-30 09:45"), Shift.parse("+1 working_days"), frame, "7A"
    )
    assert at("2026-10-30 10:45") == shifted(
        at("2026-10-30 09:45"), Shift.parse("+1 hours"), frame, None
    )
    assert None is shifted(at("2026-10-30 09:45"), Shift.parse("+1 school_days"), frame, None)
    with pytest.raises(BadInput, match="not a shift"):
        Shift.parse("soon")
