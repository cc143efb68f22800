"""Transactions for those who await: the same functions of a connection, run beside the event loop's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    AsyncExitStack,
    ExitStack,
    asynccontextmanager,
)
from types import TracebackType
from typing import Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from edujournal.adapters.stores.sql.answers import answers, retried_async
from edujournal.adapters.stores.sql.transactions import SERVERS, begun_on, join

_Answer = TypeVar("_Answer")


class AsyncTransactions(Protocol):
    """Where the statements of an asynchronous store run; see ``transactions.Transactions``."""

    where: str

    async def ask(self, question: Callable[[Connection], _Answer]) -> _Answer:
        """Run a function that only reads."""

    async def tell(self, act: Callable[[Connection], _Answer]) -> _Answer:
        """Run a function that writes; what it wrote is kept when this returns."""

    def held(
        self, first: Callable[[Connection], _Answer]
    ) -> AbstractAsyncContextManager[tuple[AsyncConnection, _Answer]]:
        """Run *first*, and hold the transaction until the block ends; it is kept if that ends well."""

    async def outside(self, doing: Callable[[Connection], object]) -> None:
        """Run what can only be run outside of any transaction; inside a host's it is left out."""

    async def close(self) -> None:
        """Give back what is ours."""


class AsyncOwnTransactions:
    """A transaction for every call, on an asynchronous engine.

    Args:
        engine: The engine.
        owned: It is ours: to be closed with the store.
    """

    def __init__(self, engine: AsyncEngine, *, owned: bool) -> None:
        self.where = engine.url.render_as_string(hide_password=True)
        self.engine = engine
        self._owned = owned
        self._engine = (
            engine
            if owned or engine.dialect.name not in SERVERS
            else engine.execution_options(isolation_level="READ COMMITTED")
        )

    async def ask(self, question: Callable[[Connection], _Answer]) -> _Answer:
        """See :meth:`AsyncTransactions.ask`."""
        return await retried_async(lambda: self._run(question, writes=False), self.where)

    async def tell(self, act: Callable[[Connection], _Answer]) -> _Answer:
        """See :meth:`AsyncTransactions.tell`."""
        return await retried_async(lambda: self._run(act, writes=True), self.where)

    @asynccontextmanager
    async def held(
        self, first: Callable[[Connection], _Answer]
    ) -> AsyncIterator[tuple[AsyncConnection, _Answer]]:
        """See :meth:`AsyncTransactions.held`."""
        stack, connection, found = await retried_async(lambda: self._entered(first), self.where)
        with answers(self.where):
            async with stack:
                yield connection, found

    async def outside(self, doing: Callable[[Connection], object]) -> None:
        """See :meth:`AsyncTransactions.outside`."""
        with answers(self.where):
            async with self.engine.connect() as connection:
                await connection.run_sync(doing)

    async def close(self) -> None:
        """See :meth:`AsyncTransactions.close`."""
        if self._owned:
            await self.engine.dispose()

    async def _run(self, doing: Callable[[Connection], _Answer], *, writes: bool) -> _Answer:
        def whole(connection: Connection) -> _Answer:
            with begun_on(connection, self.where, writes=writes):
                return doing(connection)

        async with self._engine.connect() as connection:
            return await connection.run_sync(whole)

    async def _entered(
        self, first: Callable[[Connection], _Answer]
    ) -> tuple[AsyncExitStack, AsyncConnection, _Answer]:
        async with AsyncExitStack() as stack:
            connection = await stack.enter_async_context(self._engine.connect())
            found = await enter(
                stack,
                connection,
                lambda sync: begun_on(sync, self.where, writes=True),
                first,
            )
            return stack.pop_all(), connection, found


class AsyncJoinedTransactions:
    """Savepoints inside the transaction of a host, who commits or rolls back.

    Args:
        connect: Gives the host's connection.
        where: What the database is called.
    """

    def __init__(self, connect: Callable[[], Awaitable[AsyncConnection]], where: str) -> None:
        self.where = where
        self._connect = connect

    async def ask(self, question: Callable[[Connection], _Answer]) -> _Answer:
        """See :meth:`AsyncTransactions.ask`."""
        with answers(self.where):
            return await (await self._connect()).run_sync(question)

    async def tell(self, act: Callable[[Connection], _Answer]) -> _Answer:
        """See :meth:`AsyncTransactions.tell`."""
        async with self.held(act) as (_, found):
            return found

    @asynccontextmanager
    async def held(
        self, first: Callable[[Connection], _Answer]
    ) -> AsyncIterator[tuple[AsyncConnection, _Answer]]:
        """See :meth:`AsyncTransactions.held`."""
        with answers(self.where):
            connection = await self._connect()
            await connection.run_sync(join)
            async with AsyncExitStack() as stack:
                found = await enter(stack, connection, lambda sync: sync.begin_nested(), first)
                yield connection, found

    async def outside(self, doing: Callable[[Connection], object]) -> None:
        """See :meth:`AsyncTransactions.outside`: the host's transaction goes on."""

    async def close(self) -> None:
        """See :meth:`AsyncTransactions.close`: nothing here is ours."""


async def enter(
    stack: AsyncExitStack,
    connection: AsyncConnection,
    begin: Callable[[Connection], AbstractContextManager[object]],
    first: Callable[[Connection], _Answer],
) -> _Answer:
    """Begin on a connection and run *first*; the stack ends what was begun, well or not."""
    inside = ExitStack()

    def beginning(sync: Connection) -> _Answer:
        inside.enter_context(begin(sync))
        return first(sync)

    async def end(
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await connection.run_sync(lambda _: inside.__exit__(kind, error, trace))

    stack.push_async_exit(end)
    return await connection.run_sync(beginning)
