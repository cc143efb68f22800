"""Attendance across lessons: what is proposed for a roll call, and where roll calls contradict."""

from __future__ import annotations

from datetime import date

import pytest

import edujournal as ej
from edujournal.adapters.exchange.csvset.cells import absentees, shown_absentees
from edujournal.errors import BadInput
from edujournal.model.drafts import Excuse
from edujournal.views.attendance import (
    KINDS,
    REASONS,
    attendance_books,
    contradictions,
    suggestions,
)
from edujournal.views.cells import absences_of, cell_of, cell_text

MONDAY = date(2026, 9, 14)
TUESDAY = date(2026, 9, 15)


def excuse(
    pupil: str, code: str = "Б", since: date = MONDAY, until: date = date(2026, 9, 16)
) -> Excuse:
    """An excuse with a document, for Monday and Tuesday."""
    return Excuse(pupil=pupil, group="7A", since=since, until=until, code=code, document="No. 5")


def proposed(pen, facts, regulation, lesson: str):
    """What is proposed for a lesson: pupil, code, reason, lesson."""
    found = suggestions(facts.lesson(lesson), pen.states, facts, regulation)
    return [(one.pupil, one.code, one.reason, one.lesson) for one in found]


def found(pen, facts, regulation, group: str = "7A", days=(MONDAY, date(2026, 9, 20))):
    """The contradictions: kind, pupil, lessons, codes."""
    return [
        (one.kind, one.pupil, one.lessons, one.codes)
        for one in contradictions(group, days, pen.states, facts, regulation)
    ]


def test_who_missed_the_lesson_before_is_proposed(pen, facts, regulation):
    """The code of the lesson before on the same day; a late comer is not proposed, nor who was there."""
    pen.write(ej.RollCall(lesson="a14", absent={"p-1": "Н", "p-3": ej.Absence("ОП", 10)}))

    assert [("p-1", "Н", "lesson before", "a14")] == proposed(pen, facts, regulation, "e14")
    assert [] == proposed(pen, facts, regulation, "f14")
    assert [] == proposed(pen, facts, regulation, "a15")


def test_the_lesson_after_proposes_where_none_came_before(pen, facts, regulation):
    """A roll call that is taken late can be led by the one that followed."""
    pen.write(ej.RollCall(lesson="e14", absent={"p-1": "УП"}), by="t-2")

    assert [("p-1", "УП", "lesson after", "e14")] == proposed(pen, facts, regulation, "a14")


def test_an_excuse_is_the_surest_reason(pen, facts, regulation):
    """A document that covers the day comes before any roll call; the day after its last one is free."""
    entry = pen.write(excuse("p-1"), by="t-2", role="homeroom")
    pen.write(ej.RollCall(lesson="a14", absent={"p-1": "Н"}))

    (one,) = suggestions(facts.lesson("e14"), pen.states, facts, regulation)
    assert ("Б", "excuse", None, entry.number) == (one.code, one.reason, one.lesson, one.entry)
    assert [("p-1", "Б", "excuse", None)] == proposed(pen, facts, regulation, "a15")
    assert [] == proposed(pen, facts, regulation, "e16")
    assert {"excuse", "lesson before", "lesson after"} == set(REASONS)


def test_who_is_named_already_is_not_proposed(pen, facts, regulation):
    """The roll call of the lesson itself has spoken, also of one whom it says was there late."""
    pen.write(ej.RollCall(lesson="a14", absent={"p-1": "Н"}))
    pen.write(ej.RollCall(lesson="e14", absent={"p-1": ej.Absence("ОП", 5)}), by="t-2")

    assert [] == proposed(pen, facts, regulation, "e14")


def test_a_roll_call_taken_back_proposes_nothing(pen, facts, regulation):
    """Only what stands is read."""
    entry = pen.write(ej.RollCall(lesson="a14", absent={"p-1": "Н"}))
    pen.write(ej.Annulment(journal="7A/alg/2026", entry=entry.number, reason="Wrong lesson"))

    assert [] == proposed(pen, facts, regulation, "e14")


def test_roll_calls_that_agree_contradict_nothing(pen, facts, regulation):
    """Absent at every lesson of the day under one reason; a code not yet explained agrees with any."""
    pen.write(ej.RollCall(lesson="a14", absent={"p-1": "Н"}))
    pen.write(ej.RollCall(lesson="e14", absent={"p-1": "Б"}), by="t-2")
    pen.write(ej.RollCall(lesson="f14"), by="t-3")

    assert [] == found(pen, facts, regulation)


