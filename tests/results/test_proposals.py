"""Proposals: which entries count for whom, by which formula, and what is proposed where none can be."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import edujournal as ej
from edujournal.errors import BadInput, BadRegulation, Unknown
from edujournal.rules.basis import reckoned
from edujournal.rules.input_of_result import USES
from edujournal.rules.loading import load
from edujournal.rules.proposals import STATUSES
from tests.results.conftest import WORDS, Hand, facts_of, moment, regulation_of

SHIPPED = load("ru-school26-2023")
A, B = "7A/alg/2026", "7B/alg/2026"
DAYS = ("0907", "0914", "0921", "0928", "1005", "1012")
KINDS = [
    {"code": "oral", "title": WORDS},
    {"code": "control", "title": WORDS, "control": True, "weight": 3},
    {"code": "trial", "title": WORDS, "weight": 0},
    {"code": "bonus", "title": WORDS, "extra": True},
]
MARKERS = [
    {"code": "exempt", "title": WORDS, "fulfils_period": True, "in_denominator": False},
    {"code": "none", "title": WORDS, "fulfils_period": True},
    {"code": "zero", "title": WORDS, "value": "1", "in_mean": True},
    {"code": "warning", "title": WORDS, "family": "note"},
]
ABSENCES = [
    {"code": "n", "title": WORDS},
    {"code": "u", "title": WORDS, "excused": False},
    {"code": "e", "title": WORDS, "excused": True},
    {"code": "l", "title": WORDS, "absent": False},
]


LIMITS = [
    {"over": "0.1", "marker": "none", "decides": "head", "warned": "message"},
    {"over": "0.3", "marker": "none", "warned": "message"},
]


def regulation(*formulas, **more):
    """A regulation of plain data with these formulas."""
    rows = [{"name": f"f{i}", **one} for i, one in enumerate(formulas)]
    vocabulary = {"work_kinds": KINDS, "markers": MARKERS, "absences": ABSENCES}
    return regulation_of(**{**vocabulary, "formulas": rows, **more})


def mark(day, value, kind="oral", pupil="p-1", group="7A", **more):
    """A mark at the lesson of a day."""
    return ej.Mark(lesson=f"{group}-{day}", pupil=pupil, kind=kind, value=value, **more)


def result(value=None, period="q1", pupil="p-1", journal=A, **more):
    """A result that was decided."""
    return ej.PeriodResult(journal=journal, period=period, pupil=pupil, value=value, **more)


def uses(proposal):
    """What became of each input, in the order of entries."""
    return [(one.value, one.use) for one in proposal.inputs]


# -- the oracle: fractions by hand, over what was written ------------------------------------------


@given(
    st.lists(
        st.tuples(
            st.sampled_from(DAYS), st.integers(1, 5), st.sampled_from(["oral", "control", "trial"]),
            st.integers(-6, 6),
        ),
        max_size=7,
    ),
    st.sampled_from(["last", "max", "mean", "replace"]),
)  # fmt: skip
def test_a_proposal_is_what_fractions_by_hand_give(written, policy):
    """Weights by kind, attempts by policy, one rounding: the same number as a naive reckoning."""
    hand = Hand(facts_of())
    tries = {}
    for number, (day, value, kind, back) in enumerate(written, 1):
        original = number - back if 0 < back < number else None
        hand.write(mark(day, value, kind, retake=original))
        root = number if original is None else tries[original][0]
        tries[number] = (root, day, value, kind)
    over, under = Fraction(0), Fraction(0)
    for root in {root for root, *_ in tries.values()}:
        group = [one for one in tries.items() if one[1][0] == root]
        weight = {"oral": 1, "control": 3, "trial": 0}[tries[root][3]]
        last = max(group, key=lambda one: (DAYS.index(one[1][1]), one[0]))[1][2]
        worth = {
            "last": last,
            "replace": last,
            "max": max(one[1][2] for one in group),
            "mean": Fraction(sum(one[1][2] for one in group), len(group)),
        }[policy]
        over, under = over + weight * worth, under + weight
    found = hand.propose(regulation({"attempts": policy}))["p-1"]

    assert (over / under if under else None) == found.mean
    assert (None if not under else int(over / under + Fraction(1, 2))) == found.value


@given(
    st.lists(st.tuples(st.sampled_from(DAYS), st.integers(1, 4)), min_size=1, max_size=6),
    st.integers(0, 5), st.sampled_from(["mean", "weighted_mean", "median", "max", "min", "last"]),
    st.sampled_from(["half_up", "strict"]), st.integers(0, 2),
)  # fmt: skip
def test_a_better_mark_never_lowers_the_proposal(written, place, kind, rounding, drop):
    """From marks to the rounded value, through attempts, dropping and bars: monotone."""
    strict = {"name": "strict", "kind": "steps", "bars": [{"mark": "2", "best": "4"}], "steps": [
        {"at": "4.65", "gives": 5}, {"at": "3.65", "gives": 4}, {"at": "2.65", "gives": 3},
        {"at": 0, "gives": 2},
    ]}  # fmt: skip
    given_formula = {"kind": kind, "rounding": rounding, "drop_lowest": drop}
    rules = regulation(given_formula, roundings=[strict])
    values = []
    for better in (0, 1):
        hand = Hand(facts_of())
        for i, (day, value) in enumerate(written):
            hand.write(mark(day, value + better * (i == place % len(written))))
        values.append(hand.propose(rules)["p-1"].value)
    assert values[0] <= values[1]


@given(st.permutations([("0907", 2), ("0914", 5), ("0914", 3), ("1012", 4)]))
def test_the_order_of_writing_does_not_matter(written):
    """Days belong to lessons; who wrote what first is no reason for another result."""
    hand = Hand(facts_of())
    hand.write(*(mark(day, value) for day, value in written))
    found = hand.propose(regulation({"drop_lowest": 1}))["p-1"]
    assert (Fraction(4), 4) == (found.mean, found.value)


VALUES = st.one_of(
    st.integers(1, 5),
    st.sampled_from([("зачёт", "credit"), ("82.5", "hundred"), ("copes", "words")]),
)


@st.composite
def anything(draw):
    """A mark, a marker or a make-up of any kind at any lesson, perhaps another attempt."""
    day = draw(st.sampled_from([*DAYS, "1109"]))
    what = draw(st.sampled_from(["mark", "mark", "marker", "makeup", "roll"]))
    value = draw(VALUES)
    value, scale = value if isinstance(value, tuple) else (value, None)
    if what == "marker":
        code = draw(st.sampled_from([one["code"] for one in MARKERS]))
        return lambda number: ej.Marker(lesson=f"7A-{day}", pupil="p-1", code=code)
    if what == "makeup":
        return lambda number: ej.MakeUp(pupil="p-1", lesson=f"7A-{day}", value=value, scale=scale)
    if what == "roll":
        absent = draw(st.dictionaries(st.just("p-1"), st.sampled_from("nuelz")))
        return lambda number: ej.RollCall(lesson=f"7A-{day}", absent=absent)
    kind, back = (
        draw(st.sampled_from(["oral", "control", "trial", "bonus", None])),
        draw(st.integers(-9, 6)),
    )
    return lambda number: mark(
        day, value, kind, scale=scale, retake=number - back if 0 < back < number else None
    )


@st.composite
def formulas(draw):
    """A formula with any of its parameters."""
    return {
        "kind": draw(
            st.sampled_from(
                [
                    "mean",
                    "weighted_mean",
                    "category_mean",
                    "share",
                    "sum",
                    "median",
                    "max",
                    "min",
                    "last",
                ]
            )
        ),
        "attempts": draw(st.sampled_from(["last", "max", "mean", "replace"])),
        "drop_lowest": draw(st.integers(0, 2)),
        "least": draw(st.integers(1, 3)),
        "rounding": draw(st.sampled_from(["half_up", "half_down", "up", "down", "table"])),
        "conversions": draw(st.sampled_from([[], ["h"]])),
        "weights": draw(
            st.dictionaries(st.sampled_from(["oral", "control", "makeup"]), st.integers(0, 3))
        ),
        "absence": draw(st.sampled_from([[], LIMITS, [{"over": "0.2", "marker": "none"}]])),
        **draw(st.sampled_from([{}, {"empty": "none"}])),
    }


@given(
    st.lists(anything(), max_size=9),
    formulas(),
    st.sets(st.integers(1, 9), max_size=2),
    st.booleans(),
)
def test_a_proposal_is_total(written, formula, annulled, warned):
    """Whatever was written and whatever the formula: an answer of the right form, and its own basis."""
    table = {"code": "h", "source": "hundred", "target": "five",
             "steps": [{"at": 50, "gives": 3}, {"at": 80, "gives": 5}]}  # fmt: skip
    steps = {
        "name": "table",
        "kind": "steps",
        "steps": [{"at": 3, "gives": 3}, {"at": "4.65", "gives": 5}],
    }
    rules = regulation(formula, conversions=[table], roundings=[steps])
    hand = Hand(facts_of())
    hand.write(
        *(one(number) for number, one in enumerate(written, 1)),
        *([message("0907")] if warned else []),
    )
    hand.write(
        *(ej.Annulment(journal=A, entry=one) for one in sorted(annulled) if one <= len(written))
    )
    found = hand.propose(rules)["p-1"]

    assert found.status in STATUSES
    assert (found.status in ("value", "decides")) == (found.value is not None)
    assert found.value is None or rules.scale(None).allows(found.value)
    assert (found.status in ("marker", "decides")) == (found.marker is not None)
    assert (found.status == "undecidable") == bool(found.unknown)
    assert found.mean == reckoned(found.basis)
    assert {one.use for one in found.inputs} <= set(USES)
    assert found == hand.propose(rules)["p-1"]


# -- which entries count ---------------------------------------------------------------------------


def test_entries_count_in_the_period_of_their_day(hand):
    """Lessons of the period, and no others; works by the day held, else due."""
    hand.write(
        mark("0907", 5), mark("1109", 2),
        ej.NewWork(id="held", kind="oral", held=facts_of().lesson("7A-0914").day, journal=A),
        ej.NewWork(id="due", kind="oral", due=facts_of().lesson("7A-1109").day, journal=A),
        ej.Mark(journal=A, work="held", pupil="p-1", value=4),
        ej.Mark(journal=A, work="due", pupil="p-1", value=3),
    )  # fmt: skip
    rules = regulation({})
    assert [("5", "counted"), ("4", "counted")] == uses(hand.propose(rules)["p-1"])
    assert [("2", "counted"), ("3", "counted")] == uses(hand.propose(rules, period="q2")["p-1"])


def test_a_work_without_a_day_leaves_its_pupils_undecided(hand):
    """Nobody guesses the period of an undated work; pupils without its mark are not concerned."""
    hand.write(
        ej.NewWork(id="w", kind="control", journal=A),
        ej.Mark(journal=A, work="w", pupil="p-1", value=5),
        mark("0907", 3, pupil="p-2"),
    )
    found = hand.propose(regulation({}))
    assert ("undecidable", ("work.held",), None, None) == (
        found["p-1"].status, found["p-1"].unknown, found["p-1"].value, found["p-1"].text
    )  # fmt: skip
    assert 3 == found["p-2"].value
    with pytest.raises(BadInput, match="undecidable"):
        found["p-1"].draft()


def test_marks_at_lessons_that_are_lost_are_nobodys_guess(hand):
    """A lesson that the timetable has lost has no day: undecidable, not left out in silence."""
    hand.write(mark("0907", 5))
    hand.facts = facts_of(lessons={"7A-0907": False})
    assert "undecidable" == hand.propose(regulation({}))["p-1"].status


def test_corrections_are_read_and_annulled_marks_are_gone(hand):
    """A typing error that was put right counts as it reads now, in its place."""
    hand.write(mark("0907", 2), mark("0914", 3), mark("0921", 4))
    hand.write(
        ej.Correction(journal=A, entry=1, values={"value": 5}, reason="x"),
        ej.Annulment(journal=A, entry=2, reason="x"),
        ej.Correction(journal=A, entry=3, values={"value": None}, reason="x"),
    )
    found = hand.propose(regulation({}))["p-1"]
    assert (5, [(1, (4,))]) == (found.value, [(one.number, one.changes) for one in found.inputs])


def test_a_transfer_brings_its_marks_along(hand):
    """Who came in October has the marks of September, from the journal of the former class."""
    hand.write(mark("0907", 3, pupil="p-3", group="7B"), mark("1109", 2, pupil="p-3", group="7B"))
    hand.write(mark("1005", 4, pupil="p-3"))
    found = hand.propose(regulation({}))["p-3"]
    assert [("journal/7B/alg/2026", "3"), ("journal/7A/alg/2026", "4")] == sorted(
        ((one.book, one.value) for one in found.inputs), key=lambda one: one[1]
    )
    assert (Fraction(7, 2), 4) == (found.mean, found.value)
    assert "p-4" not in hand.propose(regulation({}))


def test_a_group_beside_this_one_is_no_former_one():
    """Marks of a group to which the pupil still belongs stay in that group's result."""
    both = {"7A": {"p-1": ""}, "7B": {"p-1": ""}}
    hand = Hand(facts_of(pupils=both))
    hand.write(mark("0907", 5), mark("0914", 2, group="7B"))
    rules = regulation({})
    assert (5, 2) == (hand.propose(rules)["p-1"].value, hand.propose(rules, B)["p-1"].value)


