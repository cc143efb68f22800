"""The SQL store for asynchronous hosts keeps the same promises, on the same tables."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from functools import partial

import pytest
from sqlalchemy import event, insert
from sqlalchemy.ext.asyncio import (
    AsyncSession,
    async_scoped_session,
    async_sessionmaker,
    create_async_engine,
)

import edujournal as ej
from edujournal.adapters.stores.sql import AsyncSqlStore, SqlStore
from edujournal.errors import BadInput, StaleHead, StoreUnwritable, UnknownOutcome
from edujournal.ledger.records import Head
from edujournal.ledger.verify import verify
from edujournal.ports import AsyncTails, AsyncWrites, Projects
from edujournal.testing import AsyncStoreTests
from edujournal.testing.clocks import CountedSalts, StandingClock
from edujournal.testing.records import BOOK, SCHOOL, head_of, make_record, make_records
from tests.proxies import CuttingProxy

FIVE = make_records(Head(), 5, text="Да", key="k")


#: What asynchronous journals do not ask for.
LACKS = {Projects: "views are kept by synchronous journals"}


class TestAsyncSqlite(AsyncStoreTests):
    """By aiosqlite."""

    lacks = LACKS

    @pytest.fixture
    def make_store(self, tmp_path):
        """One place, opened again and again."""
        url = f"sqlite:///{tmp_path / 'journal.db'}"
        return lambda: AsyncSqlStore(url, timeout=0.5)


class TestAsyncPostgresql(AsyncStoreTests):
    """By psycopg."""

    lacks = LACKS

    @pytest.fixture
    def make_store(self, postgresql):
        """One schema, opened again and again."""
        return lambda: AsyncSqlStore(postgresql, timeout=0.5)


class TestAsyncpg(AsyncStoreTests):
    """By asyncpg."""

    lacks = LACKS

    @pytest.fixture
    def make_store(self, postgresql):
        """One schema, opened again and again."""
        url, schema = by_asyncpg(postgresql)
        return lambda: AsyncSqlStore(url, schema=schema, timeout=0.5)


def by_asyncpg(url):
    """The same place by another driver, which takes no search path from a URL: URL and schema."""
    schema = url.query["options"].partition("search_path=")[2]
    return url.set(drivername="postgresql+asyncpg", query={}), schema


@pytest.fixture(params=["sqlite", "psycopg", "asyncpg"])
def place(request, tmp_path):
    """URL, and schema if it is named apart, of an empty place by each driver."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'journal.db'}", None
    url = request.getfixturevalue("postgresql")
    return (url, None) if request.param == "psycopg" else by_asyncpg(url)


@pytest.fixture
def opening(place):
    """Opens the store at the place."""
    url, schema = place
    return partial(AsyncSqlStore, url, schema=schema, timeout=30)


def test_a_store_that_is_awaited_has_the_capabilities(opening):
    """Writing and following are asked for by protocol."""
    store = opening()
    assert isinstance(store, AsyncWrites)
    assert isinstance(store, AsyncTails)
    asyncio.run(store.close())


def test_both_shells_write_the_same_bytes(opening, place, tmp_path):
    """The same script through both journals: the same receipts and heads; each reads the other's."""
    school = ej.samples.school()
    clock = StandingClock(datetime(2026, 9, 15, 6, tzinfo=UTC))

    def options():
        return {"regulation": "ru-school26-2023", "clock": clock, "entropy": CountedSalts("a")}

    script = [
        [ej.Mark(lesson="7A-alg-0915", pupil="p-17", kind="oral", value=5)],
        [ej.Topic(lesson="7A-alg-0915", topic="Дроби"),
         ej.Mark(lesson="7A-alg-0915", pupil="p-18", kind="oral", value=4)],
    ]  # fmt: skip

    async def run():
        async with opening() as store:
            journals = ej.AsyncJournals(store, school, **options())
            done = [
                await journals.record_many(drafts, by="t-ivanova", key=f"k{n}")
                for n, drafts in enumerate(script)
            ]
            with pytest.raises(ej.Refused):
                await journals.record(script[0][0], by="t-petrova")
            state = await journals.state(done[0][0].book)
            return done, list(await store.books(school.id)), state.number

    with SqlStore(f"sqlite:///{tmp_path / 'other.db'}") as other:
        plain = ej.Journals(other, school, **options())
        expected = [
            plain.record_many(drafts, by="t-ivanova", key=f"k{n}")
            for n, drafts in enumerate(script)
        ]
        with pytest.raises(ej.Refused):
            plain.record(script[0][0], by="t-petrova")
        done, books, number = asyncio.run(run())

        assert expected == done
        assert list(other.books(school.id)) == books
        assert 3 == number
    url, schema = place
    with SqlStore(str(url).replace("+asyncpg", "") if schema else url, schema=schema) as same:
        assert "L1" == verify(same, school.id).assurance
        assert books == list(same.books(school.id))


