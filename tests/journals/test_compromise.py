"""After a login was known to others: fences, void and doubtful entries, reopened duties."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

import edujournal as ej
from edujournal.ledger.validity import Standing
from edujournal.model.people import Account, RoleSpan

BOOK = "journal/7A/alg/2026"
START = datetime(2026, 9, 15, 6, 30, tzinfo=UTC)


@pytest.fixture
def kept(journals, school, clock):
    """A roll at 9:30, a mark at 9:40, a mark at 9:50, all by t-1; a head and a deputy."""
    school.rows["accounts"].append(Account("deputy", roles=(RoleSpan("deputy"),)))
    journals.record(ej.RollCall(lesson="l1"), by="t-1")
    for minutes, pupil in ((10, "p-1"), (20, "p-2")):
        clock.at = START + timedelta(minutes=minutes)
        journals.record(ej.Mark(lesson="l1", pupil=pupil, kind="oral", value=5), by="t-1")
    clock.at = START + timedelta(minutes=30)
    return journals


def report(head: int | None, support: int | None) -> ej.Compromise:
    """A report of t-1 with both moments as minutes after the start."""

    def at(minutes):
        return None if minutes is None else START + timedelta(minutes=minutes)

    return ej.Compromise(account="t-1", year="2026", head=at(head), support=at(support))


def standings(journals) -> list[str]:
    """How each entry of the journal stands now."""
    journals.check(ej.Topic(lesson="l1", topic="x"), by="t-1")
    state = journals.state_of(BOOK)
    return [
        "void" if state.is_void(one) else "doubtful" if state.is_doubtful(one) else "valid"
        for one in state.entries
    ]


def test_entries_from_the_later_moment_on_are_void(kept):
    """Between the two moments entries are doubtful, from the later one on void."""
    kept.record(report(head=5, support=15), by="deputy")
    assert ["valid", "doubtful", "void"] == standings(kept)


def test_nothing_is_void_while_only_one_is_informed(kept):
    """Until the support knows, entries since the head's moment are doubtful."""
    kept.record(report(head=5, support=None), by="deputy")
    assert ["valid", "doubtful", "doubtful"] == standings(kept)
    kept.record(report(head=5, support=15), by="deputy")
    assert ["valid", "doubtful", "void"] == standings(kept)


def test_the_fence_is_frozen_in_numbers(kept, clock):
    """A clock set back does not move the border; new entries of the account are refused."""
    kept.record(report(head=5, support=15), by="deputy")
    entry = kept.state("school/2026").entries[0]
    assert [{"book": BOOK, "n": 3}] == entry.values["void"]
    with pytest.raises(ej.Refused, match="account-reported"):
        kept.record(ej.Mark(lesson="l1", pupil="p-3", kind="oral", value=5), by="t-1")


def test_a_report_that_comes_before_everything_fences_what_comes(journals, school, clock):
    """Where nothing was recorded so far, what the account writes is void, not only doubtful."""
    school.rows["accounts"].append(Account("deputy", roles=(RoleSpan("deputy"),)))
    clock.at = START + timedelta(minutes=30)
    journals.record(report(head=0, support=5), by="deputy")
    (fence,) = journals.state("school/2026").own_fences.by_account["t-1"]
    assert Standing.VOID is fence.standing(BOOK, 1)


def test_voiding_changes_no_byte(kept):
    """The journal's records are the same before and after the report."""
    before = list(kept.store.read("s-1", BOOK))
    kept.record(report(head=0, support=0), by="deputy")
    assert before == list(kept.store.read("s-1", BOOK))


def test_a_voided_duty_is_owed_again(kept, clock):
    """The roll is missing again, names the void, and closes a working day after the report."""
    kept.record(report(head=-10, support=-10), by="deputy")
    at = START + timedelta(hours=3)
    found = [
        one
        for one in kept.audit(at, everything=True)
        if one.clause == "2.9" and one.about == "lesson:l1"
    ]
    assert [("missing", "pending")] == [(one.code, one.outcome.value) for one in found]
    assert {"void": 1} == found[0].why
    closes = datetime(2026, 9, 16, 21, tzinfo=UTC)
    assert int(closes.timestamp()) * 1_000_000 == found[0].closes


def test_void_entries_are_reported_as_void(kept):
    """The audit lists void entries, and those of others that rest on them."""
    kept.record(
        ej.Correction(journal="7A/alg/2026", entry=3, values={"value": 4}, reason="other hand"),
        by=ej.Actor("t-1"),
    )
    kept.record(report(head=15, support=15), by="deputy")
    codes = [
        (one.code, one.entry)
        for one in kept.audit(books=[BOOK])
        if one.code in ("void", "rests-on-void")
    ]
    assert [("void", 3), ("void", 4)] == codes


def test_a_restored_account_writes_again(kept, clock):
    """After the restoration the account writes, and the old void stays."""
    kept.record(report(head=5, support=15), by="deputy")
    clock.at += timedelta(minutes=10)
    kept.record(ej.Restoration(account="t-1", year="2026"), by="deputy")
    clock.at += timedelta(minutes=1)
    receipt = kept.record(ej.Mark(lesson="l1", pupil="p-3", kind="oral", value=5), by="t-1")
    assert 4 == receipt.number
    assert ["valid", "doubtful", "void", "valid"] == standings(kept)


def test_the_owner_vouches_for_a_single_act(kept, clock):
    """A void entry that its owner confirms stands again, and no other does."""
    kept.record(report(head=5, support=5), by="deputy")
    clock.at += timedelta(minutes=10)
    kept.record(ej.Restoration(account="t-1", year="2026"), by="deputy")
    kept.record(ej.Vouch(account="t-1", book=BOOK, entry=3, year="2026"), by="t-1")
    assert ["valid", "void", "valid"] == standings(kept)
    with pytest.raises(ej.Refused, match="no-right"):
        kept.record(ej.Vouch(account="t-1", book=BOOK, entry=2, year="2026"), by="t-2")


def test_nobody_clears_himself(kept):
    """A head cannot restore the head's own account, and a teacher reports none."""
    own = ej.Compromise(account="head", year="2026", head=START, support=START)
    with pytest.raises(ej.Refused, match="own-report"):
        kept.record(own, by="head")
    with pytest.raises(ej.Refused, match=r"no-right|role-not-held"):
        kept.record(report(head=0, support=0), by="t-2")


def test_the_same_key_repeats_a_report(kept):
    """A repeat of a report under its key is the same receipt, though books have grown since."""
    first = kept.record(report(head=5, support=15), by="deputy", key="r")
    kept.record(ej.Topic(lesson="l2", topic="Дроби"), by=ej.Actor("t-2"))
    assert first.number == kept.record(report(head=5, support=15), by="deputy", key="r").number
