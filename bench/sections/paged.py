"""A page read: the entries of one book out of a database of many books, as domain objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from attrs import frozen

import edujournal as ej
from bench.book import book
from bench.figures import Section
from bench.measure import Way, measured
from bench.peers import pages
from bench.peers.pages import Read
from bench.peers.rows import entry_from, entry_read
from bench.school import REGULATION, SCHOOL, Hands
from bench.size import Size
from edujournal.adapters.stores.sql import SqlStore
from edujournal.ledger.bytes import decode, encode
from edujournal.ledger.chain import entry_hash
from edujournal.ledger.records import ZERO_HASH, Record
from edujournal.model.entries import Entry
from edujournal.writing import entry_of

#: Entries of each book: those of thirty lessons of a class in a subject.
ENTRIES: Final = 750

#: Books that are read in a sample, one after another.
READ: Final = 10


def names(books: int) -> list[str]:
    """So many books, by name."""
    return [f"journal/{number}A/alg/2026" for number in range(1, books + 1)]


def read(count: int) -> list[str]:
    """Those of them that are read: far from each other."""
    return names(count)[:: max(1, count // READ)][:READ]


def copied(records: Sequence[Record], name: str) -> list[Record]:
    """The same records in a book of another name, chained anew."""
    previous, found = ZERO_HASH, []
    for record in records:
        body = encode(decode(record.body) | {"book": name})
        previous = entry_hash(previous, body)
        found.append(Record(name, record.number, previous, body, record.private, record.index))
    return found


def fill(folder: Path, count: int) -> None:
    """Put the same books into each database that is read from."""
    fill_ours(folder, names(count))
    with ExitStack() as stack:
        keeps = [stack.enter_context(pages.keep_rows(folder))]
        if find_spec("eventsourcing"):
            keeps.append(stack.enter_context(pages.keep_events(folder)))
        for name in names(count):
            entries = [entry_of(record) for record in copied(book(ENTRIES).records, name)]
            for keep in keeps:
                keep(entries)


def fill_ours(folder: Path, some: Sequence[str]) -> None:
    """Put the same books into our own database."""
    with SqlStore(_ours(folder)) as store:
        for name in some:
            store.append(SCHOOL, name, copied(book(ENTRIES).records, name), 0)


def _ours(folder: Path) -> str:
    return f"sqlite:///{folder / 'ours.db'}"


@contextmanager
def by_store(folder: Path) -> Iterator[Read]:
    """Records of our store, whose bodies nobody has read yet."""
    with SqlStore(_ours(folder)) as store:
        yield lambda name: list(store.read(SCHOOL, name))


@contextmanager
def by_journals(folder: Path) -> Iterator[Read]:
    """Entries, as everything in edujournal reads them: chain and commitments checked."""
    with SqlStore(_ours(folder)) as store:
        journals = ej.Journals(store, book(ENTRIES).school, REGULATION, clock=Hands())
        yield lambda name: list(journals.entries(name))


def _itself(one: Any) -> Entry:
    return one  # type: ignore[no-any-return]


@frozen
class Reading:
    """A way to read a book.

    Attributes:
        title: What it is.
        opened: Opens its database in a folder, and gives what reads.
        told: Makes an entry of one thing that it reads.
        ours: Whether it is edujournal.
        needs: What must be installed for it.
    """

    title: str
    opened: Callable[[Path], AbstractContextManager[Read]]
    told: Callable[[Any], Entry] = _itself
    ours: bool = False
    needs: tuple[str, ...] = ()


WAYS: Final = (
    Reading("rows as tuples, clustered by page, sqlite3", pages.by_rows, entry_read),
    Reading("the same rows made entries by hand, unproven", pages.by_hand),
    Reading("the same rows as objects, SQLAlchemy ORM", pages.by_orm,
            lambda one: entry_from(pages.columns_of(one))),
    Reading("entries replayed by eventsourcing", pages.by_events, needs=("eventsourcing",)),
    Reading("edujournal: Journals.entries, chain and commitments checked", by_journals, ours=True),
    Reading("edujournal: SqlStore.read, bodies unread", by_store, entry_of, ours=True),
)  # fmt: skip


def check(one: Reading, folder: Path, count: int) -> None:
    """Stop if a book that is read has other entries this way than it was filled with."""
    with one.opened(folder) as reading:
        for name in read(count):
            found = sorted(map(one.told, reading(name)), key=lambda entry: entry.number)
            expected = [entry_of(record) for record in copied(book(ENTRIES).records, name)]
            assert found == expected, f"{one.title}: other entries in {name}"


def page(size: Size) -> Section:
    """Ten books of 750 entries, read one after another."""
    count = size.shelf
    with TemporaryDirectory(dir=size.folder) as name, ExitStack() as stack:
        fill(folder := Path(name), count)
        for one in WAYS:
            if all(find_spec(module) for module in one.needs):
                check(one, folder, count)
        ways = [
            Way(one.title, _reading(one, folder, count, stack), ENTRIES * len(read(count)),
                ours=one.ours, needs=one.needs)
            for one in WAYS
        ]  # fmt: skip
        return measured(
            "page",
            "A page read: 750 entries of one book out of many",
            "entry",
            ways,
            size.rounds,
            (
                f"{count} books with {count * ENTRIES:,} entries in SQLite; ten, far apart, are read.",
                (
                    "A row has every field of an entry and nothing else; ours has canonical bytes and"
                    " hash, from which Journals.entries makes the entries anew."
                ),
            ),
        )


def _reading(
    one: Reading, folder: Path, count: int, stack: ExitStack
) -> Callable[[], Callable[[], object]]:
    opened: list[Read] = []

    def prepare() -> Callable[[], object]:
        # Opened once: what is measured is a page, and neither a start nor a cold cache.
        if not opened:
            opened.append(stack.enter_context(one.opened(folder)))
        return lambda: [len(opened[0](name)) for name in read(count)]

    return prepare
