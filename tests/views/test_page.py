"""The page of a journal: pupils × lessons, with the fate of every entry."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve

import edujournal as ej
from edujournal.errors import Unknown
from edujournal.ledger.books import BookState
from edujournal.views.cells import cell_text
from edujournal.views.page import page

BOOK = "journal/7A/alg/2026"
JOURNAL = "7A/alg/2026"


@pytest.fixture
def view(pen, facts):
    """Gives the page of algebra in 7A as the pen has left it."""
    return lambda since=None, until=None: page(JOURNAL, pen[BOOK], facts, since, until)


def test_things_in_a_cell_do_not_hide_each_other(pen, view):
    """Two marks, a marker, an absence, a make-up and a remark stand side by side with their entries."""
    pen.write(ej.RollCall(lesson="a15", absent={"p-1": ej.Absence("ОП", 7)}))
    pen.write(ej.Mark(lesson="a15", pupil="p-1", kind="oral", value=5))
    pen.write(ej.Mark(lesson="a15", pupil="p-1", kind="test", value=3, comment="торопился"))
    pen.write(ej.Marker(lesson="a15", pupil="p-1", code="точка", ground="нет тетради"))
    pen.write(ej.MakeUp(lesson="a15", pupil="p-1", value=4, protocol="12", held=date(2026, 9, 20), examiners=["t-2"]))  # fmt: skip
    pen.write(ej.Comment(lesson="a15", pupil="p-1", comment="активен"))
    cell = view().cell("p-1", "lesson:a15")

    assert "5 3 точка 4/ОП7" == cell_text(cell)
    assert (1, 2, 3, 4, 5, 6) == cell.entries
    assert ["oral", "test"] == [mark.kind for mark in cell.marks]
    assert "торопился" == cell.marks[1].comment
    assert "нет тетради" == cell.markers[0].ground
    assert ("12", date(2026, 9, 20), ("t-2",)) == (
        cell.makeups[0].protocol, cell.makeups[0].held, cell.makeups[0].examiners,
    )  # fmt: skip
    assert "активен" == cell.comments[0].comment
    assert 7 == cell.absence.late
    assert {"t-1"} == {source.by for source in cell.sources()}


def test_a_correction_shows_in_the_value_and_in_its_number(pen, view):
    """The cell reads as corrected, and names the correction; the entry keeps its number."""
    pen.write(ej.Mark(lesson="a15", pupil="p-1", kind="oral", value=5))
    pen.write(ej.Correction(journal=JOURNAL, entry=1, values={"value": 4}, reason="описка"))
    (mark,) = view().cell("p-1", "lesson:a15").marks

    assert (4, 1, (2,), True) == (
        mark.value, mark.source.entry, mark.source.corrected, mark.source.stands,
    )  # fmt: skip


def test_an_annulled_mark_stays_in_sight_and_out_of_the_text(pen, view):
    """Annulled is neither gone nor counted."""
    pen.write(ej.Mark(lesson="a15", pupil="p-1", kind="oral", value=5))
    pen.write(ej.Annulment(journal=JOURNAL, entry=1, reason="не тот ученик"))
    cell = view().cell("p-1", "lesson:a15")

    assert (5, 2, False) == (
        cell.marks[0].value, cell.marks[0].source.annulled, cell.marks[0].source.void,
    )  # fmt: skip
    assert "" == cell_text(cell)


def test_what_a_declined_substitute_wrote_is_void(pen, view):
    """Declining voids the entries of the substitute at that lesson, and those of nobody else."""
    pen.write(ej.Substitution(lesson="a15", teacher="t-3"), by="t-3", role="substitute")
    pen.write(ej.Mark(lesson="a15", pupil="p-1", kind="oral", value=5), by="t-3", role="substitute")
    pen.write(ej.Mark(lesson="a15", pupil="p-2", kind="oral", value=4))
    assert "5" == cell_text(view().cell("p-1", "lesson:a15"))
    assert (None, None) == (
        view().column("lesson:a15").substitutions[0].answer,
        view().column("lesson:a15").substitutions[0].answered,
    )

    pen.write(ej.Confirmation(lesson="a15", entry=1, accept=False), by="head", role="head")
    void = view().cell("p-1", "lesson:a15").marks[0].source

    assert (True, None, False) == (void.void, void.annulled, void.stands)
    assert "" == cell_text(view().cell("p-1", "lesson:a15"))
    assert "4" == cell_text(view().cell("p-2", "lesson:a15"))
    assert (False, 4) == (
        view().column("lesson:a15").substitutions[0].answer,
        view().column("lesson:a15").substitutions[0].answered,
    )


def test_a_roll_without_absentees_is_not_a_roll_not_taken(pen, view):
    """Taken with nobody missing, and not taken, are told apart for each lesson."""
    pen.write(ej.RollCall(lesson="a14"))
    taken, missing = view().column("lesson:a14"), view().column("lesson:a15")

    assert (0, 1) == (taken.roll.absent, taken.roll.source.entry)
    assert missing.roll is None


def test_a_corrected_roll_is_corrected_for_those_it_names(pen, view):
    """An absentee taken off is off; a changed reason is marked as changed, an untouched one is not."""
    pen.write(ej.RollCall(lesson="a15", absent={"p-1": "Н", "p-2": "Н", "p-3": "Б"}))
    pen.write(
        ej.Correction(journal=JOURNAL, entry=1, values={"absent": {"p-1": None, "p-2": "УП"}})
    )
    one, two, three = (view().cell(pupil, "lesson:a15") for pupil in ("p-1", "p-2", "p-3"))

    assert one.absence is None
    assert ("УП", (2,)) == (two.absence.code, two.absence.source.corrected)
    assert ("Б", ()) == (three.absence.code, three.absence.source.corrected)
    assert 2 == view().column("lesson:a15").roll.absent


def test_an_annulled_roll_gives_its_place_to_the_next(pen, view):
    """After annulling the first roll call the second one counts; both are shown above the cells."""
    pen.write(ej.RollCall(lesson="a15", absent={"p-1": "Н"}))
    pen.write(ej.Annulment(journal=JOURNAL, entry=1))
    pen.write(ej.RollCall(lesson="a15", absent={"p-3": "Б"}))
    column = view().column("lesson:a15")

    assert [False, True] == [roll.source.stands for roll in column.rolls]
    assert 3 == column.roll.source.entry
    assert view().cell("p-1", "lesson:a15").absence is None
    assert "Б" == view().cell("p-3", "lesson:a15").absence.code


def test_those_who_joined_and_left_are_shown_with_their_days(view):
    """Everyone who belonged to the class for a day of the page has a row, and cells know the day."""
    rows = {row.pupil: row for row in view().rows}

    assert ["p-1", "p-2", "p-3", "p-10"] == list(rows)
    assert (date(2026, 9, 15), None) == (rows["p-2"].joined, rows["p-2"].left)
    assert (None, date(2026, 9, 15)) == (rows["p-10"].joined, rows["p-10"].left)
    assert [False, True] == [
        view().cell("p-2", name).member for name in ("lesson:a14", "lesson:a15")
    ]
    assert [True, False] == [
        view().cell("p-10", name).member for name in ("lesson:a14", "lesson:a15")
    ]


def test_who_left_before_the_page_is_not_on_it(view):
    """A page of later days has no row for a pupil who had left on its first day."""
    assert "p-10" in [row.pupil for row in view(until=date(2026, 9, 15)).rows]
    assert "p-10" not in [row.pupil for row in view(since=date(2026, 9, 15)).rows]


def test_a_pupil_with_an_entry_keeps_a_row(pen, view):
    """The school's data may lose a pupil; the book does not, and the page shows it."""
    pen.write(ej.Mark(lesson="a15", pupil="p-99", kind="oral", value=5))
    row = view().row("p-99")

    assert ((), None, None) == (row.spans, row.joined, row.left)
    assert False is view().cell("p-99", "lesson:a15").member


