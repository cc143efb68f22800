"""Formats of the tables: which one a database has, and how it is made."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, insert, inspect, select

from edujournal.adapters.stores.sql.tables import FORMAT, VERSION, Tables
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


def create(connection: Connection, tables: Tables) -> int:
    """Make the tables that are missing and say which they are; one process at a time."""
    with _alone(connection, tables):
        tables.metadata.create_all(connection)
        version = found_format(connection, tables)
        if version is None:
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


@contextmanager
def _alone(connection: Connection, tables: Tables) -> Iterator[None]:
    """Keep other processes from making the same tables; SQLite has locked the database already."""
    name = f"{tables.metadata.schema or ''}.{tables.format.name}"
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
