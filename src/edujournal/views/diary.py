"""The diary: what all the journals say of one pupil in one week, day by day.

The diary equals the journals at every moment (clause 1.5: publication at once): what stands in a
journal about the pupil stands in the diary, and nothing else does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar

from attrs import evolve, field, frozen

from edujournal.ledger.books import BookState
from edujournal.model.calendar import Calendar
from edujournal.model.entries import Entry
from edujournal.model.facts import Facts
from edujournal.model.ids import JournalId, class_book, split_about, year_of_book
from edujournal.model.occasions import Lesson, Work
from edujournal.model.time import zone
from edujournal.rules.around import Around
from edujournal.rules.clauses import Regulation
from edujournal.rules.publishing import Publication
from edujournal.views.cells import Cell, CellAbsence, Source, absences_of, cell_of, source_of
from edujournal.views.columns import (
    LessonTopic,
    Task,
    bare,
    column_of,
    find_lesson,
    task_of,
    topic_of,
)
from edujournal.views.diary_markers import DiaryMarker, DiaryTerm, Wide, terms_of
from edujournal.views.diary_seen import DiarySeen
from edujournal.views.diary_week import WEEK, Tasks, Week, journals_in
from edujournal.views.page import IN_CELL

#: Kinds of record about a lesson or work that concern one pupil.
_AT_LESSON = ("mark", "marker", "makeup", "comment")


@frozen
class DiaryLesson:
    """One lesson of the pupil.

    *Version added: 0.1.*

    Attributes:
        journal: Journal in which the lesson is kept.
        lesson: The lesson, as the timetable has it now; a cancelled one says so.
        teacher: Account of the teacher who gave it, or is to give it; None if not known.
        topic: What it was about, or None.
        homework: What was set at it.
        tasks: What was set at earlier lessons to be done by this one.
        cell: What stands in the journal about the pupil at it.
    """

    journal: JournalId
    lesson: Lesson
    teacher: str | None
    topic: LessonTopic | None
    homework: tuple[Task, ...]
    tasks: tuple[Task, ...]
    cell: Cell


@frozen
class DiaryWork:
    """A work that belongs to no lesson, with what stands in the journal about the pupil.

    *Version added: 0.1.*

    Attributes:
        journal: The journal.
        name: Name of the occasion; one of a lesson where the school's data has lost that lesson.
        work: The work; None where it is not declared.
        cell: What stands in the journal.
    """

    journal: JournalId
    name: str
    work: Work | None
    cell: Cell


@frozen
class DiaryResult:
    """Results of a period in one subject, shown on the period's last day.

    *Version added: 0.1.*
    """

    journal: JournalId
    period: str
    cell: Cell


@frozen
class DiaryMessage:
    """A message to the guardians; *pupil* is None where it is for the whole class.

    *Version added: 0.1.*
    """

    group: str
    pupil: str | None
    message: str | None = field(repr=False)
    source: Source


@frozen
class DiaryExcuse:
    """A valid reason for absences, that covers the day; *document* is None where it was erased.

    *Version added: 0.1.*
    """

    code: str
    document: str | None = field(repr=False)
    source: Source


@frozen(kw_only=True)
class DiaryDay:
    """One day of a diary.

    *Version added: 0.1.*

    Attributes:
        day: The day.
        lessons: The pupil's lessons, in the order in which they are held.
        works: Works without a lesson: on the day held, else due, else recorded.
        results: Results of periods that end on the day.
        messages: Messages of the day.
        excuses: Valid reasons for absences that cover the day.
        tasks: Homework due on the day in a subject that has no lesson then.
        terms: Markers to be cleared by the end of the day, such as debts.
    """

    day: date
    lessons: tuple[DiaryLesson, ...] = ()
    works: tuple[DiaryWork, ...] = ()
    results: tuple[DiaryResult, ...] = ()
    messages: tuple[DiaryMessage, ...] = ()
    excuses: tuple[DiaryExcuse, ...] = ()
    tasks: tuple[Task, ...] = ()
    terms: tuple[DiaryTerm, ...] = ()

    def cells(self) -> Iterator[Cell]:
        """The cells of the day, in its order."""
        for things in (self.lessons, self.works, self.results):
            for thing in things:
                yield thing.cell

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing on the day, not even a lesson."""
        things = (self.lessons, self.works, self.results, self.messages, self.excuses, self.tasks)
        return not any(things) and not self.terms


@frozen
class Diary:
    """One week of one pupil's diary.

    *Version added: 0.1.*

    Attributes:
        pupil: Id of the pupil.
        since: Monday of the week.
        until: Day after its Sunday.
        days: Its seven days, in order.
        markers: Markers for whole subjects that hold on some day of the week.
        seen: Who has confirmed to have seen it, and whether it has changed since.
    """

    pupil: str
    since: date
    until: date
    days: tuple[DiaryDay, ...]
    markers: tuple[DiaryMarker, ...] = ()
    seen: tuple[DiarySeen, ...] = ()

    def with_seen(self, seen: tuple[DiarySeen, ...]) -> Diary:
        """The same week with who has confirmed to have seen it."""
        return evolve(self, seen=seen)

    @property
    def entries(self) -> frozenset[tuple[str, int]]:
        """Book and number of every entry that stands in a cell."""
        return frozenset(
            (source.book, source.entry)
            for day in self.days
            for cell in day.cells()
            for source in cell.sources()
        )