def test_cancelled_and_moved_lessons_say_so(view):
    """A cancelled lesson keeps its column; a moved one stands on its new day and names the old one."""
    assert ["a14", "a15", "a17", "a18", "a21"] == [
        column.lesson.id for column in view().columns if column.kind == "lesson"
    ]
    assert [False, False, False, True, False] == [
        column.cancelled for column in view().columns if column.kind == "lesson"
    ]
    assert (date(2026, 9, 17), date(2026, 9, 16), 1) == (
        view().column("lesson:a17").day,
        view().column("lesson:a17").moved_from,
        view().column("lesson:a17").slot,
    )
    assert view().column("lesson:a14").moved_from is None


def test_topics_and_homework_stand_above_the_cells(pen, view):
    """Topic, plan, tasks with nature and day; "none set" is not the same as nothing recorded."""
    pen.write(ej.Topic(lesson="a14", topic="Степени", plan="14"))
    pen.write(ej.Homework(lesson="a14", task="№ 5", nature="письменно", due=date(2026, 9, 17)))
    pen.write(ej.Homework(lesson="a15", none_set=True))
    monday, tuesday = view().column("lesson:a14"), view().column("lesson:a15")

    assert ("Степени", "14") == (monday.topic.topic, monday.topic.plan)
    assert ("№ 5", "письменно", date(2026, 9, 17), False) == (
        monday.tasks[0].task, monday.tasks[0].nature, monday.tasks[0].due, monday.tasks[0].none_set,
    )  # fmt: skip
    assert (None, True) == (tuesday.tasks[0].task, tuesday.tasks[0].none_set)
    assert () == view().column("lesson:a17").tasks


def test_marks_of_a_work_held_at_a_lesson_stand_there(pen, view):
    """A work of a lesson has no column of its own; its kind is the kind of its marks."""
    pen.write(ej.NewWork(id="w1", kind="control", lesson="a15", title="Степени"))
    pen.write(ej.Mark(journal=JOURNAL, work="w1", pupil="p-1", value=4))
    cell = view().cell("p-1", "lesson:a15")

    assert ("w1", "control", 4) == (cell.marks[0].work, cell.marks[0].kind, cell.marks[0].value)
    assert "Степени" == view().column("lesson:a15").works[0].title
    assert [] == [column for column in view().columns if column.kind == "work"]


