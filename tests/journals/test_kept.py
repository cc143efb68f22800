"""Journals that keep what they worked out: what is recorded in the books meanwhile counts at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

import edujournal as ej
from edujournal.adapters.schools.plain import PlainSchool
from edujournal.adapters.stores.memory import MemoryStore

NOON = datetime(2026, 9, 15, 9, 0, tzinfo=UTC)
JOURNAL = "7A/alg/2026"
CLAIMANT = ej.Actor("t-2", "substitute")


@pytest.fixture
def kept(school, clock):
    """Journals of a school whose facts stay the same object, and so does who judges by them."""
    clock.at = NOON
    data = PlainSchool(school.id, **{name: tuple(rows) for name, rows in school.rows.items()})
    return ej.Journals(MemoryStore(), data, "ru-school26-2023", clock=lambda: clock.at)


def mark(pupil="p-1", **more):
    """A mark at lesson l1."""
    return ej.Mark(**{"lesson": "l1", "pupil": pupil, "kind": "oral", "value": 5, **more})


def anew(journals):
    """The same journals, with nothing kept."""
    return ej.Journals(
        journals.store, journals.school, journals.regulations, clock=lambda: NOON
    )  # fmt: skip


def test_a_hand_that_was_denied_writes_from_its_grant_on_and_until_it_ends(kept, clock):
    """The answer without a grant is not kept beyond the grant, nor the other way round."""
    grant = ej.Grant(
        id="g", account="t-2", journal=JOURNAL, since=NOON, until=NOON + timedelta(hours=1),
        ground="t-1 is ill",
    )  # fmt: skip
    for _ in range(2):
        with pytest.raises(ej.Refused, match="not-your-journal"):
            kept.record(mark(), by="t-2")
    kept.record(grant, by="head")
    assert kept.record(mark(), by="t-2").number == 1
    clock.at = NOON + timedelta(hours=1)
    with pytest.raises(ej.Refused, match="not-your-journal"):
        kept.record(mark("p-2"), by="t-2")


def test_a_claim_and_its_refusal_count_from_the_next_entry_on(kept):
    """Who was denied writes after the claim, and is denied again when it is declined."""
    with pytest.raises(ej.Refused, match="no-substitution"):
        kept.record(mark(), by=CLAIMANT)
    claim = kept.record(ej.Substitution(lesson="l1", teacher="t-2"), by=CLAIMANT)
    assert kept.record(mark(), by=CLAIMANT).number == 2
    kept.record(ej.Confirmation(lesson="l1", entry=claim.number, accept=False), by="head")
    with pytest.raises(ej.Refused, match="no-substitution"):
        kept.record(mark("p-2"), by=CLAIMANT)


def test_a_work_declared_at_a_lesson_counts_for_the_next_mark_of_its_kind(kept):
    """What a mark implied before is not what it is about once a work of its kind is there."""
    control = mark(kind="control")
    before = kept.check(control, by="t-1")
    kept.record(
        ej.NewWork(id="w", kind="control", purpose="monitoring", lesson="l1"), by="t-1"
    )  # fmt: skip
    after = kept.check(control, by="t-1")

    assert before != after
    assert after == anew(kept).check(control, by="t-1")
