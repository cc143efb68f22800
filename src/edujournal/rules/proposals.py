"""Proposals: the result that a regulation's formula gives. The decision is the teacher's, and apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Final

from attrs import evolve, field, frozen

from edujournal.errors import BadInput, Unknown
from edujournal.ledger.books import BookState
from edujournal.model.draft_forms import MarkValue
from edujournal.model.drafts_of_office import PeriodResult
from edujournal.model.entries import Entry
from edujournal.model.facts import Facts
from edujournal.model.ids import JournalId
from edujournal.model.occasions import Occasion
from edujournal.rules.absence_limits import Passed, limit_of
from edujournal.rules.around import ALONE, Around
from edujournal.rules.attendance import NO_LESSONS, Attendance, attendance
from edujournal.rules.basis import basis_of
from edujournal.rules.clauses import Regulation
from edujournal.rules.excuses import excused_spans
from edujournal.rules.formulas import Computed, Formula, Item, attempted, compute
from edujournal.rules.given import always, kind_of
from edujournal.rules.input_of_result import Input
from edujournal.rules.inputs import (
    Gathered,
    Reader,
    inputs_of_marks,
    inputs_of_results,
    journals_of_subject,
)
from edujournal.rules.result_cells import result_cell, stage_of_result
from edujournal.rules.rounding import number_of, rounded
from edujournal.rules.scenes import features, of_period

#: What can be said: a value; a marker; both, and somebody decides; nothing, for there is too little;
#: nothing, for something is not known; nothing, for no formula is meant.
STATUSES: Final = ("value", "marker", "decides", "too_little", "undecidable", "no_formula")


@frozen(kw_only=True)
class Proposal:
    """What the regulation's formula gives for one pupil; and what was decided, where it was.

    *Version added: 0.1.*

    Attributes:
        journal: Journal in which the result belongs.
        period: Id of the period.
        stage: ``period``, ``year``, ``exam`` or ``final``.
        pupil: Whose.
        regulation: Id of the regulation.
        formula: The formula; None where none is meant for the occasion.
        status: One of :data:`STATUSES`.
        value: Value that is proposed, as marks keep it; None where none is.
        marker: Code of the marker that is proposed; None where none is.
        mean: The exact number before rounding; None where there is nothing to reckon with.
        inputs: What it is reckoned from, also what was left out, gave way, or is left aside.
        attendance: Lessons of the period, where the formula looks at them.
        limit: The greatest limit of absence that was passed, or None; it changes nothing where
            there was no warning.
        unknown: What is not known; then nothing is proposed.
        decision: Entry of the result that stands, as written; None where nothing is decided.
        decided: Value or marker that was decided, as text; None where nothing is.
        basis: The basis to be frozen with a decision, as plain values; None without a formula.
    """

    journal: JournalId
    period: str
    stage: str
    pupil: str
    regulation: str
    formula: Formula | None = None
    status: str = "no_formula"
    value: int | str | None = None
    marker: str | None = None
    mean: Fraction | None = None
    inputs: tuple[Input, ...] = ()
    attendance: Attendance | None = None
    limit: Passed | None = None
    unknown: tuple[str, ...] = ()
    decision: Entry | None = None
    decided: str | None = None
    basis: Mapping[str, Any] | None = field(default=None, hash=False, repr=False)

    @property
    def text(self) -> str | None:
        """What is proposed, as text: the value, else the marker; None where nothing is."""
        return self.marker if self.value is None else str(self.value)

    @property
    def decides(self) -> str | None:
        """Role that decides between value and marker, or None."""
        if self.status != "decides" or self.limit is None:
            return None
        return self.limit.limit.decides

    @property
    def differs(self) -> bool:
        """Whether something was decided that is not what is proposed now."""
        if self.decided is None or self.text is None:
            return False
        either = {self.marker, None if self.value is None else str(self.value)}
        return self.decided not in either

    @property
    def outdated(self) -> bool:
        """Whether a decision stands on a basis that is not today's."""
        frozen_one = None if self.decision is None else self.decision.values.get("basis")
        if frozen_one is None or self.basis is None:
            return False
        return bool(frozen_one.get("digest") != self.basis["digest"])

    def draft(
        self, value: MarkValue | None = None, marker: str | None = None, **more: Any
    ) -> PeriodResult:
        """The decision as a draft, with its basis: what is proposed, unless another is named.

        Args:
            value: Value that is decided, if not the proposed one.
            marker: Marker that is decided, if not what is proposed.
            **more: Other fields of the draft, such as ``evidence``.

        Raises:
            BadInput: Nothing is proposed, and nothing else is named.
        """
        if value is None and marker is None:
            value, marker = self.value, None if self.value is not None else self.marker
            if (value is None and marker is None) or self.status == "decides":
                raise BadInput(
                    "nothing to decide upon", where=f"{self.journal} {self.period} {self.pupil}",
                    expected="value= or marker=", found=self.status,
                    mend="Name what was decided.",
                )  # fmt: skip
        scale = None if self.formula is None or value is None else self.formula.scale
        return PeriodResult(
            journal=self.journal, period=self.period, pupil=self.pupil, value=value,
            marker=marker, scale=scale, stage=self.stage, basis=self.basis, **more,
        )  # fmt: skip


