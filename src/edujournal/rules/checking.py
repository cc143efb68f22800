"""What can be wrong with a regulation that is well formed: names without meaning, windows without time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations

from edujournal.errors import BadInput, Problem, nearest
from edujournal.model.calendar import Calendar, Group, HolidaySet, PeriodSystem, Week
from edujournal.model.time import zone
from edujournal.rules.checking_effects import problems_of_effects
from edujournal.rules.checking_limits import problems_of_limits
from edujournal.rules.checking_marks import problems_of_marks
from edujournal.rules.checking_retention import problems_of_retention
from edujournal.rules.clauses import (
    FEATURES,
    KEPT_BY,
    RECORDS,
    ApprovalRule,
    LockRule,
    LoginRule,
    PublicationRule,
    QuantityRule,
    Regulation,
    RelationRule,
    RightsRule,
    Rule,
    TimingRule,
)
from edujournal.rules.logins import CODES
from edujournal.rules.predicates import PREDICATES
from edujournal.rules.selecting import OF_ONE
from edujournal.rules.terms import Anchored, Combined, Setting, Term, Value, evaluate, kind_of
from edujournal.rules.verdicts import NotKnown

#: Where a right may reach.
SCOPES = (
    "school", "own_journal", "team_journal", "substituted_lesson", "own_class", "own_child",
    "own_account",
)  # fmt: skip

#: What a right may be about.
ACTIONS = ("read", "write", "import")

#: Format of regulation files that this version reads.
FORMAT = 1


def problems_of(regulation: Regulation, name: str) -> Iterator[Problem]:
    """Yield every fault of *regulation*, with its path below *name*."""
    if regulation.format != FORMAT:
        yield Problem(
            f"{name}.format", "a format that is not read", str(FORMAT), str(regulation.format)
        )
        return
    yield from _codes(regulation, name)
    since, until = regulation.in_force.since, regulation.in_force.until
    if since and until and since >= until:
        yield Problem(f"{name}.in_force", "an empty time in force", "since before until",
                      f"{since} … {until}")  # fmt: skip
    for i, clause in enumerate(regulation.clauses):
        if clause.kept_by is not None and clause.kept_by not in KEPT_BY:
            yield _unknown(f"{name}.clauses[{i}].kept_by", "keeper", clause.kept_by, KEPT_BY)
        for j, rule in enumerate(clause.rules):
            yield from _rule(regulation, rule, f"{name}.clauses[{i}].rules[{j}]")
    yield from _overlaps(regulation, name)
    yield from problems_of_marks(regulation, name)
    yield from problems_of_effects(regulation, name)
    yield from problems_of_limits(regulation, name)
    yield from problems_of_retention(regulation, name)


def _codes(regulation: Regulation, name: str) -> Iterator[Problem]:
    tables = {
        "clauses": [clause.number for clause in regulation.clauses],
        "scales": [scale.code for scale in regulation.scales],
        "work_kinds": [kind.code for kind in regulation.work_kinds],
        "markers": [one for marker in regulation.markers for one in (marker.code, *marker.aliases)],
        "absences": [code.code for code in regulation.absences],
    }
    for table, codes in tables.items():
        for i, code in enumerate(codes):
            if code in codes[:i]:
                yield Problem(f"{name}.{table}", "said twice", "each code once", repr(code))
    default = regulation.default_scale
    if default is not None and default not in tables["scales"]:
        yield _unknown(f"{name}.default_scale", "scale", default, tables["scales"])


def _unknown(where: str, noun: str, found: str, known: object) -> Problem:
    names = sorted(str(one) for one in known)  # type: ignore[attr-defined]
    near = nearest(found, names)
    return Problem(
        where,
        f"unknown {noun}",
        f"one of {', '.join(names)}" if names else f"a {noun} declared in this file",
        repr(found),
        f"Did you mean {near!r}?" if near else "",
    )


def _rule(regulation: Regulation, rule: Rule, path: str) -> Iterator[Problem]:
    if isinstance(rule, LoginRule):
        if rule.one not in CODES:
            yield _unknown(f"{path}.one", "thing of which a login has one", rule.one, CODES)
        return
    records = rule.records if isinstance(rule, RightsRule) else (rule.record,)
    for record in records:
        if record not in RECORDS:
            field = "records" if isinstance(rule, RightsRule) else "record"
            yield _unknown(f"{path}.{field}", "kind of record", record, RECORDS)
            return
    if isinstance(rule, RightsRule):
        yield from _right(rule, path)
        return
    for feature in rule.when.names():
        if feature not in FEATURES:
            yield _unknown(f"{path}.when.{feature}", "feature", feature, FEATURES)
    owed = isinstance(rule, QuantityRule) or (
        isinstance(rule, TimingRule) and rule.quorum.how != "none"
    )
    for feature in sorted(rule.when.names() & OF_ONE) if owed else ():
        yield Problem(f"{path}.when.{feature}", "a feature of one entry or pupil in a rule that is owed",
                      "a feature of the occasion", repr(feature))  # fmt: skip
    if "work_kind" in rule.when.names():
        kinds = [kind.code for kind in regulation.work_kinds]
        for value in dict(rule.when.fields)["work_kind"]:
            if value not in kinds:
                yield _unknown(f"{path}.when.work_kind", "kind of work", str(value), kinds)
    if isinstance(rule, LockRule | ApprovalRule | PublicationRule):
        yield from _moment(rule, path)
        return
    if isinstance(rule, RelationRule):
        if (rule.requires is None) == (rule.excludes is None):
            yield Problem(path, "a relation without a meaning", "requires or excludes, one of them")
        elif rule.predicate not in PREDICATES:
            side = "requires" if rule.requires else "excludes"
            yield _unknown(f"{path}.{side}", "predicate", rule.predicate, PREDICATES)
        return
    if not isinstance(rule, TimingRule | QuantityRule):
        return
    yield from _bounds(rule, path)
    if rule.when_missing not in ("missing", "undecidable"):
        yield _unknown(
            f"{path}.when_missing", "outcome", rule.when_missing, ("missing", "undecidable")
        )
    if rule.instead_of is not None and rule.instead_of not in {
        clause.number for clause in regulation.clauses
    }:
        yield _unknown(f"{path}.instead_of", "clause", rule.instead_of,
                       [clause.number for clause in regulation.clauses])  # fmt: skip


def _moment(rule: LockRule | ApprovalRule | PublicationRule, path: str) -> Iterator[Problem]:
    name, term = ("after", rule.after) if isinstance(rule, ApprovalRule) else ("since", rule.since)
    try:
        kind = kind_of(term)
    except BadInput as error:
        first = error.problems[0]
        yield Problem(f"{path}.{name}", first.what, first.expected, first.found, first.mend)
    else:
        if kind != "instant":
            yield Problem(f"{path}.{name}", "a day where an instant is needed", "a snap",
                          mend="Add snap = 'end_of_day', 'start_of_day' or a clock.")  # fmt: skip
    if isinstance(rule, LockRule) and rule.on not in ("any", "new", "change"):
        yield _unknown(f"{path}.on", "way of writing", rule.on, ("any", "new", "change"))
    for one in rule.exempt if isinstance(rule, LockRule) else ():
        if one != "excuses":
            yield _unknown(f"{path}.exempt", "exemption", one, ("excuses",))
        elif rule.record != "roll":
            yield Problem(f"{path}.exempt", f"excuses in a {rule.record}", "record = 'roll'")
    if isinstance(rule, ApprovalRule) and (not rule.roles or rule.count < 1):
        yield Problem(path, "an approval by nobody", "roles, and a count of at least 1")


def _right(rule: RightsRule, path: str) -> Iterator[Problem]:
    if (rule.may is None) == (rule.may_not is None):
        yield Problem(path, "a right without a meaning", "may or may_not, one of them")
    elif rule.action not in ACTIONS:
        yield _unknown(f"{path}.{'may' if rule.may else 'may_not'}", "action", rule.action, ACTIONS)
    if rule.scope not in SCOPES:
        yield _unknown(f"{path}.scope", "scope", rule.scope, SCOPES)
    if not rule.records:
        yield Problem(f"{path}.records", "a right over nothing", "at least one kind of record")


def _bounds(rule: TimingRule | QuantityRule, path: str) -> Iterator[Problem]:
    closes = rule.by if isinstance(rule, QuantityRule) else rule.closes
    name = "by" if isinstance(rule, QuantityRule) else "closes"
    faulty = False
    for bound, term in (("opens", rule.opens), (name, closes)):
        if term is None:
            continue
        try:
            kind = kind_of(term)
        except BadInput as error:
            first = error.problems[0]
            yield Problem(f"{path}.{bound}", first.what, first.expected, first.found, first.mend)
            faulty = True
            continue
        if kind != "instant":
            faulty = True
            yield Problem(f"{path}.{bound}", "a day where an instant is needed", "a snap",
                          mend="Add snap = 'end_of_day', 'start_of_day' or a clock.")  # fmt: skip
    quorum = rule.each if isinstance(rule, QuantityRule) else rule.quorum
    if closes is None and quorum.how != "none":
        yield Problem(f"{path}.closes", "a record that is owed but never due", "a closing bound")
    if not faulty and rule.opens is not None and closes is not None:
        yield from _empty(rule.opens, closes, path)


def _empty(opens: Term, closes: Term, path: str) -> Iterator[Problem]:
    """Try the window on one ordinary occasion, where both bounds hang on things whose order is known."""
    anchors = {*opens.anchors(), *closes.anchors()}
    if "work.due" in anchors and anchors != {"work.due"}:
        return
    setting = Setting(_ordinary, _frame(), "g", {})
    lo, hi = evaluate(opens, setting), evaluate(closes, setting)
    if isinstance(lo, int) and isinstance(hi, int) and lo >= hi:
        yield Problem(path, "an empty window", "opens before closes",
                      f"opens {_words(opens)}, closes {_words(closes)}")  # fmt: skip


def _words(term: Term) -> str:
    if isinstance(term, Combined):
        return f"{term.how}({', '.join(_words(part) for part in term.terms)})"
    return _anchored_words(term)


def _anchored_words(term: Anchored) -> str:
    parts = [term.anchor]
    if term.shift is not None:
        parts.append(str(term.shift))
    parts.extend(one for one in (term.roll, term.snap) if one != "none")
    return " ".join(parts)


_DAY = date(2001, 3, 14)


def _frame() -> Calendar:
    return Calendar(
        school="s",
        year="y",
        zone="UTC",
        since=date(2000, 9, 1),
        until=date(2001, 9, 1),
        groups=(Group("g", "class", periods="p", holidays="h", week="w"),),
        period_systems=(PeriodSystem("p", ()),),
        holiday_sets=(HolidaySet("h", ()),),
        weeks=(Week("w", frozenset({1, 2, 3, 4, 5})),),
        staff_week="w",
    )


def _ordinary(anchor: str) -> Value:
    dawn = zone("UTC").start_of_day(_DAY)
    hour = 3_600_000_000
    values: dict[str, Value] = {
        "class_day.last_lesson.end": dawn + 14 * hour,
        "day": _DAY,
        "entry.recorded": dawn + 10 * hour,
        "event.noticed": dawn + 10 * hour,
        "lesson.end": dawn + 10 * hour,
        "lesson.start": dawn + 9 * hour,
        "period.end": _DAY + timedelta(days=10),
        "period.holidays.start": _DAY + timedelta(days=11),
        "period.start": _DAY - timedelta(days=60),
        "work.due": _DAY,
        "work.held": _DAY,
        "year.end": date(2001, 5, 31),
        "year.start": date(2000, 9, 1),
    }
    return values.get(anchor, NotKnown(anchor))


def _overlaps(regulation: Regulation, name: str) -> Iterator[Problem]:
    for record, rules in regulation.timing.items():
        for (one, i, first), (two, j, second) in combinations(rules, 2):
            if type(first) is not type(second):
                continue
            apart = (
                first.when.excludes(second.when)
                or first.when.narrows(second.when)
                or second.when.narrows(first.when)
                or first.instead_of == two.number
                or second.instead_of == one.number
            )
            if not apart:
                yield Problem(
                    f"{name}.clauses[{_index(regulation, two.number)}].rules[{j}].when",
                    f"two rules for {record} overlap and neither is the narrower",
                    f"selectors that exclude each other, or nest, or instead_of = {one.number!r}",
                    f"clause {two.number} rule {j} against clause {one.number} rule {i}",
                )


def _index(regulation: Regulation, number: str) -> int:
    return [clause.number for clause in regulation.clauses].index(number)
