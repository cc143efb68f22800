"""Relations: what an entry requires or excludes, by the predicates that a regulation names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edujournal.model.entries import Entry
from edujournal.model.occasions import Occasion
from edujournal.model.people import Kleene
from edujournal.rules.predicates import PREDICATES, Scene, looked_of
from edujournal.rules.scenes import worlds
from edujournal.rules.selecting import seen
from edujournal.rules.verdicts import Effect, Finding, Outcome


def of_entry(entry: Entry, occasion: Occasion, scene: Scene) -> Iterator[Finding]:
    """Judge *entry* by every relation that is about its kind of record."""
    for clause, rule in scene.regulation.relations.get(entry.kind, ()):
        names = rule.when.names()
        if names:
            found = seen(names, looked_of(entry, occasion, scene))
            answers = {rule.when.allows(world) for world in worlds(found, names, scene.regulation)}
            if answers == {False}:
                continue
        else:
            answers = {True}
        predicate = PREDICATES[rule.predicate]
        held = predicate.holds(entry, scene)
        if rule.excludes is not None:
            held = {Kleene.YES: Kleene.NO, Kleene.NO: Kleene.YES}.get(held, held)
        pupils: Sequence[str | None] = (entry.pupil,)
        if held is Kleene.NO and predicate.pupils is not None:
            pupils = predicate.pupils(entry, scene) or pupils
        if held is Kleene.YES:
            outcome = Outcome.MET
        elif held is Kleene.UNKNOWN or len(answers) > 1:
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
