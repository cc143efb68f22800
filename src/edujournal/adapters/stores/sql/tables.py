"""The tables: every key begins with the school, so that the same schema partitions or distributes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    event,
)
from sqlalchemy.dialects.mysql import LONGBLOB, MEDIUMBLOB
from sqlalchemy.dialects.postgresql.base import PGDialect

from edujournal.adapters.stores.acts import (
    LARGEST_BODY,
    LONGEST_BOOK,
    LONGEST_DOCUMENT,
    LONGEST_SCHOOL,
)
from edujournal.errors import BadInput, StoreDamaged
from edujournal.ledger.records import Head, Record
from edujournal.ledger.records import Index as RecordIndex

#: The version of the tables that this library makes, and the latest that it reads.
VERSION: Final = 2

#: More tables than that slow every statement down.
MOST_PARTITIONS: Final = 1024

#: The name of the row in the table of formats.
FORMAT: Final = "edujournal"

#: Named for MariaDB as it calls them, so that a migration tool sees no difference.
_BODY: Final = LargeBinary(LARGEST_BODY).with_variant(MEDIUMBLOB(), "mysql", "mariadb")
_CONTENT: Final = LargeBinary(2**31 - 1).with_variant(LONGBLOB(), "mysql", "mariadb")

_HASH: Final = re.compile("[0-9a-f]{64}")


class Tables:
    """The tables of one store, for the store itself and for a host's own migrations.

    *Version added: 0.1.*

    Args:
        dialect: ``sqlite``, ``postgresql``, ``mariadb``, ``mysql``, or another name of a dialect.
        prefix: Begins the name of every table.
        schema: Schema of the database to put them in; None for its default.
        partitions: On PostgreSQL, into how many hash partitions by school the tables that grow are
            split; 0 for none. Other databases split in ways of their own.

    Raises:
        BadInput: Not a number of partitions.

    Attributes:
        metadata: All of them, for ``metadata.create_all`` or a migration tool.
        dialect: As given.
        heads: Where each book ends; the row that a writer locks first.
        entries: The records.
        keys: Which records bear a client key.
        positions: How many records each school has, counted in the order of their commits.
        feed: Which records took which positions: a row for each append.
        documents: Named documents of a school.
        format: The version of these tables.
    """

    def __init__(
        self,
        dialect: str,
        *,
        prefix: str = "edujournal_",
        schema: str | None = None,
        partitions: int = 0,
    ) -> None:
        if type(partitions) is not int or not 0 <= partitions <= MOST_PARTITIONS:
            raise BadInput(
                "not a number of partitions",
                where="partitions",
                expected=f"an integer from 0 to {MOST_PARTITIONS}",
                found=repr(partitions),
            )
        self.dialect = dialect
        self._partitions = partitions if dialect == "postgresql" else 0
        split: dict[str, Any] = (
            {"postgresql_partition_by": "HASH (school)"} if self._partitions else {}
        )
        self.metadata = MetaData(schema=schema)
        text = partial(text_column, dialect=dialect)
        on_mariadb = dialect in ("mysql", "mariadb")
        # A table clustered by page gives one in a single walk; only SQLite clusters by such a key.
        by_page = ("school", "book", "about", "pupil", "number")
        by_number = ("school", "book", "number")
        by_key = ("school", "account", "client_key", "book", "number")
        on_sqlite = dialect == "sqlite"
        self.heads = Table(
            f"{prefix}heads",
            self.metadata,
            Column("school", text(LONGEST_SCHOOL), nullable=False),
            Column("book", text(LONGEST_BOOK), nullable=False),
            Column("number", BigInteger, nullable=False),
            Column("hash", text(64), nullable=False),
            PrimaryKeyConstraint("school", "book"),
            sqlite_with_rowid=False,
            mysql_engine="InnoDB",
            mariadb_engine="InnoDB",
            **split,
        )
        self.entries = Table(
            f"{prefix}entries",
            self.metadata,
            Column("school", text(LONGEST_SCHOOL), nullable=False),
            Column("book", text(LONGEST_BOOK), nullable=False),
            Column("number", BigInteger, nullable=False),
            Column("hash", text(64), nullable=False),
            Column("kind", text(64), nullable=False),
            Column("about", text(300), nullable=False),
            # Part of a key, so that it cannot be NULL: no pupil is the empty text.
            Column("pupil", text(128), nullable=False),
            Column("account", text(128), nullable=False),
            Column("role", text(128), nullable=False),
            Column("client_key", text(200)),
            Column("item", Integer, nullable=False),
            Column("recorded", BigInteger, nullable=False),
            Column("lo", BigInteger),
            Column("hi", BigInteger, nullable=False),
            Column("target", BigInteger),
            Column("body", _BODY, nullable=False),
            Column("private", _BODY),
            PrimaryKeyConstraint(*(by_page if on_sqlite else by_number)),
            sqlite_with_rowid=False,
            mysql_engine="InnoDB",
            mariadb_engine="InnoDB",
            **split,
        )
        if on_sqlite:
            self.entries.append_constraint(
                UniqueConstraint(*by_number, name=f"{prefix}entries_number")
            )
        else:
            Index(
                f"{prefix}entries_page",
                *(self.entries.c[name] for name in by_page),
                mysql_length={"book": 190, "about": 190},
                mariadb_length={"book": 190, "about": 190},
            )
        self.keys = Table(
            f"{prefix}keys",
            self.metadata,
            Column("school", text(LONGEST_SCHOOL), nullable=False),
            Column("account", text(128), nullable=False),
            Column("client_key", text(200), nullable=False),
            Column("book", text(LONGEST_BOOK), nullable=False),
            Column("number", BigInteger, nullable=False),
            Column("item", Integer, nullable=False),
            PrimaryKeyConstraint(*(by_number if on_mariadb else by_key)),
            sqlite_with_rowid=False,
            mysql_engine="InnoDB",
            mariadb_engine="InnoDB",
            **split,
        )
        if on_mariadb:
            # There a key of all the columns would be too long.
            Index(f"{prefix}keys_key", *(self.keys.c[name] for name in by_key[:3]))
        self.positions = Table(
            f"{prefix}positions",
            self.metadata,
            Column("school", text(LONGEST_SCHOOL), nullable=False),
            Column("position", BigInteger, nullable=False),
            PrimaryKeyConstraint("school"),
            sqlite_with_rowid=False,
            mysql_engine="InnoDB",
            mariadb_engine="InnoDB",
        )
        self.feed = Table(
            f"{prefix}feed",
            self.metadata,
            Column("school", text(LONGEST_SCHOOL), nullable=False),
            # Of the last of the records.
            Column("position", BigInteger, nullable=False),
            Column("book", text(LONGEST_BOOK), nullable=False),
            Column("first", BigInteger, nullable=False),
            Column("last", BigInteger, nullable=False),
            PrimaryKeyConstraint("school", "position"),
            sqlite_with_rowid=False,
            mysql_engine="InnoDB",
            mariadb_engine="InnoDB",
            **split,
        )
        self.documents = Table(
            f"{prefix}documents",
            self.metadata,
            Column("school", text(LONGEST_SCHOOL), nullable=False),
            Column("name", text(LONGEST_DOCUMENT), nullable=False),
            Column("content", _CONTENT, nullable=False),
            PrimaryKeyConstraint("school", "name"),
            sqlite_with_rowid=False,
            mysql_engine="InnoDB",
            mariadb_engine="InnoDB",
        )
        self.format = Table(
            f"{prefix}format",
            self.metadata,
            Column("name", text(64), nullable=False),
            Column("version", Integer, nullable=False),
            PrimaryKeyConstraint("name"),
            sqlite_with_rowid=False,
            mysql_engine="InnoDB",
            mariadb_engine="InnoDB",
        )
        for table in self._split():
            event.listen(table, "after_create", self._make_partitions)

    @property
    def partition_names(self) -> frozenset[str]:
        """Names of the partitions: tables that a migration tool must take for ours, and leave alone."""
        return frozenset(name for table in self._split() for name, _ in self._partitions_of(table))

    @property
    def partition_statements(self) -> tuple[str, ...]:
        """What makes the partitions, for a migration that does not use ``metadata.create_all``."""
        return tuple(made for table in self._split() for _, made in self._partitions_of(table))

    def _split(self) -> tuple[Table, ...]:
        return (self.heads, self.entries, self.keys, self.feed) if self._partitions else ()

    def _partitions_of(self, table: Table) -> Iterator[tuple[str, str]]:
        quoted = PGDialect().identifier_preparer  # type: ignore[no-untyped-call]
        for number in range(self._partitions):
            name = f"{table.name}_p{number}"
            part = quoted.format_table(Table(name, MetaData(schema=table.schema)))
            made = (
                f"CREATE TABLE {part} PARTITION OF {quoted.format_table(table)}"
                f" FOR VALUES WITH (MODULUS {self._partitions}, REMAINDER {number})"
            )
            yield name, made

    def _make_partitions(self, table: Table, connection: Connection, **_options: Any) -> None:
        for _, statement in self._partitions_of(table):
            connection.exec_driver_sql(statement)


def row_of(school: str, record: Record) -> dict[str, Any]:
    """The row of ``entries`` that keeps *record*."""
    index = record.index
    return {
        "school": school,
        "book": record.book,
        "number": record.number,
        "hash": record.hash,
        "kind": index.kind,
        "about": index.about,
        "pupil": index.pupil or "",
        "account": index.account,
        "role": index.role,
        "client_key": index.key,
        "item": index.item,
        "recorded": index.recorded,
        "lo": index.lo,
        "hi": index.hi,
        "target": index.target,
        "body": record.body,
        "private": record.private,
    }


def key_row_of(school: str, record: Record) -> dict[str, Any]:
    """The row of ``keys`` that finds *record*."""
    return {
        "school": school,
        "account": record.index.account,
        "client_key": record.index.key,
        "book": record.book,
        "number": record.number,
        "item": record.index.item,
    }


#: Columns of ``entries`` in the order that :func:`record_of` takes them.
RECORD_COLUMNS: Final = (
    "number",
    "hash",
    "body",
    "private",
    "kind",
    "about",
    "pupil",
    "account",
    "role",
    "client_key",
    "item",
    "recorded",
    "lo",
    "hi",
    "target",
)


def head_of(book: str, row: Any) -> Head:
    """The head that a row with ``number`` and ``hash`` keeps.

    Raises:
        StoreDamaged: It is not one that was put there.
    """
    if type(row.number) is not int or not _HASH.fullmatch(str(row.hash)):
        raise StoreDamaged("a head that is none", where=book, found=f"{row.number} {row.hash}")
    return Head(row.number, row.hash)


def record_of(book: str, row: Any) -> Record:
    """The record that a row of :data:`RECORD_COLUMNS` keeps.

    Raises:
        StoreDamaged: The database holds values of other types than were put there.
    """
    number, hash_, body, private, kind, about, pupil, *rest = row
    if (
        type(number) is not int
        or type(hash_) is not str
        or type(body) is not bytes
        or not (private is None or type(private) is bytes)
    ):
        raise StoreDamaged("a row with values of other types", where=f"{book}:{number}")
    index = RecordIndex(kind, about, pupil or None, *rest)
    return Record(book, number, hash_, body, private, index)


def dialect_of(dialect: Dialect) -> str:
    """The name that :class:`Tables` takes; MariaDB is told from MySQL once a connection was made."""
    return "mariadb" if getattr(dialect, "is_mariadb", False) else dialect.name


def text_column(length: int, dialect: str) -> String:
    """Text compared and ordered by its code points, as Python does, on every database."""
    text = String(length).with_variant(String(length, collation="C"), "postgresql")
    # An URL of the form mysql://… may lead to a MariaDB. Only collations without padding tell a name
    # that ends in a blank from one that does not.
    collation = "utf8mb4_nopad_bin" if dialect == "mariadb" else "utf8mb4_0900_bin"
    for server in ("mysql", "mariadb"):
        text = text.with_variant(String(length, collation=collation), server)
    return text
