"""Whose hand it is: proven once for all kinds of record of which no rule tells that apart."""

from __future__ import annotations

import pytest

from edujournal.adapters.exchange.lake import export
from edujournal.regions.columnar import PLAIN, alike_by_hand
from edujournal.rules.loading import load, parse
from tests.region.conftest import in_memory, shipped
from tests.region.test_obstacles import both_ways

SHIPPED = "ru-school26-2023"

#: A rule about one kind, added to a shipped regulation.
ADDED = """
format = 1
id = "one-more-rule"
extends = "ru-school26-2023"
title = {{ ru = "П", en = "P" }}

[[clauses]]
number = "H.1"
gist = {{ ru = "Об одном виде.", en = "About one kind." }}

[[clauses.rules]]
{rule}
"""
FORBIDDEN = 'kind = "rights"\nrole = "teacher"\nmay_not = "write"\nrecords = ["{kind}"]'
SUBSTITUTES = 'kind = "relation"\nrecord = "{kind}"\nrequires = "substitution"'
TEXT = 'kind = "relation"\nrecord = "{kind}"\nrequires = "text"'


def with_rule(rule, kind):
    """The text of the regulation with a rule about *kind*."""
    return ADDED.format(rule=rule.format(kind=kind)).encode()


def together(regulations):
    """The kinds that share a hand, each set once."""
    alike = alike_by_hand(regulations)
    return {frozenset(one for one in PLAIN if alike[one] == first) for first in alike.values()}


def test_all_kinds_at_lessons_share_a_hand_where_the_same_rules_speak_of_it():
    """What is about a period is apart: a right may be bound to a lesson."""
    lessons = frozenset(PLAIN) - {"result"}
    assert {lessons, frozenset({"result"})} == together([load(SHIPPED)])
    assert together([load(SHIPPED)]) == together([parse(with_rule(TEXT, "topic"), "rules")])


@pytest.mark.parametrize("rule", [FORBIDDEN, SUBSTITUTES])
@pytest.mark.parametrize("kind", ["topic", "mark"])
def test_a_kind_of_which_a_rule_asks_the_hand_is_apart(rule, kind):
    """Also where another regulation beside it does not ask."""
    others = frozenset(PLAIN) - {"result", kind}
    ruled = parse(with_rule(rule, kind), "rules")
    for regulations in ([ruled], [load(SHIPPED), ruled]):
        assert {others, frozenset({kind}), frozenset({"result"})} == together(regulations)


def test_a_hand_that_may_write_one_kind_proves_nothing_for_one_that_it_may_not(made, tmp_path):
    """Every topic of a teacher is at fault where teachers may write all but topics."""
    schools, _, at = made
    kept = schools[0]
    given = b'role = "teacher"\nmay = "write"\nrecords = ["mark", "marker", "roll", "topic",'
    rules = shipped(SHIPPED)
    assert 1 == rules.count(given)
    rules = rules.replace(given, given.removesuffix(b' "topic",'))
    export(tmp_path / "lake", in_memory(kept), kept.school, [rules], "north")
    exactly, found, obstacles = both_ways(tmp_path / "lake", at)
    # Documents, which these rules do not know, stand in class books and are no matter of columns.
    denied = [
        one.record
        for one in found[kept.school.id]
        if one.code == "no-right" and one.record in PLAIN
    ]

    assert exactly == found
    assert {} == obstacles
    assert {"topic"} == set(denied)
    assert len(denied) > 50
