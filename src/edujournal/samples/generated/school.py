"""A made school: its year, classes, subgroups, shifts, people, timetable, transfers, substitutions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from random import Random
from typing import Final

from attrs import evolve, field, frozen, validators

from edujournal.adapters.schools.plain import PlainSchool
from edujournal.model.bells import Bell, BellRule, BellSchedule
from edujournal.model.calendar import Calendar
from edujournal.model.groups import Group, Subject
from edujournal.model.occasions import Lesson, Planned
from edujournal.model.people import Account, Assignment, Membership, RoleSpan
from edujournal.model.periods import Holidays, HolidaySet, Period, PeriodSystem, Week
from edujournal.model.time import MINUTE, zone
from edujournal.samples.frame import SUBJECTS

YEAR: Final = "2026"
SINCE: Final = date(2026, 9, 1)
UNTIL: Final = date(2027, 6, 1)
ZONES: Final = ("Europe/Kaliningrad", "Europe/Moscow", "Asia/Yekaterinburg", "Asia/Vladivostok")
LESSONS_A_DAY: Final = 6

#: Municipalities of the made region; each school lies in one of them.
MUNICIPALITIES: Final = (
    "Береговой район", "Горный район", "Заречный район", "Лесной район", "Озёрный район",
    "Полевой район", "Северный район", "Степной район",
)  # fmt: skip

#: What every class learns: the classes take turns, so that no teacher is in two places.
TAUGHT: Final = ("alg", "rus", "eng", "phys", "hist", "lit", "bio", "inf", "geo", "pe")

#: First day of each period, its last week's Monday, first day of the holidays after it.
PERIODS: Final = (
    ("q1", date(2026, 9, 1), date(2026, 10, 26)),
    ("q2", date(2026, 11, 3), date(2026, 12, 29)),
    ("q3", date(2027, 1, 11), date(2027, 3, 24)),
    ("q4", date(2027, 4, 1), date(2027, 5, 27)),
)

_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FIRST: Final = {1: time(8, 30), 2: time(14, 0)}
_STEP: Final = 55
_LENGTH: Final = 45


@frozen(kw_only=True)
class Size:
    """How great a made school is.

    *Version added: 0.1.*

    Attributes:
        classes: Classes, 1 to 60.
        pupils: Pupils of each class at the beginning, 4 to 40.
        days: School days for which there are lessons, from 1 September on.
    """

    classes: int = field(default=30, validator=[validators.ge(1), validators.le(60)])
    pupils: int = field(default=25, validator=[validators.ge(4), validators.le(40)])
    days: int = field(default=170, validator=[validators.ge(1), validators.le(170)])


@frozen(eq=False)
class Made:
    """A made school, and what was drawn for it.

    Attributes:
        school: Its data.
        number: Its number in the region.
        municipality: Where in the region it lies.
        calendar: The frame of its year.
        day_ends: End of the last lesson by class and day.
        rolls: Pupils by group: id, first day, day after the last.
        spare: Accounts of teachers who have no lessons of their own.
    """

    school: PlainSchool
    number: int
    municipality: str
    calendar: Calendar
    day_ends: dict[tuple[str, date], int]
    rolls: dict[str, list[tuple[str, date | None, date | None]]]
    spare: tuple[str, ...]

    def roll(self, group: str, day: date) -> list[str]:
        """Who belongs to *group* on *day*."""
        return [
            pupil
            for pupil, since, until in self.rolls[group]
            if (since is None or since <= day) and (until is None or day < until)
        ]


def generated_school(number: int, seed: int, size: Size) -> Made:
    """Make the school *number* of the region that hangs on *seed*."""
    rng = Random(f"school {seed} {number}")  # noqa: S311 - believable, not secret
    classes = list(_classes(size.classes))
    frame = _calendar(f"s-{number:05d}", rng.choice(ZONES), classes)
    rolls = _rolls(rng, classes, size)
    assignments = list(_assignments(rng, classes))
    lessons, ends = _lessons(rng, frame, classes, assignments, size.days)
    spare = ("t-spare-1", "t-spare-2")
    school = PlainSchool(
        frame.school,
        calendars=(frame,),
        lessons=lessons,
        memberships=[
            Membership(pupil, group, since, until)
            for group, some in rolls.items()
            for pupil, since, until in some
        ],
        assignments=assignments,
        accounts=_accounts(assignments, spare),
    )
    where = Random(f"municipality {seed} {number}").choice(MUNICIPALITIES)  # noqa: S311 - believable
    return Made(school, number, where, frame, ends, rolls, spare)


def _classes(count: int) -> Iterator[Group]:
    for place in range(count):
        grade = 5 + place % 7
        yield Group(
            f"{grade}{_LETTERS[place // 7]}",
            "class",
            grade=grade,
            stage="basic" if grade < 10 else "upper",
            shift=2 if grade in (6, 7) else 1,
            periods="quarters",
            holidays="all",
            week="five",
        )


def _subgroups(one: Group) -> list[Group]:
    return [
        evolve(one, id=f"{one.id}-{part}", kind="subgroup", parents=(one.id,)) for part in (1, 2)
    ]


def _calendar(school: str, zone_name: str, classes: list[Group]) -> Calendar:
    periods = [
        Period(id, "quarter", n, since, end) for n, (id, since, end) in enumerate(PERIODS, 1)
    ]
    periods.append(Period("year", "year", 1, SINCE, PERIODS[-1][2]))
    starts = [since for _, since, _ in PERIODS[1:]] + [UNTIL]
    free = [
        Holidays(f"h{n}", end, start)
        for n, ((_, _, end), start) in enumerate(zip(PERIODS, starts, strict=True), 1)
    ]
    return Calendar(
        school=school,
        year=YEAR,
        zone=zone_name,
        since=SINCE,
        until=UNTIL,
        groups=tuple(part for one in classes for part in (one, *_subgroups(one))),
        subjects=tuple(Subject(id, *SUBJECTS[id]) for id in TAUGHT),
        period_systems=(PeriodSystem("quarters", tuple(periods)),),
        holiday_sets=(HolidaySet("all", tuple(free)),),
        weeks=(Week("five", range(1, 6)),),
        staff_week="five",
        schedules=tuple(_bells(shift) for shift in _FIRST),
        bell_rules=tuple(BellRule(f"shift-{shift}", shift=shift) for shift in _FIRST),
        closed=(date(2026, 11, 4), date(2027, 2, 23), date(2027, 3, 8), date(2027, 5, 3)),
    )


def _bells(shift: int) -> BellSchedule:
    def clock(minutes: int) -> time:
        whole = _FIRST[shift].hour * 60 + _FIRST[shift].minute + minutes
        return time(*divmod(whole, 60))

    return BellSchedule(
        f"shift-{shift}",
        tuple(
            Bell(slot, clock((slot - 1) * _STEP), clock((slot - 1) * _STEP + _LENGTH))
            for slot in range(1, LESSONS_A_DAY + 1)
        ),
    )


def _rolls(
    rng: Random, classes: list[Group], size: Size
) -> dict[str, list[tuple[str, date | None, date | None]]]:
    """Who is where: one at least changes class, some leave, some come."""
    found: dict[str, list[tuple[str, date | None, date | None]]] = {
        group.id: [] for one in classes for group in (one, *_subgroups(one))
    }

    def put(pupil: str, part: int, class_: str, since: date | None, until: date | None) -> None:
        found[class_].append((pupil, since, until))
        found[f"{class_}-{part}"].append((pupil, since, until))

    for place, one in enumerate(classes):
        for turn in range(size.pupils):
            pupil, part = f"p-{place * size.pupils + turn + 1}", 1 + turn % 2
            drawn = rng.random()
            day = SINCE + timedelta(days=rng.randrange(10, 260))
            if drawn < 0.01:
                put(pupil, part, one.id, None, day)
            elif drawn < 0.02:
                put(pupil, part, one.id, day, None)
            elif len(classes) > 1 and (drawn < 0.04 or place == turn == 0):
                other = classes[(place + 1 + rng.randrange(len(classes) - 1)) % len(classes)]
                put(pupil, part, one.id, None, day)
                put(pupil, part, other.id, day, None)
            else:
                put(pupil, part, one.id, None, None)
    return found


def teacher(subject: str, place: int, part: int = 1) -> str:
    """The account that teaches *subject* to the class at *place*, or to a part of it."""
    other = "-b" if part == 2 else ""
    return f"t-{subject}-{place // len(TAUGHT) + 1}{other}"


def _assignments(rng: Random, classes: list[Group]) -> Iterator[Assignment]:
    """Who teaches what; one journal in forty changes hands inside the year."""
    for place, one in enumerate(classes):
        for subject in TAUGHT:
            groups = _subgroups(one) if subject == "eng" else [one]
            for part, group in enumerate(groups, 1):
                who = teacher(subject, place, part)
                if rng.random() < 0.025:
                    day = SINCE + timedelta(days=rng.randrange(20, 200))
                    yield Assignment(who, group.id, subject, until=day)
                    yield Assignment(
                        f"t-new-{place + 1}-{subject}-{part}", group.id, subject, since=day
                    )
                else:
                    yield Assignment(who, group.id, subject)
        yield Assignment(teacher(TAUGHT[place % len(TAUGHT)], place), one.id, role="homeroom")


def _accounts(assignments: list[Assignment], spare: tuple[str, ...]) -> Iterator[Account]:
    for id in ("head", "deputy", "support", "importer"):
        yield Account(id, roles=(RoleSpan(id),))
    for id in dict.fromkeys(row.account for row in assignments):
        yield Account(id)
    for id in spare:
        yield Account(id, roles=(RoleSpan("teacher"),))


def _lessons(
    rng: Random, frame: Calendar, classes: list[Group], assignments: list[Assignment], count: int
) -> tuple[list[Lesson], dict[tuple[str, date], int]]:
    tz = zone(frame.zone)
    days = frame.school_days(classes[0].id, SINCE, UNTIL)[:count]
    firsts = {(day, shift): tz.at(day, first) for day in days for shift, first in _FIRST.items()}
    hands: dict[tuple[str, str], list[Assignment]] = {}
    for row in assignments:
        if row.subject is not None:
            hands.setdefault((row.group, row.subject), []).append(row)
    found: list[Lesson] = []
    ends: dict[tuple[str, date], int] = {}
    for place, one in enumerate(classes):
        for day in days:
            first = firsts[day, one.shift or 1]
            for slot in range(1, LESSONS_A_DAY + 1):
                turn = (day.isoweekday() - 1) * LESSONS_A_DAY + slot
                subject = TAUGHT[(place + turn) % len(TAUGHT)]
                starts = first + (slot - 1) * _STEP * MINUTE
                ends[one.id, day] = starts + _LENGTH * MINUTE
                for group in _subgroups(one) if subject == "eng" else [one]:
                    who = next(
                        row.account
                        for row in hands[group.id, subject]
                        if (row.since is None or row.since <= day)
                        and (row.until is None or day < row.until)
                    )
                    lesson = Lesson(
                        f"{group.id}-{subject}-{day:%m%d}-{slot}", group.id, subject, day, slot,
                        starts, starts + _LENGTH * MINUTE, teacher=who, year=YEAR,
                    )  # fmt: skip
                    found.append(_changed(rng, lesson, tz.at(day - timedelta(days=2), time(12))))
    return found, ends


def _changed(rng: Random, lesson: Lesson, told: int) -> Lesson:
    """One lesson in a hundred is cancelled, never the last of a day; one is ordered to another hand."""
    drawn = rng.random()
    if drawn < 0.01 and lesson.slot < LESSONS_A_DAY:
        before = Planned(told, lesson.day, lesson.slot, lesson.starts, lesson.ends)
        return evolve(lesson, cancelled=True, before=(before,))
    return evolve(lesson, substitute="t-spare-1") if 0.01 <= drawn < 0.02 else lesson
