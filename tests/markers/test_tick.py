"""A tick records what time makes: once, whenever it is called, and nothing that is not due."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest
from attrs import evolve

import edujournal as ej
from edujournal.errors import BadInput, Refused
from edujournal.model.people import BY_TIME
from edujournal.ticking import MadeByTime

ALG = "7A/alg/2026"
WORDS = {"ru": "п", "en": "p"}
INH = ej.Marker(lesson="l1", pupil="p-1", code="INH")
INCOMPLETE = ej.Marker(lesson="l1", pupil="p-1", code="I")
MARK = ej.Mark(lesson="l1", pupil="p-1", kind="oral", value=4)


def said(entry):
    """What an entry that time made says: kind, value or code, and from when it counts."""
    values = entry.values.get("change", entry.values)
    what = values.get("value") or values.get("code") or values.get("marker")
    return entry.kind, what, entry.values["because"]["at"]


def test_not_handed_in_becomes_the_worst_mark_after_ten_school_days(desk):
    """INH → 1: a mark in the same cell, of the actor ``system``, that names clause and end."""
    desk.write("2026-09-15 09:10", INH)
    report = desk.tick("2026-10-05 03:00")
    (entry,) = desk.by_time()
    end = desk.moment("2026-09-30 00:00")
    assert ("mark", 1, end) == said(entry)
    assert ("system", "system", "M.2") == (entry.by.account, entry.by.role, entry.right)
    assert ("lesson:l1", "p-1", 1) == (entry.about, entry.pupil, entry.target)
    assert desk.moment("2026-10-05 03:00") == entry.at
    assert {"at": end, "clause": "M.2", "regulation": "markers", "what": "ended"} == dict(
        entry.values["because"]
    )
    assert [entry.number] == [one.receipt.number for one in report.made]
    assert [] == list(desk.audit("2026-10-05 03:00"))


def test_a_tick_before_the_end_makes_nothing(desk):
    """At the last instant of the term nothing is due; at the next one it is."""
    desk.write("2026-09-15 09:10", INH)
    assert () == desk.tick("2026-09-29 23:59:59.999999").made
    assert 1 == len(desk.tick("2026-09-30 00:00").made)


def test_a_second_tick_makes_nothing_more(desk):
    """However often it is called, by whichever handle, the book has one entry of it."""
    desk.write("2026-09-15 09:10", INH)
    desk.tick("2026-10-05 03:00")
    assert () == desk.tick("2026-10-05 03:00").made
    desk.journals = desk.open()
    assert () == desk.tick("2026-10-06 03:00").made
    assert 1 == len(desk.by_time())


def test_two_ticks_at_once_make_one_entry(desk):
    """The one that comes second gets the receipt of the first: the key is the marker's own."""
    desk.write("2026-09-15 09:10", INH)
    desk.clock.set(desk.moment("2026-10-05 03:00"))
    (made,) = desk.open().tick().made
    again = desk.open().record(made.due.draft, by=BY_TIME, key=made.due.key)
    assert (True, made.receipt.number) == (again.repeated, again.number)
    assert 1 == len(desk.by_time())


def test_a_tick_catches_up_with_whatever_time_has_passed(new_desk):
    """Called in time or half a year later, it says the same; only the moment of recording differs."""
    heard = []
    for now in ("2026-09-30 00:00", "2027-03-01 12:00"):
        desk = new_desk()
        desk.write("2026-09-15 09:10", INH)
        desk.tick(now)
        (entry,) = desk.by_time()
        heard.append(evolve(entry, at=0, hash=""))
    assert heard[0] == heard[1]


