"""trust-R12: whatever the clock does, nothing is reordered, and each step back is on record once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import edujournal as ej
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.testing.clocks import StandingClock
from tests.figures import figure
from tests.trust.small import a_school

SECOND = 1_000_000
SHIFTS = {
    "a second": SECOND,
    "a minute": 60 * SECOND,
    "an hour": 3600 * SECOND,
    "a day": 86_400 * SECOND,
    "30 days": 30 * 86_400 * SECOND,
}
NOON = datetime(2026, 10, 1, 9, tzinfo=UTC)

#: How the clock moves before each act: on by so many seconds, or by the shift in either direction.
WALKS = {
    "back": [0, 10, 10, "back", 10, 10, 10],
    "back and right again": [0, 10, "back", 10, "forward", 10],
    "forward": [0, 10, "forward", 10, 10],
    "forward and right again": [0, 10, "forward", 10, "back", 10],
    "back again and again": [0, "back", "back", 10, "back", 10],
    "stuck": [0, 0, 0, 0, 0, 0],
    "stuck, then back, then stuck": [0, 0, "back", 0, 0],
}


@pytest.mark.parametrize("shift", SHIFTS)
@pytest.mark.parametrize("walk", WALKS)
def test_acts_stand_in_the_order_in_which_they_came(walk, shift):
    """Numbers, chain, reading and corrections follow the order; every step back is given once."""
    clock = StandingClock(NOON)
    journals = ej.Journals(MemoryStore(), a_school(), "ru-school26-2023", clock=clock)
    told, steps = [], []
    for act, move in enumerate(WALKS[walk]):
        before = clock.at
        by = {"back": -SHIFTS[shift], "forward": SHIFTS[shift]}.get(move)
        clock.advance(move * SECOND if by is None else by)
        draft = ej.Topic(lesson=f"l{act}", topic=f"{act}")
        receipt = journals.record(draft, by="t-1")
        assert clock.at == receipt.at
        if told and clock.at < before:
            steps.append((receipt.number, before, clock.at))
        told.append(receipt)
    fresh = ej.Journals(journals.store, a_school(), "ru-school26-2023", clock=clock)
    entries = list(fresh.entries(told[0].book))

    assert [receipt.number for receipt in told] == [entry.number for entry in entries]
    assert [receipt.hash for receipt in told] == [entry.hash for entry in entries]
    assert [receipt.at for receipt in told] == [entry.at for entry in entries]
    assert [f"{act}" for act in range(len(told))] == [entry.texts["topic"] for entry in entries]
    found = list(ej.clock_steps(entries))
    assert steps == [(step.number, step.before, step.at) for step in found]
    assert "L1" == fresh.verify().assurance
    figure("R12", "walks of a clock", 1)
    figure("R12", "steps back on record, each once", len(found))
    figure("R12", "reordered", 0)


@pytest.mark.parametrize("shift", SHIFTS)
def test_a_correction_under_a_clock_set_back_comes_after_what_it_corrects(shift):
    """The last word is that of the last number, not that of the latest moment."""
    clock = StandingClock(NOON)
    journals = ej.Journals(MemoryStore(), a_school(), "ru-school26-2023", clock=clock)
    receipt = journals.record(ej.Mark(lesson="l0", pupil="p-1", kind="oral", value=5), by="t-1")
    clock.advance(-SHIFTS[shift])
    journals.record(
        ej.Correction(
            journal="7A/alg/2026", entry=receipt.number, values={"value": "4"}, reason="описка"
        ),
        by="t-1",
    )
    state = journals.state(receipt.book)

    (mark,) = state.of_kind("mark")
    assert "4" == state.reading(mark).values["value"]
    assert 1 == len(list(ej.clock_steps(state.entries)))
    figure("R12", "corrections under a clock set back, each the last word", 1)
