"""What one journal adds to statistics: results, marks and attendance, along any dimensions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import product

from attrs import evolve, field, frozen

from edujournal.ledger.books import BookState
from edujournal.model.calendar import Calendar
from edujournal.model.facts import Facts
from edujournal.model.ids import JournalId, class_book
from edujournal.model.occasions import Occasion
from edujournal.model.people import covers
from edujournal.model.periods import YEAR, Period
from edujournal.rules.around import Around
from edujournal.rules.attendance import NO_LESSONS, Attendance, attendance
from edujournal.rules.clauses import Regulation
from edujournal.rules.excuses import excused_spans
from edujournal.rules.formulas import Formula
from edujournal.rules.given import always
from edujournal.rules.input_of_result import Input
from edujournal.rules.inputs import GIVEN, Gathered, Reader, given_inputs
from edujournal.rules.numbers import ZERO
from edujournal.rules.proposals import formula_for, reckon
from edujournal.rules.result_cells import result_cell, stage_of_result
from edujournal.rules.scenes import of_period
from edujournal.rules.vocabulary import MarkerKind, Scale
from edujournal.rules.worth import sign_of, worth
from edujournal.views.counts import NO_MARKS, NO_RESULTS, Marks, Results, Row

#: How well one result does, by its place in :data:`STANDINGS`; None where nobody knows.
Standing = int | None


@frozen
class Asked:
    """What statistics are asked for.

    *Version added: 0.1.*

    Attributes:
        by: Dimensions of the rows.
        periods: Ids of periods; None for all that have begun, but the year itself.
        stage: Stage of results; None for that which each period asks for.
        groups: Only these groups and those below them; None for all.
    """

    by: tuple[str, ...]
    periods: tuple[str, ...] | None = None
    stage: str | None = None
    groups: tuple[str, ...] | None = None


@frozen
class Counted:
    """What one journal adds to statistics; the statistics are the sum of these.

    *Version added: 0.1.*

    Attributes:
        periods: Ids of the periods that were counted.
        rows: Its rows, by their keys.
        total: Everything together, each thing once.
        standings: How each pupil stands, by the key of the row; the empty key is that of the total.
    """

    periods: tuple[str, ...]
    rows: Mapping[tuple[str, ...], Row] = field(hash=False)
    total: Row
    standings: Mapping[tuple[str, ...], Mapping[str, Sequence[Standing]]] = field(hash=False)


def counted(
    asked: Asked,
    journal: JournalId,
    regulation: Regulation | Sequence[Regulation],
    facts: Facts,
    states: Mapping[str, BookState],
    calendar: Calendar,
    at: int,
) -> Counted:
    """Count what one journal has; the arguments are those of :func:`statistics`.

    *Version added: 0.1.*
    """
    found = _Counting(_with_scales(regulation), facts, states, calendar, asked, at)
    found.count(journal, list(_periods(journal.group, calendar, asked.periods, at)))
    return found.counted()


def turning_points(journal: JournalId, facts: Facts, calendar: Calendar) -> list[int]:
    """The instants at which time alone changes what a journal counts, ordered.

    Lessons end, periods begin and are over. Between two of them the count hangs on entries only.

    *Version added: 0.1.*
    """
    clocks = calendar.clocks
    found = {one.ends for one in facts.lessons_of(journal)}
    for period in calendar.periods(journal.group):
        found |= {clocks.start_of_day(period.since), clocks.start_of_day(period.until)}
    return sorted(found)


def _with_scales(regulation: Regulation | Sequence[Regulation]) -> Regulation:
    if isinstance(regulation, Regulation):
        return regulation
    return next((one for one in regulation if one.scales), regulation[0])


def _periods(
    group: str, calendar: Calendar, wanted: Sequence[str] | None, at: int
) -> Iterator[Period]:
    """Those that are wanted; by default what has begun by then, the year itself aside."""
    of_group = calendar.periods(group)
    finer = [one for one in of_group if one.kind != YEAR] or list(of_group)
    for period in finer if wanted is None else of_group:
        begun = calendar.clocks.start_of_day(period.since) <= at
        if begun if wanted is None else period.id in wanted:
            yield period


class _Counting:
    """The rows of one journal while they are counted."""

    def __init__(
        self,
        regulation: Regulation,
        facts: Facts,
        states: Mapping[str, BookState],
        calendar: Calendar,
        asked: Asked,
        at: int,
    ) -> None:
        self.regulation, self.facts, self.calendar = regulation, facts, calendar
        self.states, self.by, self.at, self.stage = states, asked.by, at, asked.stage
        self.periods: dict[str, None] = {}
        self._rows: dict[tuple[str, ...], Row] = {}
        self._total = Row(key=())
        self._standings: dict[tuple[str, ...], dict[str, list[Standing]]] = {}

    def counted(self) -> Counted:
        """What was counted."""
        return Counted(tuple(self.periods), self._rows, self._total, self._standings)

    def count(self, journal: JournalId, periods: Sequence[Period]) -> None:
        """Count what one journal has for its periods."""
        state = self.states.get(journal.book) or BookState(journal.book)
        given = self._given(journal, state)
        for period in periods:
            self.periods[period.id] = None
            occasion = of_period(journal, period.id, self.facts)
            day = occasion.day or period.last_day
            stage = self.stage or stage_of_result({}, period)
            over = self.calendar.clocks.start_of_day(period.until) <= self.at
            for pupil in sorted(self.facts.roll(self.calendar, journal.group, day)):
                results, standing = self._result(pupil, occasion, state, stage)
                if not over:
                    results = evolve(results, missing=0)
                keys = self._keys(pupil, journal, period, day)
                self._add(keys, results=results)
                if results.counted:
                    for key in dict.fromkeys((*keys, ())):
                        rows = self._standings.setdefault(key, {})
                        rows.setdefault(pupil, []).append(standing)
            for pupil, inputs in given.items():
                marks = _marks(
                    [one for one in inputs if one.day is not None and one.day in period],
                    _formula(self.regulation, occasion),
                )
                if marks.count:
                    self._add(self._keys(pupil, journal, period, day), marks=marks)
            for pupil, attended in self._attendance(journal, period, state).items():
                self._add(self._keys(pupil, journal, period, day), attended=attended)

    def _add(
        self,
        keys: Iterable[tuple[str, ...]],
        results: Results = NO_RESULTS,
        marks: Marks = NO_MARKS,
        attended: Attendance = NO_LESSONS,
    ) -> None:
        for key in keys:
            row = self._rows.get(key) or Row(key=key)
            self._rows[key] = row.with_(results, marks, attended)
        self._total = self._total.with_(results, marks, attended)

    # -- one pupil in one journal ------------------------------------------------------------------

    def _result(
        self, pupil: str, occasion: Occasion, state: BookState, stage: str
    ) -> tuple[Results, Standing]:
        signs = [sign_of(entry) for entry in result_cell(occasion, pupil, state, stage)]
        held = always(self.regulation, occasion)
        found = worth(signs, self.regulation, always=held)
        if not found.in_denominator:
            return Results(exempt=1), None
        if not found.fulfilled:
            return Results(missing=1), None
        counted = [sign for sign in signs if sign.key not in found.replaced]
        for sign in counted:
            if sign.code is None and sign.value is not None:
                return _of_value(sign.value, self.regulation.find_scale(sign.scale))
        kinds = [
            kind
            for sign in counted
            if sign.code is not None and (kind := self.regulation.find_marker(sign.code))
        ]
        return _of_marker(next(one for one in (*kinds, *held) if one.fulfils_period))

    def _given(self, journal: JournalId, state: BookState) -> dict[str, list[Input]]:
        """Marks, markers and make-ups of each pupil that count in a mean of marks."""
        if all(next(state.of_kind(kind), None) is None for kind in GIVEN):
            return {}
        gathered = Gathered(journal, self.facts, {journal.book: state})
        reader = Reader(Formula(name="marks"), self.regulation, self.facts)
        return {
            pupil: list(given_inputs(journal, pupil, gathered, reader))
            for pupil in gathered.pupils(journal)
        }

    def _attendance(
        self, journal: JournalId, period: Period, state: BookState
    ) -> Mapping[str, Attendance]:
        books = {
            one: found
            for one in self.calendar.classes_of(journal.group)
            if (found := self.states.get(class_book(one, self.calendar.year))) is not None
        }
        excuses = excused_spans(Around(classes=books), self.regulation)
        return attendance(
            journal, state, self.facts, self.regulation, period.since, period.until, self.at,
            excuses,
        )  # fmt: skip

    # -- dimensions --------------------------------------------------------------------------------

    def _keys(
        self, pupil: str, journal: JournalId, period: Period, day: date
    ) -> list[tuple[str, ...]]:
        """The rows in which something counts: one for each way to place it along the dimensions."""
        places: list[Sequence[str]] = []
        for one in self.by:
            if one == "pupil":
                places.append([pupil])
            elif one == "class":
                places.append(self._classes(pupil, journal, day) or [""])
            elif one == "parallel":
                places.append(self._grades(pupil, journal, day))
            elif one == "subject":
                places.append([journal.subject])
            elif one == "teacher":
                hands = self.facts.hands(journal.group, journal.subject, "teacher", day)
                places.append(sorted(hands) or [""])
            elif one == "period":
                places.append([period.id])
            else:
                places.append([self.facts.school])
        return list(product(*places))

    def _classes(self, pupil: str, journal: JournalId, day: date) -> list[str]:
        """The class of the journal to which *pupil* belongs on *day*, else belonged; else any other."""
        classes = {one.id for one in self.calendar.groups if one.kind == "class"}
        rows = [row for row in self.facts.memberships_of(pupil) if row.group in classes]
        now = {row.group for row in rows if covers(row.since, row.until, day)}
        above = set(self.calendar.classes_of(journal.group))
        ever = above.intersection(row.group for row in rows)
        return sorted(now & above or ever or now or above)

    def _grades(self, pupil: str, journal: JournalId, day: date) -> list[str]:
        groups = self._classes(pupil, journal, day) or [journal.group]
        grades = {self.calendar.group(one).grade for one in groups}
        return sorted("" if one is None else str(one) for one in grades)


def _formula(regulation: Regulation, occasion: Occasion) -> Formula:
    """The mean by weights with the attempts of the period's own formula; nothing is left out."""
    stage = stage_of_result({}, occasion.period)
    formula = formula_for(regulation, occasion, stage)
    attempts = "last" if formula is None or formula.source != "marks" else formula.attempts
    return Formula(name="marks", attempts=attempts)


