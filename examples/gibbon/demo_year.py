"""A year of entries for the demo school: what its teachers record, and when, drawn from a seed.

Most of it is punctual, some of it late, some never comes. The data have neither marks nor
attendance; everything here is made up, and the same seed makes up the same.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from demo_school import HEAD

import edujournal as ej
from edujournal.adapters.schools.plain import PlainSchool
from edujournal.model.calendar import Calendar, Period
from edujournal.model.drafts import Draft
from edujournal.model.facts import Facts
from edujournal.model.ids import JournalId
from edujournal.model.occasions import Lesson
from edujournal.model.time import HOUR, MINUTE

DAY = 24 * HOUR

#: Of a hundred things to record, so many come late, and so many never.
LATE, NEVER = 5, 3

#: Of a hundred pupils at a lesson, so many are missed or late.
AWAY = 6

#: Of a hundred lessons, so many end with homework.
HOMEWORK = 60

#: Every so many lessons of a journal there is a control work.
CONTROL_EVERY = 12

ABSENCES = ("Н", "Б", "УП", "НП")
KINDS = ("oral", "classwork", "test")


@dataclass(frozen=True, slots=True)
class Act:
    """What one account records at one go.

    Attributes:
        at: Instant, UTC microseconds.
        by: Account.
        drafts: What it records.
    """

    at: int
    by: str
    drafts: tuple[Draft, ...]


def acts_of(school: PlainSchool, seed: int) -> list[Act]:
    """Everything that is recorded in the year, in the order of time."""
    year = _Year(school.facts(), random.Random(seed))
    acts = [*year.set_up(), *year.at_lessons(), *year.results()]
    acts.sort(key=lambda act: act.at)
    return acts


class _Year:
    def __init__(self, facts: Facts, rng: random.Random) -> None:
        self._facts = facts
        self._rng = rng
        self._calendar: Calendar = facts.calendars[0]

    # -- chance ------------------------------------------------------------------------------------

    def _percent(self) -> int:
        return int(self._rng.random() * 100)

    def _pick(self, low: int, high: int) -> int:
        """A whole number from *low* to *high*, both included."""
        return low + int(self._rng.random() * (high - low + 1))

    def _after(self, opens: int, punctual: int, overdue: int) -> int | None:
        """An instant at or after *opens*: within *punctual*, or between that and *overdue*; or never."""
        percent = self._percent()
        if percent < NEVER:
            return None
        if percent < NEVER + LATE:
            return opens + self._pick(punctual, overdue)
        return opens + self._pick(0, punctual - 1)

    # -- what is recorded --------------------------------------------------------------------------

    def set_up(self) -> Iterator[Act]:
        """The sections of the year, due by 10 September."""
        calendar = self._calendar
        opens = calendar.clocks.start_of_day(date(calendar.since.year, 9, 1)) + 9 * HOUR
        for section in ("calendar", "periods", "bells", "groups", "rolls", "assignments", "kinds"):
            at = self._after(opens, 9 * DAY, 20 * DAY)
            if at is not None:
                yield Act(at, HEAD, (ej.SetUp(section=section, year=calendar.year),))

    def at_lessons(self) -> Iterator[Act]:
        """Rolls, topics, homework and marks."""
        for journal in sorted(self._facts.journals()):
            for n, lesson in enumerate(self._facts.lessons_of(journal), 1):
                hands = sorted(
                    self._facts.hands(lesson.group, lesson.subject, "teacher", lesson.day)
                )
                # A class without a teacher has nobody who may write.
                if hands:
                    hand = hands[self._pick(0, len(hands) - 1)]
                    yield from self._at_lesson(lesson, journal, n, hand)

    def _at_lesson(self, lesson: Lesson, journal: JournalId, n: int, hand: str) -> Iterator[Act]:
        roll = sorted(self._facts.roll(self._calendar, lesson.group, lesson.day))
        absent = {pupil: self._absence() for pupil in roll if self._percent() < AWAY}
        there = [pupil for pupil in roll if pupil not in absent or absent[pupil].code == "ОП"]
        dusk = self._calendar.clocks.end_of_day(lesson.day) - lesson.starts
        lasts = lesson.ends - lesson.starts
        term = self._calendar.period_on(lesson.group, lesson.day)
        over = (
            dusk if term is None else self._calendar.clocks.start_of_day(term.until) - lesson.starts
        )
        planned: list[tuple[Draft, int, int]] = [
            (ej.RollCall(lesson=lesson.id, absent=absent), dusk, dusk + 3 * DAY),
            (self._topic(lesson, n), over, over + 5 * DAY),
        ]
        if self._percent() < HOMEWORK:
            planned.append((self._homework(lesson, n), lasts + 90 * MINUTE, dusk + DAY))
        for _ in range(self._pick(0, 2) if there else 0):
            pupil = there[self._pick(0, len(there) - 1)]
            kind = KINDS[self._pick(0, len(KINDS) - 1)]
            mark = ej.Mark(lesson=lesson.id, pupil=pupil, kind=kind, value=self._pick(2, 5))
            planned.append((mark, dusk, dusk + 3 * DAY))
        yield from self._acts(lesson, hand, planned)
        if n % CONTROL_EVERY == 0:
            yield from self._control(lesson, journal, hand, there)

    def _acts(
        self, lesson: Lesson, hand: str, planned: list[tuple[Draft, int, int]]
    ) -> Iterator[Act]:
        """What is recorded while the lesson lasts is one act; what is not comes by itself."""
        within: list[Draft] = []
        moment = self._pick(0, lesson.ends - lesson.starts - 1)
        for draft, punctual, overdue in planned:
            at = self._after(lesson.starts, punctual, overdue)
            if at is None:
                continue
            if at < lesson.starts + punctual and self._percent() < 90:
                within.append(draft)
            else:
                yield Act(at, hand, (draft,))
        if within:
            yield Act(lesson.starts + moment, hand, tuple(within))

    def _absence(self) -> ej.Absence:
        if self._percent() < 20:
            return ej.Absence("ОП", self._pick(1, 20))
        return ej.Absence(ABSENCES[self._pick(0, len(ABSENCES) - 1)])

    def _topic(self, lesson: Lesson, n: int) -> ej.Topic:
        return ej.Topic(
            lesson=lesson.id, topic=f"Lesson {n} of the plan", plan=f"{lesson.subject}-{n}"
        )

    def _homework(self, lesson: Lesson, n: int) -> ej.Homework:
        nature = "in writing" if self._percent() < 95 else None
        return ej.Homework(lesson=lesson.id, task=f"Exercise {n}", nature=nature)

    def _control(
        self, lesson: Lesson, journal: JournalId, hand: str, there: list[str]
    ) -> Iterator[Act]:
        """A control work: declared at the lesson, its marks within 3 days, or 10, or later."""
        purpose, days = (("monitoring", 3), ("ordinary", 10))[self._pick(0, 1)]
        work = ej.NewWork(
            id=f"control-{lesson.id}", kind="control", purpose=purpose, lesson=lesson.id
        )
        yield Act(lesson.starts, hand, (work,))
        marks = [
            ej.Mark(work=work.id, journal=journal, pupil=pupil, value=self._pick(2, 5))
            for pupil in there
            if self._percent() >= NEVER
        ]
        at = self._after(lesson.ends, days * DAY, (days + 6) * DAY)
        if at is not None and marks:
            yield Act(at, hand, tuple(marks))

    def results(self) -> Iterator[Act]:
        """Results of the terms that are over, in the last week of each."""
        last = max(lesson.day for lesson in self._facts.lessons)
        for journal in sorted(self._facts.journals()):
            for term in self._calendar.periods(journal.group):
                if term.until <= last + timedelta(days=1):
                    yield from self._of_term(journal, term)

    def _of_term(self, journal: JournalId, term: Period) -> Iterator[Act]:
        day = term.until - timedelta(days=1)
        hands = sorted(self._facts.hands(journal.group, journal.subject, "teacher", day))
        results = [
            self._result(journal, term, pupil)
            for pupil in sorted(self._facts.roll(self._calendar, journal.group, day))
            if self._percent() >= NEVER
        ]
        closes = self._calendar.clocks.start_of_day(term.until)
        # A hundredth part of the journals is in too great a hurry.
        opens = closes - (9 if self._percent() == 0 else 7) * DAY
        at = self._after(opens, 7 * DAY, 14 * DAY)
        if hands and results and at is not None:
            yield Act(at, hands[0], tuple(results))

    def _result(self, journal: JournalId, term: Period, pupil: str) -> ej.PeriodResult:
        if self._percent() < 2:
            return ej.PeriodResult(journal=journal, period=term.id, pupil=pupil, marker="осв")
        return ej.PeriodResult(journal=journal, period=term.id, pupil=pupil, value=self._pick(2, 5))
