"""Terms of markers: when one ends, what has taken its place before, and what time makes of it then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from attrs import evolve, frozen

from edujournal.ledger.books import BookState
from edujournal.model.entries import Content, Entry
from edujournal.model.occasions import Occasion
from edujournal.rules.anchors import Ground
from edujournal.rules.clauses import Regulation
from edujournal.rules.duties import Duty, hands_of
from edujournal.rules.given import beside, counts_from, end_of, kind_of, stage_of
from edujournal.rules.numbers import exact
from edujournal.rules.scenes import occasion_or_none
from edujournal.rules.term_values import Bound, Terms
from edujournal.rules.terms import Setting, Term
from edujournal.rules.verdicts import Effect, Finding, NotKnown, Outcome, Severity
from edujournal.rules.vocabulary import MarkerKind
from edujournal.rules.worth import Key, Sign, replaced, sign_of


def clause_of(kind: MarkerKind, regulation: Regulation) -> str:
    """The clause under which findings about a marker are cited."""
    return kind.clause or regulation.rights_clause


def has_term(kind: MarkerKind) -> bool:
    """Tell whether a marker waits for something: a debt does, and one that time makes something of."""
    return kind.family == "debt" or kind.expires is not None


@frozen
class Running:
    """A marker that waits to be cleared.

    Attributes:
        entry: Its entry, as it reads.
        kind: What the regulation says of it.
        occasion: What it is about.
        ends: Instant at which its term ends; None if it has none, or what is not known.
        taken: What took its place before that, or None.
        late: What took its place afterwards, or None.
        made: The entry that time has made of it, or None.
    """

    entry: Entry
    kind: MarkerKind
    occasion: Occasion
    ends: Bound
    taken: Entry | None = None
    late: Entry | None = None
    made: Entry | None = None


def running(
    now: Entry, kind: MarkerKind, occasion: Occasion, terms: Terms, state: BookState
) -> Running:
    """How a marker, as it reads, stands: when its term ends, and what has taken its place."""
    key: Key = (now.book, now.number)
    ends = end_of(now, kind, occasion, terms, state)
    others = {
        (one.book, one.number): one
        for one in beside(occasion, str(now.pupil), state, stage_of(now))
    }
    signs = [sign_of(one) for one in others.values()]
    made = next((others[sign.key] for sign in signs if sign.ends == key), None)
    plain = [sign for sign in signs if sign.ends != key]
    inside = [sign for sign in plain if not isinstance(ends, int) or sign.since < ends]
    taken = _taker(inside, key, others, terms.regulation)
    late = None if taken is not None else _taker(plain, key, others, terms.regulation)
    return Running(now, kind, occasion, ends, taken, late, made)


def _taker(
    signs: list[Sign], key: Key, others: Mapping[Key, Entry], regulation: Regulation
) -> Entry | None:
    found = replaced(signs, regulation).get(key)
    return None if found is None else others[found]


def markers_with_terms(
    terms: Terms,
    state: BookState,
    since: date | None = None,
    until: date | None = None,
    pupil: str | None = None,
) -> Iterator[Running]:
    """Every marker of a book that waits to be cleared, in the order of entries.

    With *since* and *until* only those about occasions of the days in ``[since, until)``; with *pupil*
    only that pupil's.
    """
    regulation = terms.regulation
    if not any(has_term(kind) for kind in regulation.markers):
        return
    entries = [*state.of_kind("marker"), *state.of_kind("result")]
    for entry in sorted(entries, key=lambda one: one.number):
        now = state.reading(entry)
        kind = kind_of(now, regulation)
        if kind is None or not has_term(kind) or pupil not in (None, entry.pupil):
            continue
        occasion = occasion_or_none(entry, terms.facts, state)
        if occasion is None:
            continue
        day = occasion.day
        if day is not None and ((since and day < since) or (until and day >= until)):
            continue
        if regulation.holds_on(day):
            yield running(now, kind, occasion, terms, state)


def outstanding(
    terms: Terms,
    state: BookState,
    at: int,
    since: date | None = None,
    until: date | None = None,
) -> Iterator[Finding]:
    """Say of each marker with a term whether it was cleared before its end, at the instant *at*.

    Whoever gives marks there owes it. One that time has made something of is settled.

    Args:
        terms: Values of terms, with the regulation and the facts.
        state: What the book says.
        at: Instant that parts pending from missing.
        since: First day of the occasions looked at; None for all.
        until: Day after the last one; None for all.
    """
    for run in markers_with_terms(terms, state, since, until):
        if run.made is not None:
            continue
        entry, duty = run.entry, duty_of(run, terms)
        cleared = run.taken or run.late
        if cleared is None:
            outcome = duty.without(at)
        else:
            outcome = duty.compared(cleared.lo, cleared.hi)
        why: dict[str, Any] = {"marker": run.kind.code, "given": entry.number}
        if isinstance(run.ends, NotKnown):
            why["unknown"] = [run.ends.what]
        elif outcome is Outcome.UNDECIDABLE:
            why["evidence"] = True
        yield Finding(
            "uncleared",
            duty.regulation,
            duty.clause,
            duty.severity,
            outcome,
            Effect.REMARK,
            duty.book,
            duty.about,
            entry.pupil,
            "marker",
            closes=run.ends if isinstance(run.ends, int) else None,
            lo=None if cleared is None else cleared.lo,
            hi=None if cleared is None else cleared.hi,
            by=None if cleared is None else cleared.author,
            hands=duty.hands,
            why=why,
        )


def duty_of(run: Running, terms: Terms) -> Duty:
    """The duty to clear a marker: what takes its place must be recorded before its term ends."""
    return Duty(
        terms.regulation.id,
        clause_of(run.kind, terms.regulation),
        -1,
        run.occasion.book,
        run.entry.about,
        "marker",
        None,
        run.ends,
        hands_of("mark", run.occasion, terms.facts, terms.regulation),
    )


def term_of(number: int, terms: Terms, ground: Ground) -> tuple[Term, Setting] | None:
    """The term that a regulation gives to a marker, and where it is evaluated; None where it gives none.

    Args:
        number: Number of the entry that gives it.
        terms: Values of terms, with the regulation and the facts.
        ground: What the book says, and what the school supplies.
    """
    state = ground.state
    entry = None if state is None else state.entry(number)
    if state is None or entry is None:
        return None
    now = state.reading(entry)
    kind = kind_of(now, terms.regulation)
    term = None if kind is None or kind.expires is None else kind.expires.term
    if term is None:
        return None
    occasion = occasion_or_none(entry, terms.facts, state)
    if occasion is None:
        return None
    there = evolve(ground, occasion=occasion, pupil=entry.pupil, recorded=counts_from(now, state))
    return term, terms.setting(there)


# -- what time makes -------------------------------------------------------------------------------


def ended(terms: Terms, state: BookState, at: int) -> Iterator[tuple[Running, Content]]:
    """Markers whose term has ended by *at* and of which time makes something, each with what it makes."""
    for run in markers_with_terms(terms, state):
        if run.made is None and run.taken is None and isinstance(run.ends, int) and run.ends <= at:
            said = successor(run, terms.regulation)
            if said is not None:
                yield run, said


def successor(run: Running, regulation: Regulation) -> Content | None:
    """What a marker becomes when its term has ended; None where nothing is made of it.

    A marker or a mark in the same cell. A result has but one entry: that one is corrected.
    """
    expires, entry = run.kind.expires, run.entry
    if expires is None or not isinstance(run.ends, int):
        return None
    because = {
        "at": run.ends,
        "clause": clause_of(run.kind, regulation),
        "regulation": regulation.id,
        "what": "ended",
    }
    journal = entry.book.removeprefix("journal/")
    value = None if expires.value is None else written_value(expires.value)
    if entry.kind == "result":
        change: dict[str, int | str | None] = {"marker": expires.marker}
        change |= {} if value is None else {"value": value}
        change |= {"until": None} if "until" in entry.values else {}
        return Content(
            "correction", f"entry:{entry.number}", values={"because": because, "change": change},
            target=entry.number, journal=journal,
        )  # fmt: skip
    kind = "marker" if value is None else "result" if entry.about.startswith("period:") else "mark"
    stage = entry.values.get("stage", "period" if kind == "result" else None)
    said = {"code": expires.marker, "lesson": entry.values.get("lesson"), "stage": stage,
            "value": value}  # fmt: skip
    values = {name: one for name, one in said.items() if one is not None} | {"because": because}
    return Content(
        kind, entry.about, entry.pupil, values, target=entry.number, journal=journal,
    )  # fmt: skip


def written_value(value: str) -> int | str:
    """A value of a regulation file in the form in which bodies keep a mark's: a whole number, or text."""
    number = exact(value)
    return int(value) if number is not None and str(number) == value else value


