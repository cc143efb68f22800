"""A calendar as plain data: exact both ways, and every fault with its path."""

from __future__ import annotations

import json
import tomllib
from datetime import date, time
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edujournal.errors import BadCalendar
from edujournal.model.calendar import Bell, BellRule, BellSchedule, Calendar, Cycle, Subject
from edujournal.model.calendar_plain import from_plain, to_plain

TOML = """
school = "s"
year = "2026"
zone = "Europe/Moscow"
since = 2026-09-01
until = "2027-09-01"
staff_week = "six"
closed = [2026-11-04]
cancelled = ["2027-01-18"]
groups = [
    { id = "7A", kind = "class", grade = 7, periods = "q", holidays = "h", week = "five" },
    { id = "en1", kind = "subgroup", parents = ["7A"], periods = "q", holidays = "h", week = "five" },
]
subjects = [{ id = "alg", title = "Алгебра", tags = ["science"], weekly_hours = "3.5" }]
weeks = [{ id = "five", days = [1, 2, 3, 4, 5] }, { id = "six", days = [1, 2, 3, 4, 5, 6] }]
bell_rules = [{ schedule = "usual" }, { schedule = "usual", weekdays = [6], dates = [2026-09-05], shift = 2 }]

[moved]
2026-09-05 = 2026-09-07

[cycle]
days = ["A", "B"]
anchor = 2026-08-31

[[period_systems]]
id = "q"
periods = [{ id = "q1", kind = "quarter", index = 1, since = 2026-09-01, until = 2026-10-26 }]

[[holiday_sets]]
id = "h"
holidays = [{ id = "autumn", since = 2026-10-26, until = 2026-11-03 }]

[[schedules]]
id = "usual"
bells = [{ slot = 0, starts = 07:45:00, ends = "08:25" }, { slot = 1, starts = "08:30:00.5", ends = "09:15" }]
"""


@pytest.fixture
def calendar() -> Calendar:
    """The calendar that the TOML text tells."""
    return from_plain(tomllib.loads(TOML))


def test_toml_reads_as_it_is_written(calendar: Calendar) -> None:
    """Dates and times may be TOML's own or texts; what is left out has its default."""
    assert (date(2026, 9, 1), date(2027, 9, 1)) == (calendar.since, calendar.until)
    assert (BellRule("usual"), BellRule("usual", [6], 2, [date(2026, 9, 5)])) == calendar.bell_rules
    bells = (Bell(0, time(7, 45), time(8, 25)), Bell(1, time(8, 30, 0, 500_000), time(9, 15)))
    assert (BellSchedule("usual", bells),) == calendar.schedules
    assert ((date(2026, 9, 5), date(2026, 9, 7)),) == calendar.moved
    assert Cycle(["A", "B"], anchor=date(2026, 8, 31)) == calendar.cycle
    assert ("7A",) == calendar.group("en1").parents
    assert Subject("alg", "Алгебра", ["science"], weekly_hours="3.5") == calendar.subject("alg")


def test_plain_data_is_what_json_says(calendar: Calendar) -> None:
    """It goes through JSON unchanged, and back to an equal calendar."""
    plain = to_plain(calendar)
    assert plain == json.loads(json.dumps(plain))
    assert calendar == from_plain(json.loads(json.dumps(plain)))


def test_plain_data_is_pinned(calendar: Calendar) -> None:
    """Digests are made of it: dates are ISO, sets are ordered, defaults are left out."""
    assert {
        "school": "s",
        "year": "2026",
        "zone": "Europe/Moscow",
        "since": "2026-09-01",
        "until": "2027-09-01",
        "groups": [
            {
                "id": "7A",
                "kind": "class",
                "grade": 7,
                "periods": "q",
                "holidays": "h",
                "week": "five",
            },
            {
                "id": "en1",
                "kind": "subgroup",
                "parents": ["7A"],
                "periods": "q",
                "holidays": "h",
                "week": "five",
            },
        ],
        "subjects": [{"id": "alg", "title": "Алгебра", "tags": ["science"], "weekly_hours": "3.5"}],
        "period_systems": [
            {
                "id": "q",
                "periods": [
                    {
                        "id": "q1",
                        "kind": "quarter",
                        "index": 1,
                        "since": "2026-09-01",
                        "until": "2026-10-26",
                    }
                ],
            }
        ],
        "holiday_sets": [
            {
                "id": "h",
                "holidays": [{"id": "autumn", "since": "2026-10-26", "until": "2026-11-03"}],
            }
        ],
        "weeks": [
            {"id": "five", "days": [1, 2, 3, 4, 5]},
            {"id": "six", "days": [1, 2, 3, 4, 5, 6]},
        ],
        "staff_week": "six",
        "schedules": [
            {
                "id": "usual",
                "bells": [
                    {"slot": 0, "starts": "07:45", "ends": "08:25"},
                    {"slot": 1, "starts": "08:30:00.500000", "ends": "09:15"},
                ],
            }
        ],
        "bell_rules": [
            {"schedule": "usual"},
            {"schedule": "usual", "weekdays": [6], "shift": 2, "dates": ["2026-09-05"]},
        ],
        "closed": ["2026-11-04"],
        "cancelled": ["2027-01-18"],
        "moved": {"2026-09-05": "2026-09-07"},
        "cycle": {"days": ["A", "B"], "anchor": "2026-08-31"},
    } == to_plain(calendar)


