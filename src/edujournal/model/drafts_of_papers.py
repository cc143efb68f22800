"""Drafts about papers: a copy was issued; the summary sheet went to the archive."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from attrs import field, frozen

from edujournal.errors import BadInput
from edujournal.model.draft_forms import entry_number, texts_of, without_none
from edujournal.model.drafts_of_privacy import Entries
from edujournal.model.entries import Content, Evidence
from edujournal.model.forms import formed, listed
from edujournal.model.ids import JournalId, about, check_id

_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


@frozen(kw_only=True, field_transformer=formed)
class Issue:
    """A copy of a paper was issued: signed, handed over, or put on the shelf.

    It names the entries that the paper shows, so that whatever is corrected, annulled or void later
    names the copies that it touches.

    Source: clauses 2.14, 2.15. *Version added: 0.1.*

    Attributes:
        id: Name of the copy.
        year: Academic year, whose school book keeps it.
        paper: Kind of paper, such as ``sheet``.
        of: What the paper is of, such as ``7A/2026``.
        digest: Digest of its content.
        made_of: Book → number of the last entry that was read for it.
        shows: Book → numbers of the entries that stand in it.
        file: SHA-256 of the file; None for what was only printed.
        origin: Name of the log of seals that certifies it; None for what is not certified.
        size: How many seals that log had.
        root: Root of that log, in hexadecimal.
        signed_by: Accounts of those who signed it.
        to: To whom it was issued, as typed.
        pupil: Pupil whom it is about; None for a paper about several.
    """

    id: str
    year: str
    paper: str
    of: str
    digest: str
    made_of: Mapping[str, int] = field(hash=False)
    shows: Entries = field(factory=dict, hash=False)
    file: str | None = None
    origin: str | None = None
    size: int | None = None
    root: str | None = None
    signed_by: Sequence[str] = field(default=(), converter=listed)
    to: str | None = field(default=None, repr=False)
    pupil: str | None = None
    evidence: Evidence | None = None

    def content(self) -> Content:
        """What it says, in the shape in which bodies keep it."""
        made = [
            {"book": book, "n": entry_number(self.made_of[book], "Issue.made_of")}
            for book in sorted(self.made_of)
        ]
        shows = [{"book": book, "n": _stretches(self.shows[book])} for book in sorted(self.shows)]
        log = without_none({"origin": self.origin, "root": self.root, "size": self.size})
        if log and len(log) < 3:
            raise BadInput(
                "half a log of seals", where="Issue", expected="origin=, size= and root=, or none",
                found=", ".join(sorted(log)),
            )  # fmt: skip
        if self.root is not None:
            _digest(self.root, "root")
        values = without_none(
            {
                "digest": _digest(self.digest, "digest"),
                "file": None if self.file is None else _digest(self.file, "file"),
                "log": log or None,
                "made_of": made,
                "of": self.of,
                "paper": check_id(self.paper, "paper"),
                "shows": shows,
                "signed_by": sorted({check_id(one, "account") for one in self.signed_by}) or None,
                "year": self.year,
            }
        )
        return Content(
            "issue", about("issue", check_id(self.id, "issue")), self.pupil, values,
            texts_of(to=self.to),
        )  # fmt: skip


@frozen(kw_only=True, field_transformer=formed)
class Archiving:
    """The summary sheet of a class went to the archive, with the journals from which it is made.

    ``edujournal archive`` records it for each class whose journals are all closed; whoever archives
    otherwise records it himself.

    Source: clause 2.16. *Version added: 0.1.*

    Attributes:
        group: The class.
        year: Academic year.
        journals: The journals from which the sheet is made, as
            :meth:`edujournal.model.facts.Facts.journals_of_sheet` gives them.
        digest: SHA-256 of what was archived: of an archive of this library that of its
            ``tagmanifest-sha256.txt``, which stands for every file in it.
        people: SHA-256 of the commitments to the register of people in it; None without one.
        results: SHA-256 of each file of results in it that is of this class. These files and the
            commitments outlive a disposal unchanged, so that one left out then can be told.
    """

    group: str
    year: str
    journals: Sequence[str | JournalId] = field(converter=listed)
    digest: str
    people: str | None = None
    results: Sequence[str] = field(default=(), converter=listed)
    evidence: Evidence | None = None

    def content(self) -> Content:
        """What it says, in the shape in which bodies keep it."""
        journals = sorted({str(JournalId.parse(str(one))) for one in self.journals})
        if not journals:
            raise BadInput(
                "a sheet of no journal", where="Archiving.journals",
                expected="the journals from which it is made",
            )  # fmt: skip
        people = None if self.people is None else _digest(self.people, "people", "Archiving")
        values = without_none(
            {
                "digest": _digest(self.digest, "digest", "Archiving"),
                "group": check_id(self.group, "group"),
                "journals": journals,
                "people": people,
                "results": sorted(_digest(one, "results", "Archiving") for one in self.results)
                or None,
                "year": self.year,
            }
        )
        return Content("archiving", about("sheet", self.group), values=values)


def _digest(text: str, what: str, draft: str = "Issue") -> str:
    if not _DIGEST.fullmatch(text):
        raise BadInput(
            "not a digest", where=f"{draft}.{what}", expected="64 hexadecimal digits",
            found=repr(text[:80]),
        )  # fmt: skip
    return text


def _stretches(numbers: Iterable[int]) -> list[list[int]]:
    """Numbers as stretches from one to another, both included, so that many neighbours are short."""
    found: list[list[int]] = []
    for number in sorted({one for one in numbers if entry_number(one, "Issue.shows")}):
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found
