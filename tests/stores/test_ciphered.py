"""Texts ciphered under keys: any store behind, nothing readable without a key, and gone with it everywhere."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from base64 import b64decode, b64encode
from typing import ClassVar

import pytest
from attrs import evolve

import edujournal as ej
from edujournal.adapters.keys import FileKeys, MemoryKeys
from edujournal.adapters.stores.ciphered import CipheredStore, name_of
from edujournal.adapters.stores.files import FileStore
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.adapters.stores.sql import SqlStore
from edujournal.errors import BadInput, StoreDamaged, StoreError, StoreUnwritable
from edujournal.ledger.bytes import decode, encode
from edujournal.ledger.records import Head
from edujournal.ledger.verify import verify
from edujournal.ports import Erases, FindsKeys, Keeps, Projects, Shreds, Tails, Writes
from edujournal.testing import Outlives, StoreTests
from edujournal.testing.clocks import StandingClock
from edujournal.testing.records import BOOK, SCHOOL, head_of, make_record, make_records

TEXT = "Ударил соседа, canary-7f3a"
LESSON = "7A-alg-0915"
AT = 1_789_450_200_000_000


class TestOverMemory(StoreTests):
    """Ciphered texts over lists, keys in a dictionary."""

    lacks: ClassVar = {Outlives: "memory is gone with its process"}

    @pytest.fixture
    def make_store(self):
        """One place, opened again and again."""
        store, keys = MemoryStore(timeout=0.5), MemoryKeys()
        return lambda: CipheredStore(store, keys)


class TestOverFiles(StoreTests):
    """Ciphered texts in files, keys in files of their own."""

    lacks: ClassVar = {Projects: "the store behind has it not"}

    @pytest.fixture
    def make_store(self, tmp_path):
        """One place, opened again and again."""
        return lambda: CipheredStore(
            FileStore(tmp_path / "s", timeout=0.5), FileKeys(tmp_path / "k")
        )


class TestOverSqlite(StoreTests):
    """Ciphered texts in a database."""

    @pytest.fixture
    def make_store(self, tmp_path):
        """One place, opened again and again."""
        url = f"sqlite:///{tmp_path / 'journal.db'}"
        return lambda: CipheredStore(SqlStore(url, timeout=0.5), FileKeys(tmp_path / "k"))


@pytest.fixture(params=["memory", "folder"])
def keys(request, tmp_path):
    """Every store of keys."""
    return MemoryKeys() if request.param == "memory" else FileKeys(tmp_path / "keys")


# -- keys ----------------------------------------------------------------------------------------


def test_a_key_stays_until_it_is_destroyed_and_never_comes_back(keys):
    """One key for a name, found by its id; after its end the name has another one with another id."""
    id, secret = keys.current("s", "pupil/p-1")
    assert (id, secret) == keys.current("s", "pupil/p-1")
    assert 32 == len(secret)
    assert secret == keys.find("s", id)
    others = [
        keys.current(*whose)
        for whose in (("s", "pupil/p-2"), ("S", "pupil/p-1"), ("s", "book/p-1"))
    ]
    assert 4 == len({secret, *(one for _, one in others)})
    assert keys.find("S", id) is None
    assert 1 == keys.destroy("s", "pupil/p-1")
    assert 0 == keys.destroy("s", "pupil/p-1")
    assert keys.find("s", id) is None
    fresh, other = keys.current("s", "pupil/p-1")
    assert fresh != id
    assert other != secret
    assert [one for _, one in others[:1]] == [keys.find("s", others[0][0])]
    with pytest.raises(BadInput, match="not an id"):
        keys.find("s", "../../outside")


def test_a_folder_of_keys_is_its_owners_alone_and_shared_by_all_processes(tmp_path):
    """Modes, names that tell nothing, another object on the same folder, a destroyed key's bytes."""
    first, second = FileKeys(tmp_path / "keys"), FileKeys(tmp_path / "keys")
    id, secret = first.current("s", "pupil/../../p-1")
    assert (id, secret) == second.current("s", "pupil/../../p-1")
    files = [path for path in (tmp_path / "keys").rglob("*") if path.is_file()]
    assert 1 == len(files)
    assert 0o600 == stat.S_IMODE(files[0].stat().st_mode)
    assert 0o700 == stat.S_IMODE(files[0].parent.stat().st_mode)
    assert "p-1" not in str(files[0].relative_to(tmp_path))
    kept = files[0].open("rb")
    with kept:
        second.destroy("s", "pupil/../../p-1")
        assert secret.hex().encode() not in kept.read()
    assert first.find("s", id) is None
    assert not [path for path in (tmp_path / "keys").rglob("*") if path.is_file()]


