"""The quarter of the sample school: what was planted is what is found, and nothing else."""

from __future__ import annotations

from collections import Counter

import pytest

from edujournal.adapters.stores.memory import MemoryStore
from edujournal.adapters.stores.sql import SqlStore
from edujournal.model.time import instant
from edujournal.rules.catalogue import CATALOGUE
from edujournal.rules.verdicts import Outcome
from edujournal.samples.quarter import finding_key, keep, quarter, refusal_keys

pytestmark = pytest.mark.search


@pytest.fixture(scope="module")
def kept():
    """The quarter, and its journals in memory."""
    story = quarter()
    return story, keep(MemoryStore(), story)


def heads(journals):
    """Every book with its head."""
    return dict(journals.store.books(journals.school.id))


def test_the_audit_finds_what_was_planted_and_nothing_else(kept):
    """Ground truth: no breach is missed, and nobody is accused of what did not happen."""
    story, journals = kept
    found = Counter(finding_key(finding) for finding in journals.audit())

    assert Counter(story.findings) == found


def test_the_access_log_tells_of_every_refusal_and_of_nothing_else(kept):
    """What was refused is in no journal, and not forgotten."""
    story, journals = kept

    assert story.refusals == refusal_keys(journals)


def test_every_clause_is_broken_somewhere(kept):
    """The tour would be a poor one if a clause were never seen."""
    story, _ = kept
    clauses = {one.clause for one in story.planted}

    assert {f"2.{n}" for n in range(2, 14)} | {"3.3"} == clauses - {"integrity"}
    assert {one.code for one in story.planted} <= set(CATALOGUE)


def test_most_of_what_was_recorded_was_in_order(kept):
    """Breaches stand out against a quarter that was kept: thousands of entries, a few findings."""
    story, journals = kept
    entries = sum(head.number for head in heads(journals).values())

    assert entries > 7000
    assert len(story.planted) < 60


def test_the_journals_verify(kept):
    """Every chain is whole."""
    _, journals = kept

    assert "L1" == journals.verify().assurance


def test_it_comes_out_the_same_twice_and_in_another_store(kept, tmp_path):
    """Seeded salts and a set clock: a second run, in a database, ends in the same heads."""
    _, journals = kept

    with SqlStore(f"sqlite:///{tmp_path / 'tour.db'}") as store:
        assert heads(journals) == heads(keep(store, quarter()))


def test_the_clock_stands_at_the_moment_of_the_audit(kept):
    """Whoever goes on from there sees the school on the first morning after the holidays."""
    story, journals = kept

    assert story.audited == journals.now()
    assert "2026-11-02T06:00:00+00:00" == instant_text(story.audited)


def instant_text(at):
    """The instant in UTC."""
    from edujournal.model.time import moment

    shown = moment(at, "UTC")
    assert instant(shown) == at
    return shown.isoformat()


def test_progress_is_told_from_nothing_to_all():
    """Somebody who waits sees how long."""
    told: list[tuple[int, int]] = []
    story = quarter()
    keep(MemoryStore(), story, lambda done, total: told.append((done, total)))

    assert (0, len(story.acts)) == told[0]
    assert (len(story.acts), len(story.acts)) == told[-1]
    assert told == sorted(told)


def test_an_audit_during_the_quarter_accuses_nobody_of_the_future(kept):
    """In the middle of the quarter what is still to come is pending, not missing."""
    _, journals = kept
    clocks = journals.facts().calendar("2026").clocks
    at = clocks.start_of_day(journals.facts().lesson("7A-alg-0915").day)
    early = [
        finding
        for finding in journals.audit(at, as_of=at)
        if finding.outcome is Outcome.MISSING and finding.closes is not None and finding.closes > at
    ]

    assert [] == early
    assert any(journals.audit(at, as_of=at))
