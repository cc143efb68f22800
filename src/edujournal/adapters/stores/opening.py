"""Opening a store by its URL."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from edujournal.errors import BadInput, nearest

if TYPE_CHECKING:
    from edujournal.adapters.stores.files import FileStore
    from edujournal.adapters.stores.memory import MemoryStore
    from edujournal.adapters.stores.sql import SqlStore


def open_store(url: str, *, timeout: float = 5.0) -> MemoryStore | FileStore | SqlStore:
    """Open a store.

    Args:
        url: ``memory:``, ``file:DIR`` (or ``file:///DIR``, percent-encoded), or any SQLAlchemy URL,
            such as ``sqlite:///school.db``.
        timeout: Seconds to wait for another writer.

    Raises:
        BadInput: Not such a URL; the nearest scheme is named.
        MissingExtra: The driver of the database is not installed.
        StoreError: The store is there and cannot be used; see ``edujournal.errors``.

    *Version added: 0.1.*
    """
    scheme, colon, rest = url.partition(":")
    if scheme == "memory" and colon:
        if rest:
            raise BadInput("a store in memory has no name", where=url, expected="memory:")
        from edujournal.adapters.stores.memory import MemoryStore

        return MemoryStore(timeout=timeout)
    if scheme == "file" and colon:
        from edujournal.adapters.stores.files import FileStore

        return FileStore(_folder(url, rest), timeout=timeout)
    if "://" not in url:
        near = nearest(scheme, ("memory", "file", "sqlite")) if colon else None
        raise BadInput(
            "not a store",
            expected="memory:, file:DIR, or a database such as sqlite:///school.db",
            found=repr(url),
            mend=f"Did you mean {near!r}?"
            if near
            else f"For a database in a file write sqlite:///{url}",
        )
    from edujournal.adapters.stores.sql import SqlStore

    return SqlStore(url, timeout=timeout)


def _folder(url: str, rest: str) -> str:
    if rest.startswith("//"):
        if not rest.startswith("///"):
            raise BadInput(
                "a folder of another computer",
                where=url,
                expected="file:DIR or file:///DIR",
            )
        return unquote(rest[2:])
    if not rest:
        raise BadInput("no folder is named", where=url, expected="file:DIR")
    return rest
