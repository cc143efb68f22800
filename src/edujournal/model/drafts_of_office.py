"""Drafts beyond the plain lesson: substitutions, make-ups, results, reports, changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from attrs import field, frozen

from edujournal.errors import BadInput
from edujournal.model.changeable import changes_of, new_texts
from edujournal.model.draft_forms import (
    MarkValue,
    basis,
    day_text,
    exact,
    texts_of,
    without_none,
)
from edujournal.model.drafts_at_lesson import STAGES
from edujournal.model.entries import Content, Evidence
from edujournal.model.forms import formed, listed
from edujournal.model.ids import JournalId, about, check_code, check_id
from edujournal.model.time import instant


@frozen(kw_only=True, field_transformer=formed)
class Substitution:
    """Another teacher gave the lesson.

    Source: clause 2.10. *Version added: 0.1.*

    Attributes:
        lesson: Which lesson.
        teacher: Account of the teacher who gave it.
        nonfunctional: Whether the subject was not taught: the pupils were looked after, or taught
            something else.
    """

    lesson: str
    teacher: str
    nonfunctional: bool = False
    evidence: Evidence | None = None

    def content(self) -> Content:
        """What it says, in the shape in which bodies keep it."""
        return Content(
            "substitution", about("lesson", self.lesson),
            values=without_none({
                "nonfunctional": True if self.nonfunctional else None,
                "teacher": check_id(self.teacher, "account"),
            }),
            lesson=self.lesson,
        )  # fmt: skip


@frozen(kw_only=True, field_transformer=formed)
class Confirmation:
    """The administration confirms or declines a substitution that nobody ordered.

    Source: clause 2.10. *Version added: 0.1.*

    Attributes:
        lesson: Lesson whose substitution it is.
        entry: Number of the substitution's entry in the journal.
        accept: False declines; the substitute's entries are then void.
    """

    lesson: str
    entry: int
    accept: bool = True
    evidence: Evidence | None = None

    def content(self) -> Content:
        """What it says, in the shape in which bodies keep it."""
        return Content(
            "confirmation", about("lesson", self.lesson), values={"accept": self.accept},
            target=self.entry, lesson=self.lesson,
        )  # fmt: skip


@frozen(kw_only=True, field_transformer=formed)
class MakeUp:
    """A missed topic was made up by protocol; the mark belongs to the original lesson.

    Source: clause 2.5. *Version added: 0.1.*

    Attributes:
        pupil: Who made it up.
        lesson: Lesson that was missed.
        value: Mark, in the scale.
        protocol: Number of the protocol, as typed; None breaks the clause.
        held: Day of the protocol.
        examiners: Accounts of the teacher or the commission who examined.
        scale: Scale; None for the default.
    """

    pupil: str
    lesson: str
    value: MarkValue
    protocol: str | None = field(default=None, repr=False)
    held: date | None = None
    examiners: Sequence[str] = field(default=(), converter=listed)
    scale: str | None = None
    evidence: Evidence | None = None

    def content(self) -> Content:
        """What it says, in the shape in which bodies keep it."""
        values = without_none(
            {
                "examiners": sorted(check_id(one, "account") for one in self.examiners) or None,
                "held": day_text(self.held),
                "scale": self.scale,
                "value": exact(self.value, "MakeUp.value"),
            }
        )
        return Content(
            "makeup", about("lesson", self.lesson), self.pupil, values,
            texts_of(protocol=self.protocol), lesson=self.lesson,
        )  # fmt: skip


@frozen(kw_only=True, field_transformer=formed)
class PeriodResult:
    """The teacher's decision for a period, the year, an exam: a mark or a special marker.

    Source: clauses 2.8, 2.13. *Version added: 0.1.*

    Attributes:
        journal: Journal, as ``group/subject/year``.
        period: Id of the period.
        pupil: Whose.
        value: Mark in the scale, or None with *marker*.
        marker: Code of the marker, such as «осв», «н/а», «безотм», or None with *value*.
        scale: Scale; None for the default.
        stage: ``period``, ``year``, ``exam`` or ``final``.
        until: Day before which a marker is to give way to a mark; None if none is named.
        ground: Why a marker is given, as typed.
        basis: What it was reckoned from, as ``Proposal.basis`` gives it; frozen with the decision.
            None for a decision of which nothing more is known.
    """

    journal: str | JournalId
    period: str
    pupil: str
    value: MarkValue | None = None
    marker: str | None = None
    scale: str | None = None
    stage: str = "period"
    until: date | None = None
    ground: str | None = field(default=None, repr=False)
    basis: Mapping[str, Any] | None = field(default=None, hash=False, repr=False)
    evidence: Evidence | None = None

    def content(self) -> Content:
        """What it says, in the shape in which bodies keep it."""
        if (self.value is None) == (self.marker is None):
            raise BadInput(
                "a result is either a mark or a marker", where="PeriodResult",
                expected="value= or marker=, not both",
            )  # fmt: skip
        if self.stage not in STAGES:
            raise BadInput(
                "unknown stage", where="PeriodResult.stage", expected=", ".join(STAGES),
                found=self.stage,
            )  # fmt: skip
        if self.marker is None and (self.until is not None or self.ground is not None):
            raise BadInput(
                "a mark has neither term nor ground", where="PeriodResult",
                expected="until= and ground= with marker= only",
            )  # fmt: skip
        values = without_none(
            {
                "basis": None if self.basis is None else basis(self.basis, "PeriodResult.basis"),
                "marker": None if self.marker is None else check_code(self.marker, "marker"),
                "scale": self.scale,
                "stage": self.stage,
                "until": day_text(self.until),
                "value": None if self.value is None else exact(self.value, "PeriodResult.value"),
            }
        )
        return Content(
            "result", about("period", check_id(self.period, "period")), self.pupil, values,
            texts_of(ground=self.ground), journal=str(JournalId.parse(str(self.journal))),
        )  # fmt: skip


@frozen(kw_only=True, field_transformer=formed)
class Message:
    """A message to the guardians of a pupil, or of a whole class; kept in the class book.

    Source: clause 1.5. *Version added: 0.1.*
    """

    group: str
    message: str = field(repr=False)
    day: date
    pupil: str | None = None
    evidence: Evidence | None = None

    def content(self) -> Content:
        """What it says, in the shape in which bodies keep it."""
        return Content(
            "message", about("group", self.group), self.pupil, {"day": day_text(self.day)},
            {"message": self.message}, group=self.group,
        )  # fmt: skip


@frozen(kw_only=True, field_transformer=formed)
class SetUp:
    """The administration declares a section of the year's set-up complete.

    Source: clause 2.2. *Version added: 0.1.*

    Attributes:
        section: ``calendar``, ``periods``, ``bells``, ``groups``, ``rolls``, ``assignments``,
            ``plans`` or ``kinds``.
        year: Academic year.
    """

    section: str
    year: str
    evidence: Evidence | None = None

    def content(self) -> Content:
        """What it says, in the shape in which bodies keep it."""
        return Content("setup", about("section", self.section), values={"year": self.year})


@frozen(kw_only=True, field_transformer=formed)
class Disclosure:
    """Somebody tells the head, or the support, that a login is known to others.

    Source: clauses 3.3, 3.4. *Version added: 0.1.*

    Attributes:
        event: Id of the event, the same for both reports.
        account: Account whose login is known to others.
        noticed: When it became known to the one who reports.
        to: ``head`` or ``support``.
        year: Academic year.
    """

    event: str
    account: str
    noticed: datetime
    to: str
    year: str
    evidence: Evidence | None = None

    def content(self) -> Content:
        """What it says, in the shape in which bodies keep it."""
        if self.to not in ("head", "support"):
            raise BadInput(
                "nobody to report to",
                where="Disclosure.to",
                expected="head or support",
                found=self.to,
            )
        values = {
            "account": check_id(self.account, "account"),
            "noticed": instant(self.noticed),
            "to": self.to,
            "year": self.year,
        }
        return Content("disclosure", about("event", check_id(self.event, "event")), values=values)


@frozen(kw_only=True, field_transformer=formed)
class Correction:
    """What an earlier entry says is changed; the original stays.

    *Version added: 0.1.*

    Attributes:
        journal: Journal in which the entry stands.
        entry: Number of the entry.
        values: The public values to change; None takes one away. For a roll call ``absent`` maps
            pupils to codes, None for "was there".
        texts: The typed texts to change.
        reason: Why, as typed.
    """

    journal: str | JournalId
    entry: int
    values: Mapping[str, Any] = field(factory=dict, hash=False)
    texts: Mapping[str, str] = field(factory=dict, hash=False, repr=False)
    reason: str | None = field(default=None, repr=False)
    evidence: Evidence | None = None

    def content(self) -> Content:
        """What it says, in the shape in which bodies keep it."""
        if not self.values and not self.texts:
            raise BadInput(
                "a correction that changes nothing", where="Correction",
                expected="values= or texts=",
            )  # fmt: skip
        texts = new_texts(self.texts)
        if self.reason is not None:
            texts["reason"] = self.reason
        return Content(
            "correction", about("entry", str(self.entry)), values={"change": changes_of(self.values)},
            texts=texts,
            target=self.entry, journal=str(JournalId.parse(str(self.journal))),
        )  # fmt: skip


@frozen(kw_only=True, field_transformer=formed)
class Annulment:
    """An earlier entry is taken back as a whole; it stays in the book, struck through.

    *Version added: 0.1.*
    """

    journal: str | JournalId
    entry: int
    reason: str | None = field(default=None, repr=False)
    evidence: Evidence | None = None

    def content(self) -> Content:
        """What it says, in the shape in which bodies keep it."""
        return Content(
            "annulment", about("entry", str(self.entry)), texts=texts_of(reason=self.reason),
            target=self.entry, journal=str(JournalId.parse(str(self.journal))),
        )  # fmt: skip
