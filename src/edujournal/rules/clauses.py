"""A regulation as values: its clauses, and the rules that each clause comes to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any, Final, TypeVar

from attrs import field, frozen

from edujournal.errors import Unknown
from edujournal.rules.formulas import Formula
from edujournal.rules.late_work import Penalty
from edujournal.rules.retention_rule import Retention
from edujournal.rules.rhythm import ControlRhythm
from edujournal.rules.rounding import PLAIN, Rounding
from edujournal.rules.rule_kinds import (
    RECORDS,
    ApprovalRule,
    Lift,
    LimitRule,
    LockRule,
    LoginRule,
    PublicationRule,
    QuantityRule,
    Quorum,
    RelationRule,
    ReminderStep,
    RightsRule,
    Rule,
    TimingRule,
    Words,
)
from edujournal.rules.selectors import FEATURES, SETS, Scalar, Selector, Span
from edujournal.rules.vocabulary import AbsenceCode, Conversion, MarkerKind, Scale, WorkKind

__all__ = [
    "FEATURES",
    "KEPT_BY",
    "RECORDS",
    "AbsenceCode",
    "ApprovalRule",
    "Clause",
    "ControlRhythm",
    "InForce",
    "Lift",
    "LimitRule",
    "LockRule",
    "LoginRule",
    "MarkerKind",
    "PublicationRule",
    "QuantityRule",
    "Quorum",
    "Regulation",
    "RelationRule",
    "ReminderStep",
    "Retention",
    "RightsRule",
    "Rule",
    "Scale",
    "Selector",
    "TimingRule",
    "Words",
    "WorkKind",
]


#: What may keep a clause that comes to no rule: other clauses, what people are shown, the archive,
#: who is named in every report, the way in which the library is made; or nothing that a journal tells.
KEPT_BY: Final = ("rules", "views", "archive", "reports", "design", "nothing")


@frozen(kw_only=True)
class Clause:
    """One clause of a text: what it asks in our words, how we read it, and the rules it comes to.

    *Version added: 0.1.*

    Attributes:
        number: Number in the text.
        gist: What it asks.
        reading: How it is understood where the text leaves room.
        mend: What to do when it was broken.
        rules: What it comes to.
        kept_by: What keeps it where no rule of its own does, one of :data:`KEPT_BY`; None where its
            rules do.
    """

    number: str
    gist: Words
    reading: Words | None = None
    mend: Words | None = None
    rules: tuple[Rule, ...] = ()
    kept_by: str | None = None


@frozen
class InForce:
    """From which day on, and until before which, a regulation holds.

    *Version added: 0.1.*
    """

    since: date | None = None
    until: date | None = None


_Kind = TypeVar("_Kind", LockRule, ApprovalRule, RelationRule, PublicationRule)


def _by_record(
    clauses: tuple[Clause, ...], kind: type[_Kind]
) -> Mapping[str, tuple[tuple[Clause, _Kind], ...]]:
    found: dict[str, list[tuple[Clause, _Kind]]] = {}
    for clause in clauses:
        for rule in clause.rules:
            if isinstance(rule, kind):
                found.setdefault(rule.record, []).append((clause, rule))
    return {record: tuple(rules) for record, rules in found.items()}


def _samples(value: Scalar, feature: str) -> tuple[object, ...]:
    """Values of *feature* that a selector with *value* allows, or of ranges those at their ends."""
    if isinstance(value, Span):
        ends = [one for one in (value.least, value.most) if one is not None]
        near = tuple(one + step for one in ends for step in (-1, 0, 1))
        return tuple(frozenset({one}) for one in near) if feature in SETS else near
    return (frozenset({value}),) if feature in SETS else (value,)


@frozen(kw_only=True)
class Regulation:
    """A regulation: what is asked of a school's journals, as data.

    *Version added: 0.1.*

    Attributes:
        digest: Digest of the content, 64 hex digits.
        checks: A host's own :class:`~edujournal.rules.checks.Check`; see :meth:`with_checks`.
    """

    format: int
    id: str
    title: Words
    source: str = ""
    in_force: InForce = InForce()
    rights_clause: str = ""
    reopen_days: int = 1
    default_scale: str | None = None
    says_nothing: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ("ordinary", "monitoring")
    reminders: tuple[ReminderStep, ...] = ()
    control: ControlRhythm | None = None
    retention: tuple[Retention, ...] = ()
    given: Mapping[str, int | date] = field(factory=dict, hash=False)
    scales: tuple[Scale, ...] = ()
    work_kinds: tuple[WorkKind, ...] = ()
    markers: tuple[MarkerKind, ...] = ()
    absences: tuple[AbsenceCode, ...] = ()
    conversions: tuple[Conversion, ...] = ()
    roundings: tuple[Rounding, ...] = ()
    formulas: tuple[Formula, ...] = ()
    penalties: tuple[Penalty, ...] = ()
    clauses: tuple[Clause, ...] = ()
    digest: str = field(default="", eq=False)
    checks: tuple[Any, ...] = ()

    @cached_property
    def _kinds(self) -> Mapping[str, WorkKind]:
        return {kind.code: kind for kind in self.work_kinds}

    @cached_property
    def _scales(self) -> Mapping[str, Scale]:
        return {scale.code: scale for scale in self.scales}

    @cached_property
    def _markers(self) -> Mapping[str, MarkerKind]:
        return {name: one for one in self.markers for name in (one.code, *one.aliases)}

    @cached_property
    def _absences(self) -> Mapping[str, AbsenceCode]:
        return {one.code: one for one in self.absences}

    @cached_property
    def _clauses(self) -> Mapping[str, Clause]:
        return {clause.number: clause for clause in self.clauses}

    def with_checks(self, *checks: Any) -> Regulation:
        """Give this regulation with a host's own checks; see :func:`edujournal.rules.checks.with_checks`.

        Raises:
            BadRegulation: A code has no prefix, is the library's, or is used twice.
        """
        from edujournal.rules.checks import with_checks

        return with_checks(self, *checks)

    def clause(self, number: str) -> Clause:
        """The clause with *number*.

        Raises:
            Unknown: There is none; the nearest is named.
        """
        found = self._clauses.get(number)
        if found is None:
            raise Unknown("clause", number, self._clauses, where=self.id)
        return found

    def find_clause(self, number: str) -> Clause | None:
        """The clause with *number*, or None."""
        return self._clauses.get(number)

    def work_kind(self, code: str) -> WorkKind:
        """The kind of work with *code*.

        Raises:
            Unknown: There is none; the nearest is named.
        """
        found = self._kinds.get(code)
        if found is None:
            raise Unknown("kind of work", code, self._kinds, where=self.id)
        return found

    def find_work_kind(self, code: str) -> WorkKind | None:
        """The kind of work with *code*, or None where the regulation has none."""
        return self._kinds.get(code)

    def find_absence(self, code: str) -> AbsenceCode | None:
        """The reason code *code*, or None where the regulation has none."""
        return self._absences.get(code)

    def find_scale(self, code: str | None) -> Scale | None:
        """The scale with *code*, or the default one; None where the regulation has none."""
        return self._scales.get(self.default_scale or "" if code is None else code)

    def rounding(self, name: str) -> Rounding:
        """The rounding with *name*: one of the regulation, or a plain one.

        Raises:
            Unknown: There is none; the nearest is named.
        """
        for one in self.roundings:
            if one.name == name:
                return one
        if name in PLAIN:
            return Rounding(name=name, kind=name)
        raise Unknown("rounding", name, (*PLAIN, *(one.name for one in self.roundings)))

    def scale(self, code: str | None) -> Scale | None:
        """The scale with *code*, or the default one; None where the regulation has none.

        Raises:
            Unknown: There is none with that code; the nearest is named.
        """
        if code is None:
            code = self.default_scale
            if code is None:
                return None
        found = self._scales.get(code)
        if found is None:
            raise Unknown("scale", code, self._scales, where=self.id)
        return found

    def marker(self, code: str) -> MarkerKind:
        """The marker with *code* or one of its aliases.

        Raises:
            Unknown: There is none; the nearest is named.
        """
        found = self._markers.get(code)
        if found is None:
            raise Unknown("marker", code, self._markers, where=self.id)
        return found

    def find_marker(self, code: str) -> MarkerKind | None:
        """The marker with *code* or one of its aliases, or None where the regulation has none."""
        return self._markers.get(code)

    def absence(self, code: str) -> AbsenceCode:
        """The reason code *code* of the roll call.

        Raises:
            Unknown: There is none; the nearest is named.
        """
        found = self._absences.get(code)
        if found is None:
            raise Unknown("absence code", code, self._absences, where=self.id)
        return found

    def selected(self, feature: str) -> tuple[object, ...]:
        """What selectors of this regulation tell apart in *feature*: its values, and ends of ranges."""
        found: dict[object, None] = {}
        for clause in self.clauses:
            for rule in clause.rules:
                for selector in (getattr(rule, "when", None), getattr(rule, "where", None)):
                    fields = {} if selector is None else dict(selector.fields)
                    for value in fields.get(feature, ()):
                        found.update(dict.fromkeys(_samples(value, feature)))
        return tuple(found)

    @cached_property
    def lets_teams(self) -> bool:
        """Whether colleagues may write in the journal of one who is away."""
        return any(
            isinstance(rule, RightsRule) and rule.scope == "team_journal"
            for clause in self.clauses
            for rule in clause.rules
        )

    @cached_property
    def selects_by(self) -> frozenset[str]:
        """Features that some rule of this regulation selects by."""
        return frozenset[str]().union(
            *(
                selector.names()
                for clause in self.clauses
                for rule in clause.rules
                for selector in (getattr(rule, "when", None), getattr(rule, "where", None))
                if selector is not None
            )
        )

    def holds_on(self, day: date | None) -> bool:
        """Tell whether the regulation is in force on *day*; always, where the day is not known."""
        if day is None:
            return True
        since, until = self.in_force.since, self.in_force.until
        return (since is None or since <= day) and (until is None or day < until)

    @cached_property
    def timing(self) -> Mapping[str, tuple[tuple[Clause, int, TimingRule | QuantityRule], ...]]:
        """Rules that yield duties, by kind of record, each with its clause and place there."""
        found: dict[str, list[tuple[Clause, int, TimingRule | QuantityRule]]] = {}
        for clause in self.clauses:
            for index, rule in enumerate(clause.rules):
                if isinstance(rule, TimingRule | QuantityRule):
                    found.setdefault(rule.record, []).append((clause, index, rule))
        return {record: tuple(rules) for record, rules in found.items()}

    @cached_property
    def relations(self) -> Mapping[str, tuple[tuple[Clause, RelationRule], ...]]:
        """Relation rules by kind of record, each with its clause."""
        return _by_record(self.clauses, RelationRule)

    @cached_property
    def locks(self) -> Mapping[str, tuple[tuple[Clause, LockRule], ...]]:
        """Locks by kind of record, each with its clause."""
        return _by_record(self.clauses, LockRule)

    @cached_property
    def publications(self) -> Mapping[str, tuple[tuple[Clause, PublicationRule], ...]]:
        """Publications by kind of record, each with its clause."""
        return _by_record(self.clauses, PublicationRule)

    @cached_property
    def limits(self) -> tuple[tuple[Clause, int, LimitRule], ...]:
        """Limits, each with its clause and place there."""
        return tuple(
            (clause, index, rule)
            for clause in self.clauses
            for index, rule in enumerate(clause.rules)
            if isinstance(rule, LimitRule)
        )

    @cached_property
    def approvals(self) -> Mapping[str, tuple[tuple[Clause, ApprovalRule], ...]]:
        """Approvals by kind of record that is changed, each with its clause."""
        return _by_record(self.clauses, ApprovalRule)

    @cached_property
    def rights(self) -> Mapping[tuple[str, str, str], tuple[tuple[Clause, RightsRule], ...]]:
        """Rights by (role, action, record), each with its clause."""
        found: dict[tuple[str, str, str], list[tuple[Clause, RightsRule]]] = {}
        for clause in self.clauses:
            for rule in clause.rules:
                if isinstance(rule, RightsRule):
                    for record in rule.records:
                        found.setdefault((rule.role, rule.action, record), []).append(
                            (clause, rule)
                        )
        return {key: tuple(rules) for key, rules in found.items()}

    @cached_property
    def personal(self) -> frozenset[str]:
        """Kinds of record of which a right asks of whom the entry itself speaks."""
        return frozenset(
            record
            for (_, _, record), rows in self.rights.items()
            if any(rule.scope in ("own_account", "own_child") for _, rule in rows)
        )

    @cached_property
    def roles(self) -> tuple[str, ...]:
        """Roles that the regulation names, in the order of the file."""
        return tuple(
            dict.fromkeys(
                rule.role
                for clause in self.clauses
                for rule in clause.rules
                if isinstance(rule, RightsRule)
            )
        )
