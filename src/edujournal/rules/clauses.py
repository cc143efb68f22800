"""A regulation as values: clauses, and the rules that each clause comes to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Final

from attrs import field, frozen

from edujournal.errors import Unknown
from edujournal.rules.terms import Term
from edujournal.rules.verdicts import Effect, Severity

#: Kinds of record that rules may speak of, with the kind of occasion each is about.
RECORDS: Final[Mapping[str, str]] = {
    "annulment": "entry",
    "comment": "lesson",
    "confirmation": "lesson",
    "correction": "entry",
    "disclosure": "event",
    "homework": "lesson",
    "makeup": "lesson",
    "mark": "work",
    "marker": "work",
    "message": "group",
    "result": "period",
    "roll": "lesson",
    "setup": "section",
    "substitution": "lesson",
    "topic": "lesson",
    "work": "work",
}

#: Features of an occasion that a selector may name.
FEATURES: Final = frozenset(
    {
        "control",
        "grade",
        "group",
        "group_kind",
        "period_index",
        "period_kind",
        "profile",
        "purpose",
        "shift",
        "stage",
        "subject",
        "subject_tag",
        "to",
        "work_kind",
        "written",
    }
)

Scalar = str | int | bool


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
            elif not any(value == one and type(value) is type(one) for one in allowed):
                return False
        return True

    def names(self) -> frozenset[str]:
        """Fields it reads."""
        return frozenset(name for name, _ in self.fields)

    def narrows(self, other: Selector) -> bool:
        """Tell whether everything this one allows is allowed by *other* too, and not the reverse."""
        mine, theirs = dict(self.fields), dict(other.fields)
        return mine != theirs and all(
            name in mine and set(mine[name]) <= set(allowed) for name, allowed in theirs.items()
        )

    def excludes(self, other: Selector) -> bool:
        """Tell whether no occasion can be allowed by both."""
        mine, theirs = dict(self.fields), dict(other.fields)
        return any(
            name != "subject_tag" and name in theirs and set(allowed).isdisjoint(theirs[name])
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
    when_missing: str = "missing"
    instead_of: str | None = None


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


Rule = TimingRule | QuantityRule | RightsRule | RelationRule


@frozen(kw_only=True)
class Clause:
    """One clause of a text: what it asks in our words, how we read it, and the rules it comes to.

    *Version added: 0.1.*
    """

    number: str
    gist: Words
    reading: Words | None = None
    mend: Words | None = None
    rules: tuple[Rule, ...] = ()


@frozen(kw_only=True)
class WorkKind:
    """A kind of work and what is known of it.

    *Version added: 0.1.*
    """

    code: str
    title: Words
    control: bool = False
    written: bool = False


@frozen(kw_only=True)
class Scale:
    """The values that a mark may have.

    *Version added: 0.1.*

    Attributes:
        code: Code of the scale.
        title: What people call it.
        values: The codes or numbers allowed, or empty where *least* and *most* bound them.
        least: Least number.
        most: Greatest number.
        decimals: Digits allowed after the point.
    """

    code: str
    title: Words
    values: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    decimals: int = 0

    def allows(self, value: object) -> bool:
        """Tell whether *value* belongs to the scale."""
        if self.values:
            return str(value) in self.values
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            return False
        if not number.is_finite():
            return False
        exponent = number.normalize().as_tuple().exponent
        return (
            (self.least is None or number >= self.least)
            and (self.most is None or number <= self.most)
            and isinstance(exponent, int)
            and -exponent <= self.decimals
        )


@frozen(kw_only=True)
class MarkerKind:
    """A special marker of the regulation.

    *Version added: 0.1.*
    """

    code: str
    title: Words
    aliases: tuple[str, ...] = ()
    fulfils_period: bool = False


@frozen(kw_only=True)
class AbsenceCode:
    """A reason code of the roll call.

    *Version added: 0.1.*

    Attributes:
        code: The code.
        title: What it means.
        excused: Whether it excuses; None where that is not known yet.
        absent: False for a pupil who was there, only late.
    """

    code: str
    title: Words
    excused: bool | None = None
    absent: bool = True


@frozen
class InForce:
    """From which day on, and until before which, a regulation holds.

    *Version added: 0.1.*
    """

    since: date | None = None
    until: date | None = None


@frozen(kw_only=True)
class Regulation:
    """A regulation: what is asked of a school's journals, as data.

    *Version added: 0.1.*
    """

    format: int
    id: str
    title: Words
    source: str = ""
    in_force: InForce = InForce()
    rights_clause: str = ""
    default_scale: str | None = None
    says_nothing: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ("ordinary", "monitoring")
    given: Mapping[str, int | date] = field(factory=dict, hash=False)
    scales: tuple[Scale, ...] = ()
    work_kinds: tuple[WorkKind, ...] = ()
    markers: tuple[MarkerKind, ...] = ()
    absences: tuple[AbsenceCode, ...] = ()
    clauses: tuple[Clause, ...] = ()
    digest: str = field(default="", eq=False)

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

    def clause(self, number: str) -> Clause:
        """The clause with *number*.

        Raises:
            Unknown: There is none; the nearest is named.
        """
        found = self._clauses.get(number)
        if found is None:
            raise Unknown("clause", number, self._clauses, where=self.id)
        return found

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

    def absence(self, code: str) -> AbsenceCode:
        """The reason code *code* of the roll call.

        Raises:
            Unknown: There is none; the nearest is named.
        """
        found = self._absences.get(code)
        if found is None:
            raise Unknown("absence code", code, self._absences, where=self.id)
        return found

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
        found: dict[str, list[tuple[Clause, RelationRule]]] = {}
        for clause in self.clauses:
            for rule in clause.rules:
                if isinstance(rule, RelationRule):
                    found.setdefault(rule.record, []).append((clause, rule))
        return {record: tuple(rules) for record, rules in found.items()}

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
