"""What is appended, and what is read out of many books, is the same in every way that is measured."""

from __future__ import annotations

import pytest
from attrs import evolve

from bench.book import book
from bench.peers.rows import entry_read, row_of
from bench.sections import kept, paged
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.ledger.verify import verify
from edujournal.model.entries import Evidence
from edujournal.writing import entry_of
from tests.bench.test_answers import installed

# It goes through thousands of appends, where counting branches would show nothing new.
pytestmark = pytest.mark.search

#: Books on the shelf: enough that not all of them are read.
BOOKS = 12


@pytest.mark.parametrize("way", kept.WAYS, ids=[one.title for one in kept.WAYS])
def test_what_is_appended_lies_there_afterwards(way):
    """Bodies, rows, events, records: each way keeps all of what it was given, in order."""
    installed(way.needs)

    kept.check(way, kept.folders())


def test_a_way_that_kept_less_would_stop_the_run():
    """The benchmark looks at what was kept before it measures."""
    first, *_ = kept.WAYS
    losing = evolve(first, told=lambda folder: first.told(folder)[1:])

    with pytest.raises(AssertionError, match="not kept"):
        kept.check(losing, kept.folders())


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """The same books in each database."""
    folder = tmp_path_factory.mktemp("shelf")
    paged.fill(folder, BOOKS)
    return folder


@pytest.mark.parametrize("way", paged.WAYS, ids=[one.title for one in paged.WAYS])
def test_a_page_has_the_same_entries_whichever_way_it_is_read(shelf, way):
    """Every field of every entry."""
    installed(way.needs)

    assert 10 == len(paged.read(BOOKS))
    paged.check(way, shelf, BOOKS)


def test_a_page_that_had_less_would_stop_the_run(shelf):
    """The benchmark asks for agreement before it measures."""
    first, *_ = paged.WAYS
    failing = evolve(first, told=lambda row: evolve(entry_read(row), at=0))

    with pytest.raises(AssertionError, match="other entries"):
        paged.check(failing, shelf, BOOKS)


def test_a_copied_book_is_as_good_as_the_one_it_was_copied_from():
    """Its chain holds, its entries say the same."""
    first = book(paged.ENTRIES)
    records = paged.copied(first.records, "journal/9A/alg/2026")
    store = MemoryStore()
    store.append("s-1", "journal/9A/alg/2026", records, 0)

    assert [0] == [one.damaged for one in verify(store, "s-1").books]
    for mine, theirs in zip(map(entry_of, records), first.entries, strict=True):
        assert theirs == evolve(mine, book=theirs.book, hash=theirs.hash)


def test_a_row_keeps_every_field_of_an_entry():
    """Evidence and other books too, of which the measured book has none."""
    entry = evolve(
        book(paged.ENTRIES).entries[3],
        evidence=Evidence(1, 2, "t-9", None, "old.csv"),
        beside={"school/2026": 4},
        key="k",
    )

    assert entry == entry_read(row_of(entry))
