"""The start: what an import costs in a fresh interpreter."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Final

from bench.figures import Section
from bench.measure import Way, measured
from bench.size import Size

#: What is timed: title, statement, whether it is edujournal, what must be installed.
STARTS: Final[tuple[tuple[str, str, bool, tuple[str, ...]], ...]] = (
    ("import attrs, cattrs, pendulum", "import attrs, cattrs, pendulum", False, ()),
    ("import pydantic, and its BaseModel", "from pydantic import BaseModel", False, ("pydantic",)),
    ("import sqlalchemy", "import sqlalchemy", False, ()),
    ("edujournal: import edujournal", "import edujournal", True, ()),
    (
        "edujournal: the same, and Journals and Mark",
        "from edujournal import Journals, Mark",
        True,
        (),
    ),
)


def _fresh(statement: str) -> Callable[[], Callable[[], object]]:
    """Run *statement* in an interpreter of its own, which tells how long it took."""
    program = (
        f"from time import perf_counter as now; begun = now(); {statement}; print(now() - begun)"
    )

    def run() -> float:
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        )
        return float(done.stdout)

    return lambda: run


def start(size: Size) -> Section:
    """Import edujournal, and what it is made of, each time in a fresh interpreter."""
    ways = [
        Way(title, _fresh(statement), ours=ours, needs=needs, clocked=True)
        for title, statement, ours, needs in STARTS
    ]
    return measured(
        "start",
        "Import in a fresh interpreter",
        "import",
        ways,
        size.starts,
        (
            "The interpreter's own start is not counted; byte code is there, as after an install.",
            "import edujournal loads the parts when they are asked for.",
        ),
    )
