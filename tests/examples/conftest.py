"""The examples as a reader runs them: a script, its arguments, and the JSON on its last line."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"

Run = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def run_example() -> Run:
    """Run one example; give what its last line says. Only where it is *told* may it say why and how."""

    def run(name: str, *arguments: str, told: bool = False) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, EXAMPLES / name / "run.py", *arguments, "--json"],
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert 0 == done.returncode, done.stderr
        assert told or "" == done.stderr
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found

    return run
