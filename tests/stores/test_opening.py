"""A store is opened by its URL, and a wrong one is answered with the right one."""

from __future__ import annotations

import subprocess
import sys

import pytest

from edujournal.adapters.stores.opening import open_store
from edujournal.errors import BadInput, MissingExtra, StoreUnwritable
from edujournal.testing.records import BOOK, SCHOOL, make_record


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("memory:", "MemoryStore"),
        ("file:{folder}/a", "FileStore"),
        ("file://{folder}/a%20b", "FileStore"),
        ("sqlite:///{folder}/journal.db", "SqlStore"),
        ("sqlite+pysqlite:///{folder}/journal.db", "SqlStore"),
    ],
)
def test_urls_open_their_store(url, kind, tmp_path):
    """Each scheme opens its kind of store, ready to be written."""
    with open_store(url.format(folder=tmp_path), timeout=0.1) as store:
        store.append(SCHOOL, BOOK, [make_record()], 0)

        assert kind == type(store).__name__
        assert [make_record()] == list(store.read(SCHOOL, BOOK))


def test_a_url_of_a_folder_is_decoded(tmp_path):
    """``file:///`` is a URL, percent and all; ``file:`` is followed by the folder's name as it is."""
    for url in (f"file://{tmp_path}/a%20b", f"file:{tmp_path}/a%20b"):
        open_store(url).append(SCHOOL, BOOK, [make_record()], 0)

    assert ["a b", "a%20b"] == sorted(path.name for path in tmp_path.iterdir())


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("memory", "memory:"),
        ("memory:x", "no name"),
        ("file:", "no folder"),
        ("file://server/share", "another computer"),
        ("school.db", "sqlite:///school.db"),
        ("/srv/school", "sqlite:////srv/school"),
        ("", "memory:, file:DIR"),
        ("sqlit:school.db", "'sqlite'"),
        ("flie:school", "'file'"),
        ("sqlit:///school.db", "'sqlite'"),
        ("postgres+psycopg://u@h/db", "'postgresql+psycopg'"),
        ("mysq://u@h/db", "'mysql'"),
        ("nonsense://x", "unknown kind"),
        ("sqlite://", "gone with its connection"),
        ("sqlite:///:memory:", "gone with its connection"),
        ("sqlite:///file:x?mode=memory&uri=true", "gone with its connection"),
        ("://x", "not a URL"),
    ],
)
def test_a_wrong_url_is_answered_with_a_right_one(url, told):
    """The message names what is known, and the nearest."""
    with pytest.raises(BadInput) as caught:
        open_store(url)

    assert told in str(caught.value)


def test_a_database_in_a_folder_that_is_not_there_is_told(tmp_path):
    """SQLite makes a file, never a folder."""
    with pytest.raises(StoreUnwritable, match="unable to open"):
        open_store(f"sqlite:///{tmp_path}/no/such/journal.db")


def test_a_missing_driver_is_named():
    """A database whose driver is not installed asks for it by name."""
    with pytest.raises(MissingExtra, match="pyodbc"):
        open_store("mssql+pyodbc://u@h/db")


def test_stores_in_memory_and_in_files_load_no_database():
    """The start stays quick for whoever needs no SQL."""
    code = (
        "import sys; from edujournal.adapters.stores.opening import open_store\n"
        "open_store('memory:'); open_store('file:nowhere')\n"
        "assert 'sqlalchemy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
