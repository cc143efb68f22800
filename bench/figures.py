"""Figures: what was measured, what can be said of it, and how it is kept as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Final

import cattrs
from attrs import field, frozen

import edujournal

#: Version of the JSON that :meth:`Figures.dump` writes.
FORMAT: Final = 2

#: What a section measures.
TIME: Final = "time"
MEMORY: Final = "memory"

#: Distributions whose versions are told beside the figures.
DISTRIBUTIONS: Final = (
    "attrs",
    "cattrs",
    "pendulum",
    "sqlalchemy",
    "psycopg",
    "narwhals",
    "duckdb",
    "polars",
    "pyarrow",
    "pyspark",
    "adbc-driver-sqlite",
    "adbc-driver-postgresql",
    "pydantic",
    "business-rules",
    "rule-engine",
    "pandera",
    "great-expectations",
    "pandas",
    "eventsourcing",
    "msgspec",
    "orjson",
)


@frozen
class Ratio:
    """A ratio of two ways: the median of the rounds, the least and the greatest of them."""

    middle: float
    least: float
    most: float


@frozen
class Row:
    """One way: what one unit took, a figure for each round.

    Attributes:
        title: What it is.
        ours: Whether it is edujournal.
        values: Seconds for one unit, or MiB, round by round; empty where it was not measured.
        missing: Module that is not installed, or nothing.
    """

    title: str
    ours: bool
    values: tuple[float, ...]
    missing: str = ""

    def over(self, other: Row) -> Ratio | None:
        """How many times as much this took as *other*, compared round by round."""
        pairs = [mine / theirs for mine, theirs in zip(self.values, other.values, strict=False)]
        return Ratio(median(pairs), min(pairs), max(pairs)) if pairs else None


@frozen
class Section:
    """Several ways to do one piece of work.

    Attributes:
        name: Short name, for ``--only``.
        title: What the work is.
        unit: What one unit of it is.
        rows: The ways; none where it could not be measured, and a note says why.
        notes: What a reader must know to judge the figures.
        compared: Whether the ways stand beside each other as peers; parts of the first do not.
        measure: What was measured: :data:`TIME` in seconds, or :data:`MEMORY` in MiB.
    """

    name: str
    title: str
    unit: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    compared: bool = True
    measure: str = TIME

    @property
    def yardstick(self) -> Row:
        """The row that all are compared with: the first that was measured."""
        return next(row for row in self.rows if row.values)

    @property
    def ours(self) -> Sequence[tuple[str, Row]]:
        """The rows that are edujournal, with their letters, where the ways are compared."""
        mine = [row for row in self.rows if row.ours] if self.compared else []
        return list(zip("ABCDEFGH", mine, strict=False))


def _versions() -> dict[str, str]:
    found = {
        "python": ".".join(str(part) for part in sys.version_info[:3]),
        "edujournal": edujournal.__version__,
    }
    for name in DISTRIBUTIONS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


@frozen
class Figures:
    """All that one run measured.

    Attributes:
        sections: What was measured.
        quick: Whether it was the short run, whose figures are rough.
        versions: Versions of Python and of what was measured. Nothing is told of the machine.
        format: Version of the JSON.
    """

    sections: tuple[Section, ...]
    quick: bool
    versions: dict[str, str] = field(factory=_versions)
    format: int = FORMAT

    def dump(self, path: Path) -> None:
        """Write them as JSON."""
        plain = cattrs.unstructure(self)
        path.write_text(json.dumps(plain, ensure_ascii=False, indent=1) + "\n", "utf-8")

    @classmethod
    def load(cls, path: Path) -> Figures:
        """Read what :meth:`dump` wrote."""
        plain = json.loads(path.read_text("utf-8"))
        if not isinstance(plain, dict) or plain.get("format") != FORMAT:
            raise SystemExit(f"{path}: not figures of this benchmark (format {FORMAT})")
        return cattrs.structure(plain, cls)
