"""The year of the sample school: its classes, quarters, holidays, weeks and bells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from typing import Final

from attrs import evolve

from edujournal.model.bells import Bell, BellRule, BellSchedule
from edujournal.model.calendar import Calendar
from edujournal.model.groups import Group, Subject
from edujournal.model.periods import Holidays, HolidaySet, Period, PeriodSystem, Week

SCHOOL: Final = "s-26"
YEAR: Final = "2026"
ZONE: Final = "Europe/Moscow"
SINCE: Final = date(2026, 9, 1)
UNTIL: Final = date(2027, 6, 1)

#: Teachers' Day: lessons of 30 minutes, and no sixth.
SHORT_DAY: Final = date(2026, 10, 5)

#: Class → (grade, shift, days a week, first pupil, last pupil, profile).
CLASSES: Final[dict[str, tuple[int, int, int, int, int, str | None]]] = {
    "7A": (7, 1, 6, 1, 18, None),
    "7B": (7, 1, 6, 19, 33, None),
    "5A": (5, 2, 5, 34, 47, None),
    "10A": (10, 1, 6, 48, 59, "science"),
    "10B": (10, 1, 6, 60, 69, "humanities"),
    "3A": (3, 1, 5, 70, 84, None),
}

#: Classes whose English is taught in two subgroups.
SPLIT: Final = ("7A", "7B")

#: The stream, its classes, and the pupil with an individual plan, who is in 10A.
STREAM: Final = "10AB"
STREAMED: Final = ("10A", "10B")
PLAN_PUPIL: Final = "p-59"
PLAN: Final = f"plan-{PLAN_PUPIL}"

SUBJECTS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "alg": ("Алгебра", ("mathematics",)),
    "art": ("Изобразительное искусство", ()),
    "bio": ("Биология", ("science",)),
    "chem": ("Химия", ("science",)),
    "econ": ("Экономика (элективный курс)", ("elective",)),
    "eng": ("Английский язык", ("language",)),
    "geo": ("География", ()),
    "geom": ("Геометрия", ("mathematics",)),
    "hist": ("История", ()),
    "inf": ("Информатика", ("science",)),
    "lit": ("Литература", ("literature",)),
    "math": ("Математика", ("mathematics",)),
    "music": ("Музыка", ()),
    "pe": ("Физическая культура", ("sport",)),
    "phys": ("Физика", ("science",)),
    "proj": ("Индивидуальный проект", ()),
    "read": ("Литературное чтение", ("literature",)),
    "rus": ("Русский язык", ("language", "russian")),
    "soc": ("Обществознание", ()),
    "tech": ("Труд (технология)", ()),
    "world": ("Окружающий мир", ("science",)),
}

_CYRILLIC = {"A": "А", "B": "Б"}


def title(group: str) -> str:
    """What people call a class: its id with the letter in Russian."""
    return "".join(_CYRILLIC.get(letter, letter) for letter in group)


def calendar(classes: tuple[str, ...]) -> Calendar:
    """Make the year's frame for *classes*."""
    quarters = PeriodSystem("quarters-6", tuple(_periods()))
    free = {6: HolidaySet("holidays-6", tuple(_holidays(6)))}
    free[5] = HolidaySet("holidays-5", tuple(_holidays(5)))
    return Calendar(
        school=SCHOOL,
        year=YEAR,
        zone=ZONE,
        since=SINCE,
        until=UNTIL,
        groups=tuple(_groups(classes)),
        subjects=tuple(Subject(id, title, tags) for id, (title, tags) in SUBJECTS.items()),
        period_systems=(quarters, quarters.clipped(free[5], "quarters-5")),
        holiday_sets=tuple(free.values()),
        weeks=(Week("week-5", range(1, 6)), Week("week-6", range(1, 7))),
        staff_week="week-6",
        schedules=tuple(_schedules()),
        bell_rules=(
            BellRule("first-shift", shift=1),
            BellRule("first-shift-monday", weekdays=(1,), shift=1),
            BellRule("first-shift-saturday", weekdays=(6,), shift=1),
            BellRule("second-shift", shift=2),
            BellRule("first-shift-short", shift=1, dates=(SHORT_DAY,)),
            BellRule("second-shift-short", shift=2, dates=(SHORT_DAY,)),
        ),
        closed=(date(2026, 11, 4), date(2027, 2, 23), date(2027, 3, 8), date(2027, 5, 1)),
    )


