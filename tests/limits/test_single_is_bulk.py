"""Limits on random journals: what is said at a write is what an audit says of the stored entry."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

import edujournal as ej
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.testing import strategies as some
from edujournal.testing.clocks import CountedSalts, StandingClock
from tests.laws.test_single_is_bulk import compare
from tests.limits.conftest import regulation_of

#: Every scope, with ceilings, distances and floors that something waits for.
RULES = [
    {"kind": "limit", "record": "work", "per": ["pupil", "class", "day"], "at_most": 1},
    {"kind": "limit", "record": "work", "per": ["class", "week"], "at_most": 2},
    {"kind": "limit", "record": "work", "per": ["journal", "year"], "take": "gap", "at_least": 2,
     "unit": "school_days"},
    {"kind": "limit", "record": "mark", "per": ["pupil", "journal", "day"], "at_most": 1},
    {"kind": "limit", "record": "mark", "per": ["pupil", "subject", "period"], "at_least": 2,
     "before": "result"},
    {"kind": "limit", "record": "mark", "per": ["journal", "lesson"], "take": "share",
     "each": "present", "at_most": 50},
]  # fmt: skip
REGULATION = regulation_of(*RULES)


@settings(max_examples=15)
@given(data=st.data())
def test_single_is_bulk(data):
    """Check, record and audit give each entry the same findings, limits over several journals too."""

    def opened(school, store=None, regulations=None):
        clock = StandingClock()
        journals = ej.Journals(
            MemoryStore() if store is None else store, school, regulations or [REGULATION],
            clock=clock, entropy=CountedSalts(),
        )  # fmt: skip
        return journals, clock

    school = data.draw(some.working_schools())
    compare(opened, school, data.draw(some.scripts(school, REGULATION, least=8, most=24)))
