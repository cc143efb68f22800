"""The summary sheet: every pupil, every subject, every period; what is missing is said to be."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve

import edujournal as ej
from edujournal.audits.exact import owed
from edujournal.errors import Unknown
from edujournal.ledger.books import BookState
from edujournal.model.people import Membership
from edujournal.rules.judging import Judge
from edujournal.rules.verdicts import Outcome
from edujournal.views.sheet import sheet, sheet_books, sheet_text

ALG, ENG1, ENG2 = "7A/alg/2026", "7A-en1/eng/2026", "7A-en2/eng/2026"


@pytest.fixture
def view(pen, facts):
    """Gives the sheet of 7A as the pen has left it."""
    return lambda of=facts: sheet("7A", pen.states, of, of.calendars[0])


def test_columns_are_subject_by_subject_period_by_period(view):
    """Subjects in the calendar's order; in each the quarters and then the year."""
    assert ("alg", "eng", "mus") == view().subjects
    assert [("q1", "period"), ("q2", "period"), ("y", "year")] * 3 == [
        (column.period, column.stage) for column in view().columns
    ]
    assert ["p-1", "p-2", "p-3", "p-10"] == [row.pupil for row in view().rows]


def test_results_of_all_groups_come_together(pen, view):
    """A subgroup's result stands in the class's sheet, under the subject."""
    pen.write(ej.PeriodResult(journal=ALG, period="q1", pupil="p-1", value=5))
    pen.write(ej.PeriodResult(journal=ENG1, period="q1", pupil="p-1", marker="осв"))
    pen.write(ej.PeriodResult(journal=ENG2, period="q1", pupil="p-2", value=3))
    found = view()

    assert ["5", "осв", "3"] == [
        sheet_text(found.cell(*place))
        for place in (("p-1", "alg", "q1"), ("p-1", "eng", "q1"), ("p-2", "eng", "q1"))
    ]
    assert (None, "осв", 1) == (
        found.cell("p-1", "eng", "q1").result.value,
        found.cell("p-1", "eng", "q1").result.marker,
        found.cell("p-1", "eng", "q1").result.source.entry,
    )


def test_what_is_missing_is_none_and_owed(view):
    """Nobody's result is invented: owed and not there, or not owed at all."""
    found = view()

    assert (None, True, True, "?") == (
        found.cell("p-1", "alg", "q1").result,
        found.cell("p-1", "alg", "q1").owed,
        found.cell("p-1", "alg", "q1").missing,
        sheet_text(found.cell("p-1", "alg", "q1")),
    )
    assert (False, "") == (
        found.cell("p-10", "alg", "q1").missing,
        sheet_text(found.cell("p-10", "alg", "q1")),
    )
    assert not found.cell("p-1", "mus", "q1").owed
    # Three pupils in algebra, three in English, one in the choir; two quarters and the year.
    assert 3 * 3 + 3 * 3 + 1 * 3 == found.missing


def test_an_annulled_result_is_missing_again(pen, view):
    """A result that was taken back leaves the gap that it had filled; a new one fills it."""
    pen.write(ej.PeriodResult(journal=ALG, period="q1", pupil="p-1", value=5))
    pen.write(ej.Annulment(journal=ALG, entry=1))
    assert view().cell("p-1", "alg", "q1").missing
    pen.write(ej.PeriodResult(journal=ALG, period="q1", pupil="p-1", value=4))
    assert "4" == sheet_text(view().cell("p-1", "alg", "q1"))


