"""Control by the regulation's rhythm: every tick names what is to be looked at."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from edujournal import AsyncJournals

OCTOBER = datetime(2026, 10, 2, 9, 0, tzinfo=UTC)


def test_a_tick_names_the_stretches_that_have_ended(journals, clock):
    """Nothing in September; September in October; the same key whenever it is asked."""
    clock.at = datetime(2026, 9, 30, 20, 59, tzinfo=UTC)
    assert () == journals.tick().controls
    clock.at = OCTOBER
    (due,) = journals.tick().controls
    assert ("2.2", {"head"}) == (due.clause, due.accounts)
    assert [due.key] == [one.key for one in journals.tick().controls]


def test_the_other_shell_says_the_same(journals, clock, school):
    """Asynchronous journals name them, too."""
    clock.at = OCTOBER
    other = AsyncJournals(journals.store, school, "ru-school26-2023", clock=clock)
    assert journals.tick().controls == asyncio.run(other.tick()).controls
