"""Why a marker is overdue: its clause, and its term evaluated step by step, in both languages."""

from __future__ import annotations

from datetime import date

import pytest

import edujournal as ej
from edujournal.rules.explaining import explain
from edujournal.views.speaking import Speaker

BOOK = "journal/7A/alg/2026"
INH = ej.Marker(lesson="l1", pupil="p-1", code="INH")


def explained(desk, at, code):
    """The explanation of the one finding of a code."""
    (finding,) = [
        one
        for one in desk.journals.audit(desk.moment(at), everything=True)
        if one.code == code and one.clause == "M.2"
    ]
    state = desk.journals.state(BOOK)
    return explain(finding, desk.regulation, desk.journals.facts(), state)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("the marker INH is not cleared", "The term of the marker ends:",
                "plus 10 school days", "How to mend: Record what clears it")),
        ("ru", ("особая отметка «INH» не снята", "Срок особой отметки истекает:",
                "плюс 10 учебных дней", "Как исправить: Внесите то, что её снимает")),
    ],
)  # fmt: skip
def test_a_term_is_explained_step_by_step(desk, language, words):
    """The anchor, ten school days, the end of the day: the very steps that the audit took."""
    desk.write("2026-09-15 09:10", INH)
    found = explained(desk, "2026-10-01 00:00", "uncleared")
    (bound,) = found.locks
    assert desk.moment("2026-09-30 00:00") == bound.value
    lines = "\n".join(Speaker(language).say_explanation(found, desk.journals.facts()))
    assert [] == [one for one in words if one not in lines]


def test_what_time_made_is_explained_by_the_term_of_its_marker(desk):
    """Anybody can work it out again."""
    desk.write("2026-09-15 09:10", INH)
    desk.tick("2026-10-05 03:00")
    (bound,) = explained(desk, "2026-10-05 03:00", "not-by-time").locks
    assert desk.moment("2026-09-30 00:00") == bound.value


def test_a_debt_has_no_term_to_explain(desk):
    """The day is the entry's own: there are no steps."""
    draft = ej.Marker(lesson="l1", pupil="p-1", code="точка", until=date(2026, 9, 22))
    desk.write("2026-09-15 09:10", draft)
    (finding,) = [
        one
        for one in desk.journals.audit(desk.moment("2026-10-01 00:00"))
        if one.code == "uncleared"
    ]
    state = desk.journals.state(BOOK)
    assert () == explain(finding, desk.regulation, desk.journals.facts(), state).locks


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-09-16 00:00", "the marker INH is not cleared yet"),
        ("2026-10-01 00:00", "the marker INH is not cleared, window"),
    ],
)
def test_a_marker_that_waits_is_said_with_its_end(desk, at, words):
    """In one line: what, until when, who owes it."""
    desk.write("2026-09-15 09:10", INH)
    (finding,) = [one for one in desk.journals.due("t", desk.moment(at)) if one.code == "uncleared"]
    line = Speaker("en").say_finding(finding, desk.journals.facts(), desk.regulation)
    assert words in line
    assert "owed by t" in line


def test_one_that_was_cleared_late_says_by_how_much(desk):
    """The moment of what cleared it, and the lateness."""
    draft = ej.Marker(lesson="l1", pupil="p-1", code="точка", until=date(2026, 9, 22))
    desk.write("2026-09-15 09:10", draft)
    desk.write("2026-09-22 12:00", ej.Mark(lesson="l1", pupil="p-1", kind="oral", value=3))
    (finding,) = [
        one
        for one in desk.journals.audit(desk.moment("2026-10-01 00:00"))
        if one.code == "uncleared"
    ]
    line = Speaker("en").say_finding(finding, desk.journals.facts(), desk.regulation)
    assert "the marker точка is cleared, recorded" in line
    assert "12 hours late" in line


def test_an_unknown_term_is_said_to_be_unknown(new_desk):
    """What is not known is named: the setting that the school has not given."""
    desk = new_desk()
    desk.write("2026-09-15 09:10", ej.Marker(lesson="l1", pupil="p-1", code="I"))
    (finding,) = [
        one
        for one in desk.journals.audit(desk.moment("2026-10-01 00:00"))
        if one.code == "uncleared"
    ]
    line = Speaker("en").say_finding(finding, desk.journals.facts(), desk.regulation)
    assert "cannot be decided, not known: the school's setting incomplete_days" in line
