"""Lint: what a regulation says that loads, and still cannot be meant, met, or obeyed.

A fault that loading finds is refused there. What stands here is well formed: each rule by itself has
a meaning, and only together with the others does it contradict, or reach nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations, product
from typing import Any, Final

from attrs import frozen

from edujournal.rules.clauses import (
    RECORDS,
    ApprovalRule,
    Clause,
    LimitRule,
    LockRule,
    LoginRule,
    QuantityRule,
    Regulation,
    RelationRule,
    RightsRule,
    Rule,
    Selector,
    TimingRule,
)
from edujournal.rules.rights import ANYONE
from edujournal.rules.terms import Anchored, Combined, Term

#: Kinds of lint, each with what it costs: ``fault`` cannot be meant, ``gap`` leaves something open,
#: ``note`` is worth a look.
LINTS: Final[Mapping[str, str]] = {
    "right-denied": "fault",
    "requires-and-excludes": "fault",
    "never-meant": "fault",
    "always-beaten": "fault",
    "nobody-may": "fault",
    "owed-twice": "fault",
    "cannot-lift": "gap",
    "cannot-approve": "gap",
    "too-few-approvers": "note",
    "marker-setter": "gap",
    "no-way-out": "note",
    "setting-not-given": "gap",
    "record-without-rule": "note",
    "clause-without-rule": "note",
    "erased-at-will": "note",
    "no-rights-clause": "gap",
}

#: Settings that some anchors read under another name.
_NAMED_SETTINGS: Final = {
    "conference": "conference",
    "exam_session.end": "exam_session_end",
    "report_day": "report_day",
}

#: Kinds of record that a journal lives by: a text that leaves one out is worth a second look.
_USUAL: Final = ("mark", "roll", "topic", "homework", "result")

_STAGES: Final = ("period", "year", "exam", "final")

#: Features of a work, which the vocabulary of the regulation tells apart.
_OF_WORKS: Final = frozenset({"control", "purpose", "work_kind", "written"})


@frozen
class Lint:
    """One thing that a regulation says and that deserves a look.

    *Version added: 0.1.*

    Attributes:
        kind: What it is, a key of :data:`LINTS`.
        clause: Number of the clause; empty for the regulation as a whole.
        rule: Place of the rule among those of the clause, counted from 0; None for the clause.
        names: What the sentence about it names, by its places.
    """

    kind: str
    clause: str = ""
    rule: int | None = None
    names: Mapping[str, str] = {}

    @property
    def weight(self) -> str:
        """``fault``, ``gap`` or ``note``."""
        return LINTS[self.kind]


@frozen
class _Row:
    clause: Clause
    index: int
    rule: Rule


def lint(regulation: Regulation) -> list[Lint]:
    """Give everything in *regulation* that deserves a look: faults first, then gaps, then notes.

    *Version added: 0.1.*
    """
    rows = [_Row(one, i, rule) for one in regulation.clauses for i, rule in enumerate(one.rules)]
    found = [one for check in _CHECKS for one in check(regulation, rows)]
    order = ("fault", "gap", "note")
    numbers = [clause.number for clause in regulation.clauses]

    def place(one: Lint) -> tuple[int, int, int, str]:
        clause = numbers.index(one.clause) if one.clause in numbers else -1
        rule = -1 if one.rule is None else one.rule
        return order.index(one.weight), clause, rule, one.kind

    return sorted(found, key=place)


# -- rights ----------------------------------------------------------------------------------------


def _denied(regulation: Regulation, rows: list[_Row]) -> Iterator[Lint]:
    """A right given and taken away from one role within one scope never works."""
    rights = [row for row in rows if isinstance(row.rule, RightsRule)]
    for one, other in product(rights, rights):
        may, not_ = one.rule, other.rule
        if not (isinstance(may, RightsRule) and isinstance(not_, RightsRule)):
            continue
        if may.may is None or not_.may_not != may.may or not_.role not in (may.role, ANYONE):
            continue
        if not_.scope not in (may.scope, "school"):
            continue
        for record in sorted(set(may.records) & set(not_.records)):
            yield Lint(
                "right-denied", one.clause.number, one.index,
                {"role": may.role, "record": record, "other": other.clause.number},
            )  # fmt: skip


def _may(regulation: Regulation, record: str) -> frozenset[str]:
    """Roles that may write *record*."""
    return frozenset(
        rule.role
        for clause in regulation.clauses
        for rule in clause.rules
        if isinstance(rule, RightsRule) and rule.may == "write" and record in rule.records
    )


def _nobody(regulation: Regulation, rows: list[_Row]) -> Iterator[Lint]:
    """What is owed and nobody may write is missing for ever."""
    if not regulation.rights:
        return
    for row in rows:
        rule = row.rule
        owed = isinstance(rule, QuantityRule) or (
            isinstance(rule, TimingRule) and rule.quorum.how != "none"
        )
        record = getattr(rule, "record", "")
        if owed and not _may(regulation, record):
            yield Lint("nobody-may", row.clause.number, row.index, {"record": record})


def _ways_out(regulation: Regulation, rows: list[_Row]) -> Iterator[Lint]:
    """Who is named as lifting, approving or setting must be able to."""
    if not regulation.rights:
        return
    for row in rows:
        rule, where = row.rule, (row.clause.number, row.index)
        if isinstance(rule, LockRule) and not rule.lifts:
            yield Lint("no-way-out", *where, {"record": rule.record})
        for lift in getattr(rule, "lifts", ()):
            if not {lift.role, ANYONE} & _may(regulation, "waiver"):
                yield Lint("cannot-lift", *where, {"role": lift.role})
        if isinstance(rule, ApprovalRule):
            able = [one for one in rule.roles if {one, ANYONE} & _may(regulation, "approval")]
            for role in rule.roles:
                if role not in able:
                    yield Lint("cannot-approve", *where, {"role": role})
            if rule.count > 1 and len(rule.roles) == 1:
                names = {"role": rule.roles[0], "count": str(rule.count)}
                yield Lint("too-few-approvers", *where, names)
    for marker in regulation.markers:
        for role in marker.set_by:
            if not {role, ANYONE} & (_may(regulation, "marker") | _may(regulation, "result")):
                yield Lint("marker-setter", marker.clause or "", None,
                           {"marker": marker.code, "role": role})  # fmt: skip


def _rights_clause(regulation: Regulation, rows: list[_Row]) -> Iterator[Lint]:
    """A denial cites the clause on rights; there must be one to cite."""
    number = regulation.rights_clause
    if regulation.rights and (not number or regulation.find_clause(number) is None):
        yield Lint("no-rights-clause", "", None, {"clause": number or "–"})


# -- selectors -------------------------------------------------------------------------------------


def _worlds(regulation: Regulation) -> Iterator[Mapping[str, Any]]:
    """Every combination of features that the regulation's own vocabulary can give."""
    for kind in regulation.work_kinds:
        for purpose in regulation.purposes:
            yield {
                "control": kind.control,
                "purpose": purpose,
                "work_kind": kind.code,
                "written": kind.written,
            }