def test_retakes_belong_to_the_first_attempt(hand):
    """Its period, its weight, its kind; the policy says which counts, and nothing averages them."""
    hand.write(
        mark("0928", 2, "control"), mark("1109", 5, "oral", retake=1), mark("1005", 3),
        mark("1207", 4, "oral", retake=2),
    )  # fmt: skip
    found = hand.propose(regulation({}))["p-1"]
    assert [("2", "superseded"), ("5", "superseded"), ("3", "counted"), ("4", "counted")] == uses(
        found
    )
    assert Fraction(4 * 3 + 3, 4) == found.mean
    assert () == hand.propose(regulation({}), period="q2")["p-1"].inputs
    kept = hand.propose(regulation({"attempts": "replace"}))["p-1"]
    assert [("3", "counted"), ("4", "counted")] == uses(kept)


def test_a_retake_of_what_was_annulled_stands_alone(hand):
    """Without its original it is a mark like any other."""
    hand.write(mark("0928", 2, "control"), mark("1005", 5, retake=1), mark("1005", 3))
    hand.write(ej.Annulment(journal=A, entry=1, reason="x"))
    assert (Fraction(4), 4) == (
        hand.propose(regulation({}))["p-1"].mean, hand.propose(regulation({}))["p-1"].value
    )  # fmt: skip


