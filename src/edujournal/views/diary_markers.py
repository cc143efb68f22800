"""Markers in a diary: those that hold for a whole subject, and those that wait to be cleared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from attrs import frozen

from edujournal.model.ids import JournalId
from edujournal.model.people import covers, meets
from edujournal.model.time import zone
from edujournal.rules.clauses import Regulation
from edujournal.rules.given import spans_over
from edujournal.rules.marker_terms import markers_with_terms
from edujournal.rules.term_values import Terms
from edujournal.views.cells import CellMarker
from edujournal.views.diary_week import Week, journals_in
from edujournal.views.page import wide_markers


@frozen
class DiaryMarker:
    """A marker for a whole subject that holds on some day of the week.

    *Version added: 0.1.*
    """

    journal: JournalId
    marker: CellMarker


@frozen
class DiaryTerm:
    """A marker that is to be cleared by the end of the day, such as a debt; nothing has cleared it yet.

    *Version added: 0.1.*

    Attributes:
        journal: The journal.
        about: Name of the occasion for which it was given.
        code: Its code.
        regulation: Id of the regulation that gives the term, or by which the named day counts.
        ends: Instant before which it is to be cleared.
    """

    journal: JournalId
    about: str
    code: str
    regulation: str
    ends: int


class Wide:
    """The markers of the pupil that are for whole subjects, by journal."""

    def __init__(self, week: Week) -> None:
        self._week = week
        self._found: dict[JournalId, list[CellMarker]] = {}
        for journal, state in journals_in(week):
            found = [
                one for one in wide_markers(journal, state).get(week.pupil, ()) if one.source.stands
            ]
            if found:
                self._found[journal] = found

    def on(self, journal: JournalId, day: date) -> Iterator[CellMarker]:
        """Those that hold in *journal* on *day*."""
        for one in self._found.get(journal, ()):
            if covers(one.since, one.until, day):
                yield one

    def over(self, journal: JournalId, period: str) -> Iterator[CellMarker]:
        """Those that hold in *journal* all through a period."""
        calendar = self._week.facts.calendar(journal.year)
        for found in calendar.periods(journal.group):
            for one in self._found.get(journal, ()):
                if found.id == period and spans_over((one.since, one.until), found):
                    yield one

    def of_week(self) -> tuple[DiaryMarker, ...]:
        """Those that hold on some day of the week."""
        since, until = self._week.since, self._week.until
        return tuple(
            DiaryMarker(journal, one)
            for journal, markers in self._found.items()
            for one in markers
            if meets(one.since, one.until, since, until)
        )


def terms_of(week: Week, regulations: Sequence[Regulation]) -> Iterator[tuple[date, DiaryTerm]]:
    """Markers of the pupil that are to be cleared on a day of the week, each once for every regulation."""
    for regulation in regulations:
        terms = Terms(regulation, week.facts)
        for journal, state in journals_in(week):
            clocks = zone(week.facts.calendar(journal.year).zone)
            for run in markers_with_terms(terms, state, pupil=week.pupil):
                if run.taken or run.late or run.made or not isinstance(run.ends, int):
                    continue
                last = clocks.local_date(run.ends - 1)
                if week.holds(last):
                    about = run.entry.about
                    yield last, DiaryTerm(journal, about, run.kind.code, regulation.id, run.ends)
