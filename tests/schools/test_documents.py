"""A school as a document: what is written is read, and what cannot be is told with its path."""

from __future__ import annotations

import copy
import json
import tomllib
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given, settings

import edujournal as ej
from edujournal.adapters.schools import (
    PlainSchool,
    dump_plain,
    from_plain,
    load_plain,
    to_plain,
)
from edujournal.adapters.schools.documents import from_json, replace_file, to_json, to_toml
from edujournal.testing.odd_schools import plain_schools

NAIVE = datetime(2026, 9, 15)  # noqa: DTZ001 - that is its fault

PLAIN = {
    "format": 1,
    "id": "s-1",
    "lacks": ["comment"],
    "calendars": [
        {
            "year": "2026",
            "zone": "Europe/Moscow",
            "since": "2026-09-01",
            "until": "2027-06-01",
            "groups": [{"id": "7A", "kind": "class", "periods": "p", "holidays": "h", "week": "w"}],
            "subjects": [{"id": "alg"}],
            "period_systems": [{"id": "p", "periods": []}],
            "holiday_sets": [{"id": "h", "holidays": []}],
            "weeks": [{"id": "w", "days": [1, 2, 3, 4, 5]}],
            "staff_week": "w",
        }
    ],
    "accounts": [
        {
            "id": "t-1",
            "person": "x",
            "roles": ["teacher", {"role": "deputy", "since": "2026-09-01"}],
            "since": "2020-01-01",
            "pupils": ["p-1"],
        }
    ],
    "memberships": [{"pupil": "p-1", "group": "7A", "since": "2026-09-01", "until": "2027-01-01"}],
    "assignments": [{"account": "t-1", "group": "7A", "subject": "alg"}],
    "lessons": [
        {
            "id": "l1",
            "group": "7A",
            "subject": "alg",
            "day": "2026-09-15",
            "slot": 1,
            "starts": "08:30",
            "ends": "09:15:30",
            "year": "2026",
            "before": [
                {
                    "until": "2026-09-10T12:00:00+03:00",
                    "day": "2026-09-14",
                    "slot": 2,
                    "starts": "09:25",
                    "ends": "2026-09-14T10:10:00+03:00",
                }
            ],
        }
    ],
    "names": [{"kind": "pupil", "id": "p-1", "name": "Анна"}],
}


def spoilt(*changes):
    """The plain form with other values at some paths; ``...`` takes one away."""
    found = copy.deepcopy(PLAIN)
    for path, value in changes:
        *way, last = path.split(".")
        place = found
        for step in way:
            place = place[int(step)] if isinstance(place, list) else place[step]
        key = int(last) if isinstance(place, list) else last
        if value is ...:
            del place[key]
        else:
            place[key] = value
    return found


def told(call):
    """Where each fault is, and what it is."""
    with pytest.raises(ej.BadInput) as caught:
        call()
    return [(one.where, one.what) for one in caught.value.problems]


