"""Papers by name, as the journals stand at a moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from edujournal.errors import Unknown
from edujournal.gathering import gather_all
from edujournal.journals import Journals
from edujournal.journals_core import instant_of
from edujournal.ledger.books import BookState
from edujournal.model.calendar import Calendar
from edujournal.model.ids import JournalId, year_of_book
from edujournal.model.people import Actor
from edujournal.model.periods import YEAR
from edujournal.papers.class_book import class_book
from edujournal.papers.diary_week import diary_week
from edujournal.papers.extract import extract
from edujournal.papers.journal_page import journal_page
from edujournal.papers.paper import Paper
from edujournal.papers.press import Press
from edujournal.papers.summary import summary_sheet
from edujournal.papers.verification import verification_sheet
from edujournal.papers.work_sheet import lessons_by, work_sheet
from edujournal.ports import Directory
from edujournal.views import diary as diaries
from edujournal.views import page as pages
from edujournal.views import sheet as sheets


class Papers:
    """Composes papers of the journals of a school.

    The same state of the same books gives the same paper, whenever it is composed: nothing in it
    tells of the moment, but the last entry that it was made from. Only the diary shows what is
    published by then.

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

    def diary(self, pupil: str, week: date | None = None, *, size: str = "A4") -> Paper:
        """Compose a week of a pupil's diary.

        Args:
            pupil: Whose.
            week: Any day of the week; by default that of the moment.
            size: ``A4`` or ``A3``.

        Raises:
            Unknown: The school has no such pupil.

        Source: clause 1.6. *Version added: 0.1.*
        """
        facts, moment = self._facts, self._moment
        facts.check_pupil(pupil)
        calendar = facts.calendar_at(moment)
        wanted = calendar.clocks.local_date(moment) if week is None else week
        held = [one for one in facts.calendars if one.since <= wanted < one.until]
        calendar = held[0] if held else calendar
        states = {
            book: self._state(book)
            for book in diaries.diary_books(pupil, facts)
            if year_of_book(book) == calendar.year
        }
        shown = diaries.diary(pupil, states, facts, wanted, self._journals.regulations, moment)
        return self._noted(diary_week(self._press, shown, states, calendar, size=size), [pupil])

    def class_book(self, group: str, year: str | None = None, *, size: str = "A4") -> Paper:
        """Compose the journal of a class for a whole year: every page, and the summary sheet.

        Args:
            group: Which class.
            year: Academic year; by default that of the moment.
            size: ``A4`` or ``A3``.

        Raises:
            Unknown: The school has no such class or year.

        *Version added: 0.1.*
        """
        calendar = self._calendar(year)
        calendar.group(group)
        books = sheets.sheet_books(group, self._facts, calendar)
        states = {book: self._state(book) for book in books}
        shown = sheets.sheet(group, states, self._facts, calendar, self._journals.regulations)
        order = {subject.id: n for n, subject in enumerate(calendar.subjects)}
        journals = sorted(
            (JournalId.parse(book) for book in books),
            key=lambda one: (order.get(one.subject, len(order)), one.subject, one.group),
        )
        full = [
            one
            for journal in journals
            for since, until, named in _stretches(calendar, journal.group)
            for one in [pages.page(journal, states[journal.book], self._facts, since, until)]
            if (named and one.entries) or any(each.day for each in one.columns)
        ]
        paper = class_book(self._press, group, full, shown, states, size=size)
        return self._noted(paper, (row.pupil for row in shown.rows))

    def extract(self, pupil: str, day: date | None = None, *, size: str = "A4") -> Paper:
        """Compose what a pupil takes along: results of the periods, and the marks given since.

        Args:
            pupil: The pupil.
            day: Day on which the pupil leaves; by default that of the moment.
            size: ``A4`` or ``A3``.

        Raises:
            Unknown: The school has no such pupil, or none that ever was in a class.

        *Version added: 0.1.*
        """
        facts = self._facts
        facts.check_pupil(pupil)
        calendar = facts.calendar_at(self._moment)
        leaves = calendar.clocks.local_date(self._moment) if day is None else day
        calendar = facts.calendar_at(calendar.clocks.start_of_day(leaves))
        group = self._press.class_of(pupil, calendar, leaves)
        if group is None:
            raise Unknown("class", f"of {pupil} on {leaves.isoformat()}", ())
        books = sheets.sheet_books(group, facts, calendar)
        states = {book: self._state(book) for book in books}
        shown = sheets.sheet(group, states, facts, calendar, self._journals.regulations)
        found = []
        for book in books:
            journal = JournalId.parse(book)
            since = _since_result(journal.subject, pupil, shown, calendar)
            one = pages.page(journal, states[book], facts, since, leaves + timedelta(days=1))
            if any(row.pupil == pupil for row in one.rows):
                found.append(one)
        paper = extract(self._press, pupil, shown, found, states, leaves, size=size)
        return self._noted(paper, [pupil])

    def work_sheet(
        self,
        account: str,
        since: date | None = None,
        until: date | None = None,
        *,
        size: str = "A4",
    ) -> Paper:
        """Compose the work sheet of a teacher: lessons, rolls, and room to write.

        Args:
            account: The teacher's account.
            since: First day; by default the Monday of the moment's week.
            until: Day after the last one; by default seven days after the first.
            size: ``A4`` or ``A3``.

        Raises:
            Unknown: The school has no such account.

        *Version added: 0.1.*
        """
        facts = self._facts
        facts.account(account)
        span = self._week(since, until)
        lessons = lessons_by(self._press, account, span)
        journals = list(dict.fromkeys(facts.journal_of(lesson) for lesson in lessons))
        states = {journal.book: self._state(journal.book) for journal in journals}
        found = [pages.page(one, states[one.book], facts, *span) for one in journals]
        calendar = facts.calendar_on(span[0])
        paper = work_sheet(self._press, account, found, states, span, calendar, size=size)
        return self._noted(paper, {row.pupil for one in found for row in one.rows})

    def verification(
        self, group: str, since: date | None = None, until: date | None = None, *, size: str = "A4"
    ) -> Paper:
        """Compose the sheet by which a class's journals are compared with paper after an outage.

        Args:
            group: Which class.
            since: First day; by default the Monday of the moment's week.
            until: Day after the last one; by default seven days after the first.
            size: ``A4`` or ``A3``.

        Raises:
            Unknown: The school has no such class.

        *Version added: 0.1.*
        """
        span = self._week(since, until)
        calendar = self._facts.calendar_on(span[0])
        calendar.group(group)
        states, found = {}, []
        for book in sheets.sheet_books(group, self._facts, calendar):
            state = self._state(book)
            one = pages.page(JournalId.parse(book), state, self._facts, *span)
            if any(column.lesson is not None for column in one.columns):
                states[book] = state
                found.append(one)
        paper = verification_sheet(self._press, group, found, states, span, calendar, size=size)
        return self._noted(paper, {row.pupil for one in found for row in one.rows})

    # -- what they are made from -------------------------------------------------------------------

    def _state(self, book: str) -> BookState:
        """What a book says at the moment, that moment included."""
        return self._journals.state(book, None if self._at is None else self._at + 1)

    @property
    def _moment(self) -> int:
        return self._journals.now() if self._at is None else self._at

    def _week(self, since: date | None, until: date | None) -> tuple[date, date]:
        if since is None:
            today = self._facts.calendar_at(self._moment).clocks.local_date(self._moment)
            since = today - timedelta(days=today.weekday())
        return since, since + timedelta(days=7) if until is None else until

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


def _stretches(calendar: Calendar, group: str) -> Iterator[tuple[date, date, bool]]:
    """The days of a year, one stretch after another: periods, which are named, and all between them."""
    day = calendar.since
    periods = (one for one in calendar.periods(group) if one.kind != YEAR)
    for period in sorted(periods, key=lambda one: one.since):
        if day < period.since:
            yield day, period.since, False
        yield period.since, period.until, True
        day = max(day, period.until)
    if day < calendar.until:
        yield day, calendar.until, False


def _since_result(subject: str, pupil: str, sheet: sheets.Sheet, calendar: Calendar) -> date:
    """First day after the last period for which a pupil has a result in a subject."""
    ends = {one.id: one.until for one in calendar.periods(sheet.group) if one.kind != YEAR}
    cells = next((row.cells for row in sheet.rows if row.pupil == pupil), ())
    days = [
        ends[column.period]
        for column, cell in zip(sheet.columns, cells, strict=True)
        if column.subject == subject and cell.result is not None and column.period in ends
    ]
    return max(days, default=calendar.since)
