"""Every regulation that comes with the library: its cases, and what they show of it."""

from __future__ import annotations

from pathlib import Path

import pytest

import edujournal as ej
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.rules.loading import load, shipped
from edujournal.testing.casefile import load_cases
from edujournal.testing.cases import run_case, same

HERE = Path(__file__).parent
FOLDERS = {path.name: path for path in sorted((HERE / "cases").iterdir())}
CASES = [
    pytest.param(case, id=f"{name}/{case.id}")
    for name, path in FOLDERS.items()
    for case in load_cases(path)
]

#: The school's regulation has its own, larger set of cases.
OWN = "ru-school26-2023"


@pytest.mark.parametrize("case", CASES)
def test_a_case_has_one_answer_everywhere(case, tmp_path):
    """What a case expects is said by check, record and audit, in memory and in SQLite."""
    places = {"memory": MemoryStore(), "sqlite": f"sqlite:///{tmp_path / 'journal.db'}"}

    def answers(place):
        def make(school, regulation, clock, entropy):
            return ej.open(
                place, school=school, regulation=regulation, clock=clock, entropy=entropy
            )

        return run_case(case, make)

    same(case, {name: answers(place) for name, place in places.items()})


@pytest.mark.parametrize("id", [id for id in shipped() if id != OWN])
@pytest.mark.parametrize("shown", ["met", "broken", "border", "undecidable"])
def test_each_regulation_is_shown_met_broken_at_its_border_and_undecidable(id, shown):
    """A regulation that is shipped has been seen at work from every side."""
    assert shown in {one for case in load_cases(FOLDERS[id]) for one in case.shows}


@pytest.mark.parametrize("id", shipped())
def test_each_clause_says_where_it_comes_from_in_both_languages(id):
    """A source is named, a gist stands in both languages, and a rule's clause tells how to mend."""
    regulation = load(id)
    assert regulation.source
    for clause in regulation.clauses:
        assert clause.gist.ru, clause.number
        assert clause.gist.en, clause.number


@pytest.mark.parametrize("id", [id for id in shipped() if id != OWN])
def test_every_clause_with_a_rule_that_can_be_broken_has_a_case(id):
    """Rights are shown by every case; any other clause by one that names it."""
    named = {clause for case in load_cases(FOLDERS[id]) for clause in case.clauses}
    regulation = load(id)
    wanted = {
        clause.number
        for clause in regulation.clauses
        if any(rule.__class__.__name__ != "RightsRule" for rule in clause.rules)
    }
    assert set() == wanted - named


def test_every_clause_of_the_schools_regulation_is_accounted_for():
    """1.1 to 3.4: a rule, or what else keeps it; nothing is left that a journal could not tell."""
    regulation = load(OWN)
    numbers = [
        f"{part}.{n}" for part, last in ((1, 7), (2, 16), (3, 4)) for n in range(1, last + 1)
    ]
    assert numbers == [clause.number for clause in regulation.clauses]
    assert [] == [
        one.number for one in regulation.clauses if bool(one.rules) == (one.kept_by is not None)
    ]
    assert [] == [one.number for one in regulation.clauses if one.kept_by == "nothing"]
