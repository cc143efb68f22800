"""Statistics: shares, degrees and means against a plain reckoning over what was written."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import edujournal as ej
from edujournal.audits.exact import owed
from edujournal.errors import BadInput, Unknown
from edujournal.ledger.books import BookState
from edujournal.model.ids import JournalId
from edujournal.rules.judging import Judge
from edujournal.rules.verdicts import Outcome
from edujournal.views.statistics import DIMENSIONS, statistics, statistics_books
from tests.results.conftest import WORDS, Hand, facts_of, moment, regulation_of
from tests.results.test_proposals import DAYS, SHIPPED, A, B, mark, regulation, result, roll

#: Two classes of one grade and one of another, two subjects, a subgroup, two teachers of one journal.
BIG = {
    "groups": {"7A": "class grade 7", "7B": "class grade 7", "9A": "class grade 9",
               "7A.1": "subgroup of 7A"},
    "pupils": {
        "7A": {"p-1": "", "p-2": "", "p-3": "", "p-4": "to 2026-09-30"},
        "7B": {"p-3": False, "p-9": ""}, "9A": {"p-20": "", "p-21": ""}, "7A.1": ["p-1", "p-2"],
    },
    "accounts": {
        "t": ["teaches 7A alg", "teaches 9A alg", "teacher"], "t2": ["teaches 7A alg", "teacher"],
        "b": ["teaches 7B alg", "teaches 7A.1 eng", "teacher"],
    },
}  # fmt: skip
NINE, ENG = "9A/alg/2026", "7A.1/eng/2026"
#: Who is on the roll of which journal at the end of the first quarter, and in which class.
ROLLS = {A: ["p-1", "p-2", "p-3"], B: ["p-9"], NINE: ["p-20", "p-21"], ENG: ["p-1", "p-2"]}
CLASSES = {"p-1": "7A", "p-2": "7A", "p-3": "7A", "p-9": "7B", "p-20": "9A", "p-21": "9A"}
LEARNED = {"5": 100, "4": 64, "3": 36, "2": 16, "1": 7, "н/а": 7}


FACTS = facts_of(**BIG)


def counted(hand, by=("school",), regulations=SHIPPED, **more):
    """Statistics of what the hand has written, at the end of the year."""
    more.setdefault("at", moment(12, 31))
    (calendar,) = hand.facts.calendars
    return statistics(regulations, hand.facts, hand.states, calendar, by, **more)


# -- the oracle ------------------------------------------------------------------------------------

PLACES = [(journal, pupil) for journal, pupils in ROLLS.items() for pupil in pupils]


def expected(given_results, keep):
    """N, success, quality and degree by the formulas as they are written, over plain pairs."""
    kept = [value for (place, value) in given_results.items() if keep(*place)]
    n = [one for one in kept if one not in (None, "осв", "безотм", "точка")]
    count = Counter(n)
    if not n:
        return 0, None, None, None, None
    marks = [int(one) for one in n if one.isdigit()]
    return (
        len(n),
        Fraction(100 * (count["5"] + count["4"] + count["3"]), len(n)),
        Fraction(100 * (count["5"] + count["4"]), len(n)),
        Fraction(sum(LEARNED[one] for one in n), len(n)),
        Fraction(sum(marks), len(marks)) if marks else None,
    )


def shares(row):
    """The same of a row."""
    found = row.results
    return found.counted, found.success, found.quality, found.learning, found.mean


@given(
    st.fixed_dictionaries(
        {
            place: st.sampled_from([None, "осв", "безотм", "точка", "н/а", *"12345"])
            for place in PLACES
        }
    )
)
def test_shares_are_what_the_formulas_say(given_results):
    """For every dimension: success (5+4+3)/N, quality (5+4)/N, degree 100, 64, 36, 16, 7."""
    hand = Hand(FACTS)
    for (journal, pupil), value in given_results.items():
        if value is not None:
            said = {"value": int(value)} if value.isdigit() else {"marker": value}
            hand.write(result(pupil=pupil, journal=journal, **said))
    keys = {
        "pupil": lambda journal, pupil: [pupil],
        "class": lambda journal, pupil: [CLASSES[pupil]],
        "subject": lambda journal, pupil: [journal.split("/")[1]],
        "teacher": lambda journal, pupil: {A: ["t", "t2"], B: ["b"], NINE: ["t"], ENG: ["b"]}[
            journal
        ],
        "parallel": lambda journal, pupil: [CLASSES[pupil][0]],
        "school": lambda journal, pupil: ["s-1"],
        "period": lambda journal, pupil: ["q1"],
    }
    for dimension, key in keys.items():
        found = counted(hand, (dimension,), periods=["q1"])
        for row in found.rows:
            wanted = expected(
                given_results, lambda *place, row=row, key=key: row.key[0] in key(*place)
            )
            assert wanted == shares(row), dimension
        # Who has left still has lessons.
        assert {one for place in PLACES for one in key(*place)} == {
            row.key[0] for row in found.rows if row.key != ("p-4",)
        }
        assert expected(given_results, lambda *_: True) == shares(found.total)
    two = counted(hand, ("class", "subject"), periods=["q1"])
    assert expected(
        given_results,
        lambda journal, pupil: (CLASSES[pupil], journal.split("/")[1]) == ("7A", "alg"),
    ) == shares(two.row("7A", "alg"))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["p-1", "p-2"]), st.sampled_from(DAYS), st.integers(1, 5),
            st.sampled_from(["oral", "control", "trial"]),
        ),
        max_size=8,
    )
)  # fmt: skip
def test_the_mean_of_marks_is_weighed_by_kind(written):
    """A control work three times, a trial not at all: the mean of all marks of a class."""
    hand = Hand(facts_of())
    hand.write(*(mark(day, value, kind, pupil) for pupil, day, value, kind in written))
    weights = {"oral": 1, "control": 3, "trial": 0}
    over = sum(weights[kind] * value for _, _, value, kind in written)
    under = sum(weights[kind] for *_, kind in written)
    found = counted(hand, ("class",), regulation({}), periods=["q1"])
    assert (Fraction(over, under) if under else None) == found.row("7A").marks.mean
    assert sum(weights[kind] > 0 for *_, kind in written) == found.total.marks.count


@given(
    st.lists(
        st.tuples(
            st.sampled_from(DAYS), st.dictionaries(st.sampled_from(["p-1", "p-2", "p-4"]),
                                                   st.sampled_from("nuelz")),
        ),
        unique_by=lambda one: one[0],
    )
)  # fmt: skip
def test_attendance_is_counted_over_lessons_called(calls):
    """Each pupil while on the roll; lessons without a roll call are nobody's absence."""
    hand = Hand(facts_of())
    hand.write(*(ej.RollCall(lesson=f"7A-{day}", absent=dict(rows)) for day, rows in calls))
    on = {"p-1": DAYS, "p-2": DAYS, "p-3": DAYS[4:], "p-4": DAYS[:4]}
    kind = {"n": "unknown", "z": "unknown", "u": "unexcused", "e": "excused", "l": "late"}
    taken = dict(calls)
    rows = [(day, taken[day].get(pupil)) for pupil in on for day in on[pupil] if day in taken]
    kinds = Counter(kind[code] for _, code in rows if code is not None)
    found = counted(hand, ("class",), regulation({}), periods=["q1"]).row("7A").attendance
    assert (4, 0) == tuple(
        getattr(
            counted(hand, ("pupil", "class"), regulation({}), periods=["q1"])
            .row("p-3", "7B")
            .attendance,
            one,
        )
        for one in ("lessons", "called")
    )
    missed = kinds["unknown"] + kinds["unexcused"] + kinds["excused"]

    assert (sum(map(len, on.values())), len(rows)) == (found.lessons, found.called)
    assert (missed, kinds["late"], kinds["excused"]) == (found.missed, found.late, found.excused)
    assert Counter(code for _, code in rows if code is not None) == Counter(found.codes)
    assert (Fraction(len(rows) - missed, len(rows)) if rows else None) == found.share


