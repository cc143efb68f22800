"""The outbox in an SQL database: a row for each thread, and a head for each school."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from types import TracebackType
from typing import Any, Final, Self

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    delete,
    exc,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.mysql import LONGTEXT
from sqlalchemy.engine import URL
from sqlalchemy.sql.elements import ColumnElement

from edujournal.adapters.stores.acts import LONGEST_BOOK, LONGEST_SCHOOL
from edujournal.adapters.stores.sql.engines import engine_for
from edujournal.adapters.stores.sql.formats import alone
from edujournal.adapters.stores.sql.settings import check
from edujournal.adapters.stores.sql.tables import dialect_of, text_column
from edujournal.adapters.stores.sql.transactions import OwnTransactions
from edujournal.errors import StoreBusy
from edujournal.model.notices import (
    Notice,
    NoticeStatus,
    OutboxHead,
    notice_from_plain,
    notice_to_plain,
)

#: Values named in one statement.
_CHUNK: Final = 500

_TEXT: Final = Text().with_variant(LONGTEXT(), "mysql", "mariadb")


class OutboxTables:
    """The two tables of an outbox, for a host's own migrations.

    *Version added: 0.1.*

    Args:
        dialect: As :class:`~edujournal.adapters.stores.sql.Tables` takes it.
        prefix: Begins the name of each.
        schema: Schema of the database; None for its default.

    Attributes:
        metadata: Both of them.
        heads: How far the notices of each school have come.
        notices: The notices.
    """

    def __init__(
        self, dialect: str, *, prefix: str = "edujournal_", schema: str | None = None
    ) -> None:
        self.metadata = MetaData(schema=schema)
        self.heads = Table(
            f"{prefix}outbox_heads",
            self.metadata,
            Column("school", text_column(LONGEST_SCHOOL, dialect), nullable=False),
            Column("version", BigInteger, nullable=False),
            Column("seq", BigInteger, nullable=False),
            Column("reminded", BigInteger, nullable=False),
            Column("log_cursor", _TEXT, nullable=False),
            PrimaryKeyConstraint("school"),
            mysql_engine="InnoDB",
            mariadb_engine="InnoDB",
        )
        self.notices = Table(
            f"{prefix}outbox",
            self.metadata,
            Column("school", text_column(LONGEST_SCHOOL, dialect), nullable=False),
            Column("thread", text_column(64, dialect), nullable=False),
            Column("status", text_column(16, dialect), nullable=False),
            Column("seq", BigInteger, nullable=False),
            Column("book", text_column(LONGEST_BOOK, dialect), nullable=False),
            Column("number", BigInteger, nullable=False),
            Column("content", _TEXT, nullable=False),
            PrimaryKeyConstraint("school", "thread"),
            mysql_engine="InnoDB",
            mariadb_engine="InnoDB",
        )
        Index(
            f"{prefix}outbox_status", self.notices.c.school, self.notices.c.status,
            self.notices.c.seq,
        )  # fmt: skip
        Index(
            f"{prefix}outbox_book", self.notices.c.school, self.notices.c.book,
            self.notices.c.number,
        )  # fmt: skip


class SqlOutbox:
    """Keeps notices in an SQL database. Safe to share between threads and processes.

    *Version added: 0.1.*

    Args:
        bind: URL of the database, which may be that of the journals, or an engine that the host keeps.
        prefix: Begins the name of every table.
        schema: Schema of the database; None for its default.
        create: Make the tables when they are missing; False where the host migrates them.
        timeout: Seconds to wait for another writer; an engine of the host's waits as it was told to.

    Raises:
        BadInput: Not a database.
        MissingExtra: The driver of the database is not installed.
        StoreUnwritable: It is set up to lose what it acknowledges.
        StoreError: The database cannot be used.
    """

    def __init__(
        self,
        bind: str | URL | Engine,
        *,
        prefix: str = "edujournal_",
        schema: str | None = None,
        create: bool = True,
        timeout: float = 5.0,
    ) -> None:
        owned = not isinstance(bind, Engine)
        engine = bind if isinstance(bind, Engine) else engine_for(bind, timeout)
        self._transactions = OwnTransactions(engine, owned=owned)
        self.where = self._transactions.where
        try:
            self._transactions.ask(check)
            self.tables = OutboxTables(dialect_of(engine.dialect), prefix=prefix, schema=schema)
            if create:
                self._transactions.tell(self._create)
        except BaseException:
            self.close()
            raise

    def _create(self, connection: Connection) -> None:
        with alone(connection, self.tables.heads):
            self.tables.metadata.create_all(connection)

    def head(self, school: str) -> OutboxHead:
        """See :meth:`edujournal.ports.Outbox.head`."""
        return self._transactions.ask(lambda connection: self._head(connection, school))

    def notices(self, school: str, *statuses: NoticeStatus) -> Iterable[Notice]:
        """See :meth:`edujournal.ports.Outbox.notices`."""
        rows = self.tables.notices
        wanted = sorted({str(one) for one in statuses})
        return self._found([(rows.c.school == school) & rows.c.status.in_(wanted)])

    def find(self, school: str, threads: Collection[str]) -> Iterable[Notice]:
        """See :meth:`edujournal.ports.Outbox.find`."""
        rows = self.tables.notices
        chunks = _chunks(sorted(set(threads)))
        return self._found([(rows.c.school == school) & rows.c.thread.in_(one) for one in chunks])

    def about(self, school: str, book: str, numbers: Collection[int] | None) -> Iterable[Notice]:
        """See :meth:`edujournal.ports.Outbox.about`."""
        rows = self.tables.notices
        of_book = (rows.c.school == school) & (rows.c.book == book)
        if numbers is None:
            return self._found([of_book])
        chunks = _chunks(sorted(set(numbers)))
        return self._found([of_book & rows.c.number.in_(one) for one in chunks])

    def save(self, school: str, head: OutboxHead, notices: Iterable[Notice]) -> None:
        """See :meth:`edujournal.ports.Outbox.save`.

        Raises:
            StoreBusy: Somebody else sends the notices of this school.
            StoreError: It is not known what is kept.
        """
        some = {one.thread: one for one in notices}
        self._transactions.tell(
            lambda connection: self._save(connection, school, head, list(some.values()))
        )

    def close(self) -> None:
        """Close the connections that are ours."""
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

    def _head(self, connection: Connection, school: str) -> OutboxHead:
        heads = self.tables.heads
        row = connection.execute(select(heads).where(heads.c.school == school)).first()
        if row is None:
            return OutboxHead()
        return OutboxHead(row.version, row.log_cursor, row.seq, row.reminded)

    def _save(
        self, connection: Connection, school: str, head: OutboxHead, notices: Sequence[Notice]
    ) -> None:
        heads, rows = self.tables.heads, self.tables.notices
        values = {
            "version": head.version,
            "seq": head.seq,
            "reminded": head.reminded,
            "log_cursor": head.cursor,
        }
        if head.version == 1:
            if self._head(connection, school) != OutboxHead():
                raise _busy(school, head)
            try:
                with connection.begin_nested():
                    connection.execute(insert(heads), {"school": school} | values)
            except exc.IntegrityError as error:
                raise _busy(school, head) from error
        else:
            # The head's row is changed first, and so is locked until all is kept.
            changed = connection.execute(
                update(heads)
                .where(heads.c.school == school, heads.c.version == head.version - 1)
                .values(**values)
            )
            if changed.rowcount != 1:
                raise _busy(school, head)
        for some in _chunks(notices):
            threads = [one.thread for one in some]
            connection.execute(
                delete(rows).where(rows.c.school == school, rows.c.thread.in_(threads))
            )
            connection.execute(insert(rows), [_row(school, one) for one in some])

    def _found(self, conditions: Sequence[ColumnElement[bool]]) -> list[Notice]:
        rows = self.tables.notices

        def ask(connection: Connection) -> list[str]:
            return [
                text
                for one in conditions
                for text in connection.scalars(
                    select(rows.c.content).where(one).order_by(rows.c.seq)
                )
            ]

        found = self._transactions.ask(ask)
        return [notice_from_plain(json.loads(text), self.where) for text in found]


def _row(school: str, notice: Notice) -> dict[str, Any]:
    plain = notice_to_plain(notice)
    kept = {name: plain[name] for name in ("thread", "status", "seq", "book", "number")}
    return {"school": school, **kept, "content": json.dumps(plain, ensure_ascii=False)}


def _chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[first : first + _CHUNK] for first in range(0, len(values), _CHUNK))


def _busy(school: str, head: OutboxHead) -> StoreBusy:
    return StoreBusy(
        "somebody else sends the notices of this school", where=school,
        expected=f"act {head.version - 1}",
        mend="One tick at a time; what was left open goes with the next.",
    )  # fmt: skip
