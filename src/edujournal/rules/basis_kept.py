"""Conditions about bases: what a result claims to rest on is true, and is not changed afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from edujournal.errors import BadInput, Unknown
from edujournal.ledger.books import BookState
from edujournal.model.entries import CHANGES, Entry
from edujournal.model.occasions import Occasion
from edujournal.rules.basis import digest_of, foreign_inputs, own_inputs, reckoned
from edujournal.rules.clauses import Regulation
from edujournal.rules.inputs import GIVEN, Reader, root_of
from edujournal.rules.integrity import CLAUSE, LIBRARY
from edujournal.rules.numbers import exact
from edujournal.rules.predicates import Scene
from edujournal.rules.rounding import rounded
from edujournal.rules.verdicts import Effect, Finding, Outcome, Severity


def of_entry(entry: Entry, occasion: Occasion, scene: Scene) -> Iterator[Finding]:
    """Yield a finding where *entry* claims a basis that is not true, or changes what a result rests on."""
    change = entry.values.get("change", {}) if entry.kind == "correction" else entry.values
    basis = change.get("basis")
    if basis is not None:
        fault = fault_of(basis, entry, scene)
        if fault is not None:
            yield _finding("false-basis", entry, Severity.MUST, Effect.REFUSE, fault)
    resting = disturbed(entry, occasion, scene)
    if resting:
        numbers = [result.number for result in resting]
        yield _finding(
            "basis-changed", entry, Severity.ADVICE, Effect.REMARK,
            {"target": numbers[0], "results": numbers},
        )  # fmt: skip


def _finding(
    code: str, entry: Entry, severity: Severity, effect: Effect, why: Mapping[str, Any]
) -> Finding:
    return Finding(
        code, LIBRARY, CLAUSE, severity, Outcome.BROKEN, effect, entry.book, entry.about,
        entry.pupil, entry.kind, lo=entry.lo, hi=entry.hi, by=entry.author, entry=entry.number,
        why=why,
    )  # fmt: skip


# -- a basis is true -------------------------------------------------------------------------------


def fault_of(basis: Mapping[str, Any], entry: Entry, scene: Scene) -> dict[str, Any] | None:
    """What is not true of *basis*, or None: its digest, its number, its value, an input of this book.

    Inputs in books of groups that the pupil has left are compared by an audit.
    """
    try:
        if basis.get("digest") != digest_of(basis):
            return {"reason": "digest"}
        number = reckoned(basis)
    except BadInput as error:
        return {"reason": "form", "found": str(error)}
    if number != exact(basis.get("mean")):
        return {"reason": "mean"}
    for one in own_inputs(basis):
        if not _stands_so(one, entry.pupil, scene.state):
            return {"reason": "input", "target": one["n"]}
    if not _value_follows(basis, scene.regulation):
        return {"reason": "value"}
    return None


def _stands_so(one: Mapping[str, Any], pupil: str | None, state: BookState) -> bool:
    """Whether the entry that an input names stands in *state*, as it was when the basis was made."""
    found = state.entry(one["n"])
    return (
        found is not None
        and found.hash == one.get("hash")
        and found.pupil == pupil
        and state.stands(found)
        and [change.number for change in state.corrections(found.number)] == one.get("changes", [])
    )


def _value_follows(basis: Mapping[str, Any], regulation: Regulation) -> bool:
    """Whether the proposed value is what the named rounding makes of the mean, where that is known."""
    told, formula = basis.get("proposed", {}), basis["formula"]
    value, mean = told.get("value"), exact(basis.get("mean"))
    made_by = basis.get("regulation", {})
    if made_by.get("digest") != regulation.digest or value is None or mean is None:
        return True
    scale = regulation.find_scale(formula.get("scale"))
    try:
        rounding = regulation.rounding(str(formula.get("rounding")))
    except Unknown:
        return False
    marks = [str(one.get("value")) for one in basis["inputs"] if one.get("use") == "counted"]
    return scale is not None and rounded(mean, scale, rounding, marks) == value


# -- a basis stays ---------------------------------------------------------------------------------


def disturbed(entry: Entry, occasion: Occasion, scene: Scene) -> list[Entry]:
    """The results of this book that stand and rest on what *entry* changes, or would rest on it."""
    state = scene.state
    if next(state.of_kind("result"), None) is None:
        return []
    if entry.kind in CHANGES:
        target = None if entry.target is None else state.entry(entry.target)
        return [] if target is None else _resting_on(_speaking_of(target, state), state)
    if entry.kind not in GIVEN or entry.pupil is None or occasion.group is None:
        return []
    if entry.values.get("retake") is not None:
        # It belongs to where the first attempt does, and the book knows what rests on that one.
        root = root_of(entry, state)
        tries = (one for one in state.of_kind("mark") if root_of(one, state).number == root.number)
        return _resting_on(frozenset({root.number, *(one.number for one in tries)}), state)
    return _fed_by(entry, entry.pupil, occasion, occasion.group, scene)


def _speaking_of(target: Entry, state: BookState) -> frozenset[int]:
    """Numbers of what reads otherwise once *target* is changed: itself, or the marks of a work."""
    if target.kind != "work":
        return frozenset({target.number})
    work = state.work(target.about.removeprefix("work:"))
    names = [target.about]
    if work is not None and work.lesson is not None:
        names.append(f"lesson:{work.lesson}")
    return frozenset(one.number for name in names for one in state.about("mark", name))


def _resting_on(numbers: frozenset[int], state: BookState) -> list[Entry]:
    return [
        result
        for result in state.of_kind("result")
        if any(one.get("n") in numbers for one in own_inputs(_basis(result, state)))
    ]


def _fed_by(entry: Entry, pupil: str, occasion: Occasion, group: str, scene: Scene) -> list[Entry]:
    """Results of a pupil that *entry* would be an input of, had it been there before."""
    found = []
    for period in occasion.calendar.periods(group):
        for result in scene.state.of_pupil("result", f"period:{period.id}", pupil):
            named = _basis(result, scene.state).get("formula", {}).get("name")
            for formula in scene.regulation.formulas:
                if formula.name != named or formula.source != "marks":
                    continue
                one = Reader(formula, scene.regulation, scene.facts).mark(entry, scene.state)
                if one is not None and one.use != "aside" and one.day and one.day in period:
                    found.append(result)
    return found


def _basis(result: Entry, state: BookState) -> Mapping[str, Any]:
    found: Mapping[str, Any] = state.reading(result).values.get("basis") or {}
    return found


def outlived(
    state: BookState, look: Callable[[str], BookState]
) -> Iterator[tuple[Entry, Sequence[Mapping[str, Any]]]]:
    """Results whose inputs are no more what they were, where no entry of this book says so.

    These are inputs that became void, and those in books of groups that the pupil has left.

    Args:
        state: What the journal says, void entries known.
        look: Gives what another journal says, void entries known.

    Yields:
        A result that stands, and those of its inputs.
    """
    for result in state.of_kind("result"):
        basis = _basis(result, state)
        gone = [one for one in own_inputs(basis) if _is_void(one, state)]
        gone += [
            one
            for one in foreign_inputs(basis)
            if not _stands_so(one, result.pupil, look(str(one["book"])))
        ]
        if gone:
            yield result, gone


def _is_void(one: Mapping[str, Any], state: BookState) -> bool:
    found = state.entry(one["n"])
    return found is not None and state.is_void(found)