def test_works_without_a_lesson_follow_the_lessons(pen, view):
    """In the order of their days, then the undated; results come last."""
    pen.write(ej.NewWork(id="later", kind="essay", held=date(2026, 9, 16), journal=JOURNAL))
    pen.write(ej.NewWork(id="undated", kind="essay", journal=JOURNAL))
    pen.write(ej.NewWork(id="first", kind="essay", due=date(2026, 9, 2), journal=JOURNAL))
    pen.write(ej.Mark(journal=JOURNAL, work="undated", pupil="p-1", value=2))
    pen.write(ej.PeriodResult(journal=JOURNAL, period="q1", pupil="p-1", value=4))
    names = [column.name for column in view().columns]

    assert [
        "work:first", "work:later", "work:undated",
        "period:q1/period", "period:q2/period", "period:y/year",
    ] == names[5:]  # fmt: skip
    assert None is view().cell("p-1", "work:undated").member
    assert "4" == cell_text(view().cell("p-1", "period:q1/period"))


def test_a_work_that_was_taken_back_keeps_its_marks(pen, view):
    """Annulling a declaration loses no mark that was given for it."""
    pen.write(ej.NewWork(id="w1", kind="essay", held=date(2026, 9, 16), journal=JOURNAL))
    pen.write(ej.Mark(journal=JOURNAL, work="w1", pupil="p-1", value=4))
    pen.write(ej.Annulment(journal=JOURNAL, entry=1))
    column = view().column("work:w1")

    assert (None, None) == (column.work, column.day)
    assert "4" == cell_text(view().cell("p-1", "work:w1"))


def test_a_window_of_days_cuts_columns_and_nothing_undated(pen, view):
    """Columns of other days are left out; what has no day is on every page."""
    pen.write(ej.Mark(lesson="a14", pupil="p-1", kind="oral", value=5))
    pen.write(ej.NewWork(id="undated", kind="essay", journal=JOURNAL))
    names = [column.name for column in view(date(2026, 9, 15), date(2026, 9, 18)).columns]

    assert ["lesson:a15", "lesson:a17", "work:undated"] == names


def test_a_lesson_that_the_school_lost_is_not_lost_here(pen, facts):
    """Entries of a lesson that was deleted from the timetable still have a column."""
    pen.write(ej.Mark(lesson="a14", pupil="p-1", kind="oral", value=5))
    pen.write(ej.RollCall(lesson="a14", absent={"p-3": "Н"}))
    lost = evolve(facts, lessons=[one for one in facts.lessons if one.id != "a14"])
    view = page(JOURNAL, pen[BOOK], lost, date(2026, 9, 15), date(2026, 9, 16))

    assert ["lesson:a15", "lesson:a14"] == [column.name for column in view.columns]
    assert (None, None, False, None) == (
        view.column("lesson:a14").lesson,
        view.column("lesson:a14").day,
        view.column("lesson:a14").cancelled,
        view.column("lesson:a14").slot,
    )
    assert (1, 2) == view.entries


def test_an_erased_text_is_no_text(pen, view):
    """Where a text was erased the entry stays and says nothing of it."""
    pen.write(ej.Topic(lesson="a14", topic="Степени"))
    state = pen[BOOK]
    state.entries[0] = evolve(state.entries[0], texts={"topic": None})

    assert (None, 1) == (
        view().column("lesson:a14").topic.topic,
        view().column("lesson:a14").topic.source.entry,
    )


def test_a_page_names_the_state_it_shows(pen, view, facts):
    """Number and hash of the last entry say which state of the book was printed."""
    pen.write(ej.RollCall(lesson="a14"))
    last = pen.write(ej.RollCall(lesson="a15"))

    assert (2, last.hash) == (view().number, view().hash)
    assert (date(2026, 9, 1), date(2027, 6, 1)) == (view().since, view().until)
    assert 0 == page(JOURNAL, BookState(BOOK), facts).number


def test_a_plan_of_one_pupil_has_that_pupil(facts):
    """An individual plan without membership rows belongs to its pupil."""
    rows = page("plan-p3/alg/2026", BookState("journal/plan-p3/alg/2026"), facts).rows

    assert ["p-3"] == [row.pupil for row in rows]
    assert rows[0].cells[0].member


@pytest.mark.parametrize(
    ("pupil", "name"), [("p-11", "lesson:a14"), ("p-1", "lesson:a41")], ids=["pupil", "column"]
)
def test_what_is_not_on_the_page_is_said_to_be_unknown(view, pupil, name):
    """Asking for a row or column that is not there names the nearest one."""
    with pytest.raises(Unknown, match="Did you mean"):
        view().cell(pupil, name)


def test_an_unknown_year_or_group_is_refused(facts):
    """A page of nothing is not an empty page."""
    with pytest.raises(Unknown, match="academic year"):
        page("7A/alg/2027", BookState("journal/7A/alg/2027"), facts)
    with pytest.raises(Unknown, match="group"):
        page("7Ж/alg/2026", BookState("journal/7Ж/alg/2026"), facts)
