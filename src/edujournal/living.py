"""Live views: kept from one look to the next, and brought up to date by what was recorded since."""

from __future__ import annotations

import hashlib
import threading
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeVar

from attrs import astuple, define, field

from edujournal.audits.exact import by_end, concerns, due_in
from edujournal.errors import Unknown
from edujournal.gathering import gather_all
from edujournal.journals_core import instant_of
from edujournal.ledger.books import BookState
from edujournal.ledger.past import fencing_book
from edujournal.model.calendar import Calendar
from edujournal.model.facts import Facts
from edujournal.model.forms import asked_rightly
from edujournal.model.ids import JournalId, class_book, is_log, school_book
from edujournal.model.people import Actor
from edujournal.planning import around_of, fenced, owed_beside
from edujournal.ports import Keeps, Projects
from edujournal.projections.followed import FENCING, HIDING, Followed, Place, last_act
from edujournal.projections.kept_results import (
    POSITION,
    RESULTS,
    KeptResults,
    contents,
    leaves_results,
    read_position,
    read_results,
    version_of,
)
from edujournal.projections.lasting import Held, Lasting
from edujournal.projections.sheets import LiveSheet, results_after
from edujournal.rules.verdicts import Finding
from edujournal.viewing import Views, year_of_day
from edujournal.views import diary as diaries
from edujournal.views import page as pages
from edujournal.views import sheet as sheets
from edujournal.views.journal_counts import Asked, Counted, counted, turning_points
from edujournal.views.sheet_results import JournalResults, results_of
from edujournal.views.statistics import (
    Statistics,
    asked_journals,
    summed,
)

_Key = TypeVar("_Key")
_Found = TypeVar("_Found")


@define
class _Kept:
    """A view that was made, and what it was made from."""

    places: dict[str, Place] = field(factory=dict)
    view: Any = None


#: How many diaries, and how many counts of a journal, are kept; the oldest go first.
MOST: Final = 10_000


def keep(held: dict[_Key, _Found], key: _Key, found: _Found) -> None:
    """Keep what was made under *key*, as the newest, and no more than :data:`MOST` in all."""
    held.pop(key, None)
    held[key] = found
    while len(held) > MOST:
        held.pop(next(iter(held)))


