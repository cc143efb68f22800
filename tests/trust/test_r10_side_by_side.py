"""trust-R10: memory, files and databases give the same heads, records and errors, step by step."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import ClassVar

import hypothesis
import pytest
from hypothesis import settings
from hypothesis.stateful import invariant, run_state_machine_as_test
from sqlalchemy import URL

from edujournal.adapters.stores.files import FileStore
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.adapters.stores.sql import SqlStore
from edujournal.testing.machines import StoresSideBySide
from tests.figures import cases, figure, seed
from tests.servers import emptied

SHARED = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a folder of its own there
PARTS = 6
STEPS = 50


class Counted(StoresSideBySide):
    """Counts examples and steps; begins each example with empty stores."""

    timeout = 0.001
    counts: ClassVar[dict[str, int]]

    def open_places(self):
        """One new folder of files; databases whose tables are emptied."""
        self.counts["examples"] += 1
        self.folder = Path(mkdtemp(dir=SHARED if SHARED.is_dir() else None))
        memory = MemoryStore(timeout=self.timeout)
        return {
            "memory": lambda: memory,
            "files": lambda: FileStore(self.folder, timeout=self.timeout, segment=3000),
            **{name: opening() for name, opening in self.databases().items()},
        }

    def databases(self):
        """Name → a function that empties a database and gives what opens it."""
        raise AssertionError("which ones?")

    @invariant()
    def counted(self):
        """One step more."""
        self.counts["steps"] += 1

    def teardown(self):
        """Close, then take the folder away."""
        super().teardown()
        shutil.rmtree(self.folder)


def run(machine, wanted, part):
    """Run so many examples from a seed of their own; count them."""
    machine.counts = {"examples": 0, "steps": 0}
    run_state_machine_as_test(
        hypothesis.seed(seed(part))(machine),
        settings=settings(
            max_examples=wanted, stateful_step_count=STEPS, derandomize=False, database=None
        ),
    )
    assert machine.counts["examples"] >= wanted
    return machine.counts


@pytest.mark.parametrize("part", range(PARTS))
def test_memory_files_and_sqlite_give_the_same_answers(part, tmp_path):
    """2,000 scripts of up to 50 steps: heads, records, tails, keys, documents and errors are the same."""
    url = f"sqlite:///{SHARED / tmp_path.name if SHARED.is_dir() else tmp_path}-{part}.db"
    kept = SqlStore(url, timeout=Counted.timeout)

    class Machine(Counted):
        """With SQLite."""

        def databases(self):
            """One, whose store is opened once: what is opened again are its connections."""
            return {"sqlite": opening}

    def opening():
        with kept._transactions.engine.begin() as connection:
            for table in reversed(kept.tables.metadata.sorted_tables):
                if not table.name.endswith("_format"):
                    connection.execute(table.delete())
        return lambda: kept

    try:
        counts = run(Machine, max(10, -(-cases(2_000, 50_000) // PARTS)), part)
    finally:
        kept.close()
        for path in Path(url.removeprefix("sqlite:///")).parent.glob(f"{tmp_path.name}-{part}.db*"):
            path.unlink()
    figure("R10", "memory, files and SQLite: scripts", counts["examples"])
    figure("R10", "memory, files and SQLite: steps", counts["steps"])
    figure("R10", "answers that differed", 0)


@pytest.mark.parametrize("name", ["postgresql", "mariadb"])
def test_memory_files_and_a_server_give_the_same_answers(name, request):
    """The same with a server."""
    url: URL = request.getfixturevalue(name)

    class Machine(Counted):
        """With the server."""

        def databases(self):
            """One."""
            return {name: opening}

    def opening():
        emptied(url)
        # MariaDB counts whole seconds, and 0 as not to wait.
        return partial(SqlStore, url, timeout=0)

    counts = run(Machine, max(5, cases(40, 2_000)), 0)
    figure("R10", f"memory, files and {name}: scripts", counts["examples"])
    figure("R10", f"memory, files and {name}: steps", counts["steps"])
