"""The faults that the kit puts round a store: each does what it is called, and hides no capability."""

from __future__ import annotations

import pytest

from edujournal.adapters.stores.memory import MemoryStore
from edujournal.errors import StaleHead, StoreBusy, StoreUnwritable, UnknownOutcome
from edujournal.ledger.records import Head
from edujournal.ports import Erases, FindsKeys, Keeps, Store, Tails, Writes
from edujournal.testing import Crashed, Crashing, FailingNth, Racing, Slow
from edujournal.testing.records import BOOK, SCHOOL, make_records

MADE = make_records(Head(), 4, text="Да", key="k")


class FourMethods:
    """A store without a capability."""

    def __init__(self):
        self._kept = MemoryStore()
        for name in ("books", "head", "read", "append"):
            setattr(self, name, getattr(self._kept, name))


def wrapped(store):
    """Every fault, none of which has happened."""
    return [
        Crashing(store, 99),
        FailingNth(store, 99),
        Racing(store, print, times=0),
        Slow(store, 0),
    ]


@pytest.mark.parametrize("place", range(4))
def test_a_fault_that_does_not_happen_changes_nothing(place):
    """All calls go through, with their answers; capabilities are those of the store behind."""
    store = wrapped(MemoryStore())[place]
    assert all(isinstance(store, one) for one in (Store, Writes, FindsKeys, Tails, Keeps, Erases))
    store.append(SCHOOL, BOOK, MADE[:2], 0)
    with store.writing(SCHOOL, BOOK, 1) as act:
        assert MADE[1:2] == list(act.tail)
        act.append(MADE[2:])
    store.keep(SCHOOL, "name", b"content")

    assert MADE == list(store.read(SCHOOL, BOOK))
    assert MADE[3:] == list(store.read(SCHOOL, BOOK, after=3))
    assert [BOOK] == [book for book, _ in store.books(SCHOOL)]
    assert 4 == len(store.find_key(SCHOOL, "t-ivanova", "k")) == len(list(store.follow(SCHOOL)))
    assert ([SCHOOL], b"content") == (list(store.schools()), store.kept(SCHOOL, "name"))
    store.close()
    poor = wrapped(FourMethods())[place]
    assert isinstance(poor, Store)
    assert not any(isinstance(poor, one) for one in (Writes, FindsKeys, Tails, Keeps, Erases))
    poor.close()


def test_the_nth_call_fails_and_no_other():
    """Before anything is done; the calls around it go through."""
    behind = MemoryStore()
    store = FailingNth(behind, 2)
    assert Head() == store.head(SCHOOL, BOOK)
    with pytest.raises(StoreUnwritable, match="call 2"):
        store.append(SCHOOL, BOOK, MADE, 0)
    assert ("append", Head()) == (store.failed_call, behind.head(SCHOOL, BOOK))
    store.append(SCHOOL, BOOK, MADE, 0)
    assert MADE == list(behind.read(SCHOOL, BOOK))


def test_the_answer_of_the_nth_call_is_lost():
    """All was done, and the caller learns that nobody knows; counting can be kept to some calls."""
    behind = MemoryStore()
    store = FailingNth(behind, 1, answer_lost=True, calls=("append", "writing"))
    store.head(SCHOOL, BOOK)
    with pytest.raises(UnknownOutcome):
        store.append(SCHOOL, BOOK, MADE[:2], 0)
    assert MADE[:2] == list(behind.read(SCHOOL, BOOK))
    store = FailingNth(behind, 1, answer_lost=True, error=StoreBusy("asleep"), stays=True)
    for _ in range(2):
        with pytest.raises(StoreBusy, match="asleep"):
            store.head(SCHOOL, BOOK)
    with pytest.raises(StoreBusy), store.writing(SCHOOL, BOOK, 2) as act:
        act.append(MADE[2:])
    assert MADE == list(behind.read(SCHOOL, BOOK))


@pytest.mark.parametrize("late", [False, True])
def test_a_dead_process_answers_nothing_more(late):
    """It dies before its call or after it; what it leaves is seen by another handle only."""
    behind = MemoryStore()
    store = Crashing(behind, 2, late=late)
    store.append(SCHOOL, BOOK, MADE[:1], 0)
    with pytest.raises(Crashed), store.writing(SCHOOL, BOOK, 1) as act:
        act.append(MADE[1:2])
    assert store.crashed
    for _ in range(2):
        with pytest.raises(Crashed):
            store.head(SCHOOL, BOOK)
    assert 1 + late == behind.head(SCHOOL, BOOK).number
    assert not issubclass(Crashed, Exception)


def test_a_slow_store_dawdles_before_and_after():
    """Twice a call, so long as it is told to."""
    waited = []
    store = Slow(MemoryStore(), 0.25, wait=waited.append)
    store.append(SCHOOL, BOOK, MADE, 0)
    with store.writing(SCHOOL, BOOK, 4):
        assert [0.25] * 3 == waited
    assert [0.25] * 4 == waited


def test_a_rival_is_first_so_often():
    """Who comes second learns it; the rival is told where, and comes no more."""
    behind = MemoryStore()
    seen = []

    def rival(school, book):
        seen.append((school, book))
        behind.append(school, book, MADE[:1], 0)

    store = Racing(behind, rival)
    assert Head() == store.head(SCHOOL, BOOK)
    with pytest.raises(StaleHead) as caught:
        store.append(SCHOOL, BOOK, MADE[:2], 0)
    assert (0, 1) == (caught.value.expected, caught.value.actual)
    store.append(SCHOOL, BOOK, MADE[1:], 1)
    assert [(SCHOOL, BOOK)] == seen
