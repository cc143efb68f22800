"""The exact audit: replay a book, judge each entry as it comes, then compare with what is owed."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain

from attrs import evolve

from edujournal.errors import Unknown
from edujournal.ledger.books import BookState
from edujournal.ledger.past import Past
from edujournal.ledger.validity import NO_FENCES, Fences, Standing
from edujournal.model.entries import Entry
from edujournal.model.facts import Facts
from edujournal.model.ids import JournalId, year_of_book
from edujournal.model.occasions import Occasion
from edujournal.model.people import Kleene
from edujournal.model.time import zone
from edujournal.planning import Beside, around_of, beside_of
from edujournal.rules import basis_kept, floors, logins, quantity
from edujournal.rules.around import ALONE, Around
from edujournal.rules.ceilings import Named, named_by, still_broken
from edujournal.rules.duties import expected
from edujournal.rules.integrity import CLAUSE, LIBRARY
from edujournal.rules.judging import Judge, claims_of, judge_all, unordered
from edujournal.rules.marker_terms import outstanding
from edujournal.rules.predicates import Scene
from edujournal.rules.scenes import (
    disclosed,
    of_claim,
    of_event,
    of_journal,
    of_lesson,
    of_period,
    of_section,
    of_work,
    sheet_to_archive,
)
from edujournal.rules.verdicts import Effect, Finding, Outcome, Severity


def acts(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Group the entries of a book into acts: what one caller recorded at one go."""
    act: list[Entry] = []
    for entry in entries:
        if act and entry.act != act[0].act:
            yield act
            act = []
        act.append(entry)
    if act:
        yield act


def replay(
    judges: Sequence[Judge],
    state: BookState,
    entries: Iterable[Entry],
    beside: Beside,
    known: Fences = NO_FENCES,
    proven: Container[int] = (),
) -> Iterator[Finding]:
    """Judge *entries* one after another, each by what the books said when it came.

    What is void by the school book as known now is reported as void, not judged. *state* ends after
    the last entry. An entry of no kind stands for one that is not looked at.

    Args:
        judges: The regulations with the facts.
        state: The book, empty.
        entries: Its entries, in order.
        beside: The books round it.
        known: The fences of the school book as it is known now.
        proven: Numbers of entries that are known to be clean: they are not judged, others are judged by
            them.
    """
    waiting: list[Finding] = []
    for act in acts(entries):
        for place, entry in enumerate(act, 1):
            if not entry.kind or entry.number in proven:
                pass  # stands for one that is not looked at, or has been looked at already
            elif (fence := known.report_of(entry)) is not None and known.standing(
                entry
            ) is Standing.VOID:
                yield _void(entry, "void", Outcome.VOID, {"report": fence.report})
            else:
                around = evolve(beside.around(entry, state), claims=claims_of(act[:place]))
                try:
                    found, _, _ = judge_all(judges, entry, state, around)
                except Unknown as lost:
                    why: dict[str, object] = {"name": lost.name, "noun": lost.noun}
                    yield _void(entry, "no-longer-known", Outcome.UNDECIDABLE, why)
                else:
                    yield from found.findings
                    waiting += [one for one in found.findings if one.code == "awaits-approval"]
            state.apply(entry)
    state.fences = known
    yield from _on_void(state)
    for one in waiting:
        if state.agreement(state.entries[int(one.entry or 0) - 1]) is Kleene.UNKNOWN:
            unknown = {**one.why, "later": True, "unknown": ["author"]}
            yield evolve(one, outcome=Outcome.UNDECIDABLE, why=unknown)


def _on_void(state: BookState) -> Iterator[Finding]:
    """Entries void by a declined substitution, and entries of others that rest on void ones."""
    if not state.fences.by_account and next(state.of_kind("confirmation"), None) is None:
        return
    for entry in state.entries:
        if state.is_void(entry):
            if state.fences.standing(entry) is not Standing.VOID:
                yield _void(entry, "void", Outcome.VOID, {"declined": True})
        elif entry.target is not None and entry.kind != "confirmation":
            target = state.entry(entry.target)
            if target is not None and state.is_void(target):
                yield _void(entry, "rests-on-void", Outcome.BROKEN, {"target": target.number})


def _void(entry: Entry, code: str, outcome: Outcome, why: dict[str, object]) -> Finding:
    return Finding(
        code, LIBRARY, CLAUSE, Severity.MUST if code == "void" else Severity.ADVICE,
        outcome, Effect.REMARK, entry.book, entry.about, entry.pupil, entry.kind,
        lo=entry.lo, hi=entry.hi, by=entry.author, entry=entry.number, why=why,
    )  # fmt: skip


