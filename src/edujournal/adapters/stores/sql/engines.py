"""Engines: how a transaction begins, what SQLite must be told, and what its errors mean."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Engine, event, exc
from sqlalchemy.engine import URL, create_engine, make_url

from edujournal.errors import (
    BadInput,
    MissingExtra,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreUnwritable,
    nearest,
)

#: Schemes that are named when an unknown one looks like them.
SCHEMES: Final = (
    "memory",
    "file",
    "sqlite",
    "postgresql",
    "postgresql+psycopg",
    "mysql",
    "mariadb",
    "mariadb+pymysql",
    "oracle",
    "mssql",
)

#: Primary result codes of SQLite (sqlite.org/rescode.html).
_BUSY: Final = frozenset({5, 6})
_UNWRITABLE: Final = frozenset({3, 8, 10, 13, 14, 22, 23})
_FULL_SYNC: Final = 2


def engine_for(url: str | URL, timeout: float) -> Engine:
    """Make an engine of our own.

    Raises:
        BadInput: The URL is none, or names a database that SQLAlchemy does not know.
        MissingExtra: The driver of that database is not installed.
    """
    try:
        parsed = make_url(url)
    except exc.ArgumentError as error:
        raise BadInput(
            "not a URL of a database",
            expected="such as sqlite:///school.db",
            found=repr(str(url)),
        ) from error
    options: dict[str, Any] = {}
    if parsed.get_backend_name() == "sqlite":
        if _in_memory(parsed):
            raise BadInput(
                "a database that is gone with its connection",
                expected="a file, as in sqlite:///school.db",
                found=repr(str(url)),
                mend="For books that may be lost use memory:",
            )
        options["connect_args"] = {"timeout": timeout}
    try:
        engine = create_engine(parsed, **options)
    except exc.NoSuchModuleError as error:
        name = parsed.drivername
        near = nearest(name, SCHEMES)
        raise BadInput(
            "an unknown kind of store",
            expected=", ".join(SCHEMES),
            found=repr(name),
            mend=f"Did you mean {near!r}?" if near else "",
        ) from error
    except exc.ArgumentError as error:
        raise BadInput("not a URL of a database", found=str(error)) from error
    except ModuleNotFoundError as error:
        raise MissingExtra(
            f"the driver {error.name!r} of {parsed.drivername} is not installed",
            mend=f"Install {error.name}, or name another driver, as in postgresql+psycopg://…",
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
    return engine


@contextmanager
def begun(engine: Engine, *, writes: bool) -> Iterator[Connection]:
    """Begin a transaction; on SQLite by ourselves, so that a writer waits before it reads."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            # A host's connection may be in a transaction that the driver began by itself.
            if connection.connection.dbapi_connection.in_transaction:  # type: ignore[union-attr]
                connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
        yield connection


def check_sqlite(connection: Connection) -> None:
    """Refuse a SQLite connection that would acknowledge what a loss of power can take back.

    Raises:
        StoreUnwritable: Its settings are weaker than we promise.
    """
    level = connection.exec_driver_sql("PRAGMA synchronous").scalar_one()
    mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
    if level < _FULL_SYNC or mode in ("off", "memory"):
        raise StoreUnwritable(
            "SQLite is set up to lose acknowledged records",
            expected="synchronous FULL and a journal",
            found=f"synchronous {level}, journal_mode {mode}",
            mend="Set PRAGMA synchronous=FULL and journal_mode=WAL where you connect.",
        )


@contextmanager
def answers(where: str) -> Iterator[None]:
    """Turn what the database says into what a caller can do about it."""
    try:
        yield
    except exc.SQLAlchemyError as error:
        raise translated(error, where) from error


def translated(error: exc.SQLAlchemyError, where: str) -> StoreError:
    """What *error* means to a caller."""
    original = getattr(error, "orig", None)
    told = f"{type(original or error).__name__}: {original or error}"
    if isinstance(error, exc.TimeoutError):
        return StoreBusy("every connection is in use", where=where, found=told, mend="Try again.")
    code = getattr(original, "sqlite_errorcode", None)
    if code is not None:
        return _translated_sqlite(code & 0xFF, told, where)
    if isinstance(error, exc.IntegrityError):
        return StoreDamaged(
            "a record stands where the head says there is none", where=where, found=told
        )
    if isinstance(error, (exc.OperationalError, exc.InterfaceError)):
        return StoreUnwritable("the database does not answer", where=where, found=told)
    return StoreDamaged("the database does not hold what it should", where=where, found=told)


def _translated_sqlite(code: int, told: str, where: str) -> StoreError:
    if code in _BUSY:
        return StoreBusy(
            "another connection holds the database", where=where, found=told, mend="Try again."
        )
    if code in _UNWRITABLE:
        return StoreUnwritable(
            "the database cannot be written: read-only, full, or out of reach",
            where=where,
            found=told,
            mend="Nothing was acknowledged.",
        )
    return StoreDamaged("the database is not what was written", where=where, found=told)


def _in_memory(url: URL) -> bool:
    database = url.database or ":memory:"
    return ":memory:" in database or url.query.get("mode") == "memory" or "mode=memory" in database


def _set_up_sqlite(connection: Any, _record: object) -> None:
    """Tell a new connection what we promise, and read it back."""
    # sqlite3 must not begin transactions of its own: see begun.
    connection.isolation_level = None
    mode = _pragma(connection, "journal_mode")
    if mode != "wal":
        _turn_to_wal(connection)
    for name, value, right in (
        ("synchronous", "FULL", _FULL_SYNC),
        ("foreign_keys", "ON", 1),
        # Without it a Mac's fsync stops at the drive's own cache; elsewhere it changes nothing.
        ("fullfsync", "ON", 1),
        ("checkpoint_fullfsync", "ON", 1),
    ):
        connection.execute(f"PRAGMA {name}={value}")
        found = _pragma(connection, name)
        if found != right:
            raise StoreUnwritable(
                "SQLite does not take a setting", where=name, expected=str(right), found=str(found)
            )


def _turn_to_wal(connection: Any) -> None:
    import sqlite3

    try:
        mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_READONLY:
            raise
        # Whoever can only read needs no journal.
        return
    if mode != "wal":
        raise StoreUnwritable(
            "SQLite cannot keep a write-ahead log there",
            expected="journal_mode wal",
            found=f"journal_mode {mode}",
            mend="Keep the database on a disk of this computer.",
        )


def _pragma(connection: Any, name: str) -> Any:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]
