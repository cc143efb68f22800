"""Floors: how much there must be of something by a moment, asked at an instant, for all that is owed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from attrs import evolve, frozen

from edujournal.model.entries import Entry
from edujournal.model.occasions import Occasion
from edujournal.model.people import Kleene
from edujournal.model.periods import YEAR
from edujournal.model.time import zone
from edujournal.rules.anchors import Ground
from edujournal.rules.choices import known
from edujournal.rules.duties import hands_of
from edujournal.rules.limiting import OUTCOMES, Asked, why
from edujournal.rules.limits import (
    Measured,
    Row,
    asked_of,
    in_force,
    level_of,
    measure,
    recorded_before,
)
from edujournal.rules.places import Found, Stretch, is_term, stretch_of, taken_back
from edujournal.rules.predicates import Scene
from edujournal.rules.reopening import term_after
from edujournal.rules.rule_kinds import LimitRule
from edujournal.rules.selecting import Looked, seen
from edujournal.rules.term_values import Terms
from edujournal.rules.verdicts import Effect, Finding, NotKnown, Outcome


def owed(occasion: Occasion, scene: Scene, terms: Terms, at: int) -> Iterator[Finding]:
    """Say of each floor that is asked about *occasion* whether it is reached, at the instant *at*.

    Args:
        occasion: A lesson, a work or a period.
        scene: What is known now.
        terms: Values of terms, with the regulation and the facts.
        at: Instant that parts pending from missing.
    """
    rows = [
        row
        for row in scene.regulation.limits
        if row[2].by is not None and _is_asked_about(row[2], occasion)
    ]
    if not rows or not scene.regulation.holds_on(occasion.day):
        return
    if occasion.lesson is not None and occasion.lesson.cancelled:
        return
    held = in_force(
        rows, scene.regulation,
        lambda names: seen(
            names,
            Looked(occasion, scene.regulation, scene.facts, scene.state, around=scene.around),
        ) if names else {},
    )  # fmt: skip
    for row, certain in held:
        stretch = stretch_of(row[2].span, occasion)
        if isinstance(stretch, Stretch):
            yield from _floor(row, occasion, stretch, scene, terms, at, certain=certain)


def _is_asked_about(rule: LimitRule, occasion: Occasion) -> bool:
    """Whether such an occasion is a stretch of the kind within which *rule* measures.

    The year is asked about at the period that is the year, or else at its last one.
    """
    if occasion.event is not None:
        return False
    period = occasion.period
    if period is None:
        return occasion.kind == rule.span
    if rule.span == "year":
        return period.id == _yearly(occasion)
    return (rule.span == "term" and is_term(period)) or (
        rule.span == "period" and period.kind != YEAR
    )


def _yearly(occasion: Occasion) -> str | None:
    periods = occasion.calendar.periods(occasion.group or "")
    whole = next((one for one in periods if one.kind == YEAR), None)
    last = whole or max(periods, key=lambda one: one.until, default=None)
    return None if last is None else last.id


def _floor(
    row: Row, occasion: Occasion, stretch: Stretch, scene: Scene, terms: Terms, at: int, *,
    certain: bool,
) -> Iterator[Finding]:  # fmt: skip
    rule = row[2]
    if rule.at_least is None:
        return
    level = level_of(rule.at_least, occasion, stretch, scene)
    if level is None:
        return
    pupils: Sequence[str | None] = (None,)
    if "pupil" in rule.per:
        members, known_for_sure = asked_of(rule, occasion, stretch, scene)
        pupils = sorted(members)
        certain = certain and known_for_sure
    for pupil in pupils:
        finding = _Floor(row, occasion, stretch, scene, terms, at, pupil, level).finding(certain)
        if finding is not None:
            yield finding


@frozen(eq=False)
class _Floor:
    """A floor that is asked for, of one pupil or of all together."""

    row: Row
    occasion: Occasion
    stretch: Stretch
    scene: Scene
    terms: Terms
    at: int
    pupil: str | None
    level: Fraction | NotKnown

    def finding(self, certain: bool) -> Finding | None:
        """What became of it; None where nothing is asked.

        Args:
            certain: Whether it is certain that it is asked.
        """
        occasion, scene = self.occasion, self.scene
        ground = Ground(
            occasion, scene.facts, scene.state, self.pupil, scene.regulation.given, None,
            scene.around.school,
        )  # fmt: skip
        rule = self.row[2]
        closes = self.terms.value(rule.by, ground)
        opens = self.terms.value(rule.opens, ground)
        if opens is None and occasion.kind == "period":
            opens = zone(occasion.calendar.zone).start_of_day(self.stretch.since)
        now = self._measured()
        if not now.is_asked:
            return None
        asked = Asked(now, "too-few", self.level, Outcome.PENDING)
        told: dict[str, Any] = {}
        if not isinstance(closes, int):
            asked = evolve(asked, outcome=Outcome.UNDECIDABLE)
            if isinstance(closes, NotKnown):
                told = {"unknown": [closes.what]}
            return self._said(asked, None, known(opens), told)
        asked = self._compared(now, closes)
        if asked.outcome is Outcome.MISSING:
            later, entry = self._reopened(closes)
            if entry is not None and later is not None:
                closes, told = later, {"void": entry}
                asked = self._compared(now, closes)
        if self.at < closes and asked.outcome is not Outcome.MET:
            asked = evolve(asked, measured=now, outcome=Outcome.PENDING)
        breach = asked.outcome in (Outcome.MISSING, Outcome.LATE)
        if breach and not certain:
            asked = evolve(asked, outcome=Outcome.UNDECIDABLE)
            told["unknown"] = [
                "roll call" if rule.each == "present" else "the entry, and the work it is for"
            ]
        elif asked.outcome is Outcome.MISSING and rule.record in scene.facts.lacks:
            asked = evolve(asked, outcome=Outcome.UNDECIDABLE)
            told["unknown"] = [f"record of {rule.record}"]
        return self._said(asked, closes, known(opens), told)

    def _measured(self, closes: int | None = None, more: Sequence[Found] = ()) -> Measured:
        return measure(
            self.row[2], self.occasion, self.stretch, self.scene, pupil=self.pupil, more=more,
            counts=None if closes is None else recorded_before(closes),
        )  # fmt: skip

    def _reaches(self, measured: Measured) -> Kleene:
        level = self.level
        return Kleene.UNKNOWN if isinstance(level, NotKnown) else measured.reaches(level)

    def _compared(self, now: Measured, closes: int) -> Asked:
        """What was there when the term ended; and, where that was too little, what there is now."""
        then = self._measured(closes)
        in_time = self._reaches(then)
        if in_time is not Kleene.NO:
            return Asked(then, "too-few", self.level, OUTCOMES[in_time])
        outcome = {
            Kleene.YES: Outcome.LATE,
            Kleene.NO: Outcome.MISSING,
            Kleene.UNKNOWN: Outcome.UNDECIDABLE,
        }[self._reaches(now)]
        return Asked(now, "too-few", self.level, outcome)

    def _reopened(self, closes: int) -> tuple[int | None, int | None]:
        """The end of the term anew, where what was taken back had reached the floor; and its number."""
        rule, occasion, scene = self.row[2], self.occasion, self.scene
        journal = occasion.journal
        if journal is None:
            return None, None
        gone = [
            (found, taken)
            for found, taken in taken_back(
                rule.record, journal, self.stretch, scene.state, scene.facts, self.pupil
            )
            if found.entry.hi <= closes
        ]
        if (
            not gone
            or self._reaches(self._measured(closes, [one for one, _ in gone])) is not Kleene.YES
        ):
            return None, None
        found, taken = max(gone, key=lambda one: one[1])
        return max(closes, term_after(taken, occasion, scene.regulation)), found.entry.number

    def _said(
        self, asked: Asked, closes: int | None, opens: int | None, told: Mapping[str, Any]
    ) -> Finding:
        clause, index, rule = self.row
        occasion, scene = self.occasion, self.scene
        late = self._late(asked.measured) if asked.outcome is Outcome.LATE else None
        return Finding(
            asked.code,
            scene.regulation.id,
            clause.number,
            rule.severity,
            asked.outcome,
            Effect.REMARK if rule.on_breach is Effect.REFUSE else rule.on_breach,
            occasion.book,
            occasion.name,
            self.pupil,
            rule.record,
            opens,
            closes,
            None if late is None else late.lo,
            None if late is None else late.hi,
            None if late is None else late.author,
            hands_of(rule.record, occasion, scene.facts, scene.regulation),
            why={**why(asked, index), **told},
        )

    def _late(self, measured: Measured) -> Entry | None:
        """The record with which the floor was reached, by when each was recorded."""
        entries = [one.found.entry for one in measured.counted]
        for last in sorted(entries, key=lambda one: (one.hi, one.book, one.number)):
            if self._reaches(self._measured(last.hi)) is Kleene.YES:
                return last
        return None