def occasions(
    book: str, facts: Facts, state: BookState, judges: Sequence[Judge]
) -> Iterator[Occasion]:
    """Every occasion of *book* about which something may be owed."""
    if book.startswith("journal/"):
        journal = JournalId.parse(book)
        yield from _of_journal(journal, facts, state)
    elif book.startswith("school/"):
        year = year_of_book(book)
        named = [one for judge in judges for one in judge.regulation.sections]
        for section in dict.fromkeys(facts.calendar(year).sections or named):
            yield of_section(section, year, facts)
        for name in state.occasions("disclosure"):
            event = disclosed(name, state)
            if event is not None:
                yield of_event(name, book, event, facts)
        if any("archiving" in judge.regulation.timing for judge in judges):
            for group in facts.calendar(year).groups:
                sheet = (
                    sheet_to_archive(group.id, year, facts, state)
                    if group.kind == "class"
                    else None
                )
                if sheet is not None:
                    yield sheet
        if any("closing" in judge.regulation.timing for judge in judges):
            for journal in sorted(facts.journals(), key=str):
                if journal.year == year:
                    yield of_journal(journal, facts)


def _of_journal(journal: JournalId, facts: Facts, state: BookState) -> Iterator[Occasion]:
    for lesson in facts.lessons_of(journal):
        occasion = of_lesson(lesson, facts)
        yield occasion
    for name in list(state.occasions("substitution")):
        held = facts.find_lesson(name.partition(":")[2])
        if held is None:
            continue
        for claim in unordered(name, state, (), facts.substitutes(held)):
            yield of_claim(claim, held, facts)
    for work in state.works():
        yield of_work(work, journal, facts)
    calendar = facts.calendar(journal.year)
    for period in calendar.periods(journal.group):
        yield of_period(journal, period.id, facts)


def owed(
    judges: Sequence[Judge],
    book: str,
    state: BookState,
    at: int,
    since: date | None = None,
    until: date | None = None,
    around: Around = ALONE,
    only: Container[str] | None = None,
) -> Iterator[Finding]:
    """Compare what is owed in *book* with what *state* says at the instant *at*.

    With *since* and *until* only occasions of the days in ``[since, until)``, with *only* those
    so named. What stands *around* the book is read where a limit counts in other journals, too.
    """
    facts = judges[0].facts
    for occasion in occasions(book, facts, state, judges):
        day = occasion.day
        if only is not None and occasion.name not in only:
            continue
        if day is not None and ((since and day < since) or (until and day >= until)):
            continue
        for judge in judges:
            for record in judge.regulation.timing:
                yield from _lacking(judge, occasion, record, state, at)
            if judge.regulation.limits:
                scene = Scene(judge.regulation, facts, state, around)
                yield from floors.owed(occasion, scene, judge.terms, at)
    if book.startswith("journal/"):
        for judge in judges:
            yield from outstanding(judge.terms, state, at, since, until)


def _lacking(
    judge: Judge, occasion: Occasion, record: str, state: BookState, at: int
) -> Iterator[Finding]:
    regulation, facts = judge.regulation, judge.facts
    for choices in judge.duties(occasion, record, None, state):
        if "pupil" not in judge.reads(record):
            yield from quantity.completeness(choices, occasion, facts, state, regulation, at)
            continue
        owing, _ = expected(choices[0], occasion, facts, state, regulation)
        for one in sorted(owing, key=lambda name: name or ""):
            for own in judge.duties(occasion, record, None, state, one):
                if own[0].rule == choices[0].rule and own[0].clause == choices[0].clause:
                    yield from quantity.completeness(
                        own, occasion, facts, state, regulation, at, only=one
                    )


def audit_book(
    judges: Sequence[Judge],
    book: str,
    entries: Iterable[Entry],
    at: int,
    since: date | None = None,
    until: date | None = None,
    beside: Mapping[str, BookState] | None = None,
    look: Callable[[str], BookState] | None = None,
    as_of: int | None = None,
    only: Container[str] | None = None,
    proven: Container[int] = (),
) -> Iterator[Finding]:
    """Audit one book: every entry judged, then everything owed.

    Args:
        judges: The regulations with the facts.
        book: Name of the book; it need not have entries.
        entries: Its entries, in order.
        at: Instant that parts pending from missing.
        since: First day of the occasions looked at; None for all.
        until: Day after the last one; None for all.
        beside: School and class books by name, and the other journals that limits look at; a school
            book also where it is audited itself. As they are known now: each entry is judged by what
            they said when it came.
        look: Gives another journal, for results that rest on entries there; without it they are not
            compared.
        as_of: Instant before which *entries* end; what became void later is not void then.
        only: Names of the occasions about which it is asked what is owed; None for all.
        proven: Numbers of entries that are known to be clean, and are not judged.

    *Version added: 0.1.*
    """
    state = BookState(book)
    days = since is not None or until is not None
    facts = judges[0].facts
    names = (*beside_of(book, facts, [judge.regulation for judge in judges]), book)
    others = {name: one for name, one in (beside or {}).items() if name in names}
    then = others
    if as_of is not None:
        then = {name: Past(one).before(as_of) for name, one in others.items()}
    around = around_of(book, state, then)
    found = replay(judges, state, entries, Beside(book, others), around.fences, proven)
    if look is not None:
        found = chain(found, _outlived(state, look))
    named: dict[str, set[Named]] = {}
    for finding in found:
        for one in named_by((finding,)):
            named.setdefault(finding.regulation, set()).add(one)
        if not days or _meets(finding, state, facts, since, until):
            yield finding
    if book.startswith("journal/"):
        for judge in judges:
            scene = Scene(judge.regulation, facts, state, around)
            for finding in still_broken(scene, named.get(judge.regulation.id, ())):
                if not days or _meets(finding, state, facts, since, until):
                    yield finding
    yield from owed(judges, book, state, at, since, until, around, only)
    if book.startswith("school/"):
        before = at if as_of is None else min(at, as_of)
        for judge in judges:
            yield from logins.of_year(
                judge.regulation, facts, year_of_book(book), before, since, until
            )


