"""The kit itself: it catches stores that are wrong, and cannot be talked out of it."""

from __future__ import annotations

import inspect
import re
from contextlib import suppress
from functools import partial
from typing import ClassVar

import pytest
from attrs import evolve

from edujournal.adapters.stores.acts import LARGEST_BODY
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.errors import BadInput, StaleHead, StoreBusy
from edujournal.ledger.chain import entry_hash
from edujournal.ledger.records import ZERO_HASH, Head
from edujournal.ports import FindsKeys, Keeps, Writes
from edujournal.testing.records import BOOK, SCHOOL, make_record, make_records
from edujournal.testing.stores import StoreTests


class Fools:
    """Stores that are wrong, each in one way."""

    class Trims(MemoryStore):
        """Takes blanks at the ends of bytes for nothing."""

        def read(self, school, book, after=0):
            """Squeeze."""
            for record in super().read(school, book, after):
                yield evolve(record, body=re.sub(rb"  +", b" ", record.body))

    class Forgets(MemoryStore):
        """Keeps no private part."""

        def append(self, school, book, records, expect):
            """Half of it."""
            super().append(school, book, [evolve(r, private=None) for r in records], expect)

    class Folds(MemoryStore):
        """Takes 7A and 7a for one name."""

        def head(self, school, book):
            """Fold."""
            return super().head(school, book.casefold())

        def read(self, school, book, after=0):
            """Fold."""
            return super().read(school, book.casefold(), after)

        def append(self, school, book, records, expect):
            """Fold."""
            folded = [evolve(record, book=book.casefold()) for record in records]
            super().append(school, book.casefold(), folded, expect)

    class SeesAll(MemoryStore):
        """Knows one school only."""

        def read(self, school, book, after=0):
            """Whatever school."""
            return super().read("school-1", book, after)

    class Overwrites(MemoryStore):
        """Does not ask for the head."""

        def append(self, school, book, records, expect):
            """The last writer wins."""
            kept = self._books.setdefault((school, book), [])
            kept[expect:] = records

    class HalfBatches(MemoryStore):
        """Keeps what it can of a bad batch."""

        def append(self, school, book, records, expect):
            """One by one."""
            for number, record in enumerate(records, expect):
                super().append(school, book, [record], number)

    class OffByOne(MemoryStore):
        """Reads the record that the caller knows once more."""

        def read(self, school, book, after=0):
            """From after, not after it."""
            return super().read(school, book, max(after - 1, 0))

    class Backwards(MemoryStore):
        """Reads the newest first."""

        def read(self, school, book, after=0):
            """Reversed."""
            return iter(list(super().read(school, book, after))[::-1])

    class TellsLittle(MemoryStore):
        """Says that a head is stale, and not which it is."""

        def append(self, school, book, records, expect):
            """Zero."""
            try:
                super().append(school, book, records, expect)
            except StaleHead as error:
                raise StaleHead(book, expect, 0) from error

    class Disorders(MemoryStore):
        """Lists books as they came."""

        def books(self, school):
            """Backwards."""
            return list(super().books(school))[::-1]

    class LeavesOpen(MemoryStore):
        """Lets a second writer in."""

        def append(self, school, book, records, expect):
            """Without the lock."""
            held = self._writer.locked()
            if held:
                self._writer.release()
            super().append(school, book, records, expect)

    class KeepsFailures(MemoryStore):
        """Keeps an act that failed."""

        def writing(self, school, book, after):
            """Whatever happens."""
            real = super().writing(school, book, after)

            class Act:
                """Ends well."""

                def __enter__(self):
                    return real.__enter__()

                def __exit__(self, kind, error, trace):
                    real.__exit__(None, None, None)

            return Act()

    class LosesKeys(MemoryStore):
        """Finds the first record of a key only."""

        def find_key(self, school, account, key):
            """One."""
            return super().find_key(school, account, key)[:1]

    class MixesDocuments(MemoryStore):
        """Keeps one document of a name for all schools."""

        def kept(self, school, name):
            """Anybody's."""
            return next((c for (_, n), c in self._documents.items() if n == name), None)


FOOLS = [fool for fool in vars(Fools).values() if isinstance(fool, type)]


def broken_promises(store):
    """Names of the promises that *store* breaks."""
    kit = StoreTests()
    broken = []
    for name, promise in inspect.getmembers(kit, inspect.ismethod):
        if name.startswith("test_"):
            fresh = type(store)(timeout=0.2)
            given = {"store": fresh, "open_store": partial(_same, fresh)}
            asked = {n: given[n] for n in inspect.signature(promise).parameters}
            with suppress(Exception, pytest.fail.Exception):
                promise(**asked)
                continue
            broken.append(name)
    return broken


def _same(store):
    return store


def test_the_model_keeps_every_promise():
    """What the fools below break, the store they are made of keeps."""
    assert [] == broken_promises(MemoryStore())


@pytest.mark.parametrize("fool", FOOLS, ids=lambda fool: fool.__name__)
def test_a_wrong_store_is_caught(fool):
    """Every one of them breaks a promise."""
    assert [] != broken_promises(fool())


def test_a_promise_cannot_be_overridden():
    """Whoever inherits the kit cannot leave out what does not suit."""
    with pytest.raises(TypeError, match="test_racing_writers_lose_nothing"):

        class TestOurs(StoreTests):
            """Cheats."""

            def test_racing_writers_lose_nothing(self, store):
                """Nothing."""


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
