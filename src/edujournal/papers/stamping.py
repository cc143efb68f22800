"""What certifies a paper: the signed checkpoint under which all that it shows lies."""

from __future__ import annotations

from hashlib import sha256

from edujournal.errors import BadInput, StoreDamaged
from edujournal.ledger.checkpoints import Checkpoint
from edujournal.ledger.seals import seal_of
from edujournal.ledger.tree import root_of
from edujournal.model.ids import seals_book
from edujournal.papers.paper import Paper, Stamp
from edujournal.sealing import Seals


def stamp(paper: Paper, seals: Seals, checker: bytes | None = None) -> Stamp:
    """Certify a paper by the last checkpoint that was kept.

    Args:
        paper: The paper.
        seals: The seals of the school.
        checker: The program that checks an archive of the year, ``verify.py``; its digest is then on
            the paper, so that who holds the paper can tell a true checker from another.

    Raises:
        BadInput: There is no checkpoint, or an entry that the paper shows came after it.
        StoreDamaged: The log is not the one that was signed.

    Source: clauses 2.14, 2.15. *Version added: 0.1.*
    """
    note, log = seals.checkpoint(paper.year), seals.log(paper.year)
    origin = seals.origin(paper.year)
    if note is None:
        raise BadInput(
            "no checkpoint to certify a paper by", where=origin, mend="Seal first: edujournal seal."
        )
    known = Checkpoint.parse(note.text)
    leaves = log.leaves[: known.size]
    if len(leaves) < known.size or root_of(leaves) != known.root:
        raise StoreDamaged("the seal log is not the one that was signed", where=log.book)
    _covered(paper, seals, known.size)
    return Stamp(
        digest=paper.digest,
        origin=known.origin,
        size=known.size,
        root=known.root.hex(),
        checker=None if checker is None else sha256(checker).hexdigest(),
    )


def _covered(paper: Paper, seals: Seals, size: int) -> None:
    """Hold that every book of a paper is sealed as far as the paper shows it.

    Books of another year lie in a log of their own, and a paper names one log.
    """
    sealed: dict[str, int] = {}
    for record in seals.store.read(seals.school, seals_book(paper.year)):
        if record.number > size:
            break
        one = seal_of(record.body, seals.school, paper.year, record.number)
        sealed[one.book] = one.number
    for basis in paper.basis:
        found = sealed.get(basis.book, 0)
        if found < basis.number:
            raise BadInput(
                "a paper shows what no signed checkpoint covers",
                where=basis.book,
                expected=f"a seal up to entry {basis.number}",
                found=f"up to entry {found}" if found else "none",
                mend="Seal first, edujournal seal; or compose the paper as of the last seal.",
            )
