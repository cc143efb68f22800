"""A backup is a moment that was, byte for byte, and comes back into any store."""

from __future__ import annotations

import pytest

from edujournal.adapters.signers.ed25519 import Ed25519Verifier
from edujournal.adapters.stores.files import FileStore
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.adapters.stores.sql import SqlStore
from edujournal.archiving.copying import copy_school
from edujournal.errors import BadInput, StoreBusy, StoreDamaged
from edujournal.ledger.assurance import Evidence, assure
from edujournal.ledger.records import Head
from edujournal.sealing import Seals
from edujournal.testing.clocks import StandingClock
from edujournal.testing.records import make_records
from tests.archiving.archives import (
    BOOK,
    LOG_KEY,
    ORIGIN,
    OTHER,
    SCHOOL,
    YEAR,
    a_store,
    erase_now,
    more,
    sealed,
)


def content(store):
    """Every record of every book."""
    return {book: list(store.read(SCHOOL, book)) for book, _ in store.books(SCHOOL)}


def test_a_copy_is_the_same_to_the_byte_through_every_kind_of_store(tmp_path):
    """Memory to files to SQL and back: records, texts, erasures, seals, school's data, regulations."""
    store = a_store()
    sealed(store, tmp_path)
    store.keep(SCHOOL, "school.json", b"{}")
    store.keep(SCHOOL, "regulation.toml", b"one")
    store.keep(SCHOOL, "regulation-2.toml", b"two")
    files, sql, back = (
        FileStore(tmp_path / "f"),
        SqlStore(f"sqlite:///{tmp_path / 's.db'}"),
        MemoryStore(),
    )
    with files, sql:
        copy_school(store, files, SCHOOL)
        copy_school(files, sql, SCHOOL)
        copy_school(sql, back, SCHOOL)
        assert content(store) == content(files) == content(sql) == content(back)
    for name in ("school.json", "regulation.toml", "regulation-2.toml", "regulation-3.toml"):
        assert store.kept(SCHOOL, name) == back.kept(SCHOOL, name)


class Busy(MemoryStore):
    """A store that somebody writes to whenever it is looked at."""

    busy = False

    def head(self, school, book):
        """Give the head; entries, a new book and seals come just after."""
        found = super().head(school, book)
        if self.busy:
            self.busy = False
            more(self, BOOK, 3)
            new = f"journal/9{len(content(self))}/alg/2026"
            self.append(SCHOOL, new, make_records(Head(), 1, book=new), 0)
            Seals(self, SCHOOL, signers=[LOG_KEY], clock=StandingClock()).seal(YEAR)
            self.busy = True
        return found


def test_a_copy_of_a_store_that_is_written_to_is_whole(tmp_path):
    """Entries, new books and seals come between any two reads: the copy verifies under its checkpoints."""
    store = Busy()
    copy_school(a_store(), store, SCHOOL)
    beside = sealed(store, tmp_path)
    store.busy = True
    copy = MemoryStore()
    copy_school(store, copy, SCHOOL)
    evidence = {YEAR: Evidence(ORIGIN, tuple(beside.notes), (Ed25519Verifier(LOG_KEY.public),))}

    assert "L2" == assure(copy, SCHOOL, evidence).assurance
    assert len(content(store)[BOOK]) > len(content(copy)[BOOK])


def test_a_store_with_books_is_not_restored_into():
    """Two histories of one school never meet in one store."""
    with pytest.raises(BadInput, match="has books of this school"):
        copy_school(a_store(), a_store(), SCHOOL)


def test_a_damaged_book_is_not_copied(tmp_path):
    """A backup of what is damaged would be taken for whole one day."""
    store = a_store()
    books = store._books
    books[SCHOOL, OTHER][2] = books[SCHOOL, OTHER][1]
    with pytest.raises((BadInput, StoreDamaged), match=OTHER):
        copy_school(store, MemoryStore(), SCHOOL)


def test_texts_that_are_erased_while_they_are_copied_are_not_kept():
    """The journal was read before its text went: the copy is refused, and another try has no text."""
    store, erased = a_store(), []

    def once(_):
        if not erased:
            erased.append(1)
            erase_now(store, 1)

    with pytest.raises(StoreBusy, match="erased while"):
        copy_school(store, MemoryStore(), SCHOOL, once)
    copy = MemoryStore()
    copy_school(store, copy, SCHOOL)
    assert content(store) == content(copy)
    assert next(iter(copy.read(SCHOOL, BOOK))).private is None
