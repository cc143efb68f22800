"""The two commands at the head of the README are the ones that are run."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def commands() -> list[str]:
    """The command lines of the README's first block."""
    readme = (ROOT / "README.md").read_text("utf-8")
    block = re.search(r"```console\n(.*?)```", readme, re.DOTALL)
    assert block is not None
    return [line for line in block[1].splitlines() if line and not line.startswith("#")]


def test_the_readme_begins_with_two_commands():
    """The first does the main job, the second runs the tests."""
    job, tests = commands()

    assert job.endswith("edujournal tour")
    assert tests.endswith("nox")


def test_continuous_integration_runs_the_second_command():
    """What a newcomer is told to type is what `.ci/run` types."""
    script = (ROOT / ".ci" / "run").read_text("utf-8")

    assert commands()[1] in script
