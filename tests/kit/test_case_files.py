"""Case files: every fault has its path, and a case that does not hold says what was said instead."""

from __future__ import annotations

from pathlib import Path

import pytest

import edujournal as ej
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.errors import BadFile
from edujournal.testing.casefile import load_cases
from edujournal.testing.cases import CaseFailed, run_case, same

SMALL = (Path(__file__).parents[1] / "cases" / "small.school.toml").read_text("utf-8")
HEAD = 'title = "A case"\nclause = "2.9"\nshows = ["met"]\nbase = "small"\n'
ROLL = '[[acts]]\nat = 2026-09-15 09:10:00\nby = "t"\nrecord = "roll"\nlesson = "l1"\nabsent = {}\n'


def write(folder: Path, text: str) -> Path:
    """One case file beside the small school."""
    (folder / "small.school.toml").write_text(SMALL, "utf-8")
    path = folder / "one.case.toml"
    path.write_text(text, "utf-8")
    return path


FAULTS = [
    ("", "one.case.toml", "an empty case"),
    ("title = ", "one.case.toml", "not TOML"),
    (HEAD + "colour = 5", "one.case.toml.colour", "unknown field 'colour'"),
    (HEAD.replace('"A case"', "5"), "one.case.toml.title", "wrong type"),
    (HEAD.replace('"met"', '"kept"'), "one.case.toml.shows", "unknown kind of case"),
    (HEAD.replace('"2.9"', '"2.99"'), "one.case.toml.clause", "unknown clause"),
    (HEAD.replace('"small"', '"tiny"'), "tiny.school.toml", "the file cannot be read"),
    (HEAD + 'regulation = "ru-school"', "", "unknown regulation"),
    (HEAD + 'regulation = "none.toml"', "none.toml", "the file cannot be read"),
    (HEAD + 'zone = "Europe/Moskva"', "one.case.toml.zone", ""),
    (HEAD + 'days = "2026-09-01 to 2026-08-01"', "one.case.toml.days", "a stretch without a day"),
    (HEAD + 'days = "2026-09-31"', "one.case.toml.days", "not days"),
    (HEAD + "closed = [5]", "one.case.toml.closed[0]", "wrong type"),
    (HEAD + 'subjects = ["alg", 5]', "one.case.toml.subjects[1]", "wrong type"),
    (HEAD + '[groups]\n"7B" = "klass"', "one.case.toml.groups.7B.is", "not a group"),
    (HEAD + '[groups]\n"7B.1" = "subgroup of 7Z"', "one.case.toml.groups.7B.1.parents", "unknown group"),
    (HEAD + '[groups]\n"7B" = 5', "one.case.toml.groups.7B", "wrong type"),
    (HEAD + '[lessons]\nx = "7A alg soon"', "one.case.toml.lessons.x.is", "not a lesson"),
    (HEAD + '[lessons]\nx = "7A alg 2026-09-15 09:45-09:00"', "one.case.toml.lessons.x", ""),
    (HEAD + '[lessons]\nx = "7A alg 2026-02-30 09:00-09:45"', "one.case.toml.lessons.x", ""),
    (HEAD + "[accounts]\nx = 5", "one.case.toml.accounts.x", "wrong type"),
    (HEAD + '[periods.quarters]\nq1 = "quarter 2025-09-01 to 2025-10-01"', "one.case.toml", ""),
    (HEAD + '[[acts]]\nby = "t"\nrecord = "roll"\nlesson = "l1"', "one.case.toml.acts[0].at", "a field is missing"),
    (HEAD + ROLL.replace('"roll"', '"rol"'), "one.case.toml.acts[0].record", "unknown kind of record"),
    (HEAD + ROLL.replace('"roll"', '"xyz"'), "one.case.toml.acts[0].record", "unknown kind of record"),
    (HEAD + ROLL.replace('lesson = "l1"\n', ""), "one.case.toml.acts[0]", "not a roll"),
    (HEAD + ROLL + 'lessn = "l1"', "one.case.toml.acts[0].lessn", "unknown field 'lessn'"),
    (HEAD + ROLL + 'expect = ["2.9 met"]', "one.case.toml.acts[0].expect[0]", "not a finding"),
    (HEAD + ROLL + "expect = [5]", "one.case.toml.acts[0].expect[0]", "wrong type"),
    (HEAD + ROLL + 'expect = ["2.99 after-close met"]', "one.case.toml.acts[0].expect[0]", "unknown clause"),
    (HEAD + ROLL + 'expect = ["2.9 after-clos met"]', "one.case.toml.acts[0].expect[0]", "unknown breach code"),
    (HEAD + ROLL + 'expect = ["2.9 after-close mett"]', "one.case.toml.acts[0].expect[0]", "unknown outcome"),
    (HEAD + ROLL + 'expect = [{ clause = "2.9", code = "after-close" }]', "one.case.toml.acts[0].expect[0].outcome",
     "a field is missing"),
    (HEAD + ROLL + 'decision = "taken"', "one.case.toml.acts[0].decision", "unknown decision"),
    (HEAD + ROLL + "evidence = [2026-09-15]", "one.case.toml.acts[0].evidence", "not evidence"),
    (HEAD + ROLL + 'author = "t"', "one.case.toml.acts[0].evidence", "an author without evidence"),
    (HEAD + "[[audits]]\nat = 2026-09-15 12:00:00\nexpct = []", "one.case.toml.audits[0].expct", "unknown field"),
    (HEAD + '[[acts]]\nat = 2026-09-15 12:00:00\nby = "t"\nrecord = "homework"\nlesson = "l1"', "one.case.toml.acts[0]",
     "both or neither"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "where", "what"), FAULTS)