@asked_rightly
class Live:
    """The views of :class:`~edujournal.Journals` under the same names, kept up to date.

    A view looks only at the records that came since it was asked for last, and makes again only
    what these touch. It says what the view of the same name says that is made from the beginning.
    Safe to share between threads, which then wait for each other.

    *Version added: 0.1.*

    Args:
        journals: The journals.
    """

    def __init__(self, journals: Views) -> None:
        self._journals = journals
        self._lock = threading.RLock()
        self._facts: Facts | None = None
        self._books: dict[str, Followed] = {}
        self._pages: dict[JournalId, tuple[Place, pages.PageParts]] = {}
        self._sheets: dict[tuple[str, str], LiveSheet] = {}
        self._diaries: dict[tuple[str, date], _Kept] = {}
        self._results: dict[JournalId, tuple[Place, JournalResults]] = {}
        self._counts: dict[tuple[Asked, JournalId], tuple[object, Counted]] = {}
        self._turns: dict[JournalId, list[int]] = {}
        self._seen: dict[JournalId, tuple[tuple[int, int], JournalResults]] = {}
        self._snapped: dict[JournalId, Place] = {}
        self._due: dict[str, Held[list[Finding]]] = {}

    # -- views -----------------------------------------------------------------------------------

    def page(
        self,
        journal: str | JournalId,
        since: date | None = None,
        until: date | None = None,
        *,
        by: str | Actor | None = None,
    ) -> pages.Page:
        """Give the page of a journal as it is now; see :meth:`edujournal.Journals.page`.

        Args:
            journal: Which journal, such as ``7A/alg/2026``.
            since: First day; the year's first by default.
            until: Day after the last one.
            by: Account that looks, or an actor; the look is then in the access log.

        Raises:
            Unknown: The school has no such journal or account.
            StoreError: The page was not read, or the look not logged.

        *Version added: 0.1.*
        """
        with self._looking() as facts:
            named = JournalId.parse(str(journal))
            if named not in facts.journals():
                raise Unknown("journal", str(journal), map(str, facts.journals()))
            book = self._fresh(named.book)
            kept = self._pages.get(named)
            new = None if kept is None else book.since(kept[0])
            if kept is None or new is None:
                parts = pages.PageParts(named, facts)
                parts.take(book.state)
            else:
                parts = kept[1]
                if new:
                    parts.take(book.state, {about for touch in new for about in touch.abouts})
            self._pages[named] = book.place, parts
            found = parts.page(book.state, since, until)
        pupils = (row.pupil for row in found.rows)
        self._journals.note_look(by, "page", str(named), pupils, named.year, facts)
        return found

    def diary(
        self, pupil: str, week: date | None = None, *, by: str | Actor | None = None
    ) -> diaries.Diary:
        """Give a week of a pupil's diary as it is now; see :meth:`edujournal.Journals.diary`.

        Args:
            pupil: Whose.
            week: Any day of the week; by default that of the moment.
            by: Account that looks, or an actor; the look is then in the access log.

        Raises:
            Unknown: The school has no such pupil or account.
            StoreError: The diary was not read, or the look not logged.

        *Version added: 0.1.*
        """
        with self._looking() as facts:
            facts.check_pupil(pupil)
            moment = self._journals.now()
            calendar = facts.calendar_at(moment)
            wanted = calendar.clocks.local_date(moment) if week is None else week
            books = {one: self._fresh(one) for one in diaries.diary_books(pupil, facts)}
            key = (pupil, wanted - timedelta(days=wanted.weekday()))
            kept = self._diaries.get(key) or _Kept()
            if self._timed() or any(
                new is None or any(touch.concerns(pupil) for touch in new)
                for new in (
                    one.since(kept.places.get(name, Place())) for name, one in books.items()
                )
            ):
                states = {name: one.state for name, one in books.items()}
                regulations = self._journals.regulations
                kept.view = diaries.diary(pupil, states, facts, wanted, regulations, moment)
            kept.places = {name: one.place for name, one in books.items()}
            keep(self._diaries, key, kept)
            found: diaries.Diary = self._journals.with_seen(kept.view, facts)
        year = year_of_day(wanted, facts, calendar)
        self._journals.note_look(by, "diary", pupil, [pupil], year, facts)
        return found

    def sheet(
        self, group: str, year: str | None = None, *, by: str | Actor | None = None
    ) -> sheets.Sheet:
        """Give the summary sheet of a class as it is now; see :meth:`edujournal.Journals.sheet`.

        Args:
            group: Which class.
            year: Academic year; by default that of the moment.
            by: Account that looks, or an actor; the look is then in the access log.

        Raises:
            Unknown: The school has no such class, year or account.
            StoreError: The sheet was not read, or the look not logged.

        *Version added: 0.1.*
        """
        with self._looking() as facts:
            calendar = (
                facts.calendar_at(self._journals.now()) if year is None else facts.calendar(year)
            )
            calendar.group(group)
            key = (group, calendar.year)
            if key not in self._sheets:
                frame = sheets.SheetFrame(group, facts, calendar, self._journals.regulations)
                self._sheets[key] = LiveSheet(frame)
            live = self._sheets[key]
            for journal in live.journals:
                live.take(journal, self._results_of(journal, calendar))
            found = live.sheet()
        pupils = (row.pupil for row in found.rows)
        self._journals.note_look(by, "sheet", "/".join(key), pupils, calendar.year, facts)
        return found

    def due(self, account: str | None = None, at: datetime | int | None = None) -> list[Finding]:
        """What is still to be recorded; see :meth:`edujournal.Journals.due`.

        Time changes the answer as well as entries do: a book is judged again, from what is held in
        memory, when an entry came that it is judged by, when the next moment has come that it was held
        to, such as the end of a window, and for a moment before that of the last look.

        Args:
            account: Only what this account owes, and the debts of its pupils.
            at: The moment; now by default.

        Returns:
            Findings with the outcome pending or missing, those that close first at the head.

        *Version added: 0.1.*
        """
        moment = self._moment(at)
        with self._looking() as facts:
            found = []
            stored = (name for name, _ in self._journals.store.books(self._journals.school.id))
            for book in self._journals.names(stored, facts):
                if not is_log(book):
                    found += [
                        one for one in self._due_in(book, facts, moment)
                        if account is None or concerns(one, account, facts)
                    ]  # fmt: skip
        return sorted(found, key=by_end)

    def statistics(
        self,
        by: Sequence[str] = ("class",),
        *,
        periods: Iterable[str] | None = None,
        stage: str | None = None,
        groups: Iterable[str] | None = None,
        year: str | None = None,
        at: datetime | int | None = None,
    ) -> Statistics:
        """Count results, marks and attendance; see :meth:`edujournal.Journals.statistics`.

        A journal is counted again when an entry came into it, or into the class books round it, or
        when a lesson of it has ended or a period has begun or ended.

        Args:
            by: ``pupil``, ``class``, ``subject``, ``teacher``, ``parallel``, ``school``, ``period``.
            periods: Ids of periods; by default all that have begun, but the year itself.
            stage: Stage of results; by default that which each period asks for.
            groups: Only these groups and those below them.
            year: Academic year; by default that of the moment.
            at: The moment; now by default.

        Raises:
            BadInput: A dimension is none, or named twice.
            Unknown: The school has no such year, group or period.

        *Version added: 0.1.*
        """
        moment = self._moment(at)
        with self._looking() as facts:
            calendar = facts.calendar_at(moment) if year is None else facts.calendar(year)
            wanted = None if periods is None else tuple(periods)
            only = None if groups is None else tuple(groups)
            asked = Asked(tuple(by), wanted, stage, only)
            counts = [
                self._counted(asked, journal, facts, calendar, moment)
                for journal in asked_journals(asked, facts, calendar)
            ]
        return summed(asked, calendar, counts)

    # -- inside ----------------------------------------------------------------------------------

    @contextmanager
    def _looking(self) -> Iterator[Facts]:
        """Look alone, at the school's data as they are now; where they have changed all is made anew."""
        with self._lock:
            facts = gather_all(self._journals.school)
            kept = self._facts
            if kept is None or not _say_the_same(facts, kept):
                for held in (
                    self._pages, self._sheets, self._diaries, self._results, self._counts,
                    self._turns, self._due, self._seen, self._snapped,
                ):  # fmt: skip
                    held.clear()
                self._facts = kept = facts
            yield kept

    def forget(self, book: str) -> None:
        """Remember nothing of *book*; it is read from its beginning when it is asked for again."""
        # No lock: who calls may hold that of a book, which a look at the past waits for.
        self._books.pop(book, None)

    def _fresh(self, book: str) -> Followed:
        """A book with all that came since the last look."""
        fencing = fencing_book(book)
        if fencing is None or fencing == book:
            return self._read(book, None)
        return self._read(book, self._fresh(fencing).state)

    def _read(self, book: str, school: BookState | None) -> Followed:
        found = self._books.get(book)
        if found is None or (school is not None and last_act(school, HIDING) != found.hiding):
            # Texts that may be seen again are only in the store.
            found = self._books[book] = Followed(book)
        tail = self._journals.store.read(self._journals.school.id, book, found.state.number)
        found.take(tail, school)
        return found

    def _results_of(self, journal: JournalId, calendar: Calendar) -> JournalResults:
        if journal.book not in self._books:
            kept = self._kept_results(journal, calendar)
            if kept is not None:
                return kept
        book = self._fresh(journal.book)
        place, results = self._results.get(journal, (Place(), {}))
        new = book.since(place)
        if new is None:
            results = results_of(journal, book.state, calendar)
        elif new:
            results = results_after(results, journal, book.state, calendar, new)
        self._results[journal] = book.place, results
        self._snap(journal, book, results, calendar)
        return results

    def _kept_results(self, journal: JournalId, calendar: Calendar) -> JournalResults | None:
        """The results that the store keeps, where they are those of now; they need no book."""
        store: Any = self._journals.store
        school, book = self._journals.school.id, journal.book
        place = read_position(self._look_up(book, POSITION), version_of(calendar))
        fencing = last_act(self._fresh(school_book(calendar.year)).state, FENCING)
        if place is None or place.fencing != fencing:
            return None
        head = store.head(school, book)
        if head.number < place.number:
            return None
        if head.number > place.number:
            # Who wrote these keeps no sheets; most entries are no business of a sheet.
            tail = store.read(school, book, place.number)
            if not leaves_results(record.index.kind for record in tail):
                return None
        seen = self._seen.get(journal)
        if seen is not None and seen[0] == (place.since, fencing):
            return seen[1]
        results = read_results(self._look_up(book, RESULTS), place)
        if results is not None:
            self._seen[journal] = (place.since, fencing), results
        return results

    def _look_up(self, book: str, view: str) -> bytes | None:
        store, school = self._journals.store, self._journals.school.id
        if isinstance(store, Projects):
            return store.projection(school, book, view)
        if isinstance(store, Keeps):
            return store.kept(school, _document(book, view))
        return None

    def _snap(
        self, journal: JournalId, book: Followed, results: JournalResults, calendar: Calendar
    ) -> None:
        """Keep results beside the books in a store that cannot keep them with the entries."""
        store = self._journals.store
        number = book.state.number
        if (
            not self._journals.keeps_sheets
            or isinstance(store, Projects)
            or not isinstance(store, Keeps)
            or self._snapped.get(journal) == book.place
        ):
            return
        # As the book was read with: a report that has come since is not in these results.
        after = KeptResults(version_of(calendar), number, book.fencing, number, results)
        # The results first: a position never tells of results that are not there.
        for view, content in reversed(list(contents(None, after))):
            store.keep(self._journals.school.id, _document(journal.book, view), content)
        self._snapped[journal] = book.place

    def _due_in(self, book: str, facts: Facts, moment: int) -> list[Finding]:
        beside = owed_beside(book, facts, self._journals.regulations)
        here = {name: self._fresh(name) for name in (book, *beside)}
        places = tuple(one.place for one in here.values())
        kept = self._due.get(book)
        if kept is None or not kept.holds(places, moment):
            known = self._then(here, moment)
            state = known.pop(book)
            around = around_of(book, state, known)
            at = Lasting(moment)
            found = list(due_in(self._journals.judges(facts), book, state, at, around))
            # An entry of the future, as a clock that was set back leaves it, counts from its own moment.
            until = moment + 1 if _is_ahead(here, moment) else at.until
            kept = self._due[book] = Held(places, moment, until, found)
        return kept.found

    def _counted(
        self, asked: Asked, journal: JournalId, facts: Facts, calendar: Calendar, moment: int
    ) -> Counted:
        classes = (class_book(one, calendar.year) for one in calendar.classes_of(journal.group))
        names = (journal.book, *classes, school_book(calendar.year))
        here = {name: self._fresh(name) for name in names}
        if journal not in self._turns:
            self._turns[journal] = turning_points(journal, facts, calendar)
        # An entry of the future, as a clock that was set back leaves it, is none of now.
        ahead = moment if _is_ahead(here, moment) else None
        turn = bisect_right(self._turns[journal], moment)
        key = (turn, ahead, *(one.place for one in here.values()))
        kept = self._counts.get((asked, journal))
        if kept is None or kept[0] != key:
            states = fenced(self._then(here, moment))
            regulations = self._journals.regulations
            kept = key, counted(asked, journal, regulations, facts, states, calendar, moment)
        keep(self._counts, (asked, journal), kept)
        return kept[1]

    def _then(self, here: Mapping[str, Followed], moment: int) -> dict[str, BookState]:
        """What some books said at a moment; where nothing came after it, what they say now."""
        if _is_ahead(here, moment):
            return {name: self._journals.state(name, moment + 1) for name in here}
        return {name: one.state for name, one in here.items()}

    def _moment(self, at: datetime | int | None) -> int:
        return self._journals.now() if at is None else instant_of(at)

    def _timed(self) -> bool:
        """Tell whether time alone changes what a diary shows."""
        return any(one.publications for one in self._journals.regulations)


def _say_the_same(one: Facts, other: Facts) -> bool:
    """Tell whether two readings of a school's data say the same, whoever made the objects."""
    return one is other or astuple(one, recurse=False) == astuple(other, recurse=False)


def _document(book: str, view: str) -> str:
    """Name of the document in which a store without projections keeps a view of a book."""
    return f"{view}@{hashlib.sha256(book.encode()).hexdigest()}"


def _is_ahead(here: Mapping[str, Followed], moment: int) -> bool:
    """Tell whether one of some books has entries that were recorded after a moment."""
    return any(one.state.before(moment + 1) < one.state.number for one in here.values())
