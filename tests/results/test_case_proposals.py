"""Cases with proposals: a wrong expectation fails and says what was found; a fault has its path."""

from __future__ import annotations

from pathlib import Path

import pytest

import edujournal as ej
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.errors import BadFile
from edujournal.testing.cases import CaseFailed, load_cases, run_case

SCHOOL = Path(__file__).parents[1] / "cases" / "small.school.toml"
CASE = """
title = "A proposal and a decision"
clause = "2.13"
shows = ["met"]
base = "small"

[[acts]]
at = 2026-09-15 09:10:00
by = "t"
record = "mark"
lesson = "l1"
pupil = "p-1"
kind = "oral"
value = 4

[[acts]]
at = 2026-10-20 12:00:00
by = "t"
record = "result"
journal = "7A/alg"
period = "q1"
pupil = "p-1"
value = 4
basis = 2026-10-20 11:00:00

[[proposals]]
at = 2026-10-20 13:00:00
journal = "7A/alg/2026"
period = "q1"
stage = "period"
expect = [%s]
"""


def run(folder, expect, change=lambda text: text):
    """Run the case with these expectations."""
    (folder / "small.school.toml").write_text(SCHOOL.read_text("utf-8"), "utf-8")
    file = folder / "x.case.toml"
    file.write_text(change(CASE % expect), "utf-8")
    (case,) = load_cases(file)
    memory = MemoryStore()
    return run_case(
        case, lambda school, regulation, clock, entropy: ej.Journals(
            memory, school, regulation, clock=clock, entropy=entropy
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    "expect",
    [
        '"p-1 4 4", "p-2 н/а", "p-3 marker"',
        (
            '{ pupil = "p-1", status = "value", text = "4", mean = "4", decided = "4", differs = false,'
            ' outdated = false }, { pupil = "p-2", marker = "н/а" }'
        ),
        "",
    ],
)
def test_what_is_expected_is_found(tmp_path, expect):
    """In words or as a table; whoever is not named may have anything."""
    assert 2 == len(run(tmp_path, expect).verdicts)


@pytest.mark.parametrize(
    ("expect", "what"),
    [
        ('"p-1 5"', "p-1: expected text '5', found '4'"),
        ('"p-1 4 4.5"', "p-1: expected mean '4.5', found '4'"),
        ('"p-1 undecidable"', "p-1: expected status 'undecidable', found 'value'"),
        ('"p-9 5"', "p-9: no proposal"),
        ('{ pupil = "p-1", differs = true }', "expected differs True, found False"),
    ],
)
def test_what_is_not_found_fails_with_what_was(tmp_path, expect, what):
    """The message names the pupil, what was expected and what was found."""
    with pytest.raises(CaseFailed) as raised:
        run(tmp_path, expect)
    assert what in str(raised.value)


@pytest.mark.parametrize(
    ("expect", "where"),
    [
        ('"p-1"', "proposals[0].expect[0]"), ('"p-1 4 x"', "proposals[0].expect[0]"),
        ("5", "proposals[0].expect[0]"), ('{ text = "4" }', "expect[0].pupil"),
        ('{ pupil = "p-1", mine = 4 }', "expect[0].mine"),
    ],
)  # fmt: skip
def test_a_fault_has_its_path(tmp_path, expect, where):
    """What cannot be an expectation is told where it stands."""
    with pytest.raises(BadFile) as raised:
        run(tmp_path, expect)
    assert any(one.where.endswith(where) for one in raised.value.problems)


def test_a_decision_of_nobody_has_no_basis(tmp_path):
    """A pupil for whom nothing is proposed: the error is one that the case may expect."""

    def other(text):
        return text.replace('pupil = "p-1"\nvalue = 4\nbasis', 'pupil = "p-7"\nvalue = 4\nbasis')

    with pytest.raises(CaseFailed, match="Unknown"):
        run(tmp_path, "", other)


def test_only_results_have_a_basis(tmp_path):
    """A mark with a basis is a fault of the file."""
    with pytest.raises(BadFile, match="basis"):
        run(tmp_path, "", lambda text: text.replace('kind = "oral"', 'kind = "oral"\nbasis = true'))
