"""Where the time of an audit in columns goes: its phases, each as a share of the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from bench.figures import Section
from bench.mended import mended, remembered
from bench.parts import Part, Whole
from bench.region import Region, region, whole
from bench.size import Size
from edujournal.adapters.exchange.lake import InStore
from edujournal.regions import bulk

_JOINS: Final = "the engine's joins and counts, from which the doubts come"

_REGION: Final[Any] = bulk._Region  # noqa: SLF001 - its phases are nothing public

#: Phases, by the methods that are them; what is left of the whole is the joins.
PHASES: Final = (
    Part("books found; school and regulation read", ((_REGION, "_open"),)),
    Part(
        "what rules say, in Python: occasions, rolls, windows, what is owed",
        ((_REGION, "_reckon"),),
    ),
    Part(
        "hands and words proven: entries judged that stand for the others", ((_REGION, "_prove"),)
    ),
    Part("what is in doubt, and what is late: opened and judged", ((_REGION, "_decide"),)),
)


def audited(of: Region, how: str) -> Whole:
    """The audit of a school by an engine, in its phases."""

    @contextmanager
    def work() -> Iterator[Callable[[], object]]:
        yield lambda: whole(of, how)

    return Whole(
        "phases",
        "Where the time of an audit in columns goes",
        "entry",
        of.entries,
        work,
        PHASES,
        _JOINS,
        (
            f"{of.entries:,} entries, DuckDB; the shares are of the same audits.",
            "What is Python is the same on every engine, and spreads over processes school by school.",
        ),
    )


#: The same of a store in memory, whose records are no columns yet.
OF_STORE: Final = (
    Part("records of the store read, proven, made columns", ((InStore, "files"),)),
    *PHASES,
)


def in_memory(size: Size) -> Whole:
    """The audit of a store in memory by Polars, in its phases."""
    of = mended(*size.schools[0])

    @contextmanager
    def work() -> Iterator[Callable[[], object]]:
        yield lambda: remembered(of, "polars")

    return Whole(
        "memory-parts",
        "Where the time of an audit in memory goes",
        "entry",
        of.entries,
        work,
        OF_STORE,
        _JOINS,
        (f"{of.entries:,} entries, Polars.",),
    )


def phases(size: Size) -> Section:
    """The greater school, by DuckDB."""
    _, of = (region(classes, days) for classes, days in size.schools)
    return audited(of, "duckdb").section(size.audits)
