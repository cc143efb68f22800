"""The page of a class's journal as a paper: pupils and lessons, then what was taught and set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from edujournal.ledger.books import BookState
from edujournal.model.calendar import Calendar
from edujournal.papers.paper import Notes, Paper, PaperColumn, Part, Signatory, Table
from edujournal.papers.press import Press, basis_of, last_instant, shown_by
from edujournal.texts.papers import MONTHS_ALONE
from edujournal.texts.words import STAGES
from edujournal.views.cells import Source
from edujournal.views.columns import Column, LessonTopic, Task
from edujournal.views.page import Page


def journal_page(press: Press, page: Page, state: BookState, *, size: str = "A4") -> Paper:
    """Compose the page of a journal.

    Args:
        press: The press.
        page: The page.
        state: What its book says.
        size: ``A4`` or ``A3``.

    *Version added: 0.1.*
    """
    journal, calendar = page.journal, press.facts.calendar(page.journal.year)
    last = date.fromordinal(page.until.toordinal() - 1)
    return Paper(
        kind="page",
        of=str(journal),
        school=press.facts.school,
        year=journal.year,
        language=press.language,
        at=last_instant([state]),
        heading=press.heading,
        title=press.title("page"),
        facts=page_facts(press, page, calendar),
        parts=tuple(page_parts(press, page, calendar)),
        signatories=(
            teacher_of(press, page, last),
            *press.administration(last)[:1],
        ),
        accountable=press.accountable(last),
        basis=basis_of([state]),
        shows=shown_by(page_sources(page)),
        size=size,
        landscape=True,
    )


def page_sources(page: Page) -> Iterator[Source]:
    """Where all that a page shows comes from."""
    for column in page.columns:
        yield from column.sources()
    for row in page.rows:
        yield from (one.source for one in row.markers)
        for cell in row.cells:
            yield from cell.sources()


def teacher_of(press: Press, page: Page, day: date) -> Signatory:
    """Who teaches the subject of a page on a day."""
    group, subject, _ = page.journal
    return press.signatory("teacher", press.hands(group, subject, "teacher", day))


def page_facts(press: Press, page: Page, calendar: Calendar) -> tuple[tuple[str, str], ...]:
    """What stands above a page."""
    journal = page.journal
    last = date.fromordinal(page.until.toordinal() - 1)
    return (
        (press.label("class"), press.naming.group(journal.group, journal.book, last)),
        (press.label("subject"), press.naming.subject(journal.subject, journal.book, last)),
        (press.label("teacher"), teacher_of(press, page, last).name),
        (press.label("days"), press.days(page.since, page.until, calendar)),
        (press.label("year"), press.year(calendar)),
    )


def page_parts(press: Press, page: Page, calendar: Calendar) -> Iterator[Part]:
    """The tables of a page, and what their signs mean."""
    rows = press.by_name(page.rows)
    cells = [[press.cell(cell, "page") for cell in row.cells] for _, row in rows]
    yield Table(
        columns=(
            PaperColumn(head=press.label("number"), width="number"),
            PaperColumn(head=press.label("pupil"), width="name"),
            *(_column(press, column, page.journal.book) for column in page.columns),
        ),
        rows=tuple(
            (str(number), name, *shown)
            for number, ((name, _), shown) in enumerate(zip(rows, cells, strict=True), 1)
        ),
        lead=2,
    )
    legend = press.legend(text for row in cells for text in row)
    if legend is not None:
        yield legend
    if any(text == "–" for row in cells for text in row):
        yield Notes(lines=(press.note("no_pupil"),), small=True)
    yield lessons_table(press, page.columns, calendar)


def _column(press: Press, column: Column, book: str) -> PaperColumn:
    if column.period is not None:
        named = press.naming.period(column.period, book)
        if column.stage not in (None, "period", "year"):
            named = f"{named}, {press.word(STAGES, str(column.stage))}"
        return PaperColumn(head=named, over=press.label("results"), turned=True)
    if column.kind == "work":
        titles = [one.title for one in column.works if one.source.stands and one.title]
        kind = "" if column.work is None else column.work.kind or ""
        return PaperColumn(
            head=titles[0] if titles else kind or "?", over=press.label("works"), turned=True
        )
    if column.day is None:
        return PaperColumn(head="?")
    head = f"{column.day.day}{'×' if column.cancelled else ''}"
    return PaperColumn(head=head, over=press.messages.say(MONTHS_ALONE[column.day.month - 1]))


def lessons_table(press: Press, columns: Iterable[Column], calendar: Calendar) -> Table:
    """What was taught and set, lesson by lesson."""
    times = press.times(calendar)
    rows = []
    for column in columns:
        if column.kind != "lesson" or column.day is None:
            continue
        topic = topic_text(press, column.topic)
        remarks = "; ".join(_remarks(press, column, calendar))
        rows.append(
            (
                times.day(column.day),
                "" if column.slot is None else str(column.slot),
                "\n".join(one for one in (topic, f"[{remarks}]" if remarks else "") if one),
                tasks_text(press, column.tasks),
            )
        )
    return Table(
        title=press.label("lessons"),
        columns=(
            PaperColumn(head=press.label("day"), width="number"),
            PaperColumn(head=press.label("lesson"), width="number"),
            PaperColumn(head=press.label("topic"), width="text"),
            PaperColumn(head=press.label("homework"), width="text"),
        ),
        rows=tuple(rows),
    )


def _remarks(press: Press, column: Column, calendar: Calendar) -> Iterator[str]:
    if column.cancelled:
        yield press.note("cancelled")
    if column.moved_from is not None:
        yield press.note("moved", day=press.times(calendar).day(column.moved_from))
    hands = [claim.teacher for claim in column.substitutions if claim.answer is not False]
    if column.lesson is not None:
        hands += sorted(press.facts.substitutes(column.lesson))
    for hand in dict.fromkeys(hands):
        yield press.note("substitute", name=press.account(hand))


def topic_text(press: Press, topic: LessonTopic | None) -> str:
    """A topic; a word for one that was erased, nothing for none."""
    if topic is None:
        return ""
    return f"({press.note('erased')})" if topic.topic is None else topic.topic


def tasks_text(press: Press, tasks: Iterable[Task]) -> str:
    """What was set, each task on a line with its nature."""
    return "\n".join(_task(press, task) for task in tasks)


def _task(press: Press, task: Task) -> str:
    if task.none_set:
        return press.note("none_set")
    text = f"({press.note('erased')})" if task.task is None else task.task
    return f"{text} ({task.nature})" if task.nature else text