def test_what_was_made_may_end_in_its_turn(new_desk):
    """Incomplete → late → 1: the second term starts where the first ended, not where the tick fell."""
    late = {
        "code": "late", "title": WORDS, "clause": "M.2", "scopes": ["lesson", "period"],
        "expires": {"after": "+2 days", "value": "1"},
    }  # fmt: skip
    first = {
        "code": "N", "title": WORDS, "clause": "M.2", "scopes": ["lesson", "period"],
        "expires": {"after": "+3 days", "marker": "late"},
    }  # fmt: skip
    desk = new_desk(markers=[first, late])
    desk.write("2026-09-15 09:10", ej.Marker(lesson="l1", pupil="p-1", code="N"))
    desk.tick("2026-12-01 03:00")
    assert [
        ("marker", "late", desk.moment("2026-09-19 00:00")),
        ("mark", 1, desk.moment("2026-09-22 00:00")),
    ] == [said(one) for one in desk.by_time()]
    assert [] == list(desk.audit("2026-12-01 03:00", until=date(2026, 10, 1)))


@pytest.mark.parametrize(
    ("expires", "end"),
    [
        ({"by": {"anchor": "period.end", "snap": "end_of_day"}, "value": "2"}, "2026-10-26 00:00"),
        ({"after": "+90 minutes", "value": "2"}, "2026-09-15 10:40"),
        ({"after": "+2 hours", "value": "2"}, "2026-09-15 11:10"),
        ({"after": "+1 weeks", "value": "2"}, "2026-09-23 00:00"),
        ({"value": "2"}, "2026-09-20 00:00"),
    ],
)
def test_a_term_is_whatever_the_regulation_says(new_desk, expires, end):
    """A moment of the year, hours to the minute, weeks to the end of the day, or the entry's own day."""
    marker = {"code": "N", "title": WORDS, "clause": "M.2", "scopes": ["lesson"],
              "expires": expires}  # fmt: skip
    desk = new_desk(markers=[marker])
    until = None if len(expires) > 1 else date(2026, 9, 20)
    desk.write("2026-09-15 09:10", ej.Marker(lesson="l1", pupil="p-1", code="N", until=until))
    (made,) = desk.tick("2026-12-01 00:00").made
    assert desk.moment(end) == made.due.since


@pytest.mark.parametrize(("until", "end"), [(17, "2026-09-17 00:00"), (29, "2026-09-19 00:00")])
def test_of_two_ends_the_earlier_one_counts(desk, until, end):
    """Three days by the regulation; the entry may shorten them and not lengthen them."""
    desk.write("2026-09-15 09:10", evolve(INCOMPLETE, until=date(2026, 9, until)))
    (made,) = desk.tick("2026-12-01 00:00").made
    assert desk.moment(end) == made.due.since


def test_a_mark_that_was_taken_away_clears_nothing(desk):
    """A correction that leaves the mark without a value: the marker has its place again."""
    desk.write("2026-09-15 09:10", INH)
    desk.write("2026-09-15 10:00", MARK)
    desk.write("2026-09-15 10:01", ej.Correction(journal=ALG, entry=2, values={"value": None}))
    assert 1 == len(desk.tick("2026-12-01 00:00").made)


def test_a_result_is_corrected_for_it_has_but_one_entry(new_desk):
    """An incomplete quarter becomes a failed one, and then an unsatisfactory one."""
    first = {
        "code": "N", "title": WORDS, "clause": "M.2", "scopes": ["period"],
        "expires": {"after": "+3 days", "marker": "M"}, "fulfils_period": True,
    }  # fmt: skip
    second = {**first, "code": "M", "expires": {"after": "+2 days", "value": "2"}}
    desk = new_desk(markers=[first, second])
    draft = ej.PeriodResult(
        journal=ALG, period="q1", pupil="p-1", marker="N", until=date(2026, 10, 23),
    )  # fmt: skip
    desk.write("2026-10-21 12:00", draft)
    desk.tick("2026-11-20 03:00")
    assert [
        ("correction", "M", desk.moment("2026-10-23 00:00")),
        ("correction", 2, desk.moment("2026-10-26 00:00")),
    ] == [said(one) for one in desk.by_time()]
    state = desk.journals.state(f"journal/{ALG}")
    assert {"stage": "period", "value": 2} == dict(state.reading(state.entries[0]).values)
    assert [] == [one for one in desk.audit("2026-10-27 00:00") if "not-by-time" in one]


