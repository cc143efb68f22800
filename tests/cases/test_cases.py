"""Cases of the shipped regulation: judged singly, audited in bulk, read back from three stores."""

from __future__ import annotations

from pathlib import Path

import pytest

import edujournal as ej
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.testing.casefile import load_cases
from edujournal.testing.cases import run_case, same

HERE = Path(__file__).parent
CASES = load_cases(HERE)

#: What a clause must be shown to be: met, broken, at its border, undecidable. Where it cannot be
#: one of them, the reason.
SHOWN = ("met", "broken", "border", "undecidable")
CANNOT = {
    (
        "2.4",
        "undecidable",
    ): "the homeroom role writes nothing at any moment, so that no unknown time matters",
}
CLAUSES = (*(f"2.{number}" for number in range(2, 14)), "3.3")


def gaps() -> list[tuple[str, str]]:
    """Clauses and what no case shows of them, without a reason."""
    return [
        (clause, shown)
        for clause in CLAUSES
        for shown in SHOWN
        if (clause, shown) not in CANNOT
        and not any(clause in case.clauses and shown in case.shows for case in CASES)
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_has_one_answer_everywhere(case, tmp_path):
    """What the case expects is said by check, record and audit, on memory, files and SQLite."""
    memory = MemoryStore()
    places = {
        "memory": memory,
        "files": f"file:{tmp_path / 'files'}",
        "sqlite": f"sqlite:///{tmp_path / 'journal.db'}",
    }

    def answers(place):
        def make(school, regulation, clock, entropy):
            return ej.open(
                place, school=school, regulation=regulation, clock=clock, entropy=entropy
            )

        return run_case(case, make)

    same(case, {name: answers(place) for name, place in places.items()})


def test_every_clause_is_shown_met_broken_at_its_border_and_undecidable():
    """No clause lacks a case; where one cannot be, the reason is given."""
    assert [] == gaps()


def test_no_reason_is_given_for_what_is_shown():
    """A reason why something cannot be is wrong as soon as a case shows it."""
    shown = {(clause, what) for case in CASES for clause in case.clauses for what in case.shows}
    assert set() == shown & set(CANNOT)
