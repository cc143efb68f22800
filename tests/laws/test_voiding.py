"""Law 7: what voids, lifts or locks does that and nothing else."""

from __future__ import annotations

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import edujournal as ej
from edujournal.audits.exact import audit_book
from edujournal.ledger.books import fold
from edujournal.ledger.validity import Standing
from edujournal.model.people import Actor
from edujournal.model.time import moment
from edujournal.rules.judging import Judge
from edujournal.rules.loading import load
from edujournal.testing import strategies as some
from edujournal.testing.scripts import ScriptedAct, play

SOME = settings(max_examples=max(1, settings().max_examples // 3))

#: Kinds of record that are seen in what they do to others.
EFFECTS = ("correction", "annulment", "approval", "confirmation")


def says(state):
    """What a book says, entry numbers left out."""
    rows = [
        (entry.kind, entry.about, entry.pupil, entry.at, entry.by, now.values, now.texts)
        for entry in state.entries
        if entry.kind not in EFFECTS and state.stands(entry)
        for now in [state.reading(entry)]
    ]
    about = dict.fromkeys(entry.about for entry in state.entries)
    rolls = {name: roll.values for name in about if (roll := state.roll(name)) is not None}
    claims = {
        name: found
        for name in about
        if (found := [(one.values, one.at, answer) for one, answer in state.claims(name)])
    }
    return rows, rolls, claims, sorted(state.works(), key=lambda work: work.id)


def without(state):
    """The book as if its void entries, and what speaks of them, had never been written."""
    numbers, kept = {}, []
    for entry in state.entries:
        void = state.fences.standing(entry) is Standing.VOID
        if void or (entry.target is not None and entry.target not in numbers):
            continue
        numbers[entry.number] = number = len(kept) + 1
        target = None if entry.target is None else numbers[entry.target]
        kept.append(evolve(entry, number=number, target=target))
    return fold(state.book, kept)


@SOME
@given(data=st.data())
def test_void_is_as_if_never_written(opened, data):
    """With a report a book says what it would say without the void entries; no byte of it changes."""
    school = data.draw(some.working_schools())
    script = data.draw(some.scripts(school, opened.regulation, least=8, most=24))
    journals, clock = opened(school)
    play(journals, clock, script)
    books = [book for book in journals.books() if not book.startswith("access/")]
    bytes_before = {book: list(journals.store.read(school.id, book)) for book in books}
    moments = st.sampled_from(sorted({act.at for act in script}))
    account = data.draw(st.sampled_from([act.by.account for act in script]))
    report = ej.Compromise(
        account=account,
        year=some.YEAR,
        head=moment(data.draw(moments), "UTC"),
        support=moment(data.draw(moments), "UTC"),
    )
    journals.record_many([report], "deputy" if account == "head" else "head")

    for book in books:
        state = journals.state(book)
        assert says(without(state)) == says(state)
        if not book.startswith("school/"):
            assert bytes_before[book] == list(journals.store.read(school.id, book))


def audited(opened, school, journals, regulation=None, forget=()):
    """What an audit of the stored books says, under *regulation*, as if some kinds were not there."""
    facts = school.facts()
    judges = [Judge(regulation or opened.regulation, facts)]
    books = [book for book in journals.books() if not book.startswith("access/")]
    beside = {book: journals.state(book) for book in books if not book.startswith("journal/")}
    at = max((entry.at for book in books for entry in journals.entries(book)), default=0)
    found = []
    for book in books:
        entries = list(journals.entries(book))
        others = beside
        if book.startswith("journal/"):
            others = {name: forgetting(one, forget) for name, one in beside.items()}
        found += audit_book(judges, book, entries, at + 1, beside=others)
    return found


def forgetting(state, kinds):
    """A book whose entries of some kinds are there and say nothing."""
    return fold(
        state.book, [evolve(one, kind="nothing") if one.kind in kinds else one for one in state.entries]
    )  # fmt: skip


def place(finding):
    """What a finding is about, its outcome left out, as a text to sort by."""
    return repr((
        finding.book, finding.entry, finding.clause, finding.code, finding.about, finding.pupil,
        finding.record, finding.opens, finding.closes,
    ))  # fmt: skip


def lifting_all(at, by):
    """The act of giving a waiver of whatever the regulation lets anybody lift."""
    lifted = ("L2", "L3", "L4", "L6")
    span = {"since": moment(at, "UTC"), "until": moment(at + 9_999_999_999_999, "UTC")}
    waiver = ej.Waiver(id="all", clauses=lifted, year=some.YEAR, ground="сбой", **span)
    return ScriptedAct(at, Actor(by), (waiver,))


@SOME
@given(data=st.data())
def test_a_waiver_turns_breaches_into_excused_ones(opened, data):
    """With waivers an audit says the same as without, but that some breaches are excused and say by what."""
    school = data.draw(some.working_schools())
    script = data.draw(some.scripts(school, opened.regulation, least=8, most=24))
    journals, clock = opened(school)
    first = data.draw(st.sampled_from(("head", "deputy", "t-1")))
    play(journals, clock, [lifting_all(script[0].at - 1, first), *script])
    # A verdict says breaches first, so that the order may change.
    plain = sorted(audited(opened, school, journals, forget=("waiver",)), key=place)
    waived = sorted(audited(opened, school, journals), key=place)

    assert [place(one) for one in plain] == [place(one) for one in waived]
    for before, after in zip(plain, waived, strict=True):
        if before != after:
            assert (before.is_breach, ej.Outcome.EXCUSED) == (True, after.outcome)
            assert before.outcome.value == after.why["was"]
            assert before == evolve(after, outcome=before.outcome, why=before.why)


@SOME
@given(data=st.data())
def test_locks_compose(opened, data):
    """A lock taken out of a regulation leaves every other lock on every record as it was."""
    school = data.draw(some.working_schools())
    script = data.draw(some.scripts(school, opened.regulation, least=8, most=24))
    journals, clock = opened(school)
    play(journals, clock, script)
    gone = data.draw(st.sampled_from(("L2", "L3", "L4")))
    fewer = load({**opened.data, "clauses": [
        one for one in opened.data["clauses"] if one["number"] != gone
    ]})  # fmt: skip
    drafts = data.draw(st.lists(some.drafts(school, opened.regulation), min_size=1, max_size=12))

    def without_it(findings):
        return [evolve(one, regulation="") for one in findings if one.clause != gone]

    assert without_it(audited(opened, school, journals)) == without_it(
        audited(opened, school, journals, fewer)
    )
    unlocked, _ = opened(school, journals.store, [fewer])
    unlocked._clock = clock
    for draft in drafts:
        for by in ("t-1", "head"):
            try:
                before, after = journals.check(draft, by), unlocked.check(draft, by)
            except ej.Unknown:
                continue
            assert without_it(before.findings) == without_it(after.findings)
