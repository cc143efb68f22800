"""Rounding: one step, by a table that is data; monotone, idempotent, and within the scale."""

from __future__ import annotations

from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edujournal.errors import BadRegulation, Unknown
from edujournal.rules.numbers import Step, exact, written
from edujournal.rules.rounding import PLAIN, Bar, Rounding, number_of, rounded
from tests.results.conftest import regulation_of

KNOWN = {scale.code: scale for scale in regulation_of().scales}
FIVE, HUNDRED, GERMAN = KNOWN["five"], KNOWN["hundred"], KNOWN["german"]

#: The thresholds of «Сетевой город»: 4.65, 3.65, 2.65.
STRICT = Rounding(
    name="strict",
    kind="steps",
    steps=tuple(
        Step(at=exact(at), gives=gives)
        for at, gives in (("4.65", "5"), ("3.65", "4"), ("2.65", "3"), ("0", "2"))
    ),
)
HONEST = Rounding(name="honest", bars=(Bar(mark="2", best="4"),))

MEANS = st.fractions(min_value=-2, max_value=7, max_denominator=60)
ROUNDINGS = st.sampled_from([*(Rounding(name=one, kind=one) for one in PLAIN), STRICT, HONEST])


@pytest.mark.parametrize(
    ("mean", "rounding", "value"),
    [
        ("4.5", "half_up", "5"), ("4.49", "half_up", "4"), ("4.5", "half_down", "4"),
        ("4.51", "half_down", "5"), ("4.01", "up", "5"), ("4.99", "down", "4"), ("9", "half_up", "5"),
        ("-3", "half_up", "1"), ("4", "up", "4"),
    ],
)  # fmt: skip
def test_plain_roundings(mean, rounding, value):
    """A half goes where the rounding says; a mean beyond the scale comes to its nearest end."""
    assert value == rounded(exact(mean), FIVE, Rounding(name=rounding, kind=rounding))


@pytest.mark.parametrize(
    ("mean", "value"),
    [
        ("4.65", "5"), ("4.649", "4"), ("3.65", "4"), ("3.6499", "3"), ("2.65", "3"), ("2.64", "2"),
        ("0", "2"), ("-1", None),
    ],
)  # fmt: skip
def test_thresholds(mean, value):
    """The table decides to the last digit, and a mean below the whole table has no value."""
    assert value == rounded(exact(mean), FIVE, STRICT)


@pytest.mark.parametrize(
    ("marks", "count", "value"),
    [
        (["5", "5", "5"], 1, "5"), (["5", "5", "2"], 1, "4"), (["5", "1", "5"], 1, "4"),
        (["5", "2", "5"], 2, "5"), (["2", "1", "5"], 2, "4"), (["x", "5"], 1, "5"),
    ],
)  # fmt: skip
def test_a_bad_mark_bars_the_top_one(marks, count, value):
    """After so many unsatisfactory marks the top mark is not given, however high the mean."""
    barred = Rounding(name="b", bars=(Bar(mark="2", best="4", count=count),))
    assert value == rounded(Fraction(5), FIVE, barred, marks)


def test_a_bar_lifts_nobody():
    """Who would get less than the bar leaves, gets less."""
    assert "3" == rounded(Fraction(3), FIVE, HONEST, ["2", "4"])


@given(MEANS, MEANS, ROUNDINGS)
def test_a_better_mean_never_gives_a_worse_value(one, other, rounding):
    """Monotone in the mean, for every rounding and table."""
    low, high = (rounded(mean, FIVE, rounding, ["5"]) for mean in sorted((one, other)))
    assert low is None or FIVE.rank(low) <= FIVE.rank(high)


@given(st.sampled_from(FIVE.values), st.sampled_from(PLAIN))
def test_rounding_a_value_gives_that_value(value, kind):
    """Idempotent: what is a value already is not rounded any more."""
    assert value == rounded(FIVE.worth(value), FIVE, Rounding(name=kind, kind=kind))