def test_a_debt_taken_again_counts_by_the_attempt_alone(hand):
    """The marker is no number; the attempt at it is."""
    hand.write(ej.Marker(lesson="7A-0907", pupil="p-1", code="none"))
    hand.write(mark("1109", 4, "control", retake=1))
    found = hand.propose(regulation({}))["p-1"]
    assert (4, Fraction(3)) == (found.value, found.inputs[0].weight)


def test_makeups_count_at_the_lesson_that_was_missed(hand):
    """Their weight is their own, by the formula."""
    hand.write(mark("0907", 2), ej.MakeUp(pupil="p-1", lesson="7A-0914", value=5, protocol="1"))
    assert Fraction(7, 2) == hand.propose(regulation({}))["p-1"].mean
    assert 4 == hand.propose(regulation({"weights": {"makeup": 2}}))["p-1"].mean


def test_weights_of_work_formula_and_kind(hand):
    """What the work says comes first, then the formula, then the kind; nothing said is 1."""
    hand.write(
        ej.NewWork(id="w", kind="control", lesson="7A-0907", weight="0.5"),
        ej.Mark(lesson="7A-0907", work="w", pupil="p-1", value=5),
        mark("0914", 5, "control"), mark("0921", 5, "oral"), mark("0921", 5, None),
        mark("0907", 5, "control"),
    )  # fmt: skip
    plain = hand.propose(regulation({}))["p-1"]
    assert ["0.5", "3", "1", "1", "0.5"] == [
        str(float(one.weight)).removesuffix(".0") for one in plain.inputs
    ]
    by_formula = hand.propose(regulation({"weights": {"control": 2, "oral": 4}}))["p-1"]
    assert [Fraction(1, 2), 2, 4, 1, Fraction(1, 2)] == [one.weight for one in by_formula.inputs]


