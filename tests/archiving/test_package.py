"""An archive is a bag that others read, whole as of one moment, with an honest checker in it."""

from __future__ import annotations

import csv
import io
import json
import random
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import bagit
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from edujournal.adapters.archives import FolderArchive, write_archive
from edujournal.adapters.signers.ed25519 import Ed25519Verifier
from edujournal.archiving.package import Beside, checker, checker_digest, pack
from edujournal.archiving.reading import judge
from edujournal.errors import BadInput, StoreBusy, StoreUnwritable, Unknown
from edujournal.sealing import Seals
from edujournal.testing.clocks import StandingClock
from edujournal.testing.records import START
from tests.archiving.archives import (
    AT,
    BOOK,
    LOG_KEY,
    ORIGIN,
    OTHER,
    PROGRAM,
    READER,
    SCHOOL,
    WITNESS_KEY,
    YEAR,
    a_store,
    by_library,
    by_program,
    erase_now,
    more,
    packed,
    sealed,
)

#: RFC 8032, 7.1, tests 1 to 3: secret key, public key, message, signature.
VECTORS = (
    ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
)  # fmt: skip


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """An archive with seals, a witness, texts and an erasure."""
    return packed(tmp_path_factory.mktemp("good"), documents=[("ведомость 7А.pdf", b"%PDF")])


def test_the_folder_is_a_bag(good, tmp_path):
    """The Library of Congress's own program validates it, and its size is told right."""
    write_archive(tmp_path / "bag", good.items())
    bag = bagit.Bag(str(tmp_path / "bag"))

    assert bag.validate()
    assert ORIGIN == bag.info["External-Identifier"]
    payload = [content for name, content in good.items() if name.startswith("data/")]
    assert f"{sum(map(len, payload))}.{len(payload)}" == bag.info["Payload-Oxum"]
    assert good == dict(FolderArchive(tmp_path / "bag"))


def test_the_stored_bytes_are_in_it(good):
    """Hash, blank, body: line by line what the store keeps; copies say the same to people and programs."""
    store = a_store()
    rows = {row["book"]: row for row in map(json.loads, good["data/books.jsonl"].splitlines())}
    stored = [b"%b %b" % (one.hash.encode(), one.body) for one in store.read(SCHOOL, BOOK)]
    log = good[rows[BOOK]["file"]].splitlines()
    assert stored == log[: len(stored)]
    name = rows[OTHER]["file"].replace("/books/", "/copies/")
    copies = [json.loads(line) for line in good[name].splitlines()]
    assert [{"comment": "да"}, {"comment": None}] == [one["texts"] for one in copies[:2]]
    table = list(csv.DictReader(io.StringIO(good[name.replace("jsonl", "csv")].decode())))
    assert ["1", "2", "3", "4", "5"] == [row["number"] for row in table]
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=START + 1)
    assert moment == datetime.fromisoformat(table[0]["recorded"])


def test_the_same_moment_gives_the_same_bytes(tmp_path):
    """An archive can be made again and compared."""
    store = a_store()
    beside = sealed(store, tmp_path)

    def made():
        return dict(pack(store, SCHOOL, YEAR, beside, at=AT, version="0.1.0"))

    assert made() == made()


def test_an_archive_made_while_the_store_is_written_to_is_whole(tmp_path):
    """Entries and seals that come between two files are not in it, and nothing in it misses them."""
    store = a_store()
    beside = sealed(store, tmp_path)
    seals = Seals(store, SCHOOL, signers=[LOG_KEY], clock=StandingClock())
    files = {}
    for name, content in pack(store, SCHOOL, YEAR, beside, at=AT, version="0.1.0"):
        files[name] = content
        more(store, BOOK, 1)
        more(store, OTHER, 1)
        seals.seal(YEAR)

    assert ("L3", False, set()) == by_library(files) == by_program(files)


def test_texts_erased_while_it_is_made_are_gone_or_there(tmp_path):
    """An act that takes texts, in the middle of packing, leaves an archive that verifies."""
    store = a_store()
    beside = sealed(store, tmp_path)
    files = {}
    for name, content in pack(store, SCHOOL, YEAR, beside, at=AT, version="0.1.0"):
        files[name] = content
        if name == "data/keys.txt":
            from edujournal.ledger.bytes import decode
            from edujournal.ledger.records import Head
            from edujournal.testing.records import make_records
            from tests.archiving.archives import OFFICE, remade

            head = store.head(SCHOOL, OFFICE)
            (act,) = make_records(Head(head.number, head.hash), 1, book=OFFICE)
            body = decode(act.body)
            body |= {"kind": "erasure", "values": {"records": [{"book": BOOK, "n": 1}]}}
            store.append(SCHOOL, OFFICE, [remade(act, body, head.hash)], head.number)
            store.erase(SCHOOL, BOOK, [1])

    assert ("L3", False, set()) == by_library(files) == by_program(files)


@pytest.mark.parametrize(
    "name", ["../x", "a/b", ".x", "a:b", "CON?", "a\nb", "%41", "e\u0301", "", "x" * 121]
)
def test_a_name_that_some_system_reads_otherwise_is_refused(name):
    """A document's name never leads anywhere, and is the same on every system."""
    beside = Beside(origin=ORIGIN, documents=[(name, b"x")])
    with pytest.raises(BadInput, match="not the name of a file"):
        dict(pack(a_store(), SCHOOL, YEAR, beside, at=AT, version="0.1.0"))


