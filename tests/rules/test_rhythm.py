"""The rhythm of control: a year is cut without a gap, and every stretch is due for those who look."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edujournal.errors import BadRegulation
from edujournal.model.calendar import Calendar
from edujournal.model.facts import Facts
from edujournal.model.groups import Group
from edujournal.model.people import Account, RoleSpan
from edujournal.model.periods import HolidaySet, Period, PeriodSystem, Week
from edujournal.model.time import instant
from edujournal.rules.controlling import controls_due
from edujournal.rules.linting import lint
from edujournal.rules.loading import load, structure
from edujournal.rules.rhythm import ControlRhythm, Stretch, stretches
from edujournal.rules.terms import Shift

WORDS = {"ru": "п", "en": "p"}


def frame(since=date(2026, 9, 2), until=date(2027, 6, 1), systems=None):
    """A year of two classes; each may have periods of its own."""
    given_ = systems or {"q": ()}
    names = [*given_, *given_][:2]
    return Calendar(
        school="s", year="2026", zone="Europe/Moscow", since=since, until=until,
        groups=tuple(
            Group(group, "class", periods=name, holidays="h", week="w")
            for group, name in zip(("7A", "7B"), names, strict=True)
        ),
        period_systems=tuple(PeriodSystem(name, rows) for name, rows in given_.items()),
        holiday_sets=(HolidaySet("h", ()),),
        weeks=(Week("w", frozenset({1, 2, 3, 4, 5})),),
        staff_week="w",
    )  # fmt: skip


def cut(every, calendar=None, **given_numbers):
    """The days on which the stretches end, and what they say of groups."""
    rhythm = ControlRhythm(every=Shift.parse(every))
    return stretches(rhythm, calendar or frame(), given_numbers)


def test_weeks_are_those_of_the_calendar():
    """The year begins on a Wednesday; two weeks end with the second Sunday."""
    first, second, *_ = cut("+2 weeks")
    assert Stretch(date(2026, 9, 2), date(2026, 9, 14)) == first
    assert Stretch(date(2026, 9, 14), date(2026, 9, 28)) == second


def test_months_are_whole_ones_over_the_turn_of_the_year():
    """The first is shorter where the year begins within it; two months pass over New Year."""
    assert [date(2026, 10, 1), date(2026, 11, 1)] == [one.until for one in cut("+1 months")][:2]
    assert [
        date(2026, 11, 1), date(2027, 1, 1), date(2027, 3, 1), date(2027, 5, 1), date(2027, 6, 1),
    ] == [one.until for one in cut("+2 months")]  # fmt: skip


def test_groups_with_other_periods_have_stretches_of_their_own():
    """Quarters of one class, half-years of the other; the year itself is no period to end."""
    quarters = tuple(
        Period(f"q{n}", "quarter", n, since, until)
        for n, since, until in (
            (1, date(2026, 9, 2), date(2026, 10, 26)), (2, date(2026, 11, 3), date(2026, 12, 29)),
            (3, date(2027, 1, 11), date(2027, 3, 22)),
        )
    )  # fmt: skip
    half = (Period("h1", "half", 1, date(2026, 9, 2), date(2026, 12, 29)),)
    whole = (Period("y", "year", 1, date(2026, 9, 2), date(2027, 6, 1)),)
    found = cut("+1 periods", frame(systems={"q": (*quarters, *whole), "h": half}))
    assert [
        (date(2026, 9, 2), date(2026, 10, 26), {"7A"}),
        (date(2026, 9, 2), date(2026, 12, 29), {"7B"}),
        (date(2026, 11, 3), date(2026, 12, 29), {"7A"}),
        (date(2027, 1, 11), date(2027, 3, 22), {"7A"}),
    ] == [(one.since, one.until, one.groups) for one in found]
    assert found[0].concerns("journal/7A/alg/2026")
    assert not found[0].concerns("journal/7B/alg/2026")
    assert found[0].concerns("school/2026")

    together = cut("+2 periods", frame(systems={"q": quarters}))
    assert [
        (date(2026, 9, 2), date(2026, 12, 29), None), (date(2027, 1, 11), date(2027, 3, 22), None),
    ] == [(one.since, one.until, one.groups) for one in together]  # fmt: skip
    assert together[0].concerns("journal/7B/alg/2026")

    only_year = cut("+1 periods", frame(systems={"y": whole}))
    assert [date(2027, 6, 1)] == [one.until for one in only_year]


def test_a_setting_of_the_school_may_say_how_often():
    """Where the school has not said it there is no stretch, and lint asks for it."""
    assert 14 == (cut("+given.n days", n=14)[0].until - date(2026, 9, 2)).days
    assert [] == cut("+given.n days")
    assert [] == cut("+given.n days", n=0)
    data = {"format": 1, "id": "x", "title": WORDS, "control": {"every": "+given.n days", "clause": "1"},
            "clauses": [{"number": "1", "gist": WORDS}]}  # fmt: skip
    asked = [(one.kind, one.clause, one.names) for one in lint(structure(data))]
    assert [("setting-not-given", "1", {"setting": "n"})] == asked
    assert [] == lint(structure({**data, "given": {"n": 14}}))


@given(
    st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(2, 400), st.integers(1, 60),
    st.sampled_from(["days", "weeks", "months"]),
)  # fmt: skip
def test_the_whole_year_is_looked_at_once(since, length, number, unit):
    """Stretches follow each other from the first day to the last, whatever the rhythm."""
    calendar = frame(since, since + timedelta(days=length))
    found = cut(f"+{number} {unit}", calendar)
    assert calendar.since == found[0].since
    assert calendar.until == found[-1].until
    assert [one.until for one in found[:-1]] == [one.since for one in found[1:]]
    assert all(one.since < one.until for one in found)


def facts():
    """A school with a head, a deputy who has left, and a teacher."""
    return Facts("s", (frame(),), accounts=(
        Account("head", roles=(RoleSpan("head"),)),
        Account("deputy", roles=(RoleSpan("deputy"),), until=date(2026, 10, 1)),
        Account("t-1", roles=(RoleSpan("teacher"),)),
    ))  # fmt: skip


def regulation(**control):
    """A regulation that says nothing but how often is controlled."""
    return structure({"format": 1, "id": "x", "title": WORDS, "control": control,
                      "clauses": [{"number": "7", "gist": WORDS}]})  # fmt: skip


def at(*parts):
    """An instant on Moscow's clocks, which are three hours ahead."""
    return instant(datetime(*parts, tzinfo=UTC) - timedelta(hours=3))


