"""Commitments: a text can be proven, erased, and neither guessed nor exchanged."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edujournal.errors import BadInput, StoreDamaged
from edujournal.ledger.bytes import decode, encode
from edujournal.ledger.commitments import commitment, open_texts, seal_texts

SALT = bytes(range(16))
NAMES = st.text("abcdefgh.", min_size=1, max_size=8)
WORDS = st.text(st.characters(max_codepoint=0x24F, exclude_categories=["Cs"]))
TEXTS = st.dictionaries(NAMES, WORDS, max_size=5)

#: Pinned byte for byte: whoever changes one of these changes the format of every book there is.
VECTORS = [
    (bytes(16), "", "87874dbf24575151c89f064ee7d725f9ecc6267a38ff52111c350a1036023ae6"),
    (SALT, "Молодец!", "3b89937b34c3145d6b67177d9b4203e5f60441e8f8bc2c421d83c2d187443b3f"),
]


@pytest.mark.parametrize(("salt", "text", "expected"), VECTORS)
def test_commitments_are_pinned(salt, text, expected):
    """Literal vectors of the commitment."""
    assert expected == commitment(salt, text)
    assert expected == sha256(b"edujournal/commitment/v1\n" + salt + text.encode()).hexdigest()


def test_private_bytes_are_pinned():
    """Literal bytes of what travels beside the body."""
    commitments, private = seal_texts({"topic": "Дроби", "homework": "№ 12"}, [SALT, bytes(16)])

    assert {"topic": commitment(SALT, "Дроби"), "homework": commitment(bytes(16), "№ 12")} == (
        commitments
    )
    assert (
        '{"homework":{"salt":"00000000000000000000000000000000","text":"№ 12"},'
        '"topic":{"salt":"000102030405060708090a0b0c0d0e0f","text":"Дроби"}}'.encode()
        == private
    )


@given(TEXTS)
def test_texts_come_back(texts):
    """What was sealed opens to the same texts; without the private bytes, to nothing."""
    commitments, private = seal_texts(texts, [bytes([n]) * 16 for n in range(len(texts))])

    assert texts == open_texts(commitments, private)
    assert dict.fromkeys(texts) == open_texts(commitments, None)
    assert (private is None) == (not texts)


def test_no_texts_are_nothing():
    """An entry without texts has neither commitments nor private bytes."""
    assert ({}, None) == seal_texts({}, [])
    assert {} == open_texts(None, None)


def test_one_text_can_be_erased_and_the_others_stay():
    """A text whose salt and words are gone reads as None; the rest is still proven."""
    commitments, private = seal_texts({"a": "x", "b": "y"}, [SALT, bytes(16)])
    rest = decode(private)
    del rest["a"]

    assert {"a": None, "b": "y"} == open_texts(commitments, encode(rest))


@pytest.mark.parametrize("name", ["salt", "text"])
def test_a_changed_text_or_salt_is_found(name):
    """Neither the words nor the salt can be exchanged."""
    commitments, private = seal_texts({"a": "0" * 32}, [SALT])
    changed = decode(private)
    changed["a"][name] = "1" * 32

    with pytest.raises(StoreDamaged, match="not the one committed to"):
        open_texts(commitments, encode(changed))


@pytest.mark.parametrize(
    "private",
    [
        b"",
        b"{",
        b"[]",
        b'"a"',
        b'{"a":1}',
        b'{"a":{"salt":"00"}}',
        b'{"a":{"salt":"00","text":"x"}}',
        b'{"a":{"salt":"0000000000000000000000000000000G","text":"x"}}',
        b'{"a":{"salt":"00000000000000000000000000000000","text":1}}',
        b'{"a":{"salt":"00000000000000000000000000000000","text":"x","more":1}}',
        b'{ "a":{"salt":"00000000000000000000000000000000","text":"x"}}',
        b'{"b":{"salt":"00000000000000000000000000000000","text":"x"}}',
    ],
)
def test_private_bytes_of_another_form_are_damage(private):
    """What this library did not write is told as damage, never as another exception."""
    with pytest.raises(StoreDamaged):
        open_texts({"a": commitment(SALT, "x")}, private)


def test_texts_without_commitments_are_damage():
    """A text that the body does not know was put there by somebody else."""
    _, private = seal_texts({"a": "x"}, [SALT])

    with pytest.raises(StoreDamaged, match="does not know"):
        open_texts(None, private)


@pytest.mark.parametrize("salts", [[], [SALT, SALT], [SALT[:15]], [SALT + b"x"]])
def test_salts_have_one_size_and_one_each(salts):
    """A short salt could be guessed, a missing one is a bug of the caller."""
    with pytest.raises(BadInput, match="salt"):
        seal_texts({"a": "x"}, salts)


@pytest.mark.parametrize("text", ["e\u0301", "\ud800"])
def test_a_text_without_canonical_bytes_is_refused_by_its_name(text):
    """The path tells which text."""
    with pytest.raises(BadInput) as caught:
        seal_texts({"homework": text}, [SALT])

    assert "$.homework.text" == caught.value.problems[0].where