def test_sets_are_ordered(calendar: Calendar) -> None:
    """Whatever order the hash of a run gives them."""
    tags = [f"t{n}" for n in range(50)]
    rules = [BellRule("usual", cycle_days=tags)]
    many = attrs.evolve(
        calendar,
        subjects=[Subject("alg", tags=tags)],
        cycle=Cycle(tags, anchor=date(2026, 8, 31)),
        bell_rules=rules,
    )
    assert sorted(tags) == to_plain(many)["subjects"][0]["tags"]
    assert sorted(tags) == to_plain(many)["bell_rules"][0]["cycle_days"]
    assert tags == to_plain(many)["cycle"]["days"]


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("year",), 2026, "wrong type of value, expected text, found 2026 @ $.year"),
        (("since",), "2026-02-30", "expected a date that exists, found '2026-02-30' @ $.since"),
        (("since",), "20260901", "expected a date such as 2026-09-01, found '20260901' @ $.since"),
        (("groups", 0, "shift"), "1", "expected a whole number, found '1' @ $.groups[0].shift"),
        (("groups", 0, "shift"), True, "expected a whole number, found True @ $.groups[0].shift"),
        (("groups", 0, "grade"), 7.0, "expected a whole number, found 7.0 @ $.groups[0].grade"),
        (("groups", 0, "parents"), "7B", "expected a list, found '7B' @ $.groups[0].parents"),
        (("groups", 0, "garde"), 7, "unknown field @ $.groups[0].garde. Did you mean 'grade'?"),
        (
            ("groups", 1),
            "7B",
            "expected an object with the fields of Group, found '7B' @ $.groups[1]",
        ),
        (
            ("subjects", 0, "attendance"),
            1,
            "expected true or false, found 1 @ $.subjects[0].attendance",
        ),
        (("subjects", 0, "weekly_hours"), 3.5, "found 3.5 @ $.subjects[0].weekly_hours"),
        (
            ("subjects", 0, "weekly_hours"),
            "x",
            "not a number of hours, expected such as 1.5, found 'x' @ $.subjects[0]",
        ),
        (
            ("schedules", 0, "bells", 1, "ends"),
            "24:00",
            "expected a time that exists, found '24:00' @ $.schedules[0].bells[1].ends",
        ),
        (
            ("schedules", 0, "bells", 1, "ends"),
            "9:15",
            "expected a time of day such as 08:30, found '9:15' @ $.schedules[0].bells[1].ends",
        ),
        (
            ("weeks", 0, "days", 2),
            "Wed",
            "expected a whole number, found 'Wed' @ $.weeks[0].days[2]",
        ),
        (("moved",), [], "expected an object of dates, found [] @ $.moved"),
        (
            ("moved", "2026-09-12"),
            "x",
            "expected a date such as 2026-09-01, found 'x' @ $.moved['2026-09-12']",
        ),
        (
            ("moved", "Saturday"),
            "2026-09-07",
            "expected a date such as 2026-09-01, found 'Saturday' @ $.moved['Saturday']",
        ),
        (
            ("cycle", "anchor"),
            "2026-09-01",
            "not the start of a week, expected a Monday, found 2026-09-01 @ $.cycle.anchor",
        ),
        (
            ("zone",),
            "Europe/Moskow",
            "unknown time zone 'Europe/Moskow' @ $.zone. Did you mean 'Europe/Moscow'?",
        ),
        (("kind",), "x", "unknown field @ $.kind. Known are school, year, zone"),
    ],
)
def test_every_fault_has_its_path(
    calendar: Calendar, path: tuple[Any, ...], value: Any, says: str
) -> None:
    """One wrong value is one fault: where it stands, what was expected, what was found."""
    plain: Any = to_plain(calendar)
    place = plain
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(BadCalendar) as caught:
        from_plain(plain)
    assert 1 == len(caught.value.problems), caught.value
    assert says in str(caught.value)


def test_all_faults_come_at_once(calendar: Calendar) -> None:
    """Missing, unknown and mistyped fields, wherever they stand, in one answer."""
    plain: Any = to_plain(calendar)
    del plain["zone"], plain["groups"][0]["week"]
    plain["groups"][1]["shift"] = "second"
    plain["period_systems"][0]["periods"][0]["until"] = None
    with pytest.raises(BadCalendar) as caught:
        from_plain(plain)
    assert [
        "$.groups[0].week",
        "$.groups[1].shift",
        "$.period_systems[0].periods[0].until",
        "$.zone",
    ] == sorted(problem.where for problem in caught.value.problems)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["2026-09-05", "2026-13-01", "08:30", "7A", "q", "five", "1e999"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=4,
)


@given(st.data())
def test_whatever_is_read_is_a_calendar_or_refused(data: st.DataObject) -> None:
    """Any value in any place gives a calendar that can be written again, or BadCalendar."""
    plain: Any = to_plain(from_plain(tomllib.loads(TOML)))
    for _ in range(data.draw(st.integers(1, 3))):
        place = plain
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                break
            key = data.draw(st.sampled_from(keys))
            inner = place[key]
            if not isinstance(inner, (dict, list)) or data.draw(st.booleans()):
                place[key] = data.draw(JSON)
                break
            place = inner
    try:
        read = from_plain(plain)
    except BadCalendar:
        return
    assert read == from_plain(to_plain(read))


@pytest.mark.parametrize("value", [None, [], "calendar"])
def test_what_is_no_object_is_refused(value: Any) -> None:
    """A file that holds something else than a calendar is answered, too."""
    with pytest.raises(BadCalendar, match="an object with the fields of Calendar"):
        from_plain(value)