# -- who is counted --------------------------------------------------------------------------------


def test_exempt_leaves_the_denominator_and_not_assessed_stays(hand):
    """Trap 5, by the marker's attributes: two of three are counted, one of them a success."""
    hand.write(result(5), result(marker="осв", pupil="p-2"), result(marker="н/а", pupil="p-3"))
    found = counted(hand, periods=["q1"]).row("s-1").results
    assert (2, 1, 1) == (found.counted, found.exempt, found.missing)  # one of 7B has none
    assert (Fraction(50), {"5": 1, "н/а": 1}) == (found.success, dict(found.values))
    assert Fraction(107, 2) == found.learning


def test_exempt_from_the_subject_all_through_the_period(hand):
    """Who is exempt without a result is no gap."""
    hand.write(ej.Marker(journal=A, pupil="p-2", code="осв"), result(4))
    found = counted(hand, ("class",), periods=["q1"]).row("7A").results
    assert (1, 1, 1) == (found.counted, found.exempt, found.missing)


def test_who_has_left_is_not_counted_and_who_came_is(hand):
    """The roll of the period's end decides; results of who left by then count nowhere."""
    hand.write(result(5, pupil="p-4"), result(3, pupil="p-3"), result(5, pupil="p-3", journal=B))
    found = counted(hand, ("class",), periods=["q1"])
    assert ({"3": 1}, {}) == (found.row("7A").results.values, found.row("7B").results.values)


