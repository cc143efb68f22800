"""Pupils of a special group should have a marker: it is suggested, and a person sets it."""

from __future__ import annotations

from datetime import date

import pytest

import edujournal as ej
from edujournal.views.suggested import suggested

PE = "7A/pe/2026"
SCHOOL = {
    "groups": {"7A.med": {"is": "subgroup of 7A", "profile": "special"}},
    "pupils": {
        "7A": {"p-3": False, "p-4": False},
        "7A.1": False,
        "7A.med": {"p-1": "2026-10-01 to 2026-12-31", "p-2": "from 2026-11-01"},
    },
    "accounts": {"pe": "teaches 7A pe"},
    "lessons": {"e1": "7A pe 2026-09-17 09:00-09:45"},
}
EXEMPT = {
    "code": "PEX",
    "title": {"ru": "освобождён", "en": "exempt"},
    "clause": "M.1",
    "aliases": ["med"],
    "suggested_for": {"profile": "special", "subject": "pe"},
}


@pytest.fixture
def desk(new_desk):
    """A school with a special group of physical education in a class."""
    return new_desk(school=SCHOOL, markers=[EXEMPT])


def found(desk, journal=PE):
    """What is suggested in a journal: pupil, code, group, days."""
    state = desk.journals.state(f"journal/{journal}")
    return [
        (one.pupil, one.code, one.group, one.since, one.until)
        for one in suggested(journal, state, desk.journals.facts(), [desk.regulation])
    ]


def test_who_belongs_to_the_group_should_have_it_for_these_days(desk):
    """In the subject that is named, and in no other."""
    assert [
        ("p-1", "PEX", "7A.med", date(2026, 10, 1), date(2027, 1, 1)),
        ("p-2", "PEX", "7A.med", date(2026, 11, 1), None),
    ] == found(desk)
    assert [] == found(desk, "7A/alg/2026")


def test_nothing_is_entered(desk):
    """A suggestion leaves the book as it was, and a pupil without the marker is no breach."""
    found(desk)
    assert [] == list(desk.journals.entries(f"journal/{PE}"))


def test_who_has_it_is_suggested_nothing(desk):
    """For all the days; one that ends before them is not enough. An alias is the marker itself."""
    draft = ej.Marker(journal=PE, pupil="p-1", code="med", since=date(2026, 10, 1),
                      until=date(2027, 1, 1))  # fmt: skip
    desk.write("2026-10-01 10:00", draft, by="pe")
    short = ej.Marker(journal=PE, pupil="p-2", code="PEX", until=date(2026, 12, 1))
    desk.write("2026-10-01 10:01", short, by="pe")
    assert ["p-2"] == [row[0] for row in found(desk)]


def test_the_journal_of_the_special_group_suggests_nothing(desk):
    """Who is taught there is not exempt from it."""
    assert [] == found(desk, "7A.med/pe/2026")


def test_days_that_never_meet_suggest_nothing(new_desk):
    """A pupil who left the class before joining the group is none of its journal's."""
    pupils = {**SCHOOL["pupils"], "7A": {"p-1": "to 2026-09-30", "p-3": False, "p-4": False}}
    desk = new_desk(school={**SCHOOL, "pupils": pupils}, markers=[EXEMPT])
    assert ["p-2"] == [row[0] for row in found(desk)]


def test_a_class_with_the_profile_is_meant_itself(new_desk):
    """Where a whole class is meant, its own journal suggests it."""
    marker = {**EXEMPT, "suggested_for": {"grade": 7, "subject": "pe"}}
    desk = new_desk(school=SCHOOL, markers=[marker])
    assert [("p-1", "7A"), ("p-2", "7A")] == [(row[0], row[2]) for row in found(desk)]
