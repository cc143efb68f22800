"""The due list: what each account still owes, what closes first at the head."""

from __future__ import annotations

import pytest
from attrs import evolve

import edujournal as ej
from edujournal.audits.exact import owed
from edujournal.ledger.books import BookState
from edujournal.rules.judging import Judge
from edujournal.rules.verdicts import Outcome
from edujournal.views.due import due


@pytest.fixture
def findings(pen, facts, regulation):
    """Gives what is owed in the algebra of 7A at noon of a day in September."""

    def at(day: int):
        book = "journal/7A/alg/2026"
        state = pen.states.get(book, BookState(book))
        return list(owed([Judge(regulation, facts)], book, state, pen.at(day)))

    return at


def test_each_account_has_what_it_owes(findings):
    """The substitute owes the lesson that was given to him; the teacher the others."""
    found = due(findings(14))

    assert ["t-1", "t-2"] == [one.account for one in found.accounts]
    assert {"lesson:a21"} == {item.about for item in found.of("t-2").items}
    assert "lesson:a21" not in {item.about for item in found.of("t-1").items}
    assert () == found.of("t-9").items


def test_what_closes_first_is_first(findings):
    """Sorted by the end of the window; what is overdue comes before what is open."""
    closes = [item.closes for item in due(findings(16)).of("t-1").items]

    assert sorted(closes) == closes
    assert ["roll", "roll"] == [item.record for item in due(findings(16)).of("t-1").missing]


def test_pupils_of_one_occasion_are_one_item(findings):
    """A class that has no results yet owes one thing for all its pupils, not one for each."""
    (quarter,) = [item for item in due(findings(14)).of("t-1").items if item.about == "period:q1"]

    assert ("result", "2.8", ("p-1", "p-2", "p-3")) == (
        quarter.record, quarter.clause, quarter.pupils,
    )  # fmt: skip


def test_missing_and_pending_ones_are_not_mixed(pen, findings):
    """An item has one outcome and one window."""
    found = due(findings(15))

    assert {Outcome.MISSING, Outcome.PENDING} == {item.outcome for item in found.items}
    for item in found.items:
        assert (item.closes <= pen.at(15)) == (item.outcome is Outcome.MISSING)


def test_what_is_recorded_is_not_owed(pen, findings):
    """A roll call takes its item off the list."""
    before = {item.about for item in due(findings(14)).items if item.record == "roll"}
    pen.write(ej.RollCall(lesson="a14"))
    after = {item.about for item in due(findings(14)).items if item.record == "roll"}

    assert {"lesson:a14"} == before - after


def test_what_nobody_is_named_for_comes_last(findings):
    """A record without hands is not lost."""
    orphans = [evolve(finding, hands=frozenset()) for finding in findings(14)[:3]]
    found = due([*findings(14)[3:], *orphans])

    assert None is found.accounts[-1].account
    assert 3 == len(found.accounts[-1].items)


def test_what_several_may_do_stands_with_each_and_counts_once(findings):
    """Any hand will do: the item is in the list of each, and once among all."""
    (first, *_) = findings(14)
    found = due([evolve(first, hands=frozenset({"t-2", "t-1"}))])

    assert ["t-1", "t-2"] == [one.account for one in found.accounts]
    assert 1 == len(found.items)


def test_other_outcomes_are_left_out(findings):
    """Only what is pending or missing is due."""
    (first, *_) = findings(14)
    for outcome in set(Outcome) - {Outcome.PENDING, Outcome.MISSING}:
        assert () == due([evolve(first, outcome=outcome)]).accounts
