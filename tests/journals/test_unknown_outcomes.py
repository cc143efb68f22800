"""Unknown outcomes: an act that was kept and whose acknowledgement was lost is resolved by its key."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta

import pytest

import edujournal as ej
from edujournal.adapters.stores.files import FileStore
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.adapters.stores.sql import SqlStore
from edujournal.errors import StaleHead, StoreBusy, StoreUnwritable, UnknownOutcome
from edujournal.journals_core import TRIES
from edujournal.ports import FindsKeys, Writes

BOOK = "journal/7A/alg/2026"


class Lossy:
    """A store of four methods: the n-th append is kept, and its acknowledgement lost."""

    def __init__(self, inner, loses: int, error: type[Exception]) -> None:
        self.inner, self.left, self.error = inner, loses, error
        self.books, self.head, self.read = inner.books, inner.head, inner.read

    def _lose(self, book: str) -> None:
        self.left -= 1
        if self.left == 0:
            raise self.error("the connection was lost", where=book)

    def append(self, school, book, records, expect):
        """Keep, and perhaps say nothing of it."""
        self.inner.append(school, book, records, expect)
        self._lose(book)


class LossyWriting(Lossy):
    """The same for a store that locks, and finds keys."""

    def __init__(self, inner, loses, error):
        super().__init__(inner, loses, error)
        self.find_key = inner.find_key

    @contextmanager
    def writing(self, school, book, after):
        """Keep the act, and perhaps say nothing of it."""
        with self.inner.writing(school, book, after) as act:
            yield act
        self._lose(book)


def opener(kind: str, folder) -> Callable[[], object]:
    """Opens one store again and again."""
    folder.mkdir(exist_ok=True)
    if kind == "memory":
        kept = MemoryStore()
        return lambda: kept
    if kind == "files":
        return lambda: FileStore(folder / "files")
    return lambda: SqlStore(f"sqlite:///{folder / 'journal.db'}")


def script(clock) -> list[tuple[list, str, str]]:
    """Acts over two books, one of them over both, one that is refused in part, with their keys."""
    clock.at += timedelta(hours=3)
    mark = {"kind": "oral", "value": 5}
    return [
        ([ej.Topic(lesson="l1", topic="Дроби")], "t-1", "k-1"),
        ([ej.Mark(lesson="l1", pupil=f"p-{n}", **mark) for n in range(1, 4)], "t-1", "k-2"),
        ([ej.Mark(lesson="l2", pupil="p-1", **mark), ej.Topic(lesson="l2", topic="Степень")], "t-2", "k-1"),
        ([ej.Comment(lesson="l1", pupil="p-1", comment="Да"),
          ej.Mark(lesson="l1", pupil="p-5", kind="oral", value=9)], "t-1", "k-3"),
        ([ej.Correction(journal="7A/alg/2026", entry=2, values={"value": 4}, reason="ошибка")], "t-1", "k-4"),
    ]  # fmt: skip


def entries(store) -> list[tuple]:
    """What the journals say, in short; the access log of refusals aside."""
    return [
        (record.book, record.number, record.index.kind, record.index.pupil, record.index.key)
        for book, _ in store.books("s-1")
        if not book.startswith("access/")
        for record in store.read("s-1", book)
    ]


@pytest.mark.parametrize("error", [UnknownOutcome, StoreBusy])
@pytest.mark.parametrize("kind", ["memory", "files", "sqlite"])
@pytest.mark.parametrize("wrapping", [Lossy, LossyWriting])
def test_whichever_acknowledgement_is_lost_the_key_resolves_it(
    tmp_path, school, clock, kind, wrapping, error
):
    """For every n: the n-th append is kept and not acknowledged; repeated under its key, all is there once.

    The repeat comes from the same handle or, as after a crash, from a new one over the store opened again.
    """
    acts = script(clock)

    def run(folder, loses: int, again: bool) -> tuple[list, list, int]:
        opened = opener(kind, folder)
        store = wrapping(opened(), loses, error)
        journals = ej.Journals(store, school, "ru-school26-2023", clock=clock)
        lost, receipts = 0, []
        for drafts, by, key in acts:
            try:
                done = journals.record_many(drafts, by, key)
            except error:
                lost += 1
                if again:
                    journals = ej.Journals(opened(), school, "ru-school26-2023", clock=clock)
                done = journals.record_many(drafts, by, key)
            receipts += [(one.book, one.number, one.decision) for one in done]
        assert "L1" == journals.verify().assurance
        return entries(opened()), receipts, lost

    expected = run(tmp_path / "0", 0, again=False)
    for loses in range(1, 20):
        for again in (False, True):
            found = run(tmp_path / f"{loses}{again}", loses, again=again)
            assert expected[:2] == found[:2]
        if not found[2]:
            break
    assert loses > len(acts)


def test_without_a_key_an_unknown_outcome_may_double(school, clock):
    """Why keys are there: the repeat of an act without one is another act."""
    journals = ej.Journals(
        Lossy(MemoryStore(), 1, UnknownOutcome), school, "ru-school26-2023", clock=clock
    )
    mark = ej.Mark(lesson="l1", pupil="p-1", kind="oral", value=5)
    with pytest.raises(UnknownOutcome):
        journals.record(mark, by="t-1")
    journals.record(mark, by="t-1")

    assert 2 == journals.state(BOOK).number


@pytest.mark.search
@pytest.mark.parametrize("kind", ["memory", "files", "sqlite"])
def test_a_key_holds_for_the_life_of_the_log(tmp_path, school, clock, kind):
    """Years and a thousand entries later, on the store opened anew, the key still gives its receipt.

    It also still refuses other values, in other books too where the store finds keys; an erasure of
    its text does not free it.
    """
    opened = opener(kind, tmp_path)

    def handle(regulation="ru-school26-2023"):
        return ej.Journals(opened(), school, regulation, clock=clock)

    draft = ej.Comment(lesson="l1", pupil="p-1", comment="Да")
    first = handle().record(draft, by="t-1", key="the-key")
    marks = [
        ej.Mark(lesson="l1", pupil=f"p-{1 + n % 25}", kind="oral", value=5) for n in range(1000)
    ]
    handle().record_many(marks, by="t-1", key="many")
    handle().erase("e", {BOOK: (1,)}, "x", "head", key="the-key")
    clock.at += timedelta(days=25 * 365)
    again = handle().record(draft, by="t-1", key="the-key")

    assert again.repeated
    assert (first.number, first.hash, first.at) == (again.number, again.hash, again.at)
    assert all(one.repeated for one in handle().record_many(marks, by="t-1", key="many"))
    with pytest.raises(ej.KeyReused):
        handle().record(ej.Comment(lesson="l1", pupil="p-2", comment="Да"), by="t-1", key="the-key")
    assert isinstance(opened(), FindsKeys)
    with pytest.raises(ej.KeyReused):
        handle().record(ej.Topic(lesson="l1", topic="x"), by="head", key="the-key")


class FourMethods:
    """A store that finds no keys; counts the reads of its books."""

    def __init__(self, inner) -> None:
        self.books, self.head, self.append = inner.books, inner.head, inner.append
        self._read = inner.read
        self.reads: list[tuple[str, int]] = []

    def read(self, school, book, after=0):
        """Note what is read."""
        self.reads.append((book, after))
        return self._read(school, book, after)


@pytest.mark.parametrize("wrapping", [FourMethods, lambda inner: inner])
def test_a_key_used_in_another_book_is_refused_on_every_store(school, clock, wrapping):
    """Also for an act that would be refused anyway, and by handles that were there before."""
    store = wrapping(MemoryStore())
    before, after = (
        ej.Journals(store, school, "ru-school26-2023", clock=clock) for _ in range(2)
    )  # fmt: skip
    before.record(ej.Topic(lesson="l1", topic="Дроби"), by="t-1", key="another")
    after.record(ej.Comment(lesson="l1", pupil="p-1", comment="Да"), by="t-1", key="the-key")
    for draft in (ej.Topic(lesson="l2", topic="x"), ej.Substitution(lesson="l2", teacher="t-1")):
        for journals in (before, after):
            with pytest.raises(ej.KeyReused, match=f"{BOOK}#2"):
                journals.record_many([draft], by="t-1", key="the-key")
        waiting = ej.AsyncJournals(store, school, "ru-school26-2023", clock=clock)
        with pytest.raises(ej.KeyReused, match=f"{BOOK}#2"):
            asyncio.run(waiting.record_many([draft], by="t-1", key="the-key"))
    assert before.record_many([ej.Topic(lesson="l2", topic="x")], by="t-2", key="the-key")


def test_keys_are_looked_for_in_no_record_twice(school, clock):
    """Without the capability a book is read once, then from where the reading ended."""
    store = FourMethods(MemoryStore())
    journals = ej.Journals(store, school, "ru-school26-2023", clock=clock)
    for n in range(3):
        said = ej.Comment(lesson="l1", pupil=f"p-{n + 1}", comment="Да")
        journals.record(said, by="t-1", key=f"k-{n}")
    asked = ej.Journals(store, school, "ru-school26-2023", clock=clock)
    reads = []
    for n in range(2):
        store.reads.clear()
        asked.record(ej.Comment(lesson="l2", pupil="p-1", comment="Да"), by="t-2", key=f"k-{n}")
        reads.append(store.reads.count((BOOK, 0)))

    assert [1, 0] == reads


class Contended:
    """A store of four methods in which somebody else is always first."""

    def __init__(self, times: int) -> None:
        kept = MemoryStore()
        self.left, self.calls = times, 0
        self.books, self.head, self.read, self._append = (
            kept.books,
            kept.head,
            kept.read,
            kept.append,
        )

    def append(self, school, book, records, expect):
        """Refuse as long as somebody else is first."""
        self.calls += 1
        if self.left:
            self.left -= 1
            raise StaleHead(book, expect, expect + 1)
        self._append(school, book, records, expect)


class ContendedWriting(Contended):
    """The same with a lock: there nobody else can be first, and if so it is told at once."""

    @contextmanager
    def writing(self, school, book, after):
        """Refuse."""
        self.calls += 1
        raise StaleHead(book, after, after + 1)
        yield


@pytest.fixture
def naps(monkeypatch):
    """How long was slept, every time."""
    found: list[float] = []
    monkeypatch.setattr(time, "sleep", found.append)
    return found


def test_retries_are_bounded_and_jittered_without_a_lock(school, clock, naps):
    """Each nap is shorter than its bound, no two alike; the last refusal is told to the caller."""
    mark = ej.Mark(lesson="l1", pupil="p-1", kind="oral", value=5)
    patient = ej.Journals(Contended(TRIES - 1), school, "ru-school26-2023", clock=clock)
    assert not isinstance(patient.store, Writes)
    patient.record(mark, by="t-1")
    assert TRIES - 1 == len(naps) == len(set(naps))
    assert all(0 <= nap <= 0.002 * 2**attempt for attempt, nap in enumerate(naps))
    assert sum(naps) < 10
    beaten = ej.Journals(Contended(10**6), school, "ru-school26-2023", clock=clock)
    with pytest.raises(StaleHead):
        beaten.record(mark, by="t-1")
    assert TRIES == beaten.store.calls


def test_with_a_lock_nothing_is_tried_again(school, clock, naps):
    """A stale head in spite of a lock is no contention: the store is older than it was."""
    journals = ej.Journals(ContendedWriting(10**6), school, "ru-school26-2023", clock=clock)
    assert isinstance(journals.store, Writes)
    with pytest.raises(StaleHead):
        journals.record(ej.Mark(lesson="l1", pupil="p-1", kind="oral", value=5), by="t-1")

    assert (1, []) == (journals.store.calls, naps)


@pytest.mark.parametrize("wrapping", [Lossy, LossyWriting])
@pytest.mark.parametrize("error", [UnknownOutcome, StoreUnwritable, StoreBusy])
def test_no_other_error_is_ever_tried_again(school, clock, naps, wrapping, error):
    """An unknown outcome repeated by itself could double an act: only the caller has the key."""
    store = wrapping(MemoryStore(), 1, error)
    journals = ej.Journals(store, school, "ru-school26-2023", clock=clock)
    with pytest.raises(error):
        journals.record(ej.Mark(lesson="l1", pupil="p-1", kind="oral", value=5), by="t-1", key="k")

    assert [] == naps
    assert 1 == journals.state(BOOK).number
