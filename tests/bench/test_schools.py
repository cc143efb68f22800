"""What is audited in memory, and under rules of one kind and of all, gives the same answers every way."""

from __future__ import annotations

import pytest

from bench.mended import EVERY, compared, mended, remembered
from bench.region import in_columns, region
from bench.sections import kinds
from bench.sections import remembered as section
from edujournal.rules.verdicts import Outcome
from tests.bench.test_answers import installed

# It goes through whole schools, where counting branches would show nothing new.
pytestmark = pytest.mark.search


@pytest.fixture(scope="module")
def of():
    """A small school in memory."""
    installed(section.NEEDS)
    return mended(1, 20)


@pytest.fixture(scope="module")
def exact(of):
    """What the exact audit finds in it."""
    return remembered(of, "python")


def test_the_school_in_memory_has_corrections_and_a_fence(of, exact):
    """A fiftieth is corrected, none refused; what one of the accounts did then is void."""
    void = [one for one in exact if one.outcome is Outcome.VOID]

    assert of.corrected == pytest.approx(of.entries / EVERY, abs=2)
    assert {of.fenced} == {one.by for one in void}
    assert 0 < len(void) < of.corrected


def test_arrays_find_what_the_audit_of_the_store_finds(of):
    """What came too early or too late; and columns prove most of the occasions clean."""
    report = section.check(of)

    assert 0 < report.suspects < of.occasions


def test_arrays_that_found_less_would_stop_the_run(of, exact):
    """The benchmark asks for agreement before it measures."""
    with pytest.raises(AssertionError, match="numpy: other findings"):
        section.check_arrays(of, exact, lambda made: compared(made)[1:])


def test_rules_of_time_find_the_same_where_they_are_alone():
    """And are alone: no other rule is left, but that anybody may write."""
    of = region(1, 20)
    (alone,) = kinds.in_time(of).regulations

    kinds.check(of)
    assert {"timing"} == {
        type(rule).__name__.removesuffix("Rule").lower()
        for clause in alone.clauses if clause.number != "0" for rule in clause.rules
    }  # fmt: skip
    assert () == alone.markers == alone.formulas


def test_rules_of_all_kinds_that_found_no_more_would_stop_the_run(monkeypatch):
    """The benchmark asks for agreement before it measures."""
    monkeypatch.setattr(kinds, "ENGINES", ("polars",))
    monkeypatch.setattr(kinds, "in_time", lambda of: of.source)
    with pytest.raises(AssertionError, match="rules of other kinds find nothing"):
        kinds.check(region(1, 20))


def test_the_columns_made_beforehand_are_made_once(of, monkeypatch):
    """So that what is measured is the audit alone."""
    first = section.prepared(of).files()
    monkeypatch.setattr(of.store, "read", lambda *_: pytest.fail("the store was read"))
    monkeypatch.setattr(of.store, "books", lambda *_: pytest.fail("the store was asked"))

    assert first == section.prepared(of).files()
    assert in_columns(section.prepared(of), of.at, "polars")
