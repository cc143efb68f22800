"""Limits of absence: who missed more than a share of the lessons gets a marker instead of a value."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from attrs import frozen

from edujournal.ledger.books import BookState
from edujournal.model.entries import Entry
from edujournal.model.ids import split_about
from edujournal.model.periods import Period
from edujournal.rules.around import Around
from edujournal.rules.attendance import Attendance
from edujournal.rules.formulas import AbsenceLimit, Formula
from edujournal.rules.given import code_of, span_of
from edujournal.rules.inputs import Gathered, day_of_occasion
from edujournal.rules.scenes import occasion_or_none


@frozen
class Passed:
    """A limit of absence that a pupil has passed.

    *Version added: 0.1.*

    Attributes:
        limit: The limit.
        share: Share of the lessons that were missed and count, at least.
        warned: Whether the warning that it asks for was recorded; without one it changes nothing.
    """

    limit: AbsenceLimit
    share: Fraction
    warned: bool = True


def limit_of(
    pupil: str,
    formula: Formula,
    attended: Attendance,
    gathered: Gathered,
    around: Around,
    period: Period,
    last: date,
) -> tuple[Passed | None, list[str]]:
    """The greatest limit that *pupil* has passed; and what is not known about it.

    One of which there was no warning gives way to one that applies. Lessons whose roll was not taken
    may have been missed, and absences whose reason is not known may count; where that decides,
    nothing is decided.

    *Version added: 0.1.*
    """
    unwarned = None
    for limit in sorted(formula.absence, key=lambda one: one.over, reverse=True):
        least = attended.unexcused + (attended.missed - attended.unexcused if limit.excused else 0)
        most = least + attended.untaken + (0 if limit.excused else attended.unknown)
        over = limit.over * attended.lessons
        if most <= over:
            continue
        if limit.warned is not None and not _warned(
            pupil, limit.warned, gathered, around, period, last
        ):
            if least > over and unwarned is None:
                unwarned = Passed(limit, Fraction(least, attended.lessons), warned=False)
            continue
        if least <= over:
            return None, ["roll call" if attended.untaken else "absence codes"]
        return Passed(limit, Fraction(least, attended.lessons)), []
    return unwarned, []


def _warned(
    pupil: str, how: str, gathered: Gathered, around: Around, period: Period, last: date
) -> bool:
    """Whether a warning was recorded for *pupil* in *period*."""
    if how == "message":
        return any(
            entry.pupil == pupil and date.fromisoformat(entry.values["day"]) in period
            for group in around.classes
            for entry in around.of_class(group, "message")
        )
    return any(
        entry.pupil == pupil
        and code_of(state.reading(entry)) == how
        and _falls_in(entry, state, period, gathered)
        for journal in gathered.before(pupil, last)
        for state in (gathered.states[journal],)
        for entry in state.of_kind("marker")
    )


def _falls_in(entry: Entry, state: BookState, period: Period, gathered: Gathered) -> bool:
    """Whether a marker is for *period*, for the subject on a day of it, or for a day of it."""
    kind, id = split_about(entry.about)
    if kind == "period":
        return id == period.id
    if kind == "subject":
        since, until = span_of(state.reading(entry))
        return (since or date.min) < period.until and period.since < (until or date.max)
    occasion = occasion_or_none(entry, gathered.facts, state)
    day = None if occasion is None else day_of_occasion(occasion)
    return day is not None and day in period
