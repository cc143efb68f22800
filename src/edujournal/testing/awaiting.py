"""The conformance kit of stores that are awaited: the promises of ``StoreTests``, and those of an event loop.

A store of your own is put to it in a few lines::

    class TestOurStore(edujournal.testing.AsyncStoreTests):
        @pytest.fixture
        def make_store(self, tmp_path):
            return lambda: OurStore(tmp_path / "journal.db")
"""

# ruff: noqa: S101, SIM300 - a promise is an assertion, expected == actual

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Any, Final

import pytest

from edujournal.errors import StaleHead, StoreBusy
from edujournal.ledger.records import Head, Record
from edujournal.ports import Store, Writes
from edujournal.testing.records import BOOK, SCHOOL, head_of, make_record, make_records
from edujournal.testing.stores import StoreTests

#: Seconds after which what is awaited will never come.
_PATIENCE: Final = 120

#: What is awaited and gives its answer as a whole.
_PLAIN: Final = (
    "append", "books", "erase", "find_key", "head", "keep", "kept", "schools", "shred",
)  # fmt: skip


class Awaited:
    """An awaited store, asked as one that is not: an event loop of its own runs each call.

    It has the capabilities of the store behind it.

    *Version added: 0.1.*

    Args:
        make: Makes the store, inside the loop.
    """

    def __init__(self, make: Callable[[], Any]) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        try:
            self._behind = self.wait(_made, make)
        except BaseException:
            self._end()
            raise
        for name in _PLAIN:
            if hasattr(self._behind, name):
                vars(self)[name] = partial(self.wait, getattr(self._behind, name))
        if hasattr(self._behind, "follow"):
            vars(self)["follow"] = self._follow
        if hasattr(self._behind, "writing"):
            vars(self)["writing"] = self._writing

    def wait(self, method: Callable[..., Awaitable[Any]], *given: Any) -> Any:
        """Give what *method* gives in the end."""

        async def awaited() -> Any:
            return await method(*given)

        return asyncio.run_coroutine_threadsafe(awaited(), self._loop).result(_PATIENCE)

    def read(self, school: str, book: str, after: int = 0) -> Iterator[Record]:
        """The whole, at once: a twin gives no page before the last."""
        return iter(self.wait(self._behind.read, school, book, after))

    def close(self) -> None:
        """Close the store, if it can be closed, and the loop."""
        if hasattr(self._behind, "close"):
            self.wait(self._behind.close)
        self._end()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_PATIENCE)
        self._loop.close()

    def _follow(self, school: str, after: int = 0) -> Iterator[tuple[int, Record]]:
        async def everything() -> list[tuple[int, Record]]:
            return [place async for place in self._behind.follow(school, after)]

        return iter(self.wait(everything))

    @contextmanager
    def _writing(self, school: str, book: str, after: int) -> Iterator[Any]:
        begun = self._behind.writing(school, book, after)
        act = self.wait(begun.__aenter__)
        try:
            yield _AwaitedAct(self, act)
        except BaseException as error:
            if not self.wait(begun.__aexit__, type(error), error, error.__traceback__):
                raise
        else:
            self.wait(begun.__aexit__, None, None, None)


class _AwaitedAct:
    def __init__(self, store: Awaited, act: Any) -> None:
        self._store, self._act = store, act
        self.tail: Sequence[Record] = act.tail

    def append(self, records: Sequence[Record]) -> None:
        self._store.wait(self._act.append, records)

    def tail_of(self, book: str, after: int) -> Any:
        return self._store.wait(self._act.tail_of, book, after)


class AsyncStoreTests(StoreTests, kit=True):
    """Inherit this, give ``make_store`` of an awaited store, and it is asked for every promise.

    *Version added: 0.1.*
    """

    def as_asked(self, make_store: Callable[[], Any]) -> Store:
        """Run each call in an event loop of its own."""
        awaited: Any = Awaited(make_store)
        store: Store = awaited
        return store

    def test_tasks_at_once_lose_nothing(self, make_store: Callable[[], Any]) -> None:
        """Twenty tasks append to one book at once, and all that was acknowledged is there."""

        async def one(store: Any, task: int) -> str:
            while True:
                head = await store.head(SCHOOL, BOOK)
                record = make_record(head, task=task)
                try:
                    await store.append(SCHOOL, BOOK, [record], head.number)
                except (StaleHead, StoreBusy):
                    await asyncio.sleep(0.001 * task)
                else:
                    return record.hash

        async def run() -> tuple[list[str], Sequence[Record]]:
            async with _opened(make_store) as store:
                done = await asyncio.gather(*(one(store, task) for task in range(20)))
                return done, list(await store.read(SCHOOL, BOOK))

        done, kept = asyncio.run(run())
        assert list(range(1, 21)) == [record.number for record in kept]
        assert sorted(done) == sorted(record.hash for record in kept)

    def test_a_task_that_is_cancelled_leaves_nothing_locked(
        self, make_store: Callable[[], Any]
    ) -> None:
        """A host that gives up in the middle of an act has written nothing, and others go on."""
        made = make_records(Head(), 2)

        async def run() -> list[Record]:
            async with _opened(make_store) as store:
                self.capable(store, Writes)
                inside = asyncio.Event()

                async def one() -> None:
                    async with store.writing(SCHOOL, BOOK, 0) as act:
                        await act.append(made)
                        inside.set()
                        await asyncio.sleep(_PATIENCE)

                task = asyncio.create_task(one())
                await inside.wait()
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                await store.append(SCHOOL, BOOK, made[:1], 0)
                return list(await store.read(SCHOOL, BOOK))

        assert made[:1] == asyncio.run(run())

    def test_the_event_loop_goes_on_while_a_writer_waits(
        self, make_store: Callable[[], Any]
    ) -> None:
        """A writer that waits for another's lock lets other tasks of the loop go on."""
        made = make_records(Head(), 2)

        async def run() -> tuple[int, list[Record]]:
            async with _opened(make_store) as store:
                self.capable(store, Writes)
                beats = 0
                async with store.writing(SCHOOL, BOOK, 0) as act:
                    late = asyncio.create_task(store.append(SCHOOL, BOOK, made[:1], 0))
                    while not late.done():
                        await asyncio.sleep(0.005)
                        beats += 1
                    with pytest.raises(StoreBusy):
                        await late
                    await act.append(made)
                return beats, list(await store.read(SCHOOL, BOOK))

        beats, kept = asyncio.run(run())
        assert beats > 3, "the loop stood still while a writer waited"
        assert made == kept

    def test_awaited_records_come_as_a_sequence(self, make_store: Callable[[], Any]) -> None:
        """What is awaited is the whole answer, which can be counted and read again."""
        made = make_records(Head(), 3)

        async def run() -> Any:
            async with _opened(make_store) as store:
                await store.append(SCHOOL, BOOK, made, 0)
                return await store.read(SCHOOL, BOOK, 1)

        found = asyncio.run(run())
        assert 2 == len(found)
        assert made[1:] == list(found) == list(found)
        assert head_of(made).number == found[-1].number


async def _made(make: Callable[[], Any]) -> Any:
    """Make a store inside the running loop, entered where it can be."""
    store = make()
    return await store.__aenter__() if hasattr(store, "__aenter__") else store


@asynccontextmanager
async def _opened(make: Callable[[], Any]) -> AsyncIterator[Any]:
    """A store inside the running loop, closed at the end."""
    store = await _made(make)
    try:
        yield store
    finally:
        if hasattr(store, "close"):
            await store.close()
