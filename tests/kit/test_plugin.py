"""The pytest plugin, as somebody's own project meets it: in a run of pytest in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import edujournal

ROOT = Path(__file__).parents[2]
NAME = "edujournal.testing.plugin"
SMALL = (ROOT / "tests" / "cases" / "small.school.toml").read_text("utf-8")
CASE = """\
title = "A roll in time"
clause = "2.9"
shows = ["met"]
base = "small"

[[acts]]
at = 2026-09-15 09:10:00
by = "t"
record = "roll"
lesson = "l1"
absent = {}
"""
CONFTEST = """\
import pytest
from edujournal.adapters.stores.files import FileStore
from edujournal.adapters.stores.memory import MemoryStore

@pytest.fixture
def files(tmp_path):
    return lambda: FileStore(tmp_path / "store")

@pytest.fixture
def one_too_few():
    class Wrong(MemoryStore):
        def read(self, school, book, after=0):
            return iter(list(super().read(school, book, after))[:-1])
    one = Wrong()
    return lambda: one
"""
TESTS = """\
import pytest
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.ports import Keeps
from edujournal.testing import Outlives, StoreTests

class Forgetful(MemoryStore):
    schools = keep = kept = None

    def head(self, school, book):
        found = super().head(school, book)
        return found if found.number < 3 else type(found)(3, "0" * 64)

class TestForgetful(StoreTests):
    lacks = {Keeps: "documents | live elsewhere", Outlives: "memory is gone with its process"}

    @pytest.fixture
    def make_store(self):
        one = Forgetful(timeout=0.1)
        return lambda: one

def test_something_else():
    pass
"""


@pytest.fixture
def project(tmp_path):
    """A project with case files in two folders, one of which is named."""
    for folder in ("cases", "others"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "small.school.toml").write_text(SMALL, "utf-8")
        (tmp_path / folder / "one.case.toml").write_text(CASE, "utf-8")
    (tmp_path / "conftest.py").write_text(CONFTEST, "utf-8")
    return tmp_path


def run(project, *arguments, ini="edujournal_cases = cases"):
    """Run pytest there, warnings being errors; give its exit code and what it said."""
    (project / "pytest.ini").write_text(f"[pytest]\nfilterwarnings = error\n{ini}\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", NAME, "-p", "no:cacheprovider", "-q", *arguments],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=project,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "200"},
    )
    return done.returncode, done.stdout + done.stderr


def test_it_is_in_the_package_by_its_entry_point():
    """Whoever installs the package has the plugin; its name is that of its module, so that `-p` means it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert {"pytest11": {NAME: NAME}} == project["entry-points"]


def test_it_loads_nothing_until_it_is_asked():
    """Every run of pytest beside the package pays for pytest and the standard library only."""
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys, pytest; before = {{*sys.modules}}; import {NAME}; print(*{{*sys.modules}} - before)",
        ],
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout.split()
    others = {name.partition(".")[0] for name in told} - set(sys.stdlib_module_names)
    assert {"edujournal"} == others
    assert {"edujournal", "edujournal.testing", NAME} == {
        name for name in told if name.startswith("edujournal")
    }


def test_cases_are_collected_from_the_folders_that_are_named(project):
    """No case of another folder, and none without the setting; each is a test of its own."""
    code, said = run(project, "-rA")
    assert (0, ["PASSED cases/one.case.toml::singly_and_in_bulk"]) == (
        code,
        [line for line in said.splitlines() if "::" in line and "PASSED" in line],
    ), said
    code, said = run(project, ini="")
    assert (5, True) == (code, "no tests ran" in said)


def test_a_case_is_put_to_the_store_whose_fixture_is_named(project):
    """The store answers as memory does, or the difference names the clause and the store."""
    both = "edujournal_cases = cases\nedujournal_store = "
    code, said = run(project, ini=both + "files")
    assert (0, True) == (code, "2 passed" in said), said
    code, said = run(project, ini=both + "one_too_few")
    assert 1 == code
    assert "1 failed, 1 passed" in said
    assert "FAILED cases/one.case.toml::through_your_store" in said


def test_a_case_that_does_not_hold_is_told_by_its_clause(project):
    """What was expected, what was found instead, and the clause in words; nothing of our own code."""
    path = project / "cases" / "one.case.toml"
    path.write_text(f'{CASE}expect = ["2.9 after-close late"]\n', "utf-8")
    code, said = run(project)
    assert 1 == code
    assert "- clause 2.9 (Each teacher records who was absent" in said
    assert "expected 2.9 after-close late" in said
    assert "found 2.9 after-close met" in said
    assert "Traceback" not in said
    assert ".py:" not in said


def test_a_faulty_case_file_is_told_by_its_path(project):
    """The file, the path in it, and what is wrong there."""
    (project / "cases" / "one.case.toml").write_text(f"{CASE}colour = 5\n", "utf-8")
    code, said = run(project)
    assert 1 == code
    assert "one.case.toml.acts[0].colour" in said


def test_the_report_tells_every_promise_with_what_became_of_it(project):
    """Passed, failed, skipped with its reason, and not run; the kit's version stands above."""
    (project / "test_forgetful.py").write_text(TESTS, "utf-8")
    code, said = run(
        project,
        "-k",
        "head or batch or documents or killed or cases or else",
        "--edujournal-report=kept.md",
    )
    assert 1 == code
    assert "written to kept.md" in said
    assert "promises that were not asked" in said
    assert "documents_are_replaced_and_belong_to_a_school: lacks Keeps: documents | live" in said
    table = (project / "kept.md").read_text("utf-8")
    assert table.startswith("# Promises\n")
    assert f"edujournal {edujournal.__version__}." in table
    assert "\n## TestForgetful\n" in table
    row = {
        cells[1].strip(): (cells[2].strip(), cells[3].strip())
        for cells in (line.replace("\\|", "/").split("|") for line in table.splitlines())
        if len(cells) == 5
    }
    sentence = "To append nothing is allowed and leaves no book behind."
    assert (sentence, "passed") == row["an empty batch changes nothing"]
    assert "**failed**" == row["the head is the last record"][1]
    assert "**not run**" == row["names are taken as they are"][1]
    assert (
        "skipped: lacks Keeps: documents / live elsewhere"
        == (row["documents are replaced and belong to a school"][1])
    )
    assert "something else" not in table


def test_the_report_can_be_read_on_the_screen(project):
    """Without a file it is shown at the end; a run without a kit says so."""
    code, said = run(project, "--edujournal-report")
    assert 0 == code
    assert "No class of this run inherits the kit." in said


@pytest.mark.parametrize("meant", ["cases", "test_forgetful.py"])
def test_tests_are_not_taken_for_the_file_of_the_report(project, meant):
    """An option that may have a value would take the path that follows it, and then write over it."""
    (project / "test_forgetful.py").write_text(TESTS, "utf-8")
    code, said = run(project, "--edujournal-report", meant)
    assert 4 == code
    assert "looks like tests to run: write --edujournal-report=FILE" in said
    assert (project / "test_forgetful.py").read_text("utf-8") == TESTS


def test_processes_of_xdist_tell_of_one_report(project):
    """What several processes asked stands in one table."""
    pytest.importorskip("xdist")
    (project / "test_forgetful.py").write_text(TESTS, "utf-8")
    chosen = ("-k", "last_record or empty_batch", "-n", "2")
    run(project, *chosen, "--edujournal-report=many.md")
    run(project, *chosen[:2], "--edujournal-report=one.md")
    assert (project / "one.md").read_text("utf-8") == (project / "many.md").read_text("utf-8")
