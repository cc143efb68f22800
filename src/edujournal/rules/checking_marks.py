"""What can be wrong with scales, conversions, markers, roundings and formulas that are well formed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise

from edujournal.errors import BadInput, Problem, nearest
from edujournal.rules.clauses import FEATURES, Regulation, Selector
from edujournal.rules.formulas import ATTEMPTS, KINDS, SOURCES, Formula
from edujournal.rules.late_work import LATE_UNITS, OF, Penalty
from edujournal.rules.numbers import ONE, ZERO, Step, exact
from edujournal.rules.rounding import PLAIN, Rounding
from edujournal.rules.selectors import BEYOND
from edujournal.rules.terms import kind_of
from edujournal.rules.vocabulary import (
    FAMILIES,
    MARKER_SCOPES,
    OF_GROUP,
    OF_SUBJECT,
    SCALE_KINDS,
    Conversion,
    Expiry,
    MarkerKind,
    Scale,
)

#: What may stand among codes of markers that take another's place.
_RECORDS = ("mark", "makeup")

#: Stages of results.
_STAGES = ("period", "year", "exam", "final")


def problems_of_marks(regulation: Regulation, name: str) -> Iterator[Problem]:
    """Yield every fault in what *regulation* says of marks, with its path below *name*."""
    for i, scale in enumerate(regulation.scales):
        yield from _scale(scale, f"{name}.scales[{i}]")
    for i, kind in enumerate(regulation.work_kinds):
        if kind.weight < 0:
            yield _less(f"{name}.work_kinds[{i}].weight", str(kind.weight))
    for i, table in enumerate(regulation.conversions):
        yield from _conversion(table, regulation, f"{name}.conversions[{i}]")
    for i, marker in enumerate(regulation.markers):
        yield from _marker(marker, regulation, f"{name}.markers[{i}]")
    for i, rounding in enumerate(regulation.roundings):
        yield from _rounding(rounding, f"{name}.roundings[{i}]")
    for i, formula in enumerate(regulation.formulas):
        yield from _formula(formula, regulation, f"{name}.formulas[{i}]")
    yield from _overlaps(regulation.formulas, f"{name}.formulas", "formula")
    for i, penalty in enumerate(regulation.penalties):
        yield from _penalty(penalty, regulation, f"{name}.penalties[{i}]")
    yield from _overlaps(regulation.penalties, f"{name}.penalties", "penalty")


def unknown(where: str, noun: str, found: str, known: Iterable[str]) -> Problem:
    """A name that means nothing, with those that would."""
    names = list(dict.fromkeys(known))
    near = nearest(found, names)
    return Problem(
        where,
        f"unknown {noun}",
        f"one of {', '.join(names)}" if names else f"a {noun} declared in this file",
        repr(found),
        f"Did you mean {near!r}?" if near else "",
    )


def _less(where: str, found: str) -> Problem:
    return Problem(where, "a weight below nothing", "0 or more", found)


def features_of(selector: Selector, path: str) -> Iterator[Problem]:
    """Yield the features of *selector* that there are not."""
    for feature in sorted(selector.names() - FEATURES):
        yield unknown(f"{path}.{feature}", "feature", feature, sorted(FEATURES))


# -- scales and tables -----------------------------------------------------------------------------


def _scale(scale: Scale, path: str) -> Iterator[Problem]:
    if scale.kind is not None and scale.kind not in SCALE_KINDS:
        yield unknown(f"{path}.kind", "kind of scale", scale.kind, SCALE_KINDS)
    if scale.least is not None and scale.most is not None and scale.least > scale.most:
        yield Problem(path, "a scale without a value", "least up to most",
                      f"{scale.least} … {scale.most}")  # fmt: skip
    if scale.values and (scale.least is not None or scale.most is not None):
        yield Problem(path, "values said twice", "values, or least and most")
    if scale.decimals < 0:
        yield Problem(f"{path}.decimals", "not a number of digits", "0 or more",
                      str(scale.decimals))  # fmt: skip
    yield from _of_its_kind(scale, path)
    for fields in ("numbers", "learned"):
        for value in getattr(scale, fields):
            if value not in scale.values and not (not scale.values and scale.allows(value)):
                yield unknown(f"{path}.{fields}.{value}", "value", value, scale.values)
    for limit in ("passing_from", "good_from"):
        value = getattr(scale, limit)
        if value is not None and scale.rank(value) is None:
            yield unknown(f"{path}.{limit}", "value", value, scale.values)
    for modifier in scale.modifiers:
        if not modifier or modifier[-1].isdigit():
            yield Problem(f"{path}.modifiers", "a modifier that cannot be told from a value",
                          "such as '+' or '-'", repr(modifier))  # fmt: skip


def _of_its_kind(scale: Scale, path: str) -> Iterator[Problem]:
    wants: Mapping[str, tuple[bool, str]] = {
        "numeric": (scale.is_counted, "values that are numbers, or least and most"),
        "letter": (bool(scale.values), "values, from the worst to the best"),
        "levels": (bool(scale.values), "values, from the worst to the best"),
        "credit": (
            len(scale.values) == 2 and scale.passing_from is not None,
            "two values, the worse first, and passing_from",
        ),
        "points": (
            not scale.values and scale.least is not None and scale.most is not None,
            "least and most",
        ),
        "descriptive": (bool(scale.values) and not scale.numbers, "values, and no numbers"),
    }
    fine, wanted = wants.get(scale.kind or "", (True, ""))
    if not fine:
        yield Problem(path, f"not a scale of the kind {scale.kind!r}", wanted)


def _steps(steps: Sequence[Step], path: str, scale: Scale | None) -> Iterator[Problem]:
    """A greater number never gives a worse value."""
    rows = sorted(enumerate(steps), key=lambda row: row[1].at)
    for (_, one), (j, other) in pairwise(rows):
        if one.at == other.at:
            yield Problem(f"{path}.steps[{j}].at", "said twice", "each number once", str(other.at))
    if scale is None:
        return
    ranks = []
    for i, step in rows:
        rank = scale.rank(step.gives)
        if rank is None:
            yield unknown(f"{path}.steps[{i}].gives", "value", step.gives, scale.values)
        else:
            ranks.append((i, -rank if scale.lower_is_better else rank))
    for (_, low), (j, high) in pairwise(ranks):
        if high < low:
            yield Problem(f"{path}.steps[{j}].gives", "a greater number gives a lesser value",
                          "a table that only rises", repr(steps[j].gives))  # fmt: skip


def _conversion(table: Conversion, regulation: Regulation, path: str) -> Iterator[Problem]:
    scales = [scale.code for scale in regulation.scales]
    source, target = regulation.find_scale(table.source), regulation.find_scale(table.target)
    for side, code, scale in (
        ("source", table.source, source),
        ("target", table.target, target),
    ):
        if scale is None:
            yield unknown(f"{path}.{side}", "scale", code, scales)
    if source is None or target is None:
        return
    if bool(table.values) == bool(table.steps):
        yield Problem(path, "a table without a meaning", "values or steps, one of them")
        return
    if table.percent and source.most is None:
        yield Problem(f"{path}.percent", "percents of nothing", "a source scale with a most")
    if table.steps:
        if not source.is_counted:
            yield Problem(f"{path}.steps", "steps for values that are no numbers", "values")
        yield from _steps(table.steps, path, target)
        return
    known: list[tuple[object, object, str]] = []
    for value, gives in table.values.items():
        at = f"{path}.values.{value}"
        mine, theirs = source.rank(value), target.rank(gives)
        if mine is None:
            yield unknown(at, "value", value, source.values)
        elif theirs is None:
            yield unknown(at, "value", gives, target.values)
        else:
            known.append((mine, theirs, at))
    for (_, low, _), (_, high, at) in pairwise(sorted(known)):
        if high < low:  # type: ignore[operator]
            yield Problem(at, "a better value becomes a worse one", "a table that only rises")


def _rounding(rounding: Rounding, path: str) -> Iterator[Problem]:
    if rounding.name in PLAIN:
        yield Problem(f"{path}.name", "a name that is taken", f"none of {', '.join(PLAIN)}",
                      repr(rounding.name))  # fmt: skip
    if rounding.kind not in (*PLAIN, "steps"):
        yield unknown(f"{path}.kind", "kind of rounding", rounding.kind, (*PLAIN, "steps"))
    elif (rounding.kind == "steps") != bool(rounding.steps):
        yield Problem(path, "a rounding without a meaning", "kind = 'steps' with steps, or neither")
    yield from _steps(rounding.steps, path, None)
    for i, bar in enumerate(rounding.bars):
        if bar.count < 1:
            yield Problem(f"{path}.bars[{i}].count", "a bar without a cause", "1 or more",
                          str(bar.count))  # fmt: skip


# -- markers ---------------------------------------------------------------------------------------


def _marker(marker: MarkerKind, regulation: Regulation, path: str) -> Iterator[Problem]:
    if marker.family not in FAMILIES:
        yield unknown(f"{path}.family", "family of markers", marker.family, FAMILIES)
    for scope in marker.scopes:
        if scope not in MARKER_SCOPES:
            yield unknown(f"{path}.scopes", "scope of a marker", scope, MARKER_SCOPES)
    if not marker.scopes:
        yield Problem(f"{path}.scopes", "a marker for nothing", "at least one scope")
    if marker.clause is not None and regulation.find_clause(marker.clause) is None:
        yield unknown(f"{path}.clause", "clause", marker.clause,
                      [one.number for one in regulation.clauses])  # fmt: skip
    for role in marker.set_by:
        if regulation.roles and role not in regulation.roles:
            yield unknown(f"{path}.set_by", "role", role, regulation.roles)
    codes = [one.code for one in regulation.markers]
    for code in marker.replaced_by:
        if code not in _RECORDS and regulation.find_marker(code) is None:
            yield unknown(f"{path}.replaced_by", "marker", code, (*_RECORDS, *codes))
    if marker.in_mean and marker.value is None:
        yield Problem(f"{path}.in_mean", "nothing to take into the mean", "a value")
    yield from _value(marker.value, regulation, f"{path}.value")
    if marker.expires is not None:
        yield from _expiry(marker.expires, regulation, f"{path}.expires", codes)
        yield from _place(marker, path)
    if marker.always_for is not None:
        yield from features_of(marker.always_for, f"{path}.always_for")
    if marker.suggested_for is not None:
        yield from _suggested(marker.suggested_for, f"{path}.suggested_for")


def _suggested(selector: Selector, path: str) -> Iterator[Problem]:
    """A marker is suggested by what is known of a group and of a subject."""
    known = OF_GROUP | OF_SUBJECT
    for feature in sorted(selector.names() - known):
        yield unknown(f"{path}.{feature}", "feature of a group or a subject", feature,
                      sorted(known))  # fmt: skip
    if not selector.names() & OF_GROUP:
        yield Problem(path, "a suggestion for nobody in particular",
                      f"one of {', '.join(sorted(OF_GROUP))}")  # fmt: skip


def _place(marker: MarkerKind, path: str) -> Iterator[Problem]:
    """What time makes names its clause, and stands in a cell of its own."""
    if marker.clause is None:
        yield Problem(f"{path}.clause", "an end that no clause asks for", "number of a clause")
    if marker.expires is not None and marker.expires.value and "subject" in marker.scopes:
        yield Problem(f"{path}.scopes", "a mark for a whole subject, which has no cell",
                      "scopes without subject")  # fmt: skip


def _value(value: str | None, regulation: Regulation, path: str) -> Iterator[Problem]:
    scale = regulation.find_scale(None)
    if value is not None and scale is not None and not scale.allows(value):
        yield unknown(path, "value of the default scale", value, scale.values)


def _expiry(
    expires: Expiry, regulation: Regulation, path: str, codes: Sequence[str]
) -> Iterator[Problem]:
    if expires.after is not None and expires.by is not None:
        yield Problem(path, "an end said twice", "after or by")
    if (expires.marker is None) == (expires.value is None):
        yield Problem(path, "an end without a successor", "marker or value, one of them")
    if expires.marker is not None and regulation.find_marker(expires.marker) is None:
        yield unknown(f"{path}.marker", "marker", expires.marker, codes)
    yield from _value(expires.value, regulation, f"{path}.value")
    if expires.after is not None and expires.after.number <= 0 and expires.after.given is None:
        yield Problem(f"{path}.after", "an end before the beginning", "such as '+10 school_days'",
                      repr(str(expires.after)))  # fmt: skip
    if expires.by is not None:
        yield from instant(expires.by, f"{path}.by")


def instant(term: object, path: str) -> Iterator[Problem]:
    """Yield what keeps *term* from being an instant."""
    try:
        kind = kind_of(term)  # type: ignore[arg-type]
    except BadInput as error:
        first = error.problems[0]
        yield Problem(path, first.what, first.expected, first.found, first.mend)
    else:
        if kind != "instant":
            yield Problem(path, "a day where an instant is needed", "a snap",
                          mend="Add snap = 'end_of_day', 'start_of_day' or a clock.")  # fmt: skip


# -- formulas --------------------------------------------------------------------------------------


def _formula(formula: Formula, regulation: Regulation, path: str) -> Iterator[Problem]:
    for name, value, allowed in (
        ("kind", formula.kind, tuple(KINDS)),
        ("source", formula.source, SOURCES),
        ("attempts", formula.attempts, ATTEMPTS),
    ):
        if value not in allowed:
            yield unknown(f"{path}.{name}", f"{name} of a formula", value, allowed)
    yield from features_of(formula.when, f"{path}.when")
    if formula.clause is not None and regulation.find_clause(formula.clause) is None:
        yield unknown(f"{path}.clause", "clause", formula.clause,
                      [one.number for one in regulation.clauses])  # fmt: skip
    kinds = [kind.code for kind in regulation.work_kinds]
    weighed = (*kinds, "makeup") if formula.source == "marks" else _STAGES
    for key, weight in formula.weights.items():
        if key not in weighed and (kinds or formula.source == "results"):
            yield unknown(f"{path}.weights.{key}", "kind of work", key, weighed)
        if weight < 0:
            yield _less(f"{path}.weights.{key}", str(weight))
    for key in formula.drop_only:
        if key not in weighed and (kinds or formula.source == "results"):
            yield unknown(f"{path}.drop_only", "kind of work", key, weighed)
    for stage in formula.stages:
        if stage not in _STAGES:
            yield unknown(f"{path}.stages", "stage", stage, _STAGES)
    if formula.drop_lowest < 0:
        yield Problem(f"{path}.drop_lowest", "not a number to leave out", "0 or more",
                      str(formula.drop_lowest))  # fmt: skip
    if formula.least < 1:
        yield Problem(f"{path}.least", "a result out of nothing", "1 or more", str(formula.least))
    yield from _markers_of(formula, regulation, path)
    yield from _result(formula, regulation, path)
    yield from _taken_in(formula, regulation, path)


def _markers_of(formula: Formula, regulation: Regulation, path: str) -> Iterator[Problem]:
    codes = [one.code for one in regulation.markers]
    if formula.empty is not None and formula.empty not in codes:
        yield unknown(f"{path}.empty", "marker", formula.empty, codes)
    for i, code in enumerate(formula.carries):
        if code not in codes:
            yield unknown(f"{path}.carries[{i}]", "marker", code, codes)
    for i, limit in enumerate(formula.absence):
        if limit.marker not in codes:
            yield unknown(f"{path}.absence[{i}].marker", "marker", limit.marker, codes)
        if limit.warned is not None and limit.warned not in ("message", *codes):
            yield unknown(f"{path}.absence[{i}].warned", "marker", limit.warned,
                          ("message", *codes))  # fmt: skip
        if limit.decides is not None and regulation.roles and limit.decides not in regulation.roles:
            yield unknown(f"{path}.absence[{i}].decides", "role", limit.decides, regulation.roles)
        if not ZERO <= limit.over < ONE:
            yield Problem(f"{path}.absence[{i}].over", "not a share", "0 up to 1, such as '0.1'",
                          str(limit.over))  # fmt: skip


def _result(formula: Formula, regulation: Regulation, path: str) -> Iterator[Problem]:
    scale = regulation.find_scale(formula.scale)
    if scale is None:
        where = f"{path}.scale" if formula.scale is not None else path
        yield unknown(where, "scale", formula.scale or "", [s.code for s in regulation.scales])
        return
    if not scale.is_counted:
        yield Problem(f"{path}.scale", "a scale whose values are worth nothing", "numbers for them",
                      repr(scale.code))  # fmt: skip
        return
    names = [one.name for one in regulation.roundings]
    if formula.rounding not in (*PLAIN, *names):
        yield unknown(f"{path}.rounding", "rounding", formula.rounding, (*PLAIN, *names))
        return
    if formula.rounding not in names:
        return
    place = names.index(formula.rounding)
    rounding = regulation.roundings[place]
    where = f"{path.rpartition('.')[0]}.roundings[{place}]"
    yield from _steps(rounding.steps, where, scale)
    for i, bar in enumerate(rounding.bars):
        for side in ("mark", "best"):
            value = getattr(bar, side)
            if not scale.allows(value):
                yield unknown(f"{where}.bars[{i}].{side}", "value", value, scale.values)


def _taken_in(formula: Formula, regulation: Regulation, path: str) -> Iterator[Problem]:
    """Each table exists, leads to the formula's scale, and no two read the same scale."""
    scale = regulation.find_scale(formula.scale)
    known = {one.code: one for one in regulation.conversions}
    read: dict[str, str] = {}
    for i, code in enumerate(formula.conversions):
        where = f"{path}.conversions[{i}]"
        table = known.get(code)
        if table is None:
            yield unknown(where, "conversion", code, known)
        elif scale is not None and table.target != scale.code:
            yield Problem(where, "a table that leads elsewhere", f"one to {scale.code!r}",
                          f"{code!r} leads to {table.target!r}")  # fmt: skip
        elif table.source in read:
            yield Problem(where, "two tables for one scale", "one of them",
                          f"{read[table.source]!r} and {code!r}")  # fmt: skip
        else:
            read[table.source] = code


