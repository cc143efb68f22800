"""What a regulation may ask of a decision: a basis, the proposed value, the hand that may choose."""

from __future__ import annotations

import pytest

import edujournal as ej
from edujournal.rules.verdicts import Outcome
from tests.results.conftest import WORDS, Hand, facts_of, moment
from tests.results.test_proposals import DAYS, A, mark, message, regulation, result, roll

#: Asks everything of a result, and lets teacher and head write it.
CLAUSES = [
    {
        "number": "1",
        "gist": WORDS,
        "rules": [
            *({"kind": "relation", "record": "result", "requires": one, "severity": "advice"}
              for one in ("basis", "proposal", "decider")),
            {"kind": "rights", "role": "teacher", "may": "write", "records": ["result", "mark"]},
            {"kind": "rights", "role": "head", "may": "write", "records": ["result"]},
            {"kind": "rights", "role": "importer", "may": "import", "records": ["result"]},
        ],
    }
]  # fmt: skip
LIMIT = {"over": "0.1", "marker": "none", "decides": "head", "warned": "message"}
RULES = regulation({"absence": [LIMIT]}, clauses=CLAUSES)


@pytest.fixture
def proposed():
    """A pupil with a clean mean of 4, and one who has missed a sixth and is left to the head."""
    hand = Hand(facts_of())
    hand.write(mark("0907", 4), mark("0907", 4, pupil="p-2"), message("0907", "p-2"))
    hand.write(roll("0907", "u", pupil="p-2"), *(roll(day) for day in DAYS[1:]))
    return hand, hand.propose(RULES)


def asked(hand, draft, by="t"):
    """What the three relations say of a draft."""
    state = hand.states[f"journal/{A}"]
    verdict = ej.judge(RULES, draft, hand.facts, state, by=by, at=moment(10, 22))
    return {one.code: one.outcome for one in verdict.findings if one.clause == "1"}


@pytest.mark.parametrize(
    ("pupil", "decided", "by", "expected"),
    [
        ("p-1", {}, "t", ("met", "met", "met")),
        ("p-1", {"value": 5}, "t", ("met", "broken", "met")),
        ("p-1", {"marker": "none"}, "t", ("met", "broken", "met")),
        ("p-2", {"value": 4}, "head", ("met", "met", "met")),
        ("p-2", {"value": 4}, "t", ("met", "met", "broken")),
        ("p-2", {"value": 5}, "head", ("met", "broken", "met")),
        ("p-2", {"marker": "none"}, "t", ("met", "met", "met")),
    ],
)
def test_a_decision_is_compared_with_its_own_basis(proposed, pupil, decided, by, expected):
    """Where the limit leaves a choice, either will do, and the value is the head's to give."""
    hand, found = proposed
    said = asked(hand, found[pupil].draft(**decided), by)
    codes = ("no-basis", "differs-from-proposal", "not-decider")
    assert expected == tuple(str(said[code]) for code in codes)


def test_without_a_basis_nothing_can_be_compared(proposed):
    """That there is none is a finding of its own; what was proposed is then not known."""
    hand, _ = proposed
    said = asked(hand, result(5))
    assert (Outcome.BROKEN, Outcome.UNDECIDABLE, Outcome.MET) == (
        said["no-basis"], said["differs-from-proposal"], said["not-decider"]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("evidence", "outcome"),
    [
        (ej.Evidence(moment(10, 20), moment(10, 21), "head", "head"), Outcome.MET),
        (ej.Evidence(None, None, "head", "head"), Outcome.MET),
        (ej.Evidence(moment(10, 20), moment(10, 21), None, None), Outcome.UNDECIDABLE),
        (ej.Evidence(moment(10, 20), moment(10, 21), "t", "teacher"), Outcome.BROKEN),
    ],
)
def test_an_imported_decision_is_judged_by_its_author(proposed, evidence, outcome):
    """Who decided in the old system, where that is known."""
    hand, found = proposed
    draft = found["p-2"].draft(4, evidence=evidence)
    assert outcome is asked(hand, draft, by="imp")["not-decider"]


def test_a_proposal_of_nothing_cannot_be_followed(proposed):
    """Too little to propose: whatever is decided, nobody says that it differs."""
    hand, _ = proposed
    rules = regulation({"least": 3}, clauses=CLAUSES)
    draft = hand.propose(rules)["p-1"].draft(3)
    assert Outcome.UNDECIDABLE is asked(hand, draft)["differs-from-proposal"]
