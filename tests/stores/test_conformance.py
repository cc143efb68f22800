"""The stores of the package keep every promise of the kit."""

from __future__ import annotations

from typing import ClassVar

import pytest
from sqlalchemy import create_engine, event

from edujournal.adapters.stores.files import FileStore
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.adapters.stores.sql import SqlStore
from edujournal.ports import Projects
from edujournal.testing import Outlives, StoreTests


class TestMemory(StoreTests):
    """Books in lists."""

    lacks: ClassVar = {Outlives: "memory is gone with its process"}

    @pytest.fixture
    def make_store(self):
        """One place, opened again and again."""
        store = MemoryStore(timeout=0.5)
        return lambda: store


class TestFiles(StoreTests):
    """Books as files."""

    lacks: ClassVar = {Projects: "a document is a file, and is replaced by itself"}

    @pytest.fixture
    def make_store(self, tmp_path):
        """One place, opened again and again."""
        return lambda: FileStore(tmp_path / "store", timeout=0.5)


class TestSqlite(StoreTests):
    """Books in a database of one file."""

    @pytest.fixture
    def make_store(self, tmp_path):
        """One place, opened again and again."""
        return lambda: SqlStore(f"sqlite:///{tmp_path / 'journal.db'}", timeout=0.5)


class TestSqliteOfAHost(StoreTests):
    """Books in a database by way of an engine of the host's, where what it is asked can be counted."""

    @pytest.fixture
    def engine(self, tmp_path):
        """The host's engine."""
        engine = create_engine(f"sqlite:///{tmp_path / 'host.db'}")
        yield engine
        engine.dispose()

    @pytest.fixture
    def make_store(self, engine):
        """The same engine again and again."""
        return lambda: SqlStore(engine, timeout=0.5)

    @pytest.fixture
    def count_queries(self, engine):
        """Every statement."""
        asked = []
        event.listen(engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
        return lambda: len(asked)


class TestPostgresql(StoreTests):
    """Books on a PostgreSQL server."""

    @pytest.fixture
    def make_store(self, postgresql):
        """One schema, opened again and again."""
        return lambda: SqlStore(postgresql, timeout=0.5)


class TestMariadb(StoreTests):
    """Books on a MariaDB server."""

    @pytest.fixture
    def make_store(self, mariadb):
        """One database, opened again and again."""
        return lambda: SqlStore(mariadb, timeout=0.5)
