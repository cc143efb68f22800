"""What the tests of the file store share."""

from __future__ import annotations

import pytest

from edujournal.adapters.stores.files import FileStore
from edujournal.ledger.records import Head
from edujournal.testing.records import BOOK, SCHOOL, head_of, make_records


@pytest.fixture
def folder(tmp_path):
    """A store with four records, two of them with texts and one with a key."""
    made = make_records(Head(), 2, text="Да")
    made += make_records(head_of(made), 2)
    FileStore(tmp_path).append(SCHOOL, BOOK, made[:3], 0)
    FileStore(tmp_path).append(SCHOOL, BOOK, made[3:], 3)
    return tmp_path