def _periods() -> Iterator[Period]:
    spans = (
        (date(2026, 9, 1), date(2026, 10, 25)),
        (date(2026, 11, 2), date(2026, 12, 30)),
        (date(2027, 1, 11), date(2027, 3, 28)),
        (date(2027, 4, 5), date(2027, 5, 27)),
    )
    for index, (since, until) in enumerate(spans, 1):
        yield Period(f"q{index}", "quarter", index, since, until, f"{index} четверть")
    yield Period("year", "year", 1, SINCE, date(2027, 5, 27), "Год")


def _holidays(days: int) -> Iterator[Holidays]:
    """Holidays begin on Saturday for those who have no lessons then, else on Sunday."""
    autumn, spring = (24, 27) if days == 5 else (25, 28)
    yield Holidays("autumn", date(2026, 10, autumn), date(2026, 11, 2), "Осенние каникулы")
    yield Holidays("winter", date(2026, 12, 30), date(2027, 1, 11), "Зимние каникулы")
    yield Holidays("spring", date(2027, 3, spring), date(2027, 4, 5), "Весенние каникулы")
    yield Holidays("summer", date(2027, 5, 27), UNTIL, "Летние каникулы")


def _groups(classes: tuple[str, ...]) -> Iterator[Group]:
    for id in classes:
        grade, shift, days, _, _, profile = CLASSES[id]
        class_ = Group(
            id,
            "class",
            grade=grade,
            stage="primary" if grade < 5 else "basic" if grade < 10 else "upper",
            shift=shift,
            profile=profile,
            periods=f"quarters-{days}",
            holidays=f"holidays-{days}",
            week=f"week-{days}",
            title=title(id),
        )
        yield class_
        if id in SPLIT:
            for part in (1, 2):
                name = f"{title(id)}, {part}-я группа"
                yield evolve(class_, id=f"{id}-{part}", kind="subgroup", parents=(id,), title=name)
        if id == "10A":
            yield evolve(
                class_, id=PLAN, kind="plan", pupil=PLAN_PUPIL, title="Индивидуальный план"
            )
        if id == STREAMED[-1] and set(STREAMED) <= set(classes):
            yield evolve(
                class_, id=STREAM, kind="stream", parents=STREAMED, profile=None, title="10А и 10Б"
            )


def _schedules() -> Iterator[BellSchedule]:
    yield _bells("first-shift", time(8, 30), 45, (10, 15, 15, 10, 10), early=time(7, 40))
    yield _bells("first-shift-monday", time(9, 10), 45, (10, 15, 15, 10, 10))
    yield _bells("first-shift-saturday", time(8, 30), 40, (10, 10, 10, 10, 10))
    yield _bells("first-shift-short", time(8, 30), 30, (10, 10, 10, 10))
    yield _bells("second-shift", time(14, 30), 40, (10, 15, 10, 10))
    yield _bells("second-shift-short", time(12, 30), 30, (10, 10, 10, 10))


def _bells(
    id: str, first: time, length: int, breaks: tuple[int, ...], early: time | None = None
) -> BellSchedule:
    """Bells from *first* on, with *breaks* between lessons of *length* minutes; slot 0 at *early*."""
    bells = [Bell(0, early, _clock(_minutes(early) + 40))] if early is not None else []
    at = _minutes(first)
    for slot, pause in enumerate((*breaks, 0), 1):
        bells.append(Bell(slot, _clock(at), _clock(at + length)))
        at += length + pause
    return BellSchedule(id, tuple(bells))


def _minutes(clock: time) -> int:
    return 60 * clock.hour + clock.minute


def _clock(minutes: int) -> time:
    return time(*divmod(minutes, 60))
