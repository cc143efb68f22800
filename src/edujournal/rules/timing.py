"""Timing and completeness: duties compared with what was recorded, and when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from edujournal.ledger.books import BookState
from edujournal.model.entries import Entry
from edujournal.model.facts import Facts
from edujournal.model.occasions import Occasion
from edujournal.rules.clauses import Regulation
from edujournal.rules.duties import Duty, expected, member, recorded
from edujournal.rules.predicates import says_something
from edujournal.rules.verdicts import Effect, Finding, NotKnown, Outcome


def compare(duty: Duty, lo: int | None, hi: int) -> Outcome:
    """Compare the window of *duty* with a recording known to lie in ``[lo, hi)``.

    The bounds are judged apart: nothing is called a breach without evidence.
    """
    if isinstance(duty.opens, int) and hi <= duty.opens:
        return Outcome.EARLY
    if duty.closes is None:
        return Outcome.MET
    if isinstance(duty.closes, NotKnown):
        return Outcome.UNDECIDABLE
    if hi <= duty.closes:
        return Outcome.MET
    if lo is not None and lo >= duty.closes:
        return Outcome.LATE
    return Outcome.UNDECIDABLE


def agreed(choices: Sequence[Duty], outcomes: Sequence[Outcome]) -> tuple[Duty, Outcome]:
    """The one outcome that all *choices* agree on, by the widest window; else undecidable."""
    widest = max(choices, key=lambda duty: duty.closes if isinstance(duty.closes, int) else -1)
    if len(set(outcomes)) == 1:
        return widest, outcomes[0]
    return widest, Outcome.UNDECIDABLE


def why(choices: Sequence[Duty], outcome: Outcome) -> Mapping[str, Any]:
    """What an explanation needs to say why something could not be decided."""
    if outcome is not Outcome.UNDECIDABLE:
        return {}
    unknown = sorted({duty.closes.what for duty in choices if isinstance(duty.closes, NotKnown)})
    if unknown:
        return {"unknown": unknown}
    if len(choices) > 1:
        return {"either": [duty.clause for duty in choices]}
    return {"evidence": True}


def _instant(bound: object) -> int | None:
    return bound if isinstance(bound, int) else None


def of_entry(choices: Sequence[Duty], entry: Entry, pupil: str | None) -> Finding:
    """Judge the time of *entry* by a duty, or by the several of which one holds."""
    outcomes = [compare(duty, entry.lo, entry.hi) for duty in choices]
    duty, outcome = agreed(choices, outcomes)
    early = outcome is Outcome.EARLY
    effect = duty.on_early if early else duty.on_breach
    return Finding(
        "before-open" if early else "after-close",
        duty.regulation,
        duty.clause,
        duty.severity,
        outcome,
        Effect.REMARK if entry.evidence is not None else effect,
        entry.book,
        entry.about,
        pupil,
        duty.record,
        _instant(duty.opens),
        _instant(duty.closes) if len(choices) == 1 or outcome is not Outcome.UNDECIDABLE else None,
        entry.lo,
        entry.hi,
        entry.author,
        duty.hands,
        entry.number,
        why(choices, outcome),
    )


def completeness(
    choices: Sequence[Duty],
    occasion: Occasion,
    facts: Facts,
    state: BookState,
    regulation: Regulation,
    at: int,
) -> Iterator[Finding]:
    """Compare the set that owes a record with what is recorded at the instant *at*.

    Yields one finding for each member that lacks it: pending, missing, or undecidable. For a rule
    that asks only whether it is there, also one for each member that has it.
    """
    first = choices[0]
    if all(duty.quorum.how == "none" for duty in choices):
        return
    owing, certain = expected(first, occasion, facts, state, regulation)
    if not owing:
        return
    done = {
        None if first.quorum.how == "once" else member(entry)
        for entry in recorded(first, occasion, state)
        if says_something(state.reading(entry), regulation)
    }
    judged = any(duty.judged for duty in choices)
    for one in sorted(owing, key=lambda name: name or ""):
        if one in done:
            if judged:
                continue
            outcome, duty = Outcome.MET, first
        else:
            outcomes = [_absent(duty, at, certain) for duty in choices]
            duty, outcome = agreed(choices, outcomes)
        yield Finding(
            "missing",
            duty.regulation,
            duty.clause,
            duty.severity,
            outcome,
            Effect.REMARK,
            duty.book,
            duty.about,
            one,
            duty.record,
            _instant(duty.opens),
            _instant(duty.closes),
            hands=duty.hands,
            why=_absent_why(choices, outcome, certain),
        )


def _absent(duty: Duty, at: int, certain: bool) -> Outcome:
    if isinstance(duty.closes, NotKnown):
        return Outcome.UNDECIDABLE
    if duty.closes is None or at < duty.closes:
        return Outcome.PENDING
    if not certain or duty.when_missing == "undecidable" or duty.quorum.how == "none":
        return Outcome.UNDECIDABLE
    return Outcome.MISSING


def _absent_why(choices: Sequence[Duty], outcome: Outcome, certain: bool) -> Mapping[str, Any]:
    if outcome is Outcome.UNDECIDABLE and not certain:
        return {"unknown": ["roll call"]}
    if outcome is Outcome.UNDECIDABLE and choices[0].when_missing == "undecidable":
        return {"unknown": [f"record of {choices[0].record}"]}
    return why(choices, outcome)
