"""Exact numbers: what says a number, how it is written back, and that nothing is lost on the way."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edujournal.rules.numbers import Step, exact, shown, stepped, written

FRACTIONS = st.fractions(min_value=-1000, max_value=1000, max_denominator=10_000)


@given(FRACTIONS)
def test_what_is_written_reads_back_as_it_was(number):
    """Every exact number has one text, and the text says that very number."""
    assert number == exact(written(number))
    assert written(number) == written(exact(written(number)))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Fraction(13, 3), "13/3"), (Fraction(9, 2), "4.5"), (Fraction(4), "4"),
        (Fraction(-1, 8), "-0.125"), (Fraction(93, 20), "4.65"), (Fraction(-7, 3), "-7/3"),
        (Fraction(1, 25), "0.04"), (Fraction(0), "0"),
    ],
)  # fmt: skip
def test_a_number_that_ends_is_a_decimal_and_any_other_a_ratio(number, text):
    """The canonical text of an exact number."""
    assert text == written(number)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (4, Fraction(4)), (Fraction(1, 3), Fraction(1, 3)), (Decimal("4.50"), Fraction(9, 2)),
        ("4.65", Fraction(93, 20)), ("-0.5", Fraction(-1, 2)), ("2/3", Fraction(2, 3)),
        ("+3", Fraction(3)),
        (4.5, None), (True, None), (Decimal("NaN"), None), (None, None), ("н/а", None),
        ("1/0", None), ("1e3", None), ("٤", None), (" 4", None), ("4.", None), ("", None),
    ],
)  # fmt: skip
def test_what_says_an_exact_number(value, number):
    """Whole numbers, decimals and ratios do; a float, a truth value and other digits do not."""
    assert number == exact(value)


@given(FRACTIONS, st.integers(0, 6))
def test_shown_numbers_are_rounded_half_up_away_from_nothing(number, digits):
    """What a reader sees is no farther from the number than half of the last digit."""
    found = exact(shown(number, digits))
    assert abs(found - number) <= Fraction(1, 2 * 10**digits)
    assert digits == len(shown(number, digits).partition(".")[2])
    assert shown(-number, digits).lstrip("-") == shown(number, digits).lstrip("-")


@pytest.mark.parametrize(
    ("number", "digits", "text"),
    [
        (Fraction(13, 3), 2, "4.33"), (Fraction(1, 200), 2, "0.01"), (Fraction(-1, 400), 2, "0.00"),
        (Fraction(9, 2), 0, "5"), (Fraction(-9, 2), 0, "-5"),
    ],
)  # fmt: skip
def test_shown_examples(number, digits, text):
    """Halves go away from nothing, and nothing has no sign."""
    assert text == shown(number, digits)


@given(st.lists(FRACTIONS, min_size=1, max_size=6, unique=True), FRACTIONS)
def test_a_table_gives_the_greatest_row_that_is_reached(marks, number):
    """The row that counts is the highest one not above the number, in whatever order they stand."""
    steps = tuple(Step(at=one, gives=written(one)) for one in marks)
    reached = [one for one in marks if one <= number]

    assert (written(max(reached)) if reached else None) == stepped(number, steps)
    assert stepped(number, steps) == stepped(number, steps[::-1])
