"""``edujournal tick``, as a host's cron runs it: on a store that carries its school, by the real clock."""

from __future__ import annotations

import json
import tomllib
from datetime import date, time
from pathlib import Path

import pytest

import edujournal as ej
from edujournal.adapters.schools import keep
from edujournal.adapters.stores.files import FileStore
from edujournal.cli import main
from edujournal.model.time import zone
from edujournal.testing.case_schools import school_of
from edujournal.testing.clocks import CountedSalts, StandingClock

CASES = Path(__file__).parents[1] / "cases"
REGULATION = str(CASES / "markers.toml")
#: A year that is over, whenever the tests run.
SCHOOL = """
days = "2021-09-01 to 2022-05-31"
zone = "Europe/Moscow"
year = "2021"
weeks = { five = [1, 2, 3, 4, 5] }
periods = { quarters = { q1 = "quarter 2021-09-01 to 2021-10-31" } }
holidays = { usual = { autumn = "2021-11-01 to 2021-11-07" } }
groups = { "7A" = "class grade 7" }
pupils = { "7A" = ["p-1", "p-2"] }
accounts = { t = "teaches 7A alg", mum = "guardian of p-1" }
lessons = { l1 = "7A alg 2021-09-15 09:00-09:45" }
"""


@pytest.fixture
def place(tmp_path):
    """The options that name a store in which two markers have ended or wait for a term."""
    problems = []
    school = school_of(tomllib.loads(SCHOOL), "school", problems)
    assert [] == problems
    store = FileStore(tmp_path / "store")
    keep(store, school)
    clock = StandingClock(zone("Europe/Moscow").at(date(2021, 9, 15), time(9, 10)))
    journals = ej.Journals(store, school, REGULATION, clock, CountedSalts())
    journals.record(ej.Marker(lesson="l1", pupil="p-1", code="INH"), by="t")
    journals.record(ej.Marker(lesson="l1", pupil="p-2", code="I"), by="t")
    return ["--store", f"file:{tmp_path / 'store'}", "--regulation", REGULATION]


def objects(text):
    """The JSON objects of the lines."""
    return [json.loads(line) for line in text.splitlines()]


def test_it_says_what_it_made_and_what_it_left(place, capsys):
    """One entry made, one marker without a known term, and reminders with keys; 1 for what is open."""
    assert 1 == main(["tick", *place, "--json"])
    found = objects(capsys.readouterr().out)
    made = [one for one in found if "made" in one]
    assert [
        {
            "made": "ended", "regulation": "markers", "clause": "M.2", "journal": "7A/alg/2021",
            "about": "lesson:l1", "pupil": "p-1", "since": "2021-09-30T00:00:00+03:00",
            "entry": 3, "decision": "accepted", "repeated": False,
        }
    ] == made  # fmt: skip
    left = [one for one in found if one.get("code") == "uncleared" and "reminder" not in one]
    assert [("p-2", "undecidable")] == [(one["pupil"], one["outcome"]) for one in left]
    told = [one for one in found if "reminder" in one]
    assert {"remark"} == {one["effect"] for one in told}
    assert len(told) == len({one["reminder"] for one in told})


def test_a_second_run_makes_nothing(place, capsys):
    """Cron may run it every night."""
    main(["tick", *place, "--json"])
    capsys.readouterr()
    main(["tick", *place, "--json"])
    assert [] == [one for one in objects(capsys.readouterr().out) if "made" in one]
    assert 0 == main(["verify", *place[:2]])


def test_an_earlier_moment_bounds_it(place, capsys):
    """``--at`` looks only at what was due by then; one that has not come is misuse."""
    main(["tick", *place, "--at", "2021-09-29T12:00:00+03:00", "--json"])
    assert [] == [one for one in objects(capsys.readouterr().out) if "made" in one]
    assert 2 == main(["tick", *place, "--at", "2221-09-29T12:00:00+03:00"])


@pytest.mark.parametrize(
    ("lang", "made", "left"),
    [("ru", "Внесено по сроку: 1, отказано: 0", "Срок не определён"),
     ("en", "Made by time: 1, refused: 0", "No term is known")],
)  # fmt: skip
def test_it_speaks_to_people(place, capsys, lang, made, left):
    """In both languages: how many entries, what was left, how many are to be told."""
    main(["tick", *place, "--lang", lang])
    out = capsys.readouterr().out
    assert made in out
    assert left in out


def test_a_pupils_debts_are_in_the_due_list_of_the_guardian(place, capsys):
    """B3: teacher and guardian both see what is to be cleared, and by when."""
    for account in ("t", "mum"):
        main(["due", account, *place, "--at", "2021-09-20T12:00:00+03:00", "--json"])
        found = objects(capsys.readouterr().out)
        assert [("p-1", "2021-09-30T00:00:00+03:00")] == [
            (one["pupil"], one["closes"]) for one in found if one["code"] == "uncleared"
        ]


def test_the_diary_shows_until_when_a_marker_is_to_be_cleared(place, capsys):
    """On the last day of its term, in the week of that day."""
    main(["diary", "p-1", *place, "--week", "2021-09-29", "--json"])
    assert [{"pupil": "p-1", "day": "2021-09-29", "journal": "7A/alg/2021", "about": "lesson:l1",
             "to_clear": "INH"}] == objects(capsys.readouterr().out)  # fmt: skip
    main(["diary", "p-1", *place, "--week", "2021-09-29", "--lang", "en"])
    assert "to be cleared by" in capsys.readouterr().out
