"""What a connection is told and what is read back: nothing acknowledged may be lost with the power."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Connection, Engine, event

from edujournal.adapters.stores.sql.answers import SQLITE_BUSY, pause
from edujournal.errors import StoreUnwritable

#: Asks the driver's connection; gives the rows.
_Ask = Callable[[str], list[tuple[Any, ...]]]

_FULL_SYNC: Final = 2

_POSTGRESQL: Final = ("fsync", "synchronous_commit", "server_encoding")

_MARIADB: Final = (
    "innodb_flush_log_at_trx_commit",
    "log_bin",
    "sync_binlog",
    "sql_mode",
    "character_set_client",
    "character_set_connection",
)


def set_up(engine: Engine, timeout: float) -> None:
    """Tell every connection that *engine* makes what we promise, and read it back.

    Args:
        engine: One of our own.
        timeout: Seconds to wait for another writer.
    """
    telling = {
        "sqlite": _set_up_sqlite,
        "postgresql": _set_up_postgresql,
        "mysql": _set_up_mariadb,
        "mariadb": _set_up_mariadb,
    }.get(engine.dialect.name)
    if telling is None:
        return

    def connected(connection: Any, _record: object) -> None:
        try:
            telling(connection, timeout)
        except BaseException:
            # The pool has not taken it yet, and would never close it.
            connection.close()
            raise

    event.listen(engine, "connect", connected)


def check(connection: Connection) -> None:
    """Refuse a connection that would acknowledge what a loss of power can take back.

    Raises:
        StoreUnwritable: Its settings are weaker than we promise; each is named.
    """
    name = connection.dialect.name

    def ask(statement: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in connection.exec_driver_sql(statement)]

    if name == "sqlite":
        _check_sqlite(ask)
    elif name == "postgresql":
        _check_postgresql(ask)
    elif name in ("mysql", "mariadb"):
        _check_mariadb(ask)


# -- SQLite --------------------------------------------------------------------------------------


def _check_sqlite(ask: _Ask) -> None:
    level = ask("PRAGMA synchronous")[0][0]
    mode = ask("PRAGMA journal_mode")[0][0]
    if level < _FULL_SYNC or mode in ("off", "memory"):
        raise StoreUnwritable(
            "SQLite is set up to lose acknowledged records",
            expected="synchronous FULL and a journal",
            found=f"synchronous {level}, journal_mode {mode}",
            mend="Set PRAGMA synchronous=FULL and journal_mode=WAL where you connect.",
        )


def _set_up_sqlite(connection: Any, timeout: float) -> None:
    # The driver must not begin transactions of its own: see transactions.begun.
    connection.isolation_level = None
    ask = _asking(connection)
    if ask("PRAGMA journal_mode")[0][0] != "wal":
        _turn_to_wal(ask, timeout)
    for name, value, right in (
        ("synchronous", "FULL", _FULL_SYNC),
        ("foreign_keys", "ON", 1),
        # Without it a Mac's fsync stops at the drive's own cache; elsewhere it changes nothing.
        ("fullfsync", "ON", 1),
        ("checkpoint_fullfsync", "ON", 1),
    ):
        ask(f"PRAGMA {name}={value}")
        found = ask(f"PRAGMA {name}")[0][0]
        if found != right:
            raise StoreUnwritable(
                "SQLite does not take a setting", where=name, expected=str(right), found=str(found)
            )


def _turn_to_wal(ask: _Ask, timeout: float) -> None:
    import sqlite3

    last = time.monotonic() + timeout
    mode = ""
    while not mode:
        try:
            mode = ask("PRAGMA journal_mode=WAL")[0][0]
        except sqlite3.OperationalError as error:
            kind = error.sqlite_errorcode & 0xFF
            if kind == sqlite3.SQLITE_READONLY:
                # Whoever can only read needs no journal.
                return
            # While another writes, or turns it too, SQLite says so at once, however long it was told
            # to wait.
            if kind not in SQLITE_BUSY or time.monotonic() > last:
                raise
            time.sleep(pause(2))
    if mode != "wal":
        raise StoreUnwritable(
            "SQLite cannot keep a write-ahead log there",
            expected="journal_mode wal",
            found=f"journal_mode {mode}",
            mend="Keep the database on a disk of this computer.",
        )


# -- PostgreSQL ----------------------------------------------------------------------------------


def _check_postgresql(ask: _Ask) -> None:
    said = ", ".join(f"current_setting('{name}')" for name in _POSTGRESQL)
    found = dict(zip(_POSTGRESQL, ask(f"SELECT {said}")[0], strict=True))
    wrong = []
    if found["fsync"] != "on":
        wrong.append(("fsync", "on"))
    if found["synchronous_commit"] == "off":
        wrong.append(("synchronous_commit", "on, local, remote_write or remote_apply"))
    if found["server_encoding"] != "UTF8":
        wrong.append(("server_encoding", "UTF8"))
    _refuse("PostgreSQL", wrong, found)


def _set_up_postgresql(connection: Any, timeout: float) -> None:
    ask = _asking(connection)
    ask(f"SET lock_timeout = {max(1, math.ceil(timeout * 1000))}")
    ask("SET default_transaction_isolation = 'read committed'")
    if ask("SHOW synchronous_commit")[0][0] == "off":
        ask("SET synchronous_commit = 'on'")
    # What was set in a transaction that is rolled back was not set.
    connection.commit()
    _check_postgresql(ask)
    connection.rollback()


# -- MariaDB -------------------------------------------------------------------------------------


def _check_mariadb(ask: _Ask) -> None:
    names = ", ".join(f"'{name}'" for name in _MARIADB)
    found: dict[str, str] = dict(ask(f"SHOW VARIABLES WHERE Variable_name IN ({names})"))
    wrong = []
    # 3 syncs at every commit as well, once more than 1.
    if found["innodb_flush_log_at_trx_commit"] not in ("1", "3"):
        wrong.append(("innodb_flush_log_at_trx_commit", "1"))
    # After a crash a transaction that the binary log does not know is rolled back.
    if found["log_bin"] == "ON" and found["sync_binlog"] != "1":
        wrong.append(("sync_binlog", "1"))
    modes = set(found["sql_mode"].split(","))
    if not modes & {"STRICT_TRANS_TABLES", "STRICT_ALL_TABLES"}:
        wrong.append(("sql_mode", "STRICT_TRANS_TABLES among them"))
    wrong += [
        (name, "utf8mb4")
        for name in ("character_set_client", "character_set_connection")
        if found[name] != "utf8mb4"
    ]
    _refuse("MariaDB", wrong, found)


def _set_up_mariadb(connection: Any, timeout: float) -> None:
    ask = _asking(connection)
    ask(f"SET SESSION innodb_lock_wait_timeout = {math.ceil(timeout)}")
    ask("SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_TRANS_TABLES')")
    # With the default two first writers of a book would deadlock over the gap where its head goes.
    ask("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
    _check_mariadb(ask)


# -- what they share -----------------------------------------------------------------------------


def _asking(connection: Any) -> _Ask:
    def ask(statement: str) -> list[tuple[Any, ...]]:
        cursor = connection.cursor()
        try:
            cursor.execute(statement)
            return [] if cursor.description is None else [tuple(row) for row in cursor.fetchall()]
        finally:
            cursor.close()

    return ask


def _refuse(server: str, wrong: Iterable[tuple[str, str]], found: Mapping[str, str]) -> None:
    expected = [f"{name} {right}" for name, right in wrong]
    if expected:
        raise StoreUnwritable(
            f"{server} is set up to lose or change what is stored",
            expected=", ".join(expected),
            found=", ".join(f"{name} {found[name]}" for name, _ in wrong),
            mend="Set it for the server, or for the role or database that the store uses.",
        )
