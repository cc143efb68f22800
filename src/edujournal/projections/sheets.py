"""A summary sheet that is kept: one entry changes the results of its pupils, and their rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from edujournal.ledger.books import BookState
from edujournal.model.calendar import Calendar
from edujournal.model.ids import JournalId
from edujournal.projections.touching import Touch
from edujournal.views.sheet import Sheet, SheetColumn, SheetFrame, SheetRow
from edujournal.views.sheet_results import (
    JournalResults,
    PupilResults,
    places_in,
    results_of,
)

#: Occasions about which a result, or a marker in place of one, is recorded.
_OF_RESULTS = ("period:", "subject:")


def results_after(
    results: JournalResults,
    journal: JournalId,
    state: BookState,
    calendar: Calendar,
    touches: Iterable[Touch],
) -> JournalResults:
    """What a journal has for its sheet, once entries have touched it.

    Args:
        results: What it had before.
        journal: Which journal.
        state: What it says now.
        calendar: Frame of the year.
        touches: What the entries since then touched.

    Returns:
        The very same *results* where nothing of the sheet was touched.

    *Version added: 0.1.*
    """
    own = [one for one in touches if any(name.startswith(_OF_RESULTS) for name in one.abouts)]
    if not own:
        return results
    if any(one.everyone for one in own):
        return results_of(journal, state, calendar)
    pupils = frozenset[str]().union(*(one.pupils for one in own))
    names = {f"period:{period}" for given in results.values() for period, _, _ in given}
    names |= {name for one in own for name in one.abouts if name.startswith("period:")}
    kept = {pupil: given for pupil, given in results.items() if pupil not in pupils}
    return {**kept, **results_of(journal, state, calendar, pupils, sorted(names))}


class LiveSheet:
    """The summary sheet of a class, kept row by row.

    *Version added: 0.1.*

    Args:
        frame: What the sheet is put together in.
    """

    def __init__(self, frame: SheetFrame) -> None:
        self._frame = frame
        self.journals = frame.journals
        self._results: dict[JournalId, JournalResults] = {}
        self._columns: tuple[SheetColumn, ...] = ()
        self._rows: dict[str, SheetRow] = {}
        self._sheet: Sheet | None = None

    def take(self, journal: JournalId, results: JournalResults) -> None:
        """Put what a journal has now in the place of what it had; rows that differ are made again."""
        before: Mapping[str, PupilResults] = self._results.get(journal, {})
        if results is before:
            return
        self._results[journal] = results
        for pupil in {*before, *results}:
            now = results.get(pupil)
            if now is not before.get(pupil) and now != before.get(pupil):
                self._rows.pop(pupil, None)
                self._sheet = None

    def sheet(self) -> Sheet:
        """The sheet as it is now."""
        if self._sheet is None:
            columns = self._frame.columns(places_in(self._results.values()))
            if columns != self._columns:
                self._columns = columns
                self._rows.clear()
            for pupil in self._frame.pupils:
                if pupil not in self._rows:
                    self._rows[pupil] = self._frame.row(pupil, columns, self._results)
            self._sheet = self._frame.sheet(
                columns, (self._rows[one] for one in self._frame.pupils)
            )
        return self._sheet