def diary(
    pupil: str,
    states: Mapping[str, BookState],
    facts: Facts,
    week: date,
    regulations: Sequence[Regulation] = (),
    at: int | None = None,
) -> Diary:
    """Fold journals and class books into the diary of a pupil for a week.

    The lessons are those of every group that the pupil belongs to on the lesson's day: class,
    subgroups, streams, individual plan. A lesson with an entry about the pupil is shown even where
    the school's data no longer has the pupil in the group.

    Args:
        pupil: Whose diary.
        states: What the books say, by name of the book; see :func:`diary_books`. A book that is not
            there is an empty one.
        facts: What the school's data says.
        week: Any day of the week.
        regulations: Regulations that say until when debts and other markers are to be cleared, and
            from when on pupils and guardians see what was recorded.
        at: Instant at which it is read; None shows everything, as a teacher sees it.

    Raises:
        Unknown: The school knows no such pupil.

    *Version added: 0.1.*
    """
    facts.check_pupil(pupil)
    monday = week - timedelta(days=week.weekday())
    this = Week(pupil, facts, states, monday, monday + WEEK)
    if at is not None:
        classes = {one.split("/")[1]: states[one] for one in states if one.startswith("class/")}
        around = Around(classes=classes)
        this = evolve(this, sees=Publication(regulations, facts, at, around).shows)
    said, tasks, wide = _Said(this), Tasks(this), Wide(this)
    lessons = _by_day((one.lesson.day, one) for one in _lessons(this, said, tasks, wide))
    works = _by_day(_works(said))
    results = _by_day(_results(said, wide))
    terms = _by_day(terms_of(this, regulations))
    messages = _by_day(_messages(this))
    excuses = _by_day(_excuses(this))
    return Diary(
        pupil,
        this.since,
        this.until,
        tuple(
            DiaryDay(
                day=day,
                lessons=tuple(sorted(lessons.get(day, ()), key=_when)),
                works=tuple(works.get(day, ())),
                results=tuple(results.get(day, ())),
                messages=tuple(messages.get(day, ())),
                excuses=tuple(excuses.get(day, ())),
                tasks=tasks.alone(day),
                terms=tuple(terms.get(day, ())),
            )
            for day in (monday + timedelta(days=n) for n in range(7))
        ),
        wide.of_week(),
    )


def diary_books(pupil: str, facts: Facts) -> tuple[str, ...]:
    """Names of the books that a diary of *pupil* is made from, ordered.

    They are the journals and class books of every group that the pupil ever belonged to.

    *Version added: 0.1.*
    """
    groups = {row.group for row in facts.memberships_of(pupil)}
    groups |= {
        group.id
        for calendar in facts.calendars
        for group in calendar.groups
        if group.pupil == pupil
    }
    books = {one.book for one in facts.journals() if one.group in groups}
    for calendar in facts.calendars:
        books |= {class_book(one.id, calendar.year) for one in calendar.groups if one.id in groups}
    return tuple(sorted(books))


def _when(one: DiaryLesson) -> tuple[int, str]:
    return one.lesson.starts, one.lesson.id


# -- what stands about the pupil -------------------------------------------------------------------


class _Said:
    """What stands in the journals about the pupil, by where it is shown; one sweep over each book."""

    def __init__(self, week: Week) -> None:
        self.week = week
        self.at_lesson: dict[str, list[object]] = {}
        self.beside: dict[tuple[date, JournalId, str], list[object]] = {}
        self.results: dict[tuple[date, JournalId, str], list[object]] = {}
        for journal, state in journals_in(week):
            for name in state.occasions(*_AT_LESSON, "roll"):
                self._take(name, journal, state)
            for name in state.occasions("result"):
                self._take_results(name, journal, state)

    def _take(self, name: str, journal: JournalId, state: BookState) -> None:
        kind, id = split_about(name)
        lesson = find_lesson(id, self.week.facts) if kind == "lesson" else None
        if lesson is not None and not self.week.holds(lesson.day):
            return
        pupil = self.week.pupil
        for entry in _of_pupil(name, pupil, state):
            if not self.week.sees(entry, state):
                continue
            self._place(entry, IN_CELL[entry.kind](entry, state), journal, state)
        absence = _absence(name, pupil, state)
        if absence is not None:
            self._place(state.entries[absence.source.entry - 1], absence, journal, state)

    def _place(self, entry: Entry, thing: object, journal: JournalId, state: BookState) -> None:
        place = column_of(entry, state)
        if place is None:
            return
        column = bare(*place, journal, state, self.week.facts)
        if column.lesson is not None:
            if self.week.holds(column.lesson.day):
                self.at_lesson.setdefault(column.lesson.id, []).append(thing)
            return
        day = column.day or self._recorded(entry, journal)
        if not self.week.holds(day):
            return
        if column.period is not None:
            self.results.setdefault((day, journal, column.period), []).append(thing)
        else:
            self.beside.setdefault((day, journal, column.name), []).append(thing)

    def _take_results(self, name: str, journal: JournalId, state: BookState) -> None:
        for entry in state.of_pupil("result", name, self.week.pupil):
            if not self.week.sees(entry, state):
                continue
            column = bare("result", f"{name}/period", journal, state, self.week.facts)
            day = column.day or self._recorded(entry, journal)
            if self.week.holds(day):
                key = (day, journal, split_about(name)[1])
                self.results.setdefault(key, []).append(IN_CELL["result"](entry, state))

    def _recorded(self, entry: Entry, journal: JournalId) -> date:
        """The last day on which *entry* may have been recorded."""
        return zone(self.week.facts.calendar(journal.year).zone).local_date(entry.hi - 1)


