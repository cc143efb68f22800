"""The SQL store: entries, keys and head in one transaction, the head's row locked first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Final, Self

from sqlalchemy import (
    Connection,
    Engine,
    bindparam,
    exc,
    insert,
    inspect,
    select,
    union,
    update,
)
from sqlalchemy.engine import URL

from edujournal.adapters.stores.acts import (
    LONGEST_DOCUMENT,
    LONGEST_SCHOOL,
    Act,
    check_batch,
    check_links,
    check_name,
    check_number,
    check_numbers,
    check_place,
)
from edujournal.adapters.stores.sql.engines import (
    answers,
    begun,
    check_sqlite,
    engine_for,
)
from edujournal.adapters.stores.sql.erasing import empty_log, erase
from edujournal.adapters.stores.sql.tables import (
    FORMAT,
    RECORD_COLUMNS,
    VERSION,
    Tables,
    head_of,
    key_row_of,
    record_of,
    row_of,
)
from edujournal.errors import (
    BadInput,
    StaleHead,
    StoreBusy,
    StoreDamaged,
    StoreTooNew,
)
from edujournal.ledger.records import ZERO_HASH, Head, Record

#: Records read in one short transaction.
PAGE: Final = 1000


class SqlStore:
    """Keeps books in an SQL database. Safe to share between threads and processes.

    A writer locks the head of its book before it reads; readers wait for nobody and read page by
    page, each page a short transaction of its own.

    *Version added: 0.1.*

    Args:
        bind: URL of the database, or an engine that the host keeps.
        prefix: Begins the name of every table.
        schema: Schema of the database; None for its default.
        create: Make the tables when they are missing; False where the host migrates them.
        timeout: Seconds to wait for another writer before :class:`StoreBusy` (SQLite).

    Raises:
        BadInput: Not a database, or its tables are missing and *create* is False.
        StoreTooNew: A later version of the library made the tables.
        StoreError: The database cannot be used; see ``edujournal.errors``.
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
        if not isinstance(bind, (str, URL, Engine)):
            raise BadInput(
                "not a database", expected="a URL or an Engine", found=type(bind).__name__
            )
        self._owned = not isinstance(bind, Engine)
        engine = bind if isinstance(bind, Engine) else engine_for(bind, timeout)
        self._where = engine.url.render_as_string(hide_password=True)
        self._engine = engine
        self._sqlite = engine.dialect.name == "sqlite"
        self.tables = Tables(engine.dialect.name, prefix=prefix, schema=schema)
        self._schema = schema
        self._compose()
        try:
            self._open(create)
        except BaseException:
            self.close()
            raise

    def books(self, school: str) -> Iterable[tuple[str, Head]]:
        """See :meth:`edujournal.ports.Store.books`."""
        check_name(school, "school", LONGEST_SCHOOL)
        with self._reading() as connection:
            rows = connection.execute(self._all_heads, {"_school": school}).all()
        return [(row.book, head_of(row.book, row)) for row in rows]

    def head(self, school: str, book: str) -> Head:
        """See :meth:`edujournal.ports.Store.head`."""
        check_place(school, book)
        with self._reading() as connection:
            return self._head(connection, school, book)

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
        with self._writing() as connection:
            head, exists = self._lock_head(connection, school, book)
            if head.number != expect:
                raise StaleHead(book, expect, head.number)
            check_links(head, batch)
            self._put(connection, school, book, batch, head, exists=exists)

    @contextmanager
    def writing(self, school: str, book: str, after: int) -> Iterator[Act]:
        """See :meth:`edujournal.ports.Writes.writing`."""
        check_place(school, book)
        check_number(after, "number of a record")
        with self._writing() as connection:
            head, exists = self._lock_head(connection, school, book)

            def tail_of(other: str, number: int) -> tuple[Record, ...]:
                with answers(self._where):
                    return tuple(self._pages(connection, school, other, number))

            act = Act(book, head, after, tail_of)
            try:
                yield act
            finally:
                batch = act.close()
            self._put(connection, school, book, batch, head, exists=exists)

    def find_key(self, school: str, account: str, key: str) -> Sequence[tuple[str, int]]:
        """See :meth:`edujournal.ports.FindsKeys.find_key`."""
        check_name(school, "school", LONGEST_SCHOOL)
        place = {"_school": school, "_account": account, "_key": key}
        with self._reading() as connection:
            return [(book, number) for book, number in connection.execute(self._find_key, place)]

    def erase(self, school: str, book: str, numbers: Collection[int]) -> int:
        """See :meth:`edujournal.ports.Erases.erase`."""
        check_place(school, book)
        with self._writing() as connection:
            head, _ = self._lock_head(connection, school, book)
            wanted = check_numbers(book, numbers, head)
            erased = erase(connection, self.tables, school, book, wanted)
        if self._sqlite and erased:
            with answers(self._where), self._engine.connect() as connection:
                empty_log(connection)
        return erased

    def schools(self) -> Iterable[str]:
        """See :meth:`edujournal.ports.Keeps.schools`."""
        with self._reading() as connection:
            return list(connection.execute(self._all_schools).scalars())

    def keep(self, school: str, name: str, content: bytes) -> None:
        """See :meth:`edujournal.ports.Keeps.keep`."""
        check_name(school, "school", LONGEST_SCHOOL)
        check_name(name, "document", LONGEST_DOCUMENT)
        place = {"_school": school, "_name": name}
        with self._writing() as connection:
            changed = connection.execute(
                self._replace_document, {**place, "_content": bytes(content)}
            )
            if not changed.rowcount:
                row = {"school": school, "name": name, "content": bytes(content)}
                connection.execute(insert(self.tables.documents), row)

    def kept(self, school: str, name: str) -> bytes | None:
        """See :meth:`edujournal.ports.Keeps.kept`."""
        check_name(school, "school", LONGEST_SCHOOL)
        check_name(name, "document", LONGEST_DOCUMENT)
        place = {"_school": school, "_name": name}
        with self._reading() as connection:
            content: bytes | None = connection.execute(self._document, place).scalar_one_or_none()
        return content

    def close(self) -> None:
        """Give the connections back; an engine of the host's stays open."""
        if self._owned:
            self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # -- statements ------------------------------------------------------------------------------

    def _compose(self) -> None:
        """Build each statement once; SQLAlchemy then compiles it once."""
        heads, entries, keys = self.tables.heads, self.tables.entries, self.tables.keys
        documents = self.tables.documents
        mine = heads.c.school == bindparam("_school")
        this = mine & (heads.c.book == bindparam("_book"))
        self._one_head = select(heads.c.number, heads.c.hash).where(this)
        self._locked_head = self._one_head.with_for_update()
        self._all_heads = (
            select(heads.c.book, heads.c.number, heads.c.hash)
            .where(mine, heads.c.number > 0)
            .order_by(heads.c.book)
        )
        self._move_head = (
            update(heads)
            .where(this, heads.c.number == bindparam("_expect"))
            .values(number=bindparam("_number"), hash=bindparam("_hash"))
        )
        self._page = (
            select(*(entries.c[name] for name in RECORD_COLUMNS))
            .where(
                entries.c.school == bindparam("_school"),
                entries.c.book == bindparam("_book"),
                entries.c.number > bindparam("_after"),
            )
            .order_by(entries.c.number)
            .limit(PAGE)
        )
        self._find_key = (
            select(keys.c.book, keys.c.number)
            .where(
                keys.c.school == bindparam("_school"),
                keys.c.account == bindparam("_account"),
                keys.c.client_key == bindparam("_key"),
            )
            .order_by(keys.c.book, keys.c.number)
        )
        named = (documents.c.school == bindparam("_school")) & (
            documents.c.name == bindparam("_name")
        )
        self._document = select(documents.c.content).where(named)
        self._replace_document = (
            update(documents).where(named).values(content=bindparam("_content"))
        )
        schools = union(
            select(heads.c.school).where(heads.c.number > 0), select(documents.c.school)
        ).subquery()
        self._all_schools = select(schools.c.school).order_by(schools.c.school)

    # -- opening ---------------------------------------------------------------------------------

    def _open(self, create: bool) -> None:
        with self._reading() as connection:
            if self._sqlite:
                check_sqlite(connection)
            version = None
            found = inspect(connection).has_table(self.tables.format.name, schema=self._schema)
            if found:
                version = self._version(connection)
        if not found and create:
            version = self._create()
        if version is None:
            raise BadInput(
                "the database has no tables of ours",
                where=self._where,
                mend="Create them with store.tables.metadata, or open with create=True.",
            )
        if version > VERSION:
            raise StoreTooNew(
                "the tables were made by a later version of the library",
                where=self._where,
                expected=f"format {VERSION} or older",
                found=f"format {version}",
                mend="Upgrade edujournal.",
            )

    def _create(self) -> int | None:
        with self._writing() as connection:
            self.tables.metadata.create_all(connection)
            version = self._version(connection)
            if version is None:
                row = {"name": FORMAT, "version": VERSION}
                connection.execute(insert(self.tables.format), row)
            return version or VERSION

    def _version(self, connection: Connection) -> int | None:
        table = self.tables.format
        found = select(table.c.version).where(table.c.name == FORMAT)
        version: int | None = connection.execute(found).scalar_one_or_none()
        return version

    # -- transactions ----------------------------------------------------------------------------

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with answers(self._where), begun(self._engine, writes=False) as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with answers(self._where), begun(self._engine, writes=True) as connection:
            yield connection

    def _head(self, connection: Connection, school: str, book: str) -> Head:
        row = connection.execute(self._one_head, {"_school": school, "_book": book}).one_or_none()
        return Head() if row is None else head_of(book, row)

    def _lock_head(self, connection: Connection, school: str, book: str) -> tuple[Head, bool]:
        """Lock the row of the head before anything is read; tell whether there is one."""
        place = {"_school": school, "_book": book}
        row = connection.execute(self._locked_head, place).one_or_none()
        if row is None and not self._sqlite:
            # Two first writers: the second waits here for the first one's row.
            first = {"school": school, "book": book, "number": 0, "hash": ZERO_HASH}
            try:
                with connection.begin_nested():
                    connection.execute(insert(self.tables.heads), first)
            except exc.IntegrityError:
                row = connection.execute(self._locked_head, place).one()
            else:
                return Head(), True
        return (Head(), False) if row is None else (head_of(book, row), True)

    def _put(
        self,
        connection: Connection,
        school: str,
        book: str,
        batch: Sequence[Record],
        head: Head,
        *,
        exists: bool,
    ) -> None:
        if not batch:
            return
        last = batch[-1]
        keyed = [key_row_of(school, record) for record in batch if record.index.key is not None]
        with answers(f"{self._where} {book}"):
            connection.execute(insert(self.tables.entries), [row_of(school, r) for r in batch])
            if keyed:
                connection.execute(insert(self.tables.keys), keyed)
            if exists:
                place = {"_school": school, "_book": book, "_expect": head.number}
                moved = connection.execute(
                    self._move_head, {**place, "_number": last.number, "_hash": last.hash}
                )
                if moved.rowcount != 1:
                    raise StoreBusy("the head was moved in spite of its lock", where=book)
            else:
                row = {"school": school, "book": book, "number": last.number, "hash": last.hash}
                connection.execute(insert(self.tables.heads), row)

    # -- reading ---------------------------------------------------------------------------------

    def _records(self, school: str, book: str, after: int) -> Iterator[Record]:
        """Read page by page, holding no connection while the caller works."""
        head, last = None, after
        while True:
            with self._reading() as connection:
                head = head or self._head(connection, school, book)
                rows = self._rows(connection, school, book, last)
            yield from _dense(book, rows, last)
            last = rows[-1].number if rows else last
            if len(rows) < PAGE:
                break
        _check_end(book, head, after, last)

    def _pages(
        self, connection: Connection, school: str, book: str, after: int
    ) -> Iterator[Record]:
        """Read inside a transaction that the caller holds."""
        head, last = self._head(connection, school, book), after
        while True:
            rows = self._rows(connection, school, book, last)
            yield from _dense(book, rows, last)
            last = rows[-1].number if rows else last
            if len(rows) < PAGE:
                break
        _check_end(book, head, after, last)

    def _rows(self, connection: Connection, school: str, book: str, after: int) -> Sequence[Any]:
        place = {"_school": school, "_book": book, "_after": after}
        return connection.execute(self._page, place).all()


def _dense(book: str, rows: Sequence[Any], last: int) -> Iterator[Record]:
    """Make records of *rows*; stop before the first whose predecessor is not there."""
    for row in rows:
        record = record_of(book, row)
        last += 1
        if record.number != last:
            raise StoreDamaged(
                "a record is missing",
                where=f"{book}:{last}",
                expected=f"record {last}",
                found=f"record {record.number}",
            )
        yield record


def _check_end(book: str, head: Head, after: int, last: int) -> None:
    if last < head.number and after < head.number:
        raise StoreDamaged(
            "the end of the book is missing",
            where=f"{book}:{last + 1}",
            expected=f"record {head.number} at the end",
            found=f"record {last}" if last else "no record",
        )
