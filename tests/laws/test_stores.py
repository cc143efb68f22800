"""Law 3: memory, files and SQLite keep the same journals: heads, receipts, verdicts, findings, errors."""

from __future__ import annotations

import asyncio
import shutil
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import ClassVar

import pytest
from attrs import evolve
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import URL

import edujournal as ej
from edujournal.adapters.stores.files import FileStore
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.adapters.stores.sql import SqlStore
from edujournal.testing import strategies as some
from edujournal.testing.clocks import CountedSalts, StandingClock
from edujournal.testing.journal_machines import JournalsSideBySide
from edujournal.testing.scripts import playing, resolved
from tests.servers import emptied

SHARED = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a folder of its own there

FEW = settings(max_examples=max(1, settings().max_examples // 8))


class Stores(JournalsSideBySide):
    """Every store of the package, each on a new place, and one that can do no more than it must."""

    #: Empty databases by name; emptied again for each example.
    servers: ClassVar[dict[str, URL]] = {}

    def open_places(self):
        """One folder for each example, taken away afterwards."""
        self.folder = Path(mkdtemp(dir=SHARED if SHARED.is_dir() else None))
        memory, least = MemoryStore(), FourMethods(MemoryStore())
        url = f"sqlite:///{self.folder / 'journal.db'}"
        for server in self.servers.values():
            emptied(server)
        return {
            "memory": lambda: memory,
            "files": lambda: FileStore(self.folder / "files"),
            "sqlite": lambda: SqlStore(url),
            "four methods": lambda: least,
            **{name: partial(SqlStore, server) for name, server in self.servers.items()},
        }

    def teardown(self):
        """Compare and close, then take the folder away."""
        try:
            super().teardown()
        finally:
            shutil.rmtree(getattr(self, "folder", ""), ignore_errors=True)


class FourMethods:
    """A store without any capability but that of erasing, for which there is no other way."""

    def __init__(self, inner):
        self.books, self.head = inner.books, inner.head
        self.read, self.append = inner.read, inner.append
        self.erase = inner.erase
        self._inner = inner

    def close(self):
        """Let go of what is held."""
        getattr(self._inner, "close", lambda: None)()


@pytest.mark.counted
def test_every_store_keeps_the_same_journals():
    """Whatever two handles do in turn, every store leads to the same answers and the same bytes."""
    run_state_machine_as_test(Stores, settings=settings(FEW, stateful_step_count=20))


@pytest.mark.parametrize("name", ["postgresql", "mariadb"])
def test_a_server_keeps_the_same_journals(name, request):
    """What holds for memory, files and SQLite holds for PostgreSQL and MariaDB."""

    class WithServer(Stores):
        """With one server more."""

        servers: ClassVar = {name: request.getfixturevalue(name)}

    run_state_machine_as_test(WithServer, settings=settings(FEW, stateful_step_count=10))


class Forgetful(FourMethods):
    """Loses what lies beside the body."""

    def __init__(self, inner):
        super().__init__(inner)
        self.append = lambda school, book, records, expect: inner.append(
            school, book, [evolve(one, private=None) for one in records], expect
        )


class Hoarding(FourMethods):
    """Says that texts are destroyed, and keeps them."""

    def __init__(self, inner):
        super().__init__(inner)
        self.erase = lambda school, book, numbers: len(numbers)


@pytest.mark.parametrize("fool", [Forgetful, Hoarding])
def test_the_machine_tells_journals_apart(fool):
    """A store that loses or keeps the private part of a record when it should not is caught."""

    class WithAFool(Stores):
        """The model and the fool."""

        def open_places(self):
            """Two places."""
            places = super().open_places()
            kept = fool(MemoryStore())
            return {"memory": places["memory"], "fool": lambda: kept}

    found = settings(
        max_examples=300, stateful_step_count=20, database=None,
        phases=[Phase.generate], report_multiple_bugs=False,
    )  # fmt: skip
    with pytest.raises(AssertionError, match="fool"):
        run_state_machine_as_test(WithAFool, settings=found)


@FEW
@given(data=st.data())
def test_who_waits_gets_the_same(opened, data):
    """Asynchronous journals give the same receipts, errors and heads as synchronous ones."""
    school = data.draw(some.working_schools())
    script = data.draw(some.scripts(school, opened.regulation, least=4, most=16))
    journals, clock = opened(school)
    waiting_clock = StandingClock()
    store = MemoryStore()
    waiting = ej.AsyncJournals(store, school, opened.regulation, waiting_clock, CountedSalts())

    async def record(act, drafts):
        try:
            return tuple(await waiting.record_many(drafts, act.by, act.key)), ""
        except ej.EdujournalError as error:
            return (), type(error).__name__

    async def run():
        for act in script:
            waiting_clock.set(act.at)
            drafts = resolved(journals, act)
            (played,) = playing(journals, clock, [act])
            if drafts:
                assert (played.receipts, played.error) == await record(act, drafts)

    asyncio.run(run())
    assert list(journals.store.books(school.id)) == list(store.books(school.id))
