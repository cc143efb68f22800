"""Answers about erasing: what must be kept, until when and by what, and what may go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from attrs import frozen

from edujournal.erasing import Prepares, with_kinds
from edujournal.errors import BadInput, Unknown
from edujournal.gathering import gather_all
from edujournal.journals_core import instant_of
from edujournal.ledger.erasures import ERASURE, Erasures
from edujournal.model.calendar import Calendar
from edujournal.model.drafts import Draft, Erasure
from edujournal.model.drafts_of_privacy import Entries
from edujournal.model.facts import Facts
from edujournal.model.forms import asked_rightly
from edujournal.model.ids import year_of_book
from edujournal.model.people import Actor
from edujournal.model.time import zone
from edujournal.ports import Shreds
from edujournal.rules.clauses import Regulation, Retention
from edujournal.rules.retention import Term, kept_until, part_of, retention_of, term_of
from edujournal.writing import Receipt, entry_of

#: Acts about texts, whose own grounds outlive these.
ACTS: Final = frozenset({ERASURE, "release", "restriction"})


@frozen
class Erasable:
    """The answer about the texts of one entry.

    *Version added: 0.1.*

    Attributes:
        book: Name of the book.
        number: Number of the entry.
        kind: Kind of record; of a change that of what it changes.
        pupil: The pupil concerned, or None.
        texts: Names of the texts that are there.
        term: Until when they must be kept, and by what; None where nothing asks for it, or the
            school's data has lost the year.
        may: Whether they may be erased on the day asked about.
    """

    book: str
    number: int
    kind: str
    pupil: str | None
    texts: tuple[str, ...]
    term: Term | None
    may: bool


@frozen
class Kept:
    """How long a book, or a summary sheet, is kept by one retention of a regulation.

    *Version added: 0.1.*

    Attributes:
        what: Name of the book, or ``sheet/<class>/<year>``.
        regulation: Id of the regulation.
        clause: Clause that asks for it; empty where none is named.
        retention: Name of the retention.
        records: Kinds of record that it is for; empty for all the others.
        until: First day on which it may go; None where the school's data has lost the year.
        due: Whether that day has come.
        left: Of what is due, the entries that still have texts; None for a sheet, and before it is due.
    """

    what: str
    regulation: str
    clause: str
    retention: str
    records: tuple[str, ...]
    until: date | None
    due: bool
    left: tuple[int, ...] | None = None


@asked_rightly
class Retains(Prepares):
    """The questions of retention, and erasing along their answers."""

    if TYPE_CHECKING:

        def record_many(
            self,
            drafts: Iterable[Draft],
            by: str | Actor,
            key: str | None = None,
            role: str | None = None,
        ) -> list[Receipt]:
            """Record drafts in one act."""

    def erasable(
        self,
        records: Entries | None = None,
        *,
        pupil: str | None = None,
        at: datetime | int | None = None,
    ) -> list[Erasable]:
        """Answer a request for erasure, entry by entry: until when and by what it must be kept, or may go.

        Nothing is erased; :meth:`erase` takes the answers.

        Args:
            records: Book → numbers; None for every entry with texts.
            pupil: Only entries about this pupil.
            at: The moment whose day is asked about; now by default.

        Returns:
            An answer for each entry that has texts, book by book, in order.

        Raises:
            Unknown: The school has no such pupil.

        *Version added: 0.1.*
        """
        facts = gather_all(self.school)
        if pupil is not None:
            facts.check_pupil(pupil)
        moment = self.now() if at is None else instant_of(at)
        named = records if records is not None else dict(self.store.books(self.school.id))
        return [
            answer
            for book in sorted(named)
            for answer in self._answers(book, facts, moment)
            if (records is None or answer.number in set(records[book]))
            and pupil in (None, answer.pupil)
        ]

    def erase(
        self,
        id: str,
        records: Entries | Iterable[Erasable],
        ground: str,
        by: str | Actor,
        *,
        pupil: str | None = None,
        key: str | None = None,
        role: str | None = None,
    ) -> list[Receipt]:
        """Erase the texts of entries: one act of the school book for each year concerned.

        Args:
            id: Name of the act.
            records: Book → numbers, or answers of :meth:`erasable`.
            ground: Why, as typed.
            by: Account that acts, or an actor.
            pupil: Pupil at whose instance, or in whose interest.
            key: Client key; a repeat erases what a failure left.
            role: Role to act in.

        Returns:
            A receipt for each year, in order; what is refused was not erased.

        Raises:
            BadInput: An entry is not there, or the store cannot erase.
            StoreError: The acts may stand, and it is not known what is gone: repeat it.

        *Version added: 0.1.*
        """
        years: dict[str, dict[str, set[int]]] = {}
        for book, number in _named(records):
            years.setdefault(year_of_book(book), {}).setdefault(book, set()).add(number)
        drafts = [
            Erasure(id=id, year=year, records=years[year], ground=ground, pupil=pupil)
            for year in sorted(years)
        ]
        return self.record_many(drafts, by, key, role)

    def shred(
        self,
        id: str,
        pupil: str,
        ground: str,
        by: str | Actor,
        *,
        key: str | None = None,
        role: str | None = None,
    ) -> list[Receipt]:
        """Erase every text about a pupil, and destroy the key under which they are ciphered.

        With the key all copies of these texts are gone, wherever they are. What must be kept is refused,
        and then nothing is destroyed.

        Args:
            id: Name of the act.
            pupil: Whose texts.
            ground: Why, as typed.
            by: Account that acts, or an actor.
            key: Client key; a repeat ends what a failure left.
            role: Role to act in.

        Returns:
            A receipt for each year, in order; none where there were no texts.

        Raises:
            BadInput: The store does not cipher texts under keys of pupils.
            Unknown: The school has no such pupil.
            StoreError: The acts may stand, and it is not known what is gone: repeat it.

        *Version added: 0.1.*
        """
        if not isinstance(self.store, Shreds):
            raise BadInput(
                "a store without keys of pupils", where="store", expected="the capability Shreds",
                found=type(self.store).__name__, mend="Keep the books in a CipheredStore.",
            )  # fmt: skip
        named: Iterable[Erasable] = self.erasable(pupil=pupil)
        receipts = self._erase_of(id, named, ground, by, pupil, key, role)
        if any(one.number is None for one in receipts):
            return receipts
        self.store.shred(self.school.id, pupil)
        # What somebody else wrote under the old key in this very moment is gone with it.
        late = self._unnamed(pupil)
        return receipts + self._erase_of(f"{id}+", late, ground, by, pupil, None, role)

    def _erase_of(
        self,
        id: str,
        named: Iterable[Erasable],
        ground: str,
        by: str | Actor,
        pupil: str,
        key: str | None,
        role: str | None,
    ) -> list[Receipt]:
        # The grounds of such acts are not ciphered under the pupil's key: they outlive it.
        found = [one for one in named if one.kind not in ACTS]
        return self.erase(id, found, ground, by, pupil=pupil, key=key, role=role) if found else []

    def _unnamed(self, pupil: str) -> Iterator[Erasable]:
        """Entries about *pupil* whose texts are gone though no act names them."""
        erasures = Erasures(self.store, self.school.id)
        for book, _ in self.store.books(self.school.id):
            for record, kind in with_kinds(self.store.read(self.school.id, book)):
                if record.index.pupil != pupil or record.number in erasures.of(book):
                    continue
                lost = tuple(n for n, text in entry_of(record).texts.items() if text is None)
                if lost:
                    yield Erasable(book, record.number, kind, pupil, lost, None, may=True)

    def retention(self, at: datetime | int | None = None) -> list[Kept]:
        """Tell of every book and summary sheet until when it is kept, and what is due for disposal.

        Source: clause 2.15.

        Args:
            at: The moment whose day is asked about; now by default.

        *Version added: 0.1.*
        """
        moment = self.now() if at is None else instant_of(at)
        facts = gather_all(self.school)
        found: list[Kept] = []
        for book, _ in self.store.books(self.school.id):
            calendar = _calendar(facts, book)
            for regulation, one in self._retentions(part_of(book)):
                kept = _kept(book, regulation, one, calendar, moment)
                if kept.due:
                    kept = self._with_left(kept, regulation)
                found.append(kept)
        for calendar in facts.calendars:
            for group in calendar.groups:
                if group.kind == "class":
                    found += [
                        _kept(
                            f"sheet/{group.id}/{calendar.year}", regulation, one, calendar, moment
                        )
                        for regulation, one in self._retentions("sheet")
                    ]
        return found

    def disposable(self, at: datetime | int | None = None) -> list[Erasable]:
        """Every entry with texts that a retention has let go of, and that no other still keeps.

        Args:
            at: The moment whose day is asked about; now by default.

        *Version added: 0.1.*
        """
        moment = self.now() if at is None else instant_of(at)
        due = {(one.what, n) for one in self.retention(moment) if one.due for n in one.left or ()}
        named: dict[str, set[int]] = {}
        for book, number in due:
            named.setdefault(book, set()).add(number)
        return [one for one in self.erasable(named, at=moment) if one.may]

    def _retentions(self, part: str) -> Iterator[tuple[Regulation, Retention]]:
        for regulation in self.regulations:
            for one in regulation.retention:
                if one.of == part:
                    yield regulation, one

    def _answers(self, book: str, facts: Facts, at: int) -> Iterator[Erasable]:
        calendar = _calendar(facts, book)
        for record, kind in with_kinds(self.store.read(self.school.id, book)):
            if record.private is None:
                continue
            term, may = None, True
            if calendar is None:
                # Nobody can tell when a year ended that the school's data has lost.
                may = not any(retention_of(one, part_of(book), kind) for one in self.regulations)
            else:
                term = term_of(self.regulations, part_of(book), kind, calendar)
                may = term is None or term.until <= zone(calendar.zone).local_date(at)
            texts = tuple(n for n, text in entry_of(record).texts.items() if text is not None)
            yield Erasable(book, record.number, kind, record.index.pupil, texts, term, may)

    def _with_left(self, kept: Kept, regulation: Regulation) -> Kept:
        left = tuple(
            record.number
            for record, kind in with_kinds(self.store.read(self.school.id, kept.what))
            if record.private is not None
            and (found := retention_of(regulation, part_of(kept.what), kind)) is not None
            and found.name == kept.retention
        )
        return Kept(
            kept.what, kept.regulation, kept.clause, kept.retention, kept.records, kept.until,
            due=True, left=left,
        )  # fmt: skip


def _named(records: Entries | Iterable[Erasable]) -> Iterator[tuple[str, int]]:
    if isinstance(records, Mapping):
        for book, numbers in records.items():
            yield from ((book, number) for number in numbers)
    else:
        yield from ((one.book, one.number) for one in records)


def _calendar(facts: Facts, book: str) -> Calendar | None:
    try:
        return facts.calendar(year_of_book(book))
    except Unknown:
        return None


def _kept(
    what: str, regulation: Regulation, one: Retention, calendar: Calendar | None, at: int
) -> Kept:
    until, due = None, False
    if calendar is not None:
        until = kept_until(one, calendar)
        # What need not be kept is never due: it may go, and nothing asks that it does.
        due = one.years > 0 and until <= zone(calendar.zone).local_date(at)
    return Kept(what, regulation.id, one.clause or "", one.name, one.records, until, due)
