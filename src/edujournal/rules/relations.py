"""Relations: what an entry requires or excludes, by the predicates that a regulation names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import evolve

from edujournal.model.entries import Entry
from edujournal.model.occasions import Occasion
from edujournal.model.people import Kleene
from edujournal.rules.clauses import Clause
from edujournal.rules.markers import given_by
from edujournal.rules.predicates import PREDICATES, Scene, looked_of
from edujournal.rules.rule_kinds import RelationRule
from edujournal.rules.scenes import worlds
from edujournal.rules.selecting import seen
from edujournal.rules.verdicts import Effect, Finding, Outcome


def of_entry(entry: Entry, occasion: Occasion, scene: Scene) -> Iterator[Finding]:
    """Judge *entry* by every relation that is about its kind of record.

    A correction is judged besides by those about what it changes: it takes away nothing that was
    required. What the record lacked before is not held against it.
    """
    asked = scene.regulation.relations.get(entry.kind, ())
    for clause, rule in asked:
        certain = _selects(rule, entry, None, occasion, scene)
        if certain is not Kleene.NO:
            held = _holds(rule, entry, scene)
            yield from _told(clause, rule, entry, entry, held, certain, scene)
    if entry.kind != "correction":
        return
    given = given_by(entry, scene.state)
    target = None if entry.target is None else scene.state.entry(entry.target)
    if given is None or target is None:
        return
    given = evolve(given, at=entry.at, by=entry.by, evidence=entry.evidence)
    before = scene.state.reading(target)
    # What is asked of corrections themselves says it better: it looks at what is changed.
    own = {rule.predicate for _, rule in asked}
    for clause, rule in scene.regulation.relations.get(target.kind, ()):
        if rule.predicate in own or _holds(rule, given, scene) is not Kleene.NO:
            continue
        certain = _selects(rule, entry, given, occasion, scene)
        if certain is not Kleene.NO and _holds(rule, before, scene) is not Kleene.NO:
            yield from _told(clause, rule, entry, given, Kleene.NO, certain, scene)


def _selects(
    rule: RelationRule, entry: Entry, subject: Entry | None, occasion: Occasion, scene: Scene
) -> Kleene:
    """Whether the rule is about *entry*, as far as its selectors tell."""
    names = rule.when.names()
    if not names:
        return Kleene.YES
    found = seen(names, looked_of(entry, occasion, scene, subject))
    answers = {rule.when.allows(world) for world in worlds(found, names, scene.regulation)}
    if len(answers) > 1:
        return Kleene.UNKNOWN
    return Kleene.NO if answers == {False} else Kleene.YES


def _holds(rule: RelationRule, entry: Entry, scene: Scene) -> Kleene:
    held = PREDICATES[rule.predicate].holds(entry, scene)
    if rule.excludes is not None:
        held = {Kleene.YES: Kleene.NO, Kleene.NO: Kleene.YES}.get(held, held)
    return held


def _told(
    clause: Clause,
    rule: RelationRule,
    entry: Entry,
    given: Entry,
    held: Kleene,
    certain: Kleene,
    scene: Scene,
) -> Iterator[Finding]:
    """What is found of *entry*, which makes *given* stand."""
    predicate = PREDICATES[rule.predicate]
    pupils: Sequence[str | None] = (given.pupil,)
    if held is Kleene.NO and predicate.pupils is not None:
        pupils = predicate.pupils(given, scene) or pupils
    if held is Kleene.YES:
        outcome = Outcome.MET
    elif held is Kleene.UNKNOWN or certain is Kleene.UNKNOWN:
        outcome = Outcome.UNDECIDABLE
    else:
        outcome = Outcome.BROKEN
    for pupil in pupils:
        yield Finding(
            predicate.code,
            scene.regulation.id,
            clause.number,
            rule.severity,
            outcome,
            Effect.REMARK if entry.evidence is not None else rule.on_breach,
            entry.book,
            entry.about,
            pupil,
            entry.kind,
            lo=entry.lo,
            hi=entry.hi,
            by=entry.author,
            entry=entry.number,
            why={"unknown": [predicate.reads]} if outcome is Outcome.UNDECIDABLE else {},
        )
