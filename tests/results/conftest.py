"""Scales of several kinds, and regulations made of plain data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from edujournal.rules.clauses import Regulation
from edujournal.rules.loading import structure
from edujournal.rules.vocabulary import Scale

WORDS = {"ru": "слово", "en": "word"}

#: Plain data of scales as regulation files have them.
SCALES: dict[str, dict[str, Any]] = {
    "five": {
        "kind": "numeric", "values": ["1", "2", "3", "4", "5"], "passing_from": "3",
        "good_from": "4", "learned": {"5": 100, "4": 64, "3": 36, "2": 16},
    },
    "signed": {
        "kind": "numeric", "values": ["2", "3", "4", "5"],
        "modifiers": {"+": "0.3", "-": "-0.3"}, "passing_from": "3-",
    },
    "german": {
        "kind": "numeric", "values": ["6", "5", "4", "3", "2", "1"], "lower_is_better": True,
        "passing_from": "4", "good_from": "2",
    },
    "letters": {
        "kind": "letter", "values": ["F", "D", "C", "B", "A"], "passing_from": "D",
        "numbers": {"F": 0, "D": 1, "C": 2, "B": 3, "A": 4},
    },
    "hundred": {"kind": "points", "least": 0, "most": 100, "decimals": 1, "passing_from": "60"},
    "credit": {"kind": "credit", "values": ["незачёт", "зачёт"], "passing_from": "зачёт"},
    "steps": {"kind": "levels", "values": ["base", "raised", "high"], "good_from": "raised"},
    "words": {"kind": "descriptive", "values": ["begins", "copes", "excels"]},
}  # fmt: skip


def regulation_of(**more: Any) -> Regulation:
    """A regulation with these scales and whatever is added."""
    return structure(
        {
            "format": 1,
            "id": "marks",
            "title": WORDS,
            "default_scale": "five",
            "scales": [{"code": code, "title": WORDS, **row} for code, row in SCALES.items()],
            **more,
        }
    )


@pytest.fixture(scope="session")
def scales() -> dict[str, Scale]:
    """The scales, by their codes."""
    return {scale.code: scale for scale in regulation_of().scales}


@pytest.fixture(scope="session")
def make_regulation() -> Callable[..., Regulation]:
    """Makes a regulation with these scales and whatever is added."""
    return regulation_of