@pytest.mark.parametrize(
    ("formula", "draft", "why"),
    [
        ({}, mark("0907", 5, "trial"), "weight"),
        ({}, mark("0907", "зачёт", scale="credit"), "scale"),
        ({}, mark("0907", 40, scale="hundred"), "scale"),
        ({"conversions": ["h"]}, mark("0907", 40, scale="hundred"), "value"),
        ({"kind": "max"}, mark("0907", 5, "bonus"), "extra"),
        ({"kind": "share"}, mark("0907", 5), "points"),
        ({"scale": "words", "kind": "last"}, None, None),
    ],
)
def test_what_cannot_count_is_shown_and_left_aside(hand, formula, draft, why):
    """A mark that no formula can take is named with the reason, never a silent nought."""
    table = {"code": "h", "source": "hundred", "target": "five", "steps": [{"at": 50, "gives": 3}]}
    if draft is None:
        with pytest.raises(BadRegulation, match="worth nothing"):
            regulation(formula)
        return
    hand.write(draft)
    found = hand.propose(regulation({"empty": "none", **formula}, conversions=[table]))["p-1"]
    assert [("aside", why)] == [(one.use, one.why) for one in found.inputs]
    assert ("marker", "none", None) == (found.status, found.marker, found.mean)
    assert [] == found.basis["inputs"]


def test_marks_of_other_scales_come_in_by_their_tables(hand):
    """The input keeps the mark as it was given, and names table and version."""
    table = {"code": "h", "version": "7", "source": "hundred", "target": "five",
             "steps": [{"at": 50, "gives": 3}, {"at": 80, "gives": 5}]}  # fmt: skip
    hand.write(mark("0907", 4), mark("0914", "82.5", scale="hundred"))
    found = hand.propose(regulation({"conversions": ["h"]}, conversions=[table]))["p-1"]
    assert (Fraction(9, 2), 5) == (found.mean, found.value)
    one = found.inputs[1]
    assert ("82.5", "hundred", Fraction(5), "h", "7") == (
        one.value, one.scale, one.worth, one.table, one.version
    )  # fmt: skip
    assert ("h", "7") == (found.basis["inputs"][1]["table"], found.basis["inputs"][1]["version"])


def test_markers_with_a_value_enter_the_mean_and_others_do_not(hand):
    """A marker is a number only where the regulation says which."""
    hand.write(
        mark("0907", 5), ej.Marker(lesson="7A-0914", pupil="p-1", code="zero"),
        ej.Marker(lesson="7A-0921", pupil="p-1", code="none"),
    )  # fmt: skip
    found = hand.propose(regulation({}))["p-1"]
    assert ([("5", "counted"), ("zero", "counted")], Fraction(3)) == (uses(found), found.mean)


def test_a_marker_that_gave_way_does_not_count(hand):
    """What took its place in the cell counts instead; the nought is no second mark."""
    gives_way = [
        {**one, "replaced_by": ["mark"]} if one["code"] == "zero" else one for one in MARKERS
    ]
    hand.write(ej.Marker(lesson="7A-0907", pupil="p-1", code="zero"), mark("0907", 4))
    hand.write(ej.Marker(lesson="7A-0914", pupil="p-1", code="zero"))
    assert Fraction(5, 2) == hand.propose(regulation({}, markers=gives_way))["p-1"].mean
    assert Fraction(2) == hand.propose(regulation({}))["p-1"].mean


