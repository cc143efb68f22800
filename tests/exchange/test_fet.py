"""FET timetables: read whole, refused with file and line, laid over a school year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from attrs import evolve

from edujournal.adapters.exchange.fet import (
    FetActivity,
    FetGroup,
    FetPlace,
    FetTimetable,
    load_fet,
    place_fet,
    read_fet,
)
from edujournal.adapters.exchange.fet_year import FetYear, lay_over
from edujournal.errors import BadCalendar, BadFile, BadInput, Unknown
from edujournal.model.calendar import Cycle, Holidays, HolidaySet, Period, PeriodSystem
from edujournal.model.time import format_instant

DAY = timedelta(days=1)
TERM = PeriodSystem("terms", [Period("t1", "half", 1, date(2025, 9, 1), date(2025, 12, 29))])
AUTUMN = HolidaySet("breaks", [Holidays("autumn", date(2025, 10, 27), date(2025, 11, 3))])

SMALL = """\
<?xml version="1.0" encoding="UTF-8"?>
<fet version="5.37.0">
<Institution_Name>Школа</Institution_Name>
<Days_List>
<Number_of_Days>2</Number_of_Days>
<Day><Name>Mon</Name></Day>
<Day><Name>Tue</Name></Day>
</Days_List>
<Hours_List>
<Hour><Name>0. 7:45</Name></Hour>
<Hour><Name>1. 8:30</Name></Hour>
</Hours_List>
<Subjects_List>
<Subject><Name>С/п</Name></Subject>
<Subject><Name>С-п</Name></Subject>
</Subjects_List>
<Teachers_List>
<Teacher><Name>T</Name></Teacher>
</Teachers_List>
<Students_List>
<Year><Name>A</Name><Number_of_Students>20</Number_of_Students>
<Group><Name>A1</Name><Subgroup><Name>a</Name></Subgroup></Group>
<Group><Name>A2</Name><Subgroup><Name>a</Name></Subgroup></Group>
</Year>
<Year><Name>B</Name></Year>
</Students_List>
<Activities_List>
<Activity><Teacher>T</Teacher><Subject>С/п</Subject><Activity_Tag>lab</Activity_Tag>
<Students>A</Students><Students>B</Students><Duration>2</Duration><Id>7</Id><Active>true</Active></Activity>
<Activity><Subject>С-п</Subject><Students>a</Students><Duration>1</Duration><Id>8</Id></Activity>
<Activity><Subject>С-п</Subject><Students>a</Students><Duration>1</Duration><Id>9</Id><Active>false</Active></Activity>
<Activity><Subject>С-п</Subject><Duration>1</Duration><Id>10</Id></Activity>
</Activities_List>
<Time_Constraints_List>
<ConstraintActivityPreferredStartingTime><Weight_Percentage>100</Weight_Percentage><Activity_Id>7</Activity_Id>
<Preferred_Day>Tue</Preferred_Day><Preferred_Hour>0. 7:45</Preferred_Hour><Active>true</Active></ConstraintActivityPreferredStartingTime>
<ConstraintActivityPreferredStartingTime><Weight_Percentage>95</Weight_Percentage><Activity_Id>8</Activity_Id>
<Preferred_Day>Tue</Preferred_Day><Preferred_Hour>0. 7:45</Preferred_Hour><Active>true</Active></ConstraintActivityPreferredStartingTime>
<ConstraintActivityPreferredStartingTime><Weight_Percentage>100</Weight_Percentage><Activity_Id>8</Activity_Id>
<Preferred_Day>Mon</Preferred_Day><Preferred_Hour>0. 7:45</Preferred_Hour><Active>false</Active></ConstraintActivityPreferredStartingTime>
</Time_Constraints_List>
</fet>
"""


@pytest.fixture(scope="module")
def college(shared_data: Callable[[str], Path]) -> FetTimetable:
    """A medical college with two six-day weeks that take turns."""
    return load_fet(shared_data("timetables") / "timetable-ru.fet")


def over(timetable: FetTimetable, **further) -> FetYear:
    """The timetable laid over the first term of 2025/26, with a week of holidays in autumn."""
    given = {
        "school": "college",
        "year": "2025",
        "zone": "Europe/Moscow",
        "since": date(2025, 9, 1),
        "until": date(2026, 9, 1),
        "periods": TERM,
        "holidays": AUTUMN,
        "lesson": timedelta(minutes=90),
        "weeks": ("А", "В"),
        "anchor": date(2025, 9, 1),
    }
    return lay_over(timetable, **(given | further))


class TestCollege:
    def test_everything_is_read(self, college: FetTimetable) -> None:
        """Days, hours, subjects, teachers, students, activities: as many as the file has."""
        assert ("А-Понедельник", "А-Суббота", "В-Понедельник") == (
            college.days[0],
            college.days[5],
            college.days[6],
        )
        assert (12, 6, 123, 47, 562) == (
            len(college.days),
            len(college.hours),
            len(college.subjects),
            len(college.teachers),
            len(college.activities),
        )
        assert 14 == sum(not group.parents for group in college.groups)
        assert 32 == sum(len(activity.teachers) == 2 for activity in college.activities)
        assert {1: 337, 2: 221, 3: 4} == Counter(one.duration for one in college.activities)

    def test_a_subgroup_may_belong_to_two_groups(self, college: FetTimetable) -> None:
        """It is one group with two parents, and its class is one."""
        (found,) = (group for group in college.groups if group.name == "ЛД101-П1-Б1")
        assert ("ЛД101-П1", "ЛД101-Б1") == found.parents
        calendar = over(college).calendar
        assert ("ЛД101",) == calendar.classes_of("ЛД101-П1-Б1")
        assert {"ЛД101-П1-Б1", "ЛД101-П1", "ЛД101-Б1", "ЛД101"} == calendar.forebears("ЛД101-П1-Б1")

    def test_saturday_is_taught(self, college: FetTimetable) -> None:
        """Every Saturday of the term but the one in the holidays; no Sunday."""
        calendar = over(college).calendar
        days = [date(2025, 9, 1) + DAY * n for n in range(119)]
        saturdays = [d for d in days if d.isoweekday() == 6 and calendar.is_school_day("СД11", d)]
        assert 16 == len(saturdays)
        assert date(2025, 11, 1) not in saturdays
        assert not any(calendar.is_school_day("СД11", d) for d in days if d.isoweekday() == 7)

    def test_weeks_take_turns_through_the_holidays(self, college: FetTimetable) -> None:
        """А, В, А, В …: the week of holidays is an А, so that a В follows it."""
        calendar = over(college).calendar
        mondays = [date(2025, 9, 1) + DAY * 7 * n for n in range(17)]
        assert "АВ" * 8 + "А" == "".join(calendar.cycle_day(d) or "?" for d in mondays)
        assert ("В", "А", "В") == tuple(
            calendar.cycle_day(date(2025, *day)) for day in ((10, 25), (11, 1), (11, 3))
        )

    def test_weeks_may_pause_in_the_holidays(self, college: FetTimetable) -> None:
        """Where a school goes on after the holidays where it stopped, the calendar says so."""
        calendar = over(college).calendar
        pausing = evolve(calendar, cycle=Cycle(("А", "В"), anchor=date(2025, 9, 1), pause=True))
        assert ("В", None, "А") == tuple(
            pausing.cycle_day(date(2025, *day)) for day in ((10, 25), (11, 1), (11, 3))
        )

    def test_a_fixed_activity_becomes_lessons(self, college: FetTimetable) -> None:
        """Two hours on Tuesday of week А, from 12:20, every other week but the holidays."""
        assert (FetPlace(33, 1, 2),) == college.places
        assert 561 == len(college.unplaced)
        lessons = list(over(college).lessons())
        tuesdays = [date(2025, 9, 2) + DAY * 14 * n for n in range(9)]
        assert [(d, slot) for slot in (3, 4) for d in tuesdays if d != date(2025, 10, 28)] == [
            (one.at.day, one.at.slot) for one in lessons
        ]
        assert ("2025-09-02T12:20:00+03:00", "2025-09-02T13:50:00+03:00") == tuple(
            format_instant(at, "Europe/Moscow") for at in (lessons[0].at.starts, lessons[0].at.ends)
        )
        assert {33} == {one.activity.id for one in lessons}

    def test_a_solved_timetable_becomes_lessons(self, college: FetTimetable) -> None:
        """With a place for every activity, each hour is held on every date of its day."""
        spots = {
            one.id: (n % 12, n % (7 - one.duration)) for n, one in enumerate(college.activities)
        }
        rows = "".join(
            f"<Activity><Id>{id}</Id><Day>{college.days[day]}</Day>"
            f"<Hour>{college.hours[hour]}</Hour><Room/></Activity>"
            for id, (day, hour) in spots.items()
        )
        solved = place_fet(college, f"<Activities_Timetable>{rows}</Activities_Timetable>".encode())
        assert () == solved.unplaced
        dates: Counter[int] = Counter()
        for n in range(119):
            d = date(2025, 9, 1) + DAY * n
            if d.weekday() < 6 and not date(2025, 10, 27) <= d < date(2025, 11, 3):
                dates[n // 7 % 2 * 6 + d.weekday()] += 1
        expected = sum(one.duration * dates[spots[one.id][0]] for one in college.activities)
        found = list(over(solved).lessons())
        assert expected == len(found)
        assert {(n, True) for n in range(6)} == {
            (one.at.day.weekday(), one.at.day in TERM.periods[0]) for one in found
        }
        assert expected > sum(1 for _ in over(solved).lessons(until=date(2025, 12, 1)))


class TestReading:
    def test_a_small_file(self) -> None:
        """What each element becomes; a preference and an inactive constraint fix nothing."""
        assert FetTimetable(
            "Школа",
            ("Mon", "Tue"),
            ("0. 7:45", "1. 8:30"),
            ("С/п", "С-п"),
            ("T",),
            (
                FetGroup("A", (), 20),
                FetGroup("A1", ("A",)),
                FetGroup("a", ("A1", "A2")),
                FetGroup("A2", ("A",)),
                FetGroup("B"),
            ),
            (
                FetActivity(7, "С/п", ("T",), ("A", "B"), 2, ("lab",)),
                FetActivity(8, "С-п", (), ("a",)),
                FetActivity(9, "С-п", (), ("a",), active=False),
                FetActivity(10, "С-п", (), ()),
            ),
            (FetPlace(7, 1, 0),),
        ) == read_fet(SMALL.encode())

    def test_a_byte_order_mark_is_no_text(self) -> None:
        """FET writes one; with it and without it the file is the same."""
        assert read_fet(SMALL.encode()) == read_fet(SMALL.encode("utf-8-sig"))

    def test_files_are_found_by_path(self, tmp_path: Path) -> None:
        """The input, and the solved timetable beside it."""
        (tmp_path / "s.fet").write_text(SMALL, "utf-8")
        (tmp_path / "s_activities.xml").write_text(
            "<Activities_Timetable>"
            "<Activity><Id>8</Id><Day>Mon</Day><Hour>1. 8:30</Hour></Activity>"
            "<Activity><Id>7</Id><Day></Day><Hour></Hour></Activity>"
            "</Activities_Timetable>",
            "utf-8",
        )
        assert (FetPlace(7, 1, 0),) == load_fet(tmp_path / "s.fet").places
        solved = load_fet(tmp_path / "s.fet", tmp_path / "s_activities.xml")
        assert (FetPlace(8, 0, 1),) == solved.places
        assert [7, 10] == [one.id for one in solved.unplaced]
        assert "С-п" == solved.activity(8).subject

    @pytest.mark.parametrize(
        ("old", "new", "says"),
        [
            (
                "<fet version",
                "<!DOCTYPE fet><fet version",
                "a document type declaration, which can smuggle in entities @ timetable.fet:2",
            ),
            ("</fet>", "", "not XML: no element found: line 43, column 0 @ timetable.fet:43:1"),
            (
                "<Number_of_Days>2",
                "<Number_of_Days>3",
                "another number of Day elements, expected 3, found 2 @ timetable.fet:5",
            ),
            ("<Day><Name>Tue", "<Day><Name>Mon", "Day 'Mon' is given 2 times @ timetable.fet:4"),
            ("<Day><Name>Tue", "<Day><Name>", "Day without a name @ timetable.fet:7"),
            ("Hours_List", "Hour_List", "missing list, expected Hours_List @ timetable.fet:2"),
            (
                "<Subject>С/п</Subject>",
                "<Subject>С/ц</Subject>",
                "unknown subject, found 'С/ц' @ timetable.fet:28. Did you mean 'С/п'?",
            ),
            (
                "<Teacher>T</Teacher>",
                "<Teacher>Tt</Teacher>",
                "unknown teacher, found 'Tt' @ timetable.fet:28. Did you mean 'T'?",
            ),
            (
                "<Students>B</Students>",
                "<Students>C</Students>",
                "unknown students, found 'C' @ timetable.fet:29",
            ),
            ("<Duration>2", "<Duration>two", "not a whole number, found 'two' @ timetable.fet:28"),
            (
                "<Duration>2",
                "<Duration>0",
                "not a duration, expected 1 or more, found 0 @ timetable.fet:28",
            ),
            (
                "<Duration>2",
                "<Duration>3",
                "activity 7 does not fit into its day, expected 3 hours from 0. 7:45, found 2 @ timetable.fet:35",
            ),
            ("<Id>8", "<Id>7", "activity 7 is given twice @ timetable.fet:30"),
            (
                "<Active>false</Active></Activity>",
                "<Active>nein</Active></Activity>",
                "Active is neither true nor false, expected true or false, found 'nein'",
            ),
            (
                "<Activity_Id>7",
                "<Activity_Id>77",
                "unknown activity, found '77' @ timetable.fet:35",
            ),
            (
                "<Preferred_Day>Tue",
                "<Preferred_Day>Wed",
                "unknown day, found 'Wed' @ timetable.fet:35",
            ),
            (
                "Hour>0. 7:45</Preferred",
                "Hour>7:45</Preferred",
                "unknown hour, found '7:45' @ timetable.fet:35",
            ),
            (">95<", ">high<", "not a weight, expected 0 … 100, found 'high' @ timetable.fet:37"),
            (">95<", ">100<", ""),
            ("<Activity_Id>8", "<Activity_Id>7", ""),
            ("<Year><Name>B", "<Year><Name>A", "Year 'A' is given twice @ timetable.fet:25"),
            ("<Year><Name>B", "<Year><Name>", "Year without a name @ timetable.fet:25"),
            (
                "<Number_of_Students>20",
                "<Number_of_Students>many",
                "not a whole number, found 'many' @ timetable.fet:21",
            ),
        ],
    )
    def test_every_fault_has_its_line(self, old: str, new: str, says: str) -> None:
        """Bad XML, lists that miss, references to nothing, numbers that are none, crowded days."""
        assert old in SMALL
        content = SMALL.replace(old, new).encode()
        if not says:
            assert read_fet(content).places
            return
        with pytest.raises(BadFile) as caught:
            read_fet(content)
        assert says in str(caught.value)

    def test_all_faults_come_at_once(self) -> None:
        """One attempt tells everything that is to be mended."""
        content = SMALL.replace("<Subject>С-п", "<Subject>x").replace("<Teacher>T", "<Teacher>y")
        with pytest.raises(BadFile) as caught:
            read_fet(content.encode(), "s.fet")
        assert ["s.fet:28", "s.fet:30", "s.fet:31", "s.fet:32"] == [
            problem.where for problem in caught.value.problems
        ]

    def test_a_subgroup_may_stand_in_a_group_of_two_years(self) -> None:
        """A group that two years share is one group with both, and its parts are counted once."""
        shared = "<Year><Name>B</Name><Group><Name>A1</Name><Subgroup><Name>a</Name></Subgroup></Group></Year>"
        found = read_fet(SMALL.replace("<Year><Name>B</Name></Year>", shared).encode())
        assert {"A1": ("A", "B"), "a": ("A1", "A2")} == {
            group.name: group.parents for group in found.groups if len(group.parents) > 1
        }

    def test_two_places_for_one_activity(self) -> None:
        """A contradiction, unless they are the same place said twice."""
        twice = SMALL.replace(">95<", ">100<").replace("<Activity_Id>8", "<Activity_Id>7")
        assert (FetPlace(7, 1, 0),) == read_fet(twice.encode()).places
        other = twice.replace("<Preferred_Day>Tue", "<Preferred_Day>Mon", 1)
        with pytest.raises(BadFile, match="activity 7 is put in two places, found Tue 0"):
            read_fet(other.encode())

    def test_entities_that_grow_without_end_are_refused(self) -> None:
        """The declaration is refused before anything grows."""
        bomb = '<!DOCTYPE f [<!ENTITY a "aaaaaaaaaa">'
        bomb += "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
        with pytest.raises(BadFile, match="document type declaration"):
            read_fet(f"{bomb}]><fet>&j;</fet>".encode())
        with pytest.raises(BadFile, match="nested deeper than 64"):
            read_fet(b"<fet>" + b"<a>" * 100_000)

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"", "not XML"),
            (b"PK\x03\x04", "not XML"),
            (b'<?xml version="1.0" encoding="UTF-9"?><fet/>', "not XML: unknown encoding"),
            (b"<timetable/>", "not a FET file, expected fet, found timetable @ timetable.fet:1"),
        ],
    )
    def test_other_files_are_refused(self, content: bytes, says: str) -> None:
        """An empty file, a packed one, another format."""
        with pytest.raises(BadFile, match=says):
            read_fet(content)

    def test_a_solved_timetable_must_be_one(self) -> None:
        """And must belong to the file that was solved."""
        small = read_fet(SMALL.encode())
        with pytest.raises(BadFile, match="expected Activities_Timetable, found fet"):
            place_fet(small, SMALL.encode())
        with pytest.raises(BadFile, match=r"unknown activity, found '99' @ activities\.xml:1"):
            place_fet(
                small,
                b"<Activities_Timetable><Activity><Id>99</Id><Day>Mon</Day><Hour>1. 8:30</Hour>"
                b"</Activity></Activities_Timetable>",
            )


class TestYears:
    def test_ids_are_made_of_names(self) -> None:
        """A stroke cannot stand in an id; two names that come to one id are numbered."""
        small = read_fet(SMALL.encode())
        year = over(small, weeks=(), anchor=None, lesson=timedelta(minutes=40), first_slot=0)
        assert {"С/п": "С-п", "С-п": "С-п (2)"} == year.subjects
        assert "С/п" == year.calendar.subject("С-п").title
        assert "A + B" == year.groups["A", "B"]
        assert ("A", "B") == year.calendar.classes_of("A + B")

    def test_one_week_has_no_cycle(self) -> None:
        """Both hours of the joined lesson, from hour 0, every Tuesday; nothing for the unplaced."""
        small = read_fet(SMALL.encode())
        year = over(small, weeks=(), anchor=None, lesson=timedelta(minutes=40), first_slot=0)
        found = list(year.lessons(until=date(2025, 9, 10)))
        assert year.calendar.cycle is None
        assert [(2, 0), (9, 0), (2, 1), (9, 1)] == [(one.at.day.day, one.at.slot) for one in found]
        assert {("A + B", "С-п", ("T",))} == {
            (one.group, one.subject, one.activity.teachers) for one in found
        }

    def test_what_is_inactive_or_nobodys_has_no_lessons(self) -> None:
        """An activity switched off, and one without students, though both have a place."""
        rows = "".join(
            f"<Activity><Id>{id}</Id><Day>Mon</Day><Hour>1. 8:30</Hour></Activity>"
            for id in (9, 10)
        )
        small = place_fet(
            read_fet(SMALL.encode()),
            f"<Activities_Timetable>{rows}</Activities_Timetable>".encode(),
        )
        year = over(small, weeks=(), anchor=None, lesson=timedelta(minutes=40))
        assert [] == list(year.lessons())

    def test_bells_and_weekdays_may_be_told(self) -> None:
        """Where names of hours say nothing, and where the week does not begin on Monday."""
        small = read_fet(SMALL.replace("0. 7:45", "first").replace("1. 8:30", "second").encode())
        bells = [(time(8), time(8, 45)), (time(9), time(9, 45))]
        year = over(small, weeks=(), anchor=None, lesson=None, bells=bells, weekdays=(7, 1))
        (first, *_) = year.lessons()
        assert "2025-09-01T08:00:00+03:00" == format_instant(first.at.starts, "Europe/Moscow")
        assert year.calendar.is_school_day("A", date(2025, 9, 7))

    @pytest.mark.parametrize(
        ("further", "says"),
        [
            ({"weeks": ("a", "b", "c")}, "days that do not make whole weeks, expected 3 times"),
            ({"weekdays": (1, 2)}, "days that do not make whole weeks, expected 2 times"),
            ({"weekdays": (1, 1), "weeks": ()}, "days that do not make whole weeks"),
            ({"lesson": None}, "no ends of lessons"),
            ({"bells": []}, "no ends of lessons"),
            ({"bells": [], "lesson": None}, "bells for other hours, expected 2 bells, found 0"),
            ({"lesson": timedelta(hours=16)}, "a lesson over midnight, found 08:30 and 16:00:00"),
        ],
    )
    def test_what_fet_does_not_know_must_be_told(self, further: dict, says: str) -> None:
        """Ends of lessons and weekdays are never guessed."""
        with pytest.raises(BadInput, match=says):
            over(read_fet(SMALL.encode()), **further)

    def test_hours_without_a_time(self) -> None:
        """Each is named."""
        nameless = read_fet(SMALL.replace("0. 7:45", "first").replace("1. 8:30", "25:00").encode())
        with pytest.raises(BadInput) as caught:
            over(nameless, weeks=(), anchor=None)
        assert ["'first'", "'25:00'"] == [problem.found for problem in caught.value.problems]

    def test_the_year_must_be_possible(self) -> None:
        """Lessons longer than the time between two hours overlap: the calendar refuses them."""
        with pytest.raises(BadCalendar, match="slots 1 and 2 overlap"):
            over(read_fet(SMALL.encode()), weeks=(), anchor=None)

    def test_groups_of_the_file_are_those_of_the_calendar(self) -> None:
        """Another name is unknown there, too."""
        small = read_fet(SMALL.encode())
        year = over(small, weeks=(), anchor=None, lesson=timedelta(minutes=40))
        assert ["A", "A + B", "A1", "A2", "B", "a"] == [group.id for group in year.calendar.groups]
        with pytest.raises(Unknown):
            year.calendar.group("A3")
