"""Formulas: total, blind to order, monotone, and equal to what a slow and plain reckoning gives."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from edujournal.errors import BadRegulation
from edujournal.rules.formulas import ATTEMPTS, KINDS, Item, attempted, compute, grouped
from edujournal.rules.numbers import exact
from tests.results.conftest import regulation_of

WORTH = st.fractions(min_value=0, max_value=12, max_denominator=8)
WEIGHT = st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(1), Fraction(2), Fraction(3)])


@st.composite
def items(draw, least=0, most=5):
    """Marks of a pupil, each with its own place in a book."""
    n = draw(st.integers(least, most))
    return [
        Item(
            key=("book", place),
            worth=draw(WORTH),
            weight=draw(WEIGHT),
            most=draw(st.sampled_from([None, Fraction(0), Fraction(10), Fraction(12)])),
            category=draw(st.sampled_from(["oral", "control"])),
            extra=draw(st.sampled_from([False, False, False, True])),
            may_drop=draw(st.booleans()),
            order=(draw(st.integers(0, 3)), place),
        )
        for place in range(n)
    ]


KIND = st.sampled_from(sorted(KINDS))
DROP = st.integers(-1, 3)


# -- the oracle: every subset is tried, and each kind is written down as in a textbook -------------


def plain(kind, kept):
    """The number of *kept* items by the definition of the kind; None where there is none."""
    base = [one for one in kept if not one.extra]
    more = [one for one in kept if one.extra]
    if kind in ("median", "max", "min", "last"):
        worths = sorted(one.worth for one in base)
        if not worths:
            return None
        if kind == "last":
            return max(base, key=lambda one: (one.order, one.key)).worth
        if kind == "median":
            return (worths[(len(worths) - 1) // 2] + worths[len(worths) // 2]) / 2
        return worths[-1] if kind == "max" else worths[0]
    if kind == "sum":
        return sum((one.worth * one.weight for one in kept), Fraction(0)) if kept else None
    if kind == "mean":
        if not base:
            return None
        total = sum(one.worth for one in base) + sum(one.worth * one.weight for one in more)
        return Fraction(total) / len(base)
    if kind == "share":
        base = [one for one in base if one.most]
        more = [one for one in more if one.most]
        under = sum(one.most * one.weight for one in base)
        over = sum(one.worth * one.weight for one in [*base, *more])
        return Fraction(100 * over) / under if base else None
    if not base:
        return None
    over = sum(one.worth * one.weight for one in [*base, *more])
    return Fraction(over) / sum(one.weight for one in base)


def oracle(kind, given_items, drop):
    """The best number that leaving out up to *drop* items gives; exactly *drop* for a sum."""
    counted = [one for one in given_items if one.weight > 0]
    base = [one for one in counted if not one.extra]
    if kind == "share":
        base = [one for one in base if one.most]
    if kind == "sum":
        base = counted
    loose = [one for one in base if one.may_drop and not (one.extra and kind != "sum")]
    limit = max(0, min(drop, len(loose), len(base) - 1))
    sizes = [limit] if kind == "sum" else range(limit + 1)
    numbers = [
        number
        for size in sizes
        for out in combinations(loose, size)
        if (number := plain(kind, [one for one in counted if one not in out])) is not None
    ]
    return max(numbers, default=None)


@given(st.sampled_from(sorted(set(KINDS) - {"category_mean", "last"})), items(), DROP)
def test_a_formula_is_what_the_textbook_says(kind, given_items, drop):
    """Of all ways to leave out up to so many, the one that is best for the pupil; never another."""
    assert oracle(kind, given_items, drop) == compute(kind, given_items, drop).number


@given(items(), DROP)
def test_the_last_one_is_the_last_one(given_items, drop):
    """Leaving out changes nothing where only the last counts."""
    counted = [one for one in given_items if one.weight > 0 and not one.extra]
    expected = max(counted, key=lambda one: one.order).worth if counted else None
    assert expected == compute("last", given_items, drop).number


@given(items(), DROP)
def test_categories_are_means_of_means(given_items, drop):
    """Each category is reckoned by itself, then weighed by its heaviest item."""
    counted = [one for one in given_items if one.weight > 0]
    over = under = Fraction(0)
    for category in ("oral", "control"):
        for extra in (False, True):
            some = [one for one in counted if (one.category, one.extra) == (category, extra)]
            if not some:
                continue
            bare = [evolve(one, weight=Fraction(1), extra=False) for one in some]
            weight = max(one.weight for one in some)
            over += oracle("mean", bare, drop) * weight
            under += Fraction(0) if extra else weight
    expected = over / under if under else None
    assert expected == compute("category_mean", given_items, drop).number


@given(KIND, items(), DROP, st.randoms(use_true_random=False))
def test_the_order_of_marks_does_not_matter(kind, given_items, drop, random):
    """Number and what is left out are the same for every order."""
    mixed = list(given_items)
    random.shuffle(mixed)
    assert compute(kind, given_items, drop) == compute(kind, mixed, drop)


@given(KIND, items(least=1), DROP, st.data())
def test_a_better_mark_never_lowers_the_number(kind, given_items, drop, data):
    """Monotone: raising one mark gives the same number or a greater one."""
    place = data.draw(st.integers(0, len(given_items) - 1))
    more = data.draw(st.fractions(min_value=0, max_value=5, max_denominator=4))
    better = list(given_items)
    better[place] = evolve(better[place], worth=better[place].worth + more)
    before, after = (compute(kind, some, drop).number for some in (given_items, better))
    assert (before is None) == (after is None)
    assert before is None or after >= before


@given(KIND, items(), DROP)
def test_where_less_is_better_a_formula_is_its_own_mirror(kind, given_items, drop):
    """The top mark may be 1: then the worst to leave out are the greatest numbers."""
    turned = [evolve(one, worth=-one.worth) for one in given_items]
    mirror = compute(kind, turned, drop)
    found = compute(kind, given_items, drop, lower_is_better=True)
    assert (None if mirror.number is None else -mirror.number) == found.number
    assert mirror.dropped == found.dropped


@given(KIND, items(), DROP)
def test_what_is_left_out_is_named_and_no_more_than_allowed(kind, given_items, drop):
    """Only what may be left out is; one always stays; what was left out is not divided by."""
    found = compute(kind, given_items, drop)
    allowed = {one.key for one in given_items if one.may_drop and one.weight > 0}
    assert found.dropped <= allowed
    per_category = 2 if kind == "category_mean" else 1
    assert len(found.dropped) <= max(0, drop) * per_category * 2
    if found.number is None:
        assert not found.dropped
    else:
        assert found.weight > 0


@given(KIND, items(), DROP)
def test_what_weighs_nothing_is_as_if_it_were_not_there(kind, given_items, drop):
    """0 is a weight with a meaning: shown in the journal, never reckoned with."""
    without = [one for one in given_items if one.weight > 0]
    assert compute(kind, without, drop) == compute(kind, given_items, drop)


@given(KIND, items(), DROP)
def test_numbers_are_exact(kind, given_items, drop):
    """A number is a fraction, whatever went in: no float on the way."""
    number = compute(kind, given_items, drop).number
    assert number is None or type(number) is Fraction


def test_what_floats_get_wrong():
    """0.1 + 0.2 is 0.3, and ten tenths are one."""
    tenth = [Item(key=("b", n), worth=exact("0.1"), weight=exact("0.3")) for n in range(10)]
    assert Fraction(1, 10) == compute("weighted_mean", tenth).number
    assert Fraction(3, 10) == compute("sum", tenth).number


def test_bonus_points_are_added_and_not_divided_by():
    """Extra work can lift the result and, being left undone, lowers it for nobody."""
    marks = [
        Item(key=("b", 1), worth=Fraction(8), most=Fraction(10)),
        Item(key=("b", 2), worth=Fraction(6), most=Fraction(10)),
    ]
    bonus = Item(key=("b", 3), worth=Fraction(2), most=Fraction(5), extra=True)
    assert Fraction(70) == compute("share", marks).number
    assert Fraction(80) == compute("share", [*marks, bonus]).number
    assert compute("share", [bonus]).number is None


def test_every_kind_says_what_it_gives():
    """The table of functions is complete and names itself."""
    assert sorted(KINDS) == sorted(row.name for row in KINDS.values())
    assert all(row.tells for row in KINDS.values())


# -- attempts --------------------------------------------------------------------------------------


@given(st.sampled_from(ATTEMPTS), items(least=1), st.booleans(), st.randoms(use_true_random=False))
def test_attempts_count_by_their_policy(policy, tries, lower, random):
    """Best, last or mean: as declared; the earlier ones are named as not counting."""
    mixed = list(tries)
    random.shuffle(mixed)
    chosen, rest = attempted(policy, mixed, lower_is_better=lower)
    last = max(tries, key=lambda one: one.order)
    worths = [one.worth for one in tries]
    expected = {
        "last": last.worth,
        "replace": last.worth,
        "max": min(worths) if lower else max(worths),
        "mean": Fraction(sum(worths)) / len(worths),
    }[policy]

    assert expected == chosen.worth
    keys = {one.key for one in tries}
    assert (set() if policy == "mean" else keys - {chosen.key}) == set(rest)


@given(st.sampled_from(ATTEMPTS), items(least=1), st.data())
def test_a_better_attempt_never_lowers_what_counts(policy, tries, data):
    """Monotone: for each policy, raising one attempt raises what they come to, or leaves it."""
    place = data.draw(st.integers(0, len(tries) - 1))
    better = list(tries)
    better[place] = evolve(better[place], worth=better[place].worth + 1)
    assert attempted(policy, better)[0].worth >= attempted(policy, tries)[0].worth


def test_attempts_are_told_by_what_they_are_attempts_at():
    """Those without a target stand alone; those of one target stand together."""
    some = [Item(key=("b", n), worth=Fraction(n)) for n in range(4)]
    found = grouped(some, {("b", 0): 7, ("b", 2): 7})
    assert [[0, 2], [1], [3]] == [[one.key[1] for one in group] for group in found]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_nothing_gives_nothing(kind):
    """No marks, no number: never a nought that somebody could take for a mark."""
    assert (None, frozenset()) == (compute(kind, [], 2).number, compute(kind, [], 2).dropped)


# -- as data ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "what", "where"),
    [
        ({"kind": "meen"}, "mean", "kind"), ({"source": "mark"}, "marks", "source"),
        ({"attempts": "best"}, "attempts", "attempts"), ({"when": {"grad": 7}}, "grade", "when.grad"),
        ({"clause": "9"}, "unknown clause", "clause"),
        ({"weights": {"orl": 1}}, "oral", "weights.orl"), ({"weights": {"oral": -1}}, "below", "weights.oral"),
        ({"weights": {"oral": 0.5}}, "quotes", "weights[oral]"),
        ({"drop_only": ["orl"]}, "oral", "drop_only"), ({"stages": ["term"]}, "unknown stage", "stages"),
        ({"drop_lowest": -1}, "leave out", "drop_lowest"), ({"least": 0}, "out of nothing", "least"),
        ({"empty": "nil"}, "unknown marker", "empty"), ({"carries": ["nil"]}, "unknown marker", "carries[0]"),
        ({"absence": [{"over": "0.1", "marker": "nil"}]}, "unknown marker", "absence[0].marker"),
        ({"absence": [{"over": 1, "marker": "na"}]}, "not a share", "absence[0].over"),
        ({"absence": [{"over": "0.1", "marker": "na", "warned": "letter"}]}, "unknown marker", "absence[0].warned"),
        ({"absence": [{"over": "0.1", "marker": "na", "decides": "hed"}]}, "head", "absence[0].decides"),
        ({"scale": "fife"}, "five", "scale"), ({"rounding": "half"}, "half_up", "rounding"),
        ({"conversions": ["nil"]}, "unknown conversion", "conversions[0]"),
        ({"conversions": ["away"]}, "leads elsewhere", "conversions[0]"),
        ({"conversions": ["one", "two"]}, "two tables for one scale", "conversions[1]"),
        ({"rounding": "out"}, "unknown value", ""),
    ],
)  # fmt: skip
def test_a_formula_that_cannot_be_meant_is_told_with_its_path(row, what, where):
    """What, where, and the nearest name: before any pupil's mark hangs on it."""
    words = {"ru": "слово", "en": "word"}
    steps = [{"at": 0, "gives": 3}]
    tables = [
        {"code": "one", "source": "hundred", "target": "five", "steps": steps},
        {"code": "two", "source": "hundred", "target": "five", "steps": steps},
        {"code": "away", "source": "five", "target": "hundred", "values": {"5": "100"}},
    ]
    right = {"kind": "rights", "role": "head", "may": "write", "records": ["result"]}
    with pytest.raises(BadRegulation, match=what) as raised:
        regulation_of(
            formulas=[{"name": "f", **row}],
            conversions=tables,
            roundings=[{"name": "out", "kind": "steps", "steps": [{"at": 0, "gives": 9}]}],
            work_kinds=[{"code": "oral", "title": words}],
            markers=[{"code": "na", "title": words}],
            clauses=[{"number": "1", "gist": words, "rules": [right]}],
        )
    assert any(where in one.where for one in raised.value.problems)


def test_two_formulas_for_one_occasion_are_refused():
    """Which one holds is never the order of the file."""
    with pytest.raises(BadRegulation, match="overlap"):
        regulation_of(formulas=[{"name": "a"}, {"name": "b"}])
    with pytest.raises(BadRegulation, match="said twice"):
        regulation_of(formulas=[{"name": "a"}, {"name": "a", "when": {"grade": 7}}])
