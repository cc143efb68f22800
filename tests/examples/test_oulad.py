"""The Open University's results: what the example counts is what plain SQL counts over the files."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.search

Run = Callable[..., dict[str, Any]]

#: What the example counts; seconds and memory are measured, not counted.
COUNTED = (
    "results",
    "banked",
    "on_time",
    "late_1_3",
    "late_4_10",
    "late_over_10",
    "undecidable",
)

#: The same by SQL: a hand-in day is compared with a due day, and no regulation is read.
ORACLE = """
    WITH timed AS (
        SELECT
            is_banked = '1' AS banked,
            date = '?' AS undated,
            CAST(date_submitted AS INTEGER) - CAST(date AS INTEGER) AS days
        FROM studentAssessment
        JOIN assessments USING (id_assessment)
        WHERE (:module IS NULL OR code_module = :module) AND (line - 1) % :step = 0
    )
    SELECT
        count(*) AS results,
        sum(banked) AS banked,
        sum(NOT banked AND NOT undated AND days <= 0) AS on_time,
        sum(NOT banked AND NOT undated AND days BETWEEN 1 AND 3) AS late_1_3,
        sum(NOT banked AND NOT undated AND days BETWEEN 4 AND 10) AS late_4_10,
        sum(NOT banked AND NOT undated AND days > 10) AS late_over_10,
        sum(undated) AS undecidable
    FROM timed
"""


@pytest.fixture(scope="module")
def oulad(shared_data: Callable[[str], Path]) -> Path:
    """The folder with the three files."""
    return shared_data("oulad")


@pytest.fixture(scope="module")
def counted_by_sql(oulad: Path) -> Callable[..., Mapping[str, int]]:
    """Count by SQL: one module or all, and every so-manieth result or all of them."""
    database = sqlite3.connect(":memory:")
    database.row_factory = sqlite3.Row
    for name, line in (("assessments", ""), ("studentAssessment", "line INTEGER PRIMARY KEY, ")):
        with (oulad / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        columns = ", ".join(header)
        database.execute(f"CREATE TABLE {name} ({line}{columns})")
        database.executemany(
            f"INSERT INTO {name} ({columns}) VALUES ({', '.join('?' * len(header))})", rows
        )

    def count(module: str | None = None, limit: int | None = None) -> Mapping[str, int]:
        total = database.execute("SELECT count(*) FROM studentAssessment").fetchone()[0]
        step = 1 if limit is None else total // limit
        return dict(database.execute(ORACLE, {"module": module, "step": step}).fetchone())

    return count


def test_a_sample_has_every_outcome_and_is_counted_as_sql_counts(
    oulad: Path, run_example: Run, counted_by_sql: Callable[..., Mapping[str, int]]
) -> None:
    """A sample taken evenly over the file has every outcome, and the audit of its journals counts
    each of them as SQL does: nobody is called late whose work has no due day. What import and audit
    took is told beside the counts.
    """
    found = run_example("oulad", "--data", str(oulad), "--limit", "4000")

    expected = counted_by_sql(limit=4000)
    assert expected == {name: found[name] for name in COUNTED}
    assert 0 < min(expected.values())
    assert {"import_seconds": float, "audit_seconds": float, "peak_mib": int} == {
        name: type(value) for name, value in found.items() if name not in COUNTED
    }


def test_a_presentation_may_begin_on_any_day(
    oulad: Path, run_example: Run, counted_by_sql: Callable[..., Mapping[str, int]]
) -> None:
    """Only differences of days count: whatever day a presentation is said to begin on, over New
    Year, a leap day or a change of the clocks, every count stays.
    """
    found = run_example("oulad", "--data", str(oulad), "--modules", "AAA", "--later", "152")

    assert counted_by_sql("AAA") == {name: found[name] for name in COUNTED}


@pytest.mark.soak
def test_the_whole_set_is_counted_as_sql_counts(
    oulad: Path, run_example: Run, counted_by_sql: Callable[..., Mapping[str, int]]
) -> None:
    """All 173,912 results: imported, audited, and every one counted where SQL counts it."""
    found = run_example("oulad", "--data", str(oulad))

    expected = counted_by_sql()
    assert 173_912 == expected["results"]
    assert expected == {name: found[name] for name in COUNTED}
