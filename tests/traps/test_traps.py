"""The traps that implementations of such journals have fallen into: each has a case or a test of its own."""

from __future__ import annotations

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest

import edujournal as ej
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.testing.casefile import load_cases
from edujournal.testing.cases import run_case, same

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
CASES = load_cases(HERE)
FOLDERS = [HERE, ROOT / "tests/cases", *sorted((ROOT / "tests/regulations/cases").iterdir())]

#: Traps that no case can show, and the tests that do.
TESTS = {
    5: "tests/traps/test_traps.py::test_an_exempt_pupil_leaves_the_denominator_and_a_not_assessed_one_stays",
    12: "tests/traps/test_traps.py::test_no_path_walks_round_a_rule",
    14: "tests/traps/test_traps.py::test_acting_on_behalf_keeps_both_identities",
    19: "tests/model/test_calendar_faults.py::test_ids_that_only_machines_can_tell_apart",
    23: "tests/exchange/csvset/test_quarter.py::test_what_was_planned_is_what_came",
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_trap_is_not_fallen_into(case, tmp_path):
    """What the case expects is said by check, record and audit, on memory, files and SQLite."""
    places = {"memory": MemoryStore(), "files": f"file:{tmp_path / 'f'}",
              "sqlite": f"sqlite:///{tmp_path / 'j.db'}"}  # fmt: skip

    def answers(place):
        def make(school, regulation, clock, entropy):
            return ej.open(
                place, school=school, regulation=regulation, clock=clock, entropy=entropy
            )

        return run_case(case, make)

    same(case, {name: answers(place) for name, place in places.items()})


def test_each_of_the_25_traps_has_a_case_or_a_test():
    """A trap without either would be fallen into one day."""
    known = {case.trap for folder in FOLDERS for case in load_cases(folder)} - {None}
    assert [] == [trap for trap in range(1, 26) if trap not in known | set(TESTS)]


@pytest.mark.parametrize("id", TESTS.values())
def test_the_tests_named_exist(id):
    """A name here is a test there."""
    path, _, name = id.partition("::")
    names = [
        node.name
        for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
    ]
    wanted = name.strip("*")
    assert any(wanted in one if "*" in name else wanted == one for one in names)


# -- 5 ---------------------------------------------------------------------------------------------


def test_an_exempt_pupil_leaves_the_denominator_and_a_not_assessed_one_stays():
    """«осв» is nobody's failure; «н/а» is one among those who should have a result."""
    regulation = ej.load_regulation("ru-school26-2023")
    assert (False, True) == tuple(regulation.marker(code).in_denominator for code in ("осв", "н/а"))


# -- 12, 14 ----------------------------------------------------------------------------------------


@pytest.fixture
def journals():
    """The sample school, at noon on a lesson's day."""
    return ej.open(
        "memory:",
        school=ej.samples.school(),
        regulation="ru-school26-2023",
        clock=lambda: datetime(2026, 9, 15, 9, 0, tzinfo=UTC),
    )


def test_no_path_walks_round_a_rule(journals):
    """One at a time, in a batch, asked before, by another role, with stated evidence: the same refusal."""
    draft = ej.Mark(lesson="7A-alg-0915", pupil="p-17", kind="oral", value=17)
    stranger = ej.Mark(lesson="7A-alg-0915", pupil="p-17", kind="oral", value=5)
    with pytest.raises(ej.Refused):
        journals.record(draft, by="t-ivanova")
    assert {ej.Decision.REFUSED} == {
        one.decision for one in journals.record_many([draft, draft], by="t-ivanova")
    }
    assert ej.Decision.REFUSED is journals.check(draft, by="t-ivanova").decision
    for role in (None, "teacher", "head", "substitute"):
        with pytest.raises(ej.Refused):
            journals.record(stranger, by="t-sidorov", role=role)
    dated = ej.Mark(
        lesson="7A-alg-0915", pupil="p-17", kind="oral", value=5, evidence=ej.Evidence(None, 1)
    )
    with pytest.raises(ej.Refused):
        journals.record(dated, by="t-ivanova")
    assert [] == list(journals.entries("journal/7A/alg/2026"))


def test_acting_on_behalf_keeps_both_identities(journals):
    """Who wrote and for whom are two fields of the entry; the rights are those of the one acted for."""
    draft = ej.Mark(lesson="7A-alg-0915", pupil="p-17", kind="oral", value=5)
    journals.record(draft, by=ej.Actor("t-sidorov", on_behalf_of="t-ivanova"))
    (entry,) = journals.entries("journal/7A/alg/2026")
    assert ("t-sidorov", "teacher", "t-ivanova") == (
        entry.by.account, entry.by.role, entry.by.on_behalf_of,
    )  # fmt: skip
    with pytest.raises(ej.Refused):
        journals.record(draft, by=ej.Actor("t-ivanova", on_behalf_of="t-sidorov"))
