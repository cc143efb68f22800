"""Markers: who may set them, with what ground, for what, beside what; and that what has ended stays so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from edujournal.ledger.books import BookState, changed
from edujournal.model.entries import CHANGES, Entry
from edujournal.model.occasions import Occasion
from edujournal.model.people import Kleene
from edujournal.rules.clauses import Regulation
from edujournal.rules.given import (
    always,
    beside,
    code_of,
    kind_of,
    scope_of,
    stage_of,
    subject_wide,
)
from edujournal.rules.marker_terms import clause_of, has_term, running
from edujournal.rules.predicates import Scene, is_empty
from edujournal.rules.term_values import Terms
from edujournal.rules.verdicts import Effect, Finding, NotKnown, Outcome, Severity
from edujournal.rules.vocabulary import MARKER_SCOPES, MarkerKind
from edujournal.rules.worth import replaced, sign_of

_OUTCOMES: Final = {
    Kleene.YES: Outcome.MET,
    Kleene.NO: Outcome.BROKEN,
    Kleene.UNKNOWN: Outcome.UNDECIDABLE,
}


def given_by(entry: Entry, state: BookState) -> Entry | None:
    """What *entry* makes stand: itself, or what it changes as that reads then; None for nothing."""
    if entry.kind not in CHANGES:
        return entry
    target = None if entry.target is None else state.entry(entry.target)
    if target is None or entry.kind == "annulment":
        return None
    now = state.reading(target)
    texts = {
        name.removeprefix("new."): text
        for name, text in entry.texts.items()
        if name.startswith("new.")
    }
    return now.with_values(
        changed(now.values, entry.values.get("change", {})), {**now.texts, **texts}
    )


def setters(entry: Entry, state: BookState, regulation: Regulation) -> tuple[str, ...]:
    """Roles that may set the marker which *entry* gives; empty where every writing role may."""
    given = given_by(entry, state)
    kind = None if given is None else kind_of(given, regulation)
    return () if kind is None else kind.set_by


def of_entry(
    entry: Entry, subject: Entry, occasion: Occasion, scene: Scene, role: str, terms: Terms
) -> Iterator[Finding]:
    """Judge *entry* by every condition that the regulation puts on the markers it gives or meets.

    Args:
        entry: The entry.
        subject: The entry that is changed, or *entry* itself.
        occasion: What *subject* is about.
        scene: What else is known.
        role: Role in which the hand acts; empty where it is not known.
        terms: Values of terms.
    """
    if entry.pupil is None or subject.kind not in ("mark", "marker", "makeup", "result"):
        return
    given = given_by(entry, scene.state)
    kind = None if given is None else kind_of(given, scene.regulation)
    if given is not None and kind is not None:
        for code, held, why in _conditions(given, kind, occasion, scene, role):
            yield _finding(code, kind, entry, subject, scene, held, why)
    elif given is not None and given.values.get("value") is not None:
        for kind in _alone(given, occasion, scene):
            yield _finding("beside-mark", kind, entry, subject, scene, Kleene.NO, {})
    if entry.kind in CHANGES:
        yield from _of_change(entry, subject, occasion, scene, terms)


def _finding(
    code: str,
    kind: MarkerKind,
    entry: Entry,
    subject: Entry,
    scene: Scene,
    held: Kleene,
    why: Mapping[str, Any],
) -> Finding:
    return Finding(
        code,
        scene.regulation.id,
        clause_of(kind, scene.regulation),
        Severity.MUST,
        _OUTCOMES[held],
        Effect.REMARK if entry.evidence is not None else kind.on_breach,
        entry.book,
        entry.about,
        entry.pupil,
        subject.kind,
        lo=entry.lo,
        hi=entry.hi,
        by=entry.author,
        entry=entry.number,
        why={"marker": kind.code, **why},
    )


_Condition = tuple[str, Kleene, Mapping[str, Any]]


def _yes(value: bool) -> Kleene:
    return Kleene.YES if value else Kleene.NO


def _conditions(
    given: Entry, kind: MarkerKind, occasion: Occasion, scene: Scene, role: str
) -> Iterator[_Condition]:
    """Each condition that the kind states, and whether it holds. What it does not state is not asked."""
    if set(kind.scopes) != set(MARKER_SCOPES):
        scope = scope_of(given, occasion)
        yield "marker-scope", _yes(scope in kind.scopes), {"scope": scope}
    if kind.set_by:
        if role:
            yield "marker-role", _yes(role in kind.set_by), {"role": role}
        else:
            yield "marker-role", Kleene.UNKNOWN, {"unknown": ["role"]}
    if kind.needs_ground:
        yield _ground(given, scene.regulation)
    if not kind.coexists_with_mark:
        marks = [
            one.number
            for one in beside(occasion, str(given.pupil), scene.state, stage_of(given))
            if one.number != given.number
            and code_of(one) is None
            and one.values.get("value") is not None
        ]
        yield "beside-mark", _yes(not marks), {"marks": marks} if marks else {}


def _ground(given: Entry, regulation: Regulation) -> _Condition:
    if "ground" not in given.texts:
        return "no-ground", Kleene.NO, {}
    text = given.texts["ground"]
    if text is None:
        return "no-ground", Kleene.UNKNOWN, {"unknown": ["the entry"]}
    return "no-ground", _yes(not is_empty(text, regulation)), {}


def _alone(given: Entry, occasion: Occasion, scene: Scene) -> Iterator[MarkerKind]:
    """Markers that stand alone where a value is given, and do not give way to it."""
    regulation, state = scene.regulation, scene.state
    lonely = [one for one in regulation.markers if not one.coexists_with_mark]
    if not lonely:
        return
    pupil = str(given.pupil)
    entries = [
        one
        for one in (
            *beside(occasion, pupil, state, stage_of(given)),
            *subject_wide(occasion, state, pupil),
        )
        if one.number != given.number
    ]
    signs = [sign_of(one) for one in (*entries, given)]
    gone = replaced(signs, regulation)
    seen = {*always(regulation, occasion)}
    for one in entries:
        kind = kind_of(one, regulation)
        if kind is not None and (one.book, one.number) not in gone:
            seen.add(kind)
    yield from (kind for kind in lonely if kind in seen)


def _of_change(
    entry: Entry, subject: Entry, occasion: Occasion, scene: Scene, terms: Terms
) -> Iterator[Finding]:
    """What has ended is not changed any more: what time made of it stands instead."""
    now = scene.state.reading(subject)
    kind = kind_of(now, scene.regulation)
    if kind is None or not has_term(kind):
        return
    if kind.expires is None and "until" not in entry.values.get("change", {}):
        return
    run = running(now, kind, occasion, terms, scene.state)
    if run.ends is None or run.taken is not None:
        return
    if isinstance(run.ends, NotKnown):
        yield _finding("marker-ended", kind, entry, subject, scene, Kleene.UNKNOWN,
                       {"unknown": [run.ends.what]})  # fmt: skip
        return
    held = Kleene.UNKNOWN
    if entry.hi <= run.ends:
        held = Kleene.YES
    elif entry.lo is not None and entry.lo >= run.ends:
        held = Kleene.NO
    why = {"evidence": True} if held is Kleene.UNKNOWN else {"ends": run.ends}
    yield _finding("marker-ended", kind, entry, subject, scene, held, why)
