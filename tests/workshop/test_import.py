"""A plain ``import edujournal`` stays light."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {
    "babel",
    "cyclopts",
    "duckdb",
    "hypothesis",
    "numpy",
    "polars",
    "pytest",
    "rich",
    "sqlalchemy",
}


def loaded_by(statement: str) -> set[str]:
    """Top-level names of the modules that an empty interpreter holds after *statement*."""
    shown = subprocess.run(
        [
            sys.executable,
            "-c",
            f"{statement}\nimport json, sys; print(json.dumps(sorted(sys.modules)))",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    # The machinery that measures coverage of subprocesses may be loaded before us.
    return {name.partition(".")[0] for name in json.loads(shown.stdout)} - {"coverage"}


def test_import_loads_nothing_heavy():
    """Databases, data frames, the command line and test tools are loaded on use only."""
    assert set() == loaded_by("import edujournal") & HEAVY


@pytest.mark.parametrize("heavy", ["sqlalchemy", "rich"])
def test_the_list_of_loaded_modules_would_show_a_heavy_one(heavy):
    """The test above can fail."""
    assert heavy in loaded_by(f"import edujournal, {heavy}")
