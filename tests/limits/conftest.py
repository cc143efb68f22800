"""Journals of the small school of the cases, under a regulation made of plain data."""

from __future__ import annotations

from pathlib import Path

import pytest

import edujournal as ej
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.rules.loading import load
from edujournal.testing.case_schools import merged, school_of
from edujournal.testing.clocks import CountedSalts, StandingClock

FOLDER = Path(__file__).parents[1] / "cases" / "limits"
WORDS = {"ru": "п", "en": "p"}


def regulation_of(*rules, given=None):
    """A regulation with one clause X.1 over the shipped one."""
    clause = {"number": "X.1", "gist": WORDS, "rules": list(rules)}
    data = {"format": 1, "id": "x", "title": WORDS, "extends": "ru-school26-2023",
            "clauses": [clause]}  # fmt: skip
    return load(data | ({} if given is None else {"given": given}))


def school(**changes):
    """The school of the cases, with changes."""
    import tomllib

    base = tomllib.loads((FOLDER / "limits.school.toml").read_text("utf-8"))
    problems = []
    found = school_of(merged(base, changes), "school", problems)
    assert problems == []
    return found


@pytest.fixture
def opened():
    """Opens journals under a regulation, with a clock that stands."""

    def opening(*rules, given=None, **changes):
        clock = StandingClock()
        journals = ej.Journals(
            MemoryStore(), school(**changes), regulation_of(*rules, given=given), clock=clock,
            entropy=CountedSalts(),
        )  # fmt: skip
        return journals, clock

    return opening


@pytest.fixture
def limit():
    """Makes a limit as plain data."""

    def made(**fields):
        base = {"kind": "limit", "record": "mark", "per": ["pupil", "journal", "period"]}
        return base | fields

    return made
