"""One quarter of the sample school as it should be kept: who records what, and when.

Everything follows from the school's data by arithmetic on names; nothing is random. The result is
a set of strokes of the pen, which :mod:`edujournal.samples.planting` spoils here and there.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from attrs import field, frozen

from edujournal.model.drafts import (
    Absence,
    Draft,
    Homework,
    Mark,
    NewWork,
    PeriodResult,
    RollCall,
    SetUp,
    Topic,
)
from edujournal.model.facts import Facts
from edujournal.model.ids import JournalId
from edujournal.model.occasions import Lesson
from edujournal.model.time import MINUTE
from edujournal.samples.frame import YEAR
from edujournal.samples.timetable import teacher
from edujournal.samples.topics import NO_HOMEWORK, nature, task, topic

#: Finds the number of an entry: (book, kind, about, pupil or None) → number.
Find = Callable[[str, str, str, str | None], int]

#: A draft, or how to make it once the entry it speaks of has its number.
Written = Draft | Callable[[Find], Draft]

#: Day by which the marks of the quarter are made up into results.
RESULTS: Final = date(2026, 10, 20)


def _drafts(drafts: Iterable[Written]) -> tuple[Written, ...]:
    return tuple(drafts)


@frozen
class Stroke:
    """One thing recorded: when, who by, in which role, what.

    Attributes:
        at: Instant, UTC microseconds.
        by: Account.
        drafts: What is recorded in one act.
        role: Role named by the hand, or None.
    """

    at: int
    by: str
    drafts: tuple[Written, ...] = field(converter=_drafts)
    role: str | None = None


#: Strokes by name: what is done, and about what.
Strokes = dict[tuple[str, str], Stroke]


def pick(*words: object) -> int:
    """A number that hangs on *words* alone, the same on every machine."""
    text = "\x1f".join(map(str, words)).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=6).digest())


def away(pupil: str, day: date) -> str | None:
    """Reason code of a pupil who is not at school on *day*, or None: illness comes in spells."""
    week = day.isocalendar().week
    spell = pick("spell", pupil, week)
    if spell % 19 == 0:
        first = 1 + spell // 19 % 4
        if first <= day.isoweekday() < first + 2 + spell // 76 % 2:
            return "Б"
    one = pick("day", pupil, day)
    if one % 83 == 0:
        return ("Н", "УП", "НП", "УП")[one // 83 % 4]
    return None


class Keeping:
    """The quarter as it should be kept.

    Args:
        facts: What the school's data says.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.calendar = facts.calendar(YEAR)
        self.clocks = self.calendar.clocks
        self._marks: dict[tuple[JournalId, str], list[int]] = defaultdict(list)

    def strokes(self) -> Strokes:
        """Everything that is recorded, by name; the names say nothing about the order."""
        found = dict(self._set_up())
        for journal in sorted(self.facts.journals()):
            lessons = [one for one in self.facts.lessons_of(journal) if not one.cancelled]
            works = self._works(journal, lessons)
            for number, lesson in enumerate(lessons):
                found.update(self._lesson(lesson, number, works.get(lesson.id)))
            found.update(self._results(journal))
        return found

    def at(self, day: date, clock: str) -> int:
        """The instant at which the school's clocks show *clock* on *day*."""
        return self.clocks.at(day, time.fromisoformat(clock))

    def present(self, lesson: Lesson) -> list[str]:
        """Who was at the lesson."""
        return [one for one in self._roll(lesson) if away(one, lesson.day) is None]

    def absent(self, lesson: Lesson) -> dict[str, str]:
        """Who was not, and why."""
        found = {one: away(one, lesson.day) for one in self._roll(lesson)}
        return {pupil: code for pupil, code in found.items() if code is not None}

    def _roll(self, lesson: Lesson) -> list[str]:
        roll = self.facts.roll(self.calendar, lesson.group, lesson.day)
        return sorted(roll, key=lambda one: int(one.removeprefix("p-")))

    def _set_up(self) -> Iterator[tuple[tuple[str, str], Stroke]]:
        sections = (
            "calendar",
            "periods",
            "bells",
            "groups",
            "rolls",
            "assignments",
            "plans",
            "kinds",
        )
        for place, section in enumerate(sections):
            by = "head" if section == "calendar" else "deputy"
            at = self.at(date(2026, 9, 1) + timedelta(days=place), "16:30")
            yield ("setup", section), Stroke(at, by, [SetUp(section=section, year=YEAR)])

    # -- one lesson ------------------------------------------------------------------------------

    def _lesson(
        self, lesson: Lesson, number: int, work: NewWork | None
    ) -> Iterator[tuple[tuple[str, str], Stroke]]:
        by = lesson.substitute or lesson.teacher or ""
        done = lesson.ends - 3 * MINUTE
        late = {
            one: Absence("ОП", 3 + pick(one, lesson.id) % 9)
            for one in self.present(lesson)
            if pick("late", one, lesson.id) % 150 == 0
        }
        roll = RollCall(lesson=lesson.id, absent={**self.absent(lesson), **late})
        yield ("roll", lesson.id), Stroke(done, by, [roll])
        plan = f"{lesson.group}-{lesson.subject}-{number + 1}"
        heading = Topic(lesson=lesson.id, topic=topic(lesson.subject, number), plan=plan)
        yield ("topic", lesson.id), Stroke(done, by, [heading])
        if lesson.subject not in NO_HOMEWORK and pick("task", lesson.id) % 4:
            home = Homework(
                lesson=lesson.id,
                task=task(lesson.subject, number),
                nature=nature(lesson.subject, pick(lesson.id)),
            )
            yield ("homework", lesson.id), Stroke(done, by, [home])
        if work is not None:
            yield ("work", lesson.id), Stroke(done, by, [work])
            yield ("marks", lesson.id), self._work_marks(lesson, work)
        else:
            marks = tuple(self._lesson_marks(lesson))
            if marks:
                yield ("marks", lesson.id), Stroke(done, by, marks)

    def _lesson_marks(self, lesson: Lesson) -> Iterator[Mark]:
        order = sorted(self.present(lesson), key=lambda one: pick("ask", one, lesson.id))
        for pupil in order[: 2 + pick("how many", lesson.id) % 2]:
            kind = ("oral", "oral", "classwork", "test", "homework")[pick("kind", lesson.id) % 5]
            yield Mark(lesson=lesson.id, pupil=pupil, kind=kind, value=self._value(lesson, pupil))

    def _value(self, lesson: Lesson, pupil: str) -> int:
        able = 3 + pick("able", pupil, lesson.subject) % 3
        value = min(5, max(2, able + (-1, 0, 0, 1)[pick("value", pupil, lesson.id) % 4]))
        if lesson.day < RESULTS:
            self._marks[self.facts.journal_of(lesson), pupil].append(value)
        return value

    # -- works -----------------------------------------------------------------------------------

    def _works(self, journal: JournalId, lessons: list[Lesson]) -> dict[str, NewWork]:
        """A written work in the fifth week of each main subject, by the lesson it is held at."""
        grade = self.calendar.group(journal.group).grade or 0
        kind, purpose, title = {
            "alg": ("control", "monitoring" if journal.group in ("7A", "10A") else "ordinary",
                    "Контрольная работа № 1"),
            "lit": ("essay", "ordinary", "Сочинение") if grade >= 10 else ("", "", ""),
            "math": ("control", "monitoring", "Контрольная работа № 1"),
            "phys": ("control", "ordinary", "Контрольная работа № 1"),
            "rus": ("dictation", "ordinary", "Диктант"),
        }.get(journal.subject, ("", "", ""))  # fmt: skip
        held = [one for one in lessons if one.day >= date(2026, 9, 28)]
        if not kind or not held:
            return {}
        work = NewWork(id=f"{kind}-1", kind=kind, purpose=purpose, lesson=held[0].id, title=title)
        return {held[0].id: work}

    def _work_marks(self, lesson: Lesson, work: NewWork) -> Stroke:
        """The marks of a work: two days later if it is monitored, else five."""
        day = lesson.day + timedelta(days=2 if work.purpose == "monitoring" else 5)
        if day.isoweekday() == 7:
            day += timedelta(days=1)
        marks = [
            Mark(lesson=lesson.id, work=work.id, pupil=one, value=self._value(lesson, one))
            for one in self.present(lesson)
        ]
        by = teacher(lesson.group, lesson.subject, day)
        return Stroke(self.at(day, "16:20"), by, marks)

    # -- results ---------------------------------------------------------------------------------

    def _results(self, journal: JournalId) -> Iterator[tuple[tuple[str, str], Stroke]]:
        last = self.calendar.last_school_day(journal.group, "q1")
        if last is None:
            return
        roll = self.facts.roll(self.calendar, journal.group, last)
        drafts = [self._result(journal, one) for one in sorted(roll)]
        if drafts:
            day = RESULTS + timedelta(days=pick("results", journal) % 3)
            at = self.at(day, "17:00") + pick(journal) % 90 * MINUTE
            by = teacher(journal.group, journal.subject, day)
            yield ("results", str(journal)), Stroke(at, by, drafts)

    def _result(self, journal: JournalId, pupil: str) -> PeriodResult:
        marker = {("pe", "p-5"): "осв", ("pe", "p-40"): "осв"}.get((journal.subject, pupil))
        marks = self._marks.get((journal, pupil), [])
        value = None
        if marker is None:
            mean = Decimal(sum(marks)) / len(marks) if marks else Decimal(4)
            value = int(mean.quantize(Decimal(1), ROUND_HALF_UP))
        return PeriodResult(journal=journal, period="q1", pupil=pupil, value=value, marker=marker)