def test_points_extra_credit_and_the_worst_left_out(hand):
    """Percent of the points possible; the bonus adds; the worst work goes, not the bonus."""
    hand.write(
        ej.NewWork(id="a", kind="oral", lesson="7A-0907", points=20),
        ej.NewWork(id="b", kind="oral", lesson="7A-0914", points=20),
        ej.NewWork(id="c", kind="bonus", lesson="7A-0921", points=10),
        *(ej.Mark(lesson=f"7A-{day}", work=work, pupil="p-1", value=value, scale="hundred")
          for day, work, value in (("0907", "a", 4), ("0914", "b", 15), ("0921", "c", 2))),
    )  # fmt: skip
    rules = regulation({"kind": "share", "scale": "hundred", "drop_lowest": 1})
    found = hand.propose(rules)["p-1"]
    assert [("4", "dropped"), ("15", "counted"), ("2", "counted")] == uses(found)
    assert (Fraction(85), 85) == (found.mean, found.value)


def test_only_some_kinds_may_be_left_out(hand):
    """What is not in the list stays, however bad."""
    hand.write(mark("0907", 2, "control"), mark("0914", 3), mark("0921", 5))
    found = hand.propose(
        regulation({"drop_lowest": 1, "drop_only": ["oral"], "weights": {"control": 1}})
    )["p-1"]
    assert [("2", "counted"), ("3", "dropped"), ("5", "counted")] == uses(found)


# -- what is proposed where there is no mean -------------------------------------------------------


def test_too_little_is_too_little(hand):
    """Fewer marks than the formula asks for: nothing is proposed, and the mean is still shown."""
    hand.write(mark("0907", 5), mark("0914", 4, retake=1))
    found = hand.propose(regulation({"least": 2}))
    assert ("too_little", None, Fraction(4)) == (
        found["p-1"].status,
        found["p-1"].text,
        found["p-1"].mean,
    )
    assert "too_little" == found["p-2"].status


def test_without_a_formula_nothing_is_said(hand):
    """No formula for the occasion: no proposal, no basis."""
    hand.write(mark("0907", 5))
    found = hand.propose(regulation({"when": {"grade": 9}}))["p-1"]
    assert ("no_formula", None, None) == (found.status, found.basis, found.text)
    assert "no_formula" == hand.propose(SHIPPED, stage="exam")["p-1"].status


def test_a_marker_without_a_formula_is_proposed_without_a_basis(hand):
    """Exempt is exempt; where nothing is reckoned there is nothing to freeze."""
    hand.write(ej.Marker(journal=A, pupil="p-1", code="exempt", period="q1"))
    found = hand.propose(regulation())["p-1"]
    assert ("marker", "exempt", None) == (found.status, found.marker, found.basis)
    assert "exempt" == found.draft().marker


def test_a_scale_that_the_regulation_does_not_have_is_left_aside(hand):
    """A mark of another regulation's scale says nothing in this one."""
    hand.write(mark("0907", "A+", scale="foreign"))
    (one,) = hand.propose(regulation({}))["p-1"].inputs
    assert ("aside", "scale", "") == (one.use, one.why, one.scale)


def test_the_narrower_formula_holds(hand):
    """Where two are meant, the one that says more is."""
    hand.write(mark("0907", 5), mark("0914", 2))
    rules = regulation({"kind": "max"}, {"kind": "min", "when": {"subject": "alg"}})
    assert ("f1", 2) == (hand.propose(rules)["p-1"].formula.name, hand.propose(rules)["p-1"].value)


def test_a_way_of_teaching_without_marks_proposes_its_marker(hand):
    """Ungraded teaching is the class's, not the pupil's; no marks are looked at."""
    ungraded = {"code": "un", "title": WORDS, "fulfils_period": True, "always_for": {"grade": 7}}
    found = hand.propose(regulation({}, markers=[*MARKERS, ungraded]))["p-1"]
    assert ("marker", "un", ()) == (found.status, found.marker, found.inputs)
    assert {} == hand.propose(regulation({}), pupils=[])


@pytest.mark.parametrize(
    ("place", "status"),
    [
        ({"period": "q1"}, "marker"), ({"period": "q1", "stage": "exam"}, "value"),
        ({"period": "q2"}, "value"), ({}, "marker"),
        ({"since": facts_of().lesson("7A-0914").day}, "value"),
    ],
)  # fmt: skip
def test_a_marker_for_the_whole_period_is_proposed(hand, place, status):
    """Who is exempt from the period, or from the subject all through it, is proposed as exempt."""
    hand.write(mark("0907", 5), ej.Marker(journal=A, pupil="p-1", code="exempt", **place))
    found = hand.propose(regulation({}))["p-1"]
    assert (status, "exempt" if status == "marker" else None) == (found.status, found.marker)
    hand.write(ej.Marker(journal=A, pupil="p-1", code="exempt", period="y"))
    assert "exempt" == hand.propose(regulation({}), period="y")["p-1"].marker
    hand.write(ej.Marker(journal=A, pupil="p-2", code="warning", period="q1"))
    assert "too_little" == hand.propose(regulation({}))["p-2"].status


def test_of_several_regulations_the_first_with_a_formula_proposes(hand):
    """One decision has one basis."""
    hand.write(mark("0907", 5))
    without, having = regulation(), regulation({}, id="second")
    assert "second" == hand.propose([without, having])["p-1"].regulation
    assert "marks" == hand.propose([without, without])["p-1"].regulation


