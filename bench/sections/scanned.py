"""A school's year out of a store into columns, and audited there."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from bench.figures import Section
from bench.measure import Way, measured
from bench.region import Region, region, remembered, scanned, stored, whole
from bench.size import Size

_ALL = "select * from edujournal_entries order by book, number"


def by_adbc(of: Region) -> int:
    """The rows as an Arrow table, by ADBC."""
    from adbc_driver_sqlite import dbapi

    with dbapi.connect(str(of.database)) as connection, connection.cursor() as cursor:
        cursor.execute(_ALL)
        return int(cursor.fetch_arrow_table().num_rows)


def by_sqlite3(of: Region) -> int:
    """The rows as tuples."""
    connection = sqlite3.connect(of.database)
    try:
        return len(connection.execute(_ALL).fetchall())
    finally:
        connection.close()


def by_sqlalchemy(of: Region) -> int:
    """The rows as SQLAlchemy gives them."""
    import sqlalchemy as sa

    engine = sa.create_engine(f"sqlite:///{of.database}")
    try:
        with engine.connect() as connection:
            return len(connection.execute(sa.text(_ALL)).all())
    finally:
        engine.dispose()


#: Peers: what they are, what they do, what must be installed for them.
PEERS: tuple[tuple[str, Callable[[Region], int], tuple[str, ...]], ...] = (
    ("its rows as an Arrow table, ADBC", by_adbc, ("adbc_driver_sqlite",)),
    ("its rows as tuples, sqlite3", by_sqlite3, ()),
    ("its rows, SQLAlchemy Core", by_sqlalchemy, ()),
)


def scan(size: Size) -> Section:
    """The smaller school, in SQLite and in memory."""
    of, _ = (region(classes, days) for classes, days in size.schools)
    assert stored(of, "duckdb") == whole(of, "duckdb"), "the audit of the store differs"
    for how in ("polars", "python"):
        assert remembered(of, how) == whole(of, "duckdb"), f"{how} differs on a store in memory"
    ways = [Way(title, _of(find, of), of.entries, needs=needs) for title, find, needs in PEERS]
    ways += [
        Way("edujournal: InStore, columns made, chains verified", _of(scanned, of), of.entries,
            ours=True),
        Way("edujournal: the same, and audited by DuckDB", _of(lambda of: stored(of, "duckdb"), of),
            of.entries, ours=True),
        Way("edujournal: a store in memory, audited by Polars",
            _of(lambda of: remembered(of, "polars"), of), of.entries, ours=True),
        Way("edujournal: a store in memory, audited entry by entry",
            _of(lambda of: remembered(of, "python"), of), of.entries, ours=True),
    ]  # fmt: skip
    return measured(
        "scan",
        "A school out of a store into columns",
        "entry",
        ways,
        size.rounds,
        (
            (
                "Out of SQLite edujournal asks one statement as well; it checks hash, chain and commitments"
                " of every record, reads its body, and writes the columns of a lake."
            ),
        ),
    )


def _of(find: Callable[[Any], object], of: Region) -> Callable[[], Callable[[], object]]:
    return lambda: lambda: find(of)