def _of_pupil(name: str, pupil: str, state: BookState) -> list[Entry]:
    found = [entry for kind in _AT_LESSON for entry in state.of_pupil(kind, name, pupil)]
    return sorted(found, key=lambda entry: entry.number)


def _absence(name: str, pupil: str, state: BookState) -> CellAbsence | None:
    if state.absence(name, pupil) is None:
        return None
    roll = next(state.about("roll", name))
    return next(absence for one, absence in absences_of(roll, state) if one == pupil)


# -- lessons ---------------------------------------------------------------------------------------


def _lessons(week: Week, said: _Said, tasks: Tasks, wide: Wide) -> Iterator[DiaryLesson]:
    for lesson in week.facts.lessons:
        if not week.holds(lesson.day):
            continue
        journal = week.facts.journal_of(lesson)
        calendar = week.facts.calendar(journal.year)
        member = week.pupil in week.facts.roll(calendar, lesson.group, lesson.day)
        things = said.at_lesson.get(lesson.id, ())
        if member or things:
            state = week.states.get(journal.book, BookState(journal.book))
            cell = cell_of(things, member=member, holds=wide.on(journal, lesson.day))
            ordered = week.facts.substitutes(lesson)
            yield _lesson(lesson, journal, state, cell, tasks.of(lesson), ordered)


def _lesson(
    lesson: Lesson,
    journal: JournalId,
    state: BookState,
    cell: Cell,
    tasks: tuple[Task, ...],
    ordered: frozenset[str],
) -> DiaryLesson:
    topic = next(state.about("topic", lesson.about), None)
    claims = [
        str(claim.values["teacher"])
        for claim, answer in state.claims(lesson.about)
        if answer is not False
    ]
    return DiaryLesson(
        journal,
        lesson,
        claims[-1] if claims else min(ordered, default=lesson.teacher),
        None if topic is None else topic_of(topic, state),
        tuple(task_of(entry, state) for entry in state.about("homework", lesson.about)),
        tasks,
        cell,
    )


# -- beside lessons --------------------------------------------------------------------------------


def _works(said: _Said) -> Iterator[tuple[date, DiaryWork]]:
    for (day, journal, name), things in said.beside.items():
        kind, id = split_about(name)
        work = said.week.states[journal.book].work(id) if kind == "work" else None
        yield day, DiaryWork(journal, name, work, cell_of(things))


def _results(said: _Said, wide: Wide) -> Iterator[tuple[date, DiaryResult]]:
    for (day, journal, period), things in said.results.items():
        cell = cell_of(things, holds=wide.over(journal, period))
        yield day, DiaryResult(journal, period, cell)


def _messages(week: Week) -> Iterator[tuple[date, DiaryMessage]]:
    for calendar, state in _class_books(week):
        for name in state.occasions("message"):
            group = split_about(name)[1]
            for entry in state.about("message", name):
                now = state.reading(entry)
                day = date.fromisoformat(now.values["day"])
                if not week.holds(day):
                    continue
                for_all = now.pupil is None and week.pupil in week.facts.roll(calendar, group, day)
                if for_all or now.pupil == week.pupil:
                    text = now.texts.get("message")
                    yield day, DiaryMessage(group, now.pupil, text, source_of(entry, state))


def _excuses(week: Week) -> Iterator[tuple[date, DiaryExcuse]]:
    for _, state in _class_books(week):
        for name in state.occasions("excuse"):
            for entry in state.of_pupil("excuse", name, week.pupil):
                now = state.reading(entry)
                excuse = DiaryExcuse(
                    now.values["code"], now.texts.get("document"), source_of(entry, state)
                )
                day = max(week.since, date.fromisoformat(now.values["day"]))
                until = min(week.until, date.fromisoformat(now.values["until"]))
                while day < until:
                    yield day, excuse
                    day += timedelta(days=1)


def _class_books(week: Week) -> Iterator[tuple[Calendar, BookState]]:
    for book in sorted(week.states):
        if book.startswith("class/"):
            yield week.facts.calendar(year_of_book(book)), week.states[book]


_Thing = TypeVar("_Thing")


def _by_day(things: Iterator[tuple[date, _Thing]]) -> dict[date, list[_Thing]]:
    found: dict[date, list[_Thing]] = {}
    for day, thing in things:
        found.setdefault(day, []).append(thing)
    return found
