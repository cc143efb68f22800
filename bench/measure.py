"""Measuring: several ways to do one piece of work, taken in turns, so that what slows one slows all."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from time import perf_counter

from attrs import frozen

from bench.figures import Row, Section

#: A thunk that may be called again and again is called for at least so many seconds a sample.
LEAST = 0.02


@frozen
class Way:
    """One way to do the work of a section.

    Attributes:
        title: What it is, in words.
        prepare: Makes ready, outside the measured time; gives what is to be measured. Called
            before each sample.
        units: How many units of work one call does.
        ours: Whether it is edujournal.
        needs: Modules it is made of; where one is not installed, the row says so.
        repeats: Whether what is prepared may be called again and again.
        clocked: Whether the call itself gives the seconds that it took.
    """

    title: str
    prepare: Callable[[], Callable[[], object]]
    units: int = 1
    ours: bool = False
    needs: tuple[str, ...] = ()
    repeats: bool = False
    clocked: bool = False

    @property
    def missing(self) -> str:
        """The first module that is not installed, or nothing."""
        return next((name for name in self.needs if find_spec(name) is None), "")


def measured(
    name: str, title: str, unit: str, ways: Sequence[Way], rounds: int, notes: Sequence[str] = ()
) -> Section:
    """Measure *ways* in turns, so many rounds; the first that is installed is the yardstick.

    The order changes from round to round. The collector of garbage runs as it does in a program; it
    starts each sample with clean hands, and what was there before is out of its sight.
    """
    there = [way for way in ways if not way.missing]
    loops = {way.title: _calls(way) for way in there}
    seconds: dict[str, list[float]] = {way.title: [] for way in there}
    gc.collect()
    gc.freeze()
    try:
        for number in range(rounds):
            tell(f"{title}: round {number + 1} of {rounds}")
            first = number % len(there)
            order = there[first:] + there[:first]
            for way in order if number % 2 == 0 else reversed(order):
                seconds[way.title].append(_sample(way, loops[way.title]))
    finally:
        gc.unfreeze()
        tell("")
    rows = [
        Row(way.title, way.ours, tuple(seconds.get(way.title, ())), way.missing) for way in ways
    ]
    return Section(name, title, unit, tuple(rows), tuple(notes))


def _calls(way: Way) -> int:
    """Try *way* once, and say how often it is to be called for one sample."""
    took = _sample(way, 1) * way.units
    return max(1, round(LEAST / max(took, 1e-9))) if way.repeats else 1


def _sample(way: Way, calls: int) -> float:
    """Seconds that one unit took."""
    run = way.prepare()
    gc.collect()
    if way.clocked:
        return float(run()) / way.units  # type: ignore[arg-type]
    begun = perf_counter()
    for _ in range(calls):
        run()
    return (perf_counter() - begun) / calls / way.units


def tell(text: str) -> None:
    """Tell whoever looks on how far it has come, in the place of what was told before."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
