"""What the rules answer: outcomes, findings, verdicts. Values; text is made of them last."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

from attrs import field, frozen

from edujournal.model.time import format_instant


class Outcome(StrEnum):
    """What became of a duty or a condition.

    *Version added: 0.1.*
    """

    MET = "met"
    EARLY = "early"
    LATE = "late"
    BROKEN = "broken"
    MISSING = "missing"
    PENDING = "pending"
    EXCUSED = "excused"
    NOT_APPLICABLE = "not_applicable"
    VOID = "void"
    UNDECIDABLE = "undecidable"


#: Outcomes that say something is wrong.
BREACHES = frozenset({Outcome.EARLY, Outcome.LATE, Outcome.BROKEN, Outcome.MISSING})

#: Outcomes that an audit reports without being asked for all.
REPORTED = BREACHES | {Outcome.UNDECIDABLE, Outcome.EXCUSED, Outcome.VOID}


class Severity(StrEnum):
    """How much a breach weighs.

    *Version added: 0.1.*
    """

    MUST = "must"
    SHOULD = "should"
    ADVICE = "advice"


class Effect(StrEnum):
    """What a breach leads to.

    *Version added: 0.1.*

    Attributes:
        REMARK: It is written, and the breach is kept in sight of every audit.
        REFUSE: It is not written.
        NOTIFY: As a remark, and those on the first step of the ladder of reminders are told at once.
        ESCALATE: As a remark, and the whole ladder is told, step by step.
        CONVERT: What is still missing at the end becomes a marker, by the next tick.
    """

    REMARK = "remark"
    REFUSE = "refuse"
    NOTIFY = "notify"
    CONVERT = "convert"
    ESCALATE = "escalate"


class Decision(StrEnum):
    """What becomes of a draft.

    *Version added: 0.1.*
    """

    ACCEPTED = "accepted"
    ACCEPTED_WITH_REMARKS = "accepted_with_remarks"
    REFUSED = "refused"


@frozen
class NotKnown:
    """A value that is not known, and why.

    *Version added: 0.1.*

    Attributes:
        what: The anchor or setting without a value, such as ``work.held`` or ``given.final_until``.
    """

    what: str


@frozen
class Finding:
    """One answer of one rule about one occasion, entry or pupil.

    *Version added: 0.1.*

    Attributes:
        code: Breach code of the catalogue; the same code for met and broken.
        regulation: Id of the regulation.
        clause: Clause number.
        severity: Weight of a breach.
        outcome: What became of it.
        effect: What a breach leads to.
        book: Book concerned.
        about: Name of the occasion.
        pupil: Pupil, or other member of the set that owes the record; None for the whole occasion.
        record: Kind of record.
        opens: Instant from which it may be recorded; None if always.
        closes: Instant before which it must be recorded; None if never or not known.
        lo: First instant at which it may have been recorded; None if unknown or not recorded.
        hi: End of the possible instants of recording; None if not recorded.
        by: Account whose hand it was; None if unknown or not recorded.
        hands: Accounts that owe the record.
        entry: Number of the entry; None for a missing one.
        why: Facts for the explanation: names of unknown anchors, roles, codes.
    """

    code: str
    regulation: str
    clause: str
    severity: Severity
    outcome: Outcome
    effect: Effect
    book: str
    about: str
    pupil: str | None
    record: str
    opens: int | None = None
    closes: int | None = None
    lo: int | None = None
    hi: int | None = None
    by: str | None = None
    hands: frozenset[str] = frozenset()
    entry: int | None = None
    why: Mapping[str, Any] = field(factory=dict, hash=False)

    @property
    def is_breach(self) -> bool:
        """Whether it says that something is wrong."""
        return self.outcome in BREACHES

    @property
    def late_by(self) -> float | None:
        """Seconds by which it was certainly late (from the end of the window), negative when early.

        None for any other outcome.
        """
        if self.outcome is Outcome.LATE and self.lo is not None and self.closes is not None:
            return (self.lo - self.closes) / 1_000_000
        if self.outcome is Outcome.EARLY and self.hi is not None and self.opens is not None:
            return (self.hi - 1 - self.opens) / 1_000_000
        return None

    @property
    def refuses(self) -> bool:
        """Whether this breach keeps a write from being accepted."""
        return self.is_breach and self.effect is Effect.REFUSE

    def __str__(self) -> str:
        """One line for a programmer, instants in UTC; people read what the texts make of it."""
        what = self.record if self.pupil is None else f"{self.record} of {self.pupil}"
        if self.entry is not None:
            what += f", entry {self.entry}"
        if self.by is not None:
            what += f" by {self.by}"
        parts = [f"{self.clause} {self.code} ({self.outcome}): {what}, {self.about}, {self.book}"]
        if self.outcome is Outcome.EARLY and self.opens is not None:
            parts.append(f"opens {format_instant(self.opens, 'UTC')}")
        elif self.closes is not None and self.outcome is not Outcome.MET:
            parts.append(f"closes {format_instant(self.closes, 'UTC')}")
        if self.late_by is not None:
            spell = "late" if self.outcome is Outcome.LATE else "early"
            parts.append(f"{spell} by {timedelta(seconds=int(abs(self.late_by)))}")
        if self.outcome is Outcome.UNDECIDABLE and "unknown" in self.why:
            parts.append(f"not known: {', '.join(self.why['unknown'])}")
        if self.entry is None and self.hands:
            parts.append(f"owed by {', '.join(sorted(self.hands))}")
        return "; ".join(parts)


@frozen
class Verdict:
    """What the regulations say of one draft.

    *Version added: 0.1.*

    Attributes:
        decision: What becomes of the draft.
        findings: Every answer, met ones included, the stricter first.
    """

    decision: Decision
    findings: tuple[Finding, ...] = ()

    @property
    def breaches(self) -> tuple[Finding, ...]:
        """The findings that say something is wrong."""
        return tuple(finding for finding in self.findings if finding.is_breach)

    @property
    def remarks(self) -> tuple[Finding, ...]:
        """The findings a reader should see: breaches, and what could not be decided."""
        return tuple(finding for finding in self.findings if finding.outcome in REPORTED)

    def __str__(self) -> str:
        reasons = "; ".join(
            f"{finding.clause} {finding.code} ({finding.outcome})" for finding in self.remarks
        )
        return f"{self.decision}: {reasons}" if reasons else str(self.decision)


def verdict(findings: list[Finding]) -> Verdict:
    """Make a verdict of *findings*."""
    if all(finding.outcome is Outcome.MET for finding in findings):
        decision = Decision.ACCEPTED
    elif any(finding.refuses for finding in findings):
        decision = Decision.REFUSED
    elif any(finding.outcome in REPORTED for finding in findings):
        decision = Decision.ACCEPTED_WITH_REMARKS
    else:
        decision = Decision.ACCEPTED
    return Verdict(decision, tuple(findings))
