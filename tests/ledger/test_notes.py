"""Signed notes and checkpoints, byte for byte as C2SP has them, and what is no note."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edujournal.adapters.signers.ed25519 import Ed25519Cosigner, Ed25519Signer, Ed25519Verifier
from edujournal.errors import BadInput
from edujournal.ledger.checkpoints import Checkpoint, origin_of
from edujournal.ledger.notes import (
    Note,
    Signature,
    check_key_name,
    key_id,
    parse_note,
    signed,
    signed_by,
)

#: The note and the key that Go's sumdb/note publishes as its example.
PUBLISHED = (
    "This is an example message.\n"
    "\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
PUBLISHED_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"

ROOT = bytes(range(32))
TEXT = str(Checkpoint("school26.example/2026", 7, ROOT))


@pytest.fixture
def signer() -> Ed25519Signer:
    """A key of a log."""
    return Ed25519Signer.generate("school26.example/2026")


def test_the_published_note_is_read_and_verified():
    """The published note is its key's; one bit away it is nobody's."""
    note, verifier = parse_note(PUBLISHED.encode()), Ed25519Verifier(PUBLISHED_KEY)
    assert note.text == "This is an example message.\n"
    assert bytes(note) == PUBLISHED.encode()
    assert signed_by(note, [verifier]) == (verifier,)
    other = Note(note.text.replace("example", "exemple"), note.signatures)
    with pytest.raises(BadInput, match="its key did not make"):
        signed_by(other, [verifier])


def test_a_checkpoint_has_the_published_form():
    """Origin, size and root, each on a line of its own (c2sp.org/tlog-checkpoint)."""
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    found = Checkpoint.parse(text)
    assert (found.origin, found.size) == ("example.com/behind-the-sofa", 20852163)
    assert str(found) == text
    more = Checkpoint.parse(text + "a line of its own\n")
    assert more.extensions == ("a line of its own",)
    assert str(more) == text + "a line of its own\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        "a\n1\nx",
        "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n１\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
        "a\n1\nAAAA\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text):
    """Every other spelling of a checkpoint is refused."""
    with pytest.raises(BadInput):
        Checkpoint.parse(text)


def test_a_signed_checkpoint_comes_back_as_it_was(signer):
    """What was signed is read back, byte for byte, and is the signer's."""
    note = signed(TEXT, [signer])
    again = parse_note(bytes(note))
    assert again == note
    verifier = Ed25519Verifier(signer.public)
    assert signed_by(again, [verifier]) == (verifier,)
    assert not verifier.is_witness
    assert Checkpoint.parse(again.text) == Checkpoint("school26.example/2026", 7, ROOT)


def test_a_private_key_survives_its_file(signer):
    """A key is the same after it was written and read, with a password and without."""
    for password in (None, b"secret"):
        again = Ed25519Signer.from_pem(signer.name, signer.to_pem(password), password)
        assert again.public == signer.public
    with pytest.raises(BadInput, match="not its password"):
        Ed25519Signer.from_pem(signer.name, signer.to_pem(b"secret"), b"other")
    with pytest.raises(BadInput, match="not its password"):
        Ed25519Signer.from_pem(signer.name, b"no key at all")


def test_a_key_of_another_kind_is_refused():
    """An RSA key is no Ed25519 key."""
    from cryptography.hazmat.primitives import serialization as forms
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(forms.Encoding.PEM, forms.PrivateFormat.PKCS8, forms.NoEncryption())
    with pytest.raises(BadInput, match="another kind"):
        Ed25519Signer.from_pem("a", pem)


def test_a_witness_signs_with_the_time_at_which_it_saw(signer):
    """A cosignature bears eight bytes of time, and both are under the signature."""
    seen = datetime(2026, 9, 15, 12, tzinfo=UTC)
    witness = Ed25519Cosigner.generate("witness.example").at(lambda: seen)
    note = signed(TEXT, [signer, witness])
    own, other = note.signatures
    assert len(own.signature) == 64
    assert len(other.signature) == 72
    assert int.from_bytes(other.signature[:8], "big") == seen.timestamp()
    verifier = Ed25519Verifier(witness.public)
    assert verifier.is_witness
    assert signed_by(note, [verifier]) == (verifier,)
    moved = (int(seen.timestamp()) + 1).to_bytes(8, "big") + other.signature[8:]
    with pytest.raises(BadInput, match="its key did not make"):
        signed_by(Note(TEXT, (Signature(other.name, other.key_id, moved),)), [verifier])
    with pytest.raises(BadInput, match="its key did not make"):
        signed_by(Note(TEXT, (Signature(other.name, other.key_id, b"12345678"),)), [verifier])
    with pytest.raises(BadInput, match="without a clock"):
        Ed25519Cosigner.generate("witness.example").sign(b"x\n")