def proposal_books(journal: JournalId, facts: Facts) -> tuple[str, ...]:
    """Names of the journals that results of *journal* may be reckoned from, its own first.

    *Version added: 0.1.*
    """
    return tuple(one.book for one in journals_of_subject(journal, facts))


def formula_for(regulation: Regulation, occasion: Occasion, stage: str) -> Formula | None:
    """The formula for results of *occasion* at *stage*: the narrowest that is meant, or None.

    *Version added: 0.1.*
    """
    seen = {**features(occasion, regulation), "stage": stage}
    meant = [one for one in regulation.formulas if one.when.allows(seen)]
    for one in meant:
        if not any(other.when.narrows(one.when) for other in meant):
            return one
    return None


def propose(
    regulation: Regulation | Sequence[Regulation],
    journal: JournalId | str,
    period: str,
    facts: Facts,
    states: Mapping[str, BookState],
    *,
    at: int,
    stage: str | None = None,
    pupils: Iterable[str] | None = None,
    around: Around = ALONE,
) -> list[Proposal]:
    """What the formula of *regulation* gives for each pupil: a pure function, nothing is recorded.

    Args:
        regulation: The regulation; of several the first that has a formula for the occasion.
        journal: Journal in which the results belong.
        period: Id of the period.
        facts: What the school's data says.
        states: What the books say, by name; see :func:`proposal_books`.
        at: Instant up to which lessons are looked at, UTC microseconds.
        stage: Stage of the results; by default that which the period asks for.
        pupils: Which pupils; by default those on the roll at the period's end.
        around: Class books as of that instant, for excuses and warnings.

    Returns:
        A proposal for each pupil, in the order of ids.

    Raises:
        Unknown: The school has no such journal, period or stage.

    *Version added: 0.1.*
    """
    journal = JournalId.parse(str(journal))
    facts.check_journal(journal)
    occasion = of_period(journal, period, facts)
    if stage is None:
        stage = stage_of_result({}, occasion.period)
    elif stage not in _STAGES:
        raise Unknown("stage", stage, _STAGES)
    chosen = _chosen(regulation, occasion, stage)
    asked = _Asked(chosen, journal, occasion, stage, facts, states, at, around)
    if pupils is None:
        pupils = facts.roll(occasion.calendar, journal.group, asked.last)
    return [asked.propose(pupil) for pupil in sorted(pupils)]


_STAGES: Final = ("period", "year", "exam", "final")


def _chosen(
    regulation: Regulation | Sequence[Regulation], occasion: Occasion, stage: str
) -> Regulation:
    if isinstance(regulation, Regulation):
        return regulation
    for one in regulation:
        if one.holds_on(occasion.day) and formula_for(one, occasion, stage) is not None:
            return one
    return regulation[0]


