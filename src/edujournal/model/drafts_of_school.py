"""Drafts of the school and class books: waivers, grants, excuses, reports of compromised logins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from attrs import field, frozen

from edujournal.errors import BadInput
from edujournal.model.draft_forms import day_text, texts_of, without_none
from edujournal.model.entries import Content, Evidence
from edujournal.model.forms import formed, listed
from edujournal.model.ids import JournalId, about, check_code, check_id
from edujournal.model.time import instant


def _span(since: datetime, until: datetime, where: str) -> tuple[int, int]:
    first, last = instant(since), instant(until)
    if last <= first:
        raise BadInput(
            "an empty time", where=where, expected="since before until", found=f"{since} … {until}"
        )
    return first, last


@frozen(kw_only=True, field_transformer=formed)
class Waiver:
    """A named, scoped, expiring permission to break named clauses; visible in what it changed.

    *Version added: 0.1.*

    Attributes:
        id: Name of the waiver.
        clauses: Clause numbers that it lifts; each is named, none is implied.
        since: From when on.
        until: Until before when.
        year: Academic year, whose school book keeps it.
        ground: Why, as typed.
        account: Only for this account; None for any.
        journals: Only in these journals; empty for any.
        about: Only about this occasion, such as ``lesson:…``; None for any.
    """

    id: str
    clauses: Sequence[str] = field(converter=listed)
    since: datetime
    until: datetime
    year: str
    ground: str = field(repr=False)
    account: str | None = None
    journals: Sequence[str | JournalId] = field(default=(), converter=listed)
    about: str | None = None
    evidence: Evidence | None = None

    def content(self) -> Content:
        """What it says, in the shape in which bodies keep it."""
        if not self.clauses:
            raise BadInput("a waiver of nothing", where="Waiver.clauses", expected="clause numbers")
        since, until = _span(self.since, self.until, "Waiver")
        values = without_none(
            {
                "about": self.about,
                "account": self.account,
                "clauses": sorted(self.clauses),
                "journals": sorted(str(JournalId.parse(str(one))) for one in self.journals) or None,
                "since": since,
                "until": until,
                "year": self.year,
            }
        )
        return Content(
            "waiver", about("waiver", check_id(self.id, "waiver")), values=values,
            texts={"ground": self.ground},
        )  # fmt: skip


@frozen(kw_only=True, field_transformer=formed)
class Grant:
    """A right given by name for some time: an account writes in a journal as if assigned to it.

    *Version added: 0.1.*

    Attributes:
        id: Name of the grant.
        account: Who is given the right.
        journal: In which journal.
        since: From when on.
        until: Until before when.
        ground: Why, as typed.
    """

    id: str
    account: str
    journal: str | JournalId
    since: datetime
    until: datetime
    ground: str = field(repr=False)
    evidence: Evidence | None = None

    def content(self) -> Content:
        """What it says, in the shape in which bodies keep it."""
        since, until = _span(self.since, self.until, "Grant")
        journal = JournalId.parse(str(self.journal))
        values = {
            "account": check_id(self.account, "account"),
            "journal": str(journal),
            "since": since,
            "until": until,
            "year": journal.year,
        }
        return Content(
            "grant", about("grant", check_id(self.id, "grant")), values=values,
            texts={"ground": self.ground},
        )  # fmt: skip


@frozen(kw_only=True, field_transformer=formed)
class Approval:
    """Somebody else agrees to a change that waits for agreement.

    *Version added: 0.1.*

    Attributes:
        journal: Journal in which the change stands.
        entry: Number of the change.
    """

    journal: str | JournalId
    entry: int
    evidence: Evidence | None = None

    def content(self) -> Content:
        """What it says, in the shape in which bodies keep it."""
        return Content(
            "approval", about("entry", str(self.entry)), target=self.entry,
            journal=str(JournalId.parse(str(self.journal))),
        )  # fmt: skip


@frozen(kw_only=True, field_transformer=formed)
class Excuse:
    """A valid reason for a pupil's absences over some days; kept in the class book.

    Source: clause 2.5. *Version added: 0.1.*

    Attributes:
        pupil: Whose absences.
        group: Class whose book keeps it.
        since: First day.
        until: Day after the last one.
        code: Reason code of the regulation that the absences take.
        document: What proves it, as typed.
    """

    pupil: str
    group: str
    since: date
    until: date
    code: str
    document: str | None = field(default=None, repr=False)
    evidence: Evidence | None = None

    def content(self) -> Content:
        """What it says, in the shape in which bodies keep it."""
        if self.until <= self.since:
            raise BadInput(
                "an empty time", where="Excuse", expected="since before until",
                found=f"{self.since} … {self.until}",
            )  # fmt: skip
        values = {
            "code": check_code(self.code, "absence code"),
            "day": day_text(self.since),
            "until": day_text(self.until),
        }
        return Content(
            "excuse", about("group", self.group), self.pupil, values,
            texts_of(document=self.document), group=self.group,
        )  # fmt: skip


def _rows(fence: Mapping[str, int]) -> list[dict[str, Any]]:
    return [{"book": book, "n": fence[book]} for book in sorted(fence)]


@frozen(kw_only=True, field_transformer=formed)
class Compromise:
    """A login was known to others: what the account did since is void.

    The fence is worked out when the report is recorded: for each book, the number of the first entry
    recorded at or after the moment both were informed.

    Source: clauses 3.3, 3.4. *Version added: 0.1.*

    Attributes:
        account: Account whose login was known to others.
        year: Academic year, whose school book keeps the report.
        head: When the head was informed; None if not yet.
        support: When the support was informed; None if not yet.
        void: Book → number of the first void entry; left empty by callers.
        doubtful: Book → number of the first doubtful entry; left empty by callers.
    """

    account: str
    year: str
    head: datetime | None = None
    support: datetime | None = None
    void: Mapping[str, int] = field(factory=dict, hash=False)
    doubtful: Mapping[str, int] = field(factory=dict, hash=False)
    evidence: Evidence | None = None

    def moments(self) -> tuple[int, int | None]:
        """The earlier moment, and the later one; None while only one of the two is informed.

        Raises:
            BadInput: Nobody is informed.
        """
        known = sorted(instant(one) for one in (self.head, self.support) if one is not None)
        if not known:
            raise BadInput(
                "nobody was informed", where="Compromise", expected="head= or support=, or both"
            )
        return known[0], known[1] if len(known) == 2 else None

    def content(self) -> Content:
        """What it says, in the shape in which bodies keep it."""
        self.moments()
        values = without_none(
            {
                "account": check_id(self.account, "account"),
                "doubtful": _rows(self.doubtful) or None,
                "head": None if self.head is None else instant(self.head),
                "support": None if self.support is None else instant(self.support),
                "void": _rows(self.void) or None,
                "year": self.year,
            }
        )
        return Content("compromise", about("account", self.account), values=values)


@frozen(kw_only=True, field_transformer=formed)
class Restoration:
    """A reported account may write again: its login is its owner's alone.

    Source: clause 3.4. *Version added: 0.1.*

    Attributes:
        account: Which account.
        year: Academic year.
        limits: Book → number of the first entry after it; left empty by callers.
    """

    account: str
    year: str
    limits: Mapping[str, int] = field(factory=dict, hash=False)
    evidence: Evidence | None = None

    def content(self) -> Content:
        """What it says, in the shape in which bodies keep it."""
        values = without_none(
            {
                "account": check_id(self.account, "account"),
                "limits": _rows(self.limits) or None,
                "year": self.year,
            }
        )
        return Content("restoration", about("account", self.account), values=values)


@frozen(kw_only=True, field_transformer=formed)
class Vouch:
    """The owner of a reported account confirms a single act as the owner's own.

    Source: clause 3.4. *Version added: 0.1.*

    Attributes:
        account: Whose act it was.
        book: Book in which it stands.
        entry: Its number there.
        year: Academic year.
    """

    account: str
    book: str
    entry: int
    year: str
    evidence: Evidence | None = None

    def content(self) -> Content:
        """What it says, in the shape in which bodies keep it."""
        values = {
            "account": check_id(self.account, "account"),
            "book": self.book,
            "n": self.entry,
            "year": self.year,
        }
        return Content("vouch", about("account", self.account), values=values)


@frozen(kw_only=True, field_transformer=formed)
class Closing:
    """A journal is closed: its year is done.

    Source: clause 2.16. *Version added: 0.1.*
    """

    journal: str | JournalId
    evidence: Evidence | None = None

    def content(self) -> Content:
        """What it says, in the shape in which bodies keep it."""
        journal = JournalId.parse(str(self.journal))
        return Content(
            "closing", about("journal", str(journal)),
            values={"journal": str(journal), "year": journal.year},
        )  # fmt: skip
