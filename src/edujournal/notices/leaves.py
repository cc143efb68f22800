"""Leaves: a week of a pupil's diary as a letter to be printed, read and signed.

Source: clause 1.6: who cannot read the diary gets it as a weekly print-out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from edujournal.notices import sayings
from edujournal.notices.parts import Draft, Part
from edujournal.notices.wording import Wording
from edujournal.views.cells import Cell, cell_text
from edujournal.views.columns import Task
from edujournal.views.diary import Diary, DiaryDay, DiaryLesson


class Leaf:
    """Says a week of a diary.

    Args:
        wording: The language, and what is known of the school.
    """

    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        self._say = wording.say
        self._naming = wording.naming

    def draft(self, diary: Diary) -> Draft:
        """The letter: a table for each day on which there is something, and a line to be signed."""
        naming, say = self._naming, self._say
        pupil = naming.name("pupil", diary.pupil)
        times = naming.times("")
        heads = tuple(map(say, (sayings.SUBJECT, sayings.MARKS, sayings.TOPIC, sayings.TASK)))
        parts = tuple(
            Part(times.long_day(day.day), heads, rows)
            for day in diary.days
            if (rows := tuple(self._rows(day)))
        )
        subject = say(
            sayings.WEEK,
            pupil=pupil,
            since=times.day(diary.since),
            until=times.day(diary.until - timedelta(days=1)),
        )
        if not parts:
            parts = (Part(say(sayings.NOTHING), (), ()),)
        return Draft(subject, subject, parts, self._wording.foot, say(sayings.SEEN))

    def _rows(self, day: DiaryDay) -> Iterator[tuple[str, ...]]:
        for lesson in day.lessons:
            yield self._lesson(lesson)
        for task in day.tasks:
            yield ("", "", "", _task(task))
        for result in day.results:
            book = result.journal.book
            period = self._naming.period(result.period, book)
            subject = self._naming.subject(result.journal.subject, book, day.day)
            yield (subject, self._cell(result.cell), period, "")
        for work in day.works:
            subject = self._naming.subject(work.journal.subject, work.journal.book, day.day)
            yield (subject, self._cell(work.cell), "", "")
        for message in day.messages:
            if message.source.stands:
                group = self._naming.group(message.group, "", day.day)
                text = message.message or self._say(sayings.ERASED)
                yield (group, "", self._say(sayings.MESSAGE, text=text), "")

    def _lesson(self, lesson: DiaryLesson) -> tuple[str, ...]:
        subject = self._naming.subject(lesson.journal.subject, lesson.journal.book)
        said = [] if lesson.topic is None else [lesson.topic.topic or self._say(sayings.ERASED)]
        if lesson.lesson.cancelled:
            said = [self._say(sayings.CANCELLED)]
        said += [
            self._say(sayings.REMARK, text=one.comment or self._say(sayings.ERASED))
            for one in lesson.cell.standing().comments
        ]
        tasks = "; ".join(filter(None, (_task(task) for task in lesson.homework)))
        return (subject, self._cell(lesson.cell), "\n".join(said), tasks)

    def _cell(self, cell: Cell) -> str:
        return cell_text(cell, self._wording.regulations, "diary")


def _task(task: Task) -> str:
    return "" if task.none_set or not task.source.stands else task.task or "…"
