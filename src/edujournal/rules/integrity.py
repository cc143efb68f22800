"""Integrity: what any journal asks of any entry, whatever the regulation. Conditions of the library."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from edujournal.ledger.books import changed
from edujournal.model.changeable import unfit
from edujournal.model.entries import CHANGES, OF_PUPIL, Entry
from edujournal.model.occasions import Occasion
from edujournal.model.people import Kleene
from edujournal.model.time import zone
from edujournal.rules.approvals import not_another
from edujournal.rules.predicates import Scene
from edujournal.rules.rights import Hand, Right, Table
from edujournal.rules.verdicts import Effect, Finding, Outcome, Severity

#: What findings of this module give as regulation and clause.
LIBRARY: Final = "edujournal"
CLAUSE: Final = "integrity"

#: Kinds of record that are said once about their occasion, and for a pupil where they name one.
_ONCE: Final = frozenset({"confirmation", "disclosure", "result", "roll", "setup", "topic", "work"})

#: Kinds of record at which a mark can be another attempt.
_TRIED: Final = frozenset({"makeup", "mark", "marker"})


def of_entry(
    entry: Entry, occasion: Occasion, scene: Scene, importing: Right | None
) -> Iterator[Finding]:
    """Yield a finding for each condition that *entry* breaks.

    Args:
        entry: The entry.
        occasion: What it is about.
        scene: What else is known.
        importing: The right to state when it was first recorded, where evidence is given and the
            regulation speaks of rights at all.
    """
    for code, pupil, why in _faults(entry, occasion, scene, importing):
        yield Finding(
            code,
            LIBRARY,
            CLAUSE,
            Severity.MUST,
            Outcome.BROKEN,
            Effect.REFUSE,
            entry.book,
            entry.about,
            pupil,
            entry.kind,
            lo=entry.lo,
            hi=entry.hi,
            by=entry.author,
            entry=entry.number,
            why=why,
        )


_Fault = tuple[str, str | None, Mapping[str, Any]]


def _faults(
    entry: Entry, occasion: Occasion, scene: Scene, importing: Right | None
) -> Iterator[_Fault]:
    fence = scene.around.barred(entry.by.account)
    if fence is not None:
        yield "account-reported", entry.pupil, {"report": fence.report}
    evidence = entry.evidence
    if evidence is not None:
        if evidence.lo is not None and evidence.lo > entry.at:
            yield "in-the-future", entry.pupil, {}
        if importing is not None and importing.allowed is Kleene.NO:
            yield "evidence-not-allowed", entry.pupil, {"role": entry.by.role}
    if entry.kind in CHANGES:
        yield from _change(entry, occasion, scene)
        return
    if entry.kind in ("compromise", "restoration") and entry.values["account"] == entry.author:
        yield "own-report", entry.pupil, {"account": entry.author}
    if entry.kind == "approval":
        change = None if entry.target is None else scene.state.entry(entry.target)
        if change is None or change.kind not in CHANGES or not scene.state.stands(change):
            yield "no-such-target", entry.pupil, {"target": entry.target}
        elif not_another(entry, scene):
            yield "not-another", entry.pupil, {"account": entry.author}
    if entry.kind == "confirmation" and not _is_claim(entry, scene):
        yield "no-such-target", entry.pupil, {"target": entry.target}
    if occasion.lesson is not None and occasion.lesson.cancelled:
        yield "lesson-not-held", entry.pupil, {"lesson": occasion.lesson.id}
    yield from _roll(entry, occasion, scene)
    yield from _values(entry, entry.values, scene)
    yield from _original(entry, entry.values.get("retake"), scene)
    if entry.kind in _ONCE and _is_again(entry, scene):
        yield "declared-twice", entry.pupil, {}


def import_right(entry: Entry, occasion: Occasion, scene: Scene, table: Table) -> Right:
    """The right of the acting account to state when an entry was first recorded."""
    day = zone(occasion.calendar.zone).local_date(entry.at)
    importer = Hand(entry.by.account, day, day, entry.at)
    return table.decide("import", entry.by.role, importer, entry, entry.kind, occasion, scene)


def _is_claim(entry: Entry, scene: Scene) -> bool:
    """Whether a confirmation answers a substitution that stands, of that very lesson."""
    claim = None if entry.target is None else scene.state.entry(entry.target)
    return (
        claim is not None
        and claim.kind == "substitution"
        and claim.about == entry.about
        and scene.state.stands(claim)
    )


def _change(entry: Entry, occasion: Occasion, scene: Scene) -> Iterator[_Fault]:
    target = None if entry.target is None else scene.state.entry(entry.target)
    if target is None or target.kind in CHANGES or not scene.state.stands(target):
        yield "no-such-target", entry.pupil, {"target": entry.target}
        return
    if entry.kind == "correction":
        change = entry.values.get("change", {})
        wrong = unfit(target.kind, change, entry.texts)
        if wrong is None and target.kind == "result":
            after = changed(scene.state.reading(target).values, change)
            wrong = "marker" if {"marker", "value"} <= after.keys() else None
        if wrong is not None:
            yield "no-such-value", entry.pupil, {"target": target.number, "value": wrong}
            return
        yield from _values(target, change, scene, entry)
        yield from _original(target, change.get("retake"), scene)
        yield from _off_roll([r["pupil"] for r in change.get("absent", ()) if "code" in r],
                             occasion, scene)  # fmt: skip


def _roll(entry: Entry, occasion: Occasion, scene: Scene) -> Iterator[_Fault]:
    named = [entry.pupil] if entry.kind in OF_PUPIL and entry.pupil is not None else []
    if entry.kind == "roll":
        named = [row["pupil"] for row in entry.values.get("absent", ())]
    yield from _off_roll(named, occasion, scene)


def _off_roll(named: Sequence[str], occasion: Occasion, scene: Scene) -> Iterator[_Fault]:
    if not named or occasion.group is None or occasion.day is None:
        return
    roll = scene.facts.roll(occasion.calendar, occasion.group, occasion.day)
    for pupil in named:
        if pupil not in roll:
            yield "off-the-roll", pupil, {"group": occasion.group, "day": occasion.day}


def _values(
    entry: Entry, values: Mapping[str, Any], scene: Scene, change: Entry | None = None
) -> Iterator[_Fault]:
    value = values.get("value")
    if value is None:
        return
    scale = scene.regulation.scale(values.get("scale", entry.values.get("scale")))
    if scale is not None and not scale.allows(value):
        pupil = entry.pupil if change is None else change.pupil
        yield "off-the-scale", pupil, {"scale": scale.code, "value": value}


def _original(entry: Entry, number: int | None, scene: Scene) -> Iterator[_Fault]:
    """A retake names an earlier mark of the same pupil that stands."""
    if number is None:
        return
    original = scene.state.entry(number) if number < entry.number else None
    if (
        entry.kind != "mark"
        or original is None
        or original.kind not in _TRIED
        or original.pupil != entry.pupil
        or not scene.state.stands(original)
    ):
        yield "no-such-original", entry.pupil, {"target": number}


def _is_again(entry: Entry, scene: Scene) -> bool:
    if entry.pupil is not None:
        others = scene.state.of_pupil(entry.kind, entry.about, entry.pupil)
    else:
        others = scene.state.about(entry.kind, entry.about)
    for other in others:
        if other.number == entry.number:
            continue
        same = (
            (entry.kind != "disclosure" or other.values.get("to") == entry.values.get("to"))
            and (entry.kind != "confirmation" or other.target == entry.target)
            and (entry.kind != "result" or other.values.get("stage") == entry.values.get("stage"))
        )
        if same:
            return True
    return False
