"""Law 8: whatever the clock does, nothing is reordered; numbers tell the order, moments the lateness."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import edujournal as ej
from edujournal.ledger.validity import NO_FENCES, Standing
from edujournal.testing import strategies as some
from edujournal.testing.case_schools import school_of
from edujournal.testing.scripts import play, playing

SOME = settings(max_examples=max(1, settings().max_examples // 3))


@SOME
@given(data=st.data())
def test_entries_stand_in_the_order_in_which_they_came(opened, data):
    """A clock set back, stuck or forward changes no number, no act, no chain and no reading."""
    school = data.draw(some.working_schools())
    journals, clock = opened(school)
    script = data.draw(some.scripts(school, opened.regulation, least=6, most=20, clock="any"))
    order = {}
    for played in playing(journals, clock, script):
        for receipt in played.accepted:
            assert played.act.at == receipt.at
            order.setdefault(receipt.book, []).append(receipt.hash)
    fresh, _ = opened(school, journals.store)

    assert not any(fresh.verify().damages)
    for book, hashes in order.items():
        entries = list(fresh.entries(book))
        assert sorted(hashes) == sorted(entry.hash for entry in entries)
        assert list(range(1, len(entries) + 1)) == [entry.number for entry in entries]
        assert all(one.act <= other.act for one, other in pairwise(entries))
        assert [entry.hash for entry in journals.state_of(book).entries] == [
            entry.hash for entry in entries
        ]


@SOME
@given(data=st.data())
def test_the_past_is_a_beginning(opened, data):
    """What a book said as of a moment is what it said after some entry, never a selection."""
    school = data.draw(some.working_schools())
    journals, clock = opened(school)
    script = data.draw(some.scripts(school, opened.regulation, least=6, most=20, clock="any"))
    play(journals, clock, script)
    for book in journals.books():
        entries = list(journals.entries(book))
        for moment in {act.at for act in script}:
            past = list(journals.entries(book, moment))
            assert entries[: len(past)] == past
            assert all(entry.at < moment for entry in past)
            assert len(past) == len(entries) or entries[len(past)].at >= moment


@SOME
@given(data=st.data())
def test_a_clock_set_back_moves_no_fence(opened, data):
    """What stood valid, doubtful or void under the reports so far stays so, whatever comes and when."""
    school = data.draw(some.working_schools())
    journals, clock = opened(school)
    script = data.draw(some.scripts(school, opened.regulation, least=8, most=24, clock="any"))
    fences, before = NO_FENCES, {}
    for played in playing(journals, clock, script):
        assert not (played.accepted and fences.barred(played.act.by.account))
        fences = journals.state(SCHOOL_BOOK).own_fences
        now = {
            (book, entry.number): fences.standing(entry)
            for book in journals.books()
            for entry in journals.entries(book)
        }
        if not any(isinstance(one, OF_FENCES) for one in played.drafts):
            assert before == {place: now[place] for place in before}
        before = now


SCHOOL_BOOK = f"school/{some.YEAR}"

#: Drafts that set fences or take them away.
OF_FENCES = (ej.Compromise, ej.Restoration, ej.Vouch)


# -- one tick of the clock, and a clock set back, across two books -----------------------------------

NOON = datetime(2026, 9, 15, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def two_books(opened):
    """Journals of a class whose topic of a week ago is owed; the head may lift its lateness."""
    school = case_school()
    return opened(school)


def waiver():
    """Lifts the lateness of topics about this time."""
    return ej.Waiver(
        id="w", clauses=["L6"], since=NOON - DAY, until=NOON + DAY, year="2026", ground="сбой"
    )


def outcomes(journals):
    """What an audit by fresh eyes says of the time of topics."""
    return [one.outcome.value for one in journals.audit(everything=True)
            if one.clause == "L6" and one.entry is not None and one.record == "topic"]  # fmt: skip


@pytest.mark.parametrize("waived_first", [True, False])
def test_one_tick_of_the_clock_keeps_its_order(two_books, opened, waived_first):
    """A waiver of the same microsecond lifts what came after it and not what came before."""
    journals, clock = two_books
    clock.set(NOON)
    acts = [(waiver(), "head"), (ej.Topic(lesson="l1", topic="Дроби"), "t-1")]
    receipts = [journals.record(*act) for act in (acts if waived_first else acts[::-1])]
    told = [one.outcome.value for receipt in receipts for one in receipt.verdict.findings
            if one.clause == "L6" and one.record == "topic"]  # fmt: skip

    assert [["late"], ["excused"]][waived_first] == told == outcomes(journals)
    (record,) = journals.store.read("s-1", "journal/7A/alg/2026")
    expected = [{"book": "school/2026", "n": 1}] if waived_first else None
    assert expected == json.loads(record.body).get("beside")


def test_a_clock_set_back_forgets_no_waiver(two_books):
    """A waiver on record lifts what comes after it, though the clock says it comes before."""
    journals, clock = two_books
    clock.set(NOON)
    journals.record(waiver(), by="head")
    clock.set(NOON - DAY / 2)
    journals.record(ej.Topic(lesson="l1", topic="Дроби"), by="t-1")

    assert ["excused"] == outcomes(journals)


def test_a_clock_set_back_opens_no_account(two_books):
    """Who was reported is refused until restored, also while the clock stands before the report."""
    journals, clock = two_books
    clock.set(NOON)
    moments = {"head": NOON, "support": NOON}
    journals.record(ej.Compromise(account="t-1", year="2026", **moments), by="head")
    clock.set(NOON - 3 * DAY)
    with pytest.raises(ej.Refused, match="account-reported"):
        journals.record(ej.Topic(lesson="l1", topic="Дроби"), by="t-1")
    journals.record(ej.Restoration(account="t-1", year="2026"), by="head")
    clock.set(NOON - 4 * DAY)
    receipt = journals.record(ej.Topic(lesson="l1", topic="Дроби"), by="t-1")

    assert 1 == receipt.number
    assert Standing.VALID is journals.state(SCHOOL_BOOK).own_fences.standing(
        journals.state(receipt.book).entries[0]
    )


def case_school():
    """A class with one lesson, in the shorthand of cases."""
    problems = []
    made = school_of(
        {
            "school": "s-1", "days": "2026-09-01 to 2027-05-31", "weeks": {"w": [1, 2, 3, 4, 5]},
            "periods": {"q": {"q1": "quarter 2026-09-01 to 2026-10-25"}}, "holidays": {"h": {}},
            "groups": {"7A": "class grade 7"}, "subjects": ["alg"],
            "lessons": {"l1": "7A alg 2026-09-08 09:00-09:45"},
            "pupils": {"7A": ["p-1"]},
            "accounts": {"t-1": ["teacher", "teaches 7A alg"], "head": "head"},
        },
        "school", problems,
    )  # fmt: skip
    assert [] == problems
    return made
