"""Timing: the window of a duty compared with the time of an entry."""

from __future__ import annotations

from collections.abc import Sequence

from edujournal.model.entries import Entry
from edujournal.rules.choices import agreed, known, why
from edujournal.rules.duties import Duty
from edujournal.rules.verdicts import Effect, Finding, Outcome


def compare(duty: Duty, lo: int | None, hi: int) -> Outcome:
    """Compare the window of *duty* with a recording known to lie in ``[lo, hi)``.

    The bounds are judged apart: nothing is called a breach without evidence.
    """
    return duty.compared(lo, hi)


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
        known(duty.opens),
        known(duty.closes) if len(choices) == 1 or outcome is not Outcome.UNDECIDABLE else None,
        entry.lo,
        entry.hi,
        entry.author,
        duty.hands,
        entry.number,
        why(choices, outcome),
    )
