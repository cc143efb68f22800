"""Reminders that climb, and what the year's set-up lacks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

import edujournal as ej
from edujournal.model.people import Account, Assignment, RoleSpan

CLOSES = datetime(2026, 9, 15, 21, 0, tzinfo=UTC)  # the end of Tuesday in Moscow


def roles(journals, at):
    """Roles that are told of the roll of lesson l1, with the accounts."""
    return {
        one.role: sorted(one.accounts)
        for one in journals.reminders(at)
        if one.finding.about == "lesson:l1" and one.finding.clause == "2.9"
    }


@pytest.fixture
def climbing(journals, school):
    """A school with a deputy."""
    school.rows["accounts"].append(Account("deputy", roles=(RoleSpan("deputy"),)))
    return journals


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 9, 15, 5, 59, tzinfo=UTC), {}),
        (datetime(2026, 9, 15, 6, 0, tzinfo=UTC), {"teacher": ["t-1"]}),
        (CLOSES + timedelta(days=1), {"teacher": ["t-1"]}),
        (datetime(2026, 9, 17, 21, 0, tzinfo=UTC), {"teacher": ["t-1"], "homeroom": ["t-3"]}),
        (
            datetime(2026, 9, 21, 21, 0, tzinfo=UTC),
            {"teacher": ["t-1"], "homeroom": ["t-3"], "deputy": ["deputy"]},
        ),
        (
            datetime(2026, 9, 23, 21, 0, tzinfo=UTC),
            {"teacher": ["t-1"], "homeroom": ["t-3"], "deputy": ["deputy"], "head": ["head"]},
        ),
    ],
)
def test_reminders_climb_by_working_days(climbing, at, expected):
    """The teacher is told first; one, three, five working days later homeroom, deputy, head."""
    assert expected == roles(climbing, at)


def test_what_is_recorded_reminds_nobody(climbing, clock):
    """A roll taken ends the ladder, also when it was late."""
    clock.at = CLOSES + timedelta(days=2)
    climbing.record(ej.RollCall(lesson="l1"), by="t-1")
    assert {} == roles(climbing, CLOSES + timedelta(days=30))


def test_the_same_step_has_the_same_key(climbing):
    """A notifier can tell what it has sent already."""
    early = {one.key for one in climbing.reminders(CLOSES)}
    late = {one.key for one in climbing.reminders(CLOSES + timedelta(days=9))}
    assert early < late


def test_the_set_up_names_what_it_lacks(journals, school):
    """Bells and nothing else lack in the small school; a journal loses its teacher, a class its roll."""
    assert {("bells", "no-bells", "2026")} == {
        (gap.section, gap.what, gap.about) for gap in journals.setup_gaps("2026")
    }
    school.rows["assignments"] = [Assignment("t-1", "7A", "alg", since=date(2026, 9, 16))]
    school.rows["memberships"] = school.rows["memberships"][:-1]
    school.rows["accounts"] = [one for one in school.rows["accounts"] if one.id != "head"]
    found = {(gap.what, gap.about) for gap in journals.setup_gaps("2026")}
    assert found == {
        ("no-bells", "2026"), ("no-teacher", "7A/alg/2026"), ("no-teacher", "7A.1/alg/2026"),
        ("no-roll", "7A.1"), ("no-administration", "s-1"),
    }  # fmt: skip


def test_an_unknown_year_has_no_set_up(journals):
    """Asking for a year that the school does not know is an error."""
    with pytest.raises(ej.Unknown, match="academic year"):
        journals.setup_gaps("2030")