def test_a_corrected_result_counts_as_it_reads_and_a_debt_is_a_gap(hand):
    """Originals are looked through; a debt in place of a result is none."""
    hand.write(result(3), result(marker="точка", pupil="p-2"))
    hand.write(ej.Correction(journal=A, entry=1, values={"value": 4}, reason="x"))
    found = counted(hand, ("class",), periods=["q1"]).row("7A").results
    assert ({"4": 1}, 2) == (found.values, found.missing)


def test_what_is_missing_is_what_the_audit_finds_missing():
    """Clause 2.8 and the statistics speak of the same gaps."""
    hand = Hand(FACTS)
    hand.write(result(5), result(marker="осв", pupil="p-2"), result(4, pupil="p-9", journal=B))
    judges = [Judge(SHIPPED, hand.facts)]
    audited = Counter(
        finding.about.removeprefix("period:")
        for journal in ROLLS
        for finding in owed(
            judges, f"journal/{journal}",
            hand.states.get(f"journal/{journal}", BookState(f"journal/{journal}")), moment(12, 31),
        )
        if finding.clause == "2.8" and finding.outcome is Outcome.MISSING
    )  # fmt: skip
    found = counted(hand, ("period",), periods=["q1", "q2", "y"])
    assert audited == {row.key[0]: row.results.missing for row in found.rows}


def test_scales_that_do_not_say_are_in_no_share(hand):
    """A credit is a success or not, and neither good nor bad; a word says nothing at all."""
    rules = regulation_of()
    hand.write(
        result("зачёт", scale="credit"), result("copes", pupil="p-2", scale="words"),
        result(4, pupil="p-3"),
    )  # fmt: skip
    found = counted(hand, ("class",), rules, periods=["q1"]).row("7A")
    assert (3, 2, 2, 1, 1) == (
        found.results.counted, found.results.judged, found.results.passing, found.results.rated,
        found.results.good,
    )  # fmt: skip
    assert (Fraction(100), Fraction(100), Fraction(64)) == (
        found.results.success, found.results.quality, found.results.learning
    )  # fmt: skip
    assert {"passing": 2, "good": 1} == dict(found.pupils)
    bare = regulation_of(scales=[], default_scale=None, formulas=[])
    assert (3, None) == (
        counted(hand, ("class",), bare, periods=["q1"]).row("7A").results.counted,
        counted(hand, ("class",), bare, periods=["q1"]).row("7A").results.success,
    )  # fmt: skip


