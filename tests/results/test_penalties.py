"""Late work: what a mark loses where it is reckoned with, exactly, and in the basis beside the full worth."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import edujournal as ej
from edujournal.errors import BadRegulation
from edujournal.rules.basis import reckoned
from edujournal.rules.loading import structure
from edujournal.rules.scenes import occasion_of
from tests.results.conftest import WORDS, Hand, facts_of, moment
from tests.results.test_proposals import A, mark, regulation

HUNDRED = {"default_scale": "hundred"}
LATE = {"name": "late", "when": {"work_kind": "oral"}, "each": "1/10"}


def proposed(day, value=80, penalty=LATE, **more):
    """What is proposed for one mark of Monday, 7 September, handed in on a day."""
    hand = Hand(facts_of())
    hand.write(mark("0907", value, handed_in=day, **more))
    return hand.propose(regulation({}, penalties=[penalty], **HUNDRED))["p-1"]


@given(
    st.integers(0, 1000), st.integers(0, 40), st.fractions(Fraction(1, 50), 1, max_denominator=50),
    st.fractions(Fraction(1, 50), 1, max_denominator=50), st.sampled_from(["worth", "most"]),
)  # fmt: skip
def test_a_share_for_each_day_is_taken_off_exactly(tenths, late, each, most, of):
    """As fractions by hand give it; never more than so much, never below the least of the scale."""
    value = f"{tenths // 10}.{tenths % 10}" if tenths % 10 else tenths // 10
    penalty = {**LATE, "each": str(each), "at_most": str(most), "of": of}
    found = proposed(date(2026, 9, 7) + timedelta(days=late), value, penalty)
    worth = Fraction(tenths, 10)
    share = min(each * late, most)
    expected = max(worth - share * (worth if of == "worth" else 100), 0)

    assert expected == found.mean == reckoned(found.basis)
    (one,) = found.inputs
    assert (str(value), late) == (one.value, one.late)
    assert (worth if share else None) == one.full
    told = found.basis["inputs"][0]
    assert (late or None) == told.get("late")
    assert ("late" if share else None) == told.get("penalty")


@given(st.lists(st.integers(1, 40), min_size=2, max_size=2))
def test_nobody_gains_by_being_later(days):
    """A table that rises makes later work worth no more."""
    penalty = {"name": "late", "steps": [{"at": 1, "gives": "1/4"}, {"at": 7, "gives": "1/2"}]}
    first, last = sorted(days)
    worths = [
        proposed(date(2026, 9, 7) + timedelta(days=n), penalty=penalty).mean for n in (first, last)
    ]
    assert worths[1] <= worths[0] <= 80


def test_what_was_in_time_or_of_which_nobody_says_when_loses_nothing():
    """On the day, before it, and without a day."""
    for day in (date(2026, 9, 7), date(2026, 9, 1), None):
        found = proposed(day)
        assert (80, 0, "") == (found.mean, found.inputs[0].late, found.inputs[0].penalty)


@pytest.mark.parametrize(
    ("unit", "day", "late"),
    [
        ("days", date(2026, 9, 14), 7),
        ("school_days", date(2026, 9, 12), 4),
        ("school_days", date(2026, 9, 14), 5),
        ("working_days", date(2026, 9, 14), 5),
        # Holidays are working days, and no school days: the class is back on 5 November.
        ("working_days", date(2026, 11, 3), 41),
        ("school_days", date(2026, 11, 3), 34),
    ],
)
def test_days_are_counted_on_the_calendar(unit, day, late):
    """The day on which it was due is not counted; a Saturday is nobody's school day."""
    assert late == proposed(day, penalty={**LATE, "unit": unit, "each": "1/100"}).inputs[0].late


def test_a_work_with_a_day_of_its_own_is_late_after_that():
    """Due on Friday, handed in on Saturday: one day, though it was held on Monday."""
    hand = Hand(facts_of())
    hand.write(
        ej.NewWork(id="w", kind="oral", lesson="7A-0907", due=date(2026, 9, 11)),
        ej.Mark(work="w", lesson="7A-0907", pupil="p-1", value=80, handed_in=date(2026, 9, 12)),
    )
    found = hand.propose(regulation({}, penalties=[LATE], **HUNDRED))["p-1"]
    assert (72, 1) == (found.mean, found.inputs[0].late)


def test_the_narrower_penalty_holds():
    """One for all works, another for oral ones."""
    wide = {"name": "wide", "each": "1/2"}
    ours = regulation({}, penalties=[wide, LATE], **HUNDRED)
    hand = Hand(facts_of())
    late = date(2026, 9, 8)
    hand.write(mark("0907", 80, handed_in=late), mark("0907", 80, "control", handed_in=late))
    assert ["late", "wide"] == [one.penalty for one in hand.propose(ours)["p-1"].inputs]


def test_an_attempt_has_a_lateness_of_its_own():
    """The best of two attempts is the one that is worth more after its penalty."""
    hand = Hand(facts_of())
    hand.write(
        mark("0907", 80, handed_in=date(2026, 9, 12)),
        mark("0907", 70, handed_in=date(2026, 9, 7), retake=1),
    )
    ours = regulation({"attempts": "max"}, penalties=[LATE], **HUNDRED)
    assert 70 == hand.propose(ours)["p-1"].mean


