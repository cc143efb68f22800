"""Every way to measure, at its own border; and the faults of limits, each with its path."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import edujournal as ej
from edujournal.errors import BadRegulation
from edujournal.rules.explaining import explain
from edujournal.rules.loading import load
from edujournal.views.regulation_text import regulation_page
from edujournal.views.speaking import Speaker
from tests.limits.conftest import WORDS, regulation_of

BY = {"anchor": "period.end", "snap": "end_of_day"}
AFTER = datetime(2026, 11, 1, tzinfo=UTC)
LESSONS = ("a14", "a15", "a16", "a17", "a18")


def give(journals, clock, values, kind="oral", lessons=LESSONS):
    """Marks of p-1, one a lesson."""
    for lesson, value in zip(lessons, values, strict=False):
        clock.set(datetime(2026, 9, int(lesson[1:]), 6, 10, tzinfo=UTC))
        journals.record(ej.Mark(lesson=lesson, pupil="p-1", kind=kind, value=value), by="t")


def asked(journals, code="too-few", pupil="p-1", about="period:q1"):
    """Outcomes of the floor in an audit after the quarter."""
    return [
        (str(one.outcome), one.why["found"])
        for one in journals.audit(AFTER, everything=True, books=["journal/7A/alg/2026"])
        if one.code == code and one.about == about and one.pupil == pupil
    ]


@pytest.mark.parametrize(
    ("take", "field", "values", "least", "outcome", "found"),
    [
        ("count", "", [5, 4], 2, "met", "2"),
        ("count", "", [5, 4], 3, "missing", "2"),
        ("sum", "value", [5, 4], 9, "met", "9"),
        ("sum", "value", [5, 4], 10, "missing", "9"),
        ("mean", "value", [5, 4], "4.5", "met", "4.5"),
        ("mean", "value", [5, 4], "4.51", "missing", "4.5"),
        ("min", "value", [5, 3], 3, "met", "3"),
        ("min", "value", [5, 3], 4, "missing", "3"),
        ("max", "value", [5, 3], 5, "met", "5"),
        ("max", "value", [4, 3], 5, "missing", "4"),
        ("distinct", "value", [5, 4, 5], 2, "met", "2"),
        ("distinct", "kind", [5, 4, 5], 2, "missing", "1"),
        ("distinct", "day", [5, 4, 5], 3, "met", "3"),
    ],
)
def test_what_is_taken(opened, limit, take, field, values, least, outcome, found):
    """A floor is reached at its own value and not below it, whatever is taken."""
    journals, clock = opened(limit(take=take, field=field, at_least=least, by=BY))
    give(journals, clock, values)

    assert [(outcome, found)] == asked(journals)


@pytest.mark.parametrize("take", ["mean", "min", "max"])
def test_nothing_falls_short_of_a_mean(opened, limit, take):
    """Where there is nothing of which a mean, a least or a greatest is taken, nothing is asked."""
    journals, _ = opened(limit(take=take, field="value", at_least=3, by=BY))

    assert [] == asked(journals)


def test_weights_that_are_not_known(opened, limit):
    """A work whose points nobody gave may have any: what is known does not reach, nothing is decided."""
    rule = limit(
        record="work", per=["journal", "period"], take="sum", field="points", at_least=10, by=BY
    )
    journals, clock = opened(rule)
    clock.set(datetime(2026, 9, 10, 9, tzinfo=UTC))
    journals.record(ej.NewWork(id="w1", kind="test", lesson="a15", points=4), by="t")

    assert [("missing", "4")] == asked(journals, pupil=None)
    journals.record(ej.NewWork(id="w2", kind="test", lesson="a16"), by="t")

    assert [("undecidable", "4…")] == asked(journals, pupil=None)


def test_a_year_and_a_table_by_lessons(opened, limit):
    """The year is asked about at the last period where no period is the year; a table goes by lessons."""
    table = {"by": "lessons", "steps": [{"at": 6, "gives": 2}, {"at": 7, "gives": 9}]}
    rule = limit(
        per=["pupil", "journal", "year"],
        at_least=table,
        by={"anchor": "year.start", "snap": "end_of_day"},
    )
    journals, clock = opened(rule)
    give(journals, clock, [5, 4])

    assert [] == asked(journals)
    assert [("late", "2")] == asked(journals, about="period:q2")


def test_below_a_table_nothing_is_asked(opened, limit):
    """Where a table begins above, there is no floor."""
    table = {"by": "grade", "steps": [{"at": 8, "gives": 2}]}
    journals, _ = opened(limit(at_least=table, by=BY))

    assert [] == asked(journals)


def test_a_floor_is_due_from_its_opening_and_reminded_once_for_each_limit(opened, limit):
    """Two floors of one clause about one occasion have reminders of their own."""
    ladder = {"reminders": [{"role": "teacher", "after": "+0 days"}]}
    rules = [limit(at_least=1, by=BY), limit(at_least=2, by=BY, where={"written": True})]
    data = {"format": 1, "id": "x", "title": WORDS, "extends": "ru-school26-2023", **ladder,
            "clauses": [{"number": "X.1", "gist": WORDS, "rules": rules}]}  # fmt: skip
    journals, _ = opened()
    journals = ej.Journals(journals.store, journals.school, load(data))
    keys = [
        one.key
        for one in journals.reminders(AFTER)
        if one.finding.code == "too-few" and one.finding.pupil == "p-1"
    ]

    assert len(keys) == len(set(keys)) == 2 * 4  # in four journals
    early = [
        one for one in journals.due(at=datetime(2026, 8, 31, tzinfo=UTC)) if one.code == "too-few"
    ]
    assert [] == early


@pytest.mark.parametrize("language", ["ru", "en"])
def test_an_explanation_lists_what_was_counted(opened, limit, language):
    """The counted set, what it comes to and the bound are told, in both languages."""
    rules = [limit(at_least=3, by=BY), limit(record="work", per=["class", "day"], at_most=0)]
    journals, clock = opened(*rules)
    give(journals, clock, [5, 4])
    clock.set(datetime(2026, 9, 10, 9, tzinfo=UTC))
    journals.record(ej.NewWork(id="w1", kind="test", lesson="a15"), by="t")
    speaker, facts = Speaker(language), journals.facts()
    state = journals.state("journal/7A/alg/2026")
    told = {}
    for one in journals.audit(AFTER, everything=True, books=["journal/7A/alg/2026"]):
        if (
            one.clause == "X.1"
            and one.about in ("period:q1", "work:w1")
            and one.pupil in ("p-1", None)
        ):
            explanation = explain(one, journals.regulations[0], facts, state)
            told[one.code] = len(explanation.measured.counted)
            lines = speaker.say_explanation(explanation, facts)
            assert any(one.why["level"] in line and one.why["found"] in line for line in lines)
            assert one.why["found"] in speaker.say_finding(one, facts)

    assert {"too-few": 2, "too-many": 1} == told
    assert "X.1" in regulation_page(speaker, journals.regulations[0])


GOOD = {"kind": "limit", "record": "mark", "per": ["pupil", "journal", "period"], "at_least": 3,
        "before": "result"}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        ({"per": ["pupil", "journal", "perod"]}, ".per", "unknown bound"),
        ({"per": ["pupil", "period"]}, ".per", "journals named 0 times"),
        ({"per": ["journal", "day", "week"]}, ".per", "a stretch of time named 2 times"),
        ({"per": ["subject", "period"]}, ".per", "all journals of a subject for nobody in particular"),
        ({"per": ["pupil", "class", "lesson"], "before": None, "at_least": None, "at_most": 1}, ".per", "a lesson of several journals"),
        ({"record": "topic", "per": ["journal", "work"], "before": None, "at_least": None, "at_most": 1}, ".per", "a topic of a work"),
        ({"record": "result", "per": ["journal", "lesson"], "before": None, "at_least": None, "at_most": 1}, ".per", "a result of a lesson"),
        ({"record": "waiver"}, ".record", "unknown kind of record about a lesson, a work or a period"),
        ({"take": "cout"}, ".take", "unknown way to measure"),
        ({"take": "sum"}, ".field", "unknown field for sum"),
        ({"field": "value"}, ".field", "a field that count does not read"),
        ({"each": "preset"}, ".each", "unknown set"),
        ({"each": "present"}, ".each", "presence at no lesson"),
        ({"each": "whole", "per": ["journal", "period"]}, ".each", "pupils of whom nothing is asked"),
        ({"unit": "weeks"}, ".unit", "unknown unit of a gap"),
        ({"where": {"writen": True}}, ".where.writen", "unknown feature"),
        ({"where": {"work_kind": "quizz"}}, ".where.work_kind", "unknown kind of work"),
        ({"instead_of": "9.9"}, ".instead_of", "unknown clause"),
        ({"at_least": None}, "", "a limit without a level"),
        ({"at_least": None, "at_most": 4}, ".before", "nothing to wait for"),
        ({"at_most": 2}, "", "a floor above the ceiling"),
        ({"at_least": 0}, ".at_least", "a floor that is always reached"),
        ({"at_most": -1, "at_least": None, "before": None}, ".at_most", "a ceiling that is always broken"),
        ({"before": None}, "", "a floor that is never asked for"),
        ({"before": "waiver"}, ".before", "unknown kind of record about a lesson, a work or a period"),
        ({"before": "topic"}, ".before", "unknown kind of record of a pupil"),
        ({"per": ["pupil", "journal", "lesson"]}, ".before", "a result before which a lesson is counted"),
        ({"opens": BY}, ".opens", "an opening of nothing"),
        ({"by": {"anchor": "period.end"}}, ".by", "a day where an instant is needed"),
        ({"by": {"anchor": "day", "shift": "+2 hours"}}, ".by", "minutes counted from a day"),
        ({"by": BY, "per": ["pupil", "journal", "week"]}, ".by", "a floor that no occasion asks for"),
        ({"take": "share", "at_least": 30}, ".per", "a share of one pupil"),
        ({"take": "share", "record": "topic", "per": ["journal", "period"]}, ".record", "unknown kind of record of a pupil"),
        ({"take": "share", "at_least": 101, "per": ["journal", "period"]}, ".at_least", "a share of more than all"),
        ({"take": "share", "at_most": 100, "at_least": None, "before": None, "per": ["journal", "period"]}, ".at_most", "a share that is never more"),
        ({"take": "gap"}, ".before", "what a gap does not have"),
        ({"take": "gap", "before": None, "per": ["journal", "day"]}, ".per", "a gap of days within one day"),
        ({"at_least": {"by": "weekly_hour", "steps": [{"at": 1, "gives": 1}]}}, ".at_least.by", "unknown thing a table goes by"),
        ({"at_least": {"by": "grade", "steps": []}}, ".at_least.steps", "an empty table"),
        ({"at_least": {"by": "grade", "steps": [{"at": 1, "gives": "many"}]}}, ".at_least.steps[0].gives", "not an exact number"),
        ({"at_least": {"by": "grade", "steps": [{"at": 2, "gives": 1}, {"at": 1, "gives": 2}]}}, ".at_least.steps[1].at", "rows out of order"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_path(change, where, what):
    """Each fault of a limit is named at its own field."""
    rule = {name: value for name, value in (GOOD | change).items() if value is not None}
    with pytest.raises(BadRegulation) as caught:
        regulation_of(rule)
    found = [(one.where.rpartition("rules[0]")[2], one.what) for one in caught.value.problems]

    assert (where, what) in found


def test_limits_that_contradict_each_other():
    """Of two limits on one measure neither of which is narrower, and of a floor above a ceiling, one is told."""
    with pytest.raises(BadRegulation, match="neither is the narrower"):
        regulation_of(GOOD, GOOD | {"at_least": 4})
    with pytest.raises(BadRegulation, match="above the ceiling of another clause"):
        regulation_of(GOOD, {**{n: GOOD[n] for n in ("kind", "record", "per")}, "at_most": 2})
    regulation_of(GOOD, GOOD | {"at_least": 4, "when": {"grade": 7}})
    regulation_of(GOOD | {"when": {"grade": 6}}, GOOD | {"at_least": 4, "when": {"grade": 7}})
