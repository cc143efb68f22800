"""The conformance kit of school data: schools of every shape, and the questions that are asked of them.

An adapter of your own is put to it in a few lines::

    class TestOurSchool(edujournal.testing.schools.SchoolTests):
        @pytest.fixture
        def make_school(self, engine):
            def make(school):
                fill_our_tables(engine, school)
                return OurSchool(engine, school.id)

            return make
"""

# ruff: noqa: S101, SIM300 - a promise is an assertion, expected == actual

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, time, timedelta
from itertools import pairwise
from typing import Any, Final, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edujournal.adapters.schools.plain import PlainSchool
from edujournal.errors import BadInput
from edujournal.gathering import gather_all
from edujournal.model.bells import Bell, BellRule, BellSchedule
from edujournal.model.calendar import Calendar
from edujournal.model.groups import Group, Subject
from edujournal.model.ids import check_id
from edujournal.model.lookalikes import skeleton
from edujournal.model.occasions import Lesson, Planned
from edujournal.model.people import Account, Assignment, Membership, RoleSpan
from edujournal.model.periods import Cycle, Holidays, HolidaySet, Period, PeriodSystem, Week
from edujournal.model.time import zone
from edujournal.ports import Directory, SchoolData

#: Signs that an id may have and that a file, a query or a list could stumble over.
ODD: Final = "aZ09 ;:@\\\"'.,-_#%=+*?()[]{}|&$ЖяЁé𝄞"

#: Zones with and without changes of the clock, east and west, one of them within the school day.
ZONES: Final = (
    "Europe/Moscow",
    "Asia/Kamchatka",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "UTC",
)

_DAY: Final = timedelta(days=1)
_Row = TypeVar("_Row")


def _is_id(text: str) -> bool:
    try:
        check_id(text)
    except BadInput:
        return False
    return True


def ids() -> st.SearchStrategy[str]:
    """Ids, most of them plain, some with signs that are in the way."""
    odd = st.text(ODD, min_size=1, max_size=5).filter(_is_id)
    return st.one_of(st.from_regex(r"[a-z]{1,3}-[0-9]{1,2}", fullmatch=True), odd)


def _some_ids(least: int = 1, most: int = 3) -> st.SearchStrategy[list[str]]:
    return st.lists(ids(), min_size=least, max_size=most, unique_by=skeleton)


def texts() -> st.SearchStrategy[str]:
    """Texts as people type them: quotes, line ends, signs, and what looks like a formula."""
    typed = st.text(ODD + "\n\r\t", min_size=1, max_size=12)
    return st.one_of(st.sampled_from(['"Тихий Дон"', "=1+1", "№ 5; стр. 7", " x "]), typed)


def _named() -> st.SearchStrategy[str]:
    return texts().filter(lambda text: bool(text.strip()))


@st.composite
def _days(draw: st.DrawFn, since: date, until: date, most: int = 3) -> list[date]:
    numbers = st.integers(0, (until - since).days - 1)
    return [since + n * _DAY for n in draw(st.lists(numbers, max_size=most, unique=True))]


@st.composite
def _stretch(draw: st.DrawFn, since: date, until: date) -> tuple[date | None, date | None]:
    """A stretch that meets ``[since, until)``, with open ends now and then."""
    length = (until - since).days
    first = draw(st.integers(-30, length - 1))
    last = draw(st.integers(max(first, 0) + 1, length + 30))
    return (
        draw(st.sampled_from([None, since + first * _DAY])),
        draw(st.sampled_from([None, since + last * _DAY])),
    )


