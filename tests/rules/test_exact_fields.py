"""Exact numbers in a regulation's file: never a float, never half understood; each fault at its field."""

from __future__ import annotations

from fractions import Fraction

import cattrs
import pytest

from edujournal.errors import BadRegulation
from edujournal.rules import exact_fields
from edujournal.rules.loading import structure
from edujournal.rules.numbers import Step
from edujournal.rules.rule_kinds import Level

WORDS = {"ru": "п", "en": "p"}
BASE = {"id": "ours", "title": WORDS, "extends": "ru-school26-2023"}
STEPS = [{"at": 0, "gives": 2}, {"at": "2.65", "gives": "3"}, {"at": "11/3", "gives": "4"}]


def with_steps(*steps):
    """A regulation with a rounding by a table."""
    return {**BASE, "roundings": [{"name": "ours", "kind": "steps", "steps": list(steps)}]}


def faults(data):
    """Path, fault, what was found and how to mend it, of each problem."""
    with pytest.raises(BadRegulation) as caught:
        structure(data, "f")
    return [(one.where, one.what, one.found, one.mend) for one in caught.value.problems]


def test_numbers_are_taken_as_they_are_written():
    """A whole number, a decimal in quotes, a ratio: none loses anything."""
    (rounding,) = structure(with_steps(*STEPS)).roundings
    assert [(Fraction(0), "2"), (Fraction(53, 20), "3"), (Fraction(11, 3), "4")] == [
        (step.at, step.gives) for step in rounding.steps
    ]


@pytest.mark.parametrize(
    ("step", "path", "what", "found"),
    [
        (5, "", "not a row of a table", "5"),
        ({"at": 1}, "", "not a row of a table", "{'at': 1}"),
        ({"at": 1, "gives": 2, "more": 3}, "", "not a row of a table",
         "{'at': 1, 'gives': 2, 'more': 3}"),
        ({"at": 1, "gives": True}, ".gives", "wrong type", "True"),
        ({"at": 1, "gives": 2.0}, ".gives", "wrong type", "2.0"),
        ({"at": 2.65, "gives": 3}, ".at", "not an exact number", "2.65"),
        ({"at": "two", "gives": 3}, ".at", "not an exact number", "'two'"),
        ({"at": True, "gives": 3}, ".at", "not an exact number", "True"),
        ({"at": "1/0", "gives": 3}, ".at", "not an exact number", "'1/0'"),
    ],
)  # fmt: skip
def test_a_row_that_is_none_is_refused_at_its_place(step, path, what, found):
    """With the path down to the very field, and what stood there."""
    assert [(f"f.roundings[0].steps[1]{path}", what, found)] == [
        row[:3] for row in faults(with_steps(STEPS[0], step))
    ]


def test_a_float_is_answered_with_how_to_mend_it():
    """TOML reads 2.65 as a float, which is not 2.65."""
    assert ["Put it in quotes: without them it is read as a float."] == [
        row[3] for row in faults(with_steps({"at": 2.65, "gives": 3}))
    ]


def test_every_fault_of_a_table_is_told():
    """Not the first one only."""
    assert ["f.roundings[0].steps[0].at", "f.roundings[0].steps[2]"] == [
        row[0] for row in faults(with_steps({"at": 1.5, "gives": 3}, STEPS[0], "x"))
    ]


@pytest.fixture(scope="module")
def converter():
    """A converter that knows nothing but exact numbers."""
    found = cattrs.Converter(forbid_extra_keys=True, detailed_validation=True)
    exact_fields.register(found)
    return found


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (3, Level(number=Fraction(3))),
        ("0.5", Level(number=Fraction(1, 2))),
        ({"by": "weekly_hours", "steps": [{"at": 0, "gives": 3}]},
         Level(by="weekly_hours", steps=(Step(at=Fraction(0), gives="3"),))),
    ],
)  # fmt: skip
def test_a_level_is_a_number_or_a_table(converter, value, expected):
    """As a limit names it: at least 3, at least half, by weekly hours."""
    assert expected == converter.structure(value, Level | None)


def test_a_level_that_is_neither_is_refused(converter):
    """Half of a float is no level."""
    with pytest.raises(exact_fields.Inexact):
        converter.structure(0.5, Level | None)
