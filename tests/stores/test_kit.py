"""The kit itself cannot be talked out of what it asks; which wrong stores it finds, tests/kit tells."""

from __future__ import annotations

import inspect
from typing import ClassVar

import pytest
from attrs import evolve

from edujournal.adapters.stores.acts import LARGEST_BODY
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.errors import BadInput, StoreBusy
from edujournal.ledger.chain import entry_hash
from edujournal.ledger.records import ZERO_HASH, Head
from edujournal.ports import FindsKeys, Keeps, Writes
from edujournal.testing import AsyncStoreTests, SchoolTests, StoreTests
from edujournal.testing.promises import refuse_overridden
from edujournal.testing.records import BOOK, SCHOOL, make_record, make_records


def test_a_promise_cannot_be_overridden():
    """Whoever inherits the kit cannot leave out what does not suit, nor what decides about it."""
    with pytest.raises(TypeError, match="test_racing_writers_lose_nothing"):

        class TestOurs(StoreTests):
            """Cheats."""

            def test_racing_writers_lose_nothing(self, store):
                """Nothing."""

    with pytest.raises(TypeError, match="capable"):

        class TestSkipping(StoreTests):
            """Skips."""

            def capable(self, candidate, capability):
                """Never."""
                pytest.skip("no time")


def test_a_promise_cannot_be_overridden_from_beside_or_behind():
    """Neither by another base that comes first, nor after the class was made."""

    class Cheats:
        """Comes first."""

        def test_an_empty_batch_changes_nothing(self):
            """Nothing."""

    with pytest.raises(TypeError, match="test_an_empty_batch_changes_nothing"):

        class TestOurs(Cheats, StoreTests):
            """Inherits both."""

    class TestLater(StoreTests):
        """As it should be."""

    TestLater.test_an_empty_batch_changes_nothing = lambda _self: None
    with pytest.raises(TypeError, match="test_an_empty_batch_changes_nothing"):
        refuse_overridden(TestLater)


def test_what_is_lacking_has_a_reason():
    """An empty reason is none."""
    with pytest.raises(TypeError, match="without a reason: Writes"):

        class TestOurs(StoreTests):
            """Says nothing."""

            lacks: ClassVar = {Writes: " "}


@pytest.mark.parametrize("kit", [StoreTests, AsyncStoreTests, SchoolTests])
def test_each_promise_is_one_sentence(kit):
    """What a promise promises is told by its docstring, in one line that is an end."""
    told = {name: inspect.getdoc(promise) or "" for name, promise in kit.promises.items()}
    assert {} == {name: said for name, said in told.items() if "\n" in said or said[-1:] != "."}
    assert len(told) >= 7
    assert [] == [name for name in dir(kit) if name.startswith("test_") and name not in told]


def test_a_capability_is_there_or_declared_lacking():
    """A capability that is missing fails unless it is declared; declared and there fails, too."""

    class FourMethods:
        """A complete store."""

        books = head = read = append = None

    kit = StoreTests()
    with pytest.raises(AssertionError, match="Writes is missing"):
        kit.capable(FourMethods(), Writes)

    class Modest(StoreTests):
        """Says what it lacks."""

        lacks: ClassVar = {Writes: "our queue has no transactions", Keeps: "nor documents"}

    with pytest.raises(pytest.skip.Exception, match="our queue has no transactions"):
        Modest().capable(FourMethods(), Writes)
    with pytest.raises(AssertionError, match="declared lacking, and there"):
        Modest().capable(MemoryStore(), Keeps)
    assert Modest().capable(MemoryStore(), FindsKeys)


@pytest.mark.parametrize(
    "change",
    [
        {"body": b""},
        {"body": b"[]"},
        {"body": b'{"a":\n1}'},
        {"body": '{"a":1}'},
        {"body": b"{" + b" " * LARGEST_BODY + b"}"},
        {"private": b""},
        {"private": b"{}\n"},
        {"private": bytearray(b"{}")},
        {"private": b"{" + b" " * LARGEST_BODY + b"}"},
        {"hash": "5e" * 32},
        {"hash": "5E" * 32},
        {"hash": ""},
        {"number": 2},
        {"number": 0},
        {"book": "another"},
    ],
    ids=lambda change: f"{next(iter(change))}={str(next(iter(change.values())))[:12]!r}",
)
def test_what_no_record_can_be_is_refused(change):
    """Our stores refuse what they could not give back, before they touch anything."""
    store = MemoryStore()
    record = evolve(make_record(), **change)
    if "body" in change and isinstance(record.body, bytes):
        record = evolve(record, hash=entry_hash(ZERO_HASH, record.body))
    with pytest.raises(BadInput):
        store.append(SCHOOL, BOOK, [record], 0)

    assert [] == list(store.books(SCHOOL))


@pytest.mark.parametrize("number", [-1, 1.0, True, None, "1"])
def test_positions_are_integers_from_zero(number):
    """A position is not guessed from something else."""
    store = MemoryStore()
    for using in (
        lambda: store.read(SCHOOL, BOOK, number),
        lambda: store.append(SCHOOL, BOOK, [], number),
        lambda: store.writing(SCHOOL, BOOK, number).__enter__(),
    ):
        with pytest.raises(BadInput, match="number of a record"):
            using()


def test_an_act_reads_only_while_it_is_open():
    """A tail read after the block could be anything."""
    store = MemoryStore()
    with store.writing(SCHOOL, BOOK, 0) as act:
        act.append([])
        act.append(make_records(Head(), 1))
    with pytest.raises(BadInput, match="ended"):
        act.tail_of(BOOK, 0)


def test_an_act_inside_an_act_is_busy():
    """Locks are not entered twice, not even by the same thread."""
    store = MemoryStore(timeout=0.01)
    with store.writing(SCHOOL, BOOK, 0), pytest.raises(StoreBusy):
        store.append(SCHOOL, BOOK, [], 0)
