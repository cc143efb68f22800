"""Locks: from some moment on a record is not written or changed any more, on whatever path.

Several locks may hold at once. Each is a rule of its own, judged by the moment of writing here and
not by evidence, and lifted only by a waiver that names its clause.
"""

from __future__ import annotations

from collections.abc import Iterator

from edujournal.model.entries import CHANGES, Entry
from edujournal.model.occasions import Occasion
from edujournal.rules.anchors import Ground
from edujournal.rules.clauses import LockRule
from edujournal.rules.predicates import Scene, absentees, before_and_after, looked_of
from edujournal.rules.scenes import worlds
from edujournal.rules.selecting import seen
from edujournal.rules.term_values import Terms
from edujournal.rules.verdicts import Effect, Finding, NotKnown, Outcome


def of_entry(
    entry: Entry, subject: Entry, occasion: Occasion, scene: Scene, terms: Terms
) -> Iterator[Finding]:
    """Judge *entry* by every lock on the record it writes, or on the one that it changes.

    Args:
        entry: The entry.
        subject: The entry that is changed, or *entry* itself.
        occasion: What *subject* is about.
        scene: What else is known.
        terms: Values of terms.
    """
    for clause, rule in scene.regulation.locks.get(subject.kind, ()):
        is_change = entry.kind in CHANGES
        if (rule.on == "new" and is_change) or (rule.on == "change" and not is_change):
            continue
        if "excuses" in rule.exempt and _only_excuses(entry, scene):
            continue
        if not _meant(rule, occasion, scene, subject, entry):
            continue
        ground = Ground(
            occasion, scene.facts, scene.state, subject.pupil, scene.regulation.given,
            subject.lo if is_change else None, scene.around.school,
        )  # fmt: skip
        locked = terms.value(rule.since, ground)
        if locked is None:
            continue
        if isinstance(locked, NotKnown):
            # A lock whose moment is not known has not fallen; the regulation's lint names it.
            outcome, closes = Outcome.MET, None
        else:
            closes = locked
            outcome = Outcome.BROKEN if entry.at >= locked else Outcome.MET
        yield Finding(
            "locked",
            scene.regulation.id,
            clause.number,
            rule.severity,
            outcome,
            Effect.REFUSE,
            entry.book,
            entry.about,
            entry.pupil,
            subject.kind,
            closes=closes,
            lo=entry.at,
            hi=entry.at + 1,
            by=entry.by.account,
            entry=entry.number,
            why={"unknown": [locked.what]} if isinstance(locked, NotKnown) else {},
        )


def _only_excuses(entry: Entry, scene: Scene) -> bool:
    """Whether a correction changes nothing of a roll call but reason codes."""
    before, after = before_and_after(entry, scene.state)
    was, stays = (absentees(one, scene.regulation) for one in (before, after))
    return entry.kind == "correction" and bool(before) and was == stays


def _meant(rule: LockRule, occasion: Occasion, scene: Scene, subject: Entry, entry: Entry) -> bool:
    names = rule.when.names()
    if not names:
        return True
    found = seen(names, looked_of(entry, occasion, scene, subject))
    return any(rule.when.allows(world) for world in worlds(found, names, scene.regulation))
