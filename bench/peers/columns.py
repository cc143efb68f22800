"""What came too early or too late in a lake, as somebody asks it who has one school and one regulation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

import pyarrow.parquet as pq

from bench.peers.windows import Frame, Windows
from bench.school import FOREVER, LessonRow

#: What a row of an entry has for a peer.
COLUMNS: Final = ("book", "number", "kind", "about", "lo", "hi")

_KINDS: Final = ("homework", "mark", "roll")
_CLAUSES: Final = {"lesson": "2.5", "control": "2.11", "written": "2.12"}

#: Something that came too early or too late: book, number, clause, code.
Untimely = tuple[str, int, str, str]


class Lake(Frame, Protocol):
    """The files of a school, and its own tables."""

    @property
    def files(self) -> list[Path]:
        """Parquet files of the entries."""

    @property
    def lessons(self) -> Path:
        """Parquet file of the places: book, about, day, start, end of the last lesson, family."""

    @property
    def days(self) -> Path:
        """Parquet file of the working days."""

    @property
    def places(self) -> dict[tuple[str, str], tuple[LessonRow, str]]:
        """The same in memory."""


def read(of: Lake) -> Any:
    """The columns that are compared, and nothing else: the least that any audit does."""
    return pq.read_table(of.files, columns=list(COLUMNS), partitioning=None)


# -- in a language of queries ----------------------------------------------------------------------

_SQL: Final = """
with said as (
    select book, number, kind, about, lo, hi from read_parquet($entries)
    where kind in ('mark', 'roll', 'homework')
), timed as (
    select said.book, said.number, said.kind, said.lo, said.hi, held.family, held.starts,
        case
            when said.kind = 'homework' then held.last_end + 5400000000
            when said.kind = 'roll' or held.family = 'lesson'
                then epoch_us(timezone($zone, (held.day + 1)::timestamp))
            else epoch_us(timezone($zone, (rolled.day + 1)::timestamp))
        end as closes
    from said
    join read_parquet($lessons) held using (book, about)
    asof join read_parquet($days) rolled
        on held.day + case held.family when 'control' then 3 else 10 end <= rolled.day
)
select book, number,
    case
        when kind = 'homework' then '2.7' when kind = 'roll' then '2.9'
        when family = 'lesson' then '2.5' when family = 'control' then '2.11' else '2.12'
    end as clause,
    case when kind <> 'homework' and hi <= starts then 'before-open' else 'after-close' end as code