def test_a_stretch_is_due_from_its_end_on_for_those_who_hold_the_role():
    """Not a microsecond before; the same under the same key, however much later it is asked."""
    ours = regulation(every="+1 months", roles=["deputy", "head"], clause="7")
    end = at(2026, 10, 1)
    assert [] == controls_due([ours], facts(), end - 1)
    (due,) = controls_due([ours], facts(), end)
    assert (end, "7", {"head"}, ("deputy", "head")) == (
        due.since, due.clause, due.accounts, due.roles
    )  # fmt: skip
    assert at(2026, 11, 1) == due.closes
    later = controls_due([ours], facts(), at(2026, 12, 1))
    assert [due.key] == [one.key for one in later][:1]
    assert 3 == len({one.key for one in later})
    assert [False, False, True] == [one.is_open(at(2026, 12, 1)) for one in later]
    last = controls_due([ours], facts(), at(2027, 7, 1))[-1]
    assert last.closes is None
    assert last.is_open(at(2027, 12, 1))


@pytest.mark.parametrize(
    ("within", "closes"),
    [
        ("+36 hours", at(2026, 11, 2, 12)),
        ("+1 days", at(2026, 11, 2)),
        ("+1 weeks", at(2026, 11, 8)),
        # 31 October is a Saturday: the first working day after it is Monday.
        ("+1 working_days", at(2026, 11, 3)),
    ],
)
def test_the_time_to_look_is_counted_from_the_end(within, closes):
    """Days end with their end; the day after the stretch is the first."""
    ours = regulation(every="+2 months", within=within)
    due = controls_due([ours], facts(), at(2026, 11, 1))[0]
    assert closes == due.closes


def test_what_is_not_in_force_asks_for_nothing():
    """A regulation asks about days on which it held; one without a rhythm never does."""
    data = {"format": 1, "id": "x", "title": WORDS, "control": {"every": "+1 months"},
            "in_force": {"since": date(2026, 10, 15)}}  # fmt: skip
    found = controls_due([structure(data)], facts(), at(2026, 12, 1))
    assert [date(2026, 11, 1), date(2026, 12, 1)] == [one.stretch.until for one in found]
    assert [] == controls_due([load("us-nj-district")], facts(), at(2026, 12, 1))
    assert [] == controls_due([structure(data)], Facts("s", ()), at(2026, 12, 1))


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        ('{ every = "+1 years" }', "x.control.every", "unknown unit of a rhythm"),
        ('{ every = "+0 days" }', "x.control.every", "no rhythm"),
        ('{ every = "-given.n days" }', "x.control.every", "no rhythm"),
        ('{ every = "monthly" }', "x.control.every", "not a shift"),
        ('{ within = "+1 days" }', "x.control.every", "is missing"),
        ('{ every = "+1 days", within = "-1 days" }', "x.control.within", "ends before it begins"),
        ('{ every = "+1 days", within = "+1 lessons" }', "x.control.within", "unknown unit"),
        ('{ every = "+1 days", roles = [] }', "x.control.roles", "control by nobody"),
        ('{ every = "+1 days", clause = "7" }', "x.control.clause", "unknown clause"),
        ('{ every = "+1 days", weeks = 2 }', "x.control.weeks", "unknown field"),
    ],
)
def test_a_faulty_rhythm_is_told_with_its_place(text, where, said):
    """Nothing is made up for what cannot be meant."""
    data = tomllib.loads(
        f'format = 1\nid = "x"\ntitle = {{ ru = "п", en = "p" }}\ncontrol = {text}\n'
    )
    with pytest.raises(BadRegulation) as caught:
        structure(data, "x")
    assert where in [problem.where for problem in caught.value.problems]
    assert said in str(caught.value)


def test_a_child_may_set_its_own_rhythm_or_drop_the_clause():
    """The school's own text says weekly; without the clause the rhythm stays and cites none."""
    child = {"format": 1, "id": "ours", "title": WORDS, "extends": "ru-school26-2023"}
    assert "+1 months" == str(structure(child).control.every)
    weekly = structure({**child, "control": {"every": "+1 weeks"}})
    assert ("+1 weeks", None) == (str(weekly.control.every), weekly.control.clause)
    assert structure({**child, "without": ["2.2"]}).control.clause is None
