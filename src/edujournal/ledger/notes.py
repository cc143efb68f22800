"""Signed notes, as C2SP has them (c2sp.org/signed-note): a text, and lines that sign it.

A note is text, an empty line, and one line for each signature: an em dash, a space, the name of the
key, a space, and in base64 the four bytes of the key's id and the signature. How a key signs is the
matter of an adapter; here is only what is written.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final, Protocol

from attrs import frozen

from edujournal.errors import BadInput

#: Kinds of signature: the byte that takes part in a key's id.
ED25519: Final = 1
COSIGNATURE: Final = 4

#: Longest note, in bytes, and most signatures, that are read.
LONGEST_NOTE: Final = 1_000_000
MOST_SIGNATURES: Final = 100

_NAME: Final = re.compile(r"[^\s+\x00-\x1f\x7f]+")
_LINE: Final = re.compile("— ([^ ]+) ([A-Za-z0-9+/]+={0,2})")


class Signer(Protocol):
    """A key that signs notes.

    *Version added: 0.1.*
    """

    @property
    def name(self) -> str:
        """Name of the key, such as ``school26.example/edujournal``; no spaces, no plus."""

    @property
    def key_id(self) -> bytes:
        """Id of the key, four bytes; see :func:`key_id`."""

    def sign(self, text: bytes) -> bytes:
        """Sign the text of a note, its last line feed included."""


class Verifier(Protocol):
    """A public key that checks signatures of notes.

    *Version added: 0.1.*
    """

    @property
    def name(self) -> str:
        """Name of the key."""

    @property
    def key_id(self) -> bytes:
        """Id of the key, four bytes."""

    def verify(self, text: bytes, signature: bytes) -> bool:
        """Tell whether *signature* is the key's over the text of a note."""


@frozen
class Signature:
    """One signature of a note: name and id of the key, and the bytes.

    *Version added: 0.1.*
    """

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        """The line of a note, without its line feed."""
        return f"— {self.name} {b64encode(self.key_id + self.signature).decode()}"


@frozen
class Note:
    """A text with its signatures; whose they are is asked by :func:`signed_by`.

    *Version added: 0.1.*

    Attributes:
        text: The text, its last line feed included.
        signatures: The signatures, in the order of their lines.
    """

    text: str
    signatures: tuple[Signature, ...]

    def __bytes__(self) -> bytes:
        """The note as it is kept and sent."""
        lines = "".join(f"{one}\n" for one in self.signatures)
        return f"{self.text}\n{lines}".encode()

    def with_signature(self, signature: Signature) -> Note:
        """The same text with one signature more; one of the same key is replaced."""
        kept = [
            one
            for one in self.signatures
            if (one.name, one.key_id) != (signature.name, signature.key_id)
        ]
        return Note(self.text, (*kept, signature))


def check_key_name(name: str) -> str:
    """Give the name of a key back if it can be one.

    Raises:
        BadInput: It is empty, or has a space, a plus or a control character.
    """
    if not _NAME.fullmatch(str(name)):
        raise BadInput(
            "not the name of a key",
            expected="one word without a plus, such as school26.example/edujournal",
            found=repr(name),
        )
    return name


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """Id of a key: the first four bytes of SHA-256 over its name, a line feed, its kind, itself.

    *Version added: 0.1.*
    """
    return sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def signed(text: str, signers: Iterable[Signer]) -> Note:
    """Sign *text*.

    Raises:
        BadInput: The text cannot be that of a note.

    *Version added: 0.1.*
    """
    _check_text(text)
    data = text.encode()
    return Note(
        text,
        tuple(Signature(check_key_name(one.name), one.key_id, one.sign(data)) for one in signers),
    )


def parse_note(data: bytes) -> Note:
    """Read a note; whose signatures they are is not asked.

    Raises:
        BadInput: It is not a note, byte for byte.

    *Version added: 0.1.*
    """
    if len(data) > LONGEST_NOTE:
        raise BadInput("a note that is too long", expected=f"at most {LONGEST_NOTE} bytes")
    try:
        whole = data.decode()
    except UnicodeDecodeError as error:
        raise BadInput("a note that is not UTF-8", where=f"byte {error.start}") from error
    text, gap, rest = whole.rpartition("\n\n")
    if not gap or not rest.endswith("\n"):
        raise BadInput("not a signed note", expected="a text, an empty line, lines with signatures")
    text += "\n"
    _check_text(text)
    lines = rest[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise BadInput("too many signatures", expected=f"at most {MOST_SIGNATURES}")
    return Note(text, tuple(_signature(line, n) for n, line in enumerate(lines, 1)))


def signed_by(note: Note, verifiers: Sequence[Verifier]) -> tuple[Verifier, ...]:
    """Tell which keys have signed *note*; signatures of other keys are not looked at.

    Raises:
        BadInput: A signature bears the name and the id of one of the keys and is not that key's.

    *Version added: 0.1.*
    """
    found = []
    for verifier in verifiers:
        for one in note.signatures:
            if (one.name, one.key_id) != (verifier.name, verifier.key_id):
                continue
            if not verifier.verify(note.text.encode(), one.signature):
                raise BadInput(
                    "a signature that its key did not make",
                    where=one.name,
                    expected=f"the signature of key {one.key_id.hex()}",
                    found=one.signature.hex()[:32],
                )
            found.append(verifier)
            break
    return tuple(found)


def _check_text(text: str) -> None:
    if not text.endswith("\n") or any(char < " " and char != "\n" for char in text):
        raise BadInput(
            "not the text of a note",
            expected="lines, each ended by a line feed, without control characters",
            found=repr(text[:60]),
        )


def _signature(line: str, number: int) -> Signature:
    found = _LINE.fullmatch(line)
    where = f"signature {number}"
    if found is None or not _NAME.fullmatch(found[1]):
        raise BadInput(
            "not a line with a signature", where=where, expected="— name base64", found=line[:60]
        )
    try:
        data = b64decode(found[2], validate=True)
    except ValueError as error:
        raise BadInput("not base64", where=where, found=found[2][:60]) from error
    # One signature has one spelling: what decodes alike but is written otherwise is not taken.
    if len(data) <= 4 or b64encode(data).decode() != found[2]:
        raise BadInput("not base64 of a signature", where=where, found=found[2][:60])
    return Signature(found[1], data[:4], data[4:])
