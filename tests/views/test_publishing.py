"""Publication: what pupils and guardians see, and from when, is the regulation's data."""

from __future__ import annotations

from datetime import date

import pytest

import edujournal as ej
from edujournal.errors import BadRegulation
from edujournal.rules.loading import structure
from edujournal.rules.publishing import Publication
from edujournal.views.diary import diary

WORDS = {"ru": "п", "en": "p"}
ALG = "7A/alg/2026"


def regulation(*rules, **more):
    """The school's regulation with rules of publication."""
    clause = {
        "number": "P",
        "gist": WORDS,
        "rules": [{"kind": "publication", **rule} for rule in rules],
    }
    return structure(
        {"id": "ours", "title": WORDS, "extends": "ru-school26-2023", "clauses": [clause], **more}
    )


REPORT = {"record": "result", "since": {"anchor": "report_day", "snap": "08:00"}}
LATER = {
    "record": "mark",
    "since": {"anchor": "entry.recorded", "shift": "+2 hours"},
    "when": {"written": True},
}


def results(pen, facts, text, at):
    """Results in the diary of the quarter's last week, as seen at a moment."""
    found = diary("p-1", pen.states, facts, date(2026, 10, 23), [text], at)
    return [one.cell.standing().results[0].value for day in found.days for one in day.results]


def test_results_are_seen_from_the_report_day_on(pen, facts):
    """A minute before eight nobody at home sees them; the teacher does, at any time."""
    pen.write(ej.PeriodResult(journal=ALG, period="q1", pupil="p-1", value=4))
    text = regulation(REPORT, given={"report_day": date(2026, 9, 25)})
    assert [] == results(pen, facts, text, pen.at(25, 7, 59))
    assert [4] == results(pen, facts, text, pen.at(25, 8, 0))
    assert [4] == results(pen, facts, text, None)


def test_a_day_that_nobody_has_given_has_not_come(pen, facts):
    """Without the report day results stay with the teachers, and lint names the setting."""
    pen.write(ej.PeriodResult(journal=ALG, period="q1", pupil="p-1", value=4))
    assert [] == results(pen, facts, regulation(REPORT), pen.at(30))


def test_what_no_rule_speaks_of_is_seen_at_once(pen, facts):
    """The school's own text publishes at once."""
    entry = pen.write(ej.Mark(lesson="a14", pupil="p-1", kind="oral", value=5))
    assert Publication([ej.load_regulation("ru-school26-2023")], facts, entry.at).shows(
        entry, pen[f"journal/{ALG}"]
    )


def test_a_rule_is_for_its_occasions_only(pen, facts):
    """Marks for written works wait two hours, oral ones do not."""
    text = regulation(LATER)
    oral = pen.write(ej.Mark(lesson="a14", pupil="p-1", kind="oral", value=5))
    essay = pen.write(ej.Mark(lesson="a14", pupil="p-1", kind="essay", value=4))
    book = pen[f"journal/{ALG}"]
    hours = 3_600_000_000
    assert Publication([text], facts, oral.at).shows(oral, book)
    assert not Publication([text], facts, essay.at + 2 * hours - 1).shows(essay, book)
    assert Publication([text], facts, essay.at + 2 * hours).shows(essay, book)
    seen = diary("p-1", pen.states, facts, date(2026, 9, 14), [text], essay.at + hours)
    (lesson,) = [one for one in seen.days[0].lessons if one.lesson.id == "a14"]
    assert [5] == [mark.value for mark in lesson.cell.marks]


def test_homework_can_wait_too(pen, facts):
    """It is shown in the diary from the evening on."""
    text = regulation({"record": "homework", "since": {"anchor": "day", "snap": "18:00"}})
    pen.write(ej.Homework(lesson="a14", task="No. 5", nature="in writing"))
    for hour, shown in ((17, 0), (18, 1)):
        found = diary("p-1", pen.states, facts, date(2026, 9, 14), [text], pen.at(14, hour))
        assert shown == sum(len(one.tasks) for day in found.days for one in day.lessons)


def test_a_regulation_not_in_force_holds_nothing_back(pen, facts):
    """It speaks of its own days only."""
    text = regulation(REPORT, in_force={"since": date(2030, 1, 1)})
    pen.write(ej.PeriodResult(journal=ALG, period="q1", pupil="p-1", value=4))
    assert [4] == results(pen, facts, text, pen.at(1))


def test_a_day_where_a_moment_is_needed_is_refused():
    """As with any bound."""
    with pytest.raises(BadRegulation, match="Add snap"):
        regulation({"record": "result", "since": {"anchor": "report_day"}})