@given(MEANS, ROUNDINGS)
def test_the_value_is_of_the_scale(mean, rounding):
    """Whatever the mean, the value belongs to the scale, or there is none."""
    value = rounded(mean, FIVE, rounding)
    assert value is None or FIVE.allows(value)


@given(st.integers(-2000, 12_000).map(lambda n: Fraction(n, 100)), st.sampled_from(PLAIN[:2]))
def test_numbers_between_bounds_are_rounded_like_decimals(mean, kind):
    """A scale of points rounds to its last digit as :mod:`decimal` does, and stays in its bounds."""
    how = {"half_up": ROUND_HALF_UP, "half_down": ROUND_HALF_DOWN}[kind]
    inside = min(max(mean, Fraction(0)), Fraction(100))
    decimal = (Decimal(inside.numerator) / inside.denominator).quantize(Decimal("0.1"), how)
    assert written(Fraction(decimal)) == rounded(mean, HUNDRED, Rounding(name=kind, kind=kind))


@given(st.integers(0, 1000).map(lambda n: Fraction(n, 100)))
def test_open_ends_bound_nothing(mean):
    """A scale without least or most takes any number."""
    open_ended = regulation_of(
        scales=[{"code": "five", "title": {"ru": "а", "en": "a"}, "decimals": 2}]
    ).scales[0]
    assert written(mean * 7) == rounded(mean * 7, open_ended, Rounding(name="x"))


def test_where_less_is_better_numbers_are_rounded_as_numbers():
    """2.5 comes to 3 by half up on a scale whose best mark is 1."""
    assert ("3", "1") == (
        rounded(Fraction(5, 2), GERMAN, Rounding(name="x")),
        rounded(Fraction(0), GERMAN, Rounding(name="x")),
    )


def test_values_without_a_worth_are_never_given():
    """Nothing is rounded to a word."""
    assert rounded(Fraction(2), KNOWN["words"], Rounding(name="x")) is None


@pytest.mark.parametrize(
    ("value", "kept"),
    [("4", 4), ("4.5", "4.5"), ("A", "A"), ("04", "04"), ("-1", -1), ("зачёт", "зачёт")],
)
def test_a_value_is_kept_as_marks_keep_theirs(value, kept):
    """Whole numbers as such, anything else as text."""
    assert kept == number_of(value)


def test_roundings_are_found_by_name():
    """Those of the regulation, then the plain ones; another name is unknown, with the nearest."""
    regulation = regulation_of(
        roundings=[{"name": "strict", "kind": "steps", "steps": [{"at": "4.65", "gives": 5}]}]
    )
    assert "steps" == regulation.rounding("strict").kind
    assert Rounding(name="up", kind="up") == regulation.rounding("up")
    with pytest.raises(Unknown, match="strict"):
        regulation.rounding("strikt")


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ({"name": "half_up"}, "taken"), ({"name": "x", "kind": "steps"}, "without a meaning"),
        ({"name": "x", "kind": "sideways"}, "kind of rounding"),
        ({"name": "x", "steps": [{"at": 1, "gives": 1}]}, "without a meaning"),
        ({"name": "x", "kind": "steps", "steps": [{"at": 4.65, "gives": 5}]}, "exact number"),
        ({"name": "x", "kind": "steps", "steps": [{"at": 4}]}, "row of a table"),
        ({"name": "x", "kind": "steps", "steps": [{"at": 4, "gives": 4.5}]}, "wrong type"),
        ({"name": "x", "kind": "steps", "steps": [{"at": 4, "gives": 4}, {"at": 4, "gives": 5}]},
         "said twice"),
        ({"name": "x", "bars": [{"mark": "2", "best": "4", "count": 0}]}, "without a cause"),
    ],
)  # fmt: skip
def test_a_rounding_that_cannot_be_meant_is_told(row, what):
    """A table is checked when it is loaded, not when a pupil's mark hangs on it."""
    with pytest.raises(BadRegulation, match=what):
        regulation_of(roundings=[row])
