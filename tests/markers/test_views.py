"""Marks, markers and absences together on page, diary and sheet, by the definition that rules read."""

from __future__ import annotations

from datetime import date

import edujournal as ej
from edujournal.views.cells import cell_text, worth_of
from edujournal.views.diary import diary, diary_books
from edujournal.views.page import page
from edujournal.views.sheet import sheet, sheet_books, sheet_text

ALG = "7A/alg/2026"
BOOK = f"journal/{ALG}"
EXEMPT = ej.Marker(
    journal=ALG, pupil="p-1", code="EX", since=date(2026, 9, 1), until=date(2026, 9, 16),
    ground="certificate 14",
)  # fmt: skip


def page_of(desk):
    """The page of algebra, of the whole year."""
    return page(ALG, desk.journals.state(BOOK), desk.journals.facts())


def week_of(desk, day):
    """The pupil's diary of the week of a day."""
    facts = desk.journals.facts()
    states = {book: desk.journals.state(book) for book in diary_books("p-1", facts)}
    return diary("p-1", states, facts, day, [desk.regulation])


def sheet_of(desk, *, regulated=True):
    """The sheet of the class."""
    facts = desk.journals.facts()
    calendar = facts.calendar("2026")
    states = {book: desk.journals.state(book) for book in sheet_books("7A", facts, calendar)}
    return sheet("7A", states, facts, calendar, [desk.regulation] if regulated else [])


def text(desk, cell, form="page"):
    """How a cell is written under the regulation."""
    return cell_text(cell, [desk.regulation], form)


def test_mark_marker_and_absence_stand_together(desk):
    """B5: all three in one cell, each as it is printed; none hides another."""
    desk.write("2026-09-15 09:10", ej.RollCall(lesson="l1", absent={"p-1": ej.Absence("ОП", 10)}))
    desk.write("2026-09-15 09:11", ej.Mark(lesson="l1", pupil="p-1", kind="oral", value=5))
    desk.write("2026-09-15 09:12", ej.Marker(lesson="l1", pupil="p-1", code="точка"))
    cell = page_of(desk).cell("p-1", "lesson:l1")
    assert ("5 •/ОП10", "5 долг/ОП10") == (text(desk, cell), text(desk, cell, "diary"))
    assert "5 точка/ОП10" == cell_text(cell)
    found = worth_of(cell, desk.regulation)
    assert ([5], True, 1) == ([n for _, n in found.numbers], found.filled, len(found.debts))


def test_a_debt_gives_way_on_the_page(desk):
    """What a mark has cleared is not written any more, though its entry stays in the cell."""
    desk.write("2026-09-15 09:12", ej.Marker(lesson="l1", pupil="p-1", code="точка"))
    before = page_of(desk).cell("p-1", "lesson:l1")
    desk.write("2026-09-15 09:13", ej.Mark(lesson="l1", pupil="p-1", kind="oral", value=5))
    after = page_of(desk).cell("p-1", "lesson:l1")
    assert ("•", "5") == (text(desk, before), text(desk, after))
    assert (1, 2) == after.entries


def test_an_ended_marker_gives_way_to_what_time_made(desk):
    """The cell shows what time made of it, and the source says so."""
    desk.write("2026-09-15 09:10", ej.Marker(lesson="l1", pupil="p-1", code="INH"))
    desk.tick("2026-10-01 00:00")
    cell = page_of(desk).cell("p-1", "lesson:l1")
    assert "1" == text(desk, cell)
    (mark,) = cell.marks
    assert (1, desk.moment("2026-09-30 00:00")) == (mark.source.made_of, mark.source.since)


def test_a_marker_for_the_subject_is_beside_the_name_and_in_the_cells_it_reaches(desk):
    """It reaches the lesson inside its days, not the next one; its entry is shown once, in the row."""
    desk.write("2026-09-02 09:00", EXEMPT, by="deputy")
    found = page_of(desk)
    row = found.row("p-1")
    assert ["EX"] == [one.code for one in row.markers]
    assert ["EX", ""] == [text(desk, found.cell("p-1", f"lesson:{n}")) for n in ("l1", "l2")]
    assert ((1,), ()) == (found.entries, found.cell("p-1", "lesson:l1").entries)
    assert not worth_of(found.cell("p-1", "lesson:l1"), desk.regulation).in_denominator


def test_an_annulled_one_reaches_nothing_and_stays_in_the_row(desk):
    """What was taken back is struck through where it stands."""
    number = desk.write("2026-09-02 09:00", EXEMPT, by="deputy").number
    desk.write("2026-09-02 09:01", ej.Annulment(journal=ALG, entry=number), by="deputy")
    found = page_of(desk)
    assert [False] == [one.source.stands for one in found.row("p-1").markers]
    assert "" == text(desk, found.cell("p-1", "lesson:l1"))


def test_the_diary_shows_them_as_the_page_does(desk):
    """At the lesson, and once for the week."""
    desk.write("2026-09-02 09:00", EXEMPT, by="deputy")
    week = week_of(desk, date(2026, 9, 15))
    lessons = {one.lesson.id: one.cell for day in week.days for one in day.lessons}
    assert {"l1": "EX", "l2": ""} == {id: text(desk, one, "diary") for id, one in lessons.items()}
    assert [("EX", ALG)] == [(one.marker.code, str(one.journal)) for one in week.markers]
    assert () == week_of(desk, date(2026, 9, 22)).markers


