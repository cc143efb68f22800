"""Every fault of every file is told with file, row, column, what was expected and what was found."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path

import pytest

import edujournal as ej
from edujournal.adapters.exchange.csvset import Limits, commit, plan_import, read_set
from edujournal.adapters.stores.memory import MemoryStore

FAULTS = tomllib.loads(Path(__file__).with_name("faults.toml").read_text("utf-8"))["fault"]

NOW = datetime(2026, 12, 1, tzinfo=UTC)
REGULATION = "ru-school26-2023"


def spoil(files, fault):
    """Make the change of a fault."""
    if "row" in fault:
        files.add(fault["file"], **fault["row"])
    else:
        files.change(fault["file"], fault["old"], fault["new"])


def told(folder):
    """Every fault on a line: where, what, what was expected, what was found, how to mend it."""
    return [
        f"{one.where}: "
        + "; ".join(
            part
            for part in (
                one.what,
                one.expected and f"expected {one.expected}",
                one.found and f"found {one.found}",
                one.mend,
            )
            if part
        )
        for one in plan_import(folder, REGULATION, at=NOW).problems
    ]


def test_the_set_itself_is_sound(files):
    """Every fault below is that of its one change."""
    assert [] == told(files.folder)


@pytest.mark.parametrize(
    "fault", FAULTS, ids=[f"{n}-{fault['file']}" for n, fault in enumerate(FAULTS)]
)
def test_one_change_is_told_with_its_place_and_nothing_else_is(files, fault):
    """The answer is the golden one: what, expected, found, where, how to mend; and what only speaks
    of the faulty row is not called a fault as well.
    """
    spoil(files, fault)
    lines = told(files.folder)

    assert fault["told"] == [
        line[: len(golden)] for golden, line in zip_longest(fault["told"], lines, fillvalue="")
    ]


def test_faults_of_all_files_are_in_one_list_and_nothing_comes_in(files):
    """Several files are wrong in several ways: all of it is told at once, and no book gets an entry."""
    files.change("people.csv", "2020-01-01,,", "2020-01-01,2019-01-01,")
    files.change("lessons.csv", "08:30,09:15,,,yes", "8.30,09:15,,,si")
    files.change("works.csv", "2026-09-20,2026-09-30", "20.9.,30.9.")
    files.add("entries.csv", kind="mark", lesson="l9", pupil="p-9", value="5", recorded="today")
    files.add("memberships.csv", pupil="p-3", group="7C")
    plan = plan_import(files.folder, REGULATION, at=NOW)
    journals = ej.Journals(MemoryStore(), ej.samples.school(), REGULATION)

    assert [
        "people.csv:5:until",
        "memberships.csv:5:group",
        "lessons.csv:4:cancelled",
        "lessons.csv:4:start",
        "works.csv:3:held",
        "works.csv:3:due",
        "entries.csv:17:lesson",
        "entries.csv:17:pupil",
        "entries.csv:17:recorded",
    ] == [problem.where for problem in plan.problems]
    with pytest.raises(ej.BadFile) as caught:
        commit(journals, plan)
    assert plan.problems == caught.value.problems
    assert [] == list(journals.store.books(journals.school.id))


def test_a_flood_of_faults_is_counted(files):
    """A file that is wrong throughout does not fill the memory, nor the screen."""
    for n in range(20):
        files.add("entries.csv", kind="mark", pupil=f"q-{n}", lesson="l1", value="5")
    with pytest.raises(ej.BadFile) as caught:
        read_set(files.folder, Limits(problems=3))

    assert 4 == len(caught.value.problems)
    assert "and 17 more faults" == str(caught.value.problems[-1])


def test_a_row_refused_for_several_pupils_is_told_for_each(files):
    """One roll call that names two pupils who are not of the class has two faults, counted as two."""
    files.add("people.csv", id="p-4", kind="pupil")
    files.add("entries.csv", kind="roll", lesson="l2", absent="p-3:Н;p-4:Н")
    assert ["entries.csv:17:absent: unknown pupil 'p-4'; Did you mean 'p-3'?"] == told(files.folder)

    files.add("memberships.csv", pupil="p-4", group="7B")
    plan = plan_import(files.folder, REGULATION, at=NOW, limits=Limits(problems=1))

    assert ["entries.csv:17:absent", ""] == [problem.where for problem in plan.problems]
    assert "and 1 more faults" == plan.problems[1].what


def test_a_year_needs_a_week_and_bells_need_no_rule_where_there_is_one_schedule(files):
    """What is the only one of its kind need not be named; what is not there is missed."""
    text = files.text("calendar.csv")
    lines = [line for line in text.splitlines() if not line.startswith(("ring", "schedule"))]
    files.write("calendar.csv", "\n".join(lines).replace(",usual,", ",,"))
    bells = {lesson.id: lesson.starts for lesson in read_set(files.folder).school.lessons()}
    files.write("calendar.csv", text)
    assert bells == {one.id: one.starts for one in read_set(files.folder).school.lessons()}

    lines = [line for line in text.splitlines() if not line.startswith("week")]
    files.write("calendar.csv", "\n".join(lines))
    assert (
        "calendar.csv:4: a year without a week; expected a row of the kind 'week', such as 1-5"
        in told(files.folder)
    )


def test_two_years_ask_which_of_them_is_meant(files):
    """With a second year every row of the calendar names its own, and ids may come again in it."""
    files.add(
        "calendar.csv", kind="year", id="2027", since="2027-09-01", until="2028-06-01",
        zone="Europe/Moscow",
    )  # fmt: skip
    lines = [line for line in told(files.folder) if "a week of no year" in line]

    assert [
        "calendar.csv:5:year: a week of no year; expected one of 2026, 2027",
        "calendar.csv:6:year: a week of no year; expected one of 2026, 2027",
    ] == lines


def test_a_work_of_two_journals_asks_which_of_them_is_meant(files):
    """The same id in two journals is two works; what names it says whose it means."""
    files.add("works.csv", id="w2", kind="essay", journal="7B/alg/2026")
    files.add("entries.csv", kind="annulment", target="work:w2", reason="twice")

    assert [
        (
            "entries.csv:5:work: a work of this id stands in several journals; "
            "expected a journal or a lesson beside it; found '7A/alg/2026, 7B/alg/2026'"
        ),
        (
            "entries.csv:17:target: a work of this id stands in several journals; "
            "expected work:group/subject/year/id; found 'work:w2'"
        ),
    ] == told(files.folder)

    files.change("entries.csv", "mark,e4,,w2,,", "mark,e4,,w2,7A/alg/2026,")
    files.change("entries.csv", '"work:w2"', "work:7B/alg/2026/w2")
    assert [] == told(files.folder)


def test_what_a_faulty_calendar_hides_is_not_guessed(files):
    """While the frame of the year has faults, rows are read, and judged by nothing that hangs on it."""
    files.change("calendar.csv", "2027-06-01", "2027-06-31")
    files.add("entries.csv", kind="mark", work="w2", pupil="p-1", value="4")
    files.add("entries.csv", kind="mark", lesson="l1", pupil="p-77", value="4")

    assert [
        "calendar.csv:4:until: no such date; expected a date of the calendar; found '2027-06-31'",
        "entries.csv:18:pupil: unknown pupil; found 'p-77'",
    ] == told(files.folder)
