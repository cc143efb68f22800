"""The join that finds what is outside its window, written for each engine in the engine's own language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

#: An entry outside its window: school, book, number, about.
Place = tuple[str, str, int, str]


class Files(NamedTuple):
    """Parquet files with the entries, and one with their windows."""

    entries: Sequence[Path]
    windows: Path


_BY: Final = ["school", "book", "about", "kind", "variety"]

_SQL: Final = """
select distinct school, book, number, about
from read_parquet($entries, hive_partitioning = false) said
join read_parquet($windows) due using (school, book, about, kind, variety)
where leans = 'no' and (lo >= closes or hi <= opens)
"""


def by_duckdb(of: Files) -> list[Place]:
    """In SQL."""
    import duckdb

    given = {"entries": [str(one) for one in of.entries], "windows": str(of.windows)}
    with duckdb.connect(":memory:") as connection:
        return rows(connection.sql(_SQL, params=given).to_arrow_table())


def by_polars(of: Files) -> list[Place]:
    """In expressions of Polars."""
    import polars as pl

    col = pl.col
    frame = (
        pl.scan_parquet(list(of.entries), hive_partitioning=False)
        .filter(col("leans") == "no")
        .join(pl.scan_parquet(of.windows), on=_BY)
        .filter((col("lo") >= col("closes")) | (col("hi") <= col("opens")))
        .select("school", "book", "number", "about")
        .unique()
    )
    return rows(frame.collect(engine="streaming").to_arrow())


def by_spark(session: Any) -> Callable[[Files], list[Place]]:
    """In expressions of Spark, in a session that is there."""
    from pyspark.sql import functions as F  # noqa: N812 - as everybody calls it

    def find(of: Files) -> list[Place]:
        entries = session.read.parquet(*(str(one) for one in of.entries))
        windows = session.read.parquet(str(of.windows))
        frame = (
            entries.where(F.col("leans") == "no")
            .join(windows, on=_BY)
            .where((F.col("lo") >= F.col("closes")) | (F.col("hi") <= F.col("opens")))
            .select("school", "book", "number", "about")
            .distinct()
        )
        return rows(frame.toArrow())

    return find


def rows(table: Any) -> list[Place]:
    """The rows of an Arrow table, in one order."""
    columns = [table.column(name).to_pylist() for name in ("school", "book", "number", "about")]
    return sorted(zip(*columns, strict=True))
