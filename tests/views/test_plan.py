"""The thematic plan against what was taught."""

from __future__ import annotations

from datetime import date

import pytest

import edujournal as ej
from edujournal.errors import BadInput
from edujournal.views.plan import PlanRow, plan_against_fact

PLAN = [
    PlanRow(id="1", title="Numbers", day=date(2026, 9, 15)),
    PlanRow(id="2", title="Fractions", lessons=2, day=date(2026, 9, 15)),
    PlanRow(id="3", title="Powers"),
]
UNTIL = date(2026, 10, 1)


def compared(pen, facts, until=UNTIL):
    """The plan of algebra against its journal."""
    return plan_against_fact(PLAN, pen["journal/7A/alg/2026"], facts, until)


def test_nothing_taught_is_everything_to_come(pen, facts):
    """Cancelled lessons are not held, and need no topic."""
    found = compared(pen, facts)
    assert [("1", (), 1, None), ("2", (), 2, None), ("3", (), 1, None)] == [
        (one.row.id, one.taught, one.lacking, one.ahead) for one in found.lines
    ]
    assert ("a14", "a15", "a17", "a21") == found.untold
    assert () == found.beside == found.out_of_order
    assert ("a14",) == compared(pen, facts, date(2026, 9, 15)).untold


def test_topics_are_set_against_their_rows(pen, facts):
    """Lessons by row in their order, days ahead or behind, topics beside the plan."""
    pen.write(ej.Topic(lesson="a14", topic="Numbers", plan="1"))
    pen.write(ej.Topic(lesson="a17", topic="Fractions", plan="2"))
    pen.write(ej.Topic(lesson="a15", topic="A guest"))
    pen.write(ej.Topic(lesson="a21", topic="Something", plan="77"))
    found = compared(pen, facts)
    assert [("1", ("a14",), 0, 1), ("2", ("a17",), 1, -2), ("3", (), 1, None)] == [
        (one.row.id, one.taught, one.lacking, one.ahead) for one in found.lines
    ]
    assert (("a15", "a21"), (), ()) == (found.beside, found.untold, found.out_of_order)


def test_a_row_begun_before_an_earlier_one_is_out_of_order(pen, facts):
    """Powers before fractions; a corrected link counts as it reads now."""
    topic = pen.write(ej.Topic(lesson="a14", topic="Numbers", plan="3"))
    pen.write(ej.Topic(lesson="a15", topic="Powers", plan="3"))
    pen.write(ej.Correction(journal="7A/alg/2026", entry=topic.number, values={"plan": "1"}))
    found = compared(pen, facts)
    assert ("3",) == found.out_of_order
    pen.write(ej.Topic(lesson="a17", topic="Fractions", plan="2"))
    pen.write(ej.Topic(lesson="a21", topic="Powers", plan="3"))
    found = compared(pen, facts)
    assert ("3",) == found.out_of_order
    assert (0, -1) == (found.lines[0].lacking, found.lines[2].lacking)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([PlanRow(id="1", title="a"), PlanRow(id="1", title="b")], "given twice"),
        ([PlanRow(id="1", title="a", lessons=0)], "without a lesson"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(pen, facts, rows, said):
    """The row is named."""
    with pytest.raises(BadInput, match=said):
        plan_against_fact(rows, pen["journal/7A/alg/2026"], facts, UNTIL)
