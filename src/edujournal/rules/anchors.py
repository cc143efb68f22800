"""Anchors: the moments that terms start from, looked up for one occasion.

An anchor without a value is not known; nothing is ever met or late by it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

from attrs import frozen

from edujournal.ledger.books import BookState
from edujournal.model.calendar import Period
from edujournal.model.entries import Entry
from edujournal.model.facts import Facts
from edujournal.model.occasions import Lesson, Occasion
from edujournal.model.periods import YEAR
from edujournal.model.time import zone
from edujournal.rules.verdicts import NotKnown

Found = date | int | None


@frozen(eq=False)
class Ground:
    """What anchors may be looked up in.

    Attributes:
        occasion: The occasion.
        facts: What the school's data says.
        state: What the book says; None where only facts are at hand.
        pupil: Pupil for whom it is asked, or None.
        given: What the school supplies.
        recorded: Instant at which the entry that is to be changed was first recorded, or None.
        school: What the school book says, or None.
        handed: Day on which the entry that is judged says the work was handed in, or None.
    """

    occasion: Occasion
    facts: Facts
    state: BookState | None = None
    pupil: str | None = None
    given: Mapping[str, int | date] = {}
    recorded: int | None = None
    school: BookState | None = None
    handed: date | None = None


@frozen
class Anchor:
    """One row of the table of anchors.

    Attributes:
        name: Name in regulation files.
        kind: ``date`` or ``instant``.
        reads: ``facts``, ``state`` (what the book says) or ``pupil`` (what it says of one pupil).
        look: Gives the value.
    """

    name: str
    kind: str
    reads: str
    look: Callable[[Ground], Found]


def look(ground: Ground) -> Callable[[str], date | int | NotKnown]:
    """Give the function that looks anchors up in *ground*."""

    def value(name: str) -> date | int | NotKnown:
        found = ANCHORS[name].look(ground)
        return NotKnown(name) if found is None else found

    return value


# -- lessons and days ----------------------------------------------------------------------------


def _of_lesson(get: Callable[[Lesson], int]) -> Callable[[Ground], Found]:
    def found(ground: Ground) -> Found:
        lesson = ground.occasion.lesson
        return None if lesson is None else get(lesson)

    return found


def _later_lessons(ground: Ground) -> list[Lesson]:
    """Lessons of the same journal held after the occasion, in order. A cancelled one is not held."""
    occasion = ground.occasion
    journal, day = occasion.journal, occasion.day
    if journal is None or day is None:
        return []
    here = occasion.lesson
    return [
        lesson
        for lesson in ground.facts.lessons_of(journal)
        if not lesson.cancelled
        and (lesson.starts > here.starts if here is not None else lesson.day > day)
    ]


def nth_lesson(ground: Ground, number: int) -> Lesson | None:
    """The *number*-th lesson held in the journal after the occasion, counted from 1."""
    later = _later_lessons(ground)
    return later[number - 1] if 0 < number <= len(later) else None


def _next_lesson(ground: Ground) -> Found:
    found = nth_lesson(ground, 1)
    return None if found is None else found.starts


def _class_day_end(ground: Ground) -> Found:
    occasion = ground.occasion
    if occasion.group is None or occasion.day is None:
        return None
    return ground.facts.class_day_end(occasion.calendar, occasion.group, occasion.day)


def _school_day_end(ground: Ground) -> Found:
    day = ground.occasion.day
    held = [] if day is None else ground.facts.held_on(day)
    return max((lesson.ends for lesson in held), default=None)


def _session_start(ground: Ground) -> Found:
    """Start of the first lesson of the group's shift that day."""
    occasion = ground.occasion
    if occasion.group is None or occasion.day is None:
        return None
    shift = occasion.calendar.group(occasion.group).shift
    return min(
        (
            lesson.starts
            for lesson in ground.facts.held_on(occasion.day)
            if occasion.calendar.group(lesson.group).shift == shift
        ),
        default=None,
    )


def _pupil_lessons(ground: Ground) -> list[Lesson]:
    occasion, day = ground.occasion, ground.occasion.day
    if day is None or ground.pupil is None:
        return []
    return [
        lesson
        for lesson in ground.facts.held_on(day)
        if ground.pupil in ground.facts.roll(occasion.calendar, lesson.group, day)
    ]


def _pupil_day_end(ground: Ground) -> Found:
    return max((lesson.ends for lesson in _pupil_lessons(ground)), default=None)


def _pupil_day_start(ground: Ground) -> Found:
    return min((lesson.starts for lesson in _pupil_lessons(ground)), default=None)


def _week_start(ground: Ground) -> Found:
    day = ground.occasion.day
    return None if day is None else day - timedelta(days=day.weekday())


