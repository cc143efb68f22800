"""What a diary is made from: the week, its journals, homework by the lesson it is to be done for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from attrs import field, frozen

from edujournal.ledger.books import BookState
from edujournal.model.entries import Entry
from edujournal.model.facts import Facts
from edujournal.model.ids import JournalId
from edujournal.model.occasions import Lesson
from edujournal.views.columns import Task, find_lesson, task_of

WEEK: Final = timedelta(days=7)


def _everything(_entry: Entry, _state: BookState) -> bool:
    """Nothing is held back."""
    return True


@frozen
class Week:
    """What every part of a diary is made from."""

    pupil: str
    facts: Facts
    states: Mapping[str, BookState] = field(eq=False)
    since: date
    until: date
    sees: Callable[[Entry, BookState], bool] = field(default=_everything, eq=False)

    def holds(self, day: date) -> bool:
        """Tell whether *day* is one of the week."""
        return self.since <= day < self.until


def journals_in(week: Week) -> Iterator[tuple[JournalId, BookState]]:
    """The journals among the books, in the order of their names."""
    for book in sorted(week.states):
        if book.startswith("journal/"):
            yield JournalId.parse(book), week.states[book]


class Tasks:
    """Homework by the lesson, or else the day, for which it is to be done."""

    def __init__(self, week: Week) -> None:
        self._lessons: dict[str, list[Task]] = {}
        self._days: dict[date, list[Task]] = {}
        for journal, state in journals_in(week):
            lessons = [one for one in week.facts.lessons_of(journal) if not one.cancelled]
            for name in state.occasions("homework"):
                for entry in state.about("homework", name):
                    if not week.sees(entry, state):
                        continue
                    task = task_of(entry, state)
                    if not task.none_set:
                        self._place(task, lessons, journal, week)

    def _place(self, task: Task, lessons: list[Lesson], journal: JournalId, week: Week) -> None:
        target = _target(task, lessons, week.facts)
        if target is not None:
            self._lessons.setdefault(target.id, []).append(task)
        elif task.due is not None and week.holds(task.due):
            calendar = week.facts.calendar(journal.year)
            if week.pupil in week.facts.roll(calendar, journal.group, task.due):
                self._days.setdefault(task.due, []).append(task)

    def of(self, lesson: Lesson) -> tuple[Task, ...]:
        """What is to be done by a lesson."""
        return tuple(self._lessons.get(lesson.id, ()))

    def alone(self, day: date) -> tuple[Task, ...]:
        """What is to be done by a day on which there is no lesson of the subject."""
        return tuple(self._days.get(day, ()))


def _target(task: Task, lessons: list[Lesson], facts: Facts) -> Lesson | None:
    """The held lesson by which *task* is to be done; None where there is none."""
    if task.due is not None:
        return next((one for one in lessons if one.day == task.due and one.id != task.lesson), None)
    given = find_lesson(task.lesson, facts)
    if given is None:
        return None
    return next((one for one in lessons if one.starts > given.starts), None)
