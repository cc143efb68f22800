"""Papers by name, as the journals stand at a moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from edujournal.errors import Unknown
from edujournal.gathering import gather_all
from edujournal.journals import Journals
from edujournal.journals_core import instant_of
from edujournal.ledger.books import BookState
from edujournal.model.calendar import Calendar
from edujournal.model.ids import JournalId
from edujournal.model.people import Actor
from edujournal.papers.journal_page import journal_page
from edujournal.papers.paper import Paper
from edujournal.papers.press import Press
from edujournal.papers.summary import summary_sheet
from edujournal.ports import Directory
from edujournal.views import page as pages
from edujournal.views import sheet as sheets


class Papers:
    """Composes papers of the journals of a school.

    The same state of the same books gives the same paper, whenever it is composed: nothing in it
    tells of the moment, but the last entry that it was made from.

    *Version added: 0.1.*

    Args:
        journals: The journals.
        language: ``en`` or ``ru``.
        directory: Names; without it ids stand for themselves.
        heading: Name of the school, as it stands above a title; its id by default.
        by: Account for whom papers are made, or an actor; the access log then tells of each.
        at: The moment as of which they are made; now by default.

    Raises:
        Unknown: There is no such language.
    """

    def __init__(
        self,
        journals: Journals,
        language: str,
        directory: Directory | None = None,
        *,
        heading: str = "",
        by: str | Actor | None = None,
        at: datetime | int | None = None,
    ) -> None:
        self._journals = journals
        self._by = by
        self._at = None if at is None else instant_of(at)
        self._facts = gather_all(journals.school)
        self._press = Press(
            language,
            self._facts,
            directory,
            journals.regulations,
            heading,
        )

    # -- papers ------------------------------------------------------------------------------------

    def page(
        self,
        journal: str | JournalId,
        since: date | None = None,
        until: date | None = None,
        *,
        size: str = "A4",
    ) -> Paper:
        """Compose the page of a journal.

        Args:
            journal: Which journal, such as ``7A/alg/2026``.
            since: First day; by default that of the period in which the moment lies.
            until: Day after the last one; by default that of this period.
            size: ``A4`` or ``A3``.

        Raises:
            Unknown: The school has no such journal.

        *Version added: 0.1.*
        """
        named = self._journal(journal)
        first, last = (since, until)
        if first is None and last is None:
            first, last = pages.period_at(named, self._facts, self._moment)
        state = self._state(named.book)
        shown = pages.page(named, state, self._facts, first, last)
        paper = journal_page(self._press, shown, state, size=size)
        return self._noted(paper, (row.pupil for row in shown.rows))

    def sheet(
        self,
        group: str,
        year: str | None = None,
        *,
        periods: Sequence[str] = (),
        size: str = "A3",
    ) -> Paper:
        """Compose the summary sheet of a class.

        Args:
            group: Which class.
            year: Academic year; by default that of the moment.
            periods: Only these periods; by default those that have results.
            size: ``A3`` or ``A4``.

        Raises:
            Unknown: The school has no such class, year or period.

        Source: clause 2.14. *Version added: 0.1.*
        """
        calendar = self._calendar(year)
        calendar.group(group)
        states = {
            book: self._state(book) for book in sheets.sheet_books(group, self._facts, calendar)
        }
        shown = sheets.sheet(group, states, self._facts, calendar, self._journals.regulations)
        paper = summary_sheet(self._press, shown, states, periods=periods, size=size)
        return self._noted(paper, (row.pupil for row in shown.rows))

    # -- what they are made from -------------------------------------------------------------------

    def _state(self, book: str) -> BookState:
        """What a book says at the moment, that moment included."""
        return self._journals.state(book, None if self._at is None else self._at + 1)

    @property
    def _moment(self) -> int:
        return self._journals.now() if self._at is None else self._at

    def _calendar(self, year: str | None) -> Calendar:
        return self._facts.calendar_at(self._moment) if year is None else self._facts.calendar(year)

    def _journal(self, journal: str | JournalId) -> JournalId:
        named = JournalId.parse(str(journal))
        if named not in self._facts.journals():
            raise Unknown("journal", str(journal), map(str, self._facts.journals()))
        return named

    def _noted(self, paper: Paper, pupils: Iterable[str]) -> Paper:
        if self._by is not None:
            self._journals.note_reading(
                "paper", f"{paper.kind}:{paper.of}", pupils, self._by, paper.year
            )
        return paper
