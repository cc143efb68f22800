"""Memory is the model: files and databases answer as it does, whatever is done to them."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import ClassVar

import pytest
from attrs import evolve
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import URL

from edujournal.adapters.stores.files import FileStore
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.adapters.stores.sql import SqlStore
from edujournal.testing.machines import StoresSideBySide
from tests.servers import emptied

pytestmark = pytest.mark.search

SHARED = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a folder of its own there


class Stores(StoresSideBySide):
    """Memory, files and SQLite, each on a new place, and the servers of a test."""

    #: Empty databases by name; emptied again for each example.
    servers: ClassVar[dict[str, URL]] = {}

    def open_places(self):
        """One folder for each example, taken away afterwards."""
        # In memory where there is such a place: what survives the loss of power is tested elsewhere.
        self.folder = Path(mkdtemp(dir=SHARED if SHARED.is_dir() else None))
        memory = MemoryStore(timeout=self.timeout)
        for server in self.servers.values():
            emptied(server)
        url = f"sqlite:///{self.folder / 'journal.db'}"
        return {
            "memory": lambda: memory,
            "files": lambda: FileStore(self.folder / "files", timeout=self.timeout),
            "sqlite": lambda: SqlStore(url, timeout=self.timeout),
            # MariaDB counts whole seconds, and 0 as not to wait.
            **{name: partial(SqlStore, url, timeout=0) for name, url in self.servers.items()},
        }

    def teardown(self):
        """Close, then take the folder away."""
        super().teardown()
        shutil.rmtree(self.folder)


def test_memory_files_and_sqlite_give_the_same_answers():
    """Heads, records, tails, keys, documents and errors are identical after every step."""
    run_state_machine_as_test(Stores, settings=settings(max_examples=50, stateful_step_count=30))


@pytest.mark.parametrize("name", ["postgresql", "mariadb"])
def test_memory_and_a_server_give_the_same_answers(name, request):
    """What holds for memory, files and SQLite holds for PostgreSQL and MariaDB."""

    class WithServer(Stores):
        """With one server more."""

        servers: ClassVar = {name: request.getfixturevalue(name)}

    run_state_machine_as_test(
        WithServer, settings=settings(max_examples=20, stateful_step_count=30)
    )


def test_the_machine_tells_stores_apart():
    """A store that forgets the private part of what it keeps is caught."""

    class Forgetful(MemoryStore):
        """Loses what lies beside the body."""

        def append(self, school, book, records, expect):
            """Keep half."""
            super().append(school, book, [evolve(r, private=None) for r in records], expect)

    class WithAFool(Stores):
        """The model and the fool."""

        def open_places(self):
            """Two places."""
            places = super().open_places()
            fool = Forgetful(timeout=self.timeout)
            return {"memory": places["memory"], "fool": lambda: fool}

    with pytest.raises(AssertionError, match="fool"):
        run_state_machine_as_test(WithAFool, settings=settings(max_examples=200))
