"""Synchronous journals and their store: one writer of a book at a time, and the access log beside."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

from edujournal.accesses import Access
from edujournal.capabilities import offers
from edujournal.errors import StaleHead
from edujournal.journals_core import TRIES, Core, RegulationSource, Unlocked
from edujournal.ledger.records import Head
from edujournal.model.facts import Facts
from edujournal.ports import Clock, Entropy, SchoolData, Store, Writes, Writing


class Locking(Core):
    """Journals over a synchronous store: what they lock, and how they log accesses.

    Args:
        store: Where the books are kept.
        school: What the host knows of the school.
        regulation: One or several.
        clock: Gives the present moment.
        entropy: Gives random bytes.
    """

    def __init__(
        self,
        store: Store,
        school: SchoolData,
        regulation: RegulationSource | Sequence[RegulationSource],
        clock: Clock | None = None,
        entropy: Entropy | None = None,
    ) -> None:
        super().__init__(school, regulation, clock, entropy)
        self.store = store
        self._locks: dict[str, threading.RLock] = {}
        self._guard = threading.Lock()

    def _lock(self, book: str) -> AbstractContextManager[bool]:
        """What is held while *book* is read or written here."""
        with self._guard:
            return self._locks.setdefault(book, threading.RLock())

    @contextmanager
    def _writing(self, book: str, after: int) -> Iterator[Writing]:
        if offers(self.store, Writes):
            with self.store.writing(self.school.id, book, after) as found:
                yield found
        else:
            yield Unlocked(self.store, self.school.id, book, after)

    def note(self, accesses: Iterable[Access], facts: Facts, at: int) -> None:
        """Count accesses, and write into the access log what is due of them.

        The log is a chain of its own, one for each year. A sort of access is written when it first
        happens in a minute and whenever its number has doubled since; the counts add up.

        Args:
            accesses: What has happened.
            facts: What the school's data says of the years.
            at: When it has happened, UTC microseconds.

        Raises:
            StoreError: The log was not written.
        """
        accesses = list(accesses)
        school = self.school.id
        for log, records in self.noted(accesses, facts, at) if accesses else ():
            for attempt in range(TRIES):
                head = self.store.head(school, log)
                try:
                    with self._lock(log), self._writing(log, head.number) as book:
                        tail = book.tail
                        book.append(records(Head(tail[-1].number, tail[-1].hash) if tail else head))
                except StaleHead:
                    if offers(self.store, Writes) or attempt + 1 == TRIES:
                        raise
                    continue
                break