def _month_start(ground: Ground) -> Found:
    day = ground.occasion.day
    return None if day is None else day.replace(day=1)


# -- periods and years ---------------------------------------------------------------------------


def _period(ground: Ground) -> Period | None:
    occasion = ground.occasion
    if occasion.period is not None:
        return occasion.period
    if occasion.group is None or occasion.day is None:
        return None
    return occasion.calendar.period_on(occasion.group, occasion.day)


def _period_start(ground: Ground) -> Found:
    period = _period(ground)
    return None if period is None else period.since


def _closing(ground: Ground) -> Period | None:
    """The period whose end counts: for the year the last of its periods. Source: 2.13, reading."""
    period, occasion = _period(ground), ground.occasion
    if period is None or period.kind != YEAR or occasion.group is None:
        return period
    finer = [one for one in occasion.calendar.periods(occasion.group) if one.kind != YEAR]
    return max(finer, key=lambda one: one.until, default=period)


def _period_end(ground: Ground) -> Found:
    period = _closing(ground)
    return None if period is None else period.until - timedelta(days=1)


def _period_holidays(ground: Ground) -> Found:
    """First day of the holidays that adjoin the end of the period for this very group."""
    occasion, period = ground.occasion, _closing(ground)
    if occasion.group is None or period is None:
        return None
    found = occasion.calendar.holidays_adjoining(occasion.group, period.id)
    return None if found is None else found.since


def _period_last_lesson(ground: Ground) -> Found:
    occasion, period = ground.occasion, _period(ground)
    if occasion.journal is None or period is None:
        return None
    return max(
        (
            lesson.day
            for lesson in ground.facts.lessons_of(occasion.journal)
            if not lesson.cancelled and period.since <= lesson.day < period.until
        ),
        default=None,
    )


def _next_holidays(ground: Ground) -> Found:
    occasion = ground.occasion
    if occasion.group is None or occasion.day is None:
        return None
    return min(
        (
            holidays.since
            for holidays in occasion.calendar.holidays_of(occasion.group)
            if holidays.since >= occasion.day
        ),
        default=None,
    )


def _term(ground: Ground) -> Period | None:
    """The half-year in which the occasion lies, where the group's year has such."""
    occasion = ground.occasion
    if occasion.group is None or occasion.day is None:
        return None
    return next(
        (
            period
            for period in occasion.calendar.periods(occasion.group)
            if period.kind in ("half", "term") and period.since <= occasion.day < period.until
        ),
        None,
    )


def _term_start(ground: Ground) -> Found:
    term = _term(ground)
    return None if term is None else term.since


def _term_end(ground: Ground) -> Found:
    term = _term(ground)
    return None if term is None else term.until - timedelta(days=1)


def _given(name: str) -> Callable[[Ground], Found]:
    def found(ground: Ground) -> Found:
        value = ground.given.get(name)
        return value if isinstance(value, date) else None

    return found


# -- what the book says --------------------------------------------------------------------------


def _next_work(ground: Ground) -> Found:
    """Day of the next work declared in the same journal."""
    occasion, state = ground.occasion, ground.state
    if state is None or occasion.day is None:
        return None
    days = []
    for work in state.works():
        held = work.held
        if held is None and work.lesson is not None:
            lesson = ground.facts.find_lesson(work.lesson)
            if lesson is None:
                return None  # lost by the school's data: it may be the next one
            held = lesson.day
        if held is not None and held > occasion.day:
            days.append(held)
    return min(days, default=None)


def _first(ground: Ground, kind: str) -> Entry | None:
    if ground.state is None:
        return None
    if ground.pupil is not None and kind == "mark":
        return next(ground.state.of_pupil(kind, ground.occasion.name, ground.pupil), None)
    return next(ground.state.about(kind, ground.occasion.name), None)


def _homework_issued(ground: Ground) -> Found:
    entry = _first(ground, "homework")
    return None if entry is None else entry.lo


def _mark_published(ground: Ground) -> Found:
    entry = _first(ground, "mark")
    return None if entry is None else entry.lo


def _handed_in(ground: Ground) -> Found:
    """Day on which the pupil handed the work in, as the mark for it says."""
    if ground.handed is not None or ground.state is None or ground.pupil is None:
        return ground.handed
    entry = _first(ground, "mark")
    return None if entry is None else ground.state.reading(entry).handed_in


def _absence_start(ground: Ground) -> Found:
    """First day of the unbroken absence from this subject to which the occasion belongs."""
    days = absent_days(ground)
    return days[0] if days else None


