"""Anchors: the moments that terms start from, each by its name in a regulation's file."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

import edujournal as ej
from edujournal.ledger.books import BookState
from edujournal.model.entries import Entry
from edujournal.model.ids import JournalId
from edujournal.model.occasions import Event, Occasion, Work
from edujournal.model.people import Actor
from edujournal.planning import book_of
from edujournal.rules.anchors import ANCHORS, Ground, local_day, look
from edujournal.rules.provisional import provisional
from edujournal.rules.scenes import of_event, of_lesson, of_period, of_section, of_sheet, of_work
from edujournal.rules.verdicts import NotKnown
from edujournal.testing.case_schools import school_of

SCHOOL = """
days = "2026-09-01 to 2027-05-31"
zone = "Europe/Moscow"
year = "2026"
weeks = { five = [1, 2, 3, 4, 5] }

[periods.quarters]
q1 = "quarter 2026-09-01 to 2026-10-25"
q2 = "quarter 2026-11-05 to 2026-12-27"
y = "year 2026-09-01 to 2027-05-31"

[periods.halves]
h1 = "half 2026-09-01 to 2026-12-27"
h2 = "half 2027-01-11 to 2027-05-31"

[holidays.usual]
autumn = "2026-10-26 to 2026-11-04"
winter = "2026-12-28 to 2027-01-10"

[groups]
"7A" = { is = "class grade 7", periods = "quarters" }
"10A" = { is = "class grade 10", periods = "halves" }
"7A.1" = { is = "subgroup of 7A", periods = "quarters" }

[pupils]
"7A" = ["p-1", "p-2"]
"7A.1" = ["p-1"]
"10A" = ["p-9"]

[accounts]
t = "teaches 7A alg"
head = "head"

[lessons]
l1 = "7A alg 2026-09-15 09:00-09:45"
l2 = "7A alg 2026-09-16 09:00-09:45"
l3 = { is = "7A alg 2026-09-17 09:00-09:45", cancelled = true }
l4 = "7A alg 2026-09-18 09:00-09:45"
h1 = "10A alg 2026-09-15 09:00-09:45"
l5 = "7A alg 2026-10-21 09:00-09:45"
e1 = "7A.1 eng 2026-09-15 08:00-08:45"
e2 = "7A.1 eng 2026-09-15 11:00-11:45"
"""


def at(text: str) -> int:
    """An instant on the clocks of Moscow."""
    return (
        int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Moscow")).timestamp())
        * 1_000_000
    )


class Book:
    """Books written into without being judged."""

    def __init__(self) -> None:
        problems: list[Any] = []
        school = school_of(tomllib.loads(SCHOOL), "here", problems)
        assert not problems
        assert school is not None
        self.facts = school.facts()
        self.states: dict[str, BookState] = {}
        self.now = at("2026-09-15 12:00")

    def write(self, draft: Any) -> Entry:
        """Write *draft*, a minute after the last one."""
        self.now += 60_000_000
        content = draft.content()
        name = book_of(content, self.facts)
        state = self.states.setdefault(name, BookState(name))
        entry = provisional(content, draft.evidence, state, Actor("t", "teacher"), self.now)
        state.apply(entry)
        return entry

    @property
    def journal(self) -> BookState:
        """The journal of algebra."""
        return self.states.setdefault("journal/7A/alg/2026", BookState("journal/7A/alg/2026"))

    def value(self, name: str, occasion: Occasion | None = None, **more: Any) -> Any:
        """The value of an anchor, by default for the lesson of 15 September."""
        ground = Ground(occasion or self.lesson("l1"), self.facts, self.journal, **more)
        return look(ground)(name)

    def lesson(self, id: str) -> Occasion:
        """The occasion of a lesson."""
        return of_lesson(self.facts.lesson(id), self.facts)


@pytest.fixture
def book() -> Book:
    """Empty books of a small school."""
    return Book()


JOURNAL = JournalId("7A", "alg", "2026")
GIVEN = {
    "conference": date(2026, 11, 2),
    "report_day": date(2026, 10, 23),
    "exam_session_end": date(2027, 6, 20),
}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("day", date(2026, 9, 15)),
        ("lesson.start", at("2026-09-15 09:00")),
        ("lesson.end", at("2026-09-15 09:45")),
        ("class_day.last_lesson.end", at("2026-09-15 11:45")),
        ("school_day.end", at("2026-09-15 11:45")),
        ("session.start", at("2026-09-15 08:00")),
        ("next_lesson", at("2026-09-16 09:00")),
        ("week.start", date(2026, 9, 14)),
        ("month.start", date(2026, 9, 1)),
        ("next_month.start", date(2026, 10, 1)),
        ("period.start", date(2026, 9, 1)),
        ("period.end", date(2026, 10, 25)),
        ("period.holidays.start", date(2026, 10, 26)),
        ("period.last_lesson", date(2026, 10, 21)),
        ("holidays.start", date(2026, 10, 26)),
        ("year.start", date(2026, 9, 1)),
        ("year.end", date(2027, 5, 31)),
        ("conference", date(2026, 11, 2)),
        ("report_day", date(2026, 10, 23)),
        ("exam_session.end", date(2027, 6, 20)),
    ],
)  # fmt: skip
def test_a_lesson_has_its_moments(book, name, expected):
    """What the timetable, the calendar and the school's settings say of a lesson."""
    assert expected == book.value(name, given=GIVEN)


