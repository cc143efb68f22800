"""What can be wrong with effects and with control: nobody to tell, nothing to become, no rhythm."""

from __future__ import annotations

from collections.abc import Iterator

from edujournal.errors import Problem
from edujournal.rules.checking_marks import unknown
from edujournal.rules.clauses import LockRule, QuantityRule, Regulation, Rule, TimingRule
from edujournal.rules.rhythm import RHYTHMS
from edujournal.rules.terms import Shift
from edujournal.rules.verdicts import Effect

#: Effects by which somebody is told.
TELLING = (Effect.NOTIFY, Effect.ESCALATE)

#: Units of the time that a control report may take.
WITHIN = ("hours", "days", "working_days", "weeks")

#: Kinds of record that may become a marker when they are missing, and what the marker must stand for.
BECOMING = {"mark": "fills_cell", "result": "fulfils_period"}


def problems_of_effects(regulation: Regulation, name: str) -> Iterator[Problem]:
    """Yield every fault in the effects that *regulation* names, with its path below *name*."""
    for i, clause in enumerate(regulation.clauses):
        for j, rule in enumerate(clause.rules):
            path = f"{name}.clauses[{i}].rules[{j}]"
            for field in ("on_breach", "on_early"):
                effect = getattr(rule, field, None)
                if effect is not None:
                    yield from _effect(effect, regulation, f"{path}.{field}")
            yield from _becoming(rule, regulation, path)
    yield from _control(regulation, f"{name}.control")
    for i, marker in enumerate(regulation.markers):
        path = f"{name}.markers[{i}].on_breach"
        yield from _effect(marker.on_breach, regulation, path)
        if marker.on_breach is Effect.CONVERT:
            yield _nothing(path)


def _control(regulation: Regulation, path: str) -> Iterator[Problem]:
    """What can be wrong with the rhythm of control."""
    rhythm = regulation.control
    if rhythm is None:
        return
    if rhythm.every.unit not in RHYTHMS:
        yield unknown(f"{path}.every", "unit of a rhythm", rhythm.every.unit, RHYTHMS)
    elif _is_back(rhythm.every):
        yield Problem(f"{path}.every", "no rhythm", "+1 or more", repr(str(rhythm.every)))
    if rhythm.within is not None:
        if rhythm.within.unit not in WITHIN:
            yield unknown(f"{path}.within", "unit of a term after days", rhythm.within.unit, WITHIN)
        elif _is_back(rhythm.within) or rhythm.within.given is not None:
            yield Problem(f"{path}.within", "a term that ends before it begins", "+1 or more",
                          repr(str(rhythm.within)))  # fmt: skip
    if not rhythm.roles:
        yield Problem(f"{path}.roles", "control by nobody", "at least one role")
    numbers = [clause.number for clause in regulation.clauses]
    if rhythm.clause is not None and rhythm.clause not in numbers:
        yield unknown(f"{path}.clause", "clause", rhythm.clause, numbers)


def _is_back(shift: Shift) -> bool:
    """Whether a length that the file gives does not lead forward."""
    return shift.sign < 0 or (shift.given is None and shift.number < 1)


def _effect(effect: Effect, regulation: Regulation, path: str) -> Iterator[Problem]:
    if effect in TELLING and not regulation.reminders:
        yield Problem(path, "nobody to be told", "reminders, the ladder of those who are told",
                      repr(effect.value))  # fmt: skip


def _nothing(path: str) -> Problem:
    return Problem(
        path, "nothing that could become something",
        "on_breach of a timing or quantity rule about each mark or result", "'convert'",
    )  # fmt: skip


def _becoming(rule: Rule, regulation: Regulation, path: str) -> Iterator[Problem]:
    if getattr(rule, "on_early", None) is Effect.CONVERT:
        yield _nothing(f"{path}.on_early")
    if isinstance(rule, LockRule):
        return
    converts = getattr(rule, "on_breach", None) is Effect.CONVERT
    becomes = getattr(rule, "becomes", None)
    if not converts:
        if becomes is not None:
            yield Problem(f"{path}.becomes", "a marker that nothing becomes",
                          "on_breach = 'convert'", repr(becomes))  # fmt: skip
        return
    if not isinstance(rule, TimingRule | QuantityRule):
        yield _nothing(f"{path}.on_breach")
        return
    quorum = rule.each if isinstance(rule, QuantityRule) else rule.quorum
    if rule.record not in BECOMING or quorum.of not in ("roll", "present"):
        yield _nothing(f"{path}.on_breach")
        return
    kind = None if becomes is None else regulation.find_marker(becomes)
    if becomes is None:
        yield Problem(f"{path}.becomes", "a conversion into nothing", "code of a marker")
    elif kind is None:
        yield unknown(f"{path}.becomes", "marker", becomes, [m.code for m in regulation.markers])
    elif not getattr(kind, BECOMING[rule.record]):
        yield Problem(f"{path}.becomes", f"a marker that stands for no {rule.record}",
                      f"one with {BECOMING[rule.record]} = true", repr(becomes))  # fmt: skip
