"""The week of the sample school, and what came of it: lessons dated, moved, cancelled, substituted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Final

from attrs import evolve

from edujournal.model.calendar import Calendar
from edujournal.model.occasions import Lesson, Planned
from edujournal.model.time import zone
from edujournal.samples.frame import PLAN, STREAM, YEAR, ZONE

#: Subjects by class and day of the week, from the first lesson on. No teacher is in two places.
WEEKS: Final[dict[str, tuple[str, ...]]] = {
    "3A": (
        "eng rus pe read",
        "music read rus math",
        "read pe rus math",
        "world eng rus math",
        "rus read world math",
    ),
    "5A": (
        "art math geo rus pe",
        "math hist rus lit eng",
        "tech rus music pe math",
        "lit rus hist eng math",
        "bio lit math rus eng",
    ),
    "7A": (
        "rus inf hist geom alg",
        "alg eng phys lit pe",
        "alg hist music pe",
        "rus geo tech lit",
        "rus phys eng geo",
        "eng rus bio geom",
    ),
    "7B": (
        "alg geo art eng pe",
        "eng tech bio phys",
        "rus geo alg lit geom",
        "hist lit rus pe",
        "inf alg rus geom",
        "rus hist phys eng",
    ),
    "10A": (
        "rus lit chem pe alg",
        "hist soc lit alg",
        "eng geom chem phys",
        "lit inf bio phys eng",
        "soc geom hist pe",
        "phys eng rus alg",
    ),
    "10B": (
        "hist pe rus phys",
        "bio inf soc hist lit",
        "eng lit pe soc",
        "geom phys lit alg",
        "eng hist rus lit",
        "bio alg eng rus",
    ),
}

#: Lessons beside those of the classes: group → (weekday, slot, subject). The stream comes early.
BESIDE: Final[dict[str, tuple[tuple[int, int, str], ...]]] = {
    STREAM: ((3, 0, "econ"), (5, 0, "econ")),
    PLAN: ((5, 5, "proj"),),
}

#: Who teaches what to whom; a subject split into subgroups has a teacher for each of them.
TEACHERS: Final[dict[str, dict[str, str]]] = {
    "t-ivanova": {"7A": "alg geom", "7B": "alg geom"},
    "t-petrova": {"7A": "rus lit", "7B": "rus lit"},
    "t-fedorova": {"5A": "rus lit", "10A": "rus lit", "10B": "rus lit"},
    "t-egorova": {"5A": "math", "10A": "alg geom", "10B": "alg geom"},
    "t-sidorov": {"5A": "hist", "7A": "hist", "7B": "hist", "10A": "hist soc", "10B": "hist soc"},
    "t-smirnova": {"3A": "eng", "5A": "eng", "7A-1": "eng", "7B-1": "eng", "10A": "eng"},
    "t-kuznetsov": {"7A-2": "eng", "7B-2": "eng", "10B": "eng"},
    "t-popova": {
        "5A": "bio",
        "7A": "bio",
        "7B": "bio",
        "10A": "bio chem",
        "10B": "bio",
        PLAN: "proj",
    },
    "t-morozova": {"5A": "geo", "7B": "geo"},
    "t-lebedev": {"7A": "phys", "7B": "phys", "10A": "phys", "10B": "phys"},
    "t-novikova": {"7A": "inf", "7B": "inf", "10A": "inf", "10B": "inf", STREAM: "econ"},
    "t-volkov": {"3A": "pe", "5A": "pe", "7A": "pe", "7B": "pe", "10A": "pe", "10B": "pe"},
    "t-zaitseva": {"3A": "music", "5A": "art music tech", "7A": "music tech", "7B": "art tech"},
    "t-orlova": {"3A": "rus read math world"},
}

#: Geography of 7A changes hands inside the quarter: from the first to the second, on that day.
HANDED_OVER: Final = ("7A", "geo", "t-morozova", "t-belov", date(2026, 10, 1))

HOMEROOM: Final[dict[str, str]] = {
    "3A": "t-orlova",
    "5A": "t-egorova",
    "7A": "t-petrova",
    "7B": "t-popova",
    "10A": "t-fedorova",
    "10B": "t-kuznetsov",
}

#: The physicist is away on that Tuesday; the administration has ordered somebody else.
ORDERED: Final = {"7A-phys-1006": "t-novikova", "7B-phys-1006": "t-novikova"}


def teacher(group: str, subject: str, day: date) -> str:
    """The account that teaches *subject* to *group* on *day*."""
    whose, what, before, after, since = HANDED_OVER
    if (group, subject) == (whose, what):
        return after if day >= since else before
    return next(
        account for account, taught in TEACHERS.items() if subject in taught.get(group, "").split()
    )


def lessons(calendar: Calendar) -> Iterator[Lesson]:
    """Unroll the weeks over the first quarter, as the timetable stands today."""
    dated = {lesson.id: lesson for lesson in _planned(calendar)}
    for lesson in dated.values():
        if lesson.id == "10B-bio-0922":
            yield _cancelled(lesson, datetime(2026, 9, 21, 15, 0))  # noqa: DTZ001 - the school's clocks
        elif lesson.id == "7B-geo-0914":
            yield _moved(lesson, calendar, date(2026, 9, 18), 5, datetime(2026, 9, 12, 12, 0))  # noqa: DTZ001
        elif lesson.id in ORDERED:
            yield evolve(lesson, substitute=ORDERED[lesson.id])
        else:
            yield lesson


def _planned(calendar: Calendar) -> Iterator[Lesson]:
    for group in calendar.groups:
        until = calendar.period(group.id, "q1").until
        for weekday, slot, subject in _cells(group.id):
            for at in calendar.unroll(group.id, slot, weekday=weekday, until=until):
                yield Lesson(
                    f"{group.id}-{subject}-{at.day:%m%d}",
                    group.id,
                    subject,
                    at.day,
                    slot,
                    at.starts,
                    at.ends,
                    teacher=teacher(group.id, subject, at.day),
                    year=YEAR,
                )


def _cells(group: str) -> Iterator[tuple[int, int, str]]:
    """The week of *group*: weekday, slot, subject."""
    yield from BESIDE.get(group, ())
    class_, _, part = group.partition("-")
    split = bool(part) and class_ in WEEKS
    for weekday, day in enumerate(WEEKS.get(class_, ()) if split or not part else (), 1):
        for slot, subject in enumerate(day.split(), 1):
            if split == _is_split(class_, subject):
                yield weekday, slot, subject


def _is_split(class_: str, subject: str) -> bool:
    return subject == "eng" and any(f"{class_}-1" in taught for taught in TEACHERS.values())


def _cancelled(lesson: Lesson, entered: datetime) -> Lesson:
    return evolve(lesson, cancelled=True, before=(_as_planned(lesson, entered),))


def _moved(lesson: Lesson, calendar: Calendar, day: date, slot: int, entered: datetime) -> Lesson:
    bells = calendar.bells_on(day)
    bell = None if bells is None else bells.bell(slot)
    if bell is None:
        raise LookupError(f"no bell for lesson {slot} on {day}")
    clocks = calendar.clocks
    return evolve(
        lesson,
        day=day,
        slot=slot,
        starts=clocks.at(day, bell.starts),
        ends=clocks.at(day, bell.ends),
        before=(_as_planned(lesson, entered),),
    )


def _as_planned(lesson: Lesson, entered: datetime) -> Planned:
    until = zone(ZONE).at(entered.date(), time(entered.hour, entered.minute))
    return Planned(until, lesson.day, lesson.slot, lesson.starts, lesson.ends)
