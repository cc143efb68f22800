"""The verification sheet of a class after an outage: what the journals say, beside what paper says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from edujournal.ledger.books import BookState
from edujournal.model.calendar import Calendar
from edujournal.papers.journal_page import page_sources, tasks_text, topic_text
from edujournal.papers.paper import Notes, Paper, PaperColumn, Table
from edujournal.papers.press import Press, basis_of, last_instant, shown_by
from edujournal.views.cells import Cell
from edujournal.views.columns import Column
from edujournal.views.page import Page


def verification_sheet(
    press: Press,
    group: str,
    pages: Sequence[Page],
    states: Mapping[str, BookState],
    span: tuple[date, date],
    calendar: Calendar,
    *,
    size: str = "A4",
) -> Paper:
    """Compose the verification sheet of a class.

    Every lesson of the class and of its groups on these days has a line that says what stands in the
    journal, when that was last written, and has room for what was written by hand.

    Args:
        press: The press.
        group: The class.
        pages: Pages of the journals of the class and its groups on these days.
        states: What their books say, by name.
        span: First day, and the day after the last one.
        calendar: The frame of the year.
        size: ``A4`` or ``A3``.

    Source: clause 1.1. *Version added: 0.1.*
    """
    last = date.fromordinal(span[1].toordinal() - 1)
    return Paper(
        kind="verification",
        of=f"{group}/{span[0].isoformat()}",
        school=press.facts.school,
        year=calendar.year,
        language=press.language,
        at=last_instant(states.values()),
        heading=press.heading,
        title=press.title("verification"),
        facts=(
            (press.label("class"), press.group(group, calendar, last)),
            (press.label("days"), press.days(*span, calendar)),
        ),
        parts=(
            Notes(lines=(press.note("verification_note"),)),
            _lines(press, pages, calendar),
        ),
        signatories=(
            press.signatory("homeroom", press.hands(group, None, "homeroom", last)),
            *press.administration(last)[:1],
        ),
        accountable=press.accountable(last),
        basis=basis_of(states.values()),
        shows=shown_by(source for page in pages for source in page_sources(page)),
        size=size,
        landscape=True,
    )


def _lines(press: Press, pages: Sequence[Page], calendar: Calendar) -> Table:
    times = press.times(calendar)
    found = [
        (column.lesson.starts, column.name, page, place, column)
        for page in pages
        for place, column in enumerate(page.columns)
        if column.lesson is not None
    ]
    rows = []
    for starts, _, page, place, column in sorted(found, key=lambda one: one[:2]):
        marks = [
            text
            for name, row in press.by_name(page.rows)
            if (text := _marks(press, name, row.cells[place]))
        ]
        rows.append(
            (
                times.day(column.day) if column.day else "?",
                times.clock(starts),
                ", ".join(
                    (
                        press.subject(page.journal.subject, calendar),
                        press.group(page.journal.group, calendar),
                    )
                ),
                _roll(press, column),
                topic_text(press, column.topic),
                tasks_text(press, column.tasks),
                "; ".join(marks),
                _latest(press, page, place, calendar),
                "",
            )
        )
    heads = (
        ("day", "number"), ("time", "number"), ("subject", "name"), ("roll", "cell"),
        ("topic", "text"), ("homework", "text"), ("marks", "text"), ("last_entry", "number"),
        ("paper_says", "text"),
    )  # fmt: skip
    return Table(
        columns=tuple(PaperColumn(head=press.label(name), width=width) for name, width in heads),
        rows=tuple(rows),
        roomy=True,
    )


def _marks(press: Press, name: str, cell: Cell) -> str:
    text = press.cell(cell, "page")
    return f"{name}: {text}" if text not in ("", "–") else ""


def _roll(press: Press, column: Column) -> str:
    if column.cancelled:
        return press.note("cancelled")
    if column.roll is None:
        return press.note("not_taken")
    return press.note("absent", n=column.roll.absent)


def _latest(press: Press, page: Page, place: int, calendar: Calendar) -> str:
    """When anything about the lesson was last recorded."""
    sources = [*page.columns[place].sources()]
    for row in page.rows:
        sources += row.cells[place].sources()
    at = max((one.at for one in sources), default=None)
    return "" if at is None else press.times(calendar).instant(at)