def test_points_that_nobody_named_cannot_be_taken_off():
    """Of the greatest number possible: where the scale has none, the mark is left aside."""
    hand = Hand(facts_of())
    hand.write(mark("0907", 5, handed_in=date(2026, 9, 8)))
    ours = regulation({}, penalties=[{**LATE, "of": "most"}])
    (one,) = hand.propose(ours)["p-1"].inputs
    assert ("aside", "points") == (one.use, one.why)
    hand.write(
        ej.NewWork(id="w", kind="oral", lesson="7A-0914", points=5),
        ej.Mark(work="w", lesson="7A-0914", pupil="p-1", value=5, handed_in=date(2026, 9, 15)),
    )
    assert Fraction(9, 2) == hand.propose(ours)["p-1"].mean


def test_nothing_is_taken_off_below_the_least_value():
    """On the scale 1 to 5 a work that is very late is worth 1."""
    hand = Hand(facts_of())
    hand.write(mark("0907", 5, handed_in=date(2026, 10, 8)))
    assert 1 == hand.propose(regulation({}, penalties=[LATE]))["p-1"].mean


def test_a_result_rests_on_what_was_taken_off():
    """The day put right afterwards changes the basis; the decision says that it is outdated."""
    hand = Hand(facts_of())
    ours = regulation({}, penalties=[LATE], **HUNDRED)
    hand.write(mark("0907", 80, handed_in=date(2026, 9, 8)))
    hand.write(hand.propose(ours)["p-1"].draft())
    assert not hand.propose(ours)["p-1"].outdated
    hand.write(ej.Correction(journal=A, entry=1, values={"handed_in": "2026-09-07"}, reason="typo"))
    found = hand.propose(ours)["p-1"]
    assert (80, True) == (found.mean, found.outdated)


def test_a_window_may_start_from_the_day_of_handing_in():
    """Marks within five days after it: the mark that says so is judged by its own day."""
    window = {"kind": "timing", "record": "mark",
              "closes": {"anchor": "work.handed_in", "shift": "+5 days", "snap": "end_of_day"}}  # fmt: skip
    ours = structure({"format": 1, "id": "x", "title": WORDS, "work_kinds": [{"code": "oral", "title": WORDS}],
                      "clauses": [{"number": "1", "gist": WORDS, "rules": [window]}]})  # fmt: skip
    from edujournal.rules.judging import Judge

    facts = facts_of()
    hand = Hand(facts)
    outcomes = []
    for day, at in ((date(2026, 9, 10), (9, 15)), (date(2026, 9, 10), (9, 16)), (None, (9, 16))):
        hand.now = moment(*at, 10)
        (entry,) = hand.write(mark("0907", 5, pupil=f"p-{len(outcomes)}", handed_in=day))
        state = hand.states[entry.book]
        judged = Judge(ours, facts).judge(entry, state)
        outcomes.append([str(one.outcome) for one in judged.findings if one.clause == "1"])
    assert [["met"], ["late"], ["undecidable"]] == outcomes
    assert occasion_of(entry, facts, state).work is not None


HEAD = 'format = 1\nid = "x"\ntitle = { ru = "п", en = "p" }\n'


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        ("", "x.penalties[0]", "each or steps"),
        ('each = "1/2"\nsteps = [{ at = 1, gives = "1/2" }]', "x.penalties[0]", "each or steps"),
        ('each = "3/2"', "x.penalties[0].each", "not a share"),
        ('each = "0"', "x.penalties[0].each", "not a share"),
        ("each = 0.1", "x.penalties[0].each", "Put it in quotes"),
        ('each = "0.1"\nat_most = "2"', "x.penalties[0].at_most", "not a share"),
        ('steps = [{ at = 1, gives = "half" }]', "x.penalties[0].steps[0].gives", "not an exact number"),
        ('steps = [{ at = 2, gives = "0.1" }, { at = 1, gives = "0.2" }]', "x.penalties[0].steps", "out of order"),
        ('each = "0.1"\nunit = "weeks"', "x.penalties[0].unit", "unknown unit"),
        ('each = "0.1"\nof = "mark"', "x.penalties[0].of", "unknown of"),
        ('each = "0.1"\nclause = "7"', "x.penalties[0].clause", "unknown clause"),
        ('each = "0.1"\nwhen = { work_kind = "essay" }', "x.penalties[0].when.work_kind", "unknown kind of work"),
        ('each = "0.1"\nwhen = { days_late = 3 }', "x.penalties[0].when.days_late", "unknown feature of a work"),
        ('each = "0.1"\n[[penalties]]\nname = "p"\neach = "0.2"', "x.penalties[1].when", "overlap"),
    ],
)  # fmt: skip
def test_a_faulty_penalty_is_told_with_its_place(text, where, said):
    """Nothing is taken off that the file does not say."""
    data = tomllib.loads(f'{HEAD}[[penalties]]\nname = "p"\n{text}')
    with pytest.raises(BadRegulation) as caught:
        structure(data, "x")
    assert where in [problem.where for problem in caught.value.problems]
    assert said in str(caught.value)


def test_where_less_is_better_nothing_is_taken_off():
    """A share of a bad mark would make it better."""
    with pytest.raises(BadRegulation, match="where less is better"):
        regulation({"scale": "german"}, penalties=[LATE])
