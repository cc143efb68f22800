"""What a cell is worth: total over every combination of marks, markers and absence, and independent."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import chain, combinations, product

import pytest

from edujournal.rules.loading import load, structure
from edujournal.rules.worth import Missed, Sign, Worth, printed, worth

WORDS = {"ru": "п", "en": "p"}
#: One marker for each attribute that may differ, beside a plain scale and four reason codes.
SMALL = structure(
    {
        "format": 1,
        "id": "small",
        "title": WORDS,
        "default_scale": "5",
        "scales": [
            {"code": "5", "title": WORDS, "values": ["2", "3", "4", "5"], "learned": {"5": 100}},
            {"code": "words", "title": WORDS, "values": ["poor", "fine"]},
        ],
        "markers": [
            {"code": "out", "title": WORDS, "in_denominator": False, "fulfils_period": True},
            {"code": "none", "title": WORDS, "fulfils_period": True, "learned": 7, "fills_cell": False,
             "replaced_by": ["mark", "makeup", "zero"]},
            {"code": "debt", "title": WORDS, "family": "debt", "fills_cell": False, "aliases": ["."],
             "replaced_by": ["mark"], "printed": {"page": "•"}, "exported": {"other": "D"}},
            {"code": "zero", "title": WORDS, "value": "2", "in_mean": True},
            {"code": "ill", "title": WORDS, "family": "attendance", "excused": True, "fills_cell": False},
            {"code": "truant", "title": WORDS, "family": "attendance", "excused": False,
             "fills_cell": False},
        ],
        "absences": [
            {"code": "Н", "title": WORDS},
            {"code": "Б", "title": WORDS, "excused": True},
            {"code": "П", "title": WORDS, "excused": False},
            {"code": "О", "title": WORDS, "absent": False},
        ],
        "clauses": [],
    }
)  # fmt: skip

CODES = ("out", "none", "debt", "zero", "ill", "truant", "other's")
VALUES = (5, "2", "fine", "off the scale")
MISSED = (None, *(Missed(code) for code in ("Н", "Б", "П", "О", "?")), Missed("О", 10))


def markers(codes):
    """Signs of markers, one after the other."""
    return [Sign(key=("b", n), what="marker", code=code, since=n)
            for n, code in enumerate(codes, start=10)]  # fmt: skip


def marks(values, first):
    """Signs of marks, from an entry on."""
    return [
        Sign(key=("b", n), what="mark", value=value, since=n,
             scale="words" if value == "fine" else None)
        for n, value in enumerate(values, start=first)
    ]  # fmt: skip


def every_cell():
    """Each set of markers, with up to two marks before or after, perhaps a make-up, each absence."""
    some = chain.from_iterable(combinations(CODES, size) for size in range(len(CODES) + 1))
    values = [(), *((one,) for one in VALUES), *combinations(VALUES, 2)]
    for codes, given, first, made_up in product(some, values, (1, 50), (False, True)):
        signs = [*marks(given, first), *markers(codes)]
        if made_up:
            signs.append(Sign(key=("b", 60), what="makeup", value=4, since=60))
        yield codes, given, first, made_up, signs


NUMBERS = {5: Fraction(5), "2": Fraction(2)}


def expected(codes, given, first, made_up, missed):
    """The answer told in plain words, apart from the code that gives it."""
    later_mark = bool(given) and first == 50
    gone = set()
    if later_mark or made_up or "zero" in codes:
        gone.add("none")
    if later_mark:
        gone.add("debt")
    here = set(codes) - gone
    absent = missed is not None and missed.code != "О"
    excused = {"Б": True, "П": False}.get(missed.code) if missed else None
    if "ill" in here:
        excused = True
    elif excused is None and "truant" in here:
        excused = False
    return {
        "numbers": Counter(
            [NUMBERS[one] for one in given if one in NUMBERS]
            + [Fraction(4)] * made_up
            + [Fraction(2)] * ("zero" in here)
        ),
        "in_denominator": "out" not in here,
        "filled": bool(given) or made_up or bool(here & {"out", "zero"}),
        "fulfilled": bool(given) or made_up or bool(here & {"out", "none"}),
        "absent": absent,
        "excused": excused if absent else None,
        "learned": Counter([Fraction(100)] * given.count(5) + [Fraction(7)] * ("none" in here)),
        "debts": "debt" in here,
    }


def told(found: Worth):
    """What was found, in the words of the plain answer."""
    return {
        "numbers": Counter(number for _, number in found.numbers),
        "in_denominator": found.in_denominator,
        "filled": found.filled,
        "fulfilled": found.fulfilled,
        "absent": found.absent,
        "excused": found.excused,
        "learned": Counter(number for _, number in found.learned),
        "debts": bool(found.debts),
    }


@pytest.mark.search
def test_every_combination_has_an_answer():
    """128 sets of markers × 11 of marks × before or after × make-up × 7 absences: each as told in words."""
    wrong = [
        (codes, given, first, made_up, missed)
        for codes, given, first, made_up, signs in every_cell()
        for missed in MISSED
        if told(worth(signs, SMALL, missed)) != expected(codes, given, first, made_up, missed)
    ]
    assert [] == wrong


@pytest.mark.search
def test_every_combination_prints_what_stands_in_it():
    """Each value and each marker that has kept its place is written once, then the absence."""
    wrong = []
    for codes, given, first, made_up, signs in every_cell():
        gone = worth(signs, SMALL).replaced
        words = [str(one) for one in given]
        words += [
            "•" if sign.code == "debt" else sign.code
            for sign in signs
            if sign.code is not None and sign.key not in gone
        ]
        words += ["4"] * made_up
        for missed in MISSED:
            tail = [] if missed is None else [f"{missed.code}{missed.late or ''}"]
            line = "/".join([*([" ".join(words)] if words else []), *tail])
            if printed(signs, missed, [SMALL], "page") != line:
                wrong.append((codes, given, first, made_up, missed))
    assert [] == wrong


def test_the_order_of_signs_does_not_matter():
    """A cell is a set: what came later is told by its moment, not by its place in a list."""
    signs = [*marks((5,), 50), *markers(CODES)]
    one, two = worth(signs, SMALL), worth(signs[::-1], SMALL)
    assert told(one) == told(two)
    assert one.replaced == two.replaced


def test_what_time_made_takes_the_place_of_what_it_was_made_from():
    """A successor replaces its marker though no kind names it, and from the moment the term ended."""
    debt = Sign(key=("b", 1), what="marker", code="debt", since=100)
    ended = Sign(key=("b", 9), what="marker", code="zero", since=200, ends=("b", 1))
    mark = Sign(key=("b", 5), what="mark", value=3, since=300)
    assert {("b", 1): ("b", 9)} == worth([debt, ended, mark], SMALL).replaced


def test_a_mark_that_was_there_before_takes_nobodys_place():
    """A debt given beside an earlier mark is a debt."""
    found = worth([*marks((5,), 1), *markers(["debt"])], SMALL)
    assert (("b", 10),) == found.debts


def test_an_alias_is_the_marker_itself():
    """Whichever spelling an entry has, it counts and prints the same."""
    (sign,) = markers(["."])
    assert (("b", 10),) == worth([sign], SMALL).debts
    assert "•" == printed([sign], None, [SMALL], "page")
    assert "debt" == printed([sign], None, [SMALL], "sheet")


def test_codes_are_printed_as_they_are_where_no_regulation_has_them():
    """A marker of another regulation is not lost from the page."""
    signs = markers(["other's", "debt"])
    assert "other's debt" == printed(signs)
    assert "other's •" == printed(signs, None, [SMALL], "page")


def test_the_export_map_names_a_marker_for_another_system():
    """What is not in the map goes out under its own code."""
    debt = SMALL.marker("debt")
    assert ("D", "debt") == (debt.called_in("other"), debt.called_in("elsewhere"))


def test_what_always_holds_counts_without_a_sign():
    """Ungraded teaching fulfils a period in which nobody wrote anything."""
    found = worth((), SMALL, always=[SMALL.marker("out")])
    assert (True, True, False) == (found.filled, found.fulfilled, found.in_denominator)


def test_a_blank_is_no_zero_no_excuse_and_no_absence():
    """B4: nothing, zero, excused and absent are four different things."""
    blank, zero, excused = (worth(markers(codes), SMALL) for codes in ([], ["zero"], ["out"]))
    absent = worth([], SMALL, Missed("Н"))
    assert ((), (False, True, False)) == (blank.numbers, (blank.filled, True, blank.absent))
    assert [Fraction(2)] == [number for _, number in zero.numbers]
    assert ((), False) == (excused.numbers, excused.in_denominator)
    assert ((), True, None) == (absent.numbers, absent.absent, absent.excused)


@pytest.mark.parametrize(
    ("code", "in_denominator", "learned", "filled", "fulfilled"),
    [
        ("осв", False, None, True, True),
        ("н/а", True, 7, True, True),
        ("безотм", False, None, True, True),
        ("точка", True, None, False, False),
    ],
)
def test_trap_5_exempt_leaves_the_denominator_and_not_assessed_stays(
    code, in_denominator, learned, filled, fulfilled
):
    """Trap 5: «осв» is not among those of whom a result is asked, «н/а» is, and counts 7 of 100."""
    found = worth(markers([code]), load("ru-school26-2023"))
    assert in_denominator is found.in_denominator
    assert ([] if learned is None else [learned]) == [number for _, number in found.learned]
    assert (filled, fulfilled) == (found.filled, found.fulfilled)


def test_trap_15_no_marker_is_ever_a_number():
    """Trap 15: excused is not −1; of the shipped markers none enters a mean."""
    shipped = load("ru-school26-2023")
    signs = markers([one.code for one in shipped.markers])
    assert () == worth(signs, shipped).numbers
