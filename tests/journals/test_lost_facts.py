"""What the school's data has lost since: an audit says so of what hangs on it, and judges all the rest."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from attrs import evolve

import edujournal as ej
from edujournal.rules.catalogue import CATALOGUE
from edujournal.views.speaking import Speaker

JOURNAL = "7A/alg/2026"
BOOK = f"journal/{JOURNAL}"


@pytest.fixture
def kept(journals, clock):
    """Journals with something of every kind about two lessons, a mark of them late."""
    lesson = {"lesson": "l1", "pupil": "p-1"}
    drafts = [
        ej.RollCall(lesson="l1", absent={"p-2": "Б"}),
        ej.Topic(lesson="l1", topic="x"),
        ej.NewWork(id="w", kind="control", purpose="monitoring", lesson="l1"),
        ej.Mark(**lesson, work="w", value=4),
        ej.Mark(**lesson, kind="oral", value=4),
        ej.Marker(**lesson, code="точка"),
        ej.MakeUp(lesson="l1", pupil="p-2", value=4, protocol="7"),
        ej.Comment(**lesson, comment="x"),
    ]
    journals.record_many(drafts, by="t-1")
    journals.record(ej.Substitution(lesson="l1", teacher="t-2"), by=ej.Actor("t-2", "substitute"))
    clock.at = datetime(2026, 9, 17, 9, tzinfo=UTC)
    journals.record(ej.Mark(lesson="l3", pupil="p-1", kind="oral", value=3), by="t-1")
    clock.at = datetime(2026, 10, 22, 9, tzinfo=UTC)
    journals.record(ej.PeriodResult(journal=JOURNAL, period="q1", pupil="p-1", value=4), by="t-1")
    return journals


def read_everything(journals):
    """All that reads whole books; nothing of it may fail."""
    found = list(journals.audit(everything=True))
    list(journals.audit(since=date(2026, 9, 1), until=date(2026, 10, 1)))
    journals.due()
    journals.reminders()
    journals.proposals(JOURNAL, "q1")
    journals.statistics(["pupil"])
    journals.tick()
    return found


def lose(school, rows, **keeps):
    """The host deletes rows of its data."""
    ((name, value),) = keeps.items()
    school.rows[rows] = [row for row in school.rows[rows] if getattr(row, name) != value]


def test_a_lost_lesson_makes_what_is_about_it_undecidable(kept, school):
    """The rest is judged as before; that the lesson is gone is told once for each entry about it."""
    lose(school, "lessons", id="l1")
    found = read_everything(kept)
    lost = [one for one in found if one.code == "no-longer-known"]
    assert {ej.Outcome.UNDECIDABLE} == {one.outcome for one in lost}
    assert {"l1"} == {one.why["name"] for one in lost}
    assert "no more: l1" in Speaker("en").say_finding(lost[0], "Europe/Moscow")
    assert "больше нет: l1" in Speaker("ru").say_finding(lost[0], "Europe/Moscow")
    about = {
        entry.number for entry in kept.entries(BOOK)
        if entry.about == "lesson:l1"
    }  # fmt: skip
    assert about == {one.entry for one in lost}
    assert ("2.5", "late", "lesson:l3") in {
        (one.clause, one.outcome.value, one.about) for one in found
    }
    assert not [one for one in found if one.about == "lesson:l1" and one.entry is None]


def test_a_work_of_a_lost_lesson_has_no_day(kept, school):
    """Its marks are neither late nor in time."""
    lose(school, "lessons", id="l1")
    found = [one for one in kept.audit() if one.about == "work:w" and one.clause == "2.11"]
    assert {ej.Outcome.UNDECIDABLE} == {one.outcome for one in found}


def test_a_lost_account_takes_no_lateness_along(kept, school):
    """Whose hand it was cannot be judged any more; when it was still can."""
    lose(school, "accounts", id="t-1")
    found = read_everything(kept)
    late = [one for one in found if one.outcome is ej.Outcome.LATE]
    assert [("2.5", "lesson:l3")] == [(one.clause, one.about) for one in late]
    hands = [one for one in found if one.by == "t-1" and one.code == "not-your-journal"]
    assert {(ej.Outcome.UNDECIDABLE, "account")} == {
        (one.outcome, one.why["unknown"][0]) for one in hands
    }
    broken = [one for one in found if one.outcome is ej.Outcome.BROKEN and one.by == "t-1"]
    assert not [one for one in broken if CATALOGUE[one.code].family == "rights"]


def test_a_lost_importer_makes_nothing_forbidden(journals, school):
    """An import by an account that is gone was not therefore an import without the right."""
    told = ej.Evidence(journals.now() - 10, journals.now(), "t-1", "teacher")
    journals.record(
        ej.Mark(lesson="l1", pupil="p-1", kind="oral", value=4, evidence=told), by="importer"
    )
    lose(school, "accounts", id="importer")
    assert [] == [one.code for one in journals.audit() if one.entry == 1]


@pytest.mark.parametrize(
    ("rows", "row"),
    [
        ("memberships", {"pupil": "p-1"}),
        ("memberships", {"pupil": "p-2"}),
        ("assignments", {"account": "t-1"}),
        ("assignments", {"account": "t-3"}),
        ("accounts", {"id": "t-2"}),
        ("accounts", {"id": "t-3"}),
        ("lessons", {"id": "l3"}),
    ],
)
def test_nothing_lost_stops_an_audit(kept, school, rows, row):
    """Whichever row the host deletes, the other books and entries are audited."""
    lose(school, rows, **row)
    assert [one for one in read_everything(kept) if one.entry is not None]


@pytest.mark.parametrize("what", ["period", "subgroup"])
def test_a_frame_that_has_changed_stops_no_audit(kept, school, what):
    """A period or a group that the calendar does not have any more."""
    (frame,) = school.rows["calendars"]
    if what == "period":
        (system,) = frame.period_systems
        q1 = evolve(system.periods[0], id="quarter-1")
        frame = evolve(frame, period_systems=(evolve(system, periods=(q1,)),))
    else:
        frame = evolve(frame, groups=frame.groups[:1])
        lose(school, "lessons", group="7A.1")
        lose(school, "memberships", group="7A.1")
        lose(school, "assignments", group="7A.1")
    school.rows["calendars"] = [frame]
    found = list(kept.audit(everything=True))
    lost = {one.why["name"] for one in found if one.code == "no-longer-known"}
    assert lost == ({"q1"} if what == "period" else set())
    kept.due()
    kept.tick()
