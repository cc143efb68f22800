"""What can be wrong with limits that are well formed: bounds that do not fit, and levels without use."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

from edujournal.errors import BadInput, Problem
from edujournal.model.entries import OF_PUPIL
from edujournal.rules.checking_marks import unknown
from edujournal.rules.clauses import FEATURES, LimitRule, Regulation
from edujournal.rules.limits import LEVELS, NUMBERS, TAKES, WORDS, Row
from edujournal.rules.numbers import exact
from edujournal.rules.places import PLACED
from edujournal.rules.rule_kinds import RECORDS, SCOPES_OF_LIMITS, SPANS, Level
from edujournal.rules.terms import kind_of

#: Bounds that may be named.
_BOUNDS = (*SCOPES_OF_LIMITS, *SPANS, "pupil")

#: Stretches at whose end a floor is asked for.
_OWED = ("lesson", "work", "period", "term", "year")

_EACH = ("roll", "present", "whole")
_UNITS = ("days", "school_days")

#: What is taken of records by a field of theirs.
_FIELDS = {
    "distinct": WORDS,
    "max": NUMBERS,
    "mean": NUMBERS,
    "min": NUMBERS,
    "sum": NUMBERS,
}


def problems_of_limits(regulation: Regulation, name: str) -> Iterator[Problem]:
    """Yield every fault in the limits of *regulation*, with its path below *name*."""
    sound: list[tuple[Row, str]] = []
    for i, clause in enumerate(regulation.clauses):
        for j, rule in enumerate(clause.rules):
            if isinstance(rule, LimitRule):
                path = f"{name}.clauses[{i}].rules[{j}]"
                found = list(_limit(rule, regulation, path))
                yield from found
                if not found:
                    sound.append(((clause, j, rule), path))
    for (one, _), (two, path) in combinations(sound, 2):
        yield from _together(one, two, path)


def _limit(rule: LimitRule, regulation: Regulation, path: str) -> Iterator[Problem]:
    wrong = list(_bounds(rule, path))
    yield from wrong
    if rule.record in RECORDS and RECORDS[rule.record] not in PLACED:
        yield unknown(
            f"{path}.record", "kind of record about a lesson, a work or a period", rule.record,
            sorted(one for one, about in RECORDS.items() if about in PLACED),
        )  # fmt: skip
    for where, word, found, allowed in (
        ("take", "way to measure", rule.take, TAKES),
        ("each", "set", rule.each, _EACH),
        ("unit", "unit of a gap", rule.unit, _UNITS),
    ):
        if found not in allowed:
            yield unknown(f"{path}.{where}", word, found, allowed)
    for feature in sorted(rule.where.names() - FEATURES):
        yield unknown(f"{path}.where.{feature}", "feature", feature, sorted(FEATURES))
    kinds = [kind.code for kind in regulation.work_kinds]
    for value in dict(rule.where.fields).get("work_kind", ()):
        if value not in kinds:
            yield unknown(f"{path}.where.work_kind", "kind of work", str(value), kinds)
    numbers = [clause.number for clause in regulation.clauses]
    if rule.instead_of is not None and rule.instead_of not in numbers:
        yield unknown(f"{path}.instead_of", "clause", rule.instead_of, numbers)
    if rule.take in TAKES:
        yield from _field(rule, path)
        yield from _levels(rule, path)
    if not wrong:
        yield from _fit(rule, path)
        yield from _floor(rule, path)


def _bounds(rule: LimitRule, path: str) -> Iterator[Problem]:
    for one in rule.per:
        if one not in _BOUNDS:
            yield unknown(f"{path}.per", "bound", one, _BOUNDS)
    for what, names in (("journals", SCOPES_OF_LIMITS), ("a stretch of time", SPANS)):
        named = [one for one in rule.per if one in names]
        if len(named) != 1:
            yield Problem(f"{path}.per", f"{what} named {len(named)} times",
                          f"one of {', '.join(names)}", ", ".join(named))  # fmt: skip


def _fit(rule: LimitRule, path: str) -> Iterator[Problem]:
    """What does not go together."""
    about = RECORDS.get(rule.record)
    if rule.scope == "subject" and "pupil" not in rule.per:
        yield Problem(f"{path}.per", "all journals of a subject for nobody in particular",
                      "pupil beside subject", ", ".join(rule.per))  # fmt: skip
    if rule.scope != "journal" and rule.span in ("lesson", "work"):
        yield Problem(f"{path}.per", f"a {rule.span} of several journals", "journal", rule.scope)
    if rule.span == "work" and rule.record not in ("mark", "marker"):
        yield Problem(f"{path}.per", f"a {rule.record} of a work", "record = 'mark'", rule.record)
    if rule.span == "lesson" and about == "period":
        yield Problem(f"{path}.per", "a result of a lesson", "period, term or year", rule.span)
    if rule.each == "present" and rule.span not in ("lesson", "work"):
        yield Problem(f"{path}.each", "presence at no lesson", "lesson or work in per", rule.span)
    if rule.each != "roll" and "pupil" not in rule.per and rule.take != "share":
        yield Problem(f"{path}.each", "pupils of whom nothing is asked",
                      "pupil in per, or take = 'share'", rule.each)  # fmt: skip
    if rule.take == "share":
        if "pupil" in rule.per:
            yield Problem(f"{path}.per", "a share of one pupil", "no pupil", "pupil")
        if rule.record not in OF_PUPIL:
            yield unknown(f"{path}.record", "kind of record of a pupil", rule.record,
                          sorted(OF_PUPIL))  # fmt: skip
    if rule.take == "gap" and rule.span in ("lesson", "work", "day"):
        yield Problem(f"{path}.per", "a gap of days within one day", "week, period, year …",
                      rule.span)  # fmt: skip


def _field(rule: LimitRule, path: str) -> Iterator[Problem]:
    fields = _FIELDS.get(rule.take)
    if fields is None:
        if rule.field:
            yield Problem(f"{path}.field", f"a field that {rule.take} does not read", "no field",
                          repr(rule.field))  # fmt: skip
    elif rule.field not in fields:
        yield unknown(f"{path}.field", f"field for {rule.take}", rule.field, fields)


def _levels(rule: LimitRule, path: str) -> Iterator[Problem]:
    for name, level in (("at_least", rule.at_least), ("at_most", rule.at_most)):
        if level is not None:
            yield from _level(level, f"{path}.{name}")
    least, most = (None if one is None else one.number for one in (rule.at_least, rule.at_most))
    if rule.at_least is None and rule.at_most is None:
        yield Problem(path, "a limit without a level", "at_least, at_most, or both")
    if least is not None and most is not None and least > most:
        yield Problem(path, "a floor above the ceiling", "at_least not above at_most",
                      f"{least} and {most}")  # fmt: skip
    if rule.take in ("count", "share", "distinct", "gap"):
        if least is not None and least <= 0:
            yield Problem(f"{path}.at_least", "a floor that is always reached", "more than 0",
                          str(least))  # fmt: skip
        if most is not None and most < 0:
            yield Problem(f"{path}.at_most", "a ceiling that is always broken", "0 or more",
                          str(most))  # fmt: skip
    if rule.take == "share":
        if least is not None and least > 100:
            yield Problem(f"{path}.at_least", "a share of more than all", "percent, 100 at most",
                          str(least))  # fmt: skip
        if most is not None and most >= 100:
            yield Problem(f"{path}.at_most", "a share that is never more", "less than 100 percent",
                          str(most))  # fmt: skip


def _level(level: Level, path: str) -> Iterator[Problem]:
    if level.number is not None:
        return
    if level.by not in LEVELS:
        yield unknown(f"{path}.by", "thing a table goes by", level.by, LEVELS)
    if not level.steps:
        yield Problem(f"{path}.steps", "an empty table", "rows such as { at = 2, gives = 3 }")
    for i, step in enumerate(level.steps):
        if exact(step.gives) is None:
            yield Problem(f"{path}.steps[{i}].gives", "not an exact number", "a number",
                          repr(step.gives))  # fmt: skip
    for i, (one, other) in enumerate(pairwise(level.steps), 1):
        if one.at >= other.at:
            yield Problem(f"{path}.steps[{i}].at", "rows out of order", f"more than {one.at}",
                          str(other.at))  # fmt: skip


def _floor(rule: LimitRule, path: str) -> Iterator[Problem]:
    """When a floor is asked for, and by what."""
    if rule.take == "gap":
        for name in ("at_most", "by", "before", "opens"):
            if getattr(rule, name) is not None:
                yield Problem(f"{path}.{name}", "what a gap does not have", "at_least alone")
        return
    asked = [name for name in ("by", "before") if getattr(rule, name) is not None]
    if rule.at_least is not None and not asked:
        yield Problem(path, "a floor that is never asked for",
                      "by, the moment, or before, what waits for it")  # fmt: skip
    if rule.at_least is None and asked:
        yield Problem(f"{path}.{asked[0]}", "nothing to wait for", "at_least")
    if rule.opens is not None and rule.by is None:
        yield Problem(f"{path}.opens", "an opening of nothing", "by, the moment that closes")
    if rule.by is not None and (rule.span not in _OWED or rule.scope == "class"):
        yield Problem(
            f"{path}.by", "a floor that no occasion asks for",
            f"journal or subject, and one of {', '.join(_OWED)} in per", ", ".join(rule.per),
        )  # fmt: skip
    for name in ("opens", "by"):
        yield from _moment(rule, name, path)
    if rule.before is not None:
        yield from _before(rule, rule.before, path)


def _moment(rule: LimitRule, name: str, path: str) -> Iterator[Problem]:
    term = getattr(rule, name)
    if term is None:
        return
    try:
        kind = kind_of(term)
    except BadInput as error:
        first = error.problems[0]
        yield Problem(f"{path}.{name}", first.what, first.expected, first.found, first.mend)
        return
    if kind != "instant":
        yield Problem(f"{path}.{name}", "a day where an instant is needed", "a snap",
                      mend="Add snap = 'end_of_day', 'start_of_day' or a clock.")  # fmt: skip


def _before(rule: LimitRule, before: str, path: str) -> Iterator[Problem]:
    about = RECORDS.get(before)
    if about not in PLACED:
        yield unknown(
            f"{path}.before", "kind of record about a lesson, a work or a period", before,
            sorted(one for one, placed in RECORDS.items() if placed in PLACED),
        )  # fmt: skip
        return
    if "pupil" in rule.per and before not in OF_PUPIL:
        yield unknown(f"{path}.before", "kind of record of a pupil", before, sorted(OF_PUPIL))
    if about == "period" and rule.span in ("lesson", "work"):
        yield Problem(f"{path}.before", f"a result before which a {rule.span} is counted",
                      "period, term or year in per", repr(before))  # fmt: skip


# -- limits together -------------------------------------------------------------------------------


def _together(one: Row, two: Row, path: str) -> Iterator[Problem]:
    """Two limits of which neither holds in the other's place, or that no journal keeps both."""
    first, second = one[2], two[2]
    if first.when.excludes(second.when):
        return
    instead = first.instead_of == two[0].number or second.instead_of == one[0].number
    nested = first.when.narrows(second.when) or second.when.narrows(first.when)
    named = f"clause {two[0].number} rule {two[1]} against clause {one[0].number} rule {one[1]}"
    if first.family == second.family and not instead and not nested:
        yield Problem(
            f"{path}.when", f"two limits on {second.record} overlap and neither is the narrower",
            f"selectors that exclude each other, or nest, or instead_of = {one[0].number!r}", named,
        )  # fmt: skip
    for floor, ceiling in ((first, second), (second, first)):
        if instead or _measure(floor) != _measure(ceiling):
            continue
        least = None if floor.at_least is None else floor.at_least.number
        most = None if ceiling.at_most is None else ceiling.at_most.number
        if least is not None and most is not None and least > most:
            yield Problem(path, "a floor above the ceiling of another clause",
                          f"at_least not above {most}", named)  # fmt: skip


def _measure(rule: LimitRule) -> tuple[object, ...]:
    return rule.record, rule.take, rule.field, rule.where, frozenset(rule.per), rule.each