def by_time(entry: Entry, occasion: Occasion, terms: Terms, state: BookState) -> Finding:
    """Judge what the actor ``system`` recorded: time makes what is due, when it is due, nothing else."""
    because = entry.values["because"]
    target = None if entry.target is None else state.entry(entry.target)
    outcome, ends, why = Outcome.BROKEN, None, dict(because)
    now = None if target is None or not state.stands(target) else state.reading(target)
    kind = None if now is None else kind_of(now, terms.regulation)
    if now is not None and kind is not None:
        run = running(now, kind, occasion, terms, state)
        said = successor(run, terms.regulation)
        if isinstance(run.ends, NotKnown):
            outcome, why = Outcome.UNDECIDABLE, {**why, "unknown": [run.ends.what]}
        elif said is not None and isinstance(run.ends, int):
            ends = run.ends
            same = (said.kind, dict(said.values)) == (entry.kind, dict(entry.values))
            if same and run.taken is None and run.made is None and entry.at >= ends:
                outcome = Outcome.MET
    return Finding(
        "not-by-time", terms.regulation.id, str(because["clause"]), Severity.MUST, outcome,
        Effect.REFUSE, entry.book, entry.about, entry.pupil, entry.kind, opens=ends,
        lo=entry.lo, hi=entry.hi, by=entry.author, entry=entry.number, why=why,
    )  # fmt: skip
