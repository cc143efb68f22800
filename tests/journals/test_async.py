"""The asynchronous journals do what the synchronous ones do."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

import edujournal as ej
from edujournal.adapters.stores.memory import MemoryStore

BOOK = "journal/7A/alg/2026"


def mark(pupil: str = "p-1", value: int = 5) -> ej.Mark:
    """An oral mark at lesson l1."""
    return ej.Mark(lesson="l1", pupil=pupil, kind="oral", value=value)


@pytest.fixture
def store() -> MemoryStore:
    """A store that both shells write to."""
    return MemoryStore()


@pytest.fixture
def later(store, school, clock) -> ej.AsyncJournals:
    """Asynchronous journals over the store."""
    return ej.AsyncJournals(
        store, school, "ru-school26-2023", clock=clock, entropy=lambda n: bytes(range(n))
    )


def test_both_shells_write_the_same_bytes(school, clock, later, store):
    """One script, two shells: the same verdicts and the same heads."""
    other = MemoryStore()
    plain = ej.Journals(
        other, school, "ru-school26-2023", clock=clock, entropy=lambda n: bytes(range(n))
    )
    script = [
        [mark(), ej.Topic(lesson="l1", topic="Дроби")],
        [mark("p-2", 9), mark("p-3")],
        [ej.Correction(journal="7A/alg/2026", entry=1, values={"value": 4})],
    ]

    async def run() -> list[list[ej.Receipt]]:
        return [await later.record_many(drafts, by="t-1", key=f"k{i}")
                for i, drafts in enumerate(script)]  # fmt: skip

    expected = [plain.record_many(drafts, by="t-1", key=f"k{i}") for i, drafts in enumerate(script)]
    assert expected == asyncio.run(run())
    assert list(other.books("s-1")) == list(store.books("s-1"))


def test_a_refusal_is_raised_and_logged(later, store):
    """A refused draft raises with its verdict; the access log has it."""

    async def run() -> None:
        with pytest.raises(ej.Refused, match="not-your-journal"):
            await later.record(mark(), by="t-2")

    asyncio.run(run())
    assert ["access/2026"] == [book for book, _ in store.books("s-1")]


def test_check_writes_nothing_and_agrees(later, store):
    """Check gives record's verdict and leaves the store alone."""

    async def run() -> tuple[ej.Verdict, bool, ej.Verdict]:
        checked = await later.check(mark(), by="t-1")
        empty = not list(store.books("s-1"))
        return checked, empty, (await later.record(mark(), by="t-1")).verdict

    checked, empty, recorded = asyncio.run(run())
    assert empty
    assert recorded == checked


def test_writers_at_once_lose_nothing(later):
    """Forty tasks write to one book: forty entries, forty numbers."""

    async def run() -> list[ej.Receipt]:
        return await asyncio.gather(
            *(later.record(mark(f"p-{n % 25 + 1}"), by="t-1") for n in range(40))
        )

    numbers = {receipt.number for receipt in asyncio.run(run())}
    assert set(range(1, 41)) == numbers


def test_a_second_process_in_between_is_met_by_another_try(later, store, school, clock):
    """Who wrote meanwhile through another handle is read first; nothing is lost."""
    plain = ej.Journals(store, school, "ru-school26-2023", clock=clock)
    plain.record(mark("p-9"), by="t-1")
    inner = later.store
    stale = ["once"]

    class Between:
        async def books(self, school):
            return await inner.books(school)

        async def head(self, school, book):
            return await inner.head(school, book)

        async def read(self, school, book, after=0):
            return await inner.read(school, book, after)

        async def append(self, school, book, records, expect):
            if stale:
                stale.clear()
                plain.record(mark("p-8"), by="t-1")
            await inner.append(school, book, records, expect)

    later.store = Between()
    assert 3 == asyncio.run(later.record(mark(), by="t-1")).number


def test_the_past_can_be_asked_for(later, clock):
    """State as of a moment leaves out what came later."""

    async def run() -> tuple[int, int]:
        await later.record(mark(), by="t-1")
        then = clock.at + timedelta(seconds=1)
        clock.at += timedelta(minutes=5)
        await later.record(mark("p-2"), by="t-1")
        return (await later.state(BOOK, as_of=then)).number, (await later.state(BOOK)).number

    assert (1, 2) == asyncio.run(run())
