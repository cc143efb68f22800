"""Database servers as fixtures of tests, which are skipped where there is none."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from sqlalchemy import URL

from tests.finding_servers import (
    NoServer,
    Postgres,
    database_in,
    emptied,
    mariadb_url,
    postgresql_url,
    schema_in,
    started,
)

__all__ = [
    "emptied",
    "mariadb",
    "mariadb_server",
    "postgresql",
    "postgresql_server",
    "started_postgresql",
]


@contextlib.contextmanager
def started_postgresql(**settings: str) -> Iterator[Postgres]:
    """Start a PostgreSQL of the test's own; skip the test where there are no programs for it."""
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(started(**settings))
        except NoServer as error:
            pytest.skip(f"skip: {error}")
        yield server


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[URL]:
    """A PostgreSQL that is there, or that is started for this run of the tests."""
    url = postgresql_url()
    if url is not None:
        yield url
        return
    with started_postgresql() as server:
        yield server.url


@pytest.fixture(scope="session")
def mariadb_server() -> URL:
    """A MariaDB that is there."""
    url = mariadb_url()
    if url is None:
        pytest.skip("skip: no MariaDB at 127.0.0.1:3306, and EDUJOURNAL_TEST_MARIADB is not set")
    return url


@pytest.fixture
def postgresql(postgresql_server: URL) -> Iterator[URL]:
    """URL of an empty schema on PostgreSQL, for one test."""
    with schema_in(postgresql_server) as url:
        yield url


@pytest.fixture
def mariadb(mariadb_server: URL) -> Iterator[URL]:
    """URL of an empty database on MariaDB, for one test."""
    with database_in(mariadb_server) as url:
        yield url
