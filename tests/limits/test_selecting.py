"""Features of the pupil, the work and the entry, each looked up on a journal of two days."""

from __future__ import annotations

from datetime import UTC, datetime

import edujournal as ej
from edujournal.rules.scenes import UNKNOWN, occasion_of, of_lesson
from edujournal.rules.selecting import Looked, seen

NAMES = frozenset({"days_absent", "papers", "pupil_category", "record_state"})


def test_features_beyond_the_occasion(opened):
    """Days of absence, papers, groups and what stood there are told by the books and the rolls."""
    journals, clock = opened()
    for day, lesson in ((14, "a14"), (15, "a15")):
        clock.set(datetime(2026, 9, day, 6, 10, tzinfo=UTC))
        journals.record(ej.RollCall(lesson=lesson, absent={"p-1": "Б"}), by="t")
    first = journals.record(ej.Mark(lesson="a15", pupil="p-2", kind="oral", value=4), by="t")
    again = journals.record(ej.Mark(lesson="a15", pupil="p-2", kind="test", value=5), by="t")
    facts, state = journals.facts(), journals.state("journal/7A/alg/2026")
    regulation = journals.regulations[0]
    lesson = of_lesson(facts.lesson("a15"), facts)
    absent = seen(NAMES, Looked(lesson, regulation, facts, state, "p-1"))
    told = [
        seen(NAMES, Looked(occasion_of(one, facts, state), regulation, facts, state, "p-2", one))
        for one in (state.entry(first.number), state.entry(again.number))
    ]

    assert (2, frozenset({"class", "subgroup"})) == (
        absent["days_absent"],
        absent["pupil_category"],
    )
    assert [2, 2] == [one["papers"] for one in told]
    assert [frozenset({"first"}), frozenset({"again"})] == [one["record_state"] for one in told]
    assert 0 == told[0]["days_absent"]
    unheld = occasion_of(state.entry(first.number), facts, state)
    empty = journals.state("journal/7A/rus/2026")
    assert UNKNOWN is seen(NAMES, Looked(unheld, regulation, facts, empty))["papers"]
