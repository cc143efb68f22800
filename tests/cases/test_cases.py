"""Cases of the shipped regulation: judged singly, audited in bulk, read back from three stores."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

import edujournal as ej
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.testing.cases import run_case, same

ROOT = Path(__file__).parents[2]
#: The page of clauses: its script holds what must be shown of each, and the reasons why not.
CLAUSES = runpy.run_path(str(ROOT / "docs" / "clauses_page.py"))
CASES = CLAUSES["cases"]()


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
    assert [] == CLAUSES["gaps"](CASES)


def test_a_gap_is_found():
    """Without the cases of a clause its four sides are missing."""
    rest = [case for case in CASES if "2.7" not in case.clauses]
    assert [("2.7", what) for what in ("met", "broken", "border", "undecidable")] == CLAUSES[
        "gaps"
    ](rest)


def test_no_reason_is_given_for_what_is_shown():
    """A reason why something cannot be is wrong as soon as a case shows it."""
    shown = {(clause, what) for case in CASES for clause in case.clauses for what in case.shows}
    assert set() == shown & set(CLAUSES["CANNOT"])


def test_the_page_of_clauses_is_up_to_date():
    """The page says what regulations and cases say; `python docs/clauses_page.py` writes it anew."""
    assert CLAUSES["page"]() == CLAUSES["PAGE"].read_text("utf-8")