def test_a_regulation_not_in_force_proposes_nothing(hand):
    """The formula of another year is no formula."""
    old = regulation({}, in_force={"until": facts_of().lesson("7A-0907").day})
    assert "no_formula" == hand.propose(old)["p-1"].status


def test_unknown_places_are_told(hand):
    """A journal, a period or a stage that the school does not have."""
    with pytest.raises(Unknown, match="7Z"):
        hand.propose(SHIPPED, journal="7Z/alg/2026")
    with pytest.raises(Unknown, match="q9"):
        hand.propose(SHIPPED, period="q9")
    with pytest.raises(Unknown, match="final"):
        hand.propose(SHIPPED, stage="finale")


# -- results of results ----------------------------------------------------------------------------


def test_the_year_is_the_mean_of_its_periods(hand):
    """As they read now, whoever decided them; markers do not enter the mean."""
    hand.write(
        result(3), result(4, "q2"), result(5, pupil="p-2"), result(None, "q2", "p-2", marker="н/а")
    )
    hand.write(ej.Correction(journal=A, entry=1, values={"value": 5}, reason="x"))
    found = hand.propose(SHIPPED, period="y")
    assert ("year", Fraction(9, 2), 5) == (
        found["p-1"].stage,
        found["p-1"].mean,
        found["p-1"].value,
    )
    assert [("5", "counted"), ("н/а", "aside")] == uses(found["p-2"])
    assert 5 == found["p-2"].value


def test_a_year_lacks_what_was_owed_and_not_what_was_not(hand):
    """A missing result leaves the year undecided; who was not there yet owes none."""
    hand.facts = facts_of(pupils={"7A": {"p-5": "from 2026-11-09"}})
    hand.write(result(3), result(4, "q2", "p-5"))
    found = hand.propose(SHIPPED, period="y")
    assert ("undecidable", ("result of q2",)) == (found["p-1"].status, found["p-1"].unknown)
    assert ("value", 4) == (found["p-5"].status, found["p-5"].value)


def test_a_year_takes_the_results_of_the_former_class(hand):
    """The first quarter was decided in 7B, where the pupil was at its end."""
    hand.facts = facts_of(pupils={"7A": {"p-3": "from 2026-11-05"}, "7B": {"p-3": "to 2026-11-04"}})
    hand.write(result(3, pupil="p-3", journal=B), result(5, "q2", "p-3"))
    found = hand.propose(SHIPPED, period="y")["p-3"]
    assert (Fraction(4), {"journal/7A/alg/2026", "journal/7B/alg/2026"}) == (
        found.mean, {one.book for one in found.inputs}
    )  # fmt: skip


def test_groups_with_other_periods_are_asked_for_theirs_alone():
    """The former class goes by trimesters: it has no result of a quarter, and owes none."""
    other = {"quarters": {}, "thirds": {"t1": "trimester 2026-09-01 to 2026-11-15"}}
    hand = Hand(
        facts_of(periods=other, groups={"7B": {"is": "class grade 7", "periods": "thirds"}})
    )
    hand.write(result(3, pupil="p-3"), result(5, "q2", "p-3"), result(2, "t1", "p-3", journal=B))
    found = hand.propose(SHIPPED, period="y")["p-3"]
    assert ("value", Fraction(4)) == (found.status, found.mean)


def test_exempt_in_every_period_is_exempt_in_the_year(hand):
    """What every period bears is carried over; what only some bear is not."""
    for pupil, first, second in (
        ("p-1", "осв", "осв"),
        ("p-2", "осв", "н/а"),
        ("p-3", "точка", "точка"),
    ):
        hand.write(result(marker=first, pupil=pupil), result(None, "q2", pupil, marker=second))
    found = hand.propose(SHIPPED, period="y")
    assert [("marker", "осв"), ("too_little", None), ("too_little", None)] == [
        (found[pupil].status, found[pupil].text) for pupil in ("p-1", "p-2", "p-3")
    ]


def test_a_final_mark_is_made_of_year_and_exam(hand):
    """Year and exam, wherever the year's result was recorded; without the year it is not known."""
    hand.write(
        result(4, "y"), result(5, "q2", stage="exam"),
        result(3, "q2", "p-2", stage="year"), result(5, "q2", "p-3", stage="exam"),
    )  # fmt: skip
    found = hand.propose(SHIPPED, period="y", stage="final")
    assert [("value", 5), ("value", 3), ("undecidable", None)] == [
        (found[pupil].status, found[pupil].value) for pupil in ("p-1", "p-2", "p-3")
    ]
    assert ("result of the year",) == found["p-3"].unknown


def test_without_a_period_that_is_the_year_its_result_is_known_by_stage():
    """A calendar of quarters alone: the year's result is lacking until somebody gives it."""
    quarters = {
        "q1": "quarter 2026-09-01 to 2026-10-25",
        "q2": "quarter 2026-11-05 to 2026-12-27",
        "y": False,
    }
    hand = Hand(facts_of(periods={"quarters": quarters}))
    hand.write(result(5, "q2", stage="exam"))
    assert ("result of the year",) == hand.propose(SHIPPED, period="q2", stage="final")[
        "p-1"
    ].unknown
    hand.write(result(4, "q2", stage="year"))
    assert 5 == hand.propose(SHIPPED, period="q2", stage="final")["p-1"].value


