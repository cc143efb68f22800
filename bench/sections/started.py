"""The start: what an import costs in a fresh interpreter, and a command from its start to its end."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.book import ENTRIES_A_LESSON, book
from bench.figures import Section
from bench.measure import Way, measured
from bench.school import BOOK, SCHOOL
from bench.size import Size
from edujournal.adapters.stores.files import FileStore

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


#: What the command `edujournal` is, for an interpreter that is given it.
_COMMAND: Final = "import sys; from edujournal.cli import main; sys.exit(main())"


def commands(folder: Path) -> list[tuple[str, list[str], bool]]:
    """What is run from start to end: title, arguments of an interpreter, whether it is edujournal.

    Args:
        folder: Where a store is made for those that need one.
    """
    with FileStore(folder / "books") as store:
        store.append(SCHOOL, BOOK, book(ENTRIES_A_LESSON).records, 0)
    ours = (
        ("edujournal --version", ["--version"]),
        ("edujournal explain after-close", ["explain", "after-close"]),
        (f"edujournal verify, of {ENTRIES_A_LESSON} entries in files",
         ["verify", "--store", f"file:{folder / 'books'}"]),
    )  # fmt: skip
    return [
        ("python -c pass", ["-c", "pass"], False),
        ("the same, and import attrs, cattrs, pendulum", ["-c", STARTS[0][1]], False),
        *(
            (
                f"the modules of {title} imported, and nothing done",
                ["-c", _imports(arguments)],
                False,
            )
            for title, arguments in ours
        ),
        *((title, ["-c", _COMMAND, *arguments], True) for title, arguments in ours),
    ]


@cache
def loaded(*arguments: str) -> list[str]:
    """The modules that a command has loaded when it is done, in the order in which they came."""
    telling = _COMMAND.replace("sys.exit(main())", "main(); print(*sys.modules)")
    return ran(["-c", telling, *arguments]).splitlines()[-1].split()


def _imports(arguments: Sequence[str]) -> str:
    """A program that imports what a command imports, but for what Python brings itself."""
    own = [
        name
        for name in loaded(*arguments)
        if name.partition(".")[0] not in sys.stdlib_module_names and not name.startswith("_")
    ]
    return f"import importlib\nfor name in {own}: importlib.import_module(name)"


def ran(arguments: Sequence[str]) -> str:
    """Run an interpreter; give what it has printed.

    Raises:
        CalledProcessError: It ended with another code than 0.
    """
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, encoding="utf-8", check=True
    )
    return done.stdout


def command(size: Size) -> Section:
    """A process from its start to its end."""
    with TemporaryDirectory(dir=size.folder) as folder:
        ways = [
            Way(title, _run(arguments), ours=ours)
            for title, arguments, ours in commands(Path(folder))
        ]
        return measured(
            "command",
            "A command answers",
            "process",
            ways,
            size.starts,
            ("Everything is counted, from the start of the process to its end.",),
        )


def _run(arguments: Sequence[str]) -> Callable[[], Callable[[], object]]:
    return lambda: lambda: ran(arguments)
