"""How a look at a live view grows with the school: it does not. Counted in calls and records read."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve

import edujournal as ej
from bench.classes import CLASS, classes, pupil
from edujournal.adapters.stores.memory import MemoryStore
from tests.bench.test_growth import calls


class Counting(MemoryStore):
    """A store in memory that counts the records it gives."""

    given = 0

    def read(self, school, book, after=0):
        """As the store does."""
        for record in super().read(school, book, after):
            self.given += 1
            yield record


@pytest.mark.parametrize("view", ["sheet", "page", "diary"])
def test_a_look_after_an_entry_reads_that_entry_and_costs_the_same_in_a_larger_school(view):
    """From one class to ten: one record read, and as many calls."""
    cost = []
    for number in (1, 10):
        journals = classes(number).journals(store := Counting())
        look = {
            "sheet": lambda of=journals: of.live.sheet(CLASS),
            "page": lambda of=journals: of.live.page(f"{CLASS}/s1/2026"),
            "diary": lambda of=journals: of.live.diary(pupil(CLASS, 1), date(2026, 10, 20)),
        }[view]
        look()
        draft = ej.PeriodResult(
            journal=f"{CLASS}/s1/2026", period="q1", pupil=pupil(CLASS, 1), value=5
        )
        for place in (1, 3):
            journals.record(evolve(draft, pupil=pupil(CLASS, place)), by="t-1")
            store.given = 0
            cost.append((number, place, calls(look), store.given))

    assert {1} == {given for *_, given in cost}
    few, many = ([one[2] for one in cost if one[0] == number] for number in (1, 10))
    assert many == pytest.approx(few, rel=0.05)
