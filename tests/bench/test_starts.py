"""The commands that are measured answer, and load nothing that is large."""

from __future__ import annotations

import subprocess

import pytest

import edujournal
from bench.sections import started

#: What a command that needs none of it leaves alone.
LARGE = {"duckdb", "numpy", "pandas", "polars", "pyarrow", "sqlalchemy"}


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """What each command prints, by its title."""
    found = started.commands(tmp_path_factory.mktemp("commands"))
    return {title: started.ran(arguments) for title, arguments, ours in found if ours}


def test_each_command_answers(ran):
    """The version, what a code means, and that the store is as it was written."""
    version, explained, verified = ran.values()

    assert edujournal.__version__ == version.strip()
    assert "after-close" in explained
    assert "25" in verified


def test_no_command_loads_what_it_does_not_need(tmp_path):
    """None of the large libraries is among the modules of the process."""
    for title, (_, program, *given), ours in started.commands(tmp_path):
        if ours:
            telling = program.replace("sys.exit(main())", "main(); print(*sys.modules)")
            told = started.ran(["-c", telling, *given]).splitlines()[-1].split()

            assert "edujournal.cli" in told
            assert LARGE.isdisjoint(told), title


def test_a_command_that_fails_stops_the_run():
    """No error is measured as an answer."""
    with pytest.raises(subprocess.CalledProcessError):
        started.ran(["-c", "raise SystemExit(2)"])
