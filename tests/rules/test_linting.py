"""Lint: what loads and still cannot be meant, met or obeyed; every planted fault is found."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edujournal.rules.linting import LINTS, lint
from edujournal.rules.loading import load, shipped, structure

WORDS = {"ru": "п", "en": "p"}
DAY = {"anchor": "day", "snap": "end_of_day"}

#: A regulation of which there is nothing to say.
CLEAN: dict[str, Any] = {
    "format": 1,
    "id": "clean",
    "title": WORDS,
    "rights_clause": "1",
    "work_kinds": [
        {"code": "oral", "title": WORDS},
        {"code": "essay", "title": WORDS, "written": True},
    ],
    "clauses": [
        {
            "number": "1",
            "gist": WORDS,
            "rules": [
                {"kind": "rights", "role": "teacher", "may": "write", "scope": "own_journal",
                 "records": ["mark", "roll", "topic", "homework", "result", "marker"]},
                {"kind": "rights", "role": "head", "may": "write",
                 "records": ["waiver", "approval"]},
            ],
        },
        {"number": "2", "gist": WORDS, "rules": [
            {"kind": "timing", "record": record, "closes": DAY}
            for record in ("mark", "topic", "homework")
        ]},
        {"number": "3", "gist": WORDS, "rules": [
            {"kind": "timing", "record": "roll", "closes": DAY, "quorum": "once"},
            {"kind": "quantity", "record": "result", "each": "roll",
             "by": {"anchor": "period.end", "snap": "end_of_day"}},
        ]},
    ],
}  # fmt: skip


def clause(*rules: dict[str, Any], **more: Any) -> Callable[[dict[str, Any], str], None]:
    """Adds a clause with these rules under a number of its own."""

    def plant(data: dict[str, Any], number: str) -> None:
        made = {"number": number, "gist": WORDS, "rules": list(rules), **more}
        data["clauses"].append(deepcopy(made))

    return plant


def marker(data: dict[str, Any], number: str) -> None:
    """A marker that the head is to set, who writes none."""
    data["markers"] = [{"code": "x", "title": WORDS, "set_by": ["head"]}]


def no_clause(data: dict[str, Any], number: str) -> None:
    """Denials cite a clause that is not there."""
    data["rights_clause"] = "9"


def no_homework(data: dict[str, Any], number: str) -> None:
    """Nothing is said of homework."""
    data["clauses"][1]["rules"].pop()


LOCK = {"kind": "lock", "record": "mark", "since": DAY}

#: For each kind of lint a way to bring it about that disturbs no other.
PLANTED: dict[str, Callable[[dict[str, Any], str], None]] = {
    "right-denied": clause({"kind": "rights", "role": "teacher", "may_not": "write",
                            "scope": "own_journal", "records": ["marker"]}),
    "requires-and-excludes": clause(
        {"kind": "relation", "record": "mark", "requires": "kind"},
        {"kind": "relation", "record": "mark", "excludes": "kind"},
    ),
    "never-meant": clause({**LOCK, "lifts": [{"role": "head"}],
                           "when": {"work_kind": "oral", "written": True}}),
    "always-beaten": clause({"kind": "timing", "record": "topic", "instead_of": "2",
                             "closes": {"anchor": "lesson.end"}}),
    "nobody-may": clause({"kind": "timing", "record": "setup", "closes": DAY, "quorum": "once"}),
    "owed-twice": clause({"kind": "timing", "record": "result", "closes": DAY, "quorum": "once"}),
    "cannot-lift": clause({**LOCK, "lifts": [{"role": "deputy"}]}),
    "cannot-approve": clause({"kind": "approval", "record": "mark", "after": DAY,
                              "roles": ["head", "deputy"], "count": 2}),
    "too-few-approvers": clause({"kind": "approval", "record": "topic", "after": DAY,
                                 "roles": ["head"], "count": 2}),
    "marker-setter": marker,
    "no-way-out": clause(LOCK),
    "setting-not-given": clause({**LOCK, "lifts": [{"role": "head"}],
                                 "since": {"max": [DAY, {"anchor": "given.until",
                                                         "snap": "end_of_day"}]}}),
    "record-without-rule": no_homework,
    "clause-without-rule": clause(),
    "no-rights-clause": no_clause,
    "erased-at-will": clause({"kind": "rights", "role": "head", "may": "write", "records": ["erasure"]}),
}  # fmt: skip


def kinds(data: dict[str, Any]) -> set[str]:
    """Kinds of what there is to say."""
    return {one.kind for one in lint(structure(data))}


def test_there_is_nothing_to_say_of_a_sound_regulation():
    """Lint does not cry wolf."""
    assert set() == kinds(CLEAN)


def test_there_is_a_way_to_plant_each_kind():
    """A new kind of lint comes with a regulation that shows it."""
    assert set(LINTS) == set(PLANTED)


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_fault_is_found_and_no_other(kind):
    """Each kind is found by itself."""
    data = deepcopy(CLEAN)
    PLANTED[kind](data, "4")
    assert {kind} == kinds(data)


@given(st.sets(st.sampled_from(sorted(PLANTED))))
def test_every_planted_fault_of_a_faulty_regulation_is_found(chosen):
    """Whatever faults stand together, each is found."""
    data = deepcopy(CLEAN)
    for i, kind in enumerate(sorted(chosen)):
        PLANTED[kind](data, f"4.{i}")
    assert chosen == kinds(data)


def test_faults_come_first_and_name_their_place():
    """Faults, then gaps, then notes; each with clause and place of the rule."""
    data = deepcopy(CLEAN)
    for i, kind in enumerate(("no-way-out", "cannot-lift", "nobody-may")):
        PLANTED[kind](data, f"4.{i}")
    assert [
        ("nobody-may", "fault", "4.2", 0, {"record": "setup"}),
        ("cannot-lift", "gap", "4.1", 0, {"role": "deputy"}),
        ("no-way-out", "note", "4.0", 0, {"record": "mark"}),
    ] == [
        (one.kind, one.weight, one.clause, one.rule, dict(one.names))
        for one in lint(structure(data))
    ]


COUNTED = {"kind": "limit", "per": ["pupil", "journal", "period"], "at_most": 3}


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({**COUNTED, "record": "mark", "where": {"work_kind": "oral", "written": True}},
         "work_kind = oral, written = true"),
        ({**COUNTED, "record": "work", "where": {"control": True}}, "control = true"),
        ({**COUNTED, "record": "mark", "where": {"stage": "period"}}, "stage = period"),
        ({**COUNTED, "record": "result", "where": {"written": True}}, "written = true"),
        ({**COUNTED, "record": "topic", "where": {"purpose": "monitoring"}}, "purpose = monitoring"),
        ({"kind": "relation", "record": "topic", "requires": "text", "when": {"written": True}},
         "written = true"),
        ({"kind": "timing", "record": "roll", "closes": DAY, "when": {"stage": "year"}},
         "stage = year"),
        ({**COUNTED, "record": "mark", "where": {"work_kind": "essay", "written": True}}, None),
        ({**COUNTED, "record": "result", "where": {"stage": "period", "grade": 5}}, None),
        ({**COUNTED, "record": "marker", "where": {"stage": "period"}}, None),
        ({**COUNTED, "record": "topic", "where": {"grade": 5}}, None),
        ({"kind": "limit", "record": "mark", "per": ["pupil", "journal", "period"], "at_least": 3,
          "before": "result", "when": {"stage": "period"}}, None),
    ],
)  # fmt: skip
def test_what_a_limit_measures_must_be_something_that_there_is(rule, said):
    """`where` selects records: of a kind of work that the vocabulary has, of a stage only results."""
    data = deepcopy(CLEAN)
    clause(rule)(data, "4")
    found = [one for one in lint(structure(data)) if one.kind == "never-meant"]
    assert ([] if said is None else [said]) == [one.names["when"] for one in found]


def test_settings_that_anchors_read_under_another_name_are_asked_for():
    """The day of a conference, the report day and the end of the exams are given by the school."""
    data = deepcopy(CLEAN)
    for i, anchor in enumerate(("conference", "report_day", "exam_session.end")):
        rule = {"kind": "timing", "record": "closing", "closes": {"anchor": anchor, "snap": "end_of_day"},
                "when": {"grade": i}}  # fmt: skip
        clause(rule)(data, f"4.{i}")
    rule = {"kind": "timing", "record": "makeup", "closes": {**DAY, "shift": "+given.n days"}}
    clause(rule)(data, "5")
    wanted = {"conference", "report_day", "exam_session_end", "n"}
    assert wanted == {one.names["setting"] for one in lint(structure(data))}

    data["given"] = dict.fromkeys(wanted, 5)
    assert set() == kinds(data)


def test_a_regulation_without_rights_is_not_asked_who_may():
    """It runs beside one that gives them."""
    data = deepcopy(CLEAN)
    del data["clauses"][0]
    assert set() == kinds(data)


@pytest.mark.parametrize("id", shipped())
def test_no_regulation_that_is_shipped_has_a_fault(id):
    """What is shipped has no faults; its only gaps are settings that a school must give."""
    assert set() <= {one.kind for one in lint(load(id)) if one.weight != "note"} <= {
        "setting-not-given"
    }  # fmt: skip
