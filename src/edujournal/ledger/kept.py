"""Checkpoints of other logs, as records of a book: what a region keeps of its schools.

A region that is a witness of its schools keeps each checkpoint that it has cosigned as a record of its own
store, a book for each log. Its books are sealed like any others, so that one tree of the region stands
over the trees of its schools, with the same seals, proofs and witnesses, and a school's entry is proven
under the region's checkpoint in two steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from edujournal.errors import BadInput
from edujournal.ledger.bytes import decode, encode
from edujournal.ledger.chain import entry_hash
from edujournal.ledger.checkpoints import Checkpoint
from edujournal.ledger.index import BODY_VERSION, index_from
from edujournal.ledger.notes import Note, Verifier, parse_note
from edujournal.ledger.proofs import Proof, check_proof
from edujournal.ledger.records import ZERO_HASH, Head, Record
from edujournal.model.ids import witnessed_book
from edujournal.model.people import SYSTEM

#: Kind of the records of such a book.
CHECKPOINT: Final = "checkpoint"


def kept_book(origin: str) -> str:
    """Name of the book with the checkpoints of the log *origin*, in the year of the log.

    Raises:
        BadInput: The origin does not end with a year.

    *Version added: 0.1.*
    """
    log, slash, year = origin.rpartition("/")
    if not (log and slash and year):
        raise BadInput("not the origin of a seal log", expected="name/school/year", found=origin)
    return witnessed_book(log, year)


def kept_record(keeper: str, note: Note, head: Head, at: int) -> Record:
    """Make the record of a checkpoint.

    Args:
        keeper: Id under which the region keeps its books.
        note: The checkpoint, as it was signed and cosigned.
        head: Where the book ends.
        at: The present moment, UTC microseconds.

    *Version added: 0.1.*
    """
    known = Checkpoint.parse(note.text)
    book = kept_book(known.origin)
    number = head.number + 1
    body = {
        "about": f"log:{known.origin}",
        "act": number,
        "at": at,
        "book": book,
        "by": {"account": SYSTEM, "right": "", "role": SYSTEM},
        "item": 0,
        "kind": CHECKPOINT,
        "n": number,
        "school": keeper,
        "v": BODY_VERSION,
        "values": {"note": bytes(note).decode()},
        "year": known.origin.rpartition("/")[2],
    }
    data = encode(body)
    hash_ = entry_hash(head.hash or ZERO_HASH, data)
    return Record(book, number, hash_, data, None, index_from(body))


def note_of(body: bytes) -> Note:
    """Read the checkpoint that a record keeps.

    Raises:
        BadInput: It keeps none.

    *Version added: 0.1.*
    """
    said: Any = decode(body)
    values = said.get("values") if isinstance(said, dict) else None
    text = values.get("note") if isinstance(values, dict) else None
    if type(text) is not str or said.get("kind") != CHECKPOINT:
        raise BadInput("not a checkpoint that was kept", expected=f"a record of kind {CHECKPOINT}")
    return parse_note(text.encode())


def check_under_region(
    proof: Proof,
    school: tuple[str, Sequence[Verifier]],
    kept: Proof,
    region: tuple[str, Sequence[Verifier]],
) -> tuple[Verifier, ...]:
    """Check that an entry stands under a school's checkpoint, and that under a region's.

    Args:
        proof: Proof of the entry.
        school: What the origins of the school's logs begin with, and its public keys.
        kept: Proof of the record in which the region keeps the school's checkpoint.
        region: What the origins of the region's logs begin with, and its public keys.

    Returns:
        The keys that have signed the region's checkpoint.

    Raises:
        BadInput: A step fails, or the two are not about one checkpoint.

    *Version added: 0.1.*
    """
    check_proof(proof, school[1], school[0])
    found = check_proof(kept, region[1], region[0])
    own, there = parse_note(proof.checkpoint).text, note_of(kept.body).text
    if own != there:
        raise BadInput(
            "the region keeps another checkpoint than the proof ends with",
            expected=repr(own),
            found=repr(there),
        )
    return found
