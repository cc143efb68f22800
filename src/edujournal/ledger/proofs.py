"""Proofs that can be checked without the store: an entry, its book, the seal log, a signed checkpoint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from attrs import frozen

from edujournal.errors import BadInput
from edujournal.ledger.bytes import decode, encode
from edujournal.ledger.chain import entry_hash
from edujournal.ledger.checkpoints import Checkpoint, origin_of
from edujournal.ledger.notes import Verifier, parse_note, signed_by
from edujournal.ledger.seals import seal_of
from edujournal.ledger.tree import includes, leaf_hash
from edujournal.model.ids import year_of_book
from edujournal.plain_files import LARGEST_PAPER, check_size, json_of

#: Version of the form in which proofs are written.
PROOF_VERSION: Final = 1

_FIELDS: Final = {
    "body": str,
    "book": str,
    "checkpoint": str,
    "entry_path": list,
    "n": int,
    "place": int,
    "previous": str,
    "school": str,
    "seal": str,
    "seal_path": list,
    "v": int,
}


@frozen(kw_only=True)
class Proof:
    """Shows that an entry stood in its book when a checkpoint was signed.

    *Version added: 0.1.*

    Attributes:
        school: Id of the school.
        book: Name of the book.
        number: Number of the entry.
        previous: Hash of the entry before it.
        body: Body of the entry; its texts are not in it, only commitments to them.
        entry_path: Inclusion proof of the entry in the tree of its book.
        seal: Body of the seal of the book.
        place: Place of the seal among the leaves of the seal log, from 0.
        seal_path: Inclusion proof of the seal.
        checkpoint: The signed checkpoint.
    """

    school: str
    book: str
    number: int
    previous: str
    body: bytes
    entry_path: tuple[bytes, ...]
    seal: bytes
    place: int
    seal_path: tuple[bytes, ...]
    checkpoint: bytes

    @property
    def hash(self) -> str:
        """Hash of the entry: the one that its receipt bears."""
        return entry_hash(self.previous, self.body)

    def __bytes__(self) -> bytes:
        """The proof as canonical bytes, to be kept or handed on."""
        return encode(
            {
                "body": self.body.decode(),
                "book": self.book,
                "checkpoint": self.checkpoint.decode(),
                "entry_path": [one.hex() for one in self.entry_path],
                "n": self.number,
                "place": self.place,
                "previous": self.previous,
                "school": self.school,
                "seal": self.seal.decode(),
                "seal_path": [one.hex() for one in self.seal_path],
                "v": PROOF_VERSION,
            }
        )

    @classmethod
    def parse(cls, data: bytes) -> Proof:
        """Read a proof; whether it proves anything is asked by :func:`check_proof`.

        Raises:
            BadInput: It is none.
        """
        check_size(len(data), "a proof", LARGEST_PAPER, BadInput)
        try:
            said: Any = json_of(data, "a proof", BadInput)
        except BadInput as error:
            raise BadInput("not a proof", expected="JSON", found=str(error)) from error
        if not isinstance(said, dict) or said.keys() != _FIELDS.keys():
            raise BadInput("not a proof", expected=", ".join(_FIELDS))
        for name, kind in _FIELDS.items():
            if type(said[name]) is not kind:
                raise BadInput(
                    "not a proof",
                    where=name,
                    expected=kind.__name__,
                    found=type(said[name]).__name__,
                )
        if said["v"] != PROOF_VERSION:
            raise BadInput(
                "a proof of another version", expected=str(PROOF_VERSION), found=str(said["v"])
            )
        try:
            return cls(
                school=said["school"],
                book=said["book"],
                number=said["n"],
                previous=bytes.fromhex(said["previous"]).hex(),
                body=said["body"].encode(),
                entry_path=tuple(bytes.fromhex(one) for one in said["entry_path"]),
                seal=said["seal"].encode(),
                place=said["place"],
                seal_path=tuple(bytes.fromhex(one) for one in said["seal_path"]),
                checkpoint=said["checkpoint"].encode(),
            )
        except (TypeError, ValueError) as error:
            raise BadInput("not a proof", expected="hashes in hex", found=str(error)) from error


def check_proof(
    proof: Proof, verifiers: Sequence[Verifier], name: str, receipt: str | None = None
) -> tuple[Verifier, ...]:
    """Check a proof from the entry up to the signature.

    The checkpoint has to be that of the log of the proof's own school and year: a key may sign the logs
    of many schools, and what stands in one says nothing of another.

    Args:
        proof: The proof.
        verifiers: Public keys: of the log, and of witnesses.
        name: What the origins of the keeper's logs begin with, such as ``school26.example``.
        receipt: Hash that a receipt bears, to be that of the entry.

    Returns:
        The keys that have signed the checkpoint, at least one.

    Raises:
        BadInput: It proves nothing; the message names the step that fails.

    *Version added: 0.1.*
    """
    where = f"{proof.book}:{proof.number}"
    body: Any = decode(proof.body)
    own = {"school": proof.school, "book": proof.book, "n": proof.number}
    for key, value in own.items():
        if not isinstance(body, dict) or body.get(key) != value:
            raise BadInput("the entry is another one", where=where, expected=f"{key} {value}")
    if receipt is not None and receipt != proof.hash:
        raise BadInput(
            "the entry is not that of the receipt", where=where, expected=receipt, found=proof.hash
        )
    year = year_of_book(proof.book)
    seal = seal_of(proof.seal, proof.school, year, proof.place + 1)
    if seal.book != proof.book:
        raise BadInput(
            "the seal is of another book", where=where, expected=proof.book, found=seal.book
        )
    leaf = leaf_hash(bytes.fromhex(proof.hash))
    if not includes(leaf, proof.number - 1, seal.number, proof.entry_path, seal.root):
        raise BadInput("the entry is not in the sealed book", where=where)
    note = parse_note(proof.checkpoint)
    known = Checkpoint.parse(note.text)
    origin = origin_of(name, proof.school, year)
    if known.origin != origin:
        raise BadInput("a checkpoint of another log", expected=origin, found=known.origin)
    if not includes(leaf_hash(proof.seal), proof.place, known.size, proof.seal_path, known.root):
        raise BadInput("the seal is not under the checkpoint", where=known.origin)
    found = signed_by(note, verifiers)
    if not found:
        raise BadInput(
            "no key that was given has signed the checkpoint",
            where=known.origin,
            expected=", ".join(one.name for one in verifiers) or "a public key",
            found=", ".join(one.name for one in note.signatures),
        )
    return found
