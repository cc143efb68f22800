"""Values of terms, each worked out once per distinct key."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import NamedTuple

from edujournal.model.facts import Facts
from edujournal.model.occasions import Occasion
from edujournal.rules.anchors import ANCHORS, Ground, look, nth_lesson
from edujournal.rules.clauses import Clause, QuantityRule, Quorum, Regulation, TimingRule
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


class Known:
    """What the values of some terms hang on, found once.

    Attributes:
        terms: The terms.
        anchors: What they start from.
        grouped: Whether one hangs on the school days of the group.
        journal: Whether one hangs on the other lessons of the journal.
        pauses: Whether one passes over days that the journal tells of.
    """

    def __init__(self, *terms: Term) -> None:
        self.terms = terms
        self.anchors = tuple(sorted({one for term in terms for one in term.anchors()}))
        self.grouped = any(map(reads_group, terms))
        self.journal = any(map(reads_journal, terms))
        self.pauses = any(map(pauses, terms))


class _Standing:
    """A ground, where terms are evaluated on it, and the anchors that were looked up there."""

    def __init__(self, ground: Ground, terms: Terms) -> None:
        self.ground, self._terms = ground, terms
        self._look = look(ground)
        self._found: dict[str, Value] = {}

    @cached_property
    def setting(self) -> Setting:
        """Where terms are evaluated."""
        return self._terms.setting(self.ground)

    def key(self, known: Known) -> tuple[object, ...]:
        """On what *known* hangs here: where this is the same, so are the values."""
        occasion = self.ground.occasion
        return (
            occasion.calendar.year,
            occasion.group if known.grouped else None,
            (occasion.book, occasion.name) if known.journal else None,
            *[self._anchor(anchor) for anchor in known.anchors],
        )

    def _anchor(self, anchor: str) -> Value:
        found = self._found.get(anchor)
        if found is None:
            known = ANCHORS.get(anchor)
            found = anchor_value(anchor, self.setting) if known is None else self._look(anchor)
            # What stands in the journal may be another thing when it is asked for the next time.
            if known is None or known.reads == "facts":
                self._found[anchor] = found
        return found


#: A rule about time, with its clause and its place there.
Row = tuple[Clause, int, TimingRule | QuantityRule]


class Held(NamedTuple):
    """A rule about time that holds about an occasion, with its bounds there.

    Attributes:
        clause: Its clause.
        place: Its place there, from 0.
        rule: The rule.
        opens: Instant from which, None if always, or not known.
        closes: Instant before which, None if never, or not known.
    """

    clause: Clause
    place: int
    rule: TimingRule | QuantityRule
    opens: Bound
    closes: Bound

    @property
    def judged(self) -> bool:
        """Whether the time of what is recorded is judged; a completeness rule does not."""
        return isinstance(self.rule, TimingRule)

    @property
    def quorum(self) -> Quorum:
        """Who or what must have it."""
        return self.rule.each if isinstance(self.rule, QuantityRule) else self.rule.quorum


class Choice(Known):
    """The rules of a family that features choose, and what their bounds hang on.

    Attributes:
        rows: The rules.
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = tuple(rows)
        super().__init__(*(term for _, _, rule in self.rows for term in bounds(rule)))


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
        self.chosen: dict[tuple[object, ...], Choice] = {}


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
        self._known: dict[int, Known] = {}
        self._families: dict[str, tuple[Family, ...]] = {}
        self._windows: dict[tuple[object, ...], tuple[Held, ...]] = {}
        self._last: _Standing | None = None
        self._ground: Ground | None = None

    def families(self, record: str) -> tuple[Family, ...]:
        """The rules about the time of *record*: about its window, and about how many there must be."""
        found = self._families.get(record)
        if found is None:
            rows = self.regulation.timing.get(record, ())
            some = [[row for row in rows if isinstance(row[2], kind)]
                    for kind in (TimingRule, QuantityRule)]  # fmt: skip
            found = self._families[record] = tuple(Family(one) for one in some if one)
        return found

    def ground(self, occasion: Occasion, handed: date | None = None) -> Ground:
        """Where anchors are looked up in facts alone; the same as before, where *occasion* is."""
        last = self._ground
        if last is None or last.occasion is not occasion or last.handed != handed:
            given = self.regulation.given
            last = self._ground = Ground(occasion, self.facts, given=given, handed=handed)
        return last

    def windows(self, choice: Choice, ground: Ground) -> tuple[Held, ...]:
        """The rules of *choice* with their bounds on *ground*, worked out once for what they hang on."""
        self.asked += len(choice.terms)
        standing = self._standing(ground)
        if choice.pauses:  # what stands in the journal is read anew each time
            return self._held(choice, standing)
        key = (choice, *standing.key(choice))
        found = self._windows.get(key)
        if found is None:
            found = self._windows[key] = self._held(choice, standing)
        return found

    def _held(self, choice: Choice, standing: _Standing) -> tuple[Held, ...]:
        return tuple(
            Held(
                clause, place, rule,
                self._value(rule.opens, standing),
                self._value(rule.by if isinstance(rule, QuantityRule) else rule.closes, standing),
            )
            for clause, place, rule in choice.rows
        )  # fmt: skip

    def value(self, term: Term | None, ground: Ground) -> Bound:
        """The value of *term* on *ground*, as an instant."""
        self.asked += term is not None
        return None if term is None else self._value(term, self._standing(ground))

    def _value(self, term: Term | None, standing: _Standing) -> Bound:
        if term is None:
            return None
        known = self._known.get(id(term))
        if known is None:
            known = self._known[id(term)] = Known(term)
        key = (known, *standing.key(known))
        # What stands in the journal is read anew each time.
        found = None if known.pauses else self._values.get(key)
        if found is None:
            self.calls += 1
            found = self._values[key] = evaluate(term, standing.setting)
        if isinstance(found, date):
            raise TypeError(f"a bound must be an instant, not the day {found}")
        return found

    def _standing(self, ground: Ground) -> _Standing:
        # Several bounds stand on the same ground.
        last = self._last
        if last is None or last.ground is not ground:
            last = self._last = _Standing(ground, self)
        return last

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
