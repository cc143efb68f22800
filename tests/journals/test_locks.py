"""Locks, waivers, grants and approvals on every path of writing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

import edujournal as ej
from edujournal.adapters.stores.memory import MemoryStore

JOURNAL = "7A/alg/2026"
NOON = datetime(2026, 9, 15, 9, 0, tzinfo=UTC)

WORDS = {"ru": "п", "en": "p"}
OFFICE = ["waiver", "grant", "closing", "approval", "mark"]
REGULATION = {
    "format": 1,
    "id": "locks",
    "title": WORDS,
    "work_kinds": [{"code": "oral", "title": WORDS}],
    "clauses": [
        {
            "number": "rights",
            "gist": WORDS,
            "rules": [
                {"kind": "rights", "role": "teacher", "may": "write",
                 "records": ["mark", "roll", "result"], "scope": "own_journal"},
                {"kind": "rights", "role": "head", "may": "write", "records": OFFICE},
                {"kind": "rights", "role": "deputy", "may": "write", "records": OFFICE},
                {"kind": "rights", "role": "importer", "may": "import", "records": ["mark"]},
            ],
        },
        {
            "number": "month",
            "gist": WORDS,
            "rules": [
                {"kind": "lock", "record": "mark",
                 "since": {"anchor": "next_month.start", "shift": "+4 days", "snap": "00:01"},
                 "lifts": [{"role": "head"}, {"role": "deputy", "within": "+2 days"}]},
            ],
        },
        {
            "number": "two-days",
            "gist": WORDS,
            "rules": [
                {"kind": "lock", "record": "mark", "on": "change",
                 "since": {"anchor": "entry.recorded", "shift": "+48 hours"},
                 "lifts": [{"role": "head"}]},
            ],
        },
        {
            "number": "closed",
            "gist": WORDS,
            "rules": [{"kind": "lock", "record": "roll", "since": {"anchor": "journal.closed"}}],
        },
        {
            "number": "approval",
            "gist": WORDS,
            "rules": [
                {"kind": "approval", "record": "mark", "roles": ["head", "deputy"], "count": 2,
                 "after": {"anchor": "day", "snap": "end_of_day"}},
            ],
        },
    ],
}  # fmt: skip


@pytest.fixture
def locked(school, clock):
    """Journals under the regulation above, with a head and two deputies; one mark stands."""
    from edujournal.model.people import Account, RoleSpan

    for name in ("deputy-1", "deputy-2"):
        school.rows["accounts"].append(Account(name, roles=(RoleSpan("deputy"),)))
    clock.at = NOON
    journals = ej.Journals(MemoryStore(), school, REGULATION, clock=clock)
    journals.record(mark(), by="t-1")
    return journals


def mark(pupil="p-1", **more):
    """An oral mark."""
    return ej.Mark(lesson="l1", pupil=pupil, kind="oral", value=5, **more)


def correction():
    """A change of the mark that stands."""
    return ej.Correction(journal=JOURNAL, entry=1, values={"value": 4}, reason="slip")


def waiver(clauses, **more):
    """A waiver for September and October."""
    told = {
        "id": "w", "clauses": clauses, "year": "2026", "ground": "ill",
        "since": NOON, "until": NOON + timedelta(days=60),
    }  # fmt: skip
    return ej.Waiver(**{**told, **more})


def broken(journals, draft, by="t-1"):
    """Clauses of the locks that keep *draft* out."""
    verdict = journals.check(draft, by=by)
    return [one.clause for one in verdict.findings if one.code == "locked" and one.is_breach]


LOCK = datetime(2026, 10, 4, 21, 1, tzinfo=UTC)  # the fifth of October, 00:01 in Moscow


def test_a_lock_falls_at_its_minute(locked, clock):
    """One microsecond before it is open, at the minute and after it is locked."""
    clock.at = LOCK - timedelta(microseconds=1)
    assert [] == broken(locked, mark())
    clock.at = LOCK
    assert ["month"] == broken(locked, mark())
    with pytest.raises(ej.Refused, match="locked"):
        locked.record(mark(), by="t-1")


def test_an_import_does_not_walk_round_a_lock(locked, clock):
    """Evidence of an old recording does not open what is locked now."""
    clock.at = LOCK
    evidence = ej.Evidence(1, 2, author="t-1")
    with pytest.raises(ej.Refused, match="locked"):
        locked.record(mark(evidence=evidence), by="importer")
    (receipt,) = locked.record_many([mark(evidence=evidence)], by="importer")
    assert ej.Decision.REFUSED is receipt.decision


def test_locks_compose_and_each_is_lifted_by_its_name(locked, clock):
    """Two locks hold at once; lifting one leaves the other."""
    clock.at = LOCK
    assert ["month", "two-days"] == sorted(broken(locked, correction()))
    locked.record(waiver(["month"]), by="head")
    assert ["two-days"] == broken(locked, correction())
    locked.record(waiver(["two-days"], id="w2"), by="head")
    assert [] == broken(locked, correction())


def test_a_waiver_is_visible_in_what_it_changed(locked, clock):
    """What was lifted is excused, not met, and names the waiver."""
    clock.at = LOCK
    locked.record(waiver(["month"]), by="head")
    found = [
        one
        for one in locked.record(mark("p-2"), by="t-1").verdict.findings
        if one.clause == "month"
    ]
    assert [(ej.Outcome.EXCUSED, "w", "broken")] == [
        (one.outcome, one.why["waiver"], one.why["was"]) for one in found
    ]


def test_authority_rises_with_lateness(locked, clock):
    """A deputy lifts two days of delay, the head any."""
    clock.at = LOCK
    locked.record(waiver(["month"]), by="deputy-1")
    assert [] == broken(locked, mark())
    clock.at = LOCK + timedelta(days=2)
    assert ["month"] == broken(locked, mark())
    locked.record(waiver(["month"], id="w2"), by="head")
    assert [] == broken(locked, mark())


@pytest.mark.parametrize(
    "scope",
    [
        {"account": "t-2"},
        {"journals": ["7A.1/alg/2026"]},
        {"about": "lesson:l3"},
        {"until": LOCK},
        {"since": LOCK + timedelta(seconds=1)},
        {"clauses": ["two-days"]},
    ],
)
def test_a_waiver_reaches_no_further_than_it_says(locked, clock, scope):
    """Another account, journal, occasion, time or clause is not lifted."""
    clock.at = LOCK - timedelta(days=1)
    locked.record(waiver(**{"clauses": ["month"], **scope}), by="head")
    clock.at = LOCK
    assert ["month"] == broken(locked, mark())


def test_a_waiver_of_a_teacher_is_refused(locked):
    """Only those whom the regulation names give waivers."""
    with pytest.raises(ej.Refused):
        locked.record(waiver(["month"]), by="t-1")


def test_a_closed_journal_is_locked_from_its_closing(locked, school):
    """The closing in the school book locks the roll of that journal and of no other."""
    assert [] == broken(locked, ej.RollCall(lesson="l1"))
    locked.record(ej.Closing(journal=JOURNAL), by="head")
    assert ["closed"] == broken(locked, ej.RollCall(lesson="l1"))
    assert [] == broken(locked, ej.RollCall(lesson="l2"), by="t-2")


def test_a_grant_is_bounded_in_time_and_place(locked, clock):
    """A granted account writes in that journal until the grant ends."""
    with pytest.raises(ej.Refused, match="not-your-journal"):
        locked.record(mark("p-3"), by="t-2")
    grant = ej.Grant(
        id="g", account="t-2", journal=JOURNAL, since=NOON, until=NOON + timedelta(hours=24),
        ground="t-1 is ill",
    )  # fmt: skip
    locked.record(grant, by="head")
    locked.record(mark("p-3"), by="t-2")
    clock.at = NOON + timedelta(hours=24)
    with pytest.raises(ej.Refused, match="not-your-journal"):
        locked.record(mark("p-4"), by="t-2")


def test_a_change_of_what_is_closed_counts_when_two_have_agreed(locked, clock):
    """The correction stands in the book; the reading changes with the second approval."""
    clock.at = NOON + timedelta(hours=20)
    receipt = locked.record(correction(), by="t-1")

    def value():
        state = locked.state(f"journal/{JOURNAL}")
        return state.reading(state.entries[0]).values["value"]

    assert "awaits-approval" in {one.code for one in receipt.verdict.findings}
    assert 5 == value()
    approval = ej.Approval(journal=JOURNAL, entry=receipt.number)
    locked.record(approval, by="deputy-1")
    locked.record(approval, by="deputy-1")
    assert 5 == value()
    locked.record(approval, by="head")
    assert 4 == value()


def test_a_hosts_own_check_is_judged_and_audited_alike(school, clock):
    """A check in Python refuses, remarks or cannot decide, and the audit says the same."""
    from edujournal.model.people import Kleene
    from edujournal.rules.checks import Check

    answers = {5: True, 4: False, 3: Kleene.UNKNOWN}
    check = Check(
        code="acme.fives", record="mark", clause="A1",
        holds=lambda entry, scene: answers[entry.values["value"]],
    )  # fmt: skip
    regulation = ej.load_regulation("ru-school26-2023").with_checks(check)
    journals = ej.Journals(MemoryStore(), school, regulation, clock=clock)
    found = []
    for value in (5, 4, 3):
        receipt = journals.record(
            ej.Mark(lesson="l1", pupil="p-1", kind="oral", value=value), by="t-1"
        )
        found += [one for one in receipt.verdict.findings if one.code == "acme.fives"]
    assert ["met", "broken", "undecidable"] == [one.outcome.value for one in found]
    assert found == [one for one in journals.audit(everything=True) if one.code == "acme.fives"]
