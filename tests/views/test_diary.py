"""The diary of a pupil: a week out of all the journals, and nothing that they do not hold."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve

import edujournal as ej
from edujournal.errors import Unknown
from edujournal.model.drafts import Excuse
from edujournal.views.cells import cell_text
from edujournal.views.diary import diary, diary_books

ALG = "7A/alg/2026"


@pytest.fixture
def week(pen, facts):
    """Gives the days of the diary of a pupil, by the number of the day in September."""

    def days(pupil: str, number: int = 14):
        found = diary(pupil, pen.states, facts, date(2026, 9, number))
        return {day.day.day: day for day in found.days}

    return days


def test_a_week_has_seven_days_from_monday(facts):
    """Whatever day of the week is asked for, the diary runs from Monday to Sunday."""
    for number in (14, 17, 20):
        found = diary("p-1", {}, facts, date(2026, 9, number))
        assert (date(2026, 9, 14), date(2026, 9, 21)) == (found.since, found.until)
        assert list(range(14, 21)) == [day.day.day for day in found.days]
    assert found.days[6].is_empty
    assert not found.days[0].is_empty


def test_lessons_of_all_groups_stand_in_their_order(week):
    """Class, subgroup, stream and individual plan; only those of the pupil, by membership of the day."""
    assert ["a14", "e14"] == [one.lesson.id for one in week("p-1")[14].lessons]
    assert ["a14", "i14", "f14", "m14"] == [one.lesson.id for one in week("p-3")[14].lessons]
    assert ["f14"] == [one.lesson.id for one in week("p-2")[14].lessons]
    assert [["a14"], []] == [
        [one.lesson.id for one in week("p-10")[day].lessons] for day in (14, 15)
    ]


def test_a_lesson_without_entries_is_there_all_the_same(week):
    """Books that were never written are empty ones; cancelled lessons are shown as cancelled."""
    (lesson,) = week("p-1")[18].lessons

    assert lesson.lesson.cancelled
    assert lesson.cell.is_empty
    assert (None, (), (), "t-1") == (lesson.topic, lesson.homework, lesson.tasks, lesson.teacher)


def test_what_stands_in_the_journal_stands_here(pen, week):
    """Marks given to the lesson and to its work, markers, make-ups, remarks, absence, topic."""
    pen.write(ej.Topic(lesson="a15", topic="Степени", plan="7"))
    pen.write(ej.NewWork(id="w1", kind="control", lesson="a15"))
    pen.write(ej.RollCall(lesson="a15", absent={"p-1": ej.Absence("ОП", 5), "p-2": "Н"}))
    pen.write(ej.Mark(lesson="a15", pupil="p-1", kind="oral", value=5))
    pen.write(ej.Mark(journal=ALG, work="w1", pupil="p-1", value=3))
    pen.write(ej.Marker(lesson="a15", pupil="p-1", code="точка"))
    pen.write(ej.Comment(lesson="a15", pupil="p-1", comment="активен"))
    pen.write(ej.Mark(lesson="a15", pupil="p-3", kind="oral", value=2))
    (lesson,) = week("p-1")[15].lessons

    assert "5 3 точка/ОП5" == cell_text(lesson.cell)
    assert ["активен"] == [one.comment for one in lesson.cell.comments]
    assert ("Степени", "7") == (lesson.topic.topic, lesson.topic.plan)
    assert "Н" == cell_text(week("p-2")[15].lessons[0].cell)


def test_what_does_not_stand_is_not_here(pen, week):
    """An annulled mark and an annulled topic are gone from the diary; a correction has replaced."""
    pen.write(ej.Topic(lesson="a15", topic="Степни"))
    pen.write(ej.Mark(lesson="a15", pupil="p-1", kind="oral", value=5))
    pen.write(ej.Mark(lesson="a15", pupil="p-1", kind="test", value=4))
    pen.write(ej.Annulment(journal=ALG, entry=1))
    pen.write(ej.Annulment(journal=ALG, entry=2))
    pen.write(ej.Correction(journal=ALG, entry=3, values={"value": 3}))
    (lesson,) = week("p-1")[15].lessons

    assert lesson.topic is None
    assert [(3, (6,))] == [(mark.value, mark.source.corrected) for mark in lesson.cell.marks]


def test_the_teacher_is_the_one_who_gave_the_lesson(pen, week):
    """Ordered, claimed, or planned; a declined claim names nobody."""
    assert "t-2" == week("p-1", 21)[21].lessons[0].teacher
    pen.write(ej.Substitution(lesson="a15", teacher="t-3"), by="t-3", role="substitute")
    assert "t-3" == week("p-1")[15].lessons[0].teacher
    pen.write(ej.Confirmation(lesson="a15", entry=1, accept=False), by="head", role="head")
    assert "t-1" == week("p-1")[15].lessons[0].teacher


def test_homework_stands_where_it_was_set_and_where_it_is_due(pen, week):
    """Without a day it is due at the next lesson held, in the same journal; the cancelled one is not."""
    pen.write(ej.Homework(lesson="a17", task="№ 7", nature="письменно"))
    set_at, due_at = week("p-1")[17].lessons[0], week("p-1", 21)[21].lessons[0]

    assert ["№ 7"] == [task.task for task in set_at.homework]
    assert () == week("p-1")[18].lessons[0].tasks
    assert [("№ 7", "письменно", "a17")] == [
        (task.task, task.nature, task.lesson) for task in due_at.tasks
    ]


def test_homework_with_a_day_is_due_on_that_day(pen, week):
    """At the subject's lesson of the day if there is one, else on the day itself."""
    pen.write(ej.Homework(lesson="a14", task="к четвергу", due=date(2026, 9, 17)))
    pen.write(ej.Homework(lesson="a14", task="к среде", due=date(2026, 9, 16)))
    pen.write(ej.Homework(lesson="a14", none_set=True))

    assert ["к четвергу"] == [task.task for task in week("p-1")[17].lessons[0].tasks]
    assert ["к среде"] == [task.task for task in week("p-1")[16].tasks]
    assert 3 == len(week("p-1")[14].lessons[0].homework)
    assert () == week("p-10")[16].tasks


