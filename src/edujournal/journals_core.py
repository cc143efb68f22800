"""What the synchronous and the asynchronous journals share: everything but waiting."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from edujournal.accesses import Access, Counted, Tally, access_records, by_log
from edujournal.capabilities import offers
from edujournal.client_keys import KeysRead
from edujournal.errors import Unknown
from edujournal.gathering import gather
from edujournal.ledger.books import BookState
from edujournal.ledger.drafted import Drafted
from edujournal.ledger.erasures import ERASURE, rows_of
from edujournal.ledger.records import Head, Record
from edujournal.model.drafts import Draft
from edujournal.model.facts import Facts, Needs
from edujournal.model.ids import school_book
from edujournal.model.people import Actor
from edujournal.model.time import instant
from edujournal.planning import (
    Act,
    check_key,
    earlier_books,
    needs_of,
    placed_by_lesson,
    plan,
    with_earlier,
)
from edujournal.ports import (
    Clock,
    Entropy,
    SchoolData,
    Snapshots,
    Store,
)
from edujournal.rules.clauses import Regulation
from edujournal.rules.judging import Judge
from edujournal.rules.loading import load
from edujournal.rules.wanted import Wanted
from edujournal.writing import (
    BookAct,
    entries_of,
)

#: Times an append is tried on a store that cannot lock a book.
TRIES: Final = 12

#: Stands before the name of a book where what others see of it is kept.
BESIDE: Final = "beside "

#: Names the lock of what was read of client keys; no book has such a name.
KEYS: Final = "client keys"

RegulationSource = str | Path | Mapping[str, Any] | Regulation


def regulations_of(source: RegulationSource | Sequence[RegulationSource]) -> tuple[Regulation, ...]:
    """Load one regulation or several; see :func:`edujournal.rules.loading.load`.

    *Version added: 0.1.*
    """
    if isinstance(source, list | tuple):
        return tuple(load(one) for one in source)
    return (load(source),)  # type: ignore[arg-type]


def present() -> datetime:
    """The present moment; the clock of :class:`Journals` unless another is given."""
    return datetime.now(UTC)


def instant_of(moment: datetime | int) -> int:
    """Give the instant of a moment that a caller named; a number is one already."""
    return moment if isinstance(moment, int) else instant(moment)


@frozen
class Plan:
    """An act before anything is known: its hand, its drafts, its needs."""

    actor: Actor
    key: str | None
    drafted: Sequence[Drafted]
    needs: Needs
    earlier: Mapping[int, str]


class Core:
    """What the synchronous and the asynchronous journals share: everything but waiting."""

    def __init__(
        self,
        school: SchoolData,
        regulation: RegulationSource | Sequence[RegulationSource],
        clock: Clock | None,
        entropy: Entropy | None,
    ) -> None:
        self.school = school
        self.regulations = regulations_of(regulation)
        self._wanted = Wanted(self.regulations)
        self._clock = clock or present
        self._entropy = entropy or os.urandom
        self._states: dict[str, BookState] = {}
        self._judged: tuple[Facts, tuple[Judge, ...]] | None = None
        self._accesses = Tally()
        self._keys = KeysRead()

    def now(self) -> int:
        """The present instant by the journals' clock, UTC microseconds."""
        return instant(self._clock())

    def judges(self, facts: Facts) -> tuple[Judge, ...]:
        """A judge for each regulation; kept while the facts stay the same object."""
        kept = self._judged
        if kept is None or kept[0] is not facts:
            kept = (facts, tuple(Judge(one, facts) for one in self.regulations))
            self._judged = kept
        return kept[1]

    def draft(
        self, drafts: Iterable[Draft], by: str | Actor, key: str | None, role: str | None
    ) -> Plan:
        """Say what the drafts ask for, and what must be known to judge them."""
        actor = Actor.of(by)
        if role is not None:
            actor = Actor(actor.account, role, actor.on_behalf_of)
        drafted, needs = needs_of(drafts, actor, self._wanted)
        return Plan(actor, check_key(key), drafted, needs, self._earlier(drafted))

    def _earlier(self, drafted: Sequence[Drafted]) -> Mapping[int, str]:
        """Books to be looked up before it is known what to gather; none where all is at hand."""
        if offers(self.school, Snapshots):
            return {}
        placed = placed_by_lesson(drafted)
        facts = gather(self.school, Needs(lessons=placed)) if placed else Facts(self.school.id, ())
        try:
            return earlier_books(drafted, facts)
        except Unknown as error:
            raise self._nearest(error) from None

    def settle(self, ask: Plan, states: Mapping[str, BookState]) -> tuple[Act, list[BookAct]]:
        """Fetch what must be known and sort the drafts into books."""
        needs = with_earlier(ask.needs, ask.drafted, ask.earlier, states, self._wanted)
        facts = gather(self.school, needs)
        act = Act(self.school.id, ask.actor, self.now(), ask.key, self.judges(facts), self._entropy)
        try:
            books = plan(ask.drafted, act, self.regulations)
        except Unknown as error:
            raise self._nearest(error) from None
        return act, [BookAct(act, book, some) for book, some in books.items()]

    def _nearest(self, error: Unknown) -> Unknown:
        """The same error with the nearest name among all that the school has."""
        if error.near is not None or error.noun not in ("lesson", "account"):
            return error
        rows = self.school.lessons() if error.noun == "lesson" else self.school.accounts()
        return Unknown(error.noun, error.name, (row.id for row in rows))

    @staticmethod
    def names(stored: Iterable[str], facts: Facts) -> list[str]:
        """Names of all books: those that are *stored*, and those that the school's data asks for."""
        found = set(stored)
        found |= {journal.book for journal in facts.journals()}
        found |= {school_book(calendar.year) for calendar in facts.calendars}
        return sorted(found)

    def state_of(self, book: str) -> BookState:
        """The cached state of *book*."""
        return self._states.setdefault(book, BookState(book))

    def beside_state(self, book: str) -> BookState:
        """The cached state of *book* as those see it who write in another book.

        It is kept apart from :meth:`state_of`, so that nobody who writes in one book ever waits for
        somebody who writes in another.
        """
        return self._states.setdefault(f"{BESIDE}{book}", BookState(book))

    def take(self, state: BookState, records: Iterable[Record]) -> None:
        """Bring *state* up to date."""
        for entry in entries_of(records, state.number, state.hash):
            state.apply(entry)
            if entry.kind == ERASURE:
                for name in {book for book, _ in rows_of(entry.values)}:
                    self.forget(name)

    def forget(self, book: str) -> None:
        """Remember nothing of *book*: texts of it were erased. It is read anew when it is needed."""
        for name in (book, f"{BESIDE}{book}"):
            self._states.pop(name, None)

    def noted(
        self, accesses: Iterable[Access], facts: Facts, at: int
    ) -> list[tuple[str, Callable[[Head], list[Record]]]]:
        """Count *accesses*; give each log that is to be written now, with what makes its records.

        Args:
            accesses: What has happened.
            facts: What the school's data says of the years.
            at: When, UTC microseconds.
        """

        def records(some: Sequence[Counted]) -> Callable[[Head], list[Record]]:
            calendar = facts.calendar(some[0].access.year)
            return lambda head: access_records(
                some, head, at, self.school.id, calendar, self.regulations
            )

        due = by_log(self._accesses.take(accesses, at))
        return [(log, records(some)) for log, some in due.items()]


class Unlocked:
    """A book of a store that cannot lock: read first, append against the head that was read."""

    def __init__(self, store: Store, school: str, book: str, after: int) -> None:
        self._store, self._school, self._book = store, school, book
        self.tail: Sequence[Record] = tuple(store.read(school, book, after))
        self._expect = self.tail[-1].number if self.tail else after

    def tail_of(self, book: str, after: int) -> Sequence[Record]:
        """The records of another book after a number."""
        return tuple(self._store.read(self._school, book, after))

    def append(self, records: Sequence[Record]) -> None:
        """Keep *records* if nobody else has written meanwhile."""
        self._store.append(self._school, self._book, records, self._expect)
        self._expect = records[-1].number
