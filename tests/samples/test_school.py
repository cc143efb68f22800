"""The sample school is a school that could be."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import date, time
from itertools import combinations

import pytest

import edujournal as ej
from edujournal.adapters.schools import from_plain, to_plain
from edujournal.ports import Directory, SchoolData
from edujournal.samples.frame import CLASSES, PLAN, PLAN_PUPIL, SHORT_DAY, STREAM


@pytest.fixture(scope="module")
def school():
    """The whole school."""
    return ej.samples.school()


@pytest.fixture(scope="module")
def facts(school):
    """All it says."""
    return school.facts()


def test_it_is_a_school_like_any_other(school):
    """It is used through the same two ports as a host's own."""
    assert isinstance(school, SchoolData)
    assert isinstance(school, Directory)


def test_the_lesson_of_the_readme_is_there(facts):
    """Algebra of 7A on 15 September 2026 is taught by t-ivanova, and p-17 is on the roll."""
    lesson = facts.lesson("7A-alg-0915")
    calendar = facts.calendar("2026")

    assert ("7A", "alg", date(2026, 9, 15)) == (lesson.group, lesson.subject, lesson.day)
    assert lesson.teacher == "t-ivanova"
    assert "p-17" in facts.roll(calendar, "7A", lesson.day)
    assert {"t-ivanova"} == facts.hands("7A", "alg", "teacher", lesson.day)


def test_it_is_the_same_object_every_time(school):
    """Who asks twice does not wait twice."""
    assert school is ej.samples.school()
    assert ej.samples.school(["7A", "7B"]) is ej.samples.school(["7B", "7A"])