def test_homework_of_the_last_lesson_is_due_nowhere(pen, week):
    """With no later lesson in the timetable the task stays where it was set."""
    pen.write(ej.Homework(lesson="a21", task="на каникулы"))
    lessons = [one for day in week("p-1", 21).values() for one in day.lessons]

    assert ["на каникулы"] == [task.task for one in lessons for task in one.homework]
    assert [] == [task for one in lessons for task in one.tasks]


def test_works_without_a_lesson_stand_on_their_day(pen, week):
    """On the day held, else due, else recorded; each with the pupil's marks only."""
    pen.write(ej.NewWork(id="held", kind="essay", held=date(2026, 9, 16), journal=ALG))
    pen.write(ej.NewWork(id="due", kind="essay", due=date(2026, 9, 17), journal=ALG))
    pen.write(ej.NewWork(id="none", kind="essay", journal=ALG))
    for name in ("held", "due", "none"):
        pen.write(ej.Mark(journal=ALG, work=name, pupil="p-1", value=4))
    pen.write(ej.Mark(journal=ALG, work="held", pupil="p-2", value=5))
    days = week("p-1")

    assert {14: ["work:none"], 16: ["work:held"], 17: ["work:due"]} == {
        number: [work.name for work in day.works] for number, day in days.items() if day.works
    }
    assert ("4", "held", ALG) == (
        cell_text(days[16].works[0].cell),
        days[16].works[0].work.id,
        str(days[16].works[0].journal),
    )


def test_results_stand_on_the_last_day_of_their_period(pen, facts):
    """The mark of a quarter is in the week in which the quarter ends, however early it was given."""
    pen.write(ej.PeriodResult(journal=ALG, period="q1", pupil="p-1", value=4))
    pen.write(ej.PeriodResult(journal=ALG, period="q1", pupil="p-2", marker="осв"))
    (sunday,) = [
        day for day in diary("p-1", pen.states, facts, date(2026, 10, 21)).days if day.results
    ]

    assert (date(2026, 10, 25), "q1", "4") == (
        sunday.day, sunday.results[0].period, cell_text(sunday.results[0].cell),
    )  # fmt: skip


def test_messages_are_for_the_pupil_or_for_the_whole_class(pen, week):
    """A message to one pupil's guardians is in no other diary; one to the class is in that of each."""
    pen.write(ej.Message(group="7A", message="собрание", day=date(2026, 9, 16)))
    pen.write(ej.Message(group="7A", message="молодец", day=date(2026, 9, 16), pupil="p-1"))
    pen.write(ej.Message(group="7A", message="другая неделя", day=date(2026, 9, 22)))

    assert ["собрание", "молодец"] == [one.message for one in week("p-1")[16].messages]
    assert ["собрание"] == [one.message for one in week("p-2")[16].messages]
    assert () == week("p-10")[16].messages


def test_excuses_cover_each_of_their_days(pen, week):
    """A valid reason stands on every day that it covers, in this pupil's diary only."""
    pen.write(
        Excuse(
            pupil="p-1",
            group="7A",
            since=date(2026, 9, 11),
            until=date(2026, 9, 16),
            code="Б",
            document="справка",
        )
    )

    assert [14, 15] == [number for number, day in week("p-1").items() if day.excuses]
    assert ("Б", "справка") == (
        week("p-1")[14].excuses[0].code,
        week("p-1")[14].excuses[0].document,
    )
    assert not any(day.excuses for day in week("p-2").values())


def test_an_entry_keeps_its_place_when_the_school_loses_the_pupil(pen, week):
    """A mark at a lesson at which the pupil is not on the roll any more is shown with that lesson."""
    pen.write(ej.Mark(lesson="a15", pupil="p-10", kind="oral", value=5))
    (lesson,) = week("p-10")[15].lessons

    assert ("5", False) == (cell_text(lesson.cell), lesson.cell.member)


def test_an_entry_keeps_a_day_when_the_school_loses_the_lesson(pen, facts):
    """A mark of a lesson that was deleted from the timetable stands on the day it was recorded."""
    pen.write(ej.Mark(lesson="a17", pupil="p-1", kind="oral", value=5), now=pen.at(15, 13))
    lost = evolve(facts, lessons=[one for one in facts.lessons if one.id != "a17"])
    found = diary("p-1", pen.states, lost, date(2026, 9, 14))
    (tuesday,) = [day for day in found.days if day.works]

    assert (15, "lesson:a17", "5") == (
        tuesday.day.day, tuesday.works[0].name, cell_text(tuesday.works[0].cell),
    )  # fmt: skip


def test_the_books_of_a_diary_are_those_of_the_pupils_groups(facts):
    """Journals and class books of every group the pupil ever belonged to, plans included."""
    assert (
        "class/7A-en1/2026", "class/7A/2026", "class/choir/2026",
        "journal/7A-en1/eng/2026", "journal/7A/alg/2026", "journal/choir/mus/2026",
    ) == diary_books("p-1", facts)  # fmt: skip
    assert "journal/plan-p3/alg/2026" in diary_books("p-3", facts)


def test_an_unknown_pupil_has_no_diary(facts):
    """A diary of nobody is not an empty diary."""
    with pytest.raises(Unknown, match="Did you mean 'p-1'"):
        diary("p-11", {}, facts, date(2026, 9, 14))
