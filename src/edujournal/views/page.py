"""The page of a journal: pupils × lessons, works and results, as the book and the timetable stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from attrs import frozen

from edujournal.errors import Unknown
from edujournal.ledger.books import BookState
from edujournal.model.calendar import Calendar
from edujournal.model.entries import Entry
from edujournal.model.facts import Facts
from edujournal.model.ids import JournalId
from edujournal.model.people import covers
from edujournal.model.periods import Period
from edujournal.rules.given import spans_over
from edujournal.views.cells import (
    Cell,
    CellMarker,
    absences_of,
    cell_of,
    comment_of,
    makeup_of,
    mark_of,
    marker_of,
    result_of,
)
from edujournal.views.columns import (
    Column,
    bare,
    column_of,
    heading,
    order_of,
    result_column,
    said_of,
    stage_of,
    with_headings,
)
from edujournal.views.ordering import natural

#: What an entry of each kind puts into a pupil's cell.
IN_CELL = {
    "comment": comment_of,
    "makeup": makeup_of,
    "mark": mark_of,
    "marker": marker_of,
    "result": result_of,
}

#: A stretch of days, half-open; None is an open end.
Span = tuple[date | None, date | None]


@frozen
class Row:
    """One pupil of a page.

    *Version added: 0.1.*

    Attributes:
        pupil: Id of the pupil.
        spans: When the pupil belongs to the group, ``[since, until)``, in order; empty for one who
            has entries but, by the school's data, never belonged there in these days.
        cells: One cell for each column.
        markers: Markers for the whole subject; the cells that they reach name them, too.
    """

    pupil: str
    spans: tuple[Span, ...]
    cells: tuple[Cell, ...]
    markers: tuple[CellMarker, ...] = ()

    @property
    def joined(self) -> date | None:
        """First day in the group; None for one who always belonged there."""
        return self.spans[0][0] if self.spans else None

    @property
    def left(self) -> date | None:
        """First day no longer in the group; None for one who still belongs there."""
        return self.spans[-1][1] if self.spans else None


@frozen
class Page:
    """A page of a journal.

    *Version added: 0.1.*

    Attributes:
        journal: Whose journal, of which subject, in which year.
        since: First day shown.
        until: Day after the last one.
        number: Number of the last entry of the book that was looked at.
        hash: Hash of that entry's record; names the state of the book that is shown.
        columns: Lessons, then works that belong to none, then results.
        rows: Pupils, in the order of their ids.
    """

    journal: JournalId
    since: date
    until: date
    number: int
    hash: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def row(self, pupil: str) -> Row:
        """The row of *pupil*.

        Raises:
            Unknown: The page has none.
        """
        for row in self.rows:
            if row.pupil == pupil:
                return row
        raise Unknown("pupil", pupil, (row.pupil for row in self.rows), where=str(self.journal))

    def column(self, name: str) -> Column:
        """The column of an occasion.

        Raises:
            Unknown: The page has none.
        """
        return self.columns[self._place(name)]

    def cell(self, pupil: str, name: str) -> Cell:
        """The cell of *pupil* at an occasion, such as ``lesson:7A-alg-0915``.

        Raises:
            Unknown: The page has no such row or column.
        """
        return self.row(pupil).cells[self._place(name)]

    def _place(self, name: str) -> int:
        for place, column in enumerate(self.columns):
            if column.name == name:
                return place
        names = (column.name for column in self.columns)
        raise Unknown("column", name, names, where=str(self.journal))

    @property
    def entries(self) -> tuple[int, ...]:
        """Numbers of all entries that are shown, changes and answers aside; ordered."""
        found = {source.entry for column in self.columns for source in column.sources()}
        for row in self.rows:
            found.update(marker.source.entry for marker in row.markers)
            for cell in row.cells:
                found.update(cell.entries)
        return tuple(sorted(found))


def page(
    journal: JournalId | str,
    state: BookState,
    facts: Facts,
    since: date | None = None,
    until: date | None = None,
) -> Page:
    """Fold the book of a journal into its page.

    A lesson is shown on the day on which it is held now. Annulled and void things stay in their
    cells. What is about an occasion without a day (an undated work, a lesson that the school's data
    has lost) is on every page.

    Args:
        journal: Which journal, such as ``7A/alg/2026``.
        state: What its book says.
        facts: What the school's data says.
        since: First day; the year's first by default.
        until: Day after the last one; the day after the year's last by default.

    Raises:
        Unknown: The school knows no such group or year.

    *Version added: 0.1.*
    """
    journal = JournalId.parse(str(journal))
    calendar = facts.calendar(journal.year)
    span = (since or calendar.since, until or calendar.until)
    columns, things = _columns(journal, state, facts, span)
    cells: dict[tuple[str, str], list[object]] = {}
    for name, entries in things.items():
        for entry in entries:
            for pupil, thing in _in_cells(entry, state):
                cells.setdefault((pupil, name), []).append(thing)
    spans = spans_of(journal.group, calendar, facts, span)
    wide = wide_markers(journal, state)
    pupils = sorted({*spans, *wide, *(pupil for pupil, _ in cells)}, key=natural)
    periods = {one.id: one for one in calendar.periods(journal.group)}
    return Page(
        journal,
        *span,
        state.number,
        state.hash,
        columns,
        tuple(
            Row(
                pupil,
                spans.get(pupil, ()),
                tuple(
                    cell_of(
                        cells.get((pupil, column.name), ()),
                        member=_is_member(spans.get(pupil, ()), column),
                        holds=reaching(wide.get(pupil, ()), column, periods),
                    )
                    for column in columns
                ),
                tuple(wide.get(pupil, ())),
            )
            for pupil in pupils
        ),
    )


def wide_markers(journal: JournalId, state: BookState) -> dict[str, list[CellMarker]]:
    """Markers for the whole subject by pupil, annulled and void ones, too."""
    found: dict[str, list[CellMarker]] = {}
    for entry in state.ever("marker", f"subject:{journal.subject}"):
        found.setdefault(str(entry.pupil), []).append(marker_of(entry, state))
    return found


def reaching(
    markers: Iterable[CellMarker], column: Column, periods: Mapping[str, Period]
) -> Iterator[CellMarker]:
    """Those of *markers* for a whole subject that stand and reach an occasion."""
    for marker in markers:
        span = (marker.since, marker.until)
        if column.kind == "result":
            period = periods.get(column.period or "")
            reaches = period is not None and spans_over(span, period)
        else:
            reaches = column.day is not None and covers(*span, column.day)
        if reaches and marker.source.stands:
            yield marker


def _columns(
    journal: JournalId, state: BookState, facts: Facts, span: tuple[date, date]
) -> tuple[tuple[Column, ...], Mapping[str, list[Entry]]]:
    """The columns, and the entries that stand in each."""
    since, until = span
    things: dict[str, list[Entry]] = {}
    kinds: dict[str, str] = {}
    for lesson in facts.lessons_of(journal):
        kinds[lesson.about] = "lesson"
    for period in facts.calendar(journal.year).periods(journal.group):
        kinds[result_column(period.id, stage_of(period))] = "result"
    for entry in said_of(state):
        place = column_of(entry, state)
        if place is not None:
            kind, name = place
            kinds[name] = kind
            things.setdefault(name, []).append(entry)
    columns = []
    for name, kind in kinds.items():
        column = bare(kind, name, journal, state, facts)
        if column.day is None or since <= column.day < until:
            above = [heading(entry, state) for entry in things.get(name, ())]
            columns.append(with_headings(column, above))
        else:
            things.pop(name, None)
    columns.sort(key=lambda column: order_of(column, facts, journal))
    return tuple(columns), things


def _in_cells(entry: Entry, state: BookState) -> Iterator[tuple[str, object]]:
    if entry.kind == "roll":
        if (counts := state.roll(entry.about)) is not None and counts.number == entry.number:
            yield from absences_of(entry, state)
    elif entry.pupil is not None and entry.kind in IN_CELL:
        yield entry.pupil, IN_CELL[entry.kind](entry, state)


def spans_of(
    group: str, calendar: Calendar, facts: Facts, span: tuple[date, date]
) -> Mapping[str, tuple[Span, ...]]:
    """When each pupil belongs to *group*: of those who do on some day of *span*."""
    since, until = span
    found: dict[str, list[Span]] = {}
    for row in facts.memberships:
        if row.group != group:
            continue
        if (row.since is None or row.since < until) and (row.until is None or row.until > since):
            found.setdefault(row.pupil, []).append((row.since, row.until))
    alone = calendar.group(group).pupil
    if alone is not None and not any(row.group == group for row in facts.memberships):
        found[alone] = [(None, None)]
    return {pupil: ordered(spans) for pupil, spans in found.items()}


def ordered(spans: Iterable[Span]) -> tuple[Span, ...]:
    """*spans* in order of time, each once."""
    return tuple(sorted(set(spans), key=lambda one: (one[0] or date.min, one[1] or date.max)))


def _is_member(spans: tuple[Span, ...], column: Column) -> bool | None:
    if column.day is None:
        return None
    return any(covers(since, until, column.day) for since, until in spans)
