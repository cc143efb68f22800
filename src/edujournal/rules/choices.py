"""Choices: several duties of which exactly one holds while something about the occasion is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from edujournal.rules.duties import Duty
from edujournal.rules.verdicts import NotKnown, Outcome


def agreed(choices: Sequence[Duty], outcomes: Sequence[Outcome]) -> tuple[Duty, Outcome]:
    """The one outcome that all *choices* agree on, by the widest window; else undecidable."""
    if len(choices) == 1:
        return choices[0], outcomes[0]
    widest = max(choices, key=lambda duty: duty.closes if isinstance(duty.closes, int) else -1)
    if len(set(outcomes)) == 1:
        return widest, outcomes[0]
    return widest, Outcome.UNDECIDABLE


def why(choices: Sequence[Duty], outcome: Outcome) -> Mapping[str, Any]:
    """What an explanation needs to say why something could not be decided."""
    if outcome is not Outcome.UNDECIDABLE:
        return {}
    unknown = sorted(
        {
            bound.what
            for duty in choices
            for bound in (duty.opens, duty.closes)
            if isinstance(bound, NotKnown)
        }
    )
    if unknown:
        return {"unknown": unknown}
    if len(choices) > 1:
        return {"either": [duty.clause for duty in choices]}
    return {"evidence": True}


def known(bound: object) -> int | None:
    """The instant of a bound; None where there is none, or it is not known."""
    return bound if isinstance(bound, int) else None
