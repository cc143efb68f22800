"""One plan on many engines: the join that finds what is outside its window, beside the engine's own words."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from bench.figures import Section
from bench.measure import Way, measured
from bench.peers import joins
from bench.region import Region, region, windows_of
from bench.size import Size
from edujournal.adapters.engines import engine
from edujournal.regions import plan
from edujournal.regions.ports import Engine

#: Engines: name, what it is called, its own words, what must be installed for it.
ENGINES: Final[tuple[tuple[str, str, str], ...]] = (
    ("duckdb", "DuckDB", "duckdb"),
    ("polars", "Polars", "polars"),
    ("spark", "Spark on this machine", "pyspark"),
)

_FOLDERS: list[TemporaryDirectory[str]] = []


@cache
def files(of: Region) -> joins.Files:
    """The entries of a school, and their windows by its regulation."""
    _FOLDERS.append(TemporaryDirectory(prefix="edujournal-bench-"))
    return joins.Files(of.files, windows_of(of, Path(_FOLDERS[-1].name)))


def by_plan(counting: Engine, of: joins.Files) -> list[joins.Place]:
    """By the plan of the audit, in expressions of narwhals."""
    none: Any = None
    frames = plan.Frames(
        entries=counting.scan(of.entries), windows=counting.scan([of.windows]),
        absences=none, occasions=none, members=none, owed=none, absent=none, hands=none, said=none,
    )  # fmt: skip
    return joins.rows(counting.collect(plan.untimely(frames)))


@cache
def started(name: str) -> Engine:
    """An engine, as long as the process lasts."""
    if name != "spark":
        return engine(name)
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    return engine(name, session=session)


def native(name: str) -> Callable[[joins.Files], list[joins.Place]]:
    """The same in the engine's own words."""
    if name == "spark":
        counting: Any = started(name)
        return joins.by_spark(counting.session)
    return {"duckdb": joins.by_duckdb, "polars": joins.by_polars}[name]


def check(of: joins.Files) -> None:
    """Stop if one of them finds other places than another."""
    expected = joins.by_duckdb(of)
    for name, title, needs in ENGINES:
        if find_spec(needs):
            assert native(name)(of) == expected, f"{title}: other places"
            assert by_plan(started(name), of) == expected, f"the plan on {title}: other places"


def join(size: Size) -> Section:
    """The greater school."""
    _, great = (region(classes, days) for classes, days in size.schools)
    of = files(great)
    check(of)
    ways = []
    for name, title, needs in ENGINES:
        ways += [
            Way(f"{title}, in its own words", _native(name, of), great.entries, needs=(needs,)),
            Way(f"edujournal: the plan on {title}", _plan(name, of), great.entries, ours=True,
                needs=(needs,)),
        ]  # fmt: skip
    return measured(
        "join",
        "What is outside its window, by one plan on each engine",
        "entry",
        ways,
        size.rounds,
        (
            f"{great.entries:,} entries and their windows as Parquet; Spark is started beforehand.",
            "How the plan does on an engine is the ratio to that engine's own words, the row above.",
        ),
    )


def _native(name: str, of: joins.Files) -> Callable[[], Callable[[], object]]:
    def prepare() -> Callable[[], object]:
        find = native(name)
        return lambda: find(of)

    return prepare


def _plan(name: str, of: joins.Files) -> Callable[[], Callable[[], object]]:
    def prepare() -> Callable[[], object]:
        counting = started(name)
        return lambda: by_plan(counting, of)

    return prepare