def test_a_marker_for_a_work_becomes_a_mark_for_it(desk):
    """The mark is for the work, and fills it."""
    desk.write("2026-09-15 09:05", ej.NewWork(id="c1", kind="control", purpose="monitoring",
                                              lesson="l1"))  # fmt: skip
    desk.write("2026-09-15 09:06", ej.RollCall(lesson="l1"))
    desk.write("2026-09-15 09:10", ej.Marker(work="c1", journal=ALG, pupil="p-1", code="INH"))
    assert ["2.11 missing missing work:c1 p-1"] == [
        one for one in desk.audit("2026-09-20 00:00") if one.startswith("2.11")
    ]
    desk.tick("2026-09-30 00:00")
    assert ["work:c1"] == [one.about for one in desk.by_time()]
    assert [] == list(desk.audit("2026-09-30 00:00"))


def test_a_marker_for_a_period_becomes_a_result(desk):
    """The period has a result afterwards, and the sheet shows it."""
    desk.write("2026-10-20 12:00", ej.Marker(journal=ALG, period="q1", pupil="p-1", code="INH"))
    assert "2.8 missing missing period:q1 p-1" in list(desk.audit("2026-10-27 00:00"))
    desk.tick("2026-11-20 00:00")
    (entry,) = desk.by_time()
    assert ("result", 1) == said(entry)[:2]
    assert "2.8 missing missing period:q1 p-1" not in list(desk.audit("2026-11-20 00:00"))


def test_what_was_cleared_in_time_is_left_alone(desk):
    """A mark before the end takes the marker's place for good."""
    desk.write("2026-09-15 09:10", INH)
    desk.write("2026-09-15 10:00", MARK)
    assert () == desk.tick("2026-12-01 00:00").made


@pytest.mark.parametrize("tick_first", [True, False])
def test_a_mark_after_the_end_does_not_undo_it(desk, tick_first):
    """Whether the tick or the late mark came first, the same is made of the marker."""
    desk.write("2026-09-15 09:10", INH)
    if tick_first:
        desk.tick("2026-10-01 00:00")
    desk.write("2026-10-02 10:00", MARK)
    desk.tick("2026-10-03 00:00")
    assert [("mark", 1, desk.moment("2026-09-30 00:00"))] == [said(one) for one in desk.by_time()]


def test_what_was_taken_back_ends_in_nothing(desk):
    """An annulled marker has no term."""
    number = desk.write("2026-09-15 09:10", INH).number
    desk.write("2026-09-15 09:11", ej.Annulment(journal=ALG, entry=number))
    assert () == desk.tick("2026-12-01 00:00").made


def test_a_successor_that_was_taken_back_is_not_made_again(desk):
    """A teacher who annuls it, with a reason, has the last word; it stays in sight as not cleared."""
    desk.write("2026-09-15 09:10", INH)
    desk.tick("2026-10-01 00:00")
    desk.write("2026-10-02 10:00", ej.Annulment(journal=ALG, entry=2, reason="was handed in"))
    assert () == desk.tick("2026-10-03 00:00").made
    assert "M.2 uncleared missing lesson:l1 p-1" in list(desk.audit("2026-10-03 00:00"))
    desk.write("2026-10-03 10:00", MARK)
    assert "M.2 uncleared late lesson:l1 p-1" in list(desk.audit("2026-10-03 12:00"))


def test_nothing_is_made_of_what_cannot_be_decided(new_desk):
    """The school gave no term: the tick says so, and leaves it."""
    desk = new_desk()
    desk.write("2026-09-15 09:10", INCOMPLETE)
    report = desk.tick("2027-05-01 00:00")
    assert ((), ["given.incomplete_days"]) == (report.made, report.undecided[0].why["unknown"])


