"""Many writers at once: threads that append one record after another, each to a book of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from statistics import quantiles
from threading import Barrier, BrokenBarrierError
from time import perf_counter
from typing import Any, Final

from attrs import frozen

from edujournal.ledger.records import Record

#: How many writers there are at once.
WRITERS: Final = 32

#: Appends one record of a book, and returns when it is on the disk.
Write = Callable[[Record], object]

#: Opens a store at a place, and gives what a writer of a number writes with.
Opened = Callable[[Any], AbstractContextManager[Callable[[int], Write]]]


@frozen
class Waits:
    """What a crowd took.

    Attributes:
        entry: Seconds for one entry, of all that were written: what the crowd gets done.
        half: Seconds that half of the writes took at most.
        most: Seconds that ninety-nine of a hundred writes took at most.
    """

    entry: float
    half: float
    most: float


def crowd(
    opened: AbstractContextManager[Callable[[int], Write]], shelves: Sequence[Sequence[Record]]
) -> Waits:
    """Let a writer append to each of the books, all at once; the first record of each beforehand.

    Args:
        opened: What gives each writer what it writes with.
        shelves: The records of each book.
    """
    together = Barrier(len(shelves) + 1)
    with opened as writer_of, ThreadPoolExecutor(len(shelves)) as pool:
        asked = [
            pool.submit(_write, together, writer_of(number), records)
            for number, records in enumerate(shelves)
        ]
        try:
            together.wait()
        except BrokenBarrierError:
            raise _reason(asked) from None
        begun = perf_counter()
        waits = [took for one in asked for took in one.result()]
        elapsed = perf_counter() - begun
    hundredths = quantiles(waits, n=100, method="inclusive")
    return Waits(elapsed / len(waits), hundredths[49], hundredths[98])


def _write(together: Barrier, write: Write, records: Sequence[Record]) -> list[float]:
    """Seconds of each write but the first, after which all begin together."""
    try:
        write(records[0])
    except BaseException:
        # Else all others would wait for this one.
        together.abort()
        raise
    together.wait()
    took = []
    for record in records[1:]:
        begun = perf_counter()
        write(record)
        took.append(perf_counter() - begun)
    return took


def _reason(asked: Sequence[Future[list[float]]]) -> BaseException:
    """Why they did not begin together: what the first of them says that could not write."""
    errors = [error for one in asked if (error := one.exception()) is not None]
    return next(one for one in errors if not isinstance(one, BrokenBarrierError))
