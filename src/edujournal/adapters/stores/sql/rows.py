"""What is asked and told inside a transaction: the statements of the store, and what they answer.

The synchronous and the asynchronous store both run these functions; who begins and commits is theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Connection,
    Result,
    Table,
    bindparam,
    exc,
    insert,
    select,
    union,
    update,
)
from sqlalchemy.dialects import mysql, postgresql

from edujournal.adapters.stores.acts import ProjectingAct, check_links, check_numbers
from edujournal.adapters.stores.sql.erasing import erase
from edujournal.adapters.stores.sql.tables import (
    RECORD_COLUMNS,
    Tables,
    head_of,
    key_row_of,
    record_of,
    row_of,
)
from edujournal.errors import StaleHead, StoreBusy, StoreDamaged
from edujournal.ledger.records import ZERO_HASH, Head, Record

#: Records read in one short transaction.
PAGE: Final = 1000

#: A head that is locked, and whether it has a row.
LockedHead = tuple[Head, bool]


class Rows:
    """Every statement, built once, so that SQLAlchemy compiles it once.

    Args:
        tables: Where the books are kept.
        dialect: Name of the dialect.
        joins: A host has begun the transaction; what it has seen so far may be a snapshot.
    """

    def __init__(self, tables: Tables, dialect: str, *, joins: bool = False) -> None:
        self.tables = tables
        self.dialect = dialect
        self._joins = joins
        self._compose()

    # -- reading ---------------------------------------------------------------------------------

    def books(self, connection: Connection, school: str) -> list[tuple[str, Head]]:
        """Every book of *school* with its head."""
        rows = connection.execute(self._all_heads, {"_school": school}).all()
        return [(row.book, head_of(row.book, row)) for row in rows]

    def head(self, connection: Connection, school: str, book: str) -> Head:
        """Where *book* ends."""
        row = connection.execute(self._one_head, {"_school": school, "_book": book}).one_or_none()
        return Head() if row is None else head_of(book, row)

    def page(
        self, connection: Connection, school: str, book: str, after: int
    ) -> tuple[list[Record], StoreDamaged | None]:
        """At most :data:`PAGE` records after a number, and what is wrong with the next one."""
        return self._taken(connection, self._page, school, book, after)

    def tail(
        self, connection: Connection, school: str, book: str, after: int, head: Head | None = None
    ) -> tuple[Record, ...]:
        """All records after a number, as they stand inside the transaction.

        Args:
            connection: The transaction.
            school: Id of the school.
            book: Name of the book.
            after: Number that is known.
            head: Where the book ends, if it is locked.
        """
        statement = self._page if head is None else self._locked_page
        head = head or self.head(connection, school, book)
        found: list[Record] = []
        if after >= head.number:
            return ()
        last = after
        while True:
            records, damage = self._taken(connection, statement, school, book, last)
            if damage is not None:
                raise damage
            found += records
            last = records[-1].number if records else last
            if len(records) < PAGE:
                break
        check_end(book, head, after, last)
        return tuple(found)

    def find_key(
        self, connection: Connection, school: str, account: str, key: str
    ) -> list[tuple[str, int]]:
        """Book and number of every record that bears *key*."""
        place = {"_school": school, "_account": account, "_key": key}
        return [(book, number) for book, number in connection.execute(self._find_key, place)]

    def following(
        self, connection: Connection, school: str, after: int
    ) -> tuple[list[tuple[int, Record]], StoreDamaged | None]:
        """At most :data:`PAGE` records after a position, and what is wrong with the next one."""
        found: list[tuple[int, Record]] = []
        for position, book, *row in connection.execute(
            self._feed_page, {"_school": school, "_after": after}
        ):
            after += 1
            if position != after:
                return found, StoreDamaged(
                    "a record is missing",
                    where=f"{school}, position {after}",
                    found=f"position {position}, {book}:{row[0]}",
                )
            try:
                found.append((position, record_of(book, row)))
            except StoreDamaged as damage:
                return found, damage
        return found, None

    def begin_scan(self, connection: Connection, school: str) -> Result[Any]:
        """Ask for all records of *school* with the heads of their books, to be fetched by pages."""
        # Options of the statement: those of a connection would stay with it, and it may be a host's.
        options = {"stream_results": True, "yield_per": PAGE}
        return connection.execute(self._scan, {"_school": school}, execution_options=options)

    def scanned(self, result: Result[Any]) -> Iterator[list[Record]]:
        """What :meth:`begin_scan` asked for, at most :data:`PAGE` records at a time.

        Raises:
            StoreDamaged: A record is missing, or is none; those before it have come.
        """
        book, head, last = "", Head(), 0
        with result:
            for page in result.partitions():
                records: list[Record] = []
                try:
                    for found in page:
                        of_head, number, hash_, *row = tuple(found)
                        if of_head != book:
                            check_end(book, head, 0, last)
                            head = head_of(of_head, Head(number, hash_))
                            book, last = of_head, 0
                        if row[0] is None:  # a head of which no record is left
                            continue
                        record = record_of(book, row)
                        last += 1
                        if record.number != last:
                            raise _missing(book, last, record.number)
                        records.append(record)
                except StoreDamaged as damage:
                    if records:
                        yield records
                    raise damage from None
                if records:
                    yield records
        check_end(book, head, 0, last)

    def schools(self, connection: Connection) -> list[str]:
        """Every school that has something here."""
        return list(connection.execute(self._all_schools).scalars())

    def kept(self, connection: Connection, school: str, name: str) -> bytes | None:
        """A document, or None."""
        place = {"_school": school, "_name": name}
        content: bytes | None = connection.execute(self._document, place).scalar_one_or_none()
        return content

    def _taken(
        self, connection: Connection, statement: Any, school: str, book: str, after: int
    ) -> tuple[list[Record], StoreDamaged | None]:
        place = {"_school": school, "_book": book, "_after": after}
        found: list[Record] = []
        for row in connection.execute(statement, place).all():
            try:
                record = record_of(book, row)
            except StoreDamaged as damage:
                return found, damage
            after += 1
            if record.number != after:
                return found, _missing(book, after, record.number)
            found.append(record)
        return found, None

    # -- writing ---------------------------------------------------------------------------------

    def act(
        self, connection: Connection, school: str, book: str, after: int
    ) -> tuple[ProjectingAct, bool]:
        """Lock *book*, read its tail, and begin an act; tell whether its head has a row."""
        head, exists = self.lock_head(connection, school, book)

        def tail_of(other: str, number: int) -> tuple[Record, ...]:
            locked = head if other == book else None
            return self.tail(connection, school, other, number, locked)

        return ProjectingAct(book, head, after, tail_of), exists

    def end_act(
        self, connection: Connection, school: str, act: ProjectingAct, head: Head, *, exists: bool
    ) -> None:
        """Keep what an act has written after *head*, views first: the order of the school comes last."""
        for name, content in act.projected.items():
            self.keep(connection, school, name, content)
        self.put(connection, school, act.book, act.close(), head, exists=exists)

    def append(
        self, connection: Connection, school: str, book: str, batch: Sequence[Record], expect: int
    ) -> None:
        """Keep *batch* after the head, if that is number *expect*."""
        head, exists = self.lock_head(connection, school, book)
        if head.number != expect:
            raise StaleHead(book, expect, head.number)
        check_links(head, batch)
        self.put(connection, school, book, batch, head, exists=exists)

    def lock_head(self, connection: Connection, school: str, book: str) -> LockedHead:
        """Lock the row of the head before anything is read; tell whether there is one."""
        place = {"_school": school, "_book": book}
        if self.dialect == "sqlite":
            if self._joins:
                # The host's transaction may only have read so far: this waits for another writer.
                connection.execute(self._touch_head, place)
            row = connection.execute(self._one_head, place).one_or_none()
            return (Head(), False) if row is None else (head_of(book, row), True)
        row = connection.execute(self._locked_head, place).one_or_none()
        if row is None:
            # Two first writers: the second waits here for the first one's row.
            first = {"school": school, "book": book, "number": 0, "hash": ZERO_HASH}
            self._insert_once(connection, self.tables.heads, self._new_head, first)
            row = connection.execute(self._locked_head, place).one()
        return head_of(book, row), True

    def put(
        self,
        connection: Connection,
        school: str,
        book: str,
        batch: Sequence[Record],
        head: Head,
        *,
        exists: bool,
    ) -> None:
        """Keep *batch* after *head*, which is locked: entries, keys, head."""
        if not batch:
            return
        last = batch[-1]
        keyed = [key_row_of(school, record) for record in batch if record.index.key is not None]
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
        self.order(connection, school, book, head.number + 1, last.number)

    def order(self, connection: Connection, school: str, book: str, first: int, last: int) -> None:
        """Give records the next positions of their school.

        The school's row is locked from here to the commit, so that positions are in the order of the
        commits, and whoever sees one sees all before it. It comes last: nobody waits for more.
        """
        place = {"_school": school, "_count": last - first + 1}
        if not connection.execute(self._next_position, place).rowcount:
            row = {"school": school, "position": 0}
            self._insert_once(connection, self.tables.positions, self._new_position, row)
            connection.execute(self._next_position, place)
        span = {"_school": school, "_book": book, "_first": first, "_last": last}
        connection.execute(self._put_in_feed, span)

    def erase(
        self, connection: Connection, school: str, book: str, numbers: Collection[int]
    ) -> int:
        """Empty the private parts of records; give how many had one."""
        head, _ = self.lock_head(connection, school, book)
        wanted = check_numbers(book, numbers, head)
        return erase(connection, self.tables, school, book, wanted)

    def keep(self, connection: Connection, school: str, name: str, content: bytes) -> None:
        """Put a document in the place of the one that is there."""
        row = {"school": school, "name": name, "content": bytes(content)}
        if self._put_document is not None:
            connection.execute(self._put_document, row)
            return
        place = {"_school": school, "_name": name}
        changed = connection.execute(self._replace_document, {**place, "_content": bytes(content)})
        if not changed.rowcount:
            connection.execute(insert(self.tables.documents), row)

    def _insert_once(
        self, connection: Connection, table: Table, statement: Any, row: dict[str, Any]
    ) -> None:
        """Insert a row unless somebody else does; wait for whoever is about to."""
        if statement is not None:
            connection.execute(statement, row)
            return
        try:
            with connection.begin_nested():
                connection.execute(insert(table), row)
        except exc.IntegrityError:
            # The other's row is there, and is locked next.
            return

    # -- statements ------------------------------------------------------------------------------

    def _compose(self) -> None:
        heads, entries, keys = self.tables.heads, self.tables.entries, self.tables.keys
        documents = self.tables.documents
        mine = heads.c.school == bindparam("_school")
        this = mine & (heads.c.book == bindparam("_book"))
        self._one_head = select(heads.c.number, heads.c.hash).where(this)
        self._locked_head = self._one_head.with_for_update()
        self._touch_head = update(heads).where(this).values(number=heads.c.number)
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
        # A snapshot of MariaDB is older than the lock; a locking read is not.
        old = self._joins and self.dialect in ("mysql", "mariadb")
        self._locked_page = self._page.with_for_update(read=True) if old else self._page
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
        # Heads first: a book of which all records are gone is met as well.
        self._scan = (
            select(
                heads.c.book.label("of_head"),
                heads.c.number.label("head_number"),
                heads.c.hash.label("head_hash"),
                *(entries.c[name] for name in RECORD_COLUMNS),
            )
            .select_from(
                heads.outerjoin(
                    entries, (entries.c.school == heads.c.school) & (entries.c.book == heads.c.book)
                )
            )
            .where(mine, heads.c.number > 0)
            .order_by(heads.c.book, entries.c.number)
        )
        schools = union(
            select(heads.c.school).where(heads.c.number > 0), select(documents.c.school)
        ).subquery()
        self._all_schools = select(schools.c.school).order_by(schools.c.school)
        self._compose_new()
        self._compose_feed()

    def _compose_feed(self) -> None:
        positions, feed, entries = self.tables.positions, self.tables.feed, self.tables.entries
        mine = positions.c.school == bindparam("_school")
        self._next_position = (
            update(positions)
            .where(mine)
            .values(position=positions.c.position + bindparam("_count", type_=BigInteger))
        )
        self._put_in_feed = insert(feed).from_select(
            ["school", "position", "book", "first", "last"],
            select(
                positions.c.school,
                positions.c.position,
                bindparam("_book", type_=feed.c.book.type),
                bindparam("_first", type_=BigInteger),
                bindparam("_last", type_=BigInteger),
            ).where(mine),
        )
        position = (feed.c.position - feed.c.last + entries.c.number).label("position")
        self._feed_page = (
            select(position, feed.c.book, *(entries.c[name] for name in RECORD_COLUMNS))
            .select_from(
                feed.join(
                    entries,
                    (entries.c.school == feed.c.school)
                    & (entries.c.book == feed.c.book)
                    & (entries.c.number >= feed.c.first)
                    & (entries.c.number <= feed.c.last),
                )
            )
            .where(
                feed.c.school == bindparam("_school"),
                feed.c.position > bindparam("_after"),
                position > bindparam("_after"),
            )
            .order_by(feed.c.position, entries.c.number)
            .limit(PAGE)
        )

    def _compose_new(self) -> None:
        """Rows that two may make at once: the second waits for the first, and goes on."""
        heads, documents = self.tables.heads, self.tables.documents
        positions = self.tables.positions
        self._new_head: Any = None
        self._new_position: Any = None
        self._put_document: Any = None
        if self.dialect == "postgresql":
            self._new_head = postgresql.insert(heads).on_conflict_do_nothing()
            self._new_position = postgresql.insert(positions).on_conflict_do_nothing()
            put = postgresql.insert(documents)
            self._put_document = put.on_conflict_do_update(
                index_elements=["school", "name"], set_={"content": put.excluded.content}
            )
        elif self.dialect in ("mysql", "mariadb"):
            # A plain insert would leave both with a shared lock on the row, and deadlock.
            self._new_head = mysql.insert(heads).on_duplicate_key_update(number=heads.c.number)
            self._new_position = mysql.insert(positions).on_duplicate_key_update(
                position=positions.c.position
            )
            put_there = mysql.insert(documents)
            self._put_document = put_there.on_duplicate_key_update(
                content=put_there.inserted.content
            )


def _missing(book: str, expected: int, found: int) -> StoreDamaged:
    return StoreDamaged(
        "a record is missing",
        where=f"{book}:{expected}",
        expected=f"record {expected}",
        found=f"record {found}",
    )


def check_end(book: str, head: Head, after: int, last: int) -> None:
    """Refuse a book whose head says more than there is.

    Raises:
        StoreDamaged: Records after *last* are missing.
    """
    if last < head.number and after < head.number:
        raise StoreDamaged(
            "the end of the book is missing",
            where=f"{book}:{last + 1}",
            expected=f"record {head.number} at the end",
            found=f"record {last}" if last else "no record",
        )
