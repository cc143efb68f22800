"""A regulation that extends another, and a host's own checks."""

from __future__ import annotations

import types

import pytest

from edujournal.errors import BadRegulation, Unknown
from edujournal.rules.checks import Check
from edujournal.rules.loading import load, structure

WORDS = {"ru": "п", "en": "p"}
CHILD = {"id": "ours", "title": WORDS, "extends": "ru-school26-2023"}


def test_a_child_keeps_what_it_does_not_say():
    """Clauses, scales and kinds are the parent's; id, title and time in force are its own."""
    parent, child = load("ru-school26-2023"), structure(CHILD)
    assert parent.clauses == child.clauses
    assert parent.scales == child.scales
    assert ("ours", None) == (child.id, child.in_force.since)
    assert parent.digest != child.digest


def test_a_clause_of_the_same_number_replaces():
    """A school's homework by the end of the day instead of an hour and a half."""
    clause = {
        "number": "2.7",
        "gist": WORDS,
        "rules": [{"kind": "timing", "record": "homework",
                   "closes": {"anchor": "day", "snap": "end_of_day"}}],
    }  # fmt: skip
    child = structure({**CHILD, "clauses": [clause]})
    assert [one.number for one in load("ru-school26-2023").clauses] == [
        one.number for one in child.clauses
    ]
    assert 1 == len(child.clause("2.7").rules)


def test_clauses_can_be_left_out_and_settings_given():
    """What a school does without is named; what its text leaves open is given."""
    child = structure({**CHILD, "without": ["2.4"], "given": {"control_days": 5}})
    assert child.find_clause("2.4") is None
    assert {"control_days": 5} == dict(child.given)


def test_what_cites_a_clause_that_is_left_out_cites_it_no_more():
    """A school without clause 2.8 keeps its markers; it need not say them anew."""
    child = structure({**CHILD, "without": ["2.8"]})
    assert {None} == {one.clause for one in child.markers}
    assert {"2.8"} == {one.clause for one in load("ru-school26-2023").markers}


@pytest.mark.parametrize(
    ("more", "path", "found"),
    [
        ({"without": ["2.77"]}, "x.without[0]", "'2.77'"),
        ({"without": "2.7"}, "x.without", "'2.7'"),
        ({"extends": 5}, "x.extends", "5"),
    ],
)
def test_a_faulty_extension_is_told_with_its_path(more, path, found):
    """The fault is at the child's own field."""
    with pytest.raises(BadRegulation) as caught:
        structure({**CHILD, **more}, "x")
    assert (path, found) == (caught.value.problems[0].where, caught.value.problems[0].found)


def test_an_unknown_parent_is_named_with_the_nearest():
    """The parent must be shipped."""
    with pytest.raises(Unknown, match="ru-school26-2023"):
        structure({**CHILD, "extends": "ru-school26-2032"})


def test_a_regulation_cannot_extend_itself():
    """A circle is refused."""
    with pytest.raises(BadRegulation, match="extends itself"):
        structure({**CHILD, "id": "ru-school26-2023"})


def test_checks_come_one_by_one_or_by_module():
    """A module's checks are taken in the order of their codes; the digest changes."""
    module = types.ModuleType("acme_checks")
    module.two = Check(code="acme.b", record="mark", clause="A1", holds=lambda *_: True)
    module.one = Check(code="acme.a", record="mark", clause="A1", holds=lambda *_: True)
    base = load("ru-school26-2023")
    checked = base.with_checks(module)
    assert ["acme.a", "acme.b"] == [one.code for one in checked.checks]
    assert base.digest != checked.digest
    assert () == base.checks


@pytest.mark.parametrize(
    ("code", "record", "what"),
    [
        ("no-red-ink", "mark", "breach code"),
        (".x", "mark", "breach code"),
        ("acme.a", "marks", "kind of record"),
    ],
)
def test_a_faulty_check_is_refused(code, record, what):
    """Codes begin with a prefix, records are known."""
    check = Check(code=code, record=record, clause="A1", holds=lambda *_: True)
    with pytest.raises(BadRegulation, match=what):
        load("ru-school26-2023").with_checks(check)


def test_a_code_is_used_once_and_a_module_is_not_empty():
    """Two checks of one code, or none at all, are refused."""
    check = Check(code="acme.a", record="mark", clause="A1", holds=lambda *_: True)
    with pytest.raises(BadRegulation, match="said twice"):
        load("ru-school26-2023").with_checks(check, check)
    with pytest.raises(BadRegulation, match="without checks"):
        load("ru-school26-2023").with_checks(types.ModuleType("empty"))
