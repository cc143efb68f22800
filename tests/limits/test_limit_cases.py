"""Cases of limits: what is too much, too little, too close, and what cannot be said."""

from __future__ import annotations

from pathlib import Path

import pytest

import edujournal as ej
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.testing.cases import load_cases, run_case, same

FOLDER = Path(__file__).parents[1] / "cases" / "limits"
CASES = load_cases(FOLDER)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_has_one_answer_everywhere(case, tmp_path):
    """What the case expects is said by check, record and audit, on memory and SQLite."""
    places = {"memory": MemoryStore(), "sqlite": f"sqlite:///{tmp_path / 'journal.db'}"}

    def answers(place):
        def make(school, regulation, clock, entropy):
            return ej.open(
                place, school=school, regulation=regulation, clock=clock, entropy=entropy
            )

        return run_case(case, make)

    same(case, {name: answers(place) for name, place in places.items()})
