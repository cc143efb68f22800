"""A quarter of the sample school goes out as a set and comes into other journals: the same is found."""

from __future__ import annotations

from collections import Counter

import pytest

import edujournal as ej
from edujournal.adapters.exchange.csvset import commit, plan_import, write_set
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.model.time import HOUR, moment
from edujournal.samples.quarter import keep, quarter

pytestmark = pytest.mark.search

#: Kinds of record that speak of the numbers of one system's own records, and are not exchanged.
OWN = ("compromise", "restoration", "vouch", "refused")


@pytest.fixture(scope="module")
def kept():
    """The quarter as it was kept, and the entries of the books in which something was planted."""
    story = quarter()
    journals = keep(MemoryStore(), story)
    books = sorted({finding.book for finding in journals.audit(story.audited)})
    entries = [entry for book in books for entry in journals.entries(book) if entry.kind not in OWN]
    return story, journals, books, entries


@pytest.fixture(scope="module")
def brought(kept, tmp_path_factory):
    """The journals into which it came, the folder, and the report."""
    story, journals, _, entries = kept
    folder = tmp_path_factory.mktemp("quarter")
    write_set(folder, story.school, entries)
    plan = plan_import(folder, journals.regulations, at=story.audited)
    into = ej.Journals(
        MemoryStore(), plan.school, plan.regulations, clock=lambda: moment(story.audited, "UTC")
    )
    return into, commit(into, plan), plan


def found(journals, books, at):
    """What an audit reports, without the numbers of entries."""
    return Counter(
        (one.clause, one.code, one.outcome, one.book, one.about, one.pupil, one.record, one.late_by)
        for one in journals.audit(at, books=books)
    )


def test_an_audit_of_what_came_in_finds_what_it_found_before(kept, brought):
    """Every breach survives the way through files, to the second, and none is added: late entries,
    missing ones, rights, a declined substitution that voids, a make-up without a protocol.
    """
    story, journals, books, _ = kept
    # What became void when it came in is owed again until the end of the next working day.
    at = story.audited + 7 * 24 * HOUR

    assert found(journals, books, at) == found(brought[0], books, at)


def test_what_was_planned_is_what_came(kept, brought):
    """Preview and commit tell the same: rows, and what their verdicts report."""
    _, _, _, entries = kept
    _, report, plan = brought

    assert (len(entries), 0) == (report.recorded, report.repeated)
    assert len(entries) == sum(plan.kinds.values())
    assert plan.findings == report.findings
    assert {"instant": len(entries) - 3, "interval": 3} == plan.precision
