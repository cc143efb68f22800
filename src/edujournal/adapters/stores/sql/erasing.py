"""Erasing in SQL: the private column of some records becomes empty, and what SQLite kept of it too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, func, null, select, update

from edujournal.adapters.stores.sql.tables import Tables

#: Numbers named in one statement: well below what any database takes.
_SOME: Final = 500


def erase(
    connection: Connection, tables: Tables, school: str, book: str, numbers: Sequence[int]
) -> int:
    """Empty the private parts of records, inside the caller's transaction; give how many had one."""
    entries = tables.entries
    if connection.dialect.name == "sqlite":
        # Otherwise the freed bytes stay in the file until something else needs their place.
        connection.exec_driver_sql("PRAGMA secure_delete=ON")
    erased = 0
    for start in range(0, len(numbers), _SOME):
        some = numbers[start : start + _SOME]
        having = (
            (entries.c.school == school)
            & (entries.c.book == book)
            & entries.c.number.in_(some)
            & entries.c.private.is_not(None)
        )
        count = select(func.count()).select_from(entries).where(having)
        erased += connection.execute(count).scalar_one()
        connection.execute(update(entries).where(having).values(private=null()))
    return erased


def empty_log(connection: Connection) -> None:
    """Bring SQLite's write-ahead log into the file and empty it: it still has what was erased.

    Where another connection reads at this moment, the log is emptied by a later one.
    """
    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()