def test_a_debt_with_a_day_is_in_the_diary_of_that_day(desk):
    """B3: on the last day on which it can be cleared, until it is."""
    desk.write("2026-09-15 09:10",
               ej.Marker(lesson="l1", pupil="p-1", code="точка", until=date(2026, 9, 24)))  # fmt: skip
    terms = {day.day: day.terms for day in week_of(desk, date(2026, 9, 23)).days if day.terms}
    assert [date(2026, 9, 23)] == list(terms)
    ((term,),) = terms.values()
    assert ("lesson:l1", "точка", desk.moment("2026-09-24 00:00")) == (
        term.about, term.code, term.ends,
    )  # fmt: skip
    desk.write("2026-09-22 10:00", ej.Mark(lesson="l1", pupil="p-1", kind="oral", value=4))
    assert not any(day.terms for day in week_of(desk, date(2026, 9, 23)).days)


def test_a_marker_for_a_period_stands_in_the_column_of_its_results(desk):
    """On page, diary and sheet alike."""
    desk.write("2026-10-20 12:00", ej.Marker(journal=ALG, period="q1", pupil="p-1", code="осв"))
    assert "осв" == text(desk, page_of(desk).cell("p-1", "period:q1/period"))
    days = week_of(desk, date(2026, 10, 25)).days
    assert ["осв"] == [text(desk, one.cell, "diary") for day in days for one in day.results]
    assert not any(day.works for day in days)
    cell = sheet_of(desk).cell("p-1", "alg", "q1")
    assert ("осв", False) == (sheet_text(cell, [desk.regulation]), cell.missing)


def test_a_marker_for_the_whole_subject_stands_on_the_sheet(desk):
    """It holds all through the period, so that nothing is missing there."""
    draft = ej.Marker(journal=ALG, pupil="p-1", code="EX", ground="certificate")
    desk.write("2026-09-02 09:00", draft, by="deputy")
    assert "EX" == sheet_text(sheet_of(desk).cell("p-1", "alg", "q1"), [desk.regulation])
    assert 0 == sheet_of(desk).missing


def test_one_that_ends_inside_the_period_does_not(desk):
    """The result is owed, and written as missing."""
    desk.write("2026-09-02 09:00", EXEMPT, by="deputy")
    assert "?" == sheet_text(sheet_of(desk).cell("p-1", "alg", "q1"), [desk.regulation])


def test_a_debt_is_no_result_on_the_sheet(desk):
    """It is written, and counted as missing, as clause 2.8 finds it; without a regulation nobody knows."""
    desk.write("2026-10-20 12:00",
               ej.PeriodResult(journal=ALG, period="q1", pupil="p-1", marker="точка"))  # fmt: skip
    cell = sheet_of(desk).cell("p-1", "alg", "q1")
    assert ("•", True) == (sheet_text(cell, [desk.regulation]), cell.missing)
    assert not sheet_of(desk, regulated=False).cell("p-1", "alg", "q1").missing


def test_a_result_takes_the_place_of_a_marker_on_the_sheet(desk):
    """«н/а» and then a mark: the mark counts, the marker is kept among the others."""
    desk.write("2026-10-20 12:00", ej.Marker(journal=ALG, period="q1", pupil="p-1", code="н/а"))
    desk.write("2026-10-21 12:00", ej.PeriodResult(journal=ALG, period="q1", pupil="p-1", value=4))
    cell = sheet_of(desk).cell("p-1", "alg", "q1")
    assert ("4", ["н/а"]) == (
        sheet_text(cell, [desk.regulation]), [one.marker for one in cell.others],
    )  # fmt: skip


def test_ungraded_teaching_owes_no_result(new_desk):
    """A6: where it is the way of teaching, the sheet shows it, and nothing is missing."""
    desk = new_desk(school={"lessons": {"a1": "7A art 2026-09-15 11:00-11:45"},
                            "accounts": {"a": "teaches 7A art"}})  # fmt: skip
    cell = sheet_of(desk).cell("p-1", "art", "q1")
    assert (("UNG",), False, True) == (cell.always, cell.missing, cell.owed)
    assert ("UNG", "?") == (
        sheet_text(cell, [desk.regulation]),
        sheet_text(sheet_of(desk, regulated=False).cell("p-1", "art", "q1")),
    )


def test_what_is_missing_on_the_sheet_is_what_the_audit_finds(desk):
    """Over everything that can stand for a quarter: sheet and clause 2.8 never differ."""
    pupil = "p-1"
    for n, draft in enumerate((
        ej.Marker(journal=ALG, period="q1", pupil=pupil, code="точка"),
        ej.Marker(journal=ALG, period="q1", pupil=pupil, code="I"),
        ej.Marker(journal=ALG, period="q1", pupil=pupil, code="F"),
        ej.PeriodResult(journal=ALG, period="q1", pupil=pupil, value=4),
    )):  # fmt: skip
        found = "2.8 missing missing period:q1 p-1" in list(desk.audit("2026-10-26 00:00"))
        assert found is sheet_of(desk).cell(pupil, "alg", "q1").missing
        desk.write(f"2026-10-20 12:0{n}", draft)
    assert not sheet_of(desk).cell(pupil, "alg", "q1").missing
