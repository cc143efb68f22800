"""One school of a region while it is audited: its facts, its books, and the exact audit of what is left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NoReturn

from edujournal.audits.exact import audit_book, is_reported
from edujournal.errors import StoreUnwritable
from edujournal.gathering import gather_all
from edujournal.journals import Journals
from edujournal.ledger.books import BookState
from edujournal.ledger.records import Head, Record
from edujournal.model.entries import Entry
from edujournal.model.facts import Facts
from edujournal.model.ids import is_log
from edujournal.planning import Beside, beside_of
from edujournal.regions.columnar import wary_accounts
from edujournal.regions.doubts import Doubt
from edujournal.regions.ports import Source
from edujournal.regions.tables import Shelf, sparse
from edujournal.rules import timing
from edujournal.rules.judging import Judge
from edujournal.rules.scenes import occasion_of
from edujournal.rules.verdicts import Finding


class SourceStore:
    """The books of a school of a lake as a store that only gives; books are read when asked for.

    Args:
        source: The school.
        heads: Names of its books with their last numbers; None to read them all at once.
    """

    def __init__(self, source: Source, heads: Mapping[str, int] | None = None) -> None:
        self._source = source
        self._read: dict[str, list[Record]] = {}
        self._heads = heads
        if heads is None:
            self._take(source.records())
            self._heads = {book: some[-1].number for book, some in self._read.items()}

    def fetch(self, books: Iterable[str]) -> None:
        """Read some books at one go."""
        wanted = [book for book in books if book in (self._heads or ()) and book not in self._read]
        if wanted:
            self._take(self._source.records(wanted))

    def _take(self, records: Iterable[Record]) -> None:
        found: dict[str, list[Record]] = defaultdict(list)
        for record in records:
            found[record.book].append(record)
        for book, some in found.items():
            self._read[book] = sorted(some, key=lambda one: one.number)

    def books(self, school: str) -> list[tuple[str, Head]]:
        """Names of the books; their heads are told by number only."""
        if school != self._source.id:
            return []
        return [(book, Head(number)) for book, number in sorted((self._heads or {}).items())]

    def head(self, school: str, book: str) -> Head:
        """Where a book ends."""
        some = list(self.read(school, book))
        return Head(some[-1].number, some[-1].hash) if some else Head()

    def read(self, school: str, book: str, after: int = 0) -> Iterator[Record]:
        """The records of a book after a number."""
        if school != self._source.id:
            return iter(())
        self.fetch([book])
        return iter(self._read.get(book, [])[after:])

    def append(self, school: str, book: str, records: Sequence[Record], expect: int) -> NoReturn:  # noqa: ARG002 - a store's own signature
        """Refuse: an audit writes nothing.

        Raises:
            StoreUnwritable: Always.
        """
        raise StoreUnwritable("a lake only gives", where=f"{school}, {book}")


class Audited:
    """One school while it is audited.

    Args:
        source: The school.
        heads: Names of its books with their last numbers; None to read them all at once.
        at: The instant of the audit.
    """

    def __init__(self, source: Source, heads: Mapping[str, int] | None, at: int) -> None:
        self.source, self.at = source, at
        self.heads = dict(heads or {})
        self.store = SourceStore(source, heads)
        self.journals = Journals(self.store, source.data, source.regulations)
        self._states: dict[str, BookState] = {}

    @cached_property
    def facts(self) -> Facts:
        """What the school's data says."""
        return gather_all(self.source.data)

    @cached_property
    def judges(self) -> tuple[Judge, ...]:
        """The regulations with the facts."""
        return self.journals.judges(self.facts)

    def state(self, book: str) -> BookState:
        """A book beside others, as it is known now."""
        if book not in self._states:
            self._states[book] = self.journals.state(book)
        return self._states[book]

    def around(self, book: str) -> dict[str, BookState]:
        """The books round *book*, by name."""
        names = beside_of(book, self.facts, self.source.regulations)
        return {name: self.state(name) for name in names}

    def beside(self, book: str) -> Beside:
        """The same, as they were when each entry came."""
        return Beside(book, self.around(book))

    @cached_property
    def wary(self) -> frozenset[str]:
        """Accounts of which a school book tells what changes their rights."""
        return wary_accounts(
            (entry.kind, entry.values.get("account"))
            for name in self.heads
            if name.startswith("school/")
            for entry in self.state(name).entries
        )

    @cached_property
    def _waived(self) -> frozenset[tuple[str | None, str | None]]:
        """What anybody has allowed that a window forbids: journal and place, None for every one.

        Whose hand it is for, when, and by which clause is left to the exact audit.
        """
        found: set[tuple[str | None, str | None]] = set()
        for state in [self.state(name) for name in self.heads if name.startswith("school/")]:
            for entry in state.ever("waiver"):
                for journal in entry.values.get("journals") or (None,):
                    found.add((journal, entry.values.get("about")))
        return frozenset(found)

    def may_be_waived(self, book: str, about: str) -> bool:
        """Whether somebody may have allowed what a window forbids there."""
        journal = book.removeprefix("journal/")
        places = ((journal, about), (journal, None), (None, about), (None, None))
        return any(place in self._waived for place in places)

    # -- the exact audit of what is left ---------------------------------------------------------

    def books(self) -> list[str]:
        """Names of all books that an audit looks at."""
        return [book for book in self.journals.names(self.heads, self.facts) if not is_log(book)]

    def whole(self, books: Sequence[str]) -> Iterator[Finding]:
        """Audit whole books, as a store's are."""
        self.store.fetch(books)
        return self.journals.audit(self.at, books=books)

    def scopes(self, book: str, entries: Sequence[Entry], doubt: Doubt) -> Iterator[Finding]:
        """Audit some occasions of a journal; nothing else that stands there is looked at."""
        found = audit_book(
            self.judges, book, sparse(book, entries, self.heads.get(book, 0)), self.at,
            beside=self.around(book), only=doubt.asked, proven=doubt.proven(entries),
        )  # fmt: skip
        return (one for one in found if is_reported(one))

    def untimely(self, shelf: Shelf, entries: Iterable[Entry]) -> Iterator[Finding]:
        """What is said of the time of entries that are clean but for it."""
        for entry in entries:
            occasion = occasion_of(entry, self.facts, shelf.state)
            for judge in self.judges:
                for choices in judge.duties(occasion, entry.kind, entry, shelf.state, entry.pupil):
                    if choices[0].judged:
                        finding = timing.of_entry(choices, entry, entry.pupil)
                        if is_reported(finding):
                            yield finding


def in_order(found: Iterable[Finding]) -> list[Finding]:
    """Findings of one school in the one order in which every engine gives them."""
    return sorted(
        found,
        key=lambda one: (
            one.book, one.entry is None, one.entry or 0, one.about, one.record, one.pupil or "",
            one.regulation, one.clause, one.code, str(one.outcome), str(one.severity),
        ),
    )  # fmt: skip
