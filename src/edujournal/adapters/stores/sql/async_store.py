"""The SQL store for asynchronous hosts: the same statements on SQLAlchemy's asynchronous engines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from copy import copy
from functools import partial
from types import TracebackType
from typing import Any, Self

from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    async_scoped_session,
)

from edujournal.adapters.stores.acts import (
    LONGEST_DOCUMENT,
    LONGEST_SCHOOL,
    Act,
    check_batch,
    check_name,
    check_number,
    check_place,
)
from edujournal.adapters.stores.sql.async_transactions import (
    AsyncJoinedTransactions,
    AsyncOwnTransactions,
    AsyncTransactions,
)
from edujournal.adapters.stores.sql.engines import async_engine_for
from edujournal.adapters.stores.sql.erasing import empty_log
from edujournal.adapters.stores.sql.formats import tables_of, what_to_make
from edujournal.adapters.stores.sql.rows import PAGE, Rows, check_end
from edujournal.adapters.stores.sql.tables import Tables
from edujournal.errors import BadInput
from edujournal.ledger.records import Head, Record

#: A transaction of the host's.
Joinable = AsyncConnection | AsyncSession | async_scoped_session[Any]


class AsyncSqlStore:
    """Keeps books in an SQL database, for hosts that wait with ``await``.

    Does what :class:`SqlStore` does, with the same tables. Tables and settings are looked at by the
    first call, or by ``async with``. Used by the tasks of one event loop.

    *Version added: 0.1.*

    Args:
        bind: URL of the database, such as ``sqlite:///school.db`` (aiosqlite), ``postgresql://…``
            (psycopg) or ``postgresql+asyncpg://…``; an asynchronous engine that the host keeps; or an
            asynchronous connection or session with the host's transaction.
        prefix: Begins the name of every table.
        schema: Schema of the database; None for its default.
        partitions: On PostgreSQL, into how many hash partitions by school new tables are split.
        create: Make the tables when they are missing; False where the host migrates them. Inside a
            host's transaction they are never made.
        timeout: Seconds to wait for another writer before :class:`StoreBusy`.

    Raises:
        BadInput: Not a database that can be awaited.
        MissingExtra: The driver of the database is not installed.
    """

    def __init__(
        self,
        bind: str | URL | AsyncEngine | Joinable,
        *,
        prefix: str = "edujournal_",
        schema: str | None = None,
        partitions: int = 0,
        create: bool = True,
        timeout: float = 5.0,
    ) -> None:
        self._transactions = _bound(bind, timeout)
        self._joins = isinstance(self._transactions, AsyncJoinedTransactions)
        self._make_tables = partial(Tables, prefix=prefix, schema=schema, partitions=partitions)
        self._create = create and not self._joins
        self._opening = asyncio.Lock()
        self._rows: Rows | None = None

    async def within(self, bind: Joinable) -> Self:
        """Give this store inside a transaction of the host's; see :meth:`SqlStore.within`.

        Raises:
            BadInput: Not an asynchronous connection or session.
        """
        rows = await self._ready()
        joined = copy(self)
        joined.__dict__.update(
            _transactions=_joined(bind), _rows=Rows(rows.tables, rows.dialect, joins=True)
        )
        return joined

    async def tables(self) -> Tables:
        """The tables, for the host's migrations."""
        return (await self._ready()).tables

    async def books(self, school: str) -> Iterable[tuple[str, Head]]:
        """See :meth:`edujournal.ports.Store.books`."""
        check_name(school, "school", LONGEST_SCHOOL)
        rows = await self._ready()
        return await self._transactions.ask(partial(rows.books, school=school))

    async def head(self, school: str, book: str) -> Head:
        """See :meth:`edujournal.ports.Store.head`."""
        check_place(school, book)
        rows = await self._ready()
        return await self._transactions.ask(partial(rows.head, school=school, book=book))

    async def read(self, school: str, book: str, after: int = 0) -> Sequence[Record]:
        """See :meth:`edujournal.ports.Store.read`."""
        check_place(school, book)
        check_number(after, "number of a record")
        rows = await self._ready()
        head = await self.head(school, book)
        found: list[Record] = []
        last = after
        while True:
            page = partial(rows.page, school=school, book=book, after=last)
            records, damage = await self._transactions.ask(page)
            if damage is not None:
                raise damage
            found += records
            last = records[-1].number if records else last
            if len(records) < PAGE:
                check_end(book, head, after, last)
                return found

    async def append(self, school: str, book: str, records: Sequence[Record], expect: int) -> None:
        """See :meth:`edujournal.ports.Store.append`."""
        check_place(school, book)
        check_number(expect, "number of a record")
        batch = check_batch(book, records, expect)
        rows = await self._ready()
        await self._transactions.tell(
            lambda connection: rows.append(connection, school, book, batch, expect)
        )

    @asynccontextmanager
    async def writing(self, school: str, book: str, after: int) -> AsyncIterator[AsyncAct]:
        """See :meth:`edujournal.ports.AsyncWrites.writing`."""
        check_place(school, book)
        check_number(after, "number of a record")
        rows = await self._ready()
        begin = self._transactions.held(
            lambda connection: rows.act(connection, school, book, after)
        )
        async with begin as (connection, (act, exists)):
            head = act.head
            try:
                yield AsyncAct(act, connection)
            finally:
                act.close()
            await connection.run_sync(
                lambda sync: rows.end_act(sync, school, act, head, exists=exists)
            )

    async def follow(self, school: str, after: int = 0) -> AsyncIterator[tuple[int, Record]]:
        """See :meth:`edujournal.ports.Tails.follow`."""
        check_name(school, "school", LONGEST_SCHOOL)
        check_number(after, "position")
        rows = await self._ready()
        while True:
            page = partial(rows.following, school=school, after=after)
            found, damage = await self._transactions.ask(page)
            for place in found:
                yield place
            if damage is not None:
                raise damage
            if len(found) < PAGE:
                return
            after = found[-1][0]

    async def find_key(self, school: str, account: str, key: str) -> Sequence[tuple[str, int]]:
        """See :meth:`edujournal.ports.FindsKeys.find_key`."""
        check_name(school, "school", LONGEST_SCHOOL)
        rows = await self._ready()
        ask = partial(rows.find_key, school=school, account=account, key=key)
        return await self._transactions.ask(ask)

    async def erase(self, school: str, book: str, numbers: Collection[int]) -> int:
        """See :meth:`edujournal.ports.Erases.erase`."""
        check_place(school, book)
        rows = await self._ready()
        erased = await self._transactions.tell(
            lambda connection: rows.erase(connection, school, book, numbers)
        )
        if erased and rows.dialect == "sqlite":
            await self._transactions.outside(empty_log)
        return erased

    async def schools(self) -> Iterable[str]:
        """See :meth:`edujournal.ports.Keeps.schools`."""
        rows = await self._ready()
        return await self._transactions.ask(rows.schools)

    async def keep(self, school: str, name: str, content: bytes) -> None:
        """See :meth:`edujournal.ports.Keeps.keep`."""
        check_name(school, "school", LONGEST_SCHOOL)
        check_name(name, "document", LONGEST_DOCUMENT)
        rows = await self._ready()
        await self._transactions.tell(
            lambda connection: rows.keep(connection, school, name, content)
        )

    async def kept(self, school: str, name: str) -> bytes | None:
        """See :meth:`edujournal.ports.Keeps.kept`."""
        check_name(school, "school", LONGEST_SCHOOL)
        check_name(name, "document", LONGEST_DOCUMENT)
        rows = await self._ready()
        return await self._transactions.ask(partial(rows.kept, school=school, name=name))

    async def close(self) -> None:
        """Close the connections that are ours; what the host handed in stays."""
        await self._transactions.close()

    async def __aenter__(self) -> Self:
        try:
            await self._ready()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def _ready(self) -> Rows:
        """Look once at the settings and the tables, and make them if they are to be made."""
        if self._rows is None:
            async with self._opening:
                if self._rows is None:
                    self._rows = await self._opened()
        return self._rows

    async def _opened(self) -> Rows:
        tables, version = await self._transactions.ask(partial(tables_of, make=self._make_tables))
        made = what_to_make(version, self._transactions.where, create=self._create)
        if made is not None:
            await self._transactions.tell(lambda connection: made(connection, tables))
        return Rows(tables, tables.dialect, joins=self._joins)


