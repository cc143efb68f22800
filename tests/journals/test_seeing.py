"""Guardians confirm that they have seen the diary: who may, what is shown, and what a change does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

import edujournal as ej
from edujournal.accesses import SEEN
from edujournal.model.people import Account, RoleSpan

WEEK = date(2026, 9, 16)
LOG = "access/seen/2026"
START = datetime(2026, 9, 15, 6, 30, tzinfo=UTC)
MARK = {"lesson": "l1", "kind": "oral"}


@pytest.fixture
def kept(journals, school):
    """A mark of p-1; two guardians, one of them of another pupil, and the pupil's own account."""
    school.rows["accounts"] += [
        Account("mother", pupils=("p-1",)),
        Account("stranger", pupils=("p-2",)),
        Account("gone", pupils=("p-1",), until=date(2026, 9, 10)),
        Account("p-1", roles=(RoleSpan("pupil"),), pupils=("p-1",)),
        Account("deputy", roles=(RoleSpan("deputy"),)),
    ]
    journals.record(ej.Mark(pupil="p-1", value=5, **MARK), by="t-1")
    return journals


def told(diary):
    """Who has seen it, and whether it has changed since."""
    return [(one.account, one.on_behalf_of, one.changed) for one in diary.seen]


def test_a_guardian_confirms_and_the_diary_shows_it(kept, clock):
    """On every way to the diary, for that week and pupil alone, with the moment."""
    clock.at = START + timedelta(minutes=20)
    found = kept.acknowledge("p-1", WEEK, by="mother")

    assert [("mother", None, False)] == told(found)
    assert [round(clock.at.timestamp() * 1_000_000)] == [one.at for one in found.seen]
    assert found == kept.diary("p-1", WEEK) == kept.live.diary("p-1", WEEK)
    assert [] == told(kept.diary("p-1", WEEK + timedelta(days=7)))
    assert [] == told(kept.diary("p-2", WEEK))
    assert [] == list(kept.verify().damages)


@pytest.mark.parametrize(
    "change",
    [
        lambda _: ej.Mark(pupil="p-1", value=4, work="w-1", journal="7A/alg/2026"),
        lambda _: ej.Homework(lesson="l1", task="№ 1"),
        lambda n: ej.Correction(
            journal="7A/alg/2026", entry=n, values={"value": 3}, reason="описка"
        ),
        lambda n: ej.Annulment(journal="7A/alg/2026", entry=n, reason="описка"),
    ],
    ids=["mark", "homework", "correction", "annulment"],
)
def test_what_comes_after_says_that_it_has_changed(kept, change):
    """New, corrected and withdrawn things alike; seen again, it is seen."""
    kept.record(ej.NewWork(id="w-1", kind="control", lesson="l1"), by="t-1")
    kept.acknowledge("p-1", WEEK, by="mother")
    kept.record(change(1), by="t-1")

    assert [("mother", None, True)] == told(kept.diary("p-1", WEEK))
    assert [("mother", None, True)] == told(kept.live.diary("p-1", WEEK))
    assert [("mother", None, False)] == told(kept.acknowledge("p-1", WEEK, by="mother"))


def test_what_concerns_another_changes_nothing(kept):
    """A mark of another pupil, and one of another week, leave it as it was seen."""
    kept.acknowledge("p-1", WEEK, by="mother")
    kept.record(ej.Mark(pupil="p-2", value=5, **MARK), by="t-1")

    assert [("mother", None, False)] == told(kept.diary("p-1", WEEK))


@pytest.mark.parametrize("who", ["stranger", "gone", "p-1", "t-1", "deputy"])
def test_nobody_else_may(kept, who):
    """Refused and logged; no teacher, no pupil, no guardian of another, nobody who has left."""
    with pytest.raises(ej.Refused, match="no-right"):
        kept.acknowledge("p-1", WEEK, by=who)

    assert [] == told(kept.diary("p-1", WEEK))
    assert ["refused"] == [one.kind for one in kept.entries("access/2026")]


def test_what_is_signed_on_paper_is_recorded_for_the_guardian(kept):
    """By the homeroom teacher, the head and deputies; not by a teacher, nor for who is no guardian."""
    for who in ("t-3", "deputy"):
        kept.acknowledge("p-1", WEEK, by=ej.Actor(who, None, "mother"))
    assert [("t-3", "mother", False), ("deputy", "mother", False)] == told(kept.diary("p-1", WEEK))
    for who, guardian in (("t-1", "mother"), ("t-3", "stranger"), ("t-3", "t-3")):
        with pytest.raises(ej.Refused):
            kept.acknowledge("p-1", WEEK, by=ej.Actor(who, None, guardian))


def test_twice_within_a_minute_is_once(kept, clock):
    """A second press of the button is shown once, and no text is in the log."""
    for _ in range(2):
        found = kept.acknowledge("p-1", WEEK, by="mother")
    assert [("mother", None, False)] == told(found)
    for one in kept.entries(LOG):
        assert (SEEN, "diary:p-1", {}) == (one.kind, one.about, one.texts)
        assert {"count", "pupil", "shown", "since", "week"} == set(one.values)


def test_the_past_knows_nothing_of_it(kept, clock):
    """A diary as of an earlier moment has what had been confirmed by then."""
    before = clock.at
    clock.at = START + timedelta(minutes=40)
    kept.acknowledge("p-1", WEEK, by="mother")

    assert [] == told(kept.diary("p-1", WEEK, at=before))
    assert [("mother", None, False)] == told(kept.diary("p-1", WEEK, at=clock.at))


def test_another_process_sees_it_at_once(kept, school):
    """What one has confirmed the other shows, though it has shown the diary before."""
    other = ej.Journals(kept.store, school, kept.regulations, clock=lambda: START)
    assert [] == told(other.live.diary("p-1", WEEK))
    kept.acknowledge("p-1", WEEK, by="mother")

    assert [("mother", None, False)] == told(other.live.diary("p-1", WEEK))
