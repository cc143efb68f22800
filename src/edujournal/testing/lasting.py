"""What the kit asks of a store that is opened, shared and outlived: one part of ``StoreTests``."""

# ruff: noqa: S101, SIM300 - a promise is an assertion, expected == actual

from __future__ import annotations

import os
import select
import signal
import threading
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Final

import pytest

from edujournal.ledger.records import Head
from edujournal.ledger.verify import verify
from edujournal.ports import Store
from edujournal.testing.following import race
from edujournal.testing.promises import Outlives, StorePromises
from edujournal.testing.records import BOOK, SCHOOL, START, head_of, make_record, make_records

#: How many appends the other process acknowledges before it is killed, one after the other.
_ACKNOWLEDGED: Final = 5

#: Seconds that the other process may take for them.
_PATIENCE: Final = 60


class LastingPromises(StorePromises):
    """Promises about several handles on one place, inherited by ``StoreTests``.

    *Version added: 0.1.*
    """

    def test_what_was_kept_is_there_after_opening_again(
        self, open_store: Callable[[], Store]
    ) -> None:
        """Another object on the same place sees every record and goes on from there."""
        first = open_store()
        made = make_records(Head(), 3, text="Хорошо")
        first.append(SCHOOL, BOOK, made[:2], 0)
        second = open_store()
        second.append(SCHOOL, BOOK, made[2:], 2)

        assert made == list(open_store().read(SCHOOL, BOOK))
        assert made == list(first.read(SCHOOL, BOOK))

    def test_what_was_acknowledged_outlives_a_killed_process(
        self, make_store: Callable[[], Store], open_store: Callable[[], Store]
    ) -> None:
        """What another process acknowledged before it was killed is there, and the book goes on after it."""
        self.given(Outlives)
        if not hasattr(os, "fork"):
            pytest.skip("this system has no fork, and another process cannot be made here")
        made = make_records(Head(), _ACKNOWLEDGED + 1, text="Хорошо", key="k")

        def appending(acknowledge: Callable[[], object]) -> None:
            theirs = self.as_asked(make_store)
            for record in made[:_ACKNOWLEDGED]:
                theirs.append(SCHOOL, BOOK, [record], record.number - 1)
                acknowledge()

        assert _ACKNOWLEDGED == _killed_after(appending)
        store = open_store()
        assert made[:_ACKNOWLEDGED] == list(store.read(SCHOOL, BOOK))
        store.append(SCHOOL, BOOK, made[_ACKNOWLEDGED:], _ACKNOWLEDGED)
        assert made == list(open_store().read(SCHOOL, BOOK))

    def test_racing_handles_lose_nothing(self, open_store: Callable[[], Store]) -> None:
        """Six threads with a handle each append to one book at once, and nothing acknowledged is lost."""
        handles = [open_store() for _ in range(6)]
        with ThreadPoolExecutor(6) as threads:
            rounds = list(threads.map(race, handles, range(6)))

        made = list(open_store().read(SCHOOL, BOOK))
        assert list(range(1, 6 * 10 + 1)) == [record.number for record in made]
        assert {hash_ for ours in rounds for hash_ in ours} == {record.hash for record in made}
        assert "L1" == verify(open_store(), SCHOOL).assurance

    def test_order_and_moments_are_those_of_the_records(
        self, open_store: Callable[[], Store]
    ) -> None:
        """Records come by number with the moments that they bear, whatever the store's own clock says."""
        made = [make_record(at=START)]
        for at in (START - 10**15, START + 10**15, 0, START, START):
            made.append(make_record(head_of(made), at=at))
        store = open_store()
        for record in made[:3]:
            store.append(SCHOOL, BOOK, [record], record.number - 1)
        store.append(SCHOOL, BOOK, made[3:], 3)

        for each in (store, open_store()):
            assert made == list(each.read(SCHOOL, BOOK))
            assert head_of(made) == each.head(SCHOOL, BOOK)

    def test_what_was_kept_is_not_the_callers(self, store: Store) -> None:
        """A batch that its caller changes after the append changes nothing that was kept."""
        made = make_records(Head(), 3)
        batch = list(made)
        store.append(SCHOOL, BOOK, batch, 0)
        batch.reverse()
        batch.append(batch[0])

        assert made == list(store.read(SCHOOL, BOOK))
        assert head_of(made) == store.head(SCHOOL, BOOK)

    def test_queries_do_not_grow_with_the_number_of_pupils(
        self, store: Store, count_queries: Callable[[], int] | None
    ) -> None:
        """An act for two hundred pupils asks the database no more than one for three, nor does reading."""
        if count_queries is None:
            pytest.skip("no fixture 'count_queries': nobody counts what the database is asked")
        # What is asked once only, such as the making of tables, is asked before.
        store.append(SCHOOL, BOOK, [make_record()], 0)
        asked = []
        for book, pupils in (("few", 3), ("many", 200)):
            made: list[int] = [count_queries()]
            store.append(SCHOOL, book, make_records(Head(), pupils, book=book, key=book), 0)
            made.append(count_queries())
            assert pupils == len(list(store.read(SCHOOL, book)))
            made.append(count_queries())
            asked.append([after - before for before, after in pairwise(made)])
        few, many = asked
        assert all(few), "nothing is counted"
        assert few == many


def _killed_after(doing: Callable[[Callable[[], object]], object]) -> int:
    """Do something in another process, kill it at once when that is done; count what it acknowledged."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # Later versions of Python warn of forks beside threads; the other process uses none of ours.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        _do_and_die(doing, writing)
    os.close(writing)
    heard = 0
    try:
        while select.select([reading], [], [], _PATIENCE)[0]:
            said = os.read(reading, 100)
            if not said:
                break
            heard += len(said)
    finally:
        os.close(reading)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return heard


def _do_and_die(doing: Callable[[Callable[[], object]], object], writing: int) -> None:
    """In the other process: in a thread of its own, so that nothing a thread holds on to is the parent's."""
    try:
        thread = threading.Thread(
            target=doing, args=(lambda: os.write(writing, b"."),), daemon=True
        )
        thread.start()
        thread.join(_PATIENCE)
    finally:
        os.kill(os.getpid(), signal.SIGKILL)
