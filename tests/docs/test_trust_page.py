"""The page of trust is the one that its generator makes of the figures kept beside it."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TRUST = runpy.run_path(str(ROOT / "docs" / "trust_page.py"))

#: The rows of the design, in their order.
ASKED = [f"R{n}" for n in range(1, 13)] + ["S1", "S2", "S3", "S4", "S5", "S6", "S8", "S13", "S14", "V1"]  # fmt: skip


def test_every_row_is_on_the_page():
    """No row can be left out, whether it has figures or not."""
    assert ASKED == [row.id for row in TRUST["ROWS"]]
    page = TRUST["PAGE"].read_text("utf-8")
    assert ASKED == [line[3:] for line in page.splitlines() if line.removeprefix("## ") in ASKED]


def test_the_page_is_made_of_the_figures():
    """Nobody writes a figure by hand."""
    assert TRUST["PAGE"].read_text("utf-8") == TRUST["page"](TRUST["load"]())


@pytest.mark.parametrize("row", TRUST["ROWS"], ids=lambda row: row.id)
def test_a_row_names_tests_that_exist(row):
    """What a reader is sent to is there, once the row has a figure."""
    if TRUST["load"]()["run"]["rows"].get(row.id):
        assert all((ROOT / path).exists() for path in row.tests)


def test_counts_are_added_up_and_measures_are_not(tmp_path):
    """What several tests tell of one row becomes one figure; a later run replaces the row."""
    lines = [
        {"row": "R1", "what": "states", "figure": 2, "unit": ""},
        {"row": "V1", "what": "rate", "figure": 7, "unit": "entries/s"},
        {"row": "R1", "what": "states", "figure": 1000, "unit": ""},
        {"row": "V1", "what": "rate", "figure": 5, "unit": "entries/s"},
    ]
    source = tmp_path / "figures.jsonl"
    source.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    TRUST["main"](["--run", str(source), "--into", str(tmp_path)])
    page = (tmp_path / "trust.md").read_text("utf-8")

    assert "| states: 1,002 |" in page
    assert "| rate: 5–7 entries/s |" in page
    with pytest.raises(ValueError, match="no row R99"):
        TRUST["gathered"]([{"row": "R99", "what": "x", "figure": 1, "unit": ""}])


def test_a_further_night_is_added_to_those_before(tmp_path):
    """Only where it is said to be one more, and only to the rows that it has."""
    line = {"row": "R1", "what": "distinct crash states", "figure": 5, "unit": ""}
    source = tmp_path / "figures.jsonl"
    source.write_text(f"{json.dumps(line)}\n")
    before = TRUST["load"]()["night"]["rows"]

    for option, expected in (("--night", 5), ("--more", 5 + states(before["R1"]))):
        TRUST["main"]([option, str(source), "--into", str(tmp_path)])
        after = TRUST["load"](tmp_path / TRUST["FIGURES"].name)["night"]["rows"]
        assert expected == states(after["R1"])
        assert before | {"R1": after["R1"]} == after


def states(row):
    """How many states of R1 were looked at."""
    return next(sum(one["figures"]) for one in row if one["what"] == "distinct crash states")
