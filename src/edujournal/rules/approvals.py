"""Approvals: a change that counts only when others have agreed to it, and who these others may be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from edujournal.ledger.books import BookState, hands_of
from edujournal.model.entries import CHANGES, Entry
from edujournal.model.occasions import Occasion
from edujournal.rules.anchors import Ground
from edujournal.rules.predicates import Scene, looked_of
from edujournal.rules.scenes import worlds
from edujournal.rules.selecting import seen
from edujournal.rules.term_values import Terms
from edujournal.rules.verdicts import Effect, Finding, Outcome, Severity


def of_entry(
    entry: Entry, subject: Entry, occasion: Occasion, scene: Scene, terms: Terms
) -> Iterator[Finding]:
    """Say of a change whether it waits for agreement, and whose.

    The finding is pending; its ``why`` has the roles and the number that the writer keeps with the
    change, so that a later reader needs no regulation to know whether it counts.
    """
    if entry.kind not in CHANGES:
        return
    for clause, rule in scene.regulation.approvals.get(subject.kind, ()):
        names = rule.when.names()
        if names:
            found = seen(names, looked_of(entry, occasion, scene, subject))
            if not any(rule.when.allows(one) for one in worlds(found, names, scene.regulation)):
                continue
        ground = Ground(
            occasion, scene.facts, scene.state, subject.pupil, scene.regulation.given, subject.lo,
            scene.around.school,
        )  # fmt: skip
        after = terms.value(rule.after, ground)
        # What is imported was agreed to, or needed nobody, when it was made and not when it came in.
        if not isinstance(after, int) or entry.hi <= after:
            continue
        yield Finding(
            "awaits-approval",
            scene.regulation.id,
            clause.number,
            Severity.SHOULD,
            Outcome.PENDING,
            Effect.REMARK,
            entry.book,
            entry.about,
            entry.pupil,
            subject.kind,
            lo=entry.lo,
            hi=entry.hi,
            by=entry.author,
            entry=entry.number,
            why={"roles": sorted(rule.roles), "count": rule.count},
        )


def agreeing(entry: Entry, state: BookState) -> tuple[str, ...]:
    """Roles whose agreement the change needs that *entry* approves; empty for anything else."""
    change = None if entry.kind != "approval" or not entry.target else state.entry(entry.target)
    return () if change is None else tuple(change.values.get("needs", {}).get("roles", ()))


def persons(entries: Iterable[Entry], scene: Scene) -> frozenset[str]:
    """Whose acts *entries* are: persons where the school names them, else accounts."""
    facts = scene.facts
    hands = {hand for entry in entries for hand in hands_of(entry)}
    return frozenset(
        (facts.account(hand).person if facts.knows_account(hand) else None) or hand
        for hand in hands
    )


def not_another(entry: Entry, scene: Scene) -> bool:
    """Whether an approval is that of somebody who made the change, or agreed by another account."""
    change = None if entry.target is None else scene.state.entry(entry.target)
    if change is None:
        return False
    mine = persons([entry], scene)
    others = [
        one
        for one in scene.state.approvals(change.number)
        if one.number != entry.number and one.author != entry.author
    ]
    return not mine.isdisjoint(persons([change, *others], scene))
