"""Columns: the occasions of a journal in the order in which a page shows them.

Lessons come first, in the order in which they are held, then works that belong to no lesson, then
results. An occasion that has entries has a column, even where the school's data has lost it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from attrs import evolve, frozen

from edujournal.errors import Unknown
from edujournal.ledger.books import BookState
from edujournal.model.calendar import Period
from edujournal.model.entries import CHANGES, Entry
from edujournal.model.facts import Facts
from edujournal.model.ids import JournalId, split_about
from edujournal.model.occasions import Lesson, Work
from edujournal.model.periods import YEAR
from edujournal.views.cells import Source, source_of

#: Stages of results, in the order of a page.
STAGES: Final = ("period", "year", "exam", "final")


@frozen
class RollTaken:
    """The roll of a lesson was taken.

    *Version added: 0.1.*

    Attributes:
        absent: How many pupils it names, late ones included, as it reads now.
        source: The roll call.
    """

    absent: int
    source: Source


@frozen
class LessonTopic:
    """What a lesson was about; *topic* is None where the text was erased.

    *Version added: 0.1.*
    """

    topic: str | None
    plan: str | None
    source: Source


@frozen
class Task:
    """Homework, as it was set at a lesson.

    *Version added: 0.1.*

    Attributes:
        lesson: Id of the lesson at which it was set.
        task: What to do; None where nothing was set, or the text was erased.
        nature: Manner of the work, or None.
        due: Day by which it is due, if the teacher named one.
        none_set: Whether it says that nothing was set.
        source: The entry.
    """

    lesson: str
    task: str | None
    nature: str | None
    due: date | None
    none_set: bool
    source: Source


@frozen
class Declared:
    """A work was declared; *title* is None where none was given, or it was erased.

    *Version added: 0.1.*
    """

    work: str
    title: str | None
    source: Source


@frozen
class Claimed:
    """A substitution was recorded.

    *Version added: 0.1.*

    Attributes:
        teacher: Account of the teacher who gave the lesson.
        answer: What the administration said: confirmed, declined, or None for nothing.
        answered: Number of the entry of that answer, or None.
        source: The entry.
    """

    teacher: str
    answer: bool | None
    answered: int | None
    source: Source


@frozen(kw_only=True)
class Column:
    """One occasion of a journal.

    *Version added: 0.1.*

    Attributes:
        name: Its name, such as ``lesson:7A-alg-0915``, ``work:w-3``, ``period:q1/period``.
        kind: ``lesson``, ``work`` or ``result``.
        day: Day of it; for a result the last day of its period; None where none is known.
        lesson: The lesson; None where the school's data has it no more.
        work: The work, as it was declared and corrected; None for one not declared.
        period: Id of the period.
        stage: Stage of the results.
        rolls: Roll calls; the first that stands counts.
        topics: Topics; the first that stands counts.
        homework: Homework.
        works: Works declared at it.
        substitutions: Substitutions recorded.
    """

    name: str
    kind: str
    day: date | None = None
    lesson: Lesson | None = None
    work: Work | None = None
    period: str | None = None
    stage: str | None = None
    rolls: tuple[RollTaken, ...] = ()
    topics: tuple[LessonTopic, ...] = ()
    homework: tuple[Task, ...] = ()
    works: tuple[Declared, ...] = ()
    substitutions: tuple[Claimed, ...] = ()

    @property
    def roll(self) -> RollTaken | None:
        """The roll call that counts; None if the roll was not taken."""
        return next((one for one in self.rolls if one.source.stands), None)

    @property
    def topic(self) -> LessonTopic | None:
        """The topic that counts, or None."""
        return next((one for one in self.topics if one.source.stands), None)

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The homework that stands."""
        return tuple(one for one in self.homework if one.source.stands)

    @property
    def slot(self) -> int | None:
        """Number of the lesson that day; None for what is no lesson."""
        return None if self.lesson is None else self.lesson.slot

    @property
    def cancelled(self) -> bool:
        """Whether it is a lesson that is not held."""
        return self.lesson is not None and self.lesson.cancelled

    @property
    def moved_from(self) -> date | None:
        """The day on which the lesson was first planned, if it is another one now."""
        if self.lesson is None or not self.lesson.before:
            return None
        first = self.lesson.before[0].day
        return None if first == self.lesson.day else first

    def sources(self) -> Iterator[Source]:
        """The entries that it shows above the cells."""
        for things in (self.rolls, self.topics, self.homework, self.works, self.substitutions):
            for thing in things:
                yield thing.source


