"""The work sheet of a teacher: the lessons of some days, with room to write where the screen is far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from edujournal.ledger.books import BookState
from edujournal.model.calendar import Calendar
from edujournal.model.ids import JournalId
from edujournal.model.occasions import Lesson
from edujournal.papers.journal_page import page_sources, tasks_text, topic_text
from edujournal.papers.paper import Notes, Paper, PaperColumn, Part, Table
from edujournal.papers.press import Press, basis_of, last_instant, shown_by
from edujournal.views.columns import Column
from edujournal.views.page import Page


def work_sheet(
    press: Press,
    account: str,
    pages: Sequence[Page],
    states: Mapping[str, BookState],
    span: tuple[date, date],
    calendar: Calendar,
    *,
    size: str = "A4",
) -> Paper:
    """Compose the work sheet of a teacher.

    Args:
        press: The press.
        account: The teacher's account.
        pages: Pages of the journals in which the teacher has lessons on these days.
        states: What their books say, by name.
        span: First day, and the day after the last one.
        calendar: The frame of the year.
        size: ``A4`` or ``A3``.

    *Version added: 0.1.*
    """
    last = date.fromordinal(span[1].toordinal() - 1)
    return Paper(
        kind="work-sheet",
        of=f"{account}/{span[0].isoformat()}",
        school=press.facts.school,
        year=calendar.year,
        language=press.language,
        at=last_instant(states.values()),
        heading=press.heading,
        title=press.title("work-sheet"),
        facts=(
            (press.label("account"), press.account(account)),
            (press.label("days"), press.days(*span, calendar)),
        ),
        parts=tuple(_parts(press, account, pages, calendar)),
        signatories=(press.signatory("teacher", [press.account(account)]),),
        accountable=press.accountable(last),
        basis=basis_of(states.values()),
        shows=shown_by(source for page in pages for source in page_sources(page)),
        size=size,
        landscape=False,
    )


def lessons_by(press: Press, account: str, span: tuple[date, date]) -> list[Lesson]:
    """The lessons that an account gives on the days of *span*, in the order in which they are held."""
    since, until = span
    found = [
        lesson
        for lesson in press.facts.lessons
        if since <= lesson.day < until and account in press.facts.teaching(lesson)
    ]
    return sorted(found, key=lambda one: (one.starts, one.id))


def _parts(press: Press, account: str, pages: Sequence[Page], calendar: Calendar) -> Iterator[Part]:
    own = [
        (page.journal, column)
        for page in pages
        for column in page.columns
        if column.lesson is not None and account in press.facts.teaching(column.lesson)
    ]
    own.sort(key=lambda one: (one[1].lesson.starts if one[1].lesson else 0, one[1].name))
    yield Notes(lines=(press.note("work_sheet_note"),), small=True)
    yield _lessons(press, own, calendar)
    for page in pages:
        yield _roll(press, page, account, calendar)


def _lessons(press: Press, own: Sequence[tuple[JournalId, Column]], calendar: Calendar) -> Table:
    times = press.times(calendar)
    rows = []
    for journal, column in own:
        lesson = column.lesson
        if lesson is None:
            continue
        rows.append(
            (
                times.day(lesson.day),
                times.clock(lesson.starts),
                press.group(journal.group, calendar, lesson.day),
                press.subject(journal.subject, calendar, lesson.day),
                f"[{press.note('cancelled')}]"
                if lesson.cancelled
                else topic_text(press, column.topic),
                tasks_text(press, column.tasks),
            )
        )
    heads = (
        ("day", "number"), ("time", "number"), ("class", "number"), ("subject", "name"),
        ("topic", "text"), ("homework", "text"),
    )  # fmt: skip
    return Table(
        columns=tuple(PaperColumn(head=press.label(name), width=width) for name, width in heads),
        rows=tuple(rows),
    )


def _roll(press: Press, page: Page, account: str, calendar: Calendar) -> Table:
    """Pupils and the teacher's lessons: what stands, and empty cells to write in."""
    places = [
        (place, column)
        for place, column in enumerate(page.columns)
        if column.lesson is not None
        and not column.cancelled
        and account in press.facts.teaching(column.lesson)
    ]
    rows = [(name, row) for name, row in press.by_name(page.rows) if row.spans]
    group = press.group(page.journal.group, calendar)
    return Table(
        title=f"{group}, {press.subject(page.journal.subject, calendar)}",
        roomy=True,
        columns=(
            PaperColumn(head=press.label("number"), width="number"),
            PaperColumn(head=press.label("pupil"), width="name"),
            *(
                PaperColumn(
                    head=f"{column.day.day:02}.{column.day.month:02}" if column.day else "?"
                )
                for _, column in places
            ),
            PaperColumn(head=press.label("notes"), width="text"),
        ),
        rows=tuple(
            (
                str(number),
                name,
                *(press.cell(row.cells[place], "page") for place, _ in places),
                "",
            )
            for number, (name, row) in enumerate(rows, 1)
        ),
    )
