"""A week of a pupil's diary as a paper: what a guardian is given who reads on paper (clause 1.6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from edujournal.ledger.books import BookState
from edujournal.model.calendar import Calendar
from edujournal.papers.journal_page import tasks_text, topic_text
from edujournal.papers.paper import Notes, Paper, PaperColumn, Part, Signatory, Table
from edujournal.papers.press import Press, basis_of, last_instant, shown_by
from edujournal.texts.papers import FORMS
from edujournal.views.diary import Diary, DiaryDay, DiaryLesson
from edujournal.views.diary_seen import sources_of


def diary_week(
    press: Press,
    diary: Diary,
    states: Mapping[str, BookState],
    calendar: Calendar,
    *,
    size: str = "A4",
) -> Paper:
    """Compose a week of a diary.

    Args:
        press: The press.
        diary: The week.
        states: What its books say, by name.
        calendar: The frame of the year.
        size: ``A4`` or ``A3``.

    Source: clauses 1.5, 1.6. *Version added: 0.1.*
    """
    last = date.fromordinal(diary.until.toordinal() - 1)
    group = press.class_of(diary.pupil, calendar, last)
    homeroom = [] if group is None else press.hands(group, None, "homeroom", last)
    return Paper(
        kind="diary",
        of=f"{diary.pupil}/{diary.since.isoformat()}",
        school=press.facts.school,
        year=calendar.year,
        language=press.language,
        at=last_instant(states.values()),
        heading=press.heading,
        title=press.title("diary"),
        facts=(
            (press.label("pupil"), press.pupil(diary.pupil, last)),
            (press.label("class"), "" if group is None else press.group(group, calendar, last)),
            (press.label("days"), press.days(diary.since, diary.until, calendar)),
            (press.label("homeroom"), ", ".join(homeroom)),
        ),
        parts=tuple(_parts(press, diary, calendar)),
        signatories=(
            press.signatory("homeroom", homeroom),
            Signatory(press.messages.say(FORMS["guardian"])),
        ),
        accountable=press.accountable(last),
        basis=basis_of(states.values()),
        pupil=diary.pupil,
        shows=shown_by(sources_of(diary)),
        size=size,
        landscape=False,
    )


def _parts(press: Press, diary: Diary, calendar: Calendar) -> Iterator[Part]:
    days = [day for day in diary.days if not day.is_empty]
    tables = [_day(press, day, calendar) for day in days]
    if not tables:
        yield Notes(lines=(press.note("no_lessons"),))
    yield from tables
    messages = [
        f"{press.times(calendar).day(day.day)}: {one.message or press.note('erased')}"
        for day in days
        for one in day.messages
    ]
    if messages:
        yield Notes(title=press.label("messages"), lines=tuple(messages))
    legend = press.legend(row[2] for table in tables for row in table.rows)
    if legend is not None:
        yield legend


def _day(press: Press, day: DiaryDay, calendar: Calendar) -> Table:
    rows = [tuple(_lesson(press, one, calendar)) for one in day.lessons]
    rows += [("", "", "", "", tasks_text(press, [task])) for task in day.tasks]
    for result in day.results:
        subject = press.subject(result.journal.subject, calendar, day.day)
        period = press.naming.period(result.period, result.journal.book)
        rows.append(("", subject, press.cell(result.cell, "diary"), period, ""))
    for work in day.works:
        subject = press.subject(work.journal.subject, calendar, day.day)
        kind = "" if work.work is None else work.work.kind or ""
        rows.append(("", subject, press.cell(work.cell, "diary"), kind, ""))
    for term in day.terms:
        subject = press.subject(term.journal.subject, calendar, day.day)
        told = press.note("to_clear", at=press.times(calendar).end(term.ends))
        rows.append(("", subject, term.code, told, ""))
    heads = (
        ("time", "number"), ("subject", "name"), ("mark", "cell"), ("topic", "text"),
        ("tasks", "text"),
    )  # fmt: skip
    return Table(
        title=press.times(calendar).long_day(day.day),
        columns=tuple(PaperColumn(head=press.label(name), width=width) for name, width in heads),
        rows=tuple(rows),
    )


def _lesson(press: Press, one: DiaryLesson, calendar: Calendar) -> Iterator[str]:
    yield press.times(calendar).clock(one.lesson.starts)
    yield press.subject(one.journal.subject, calendar, one.lesson.day)
    yield press.cell(one.cell, "diary")
    said = [topic_text(press, one.topic)]
    if one.lesson.cancelled:
        said.append(f"[{press.note('cancelled')}]")
    elif one.teacher is not None and one.teacher != one.lesson.teacher and one.lesson.teacher:
        said.append(f"[{press.note('substitute', name=press.account(one.teacher))}]")
    said += [
        remark.comment or f"({press.note('erased')})" for remark in one.cell.standing().comments
    ]
    yield "\n".join(part for part in said if part)
    yield tasks_text(press, one.tasks)
