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
from edujournal.model.people import covers, meets
from edujournal.model.periods import YEAR, Period
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
    is_said,
    order_of,
    result_column,
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
    parts = PageParts(JournalId.parse(str(journal)), facts)
    parts.take(state)
    return parts.page(state, since, until)


class PageParts:
    """The columns and cells of a page, each made again only when an entry touches its occasion.

    A page is put together from them; taking a whole book at once, or one entry after another, comes
    to the same.

    *Version added: 0.1.*

    Args:
        journal: Which journal.
        facts: What the school's data says.

    Raises:
        Unknown: The school knows no such group or year.
    """

    def __init__(self, journal: JournalId, facts: Facts) -> None:
        self._journal, self._facts = journal, facts
        self._calendar = facts.calendar(journal.year)
        self._periods = {one.id: one for one in self._calendar.periods(journal.group)}
        self._taken = 0
        #: What is about an occasion, by its name, and the columns in which that stands.
        self._about: dict[str, list[int]] = {}
        self._placed: dict[str, frozenset[str]] = {}
        #: What stands in a column, and of which kind it is.
        self._within: dict[str, set[str]] = {}
        self._kinds: dict[str, str] = {}
        self._always: frozenset[str] = frozenset()
        self._columns: dict[str, Column] = {}
        self._things: dict[str, dict[str, list[object]]] = {}
        self._cells: dict[tuple[str, str], Cell] = {}
        self._wide: dict[str, list[CellMarker]] = {}
        self._frame()

    def _frame(self) -> None:
        """The columns that are there without an entry."""
        for lesson in self._facts.lessons_of(self._journal):
            self._kinds[lesson.about] = "lesson"
        for period in self._periods.values():
            self._kinds[result_column(period.id, stage_of(period))] = "result"
        self._always = frozenset(self._kinds)
        state = BookState(self._journal.book)
        for name, kind in self._kinds.items():
            self._columns[name] = bare(kind, name, self._journal, state, self._facts)

    def take(self, state: BookState, abouts: Iterable[str] | None = None) -> None:
        """Take what is new in *state* since the last time.

        Args:
            state: What the book says.
            abouts: Names of the occasions that the new entries touch; by default all.
        """
        for entry in state.entries[self._taken :]:
            if is_said(entry):
                self._about.setdefault(entry.about, []).append(entry.number)
        self._taken = state.number
        touched = self._about if abouts is None else abouts
        dirty: dict[str, None] = {}
        for about in touched:
            dirty.update(dict.fromkeys(self._place(about, state)))
        subject = f"subject:{self._journal.subject}"
        if subject in touched:
            self._wide = wide_markers(self._journal, state)
            self._cells.clear()
        for name in dirty:
            self._make(name, state)

    def _place(self, about: str, state: BookState) -> frozenset[str]:
        """Find the columns in which an occasion's entries stand; give those, and where they stood."""
        before = self._placed.pop(about, frozenset())
        for name in before:
            self._within[name].discard(about)
        now: set[str] = set()
        for number in self._about.get(about, ()):
            place = column_of(state.entries[number - 1], state)
            if place is not None:
                kind, name = place
                self._kinds[name] = kind
                self._within.setdefault(name, set()).add(about)
                now.add(name)
        self._placed[about] = frozenset(now)
        return before | now

    def _make(self, name: str, state: BookState) -> None:
        """Make a column and its cells again."""
        # A marker for the whole subject may reach the day on which the column is now.
        for pupil in {*self._things.pop(name, {}), *self._wide}:
            self._cells.pop((pupil, name), None)
        abouts = self._within.get(name, ())
        if not abouts and name not in self._always:
            self._kinds.pop(name, None)
            self._columns.pop(name, None)
            return
        entries = [
            entry
            for number in sorted(n for about in abouts for n in self._about[about])
            if (place := column_of(entry := state.entries[number - 1], state)) is not None
            and place[1] == name
        ]
        column = bare(self._kinds[name], name, self._journal, state, self._facts)
        self._columns[name] = with_headings(column, [heading(entry, state) for entry in entries])
        things = self._things.setdefault(name, {})
        for entry in entries:
            for pupil, thing in _in_cells(entry, state):
                things.setdefault(pupil, []).append(thing)
                self._cells.pop((pupil, name), None)

    def page(self, state: BookState, since: date | None = None, until: date | None = None) -> Page:
        """Put the page of some days together; by default that of the year."""
        span = (since or self._calendar.since, until or self._calendar.until)
        shown = [
            one for one in self._columns.values()
            if one.day is None or span[0] <= one.day < span[1]
        ]  # fmt: skip
        shown.sort(key=lambda column: order_of(column, self._facts, self._journal))
        spans = spans_of(self._journal.group, self._calendar, self._facts, span)
        within = (pupil for column in shown for pupil in self._things.get(column.name, ()))
        pupils = sorted({*spans, *self._wide, *within}, key=natural)
        return Page(
            self._journal,
            *span,
            state.number,
            state.hash,
            tuple(shown),
            tuple(
                Row(
                    pupil,
                    spans.get(pupil, ()),
                    tuple(self._cell(pupil, column, spans.get(pupil, ())) for column in shown),
                    tuple(self._wide.get(pupil, ())),
                )
                for pupil in pupils
            ),
        )

    def _cell(self, pupil: str, column: Column, spans: tuple[Span, ...]) -> Cell:
        member = _is_member(spans, column)
        found = self._cells.get((pupil, column.name))
        if found is None or found.member != member:
            found = cell_of(
                self._things.get(column.name, {}).get(pupil, ()),
                member=member,
                holds=reaching(self._wide.get(pupil, ()), column, self._periods),
            )
            self._cells[pupil, column.name] = found
        return found


def period_at(journal: JournalId, facts: Facts, at: int) -> tuple[date, date] | tuple[None, None]:
    """The days of the period of a journal in which an instant lies, or of the last one before it.

    Only periods with lessons are looked at; before all of them it is the first, and where there is
    none, no days are given.

    *Version added: 0.1.*
    """
    calendar = facts.calendar(journal.year)
    today = calendar.clocks.local_date(at)
    taught = [
        period
        for period in calendar.periods(journal.group)
        if period.kind != YEAR and any(lesson.day in period for lesson in facts.lessons_of(journal))
    ]
    begun = [period for period in taught if period.since <= today] or taught[:1]
    return (begun[-1].since, begun[-1].until) if begun else (None, None)


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
        if meets(row.since, row.until, since, until):
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
