"""Engines of our own: from a URL to a pool of connections that are set up and read back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Engine, exc
from sqlalchemy.engine import URL, create_engine, make_url

from edujournal.adapters.stores.sql.settings import set_up
from edujournal.errors import BadInput, MissingExtra, nearest

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

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

#: The driver that our extras install, where a URL names none.
_DRIVERS: Final = {
    "postgresql": "postgresql+psycopg",
    "mariadb": "mariadb+pymysql",
    "mysql": "mysql+pymysql",
}

#: Module of a driver → the extra that installs it.
_EXTRAS: Final = {
    "psycopg": "postgresql",
    "pymysql": "mariadb",
    "aiosqlite": "async",
    "greenlet": "async",
}


def url_for(url: str | URL) -> URL:
    """Read a URL, and name the driver where it names none.

    Raises:
        BadInput: It is none, or the database would be gone with its connection.
    """
    try:
        parsed = make_url(url)
    except exc.ArgumentError as error:
        raise BadInput(
            "not a URL of a database",
            expected="such as sqlite:///school.db",
            found=repr(str(url)),
        ) from error
    if parsed.get_backend_name() == "sqlite" and _in_memory(parsed):
        raise BadInput(
            "a database that is gone with its connection",
            expected="a file, as in sqlite:///school.db",
            found=repr(str(url)),
            mend="For books that may be lost use memory:",
        )
    return parsed.set(drivername=_DRIVERS.get(parsed.drivername, parsed.drivername))


def async_engine_for(url: str | URL, timeout: float) -> AsyncEngine:
    """Make an asynchronous engine of our own.

    Raises:
        BadInput: The URL is none, or its driver is not asynchronous.
        MissingExtra: The driver of that database, or greenlet, is not installed.
    """
    parsed = url_for(url)
    if parsed.drivername == "sqlite":
        parsed = parsed.set(drivername="sqlite+aiosqlite")
    try:
        from sqlalchemy.ext.asyncio import create_async_engine

        engine = create_async_engine(parsed, **options_for(parsed, timeout))
    except exc.InvalidRequestError as error:
        raise BadInput(
            "a driver that cannot wait",
            where=parsed.drivername,
            expected="sqlite+aiosqlite, postgresql+psycopg, postgresql+asyncpg",
            mend="Name one of them in the URL, or use SqlStore.",
        ) from error
    except (exc.NoSuchModuleError, exc.ArgumentError, ImportError, ValueError) as error:
        raise not_made(parsed, error) from error
    set_up(engine.sync_engine, timeout)
    return engine


def engine_for(url: str | URL, timeout: float) -> Engine:
    """Make an engine of our own.

    Raises:
        BadInput: The URL is none, or names a database that SQLAlchemy does not know.
        MissingExtra: The driver of that database is not installed.
    """
    parsed = url_for(url)
    try:
        engine = create_engine(parsed, **options_for(parsed, timeout))
    except (exc.NoSuchModuleError, exc.ArgumentError, ModuleNotFoundError) as error:
        raise not_made(parsed, error) from error
    set_up(engine, timeout)
    return engine


def options_for(url: URL, timeout: float) -> dict[str, Any]:
    """What an engine on *url* is made with; what statements are given is in no log of its."""
    options: dict[str, Any] = {"hide_parameters": True}
    backend = url.get_backend_name()
    if backend == "sqlite":
        options["connect_args"] = {"timeout": timeout}
    elif backend == "mysql":
        # A connection that the server closed over night is found dead by itself only when used.
        options["pool_recycle"] = 3600
    return options


def not_made(url: URL, error: Exception) -> BadInput | MissingExtra:
    """What it means that no engine could be made on *url*."""
    name = url.drivername
    if isinstance(error, ImportError):
        missing = error.name or "greenlet"
        extra = _EXTRAS.get(missing)
        package = f"edujournal[{extra}]" if extra else missing
        return MissingExtra(
            f"the driver {missing!r} of {name} is not installed",
            mend=f"Install {package}, or name another driver, as in postgresql+psycopg://…",
        )
    if isinstance(error, exc.NoSuchModuleError):
        near = nearest(name, SCHEMES)
        return BadInput(
            "an unknown kind of store",
            expected=", ".join(SCHEMES),
            found=repr(name),
            mend=f"Did you mean {near!r}?" if near else "",
        )
    return BadInput("not a URL of a database", found=str(error))


def _in_memory(url: URL) -> bool:
    database = url.database or ":memory:"
    return ":memory:" in database or url.query.get("mode") == "memory" or "mode=memory" in database
