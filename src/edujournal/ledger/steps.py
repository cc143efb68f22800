"""Where a clock was set back while a book was written: numbers tell the order, moments the lateness."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from edujournal.model.entries import Entry


@frozen
class ClockStep:
    """One step back of the clock that a book was written by.

    *Version added: 0.1.*

    Attributes:
        book: Name of the book.
        number: Number of the first entry after the step.
        before: Instant of the entry before it, UTC microseconds.
        at: Instant of that entry, which is earlier.
    """

    book: str
    number: int
    before: int
    at: int


def clock_steps(entries: Iterable[Entry]) -> Iterator[ClockStep]:
    """Give each step back of the clock, once, from the moments that the entries of one book bear.

    Nothing is reordered by such a step: entries stand by their numbers, and a deadline compares each
    entry's own moment. A clock that runs ahead cannot be told from time that passes; it shows when it
    is put right, which is a step back.

    Args:
        entries: The entries of one book, in order.

    *Version added: 0.1.*
    """
    before: Entry | None = None
    for entry in entries:
        if before is not None and entry.at < before.at:
            yield ClockStep(entry.book, entry.number, before.at, entry.at)
        before = entry