def test_tasks_at_once_lose_nothing(opening):
    """Forty tasks on one book: forty numbers, one chain."""

    async def run():
        async with opening() as store:

            async def one(n):
                async with store.writing(SCHOOL, BOOK, 0) as act:
                    before = head_of(act.tail)
                    await act.append([make_record(before, task=n)])

            await asyncio.gather(*map(one, range(40)))
            return await store.read(SCHOOL, BOOK), [n async for n, _ in store.follow(SCHOOL)]

    records, positions = asyncio.run(run())
    assert list(range(1, 41)) == [record.number for record in records] == positions


def test_a_task_that_is_cancelled_leaves_nothing_locked(opening):
    """A host that gives up in the middle of an act has written nothing, and others go on."""

    async def run():
        async with opening() as store:
            inside = asyncio.Event()

            async def one():
                async with store.writing(SCHOOL, BOOK, 0) as act:
                    await act.append(FIVE)
                    inside.set()
                    await asyncio.sleep(60)

            task = asyncio.create_task(one())
            await inside.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await store.append(SCHOOL, BOOK, FIVE[:1], 0)
            return await store.read(SCHOOL, BOOK)

    assert FIVE[:1] == asyncio.run(run())


@pytest.mark.parametrize("kind", ["connection", "session", "scoped session"])
def test_the_host_commits_both_or_neither(place, kind):
    """A record and the host's own row are kept together, or rolled back together."""
    url, schema = place
    asynchronous = str(url).replace("sqlite:", "sqlite+aiosqlite:") if not schema else url

    async def run(end):
        engine = create_async_engine(asynchronous)
        store = AsyncSqlStore(engine, schema=schema)
        documents = (await store.tables()).documents
        before = (await store.head(SCHOOL, BOOK)).number
        make = {
            "connection": engine.connect,
            "session": lambda: AsyncSession(engine),
            "scoped session": async_scoped_session(
                async_sessionmaker(engine), scopefunc=asyncio.current_task
            ),
        }[kind]
        async with make() as host:
            joined = await store.within(host)
            await host.execute(insert(documents), [{"school": end, "name": "n", "content": b""}])
            await joined.append(SCHOOL, BOOK, FIVE[:1], 0)
            with pytest.raises(StaleHead):
                await joined.append(SCHOOL, BOOK, FIVE[:1], 0)
            async with joined.writing(SCHOOL, BOOK, 0) as act:
                assert FIVE[:1] == list(act.tail) == list(await act.tail_of(BOOK, 0))
                await act.append(FIVE[1:])
            assert await joined.read(SCHOOL, BOOK) == FIVE
            await getattr(host, end)()
        found = before, await store.read(SCHOOL, BOOK), await store.kept(end, "n")
        await engine.dispose()
        return found

    assert (0, [], None) == asyncio.run(run("rollback"))
    assert (0, FIVE, b"") == asyncio.run(run("commit"))


def test_an_engine_of_the_host_that_may_lose_records_is_refused(postgresql):
    """Settings are read back by whoever waits, too; a store that was refused is refused again."""

    async def run():
        engine = create_async_engine(postgresql)

        @event.listens_for(engine.sync_engine, "connect")
        def connect(connection, _record):
            connection.cursor().execute("SET synchronous_commit = off")
            connection.commit()

        store = AsyncSqlStore(engine)
        for _ in range(2):
            with pytest.raises(StoreUnwritable, match="synchronous_commit off"):
                await store.head(SCHOOL, BOOK)
        await engine.dispose()

    asyncio.run(run())


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_commit_without_an_answer_is_told_and_resolved_by_the_key(postgresql, when):
    """The proxy cuts the connection at the commit: one clear error, and the repeat gives one entry."""
    proxy = CuttingProxy(postgresql.host, postgresql.port)
    school = ej.samples.school()

    async def run():
        async with AsyncSqlStore(postgresql.set(host="127.0.0.1", port=proxy.port)) as store:
            clock = StandingClock(datetime(2026, 9, 15, 6, tzinfo=UTC))
            journals = ej.AsyncJournals(store, school, "ru-school26-2023", clock=clock)
            mark = ej.Mark(lesson="7A-alg-0915", pupil="p-17", kind="oral", value=5)
            proxy.cut = when
            with pytest.raises(UnknownOutcome, match="same client key"):
                await journals.record(mark, by="t-ivanova", key="k")
            there = len(list(await store.books(school.id)))
            numbers = [
                (await journals.record(mark, by="t-ivanova", key="k")).number for _ in range(2)
            ]
            return there, numbers

    assert (int(when == "after"), [1, 1]) == asyncio.run(run())
    proxy.close()


@pytest.mark.parametrize(
    ("bind", "told"),
    [
        (None, "AsyncEngine"),
        ("mysql+pymysql://u@h/d", "cannot wait"),
        ("sqlite://", "gone with its connection"),
        ("nonsense://x", "unknown kind"),
    ],
)
def test_what_cannot_be_awaited_is_refused(bind, told):
    """At once, before anything is awaited."""
    with pytest.raises(BadInput, match=told):
        AsyncSqlStore(bind)


def test_a_missing_driver_is_named():
    """With the extra that brings it, where it is one of ours."""
    with pytest.raises(ej.MissingExtra, match="aioodbc"):
        AsyncSqlStore("mssql+aioodbc://u@h/d")