@pytest.mark.parametrize(
    "name",
    ["conference", "report_day", "exam_session.end", "work.held", "work.due", "work.handed_in",
     "event.noticed", "entry.recorded", "request.received", "homework.issued", "mark.published",
     "journal.closed", "class.closed", "next_work", "absence.start", "pupil.returned",
     "pupil_day.first_lesson.start", "pupil_day.last_lesson.end"],
)  # fmt: skip
def test_what_nobody_has_said_is_not_known(book, name):
    """An anchor without a value is named, never guessed."""
    assert NotKnown(name) == book.value(name)


def test_a_section_of_the_set_up_has_days_and_no_lessons(book):
    """It belongs to no group: what needs one is not known."""
    section = of_section("bells", "2026", book.facts)
    assert date(2026, 9, 1) == book.value("day", section)
    for name in ("lesson.start", "class_day.last_lesson.end", "next_lesson", "session.start", "period.start",
                 "period.end", "period.holidays.start", "period.last_lesson", "holidays.start", "term.start",
                 "term.end", "journal.closed", "absence.start", "pupil.returned"):  # fmt: skip
        assert NotKnown(name) == book.value(name, section, pupil="p-1"), name


def test_an_occasion_without_a_day_has_no_days(book):
    """A work of which nobody knows when it was held."""
    work = of_work(Work("w"), JOURNAL, book.facts)
    for name in ("day", "work.held", "week.start", "month.start", "next_month.start", "school_day.end",
                 "class_day.last_lesson.end", "session.start", "next_work", "next_lesson", "holidays.start",
                 "pupil_day.last_lesson.end"):  # fmt: skip
        assert NotKnown(name) == book.value(name, work, pupil="p-1"), name


def test_a_cancelled_lesson_is_not_the_next_one(book):
    """The next lesson is one that is held."""
    assert at("2026-09-18 09:00") == book.value("next_lesson", book.lesson("l2"))
    assert NotKnown("next_lesson") == book.value("next_lesson", book.lesson("l5"))


def test_a_work_has_days_of_its_own(book):
    """Held at a lesson or on a day, due when it was said, followed by the next work declared."""
    alone = of_work(Work("w1", held=date(2026, 9, 15), due=date(2026, 9, 22)), JOURNAL, book.facts)
    assert date(2026, 9, 15) == book.value("work.held", alone)
    assert date(2026, 9, 22) == book.value("work.due", alone)
    assert at("2026-09-16 09:00") == book.value("next_lesson", alone)

    book.write(ej.NewWork(id="w2", kind="control", held=date(2026, 9, 15), journal=JOURNAL))
    assert NotKnown("next_work") == book.value("next_work", alone)
    book.write(ej.NewWork(id="w3", kind="control", lesson="l5"))
    book.write(ej.NewWork(id="w4", kind="control", held=date(2026, 9, 29), journal=JOURNAL))
    assert date(2026, 9, 29) == book.value("next_work", alone)


def test_periods_end_with_the_last_of_the_year(book):
    """For the year's result the last period counts, and the holidays after it."""
    assert date(2026, 10, 25) == book.value("period.end", of_period(JOURNAL, "q1", book.facts))
    year = of_period(JOURNAL, "y", book.facts)
    assert date(2026, 12, 27) == book.value("period.end", year)
    assert date(2026, 9, 1) == book.value("period.start", year)


def test_events_start_from_when_they_became_known(book):
    """A report, a request, a claim; a lock of a change counts from the entry that is changed."""
    noticed = at("2026-09-15 10:00")
    event = of_event("event:e", "school/2026", Event("e", "disclosure", noticed), book.facts)
    for name in ("event.noticed", "request.received", "entry.recorded"):
        assert noticed == book.value(name, event), name
    assert 5 == book.value("entry.recorded", recorded=5)


