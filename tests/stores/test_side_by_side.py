"""Memory is the model: files and SQLite answer as it does, whatever is done to them."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import mkdtemp

import pytest
from attrs import evolve
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from edujournal.adapters.stores.files import FileStore
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.adapters.stores.sql import SqlStore
from edujournal.testing.machines import StoresSideBySide

SHARED = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a folder of its own there


class ThreeStores(StoresSideBySide):
    """The three stores of the package, each on a new place."""

    def open_places(self):
        """One folder for each example, taken away afterwards."""
        # In memory where there is such a place: what survives the loss of power is tested elsewhere.
        self.folder = Path(mkdtemp(dir=SHARED if SHARED.is_dir() else None))
        memory = MemoryStore(timeout=self.timeout)
        url = f"sqlite:///{self.folder / 'journal.db'}"
        return {
            "memory": lambda: memory,
            "files": lambda: FileStore(self.folder / "files", timeout=self.timeout),
            "sqlite": lambda: SqlStore(url, timeout=self.timeout),
        }

    def teardown(self):
        """Close, then take the folder away."""
        super().teardown()
        shutil.rmtree(self.folder)


def test_memory_files_and_sqlite_give_the_same_answers():
    """Heads, records, tails, keys, documents and errors are identical after every step."""
    run_state_machine_as_test(
        ThreeStores, settings=settings(max_examples=50, stateful_step_count=30)
    )


def test_the_machine_tells_stores_apart():
    """A store that forgets the private part of what it keeps is caught."""

    class Forgetful(MemoryStore):
        """Loses what lies beside the body."""

        def append(self, school, book, records, expect):
            """Keep half."""
            super().append(school, book, [evolve(r, private=None) for r in records], expect)

    class WithAFool(ThreeStores):
        """The model and the fool."""

        def open_places(self):
            """Two places."""
            places = super().open_places()
            fool = Forgetful(timeout=self.timeout)
            return {"memory": places["memory"], "fool": lambda: fool}

    with pytest.raises(AssertionError, match="fool"):
        run_state_machine_as_test(WithAFool, settings=settings(max_examples=200))
