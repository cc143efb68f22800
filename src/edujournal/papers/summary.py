"""The summary sheet of a class as a paper: pupils, subjects, and in each the results of the year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from edujournal.errors import Unknown
from edujournal.ledger.books import BookState
from edujournal.model.calendar import Calendar
from edujournal.papers.paper import Notes, Paper, PaperColumn, Part, Table
from edujournal.papers.press import Press, basis_of, last_instant, shown_by
from edujournal.texts.words import STAGES
from edujournal.views.cells import Source
from edujournal.views.sheet import Sheet, SheetColumn, sheet_text


def summary_sheet(
    press: Press,
    sheet: Sheet,
    states: Mapping[str, BookState],
    *,
    periods: Sequence[str] = (),
    size: str = "A3",
) -> Paper:
    """Compose the summary sheet of a class.

    Args:
        press: The press.
        sheet: The sheet.
        states: What its books say, by name.
        periods: Only these periods; by default those that have begun to have results, the year among
            them, or all where none has.
        size: ``A3`` or ``A4``.

    Raises:
        Unknown: The sheet has no such period.

    Source: clause 2.14. *Version added: 0.1.*
    """
    calendar = press.facts.calendar(sheet.year)
    known = list(dict.fromkeys(column.period for column in sheet.columns))
    for period in periods:
        if period not in known:
            raise Unknown("period", period, known, where=sheet.group)
    chosen = tuple(periods) or begun(sheet) or tuple(known)
    last = _last_day(sheet, chosen, calendar)
    of = f"{sheet.group}/{sheet.year}"
    return Paper(
        kind="sheet",
        of=of,
        school=press.facts.school,
        year=sheet.year,
        language=press.language,
        at=last_instant(states.values()),
        heading=press.heading,
        title=press.title("sheet"),
        facts=sheet_facts(press, sheet, last, calendar),
        parts=tuple(sheet_parts(press, sheet, chosen, calendar)),
        signatories=(
            press.signatory("homeroom", press.hands(sheet.group, None, "homeroom", last)),
            *press.administration(last),
        ),
        accountable=press.accountable(last),
        basis=basis_of(states.values()),
        shows=shown_by(sheet_sources(sheet, chosen)),
        size=size,
        landscape=True,
    )


def sheet_facts(
    press: Press, sheet: Sheet, day: date, calendar: Calendar
) -> tuple[tuple[str, str], ...]:
    """What stands above a sheet."""
    homeroom = ", ".join(press.hands(sheet.group, None, "homeroom", day))
    return (
        (press.label("class"), press.group(sheet.group, calendar, day)),
        (press.label("year"), press.year(calendar)),
        (press.label("homeroom"), homeroom),
    )


def sheet_parts(
    press: Press, sheet: Sheet, periods: Sequence[str], calendar: Calendar
) -> Iterator[Part]:
    """The table of a sheet, and what its signs mean."""
    rows = press.by_name(sheet.rows)
    places = [
        (place, column)
        for place, column in enumerate(sheet.columns)
        if column.period in periods and has_something(sheet, place)
    ]
    cells = [
        [sheet_text(row.cells[place], press.regulations) for place, _ in places] for _, row in rows
    ]
    titles = {one.id: press.naming.period_title(one) for one in calendar.periods(sheet.group)}
    yield Table(
        columns=(
            PaperColumn(head=press.label("number"), width="number"),
            PaperColumn(head=press.label("pupil"), width="name"),
            *(_column(press, column, titles, calendar) for _, column in places),
        ),
        rows=tuple(
            (str(number), name, *shown)
            for number, ((name, _), shown) in enumerate(zip(rows, cells, strict=True), 1)
        ),
        lead=2,
        whole=True,
    )
    legend = press.legend(text for row in cells for text in row)
    if legend is not None:
        yield legend
    if any(text.startswith("?") for row in cells for text in row):
        yield Notes(lines=(press.note("missing"),), small=True)


def sheet_sources(sheet: Sheet, periods: Sequence[str]) -> Iterator[Source]:
    """Where the results of a sheet come from."""
    for place, column in enumerate(sheet.columns):
        if column.period in periods:
            for row in sheet.rows:
                result = row.cells[place].result
                if result is not None:
                    yield result.source


def has_something(sheet: Sheet, place: int) -> bool:
    """Whether a column of a sheet has a result, or owes one."""
    cells = [row.cells[place] for row in sheet.rows]
    return any(cell.owed or cell.result is not None for cell in cells)


def _column(
    press: Press, column: SheetColumn, titles: Mapping[str, str], calendar: Calendar
) -> PaperColumn:
    head = titles.get(column.period, column.period)
    if column.stage not in ("period", "year"):
        head = f"{head}, {press.word(STAGES, column.stage)}"
    subject = press.subject(column.subject, calendar, column.day)
    return PaperColumn(head=head, over=subject, turned=True)


def begun(sheet: Sheet) -> tuple[str, ...]:
    """The periods of a sheet that have results."""
    return tuple(
        dict.fromkeys(
            column.period
            for place, column in enumerate(sheet.columns)
            if any(row.cells[place].result is not None for row in sheet.rows)
        )
    )


def _last_day(sheet: Sheet, periods: Sequence[str], calendar: Calendar) -> date:
    """The last day of the latest of *periods*, or of the year."""
    days = [one.last_day for one in calendar.periods(sheet.group) if one.id in periods]
    return max(days, default=date.fromordinal(calendar.until.toordinal() - 1))
