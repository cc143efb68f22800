"""The adapters of the package answer the same questions alike."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine

from edujournal.adapters.schools import PlainSchool, from_plain, keep, kept_school, to_plain
from edujournal.adapters.schools.documents import from_json, to_json
from edujournal.adapters.schools.sql import SqlSchool, save
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.testing.schools import SchoolTests

pytestmark = pytest.mark.search


class TestSql(SchoolTests):
    """Rows in SQL tables."""

    @pytest.fixture
    def make_school(self):
        """A database in memory; each school replaces the one before it."""
        engine = create_engine("sqlite://")

        def make(plain):
            save(engine, plain)
            return SqlSchool(engine, plain.id)

        yield make
        engine.dispose()


class TestDocument(SchoolTests):
    """One document beside the books."""

    @pytest.fixture
    def make_school(self):
        """A store in memory."""

        def make(plain):
            store = MemoryStore()
            keep(store, plain)
            return kept_school(store, plain.id)

        return make


class TestPlainForm(SchoolTests):
    """Plain values, without any file."""

    @pytest.fixture
    def make_school(self):
        """There and back."""
        return lambda plain: from_plain(to_plain(plain))


class TestShuffled(SchoolTests):
    """The same rows handed over in another order are the same school."""

    @pytest.fixture
    def make_school(self):
        """Every list turned round."""

        def make(plain):
            found = PlainSchool(
                plain.id,
                plain.calendars()[::-1],
                plain.lessons()[::-1],
                plain.memberships()[::-1] * 2,
                plain.assignments()[::-1] * 2,
                plain.accounts()[::-1],
                dict(reversed(plain.names.items())),
                plain.lacks,
                plain.sessions()[::-1] * 2,
            )
            assert plain == found
            assert to_json(plain) == to_json(found)
            assert plain == from_json(to_json(found))
            return found

        return make
