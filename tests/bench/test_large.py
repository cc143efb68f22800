"""The run over a region holds what it finds to the truth."""

from __future__ import annotations

import json

import pytest

from bench.large import main
from edujournal.adapters.exchange.lake.layout import arrow
from edujournal.cli import main as edujournal


@pytest.fixture
def lake(tmp_path, capsys):
    """A made region of three small schools, and the instant of its audit."""
    folder = tmp_path / "lake"
    size = ("--classes", "1", "--pupils", "5", "--days", "15")
    assert 0 == edujournal(["generate", "--schools", "3", "--out", str(folder), "--json", *size])
    told = json.loads(capsys.readouterr().out)
    return folder, ["--lake", str(folder), "--at", told["at"]]


def test_a_region_is_measured_and_equals_its_truth(lake, capsys):
    """All of it, and a part; what is missed is told by the exit code."""
    folder, given = lake
    assert 0 == main([*given, "--workers", "1"])
    told = json.loads(capsys.readouterr().out)
    assert (3, True) == (told["schools"], told["equals_the_truth"])
    assert 3 == len(told["seconds_a_school_by_tenths"])
    assert 0 < told["mib_at_most"]
    assert 0 == main([*given, "--workers", "1", "--first", "2", "--engine", "polars"])
    assert 2 == json.loads(capsys.readouterr().out)["schools"]

    parquet = arrow().parquet
    truth = parquet.read_table(folder / "truth.parquet")
    parquet.write_table(truth.slice(1), folder / "truth.parquet")
    assert 1 == main([*given, "--workers", "1"])
    assert json.loads(capsys.readouterr().out)["equals_the_truth"] is False
