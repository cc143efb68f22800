"""Law 1: what is said of an entry as it is written is what an audit says of it, for the same facts."""

from __future__ import annotations

from collections import defaultdict

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import edujournal as ej
from edujournal.model.ids import is_log
from edujournal.planning import Drafted, book_of
from edujournal.testing import strategies as some
from edujournal.testing.cases import FiveGetters
from edujournal.testing.scripts import play, playing, resolved

#: Findings that speak of an entry by what came after it.
BY_LATER_ACTS = {"void", "rests-on-void"}


def compare(opened, school, script, regulations=None):
    """Play *script*; every way to a verdict gives one answer, act by act and in the end in bulk."""
    journals, clock = opened(school, regulations=regulations)
    getters, _ = opened(FiveGetters(school), journals.store, regulations)
    getters._clock = clock
    said = {}
    for act in script:
        clock.set(act.at)
        drafts = resolved(journals, act)
        asked = [checked(one, drafts, act) for one in (journals, getters)]
        (played,) = playing(journals, clock, [act])
        if played.error:
            assert [played.error] * 2 == asked or "KeyReused" == played.error
            continue
        repeated = [one.repeated for one in played.receipts]
        if not any(repeated):
            told = [one.verdict for one in played.receipts]
            assert [told, told] == asked
        for one in played.accepted:
            said[one.book, one.number] = list(one.verdict.findings)
    fresh, _ = opened(FiveGetters(school), journals.store, regulations)
    found = defaultdict(list)
    fenced = set()
    for finding in fresh.audit(clock.at, everything=True):
        if finding.entry is None:
            continue
        if finding.code not in BY_LATER_ACTS and "later" not in finding.why:
            found[finding.book, finding.entry].append(finding)
        elif "report" in finding.why:
            fenced.add((finding.book, finding.entry))
    for place, findings in said.items():
        if place in fenced:
            assert [] == found[place]
        else:
            assert findings == found[place], place


def checked(journals, drafts, act):
    """What `check_many` says, or the name of its error."""
    try:
        return journals.check_many(drafts, act.by)
    except ej.EdujournalError as error:
        return type(error).__name__


@given(data=st.data())
def test_single_is_bulk(opened, data):
    """Check, record and audit give each entry the same findings, whoever gathered the facts."""
    school = data.draw(some.working_schools())
    compare(opened, school, data.draw(some.scripts(school, opened.regulation, least=8, most=24)))


@pytest.mark.counted
@given(data=st.data())
def test_one_by_one_is_a_batch(opened, data):
    """Where the moments are equal, records one by one and records in one batch are the same records."""
    school = data.draw(some.working_schools())
    script = data.draw(some.scripts(school, opened.regulation, least=6, most=20))
    cut = len(script) // 2
    last = script[-1]
    pairs = [opened(school), opened(school)]
    for journals, clock in pairs:
        play(journals, clock, script[:cut])
        clock.set(last.at)
    (batch, _), (single, _) = pairs
    drafts = [one for act in script[cut:] for one in resolved(batch, act)]
    drafts = in_order(drafts, school)
    try:
        receipts = batch.record_many(drafts, last.by)
    except ej.Unknown:
        return  # stops a batch before anything is written
    one_by_one = [single.record_many([draft], last.by)[0] for draft in drafts]

    assert [one.verdict for one in receipts] == [one.verdict for one in one_by_one]
    for book in single.books():
        if not book.startswith("access/"):
            assert [bare(one) for one in batch.entries(book)] == [
                bare(one) for one in single.entries(book)
            ]


def in_order(drafts, school):
    """Drafts book by book, substitutions first: the order in which a batch is judged."""
    act = [Drafted(item, one.content(), one.evidence) for item, one in enumerate(drafts)]
    places = {}
    for one in act:
        try:
            places.setdefault(book_of(one.content, school.facts()), []).append(one)
        except ej.EdujournalError:
            continue
    found = [
        sorted(some, key=lambda one: one.content.kind != "substitution") for some in places.values()
    ]
    return [drafts[one.item] for some in found for one in some]


def bare(entry):
    """An entry without what tells in which act it came.

    A batch's refusals are logged after it, and one by one between its entries: a fence may find the
    log one refusal longer. A batch also names its own books that are not begun yet; what a fence does
    not name counts for it from the first entry, all the same.
    """
    values = dict(entry.values)
    for name in ("doubtful", "void", "limits"):
        if entry.kind in ("compromise", "restoration"):
            named = values.get(name, ())
            values[name] = [row for row in named if row["n"] > 1 and not is_log(row["book"])]
    return evolve(entry, act=0, item=0, hash="", values=values)


@given(data=st.data())
def test_a_key_gives_the_same_receipt_again(opened, data):
    """Whatever came since, a repeat under the same key says what was said the first time."""
    school = data.draw(some.working_schools())
    script = data.draw(some.scripts(school, opened.regulation, least=6, most=20))
    journals, clock = opened(school)
    script = [evolve(act, key=f"k-{n}") for n, act in enumerate(script)]
    for played in play(journals, clock, script):
        if not played.accepted:
            continue
        again = journals.record_many(played.drafts, played.act.by, played.act.key)
        for first, second in zip(played.receipts, again, strict=True):
            if first.number is not None:
                assert evolve(first, repeated=True) == second
