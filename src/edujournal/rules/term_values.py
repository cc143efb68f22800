"""Values of terms, each worked out once per distinct key."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from attrs import frozen

from edujournal.model.facts import Facts
from edujournal.rules.anchors import ANCHORS, Ground, look, nth_lesson
from edujournal.rules.clauses import Clause, QuantityRule, Regulation, TimingRule
from edujournal.rules.pauses import away
from edujournal.rules.selectors import BEYOND
from edujournal.rules.terms import (
    Setting,
    Term,
    Value,
    anchor_value,
    evaluate,
    pauses,
    reads_group,
    reads_journal,
)
from edujournal.rules.verdicts import NotKnown

#: A bound of a window: an instant, not known, or none.
Bound = int | NotKnown | None


@frozen
class _Known:
    """What a term reads, found once."""

    term: Term
    anchors: tuple[str, ...]
    grouped: bool
    journal: bool
    pauses: bool


#: A rule about time, with its clause and its place there.
Row = tuple[Clause, int, TimingRule | QuantityRule]


class Family:
    """Rules about the time of one kind of record, of which one is chosen by features.

    Attributes:
        rows: The rules.
        names: Features that choose among them, ordered.
        chosen: What was chosen, by the values of these features and the purpose of a work.
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = tuple(rows)
        self.names = tuple(sorted({name for _, _, rule in self.rows for name in rule.when.names()}))
        self.chosen: dict[tuple[object, ...], tuple[Row, ...]] = {}


class Terms:
    """Terms evaluated once per distinct key, for one regulation and one set of facts.

    *Version added: 0.1.*

    Attributes:
        calls: How many terms were evaluated.
        asked: How many times a value was asked for.
    """

    def __init__(self, regulation: Regulation, facts: Facts) -> None:
        self.regulation = regulation
        self.facts = facts
        self.calls = 0
        self.asked = 0
        self._values: dict[tuple[object, ...], Value] = {}
        self._known: dict[int, _Known] = {}
        self._families: dict[str, tuple[Family, ...]] = {}
        self._last: tuple[Ground, Setting] | None = None

    def families(self, record: str) -> tuple[Family, ...]:
        """The rules about the time of *record*: about its window, and about how many there must be."""
        found = self._families.get(record)
        if found is None:
            rows = self.regulation.timing.get(record, ())
            some = [[row for row in rows if isinstance(row[2], kind)]
                    for kind in (TimingRule, QuantityRule)]  # fmt: skip
            found = self._families[record] = tuple(Family(one) for one in some if one)
        return found

    def value(self, term: Term | None, ground: Ground) -> Bound:
        """The value of *term* on *ground*, as an instant."""
        if term is None:
            return None
        self.asked += 1
        known = self._known.get(id(term))
        if known is None:
            known = self._known[id(term)] = _Known(
                term, tuple(sorted(set(term.anchors()))), reads_group(term), reads_journal(term),
                bool(pauses(term)),
            )  # fmt: skip
        occasion = ground.occasion
        # The two ends of a window stand on the same ground.
        last = self._last
        if last is None or last[0] is not ground:
            last = self._last = ground, self.setting(ground)
        setting = last[1]
        key = (
            id(term),
            occasion.calendar.year,
            tuple(anchor_value(anchor, setting) for anchor in known.anchors),
            occasion.group if known.grouped else None,
            (occasion.book, occasion.name) if known.journal else None,
        )
        # What stands in the journal is read anew each time.
        found = None if known.pauses else self._values.get(key)
        if found is None:
            self.calls += 1
            found = self._values[key] = evaluate(term, setting)
        if isinstance(found, date):
            raise TypeError(f"a bound must be an instant, not the day {found}")
        return found

    def setting(self, ground: Ground) -> Setting:
        """Where terms are evaluated for *ground*."""
        occasion = ground.occasion

        def lesson(number: int) -> int | None:
            found = nth_lesson(ground, number)
            return None if found is None else found.starts

        def school_day_end(day: date) -> int | None:
            return max((one.ends for one in ground.facts.held_on(day)), default=None)

        return Setting(
            look(ground), occasion.calendar, occasion.group, ground.given, lesson, school_day_end,
            away(ground, self.regulation),
        )  # fmt: skip


def bounds(rule: TimingRule | QuantityRule) -> tuple[Term, ...]:
    """The terms of a rule."""
    closes = rule.by if isinstance(rule, QuantityRule) else rule.closes
    return tuple(term for term in (rule.opens, closes) if term is not None)


def reads(regulation: Regulation, record: str) -> frozenset[str]:
    """What the windows of *record* read: ``facts``, ``state``, ``pupil``."""
    rules = [rule for _, _, rule in regulation.timing.get(record, ())]
    found = {
        ANCHORS[anchor].reads
        for rule in rules
        for term in bounds(rule)
        for anchor in term.anchors()
        if anchor in ANCHORS
    }
    paused = frozenset[str]().union(*(pauses(term) for rule in rules for term in bounds(rule)))
    if "pupil_absent" in paused:
        found.add("pupil")
    if paused:
        found.add("state")
    if any(rule.when.names() & BEYOND for rule in rules):
        found.add("state")
    return frozenset(found)
