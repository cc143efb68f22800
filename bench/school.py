"""The school that is measured: one class, one subject, one year, told as facts and as plain tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final, NamedTuple

from attrs import frozen

import edujournal as ej
from edujournal.adapters.schools.plain import PlainSchool
from edujournal.model.calendar import Calendar
from edujournal.model.groups import Group
from edujournal.model.occasions import Lesson
from edujournal.model.people import Account, Assignment, Membership, RoleSpan
from edujournal.model.periods import Holidays, HolidaySet, Period, PeriodSystem, Week
from edujournal.model.time import zone
from edujournal.rules.clauses import Regulation

SCHOOL: Final = "s-1"
ZONE: Final = "Europe/Moscow"
BOOK: Final = "journal/7A/alg/2026"
REGULATION: Final = "ru-school26-2023"
PUPILS: Final = tuple(f"p-{number}" for number in range(1, 26))
LESSONS_A_DAY: Final = 7
MINUTE: Final = 60_000_000
FOREVER: Final = 2**62

#: This pupil joins on this day.
JOINS: Final = ("p-25", date(2026, 10, 5))

#: This teacher leaves on this day.
LEAVES: Final = ("t-gone", date(2026, 11, 1))


@cache
def calendar() -> Calendar:
    """The frame of the year: quarters with holidays between, five days a week."""
    return Calendar(
        school=SCHOOL,
        year="2026",
        zone=ZONE,
        since=date(2026, 9, 1),
        until=date(2027, 6, 1),
        groups=(
            Group("7A", "class", grade=7, periods="quarters", holidays="all", week="five"),
            Group("7B", "class", grade=7, periods="quarters", holidays="all", week="five"),
        ),
        period_systems=(
            PeriodSystem(
                "quarters",
                (
                    Period("q1", "quarter", 1, date(2026, 9, 1), date(2026, 10, 26)),
                    Period("q2", "quarter", 2, date(2026, 11, 3), date(2026, 12, 29)),
                    Period("q3", "quarter", 3, date(2027, 1, 11), date(2027, 3, 24)),
                    Period("q4", "quarter", 4, date(2027, 4, 1), date(2027, 6, 1)),
                ),
            ),
        ),
        holiday_sets=(
            HolidaySet(
                "all",
                (
                    Holidays("autumn", date(2026, 10, 26), date(2026, 11, 3)),
                    Holidays("winter", date(2026, 12, 29), date(2027, 1, 11)),
                    Holidays("spring", date(2027, 3, 24), date(2027, 4, 1)),
                ),
            ),
        ),
        weeks=(Week("five", frozenset({1, 2, 3, 4, 5})),),
        staff_week="five",
        closed=frozenset({date(2026, 11, 4)}),
    )


def lesson(number: int, day: date, slot: int) -> Lesson:
    """Lesson *number* of the class, the one of *slot* on *day*."""
    starts = zone(ZONE).at(day, time(8, 30)) + slot * 55 * MINUTE
    return Lesson(
        f"l-{number}", "7A", "alg", day, slot, starts, starts + 45 * MINUTE, teacher="t-1"
    )


def lessons(count: int, since: date = date(2026, 9, 1)) -> list[Lesson]:
    """The first *count* lessons of the class, seven on each school day from *since* on."""
    days = calendar().school_days("7A", since, date(2027, 6, 1))
    places = ((day, slot) for day in days for slot in range(LESSONS_A_DAY))
    return [
        lesson(number, day, slot) for number, (day, slot) in zip(range(count), places, strict=False)
    ]


def school(some: Iterable[Lesson]) -> PlainSchool:
    """The school with these lessons."""
    pupil, joins = JOINS
    teacher = (RoleSpan("teacher"),)
    return PlainSchool(
        SCHOOL,
        calendars=(calendar(),),
        lessons=tuple(some),
        memberships=[Membership(one, "7A", joins if one == pupil else None) for one in PUPILS]
        + [Membership("p-26", "7B")],
        assignments=(
            Assignment("t-1", "7A", "alg"),
            Assignment("t-2", "7B", "alg"),
            Assignment("t-home", "7A", None, "homeroom"),
            Assignment(LEAVES[0], "7A", "alg", until=LEAVES[1]),
        ),
        accounts=(
            Account("t-1", roles=teacher),
            Account("t-2", roles=teacher),
            Account("t-home"),
            Account(LEAVES[0], roles=teacher, until=LEAVES[1]),
            Account("clerk"),
        ),
    )


class LessonRow(NamedTuple):
    """A lesson as a peer's table has it; with the end of the class's last lesson that day."""

    day: date
    starts: int
    ends: int
    cancelled: bool
    substitute: str | None
    last_end: int


@frozen(eq=False)
class Tables:
    """The same facts as plain dictionaries, for peers.

    Attributes:
        zone: Time zone of the school.
        lessons: Lesson by id.
        roll: Pupils on the roll, by day.
        active: When each account is active, in microseconds.
        assigned: When each account is assigned to the journal, in microseconds.
        teaches: Accounts that teach anything.
        homeroom: Accounts that lead the class.
        families: Which window a kind of work has: ``lesson``, ``control``, ``written``.
        scale: Values that a mark may have.
        working: Working days of the staff.
        periods: Periods: id, first day, last day.
        absent: (lesson, pupil) by the roll calls.
    """

    zone: str
    lessons: dict[str, LessonRow]
    roll: dict[date, frozenset[str]]
    active: dict[str, tuple[int, int]]
    assigned: dict[str, tuple[int, int]]
    teaches: frozenset[str]
    homeroom: frozenset[str]
    families: dict[str, str]
    scale: frozenset[object]
    working: frozenset[date]
    periods: tuple[tuple[str, date, date], ...]
    absent: frozenset[tuple[str, str]]


def tables(some: Sequence[Lesson], absent: Iterable[tuple[str, str]] = ()) -> Tables:
    """The tables of :func:`school` with these lessons."""
    frame = calendar()
    days = [frame.since + timedelta(n) for n in range((frame.until - frame.since).days + 30)]
    last_end: dict[date, int] = {}
    for one in some:
        if not one.cancelled:
            last_end[one.day] = max(last_end.get(one.day, 0), one.ends)
    left = zone(ZONE).start_of_day(LEAVES[1])
    always = (-FOREVER, FOREVER)
    return Tables(
        zone=ZONE,
        lessons={
            one.id: LessonRow(
                one.day,
                one.starts,
                one.ends,
                one.cancelled,
                one.substitute,
                last_end.get(one.day, one.ends),
            )
            for one in some
        },
        roll={
            day: frozenset(one for one in PUPILS if one != JOINS[0] or JOINS[1] <= day)
            for day in days
        },
        active={"t-1": always, "t-2": always, "t-home": always, "clerk": always}
        | {LEAVES[0]: (-FOREVER, left)},
        assigned={"t-1": always, LEAVES[0]: (-FOREVER, left)},
        teaches=frozenset({"t-1", "t-2", LEAVES[0]}),
        homeroom=frozenset({"t-home"}),
        families={
            "oral": "lesson",
            "classwork": "lesson",
            "homework": "lesson",
            "test": "lesson",
            "control": "control",
            "written": "written",
        },
        scale=frozenset({1, 2, 3, 4, 5}),
        working=frozenset(day for day in days if day.isoweekday() < 6 and day not in frame.closed),
        periods=tuple((one.id, one.since, one.until - timedelta(1)) for one in frame.periods("7A")),
        absent=frozenset(absent),
    )


class Hands:
    """A clock that stands until it is set."""

    def __init__(self, at: int = 0) -> None:
        self.at = at

    def __call__(self) -> datetime:
        """Give the moment that was set."""
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=self.at)


def salt(size: int) -> bytes:
    """Bytes for salts, the same in every run."""
    return bytes(range(size))


@cache
def regulation() -> Regulation:
    """The regulation that is judged by."""
    return ej.load_regulation(REGULATION)
