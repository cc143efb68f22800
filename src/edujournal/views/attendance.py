"""Attendance across lessons: what a roll call may be proposed, and where roll calls contradict each other.

Each journal keeps its own roll calls, so that no single journal can see either. Nothing here writes:
a proposal becomes a fact when a teacher records it, and a contradiction is a place to look.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from attrs import frozen

from edujournal.ledger.books import BookState
from edujournal.model.facts import Facts
from edujournal.model.ids import class_book
from edujournal.model.occasions import Lesson
from edujournal.rules.clauses import Regulation
from edujournal.rules.predicates import is_absent

#: Why a code is proposed, the surest reason first.
REASONS: Final = ("excuse", "lesson before", "lesson after")

#: Kinds of contradictions.
KINDS: Final = (
    "came and went",
    "two places",
    "two reasons",
    "excused but present",
    "excuse without absence code",
    "late beyond the lesson",
)


@frozen
class Suggestion:
    """A code that a roll call may be proposed for one pupil.

    *Version added: 0.1.*

    Attributes:
        pupil: Who may be missing.
        code: The code.
        reason: Why; one of :data:`REASONS`.
        lesson: The lesson whose roll call says so, or None.
        entry: Number of the entry that says so, in the book of that lesson or the class book.
    """

    pupil: str
    code: str
    reason: str
    lesson: str | None
    entry: int


@frozen
class Contradiction:
    """A place where roll calls, or a roll call and an excuse, do not fit together.

    *Version added: 0.1.*

    Attributes:
        kind: What it is; one of :data:`KINDS`.
        pupil: About whom.
        day: On which day.
        lessons: The lessons concerned, in the order of the day.
        codes: The codes concerned.
    """

    kind: str
    pupil: str
    day: date
    lessons: tuple[str, ...]
    codes: tuple[str, ...] = ()


@frozen
class _Row:
    """What one roll call says of one pupil; no code says "was there"."""

    lesson: Lesson
    entry: int
    row: Mapping[str, Any] | None
    absent: bool


@frozen
class _Excuse:
    code: str
    entry: int


def attendance_books(groups: Sequence[str], facts: Facts, day: date) -> tuple[str, ...]:
    """Names of the books that speak of the attendance of *groups* on *day*, ordered.

    They are the journals of every lesson that a pupil of theirs has that day, and the class books.

    *Version added: 0.1.*
    """
    pupils = frozenset[str]().union(*(_roll(facts, group, day) for group in groups))
    found = {facts.journal_of(one).book for one in _lessons(facts, day, pupils)}
    return tuple(sorted(found | set(_class_books(facts, pupils, day))))


def suggestions(
    lesson: Lesson,
    states: Mapping[str, BookState],
    facts: Facts,
    regulation: Regulation,
) -> list[Suggestion]:
    """Propose absentees for the roll call of *lesson*, the surest reason for each pupil.

    An excuse that covers the day comes first, then the lesson before on the same day, then the one
    after it. Who only came late to another lesson is not proposed. A pupil already named by the
    lesson's own roll call is not proposed again.

    Args:
        lesson: Lesson whose roll is about to be taken.
        states: What the books say, by name; see :func:`attendance_books`.
        facts: What the school's data says.
        regulation: Whose codes are read.

    *Version added: 0.1.*
    """
    calendar = facts.calendar_of(lesson)
    roll = facts.roll(calendar, lesson.group, lesson.day)
    own = states.get(facts.journal_of(lesson).book)
    called = None if own is None else own.roll(lesson.about)
    named = set() if called is None else {row["pupil"] for row in called.values.get("absent", ())}
    found = []
    for pupil in sorted(roll - named):
        excuse = _excuse(pupil, lesson.day, states, facts)
        if excuse is not None:
            found.append(Suggestion(pupil, excuse.code, "excuse", None, excuse.entry))
            continue
        rows = _rows(pupil, lesson.day, states, facts, regulation)
        before = [one for one in rows if one.lesson.starts < lesson.starts]
        after = [one for one in rows if one.lesson.starts > lesson.starts]
        for reason, near in (("lesson before", before[-1:]), ("lesson after", after[:1])):
            if near and near[0].absent and near[0].row is not None:
                one = near[0]
                code = str(near[0].row["code"])
                found.append(Suggestion(pupil, code, reason, one.lesson.id, one.entry))
                break
    return found


def contradictions(
    group: str,
    days: tuple[date, date],
    states: Mapping[str, BookState],
    facts: Facts,
    regulation: Regulation,
) -> Iterator[Contradiction]:
    """Yield the contradictions in the attendance of a group's pupils, day by day, pupil by pupil.

    Args:
        group: A class, or any other group: its pupils are looked at in all their lessons.
        days: The stretch of days, ``[since, until)``.
        states: What the books say, by name; see :func:`attendance_books`.
        facts: What the school's data says.
        regulation: Whose codes are read.

    *Version added: 0.1.*
    """
    day = days[0]
    while day < days[1]:
        for pupil in sorted(_roll(facts, group, day)):
            rows = _rows(pupil, day, states, facts, regulation)
            excuse = _excuse(pupil, day, states, facts)
            yield from _of_day(pupil, day, rows, excuse, regulation)
        day += timedelta(days=1)


def _of_day(
    pupil: str, day: date, rows: Sequence[_Row], excuse: _Excuse | None, regulation: Regulation
) -> Iterator[Contradiction]:
    absent = [one for one in rows if one.absent]
    present = [one for one in rows if not one.absent]
    for i, one in enumerate(rows):
        if one.absent and any(not a.absent for a in rows[:i]) and any(
            not b.absent for b in rows[i + 1 :]
        ):  # fmt: skip
            yield Contradiction("came and went", pupil, day, (one.lesson.id,), _codes([one]))
    for i, one in enumerate(present):
        for other in present[i + 1 :]:
            if other.lesson.starts < one.lesson.ends:
                pair = (one.lesson.id, other.lesson.id)
                yield Contradiction("two places", pupil, day, pair)
    kinds = {_excused(code, regulation) for code in _codes(absent)} - {None}
    if len(kinds) > 1:
        lessons = tuple(one.lesson.id for one in absent)
        yield Contradiction("two reasons", pupil, day, lessons, _codes(absent))
    if excuse is not None and present:
        lessons = tuple(one.lesson.id for one in present)
        yield Contradiction("excused but present", pupil, day, lessons, (excuse.code,))
    if excuse is not None and _excused(excuse.code, regulation):
        wrong = [one for one in absent if _excused(_codes([one])[0], regulation) is False]
        if wrong:
            lessons = tuple(one.lesson.id for one in wrong)
            codes = (excuse.code, *_codes(wrong))
            yield Contradiction("excuse without absence code", pupil, day, lessons, codes)
    for one in rows:
        minutes = 0 if one.row is None else int(one.row.get("late", 0))
        if minutes * 60_000_000 > one.lesson.ends - one.lesson.starts:
            yield Contradiction(
                "late beyond the lesson", pupil, day, (one.lesson.id,), _codes([one])
            )


def _codes(rows: Sequence[_Row]) -> tuple[str, ...]:
    found = [str(one.row["code"]) for one in rows if one.row is not None]
    return tuple(dict.fromkeys(found))


def _excused(code: str, regulation: Regulation) -> bool | None:
    known = regulation.find_absence(code)
    return None if known is None else known.excused


def _roll(facts: Facts, group: str, day: date) -> frozenset[str]:
    return facts.roll(facts.calendar_on(day), group, day)


def _lessons(facts: Facts, day: date, pupils: frozenset[str]) -> list[Lesson]:
    """Lessons held that day for any of *pupils*, in the order of the day."""
    found = [
        one
        for one in facts.held_on(day)
        if not pupils.isdisjoint(facts.roll(facts.calendar_of(one), one.group, day))
    ]
    return sorted(found, key=lambda one: (one.starts, one.id))


def _class_books(facts: Facts, pupils: frozenset[str], day: date) -> Iterator[str]:
    calendar = facts.calendar_on(day)
    for group in calendar.groups:
        if group.kind == "class" and not pupils.isdisjoint(facts.roll(calendar, group.id, day)):
            yield class_book(group.id, calendar.year)


def _rows(
    pupil: str,
    day: date,
    states: Mapping[str, BookState],
    facts: Facts,
    regulation: Regulation,
) -> list[_Row]:
    """What each roll call of the day says of the pupil; a lesson without one says nothing."""
    found = []
    for lesson in _lessons(facts, day, frozenset({pupil})):
        state = states.get(facts.journal_of(lesson).book)
        called = None if state is None else state.roll(lesson.about)
        if called is None:
            continue
        rows = called.values.get("absent", ())
        row = next((one for one in rows if one["pupil"] == pupil and "code" in one), None)
        absent = row is not None and is_absent(row, regulation)
        found.append(_Row(lesson, called.number, row, absent))
    return found


def _excuse(pupil: str, day: date, states: Mapping[str, BookState], facts: Facts) -> _Excuse | None:
    """The last excuse in a class book that covers the day."""
    found = None
    for book in _class_books(facts, frozenset({pupil}), day):
        state = states.get(book) or BookState(book)
        for name in state.occasions("excuse"):
            for entry in state.of_pupil("excuse", name, pupil):
                now = state.reading(entry)
                since, until = (date.fromisoformat(now.values[one]) for one in ("day", "until"))
                if since <= day < until:
                    found = _Excuse(str(now.values["code"]), entry.number)
    return found