def _marks(inputs: Sequence[Input], formula: Formula) -> Marks:
    used, computed = reckon(inputs, formula)
    if computed.number is None:
        return NO_MARKS
    return Marks(
        count=sum(one.use == "counted" for one in used),
        weight=computed.weight,
        total=computed.number * computed.weight,
    )


def _of_value(value: object, scale: Scale | None) -> tuple[Results, Standing]:
    """One result that is a value."""
    text = str(value)
    if scale is None:
        return Results(counted=1, values={text: 1}), None
    passing, good = scale.is_passing(value), scale.is_good(value)
    degree, number = scale.learning(value), scale.worth(value)
    results = Results(
        counted=1,
        values={text: 1},
        judged=int(passing is not None),
        passing=int(passing is True),
        rated=int(good is not None),
        good=int(good is True),
        degrees=int(degree is not None),
        learned=degree or ZERO,
        numbered=int(number is not None),
        total=number or ZERO,
    )
    if passing is False:
        return results, 0
    if good is None:
        return results, None
    if not good:
        return results, 1
    return results, 3 if scale.rank(value) == _top(scale) else 2


def _of_marker(kind: MarkerKind) -> tuple[Results, Standing]:
    """One result that is a marker: in the denominator, and no success."""
    return Results(
        counted=1, values={kind.code: 1}, judged=1, rated=1,
        degrees=int(kind.learned is not None), learned=kind.learned or ZERO,
    ), 0  # fmt: skip


def _top(scale: Scale) -> Fraction | None:
    """Rank of the best value of *scale*; None where there is no best one."""
    ends = scale.values or tuple(str(one) for one in (scale.least, scale.most) if one is not None)
    return max((rank for one in ends if (rank := scale.rank(one)) is not None), default=None)
