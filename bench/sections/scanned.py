"""A school's year out of a store into columns, and audited there."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from bench.figures import Section
from bench.measure import Way, measured
from bench.region import Region, region, remembered, scanned, stored, whole
from bench.sections.kept import Places
from bench.sections.served import measured_on
from bench.serving import connected
from bench.size import Size
from edujournal.adapters.stores.sql import SqlStore

if TYPE_CHECKING:
    from sqlalchemy import URL

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


# -- out of PostgreSQL -----------------------------------------------------------------------------


def by_adbc_on(url: URL) -> int:
    """The rows as an Arrow table, by ADBC."""
    from adbc_driver_postgresql import dbapi

    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with dbapi.connect(plain) as connection, connection.cursor() as cursor:
        cursor.execute(_ALL)
        return int(cursor.fetch_arrow_table().num_rows)


def by_psycopg(url: URL) -> int:
    """The rows as tuples."""
    with closing(connected(url)) as connection:
        return len(connection.execute(_ALL).fetchall())


#: Peers on a server: what they are, what they do, what must be installed for them.
ON_SERVER: tuple[tuple[str, Callable[[URL], int], tuple[str, ...]], ...] = (
    ("its rows as an Arrow table, ADBC", by_adbc_on, ("adbc_driver_postgresql",)),
    ("its rows as tuples, psycopg", by_psycopg, ("psycopg",)),
)


def fill(of: Region, url: URL) -> None:
    """Put the books of a school into a database on a server."""
    with SqlStore(url) as store:
        for book, records in of.kept.books():
            store.append(of.source.id, book, records, 0)


def check(of: Region, url: URL) -> None:
    """Stop if a peer reads fewer rows than there are, or the audit out of the server finds something else."""
    for title, read, needs in ON_SERVER:
        if all(map(find_spec, needs)):
            assert read(url) == of.entries, f"{title}: other rows"
    assert stored(of, "duckdb", url) == whole(of, "duckdb"), "the audit of the server differs"


def scan_server(size: Size) -> Section:
    """The smaller school, out of PostgreSQL."""
    of = region(*size.schools[0])

    def on(places: Places) -> Section:
        with places() as url:
            fill(of, url)
            check(of, url)
            ways = [
                Way(title, _on(read, url), of.entries, needs=needs)
                for title, read, needs in ON_SERVER
            ]
            ways += [
                Way("edujournal: InStore, columns made, chains verified",
                    _on(partial(scanned, of), url), of.entries, ours=True),
                Way("edujournal: the same, and audited by DuckDB",
                    _on(partial(stored, of, "duckdb"), url), of.entries, ours=True),
            ]  # fmt: skip
            return measured("scan-postgresql", _ON_SERVER, "entry", ways, size.rounds)

    return measured_on("scan-postgresql", _ON_SERVER, size, on)


_ON_SERVER: Final = "A school out of PostgreSQL into columns"


def _on(find: Callable[[URL], object], url: URL) -> Callable[[], Callable[[], object]]:
    return lambda: lambda: find(url)


# -- out of SQLite ---------------------------------------------------------------------------------


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
