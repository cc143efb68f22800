"""Desks: a school as it lies before those who write, for strategies of what they write."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property
from typing import Final

from attrs import field, frozen

from edujournal.adapters.schools.plain import PlainSchool
from edujournal.model.drafts import Draft
from edujournal.model.facts import Facts
from edujournal.model.ids import JournalId
from edujournal.model.occasions import Lesson
from edujournal.model.people import ADMINISTRATION
from edujournal.model.time import HOUR, MINUTE, zone
from edujournal.rules.clauses import Regulation
from edujournal.testing.scripts import OfEarlier

_DAY: Final = timedelta(days=1)


@frozen
class Said:
    """A draft with those who may be expected to say it, and the moments at which they may."""

    draft: Draft | OfEarlier
    hands: tuple[str, ...]
    moments: tuple[int, ...]
    lesson: Lesson | None = None


@frozen
class Desk:
    """A school and the words of a regulation, as drafts are made of them.

    Attributes:
        school: A school with lessons.
        words: The regulation.
        lessons: Every lesson.
        journals: Every journal, in order.
    """

    school: PlainSchool
    words: Regulation
    lessons: Sequence[Lesson] = field(init=False)
    journals: Sequence[JournalId] = field(init=False)

    @lessons.default
    def _of_school(self) -> Sequence[Lesson]:
        return self.school.lessons()

    @journals.default
    def _of_facts(self) -> Sequence[JournalId]:
        return sorted(self.facts.journals())

    @property
    def facts(self) -> Facts:
        """What the school's data says."""
        return self.school.facts()

    @cached_property
    def pupils(self) -> list[str]:
        """Every pupil, in order."""
        return sorted({row.pupil for row in self.school.memberships()})

    @cached_property
    def accounts(self) -> list[str]:
        """Every account, in order."""
        return [one.id for one in self.school.accounts()]

    @cached_property
    def offices(self) -> tuple[str, ...]:
        """Accounts that ever held an office of the administration."""
        return tuple(
            one.id
            for one in self.school.accounts()
            if any(span.role in ADMINISTRATION for span in one.roles)
        )

    @cached_property
    def importers(self) -> tuple[str, ...]:
        """Accounts that ever had the role of an importer."""
        return tuple(
            one.id
            for one in self.school.accounts()
            if any(span.role == "importer" for span in one.roles)
        )

    @cached_property
    def teachers(self) -> tuple[str, ...]:
        """Accounts that ever taught or led a class, in order."""
        return tuple(sorted({row.account for row in self.school.assignments()}))

    def of_lesson(self, lesson: Lesson) -> tuple[str, ...]:
        """Those who may be expected to write about a lesson."""
        named = tuple(one for one in (lesson.substitute, lesson.teacher) if one is not None)
        assigned = self.facts.hands(lesson.group, lesson.subject, "teacher", lesson.day)
        return (*named, *sorted(assigned))

    def of_journal(self, journal: JournalId) -> tuple[str, ...]:
        """Those who ever taught there."""
        return tuple(
            row.account
            for row in self.facts.assignments
            if (row.group, row.subject, row.role) == (journal.group, journal.subject, "teacher")
        )

    def on_roll(self, lesson: Lesson) -> list[str]:
        """Pupils on the roll of a lesson; every pupil where the roll is empty."""
        calendar = self.facts.calendar_of(lesson)
        return sorted(self.facts.roll(calendar, lesson.group, lesson.day)) or self.pupils

    def around(self, lesson: Lesson) -> tuple[int, ...]:
        """Moments at which the windows of a lesson begin and end, and others between and after."""
        clocks = zone(self.facts.calendar_of(lesson).zone)
        inside = lesson.starts + 20 * MINUTE
        night = clocks.end_of_day(lesson.day)
        later = [clocks.end_of_day(lesson.day + n * _DAY) for n in (1, 3, 7, 10, 14)]
        return (
            inside, inside, inside, lesson.starts, lesson.starts - 1, lesson.ends + 90 * MINUTE,
            lesson.ends + 90 * MINUTE - 1, night - 1, night, night - HOUR, *later,
            *(one - 1 for one in later), later[0] + 9 * HOUR, later[1] + 9 * HOUR,
        )  # fmt: skip
