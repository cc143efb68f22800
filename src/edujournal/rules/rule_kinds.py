"""Kinds of rules, as values: what a clause can come to."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from attrs import frozen

from edujournal.rules.numbers import Step
from edujournal.rules.selectors import EVERY, Selector
from edujournal.rules.terms import Shift, Term
from edujournal.rules.verdicts import Effect, Severity

#: Kinds of record that rules may speak of, with the kind of occasion each is about.
RECORDS: Final[Mapping[str, str]] = {
    "annulment": "entry",
    "approval": "entry",
    "archiving": "sheet",
    "closing": "journal",
    "comment": "lesson",
    "compromise": "account",
    "confirmation": "lesson",
    "correction": "entry",
    "disclosure": "event",
    "erasure": "erasure",
    "excuse": "group",
    "grant": "grant",
    "homework": "lesson",
    "issue": "issue",
    "makeup": "lesson",
    "mark": "work",
    "marker": "work",
    "message": "group",
    "release": "restriction",
    "restoration": "account",
    "restriction": "restriction",
    "result": "period",
    "roll": "lesson",
    "setup": "section",
    "substitution": "lesson",
    "topic": "lesson",
    "vouch": "account",
    "waiver": "waiver",
    "work": "work",
}

#: Journals in which a limit measures.
SCOPES_OF_LIMITS: Final = ("journal", "subject", "class")

#: Stretches of time within which a limit measures.
SPANS: Final = ("lesson", "work", "day", "week", "month", "period", "term", "year")


@frozen
class Words:
    """A text in Russian and English.

    *Version added: 0.1.*
    """

    ru: str
    en: str

    def __getitem__(self, language: str) -> str:
        return self.ru if language == "ru" else self.en


@frozen
class Quorum:
    """Who or what must have the record.

    *Version added: 0.1.*

    Attributes:
        how: ``none`` (judged only if recorded), ``once``, or ``each``.
        of: For ``each``: ``roll`` (pupils on the roll that day), ``present`` (of these, who were
            there by the roll call), or ``members`` with a fixed list.
        members: The fixed list.
    """

    how: str = "none"
    of: str = ""
    members: tuple[str, ...] = ()


@frozen(kw_only=True)
class Lift:
    """Who may lift a breach by a waiver, and how late it may be at most.

    *Version added: 0.1.*

    Attributes:
        role: The role.
        within: How long after the window's end; None for however late.
    """

    role: str
    within: Shift | None = None


@frozen(kw_only=True)
class ReminderStep:
    """One step of the ladder of reminders.

    *Version added: 0.1.*

    Attributes:
        role: Who is told.
        after: How long after the end of the window; before it, when negative.
    """

    role: str
    after: Shift


@frozen(kw_only=True)
class LockRule:
    """From some moment on a record is not written, or not changed, any more.

    *Version added: 0.1.*

    Attributes:
        record: Kind of record.
        since: The moment.
        on: ``any``, ``new`` (only a first writing) or ``change`` (only corrections and annulments).
        exempt: Changes that are free all the same: ``excuses`` for those of the reason codes of a roll
            call that add no absentee and take none off.
        lifts: Who may lift it.
    """

    record: str
    since: Term
    on: str = "any"
    exempt: tuple[str, ...] = ()
    when: Selector = EVERY
    lifts: tuple[Lift, ...] = ()
    severity: Severity = Severity.MUST


@frozen(kw_only=True)
class ApprovalRule:
    """A change after some moment counts only when others have agreed to it.

    *Version added: 0.1.*

    Attributes:
        record: Kind of record that is changed.
        after: The moment.
        roles: Roles that may agree.
        count: How many accounts must agree, apart from the one that changes.
    """

    record: str
    after: Term
    roles: tuple[str, ...]
    count: int = 1
    when: Selector = EVERY


@frozen(kw_only=True)
class PublicationRule:
    """From some moment on pupils and guardians see a record.

    What no such rule speaks of they see at once. Source: clause 1.5. *Version added: 0.1.*

    Attributes:
        record: Kind of record.
        since: The moment; while it is not known they do not see it.
        when: Occasions that it is for.
    """

    record: str
    since: Term
    when: Selector = EVERY


@frozen(kw_only=True)
class TimingRule:
    """A record is made within a window; with a quorum, it must be made at all.

    *Version added: 0.1.*
    """

    record: str
    when: Selector = EVERY
    opens: Term | None = None
    closes: Term | None = None
    quorum: Quorum = Quorum()
    severity: Severity = Severity.MUST
    on_breach: Effect = Effect.REMARK
    on_early: Effect = Effect.REFUSE
    when_missing: str = "missing"
    instead_of: str | None = None
    lifts: tuple[Lift, ...] = ()
    becomes: str | None = None


@frozen(kw_only=True)
class QuantityRule:
    """A record must be there for each of a set by some time; when it was made is not asked.

    *Version added: 0.1.*
    """

    record: str
    each: Quorum
    by: Term
    when: Selector = EVERY
    opens: Term | None = None
    severity: Severity = Severity.MUST
    on_breach: Effect = Effect.REMARK
    when_missing: str = "missing"
    instead_of: str | None = None
    becomes: str | None = None


@frozen(kw_only=True)
class Level:
    """How much: a number, or a table of numbers by something known of the occasion.

    *Version added: 0.1.*

    Attributes:
        number: The number; None with a table.
        by: What the table goes by: ``weekly_hours`` of the subject, ``grade`` of the group, or
            ``lessons`` held in the journal within the stretch of time.
        steps: The table.
    """

    number: Fraction | None = None
    by: str = ""
    steps: tuple[Step, ...] = ()


@frozen(kw_only=True)
class LimitRule:
    """There is so much of something at least, or at most, within some bounds.

    *Version added: 0.1.*

    Attributes:
        record: Kind of record that is measured. Make-ups are marks, too; another attempt at a mark
            is no second one.
        per: Bounds within which it is measured: one of ``journal``, ``subject`` (all journals of the
            subject in whose groups the pupil was) and ``class`` (all journals of the class, its parts
            and its streams); one of ``lesson``, ``work``, ``day``, ``week``, ``month``, ``period``,
            ``term`` and ``year``; and perhaps ``pupil``.
        take: ``count``, ``share`` (of pupils, in percent), ``sum``, ``mean``, ``min``, ``max``, ``gap``
            (days from one to the next) or ``distinct``.
        field: What is taken of each record, for ``sum``, ``mean``, ``min``, ``max`` and ``distinct``.
        where: Which records are measured.
        each: Pupils for whom it is asked, or of whom a share is taken: ``roll``, ``present``, or
            ``whole`` for those on the roll all the time.
        at_least: Floor, or None.
        at_most: Ceiling, or None.
        unit: Days in which a gap is counted: ``days`` or ``school_days``.
        opens: Moment from which the floor is asked for; None from the beginning of the stretch.
        by: Moment by which the floor must be reached.
        before: Kind of record that is written only when the floor is reached.
        instead_of: Number of the clause whose limits give way to this one.
        lifts: Who may lift a breach at a write.
    """

    record: str
    per: tuple[str, ...]
    take: str = "count"
    field: str = ""
    where: Selector = EVERY
    each: str = "roll"
    at_least: Level | None = None
    at_most: Level | None = None
    unit: str = "days"
    when: Selector = EVERY
    opens: Term | None = None
    by: Term | None = None
    before: str | None = None
    severity: Severity = Severity.MUST
    on_breach: Effect = Effect.REMARK
    instead_of: str | None = None
    lifts: tuple[Lift, ...] = ()

    @property
    def scope(self) -> str:
        """``journal``, ``subject`` or ``class``."""
        return next(one for one in SCOPES_OF_LIMITS if one in self.per)

    @property
    def span(self) -> str:
        """Stretch of time within which it is measured."""
        return next(one for one in SPANS if one in self.per)

    @property
    def family(self) -> tuple[object, ...]:
        """What two limits have in common of which the one with the narrower selector holds."""
        return (
            self.record, self.take, self.field, self.where, frozenset(self.per), self.each, self.unit,
            self.at_least is None, self.at_most is None, self.by is None, self.before, self.severity,
        )  # fmt: skip


@frozen(kw_only=True)
class RightsRule:
    """A role may, or may not, do something with some records within a scope.

    *Version added: 0.1.*
    """

    role: str
    records: tuple[str, ...]
    may: str | None = None
    may_not: str | None = None
    scope: str = "school"
    severity: Severity = Severity.MUST
    on_breach: Effect = Effect.REFUSE

    @property
    def action(self) -> str:
        """``read``, ``write`` or ``import``."""
        return self.may or self.may_not or ""


@frozen(kw_only=True)
class RelationRule:
    """An entry requires something, or excludes it.

    *Version added: 0.1.*
    """

    record: str
    requires: str | None = None
    excludes: str | None = None
    when: Selector = EVERY
    severity: Severity = Severity.MUST
    on_breach: Effect = Effect.REMARK

    @property
    def predicate(self) -> str:
        """Name of what is required or excluded."""
        return self.requires or self.excludes or ""


@frozen(kw_only=True)
class LoginRule:
    """An account is one person's, or is in one place at a time, by the sessions that the host tells of.

    Source: clauses 3.1 and 3.2. *Version added: 0.1.*

    Attributes:
        one: ``person`` or ``place``.
    """

    one: str
    severity: Severity = Severity.MUST
    on_breach: Effect = Effect.REMARK


Rule = (
    TimingRule
    | QuantityRule
    | LimitRule
    | RightsRule
    | RelationRule
    | LockRule
    | ApprovalRule
    | PublicationRule
    | LoginRule
)