class AsyncAct:
    """A book locked for one act of an asynchronous host; see :class:`edujournal.ports.AsyncWriting`.

    Args:
        act: The act.
        connection: The transaction that it is in.
    """

    def __init__(self, act: Act, connection: AsyncConnection) -> None:
        self._act = act
        self._connection = connection

    @property
    def tail(self) -> Sequence[Record]:
        """The records after the number that the caller already knew."""
        return self._act.tail

    async def tail_of(self, book: str, after: int) -> Sequence[Record]:
        """The records of another book after a number, as they stand inside the lock."""
        return await self._connection.run_sync(lambda _: self._act.tail_of(book, after))

    async def append(self, records: Sequence[Record]) -> None:
        """Add *records* to the act; they are kept when the block ends without error."""
        self._act.append(records)


def _bound(bind: Any, timeout: float) -> AsyncTransactions:
    if isinstance(bind, (str, URL)):
        return AsyncOwnTransactions(async_engine_for(bind, timeout), owned=True)
    if isinstance(bind, AsyncEngine):
        return AsyncOwnTransactions(bind, owned=False)
    return _joined(bind)


def _joined(bind: Any) -> AsyncJoinedTransactions:
    if isinstance(bind, AsyncConnection):
        connection = bind

        async def itself() -> AsyncConnection:
            return connection

        where = connection.engine.url.render_as_string(hide_password=True)
        return AsyncJoinedTransactions(itself, where)
    if isinstance(bind, (AsyncSession, async_scoped_session)):
        return AsyncJoinedTransactions(bind.connection, "session")
    raise BadInput(
        "not a database that can be awaited",
        where="store",
        expected="a URL, an AsyncEngine, an AsyncConnection or an AsyncSession",
        found=type(bind).__name__,
    )