def test_halves_are_made_of_their_own_quarters_by_kind():
    """A result of results inside a longer period, weighed by stage, of periods of one kind."""
    halves = {
        "m1": "module 2026-09-01 to 2026-09-27", "m2": "module 2026-09-28 to 2026-10-25",
        "q1": False, "q2": "quarter 2026-11-05 to 2026-12-27",
    }  # fmt: skip
    hand = Hand(facts_of(periods={"quarters": halves}))
    hand.write(result(3, "m1"), result(5, "m2"), result(2, "q2"))
    rules = regulation({"source": "results", "period_kinds": ["module"], "when": {"stage": "year"}})
    assert (Fraction(4), [("3", "counted"), ("5", "counted")]) == (
        hand.propose(rules, period="y")["p-1"].mean, uses(hand.propose(rules, period="y")["p-1"])
    )  # fmt: skip
    inside = regulation({"source": "results", "drop_only": ["year"], "drop_lowest": 1})
    assert ("too_little", ()) == (
        hand.propose(inside, period="q2")["p-1"].status, hand.propose(inside, period="q2")["p-1"].inputs
    )  # fmt: skip


# -- limits of absence -----------------------------------------------------------------------------


def roll(day, code=None, group="7A", pupil="p-1"):
    """The roll of a lesson, with one pupil missing or nobody."""
    return ej.RollCall(lesson=f"{group}-{day}", absent={} if code is None else {pupil: code})


def message(day, pupil="p-1"):
    """A warning to the guardians."""
    return ej.Message(
        group="7A", message="warned", day=facts_of().lesson(f"7A-{day}").day, pupil=pupil
    )


@pytest.mark.parametrize(
    ("codes", "status", "text", "over"),
    [
        ([None, None, None, None, None, None], "value", "5", None),
        (["e", "e", "e", "l", None, None], "value", "5", None),
        (["u", None, None, None, None, None], "decides", "5", Fraction(1, 10)),
        (["u", "u", None, None, None, None], "marker", "none", Fraction(3, 10)),
        (["n", None, None, None, None, None], "undecidable", None, None),
        (["u", "n", None, None, None, None], "undecidable", None, None),
        (["u", "u", "n", None, None, None], "marker", "none", Fraction(3, 10)),
        ([None, None, None, None, None], "undecidable", None, None),
        (["z", None, None, None, None, None], "undecidable", None, None),
    ],
)
def test_limits_of_absence(hand, codes, status, text, over):
    """Over a tenth the head decides, over three tenths no mark; what is not known is not decided."""
    hand.write(mark("0907", 5), message("0914"))
    hand.write(*(roll(day, code) for day, code in zip(DAYS, codes, strict=False)))
    found = hand.propose(regulation({"absence": LIMITS}))["p-1"]
    assert (status, text) == (found.status, found.text)
    assert over == (None if found.limit is None else found.limit.limit.over)
    assert ("head" if status == "decides" else None) == found.decides


def test_a_limit_at_its_border_is_not_passed(hand):
    """A third of six lessons is two: not more than a third."""
    hand.write(mark("0907", 5), *(roll(day, code) for day, code in zip(DAYS, "uu", strict=False)))
    hand.write(*(roll(day) for day in DAYS[2:]))
    third = [{"over": "1/3", "marker": "none"}]
    assert "value" == hand.propose(regulation({"absence": third}))["p-1"].status
    less = [{"over": "0.333", "marker": "none"}]
    assert "marker" == hand.propose(regulation({"absence": less}))["p-1"].status


def test_without_a_warning_a_limit_changes_nothing_and_is_shown(hand):
    """Who was not warned, or warned in another period, or is another pupil, keeps the mark."""
    hand.write(
        mark("0907", 5), *(roll(day, "u") for day in DAYS), message("1109"), message("0914", "p-2")
    )
    found = hand.propose(regulation({"absence": LIMITS}))["p-1"]
    assert ("value", 5, False) == (found.status, found.value, found.limit.warned)
    assert not found.basis["absence"]["warned"]


@pytest.mark.parametrize(
    ("place", "warns"),
    [
        ({"lesson": "7A-0914"}, True), ({"lesson": "7A-1109"}, False),
        ({"journal": A, "period": "q1"}, True), ({"journal": A, "period": "q2"}, False),
        ({"journal": A}, True),
        ({"journal": A, "since": facts_of().lesson("7A-1109").day}, False),
        ({"journal": A, "until": facts_of().lesson("7A-0914").day}, True),
    ],
)  # fmt: skip
def test_a_warning_may_be_a_marker(hand, place, warns):
    """A marker of the regulation in the journal: at a lesson of the period, for it, or in its days."""
    by_marker = [{"over": "0.1", "marker": "none", "warned": "warning"}]
    hand.write(mark("0907", 5), *(roll(day, "u") for day in DAYS))
    rules = regulation({"absence": by_marker})
    assert "value" == hand.propose(rules)["p-1"].status
    hand.write(ej.Marker(pupil="p-1", code="warning", **place))
    assert ("marker" if warns else "value") == hand.propose(rules)["p-1"].status


