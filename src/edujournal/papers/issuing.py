"""Issuing a paper: the draft that puts a copy into the school book."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from edujournal.model.drafts import Issue
from edujournal.papers.paper import Paper, Stamp


def issue_of(
    paper: Paper,
    id: str,
    *,
    stamp: Stamp | None = None,
    file: bytes | None = None,
    signed_by: Iterable[str] = (),
    to: str | None = None,
) -> Issue:
    """The draft by which a copy of *paper* is put into the register of issued copies.

    Args:
        paper: The paper.
        id: Name of the copy.
        stamp: What certifies it, or None.
        file: The file that was issued, signed or not; None for what was only printed.
        signed_by: Accounts of those who signed it.
        to: To whom it is issued.

    Source: clauses 2.14, 2.15. *Version added: 0.1.*
    """
    return Issue(
        id=id,
        year=paper.year,
        paper=paper.kind,
        of=paper.of,
        digest=paper.digest,
        made_of={one.book: one.number for one in paper.basis},
        shows=paper.shows,
        file=None if file is None else sha256(file).hexdigest(),
        origin=None if stamp is None else stamp.origin,
        size=None if stamp is None else stamp.size,
        root=None if stamp is None else stamp.root,
        signed_by=tuple(signed_by),
        to=to,
        pupil=paper.pupil,
    )
