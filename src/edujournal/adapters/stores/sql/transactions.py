"""Transactions: of our own on an engine, or a savepoint inside the one that a host has begun."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any, Final, Protocol, TypeVar

from sqlalchemy import Connection, Engine

from edujournal.adapters.stores.sql.answers import answers, commit, retried
from edujournal.errors import BadInput

_Answer = TypeVar("_Answer")

#: Databases whose transactions of our own must not depend on what a host's engine is set to.
SERVERS: Final = ("postgresql", "mysql", "mariadb")


class Transactions(Protocol):
    """Where the store's statements run."""

    where: str
    dialect: str

    def ask(self, question: Callable[[Connection], _Answer]) -> _Answer:
        """Run a function that only reads."""

    def tell(self, act: Callable[[Connection], _Answer]) -> _Answer:
        """Run a function that writes; what it wrote is kept when this returns."""

    def held(
        self, first: Callable[[Connection], _Answer]
    ) -> AbstractContextManager[tuple[Connection, _Answer]]:
        """Run *first*, and hold the transaction until the block ends; it is kept if that ends well."""

    def reading(self, first: Callable[[Connection], _Answer]) -> AbstractContextManager[_Answer]:
        """Run *first*, and hold a transaction that only reads until the block ends."""

    def outside(self, doing: Callable[[Connection], object]) -> None:
        """Run what can only be run outside of any transaction; inside a host's it is left out."""

    def close(self) -> None:
        """Give back what is ours."""


class OwnTransactions:
    """A transaction for every call, on an engine.

    Args:
        engine: The engine.
        owned: It is ours: to be closed with the store.
    """

    def __init__(self, engine: Engine, *, owned: bool) -> None:
        self.where = engine.url.render_as_string(hide_password=True)
        self.dialect = engine.dialect.name
        self.engine = engine
        self._owned = owned
        # A host's engine may commit by itself, or work on snapshots that a lock does not renew.
        self._engine = (
            engine
            if owned or self.dialect not in SERVERS
            else engine.execution_options(isolation_level="READ COMMITTED")
        )

    def ask(self, question: Callable[[Connection], _Answer]) -> _Answer:
        """See :meth:`Transactions.ask`."""
        return retried(lambda: self._run(question, writes=False), self.where)

    def tell(self, act: Callable[[Connection], _Answer]) -> _Answer:
        """See :meth:`Transactions.tell`."""
        return retried(lambda: self._run(act, writes=True), self.where)

    @contextmanager
    def held(self, first: Callable[[Connection], _Answer]) -> Iterator[tuple[Connection, _Answer]]:
        """See :meth:`Transactions.held`."""
        stack, connection, found = retried(lambda: self._entered(first, writes=True), self.where)
        with answers(self.where), stack:
            yield connection, found

    @contextmanager
    def reading(self, first: Callable[[Connection], _Answer]) -> Iterator[_Answer]:
        """See :meth:`Transactions.reading`."""
        stack, _, found = retried(lambda: self._entered(first, writes=False), self.where)
        with answers(self.where), stack:
            yield found

    def outside(self, doing: Callable[[Connection], object]) -> None:
        """See :meth:`Transactions.outside`."""
        with answers(self.where), self.engine.connect() as connection:
            doing(connection)

    def close(self) -> None:
        """See :meth:`Transactions.close`."""
        if self._owned:
            self.engine.dispose()

    def _run(self, doing: Callable[[Connection], _Answer], *, writes: bool) -> _Answer:
        with begun(self._engine, self.where, writes=writes) as connection:
            return doing(connection)

    def _entered(
        self, first: Callable[[Connection], _Answer], *, writes: bool
    ) -> tuple[ExitStack, Connection, _Answer]:
        with ExitStack() as stack:
            connection = stack.enter_context(begun(self._engine, self.where, writes=writes))
            found = first(connection)
            return stack.pop_all(), connection, found


class JoinedTransactions:
    """Savepoints inside the transaction of a host, who commits or rolls back.

    Args:
        connect: Gives the host's connection.
    """

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        engine = connect().engine
        self.where = engine.url.render_as_string(hide_password=True)
        self.dialect = engine.dialect.name

    def ask(self, question: Callable[[Connection], _Answer]) -> _Answer:
        """See :meth:`Transactions.ask`."""
        with answers(self.where):
            return question(self._connect())

    def tell(self, act: Callable[[Connection], _Answer]) -> _Answer:
        """See :meth:`Transactions.tell`."""
        with self.held(act) as (_, found):
            return found

    @contextmanager
    def held(self, first: Callable[[Connection], _Answer]) -> Iterator[tuple[Connection, _Answer]]:
        """See :meth:`Transactions.held`."""
        connection = self._connect()
        with answers(self.where):
            join(connection)
            with connection.begin_nested():
                yield connection, first(connection)

    @contextmanager
    def reading(self, first: Callable[[Connection], _Answer]) -> Iterator[_Answer]:
        """See :meth:`Transactions.reading`."""
        connection = self._connect()
        with answers(self.where):
            if self.dialect in SERVERS:
                # A cursor of the server's lives inside of a transaction only.
                join(connection)
            yield first(connection)

    def outside(self, doing: Callable[[Connection], object]) -> None:
        """See :meth:`Transactions.outside`: the host's transaction goes on."""

    def close(self) -> None:
        """See :meth:`Transactions.close`: nothing here is ours."""


@contextmanager
def begun(engine: Engine, where: str, *, writes: bool) -> Iterator[Connection]:
    """Begin a transaction; on SQLite by ourselves, so that a writer waits before it reads.

    Raises:
        UnknownOutcome: The connection was lost while it was being committed.
    """
    with engine.connect() as connection, begun_on(connection, where, writes=writes):
        yield connection


@contextmanager
def begun_on(connection: Connection, where: str, *, writes: bool) -> Iterator[None]:
    """As :func:`begun`, on a connection that is there."""
    transaction = connection.begin()
    try:
        begin_sqlite(connection, writes=writes)
        yield
    except BaseException:
        transaction.rollback()
        raise
    if writes:
        try:
            commit(transaction, where)
        except BaseException:
            # The database may still be in the transaction and hold its locks, and SQLAlchemy would
            # put such a connection back into the pool.
            connection.invalidate()
            raise
    else:
        transaction.rollback()


def begin_sqlite(connection: Connection, *, writes: bool) -> None:
    """Begin on SQLite, which waits for a writer before it reads only when it is told so."""
    if connection.dialect.name != "sqlite":
        return
    # A host's connection may be in a transaction that the driver began by itself.
    if driver_of(connection).in_transaction:
        connection.exec_driver_sql("COMMIT")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def join(connection: Connection) -> None:
    """Make sure that there is a transaction to join.

    Raises:
        BadInput: Every statement of this connection is committed by itself.
    """
    driver = driver_of(connection)
    if connection.dialect.name == "sqlite":
        # Without one, the end of our savepoint would be the end of the transaction: a commit.
        if not driver.in_transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    alone = connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT"
    autocommit = getattr(driver, "autocommit", None)
    # A property of psycopg, a method of PyMySQL, which has the state elsewhere.
    if callable(autocommit):
        autocommit = driver.get_autocommit()
    if alone or autocommit is True:
        raise BadInput(
            "a connection that commits every statement by itself",
            expected="a transaction in progress",
            found="AUTOCOMMIT",
            mend="Begin a transaction, or hand in the engine.",
        )


def driver_of(connection: Connection) -> Any:
    """The driver's own connection."""
    return connection.connection.driver_connection
