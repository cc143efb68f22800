"""Conversions: one result in another scale, with the table and version that said so."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import edujournal as ej
from edujournal.errors import BadInput, BadRegulation, Unknown
from edujournal.rules.conversions import Converted, applied, convert, tables
from tests.results.conftest import regulation_of

TABLES = [
    {"code": "credit", "source": "five", "target": "credit", "version": "2024",
     "values": {"2": "незачёт", "3": "зачёт", "4": "зачёт", "5": "зачёт"}},
    {"code": "points", "source": "hundred", "target": "five", "percent": True,
     "steps": [{"at": 50, "gives": 3}, {"at": 70, "gives": 4}, {"at": "86.5", "gives": 5}]},
    {"code": "marks", "source": "letters", "target": "five",
     "steps": [{"at": 0, "gives": 2}, {"at": 1, "gives": 3}, {"at": 3, "gives": 4},
               {"at": 4, "gives": 5}]},
    {"code": "old", "source": "signed", "target": "five", "values": {"5": "5", "4": "4"}},
    {"code": "new", "source": "signed", "target": "five", "values": {"5": "5", "5-": "4"}},
]  # fmt: skip
REGULATION = regulation_of(conversions=TABLES)


@pytest.mark.parametrize(
    ("value", "source", "target", "table", "expected"),
    [
        (4, None, "credit", None, ("зачёт", "credit", "2024", "4", "five")),
        ("86.5", "hundred", None, None, ("5", "points", "1", "86.5", "hundred")),
        (Decimal("86.4"), "hundred", "five", None, ("4", "points", "1", "86.4", "hundred")),
        (49, "hundred", "five", None, (None, "points", "1", "49", "hundred")),
        ("B", "letters", "five", None, ("4", "marks", "1", "B", "letters")),
        ("5-", "signed", "five", "new", ("4", "new", "1", "5-", "signed")),
        ("5-", "signed", "five", "old", ("5", "old", "1", "5-", "signed")),
        ("3", "signed", "five", "old", (None, "old", "1", "3", "signed")),
        (1, "five", "credit", None, (None, "credit", "2024", "1", "five")),
        (5, "five", "five", None, ("5", "", "", "5", "five")),
    ],
)
def test_a_value_is_said_in_another_scale(value, source, target, table, expected):
    """Value, table, version and origin; None where the table says nothing; itself in its own scale."""
    found = ej.convert(value, source, target, REGULATION, table=table)
    assert expected == (found.value, found.table, found.version, found.original, found.source)
    assert (target or "five") == found.scale


def test_a_converted_value_reads_with_its_provenance():
    """Nobody sees a converted mark without what converted it."""
    assert "4 → зачёт (credit, 2024)" == str(convert(4, None, "credit", REGULATION))
    assert "5" == str(convert(5, "five", "five", REGULATION))


@pytest.mark.parametrize(
    ("arguments", "error", "what"),
    [
        ((6, "five", "credit"), BadInput, "not a value of the scale.*1, 2, 3, 4, 5"),
        (("101", "hundred", "five"), BadInput, "from 0 up to 100"),
        ((5, "five", "words"), Unknown, "five → words"),
        ((5, "fife", "credit"), Unknown, "five"),
        (("5", "signed", "five"), BadInput, "old or new"),
    ],
)
def test_what_cannot_be_converted_is_told(arguments, error, what):
    """A wrong value, a scale or table that is not there, a choice that was left open."""
    with pytest.raises(error, match=what):
        convert(*arguments, REGULATION)


def test_a_table_is_named_or_unknown():
    """The table must lead from the one scale to the other."""
    assert ["old", "new"] == [one.code for one in tables(REGULATION, "signed", "five")]
    with pytest.raises(Unknown, match="new"):
        convert("5", "signed", "five", REGULATION, table="nw")
    with pytest.raises(Unknown, match="credit"):
        convert(5, "five", "five", REGULATION, table="credit")


def test_without_any_scale_nothing_is_converted():
    """A regulation that declares no scale knows none."""
    with pytest.raises(Unknown):
        convert(5, None, None, regulation_of(scales=[], default_scale=None))


def test_a_scale_without_bounds_says_that_it_wants_a_number():
    """The message fits the scale."""
    title = {"ru": "а", "en": "a"}
    with pytest.raises(BadInput, match="expected a number"):
        convert("x", None, None, regulation_of(scales=[{"code": "five", "title": title}]))


@given(st.integers(0, 1000).map(lambda n: Decimal(n) / 10))
def test_a_table_of_steps_is_monotone_and_its_answers_are_values(points):
    """More points never give a lesser mark."""
    found = [convert(one, "hundred", "five", REGULATION).value for one in (points, 100)]
    ranks = [-1 if one is None else REGULATION.scale("five").rank(one) for one in found]
    assert all(low <= high for low, high in pairwise(ranks))


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ({"source": "fife", "target": "five", "values": {"5": "5"}}, "unknown scale"),
        ({"source": "five", "target": "fife", "values": {"5": "5"}}, "unknown scale"),
        ({"source": "five", "target": "credit"}, "without a meaning"),
        ({"source": "words", "target": "five", "steps": [{"at": 0, "gives": 2}]}, "no numbers"),
        ({"source": "five", "target": "credit", "percent": True, "values": {"5": "зачёт"}},
         "percents of nothing"),
        ({"source": "five", "target": "credit", "values": {"6": "зачёт"}}, "unknown value"),
        ({"source": "five", "target": "credit", "values": {"5": "зачот"}}, "зачёт"),
        ({"source": "five", "target": "credit", "values": {"5": "незачёт", "2": "зачёт"}}, "worse"),
        ({"source": "hundred", "target": "five",
          "steps": [{"at": 50, "gives": 5}, {"at": 70, "gives": 4}]}, "lesser value"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_meant_is_told(row, what):
    """A table that makes better marks worse is refused when it is loaded."""
    with pytest.raises(BadRegulation, match=what):
        regulation_of(conversions=[{"code": "t", **row}])


def test_a_table_says_nothing_of_values_of_other_scales():
    """By steps or by values: what the source does not have has no answer."""
    by_step, by_value = REGULATION.conversions[1], REGULATION.conversions[0]
    assert (None, None) == (
        applied(by_step, REGULATION.scale("hundred"), "101"),
        applied(by_value, REGULATION.scale("five"), "6"),
    )


def test_a_converted_value_is_a_value():
    """Equal when made from the same, so that it can be kept and compared."""
    assert Converted(value="5", scale="a", original="5", source="a") == Converted(
        value="5", scale="a", original="5", source="a"
    )
