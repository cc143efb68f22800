"""Features of the pupil, the work and the entry, each looked up on a journal of two days."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

import edujournal as ej
from edujournal.model.calendar import Calendar
from edujournal.model.groups import Group
from edujournal.model.occasions import Occasion
from edujournal.model.periods import HolidaySet, PeriodSystem, Week
from edujournal.rules.loading import structure
from edujournal.rules.scenes import UNKNOWN, features, occasion_of, of_lesson
from edujournal.rules.selecting import Looked, seen
from edujournal.rules.selectors import Selector, Span
from edujournal.rules.verdicts import Outcome
from edujournal.views.diary import diary, diary_books

EMPTY = structure({"format": 1, "id": "x", "title": {"ru": "п", "en": "p"}})

NAMES = frozenset({"days_absent", "papers", "pupil_category", "record_state"})


def test_features_beyond_the_occasion(opened):
    """Days of absence, papers, groups and what stood there are told by the books and the rolls."""
    journals, clock = opened()
    for day, lesson in ((14, "a14"), (15, "a15")):
        clock.set(datetime(2026, 9, day, 6, 10, tzinfo=UTC))
        journals.record(ej.RollCall(lesson=lesson, absent={"p-1": "Б"}), by="t")
    first = journals.record(ej.Mark(lesson="a15", pupil="p-2", kind="oral", value=4), by="t")
    again = journals.record(ej.Mark(lesson="a15", pupil="p-2", kind="test", value=5), by="t")
    facts, state = journals.facts(), journals.state("journal/7A/alg/2026")
    regulation = journals.regulations[0]
    lesson = of_lesson(facts.lesson("a15"), facts)
    absent = seen(NAMES, Looked(lesson, regulation, facts, state, "p-1"))
    told = [
        seen(NAMES, Looked(occasion_of(one, facts, state), regulation, facts, state, "p-2", one))
        for one in (state.entry(first.number), state.entry(again.number))
    ]

    assert (2, frozenset({"class", "subgroup"})) == (
        absent["days_absent"],
        absent["pupil_category"],
    )
    assert [2, 2] == [one["papers"] for one in told]
    assert [frozenset({"first"}), frozenset({"again"})] == [one["record_state"] for one in told]
    assert 0 == told[0]["days_absent"]
    unheld = occasion_of(state.entry(first.number), facts, state)
    empty = journals.state("journal/7A/rus/2026")
    assert UNKNOWN is seen(NAMES, Looked(unheld, regulation, facts, empty))["papers"]


@pytest.mark.parametrize(
    ("group", "classes", "parallels", "level"),
    [
        ("7A", {"7A"}, {7}, "basic"),
        ("7A.1", {"7A"}, {7}, "basic"),
        ("7AB", {"7A", "7B"}, {7, 8}, None),
        ("up", {"7A"}, {9}, "upper"),
        ("p", set(), set(), None),
    ],
)
def test_classes_parallels_and_stages_of_a_group(group, classes, parallels, level):
    """A part has those of its class, a stream those of all; what differs is no stage of all."""
    more = {"periods": "p", "holidays": "h", "week": "w"}
    calendar = Calendar(
        school="s", year="2026", zone="UTC", since=date(2026, 9, 1), until=date(2027, 6, 1),
        groups=(
            Group("7A", "class", grade=7, stage="basic", **more),
            Group("7B", "class", grade=8, stage="upper", **more),
            Group("7A.1", "subgroup", parents=("7A",), **more),
            Group("7AB", "stream", parents=("7A", "7B"), **more),
            Group("up", "subgroup", parents=("7A",), grade=9, stage="upper", **more),
            Group("p", "plan", pupil="p-1", **more),
        ),
        period_systems=(PeriodSystem("p"),), holiday_sets=(HolidaySet("h"),),
        weeks=(Week("w", frozenset({1})),), staff_week="w",
    )  # fmt: skip
    found = features(Occasion("", "journal/x/y/2026", calendar, group=group), EMPTY)
    assert (frozenset(classes), frozenset(parallels)) == (found["class"], found["parallel"])
    assert level == found.get("level")
    ranged = Selector((("parallel", (Span(7, 8),)),))
    assert ranged.allows(found) is bool(parallels & {7, 8})
    assert Selector((("class", ("7A",)),)).allows(found) is ("7A" in classes)


def test_audits_and_lists_of_what_is_due_read_excuses_alike(opened, limit):
    """A mark given for a lesson that the pupil missed counts once the class book excuses it."""
    rules = [
        {"kind": "rights", "role": "homeroom", "may": "write", "records": ["excuse"]},
        limit(
            per=["pupil", "subject", "period"], where={"excuse": ["present", "excused"]},
            at_least=1, by={"anchor": "period.end", "snap": "end_of_day"},
        ),
    ]  # fmt: skip
    journals, clock = opened(*rules, accounts={"hr": "leads 7A"})
    clock.set(datetime(2026, 9, 14, 6, 10, tzinfo=UTC))
    journals.record(ej.Mark(lesson="a14", pupil="p-1", kind="oral", value=4), by="t")
    journals.record(ej.RollCall(lesson="a14", absent={"p-1": "НП"}), by="t")

    def lacking():
        at = datetime(2026, 10, 26, tzinfo=UTC)
        audit = [one for one in journals.audit(at) if one.clause == "X.1" and one.pupil == "p-1"]
        due = [one for one in journals.due(at=at) if one.clause == "X.1" and one.pupil == "p-1"]
        mine = [one for one in audit if one.book == "journal/7A/alg/2026"]
        assert mine == [one for one in due if one.book == "journal/7A/alg/2026"]
        return [one.outcome for one in mine]

    assert [Outcome.MISSING] == lacking()
    days = {"since": date(2026, 9, 14), "until": date(2026, 9, 15)}
    journals.record(ej.Excuse(group="7A", pupil="p-1", code="Б", **days), by="hr")
    assert [] == lacking()


def test_publication_reads_excuses_of_class_books(opened):
    """What is shown to those who were there is shown once the class book excuses who was not."""
    journals, clock = opened(
        {"kind": "rights", "role": "homeroom", "may": "write", "records": ["excuse"]},
        {"kind": "publication", "record": "comment", "when": {"excuse": "unexcused"},
         "since": {"anchor": "year.end", "snap": "end_of_day"}},
        accounts={"hr": "leads 7A"},
    )  # fmt: skip
    clock.set(datetime(2026, 9, 14, 6, 10, tzinfo=UTC))
    journals.record(ej.RollCall(lesson="a14", absent={"p-1": "НП"}), by="t")
    journals.record(ej.Comment(lesson="a14", pupil="p-1", comment="!"), by="t")
    facts = journals.facts()

    def seen_at_home():
        states = {book: journals.state(book) for book in diary_books("p-1", facts)}
        week = diary("p-1", states, facts, date(2026, 9, 14), journals.regulations, clock.at)
        return len(
            [
                one
                for day in week.days
                for each in day.lessons
                for one in each.cell.standing().comments
            ]
        )

    assert 0 == seen_at_home()
    days = {"since": date(2026, 9, 14), "until": date(2026, 9, 15)}
    journals.record(ej.Excuse(group="7A", pupil="p-1", code="Б", **days), by="hr")
    assert 1 == seen_at_home()