class _Asked:
    """One question for many pupils, with what is worked out once."""

    def __init__(
        self,
        regulation: Regulation,
        journal: JournalId,
        occasion: Occasion,
        stage: str,
        facts: Facts,
        states: Mapping[str, BookState],
        at: int,
        around: Around,
    ) -> None:
        self.journal, self.occasion = journal, occasion
        self.period = occasion.calendar.period(journal.group, occasion.name.partition(":")[2])
        self.last: date = occasion.day or self.period.last_day
        self.regulation, self.facts, self.stage = regulation, facts, stage
        self.at, self.around = at, around
        self.gathered = Gathered(self.journal, facts, states)
        self.state = self.gathered.states[self.journal]
        holds = regulation.holds_on(occasion.day)
        self.formula = formula_for(regulation, occasion, stage) if holds else None
        self.ungraded = always(regulation, occasion) if holds else ()
        self._attendance: dict[JournalId, dict[str, Attendance]] = {}

    def propose(self, pupil: str) -> Proposal:
        """The proposal for one pupil."""
        decision = self._decision(pupil)
        bare = Proposal(
            journal=self.journal,
            period=self.period.id,
            stage=self.stage,
            pupil=pupil,
            regulation=self.regulation.id,
            formula=self.formula,
            decision=decision,
            decided=None if decision is None else self._text(decision),
        )
        given = self._marked(pupil)
        if given is not None:
            return self._frozen(evolve(bare, status="marker", marker=given))
        if self.formula is None:
            return bare
        return self._frozen(self._reckoned(bare, self.formula))

    def _frozen(self, proposal: Proposal) -> Proposal:
        """*proposal* with the basis to be frozen."""
        if proposal.formula is None:
            return proposal
        return evolve(proposal, basis=basis_of(proposal, proposal.formula, self.regulation))

    def _decision(self, pupil: str) -> Entry | None:
        for entry in self.state.of_pupil("result", f"period:{self.period.id}", pupil):
            if stage_of_result(self.state.reading(entry).values, self.period) == self.stage:
                return entry
        return None

    def _text(self, entry: Entry) -> str:
        values = self.state.reading(entry).values
        return str(values.get("value", values.get("marker")))

    def _marked(self, pupil: str) -> str | None:
        """The marker that stands for the whole result: of the teaching, the subject, the period."""
        kinds = list(self.ungraded)
        for entry in result_cell(self.occasion, pupil, self.state, self.stage):
            kind = kind_of(entry, self.regulation) if entry.kind == "marker" else None
            if kind is not None:
                kinds.append(kind)
        return next((kind.code for kind in kinds if kind.fulfils_period), None)

    def _reckoned(self, bare: Proposal, formula: Formula) -> Proposal:
        pupil = bare.pupil
        reader = Reader(formula, self.regulation, self.facts)
        if formula.source == "marks":
            inputs, unknown = inputs_of_marks(pupil, self.period, self.last, self.gathered, reader)
        else:
            inputs, unknown = inputs_of_results(
                pupil, self.period, self.stage, self.gathered, reader
            )
        used, computed = reckon(inputs, formula, lower_is_better=_lower(reader))
        attended = self._attended(pupil, formula)
        passed, doubts = limit_of(
            pupil, formula, attended, self.gathered, self.around, self.period, self.last
        )
        found = evolve(
            bare,
            inputs=tuple(used),
            mean=computed.number,
            attendance=attended if formula.absence else None,
            limit=passed,
            unknown=tuple(dict.fromkeys([*unknown, *doubts])),
        )
        if found.unknown:
            return evolve(found, status="undecidable")
        return _valued(found, formula, self.regulation)

    def _attended(self, pupil: str, formula: Formula) -> Attendance:
        if not formula.absence:
            return NO_LESSONS
        excuses = excused_spans(self.around, self.regulation)
        total = NO_LESSONS
        for journal in self.gathered.before(pupil, self.last):
            counted = self._attendance.get(journal)
            if counted is None:
                counted = self._attendance[journal] = attendance(
                    journal, self.gathered.states[journal], self.facts, self.regulation,
                    self.period.since, self.period.until, self.at, excuses,
                )  # fmt: skip
            total += counted.get(pupil, NO_LESSONS)
        return total


def _lower(reader: Reader) -> bool:
    return reader.scale is not None and reader.scale.lower_is_better


def reckon(
    inputs: Sequence[Input], formula: Formula, *, lower_is_better: bool = False
) -> tuple[list[Input], Computed]:
    """Reckon *inputs* by *formula*, and say of each what became of it.

    *Version added: 0.1.*
    """
    counted = [one for one in inputs if one.use != "aside"]
    groups: dict[tuple[str, int], list[Input]] = {}
    for one in counted:
        groups.setdefault((one.book, one.root), []).append(one)
    items: list[Item] = []
    superseded: set[tuple[str, int]] = set()
    for group in groups.values():
        item, rest = attempted(
            formula.attempts, [one.item() for one in group], lower_is_better=lower_is_better
        )
        items.append(item)
        superseded |= rest
    computed = compute(formula.kind, items, formula.drop_lowest, lower_is_better=lower_is_better)
    dropped = {
        one.key
        for group in groups.values()
        for one in group
        if computed.dropped.intersection(other.key for other in group)
    }
    found = []
    for one in inputs:
        if one.use == "aside":
            found.append(one)
        elif one.key in superseded:
            # What was replaced is as if it had never been.
            if formula.attempts != "replace":
                found.append(evolve(one, use="superseded"))
        else:
            found.append(evolve(one, use="dropped") if one.key in dropped else one)
    return found, computed


def _valued(found: Proposal, formula: Formula, regulation: Regulation) -> Proposal:
    """*found* with value or marker."""
    counted = [one for one in found.inputs if one.use == "counted"]
    scale = regulation.find_scale(formula.scale)
    value = None
    enough = {(one.book, one.root) for one in found.inputs if one.use != "aside" and not one.extra}
    if found.mean is not None and scale is not None and len(enough) >= formula.least:
        marks = [one.value for one in counted if one.scale == scale.code]
        value = rounded(found.mean, scale, regulation.rounding(formula.rounding), marks)
    number = None if value is None else number_of(value)
    if found.limit is not None and found.limit.warned:
        marker = found.limit.limit.marker
        if found.limit.limit.decides is not None and number is not None:
            return evolve(found, status="decides", value=number, marker=marker)
        return evolve(found, status="marker", marker=marker)
    if number is not None:
        return evolve(found, status="value", value=number)
    carried = {one.value for one in found.inputs if one.record == "result"}
    if not enough and len(carried) == 1 and carried <= set(formula.carries):
        return evolve(found, status="marker", marker=carried.pop())
    if not enough and formula.empty is not None:
        return evolve(found, status="marker", marker=formula.empty)
    return evolve(found, status="too_little")
