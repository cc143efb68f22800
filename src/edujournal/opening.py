"""The front door: journals over a store named by a URL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from edujournal.journals import Journals
from edujournal.journals_core import RegulationSource
from edujournal.ports import Clock, Entropy, SchoolData, Store

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine


def open(  # noqa: A001 - ej.open is the library's front door
    store: str | Store | Engine,
    *,
    school: SchoolData,
    regulation: RegulationSource | Sequence[RegulationSource],
    clock: Clock | None = None,
    entropy: Entropy | None = None,
    keeps_sheets: bool = False,
) -> Journals:
    """Open the journals of *school* over a store.

    Args:
        store: ``memory:``, ``file:DIR``, any SQLAlchemy URL such as ``sqlite:///school.db``, an
            engine, or a store.
        school: What the host knows of the school, such as ``ej.samples.school()``.
        regulation: Id of a shipped regulation, path of a TOML file, plain data, or several of these.
        clock: Gives the present moment, aware; the system's clock by default.
        entropy: Gives random bytes for salts; the system's by default.
        keeps_sheets: Keep with every entry what summary sheets need; see :class:`Journals`.

    Raises:
        BadInput: The URL is of no known form.
        StoreError: The store cannot be opened.

    *Version added: 0.1.*
    """
    if isinstance(store, Store):
        found: Store = store
    elif isinstance(store, str):
        from edujournal.adapters.stores.opening import open_store

        found = open_store(store)
    else:
        from edujournal.adapters.stores.sql import SqlStore

        found = SqlStore(store)
    return Journals(found, school, regulation, clock, entropy, keeps_sheets=keeps_sheets)
