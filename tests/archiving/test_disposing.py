"""What is left of an archive after a disposal is believed as before, and says what is gone."""

from __future__ import annotations

import bagit
import pytest

from edujournal.adapters.archives import write_archive
from edujournal.adapters.signers.ed25519 import Ed25519Verifier
from edujournal.archiving.disposing import DISPOSED, dispose
from edujournal.archiving.reading import judge
from edujournal.errors import BadInput
from edujournal.ledger.bytes import decode, encode
from tests.archiving.archives import (
    BOOK,
    LOG_KEY,
    OFFICE,
    OTHER,
    READER,
    by_library,
    by_program,
    packed,
    relisted,
)


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """An archive with seals, a witness, texts and an erasure."""
    return packed(tmp_path_factory.mktemp("good"))


def without(files, *books):
    """The archive after the disposal of books."""
    return dict(dispose(files, lambda book: book in books))


def test_what_is_left_is_believed_as_before(good, tmp_path):
    """The same level by both readers and with each key; the books that are gone are named."""
    left = without(good, BOOK)
    assert ("L3", False, set()) == by_library(left) == by_program(left)
    assert (
        ("L2", False, set())
        == by_library(left, [LOG_KEY.public])
        == by_program(left, [LOG_KEY.public])
    )
    assert (BOOK,) == judge(left, Ed25519Verifier).disposed
    assert [BOOK] == READER["check"](left)["disposed"]
    write_archive(tmp_path / "left", left.items())
    assert bagit.Bag(str(tmp_path / "left")).validate()


def test_nothing_of_a_book_is_left_but_hashes(good):
    """Log, texts and copies go; every other file is what it was; a copy found elsewhere can be told."""
    left = without(good, BOOK)
    gone = {line[66:]: line[:64] for line in left[DISPOSED].decode().splitlines()}
    assert {"books", "texts", "copies"} == {name.split("/")[1] for name in gone}
    assert set(good) - set(left) == set(gone)
    assert not any(
        "Хорошо".encode() in content for name, content in left.items() if "verify" not in name
    )
    changed = {name for name in good if name in left and left[name] != good[name]}
    assert {"bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"} == changed


def test_two_disposals_add_up(good):
    """What went first stays named; and the seal log never goes."""
    twice = without(without(good, BOOK), OTHER, "seals/2026")
    assert ("L3", False, set()) == by_library(twice) == by_program(twice)
    assert (BOOK, OTHER) == judge(twice, Ed25519Verifier).disposed
    with pytest.raises(BadInput, match="nothing in the archive is due"):
        without(twice, BOOK, OTHER, "seals/2026")


def test_an_end_that_no_seal_knows_is_found(good):
    """The end of a book that is gone is still held to its last seal, by both readers."""
    left = without(good, BOOK)
    rows = [decode(line) for line in left["data/books.jsonl"].splitlines()]
    for change in ({"n": 6}, {"hash": "0" * 64}):
        some = [row | change if row["book"] == BOOK else row for row in rows]
        table = b"".join(encode(row) + b"\n" for row in some)
        false = relisted({**left, "data/books.jsonl": table})
        assert by_library(false) == by_program(false)
        assert (True, {BOOK}) == by_program(false)[1:]


def test_a_school_book_is_kept_while_its_erasures_are_needed(good):
    """Its acts tell that texts of other books are erased and not lost; it goes with the last of these."""
    with pytest.raises(BadInput, match="nothing in the archive is due"):
        without(good, OFFICE)
    left = without(good, OFFICE, BOOK)
    assert ("L3", False, set()) == by_library(left) == by_program(left)
    left = dict(dispose(left, lambda _: True))
    assert ("L3", False, set()) == by_library(left) == by_program(left)


@pytest.mark.parametrize("place", range(0, 900, 97))
def test_a_seal_log_that_is_cut_after_a_disposal_is_damage(good, place):
    """Both readers judge what is left, and agree."""
    left = without(good, BOOK)
    name = next(
        row["file"]
        for row in map(decode, left["data/books.jsonl"].splitlines())
        if row["book"].startswith("seals/")
    )
    cut = relisted({**left, name: left[name][: len(left[name]) - 1 - place]})
    assert by_library(cut) == by_program(cut)
    assert by_library(cut)[1]
