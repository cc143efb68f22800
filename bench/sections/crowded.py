"""Thirty-two writers at once beside one: on files, on SQLite, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

from attrs import evolve, frozen

from bench.crowds import WRITERS, Opened, Write, crowd
from bench.figures import Section
from bench.measure import Way, measured
from bench.parts import Shares
from bench.peers import appends, groups, servers
from bench.school import SCHOOL
from bench.sections import kept, paged, served, writing_parts
from bench.sections.kept import Places
from bench.size import Size
from edujournal.adapters.stores.files import FileStore
from edujournal.adapters.stores.sql import SqlStore
from edujournal.ledger.records import Record
from edujournal.ports import Store

#: Seconds for which a writer waits for his turn.
_PATIENCE: Final = 60.0

#: What is told of a crowd: the field of its waits, and the words for it.
_TOLD: Final = (
    ("entry", "an entry"),
    ("half", "half of the writes"),
    ("most", "99 of 100 writes"),
)


@frozen
class Crowd:
    """Writers that append at once.

    Attributes:
        title: What they are.
        writers: How many.
        opened: Opens what they write into at a place.
        told: The bodies that lie at the place afterwards, in any order.
        ours: Whether it is edujournal.
    """

    title: str
    writers: int
    opened: Opened
    told: Callable[[Any], Sequence[bytes]]
    ours: bool = False

    def rows(self) -> dict[str, str]:
        """Titles of its rows, by the field of its waits; of one writer nothing but the entry."""
        some = _TOLD if self.writers > 1 else _TOLD[:1]
        return {name: f"{self.title}: {words}" for name, words in some}


def shelves(writers: int, each: int) -> list[list[Record]]:
    """A book for each writer, with a record that is there beforehand and so many more."""
    some = kept.records(each + 1)
    return [paged.copied(some, name) for name in paged.names(writers)]


# -- ours ------------------------------------------------------------------------------------------


def _ours(open_: Callable[[Any], Any], *, schools: bool) -> Opened:
    """Writers over one store: in journals of one school, or each in a school of his own."""

    @contextmanager
    def opened(place: Any) -> Iterator[Callable[[int], Write]]:
        with open_(place) as store:
            yield lambda number: _writing(store, _school(number) if schools else SCHOOL)

    return opened


def _school(number: int) -> str:
    return f"s-{number}"


def _writing(store: Store, school: str) -> Write:
    return lambda record: store.append(school, record.book, [record], record.number - 1)


def _in(open_: Callable[[Any], Any]) -> Callable[[Any], Sequence[bytes]]:
    def told(place: Any) -> Sequence[bytes]:
        with open_(place) as store:
            return [
                record.body
                for school in store.schools()
                for book, _ in store.books(school)
                for record in store.read(school, book)
            ]

    return told


def files(folder: Path) -> FileStore:
    """A store of files whose writers are patient."""
    return FileStore(folder / "books", timeout=_PATIENCE)


def sqlite(folder: Path) -> SqlStore:
    """A store on SQLite whose writers are patient."""
    return SqlStore(f"sqlite:///{folder / 'ours.db'}", timeout=_PATIENCE)


def postgresql(url: Any) -> SqlStore:
    """A store on PostgreSQL whose writers are patient."""
    return SqlStore(url, timeout=_PATIENCE)


def _crowds(
    open_: Callable[[Any], Any],
    peer: Opened,
    words: tuple[str, str],
    told: Callable[[Any], Sequence[bytes]],
) -> tuple[Crowd, ...]:
    mine = _in(open_)
    return (
        Crowd(f"by hand, {words[0]}, one writer", 1, peer, told),
        Crowd(f"by hand, {words[1]}, {WRITERS} writers", WRITERS, peer, told),
        Crowd("edujournal: one writer", 1, _ours(open_, schools=False), mine, ours=True),
        Crowd(f"edujournal: {WRITERS} writers in journals of one school", WRITERS,
              _ours(open_, schools=False), mine, ours=True),
        Crowd(f"edujournal: {WRITERS} writers in schools of their own", WRITERS,
              _ours(open_, schools=True), mine, ours=True),
    )  # fmt: skip


def _bodies(rows: Sequence[tuple[Any, ...]]) -> list[bytes]:
    place = appends.COLUMNS.index("body")
    return [row[place] for row in rows]


CROWDS: Final = {
    "files": _crowds(
        files, groups.file, ("pwrite + fdatasync", "all that wait put on the disk at once"),
        appends.logged,
    ),
    "sqlite": _crowds(
        sqlite, groups.sqlite, ("sqlite3, a commit each", "all that wait in one commit"),
        lambda folder: _bodies(appends.in_sqlite3(folder)),
    ),
    "postgresql": _crowds(
        postgresql, groups.postgresql,
        ("psycopg, a commit each", "psycopg, the same, a connection each"),
        lambda url: _bodies(servers.kept(url)),
    ),
}  # fmt: skip


def check(one: Crowd, places: Places, each: int = 2) -> None:
    """Stop if a crowd does not keep what each of it was given."""
    some = shelves(one.writers, each)
    with places() as place:
        crowd(one.opened(place), some)
        expected = sorted(record.body for records in some for record in records)
        assert sorted(one.told(place)) == expected, f"{one.title}: not kept"


def _section(
    kind: str, title: str, size: Size, places: Places, notes: Sequence[str] = ()
) -> Section:
    ways: list[Way] = []
    for one in CROWDS[kind]:
        check(one, places)
        some = shelves(one.writers, size.singles if one.writers == 1 else size.crowd)
        shares = Shares(partial(_measured, one, places, some))
        ways += [
            Way(told, partial(_take, shares, told), ours=one.ours, clocked=True)
            for told in one.rows().values()
        ]
    found = measured(f"writers-{kind}", title, "write", ways, size.rounds, notes)
    return evolve(found, compared=False)


def _take(shares: Shares, title: str) -> Callable[[], object]:
    return lambda: shares.take(title)


def _measured(one: Crowd, places: Places, some: Sequence[Sequence[Record]]) -> dict[str, float]:
    with places() as place:
        found = crowd(one.opened(place), some)
    return {title: getattr(found, name) for name, title in one.rows().items()}


_TITLE: Final = f"{WRITERS} writers at once: {{}}"


def on_files(size: Size) -> Section:
    """Files."""
    waits = writing_parts.waits(size)
    return _section(
        "files", _TITLE.format("files"), size, kept.folders(size.folder),
        (
            (
                f"A school's folder has one writer at a time, who waits for the disk {waits} times before"
                " the next one begins: nothing of ours gathers what several bring into one wait."
            ),
            "Schools of their own have folders of their own, and wait beside each other.",
        ),
    )  # fmt: skip


def on_sqlite(size: Size) -> Section:
    """SQLite."""
    return _section(
        "sqlite", _TITLE.format("SQLite"), size, kept.folders(size.folder),
        (
            (
                "SQLite has one writer of a database at a time, whatever the school; each of ours commits"
                " for himself, and who finds it busy sleeps and asks again, longer each time: so a few"
                " wait very long."
            ),
        ),
    )  # fmt: skip


def on_postgresql(size: Size) -> Section:
    """PostgreSQL."""
    title = _TITLE.format("PostgreSQL")
    notes = (
        (
            "The server puts commits that come together on the disk together, by itself. The row that"
            " counts the records of a school in the order of their commits is locked until the commit"
            " is done, so that writers of one school come one after another; those of other schools do"
            " not wait for them. Whoever is not among the fifteen that SQLAlchemy's pool has connections"
            " for waits for one."
        ),
    )
    return served.measured_on(
        "writers-postgresql", title, size,
        lambda places: _section("postgresql", title, size, places, notes),
    )  # fmt: skip