def absent_days(ground: Ground) -> list[date]:
    """Days of the lessons missed without a break up to the occasion, it included; none if it was not."""
    occasion, state = ground.occasion, ground.state
    if state is None or ground.pupil is None or occasion.journal is None or occasion.lesson is None:
        return []
    run: list[date] = []
    for lesson in ground.facts.lessons_of(occasion.journal):
        if lesson.cancelled or lesson.starts > occasion.lesson.starts:
            continue
        if state.absence(lesson.about, ground.pupil) is None:
            run = []
        else:
            run.append(lesson.day)
    return run


def _returned(ground: Ground) -> Found:
    """Day of the first lesson of this subject at which the pupil was there again."""
    state = ground.state
    if state is None or ground.pupil is None:
        return None
    for lesson in _later_lessons(ground):
        if state.roll(lesson.about) is None:
            return None
        if state.absence(lesson.about, ground.pupil) is None:
            return lesson.day
    return None


def _noticed(ground: Ground) -> Found:
    event = ground.occasion.event
    return None if event is None else event.noticed


def _recorded(ground: Ground) -> Found:
    return _noticed(ground) if ground.recorded is None else ground.recorded


def _journal_closed(ground: Ground) -> Found:
    journal, school = ground.occasion.journal, ground.school
    if journal is None or school is None:
        return None
    found = next(school.about("closing", f"journal:{journal}"), None)
    return None if found is None else found.at


def _next_month(ground: Ground) -> Found:
    day = ground.occasion.day
    return None if day is None else (day.replace(day=1) + timedelta(days=32)).replace(day=1)


_ROWS: Final = (
    Anchor("absence.start", "date", "pupil", _absence_start),
    Anchor("class.closed", "instant", "state", lambda ground: ground.occasion.closed),
    Anchor("class_day.last_lesson.end", "instant", "facts", _class_day_end),
    Anchor("conference", "date", "facts", _given("conference")),
    Anchor("day", "date", "facts", lambda ground: ground.occasion.day),
    Anchor("entry.recorded", "instant", "facts", _recorded),
    Anchor("event.noticed", "instant", "facts", _noticed),
    Anchor("exam_session.end", "date", "facts", _given("exam_session_end")),
    Anchor("holidays.start", "date", "facts", _next_holidays),
    Anchor("homework.issued", "instant", "state", _homework_issued),
    Anchor("journal.closed", "instant", "state", _journal_closed),
    Anchor("lesson.end", "instant", "facts", _of_lesson(lambda lesson: lesson.ends)),
    Anchor("lesson.start", "instant", "facts", _of_lesson(lambda lesson: lesson.starts)),
    Anchor("mark.published", "instant", "pupil", _mark_published),
    Anchor("month.start", "date", "facts", _month_start),
    Anchor("next_month.start", "date", "facts", _next_month),
    Anchor("next_lesson", "instant", "facts", _next_lesson),
    Anchor("next_work", "date", "state", _next_work),
    Anchor("period.end", "date", "facts", _period_end),
    Anchor("period.holidays.start", "date", "facts", _period_holidays),
    Anchor("period.last_lesson", "date", "facts", _period_last_lesson),
    Anchor("period.start", "date", "facts", _period_start),
    Anchor("pupil.returned", "date", "pupil", _returned),
    Anchor("pupil_day.first_lesson.start", "instant", "pupil", _pupil_day_start),
    Anchor("pupil_day.last_lesson.end", "instant", "pupil", _pupil_day_end),
    Anchor("report_day", "date", "facts", _given("report_day")),
    Anchor("request.received", "instant", "facts", _noticed),
    Anchor("school_day.end", "instant", "facts", _school_day_end),
    Anchor("session.start", "instant", "facts", _session_start),
    Anchor("term.end", "date", "facts", _term_end),
    Anchor("term.start", "date", "facts", _term_start),
    Anchor("week.start", "date", "facts", _week_start),
    Anchor(
        "work.due",
        "date",
        "facts",
        lambda g: None if g.occasion.work is None else g.occasion.work.due,
    ),
    Anchor("work.handed_in", "date", "pupil", _handed_in),
    Anchor(
        "work.held", "date", "facts", lambda g: None if g.occasion.work is None else g.occasion.day
    ),
    Anchor("year.end", "date", "facts", lambda g: g.occasion.calendar.until - timedelta(days=1)),
    Anchor("year.start", "date", "facts", lambda g: g.occasion.calendar.since),
)

#: Every anchor by name.
ANCHORS: Final[Mapping[str, Anchor]] = {row.name: row for row in _ROWS}


def local_day(at: int, occasion: Occasion) -> date:
    """Local day of an instant in the zone of the occasion's year."""
    return zone(occasion.calendar.zone).local_date(at)
