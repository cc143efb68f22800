"""The chain: pinned hashes, and every way to tamper with a book is found where it happened."""

from __future__ import annotations

from hashlib import sha256

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from edujournal.ledger.chain import Damage, check_chain, entry_hash
from edujournal.ledger.records import ZERO_HASH, Head
from edujournal.testing.records import BOOK, head_of, make_record, make_records

#: Pinned byte for byte: whoever changes one of these changes the format of every book there is.
VECTORS = [
    (ZERO_HASH, b"", "f18c0c6ea92faa23c907a27b04f75ae083a76a2146b45cae191ac025e1d0df0a"),
    (ZERO_HASH, b"{}", "27c530c4eee8d21326f7c4a0e97dccf85ea45fce06b90acb44d35d4ac1c10026"),
    (
        "27c530c4eee8d21326f7c4a0e97dccf85ea45fce06b90acb44d35d4ac1c10026",
        b'{"n":2}',
        "b37dbbb73800c12c8621bd8e4907d80c2bcb752ce54a4b155506b35c1134311b",
    ),
    (
        "ff" * 32,
        '{"t":"Молодец!"}'.encode(),
        "c3bb355fff88c2d0a21bd4d1a48880f81bc1017b73f7953279e4ac281ca6f697",
    ),
]


@pytest.mark.parametrize(("previous", "body", "expected"), VECTORS)
def test_hashes_are_pinned(previous, body, expected):
    """Literal vectors of the entry hash."""
    assert expected == entry_hash(previous, body)


@given(st.binary(min_size=32, max_size=32), st.binary())
def test_the_hash_is_what_the_format_says(previous, body):
    """SHA-256 over the domain, the hash before as raw bytes, and the hash of the body as raw bytes."""
    material = b"edujournal/entry/v1\n" + previous + sha256(body).digest()

    assert sha256(material).hexdigest() == entry_hash(previous.hex(), body)


def found(records, head=None, known=()):
    """What the check says of *records*, as (number, what)."""
    return [(d.number, d.what) for d in check_chain(records, BOOK, head=head, known=known)]


@pytest.fixture(scope="module")
def book():
    """Nine records."""
    return make_records(Head(), 9)


def test_a_whole_book_is_whole(book):
    """Nothing is found in a book that nobody touched; an empty book is whole, too."""
    assert [] == found(book, head_of(book), [Head(n, book[n - 1].hash) for n in range(1, 10)])
    assert [] == found([], Head(), [Head()])


def test_the_check_reads_a_stream_once(book):
    """Records go by one after another; no list is needed."""
    assert [] == found(iter(book), head_of(book))


@pytest.mark.parametrize("number", range(1, 10))
def test_an_edited_body_is_one_finding_at_its_number(book, number):
    """An edit is located, and what follows is not blamed for it."""
    edited = evolve(book[number - 1], body=book[number - 1].body.replace(b'"5"', b'"4"'))

    assert [(number, "hash")] == found([*book[: number - 1], edited, *book[number:]], head_of(book))


@pytest.mark.parametrize("number", range(1, 9))
def test_an_edited_body_with_its_hash_made_anew_breaks_the_next(book, number):
    """Who makes the hash of an edited record anew breaks the chain at the record after it."""
    body = book[number - 1].body.replace(b'"5"', b'"4"')
    previous = book[number - 2].hash if number > 1 else ZERO_HASH
    edited = evolve(book[number - 1], body=body, hash=entry_hash(previous, body))

    assert [(number + 1, "hash")] == found([*book[: number - 1], edited, *book[number:]])


def test_a_rewritten_book_is_found_by_any_head_kept_elsewhere(book):
    """A chain made anew from the edit on is whole; the head and a receipt tell that it is another."""
    fake = make_records(head_of(book[:4]), 5, value2="4")
    forged = [*book[:4], *fake]

    assert [] == found(forged)
    assert [(9, "head")] == found(forged, head_of(book))
    assert [(6, "receipt")] == found(forged, head_of(forged), [Head(6, book[5].hash)])
    assert [] == found(forged, head_of(forged), [Head(4, book[3].hash)])


@pytest.mark.parametrize("length", range(9))
def test_a_cut_tail_is_found_by_the_head(book, length):
    """A chain cannot see its own missing end: the head and receipts can, at the last number left."""
    assert [] == found(book[:length])
    assert [(length, "head")] == found(book[:length], head_of(book))
    assert [(length, "receipt")] == found(book[:length], None, [head_of(book)])


@pytest.mark.parametrize("number", range(1, 9))
def test_a_dropped_record_is_found_at_the_gap(book, number):
    """The number after the gap is named."""
    assert [(number + 1, "number")] == found([*book[: number - 1], *book[number:]], head_of(book))


def test_swapped_records_are_found(book):
    """Records in another order are found, as rows and as bodies under the other's number."""
    rows = [*book[:3], book[4], book[3], *book[5:]]
    bodies = [
        *book[:3],
        evolve(book[4], number=4),
        evolve(book[3], number=5),
        *book[5:],
    ]

    assert (5, "number") == found(rows)[0]
    assert (4, "hash") == found(bodies)[0]


def test_a_duplicated_record_is_found(book):
    """The same record twice is found at the second."""
    assert (3, "number") == found([*book[:3], book[2], *book[3:]])[0]


def test_a_record_of_another_book_is_found(book):
    """A record spliced in from another book is found by its book, or by its hash if renamed."""
    other = make_records(Head(), 9, book="journal/7B/alg/2026")
    spliced = [*book[:3], other[3], *book[4:]]
    renamed = [*book[:3], evolve(other[3], book=BOOK), *book[4:]]

    assert (4, "book") == found(spliced)[0]
    assert (4, "hash") == found(renamed)[0]


def test_a_forged_receipt_of_nothing_is_told(book):
    """A head with number 0 has one hash only."""
    assert [(0, "receipt")] == found(book, None, [Head(0, "5e" * 32)])


def test_a_damage_says_where_and_what():
    """The text of a damage names book, number, code and both values."""
    damage = Damage("b", 7, "hash", "aa", "bb")

    assert "b:7: hash: expected aa, found bb" == str(damage)


def test_two_receipts_of_one_number_cannot_both_be_met(book):
    """Of two heads of one size with two hashes at least one is found."""
    assert [(5, "receipt")] == found(
        book, None, [Head(5, book[4].hash), Head(5, make_record().hash)]
    )