@pytest.mark.counted
@settings(max_examples=settings().max_examples // 4)
@given(school=plain_schools())
def test_a_school_of_any_shape_comes_back_from_either_form(school):
    """JSON and TOML say the same, and equal schools have equal bytes."""
    plain = to_plain(school)

    assert school == from_plain(plain)
    assert to_json(school) == to_json(from_json(to_json(school)))
    assert plain == to_plain(from_plain(tomllib.loads(to_toml(plain))))


def test_values_of_toml_and_of_json_are_the_same_values():
    """Dates and times may be those of TOML; an instant may stand for a local time."""
    moscow = ZoneInfo("Europe/Moscow")
    same = spoilt(
        ("lessons.0.day", date(2026, 9, 15)),
        ("lessons.0.starts", time(8, 30)),
        ("lessons.0.ends", datetime(2026, 9, 15, 9, 15, 30, tzinfo=moscow)),
        ("memberships.0.since", date(2026, 9, 1)),
    )

    assert from_plain(PLAIN) == from_plain(same)
    assert from_plain(PLAIN) == from_json(json.dumps(PLAIN).encode("utf-8-sig"))


@pytest.mark.parametrize(
    ("changes", "where", "what"),
    [
        ([("format", 2)], "$.format", "an unknown format"),
        ([("format", True)], "$.format", "an unknown format"),
        ([("id", ...)], "$.id", "no id of the school"),
        ([("id", 5)], "$.id", "no id of the school"),
        ([("acounts", [])], "$.acounts", "unknown field"),
        ([("weather", "fine")], "$.weather", "unknown field"),
        ([("lessons", {})], "$.lessons", "wrong type of value"),
        ([("calendars.0", 5)], "$.calendars[0]", "wrong type of value"),
        (
            [("calendars.0.zone", "Europe/Moskow")],
            "$.calendars[0].zone",
            "unknown time zone 'Europe/Moskow'",
        ),
        ([("lacks.0", 5)], "$.lacks[0]", "wrong type of value"),
        ([("lessons.0", "l1")], "$.lessons[0]", "wrong type of value"),
        ([("lessons.0.id", ...)], "$.lessons[0].id", "missing field"),
        ([("lessons.0.dya", "x")], "$.lessons[0].dya", "unknown field"),
        ([("lessons.0.weather", "x")], "$.lessons[0].weather", "unknown field"),
        ([("lessons.0.id", 5)], "$.lessons[0].id", "wrong type of value"),
        ([("lessons.0.slot", "1")], "$.lessons[0].slot", "wrong type of value"),
        ([("lessons.0.cancelled", 1)], "$.lessons[0].cancelled", "wrong type of value"),
        ([("lessons.0.day", "15.09.2026")], "$.lessons[0].day", "wrong type of value"),
        ([("lessons.0.day", "2026-09-31")], "$.lessons[0].day", "wrong type of value"),
        ([("lessons.0.starts", "25:00")], "$.lessons[0].starts", "wrong type of value"),
        ([("lessons.0.starts", 830)], "$.lessons[0].starts", "wrong type of value"),
        (
            [("lessons.0.starts", "2026-09-15T08:30:00")],
            "$.lessons[0].starts",
            "instant without an offset",
        ),
        ([("lessons.0.starts", NAIVE)], "$.lessons[0].starts", "naive datetime"),
        ([("lessons.0.ends", "08:00")], "$.lessons[0]", "a lesson ends before it starts"),
        ([("lessons.0.before", {})], "$.lessons[0].before", "wrong type of value"),
        ([("lessons.0.before.0", 5)], "$.lessons[0].before[0]", "wrong type of value"),
        (
            [("lessons.0.before.0.until", "2026-09-10")],
            "$.lessons[0].before[0].until",
            "not an instant",
        ),
        (
            [("lessons.0.year", ...), ("lessons.0.day", "2028-09-15")],
            "$.lessons[0].day",
            "a day outside the school's years",
        ),
        ([("lessons.0.year", "2030")], "$.lessons[0].year", "unknown academic year"),
        (
            [("lessons.0.year", "2026"), ("lessons.0.day", "2028-09-15")],
            "lessons.l1.day",
            "a day outside the year '2026'",
        ),
        ([("lessons.0.group", "7B")], "lessons.l1.group", "unknown group in the year '2026'"),
        (
            [("lessons.0.subject", "geo")],
            "lessons.l1.subject",
            "unknown subject in the year '2026'",
        ),
        ([("lessons.0.slot", -1)], "lessons.l1.slot", "not a slot"),
        (
            [("lessons.0.starts", "2026-09-14T08:30:00+03:00")],
            "lessons.l1.starts",
            "a lesson that starts on another day",
        ),
        ([("accounts.0", [])], "$.accounts[0]", "wrong type of value"),
        ([("accounts.0.id", "a/b")], "$.accounts[0]", "not a account"),
        ([("accounts.0.roles.1", 5)], "$.accounts[0].roles[1]", "wrong type of value"),
        ([("accounts.0.roles.1.rloe", 5)], "$.accounts[0].roles[1].rloe", "unknown field"),
        (
            [("accounts.0.roles.1.until", "2026-01-01")],
            "accounts.t-1.roles.deputy",
            "a stretch without a day",
        ),
        ([("accounts.0.roles.0", "a/b")], "accounts.t-1.roles", "not a role"),
        ([("accounts.0.until", "2019-01-01")], "accounts.t-1", "a stretch without a day"),
        ([("accounts.0.pupils.0", 5)], "$.accounts[0].pupils[0]", "wrong type of value"),
        ([("memberships.0", 5)], "$.memberships[0]", "wrong type of value"),
        ([("memberships.0.pupil", ...)], "$.memberships[0].pupil", "missing field"),
        ([("memberships.0.group", "7B")], "memberships.7B.p-1.group", "unknown group"),
        ([("memberships.0.until", "2026-09-01")], "memberships.7A.p-1", "a stretch without a day"),
        (
            [("memberships.0.since", "2028-09-01"), ("memberships.0.until", ...)],
            "memberships.7A.p-1",
            "group '7A' is in no year of these dates",
        ),
        ([("assignments.0", 5)], "$.assignments[0]", "wrong type of value"),
        (
            [("assignments.0.subject", "geo")],
            "assignments.7A.geo.t-1.subject",
            "unknown subject in the year '2026'",
        ),
        ([("names.0", 5)], "$.names[0]", "wrong type of value"),
        ([("names.0.kind", "pupl")], "names.pupl.p-1", "unknown kind of name"),
        ([("names.0.name", " ")], "names.pupil.p-1", "not a name"),
        ([("names", PLAIN["names"] * 2)], "$.names[1]", "pupil 'p-1' is named twice"),
        ([("lacks.0", "coment")], "lacks", "unknown kind of record"),
        ([("calendars", PLAIN["calendars"] * 2)], "calendars", "year '2026' is given 2 times"),
        ([("accounts", PLAIN["accounts"] * 2)], "accounts", "account 't-1' is given 2 times"),
        ([("lessons", PLAIN["lessons"] * 2)], "lessons.l1", "lesson 'l1' is given twice"),
    ],
)
def test_what_cannot_be_is_told_with_its_path(changes, where, what):
    """One fault, one place; the same path that a reader of the document would follow."""
    assert [(where, what)] == told(lambda: from_plain(spoilt(*changes)))


def test_every_fault_is_told_at_once():
    """Types first, over all arrays; what contradicts itself when all can be read."""
    plain = spoilt(
        ("accounts.0.id", 5), ("lessons.0.day", "soon"), ("memberships.0.group", ...),
        ("names.0.kind", 1),
    )  # fmt: skip

    assert [
        ("$.accounts[0].id", "wrong type of value"),
        ("$.memberships[0].group", "missing field"),
        ("$.lessons[0].day", "wrong type of value"),
        ("$.names[0].kind", "wrong type of value"),
    ] == told(lambda: from_plain(plain))


def test_states_of_a_moved_lesson_come_the_oldest_first():
    """A timetable that was changed twice says so in the order of time."""
    older = {**PLAIN["lessons"][0]["before"][0], "until": "2026-09-01T12:00:00+03:00"}
    plain = spoilt(("lessons.0.before", [*PLAIN["lessons"][0]["before"], older]))

    assert [("lessons.l1.before", "earlier states out of order")] == told(lambda: from_plain(plain))


def test_a_lookalike_is_named_as_one():
    """A Cyrillic letter in the place of a Latin one cannot be seen; it is told."""
    plain = spoilt(("memberships.0.group", "7А"))
    with pytest.raises(ej.BadInput, match="looks the same and is known") as caught:
        from_plain(plain)

    assert "'7A' (LATIN)" in caught.value.problems[0].mend


def test_a_school_made_by_hand_is_judged_as_one_that_was_read():
    """The same faults without a document: years of another school, a year that nobody knows."""
    school = from_plain(PLAIN)
    (calendar,), (lesson,) = school.calendars(), school.lessons()

    assert [("calendars.2026.school", "a calendar of another school")] == told(
        lambda: PlainSchool("s-2", [calendar])
    )
    assert [
        ("id", "not a school"),
        ("calendars.2026.school", "a calendar of another school"),
    ] == told(lambda: PlainSchool("s/2", [calendar]))
    assert [("lessons.l1.year", "unknown academic year")] == told(
        lambda: PlainSchool("s-1", [calendar], [evolve(lesson, year="2030")])
    )


# -- files -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["school.json", "school.toml"])
def test_a_file_is_read_as_it_was_written(tmp_path, name):
    """Both suffixes, and a folder with the one file in it."""
    school = from_plain(PLAIN)
    dump_plain(school, tmp_path / name)

    assert school == load_plain(tmp_path / name)
    assert school == load_plain(tmp_path)
    assert [name] == [path.name for path in tmp_path.iterdir()]


def test_a_folder_of_several_files_is_one_school(tmp_path):
    """Lessons may stand beside people; what is stated twice is told."""
    people = {name: PLAIN[name] for name in ("format", "id", "lacks", "calendars", "names")}
    rest = {name: PLAIN[name] for name in PLAIN if name not in people}
    (tmp_path / "people.toml").write_text(to_toml(people), "utf-8")
    (tmp_path / "rest.toml").write_text(to_toml({**rest, "calendars": []}), "utf-8")
    assert from_plain(PLAIN) == load_plain(tmp_path)

    (tmp_path / "more.toml").write_text('id = "s-2"\n', "utf-8")
    assert [("people.toml.id", "stated twice, also in more.toml.id")] == told(
        lambda: load_plain(tmp_path)
    )


@pytest.mark.parametrize(
    ("name", "content", "where", "what"),
    [
        ("x.toml", b"id = ", "x.toml", "not TOML"),
        ("x.toml", b'id = "\xff"', "x.toml: byte 6", "not UTF-8"),
        ("x.json", b"{", "x.json", "not JSON"),
        ("x.json", b'{"id": "\xff"}', "x.json: byte 8", "not UTF-8"),
        ("x.json", b'{"id": 1, "id": 2}', "x.json: 'id'", "not JSON: a field given twice"),
        ("x.json", b'{"id": NaN}', "x.json", "not JSON"),
        ("x.json", b"[]", "x.json", "wrong type of value"),
        ("x.yaml", b"", "x.yaml", "not a format of a school's data"),
        ("x.json", b'{"id": 5}', "x.json.id", "no id of the school"),
    ],
)
def test_a_file_that_is_no_school_is_told(tmp_path, name, content, where, what):
    """Byte, file and path are named; the error is that of a bad file."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ej.BadFile) as caught:
        load_plain(tmp_path / name)

    assert (where, what) == (caught.value.problems[0].where, caught.value.problems[0].what)


def test_what_is_not_there_is_told(tmp_path):
    """A missing file, an empty folder, a suffix that says nothing, a folder that is not there."""
    with pytest.raises(ej.BadFile, match="cannot be read"):
        load_plain(tmp_path / "none.toml")
    with pytest.raises(ej.BadFile, match="no school in this folder"):
        load_plain(tmp_path)
    school = from_plain(PLAIN)
    with pytest.raises(ej.BadInput, match="not a format"):
        dump_plain(school, tmp_path / "school.yaml")
    with pytest.raises(OSError, match="No such file"):
        dump_plain(school, tmp_path / "nowhere" / "school.json")


def test_a_write_that_fails_leaves_the_old_file(tmp_path):
    """A reader sees the old one or the new one, and no scrap is left behind."""
    place = tmp_path / "school.json"
    replace_file(place, b"old")
    with pytest.raises(TypeError):
        replace_file(place, "text")  # type: ignore[arg-type]

    assert b"old" == place.read_bytes()
    assert [place] == list(tmp_path.iterdir())