def _outlived(state: BookState, look: Callable[[str], BookState]) -> Iterator[Finding]:
    """Results that rest on what became void, or changed in the journal of a group left by the pupil."""

    def known(book: str) -> BookState:
        found = look(book)
        found.fences = state.fences
        return found

    for result, gone in basis_kept.outlived(state, known):
        first = gone[0]
        yield Finding(
            "basis-changed", LIBRARY, CLAUSE, Severity.ADVICE, Outcome.BROKEN, Effect.REMARK,
            result.book, result.about, result.pupil, result.kind, lo=result.lo, hi=result.hi,
            by=result.author, entry=result.number,
            why={"later": True, "target": result.number, "book": first.get("book", result.book),
                 "input": first["n"]},
        )  # fmt: skip


def _meets(
    finding: Finding, state: BookState, facts: Facts, since: date | None, until: date | None
) -> bool:
    if finding.hi is None:
        return True
    day = _day_of(finding, state, facts)
    if day is None:
        tz = zone(facts.calendar(year_of_book(finding.book)).zone)
        day = tz.local_date(finding.hi - 1)
    return (since is None or since <= day) and (until is None or day < until)


def _day_of(finding: Finding, state: BookState, facts: Facts) -> date | None:
    """Day of the occasion that *finding* is about; None where that is not known."""
    kind, _, id = finding.about.partition(":")
    if kind == "lesson":
        lesson = facts.find_lesson(id)
        return None if lesson is None else lesson.day
    if kind == "period":
        return of_period(JournalId.parse(finding.book), id, facts).day
    work = state.work(id) if kind == "work" else None
    if work is not None:
        return of_work(work, JournalId.parse(finding.book), facts).day
    if kind == "section":
        return of_section(id, year_of_book(finding.book), facts).day
    if kind == "journal":
        return of_journal(JournalId.parse(id), facts).day
    if kind == "sheet":
        sheet = sheet_to_archive(id, year_of_book(finding.book), facts, state)
        return None if sheet is None else sheet.day
    event = disclosed(finding.about, state) if kind == "event" else None
    return None if event is None else of_event(finding.about, finding.book, event, facts).day


def due_in(
    judges: Sequence[Judge], book: str, state: BookState, at: int, around: Around = ALONE
) -> Iterator[Finding]:
    """What can be recorded in *book* at the instant *at* and still lacks: open windows and missed ones."""
    facts = judges[0].facts
    for finding in owed(judges, book, state, at, around=around):
        if finding.outcome in (Outcome.PENDING, Outcome.MISSING) and is_due(finding, facts, at):
            yield finding


def by_end(finding: Finding) -> tuple[bool, int, str, str]:
    """Where *finding* stands in a list of what is due: what closes first comes first."""
    return finding.closes is None, finding.closes or 0, finding.book, finding.about


def concerns(finding: Finding, account: str, facts: Facts) -> bool:
    """Tell whether *account* owes what *finding* says, or is that of the pupil who has to clear it."""
    if account in finding.hands:
        return True
    return finding.code == "uncleared" and finding.pupil in facts.account(account).pupils


def is_reported(finding: Finding) -> bool:
    """Tell whether an audit shows *finding* without being asked for all."""
    return finding.outcome not in (Outcome.MET, Outcome.PENDING, Outcome.NOT_APPLICABLE)


def is_due(finding: Finding, facts: Facts, at: int) -> bool:
    """Tell whether what *finding* says is owed can already be recorded at the instant *at*."""
    if finding.opens is not None:
        return finding.opens <= at
    kind, _, id = finding.about.partition(":")
    lesson = facts.find_lesson(id) if kind == "lesson" else None
    return lesson is None or lesson.starts <= at
