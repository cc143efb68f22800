"""Quantity: each of a set that owes a record compared with what is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from edujournal.ledger.books import BookState
from edujournal.model.facts import Facts
from edujournal.model.occasions import Occasion
from edujournal.rules.choices import agreed, known, why
from edujournal.rules.clauses import Regulation
from edujournal.rules.duties import Duty, expected
from edujournal.rules.fulfilling import done
from edujournal.rules.reopening import reopened
from edujournal.rules.verdicts import Effect, Finding, Outcome


def completeness(
    choices: Sequence[Duty],
    occasion: Occasion,
    facts: Facts,
    state: BookState,
    regulation: Regulation,
    at: int,
    only: str | None = None,
) -> Iterator[Finding]:
    """Compare the set that owes a record with what is recorded at the instant *at*.

    Yields one finding for each member that lacks it: pending, missing, or undecidable. For a rule
    that asks only whether it is there, also one for each member that has it.
    """
    first = next((duty for duty in choices if duty.quorum.how != "none"), None)
    if first is None:
        return
    owing, certain = expected(first, occasion, facts, state, regulation)
    has = done(first, owing, occasion, state, regulation)
    judged = any(duty.judged for duty in choices)
    for one in sorted(owing, key=lambda name: name or ""):
        if only is not None and one != only:
            continue
        voided = None
        if one in has:
            if judged:
                continue
            outcome, duty = Outcome.MET, first
        else:
            open_now, voided = reopened(choices, one, occasion, state, regulation)
            outcomes = [_absent(duty, at, certain) for duty in open_now]
            duty, outcome = agreed(open_now, outcomes)
        yield Finding(
            "missing",
            duty.regulation,
            duty.clause,
            duty.severity,
            outcome,
            Effect.REMARK if duty.on_breach is Effect.REFUSE else duty.on_breach,
            duty.book,
            duty.about,
            one,
            duty.record,
            known(duty.opens),
            known(duty.closes),
            hands=duty.hands,
            why={
                **_absent_why(choices, outcome, certain),
                **({} if voided is None else {"void": voided}),
                **({} if duty.becomes is None else {"becomes": duty.becomes}),
            },
        )


def _absent(duty: Duty, at: int, certain: bool) -> Outcome:
    if duty.quorum.how == "none":
        return Outcome.PENDING  # never missing, should this be the duty that holds
    return duty.without(at, certain=certain)


def _absent_why(choices: Sequence[Duty], outcome: Outcome, certain: bool) -> Mapping[str, Any]:
    if outcome is Outcome.UNDECIDABLE and not certain:
        return {"unknown": ["roll call"]}
    if outcome is Outcome.UNDECIDABLE and choices[0].when_missing == "undecidable":
        return {"unknown": [f"record of {choices[0].record}"]}
    return why(choices, outcome)