from timed
where lo >= closes or (kind <> 'homework' and hi <= starts)
order by all
"""


def by_duckdb(of: Lake) -> list[Untimely]:
    """One statement, calendar and all."""
    import duckdb

    with duckdb.connect(":memory:") as connection:
        return connection.execute(
            _SQL,
            {
                "entries": [str(file) for file in of.files],
                "lessons": str(of.lessons),
                "days": str(of.days),
                "zone": of.zone,
            },
        ).fetchall()


class Times(NamedTuple):
    """What Polars is to compare an entry with: expressions over the frame of :func:`timed`."""

    opens: Any
    closes: Any
    clause: Any


def timed(of: Lake) -> tuple[Any, Times]:
    """The entries beside their lessons, and their windows in expressions of Polars."""
    import polars as pl

    col = pl.col
    days = pl.scan_parquet(of.days).select("day", rolled="day").sort("day")
    at = (
        pl.scan_parquet(of.lessons)
        .with_columns(
            day=col("day")
            + pl.when(col("family") == "lesson")
            .then(pl.duration(days=0))
            .when(col("family") == "control")
            .then(pl.duration(days=3))
            .otherwise(pl.duration(days=10)),
            held=col("day"),
        )
        .sort("day")
        .join_asof(days, on="day", strategy="forward")
    )

    def end_of(name: str) -> Any:
        midnight = (col(name) + pl.duration(days=1)).cast(pl.Datetime("us"))
        return midnight.dt.replace_time_zone(of.zone).dt.timestamp("us")

    homework, roll = col("kind") == "homework", col("kind") == "roll"
    closes = (
        pl.when(homework)
        .then(col("last_end") + 90 * 60 * 1_000_000)
        .when(roll | (col("family") == "lesson"))
        .then(end_of("held"))
        .otherwise(end_of("rolled"))
    )
    clause = (
        pl.when(homework)
        .then(pl.lit("2.7"))
        .when(roll)
        .then(pl.lit("2.9"))
        .otherwise(col("family").replace_strict(_CLAUSES))
    )
    opens = pl.when(homework).then(-FOREVER).otherwise(col("starts"))
    entries = pl.scan_parquet(of.files, hive_partitioning=False).select(COLUMNS)
    frame = entries.filter(col("kind").is_in(_KINDS)).join(at, on=["book", "about"])
    return frame, Times(opens, closes, clause)


def by_polars(of: Lake) -> list[Untimely]:
    """The same in expressions of Polars."""
    import polars as pl

    frame, at = timed(of)
    early = pl.col("hi") <= at.opens
    return (
        frame.filter((pl.col("lo") >= at.closes) | early)
        .select(
            "book", "number", at.clause.alias("clause"),
            pl.when(early).then(pl.lit("before-open")).otherwise(pl.lit("after-close")).alias("code"),
        )
        .sort(pl.all())
        .collect(engine="streaming")
        .rows()
    )  # fmt: skip


# -- in a loop -------------------------------------------------------------------------------------


def by_loop(of: Lake, make: Callable[[Frame], Windows]) -> list[Untimely]:
    """Row by row."""
    return _walk(of, _rows(of), make(of))


def by_pydantic(of: Lake, make: Callable[[Frame], Windows]) -> list[Untimely]:
    """Row by row, each validated by a pydantic model as it comes in."""
    from pydantic import BaseModel

    class Checked(BaseModel):
        book: str
        number: int
        kind: str
        about: str
        lo: int
        hi: int

    def rows() -> Iterator[tuple[Any, ...]]:
        check = Checked.model_validate
        for row in _rows(of):
            one = check(dict(zip(COLUMNS, row, strict=True)))
            yield one.book, one.number, one.kind, one.about, one.lo, one.hi

    return _walk(of, rows(), make(of))


def _rows(of: Lake) -> Iterator[tuple[Any, ...]]:
    for batch in read(of).to_batches():
        yield from zip(*(batch.column(name).to_pylist() for name in COLUMNS), strict=True)


def timed_rows(of: Lake, windows: Windows) -> Iterator[tuple[Any, ...]]:
    """Yield each row that has a window: book, number, kind, family, lo, hi, opens, closes.

    The family of a roll call and of homework is nothing; homework opens before all time.
    """
    places = of.places
    for book, number, kind, about, lo, hi in _rows(of):
        if kind not in _KINDS:
            continue
        lesson, family = places[book, about]
        if kind == "homework":
            opens, closes, family = -FOREVER, windows.of_homework(lesson), ""
        elif kind == "roll":
            (opens, closes), family = windows.of_roll(lesson), ""
        else:
            opens, closes = windows.of_mark(lesson, family)
        yield book, number, kind, family, lo, hi, opens, closes


def _walk(of: Lake, rows: Iterator[tuple[Any, ...]], windows: Windows) -> list[Untimely]:
    found: list[Untimely] = []
    places, moment = of.places, windows.moment
    for book, number, kind, about, lo, hi in rows:
        if kind not in _KINDS:
            continue
        lesson, family = places[book, about]
        opens: Any = None
        if kind == "homework":
            clause, closes = "2.7", windows.of_homework(lesson)
        elif kind == "roll":
            clause, (opens, closes) = "2.9", windows.of_roll(lesson)
        else:
            clause, (opens, closes) = _CLAUSES[family], windows.of_mark(lesson, family)
        if opens is not None and moment(hi) <= opens:
            found.append((book, number, clause, "before-open"))
        elif moment(lo) >= closes:
            found.append((book, number, clause, "after-close"))
    return sorted(found)
