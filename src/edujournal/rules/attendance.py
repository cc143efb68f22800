"""Attendance: how many lessons each pupil had, and how many of them were missed, by the roll calls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Final

from attrs import field, frozen

from edujournal.ledger.books import BookState
from edujournal.model.facts import Facts
from edujournal.model.ids import JournalId
from edujournal.rules.clauses import Regulation
from edujournal.rules.excuses import Spans, excused
from edujournal.rules.scenes import of_lesson
from edujournal.rules.worth import is_absence


@frozen(kw_only=True)
class Attendance:
    """Lessons of one pupil, or of many, counted.

    Attributes:
        lessons: Lessons held while the pupil was on the roll.
        untaken: Those whose roll was not taken: nobody knows who was there.
        excused: Missed, and excused.
        unexcused: Missed, and not excused.
        unknown: Missed, and the reason is not known yet.
        late: Came late.
        codes: How often each reason code was given.

    *Version added: 0.1.*
    """

    lessons: int = 0
    untaken: int = 0
    excused: int = 0
    unexcused: int = 0
    unknown: int = 0
    late: int = 0
    codes: Mapping[str, int] = field(factory=dict, hash=False)

    @property
    def missed(self) -> int:
        """Lessons missed, for whatever reason."""
        return self.excused + self.unexcused + self.unknown

    @property
    def called(self) -> int:
        """Lessons whose roll was taken."""
        return self.lessons - self.untaken

    @property
    def share(self) -> Fraction | None:
        """Share of lessons attended, of those whose roll was taken; None where there are none."""
        return Fraction(self.called - self.missed, self.called) if self.called else None

    def __add__(self, other: Attendance) -> Attendance:
        codes = dict(self.codes)
        for code, count in other.codes.items():
            codes[code] = codes.get(code, 0) + count
        return Attendance(
            lessons=self.lessons + other.lessons,
            untaken=self.untaken + other.untaken,
            excused=self.excused + other.excused,
            unexcused=self.unexcused + other.unexcused,
            unknown=self.unknown + other.unknown,
            late=self.late + other.late,
            codes=codes,
        )


#: What an absence comes to, by whether it is excused; and what coming late does.
_ABSENT: Final = {True: "excused", False: "unexcused", None: "unknown"}
_LATE: Final = "late"

#: Nothing was held.
NO_LESSONS = Attendance()


def attendance(
    journal: JournalId,
    state: BookState,
    facts: Facts,
    regulation: Regulation,
    since: date,
    until: date,
    at: int,
    excuses: Spans,
) -> dict[str, Attendance]:
    """Count the lessons of *journal* that are held on days in ``[since, until)`` and over by *at*.

    A subject in which no roll is called has no attendance. An absence is excused by its code, by a
    marker of the pupil, or by an excuse in the class book; where none tells, it is not known.

    Args:
        journal: Which journal.
        state: What it says.
        facts: What the school's data says.
        regulation: Whose reason codes are meant.
        since: First day.
        until: Day after the last one.
        at: Instant up to which lessons count, UTC microseconds.
        excuses: Days excused by class books.

    *Version added: 0.1.*
    """
    calendar = facts.calendar(journal.year)
    if any(one.id == journal.subject and not one.attendance for one in calendar.subjects):
        return {}
    counts: dict[str, dict[str, int]] = {}
    codes: dict[str, dict[str, int]] = {}
    for lesson in facts.lessons_of(journal):
        if lesson.cancelled or lesson.ends > at or not since <= lesson.day < until:
            continue
        called = state.roll(lesson.about)
        absent = () if called is None else called.values.get("absent", ())
        rows = {row["pupil"]: row for row in absent}
        for pupil in facts.roll(calendar, journal.group, lesson.day):
            mine = counts.setdefault(pupil, {"lessons": 0})
            mine["lessons"] += 1
            what = "untaken" if called is None else None
            if pupil in rows:
                code = str(rows[pupil]["code"])
                what = _LATE
                if is_absence(code, regulation):
                    found = excused(
                        pupil, code, of_lesson(lesson, facts), state, regulation, excuses
                    )
                    what = _ABSENT[found]
                own = codes.setdefault(pupil, {})
                own[code] = own.get(code, 0) + 1
            if what is not None:
                mine[what] = mine.get(what, 0) + 1
    return {pupil: Attendance(codes=codes.get(pupil, {}), **mine) for pupil, mine in counts.items()}