def _possible(when: Selector, regulation: Regulation, record: str | None = None) -> bool:
    """Whether some work or stage of the vocabulary is meant; other features are the school's.

    With a kind of *record* what is selected is such records: none about a lesson or a period is for a
    kind of work, and only one about a period has a stage.
    """
    fields = dict(when.fields)
    about = None if record is None else RECORDS.get(record)
    if about in ("lesson", "period") and not _OF_WORKS.isdisjoint(fields):
        return False
    if "stage" in fields and (about == "lesson" or record in ("mark", "work")):
        return False
    own = Selector(tuple((name, values) for name, values in when.fields if name in _OF_WORKS))
    worlds = list(_worlds(regulation))
    if own.fields and worlds and not any(own.allows(world) for world in worlds):
        return False
    return "stage" not in fields or bool(set(fields["stage"]) & set(_STAGES))


def _selected(rule: Rule) -> Iterator[tuple[Selector, str | None]]:
    """The selectors of *rule*, each with the kind of record that it selects; None where of several."""
    when = getattr(rule, "when", None)
    if isinstance(when, Selector):
        # A limit is asked about its own records, about what waits for it, and about whole periods.
        yield when, None if isinstance(rule, LimitRule) else getattr(rule, "record", None)
    if isinstance(rule, LimitRule):
        yield rule.where, rule.record


def _selectors(regulation: Regulation, rows: list[_Row]) -> Iterator[Lint]:
    """A rule for works of which there are none, and a rule that always gives way to another."""
    for row in rows:
        for selector, record in _selected(row.rule):
            if not _possible(selector, regulation, record):
                shown = ", ".join(f"{name} = {_said(values)}" for name, values in selector.fields)
                yield Lint("never-meant", row.clause.number, row.index, {"when": shown})
    timed = [row for row in rows if isinstance(row.rule, TimingRule | QuantityRule)]
    for one, other in product(timed, timed):
        mine, theirs = one.rule, other.rule
        if one is other or type(mine) is not type(theirs):
            continue
        if not isinstance(mine, TimingRule | QuantityRule):
            continue
        if not isinstance(theirs, TimingRule | QuantityRule) or mine.record != theirs.record:
            continue
        covers = theirs.when == mine.when or mine.when.narrows(theirs.when)
        if theirs.instead_of == one.clause.number and covers:
            yield Lint("always-beaten", one.clause.number, one.index,
                       {"other": other.clause.number})  # fmt: skip


def _said(values: tuple[Any, ...]) -> str:
    return "/".join(
        str(value).lower() if isinstance(value, bool) else str(value) for value in values
    )