def test_what_the_book_says_starts_windows_too(book):
    """Homework set, a mark published: from the moment of the first entry that stands."""
    homework = book.write(ej.Homework(lesson="l1", task="No. 5", nature="in writing"))
    assert homework.at == book.value("homework.issued")

    mark = book.write(ej.Mark(lesson="l1", pupil="p-1", kind="oral", value=5))
    assert mark.at == book.value("mark.published", pupil="p-1")
    assert mark.at == book.value("mark.published")
    assert NotKnown("mark.published") == book.value("mark.published", pupil="p-2")


def test_a_sheet_starts_from_the_closing_of_its_last_journal(book):
    """Known to the instant, or not known at all; of nothing else there is such a moment."""
    closed = at("2027-05-31 12:00")
    assert closed == book.value("class.closed", of_sheet("7A", "2026", book.facts, closed))
    sheet = of_sheet("7A", "2026", book.facts, None)
    assert NotKnown("class.closed") == book.value("class.closed", sheet)
    assert sheet.calendar.until - timedelta(days=1) == sheet.day


def test_a_closed_journal_is_closed_from_the_entry_of_the_school_book(book):
    """The closing stands in another book than the journal."""
    closing = book.write(ej.Closing(journal=JOURNAL))
    school = book.states["school/2026"]
    assert closing.at == book.value("journal.closed", school=school)
    assert NotKnown("journal.closed") == book.value("journal.closed")
    assert NotKnown("journal.closed") == book.value(
        "journal.closed", book.lesson("e1"), school=school
    )


def test_an_absence_begins_with_the_first_lesson_missed_in_a_row(book):
    """Cancelled lessons do not interrupt it; a lesson at which the pupil was there does."""
    for lesson in ("l1", "l2", "l4"):
        book.write(ej.RollCall(lesson=lesson, absent={"p-1": "Н"}))
    assert date(2026, 9, 15) == book.value("absence.start", book.lesson("l4"), pupil="p-1")
    assert date(2026, 9, 15) == book.value("absence.start", book.lesson("l1"), pupil="p-1")
    assert NotKnown("absence.start") == book.value("absence.start", book.lesson("l4"), pupil="p-2")
    book.write(ej.RollCall(lesson="l5"))
    assert NotKnown("absence.start") == book.value("absence.start", book.lesson("l5"), pupil="p-1")


def test_a_pupil_is_back_when_the_next_roll_says_so(book):
    """Until the roll of the next lesson was taken nobody knows."""
    book.write(ej.RollCall(lesson="l1", absent={"p-1": "Н"}))
    assert NotKnown("pupil.returned") == book.value("pupil.returned", pupil="p-1")
    book.write(ej.RollCall(lesson="l2", absent={"p-1": "Н"}))
    assert NotKnown("pupil.returned") == book.value("pupil.returned", pupil="p-1")
    book.write(ej.RollCall(lesson="l4"))
    assert date(2026, 9, 18) == book.value("pupil.returned", pupil="p-1")
    book.write(ej.RollCall(lesson="l5", absent={"p-1": "Н"}))
    assert NotKnown("pupil.returned") == book.value(
        "pupil.returned", book.lesson("l5"), pupil="p-1"
    )


def test_a_pupils_day_is_that_of_all_his_groups(book):
    """The class's day end and the pupil's day end differ where there are subgroups."""
    assert at("2026-09-15 11:45") == book.value("pupil_day.last_lesson.end", pupil="p-1")
    assert at("2026-09-15 09:45") == book.value("pupil_day.last_lesson.end", pupil="p-2")
    assert at("2026-09-15 08:00") == book.value("pupil_day.first_lesson.start", pupil="p-1")
    assert at("2026-09-15 09:00") == book.value("pupil_day.first_lesson.start", pupil="p-2")


def test_a_term_is_a_half_year_of_the_groups_own_year(book):
    """A class of quarters has no half-years; a class of half-years has."""
    tenth = book.lesson("h1")
    assert date(2026, 9, 1) == book.value("term.start", tenth)
    assert date(2026, 12, 27) == book.value("term.end", tenth)
    for name in ("term.start", "term.end"):
        assert NotKnown(name) == book.value(name)
    late = evolve(book.lesson("l1"), day=date(2027, 3, 1))
    assert NotKnown("holidays.start") == book.value("holidays.start", late)
    second = of_period(JOURNAL, "q2", book.facts)
    assert NotKnown("period.last_lesson") == book.value("period.last_lesson", second)


def test_every_anchor_is_tried_here():
    """A new anchor needs a line in this file."""
    text = Path(__file__).read_text("utf-8")
    assert [] == [name for name in ANCHORS if f'"{name}"' not in text]


def test_the_local_day_of_an_instant_is_the_schools(book):
    """Half past midnight in Moscow is the day before in UTC."""
    assert date(2026, 9, 16) == local_day(at("2026-09-16 00:30"), book.lesson("l1"))
