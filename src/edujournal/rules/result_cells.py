"""Cells of results: what stands about one pupil at the end of a period, for proposals and statistics."""

from __future__ import annotations

from collections.abc import Mapping

from edujournal.ledger.books import BookState
from edujournal.model.entries import Entry
from edujournal.model.occasions import Occasion
from edujournal.model.periods import YEAR, Period
from edujournal.rules.given import beside, subject_wide


def stage_of_result(values: Mapping[str, object], period: Period | None) -> str:
    """Stage of a result: what is decided for the period that is the year is the year's result."""
    stage = str(values.get("stage", "period"))
    yearly = period is not None and period.kind == YEAR
    return "year" if stage == "period" and yearly else stage


def result_cell(occasion: Occasion, pupil: str, state: BookState, stage: str) -> list[Entry]:
    """What stands in place of the result of *pupil* for a period at *stage*, as it reads.

    Markers for the subject that hold all through the period come first, then results and markers for
    the period itself, in order.
    """
    # What is given for the period that is the year stands for the year's result.
    own = stage == stage_of_result({}, occasion.period)
    stages = {stage, "period"} if own else {stage}
    found = [one for each in stages for one in beside(occasion, pupil, state, each)]
    found.sort(key=lambda entry: entry.number)
    return [*subject_wide(occasion, state, pupil), *found]
