"""What can be wrong with the effects of breaches: nobody to tell, and nothing to become."""

from __future__ import annotations

from collections.abc import Iterator

from edujournal.errors import Problem
from edujournal.rules.checking_marks import unknown
from edujournal.rules.clauses import LockRule, QuantityRule, Regulation, Rule, TimingRule
from edujournal.rules.verdicts import Effect

#: Effects by which somebody is told.
TELLING = (Effect.NOTIFY, Effect.ESCALATE)

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
    for i, marker in enumerate(regulation.markers):
        path = f"{name}.markers[{i}].on_breach"
        yield from _effect(marker.on_breach, regulation, path)
        if marker.on_breach is Effect.CONVERT:
            yield _nothing(path)


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
