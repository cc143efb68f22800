"""The summary sheet: pupils × subjects × periods, with the results that the journals hold now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from attrs import evolve, frozen

from edujournal.errors import Unknown
from edujournal.ledger.books import BookState
from edujournal.model.calendar import Calendar, Period
from edujournal.model.facts import Facts
from edujournal.model.ids import JournalId
from edujournal.model.people import covers
from edujournal.rules.clauses import Regulation
from edujournal.rules.given import always
from edujournal.rules.proposals import Proposal
from edujournal.rules.scenes import of_period
from edujournal.rules.worth import Sign, printed, replaced, worth
from edujournal.views.cells import CellResult, result_sign
from edujournal.views.columns import STAGES, stage_of
from edujournal.views.ordering import natural
from edujournal.views.page import Span, spans_of
from edujournal.views.sheet_results import JournalResults, places_in, results_of


@frozen
class SheetColumn:
    """Results of one subject for one period at one stage.

    *Version added: 0.1.*

    Attributes:
        subject: Id of the subject.
        period: Id of the period.
        stage: ``period``, ``year``, ``exam`` or ``final``.
        day: Day that decides who is on the roll: the last one on which the class is taught in the
            period; None for a period that the calendar does not have.
    """

    subject: str
    period: str
    stage: str
    day: date | None


@frozen
class SheetCell:
    """What one pupil has in one column.

    *Version added: 0.1.*

    Attributes:
        result: The result that counts, or None where there is none.
        owed: Whether the pupil is on the roll, at the period's end, of the class and of a group that
            has a journal in the subject; a result that is owed and None is missing.
        others: Results that do not count, such as one in the journal of a former subgroup, or a
            marker that has lost its place.
        fulfilled: Whether what counts is what is owed, by the regulations; a debt is not.
        always: Codes of markers that hold there without being set, such as that of ungraded teaching.
        proposal: What the formula gives, where proposals were asked for.
    """

    result: CellResult | None
    owed: bool
    others: tuple[CellResult, ...] = ()
    fulfilled: bool = True
    always: tuple[str, ...] = ()
    proposal: Proposal | None = None

    @property
    def missing(self) -> bool:
        """Whether a result is owed and there is none, and no marker that stands for one."""
        return self.owed and (self.result is None or not self.fulfilled) and not self.always


@frozen
class SheetRow:
    """One pupil of a summary sheet; *cells* has one cell for each column.

    *Version added: 0.1.*
    """

    pupil: str
    spans: tuple[Span, ...]
    cells: tuple[SheetCell, ...]


@frozen
class Sheet:
    """The summary sheet of a class.

    *Version added: 0.1.*

    Attributes:
        group: Id of the class.
        year: Academic year.
        subjects: Subjects, in the order of the calendar.
        columns: Subject by subject, in each the periods in order of time, then year, exam, final.
        rows: Everybody who belongs to the class on some day of the year, in the order of ids.
    """

    group: str
    year: str
    subjects: tuple[str, ...]
    columns: tuple[SheetColumn, ...]
    rows: tuple[SheetRow, ...]

    def cell(self, pupil: str, subject: str, period: str, stage: str = "period") -> SheetCell:
        """The cell of *pupil* for a subject, a period and a stage.

        Raises:
            Unknown: The sheet has no such row or column.
        """
        where = f"sheet {self.group}"
        places = {
            f"{one.subject}/{one.period}/{one.stage}": place
            for place, one in enumerate(self.columns)
        }
        name = f"{subject}/{period}/{stage}"
        if name not in places:
            raise Unknown("column", name, places, where=where)
        rows = {row.pupil: row for row in self.rows}
        if pupil not in rows:
            raise Unknown("pupil", pupil, rows, where=where)
        return rows[pupil].cells[places[name]]

    @property
    def missing(self) -> int:
        """How many results are owed and not there."""
        return sum(cell.missing for row in self.rows for cell in row.cells)


def sheet_text(cell: SheetCell, regulations: Sequence[Regulation] = (), form: str = "sheet") -> str:
    """Write *cell* as short as on paper: the result, ``?`` for a missing one, nothing if none is owed.

    Args:
        cell: The cell.
        regulations: Regulations that say how markers are printed; without any it is by their codes.
        form: Form for which it is written.

    *Version added: 0.1.*
    """
    if cell.result is not None:
        return printed([result_sign(cell.result)], None, regulations, form)
    signs = [Sign(key=("", n), what="marker", code=code) for n, code in enumerate(cell.always)]
    return printed(signs, None, regulations, form) if signs else "?" if cell.owed else ""


def proposed_text(
    cell: SheetCell, regulations: Sequence[Regulation] = (), form: str = "sheet"
) -> str:
    """Write *cell* with what is proposed in brackets, where that is not what was decided.

    ``5`` as proposed, ``5 [4]`` decided otherwise, ``? [4]`` not decided yet, ``? [?]`` where something
    is not known or there is too little to propose from. What is not proposed by a formula is written as
    :func:`sheet_text` does.

    Args:
        cell: The cell.
        regulations: Regulations that say how markers are printed.
        form: Form for which it is written.

    *Version added: 0.1.*
    """
    text, found = sheet_text(cell, regulations, form), cell.proposal
    if found is None or found.status == "no_formula":
        return text
    proposed = "?" if found.text is None else found.text
    if found.status == "decides":
        proposed = f"{found.text}/{found.marker}"
    decided = cell.result is not None or bool(cell.always)
    if decided and (found.text is None or not found.differs):
        return text
    return f"{text} [{proposed}]" if text else f"[{proposed}]"


#: Results of one pupil by (subject, period, stage), each with the group of its journal.
_Own = dict[tuple[str, str, str], list[tuple[str, CellResult]]]

#: Rolls at the end of a period by (subject, period), and there by the group of the journal.
_Rolls = dict[tuple[str, str], dict[str, frozenset[str]]]


def sheet(
    group: str,
    states: Mapping[str, BookState],
    facts: Facts,
    calendar: Calendar,
    regulations: Sequence[Regulation] = (),
    proposals: Iterable[Proposal] = (),
) -> Sheet:
    """Fold the journals that concern a class into its summary sheet.

    A result counts that stands in the journal of the group to which the pupil belongs at the
    period's end: the class itself, a subgroup, a stream, an individual plan. Of a pupil who has left
    the class by then any result is shown. A marker for the period, or one for the whole subject that
    holds all through it, stands where a result would.

    Args:
        group: Id of the class.
        states: What the journals say, by name of the book; see :func:`sheet_books`. A book that is
            not there is an empty one.
        facts: What the school's data says.
        calendar: Frame of the year.
        regulations: Regulations that say which markers stand for a result, and which always hold.
            Without any, every result counts that is there.
        proposals: What formulas give, to be shown beside what was decided.

    Raises:
        Unknown: The year has no such group.

    *Version added: 0.1.*
    """
    frame = SheetFrame(group, facts, calendar, regulations)
    results = {
        journal: results_of(journal, states[journal.book], calendar)
        for journal in frame.journals
        if journal.book in states
    }
    columns = frame.columns(places_in(results.values()))
    given = {(one.journal.subject, one.period, one.stage, one.pupil): one for one in proposals}
    rows = (frame.row(pupil, columns, results) for pupil in frame.pupils)
    return frame.sheet(columns, (_proposed(row, columns, given) if given else row for row in rows))


def _proposed(
    row: SheetRow,
    columns: Iterable[SheetColumn],
    given: Mapping[tuple[str, str, str, str], Proposal],
) -> SheetRow:
    cells = (
        evolve(cell, proposal=given.get((column.subject, column.period, column.stage, row.pupil)))
        for column, cell in zip(columns, row.cells, strict=True)
    )
    return evolve(row, cells=tuple(cells))


class SheetFrame:
    """What a sheet is put together in: what the school's data and the regulations say of it.

    A row is made of the results of its pupil alone, so that one entry changes one row.

    *Version added: 0.1.*

    Args:
        group: Id of the class.
        facts: What the school's data says.
        calendar: Frame of the year.
        regulations: Regulations that say which markers stand for a result, and which always hold.

    Raises:
        Unknown: The year has no such group.
    """

    def __init__(
        self, group: str, facts: Facts, calendar: Calendar, regulations: Sequence[Regulation]
    ) -> None:
        self.journals = facts.journals_of_sheet(calendar, group)
        self._group, self._calendar = group, calendar
        self._spans = spans_of(group, calendar, facts, (calendar.since, calendar.until))
        self.pupils = tuple(sorted(self._spans, key=natural))
        self._subjects = _subjects(self.journals, calendar)
        self._rolls: _Rolls = {}
        for journal in self.journals:
            for period in calendar.periods(journal.group):
                day = _last_day(journal.group, period, calendar)
                of = self._rolls.setdefault((journal.subject, period.id), {})
                of[journal.group] = facts.roll(calendar, journal.group, day)
        self._reader = _Reader(facts, calendar, regulations)

    def columns(self, places: Iterable[tuple[str, str]]) -> tuple[SheetColumn, ...]:
        """The columns, where there are results at *places*: periods, each with a stage."""
        return tuple(_columns(self._group, self._subjects, places, self._calendar))

    def row(
        self,
        pupil: str,
        columns: Iterable[SheetColumn],
        results: Mapping[JournalId, JournalResults],
    ) -> SheetRow:
        """The row of one of the pupils."""
        own: _Own = {}
        for journal in self.journals:
            for period, stage, result in results.get(journal, {}).get(pupil, ()):
                key = (journal.subject, period, stage)
                own.setdefault(key, []).append((journal.group, result))
        spans = self._spans[pupil]
        cells = (self._reader.cell(pupil, one, own, self._rolls, spans) for one in columns)
        return SheetRow(pupil, spans, tuple(cells))

    def sheet(self, columns: tuple[SheetColumn, ...], rows: Iterable[SheetRow]) -> Sheet:
        """The sheet with these columns and rows."""
        return Sheet(self._group, self._calendar.year, self._subjects, columns, tuple(rows))


def sheet_books(group: str, facts: Facts, calendar: Calendar) -> tuple[str, ...]:
    """Names of the books that the sheet of *group* is made from, ordered.

    *Version added: 0.1.*
    """
    return tuple(journal.book for journal in facts.journals_of_sheet(calendar, group))


def _subjects(journals: Iterable[JournalId], calendar: Calendar) -> tuple[str, ...]:
    taught = {journal.subject for journal in journals}
    known = [subject.id for subject in calendar.subjects if subject.id in taught]
    return (*known, *sorted(taught.difference(known)))


def _columns(
    group: str,
    subjects: Iterable[str],
    recorded: Iterable[tuple[str, str]],
    calendar: Calendar,
) -> Iterator[SheetColumn]:
    """For every subject the same periods and stages, those of the calendar and those recorded."""
    periods = calendar.periods(group)
    known = {one.id: (place, one) for place, one in enumerate(periods)}
    places = {(one.id, stage_of(one)) for one in periods}
    places |= set(recorded)

    def order(place: tuple[str, str]) -> tuple[int, int, str]:
        period, stage = place
        at = STAGES.index(stage) if stage in STAGES else len(STAGES)
        return at, known[period][0] if period in known else len(periods), period

    ordered = sorted(places, key=order)
    for subject in subjects:
        for period, stage in ordered:
            day = _last_day(group, known[period][1], calendar) if period in known else None
            yield SheetColumn(subject, period, stage, day)


def _last_day(group: str, period: Period, calendar: Calendar) -> date:
    return calendar.last_school_day(group, period.id) or period.since


class _Reader:
    """Reads which result counts, by the definition that rules read."""

    def __init__(self, facts: Facts, calendar: Calendar, regulations: Sequence[Regulation]) -> None:
        self._facts = facts
        self._calendar = calendar
        self._regulations = regulations
        self._always: dict[tuple[str, str, str], tuple[str, ...]] = {}

    def cell(
        self,
        pupil: str,
        column: SheetColumn,
        results: _Own,
        rolls: _Rolls,
        spans: tuple[Span, ...],
    ) -> SheetCell:
        """What *pupil* has in *column*."""
        found = results.get((column.subject, column.period, column.stage), [])
        ends = rolls.get((column.subject, column.period), {})
        groups = {group for group, roll in ends.items() if pupil in roll}
        day = column.day
        in_class = day is not None and any(covers(since, until, day) for since, until in spans)
        owed = bool(groups) and in_class and column.stage in ("period", "year")
        counts = [result for group, result in found if group in groups or not groups]
        result = self._first(counts)
        always = self._held(groups, column) if result is None else ()
        fulfilled = result is None or self._fulfils(result)
        others = tuple(one for _, one in found if one is not result)
        return SheetCell(result, owed, others, fulfilled, always)

    def _first(self, results: Sequence[CellResult]) -> CellResult | None:
        """The one that counts: a value, else a marker that stands for one, else any that has its place."""
        signs = [result_sign(one) for one in results]
        gone = {key for one in self._regulations for key in replaced(signs, one)}
        stands = [one for one, sign in zip(results, signs, strict=True) if sign.key not in gone]
        return min(
            stands, key=lambda one: (one.value is None, not self._fulfils(one)), default=None
        )

    def _fulfils(self, result: CellResult) -> bool:
        """Whether it is what is owed by every regulation that has its marker."""
        if result.value is not None:
            return True
        own = [
            one for one in self._regulations
            if result.marker is not None and one.find_marker(result.marker) is not None
        ]  # fmt: skip
        return all(worth([result_sign(result)], one).fulfilled for one in own)

    def _held(self, groups: Iterable[str], column: SheetColumn) -> tuple[str, ...]:
        """Codes of the markers that hold there without being set."""
        for group in sorted(groups):
            key = (group, column.subject, column.period)
            if key not in self._always:
                journal = JournalId(group, column.subject, self._calendar.year)
                occasion = of_period(journal, column.period, self._facts)
                self._always[key] = tuple(
                    kind.code
                    for one in self._regulations
                    for kind in always(one, occasion)
                    if kind.fulfils_period
                )
            return self._always[key]
        return ()
