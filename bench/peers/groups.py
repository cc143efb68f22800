"""Many writers at once, by peers: what they bring is put on the disk together, by one for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING, Self

from bench.crowds import Write
from bench.peers import appends, servers
from bench.peers.appends import Append
from bench.serving import connected
from edujournal.ledger.records import Record

if TYPE_CHECKING:
    from sqlalchemy import URL


class _Group:
    """A thread that appends all that writers have brought since it was there last, at once.

    Args:
        opened: Gives what appends, to this thread alone.
    """

    def __init__(self, opened: AbstractContextManager[Append]) -> None:
        self._opened = opened
        self._queue: SimpleQueue[tuple[Record, Event] | None] = SimpleQueue()
        self._failed: list[Exception] = []
        self._ready = Event()
        self._thread = Thread(target=self._run)

    def write(self, record: Record) -> None:
        """Bring a record, and wait until it is on the disk."""
        there = Event()
        self._queue.put((record, there))
        there.wait()
        self._check()

    def _run(self) -> None:
        try:
            with self._opened as append:
                self._ready.set()
                self._serve(append)
        except Exception as error:  # noqa: BLE001 - raised again for whoever waits
            self._failed.append(error)
            self._ready.set()

    def _serve(self, append: Append) -> None:
        while True:
            some = [self._queue.get()]
            while not self._queue.empty():
                some.append(self._queue.get())
            brought = [one for one in some if one is not None]
            try:
                if brought:
                    append([record for record, _ in brought])
            except Exception as error:  # noqa: BLE001 - raised again for those who wait
                self._failed.append(error)
            for _, there in brought:
                there.set()
            if len(brought) < len(some):
                return

    def _check(self) -> None:
        if self._failed:
            raise self._failed[0]

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        self._check()
        return self

    def __exit__(self, *_: object) -> None:
        self._queue.put(None)
        self._thread.join()


@contextmanager
def _grouped(opened: AbstractContextManager[Append]) -> Iterator[Callable[[int], Write]]:
    with _Group(opened) as group:
        yield lambda _number: group.write


def file(folder: Path) -> AbstractContextManager[Callable[[int], Write]]:
    """The bytes of all writers written and synced together."""
    return _grouped(appends.by_pwrite(folder))


def sqlite(folder: Path) -> AbstractContextManager[Callable[[int], Write]]:
    """The rows of all writers in one transaction."""
    return _grouped(appends.by_sqlite3(folder))


@contextmanager
def postgresql(url: URL) -> Iterator[Callable[[int], Write]]:
    """A connection for each writer; the server puts commits that come together on the disk together."""
    with servers.by_psycopg(url), ExitStack() as stack:

        def writer(_number: int) -> Write:
            append = servers.inserting(stack.enter_context(closing(connected(url))))
            return lambda record: append([record])

        yield writer
