"""Schools of every shape, for the kit of school data: as odd as an adapter may meet them."""

from __future__ import annotations

from datetime import date, time, timedelta
from itertools import pairwise
from typing import Final

from hypothesis import strategies as st

from edujournal.adapters.schools.plain import PlainSchool
from edujournal.errors import BadInput
from edujournal.model.bells import Bell, BellRule, BellSchedule
from edujournal.model.calendar import Calendar
from edujournal.model.groups import Group, Subject
from edujournal.model.ids import check_id
from edujournal.model.lookalikes import skeleton
from edujournal.model.occasions import Lesson, Planned
from edujournal.model.people import Account, Assignment, Away, Membership, RoleSpan
from edujournal.model.periods import Cycle, Holidays, HolidaySet, Period, PeriodSystem, Week
from edujournal.model.sessions import Session
from edujournal.model.time import zone

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
        role = draw(st.sampled_from(["teacher", "homeroom", "substitute", "team"]))
        subject = draw(_subject_of(calendar)) if role != "homeroom" else None
        account = draw(st.sampled_from(accounts)).id
        assignments.append(Assignment(account, group, subject, role, *span))
    named = [("pupil", one) for one in pupils] + [("account", one.id) for one in accounts]
    named += [("group", years[0].groups[0].id), ("subject", "nobody's"), ("account", "left")]
    names = {key: draw(_named()) for key in named if draw(st.booleans())}
    lacks = draw(st.sets(st.sampled_from(["roll", "topic"])))
    return PlainSchool(
        school, years, lessons, memberships, assignments, accounts, names, frozenset(lacks),
        draw(_sessions(accounts)),
    )  # fmt: skip


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
        tuple(draw(st.lists(st.sampled_from(["person 2", "x-3"]), max_size=1))),
        tuple(Away(*draw(_stretch(since, until))) for _ in range(draw(st.integers(0, 2)))),
    )


@st.composite
def _sessions(draw: st.DrawFn, accounts: list[Account]) -> list[Session]:
    """Sessions in the years of the school, some without an end, some of which little is known."""
    found = []
    for _ in range(draw(st.integers(0, 4))):
        since = draw(st.integers(1_772_000_000_000_000, 1_790_000_000_000_000))
        length = draw(st.none() | st.integers(1, 90_000_000_000))
        found.append(
            Session(
                draw(st.sampled_from(accounts)).id,
                since,
                None if length is None else since + length,
                draw(st.sampled_from([None, "person 1", "person 2"])),
                draw(st.none() | texts()),
                draw(st.sampled_from([None, "phone"])),
            )
        )
    return found


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
        draw(st.booleans()),
    )