def test_signatures_of_strangers_prove_nothing_and_spoil_nothing(signer):
    """Only keys that are asked about count; of a key of the same name another id is another key."""
    stranger, twin = Ed25519Signer.generate("stranger"), Ed25519Signer.generate(signer.name)
    note = signed(TEXT, [stranger, twin])
    assert signed_by(note, [Ed25519Verifier(signer.public)]) == ()
    both = note.with_signature(signed(TEXT, [signer]).signatures[0])
    assert len(both.signatures) == 3
    assert len(both.with_signature(both.signatures[2]).signatures) == 3
    verifier = Ed25519Verifier(signer.public)
    assert signed_by(both, [verifier]) == (verifier,)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not a signed note"),
        (b"text\n", "not a signed note"),
        (b"text\n\n", "not a signed note"),
        (b"text\n\n\xe2\x80\x94 a AAAAAAA=", "not a signed note"),
        (b"text\n\n- a AAAAAAA=\n", "not a line with a signature"),
        (b"text\n\n\xe2\x80\x94  AAAAAAA=\n", "not a line with a signature"),
        (b"text\n\n\xe2\x80\x94 a+b AAAAAAA=\n", "not a line with a signature"),
        (b"text\n\n\xe2\x80\x94 a AAAAA===\n", "not a line with a signature"),
        (b"text\n\n\xe2\x80\x94 a AAAAA\n", "not base64"),
        (b"text\n\n\xe2\x80\x94 a AAAAAA==\n", "not base64 of a signature"),
        (b"text\n\n\xe2\x80\x94 a AAAAAAB=\n", "not base64 of a signature"),
        (b"te\x00xt\n\n\xe2\x80\x94 a AAAAAAA=\n", "not the text of a note"),
        (b"te\rxt\n\n\xe2\x80\x94 a AAAAAAA=\n", "not the text of a note"),
        (b"\xff\n\n\xe2\x80\x94 a AAAAAAA=\n", "not UTF-8"),
        (b"text\n\n" + b"\xe2\x80\x94 a AAAAAAA=\n" * 101, "too many signatures"),
        (b"t" * 1_000_001, "too long"),
    ],
)
def test_what_is_no_note_is_refused(data, said):
    """The strict grammar: everything that a note is not is said to be none."""
    with pytest.raises(BadInput, match=said):
        parse_note(data)


@given(st.binary(max_size=300))
def test_bytes_are_a_note_or_bad_input(data):
    """Nothing that is read as a note is written in another way."""
    try:
        note = parse_note(data)
    except BadInput:
        return
    assert bytes(note) == data


def test_no_bit_of_a_signed_checkpoint_can_be_changed(signer):
    """Whatever bit is flipped, the note is refused, or is no longer the signer's."""
    data, verifier = bytearray(bytes(signed(TEXT, [signer]))), Ed25519Verifier(signer.public)
    for place in range(len(data) * 8):
        data[place // 8] ^= 1 << place % 8
        with contextlib.suppress(BadInput):
            assert not signed_by(parse_note(bytes(data)), [verifier])
        data[place // 8] ^= 1 << place % 8


@pytest.mark.parametrize("name", ["", "two words", "a+b", "a\tb", "a\u00a0b"])
def test_names_that_a_key_cannot_have(name):
    """A key's name is one word without a plus."""
    with pytest.raises(BadInput, match="not the name of a key"):
        check_key_name(name)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a+b",
        "example.com/foo+530d903a+???",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/fooo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv",
    ],
)
def test_what_is_no_public_key_is_refused(text):
    """The parts of a public key belong together, or it is none."""
    with pytest.raises(BadInput, match="public key"):
        Ed25519Verifier(text)


def test_an_origin_keeps_apart_what_ids_keep_apart():
    """Whatever an id holds, the origin can be the name of a key, and no two are the same."""
    assert origin_of("e.example", "school26", "2026") == "e.example/school26/2026"
    assert origin_of("e", "a/b", "c") != origin_of("e", "a", "b/c")
    assert check_key_name(origin_of("e.example", "школа № 26+", "2026/27"))


def test_an_id_of_a_key_covers_its_name_and_its_kind():
    """The same bytes under another name, or for another use, are another key."""
    public = bytes(32)
    assert len({key_id("a", 1, public), key_id("b", 1, public), key_id("a", 4, public)}) == 3
