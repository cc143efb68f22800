"""Formats of the tables: which one a database has, how it is made, and how an older one becomes it.

- 1: heads, entries, keys, documents.
- 2: positions and feed, the order of all records of a school.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, Table, insert, inspect, select, update

from edujournal.adapters.stores.sql.rows import Rows
from edujournal.adapters.stores.sql.settings import check
from edujournal.adapters.stores.sql.tables import FORMAT, VERSION, Tables, dialect_of
from edujournal.errors import BadInput, StoreBusy, StoreTooNew

#: Seconds to wait for another process that makes the tables.
_PATIENCE: Final = 60


def found_format(connection: Connection, tables: Tables) -> int | None:
    """The version of the tables; None where there are none, or nobody has said which they are."""
    schema = tables.metadata.schema
    if not inspect(connection).has_table(tables.format.name, schema=schema):
        return None
    asked = select(tables.format.c.version).where(tables.format.c.name == FORMAT)
    version: int | None = connection.execute(asked).scalar_one_or_none()
    return version


def tables_of(connection: Connection, make: Callable[[str], Tables]) -> tuple[Tables, int | None]:
    """The tables as the database of *connection* needs them, and the version it has of them.

    Args:
        connection: A connection to a database whose settings have to be such that nothing is lost.
        make: Makes the tables for a dialect.

    Raises:
        StoreUnwritable: It is set up to lose what it acknowledges.
    """
    check(connection)
    tables = make(dialect_of(connection.dialect))
    return tables, found_format(connection, tables)


def _create(connection: Connection, tables: Tables) -> int:
    """Make the tables and say which they are, unless another process has just done it."""
    with alone(connection, tables.format):
        version = found_format(connection, tables)
        if version is None:
            tables.metadata.create_all(connection)
            stamp(connection, tables)
        return version or VERSION


def stamp(connection: Connection, tables: Tables) -> None:
    """Say that the tables are of the present format: for a host that makes them by itself.

    *Version added: 0.1.*
    """
    connection.execute(insert(tables.format), {"name": FORMAT, "version": VERSION})


def check_format(version: int | None, where: str) -> None:
    """Refuse a database without tables, or with those of a later version.

    Raises:
        BadInput: There are none.
        StoreTooNew: They are of a later version.
    """
    if version is None:
        raise BadInput(
            "the database has no tables of ours",
            where=where,
            mend="Create them with store.tables.metadata, or open with create=True.",
        )
    if version > VERSION:
        raise StoreTooNew(
            "the tables were made by a later version of the library",
            where=where,
            expected=f"format {VERSION} or older",
            found=f"format {version}",
            mend="Upgrade edujournal.",
        )


def upgrade(connection: Connection, tables: Tables) -> int:
    """Bring tables of an older format to the present one, in the transaction of *connection*.

    A store that makes its tables does so when it is opened; a host that migrates them by itself calls
    this in its migration. Older versions of the library must not write meanwhile, nor afterwards.

    Raises:
        BadInput: There are no tables.
        StoreTooNew: They are of a later format.

    *Version added: 0.1.*
    """
    with alone(connection, tables.format):
        version = found_format(connection, tables)
        check_format(version, tables.format.name)
        for step, made in sorted(_STEPS.items()):
            if version is not None and version < step:
                made(connection, tables)
        connection.execute(
            update(tables.format).where(tables.format.c.name == FORMAT).values(version=VERSION)
        )
    return VERSION


def _order_all(connection: Connection, tables: Tables) -> None:
    """To format 2: records so far take their positions book by book; nobody knows more."""
    tables.metadata.create_all(connection, tables=[tables.positions, tables.feed])
    heads = tables.heads
    rows = Rows(tables, dialect_of(connection.dialect))
    found = select(heads.c.school, heads.c.book, heads.c.number).order_by(
        heads.c.school, heads.c.book
    )
    for school, book, number in connection.execute(found.with_for_update()).all():
        if number:
            rows.order(connection, school, book, 1, number)


_STEPS: Final[Mapping[int, Callable[[Connection, Tables], None]]] = {2: _order_all}


def what_to_make(
    version: int | None, where: str, *, create: bool
) -> Callable[[Connection, Tables], int] | None:
    """What brings a database to the present format; None where it is of that format.

    Args:
        version: The format that was found.
        where: What the database is called.
        create: Whether anything may be made.

    Raises:
        BadInput: There are no tables, or older ones, and nothing may be made.
        StoreTooNew: They are of a later format.
    """
    if version is None and create:
        return _create
    check_format(version, where)
    if version == VERSION:
        return None
    if not create:
        raise BadInput(
            "tables of an older format",
            where=where,
            expected=f"format {VERSION}",
            found=f"format {version}",
            mend="Call edujournal.adapters.stores.sql.upgrade in your migration.",
        )
    return upgrade


@contextmanager
def alone(connection: Connection, table: Table) -> Iterator[None]:
    """Keep other processes from making the same tables; SQLite has locked the database already.

    Args:
        connection: In a transaction.
        table: The one that names them all.

    Raises:
        StoreBusy: Another process has been making them for a minute.
    """
    name = f"{table.schema or ''}.{table.name}"
    if connection.dialect.name == "postgresql":
        number = zlib.crc32(name.encode())
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({number})")
        yield
    elif connection.dialect.name in ("mysql", "mariadb"):
        # Not of the transaction, which every table that is made ends; of the session, and of all
        # databases of the server.
        lock = f"CONCAT('edujournal ', {zlib.crc32(name.encode())}, MD5(DATABASE()))"
        got = connection.exec_driver_sql(f"SELECT GET_LOCK({lock}, {_PATIENCE})").scalar_one()
        if not got:
            raise StoreBusy("another process makes the tables", where=name, mend="Try again.")
        try:
            yield
            connection.exec_driver_sql("COMMIT")
        finally:
            connection.exec_driver_sql(f"DO RELEASE_LOCK({lock})")
    else:
        yield