def _twice(regulation: Regulation, rows: list[_Row]) -> Iterator[Lint]:
    """One record owed by two families of rules is missing twice."""
    for one, other in combinations(rows, 2):
        kinds = {type(one.rule), type(other.rule)}
        if kinds != {TimingRule, QuantityRule}:
            continue
        timing = one.rule if isinstance(one.rule, TimingRule) else other.rule
        counted = one.rule if isinstance(one.rule, QuantityRule) else other.rule
        if not (isinstance(timing, TimingRule) and isinstance(counted, QuantityRule)):
            continue
        if timing.record != counted.record or timing.quorum.how == "none":
            continue
        if not timing.when.excludes(counted.when):
            yield Lint("owed-twice", other.clause.number, other.index,
                       {"record": timing.record, "other": one.clause.number})  # fmt: skip


def _relations(regulation: Regulation, rows: list[_Row]) -> Iterator[Lint]:
    """What is required and excluded of one record can never be written rightly."""
    relations = [row for row in rows if isinstance(row.rule, RelationRule)]
    for one, other in combinations(relations, 2):
        mine, theirs = one.rule, other.rule
        if not (isinstance(mine, RelationRule) and isinstance(theirs, RelationRule)):
            continue
        opposite = {mine.requires, theirs.requires} & {mine.excludes, theirs.excludes} - {None}
        same = mine.record == theirs.record and mine.predicate == theirs.predicate
        if same and opposite and not mine.when.excludes(theirs.when):
            yield Lint(
                "requires-and-excludes", other.clause.number, other.index,
                {"record": mine.record, "predicate": mine.predicate, "other": one.clause.number},
            )  # fmt: skip


# -- what is left open -----------------------------------------------------------------------------


def _terms(rule: Rule) -> Iterator[Term]:
    for name in ("opens", "closes", "by", "since", "after"):
        term = getattr(rule, name, None)
        if isinstance(term, Anchored | Combined):
            yield term


def settings_of(term: Term) -> Iterator[str]:
    """Names of the settings of a school without which *term* has no value."""
    if isinstance(term, Combined):
        for part in term.terms:
            yield from settings_of(part)
        return
    if term.anchor.startswith("given."):
        yield term.anchor.removeprefix("given.")
    elif term.anchor in _NAMED_SETTINGS:
        yield _NAMED_SETTINGS[term.anchor]
    if term.shift is not None and term.shift.given is not None:
        yield term.shift.given


def _settings(regulation: Regulation, rows: list[_Row]) -> Iterator[Lint]:
    """A window that hangs on a number nobody has given is never decided."""
    for row in rows:
        names = {name for term in _terms(row.rule) for name in settings_of(term)}
        for name in sorted(names - set(regulation.given)):
            yield Lint("setting-not-given", row.clause.number, row.index, {"setting": name})
    rhythm = regulation.control
    if rhythm is not None and rhythm.every.given not in (None, *regulation.given):
        yield Lint("setting-not-given", rhythm.clause or "", None,
                   {"setting": str(rhythm.every.given)})  # fmt: skip


def _uncovered(regulation: Regulation, rows: list[_Row]) -> Iterator[Lint]:
    """A kind of record that may be written and of which no clause says anything."""
    spoken = {
        rule.record for row in rows if not isinstance(rule := row.rule, RightsRule | LoginRule)
    }
    for record in _USUAL:
        if record not in spoken and _may(regulation, record):
            yield Lint("record-without-rule", "", None, {"record": record})


def _keeping(regulation: Regulation, rows: list[_Row]) -> Iterator[Lint]:
    """Texts may be erased at any time; what must be kept may be let go by one who gives no waivers."""
    if _may(regulation, "erasure") and not regulation.retention:
        yield Lint("erased-at-will")
    waivers = _may(regulation, "waiver")
    for one in regulation.retention:
        for lift in one.lifts:
            if not {lift.role, ANYONE} & waivers:
                yield Lint("cannot-lift", one.clause or "", None, {"role": lift.role})


def _silent(regulation: Regulation, rows: list[_Row]) -> Iterator[Lint]:
    """A clause that comes to nothing, and does not say what keeps it."""
    named = {marker.clause for marker in regulation.markers}
    named |= {formula.clause for formula in regulation.formulas}
    named |= {one.clause for one in regulation.retention}
    named |= {penalty.clause for penalty in regulation.penalties}
    named.add(None if regulation.control is None else regulation.control.clause)
    for clause in regulation.clauses:
        if not clause.rules and clause.kept_by is None and clause.number not in named:
            yield Lint("clause-without-rule", clause.number)


_CHECKS: Final[tuple[Callable[[Regulation, list[_Row]], Iterator[Lint]], ...]] = (
    _denied,
    _nobody,
    _ways_out,
    _rights_clause,
    _selectors,
    _twice,
    _relations,
    _settings,
    _uncovered,
    _keeping,
    _silent,
)
