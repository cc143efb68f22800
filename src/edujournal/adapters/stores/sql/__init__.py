"""Books in an SQL database, by SQLAlchemy Core."""

from edujournal.adapters.stores.sql.formats import stamp, upgrade
from edujournal.adapters.stores.sql.store import SqlStore
from edujournal.adapters.stores.sql.tables import Tables

__all__ = ["SqlStore", "Tables", "stamp", "upgrade"]