def _penalty(penalty: Penalty, regulation: Regulation, path: str) -> Iterator[Problem]:
    """What a work that is late loses: one share, of something that there is."""
    known = FEATURES - BEYOND
    for feature in sorted(penalty.when.names() - known):
        yield unknown(f"{path}.when.{feature}", "feature of a work", feature, sorted(known))
    kinds = [kind.code for kind in regulation.work_kinds]
    for value in dict(penalty.when.fields).get("work_kind", ()):
        if value not in kinds:
            yield unknown(f"{path}.when.work_kind", "kind of work", str(value), kinds)
    for name, allowed in (("unit", LATE_UNITS), ("of", OF)):
        if getattr(penalty, name) not in allowed:
            yield unknown(f"{path}.{name}", name, getattr(penalty, name), allowed)
    if (penalty.each is None) == (not penalty.steps):
        yield Problem(path, "a penalty without a share", "each or steps, one of them")
    shares = [("each", penalty.each), ("at_most", penalty.at_most)]
    for i, step in enumerate(penalty.steps):
        shares.append((f"steps[{i}].gives", exact(step.gives)))
        if exact(step.gives) is None:
            yield Problem(f"{path}.steps[{i}].gives", "not an exact number", "a share",
                          repr(step.gives))  # fmt: skip
    for where, share in shares:
        if share is not None and not ZERO < share <= ONE:
            yield Problem(f"{path}.{where}", "not a share", "more than 0, 1 at most, such as '1/2'",
                          str(share))  # fmt: skip
    for one, other in pairwise(penalty.steps):
        if one.at >= other.at:
            yield Problem(f"{path}.steps", "rows out of order", f"more than {one.at}",
                          str(other.at))  # fmt: skip
    reckoned = [one.scale for one in regulation.formulas if one.source == "marks"]
    scales = {regulation.find_scale(code) for code in reckoned or [None]}
    for scale in scales - {None}:
        if scale is not None and scale.lower_is_better:
            yield Problem(path, "something taken off where less is better", "scales in which more is",
                          repr(scale.code))  # fmt: skip
    numbers = [clause.number for clause in regulation.clauses]
    if penalty.clause is not None and penalty.clause not in numbers:
        yield unknown(f"{path}.clause", "clause", penalty.clause, numbers)


def _overlaps(formulas: Sequence[Formula | Penalty], path: str, noun: str) -> Iterator[Problem]:
    for (i, one), (j, other) in combinations(enumerate(formulas), 2):
        if one.name == other.name:
            yield Problem(f"{path}[{j}].name", "said twice", "each name once", repr(other.name))
        apart = (
            one.when.excludes(other.when)
            or one.when.narrows(other.when)
            or other.when.narrows(one.when)
        )
        if not apart:
            yield Problem(
                f"{path}[{j}].when", f"two {path.rpartition('.')[2]} overlap and neither is the narrower",
                "selectors that exclude each other, or nest", f"{other.name} against {noun} {i}",
            )  # fmt: skip