def test_pupils_stand_by_their_worst_result():
    """Over all their subjects: one with a three is no good pupil, one with a two is failing."""
    hand = Hand(FACTS)
    hand.write(
        result(5), result(5, journal=ENG), result(5, pupil="p-2"), result(3, pupil="p-2", journal=ENG),
        result(2, pupil="p-3"), result(4, pupil="p-9", journal=B),
        result(None, pupil="p-20", journal=NINE, marker="н/а"),
    )  # fmt: skip
    found = counted(hand, ("parallel",), periods=["q1"])
    assert {"best": 1, "passing": 1, "failing": 1, "good": 1} == dict(found.row("7").pupils)
    assert {"failing": 1} == dict(found.row("9").pupils)
    assert {"failing": 2, "best": 1, "passing": 1, "good": 1} == dict(found.total.pupils)


def test_a_way_of_teaching_without_marks_is_out_of_the_denominator(hand):
    """Ungraded classes owe no results, and their denominators are empty, not nought."""
    marker = {"code": "un", "title": WORDS, "fulfils_period": True, "in_denominator": False,
              "always_for": {"grade": 7}}  # fmt: skip
    found = counted(hand, ("class",), regulation({}, markers=[marker]), periods=["q1"]).row("7A")
    assert (0, 3, 0, None) == (
        found.results.counted, found.results.exempt, found.results.missing, found.results.success
    )  # fmt: skip
    kept = {**marker, "in_denominator": True, "learned": 5}
    found = counted(hand, ("class",), regulation({}, markers=[kept]), periods=["q1"]).row("7A")
    assert (3, Fraction(0), Fraction(5)) == (
        found.results.counted, found.results.success, found.results.learning
    )  # fmt: skip


def test_marks_of_several_attempts_count_once(hand):
    """As the period's formula says; the second attempt does not stand beside the first."""
    hand.write(mark("0907", 2), mark("0914", 5, retake=1), mark("0921", 4))
    assert (2, Fraction(9, 2)) == (
        counted(hand, ("class",), regulation({})).row("7A").marks.count,
        counted(hand, ("class",), regulation({})).row("7A").marks.mean,
    )
    best = regulation({"attempts": "max", "kind": "max", "drop_lowest": 1})
    assert Fraction(9, 2) == counted(hand, ("class",), best).row("7A").marks.mean


def test_excuses_of_the_class_book_excuse(hand):
    """The roll says absent, the class book knows why."""
    hand.write(roll("0907", "n"))
    day = facts_of().lesson("7A-0907").day
    hand.write(ej.Excuse(group="7A", pupil="p-1", code="e", since=day, until=day.replace(day=20)))
    found = counted(hand, ("pupil",), regulation({})).row("p-1").attendance
    assert (1, 0) == (found.excused, found.unknown)


# -- dimensions, periods, stages -------------------------------------------------------------------


def test_periods_and_stages(hand):
    """All quarters by default, the year only when it is asked for; a stage by its name."""
    hand.write(result(5), result(4, "q2"), result(3, "y"), result(2, "q2", stage="exam"))
    assert (("q1", "q2"), {"5": 1, "4": 1}) == (
        counted(hand).periods, counted(hand).total.results.values
    )  # fmt: skip
    assert {"3": 1} == counted(hand, periods=["y"]).total.results.values
    assert {"2": 1} == counted(hand, periods=["q2"], stage="exam").total.results.values
    assert [("q1",), ("q2",)] == [row.key for row in counted(hand, ("period",)).rows]


def test_what_is_not_over_is_not_missing(hand):
    """Nobody is told in November that the results of December lack; what has not begun is not asked."""
    hand.write(result(5))
    november = counted(hand, ("period",), at=moment(11, 20))
    assert [("q1", 3), ("q2", 0)] == [(row.key[0], row.results.missing) for row in november.rows]
    assert ("q1",) == counted(hand, at=moment(10, 20)).periods
    assert [("q2", 0)] == [
        (row.key[0], row.results.missing)
        for row in counted(hand, ("period",), at=moment(10, 20), periods=["q2"]).rows
    ]