def test_who_is_missing_between_two_lessons_came_and_went(pen, facts, regulation):
    """There at the first and the last lesson, and not at the one between."""
    pen.write(ej.RollCall(lesson="a14"))
    pen.write(ej.RollCall(lesson="f14", absent={"p-3": "Н"}), by="t-3")
    pen.write(ej.RollCall(lesson="m14"), by="t-3")

    assert [("came and went", "p-3", ("f14",), ("Н",))] == found(pen, facts, regulation)


def test_nobody_is_at_two_lessons_at_once(pen, facts, regulation):
    """An individual plan and the class at the same hour: present at both."""
    pen.write(ej.RollCall(lesson="a14"))
    pen.write(ej.RollCall(lesson="i14"), by="t-3")

    assert ("two places", "p-3", ("a14", "i14"), ()) in found(pen, facts, regulation)


def test_one_day_has_one_kind_of_reason(pen, facts, regulation):
    """Ill at one lesson and playing truant at the next."""
    pen.write(ej.RollCall(lesson="a14", absent={"p-1": "Б"}))
    pen.write(ej.RollCall(lesson="e14", absent={"p-1": "НП"}), by="t-2")

    assert [("two reasons", "p-1", ("a14", "e14"), ("Б", "НП"))] == found(pen, facts, regulation)


def test_an_excuse_and_roll_calls_are_compared(pen, facts, regulation):
    """Excused and there all the same; excused and still marked as without a reason."""
    pen.write(excuse("p-1", until=TUESDAY), by="t-2", role="homeroom")
    pen.write(ej.RollCall(lesson="a14"))
    pen.write(ej.RollCall(lesson="e14", absent={"p-1": "НП"}), by="t-2")

    assert [
        ("excused but present", "p-1", ("a14",), ("Б",)),
        ("excuse without absence code", "p-1", ("e14",), ("Б", "НП")),
    ] == found(pen, facts, regulation)


def test_nobody_is_later_than_the_lesson_is_long(pen, facts, regulation):
    """46 minutes late at a lesson of 45: that is an absence."""
    pen.write(ej.RollCall(lesson="a14", absent={"p-1": ej.Absence("ОП", 45)}))
    assert [] == found(pen, facts, regulation)

    pen.write(ej.RollCall(lesson="a15", absent={"p-1": ej.Absence("ОП", 46)}))
    assert [("late beyond the lesson", "p-1", ("a15",), ("ОП",))] == found(pen, facts, regulation)


def test_only_the_days_asked_for_are_looked_at(pen, facts, regulation):
    """The stretch is half-open."""
    pen.write(ej.RollCall(lesson="a15", absent={"p-1": ej.Absence("ОП", 60)}))

    assert [] == found(pen, facts, regulation, days=(MONDAY, TUESDAY))
    assert 1 == len(found(pen, facts, regulation, days=(TUESDAY, date(2026, 9, 16))))
    assert "late beyond the lesson" in KINDS


def test_the_books_of_a_day_are_those_of_every_lesson_of_the_pupils(facts):
    """Class, subgroups, stream and individual plan of the day, and the class book."""
    assert (
        "class/7A/2026",
        "journal/7A-en1/eng/2026",
        "journal/7A-en2/eng/2026",
        "journal/7A/alg/2026",
        "journal/choir/mus/2026",
        "journal/plan-p3/alg/2026",
    ) == attendance_books(["7A"], facts, MONDAY)
    assert ("class/7A/2026", "journal/7A/alg/2026") == attendance_books(["7A"], facts, TUESDAY)


@pytest.mark.parametrize(
    ("absence", "cell", "page"),
    [
        (ej.Absence("ОП", 10), "p-1:ОП:10", "ОП10"),
        (ej.Absence("ОП", 10, 30), "p-1:ОП:10:30", "ОП10–30"),
        (ej.Absence("УП", left=20), "p-1:УП::20", "УП0–20"),
        (ej.Absence("Н"), "p-1:Н", "Н"),
    ],
)
def test_arrival_and_departure_are_kept_on_every_way(pen, facts, absence, cell, page):
    """Minutes of coming and leaving are on the page, and in the CSV set there and back."""
    pen.write(ej.RollCall(lesson="a14", absent={"p-1": absence}))
    called = pen["journal/7A/alg/2026"].roll("lesson:a14")

    assert cell == shown_absentees(called.values["absent"])
    assert {"p-1": absence} == absentees(cell)
    assert page == {
        pupil: cell_text(cell_of([one]))
        for pupil, one in absences_of(called, pen["journal/7A/alg/2026"])
    }.get("p-1")


@pytest.mark.parametrize(
    ("late", "left", "found"), [(10, 10, "10"), (-1, None, "-1"), (None, 1440, "1440")]
)
def test_impossible_minutes_are_refused(late, left, found):
    """Nobody leaves before coming; minutes are those of one day."""
    with pytest.raises(BadInput, match=found):
        ej.Absence("ОП", late, left)
