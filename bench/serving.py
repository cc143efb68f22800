"""A PostgreSQL to measure on, found or started as it is for the tests."""

from __future__ import annotations

import atexit
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from sqlalchemy import URL

#: What is spoken to it with.
_DRIVER: Final = "psycopg"


class NotThere(Exception):
    """There is no server to measure on; the reason is for the reader of the page."""


@cache
def server(folder: Path | None) -> URL:
    """The PostgreSQL that is there, or one that is started and lasts as long as the process.

    Args:
        folder: Where the data of one that is started lie; None for the system's place.

    Raises:
        NotThere: There is none, and none can be started.
    """
    if find_spec(_DRIVER) is None:
        raise NotThere(f"{_DRIVER} is not installed")
    from tests.finding_servers import NoServer, postgresql_url, started

    found = postgresql_url()
    if found is not None:
        return found
    stack = ExitStack()
    atexit.register(stack.close)
    try:
        return stack.enter_context(started(folder)).url
    except NoServer as error:
        raise NotThere(str(error)) from error


@contextmanager
def schema(of: URL) -> Iterator[URL]:
    """An empty schema on a server, the default of every connection; dropped afterwards."""
    from tests.finding_servers import schema_in

    with schema_in(of) as url:
        yield url


def version(of: URL) -> str:
    """The version of a server."""
    with closing(connected(of)) as connection:
        ((found,),) = connection.execute("SHOW server_version").fetchall()
    return str(found)


def connected(url: URL) -> Any:
    """A bare connection of the driver, every statement of which commits itself."""
    import psycopg

    named = url.translate_connect_args(username="user", database="dbname")
    return psycopg.connect(**named, **dict(url.query), autocommit=True)