def test_groups_narrow_it_to_themselves_and_those_below():
    """A class with its subgroups, and nothing of the class beside it."""
    hand = Hand(FACTS)
    hand.write(result(5), result(4, journal=ENG), result(3, pupil="p-9", journal=B))
    assert [("alg",), ("eng",)] == [
        row.key for row in counted(hand, ("subject",), groups=["7A"], periods=["q1"]).rows
    ]
    assert {"5": 1, "4": 1} == counted(hand, groups=["7A"], periods=["q1"]).total.results.values
    (calendar,) = hand.facts.calendars
    assert (f"journal/{ENG}", f"journal/{A}", "class/7A/2026") == tuple(
        sorted(
            statistics_books(hand.facts, calendar, ["7A"]),
            key=lambda one: (one[0] == "c", one != f"journal/{ENG}"),
        )
    )


def test_places_without_a_name_are_empty(hand):
    """No teacher, no class, no grade: the key is empty, and nothing is lost."""
    hand.facts = facts_of(
        groups={"7A": "subgroup of 7B", "7B": "class"},
        accounts={"t": "teacher", "t2": "teacher"},
        pupils={"7B": {"p-3": False, "p-9": False}},
    )
    hand.write(result(5))
    assert [("", "7B")] == [
        row.key for row in counted(hand, ("teacher", "class"), groups=["7A"]).rows
    ]
    assert [("",)] == [row.key for row in counted(hand, ("parallel",), groups=["7A"]).rows]


def test_an_individual_plan_counts_in_the_class_of_its_pupil():
    """The journal is the plan's, the class is the pupil's."""
    hand = Hand(
        facts_of(
            groups={"plan": "plan of p-1"},
            accounts={"t": ["teaches plan geo", "teaches 7A alg", "teacher"]},
        )
    )
    hand.write(result(5, journal="plan/geo/2026"))
    assert 1 == counted(hand, ("class", "subject"), periods=["q1"]).row("7A", "geo").results.counted
    assert JournalId.parse("plan/geo/2026") in hand.facts.journals()


@pytest.mark.parametrize("by", [("classes",), ("class", "class"), ("class", "")])
def test_dimensions_are_known_and_named_once(hand, by):
    """What cannot be a dimension is told with those that can."""
    with pytest.raises(BadInput, match=", ".join(DIMENSIONS)):
        counted(hand, by)


def test_what_is_not_there_is_unknown(hand):
    """A period, a group or a row that there is not."""
    with pytest.raises(Unknown, match="q3"):
        counted(hand, periods=["q3"])
    with pytest.raises(Unknown, match="7Z"):
        counted(hand, groups=["7Z"])
    with pytest.raises(Unknown, match="s-1"):
        counted(hand).row("s-2")


# -- from the journals -----------------------------------------------------------------------------


def test_journals_count_as_of_a_moment(make_journals, clock):
    """What was recorded by then, without what a report has made void; both shells alike."""
    journals = make_journals()
    clock.at = moment(10, 22)
    journals.record_many([result(5), result(3, pupil="p-2")], by="t")
    clock.at = moment(10, 23)
    assert 2 == journals.statistics(periods=["q1"]).total.results.counted
    assert 0 == journals.statistics(periods=["q1"], at=moment(10, 1)).total.results.counted
    other = ej.AsyncJournals(journals.store, journals.school, "ru-school26-2023", clock=clock)
    assert journals.statistics(["class", "period"]) == asyncio.run(
        other.statistics(["class", "period"])
    )
    told = datetime.fromtimestamp(moment(10, 21) / 1_000_000, UTC)
    assert asyncio.run(other.statistics(at=told)) == journals.statistics(at=told, year="2026")
    journals.record(ej.Compromise(account="t", head=told, support=told, year="2026"), by="head")
    assert 0 == journals.statistics(periods=["q1"], groups=["7A"]).total.results.counted
    with pytest.raises(Unknown):
        journals.statistics(year="2031")


def test_of_several_regulations_the_one_with_scales_counts(hand):
    """A second text that only adds a deadline says nothing of scales."""
    hand.write(result(5))
    bare = regulation_of(scales=[], default_scale=None, id="bare")
    assert Fraction(100) == counted(hand, ("school",), [bare, SHIPPED]).total.results.success
    assert counted(hand, ("school",), [bare]).total.results.success is None
