"""The JSON Schema of regulation files: it takes what loads, and names what is misspelt."""

from __future__ import annotations

from copy import deepcopy
from datetime import date

import pytest
from jsonschema import Draft202012Validator

from edujournal.errors import BadRegulation
from edujournal.rules.loading import content, shipped, structure
from edujournal.rules.schema import json_schema

SCHEMA = Draft202012Validator(json_schema())


def plain(value):
    """The content of a file as JSON has it: days are text."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def test_the_schema_is_one():
    """It is a schema of its dialect."""
    Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("id", shipped())
def test_what_is_shipped_is_valid(id):
    """Every regulation that loads here is valid."""
    assert [] == [error.message for error in SCHEMA.iter_errors(plain(content(id)))]


def _setup(data):
    """The clause on the year's set-up, whose first rule is a window."""
    return next(one for one in data["clauses"] if one["number"] == "2.2")


def _misspelt(data):
    _setup(data)["rulez"] = _setup(data).pop("rules")


def _anchor(data):
    _setup(data)["rules"][0]["closes"]["anchor"] = "lesson.begin"


def _shift(data):
    _setup(data)["rules"][0]["closes"]["shift"] = "3 days"


def _record(data):
    _setup(data)["rules"][0]["record"] = "marks"


def _kind(data):
    _setup(data)["rules"][0]["kind"] = "time"


def _feature(data):
    _setup(data)["rules"][0]["when"] = {"graed": 7}


def _number(data):
    data["work_kinds"][0]["weight"] = 1.5


def _effect(data):
    _setup(data)["rules"][0]["on_breach"] = "shout"


def _quorum(data):
    _setup(data)["rules"][0]["quorum"] = {"each": "pupil"}


def _clamp(data):
    _setup(data)["rules"][0]["closes"] = {"clamp": [{"anchor": "day"}]}


@pytest.mark.parametrize(
    "spoil",
    [_misspelt, _anchor, _shift, _record, _kind, _feature, _number, _effect, _quorum, _clamp],
)
def test_what_is_misspelt_is_neither_valid_nor_loaded(spoil):
    """The schema and the loader refuse the same mistakes."""
    data = deepcopy(dict(content("ru-school26-2023")))
    spoil(data)
    assert list(SCHEMA.iter_errors(plain(data)))
    with pytest.raises(BadRegulation):
        structure(data)