def test_a_key_that_was_being_destroyed_when_the_power_failed_is_gone(tmp_path):
    """Its bytes are zeros before its name goes; a file of anything else is damage, and told."""
    keys = FileKeys(tmp_path / "keys")
    id, _ = keys.current("s", "a")
    (path,) = (tmp_path / "keys").rglob("*.key")
    content = path.read_bytes()
    path.write_bytes(bytes(len(content)))
    assert keys.find("s", id) is None
    assert id != keys.current("s", "a")[0]
    for wrong in (
        content[:-1],
        content.replace(b'"s"', b'"t"'),
        b"{}",
        b"x",
        content.replace(b'"a"', b'"b"'),
    ):
        path.write_bytes(wrong)
        with pytest.raises(StoreDamaged, match="not a key"):
            FileKeys(tmp_path / "keys").find("s", id) if b'"b"' not in wrong else _first(keys, path)


def _first(keys, path):
    """Ask for the current key where only the wrong one is."""
    for other in path.parent.glob("*.key"):
        if other != path:
            other.unlink()
    keys.current("s", "a")


def test_a_folder_of_keys_that_cannot_be_used_is_told(tmp_path, monkeypatch):
    """A file in its place, a disk that refuses, a key that cannot be read."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadInput, match="not a folder"):
        FileKeys(tmp_path / "file")
    keys = FileKeys(tmp_path / "keys")
    id, _ = keys.current("s", "a")

    def refuse(*_args, **_more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(StoreUnwritable, match="ENOSPC"):
        keys.current("s", "b")
    with pytest.raises(StoreUnwritable):
        keys.destroy("s", "a")
    monkeypatch.undo()
    assert keys.find("s", id) is None
    (path,) = (tmp_path / "keys").rglob("*.key")
    path.unlink()
    path.mkdir()
    with pytest.raises(StoreError, match="cannot be read"):
        keys.find("s", id)


# -- ciphering -----------------------------------------------------------------------------------


def test_it_has_the_capabilities_of_the_store_behind_it():
    """All of them over one that has them, none over four methods; and Shreds in any case."""

    class FourMethods:
        """A store of four methods."""

        def __init__(self):
            kept = MemoryStore()
            self.books, self.head, self.read, self.append = (
                kept.books,
                kept.head,
                kept.read,
                kept.append,
            )

    for capability in (Writes, FindsKeys, Keeps, Erases, Tails):
        assert isinstance(CipheredStore(MemoryStore(), MemoryKeys()), capability)
        assert not isinstance(CipheredStore(FourMethods(), MemoryKeys()), capability)
    assert isinstance(CipheredStore(FourMethods(), MemoryKeys()), Shreds)
    assert not isinstance(MemoryStore(), Shreds)


@pytest.mark.parametrize("kind", ["files", "sqlite"])
def test_no_byte_of_a_text_is_in_the_store_or_beside_it(tmp_path, kind):
    """The store's files have neither texts nor salts; the folder of keys has neither as well."""
    inner = (
        FileStore(tmp_path / "s") if kind == "files" else SqlStore(f"sqlite:///{tmp_path / 'j.db'}")
    )
    with CipheredStore(inner, FileKeys(tmp_path / "k")) as store:
        made = make_records(Head(), 5, text=TEXT)
        store.append(SCHOOL, BOOK, made, 0)
        whole = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
        salts = [decode(r.private)["comment"]["salt"].encode() for r in made]

        assert not [one for one in (TEXT.encode(), *salts) if one in whole]
        assert made == list(store.read(SCHOOL, BOOK))


