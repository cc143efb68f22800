"""Durable appends to PostgreSQL: our store beside the driver alone, a lock by hand, SQLAlchemy Core."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from bench.figures import Section
from bench.measure import measured
from bench.parts import Whole
from bench.peers import appends, servers
from bench.peers.appends import Append
from bench.school import BOOK, SCHOOL
from bench.sections import kept, writing_parts
from bench.sections.kept import Kept, Places
from bench.serving import NotThere, schema, server, version
from bench.size import Size
from edujournal.adapters.stores.sql import SqlStore
from edujournal.ledger.records import Record
from edujournal.writing import entry_of

if TYPE_CHECKING:
    from sqlalchemy import URL


@contextmanager
def by_store(url: URL) -> Iterator[Append]:
    """Our SQL store."""
    with SqlStore(url) as store:
        yield kept.appending_to(store)


def _in_store(url: URL) -> list[Record]:
    with SqlStore(url) as store:
        return list(store.read(SCHOOL, BOOK))


WAYS: Final = (
    Kept("psycopg, one statement that commits itself", servers.by_psycopg, servers.kept,
         found=appends.row),
    Kept("psycopg, the head locked, then entries and head", servers.by_lock, servers.kept,
         found=appends.row),
    Kept("SQLAlchemy Core", servers.by_core, servers.kept, found=appends.row),
    Kept("eventsourcing on PostgreSQL", servers.by_eventsourcing, servers.in_events,
         given=entry_of, found=entry_of, needs=("eventsourcing", "psycopg_pool")),
    Kept("edujournal: SqlStore.append on PostgreSQL", by_store, _in_store, ours=True),
)  # fmt: skip

_SINGLES: Final = "Durable append to PostgreSQL, each entry by itself"
_GROUPS: Final = "Durable append to PostgreSQL, 100 entries at a time"
_PARTS: Final = "Where the time of a durable append to PostgreSQL goes"


def measured_on(name: str, title: str, size: Size, make: Callable[[Places], Section]) -> Section:
    """A section that is measured on a server; where there is none, a note says why."""
    try:
        url = server(size.folder)
    except NotThere as error:
        return Section(name, title, "entry", (), (f"Not measured: {error}.",))
    return make(partial(schema, url))


def singles(size: Size) -> Section:
    """Each entry committed by itself."""
    return measured_on(
        "postgresql", _SINGLES, size,
        lambda places: _section("postgresql", _SINGLES, size, places, size.singles, 1),
    )  # fmt: skip


def groups(size: Size) -> Section:
    """A hundred entries a commit."""
    return measured_on(
        "postgresql100", _GROUPS, size,
        lambda places: _section("postgresql100", _GROUPS, size, places, size.groups, 100),
    )  # fmt: skip


def parts(size: Size) -> Section:
    """Where the time of an append goes."""
    return measured_on(
        "postgresql-parts", _PARTS, size,
        lambda places: appended(size, places).section(size.rounds),
    )  # fmt: skip


def appended(size: Size, places: Places) -> Whole:
    """One record after another appended by our store."""
    groups = kept.grouped(kept.records(size.singles + 1), 1)

    @contextmanager
    def work() -> Iterator[Callable[[], object]]:
        with places() as url, SqlStore(url) as store:
            writing_parts.appended(store, groups[:1])
            yield lambda: writing_parts.appended(store, groups[1:])

    return Whole(
        "postgresql-parts",
        _PARTS,
        "entry",
        size.singles,
        work,
        writing_parts.STATEMENTS,
        "sessions of SQLAlchemy, the beginning of the transaction, checks of the batch",
    )


def _section(name: str, title: str, size: Size, places: Places, commits: int, each: int) -> Section:
    for one in WAYS:
        if all(map(find_spec, one.needs)):
            kept.check(one, places)
    return measured(
        name,
        title,
        "entry",
        kept.ways_of(WAYS, (("PostgreSQL", SqlStore),), places, commits, each),
        size.rounds,
        (
            (
                "The first way asks the server once, in a statement of all rows that commits itself; ours"
                " locks the head, and puts entries, head and the order of the school into one transaction."
            ),
            (
                f"PostgreSQL {version(server(size.folder))}; one that ran already keeps its data where it"
                " does, one that was started for this in the folder that was named."
            ),
        ),
    )  # fmt: skip
