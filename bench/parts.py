"""Where the time of a piece of work goes: its parts timed inside of it, each as a share of the whole."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import wraps
from inspect import isgeneratorfunction
from time import perf_counter
from typing import Any, Final

from attrs import evolve, frozen

from bench.figures import Section
from bench.measure import Way, measured

#: The row that all others are parts of, and the one that says what timing them costs.
ALL: Final = "edujournal: all of it"
PLAIN: Final = "the same, with no timer in it"

#: Makes ready, and gives what is to be measured for as long as the block lasts.
Work = Callable[[], AbstractContextManager[Callable[[], object]]]


@frozen
class Part:
    """A part of a piece of work: the functions that do it, and nothing of other parts that they call.

    Attributes:
        title: What it is.
        places: Where the functions are looked up when they are called: a module or a class, and a name.
    """

    title: str
    places: tuple[tuple[Any, str], ...]


@contextmanager
def timed(parts: Sequence[Part], seconds: dict[str, float]) -> Iterator[None]:
    """Add up the seconds of each part, for as long as the block lasts."""
    within = [0.0]
    real: list[tuple[Any, str, Any]] = []
    try:
        for part in parts:
            seconds.setdefault(part.title, 0.0)
            for owner, name in part.places:
                method = vars(owner)[name]
                real.append((owner, name, method))
                setattr(owner, name, _timed(method, part.title, seconds, within))
        yield
    finally:
        for owner, name, method in reversed(real):
            setattr(owner, name, method)


def _timed(
    method: Callable[..., Any], title: str, seconds: dict[str, float], within: list[float]
) -> Any:
    # A generator does its work where it is asked; here it is asked at once, and for all.
    lists = isgeneratorfunction(method)

    @wraps(method)
    def call(*given: Any, **named: Any) -> Any:
        within.append(0.0)
        begun = perf_counter()
        try:
            found = method(*given, **named)
            return iter(list(found)) if lists else found
        finally:
            took = perf_counter() - begun
            # What is another part's is that part's alone.
            seconds[title] += took - within.pop()
            within[-1] += took

    return call


def parted(work: Work, parts: Sequence[Part], rest: str) -> dict[str, float]:
    """Seconds of each part of a piece of work that is done once, of what is left, and of all of it."""
    seconds: dict[str, float] = {}
    with work() as run, timed(parts, seconds):
        everything = _took(run)
    return {ALL: everything, **seconds, rest: everything - sum(seconds.values())}


def plain(work: Work) -> float:
    """Seconds of a piece of work in which nothing is timed."""
    with work() as run:
        return _took(run)


def _took(run: Callable[[], object]) -> float:
    gc.collect()
    begun = perf_counter()
    run()
    return perf_counter() - begun


class Shares:
    """Parts of a piece of work done once a round: whoever asks first in a round has it done."""

    def __init__(self, make: Callable[[], dict[str, float]]) -> None:
        self._make = make
        self._left: dict[str, float] = {}

    def take(self, title: str) -> float:
        """Seconds of a part, each given once."""
        if title not in self._left:
            self._left = self._make()
        return self._left.pop(title)


@frozen
class Whole:
    """A piece of work that is taken apart.

    Attributes:
        name: Name of the section.
        title: Its title.
        unit: What one unit of the work is.
        units: How many units are done at a time.
        work: The work.
        parts: Its parts.
        rest: What is left of it.
        notes: What a reader must know.
    """

    name: str
    title: str
    unit: str
    units: int
    work: Work
    parts: tuple[Part, ...]
    rest: str
    notes: tuple[str, ...] = ()

    def section(self, rounds: int) -> Section:
        """Its parts, measured so many rounds."""
        shares = Shares(lambda: parted(self.work, self.parts, self.rest))
        titles = [ALL, *(part.title for part in self.parts), self.rest]
        ways = [
            Way(title, _of(shares, title), self.units, ours=title == ALL, clocked=True)
            for title in titles
        ]
        ways.append(Way(PLAIN, lambda: lambda: plain(self.work), self.units, clocked=True))
        found = measured(self.name, self.title, self.unit, ways, rounds, self.notes)
        return evolve(found, compared=False)


def _of(shares: Shares, title: str) -> Callable[[], Callable[[], object]]:
    return lambda: lambda: shares.take(title)
