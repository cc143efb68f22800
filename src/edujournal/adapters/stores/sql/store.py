"""The SQL store: entries, keys and head in one transaction, the head's row locked first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import URL

from edujournal.adapters.stores.acts import (
    LONGEST_DOCUMENT,
    LONGEST_SCHOOL,
    ProjectingAct,
    check_batch,
    check_name,
    check_number,
    check_place,
    projection_name,
)
from edujournal.adapters.stores.sql.answers import answers
from edujournal.adapters.stores.sql.engines import engine_for
from edujournal.adapters.stores.sql.erasing import empty_log
from edujournal.adapters.stores.sql.formats import tables_of, what_to_make
from edujournal.adapters.stores.sql.rows import PAGE, Rows, check_end
from edujournal.adapters.stores.sql.tables import Tables
from edujournal.adapters.stores.sql.transactions import (
    JoinedTransactions,
    OwnTransactions,
    Transactions,
)
from edujournal.errors import BadInput, StoreDamaged
from edujournal.ledger.records import Head, Record

if TYPE_CHECKING:
    from sqlalchemy.orm import Session, scoped_session


class SqlStore:
    """Keeps books in an SQL database. Safe to share between threads and processes.

    A writer locks the head of its book before it reads; readers wait for nobody and read page by
    page, each page a short transaction of its own.

    Bound to an engine or a URL, every act is a transaction of its own. Bound to a connection or a
    session of the host's, every act is a savepoint in the host's transaction: the host commits.

    *Version added: 0.1.*

    Args:
        bind: URL of the database; an engine that the host keeps; or a connection or session with the
            host's transaction, as long as which the store may be used, and by one thread.
        prefix: Begins the name of every table.
        schema: Schema of the database; None for its default.
        partitions: On PostgreSQL, into how many hash partitions by school new tables are split.
        create: Make the tables when they are missing; False where the host migrates them. Inside a
            host's transaction they are never made.
        timeout: Seconds to wait for another writer before :class:`StoreBusy`. An engine, connection
            or session of the host's waits as it was told to.

    Raises:
        BadInput: Not a database, or its tables are missing and are not to be made.
        MissingExtra: The driver of the database is not installed.
        StoreTooNew: A later version of the library made the tables.
        StoreUnwritable: It is out of reach, or set up to lose what it acknowledges.
        StoreError: The database cannot be used; see ``edujournal.errors``.
    """

    def __init__(
        self,
        bind: str | URL | Engine | Connection | Session | scoped_session[Any],
        *,
        prefix: str = "edujournal_",
        schema: str | None = None,
        partitions: int = 0,
        create: bool = True,
        timeout: float = 5.0,
    ) -> None:
        self._transactions = _bound(bind, timeout)
        joins = isinstance(self._transactions, JoinedTransactions)
        self._make_tables = partial(Tables, prefix=prefix, schema=schema, partitions=partitions)
        try:
            self._open(create and not joins)
            self._rows = Rows(self.tables, self.tables.dialect, joins=joins)
        except BaseException:
            self.close()
            raise

    def within(self, bind: Connection | Session | scoped_session[Any]) -> Self:
        """Give this store inside a transaction of the host's, without asking the database anything.

        Every act is a savepoint there; the host commits or rolls back.

        Raises:
            BadInput: Not a connection or session.
        """
        joined = copy(self)
        joined.__dict__.update(
            _transactions=_joined(bind), _rows=Rows(self.tables, self._rows.dialect, joins=True)
        )
        return joined

    def books(self, school: str) -> Iterable[tuple[str, Head]]:
        """See :meth:`edujournal.ports.Store.books`."""
        check_name(school, "school", LONGEST_SCHOOL)
        return self._transactions.ask(lambda connection: self._rows.books(connection, school))

    def head(self, school: str, book: str) -> Head:
        """See :meth:`edujournal.ports.Store.head`."""
        check_place(school, book)
        return self._transactions.ask(lambda connection: self._rows.head(connection, school, book))

    def read(self, school: str, book: str, after: int = 0) -> Iterator[Record]:
        """See :meth:`edujournal.ports.Store.read`."""
        check_place(school, book)
        check_number(after, "number of a record")
        return self._records(school, book, after)

    def append(self, school: str, book: str, records: Sequence[Record], expect: int) -> None:
        """See :meth:`edujournal.ports.Store.append`."""
        check_place(school, book)
        check_number(expect, "number of a record")
        batch = check_batch(book, records, expect)
        self._transactions.tell(
            lambda connection: self._rows.append(connection, school, book, batch, expect)
        )

    @contextmanager
    def writing(self, school: str, book: str, after: int) -> Iterator[ProjectingAct]:
        """See :meth:`edujournal.ports.Writes.writing`."""
        check_place(school, book)
        check_number(after, "number of a record")
        begin = self._transactions.held(
            lambda connection: self._rows.act(connection, school, book, after)
        )
        with begin as (connection, (act, exists)):
            head = act.head
            try:
                yield act
            finally:
                act.close()
            self._rows.end_act(connection, school, act, head, exists=exists)

    def projection(self, school: str, book: str, view: str) -> bytes | None:
        """See :meth:`edujournal.ports.Projects.projection`."""
        return self.kept(school, projection_name(book, view))

    def find_key(self, school: str, account: str, key: str) -> Sequence[tuple[str, int]]:
        """See :meth:`edujournal.ports.FindsKeys.find_key`."""
        check_name(school, "school", LONGEST_SCHOOL)
        return self._transactions.ask(
            lambda connection: self._rows.find_key(connection, school, account, key)
        )

    def follow(self, school: str, after: int = 0) -> Iterator[tuple[int, Record]]:
        """See :meth:`edujournal.ports.Tails.follow`."""
        check_name(school, "school", LONGEST_SCHOOL)
        check_number(after, "position")
        return self._followed(school, after)

    def scan(self, school: str) -> Iterator[Sequence[Record]]:
        """See :meth:`edujournal.scanning.Scans.scan`: one statement, fetched page by page.

        On MariaDB nothing else can be asked on the connection of a host's before the end has come.
        """
        check_name(school, "school", LONGEST_SCHOOL)
        return self._scanned(school)

    def erase(self, school: str, book: str, numbers: Collection[int]) -> int:
        """See :meth:`edujournal.ports.Erases.erase`."""
        check_place(school, book)
        erased = self._transactions.tell(
            lambda connection: self._rows.erase(connection, school, book, numbers)
        )
        if erased and self._rows.dialect == "sqlite":
            self._transactions.outside(empty_log)
        return erased

    def schools(self) -> Iterable[str]:
        """See :meth:`edujournal.ports.Keeps.schools`."""
        return self._transactions.ask(self._rows.schools)

    def keep(self, school: str, name: str, content: bytes) -> None:
        """See :meth:`edujournal.ports.Keeps.keep`."""
        check_name(school, "school", LONGEST_SCHOOL)
        check_name(name, "document", LONGEST_DOCUMENT)
        self._transactions.tell(
            lambda connection: self._rows.keep(connection, school, name, content)
        )

    def kept(self, school: str, name: str) -> bytes | None:
        """See :meth:`edujournal.ports.Keeps.kept`."""
        check_name(school, "school", LONGEST_SCHOOL)
        check_name(name, "document", LONGEST_DOCUMENT)
        return self._transactions.ask(lambda connection: self._rows.kept(connection, school, name))

    def close(self) -> None:
        """Close the connections that are ours; an engine, connection or session of the host's stays."""
        self._transactions.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # -- inside ----------------------------------------------------------------------------------

    def _open(self, create: bool) -> None:
        self.tables, version = self._transactions.ask(partial(tables_of, make=self._make_tables))
        made = what_to_make(version, self._transactions.where, create=create)
        if made is not None:
            self._transactions.tell(lambda connection: made(connection, self.tables))

    def _records(self, school: str, book: str, after: int) -> Iterator[Record]:
        """Read page by page, holding no connection while the caller works."""

        def page(
            connection: Connection, at: int, head: Head | None
        ) -> tuple[Head, list[Record], StoreDamaged | None]:
            head = head or self._rows.head(connection, school, book)
            return head, *self._rows.page(connection, school, book, at)

        head, last = None, after
        while True:
            head, records, damage = self._transactions.ask(partial(page, at=last, head=head))
            yield from records
            if damage is not None:
                raise damage
            last = records[-1].number if records else last
            if len(records) < PAGE:
                break
        check_end(book, head, after, last)

    def _scanned(self, school: str) -> Iterator[Sequence[Record]]:
        begin = self._transactions.reading(
            lambda connection: self._rows.begin_scan(connection, school)
        )
        with begin as found:
            yield from self._rows.scanned(found)

    def _followed(self, school: str, after: int) -> Iterator[tuple[int, Record]]:
        while True:
            found, damage = self._transactions.ask(
                partial(self._rows.following, school=school, after=after)
            )
            yield from found
            if damage is not None:
                raise damage
            if len(found) < PAGE:
                return
            after = found[-1][0]


def _bound(bind: Any, timeout: float) -> Transactions:
    if isinstance(bind, (str, URL)):
        return OwnTransactions(engine_for(bind, timeout), owned=True)
    if isinstance(bind, Engine):
        return OwnTransactions(bind, owned=False)
    return _joined(bind)


def _joined(bind: Any) -> JoinedTransactions:
    if isinstance(bind, Connection):
        connection = bind
        with answers(connection.engine.url.render_as_string(hide_password=True)):
            return JoinedTransactions(lambda: connection)
    # A session, or a proxy of one; the ORM is not imported for those who do not use it.
    if not callable(getattr(bind, "connection", None)) or not hasattr(bind, "begin_nested"):
        raise BadInput(
            "not a database",
            where="store",
            expected="a URL, an Engine, a Connection or a Session",
            found=type(bind).__name__,
        )
    with answers("session"):
        return JoinedTransactions(bind.connection)