def test_excused_absence_counts_where_the_limit_says_so(hand):
    """A limit on all absence, whatever its reason."""
    hand.write(
        mark("0907", 5), *(roll(day, code) for day, code in zip(DAYS, "enullu", strict=True))
    )
    every = [{"over": "0.5", "marker": "none", "excused": True}]
    assert ("marker", Fraction(4, 6)) == (
        hand.propose(regulation({"absence": every}))["p-1"].status,
        hand.propose(regulation({"absence": every}))["p-1"].limit.share,
    )


def test_an_excuse_in_the_class_book_excuses(hand):
    """The roll says absent without a reason; the class book knows the reason."""
    hand.write(
        mark("0907", 5), *(roll(day, "n") for day in DAYS[:2]), *(roll(day) for day in DAYS[2:])
    )
    day = facts_of().lesson("7A-0907").day
    hand.write(ej.Excuse(group="7A", pupil="p-1", code="e", since=day, until=day.replace(day=20)))
    found = hand.propose(regulation({"absence": [{"over": "0.1", "marker": "none"}]}))["p-1"]
    assert ("value", 2) == (found.status, found.attendance.excused)


def test_lessons_not_over_yet_are_not_missed(hand):
    """Half way through, only what was held counts; with no lesson held nobody has missed any."""
    hand.now = moment(9, 7, 11)
    hand.write(mark("0907", 5), roll("0907", "u"), message("0907"))
    rules = regulation({"absence": LIMITS})
    found = hand.propose(rules, at=moment(9, 7, 12))["p-1"]
    assert ("marker", 1, Fraction(1)) == (found.status, found.attendance.lessons, found.limit.share)
    early = hand.propose(rules, at=moment(9, 1))["p-1"]
    assert ("value", 0, None) == (early.status, early.attendance.lessons, early.attendance.share)


def test_absences_of_the_former_class_count_along(hand):
    """A pupil's lessons are those of both classes, each while on its roll."""
    hand.write(
        *(roll(day, "u", "7B", "p-3") for day in DAYS[:2]),
        *(roll(day, None, "7B") for day in DAYS[2:4]),
    )
    hand.write(*(roll(day, None) for day in DAYS), mark("1005", 5, pupil="p-3"))
    found = hand.propose(regulation({"absence": [{"over": "0.3", "marker": "none"}]}))["p-3"]
    assert (6, 2, Fraction(1, 3), "marker") == (
        found.attendance.lessons, found.attendance.missed, found.limit.share, found.status
    )  # fmt: skip


def test_a_subject_without_a_roll_has_no_absences():
    """Where no roll is called nobody can have missed too much."""
    hand = Hand(facts_of(subjects={"alg": {"attendance": False}}))
    hand.write(mark("0907", 5))
    found = hand.propose(regulation({"absence": LIMITS}))["p-1"]
    assert ("value", 0) == (found.status, found.attendance.lessons)


# -- decisions -------------------------------------------------------------------------------------


def test_the_decision_stands_beside_the_proposal(hand):
    """Two facts: what was proposed and what was decided; a difference is visible."""
    hand.write(mark("0907", 4), mark("0914", 4, pupil="p-2"))
    first = hand.propose(SHIPPED)
    assert (None, False) == (first["p-1"].decision, first["p-1"].differs)
    hand.write(first["p-1"].draft(), first["p-2"].draft(5), result(None, pupil="p-3", marker="н/а"))
    found = hand.propose(SHIPPED)
    assert [("4", False, False), ("5", True, False), ("н/а", False, False)] == [
        (found[one].decided, found[one].differs, found[one].outdated)
        for one in ("p-1", "p-2", "p-3")
    ]
    hand.write(mark("0921", 2))
    assert (True, True) == (
        hand.propose(SHIPPED)["p-1"].differs, hand.propose(SHIPPED)["p-1"].outdated
    )  # fmt: skip


def test_a_draft_is_what_is_proposed_or_what_is_named(hand):
    """The draft carries value, scale, stage and basis; where somebody must decide, it asks for it."""
    hand.write(
        mark("0907", 5),
        message("0907"),
        *(roll(day, "u" if day == "0907" else None) for day in DAYS),
    )
    found = hand.propose(regulation({"absence": LIMITS, "scale": "five"}))
    with pytest.raises(BadInput, match="decides"):
        found["p-1"].draft()
    draft = found["p-1"].draft(5)
    assert (5, None, "five", "period") == (draft.value, draft.marker, draft.scale, draft.stage)
    assert {"value": "5", "marker": "none", "decides": "head"} == draft.basis["proposed"]
    assert ("none", None) == (
        found["p-1"].draft(marker="none").marker,
        found["p-1"].draft(marker="none").scale,
    )


def test_decisions_of_other_stages_are_others(hand):
    """The exam's mark is not the period's."""
    hand.write(result(5, stage="exam"))
    assert (None, "5") == (
        hand.propose(SHIPPED)["p-1"].decided, hand.propose(SHIPPED, stage="exam")["p-1"].decided
    )  # fmt: skip
