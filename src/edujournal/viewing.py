"""What people read, asked by name: pages, diaries, sheets; and who read whose data."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from edujournal.accesses import Access, Reading, reading, readings
from edujournal.errors import Unknown
from edujournal.gathering import gather_all
from edujournal.journals_core import instant_of
from edujournal.ledger.books import BookState
from edujournal.model.calendar import Calendar
from edujournal.model.facts import Facts
from edujournal.model.forms import asked_rightly
from edujournal.model.ids import JournalId, access_book, school_book
from edujournal.model.people import Actor
from edujournal.retaining import Retains
from edujournal.seeing import Sees
from edujournal.views import diary as diaries
from edujournal.views import issued as issues
from edujournal.views import page as pages
from edujournal.views import sheet as sheets
from edujournal.writing import entries_of


@asked_rightly
class Views(Retains, Sees):
    """Views of the journals by name. Who looks is logged where the host says who it is."""

    #: Whether results are kept for the sheets that are read without their journals.
    keeps_sheets: bool = False

    if TYPE_CHECKING:

        def state(self, book: str, as_of: datetime | int | None = None) -> BookState:
            """What a book says now, or said at a past moment."""

    def page(
        self,
        journal: str | JournalId,
        since: date | None = None,
        until: date | None = None,
        *,
        by: str | Actor | None = None,
        at: datetime | int | None = None,
    ) -> pages.Page:
        """Give the page of a journal.

        Args:
            journal: Which journal, such as ``7A/alg/2026``.
            since: First day; the year's first by default.
            until: Day after the last one.
            by: Account that looks, or an actor; the look is then in the access log.
            at: The moment; now by default.

        Raises:
            Unknown: The school has no such journal or account.
            StoreError: The page was not read, or the look not logged.

        *Version added: 0.1.*
        """
        facts, named = gather_all(self.school), JournalId.parse(str(journal))
        if named not in facts.journals():
            raise Unknown("journal", str(journal), map(str, facts.journals()))
        found = pages.page(named, self.state(named.book, _limit(at)), facts, since, until)
        pupils = (row.pupil for row in found.rows)
        self.note_look(by, "page", str(named), pupils, named.year, facts)
        return found

    def diary(
        self,
        pupil: str,
        week: date | None = None,
        *,
        by: str | Actor | None = None,
        at: datetime | int | None = None,
    ) -> diaries.Diary:
        """Give a week of a pupil's diary.

        Args:
            pupil: Whose.
            week: Any day of the week; by default that of the moment.
            by: Account that looks, or an actor; the look is then in the access log.
            at: The moment; now by default.

        Raises:
            Unknown: The school has no such pupil or account.
            StoreError: The diary was not read, or the look not logged.

        *Version added: 0.1.*
        """
        facts = gather_all(self.school)
        facts.check_pupil(pupil)
        moment = self.now() if at is None else instant_of(at)
        calendar = facts.calendar_at(moment)
        wanted = calendar.clocks.local_date(moment) if week is None else week
        books = diaries.diary_books(pupil, facts)
        states = {book: self.state(book, _limit(at)) for book in books}
        found = diaries.diary(pupil, states, facts, wanted, self.regulations, moment)
        found = self.with_seen(found, facts, _limit(at))
        self.note_look(by, "diary", pupil, [pupil], year_of_day(wanted, facts, calendar), facts)
        return found

    def acknowledge(
        self, pupil: str, week: date | None = None, *, by: str | Actor
    ) -> diaries.Diary:
        """Record that a guardian has seen a week of the diary, as it is now.

        Source: clause 1.4. It is kept in a log of its own, ``access/seen/YEAR``, and shown in the
        diary. What is recorded names what the week showed, so that a later change is told.

        Args:
            pupil: Whose diary.
            week: Any day of the week; by default that of the moment.
            by: Account of a guardian; or an actor on behalf of one who has signed on paper: the
                homeroom teacher, the head or a deputy.

        Returns:
            The week with :attr:`~edujournal.views.diary.Diary.seen`.

        Raises:
            Refused: It is no guardian of the pupil, or no one who may confirm for one; it is logged.
            Unknown: The school has no such pupil or account.
            StoreError: It was not recorded.

        *Version added: 0.1.*
        """
        facts = gather_all(self.school)
        self.confirm(self.diary(pupil, week), Actor.of(by), facts)
        return self.diary(pupil, week)

    def sheet(
        self,
        group: str,
        year: str | None = None,
        *,
        by: str | Actor | None = None,
        at: datetime | int | None = None,
    ) -> sheets.Sheet:
        """Give the summary sheet of a class.

        Args:
            group: Which class.
            year: Academic year; by default that of the moment.
            by: Account that looks, or an actor; the look is then in the access log.
            at: The moment; now by default.

        Raises:
            Unknown: The school has no such class, year or account.
            StoreError: The sheet was not read, or the look not logged.

        *Version added: 0.1.*
        """
        facts = gather_all(self.school)
        moment = self.now() if at is None else instant_of(at)
        calendar = facts.calendar_at(moment) if year is None else facts.calendar(year)
        calendar.group(group)
        states = {
            book: self.state(book, _limit(at))
            for book in sheets.sheet_books(group, facts, calendar)
        }
        found = sheets.sheet(group, states, facts, calendar, self.regulations)
        pupils = (row.pupil for row in found.rows)
        self.note_look(by, "sheet", f"{group}/{calendar.year}", pupils, calendar.year, facts)
        return found

    def issued(
        self, year: str | None = None, *, at: datetime | int | None = None
    ) -> tuple[issues.IssuedCopy, ...]:
        """Give the copies of papers that were issued in a year, with what was changed since.

        Args:
            year: Academic year; by default that of the moment.
            at: The moment; now by default.

        Returns:
            Copies in the order in which they were issued.

        Raises:
            Unknown: The school has no such year.
            StoreError: The register, or a book, was not read.

        Source: clause 2.14. *Version added: 0.1.*
        """
        facts = gather_all(self.school)
        moment = self.now() if at is None else instant_of(at)
        calendar = facts.calendar_at(moment) if year is None else facts.calendar(year)
        return issues.issued(
            self.state(school_book(calendar.year), _limit(at)),
            functools.cache(lambda book: self.state(book, _limit(at))),
        )

    def note_reading(
        self, view: str, of: str, pupils: Iterable[str], by: str | Actor, year: str | None = None
    ) -> None:
        """Log that *by* looked at personal data in a view of the host's own.

        One call is one access, however many pupils are in it; the same look again within a minute is
        counted with it.

        Args:
            view: What was looked at, in a word of the host's.
            of: Which one.
            pupils: Whose data were in it.
            by: Account that looked, or an actor.
            year: Academic year, whose access log keeps it; by default that of the moment.

        Raises:
            Unknown: The school has no such pupil, account or year.
            StoreError: It was not logged.

        *Version added: 0.1.*
        """
        facts = gather_all(self.school)
        self.note([look(view, of, pupils, by, year, facts, self.now())], facts, self.now())

    def reads_of(
        self,
        account: str,
        since: datetime | int | None = None,
        until: datetime | int | None = None,
    ) -> list[Reading]:
        """Whose data *account* looked at, and when, by the access logs.

        Args:
            account: Whose looks.
            since: First moment; all by default. Looks are known to the minute.
            until: Moment after the last one.

        Returns:
            Looks in the order in which they were logged.

        Raises:
            StoreDamaged: The chain of an access log is broken.

        *Version added: 0.1.*
        """
        school = self.school.id
        logs = [book for book, _ in self.store.books(school) if book.startswith(access_book(""))]
        entries = (one for log in logs for one in entries_of(self.store.read(school, log)))
        first, last = (None if one is None else instant_of(one) for one in (since, until))
        return readings(entries, account, first, last)

    def note_look(
        self,
        by: str | Actor | None,
        view: str,
        of: str,
        pupils: Iterable[str],
        year: str,
        facts: Facts,
    ) -> None:
        """Log a look at a view where it is said who looks."""
        if by is not None:
            found = look(view, of, pupils, by, year, facts, self.now())
            self.note([found], facts, self.now())


def look(
    view: str,
    of: str,
    pupils: Iterable[str],
    by: str | Actor,
    year: str | None,
    facts: Facts,
    at: int,
) -> Access:
    """The access that a look is, after a look whether all that it names is known.

    Raises:
        Unknown: The school has no such pupil, account or year.
    """
    named, actor = list(pupils), Actor.of(by)
    for pupil in named:
        facts.check_pupil(pupil)
    facts.account(actor.account)
    if actor.on_behalf_of is not None:
        facts.account(actor.on_behalf_of)
    calendar = facts.calendar_at(at) if year is None else facts.calendar(year)
    return reading(actor, view, of, named, calendar.year)


def year_of_day(day: date, facts: Facts, otherwise: Calendar) -> str:
    """The academic year in which *day* lies; where it lies in none, that of another calendar."""
    held = [one.year for one in facts.calendars if one.since <= day < one.until]
    return (held or [otherwise.year])[0]


def _limit(at: datetime | int | None) -> int | None:
    """The instant before which entries count, so that those of the very moment do."""
    return None if at is None else instant_of(at) + 1
