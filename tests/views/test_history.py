"""History and compensation: nothing that was ever said is lost, and a whole act can be taken back."""

from __future__ import annotations

import pytest
from attrs import evolve

import edujournal as ej
from edujournal.errors import BadInput
from edujournal.views.history import compensation, history

ALG = "7A/alg/2026"


@pytest.fixture
def book(pen):
    """The journal of algebra."""
    return pen[f"journal/{ALG}"]


def told(steps):
    """What, number, value, before, reason, standing."""
    return [
        (
            one.what,
            one.number,
            one.values.get("value"),
            one.before.get("value"),
            one.reason,
            one.standing,
        )
        for one in steps
    ]


def test_a_history_tells_every_change_with_its_hand_and_reason(pen, book):
    """Original, amended, reason, moment, account and role: each step has them."""
    mark = pen.write(ej.Mark(lesson="a14", pupil="p-1", kind="oral", value=3, comment="weak"))
    pen.write(ej.Correction(journal=ALG, entry=mark.number, values={"value": 4}, reason="typo"))
    pen.write(
        ej.Correction(journal=ALG, entry=mark.number, values={"value": 5}, texts={"comment": "good"}),
        by="t-2", role="head",
    )  # fmt: skip
    steps = history(mark.number, book)

    assert [
        ("recorded", 1, 3, None, None, "counts"),
        ("corrected", 2, 4, 3, "typo", "counts"),
        ("corrected", 3, 5, 4, None, "counts"),
    ] == told(steps)
    assert [("t-1", "teacher"), ("t-1", "teacher"), ("t-2", "head")] == [
        (one.by.account, one.by.role) for one in steps
    ]
    assert ["weak", "weak", "good"] == [one.texts["comment"] for one in steps]
    assert sorted(one.at for one in steps) == [one.at for one in steps]
    assert steps[-1].values == book.reading(mark).values


def test_what_was_taken_back_stays_in_the_history(pen, book):
    """An annulment is a step and not an end; the original is still there to read."""
    mark = pen.write(ej.Mark(lesson="a14", pupil="p-1", kind="oral", value=3))
    pen.write(ej.Annulment(journal=ALG, entry=mark.number, reason="wrong pupil"))

    assert [
        ("recorded", 1, 3, None, None, "annulled"),
        ("annulled", 2, 3, 3, "wrong pupil", "counts"),
    ] == told(history(mark.number, book))


def test_a_change_that_waits_for_agreement_changes_nothing(pen, book):
    """It is told as what it would be, and the next change starts from what counts."""
    mark = pen.write(ej.Mark(lesson="a14", pupil="p-1", kind="oral", value=3))
    waits = pen.write(ej.Correction(journal=ALG, entry=mark.number, values={"value": 5}))
    book.rewind(waits.number - 1)
    book.apply(evolve(waits, values={**waits.values, "needs": {"count": 1, "roles": ["head"]}}))
    pen.write(ej.Correction(journal=ALG, entry=mark.number, values={"value": 4}))

    assert [
        ("recorded", 1, 3, None, None, "counts"),
        ("corrected", 2, 5, 3, None, "waits"),
        ("corrected", 3, 4, 3, None, "counts"),
    ] == told(history(mark.number, book))


def test_only_what_is_no_change_has_a_history(pen, book):
    """A correction belongs to the history of what it corrects."""
    mark = pen.write(ej.Mark(lesson="a14", pupil="p-1", kind="oral", value=3))
    pen.write(ej.Annulment(journal=ALG, entry=mark.number, reason="x"))
    for number in (0, 2, 3):
        with pytest.raises(BadInput, match="no entry with a history"):
            history(number, book)


def test_a_bulk_act_is_taken_back_as_a_whole(clocked):
    """Every entry of the act is annulled, the last one first; the rest of the book stands."""
    journals = clocked
    before = journals.record(
        ej.Mark(lesson="7A-alg-0915", pupil="p-1", kind="oral", value=5), by="t-ivanova"
    )
    act = journals.record_many(
        [ej.Mark(lesson="7A-alg-0915", pupil=f"p-{n}", kind="homework", value=2) for n in range(2, 6)],
        by="t-ivanova", key="by-mistake",
    )  # fmt: skip
    state = journals.state("journal/7A/alg/2026")
    drafts = compensation(act[0].number, state, "Marks of another class")
    assert [5, 4, 3, 2] == [one.entry for one in drafts]
    receipts = journals.record_many(drafts, by="t-ivanova")

    assert {ej.Decision.ACCEPTED} <= {one.decision for one in receipts} <= {
        ej.Decision.ACCEPTED, ej.Decision.ACCEPTED_WITH_REMARKS,
    }  # fmt: skip
    after = journals.state("journal/7A/alg/2026")
    assert [before.number] == [entry.number for entry in after.of_kind("mark")]
    assert 9 == after.number
    with pytest.raises(BadInput, match="no act to take back"):
        compensation(act[0].number, after, "again")
    with pytest.raises(BadInput, match="no act to take back"):
        compensation(0, after, "nothing")


@pytest.fixture
def clocked():
    """The sample school on the day of a lesson."""
    from datetime import UTC, datetime

    return ej.open(
        "memory:",
        school=ej.samples.school(),
        regulation="ru-school26-2023",
        clock=lambda: datetime(2026, 9, 15, 9, 0, tzinfo=UTC),
    )