def test_a_text_opens_in_its_own_place_only():
    """Moved to another record, book or school, under another key, or with one bit changed: told, not opened."""
    inner, keys = MemoryStore(), MemoryKeys()
    store = CipheredStore(inner, keys)
    made = make_records(Head(), 30, text=TEXT)
    store.append(SCHOOL, BOOK, made, 0)
    good = inner._books[SCHOOL, BOOK][1].private
    part = decode(good)["ciphered"]

    def flipped(name, place):
        data = bytearray(b64decode(part[name]))
        data[place] ^= 1
        return encode({"ciphered": {**part, name: b64encode(bytes(data)).decode()}})

    foreign = make_record(Head(), book="other", text=TEXT)
    store.append(SCHOOL, "other", [foreign], 0)
    wrong = [
        inner._books[SCHOOL, BOOK][26].private,  # the same pupil, another record
        inner._books[SCHOOL, BOOK][2].private,
        inner._books[SCHOOL, "other"][0].private,
        encode({"ciphered": {**part, "key": keys.current(SCHOOL, "pupil/p-3")[0]}}),
        encode({"ciphered": {**part, "alg": "none"}}),
        encode({"ciphered": {**part, "key": "none"}}),
        encode({"ciphered": {**part, "data": "!"}}),
        encode({"ciphered": {**part, "nonce": ""}}),
        encode({"ciphered": {"alg": "A256GCM"}}),
        *(flipped("data", place) for place in range(0, len(b64decode(part["data"])), 7)),
        *(flipped("nonce", place) for place in range(12)),
    ]
    for private in wrong:
        inner._books[SCHOOL, BOOK][1] = evolve(inner._books[SCHOOL, BOOK][1], private=private)
        damages = [(d.book, d.number, d.what) for d in verify(store, SCHOOL).damages]
        assert [(BOOK, 2, "texts")] == damages, private
    inner._books[SCHOOL, BOOK][1] = evolve(inner._books[SCHOOL, BOOK][1], private=good)
    assert "L1" == verify(store, SCHOOL).assurance


def test_nonces_never_repeat_under_one_key():
    """A thousand texts about one pupil: a thousand nonces, and no two ciphered alike."""
    inner = MemoryStore()
    store = CipheredStore(inner, MemoryKeys())
    made: list = []
    for _ in range(1000):
        made.append(make_record(head_of(made), text="Да"))
    store.append(SCHOOL, BOOK, [evolve(r, index=evolve(r.index, pupil="p-1")) for r in made], 0)
    parts = [decode(record.private)["ciphered"] for record in inner.read(SCHOOL, BOOK)]

    assert 1 == len({part["key"] for part in parts})
    assert 1000 == len({part["nonce"] for part in parts}) == len({part["data"] for part in parts})


def test_without_the_keys_a_store_verifies_and_says_what_it_could_not_look_at():
    """Ciphered texts are neither lost nor damaged; how many there are is told, and no text is shown."""
    inner = MemoryStore()
    CipheredStore(inner, MemoryKeys()).append(SCHOOL, BOOK, make_records(Head(), 4, text=TEXT), 0)
    report = verify(inner, SCHOOL)

    assert ("L1", [4]) == (report.assurance, [one.ciphered for one in report.books])
    with_other_keys = verify(CipheredStore(inner, MemoryKeys()), SCHOOL)
    assert [(n, "lost") for n in range(1, 5)] == [
        (d.number, d.what) for d in with_other_keys.damages
    ]


def test_a_store_can_begin_to_cipher_in_the_middle():
    """What was kept in the open stays as it is, and reads beside what is ciphered."""
    inner = MemoryStore()
    made = make_records(Head(), 4, text=TEXT)
    inner.append(SCHOOL, BOOK, made[:2], 0)
    store = CipheredStore(inner, MemoryKeys())
    store.append(SCHOOL, BOOK, made[2:], 2)

    assert [r.private for r in made] == [r.private for r in store.read(SCHOOL, BOOK)]
    assert [False, False, True, True] == [
        r.private.startswith(b'{"ciphered"') for r in inner.read(SCHOOL, BOOK)
    ]


