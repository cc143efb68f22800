"""The page of features: each names what proves it, and that exists."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "explanation" / "features.md").read_text("utf-8")
ROWS = re.findall(r"^\| ([A-R]\d+) \| (.+?) \| (.+) \|$", PAGE, re.MULTILINE)

#: How many features each group has.
GROUPS = {
    "A": 8,
    "B": 6,
    "C": 9,
    "D": 6,
    "E": 13,
    "F": 8,
    "G": 5,
    "H": 4,
    "I": 6,
    "J": 4,
    "K": 3,
    "L": 3,
    "M": 5,
    "O": 1,
    "Q": 3,
    "R": 2,
}


@cache
def names(path: Path) -> frozenset[str]:
    """Names of the tests in a file."""
    return frozenset(
        node.name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def test_every_feature_of_the_groups_is_listed_once():
    """Every feature of the groups that are here, in their order."""
    wanted = [f"{group}{n}" for group, last in GROUPS.items() for n in range(1, last + 1)]
    assert wanted == [id for id, _, _ in ROWS]


@pytest.mark.parametrize(("id", "told", "proof"), ROWS, ids=[row[0] for row in ROWS])
def test_a_feature_is_proven_by_what_exists(id, told, proof):
    """A test by its file and name, or a case by its file."""
    proofs = re.findall(r"`([^`]+)`", proof)
    assert proofs
    for one in proofs:
        path, _, name = one.partition("::")
        assert (ROOT / path).is_file(), one
        assert not name or name in names(ROOT / path), one