def test_it_is_the_same_in_another_process(school):
    """Nothing in it hangs on hashes, clocks or chance."""
    shown = subprocess.run(
        [
            sys.executable,
            "-c",
            (
                "import edujournal as ej, hashlib\n"
                "from edujournal.adapters.schools import to_plain\n"
                "print(hashlib.sha256(repr(to_plain(ej.samples.school())).encode()).hexdigest())"
            ),
        ],
        env={"PYTHONHASHSEED": "7", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    import hashlib

    mine = hashlib.sha256(repr(to_plain(school)).encode()).hexdigest()

    assert mine == shown.stdout.strip()


def test_it_can_be_kept_in_a_store_and_read_back(school):
    """Plain data say all of it."""
    assert school == from_plain(to_plain(school))


def test_it_is_small_enough_for_a_first_look(facts):
    """An audit of its quarter is a matter of a second."""
    assert 1000 < len(facts.lessons) < 1300


def test_nobody_is_in_two_places_at_once(facts):
    """No teacher, no class and no pupil has two lessons at one time."""
    calendar = facts.calendar("2026")
    clashes = []
    for one, other in (
        pair
        for lessons in facts._slots.values()
        for pair in combinations([one for one in lessons if not one.cancelled], 2)
    ):
        if one.starts < other.ends and other.starts < one.ends:
            hands = {one.substitute or one.teacher} & {other.substitute or other.teacher}
            both = facts.roll(calendar, one.group, one.day) & facts.roll(
                calendar, other.group, other.day
            )
            if hands or both:
                clashes.append((one.id, other.id))

    assert [] == clashes


def test_every_lesson_is_given_by_a_teacher_assigned_to_it_that_day(facts):
    """Timetable and assignments agree, also where a journal changes hands inside the quarter."""
    strange = [
        one.id
        for one in facts.lessons
        if {one.teacher} != facts.hands(one.group, one.subject, "teacher", one.day)
    ]

    assert [] == strange
    geography = facts.hands("7A", "geo", "teacher", date(2026, 9, 30))
    assert {"t-morozova"} == geography
    assert {"t-belov"} == facts.hands("7A", "geo", "teacher", date(2026, 10, 1))


def test_it_has_what_a_calendar_can_have(facts):
    """Two shifts, weeks of five and six days, slot 0, a shortened day, subgroups, stream, plan."""
    calendar = facts.calendar("2026")
    groups = {group.id: group for group in calendar.groups}

    assert {1, 2} == {group.shift for group in groups.values()}
    assert {5, 6} == {len(week.days) for week in calendar.weeks}
    assert {"class", "subgroup", "stream", "plan"} == {group.kind for group in groups.values()}
    assert any(lesson.slot == 0 for lesson in facts.lessons)
    assert ("10A", "10B") == groups[STREAM].parents
    assert {PLAN_PUPIL} == facts.roll(calendar, PLAN, date(2026, 9, 11))
    short = [lesson for lesson in facts.lessons if lesson.day == SHORT_DAY]
    assert {30} == {(lesson.ends - lesson.starts) // 60_000_000 for lesson in short}


def test_holidays_begin_where_the_week_ends(facts):
    """For a class that has no lessons on Saturday the holidays begin a day earlier."""
    calendar = facts.calendar("2026")
    begins = {id: calendar.holidays_adjoining(id, "q1").since for id in CLASSES}

    assert {"3A", "5A"} == {id for id, day in begins.items() if day == date(2026, 10, 24)}
    assert {date(2026, 10, 24), date(2026, 10, 25)} == set(begins.values())


def test_lessons_were_moved_cancelled_and_substituted(facts):
    """The timetable of a real quarter is not the one it began with."""
    cancelled = facts.lesson("10B-bio-0922")
    moved = facts.lesson("7B-geo-0914")

    assert cancelled.cancelled
    assert not cancelled.before[0].cancelled
    assert (date(2026, 9, 14), date(2026, 9, 18)) == (moved.before[0].day, moved.day)
    assert {"t-novikova"} == {one.substitute for one in facts.lessons if one.substitute}


def test_pupils_come_change_class_and_leave(facts):
    """Rolls are asked as of a day."""
    calendar = facts.calendar("2026")

    def size(group: str, *day: int) -> int:
        return len(facts.roll(calendar, group, date(2026, *day)))

    assert (18, 17) == (size("7A", 10, 11), size("7A", 10, 12))
    assert (15, 14, 15) == (size("7B", 9, 30), size("7B", 10, 1), size("7B", 10, 12))
    assert (14, 15) == (size("3A", 9, 20), size("3A", 9, 21))


def test_everybody_has_a_name_and_no_two_pupils_share_one(school, facts):
    """A directory that gives ids back would be no directory."""
    pupils = {row.pupil for row in facts.memberships}
    names = Counter(school.name("pupil", pupil) for pupil in pupils)

    assert 84 == len(names)
    assert [] == [
        account.id for account in facts.accounts if school.name("account", account.id) == account.id
    ]
    assert ("Алгебра", "7А") == (school.name("subject", "alg"), school.name("group", "7A"))


def test_a_part_of_it_is_a_school_as_well():
    """With some classes only, nothing speaks of the others."""
    part = ej.samples.school(["7A", "10A"]).facts()
    calendar = part.calendar("2026")

    assert {"7A", "7A-1", "7A-2", "10A", PLAN} == {group.id for group in calendar.groups}
    assert {"7A", "7A-1", "7A-2", "10A", PLAN} == {row.group for row in part.assignments}
    assert {lesson.id for lesson in part.lessons} < {
        lesson.id for lesson in ej.samples.school().facts().lessons
    }


def test_a_class_that_it_does_not_have_is_named_with_the_nearest():
    """A slip of the finger is answered as such."""
    with pytest.raises(ej.Unknown, match=r"unknown class of the sample school '10C'.*'10[AB]'"):
        ej.samples.school(["10C"])


def test_bells_of_monday_and_saturday_are_their_own(facts):
    """Bells go by weekday and shift."""
    clocks = facts.calendar("2026").clocks
    starts = {
        id: clocks.local(facts.lesson(id).starts).time()
        for id in ("7A-rus-0914", "7A-alg-0915", "7A-eng-0919", "5A-art-0914")
        if id in facts._lessons
    }

    assert time(9, 10) == starts["7A-rus-0914"]
    assert time(8, 30) == starts["7A-alg-0915"]
    assert time(14, 30) == starts["5A-art-0914"]
