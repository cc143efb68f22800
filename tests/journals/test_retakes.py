"""Retakes: another attempt names its original and never takes its place in the book."""

from __future__ import annotations

from decimal import Decimal

import pytest

import edujournal as ej
from edujournal.errors import BadInput

BOOK, JOURNAL = "journal/7A/alg/2026", "7A/alg/2026"


def mark(value=2, pupil="p-1", **more):
    """A mark at the first lesson."""
    return ej.Mark(lesson="l1", pupil=pupil, kind="control", value=value, **more)


def codes(verdict):
    """Codes of what the verdict says is wrong."""
    return [finding.code for finding in verdict.breaches]


def test_a_retake_stands_beside_its_original(journals):
    """Both marks are in the book, the later one names the earlier."""
    journals.record(mark(), by="t-1")
    journals.record(mark(4, retake=1), by="t-1")
    first, second = journals.entries(BOOK)

    assert (None, 1) == (first.values.get("retake"), second.values["retake"])
    assert [2, 4] == [one.values["value"] for one in journals.state(BOOK).of_kind("mark")]


def test_an_original_of_the_same_act_will_do(journals):
    """Both attempts may come in one act, as they do from an older system."""
    found = journals.record_many([mark(), mark(4, retake=1)], by="t-1")
    assert [1, 2] == [receipt.number for receipt in found]


def test_a_debt_can_be_the_original(journals):
    """What was owed is taken again: the mark names the marker."""
    journals.record(ej.Marker(lesson="l1", pupil="p-1", code="точка"), by="t-1")
    assert not codes(journals.check(mark(4, retake=1), by="t-1"))


@pytest.mark.parametrize(
    ("drafts", "why"),
    [
        ([mark(pupil="p-2")], "another pupil's"),
        ([ej.RollCall(lesson="l1")], "no mark"),
        ([], "nothing there"),
        ([mark(), ej.Annulment(journal=JOURNAL, entry=1, reason="wrong row")], "annulled"),
    ],
)
def test_a_retake_of_nothing_is_refused(journals, drafts, why):
    """The original is a mark of that pupil that stands in that journal."""
    for draft in drafts:
        journals.record(draft, by="t-1")
    verdict = journals.check(mark(4, retake=1), by="t-1")
    assert ["no-such-original"] == codes(verdict)
    assert ej.Decision.REFUSED is verdict.decision
    with pytest.raises(ej.Refused, match="no-such-original"):
        journals.record(mark(4, retake=1), by="t-1")


def test_a_mark_is_no_attempt_at_itself(journals):
    """The original comes before."""
    assert ["no-such-original"] == codes(journals.check(mark(retake=1), by="t-1"))


def test_a_typing_error_is_corrected_and_is_no_attempt(journals):
    """A correction changes what the mark reads; it may also put the link right, but not to nothing."""
    journals.record_many([mark(), mark(4), mark(5, pupil="p-2")], by="t-1")
    reason = {"journal": JOURNAL, "entry": 2, "reason": "it was the second attempt"}
    assert [] == codes(journals.check(ej.Correction(values={"retake": 1}, **reason), by="t-1"))
    for wrong in (2, 3, 9):
        verdict = journals.check(ej.Correction(values={"retake": wrong}, **reason), by="t-1")
        assert ["no-such-original"] == codes(verdict)


def test_bodies_without_the_new_values_are_what_they_were(journals):
    """A mark that is no retake, and a work that says no weight, keep no trace of either."""
    journals.record(ej.NewWork(id="w", kind="control", lesson="l1"), by="t-1")
    journals.record(ej.Mark(lesson="l1", work="w", pupil="p-1", value=5), by="t-1")
    work, given = journals.entries(BOOK)
    assert ({"kind", "lesson"}, {"lesson", "value"}) == (set(work.values), set(given.values))


def test_a_work_may_weigh_its_own_weight(journals):
    """Weight and points are exact, and can be corrected."""
    journals.record(
        ej.NewWork(id="w", kind="control", lesson="l1", weight="0.5", points=Decimal("12.50")),
        by="t-1",
    )
    assert ("0.5", "12.5") == (
        journals.state(BOOK).work("w").weight, journals.state(BOOK).work("w").points
    )  # fmt: skip
    journals.record(
        ej.Correction(journal=JOURNAL, entry=1, values={"weight": 2, "points": None}), by="t-1"
    )
    assert (2, None) == (
        journals.state(BOOK).work("w").weight, journals.state(BOOK).work("w").points
    )  # fmt: skip


@pytest.mark.parametrize(
    "draft",
    [
        lambda: mark(retake=0), lambda: mark(retake="1"), lambda: mark(retake=True),
        lambda: ej.NewWork(id="w", kind="control", lesson="l1", weight=-1),
        lambda: ej.NewWork(id="w", kind="control", lesson="l1", weight=0.5),
        lambda: ej.NewWork(id="w", kind="control", lesson="l1", points="many"),
        lambda: ej.Correction(journal=JOURNAL, entry=1, values={"weight": "-2"}),
        lambda: ej.Correction(journal=JOURNAL, entry=1, values={"retake": "1"}),
    ],
)  # fmt: skip
def test_what_cannot_be_one_is_told_at_once(draft):
    """A wrong number of an entry, a weight below nothing, a float: errors of the call."""
    with pytest.raises(BadInput) as raised:
        draft().content()
    assert raised.value.problems[0].where