def test_two_documents_of_one_name_are_refused():
    """Also where only the case differs: on some disks it is one file."""
    beside = Beside(origin=ORIGIN, documents=[("a.pdf", b"x"), ("A.pdf", b"y")])
    with pytest.raises(BadInput, match="two files of one name"):
        dict(pack(a_store(), SCHOOL, YEAR, beside, at=AT, version="0.1.0"))


def test_a_year_that_is_not_there_is_unknown():
    """The years that are there are named."""
    with pytest.raises(Unknown, match="2026"):
        dict(pack(a_store(), SCHOOL, "2025", Beside(origin=ORIGIN), at=AT, version="0.1.0"))


def test_a_folder_is_there_as_a_whole_or_not_at_all(tmp_path):
    """What fails midway leaves nothing, and what is there is never written into."""

    def failing():
        yield "data/a.txt", b"x"
        raise StoreUnwritable("the store went away")

    with pytest.raises(StoreUnwritable):
        write_archive(tmp_path / "new", failing())
    assert [] == list(tmp_path.iterdir())
    with pytest.raises(BadInput, match="leads out"):
        write_archive(tmp_path / "new", [("../../evil", b"x")])
    with pytest.raises(BadInput, match="there already"):
        write_archive(tmp_path, [("a", b"x")])


def test_links_are_not_followed(good, tmp_path):
    """A link in an archive could lead anywhere: both readers refuse it."""
    folder = tmp_path / "bag"
    write_archive(folder, good.items())
    (folder / "data" / "documents" / "link").symlink_to("/etc")
    with pytest.raises(BadInput, match="a link"):
        FolderArchive(folder)
    with pytest.raises(READER["Unreadable"], match="a link"):
        READER["Folder"](str(folder))


def test_another_checker_is_told(good):
    """The digest of the true one is public: an archive with another one is not taken for good."""
    assert (
        checker_digest()
        == sha256(checker()).hexdigest()
        == sha256(PROGRAM.read_bytes()).hexdigest()
    )
    assert judge(good, Ed25519Verifier).checker
    assert not judge({**good, "verify.py": b"print('L3')"}, Ed25519Verifier).checker


def test_the_checker_shares_nothing_with_the_library():
    """It imports the standard library only, and is short enough to be read."""
    source = PROGRAM.read_text("utf-8")
    imported = {
        line.split()[1] for line in source.splitlines() if line.startswith(("import ", "from "))
    }

    assert {
        "__future__",
        "argparse",
        "base64",
        "functools",
        "json",
        "os",
        "re",
        "sys",
        "unicodedata",
        "hashlib",
        "typing",
    } == imported
    assert len([line for line in source.splitlines() if line.strip()]) <= 450


@pytest.mark.parametrize("vector", VECTORS)
def test_the_checker_verifies_published_signatures(vector):
    """The vectors of RFC 8032, and none of them with a bit changed."""
    secret, public, message, made = (bytes.fromhex(one) for one in vector)
    assert made == Ed25519PrivateKey.from_private_bytes(secret).sign(message)
    assert READER["ed25519"](public, message, made)
    for bit in range(0, 512, 37):
        wrong = bytearray(made)
        wrong[bit // 8] ^= 1 << bit % 8
        assert not READER["ed25519"](public, message, bytes(wrong))
    assert not READER["ed25519"](public, message + b"x", made)


def test_the_checker_judges_signatures_as_the_library_does():
    """Good ones, changed ones, keys that are no points, numbers beyond the order: one answer."""
    chance = random.Random(8032)
    order = 2**252 + 27742317777372353535851937790883648493
    answers = []
    for number in range(120):
        own = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
        message, public = chance.randbytes(number), own.public_key().public_bytes_raw()
        made = own.sign(message)
        if number % 4 == 1:
            made = made[:32] + (int.from_bytes(made[32:], "little") + order).to_bytes(32, "little")
        elif number % 4 == 2:
            public = chance.randbytes(32)
        elif number % 4 == 3:
            made = chance.randbytes(64)
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(made, message)
            expected = True
        except InvalidSignature:
            expected = False
        answers.append(expected)
        assert expected == READER["ed25519"](public, message, made)
    assert 30 == sum(answers)


def test_keys_of_a_witness_count_as_such(good):
    """A witness alone gives L3, as the main verifier says."""
    assert ("L3", False, set()) == by_library(good, [WITNESS_KEY.public])
    assert by_library(good, [WITNESS_KEY.public]) == by_program(good, [WITNESS_KEY.public])


def test_texts_that_are_erased_between_two_books_stop_the_packing(tmp_path):
    """A text that was packed before it was erased is in no archive; packed again, it is gone."""
    store = a_store()
    beside = sealed(store, tmp_path)

    def packing():
        for name, _ in pack(store, SCHOOL, YEAR, beside, at=AT, version="0.1.0"):
            if name.startswith("data/texts/"):
                erase_now(store, 1)

    with pytest.raises(StoreBusy, match="erased while"):
        packing()
    files = dict(pack(store, SCHOOL, YEAR, beside, at=AT, version="0.1.0"))
    assert ("L3", False, set()) == by_library(files) == by_program(files)
