"""Scales: what belongs to them, what it is worth, how good it is; six kinds, each by its data."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edujournal.errors import BadRegulation
from edujournal.rules.vocabulary import Reading
from tests.results.conftest import SCALES, regulation_of

KNOWN = {scale.code: scale for scale in regulation_of().scales}


@pytest.mark.parametrize(
    ("scale", "value", "reading", "worth"),
    [
        ("five", 5, Reading("5"), Fraction(5)),
        ("five", "6", None, None),
        ("five", True, None, None),
        ("signed", "5-", Reading("5", "-"), Fraction(47, 10)),
        ("signed", "5+", Reading("5", "+"), Fraction(53, 10)),
        ("signed", "5--", None, None),
        ("signed", "-", None, None),
        ("letters", "B", Reading("B"), Fraction(3)),
        ("letters", "E", None, None),
        ("hundred", Decimal("86.5"), Reading("86.5"), Fraction(173, 2)),
        ("hundred", "86.55", None, None),
        ("hundred", 101, None, None),
        ("hundred", "-1", None, None),
        ("credit", "зачёт", Reading("зачёт"), None),
        ("words", "copes", Reading("copes"), None),
    ],
)
def test_values_are_read(scale, value, reading, worth):
    """A value belongs to its scale or it does not; what it is worth is exact, or nothing."""
    assert (reading, reading is not None, worth) == (
        KNOWN[scale].read(value), KNOWN[scale].allows(value), KNOWN[scale].worth(value)
    )  # fmt: skip


@pytest.mark.parametrize("code", sorted(KNOWN))
def test_ranks_rise_from_the_worst_to_the_best(code):
    """Whatever the values are, numbers up or down, letters or words: each is better than the last."""
    scale = KNOWN[code]
    values = scale.values or ("0", "0.1", "59.9", "60", "100")
    assert all(scale.rank(low) < scale.rank(high) for low, high in pairwise(values))
    assert scale.rank("no such value") is None


@pytest.mark.parametrize(
    ("scale", "value", "passing", "good", "learning"),
    [
        ("five", 3, True, False, Fraction(36)), ("five", 2, False, False, Fraction(16)),
        ("five", 4, True, True, Fraction(64)), ("five", 1, False, False, None),
        ("german", 4, True, False, None), ("german", 5, False, False, None),
        ("german", 1, True, True, None), ("signed", "3-", True, None, None),
        ("signed", "2+", False, None, None), ("credit", "незачёт", False, None, None),
        ("credit", "зачёт", True, None, None), ("steps", "raised", None, True, None),
        ("words", "excels", None, None, None), ("hundred", "59.9", False, None, None),
        ("five", "x", None, None, None),
    ],
)  # fmt: skip
def test_success_and_quality_are_the_scales_data(scale, value, passing, good, learning):
    """Which value is a success, or good, is never in the code; where it is not said, nobody knows."""
    found = KNOWN[scale]
    assert (passing, good, learning) == (
        found.is_passing(value), found.is_good(value), found.learning(value)
    )  # fmt: skip


@given(st.sampled_from(sorted(KNOWN)), st.one_of(st.text(max_size=4), st.integers(), st.none()))
def test_reading_is_total(code, value):
    """Any value at all is answered; what is read is of the scale and reads again as itself."""
    reading = KNOWN[code].read(value)
    assert reading is None or KNOWN[code].read(reading.base + reading.modifier) == reading


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ({"kind": "credit", "values": ["a", "b"]}, "kind 'credit'"),
        ({"kind": "points", "values": ["1"]}, "kind 'points'"),
        ({"kind": "grades"}, "unknown kind of scale"),
        ({"least": 5, "most": 1}, "without a value"),
        ({"values": ["1"], "least": 1}, "said twice"),
        ({"decimals": -1}, "number of digits"),
        ({"values": ["1"], "learned": {"2": 5}}, "unknown value"),
        ({"values": ["1"], "passing_from": "2"}, "unknown value"),
        ({"values": ["1"], "modifiers": {"5": 1}}, "modifier"),
        ({"values": ["1"], "learned": {"1": 0.5}}, "exact number"),
    ],
)
def test_a_scale_that_cannot_be_meant_is_told_with_its_path(row, what):
    """Where, and what: the path to the scale stands in the message."""
    with pytest.raises(BadRegulation, match=what) as raised:
        regulation_of(scales=[{"code": "five", "title": SCALES and {"ru": "а", "en": "a"}, **row}])
    assert any(one.where.startswith("regulation.scales[0]") for one in raised.value.problems)