def test_a_tick_never_looks_ahead(desk):
    """A moment that has not come is refused; an earlier one bounds what is looked at."""
    desk.write("2026-09-15 09:10", INH)
    with pytest.raises(BadInput, match="has not come"):
        desk.tick("2026-09-20 00:00", at="2026-10-05 00:00")
    assert () == desk.tick("2026-10-05 00:00", at="2026-09-29 00:00").made
    assert 1 == len(desk.tick("2026-10-05 00:00", at="2026-10-01 00:00").made)


def test_nobody_else_says_what_time_made(desk):
    """Too early, of another marker, by a person: each is refused, though the draft is well formed."""
    desk.write("2026-09-15 09:10", INH)
    other = desk.write("2026-09-15 09:11", evolve(INCOMPLETE, pupil="p-1")).number
    desk.clock.set(desk.moment("2026-10-05 00:00"))
    (mark, _) = [one.due for one in desk.open().tick().made]
    content = mark.draft.said
    desk.clock.set(desk.moment("2026-10-06 00:00"))
    for forged, by in (
        (content, BY_TIME),
        (content, "t"),
        (evolve(content, target=other), BY_TIME),
        (evolve(content, target=99), BY_TIME),
    ):
        verdict = desk.journals.check(MadeByTime(forged), by=by)
        assert ["not-by-time"] == [one.code for one in verdict.breaches]
        with pytest.raises(Refused):
            desk.journals.record(MadeByTime(forged), by=by)


def test_an_entry_too_early_is_refused(desk):
    """What would be right a day later is not right now."""
    desk.write("2026-09-15 09:10", INH)
    desk.clock.set(desk.moment("2026-10-05 00:00"))
    (due,) = [one.due for one in desk.open().tick().made]
    fresh = type(desk)(desk.regulation, type(desk.store)())
    fresh.write("2026-09-15 09:10", INH)
    fresh.clock.set(fresh.moment("2026-09-29 12:00"))
    with pytest.raises(Refused):
        fresh.journals.record(due.draft, by=BY_TIME)


def test_the_report_has_who_is_to_be_told(desk):
    """Reminders of the ladder, each under a key that is the same at every tick."""
    desk.write("2026-09-15 09:10", INH)
    keys = [
        [one.key for one in desk.tick(now).reminders if one.finding.code == "uncleared"]
        for now in ("2026-09-28 23:00", "2026-09-29 01:00", "2026-09-29 20:00")
    ]
    assert [] == keys[0]
    assert keys[1] == keys[2]
    assert ["teacher"] == [key.split("|")[6] for key in keys[1]]


def test_asynchronous_journals_tick_alike(new_desk):
    """The same entries, the same report."""
    desk, other = new_desk(given={"incomplete_days": 3}), new_desk(given={"incomplete_days": 3})
    for one in (desk, other):
        one.write("2026-09-15 09:10", INH)
        one.write("2026-09-15 09:11", evolve(INCOMPLETE, lesson="l1"))
        one.clock.set(one.moment("2026-10-05 03:00"))
    journals = ej.AsyncJournals(
        other.store, other.school, other.regulation, other.clock, other.salts
    )  # fmt: skip
    report = desk.journals.tick()
    assert report == asyncio.run(journals.tick())
    assert desk.by_time() == other.by_time()
    assert 2 == len(report.made)


def test_stores_are_left_alike_and_whole(new_desk, tmp_path):
    """On files and in SQLite the chain goes on over what time made."""
    heads = []
    for place in (None, f"file:{tmp_path / 'f'}", f"sqlite:///{tmp_path / 'j.db'}"):
        desk = new_desk()
        if place is not None:
            desk.journals = ej.open(
                place, school=desk.school, regulation=desk.regulation, clock=desk.clock,
                entropy=desk.salts,
            )  # fmt: skip
        desk.write("2026-09-15 09:10", INH)
        desk.tick("2026-10-05 03:00")
        assert not any(desk.journals.verify().damages)
        heads.append(dict(desk.journals.store.books(desk.school.id)))
    assert heads[0] == heads[1] == heads[2]
