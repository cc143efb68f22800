"""Hypothesis strategies of schools at work: small, whole, and with something in every corner.

What :mod:`edujournal.testing.odd_schools` makes is as odd as an adapter may meet it. What is made here
is a school in which people write: its lessons have teachers, its classes have pupils who come and go,
its year has an end of a period near by. A test of your own begins with::

    from hypothesis import given, strategies as st
    from edujournal.testing import strategies as some


    @given(school=some.working_schools(), data=st.data())
    def test_ours(school, data):
        script = data.draw(some.scripts(school))
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from typing import Final

from hypothesis import strategies as st

from edujournal.adapters.schools.plain import PlainSchool
from edujournal.model.calendar import Calendar
from edujournal.model.groups import Group, Subject
from edujournal.model.occasions import Lesson, Planned
from edujournal.model.people import Account, Assignment, Membership, RoleSpan
from edujournal.model.periods import Holidays, HolidaySet, Period, PeriodSystem, Week
from edujournal.model.time import MINUTE, zone
from edujournal.testing.acting import acts, drafts, evidences, scripts

__all__ = ["YEAR", "acts", "drafts", "evidences", "scripts", "working_calendars", "working_schools"]

#: Academic year of the calendars that are made here.
YEAR: Final = "2026"

#: Zones east and west, with and without changes of the clock in the year.
ZONES: Final = (
    "Europe/Moscow",
    "Asia/Kamchatka",
    "America/New_York",
    "Europe/Kaliningrad",
    "Australia/Lord_Howe",
)

_DAY: Final = timedelta(days=1)
_SINCE: Final = date(2026, 9, 1)
_UNTIL: Final = date(2027, 1, 11)

#: Days on which a stretch of lessons may begin: the set-up's deadline, a plain week, the end of a
#: period, the change of the clocks and the holidays about it.
SCENES: Final = (date(2026, 9, 7), date(2026, 9, 28), date(2026, 10, 19), date(2026, 10, 29))

#: Who is taught what; each is a journal.
JOURNALS: Final = (
    ("7A", "alg"),
    ("7B", "alg"),
    ("7A.1", "eng"),
    ("7A.2", "eng"),
    ("choir", "mus"),
    ("choir.1", "mus"),
    ("plan", "alg"),
)

_PUPILS: Final = ("p-1", "p-2", "p-3", "p-4", "p-5")
_TEACHERS: Final = ("t-1", "t-2", "t-3")
#: Groups of each pupil who stays where he is.
_HOME: Final = {
    "p-1": ("7A", "7A.1", "choir"),
    "p-2": ("7A", "7A.2"),
    "p-3": ("7B", "choir", "choir.1"),
    "p-4": ("7B",),
    "p-5": ("7A",),
}


def working_calendars(zones: Sequence[str] = ZONES) -> st.SearchStrategy[Calendar]:
    """Frames of a year with two classes, subgroups, a stream and an individual plan.

    Periods, holidays and weeks may differ by class; some days are closed, worked or cancelled.

    *Version added: 0.1.*

    Args:
        zones: Names of the zones to choose from.
    """
    return _calendars(zones)


@st.composite
def _calendars(draw: st.DrawFn, zones: Sequence[str]) -> Calendar:
    quarters = PeriodSystem(
        "q",
        (
            Period("q1", "quarter", 1, _SINCE, date(2026, 10, 26)),
            Period("q2", "quarter", 2, date(2026, 11, 2), date(2026, 12, 28)),
            Period("y", "year", 1, _SINCE, _UNTIL),
        ),
    )
    trimesters = PeriodSystem(
        "t",
        (
            Period("t1", "trimester", 1, _SINCE, date(2026, 11, 9)),
            Period("t2", "trimester", 2, date(2026, 11, 9), _UNTIL),
        ),
    )
    autumn = HolidaySet(
        "autumn",
        (
            Holidays("a", date(2026, 10, 26), date(2026, 11, 2)),
            Holidays("w", date(2026, 12, 28), _UNTIL),
        ),
    )
    early = HolidaySet("early", (Holidays("e", date(2026, 10, 5), date(2026, 10, 12)),))
    systems = ("q", "autumn"), ("t", "early"), ("t", "none")
    (p_a, h_a), (p_b, h_b) = draw(st.tuples(st.sampled_from(systems), st.sampled_from(systems)))
    w_a, w_b, staff = draw(st.tuples(*[st.sampled_from(("five", "six"))] * 3))
    above = draw(st.sampled_from((("choir",), ("7B",), ("7A", "7B"))))
    shift = draw(st.integers(1, 2))

    def group(id: str, kind: str, grade: int, parents: Sequence[str] = (), **more: str) -> Group:
        of_b = id == "7B"
        return Group(
            id, kind, parents=tuple(parents), grade=grade, shift=shift if of_b else 1,
            periods=p_b if of_b else p_a, holidays=h_b if of_b else h_a, week=w_b if of_b else w_a,
            pupil=more.get("pupil"),
        )  # fmt: skip

    days = draw(st.lists(st.integers(0, 60), max_size=3, unique=True))
    marked = [_SINCE + n * _DAY for n in days]
    return Calendar(
        school="s-1",
        year=YEAR,
        zone=draw(st.sampled_from(zones)),
        since=_SINCE,
        until=_UNTIL,
        groups=(
            group("7A", "class", 7),
            group("7B", "class", draw(st.sampled_from((7, 10)))),
            group("7A.1", "subgroup", 7, ("7A",)),
            group("7A.2", "subgroup", 7, ("7A",)),
            group("choir", "stream", 7, ("7A", "7B")),
            group("choir.1", "subgroup", 7, above),
            group("plan", "plan", 7, pupil="p-5"),
        ),
        subjects=(
            Subject("alg", "Алгебра"),
            Subject("eng", "Английский", ("language",)),
            Subject("mus", "Хор", attendance=draw(st.booleans())),
        ),
        period_systems=(quarters, trimesters),
        holiday_sets=(autumn, early, HolidaySet("none", ())),
        weeks=(Week("five", range(1, 6)), Week("six", range(1, 7))),
        staff_week=staff,
        closed=marked[:1],
        cancelled=marked[1:2],
        working=marked[2:3],
        sections=draw(st.sampled_from(((), ("bells", "rolls")))),
    )


def working_schools(
    zones: Sequence[str] = ZONES, least: int = 2, most: int = 6
) -> st.SearchStrategy[PlainSchool]:
    """Schools at work: classes, subgroups, a stream, an individual plan, people who come and go.

    Every journal has a teacher, some have two one after another; pupils move between the classes;
    lessons of some nine days are held, moved, cancelled, or given by a substitute.

    *Version added: 0.1.*

    Args:
        zones: Names of the zones to choose from.
        least: Fewest lessons.
        most: Most lessons.
    """
    return _schools(zones, least, most)


@st.composite
def _schools(draw: st.DrawFn, zones: Sequence[str], least: int, most: int) -> PlainSchool:
    calendar = draw(working_calendars(zones))
    scene = draw(st.sampled_from(SCENES))
    places = draw(st.lists(st.sampled_from(JOURNALS), min_size=least, max_size=most))
    return PlainSchool(
        "s-1",
        [calendar],
        [draw(_lessons(f"l-{n}", place, calendar, scene)) for n, place in enumerate(places)],
        draw(_memberships(scene)),
        draw(_assignments(scene)),
        draw(_accounts(scene)),
        lacks=draw(st.sampled_from((frozenset[str](), frozenset[str](), frozenset({"roll"})))),
    )


@st.composite
def _lessons(
    draw: st.DrawFn, id: str, place: tuple[str, str], calendar: Calendar, scene: date
) -> Lesson:
    clocks = zone(calendar.zone)
    teachers = st.sampled_from((None, None, *_TEACHERS))

    def slot() -> tuple[date, int, int, int]:
        day = scene + draw(st.integers(0, 8)) * _DAY
        hour = draw(st.integers(8, 15))
        starts = clocks.at(day, time(hour))
        return day, hour - 8, starts, starts + draw(st.sampled_from((45, 30))) * MINUTE

    day, number, starts, ends = slot()
    before: tuple[Planned, ...] = ()
    if draw(st.integers(0, 3)) == 3:
        dawn = clocks.start_of_day(day)
        changed = dawn + draw(st.sampled_from((-MINUTE, 0, 10 * 60 * MINUTE)))
        before = (Planned(changed, *slot(), draw(st.booleans())),)
    return Lesson(
        id, *place, day, number, starts, ends, draw(teachers), draw(teachers),
        draw(st.integers(1, 10)) == 10, before,
    )  # fmt: skip


@st.composite
def _memberships(draw: st.DrawFn, scene: date) -> list[Membership]:
    found = []
    for pupil, groups in _HOME.items():
        moves = draw(st.sampled_from((None, None, 0, 2, 4)))
        if moves is None:
            found += [Membership(pupil, group) for group in groups]
            continue
        day = scene + moves * _DAY
        found += [Membership(pupil, group, until=day) for group in groups]
        there = draw(st.sampled_from(((), ("7A", "7A.1"), ("7B",), ("choir", "7B"))))
        found += [Membership(pupil, group, since=day) for group in there]
    return found


@st.composite
def _assignments(draw: st.DrawFn, scene: date) -> list[Assignment]:
    found = [Assignment("t-1", "7A", None, "homeroom"), Assignment("t-2", "7B", None, "homeroom")]
    teachers = st.sampled_from(_TEACHERS)
    for group, subject in JOURNALS:
        first = draw(teachers)
        after = draw(st.sampled_from((None, None, *_TEACHERS)))
        if after is None:
            found.append(Assignment(first, group, subject))
        else:
            day = scene + draw(st.integers(1, 5)) * _DAY
            found.append(Assignment(first, group, subject, until=day))
            found.append(Assignment(after, group, subject, since=day))
    return found


@st.composite
def _accounts(draw: st.DrawFn, scene: date) -> list[Account]:
    ends = draw(st.sampled_from((None, None, scene + 3 * _DAY)))
    found = [Account(id, id, (RoleSpan("teacher"),)) for id in _TEACHERS[:-1]]
    found.append(Account("t-3", "t-3", (RoleSpan("teacher"),), until=ends))
    deputy = RoleSpan("deputy", until=draw(st.sampled_from((None, scene + 4 * _DAY))))
    return [*found, *_offices(deputy)]


def _offices(deputy: RoleSpan) -> Iterator[Account]:
    yield Account("head", "h", (RoleSpan("head"),))
    yield Account("deputy", "d", (deputy, RoleSpan("teacher")))
    yield Account("importer", "i", (RoleSpan("importer"),))
    yield Account("mother", "m", pupils=("p-1", "p-2"))
