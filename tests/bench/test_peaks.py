"""What is said of memory is of the process alone, and of an audit that found the truth."""

from __future__ import annotations

import subprocess

import pytest

from bench import peaks
from bench.sections import held
from edujournal.adapters.engines import engine
from edujournal.adapters.exchange.lake.layout import arrow

# It goes through audits in processes of their own, where counting branches would show nothing new.
pytestmark = pytest.mark.search


@pytest.fixture(scope="module")
def of(tmp_path_factory):
    """A made region of two small schools."""
    return peaks.made(tmp_path_factory.mktemp("region") / "lake", 2, 1, 10, 1)


def test_the_peak_is_that_of_the_process_and_not_of_whoever_started_it():
    """What is held for a while counts; what the test holds does not."""
    ours = bytearray(200 << 20)
    ours[:: 1 << 12] = b"x" * len(ours[:: 1 << 12])
    small, great = (
        peaks.peak("print(1)"),
        peaks.peak("held = bytearray(120 << 20); del held; print(2)"),
    )

    assert ("1", "2") == (small.said, great.said)
    assert small.mib < 100
    assert 110 < great.mib - small.mib < 130


def test_a_process_that_fails_stops_the_run():
    """No memory is told of what was not done."""
    with pytest.raises(subprocess.CalledProcessError):
        peaks.peak("raise SystemExit(3)")


def test_an_audit_that_is_measured_finds_the_truth(of):
    """That of the school that is asked for; and takes more memory than what it reads."""
    assert peaks.school(of) < held.checked(of, "polars", "s-00002")


@pytest.mark.parametrize("lost", [0, 1])
def test_an_audit_that_found_less_than_the_truth_would_stop_the_run(of, monkeypatch, lost):
    """The benchmark compares what was found with all of the truth before it says what it took."""
    parquet = arrow().parquet

    def audited(of, _engine, out, _school):
        truth = parquet.read_table(of.root / "truth.parquet")
        parquet.write_table(truth.slice(lost), out)
        return 1.0

    monkeypatch.setattr(peaks, "audited", audited)
    if lost:
        with pytest.raises(AssertionError, match="other findings than the truth"):
            held.checked(of, "polars", None)
    else:
        assert held.checked(of, "polars", None) == 1.0


def test_the_room_that_is_told_is_that_of_the_engines():
    """Schools beyond it are not held beside each other."""
    assert {held._room() << 20} == {engine(name).at_once for name in held.ENGINES}
