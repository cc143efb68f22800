"""Books in an SQL database, by SQLAlchemy Core."""

from typing import TYPE_CHECKING, Any

from edujournal.adapters.stores.sql.formats import stamp, upgrade
from edujournal.adapters.stores.sql.store import SqlStore
from edujournal.adapters.stores.sql.tables import Tables

if TYPE_CHECKING:
    from edujournal.adapters.stores.sql.async_store import AsyncSqlStore

__all__ = ["AsyncSqlStore", "SqlStore", "Tables", "stamp", "upgrade"]


def __getattr__(name: str) -> Any:
    """Load the asynchronous store for those who await, and for nobody else."""
    if name == "AsyncSqlStore":
        from edujournal.adapters.stores.sql.async_store import AsyncSqlStore

        return AsyncSqlStore
    raise AttributeError(name)
