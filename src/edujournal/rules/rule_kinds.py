"""Kinds of rules, as values: what a clause can come to."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from attrs import frozen

from edujournal.rules.numbers import Step, exact
from edujournal.rules.terms import Shift, Term
from edujournal.rules.verdicts import Effect, Severity

#: Kinds of record that rules may speak of, with the kind of occasion each is about.
RECORDS: Final[Mapping[str, str]] = {
    "annulment": "entry",
    "approval": "entry",
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

#: Features of an occasion that a selector may name.
FEATURES: Final = frozenset(
    {
        "control",
        "days_absent",
        "days_late",
        "excuse",
        "grade",
        "group",
        "group_kind",
        "lesson_position",
        "papers",
        "period_index",
        "period_kind",
        "profile",
        "pupil_category",
        "purpose",
        "record_state",
        "shift",
        "stage",
        "subject",
        "subject_tag",
        "to",
        "weekly_hours",
        "work_kind",
        "written",
    }
)

#: Journals in which a limit measures.
SCOPES_OF_LIMITS: Final = ("journal", "subject", "class")

#: Stretches of time within which a limit measures.
SPANS: Final = ("lesson", "work", "day", "week", "month", "period", "term", "year")

#: Features that are not read off the occasion alone, but off the book, the pupil or the entry.
BEYOND: Final = frozenset(
    {"days_absent", "days_late", "excuse", "papers", "pupil_category", "record_state"}
)

#: Features that are numbers: a selector may name a range of them, such as ``3..`` or ``2..4``.
NUMERIC: Final = frozenset(
    {"days_absent", "days_late", "grade", "papers", "period_index", "shift", "weekly_hours"}
)


@frozen
class Span:
    """A range of numbers in a selector, its ends included; None for an open end.

    *Version added: 0.1.*
    """

    least: int | None = None
    most: int | None = None

    def __contains__(self, value: object) -> bool:
        number = exact(value)
        return (
            number is not None
            and (self.least is None or self.least <= number)
            and (self.most is None or number <= self.most)
        )

    def holds(self, other: Scalar) -> bool:
        """Tell whether everything that *other* allows lies in this range."""
        if not isinstance(other, Span):
            return other in self
        low = self.least is None or (other.least is not None and self.least <= other.least)
        high = self.most is None or (other.most is not None and other.most <= self.most)
        return low and high

    def meets(self, other: Scalar) -> bool:
        """Tell whether something lies in both."""
        if not isinstance(other, Span):
            return other in self
        lows = [one for one in (self.least, other.least) if one is not None]
        highs = [one for one in (self.most, other.most) if one is not None]
        return not lows or not highs or max(lows) <= min(highs)

    def __str__(self) -> str:
        low, high = ("" if one is None else str(one) for one in (self.least, self.most))
        return f"{low}..{high}"


Scalar = str | int | bool | Span


@frozen
class Words:
    """A text in Russian and English.

    *Version added: 0.1.*
    """

    ru: str
    en: str

    def __getitem__(self, language: str) -> str:
        return self.ru if language == "ru" else self.en


#: Features of which an occasion may have several at once.
SETS: Final = frozenset({"lesson_position", "pupil_category", "record_state", "subject_tag"})


def _is(value: object, one: Scalar) -> bool:
    if isinstance(one, Span):
        return not isinstance(value, bool) and value in one
    return value == one and type(value) is type(one)


def _holds(wide: Scalar, one: Scalar) -> bool:
    return wide.holds(one) if isinstance(wide, Span) else wide == one


def _meets(one: Scalar, other: Scalar) -> bool:
    if isinstance(one, Span):
        return one.meets(other)
    return other.meets(one) if isinstance(other, Span) else one == other


@frozen
class Selector:
    """Which occasions a rule is for: every field must have one of its values.

    *Version added: 0.1.*
    """

    fields: tuple[tuple[str, tuple[Scalar, ...]], ...] = ()

    def allows(self, features: Mapping[str, object]) -> bool:
        """Tell whether an occasion with these features is meant. Every field named must be known."""
        for name, allowed in self.fields:
            value = features.get(name)
            if isinstance(value, frozenset):
                if value.isdisjoint(allowed):
                    return False
            elif not any(_is(value, one) for one in allowed):
                return False
        return True

    def names(self) -> frozenset[str]:
        """Fields it reads."""
        return frozenset(name for name, _ in self.fields)

    def narrows(self, other: Selector) -> bool:
        """Tell whether everything this one allows is allowed by *other* too, and not the reverse."""
        mine, theirs = dict(self.fields), dict(other.fields)
        return mine != theirs and all(
            name in mine and all(any(_holds(wide, one) for wide in allowed) for one in mine[name])
            for name, allowed in theirs.items()
        )

    def excludes(self, other: Selector) -> bool:
        """Tell whether no occasion can be allowed by both."""
        mine, theirs = dict(self.fields), dict(other.fields)
        return any(
            name not in SETS
            and name in theirs
            and not any(_meets(one, other) for one in allowed for other in theirs[name])
            for name, allowed in mine.items()
        )


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
    when: Selector = Selector()
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
    when: Selector = Selector()


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
    when: Selector = Selector()


@frozen(kw_only=True)
class TimingRule:
    """A record is made within a window; with a quorum, it must be made at all.

    *Version added: 0.1.*
    """

    record: str
    when: Selector = Selector()
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
    when: Selector = Selector()
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
    where: Selector = Selector()
    each: str = "roll"
    at_least: Level | None = None
    at_most: Level | None = None
    unit: str = "days"
    when: Selector = Selector()
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
    when: Selector = Selector()
    severity: Severity = Severity.MUST
    on_breach: Effect = Effect.REMARK

    @property
    def predicate(self) -> str:
        """Name of what is required or excluded."""
        return self.requires or self.excludes or ""


Rule = (
    TimingRule
    | QuantityRule
    | LimitRule
    | RightsRule
    | RelationRule
    | LockRule
    | ApprovalRule
    | PublicationRule
)
