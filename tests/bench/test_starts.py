"""The commands that are measured answer, and load nothing that is large."""

from __future__ import annotations

import subprocess

import pytest

import edujournal
from bench.sections import started

#: What a command that needs none of it leaves alone.
LARGE = {"duckdb", "numpy", "pandas", "polars", "pyarrow", "sqlalchemy"}


@pytest.fixture(scope="module")
def commands(tmp_path_factory):
    """What is measured of commands, with a store that is as long there as the tests run."""
    return started.commands(tmp_path_factory.mktemp("commands"))


def test_each_command_answers(commands):
    """The version, what a code means, and that the store is as it was written."""
    version, explained, verified = (started.ran(given) for _, given, ours in commands if ours)

    assert edujournal.__version__ == version.strip()
    assert "after-close" in explained
    assert "25" in verified


def test_imports_alone_print_nothing(commands):
    """What imports the modules of a command does nothing of it, and needs none that cannot be imported."""
    imports = [given for title, given, _ in commands if title.startswith("the modules of")]

    assert ["", "", ""] == [started.ran(given) for given in imports]


def test_no_command_loads_what_it_does_not_need(commands):
    """None of the large libraries is among the modules of the process."""
    for title, (_, _, *given), ours in commands:
        if ours:
            told = started.loaded(*given)

            assert "edujournal.cli" in told
            assert LARGE.isdisjoint(told), title


def test_a_command_that_fails_stops_the_run():
    """No error is measured as an answer."""
    with pytest.raises(subprocess.CalledProcessError):
        started.ran(["-c", "raise SystemExit(2)"])
