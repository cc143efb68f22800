"""The control report: counts by account and clause that add up, and shares of what can be decided."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edujournal.errors import BadInput
from edujournal.rules.verdicts import Effect, Finding, Outcome, Severity
from edujournal.views.control import control_days, control_report

HOUR = 3_600_000_000


def finding(outcome, clause="2.9", by="t-1", hands=(), late=None):
    """A finding of one entry, or of what lacks."""
    return Finding(
        "after-close", "r", clause, Severity.MUST, outcome, Effect.REMARK, "journal/7A/alg/2026",
        "lesson:l", None, "roll", closes=10 * HOUR, lo=None if late is None else 10 * HOUR + late,
        by=by, hands=frozenset(hands), entry=None if by is None else 1,
    )  # fmt: skip


def row(rows, account, clause=None):
    """The row of an account and a clause."""
    return next(one for one in rows if (one.account, one.clause) == (account, clause))


def test_what_is_recorded_counts_for_the_hand_and_what_lacks_for_those_who_owe_it():
    """Three in time, one late, one missing that two owe."""
    rows = control_report(
        [
            *(finding(Outcome.MET) for _ in range(3)),
            finding(Outcome.LATE, late=2 * HOUR),
            finding(Outcome.MISSING, by=None, hands=("t-1", "t-2")),
            finding(Outcome.UNDECIDABLE, clause="2.11"),
            finding(Outcome.EXCUSED, clause="2.11", by="t-2"),
            finding(Outcome.MISSING, clause="2.2", by=None),
        ]
    )
    assert (Fraction(3, 5), 2 * HOUR) == (row(rows, "t-1").punctual, row(rows, "t-1").median_delay)
    assert Fraction(1, 2) == row(rows, "t-2").punctual
    assert None is row(rows, "t-1", "2.11").punctual
    assert None is row(rows, "t-2").median_delay
    assert Fraction(4, 7) == row(rows, None).punctual
    assert [("t-1", "2.9"), ("t-1", "2.11"), ("t-1", None), ("t-2", "2.9"), ("t-2", "2.11"), ("t-2", None),
            (None, "2.2"), (None, "2.9"), (None, "2.11"), (None, None)] == [
        (one.account, one.clause) for one in rows
    ]  # fmt: skip


@given(st.lists(st.builds(finding, st.sampled_from(list(Outcome)), st.sampled_from(["2.7", "2.9"]),
                          st.sampled_from(["t-1", "t-2", None]))))  # fmt: skip
def test_all_together_is_the_sum_of_the_clauses(findings):
    """Nothing is counted twice, nothing is lost."""
    rows = control_report(findings)
    whole = [one for one in rows if one.account is None and one.clause is None]
    parts = [one for one in rows if one.account is None and one.clause is not None]
    assert len(findings) == sum(sum(one.outcomes.values()) for one in whole)
    assert len(findings) == sum(sum(one.outcomes.values()) for one in parts)


def test_a_year_is_cut_into_stretches_without_a_gap():
    """The last one may be shorter; a rhythm of less than a day is none."""
    days = control_days(date(2026, 9, 1), date(2026, 9, 18), 7)
    assert [(1, 8), (8, 15), (15, 18)] == [(since.day, until.day) for since, until in days]
    with pytest.raises(BadInput, match="no rhythm"):
        control_days(date(2026, 9, 1), date(2026, 9, 2), 0)