@st.composite
def _stretches(
    draw: st.DrawFn, since: date, until: date, id: str
) -> tuple[PeriodSystem, HolidaySet]:
    """Periods and holidays that take turns, so that none overlaps another."""
    length = (until - since).days
    cuts = sorted(draw(st.lists(st.integers(0, length), max_size=6, unique=True)))
    periods: list[Period] = []
    holidays: list[Holidays] = []
    for n, (first, last) in enumerate(pairwise(cuts)):
        span = (since + first * _DAY, since + last * _DAY)
        title = draw(st.sampled_from(["", "I; четверть"]))
        if n % 2:
            holidays.append(Holidays(f"h{n}", *span, title))
        else:
            periods.append(Period(f"p{n}", "module", draw(st.integers(1, 9)), *span, title))
    if draw(st.booleans()):
        periods.append(Period("year", "year", 1, since, until))
    return PeriodSystem(id, tuple(periods)), HolidaySet(id, tuple(holidays))


@st.composite
def _schedule(draw: st.DrawFn, id: str) -> BellSchedule:
    numbers = draw(st.lists(st.integers(0, 12), max_size=4, unique=True))
    bells = []
    minute = draw(st.integers(0, 600))
    for number in numbers:
        second = draw(st.sampled_from([0, 0, 30]))
        starts, minute = minute, minute + draw(st.integers(1, 60))
        bells.append(
            Bell(
                number, time(starts // 60, starts % 60, second), time(minute // 60, minute % 60, 59)
            )
        )
        minute += 1
    return BellSchedule(id, tuple(bells))


@st.composite
def calendars(draw: st.DrawFn, school: str, year: str, since: date) -> Calendar:
    """The frame of a year from *since* on.

    *Version added: 0.1.*
    """
    until = since + draw(st.integers(20, 300)) * _DAY
    shared = [draw(_stretches(since, until, id)) for id in draw(_some_ids(most=2))]
    weeks = [
        Week(id, draw(st.sets(st.integers(1, 7), min_size=1))) for id in draw(_some_ids(most=2))
    ]
    days = draw(_days(since, until, most=8))
    moved = dict(zip(days[4:6], days[6:8], strict=False))
    cycle = draw(_cycles(since, until))
    schedules = [draw(_schedule(id)) for id in draw(_some_ids(least=0, most=2))]
    names = sorted(cycle.days) if cycle else []
    rules = [
        BellRule(
            draw(st.sampled_from(schedules)).id,
            draw(st.none() | st.frozensets(st.integers(1, 7))),
            draw(st.none() | st.integers(1, 2)),
            draw(st.none() | _days(since, until)),
            draw(st.none() | st.frozensets(st.sampled_from(names))) if names else None,
        )
        for _ in range(draw(st.integers(0, 2)) if schedules else 0)
    ]
    return Calendar(
        school=school,
        year=year,
        zone=draw(st.sampled_from(ZONES)),
        since=since,
        until=until,
        groups=draw(_groups(shared, weeks)),
        subjects=[
            Subject(
                id,
                draw(st.sampled_from(["", "Алгебра", '"x"'])),
                draw(st.sets(ids(), max_size=2)),
                draw(st.booleans()),
                draw(st.sampled_from([None, "1.5", 2])),
            )
            for id in draw(_some_ids(least=0))
        ],
        period_systems=[one for one, _ in shared],
        holiday_sets=[one for _, one in shared],
        weeks=weeks,
        staff_week=draw(st.sampled_from(weeks)).id,
        schedules=schedules,
        bell_rules=rules,
        closed=days[:1],
        cancelled=days[1:2],
        working=days[2:4],
        moved=moved,
        cycle=cycle,
        sections=draw(st.lists(st.sampled_from(["calendar", "bells"]), unique=True)),
    )


@st.composite
def _cycles(draw: st.DrawFn, since: date, until: date) -> Cycle | None:
    names = draw(_some_ids())
    monday = since + (7 - since.weekday()) % 7 * _DAY
    dates = {day: draw(st.sampled_from(names)) for day in draw(_days(since, until))}
    choices = [None, Cycle(names, monday, (), draw(st.booleans()))]
    if dates:
        choices.append(Cycle(names, None, tuple(dates.items())))
    return draw(st.sampled_from(choices))


@st.composite
def _groups(
    draw: st.DrawFn, shared: list[tuple[PeriodSystem, HolidaySet]], weeks: list[Week]
) -> list[Group]:
    found: list[Group] = []
    classes = draw(st.integers(1, 2))
    for n, id in enumerate(draw(_some_ids(least=2, most=4))):
        kind = "class" if n < classes else draw(st.sampled_from(["subgroup", "stream", "plan"]))
        above = [one.id for one in found if one.kind == "class"]
        system, holidays = draw(st.sampled_from(shared))
        found.append(
            Group(
                id,
                kind,
                parents=() if kind == "class" else draw(st.permutations(above)),
                grade=draw(st.none() | st.integers(1, 11)),
                stage=draw(st.sampled_from([None, "upper"])),
                shift=draw(st.integers(1, 2)),
                profile=draw(st.sampled_from([None, "наука"])),
                periods=system.id,
                holidays=holidays.id,
                week=draw(st.sampled_from(weeks)).id,
                pupil=f"plan-{n}" if kind == "plan" else None,
                title=draw(st.sampled_from(["", "7 «А»"])),
            )
        )
    return found


@st.composite
def plain_schools(draw: st.DrawFn) -> PlainSchool:
    """Schools of every shape: several years, zones, kinds of group, moved and cancelled lessons.

    *Version added: 0.1.*
    """
    school = draw(ids())
    years = [draw(calendars(school, "2026", date(2026, 3, 1)))]
    if draw(st.booleans()):
        years.append(draw(calendars(school, "2027", years[0].until + _DAY)))
    pupils = draw(_some_ids())
    accounts = [draw(_accounts(id, pupils)) for id in draw(_some_ids())]
    teachers = st.sampled_from([None, *(account.id for account in accounts)])
    lessons = []
    for id in draw(_some_ids(least=0, most=5)):
        calendar = draw(st.sampled_from(years))
        lessons.append(draw(_lessons(id, calendar, teachers)))
    memberships, assignments = [], []
    for _ in range(draw(st.integers(0, 5))):
        calendar = draw(st.sampled_from(years))
        group = draw(st.sampled_from(calendar.groups)).id
        span = draw(_stretch(calendar.since, calendar.until))
        memberships.append(Membership(draw(st.sampled_from(pupils)), group, *span))
        role = draw(st.sampled_from(["teacher", "homeroom"]))
        subject = draw(_subject_of(calendar)) if role == "teacher" else None
        account = draw(st.sampled_from(accounts)).id
        assignments.append(Assignment(account, group, subject, role, *span))
    named = [("pupil", one) for one in pupils] + [("account", one.id) for one in accounts]
    named += [("group", years[0].groups[0].id), ("subject", "nobody's"), ("account", "left")]
    names = {key: draw(_named()) for key in named if draw(st.booleans())}
    lacks = draw(st.sets(st.sampled_from(["roll", "topic"])))
    return PlainSchool(
        school, years, lessons, memberships, assignments, accounts, names, frozenset(lacks)
    )


def _subject_of(calendar: Calendar) -> st.SearchStrategy[str]:
    known = [one.id for one in calendar.subjects]
    return st.sampled_from(known) if known else ids()


@st.composite
def _accounts(draw: st.DrawFn, id: str, pupils: list[str]) -> Account:
    since, until = date(2026, 3, 1), date(2026, 9, 1)
    roles = [RoleSpan(role, *draw(_stretch(since, until))) for role in draw(_some_ids(least=0))]
    return Account(
        id,
        draw(st.sampled_from([None, "person 1"])),
        tuple(roles),
        *draw(_stretch(since, until)),
        tuple(draw(st.lists(st.sampled_from(pupils), max_size=2, unique=True))),
    )


@st.composite
def _lessons(
    draw: st.DrawFn, id: str, calendar: Calendar, teachers: st.SearchStrategy[str | None]
) -> Lesson:
    clocks = zone(calendar.zone)

    def place() -> tuple[date, int, int, int]:
        numbers = st.integers(0, (calendar.until - calendar.since).days - 1)
        day = calendar.since + draw(numbers) * _DAY
        minute = draw(st.integers(0, 22 * 60))
        starts = clocks.at(day, time(minute // 60, minute % 60), draw(st.integers(0, 1)))
        last = clocks.end_of_day(day) - 1
        starts = min(max(starts, clocks.start_of_day(day)), last)
        return day, draw(st.integers(0, 9)), starts, starts + draw(st.integers(1, 5_400_000_000))

    moments = sorted(draw(st.lists(st.integers(10**15, 2 * 10**15), max_size=2, unique=True)))
    before = tuple(Planned(until, *place(), draw(st.booleans())) for until in moments)
    return Lesson(
        id,
        draw(st.sampled_from(calendar.groups)).id,
        draw(_subject_of(calendar)),
        *place(),
        draw(teachers),
        draw(teachers),
        draw(st.booleans()),
        before,
        draw(st.sampled_from([None, calendar.year])),
    )


def _sorted(rows: Iterable[_Row]) -> list[_Row]:
    """Rows in one order; a row that came twice stays twice."""
    return sorted(rows, key=repr)


#: Makes school data of the kind under test out of a plain school.
MakeSchool = Callable[[PlainSchool], SchoolData]

_PUT: Final = settings(
    max_examples=25,
    suppress_health_check=[
        HealthCheck.differing_executors,  # one promise, put to several adapters
        HealthCheck.function_scoped_fixture,  # each example puts its own school there
        HealthCheck.too_slow,
    ],
    deadline=None,
)


class SchoolTests:
    """Inherit this, give ``make_school``, and the adapter answers as the plain school does.

    A getter of your own may give more rows than were asked for; these tests ask for exactly the same
    rows, as the adapters of the package give them.

    *Version added: 0.1.*
    """

    @pytest.fixture
    def make_school(self) -> MakeSchool:
        """Give a function that puts a plain school where the adapter reads, and opens it."""
        pytest.fail(f"{type(self).__name__} has no fixture 'make_school'")

    @_PUT
    @given(plain=plain_schools())
    def test_everything_is_there(self, make_school: MakeSchool, plain: PlainSchool) -> None:
        """Asked for all, each getter gives the very rows, once each, and so does a gathering."""
        school = make_school(plain)

        assert plain.id == school.id
        assert list(plain.calendars()) == list(school.calendars())
        assert _sorted(plain.lessons()) == _sorted(school.lessons())
        assert _sorted(plain.memberships()) == _sorted(school.memberships())
        assert _sorted(plain.assignments()) == _sorted(school.assignments())
        assert _sorted(plain.accounts()) == _sorted(school.accounts())
        assert plain.lacks == gather_all(school).lacks

    @_PUT
    @given(plain=plain_schools(), data=st.data())
    def test_lessons_by_ids_groups_and_days(
        self, make_school: MakeSchool, plain: PlainSchool, data: st.DataObject
    ) -> None:
        """Lessons are found by ids, else by groups and days; a moved one on each of its days."""
        school = make_school(plain)
        wanted = data.draw(st.lists(_one_of([one.id for one in plain.lessons()]), max_size=3))
        groups = [group.id for year in plain.calendars() for group in year.groups]
        asked: dict[str, Any] = {
            "groups": data.draw(st.none() | st.lists(_one_of(groups), max_size=3)),
            "since": data.draw(st.none() | _around(plain)),
            "until": data.draw(st.none() | _around(plain)),
        }

        assert _sorted(plain.lessons(ids=wanted)) == _sorted(school.lessons(ids=iter(wanted)))
        assert _sorted(plain.lessons(**asked)) == _sorted(school.lessons(**asked))

    @_PUT
    @given(plain=plain_schools(), data=st.data())
    def test_people_by_groups_and_ids(
        self, make_school: MakeSchool, plain: PlainSchool, data: st.DataObject
    ) -> None:
        """Memberships, assignments and accounts are found by either of what they join."""
        school = make_school(plain)
        groups = [group.id for year in plain.calendars() for group in year.groups]
        people = [row.pupil for row in plain.memberships()] + [one.id for one in plain.accounts()]
        some_groups = data.draw(st.none() | st.lists(_one_of(groups), max_size=2))
        some = data.draw(st.none() | st.lists(_one_of(people), max_size=2))

        assert _sorted(plain.memberships(groups=some_groups, pupils=some)) == _sorted(
            school.memberships(groups=some_groups, pupils=some)
        )
        assert _sorted(plain.assignments(groups=some_groups, accounts=some)) == _sorted(
            school.assignments(groups=some_groups, accounts=some)
        )
        assert _sorted(plain.accounts(ids=some)) == _sorted(school.accounts(ids=some))

    @_PUT
    @given(plain=plain_schools(), data=st.data())
    def test_years_by_days(
        self, make_school: MakeSchool, plain: PlainSchool, data: st.DataObject
    ) -> None:
        """The frames of the years that meet the days are given, in the order of time."""
        school = make_school(plain)
        span = data.draw(st.none() | _around(plain)), data.draw(st.none() | _around(plain))

        assert list(plain.calendars(*span)) == list(school.calendars(*span))

    @_PUT
    @given(plain=plain_schools(), data=st.data())
    def test_names(self, make_school: MakeSchool, plain: PlainSchool, data: st.DataObject) -> None:
        """Where the adapter knows names, it knows the same; an id without one gives itself."""
        school = make_school(plain)
        if not isinstance(school, Directory):
            pytest.skip("the adapter is no Directory")
        known = [*plain.names, ("group", plain.calendars()[0].groups[0].id), ("pupil", "nobody")]
        kind, id = data.draw(st.sampled_from(known))
        on = data.draw(st.none() | _around(plain))

        assert plain.name(kind, id, on) == school.name(kind, id, on)

    def test_thousands_of_ids_at_once(self, make_school: MakeSchool) -> None:
        """A gathering for a whole school's marks names some thousand ids; all are answered."""
        clocks = zone("Europe/Moscow")
        week = Week("w", range(1, 8))
        calendar = Calendar(
            school="s", year="2026", zone="Europe/Moscow",
            since=date(2026, 9, 1), until=date(2027, 6, 1), staff_week="w",
            groups=[Group("7A", "class", periods="p", holidays="h", week="w")],
            period_systems=[PeriodSystem("p")], holiday_sets=[HolidaySet("h")], weeks=[week],
        )  # fmt: skip
        day = date(2026, 9, 1)
        starts, ends = clocks.at(day, time(8)), clocks.at(day, time(9))
        plain = PlainSchool(
            "s",
            [calendar],
            [Lesson(f"l-{n}", "7A", "alg", day, 1, starts, ends) for n in range(5_000)],
            [Membership(f"p-{n}", "7A") for n in range(5_000)],
            (),
            [Account(f"a-{n}") for n in range(5_000)],
        )
        school = make_school(plain)

        assert 5_000 == len(list(school.lessons(ids=[f"l-{n}" for n in range(9_000)])))
        assert 5_000 == len(list(school.memberships(pupils=[f"p-{n}" for n in range(9_000)])))
        assert 5_000 == len(list(school.accounts(ids=[f"a-{n}" for n in range(9_000)])))


def _one_of(known: list[str]) -> st.SearchStrategy[str]:
    return st.sampled_from([*known, "nobody"])


def _around(plain: PlainSchool) -> st.SearchStrategy[date]:
    first, last = plain.calendars()[0].since, plain.calendars()[-1].until
    return st.dates(first - 3 * _DAY, last + 3 * _DAY)
