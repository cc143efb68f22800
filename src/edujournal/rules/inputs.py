"""Inputs: what a result is reckoned from. Marks, markers and make-ups, or results of other periods."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from attrs import evolve

from edujournal.ledger.books import BookState
from edujournal.model.calendar import Calendar
from edujournal.model.entries import Entry
from edujournal.model.facts import Facts
from edujournal.model.ids import JournalId, split_about
from edujournal.model.occasions import Occasion, Work
from edujournal.model.people import covers
from edujournal.model.periods import YEAR, Period
from edujournal.rules.clauses import Regulation
from edujournal.rules.conversions import applied
from edujournal.rules.formulas import KINDS, Formula
from edujournal.rules.input_of_result import Input
from edujournal.rules.numbers import ONE, exact
from edujournal.rules.penalties import penalised
from edujournal.rules.result_cells import stage_of_result
from edujournal.rules.scenes import occasion_or_none
from edujournal.rules.vocabulary import Scale
from edujournal.rules.worth import Sign, replaced, sign_of

#: Kinds of record that a result of marks is reckoned from.
GIVEN: Final = ("mark", "marker", "makeup")

#: Stages that a result of results takes where its formula does not say.
TAKEN: Final[Mapping[str, tuple[str, ...]]] = {
    "period": ("period",),
    "year": ("period",),
    "exam": (),
    "final": ("year", "exam"),
}


# -- where to look ---------------------------------------------------------------------------------


def journals_of_subject(journal: JournalId, facts: Facts) -> tuple[JournalId, ...]:
    """The journals of the same subject and year in which pupils of *journal* may have entries.

    *journal* itself first; then, ordered, those of groups to which anybody who ever belonged to its
    group belonged in that year.

    *Version added: 0.1.*
    """
    calendar = facts.calendar(journal.year)
    pupils = {row.pupil for row in facts.memberships if row.group == journal.group}
    own = calendar.group(journal.group).pupil
    if own is not None:
        pupils.add(own)
    groups = {row.group for row in facts.memberships if row.pupil in pupils}
    others = sorted(
        one
        for one in facts.journals()
        if (one.subject, one.year) == (journal.subject, journal.year)
        and one.group in groups
        and one != journal
    )
    return (journal, *others)


def formerly(
    pupil: str, journal: JournalId, others: Iterable[JournalId], facts: Facts, last: date
) -> Iterator[JournalId]:
    """The journals among *others* of groups that *pupil* had left by the day *last*."""
    for other in others:
        spans = [
            (row.since, row.until)
            for row in facts.memberships_of(pupil)
            if row.group == other.group
        ]
        if other != journal and spans and not any(covers(*span, last) for span in spans):
            yield other


class Gathered:
    """What the pupils of one journal have been given, looked through once.

    Args:
        journal: The journal whose results are wanted.
        facts: What the school's data says.
        states: What the books say, by name; one that is not there is empty.
    """

    def __init__(self, journal: JournalId, facts: Facts, states: Mapping[str, BookState]) -> None:
        self.journal = journal
        self.facts = facts
        self.journals = journals_of_subject(journal, facts)
        self.states = {one: states.get(one.book) or BookState(one.book) for one in self.journals}
        self._given: dict[JournalId, dict[str, list[Entry]]] = {}

    def given(self, journal: JournalId, pupil: str) -> Sequence[Entry]:
        """Marks, markers and make-ups of *pupil* at lessons and works that stand, in order."""
        return self._all(journal).get(pupil, ())

    def pupils(self, journal: JournalId) -> Iterable[str]:
        """Everybody who was given something in *journal*."""
        return self._all(journal)

    def _all(self, journal: JournalId) -> dict[str, list[Entry]]:
        found = self._given.get(journal)
        if found is None:
            state, found = self.states[journal], {}
            for kind in GIVEN:
                for entry in state.of_kind(kind):
                    if split_about(entry.about)[0] not in ("lesson", "work"):
                        continue
                    found.setdefault(str(entry.pupil), []).append(entry)
            for some in found.values():
                some.sort(key=lambda entry: entry.number)
            self._given[journal] = found
        return found

    def before(self, pupil: str, last: date) -> tuple[JournalId, ...]:
        """The journals of *pupil*: this one, and those of groups left by the day *last*."""
        return (
            self.journal,
            *formerly(pupil, self.journal, self.journals, self.facts, last),
        )


# -- marks -----------------------------------------------------------------------------------------


def root_of(entry: Entry, state: BookState) -> Entry:
    """The first attempt at what *entry* is an attempt at; itself where it stands alone."""
    number = state.reading(entry).values.get("retake")
    original = None if number is None or number >= entry.number else state.entry(number)
    if original is None or not state.stands(original):
        return entry
    return root_of(original, state)


def work_kind(entry: Entry, state: BookState) -> str | None:
    """Kind of work of a mark: its own, or that of the work it is for."""
    kind, _, id = entry.about.partition(":")
    own: str | None = entry.values.get("kind")
    if own is None and kind == "work":
        work = state.work(id)
        return None if work is None else work.kind
    return own


def day_of_occasion(occasion: Occasion) -> date | None:
    """Day that something belongs to: of its lesson, else on which its work was held, else due."""
    if occasion.day is None and occasion.work is not None:
        return occasion.work.due
    return occasion.day


class Reader:
    """Reads entries as inputs of one formula.

    Args:
        formula: The formula.
        regulation: Its regulation.
        facts: What the school's data says.
    """

    def __init__(self, formula: Formula, regulation: Regulation, facts: Facts) -> None:
        self.formula = formula
        self.regulation = regulation
        self.facts = facts
        self.scale = regulation.find_scale(formula.scale)
        self._tables = {
            one.source: one for one in regulation.conversions if one.code in formula.conversions
        }

    def mark(self, entry: Entry, state: BookState) -> Input | None:
        """*entry* as an input; None for what says nothing that could count: a plain marker.

        Weight and kind of another attempt are those of the first one, and so is its day.
        """
        now = state.reading(entry)
        root = root_of(entry, state)
        first = root if root.kind in ("mark", "makeup") else entry
        occasion = occasion_or_none(state.reading(first), self.facts, state)
        work = None if occasion is None else occasion.work
        value, scale = self._said(now)
        if value is None:
            return None
        category = self._category(first, work, state)
        kind = self.regulation.find_work_kind(category)
        found = Input(
            book=entry.book,
            number=entry.number,
            hash=entry.hash,
            changes=tuple(one.number for one in state.corrections(entry.number)),
            record=entry.kind,
            value=str(now.values.get("value", now.values.get("code"))),
            scale="" if scale is None else scale.code,
            weight=self._weight(category, work),
            most=_most(work, scale),
            category=category,
            extra=kind is not None and kind.extra,
            fixed=bool(self.formula.drop_only) and category not in self.formula.drop_only,
            day=self._day(root, state),
            given=self._day(entry, state),
            root=root.number,
        )
        found = self._worthy(found, value, scale)
        if occasion is not None and self.regulation.penalties and found.use != "aside":
            found = penalised(found, now, occasion, self.regulation, self.scale)
        return self._counted(found)

    def result(self, entry: Entry, state: BookState, stage: str) -> Input:
        """The result *entry* as an input."""
        now = state.reading(entry)
        value, scale = self._said(now)
        found = Input(
            book=entry.book,
            number=entry.number,
            hash=entry.hash,
            changes=tuple(one.number for one in state.corrections(entry.number)),
            record=entry.kind,
            value=str(now.values.get("value", now.values.get("marker"))),
            scale="" if scale is None else scale.code,
            weight=self.formula.weights.get(stage, ONE),
            most=_most(None, scale),
            category=stage,
            fixed=bool(self.formula.drop_only) and stage not in self.formula.drop_only,
            day=self._day(entry, state),
            given=self._day(entry, state),
            root=entry.number,
        )
        if value is None:
            return evolve(found, use="aside", why="marker")
        return self._counted(self._worthy(found, value, scale))

    def _said(self, now: Entry) -> tuple[object, Scale | None]:
        """The value that *now* says, and its scale; for a marker the value that it stands for."""
        code = now.values.get("marker", now.values.get("code"))
        if code is None:
            return now.values.get("value"), self.regulation.find_scale(now.values.get("scale"))
        marker = self.regulation.find_marker(str(code))
        if marker is None or not marker.in_mean:
            return None, None
        return marker.value, self.regulation.find_scale(None)

    def _category(self, entry: Entry, work: Work | None, state: BookState) -> str:
        if entry.kind == "makeup":
            return "makeup"
        kind = work_kind(state.reading(entry), state)
        return kind or (work.kind if work is not None else None) or ""

    def _weight(self, category: str, work: Work | None) -> Fraction:
        own = None if work is None or category == "makeup" else exact(work.weight)
        if own is not None:
            return own
        if category in self.formula.weights:
            return self.formula.weights[category]
        kind = self.regulation.find_work_kind(category)
        return ONE if kind is None else kind.weight

    def _day(self, entry: Entry, state: BookState) -> date | None:
        occasion = occasion_or_none(state.reading(entry), self.facts, state)
        return None if occasion is None else day_of_occasion(occasion)

    def _worthy(self, found: Input, value: object, scale: Scale | None) -> Input:
        """*found* with what it is worth in the scale of the result."""
        if scale is None or self.scale is None:
            return evolve(found, use="aside", why="scale")
        if scale.code == self.scale.code:
            worth = scale.worth(value)
            return evolve(found, worth=worth) if worth is not None else _aside(found, "value")
        table = self._tables.get(scale.code)
        if table is None:
            return _aside(found, "scale")
        converted = applied(table, scale, str(value))
        worth = None if converted is None else self.scale.worth(converted)
        found = evolve(found, table=table.code, version=table.version)
        return evolve(found, worth=worth) if worth is not None else _aside(found, "value")

    def _counted(self, found: Input) -> Input:
        """*found*, left aside where the function does not look at it."""
        row = KINDS[self.formula.kind]
        if found.use == "aside":
            return found
        if found.weight <= 0:
            return _aside(found, "weight")
        if found.extra and not row.adds:
            return _aside(found, "extra")
        if row.name == "share" and not found.most:
            return _aside(found, "points")
        return found


def _aside(found: Input, why: str) -> Input:
    return evolve(found, use="aside", why=why)


def _most(work: Work | None, scale: Scale | None) -> Fraction | None:
    own = None if work is None else exact(work.points)
    if own is not None:
        return own
    return None if scale is None or scale.most is None else Fraction(scale.most)


def inputs_of_marks(
    pupil: str, period: Period, last: date, gathered: Gathered, reader: Reader
) -> tuple[list[Input], list[str]]:
    """What *pupil* was given in *period*, also in groups left by its day *last*; and what is not known.

    *Version added: 0.1.*
    """
    found: list[Input] = []
    unknown: list[str] = []
    for journal in gathered.before(pupil, last):
        for one in given_inputs(journal, pupil, gathered, reader):
            if one.day is None and one.use != "aside":
                unknown.append("work.held")
            if one.why == "kind":
                unknown.append("the entry, and the work it is for")
            if one.day is not None and one.day in period:
                found.append(one)
    return found, unknown


def given_inputs(
    journal: JournalId, pupil: str, gathered: Gathered, reader: Reader
) -> Iterator[Input]:
    """What *pupil* was given in *journal*, of whatever day, without markers that gave way."""
    state, given = gathered.states[journal], gathered.given(journal, pupil)
    gone = _given_way(given, state, reader.regulation)
    for entry in given:
        one = None if entry.number in gone else reader.mark(entry, state)
        if one is not None:
            yield one


def _given_way(
    entries: Iterable[Entry], state: BookState, regulation: Regulation
) -> frozenset[int]:
    """Numbers of the markers that something else in their cell has taken the place of."""
    cells: dict[str, list[Sign]] = {}
    for entry in entries:
        cells.setdefault(entry.about, []).append(sign_of(state.reading(entry)))
    return frozenset(key[1] for signs in cells.values() for key in replaced(signs, regulation))


# -- results ---------------------------------------------------------------------------------------


def inputs_of_results(
    pupil: str, period: Period, stage: str, gathered: Gathered, reader: Reader
) -> tuple[list[Input], list[str]]:
    """The results of *pupil* that a result of *period* at *stage* is made of; and which lack.

    Of each period the result counts that stands in the journal of the group to which the pupil
    belonged at its end. One that is owed and not there is not known yet.

    *Version added: 0.1.*
    """
    calendar = gathered.facts.calendar(gathered.journal.year)
    formula = reader.formula
    found: list[Input] = []
    unknown: list[str] = []
    for wanted in formula.stages or TAKEN[stage]:
        before = len(found)
        for other in _periods_of(period, stage, wanted, calendar, gathered.journal.group):
            if formula.period_kinds and other.kind not in formula.period_kinds:
                continue
            homes = _homes(pupil, other, gathered, calendar)
            entry = _standing(pupil, other, wanted, homes, gathered)
            if entry is not None:
                journal, result = entry
                found.append(reader.result(result, gathered.states[journal], wanted))
            elif homes and wanted == "period":
                unknown.append(f"result of {other.id}")
        if wanted == "year" and before == len(found):
            # It may be recorded for the period that is the year, or at the end of the last one.
            unknown.append("result of the year")
    return found, unknown


def _periods_of(
    period: Period, stage: str, wanted: str, calendar: Calendar, group: str
) -> Iterator[Period]:
    """The periods whose results at the stage *wanted* a result of *period* at *stage* takes."""
    whole = period.kind == YEAR or stage != "period"
    for other in calendar.periods(group):
        if wanted != "period" or (other.kind != YEAR and (whole or _inside(other, period))):
            yield other


def _inside(inner: Period, outer: Period) -> bool:
    return inner.id != outer.id and outer.since <= inner.since and inner.until <= outer.until


def _homes(
    pupil: str, period: Period, gathered: Gathered, calendar: Calendar
) -> tuple[JournalId, ...]:
    """The journals of groups on whose roll *pupil* is at the end of *period*, this one first."""
    found = []
    for journal in gathered.journals:
        known = {one.id: one for one in calendar.periods(journal.group)}
        if period.id not in known:
            continue
        last = calendar.last_school_day(journal.group, period.id) or known[period.id].since
        if pupil in gathered.facts.roll(calendar, journal.group, last):
            found.append(journal)
    return tuple(found)


def _standing(
    pupil: str, period: Period, stage: str, homes: Sequence[JournalId], gathered: Gathered
) -> tuple[JournalId, Entry] | None:
    for journal in homes or gathered.journals:
        state = gathered.states[journal]
        for entry in state.of_pupil("result", f"period:{period.id}", pupil):
            if stage_of_result(state.reading(entry).values, period) == stage:
                return journal, entry
    return None
