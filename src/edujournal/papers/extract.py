"""The extract of a pupil's results and marks: what a pupil takes along to another class or school."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from attrs import evolve

from edujournal.ledger.books import BookState
from edujournal.model.calendar import Calendar
from edujournal.papers.paper import Notes, Paper, PaperColumn, Part, Table
from edujournal.papers.press import Press, basis_of, last_instant, shown_by
from edujournal.texts.words import STAGES
from edujournal.views.cells import Cell, Source, cell_text
from edujournal.views.page import Page, Row
from edujournal.views.sheet import Sheet, sheet_text


def extract(
    press: Press,
    pupil: str,
    sheet: Sheet,
    pages: Sequence[Page],
    states: Mapping[str, BookState],
    day: date,
    *,
    size: str = "A4",
) -> Paper:
    """Compose the extract of a pupil.

    Args:
        press: The press.
        pupil: The pupil.
        sheet: Summary sheet of the pupil's class.
        pages: Pages of the pupil's journals since the last period that has a result.
        states: What all of these books say, by name.
        day: Day on which the pupil leaves: the marks are those up to it.
        size: ``A4`` or ``A3``.

    *Version added: 0.1.*
    """
    calendar = press.facts.calendar(sheet.year)
    sources = [*_sources(sheet, pupil), *_marked(pages, pupil)]
    return Paper(
        kind="extract",
        of=f"{pupil}/{sheet.year}",
        school=press.facts.school,
        year=sheet.year,
        language=press.language,
        at=last_instant(states.values()),
        heading=press.heading,
        title=press.title("extract"),
        facts=(
            (press.label("pupil"), press.pupil(pupil, day)),
            (press.label("class"), press.group(sheet.group, calendar, day)),
            (press.label("year"), press.year(calendar)),
            (press.label("day"), press.times(calendar).day(day)),
        ),
        parts=tuple(_parts(press, pupil, sheet, pages, calendar)),
        signatories=(
            press.signatory("homeroom", press.hands(sheet.group, None, "homeroom", day)),
            press.accountable(day),
        ),
        accountable=press.accountable(day),
        basis=basis_of(states.values()),
        pupil=pupil,
        shows=shown_by(sources),
        size=size,
        landscape=False,
    )


def _parts(
    press: Press, pupil: str, sheet: Sheet, pages: Sequence[Page], calendar: Calendar
) -> Iterator[Part]:
    results, marks = _results(press, pupil, sheet, calendar), _marks(press, pupil, pages, calendar)
    yield results
    yield marks
    legend = press.legend(text for table in (results, marks) for row in table.rows for text in row)
    if legend is not None:
        yield legend
    yield Notes(lines=(press.note("extract_note"),), small=True)


def _results(press: Press, pupil: str, sheet: Sheet, calendar: Calendar) -> Table:
    """Subjects and periods that have a result of the pupil."""
    cells = next((row.cells for row in sheet.rows if row.pupil == pupil), ())
    titles = {one.id: press.naming.period_title(one) for one in calendar.periods(sheet.group)}
    found: dict[str, dict[tuple[str, str], str]] = {}
    for column, cell in zip(sheet.columns, cells, strict=True):
        if cell.result is not None or cell.always:
            text = sheet_text(cell, press.regulations)
            found.setdefault(column.subject, {})[column.period, column.stage] = text
    places = [
        place
        for place in dict.fromkeys((one.period, one.stage) for one in sheet.columns)
        if any(place in texts for texts in found.values())
    ]
    return Table(
        title=press.label("periods"),
        columns=(
            PaperColumn(head=press.label("subject"), width="name"),
            *(PaperColumn(head=_head(press, titles, *place)) for place in places),
        ),
        rows=tuple(
            (press.subject(subject, calendar), *(texts.get(place, "") for place in places))
            for subject, texts in found.items()
        ),
    )


def _head(press: Press, titles: Mapping[str, str], period: str, stage: str) -> str:
    title = titles.get(period, period)
    return title if stage in ("period", "year") else f"{title}, {press.word(STAGES, stage)}"


def _marks(press: Press, pupil: str, pages: Sequence[Page], calendar: Calendar) -> Table:
    """What was given since, subject by subject, and the lessons missed."""
    rows = []
    for page in pages:
        row = _row_of(page, pupil)
        if row is None:
            continue
        texts, missed = [], 0
        for column, cell in zip(page.columns, row.cells, strict=True):
            if column.kind == "result":
                continue
            text = cell_text(_apart(cell), press.regulations, "page")
            if text:
                day = "" if column.day is None else press.times(calendar).short_day(column.day)
                texts.append(f"{text} ({day})" if day else text)
            missed += _is_missed(press, cell)
        subject = press.subject(page.journal.subject, calendar)
        rows.append((subject, "; ".join(texts), str(missed)))
    return Table(
        title=press.label("until_now"),
        columns=(
            PaperColumn(head=press.label("subject"), width="name"),
            PaperColumn(head=press.label("marks"), width="text"),
            PaperColumn(head=press.label("absences"), width="number"),
        ),
        rows=tuple(rows),
    )


def _row_of(page: Page, pupil: str) -> Row | None:
    return next((row for row in page.rows if row.pupil == pupil), None)


def _apart(cell: Cell) -> Cell:
    """A cell without its absence, which is counted beside."""
    return evolve(cell, absence=None)


def _is_missed(press: Press, cell: Cell) -> bool:
    """Whether the pupil was absent from the lesson, and not only late, as the regulations have it."""
    if cell.absence is None:
        return False
    known = (one.find_absence(cell.absence.code) for one in press.regulations)
    return next((code.absent for code in known if code is not None), True)


def _sources(sheet: Sheet, pupil: str) -> Iterator[Source]:
    for row in sheet.rows:
        if row.pupil == pupil:
            yield from (cell.result.source for cell in row.cells if cell.result is not None)


def _marked(pages: Sequence[Page], pupil: str) -> Iterator[Source]:
    for page in pages:
        row = _row_of(page, pupil)
        if row is not None:
            for column, cell in zip(page.columns, row.cells, strict=True):
                if column.kind != "result":
                    yield from cell.sources()
                    yield from (one.source for one in cell.holds)
