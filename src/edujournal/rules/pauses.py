"""Pauses: days that a count passes over because the pupil, or the teacher, was not there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from edujournal.model.occasions import Lesson
from edujournal.rules.anchors import Ground
from edujournal.rules.clauses import Regulation
from edujournal.rules.worth import is_absence

#: First and last day of a stretch.
_Run = tuple[date, date]


def away(ground: Ground, regulation: Regulation) -> Callable[[str, date], bool]:
    """Give the function that tells whether a day is passed over, by the name of the pause.

    A stretch of absence goes from the first lesson of the journal that was missed to the last one
    before which none was not. A teacher is absent where others stand in, ordered or recorded.
    """
    kept: dict[str, list[_Run]] = {}

    def passes(pause: str, day: date) -> bool:
        if pause not in kept:
            missed = _pupil_missed if pause == "pupil_absent" else _teacher_missed
            kept[pause] = list(_runs(ground, lambda one: missed(one, ground, regulation)))
        return any(first <= day <= last for first, last in kept[pause])

    return passes


def _runs(ground: Ground, missed: Callable[[Lesson], bool]) -> Iterator[_Run]:
    journal = ground.occasion.journal
    first = last = None
    for lesson in () if journal is None else ground.facts.lessons_of(journal):
        if lesson.cancelled:
            continue
        if missed(lesson):
            first, last = first or lesson.day, lesson.day
        elif first is not None and last is not None:
            yield first, last
            first = last = None
    if first is not None and last is not None:
        yield first, last


def _pupil_missed(lesson: Lesson, ground: Ground, regulation: Regulation) -> bool:
    if ground.state is None or ground.pupil is None:
        return False
    row = ground.state.absence(lesson.about, ground.pupil)
    return row is not None and is_absence(str(row["code"]), regulation)


def _teacher_missed(lesson: Lesson, ground: Ground, _: Regulation) -> bool:
    claims = () if ground.state is None else ground.state.claims(lesson.about)
    return bool(ground.facts.substitutes(lesson)) or any(
        answer is not False for _, answer in claims
    )