def test_a_machine_without_the_library_is_told_the_extra():
    """MissingExtra names it; nothing else of the package needs it."""
    code = (
        "import sys; sys.modules['cryptography'] = None\n"
        "from edujournal.adapters.keys import MemoryKeys\n"
        "from edujournal.adapters.stores.ciphered import CipheredStore\n"
        "from edujournal.adapters.stores.memory import MemoryStore\n"
        "import edujournal\n"
        "try: CipheredStore(MemoryStore(), MemoryKeys())\n"
        "except edujournal.MissingExtra as error: print(error)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "edujournal[keys]" in run.stdout


# -- shredding -----------------------------------------------------------------------------------


@pytest.fixture
def journals(tmp_path):
    """Journals whose texts are ciphered in files."""
    store = CipheredStore(FileStore(tmp_path / "books"), FileKeys(tmp_path / "keys"))
    made = ej.Journals(store, ej.samples.school(), "ru-school26-2023", StandingClock(AT))
    made.record(ej.Topic(lesson=LESSON, topic="Дроби"), by="t-ivanova")
    for pupil in ("p-17", "p-17", "p-16"):
        made.record(ej.Comment(lesson=LESSON, pupil=pupil, comment=TEXT), by="t-ivanova")
    return made


def remarks(journals) -> list[str | None]:
    """The texts of the journal."""
    return [
        text for entry in journals.entries("journal/7A/alg/2026") for text in entry.texts.values()
    ]


def test_a_shredded_pupil_is_gone_from_every_copy(journals, tmp_path):
    """A copy made before, even of the same books, gives nothing back; others are as they were."""
    shutil.copytree(tmp_path / "books", tmp_path / "copy")
    receipts = journals.shred("e-1", "p-17", "заявление", "head", key="k")

    assert ["school/2026"] == [one.book for one in receipts]
    assert ["Дроби", None, None, TEXT] == remarks(journals)
    assert "L1" == journals.verify().assurance
    old = CipheredStore(FileStore(tmp_path / "copy"), FileKeys(tmp_path / "keys"))
    copied = ej.Journals(old, ej.samples.school(), "ru-school26-2023", StandingClock(AT))
    assert ["Дроби", None, None, TEXT] == remarks(copied)
    assert ["заявление"] == [
        text for e in journals.entries("school/2026") for text in e.texts.values()
    ]
    again = ej.Comment(lesson=LESSON, pupil="p-17", comment="Тихо")
    journals.record(again, by="t-ivanova")
    assert ["Дроби", None, None, TEXT, "Тихо"] == remarks(journals)


def test_a_shredding_that_failed_is_ended_by_a_repeat(journals, monkeypatch):
    """The acts stand first; the key goes when it can, and nothing is named twice."""
    keys = journals.store._keys
    good = type(keys).destroy

    def refuse(self, school, name):
        raise StoreUnwritable("the folder of keys refused", where=name)

    monkeypatch.setattr(type(keys), "destroy", refuse)
    with pytest.raises(StoreUnwritable):
        journals.shred("e-1", "p-17", "заявление", "head", key="k")
    monkeypatch.setattr(type(keys), "destroy", good)
    assert [] == journals.shred("e-1", "p-17", "заявление", "head", key="k")
    assert 0 == keys.destroy("s-26", "pupil/p-17")
    assert 1 == journals.store.head("s-26", "school/2026").number
    assert "L1" == journals.verify().assurance


def test_as_long_as_something_must_be_kept_nothing_is_shredded(journals):
    """A remark of a mark must be kept for years: refused, the key stays, and all can be read."""
    journals.record(
        ej.Mark(lesson=LESSON, pupil="p-17", kind="oral", value=5, comment="Сам"), by="t-ivanova"
    )
    (receipt,) = journals.shred("e-1", "p-17", "заявление", "head")

    assert receipt.decision is ej.Decision.REFUSED
    assert ["Дроби", TEXT, TEXT, TEXT, "Сам"] == remarks(journals)


def test_what_was_written_meanwhile_is_named_afterwards(journals):
    """A text ciphered under the old key between the acts and its end is named by an act of its own."""
    keys, school = journals.store._keys, journals.school
    old = type(keys).destroy

    class Slow(FileKeys):
        """Keys whose end takes a while in which somebody writes."""

        def destroy(self, school_id, name):
            late = ej.Comment(lesson=LESSON, pupil="p-17", comment="поздно")
            other.record(late, by="t-ivanova")
            return old(self, school_id, name)

    other = ej.Journals(journals.store, school, "ru-school26-2023", StandingClock(AT))
    journals.store._keys = Slow(keys._root)
    receipts = journals.shred("e-1", "p-17", "заявление", "head")

    assert 2 == len(receipts)
    assert ["Дроби", None, None, TEXT, None] == remarks(journals)
    assert "L1" == journals.verify().assurance


def test_a_store_without_keys_cannot_shred():
    """It says what it lacks, before anything is recorded; an unknown pupil is told as well."""
    journals = ej.Journals(
        MemoryStore(), ej.samples.school(), "ru-school26-2023", StandingClock(AT)
    )
    with pytest.raises(BadInput, match="Shreds"):
        journals.shred("e", "p-17", "x", "head")
    keyed = ej.Journals(
        CipheredStore(MemoryStore(), MemoryKeys()), ej.samples.school(), "ru-school26-2023"
    )
    with pytest.raises(ej.Unknown):
        keyed.shred("e", "p-999", "x", "head")


def test_grounds_of_erasures_are_not_ciphered_under_the_pupils_key():
    """They have to outlive what they are about."""
    record = make_record(Head())
    assert "pupil/p-1" == name_of(record)
    assert f"book/{BOOK}" == name_of(evolve(record, index=evolve(record.index, kind="erasure")))
    assert f"book/{BOOK}" == name_of(evolve(record, index=evolve(record.index, pupil=None)))
