"""The demo school of Gibbon: its year is unrolled as its own tables say, and judged one way only."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import Any

import pytest

pytestmark = pytest.mark.search

Run = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def gibbon(shared_data: Callable[[str], Path]) -> Path:
    """The folder with the tables."""
    return shared_data("gibbon")


def _rows(folder: Path, table: str) -> Iterator[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _counted(folder: Path, days: int | None = None) -> dict[str, int]:
    """Count dated lessons and their pupils from the tables alone: cell by cell, date by date."""
    bells = {
        row["gibbonTTColumnRowID"]
        for row in _rows(folder, "gibbonTTColumnRow")
        if row["type"] == "Lesson"
    }
    cells = [
        (row["gibbonTTDayID"], row["gibbonCourseClassID"])
        for row in _rows(folder, "gibbonTTDayRowClass")
        if row["gibbonTTColumnRowID"] in bells
    ]
    pupils = Counter(
        row["gibbonCourseClassID"]
        for row in _rows(folder, "gibbonCourseClassPerson")
        if row["role"] == "Student"
    )
    dates = sorted(
        (date.fromisoformat(row["date"]), row["gibbonTTDayID"])
        for row in _rows(folder, "gibbonTTDayDate")
    )
    lessons = pupil_lessons = 0
    for _, day in dates[:days]:
        of_day = [group for one, group in cells if one == day]
        lessons += len(of_day)
        pupil_lessons += sum(pupils[group] for group in of_day)
    return {"lessons": lessons, "pupil_lessons": pupil_lessons}


def test_a_turn_of_the_cycle_is_unrolled_and_single_equals_bulk(
    gibbon: Path, run_example: Run
) -> None:
    """Ten days of school have the lessons and the pupils that the tables give, some entries are
    late and some never come, and the audit says of every entry what its own verdict said.
    """
    found = run_example("gibbon", "--data", str(gibbon), "--seed", "7", "--days", "10")

    expected = _counted(gibbon, 10)
    assert expected == {name: found[name] for name in expected}
    assert (True, found["entries"], 0) == (
        found["single_equals_bulk"],
        found["compared"],
        found["refused"],
    )
    assert 0 < found["missing"] < found["findings"] < found["entries"]


@pytest.mark.parametrize(
    "name",
    [
        "duckdb",
        "polars",
        pytest.param(
            "spark",
            marks=[
                pytest.mark.soak,
                pytest.mark.skipif(find_spec("pyspark") is None, reason="skip: no pyspark"),
                pytest.mark.skipif(which("java") is None, reason="skip: no java"),
            ],
        ),
    ],
)
def test_columns_report_of_it_what_the_audit_reports(
    gibbon: Path, run_example: Run, tmp_path: Path, name: str
) -> None:
    """Row for row, out of a database, by each engine; Spark tells how it starts."""
    store = f"sqlite:///{tmp_path / 'gibbon.db'}"
    found = run_example(
        "gibbon", "--data", str(gibbon), "--days", "6", "--store", store, "--engine", name,
        told=name == "spark",
    )  # fmt: skip

    assert found["findings"] > 0
    assert found["columns_equal_bulk"] is True


def test_a_seed_makes_up_one_year_and_another_seed_another(gibbon: Path, run_example: Run) -> None:
    """What was drawn from a seed can be drawn again; the lessons are the same for every seed."""
    names = ("lessons", "pupil_lessons", "entries", "acts", "findings", "missing")

    def drawn(seed: int) -> dict[str, int]:
        found = run_example("gibbon", "--data", str(gibbon), "--seed", str(seed), "--days", "3")
        return {name: found[name] for name in names}

    first, again, other = drawn(1), drawn(1), drawn(2)
    assert first == again
    assert first["lessons"] == other["lessons"]
    assert first["entries"] != other["entries"]


@pytest.mark.soak
def test_a_whole_year_is_unrolled_and_single_equals_bulk(gibbon: Path, run_example: Run) -> None:
    """The same of every day in the tables."""
    found = run_example("gibbon", "--data", str(gibbon), "--seed", "1")

    expected = _counted(gibbon)
    assert expected == {name: found[name] for name in expected}
    assert (True, found["entries"]) == (found["single_equals_bulk"], found["compared"])