def test_a_fault_of_a_case_file_has_its_path(tmp_path, text, where, what):
    """The file, the path in it, and what is wrong; nothing is run."""
    with pytest.raises(BadFile) as caught:
        load_cases(write(tmp_path, text))
    found = [(problem.where, problem.what) for problem in caught.value.problems]
    assert any(where in place and what in said for place, said in found), found


def test_all_faults_of_a_folder_are_told_at_once(tmp_path):
    """One file after another, each with its own; a folder without cases says so."""
    with pytest.raises(BadFile, match="no cases"):
        load_cases(tmp_path)
    write(tmp_path, HEAD + "colour = 5")
    (tmp_path / "two.case.toml").write_text(HEAD.replace('"met"', '"kept"'), "utf-8")
    with pytest.raises(BadFile) as caught:
        load_cases(tmp_path)
    assert {"one.case.toml.colour", "two.case.toml.shows"} == {
        one.where for one in caught.value.problems
    }


def run(folder: Path, text: str):
    """Run one case over memory."""
    (case,) = load_cases(write(folder, text))
    store = MemoryStore()
    return case, run_case(
        case,
        lambda school, regulation, clock, entropy: ej.open(
            store, school=school, regulation=regulation, clock=clock, entropy=entropy
        ),
    )


FAILS = [
    (ROLL + 'expect = ["2.9 after-close late"]', "expected 2.9 after-close late"),
    (ROLL.replace("09:10", "08:10"), "2.9"),
    (ROLL.replace("2026-09-15", "2026-09-16") + 'decision = "accepted"', "late"),
    (ROLL + 'decision = "refused"', "expected refused, found accepted"),
    (ROLL + 'expect = [{ clause = "2.9", code = "after-close", outcome = "met", closes = 2026-09-15 12:00:00 }]',
     "closes="),
    (ROLL + 'expect = [{ clause = "2.9", code = "after-close", outcome = "met", by = "x", hands = ["y"], late_by = 5 }]',
     "hands=y"),
    (ROLL + 'raises = "Unknown"', "Unknown"),
    (ROLL.replace('"l1"', '"l99"'), "Unknown"),
    (ROLL + "[[audits]]\nat = 2026-09-20 12:00:00\nexpect = []", "missing"),
    (ROLL + "[[audits]]\nat = 2026-09-15 12:00:00\neverything = true\nexpect = []", "met"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), FAILS)
def test_a_case_that_does_not_hold_says_what_was_said_instead(tmp_path, text, said):
    """The clause in words, what was expected, what was found."""
    with pytest.raises(CaseFailed) as caught:
        run(tmp_path, HEAD + text)
    assert said in str(caught.value)


def test_a_case_that_holds_gives_all_that_was_said(tmp_path):
    """Verdicts, audits, heads; and two places that said the same are the same."""
    case, answers = run(tmp_path, HEAD + ROLL + "[[audits]]\nat = 2026-09-15 12:00:00\nexpect = []")
    assert 1 == len(answers.verdicts)
    same(case, {"one": answers, "two": answers})


def test_places_that_differ_are_told_apart(tmp_path):
    """Another answer, the same in another order, or another head: the message names the clause."""
    from attrs import evolve

    case, answers = run(tmp_path, HEAD + ROLL)
    (verdict,) = answers.verdicts
    fewer = evolve(answers, verdicts=(evolve(verdict, findings=verdict.findings[1:]),))
    with pytest.raises(CaseFailed, match="two answers"):
        same(case, {"one": answers, "two": fewer})
    turned = evolve(
        answers, verdicts=(evolve(verdict, findings=tuple(reversed(verdict.findings))),)
    )
    with pytest.raises(CaseFailed, match="in another order"):
        same(case, {"one": answers, "two": turned})
    with pytest.raises(CaseFailed, match="heads differ"):
        same(case, {"one": answers, "two": evolve(answers, heads={})})
    with pytest.raises(CaseFailed, match="two answers"):
        same(case, {"one": answers, "two": evolve(answers, verdicts=("Unknown",))})


def test_an_error_that_is_expected_is_no_failure(tmp_path):
    """`raises` names the class."""
    _, answers = run(tmp_path, HEAD + ROLL.replace('"l1"', '"l99"') + 'raises = "Unknown"')
    assert ("Unknown",) == answers.verdicts


def test_settings_and_several_regulations_can_be_given(tmp_path):
    """`given` is laid over a shipped regulation, or over a file beside the case."""
    (tmp_path / "ours.toml").write_text(
        'id = "ours"\ntitle = { ru = "п", en = "p" }\nextends = "ru-school26-2023"\n', "utf-8"
    )
    text = (
        HEAD
        + 'regulations = ["ru-school26-2023", "ours.toml"]\ngiven = { control_days = 5 }\n'
        + ROLL
    )
    case, _ = run(tmp_path, text)
    assert [5, 5] == [one.given["control_days"] for one in case.regulations]