def test_a_result_counts_in_the_group_of_the_periods_end(pen, facts, view):
    """Who changed the subgroup has the result of the new one; the old one's is kept beside it."""
    moved = [one for one in facts.memberships if (one.pupil, one.group) != ("p-1", "7A-en1")]
    moved += [
        Membership("p-1", "7A-en1", until=date(2026, 10, 1)),
        Membership("p-1", "7A-en2", since=date(2026, 10, 1)),
    ]
    after = evolve(facts, memberships=moved)
    pen.write(ej.PeriodResult(journal=ENG1, period="q1", pupil="p-1", value=3))
    cell = view(after).cell("p-1", "eng", "q1")
    assert (None, True, [3]) == (cell.result, cell.missing, [one.value for one in cell.others])

    pen.write(ej.PeriodResult(journal=ENG2, period="q1", pupil="p-1", value=5))
    cell = view(after).cell("p-1", "eng", "q1")
    assert (5, [3]) == (cell.result.value, [one.value for one in cell.others])


def test_the_result_of_one_who_left_is_shown_and_not_owed(pen, view):
    """A result given before leaving stays readable."""
    pen.write(ej.PeriodResult(journal=ALG, period="q1", pupil="p-10", value=4))
    cell = view().cell("p-10", "alg", "q1")

    assert (4, False, ()) == (cell.result.value, cell.owed, cell.others)


def test_the_years_result_has_one_column_however_it_was_named(pen, view):
    """Given for the period that is the year, or at the stage "year": it is the year's result."""
    pen.write(ej.PeriodResult(journal=ALG, period="y", pupil="p-1", value=5))
    pen.write(ej.PeriodResult(journal=ALG, period="y", pupil="p-2", value=4, stage="year"))

    assert ["5", "4"] == [
        sheet_text(view().cell(pupil, "alg", "y", "year")) for pupil in ("p-1", "p-2")
    ]


def test_exams_have_columns_where_there_are_any(pen, view):
    """An exam's mark adds a column for every subject, owed by nobody."""
    pen.write(ej.PeriodResult(journal=ALG, period="y", pupil="p-1", value=5, stage="exam"))
    cell = view().cell("p-2", "alg", "y", "exam")

    assert "5" == sheet_text(view().cell("p-1", "alg", "y", "exam"))
    assert (None, False) == (cell.result, cell.owed)
    assert 4 * 3 == len(view().columns)


def test_missing_on_the_sheet_is_missing_in_the_audit(pen, facts, regulation):
    """Clause 2.8 and the sheet speak of the same pupils, subjects and periods."""
    pen.write(ej.PeriodResult(journal=ALG, period="q1", pupil="p-1", value=5))
    pen.write(ej.PeriodResult(journal=ENG2, period="q2", pupil="p-3", marker="осв"))
    found = sheet("7A", pen.states, facts, facts.calendars[0])
    missing = {
        (row.pupil, column.subject, column.period)
        for row in found.rows
        for column, cell in zip(found.columns, row.cells, strict=True)
        if cell.missing
    }
    judges = [Judge(regulation, facts)]
    audited = {
        (finding.pupil, book.split("/")[2], finding.about.removeprefix("period:"))
        for book in sheet_books("7A", facts, facts.calendars[0])
        if not book.startswith("journal/plan-")
        for finding in owed(judges, book, pen.states.get(book, BookState(book)), pen.at(30) * 2)
        if finding.clause == "2.8" and finding.outcome is Outcome.MISSING
    }

    assert audited == missing
    assert len(missing) == 3 * 3 + 3 * 3 + 1 * 3 - 2


def test_the_books_of_a_sheet_are_named(facts):
    """The class's journals, those of its subgroups and streams, and its pupils' plans."""
    assert (
        "journal/7A/alg/2026", "journal/7A-en1/eng/2026", "journal/7A-en2/eng/2026",
        "journal/choir/mus/2026", "journal/plan-p3/alg/2026",
    ) == sheet_books("7A", facts, facts.calendars[0])  # fmt: skip


@pytest.mark.parametrize("place", [("p-1", "algebra", "q1"), ("p-77", "alg", "q1")])
def test_what_is_not_on_the_sheet_is_unknown(view, place):
    """A cell outside the sheet is an error, not a gap."""
    with pytest.raises(Unknown):
        view().cell(*place)
