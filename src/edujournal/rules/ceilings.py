"""Ceilings looked at again: whether what stands now still keeps them, whoever broke them and when.

A write is judged by what other books said when it came. That leaves what nobody could see: two writers
at one moment, a change that became void and left two works on one day, agreement that came later.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property

from attrs import evolve, frozen

from edujournal.ledger.books import BookState, changed
from edujournal.model.entries import Entry
from edujournal.model.ids import JournalId
from edujournal.model.people import Kleene
from edujournal.rules import waivers
from edujournal.rules.limiting import Asked, bounds_of, in_force_for, told_by, why
from edujournal.rules.limits import Row, gathered, level_of, measure
from edujournal.rules.places import Found, Stretch, standing, stretch_of
from edujournal.rules.predicates import Scene
from edujournal.rules.scenes import occasion_or_none
from edujournal.rules.verdicts import Effect, Finding, NotKnown, Outcome

#: What is known of a breach already: number of the entry, clause, place of the limit, pupil.
Named = tuple[int, str, int, str | None]

#: Where a limit was measured: its clause and place, the days, the lesson or work, pupil, class.
_Place = tuple[str, int, date, date, str, str | None, str]


def named_by(findings: Iterable[Finding]) -> Iterator[Named]:
    """Breaches of ceilings that *findings* tell of, waived ones too."""
    for one in findings:
        known = one.code in ("too-many", "too-close") and one.entry is not None
        if known and one.outcome in (Outcome.BROKEN, Outcome.EXCUSED):
            yield int(one.entry or 0), one.clause, int(one.why["limit"]), one.pupil


def still_broken(scene: Scene, named: Collection[Named]) -> Iterator[Finding]:
    """Say of each ceiling that what stands now is over it, where no entry was told so when it came.

    It is told of the act that came last, and where it stands; nobody could see it then, so that it
    is a remark however hard the rule.

    Args:
        scene: The journal and what stands round it, as known now.
        named: Breaches that were told already, of this book.
    """
    for row in scene.regulation.limits:
        rule = row[2]
        if rule.at_most is not None or (rule.take == "gap" and rule.at_least is not None):
            yield from _Ceiling(row, scene, named).findings()


@frozen(eq=False, slots=False)
class _Ceiling:
    """One limit in one journal."""

    row: Row
    scene: Scene
    named: Collection[Named]

    def findings(self) -> Iterator[Finding]:
        rule, scene = self.row[2], self.scene
        journal = JournalId.parse(scene.state.book)
        calendar = scene.facts.calendar(journal.year)
        whole = Stretch(calendar.since, calendar.until)
        seen: set[_Place] = set()
        for one in standing(rule.record, journal, whole, scene.state, scene.facts):
            if not self._holds(one):
                continue
            stretch = stretch_of(rule.span, one.occasion)
            if not isinstance(stretch, Stretch):
                continue
            for pupil, group in bounds_of(rule, one, scene):
                name = "" if stretch.at is None else stretch.at.name
                place = (
                    self.row[0].number, self.row[1], stretch.since, stretch.until, name, pupil, group,
                )  # fmt: skip
                if place not in seen:
                    seen.add(place)
                    yield from self._at(one, stretch, pupil, group)

    def _holds(self, one: Found) -> bool:
        """Whether the limit surely holds for a record, and the record is one that it measures."""
        if told_by(self.row[2], one, self.scene) is None:
            return False
        rows = in_force_for(self.scene.regulation.limits, one, self.scene)
        return any(row is self.row and certain for row, certain in rows)

    def _at(self, one: Found, stretch: Stretch, pupil: str | None, group: str) -> Iterator[Finding]:
        rule, scene = self.row[2], self.scene
        level = rule.at_least if rule.take == "gap" else rule.at_most
        bound = None if level is None else level_of(level, one.occasion, stretch, scene)
        if bound is None or isinstance(bound, NotKnown):
            return
        among = self._among(one, stretch, pupil, group)
        if len(among) < 2 or (rule.take == "count" and len(among) <= bound):
            return
        measured = measure(
            rule, one.occasion, stretch, scene, pupil=pupil, group=group, among=among
        )  # fmt: skip
        if not measured.is_asked:
            return
        holds = measured.reaches(bound) if rule.take == "gap" else measured.keeps(bound)
        if holds is not Kleene.NO:
            return
        last, found = max(
            ((self._act(it.found), it.found) for it in measured.counted),
            key=lambda pair: (pair[0].at, pair[0].book, pair[0].number),
        )
        own = pupil if "pupil" in rule.per else found.entry.pupil
        told = {(last.number, self.row[0].number, self.row[1], who) for who in (own, None)}
        if last.book != scene.state.book or not told.isdisjoint(self.named):
            return
        code = "too-close" if rule.take == "gap" else "too-many"
        asked = Asked(measured, code, bound, Outcome.BROKEN)
        finding = Finding(
            code, scene.regulation.id, self.row[0].number, rule.severity, Outcome.BROKEN,
            Effect.REMARK, last.book, found.entry.about, own, found.entry.kind,
            lo=last.lo, hi=last.hi, by=last.author, entry=last.number,
            why={**why(asked, self.row[1]), "later": True},
        )  # fmt: skip
        yield from waivers.excused(
            [finding], last, found.occasion, scene.regulation, scene.around
        )  # fmt: skip

    def _among(
        self, one: Found, stretch: Stretch, pupil: str | None, group: str
    ) -> Sequence[Found]:
        """What may belong to the set, of all that stands in the year."""
        rule = self.row[2]
        if stretch.at is not None or (group and group not in self._days):
            return tuple(gathered(rule, one.occasion, stretch, self.scene, pupil, group))
        days, dated, undated = self._days.get(group) or self._days[""]
        some = dated[bisect_left(days, stretch.since) : bisect_left(days, stretch.until)]
        return [
            found for found in (*some, *undated)
            if pupil is None or found.entry.pupil in (None, pupil)
        ]  # fmt: skip

    @cached_property
    def _days(self) -> Mapping[str, tuple[list[date], list[Found], list[Found]]]:
        """All that stands in the year, ordered by days, and what has none; by class where asked so."""
        scene, rule = self.scene, self.row[2]
        journal = JournalId.parse(scene.state.book)
        calendar = scene.facts.calendar(journal.year)
        whole = Stretch(calendar.since, calendar.until)
        first = next(iter(standing(rule.record, journal, whole, scene.state, scene.facts)))
        groups = [""]
        if rule.scope == "class" and "pupil" not in rule.per:
            groups = list(calendar.classes_of(journal.group)) or [journal.group]
        found = {}
        for group in groups:
            some = list(gathered(rule, first.occasion, whole, scene, None, group))
            dated = sorted((one for one in some if one.day is not None), key=_day)
            found[group] = (
                [_day(one) for one in dated],
                dated,
                [one for one in some if not one.day],
            )
        return found

    def _act(self, found: Found) -> Entry:
        """The entry by which a record came to say what the limit reads: its own, or a correction."""
        number = found.entry.number
        own = found.state.entry(number)
        if own is None:
            return found.entry
        last, before = own, self._told(own, found.state)
        values = own.values
        for change in found.state.corrections(number):
            values = changed(values, change.values.get("change", {}))
            after = self._told(evolve(own, values=values), found.state)
            last, before = (change if after != before else last), after
        return last

    def _told(self, entry: Entry, state: BookState) -> object:
        occasion = occasion_or_none(entry, self.scene.facts, state)
        if occasion is None:
            return None
        there = evolve(self.scene, state=state)
        return told_by(self.row[2], Found(entry, occasion, state), there)


def _day(one: Found) -> date:
    return one.day or date.max
