"""Where the time of an audit in columns goes: its phases, each as a share of the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from inspect import isgeneratorfunction
from time import perf_counter
from typing import Any, Final

from attrs import evolve

from bench.figures import Section
from bench.measure import Way, measured
from bench.region import Region, region, whole
from bench.size import Size
from edujournal.regions import bulk

#: Phases by the methods that are them; what is left of the whole is the joins.
PHASES: Final = {
    "_open": "books found; school and regulation read",
    "_reckon": "what rules say, in Python: occasions, rolls, windows, what is owed",
    "_prove": "hands and words proven: entries judged that stand for the others",
    "_decide": "what is in doubt, and what is late: opened and judged",
}
JOINS: Final = "the engine's joins and counts, from which the doubts come"
ALL: Final = "edujournal: all of it"


@contextmanager
def timed(seconds: dict[str, float]) -> Iterator[None]:
    """Add up the seconds of each phase, for as long as the block lasts."""
    kind: Any = bulk._Region  # noqa: SLF001 - its phases are nothing public
    real = {name: getattr(kind, name) for name in PHASES}
    for name, method in real.items():
        setattr(kind, name, _timed(method, PHASES[name], seconds))
    try:
        yield
    finally:
        for name, method in real.items():
            setattr(kind, name, method)


def _timed(method: Callable[..., Any], title: str, seconds: dict[str, float]) -> Any:
    def call(*given: Any) -> Any:
        begun = perf_counter()
        found = list(method(*given)) if isgeneratorfunction(method) else method(*given)
        seconds[title] = seconds.get(title, 0.0) + perf_counter() - begun
        return found

    return call


def parted(of: Region, how: str) -> dict[str, float]:
    """Seconds of each phase of one audit, and of all of it."""
    seconds: dict[str, float] = {}
    begun = perf_counter()
    with timed(seconds):
        whole(of, how)
    everything = perf_counter() - begun
    return {ALL: everything, **seconds, JOINS: everything - sum(seconds.values())}


class Shares:
    """Phases of audits, one audit for each round: whoever asks first in a round has it made."""

    def __init__(self, of: Region, how: str) -> None:
        self._of, self._how = of, how
        self._left: dict[str, float] = {}

    def take(self, title: str) -> float:
        """Seconds of a phase, each given once."""
        if title not in self._left:
            self._left = parted(self._of, self._how)
        return self._left.pop(title)


def phases(size: Size) -> Section:
    """The greater school, by DuckDB."""
    _, of = (region(classes, days) for classes, days in size.schools)
    shares = Shares(of, "duckdb")
    titles = [ALL, *PHASES.values(), JOINS]
    ways = [
        Way(title, _of(shares, title), of.entries, ours=title == ALL, clocked=True)
        for title in titles
    ]
    found = measured(
        "phases",
        "Where the time of an audit in columns goes",
        "entry",
        ways,
        size.audits,
        (
            f"{of.entries:,} entries, DuckDB; the shares are of the same audits.",
            "What is Python is the same on every engine, and spreads over processes school by school.",
        ),
    )
    return evolve(found, parts=True)


def _of(shares: Shares, title: str) -> Callable[[], Callable[[], object]]:
    return lambda: lambda: shares.take(title)
