"""Explaining: why this deadline, why this refusal. The definitions of the rules, evaluated step by step.

Nothing is decided here: the duties, terms and comparisons are those of ``judge`` and ``audit``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from attrs import evolve, frozen

from edujournal.errors import Unknown
from edujournal.ledger.books import BookState, fold
from edujournal.model.entries import CHANGES, Entry
from edujournal.model.facts import Facts
from edujournal.model.ids import JournalId, school_book, split_about, year_of_book
from edujournal.model.occasions import Occasion
from edujournal.rules.anchors import Ground
from edujournal.rules.around import ALONE, Around
from edujournal.rules.catalogue import CATALOGUE, BreachCode
from edujournal.rules.clauses import (
    ApprovalRule,
    Clause,
    LockRule,
    QuantityRule,
    Regulation,
    RelationRule,
    TimingRule,
)
from edujournal.rules.duties import Duty, duties, expected
from edujournal.rules.fulfilling import done
from edujournal.rules.judging import subject_of, unordered
from edujournal.rules.limiting import remeasured
from edujournal.rules.limits import Measured
from edujournal.rules.marker_terms import term_of
from edujournal.rules.predicates import PREDICATES, Predicate, Scene
from edujournal.rules.reopening import reopened
from edujournal.rules.scenes import (
    disclosed,
    features,
    occasion_of,
    of_claim,
    of_event,
    of_lesson,
    of_period,
    of_section,
    of_work,
)
from edujournal.rules.term_values import Terms
from edujournal.rules.terms import Setting, Step, Term, Value, evaluate
from edujournal.rules.timing import compare
from edujournal.rules.verdicts import BREACHES, Finding, Outcome
from edujournal.rules.waivers import may_lift

#: For a breach of a right: the record by which another hand may lift it; empty for the one refused.
_LIFTED_BY: Final[Mapping[str, str]] = {
    "absence-removed": "annulment",
    "absent-at-lesson": "makeup",
    "account-reported": "restoration",
    "awaits-approval": "approval",
    "evidence-not-allowed": "",
    "no-right": "",
    "no-substitution": "substitution",
    "not-free": "substitution",
    "not-your-journal": "substitution",
    "reads-only": "",
    "role-not-held": "",
    "unconfirmed-substitution": "confirmation",
    "void": "vouch",
}

#: Outcomes after which there is something to be lifted.
_TO_BE_LIFTED: Final = BREACHES | {Outcome.PENDING, Outcome.VOID}


@frozen
class Evaluated:
    """A bound of a window, evaluated step by step on one occasion.

    *Version added: 0.1.*

    Attributes:
        term: The term, as the regulation has it.
        steps: What each step gave, in order; the last one gave *value*.
        value: The instant, UTC microseconds, or what is not known.
    """

    term: Term
    steps: tuple[Step, ...]
    value: Value


@frozen
class Window:
    """One rule's window on one occasion, and what was recorded beside it.

    *Version added: 0.1.*

    Attributes:
        duty: What the rule asks for.
        because: What the rule selects by, with the value that this occasion has.
        opens: The opening bound; None if it may always be recorded.
        closes: The closing bound; None if it is never due.
        owing: Members of the set that owes the record; the set of None alone is the occasion itself.
        certain: Whether that set is known for certain.
        done: Those of them for whom it is recorded.
        outcome: What comparing the recording with this window gives; None if nothing is compared.
        reopened: Number of the void entry that reopened the duty, whose window then ends later.
    """

    duty: Duty
    because: tuple[tuple[str, object], ...]
    opens: Evaluated | None
    closes: Evaluated | None
    owing: frozenset[str | None] = frozenset()
    certain: bool = True
    done: frozenset[str | None] = frozenset()
    outcome: Outcome | None = None
    reopened: int | None = None


@frozen
class RightRow:
    """One line of the rights table about a kind of record.

    *Version added: 0.1.*

    Attributes:
        clause: Clause number.
        role: Role.
        allows: True for may, False for may not.
        scope: How far it reaches.
    """

    clause: str
    role: str
    allows: bool
    scope: str


@frozen
class Explanation:
    """Why a finding says what it says, or what a regulation asks about an occasion.

    *Version added: 0.1.*

    Attributes:
        regulation: The regulation.
        clause: The clause; None for what any journal asks, whatever the regulation.
        code: Row of the catalogue; None where nothing was judged, or for a host's own code.
        finding: The finding explained, or None.
        occasion: The occasion, or None where it cannot be told any more.
        record: Kind of record.
        entry: The entry judged, as it was written; None for what is owed.
        windows: Windows of which exactly one holds; none where the clause is not about time.
        locks: Moments from which it is locked, needs the agreement of others, or has run its term.
        rights: Who may write such a record at all, and who may not.
        predicate: What the clause requires or excludes, or None.
        lifts: Roles whose holders may lift the breach.
        measured: What a limit has counted, or None.
    """

    regulation: Regulation
    clause: Clause | None
    code: BreachCode | None
    finding: Finding | None
    occasion: Occasion | None
    record: str
    entry: Entry | None = None
    windows: tuple[Window, ...] = ()
    locks: tuple[Evaluated, ...] = ()
    rights: tuple[RightRow, ...] = ()
    predicate: Predicate | None = None
    lifts: tuple[str, ...] = ()
    measured: Measured | None = None


def explain(
    finding: Finding,
    regulation: Regulation,
    facts: Facts,
    state: BookState,
    entry: Entry | None = None,
    school: BookState | None = None,
    around: Around = ALONE,
) -> Explanation:
    """Explain *finding*.

    Args:
        finding: A finding of an audit, a verdict or a due list.
        regulation: The regulation that it names; any one for what the library itself asks.
        facts: What the school's data says.
        state: What the book says; an entry is explained by what it said before that entry.
        entry: The entry judged, where it does not stand in *state* because it was refused.
        school: What the school book says, for locks that read it.
        around: What stood round the book then, for limits that count in other journals.

    *Version added: 0.1.*
    """
    entry = entry or _entry_of(finding, state)
    if entry is not None and entry.number <= state.number:
        state = _before(entry, state)
    subject = _subject(entry, state)
    occasion = _occasion(finding, subject, facts, state)
    code = CATALOGUE.get(finding.code)
    family = "" if code is None else code.family
    clause = _clause(finding, regulation)
    windows: tuple[Window, ...] = ()
    locks: tuple[Evaluated, ...] = ()
    measured = None
    if occasion is not None:
        pupil = finding.pupil if subject is None else subject.pupil
        ground = Ground(occasion, facts, state, pupil, regulation.given, None, school)
        scene = Scene(regulation, facts, state, around)
        measured = remeasured(finding, clause, entry, subject, occasion, scene)
        if family == "timing" or finding.code == "missing":
            windows = _windows(finding, regulation, ground, subject, around)
        elif family == "locks" and clause is not None:
            changed = None if subject is None or subject is entry else subject.lo
            ground = evolve(ground, recorded=changed)
            locks = _locks(finding, clause, Terms(regulation, facts).setting(ground))
        elif family == "markers":
            number = finding.why.get("given", entry and (entry.target or entry.number))
            term = term_of(number or 0, Terms(regulation, facts), ground)
            locks = () if term is None else (_bound(*term),)
    return Explanation(
        regulation,
        clause,
        code,
        finding,
        occasion,
        finding.record,
        entry,
        windows,
        locks,
        rights_of(regulation, finding.record) if family == "rights" else (),
        _predicate(finding.code, clause),
        lifts(finding, regulation),
        measured,
    )


def explain_occasion(
    regulation: Regulation,
    occasion: Occasion,
    record: str,
    facts: Facts,
    state: BookState | None = None,
    pupil: str | None = None,
) -> tuple[Explanation, ...]:
    """Explain what *regulation* asks of a kind of record about an occasion, nothing being judged.

    Args:
        regulation: The regulation.
        occasion: The occasion, such as ``edujournal.rules.scenes.of_lesson(lesson, facts)`` gives.
        record: Kind of record.
        facts: What the school's data says.
        state: What the book says; an empty book by default.
        pupil: Pupil for whom it is asked, for windows that start from what concerns one pupil.

    Returns:
        One explanation for each duty.

    *Version added: 0.1.*
    """
    state = BookState(occasion.book) if state is None else state
    found = []
    ground = Ground(occasion, facts, state, pupil, regulation.given)
    for choices in duties(regulation, occasion, facts, record=record, state=state, pupil=pupil):
        windows = tuple(window_of(duty, regulation, ground, None) for duty in choices)
        clause = regulation.clause(choices[0].clause)
        found.append(
            Explanation(
                regulation, clause, None, None, occasion, record,
                windows=windows, rights=rights_of(regulation, record),
            )
        )  # fmt: skip
    return tuple(found)


# -- windows ---------------------------------------------------------------------------------------


def _windows(
    finding: Finding, regulation: Regulation, ground: Ground, subject: Entry | None, around: Around
) -> tuple[Window, ...]:
    record = finding.record if subject is None else subject.kind
    found = duties(
        regulation,
        ground.occasion,
        ground.facts,
        record=record,
        entry=subject,
        state=ground.state,
        pupil=ground.pupil, around=around,
    )  # fmt: skip
    for choices in found:
        if finding.clause not in {duty.clause for duty in choices}:
            continue
        asks = any(
            duty.judged if finding.entry is not None else duty.quorum.how != "none"
            for duty in choices
        )
        if asks:
            return _reopened(choices, regulation, ground, finding)
    return ()


def _reopened(
    choices: tuple[Duty, ...], regulation: Regulation, ground: Ground, finding: Finding
) -> tuple[Window, ...]:
    """The windows as they are after an entry that met the duty became void."""
    state = ground.state or BookState(ground.occasion.book)
    number = None
    if finding.outcome is not Outcome.MET or finding.entry is not None:
        choices, number = reopened(choices, finding.pupil, ground.occasion, state, regulation)
    return tuple(
        evolve(window_of(duty, regulation, ground, finding), reopened=number) for duty in choices
    )


def _locks(finding: Finding, clause: Clause, setting: Setting) -> tuple[Evaluated, ...]:
    found = []
    for rule in clause.rules:
        if isinstance(rule, LockRule) and finding.code == "locked":
            term = rule.since
        elif isinstance(rule, ApprovalRule) and finding.code == "awaits-approval":
            term = rule.after
        else:
            continue
        if rule.record == finding.record:
            found.append(_bound(term, setting))
    return tuple(found)


def window_of(
    duty: Duty, regulation: Regulation, ground: Ground, finding: Finding | None
) -> Window:
    """The window of *duty*, its bounds evaluated step by step.

    Args:
        duty: What is asked.
        regulation: The regulation that asks.
        ground: The occasion, with what is known about it.
        finding: The finding whose recording is compared; None compares nothing.
    """
    rule = regulation.clause(duty.clause).rules[duty.rule]
    if not isinstance(rule, TimingRule | QuantityRule):
        raise TypeError(f"clause {duty.clause}, rule {duty.rule} has no window")
    occasion, facts = ground.occasion, ground.facts
    state = ground.state or BookState(occasion.book)
    setting = Terms(regulation, facts).setting(ground)
    owing, certain = expected(duty, occasion, facts, state, regulation)
    has = done(duty, owing, occasion, state, regulation)
    return Window(
        duty,
        _because(rule, regulation, occasion),
        _evaluated(rule.opens, setting),
        _evaluated(rule.by if isinstance(rule, QuantityRule) else rule.closes, setting),
        owing,
        certain,
        has & owing,
        None
        if finding is None or finding.hi is None or not duty.judged
        else compare(duty, finding.lo, finding.hi),
    )


def _evaluated(term: Term | None, setting: Setting) -> Evaluated | None:
    return None if term is None else _bound(term, setting)


def _bound(term: Term, setting: Setting) -> Evaluated:
    steps: list[Step] = []
    value = evaluate(term, setting, steps)
    return Evaluated(term, tuple(steps), value)


def _because(
    rule: TimingRule | QuantityRule, regulation: Regulation, occasion: Occasion
) -> tuple[tuple[str, object], ...]:
    known = features(occasion, regulation)
    shown = []
    for name, allowed in rule.when.fields:
        value = known.get(name)
        is_plain = isinstance(value, str | int | bool)
        shown.append((name, value if is_plain else ", ".join(map(str, allowed))))
    return tuple(shown)


# -- what was judged -------------------------------------------------------------------------------


def _before(entry: Entry, state: BookState) -> BookState:
    """What the book said before *entry*, as it was known then."""
    before = fold(state.book, state.entries[: entry.number - 1])
    seen = entry.beside.get(school_book(year_of_book(entry.book)))
    before.fences = state.fences.as_of(entry.at, seen)
    return before


def _entry_of(finding: Finding, state: BookState) -> Entry | None:
    found = None if finding.entry is None else state.entry(finding.entry)
    return found if found is not None and found.book == finding.book else None


def _subject(entry: Entry | None, state: BookState) -> Entry | None:
    """The entry whose window counts: of a change, the one that it changes."""
    return None if entry is None else subject_of(entry, state)


def _occasion(
    finding: Finding, subject: Entry | None, facts: Facts, state: BookState
) -> Occasion | None:
    try:
        if subject is not None and subject.kind not in CHANGES:
            return occasion_of(subject, facts, state)
        return occasion_named(finding.about, finding.book, finding.record, facts, state)
    except Unknown:
        # The school's data has lost it since; the clause can still be explained.
        return None


def occasion_named(
    name: str, book: str, record: str, facts: Facts, state: BookState
) -> Occasion | None:
    """The occasion *name* of *book* as something is owed about it; None for one that owes nothing.

    Raises:
        Unknown: Nobody knows such a lesson, period or year.
    """
    kind, id = split_about(name)
    if kind == "lesson":
        lesson = facts.lesson(id)
        if record != "confirmation":
            return of_lesson(lesson, facts)
        claim = next(iter(unordered(name, state, (), facts.substitutes(lesson))), None)
        return None if claim is None else of_claim(claim, lesson, facts)
    if kind == "work":
        work = state.work(id)
        return None if work is None else of_work(work, JournalId.parse(book), facts)
    if kind == "period":
        return of_period(JournalId.parse(book), id, facts)
    if kind == "section":
        return of_section(id, year_of_book(book), facts)
    event = disclosed(name, state) if kind == "event" else None
    return None if event is None else of_event(name, book, event, facts)


def _clause(finding: Finding, regulation: Regulation) -> Clause | None:
    if finding.regulation != regulation.id:
        return None
    return next((one for one in regulation.clauses if one.number == finding.clause), None)


def _predicate(code: str, clause: Clause | None) -> Predicate | None:
    for rule in () if clause is None else clause.rules:
        if isinstance(rule, RelationRule) and PREDICATES[rule.predicate].code == code:
            return PREDICATES[rule.predicate]
    return None


# -- who may ---------------------------------------------------------------------------------------


def rights_of(regulation: Regulation, record: str) -> tuple[RightRow, ...]:
    """Who may write a kind of record, and who may not, as the rights table has it.

    *Version added: 0.1.*
    """
    return tuple(_rights(regulation, record))


def _rights(regulation: Regulation, record: str) -> Iterator[RightRow]:
    for role in regulation.roles:
        for clause, rule in regulation.rights.get((role, "write", record), ()):
            yield RightRow(clause.number, role, rule.may is not None, rule.scope)


def lifts(finding: Finding, regulation: Regulation) -> tuple[str, ...]:
    """Roles whose holders may lift a breach: by a waiver, by what must come first, or by doing it.

    Nobody lifts lateness that the regulation lets nobody lift: it stays visible.

    *Version added: 0.1.*
    """
    if finding.outcome not in _TO_BE_LIFTED:
        return ()
    record = _LIFTED_BY.get(finding.code)
    if record is None:
        return may_lift(finding, regulation)
    if finding.code == "evidence-not-allowed":
        return tuple(
            role
            for role in regulation.roles
            if (role, "import", finding.record) in regulation.rights
        )
    rows = rights_of(regulation, record or finding.record)
    return tuple(dict.fromkeys(row.role for row in rows if row.allows))
