"""Which journals a school has: those with a lesson, and those with a teacher in their own year."""

from __future__ import annotations

import json
from datetime import date

import pytest

from edujournal.adapters.schools.documents import from_plain, to_plain
from edujournal.model.ids import JournalId
from edujournal.model.people import meets
from edujournal.samples.generated import Size, generate_one

SINCE, UNTIL = date(2026, 9, 1), date(2027, 6, 1)


def of_two_years(since, until):
    """The facts of a school whose classes are there in 2026 and in 2027; of its teachers one is left."""
    plain = to_plain(generate_one(1, 1, Size(classes=1, pupils=4, days=1)).school)
    (frame,) = plain["calendars"]
    later = json.dumps(frame).replace("2027", "2028").replace("2026", "2027")
    taught = {"account": plain["accounts"][0]["id"], "group": "5A", "subject": "alg"}
    taught["role"] = "teacher"
    for name, day in (("since", since), ("until", until)):
        if day is not None:
            taught[name] = day.isoformat()
    rows = {"calendars": [frame, json.loads(later)], "lessons": [], "assignments": [taught]}
    return from_plain(plain | rows).facts()


@pytest.mark.parametrize(
    ("since", "until", "has"),
    [
        (None, None, {"2026", "2027"}),
        (SINCE, UNTIL, {"2026"}),
        (UNTIL, None, {"2027"}),
        (date(2027, 5, 31), date(2027, 9, 1), {"2026"}),
        (date(2027, 5, 31), date(2027, 9, 2), {"2026", "2027"}),
    ],
)
def test_a_teacher_makes_a_journal_only_in_years_in_which_it_is_taught(since, until, has):
    """A class that is there in two years owes nothing in a year in which nobody taught it the subject."""
    assert {JournalId("5A", "alg", year) for year in has} == of_two_years(since, until).journals()


def test_spans_meet_where_they_share_a_day():
    """The day after the last one is not in a span."""
    assert meets(None, None, SINCE, UNTIL)
    assert meets(None, date(2026, 9, 2), SINCE, UNTIL)
    assert not meets(None, SINCE, SINCE, UNTIL)
    assert not meets(UNTIL, None, SINCE, UNTIL)