def column_of(entry: Entry, state: BookState) -> tuple[str, str] | None:
    """Kind and name of the column in which a page shows *entry*; None for what no page shows.

    What is about a work held at a lesson stands in the lesson's column.
    """
    kind, id = split_about(entry.about)
    if kind == "lesson":
        return "lesson", entry.about
    if kind == "work":
        work = state.work(id)
        lesson = entry.lesson if work is None else work.lesson
        return ("work", entry.about) if lesson is None else ("lesson", f"lesson:{lesson}")
    if kind == "period":
        return "result", result_column(id, state.reading(entry).values.get("stage", "period"))
    return None


def result_column(period: str, stage: str) -> str:
    """Name of the column of the results of a period at a stage."""
    return f"period:{period}/{stage}"


def stage_of(period: Period) -> str:
    """Stage of the results that a period asks for by itself."""
    return "year" if period.kind == YEAR else "period"


def find_lesson(id: str, facts: Facts) -> Lesson | None:
    """The lesson with *id*; None where the school's data has it no more."""
    try:
        return facts.lesson(id)
    except Unknown:
        return None


def bare(kind: str, name: str, journal: JournalId, state: BookState, facts: Facts) -> Column:
    """The column of an occasion, without what is recorded about it."""
    rest = name.partition(":")[2]
    if kind == "lesson":
        lesson = find_lesson(rest, facts)
        return Column(name=name, kind=kind, lesson=lesson, day=lesson.day if lesson else None)
    if kind == "work":
        work = state.work(rest)
        day = None if work is None else work.held or work.due
        return Column(name=name, kind=kind, work=work, day=day)
    period, _, stage = rest.rpartition("/")
    known = {one.id: one for one in facts.calendar(journal.year).periods(journal.group)}
    last = known[period].last_day if period in known else None
    return Column(name=name, kind=kind, period=period, stage=stage, day=last)


def order_of(column: Column, facts: Facts, journal: JournalId) -> tuple[object, ...]:
    """Where a column stands on its page."""
    day = column.day or date.max
    if column.kind == "lesson":
        lesson = column.lesson
        return (0, lesson is None, 0 if lesson is None else lesson.starts, column.name)
    if column.kind == "work":
        return (1, False, day.toordinal(), column.name)
    periods = [one.id for one in facts.calendar(journal.year).periods(journal.group)]
    place = periods.index(column.period) if column.period in periods else len(periods)
    stage = STAGES.index(column.stage) if column.stage in STAGES else len(STAGES)
    return (2, False, day.toordinal() * 100 + stage * 10 + place, column.name)


def heading(entry: Entry, state: BookState) -> object | None:
    """What *entry* puts above the cells of its column; None for what stands in a cell."""
    now = state.reading(entry)
    source = source_of(entry, state)
    if entry.kind == "roll":
        return RollTaken(len(now.values.get("absent", ())), source)
    if entry.kind == "topic":
        return topic_of(entry, state)
    if entry.kind == "homework":
        return task_of(entry, state)
    if entry.kind == "work":
        return Declared(split_about(entry.about)[1], now.texts.get("title"), source)
    if entry.kind == "substitution":
        given = _answer(entry, state)
        answer = None if given is None else bool(given.values.get("accept"))
        number = None if given is None else given.number
        return Claimed(str(now.values["teacher"]), answer, number, source)
    return None


def topic_of(entry: Entry, state: BookState) -> LessonTopic:
    """The topic that *entry* gives, as it reads now."""
    now = state.reading(entry)
    return LessonTopic(now.texts.get("topic"), now.values.get("plan"), source_of(entry, state))


def _answer(claim: Entry, state: BookState) -> Entry | None:
    answers = [
        one for one in state.about("confirmation", claim.about) if one.target == claim.number
    ]
    return answers[-1] if answers else None


def task_of(entry: Entry, state: BookState) -> Task:
    """The homework that *entry* sets, as it reads now."""
    now = state.reading(entry)
    due = now.values.get("due")
    return Task(
        str(entry.lesson),
        now.texts.get("task"),
        now.texts.get("nature"),
        None if due is None else date.fromisoformat(due),
        bool(now.values.get("none", False)),
        source_of(entry, state),
    )


def with_headings(column: Column, things: Sequence[object]) -> Column:
    """*column* with what was recorded above its cells."""
    return evolve(
        column,
        rolls=tuple(one for one in things if isinstance(one, RollTaken)),
        topics=tuple(one for one in things if isinstance(one, LessonTopic)),
        homework=tuple(one for one in things if isinstance(one, Task)),
        works=tuple(one for one in things if isinstance(one, Declared)),
        substitutions=tuple(one for one in things if isinstance(one, Claimed)),
    )


def is_said(entry: Entry) -> bool:
    """Tell whether *entry* says something of its own: it is no change and no answer."""
    return entry.kind not in CHANGES and entry.kind != "confirmation"
