"""Results as a summary sheet reads them out of a journal, pupil by pupil."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from edujournal.ledger.books import BookState
from edujournal.model.calendar import Calendar, Period
from edujournal.model.entries import Entry
from edujournal.model.ids import JournalId, split_about
from edujournal.rules.given import spans_over
from edujournal.rules.result_cells import stage_of_result
from edujournal.views.cells import CellMarker, CellResult, marker_of, result_of
from edujournal.views.columns import stage_of

#: What one pupil has in one journal: period, stage and result, in the order in which they count.
PupilResults = tuple[tuple[str, str, CellResult], ...]

#: What a journal has for its sheet: pupil → results. Pupils without any are not there.
JournalResults = Mapping[str, PupilResults]


def results_of(
    journal: JournalId,
    state: BookState,
    calendar: Calendar,
    pupils: Iterable[str] | None = None,
    periods: Iterable[str] | None = None,
) -> JournalResults:
    """What a journal has for the sheet of its class, pupil by pupil.

    Args:
        journal: Which journal.
        state: What it says.
        calendar: Frame of the year.
        pupils: Only of these pupils; by default of all who have something there.
        periods: Names of all occasions that are periods with entries, such as ``period:q1``, for who
            knows them; by default they are looked up.

    *Version added: 0.1.*
    """
    names = result_names(state) if periods is None else periods
    about = f"subject:{journal.subject}"
    known = {one.id: one for one in calendar.periods(journal.group)}
    if pupils is None:
        some = [
            one for name in (*names, about) for kind in _GIVEN for one in state.ever(kind, name)
        ]
        pupils = dict.fromkeys(str(one.pupil) for one in some)
    found = {}
    for pupil in pupils:
        own: list[tuple[str, str, CellResult]] = []
        for name in names:
            period = split_about(name)[1]
            for kind in _GIVEN:
                for entry in state.of_pupil(kind, name, pupil):
                    result = as_result(entry, state)
                    stage = stage_of_result({"stage": result.stage}, known.get(period))
                    own.append((period, stage, result))
        markers = [marker_of(one, state) for one in state.ever("marker", about, pupil)]
        own += _reached(markers, known.values())
        if own:
            found[pupil] = tuple(own)
    return found


#: Kinds of record that give a result, or stand for one, in the order in which they count.
_GIVEN = ("result", "marker")


def result_names(state: BookState) -> tuple[str, ...]:
    """Names of the periods about which there are results, or markers in place of them."""
    return tuple(one for one in state.occasions(*_GIVEN) if one.startswith("period:"))


def places_in(results: Iterable[JournalResults]) -> frozenset[tuple[str, str]]:
    """Every period and stage of *results*."""
    return frozenset(
        (period, stage)
        for journal in results
        for own in journal.values()
        for period, stage, _ in own
    )


def _reached(
    markers: Iterable[CellMarker], periods: Iterable[Period]
) -> Iterator[tuple[str, str, CellResult]]:
    """The results in place of which markers for the whole subject stand: period, stage, result."""
    for period in periods:
        for one in markers:
            if one.source.stands and spans_over((one.since, one.until), period):
                stage = stage_of(period)
                yield period.id, stage, CellResult(None, one.code, None, stage, one.source)


def as_result(entry: Entry, state: BookState) -> CellResult:
    """The result that *entry* gives, or the marker that it puts in place of one."""
    if entry.kind == "result":
        return result_of(entry, state)
    marker = marker_of(entry, state)
    return CellResult(None, marker.code, None, marker.stage or "period", marker.source)
