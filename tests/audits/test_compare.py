"""Compare: which findings appear, vanish or change when another regulation judges."""

from __future__ import annotations

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from edujournal.audits.compare import Comparison, by_clause, compare
from edujournal.rules.verdicts import Effect, Finding, Outcome, Severity


def finding(code: str, outcome: Outcome, entry: int | None = 1, clause: str = "2.7") -> Finding:
    """A finding about one lesson."""
    return Finding(
        code, "one", clause, Severity.MUST, outcome, Effect.REMARK,
        "journal/7A/alg/2026", "lesson:l1", None, "homework", entry=entry,
    )  # fmt: skip


FINDINGS = st.lists(
    st.builds(
        finding,
        st.sampled_from(["after-close", "before-open", "missing"]),
        st.sampled_from([Outcome.LATE, Outcome.EARLY, Outcome.MISSING, Outcome.UNDECIDABLE]),
        st.sampled_from([None, 1, 2]),
    ),
    max_size=8,
)


@given(FINDINGS)
def test_a_regulation_compared_with_itself_differs_in_nothing(findings):
    """compare(A, A) is empty, whatever A finds."""
    found = compare(findings, findings)
    assert found.is_empty
    assert len(findings) == found.kept


@given(FINDINGS, FINDINGS)
def test_nothing_is_lost_and_nothing_counted_twice(before, after):
    """Every finding of both sides is kept, changed, or stands on one side; the other way round it is the mirror."""
    found = compare(before, after)
    assert len(before) == found.kept + len(found.changed) + len(found.vanished)
    assert len(after) == found.kept + len(found.changed) + len(found.appeared)
    back = compare(after, before)
    assert (len(found.appeared), len(found.vanished)) == (len(back.vanished), len(back.appeared))


def test_the_same_breach_under_another_number_is_the_same():
    """Clause and regulation may differ; outcome and subject say what happened."""
    old = finding("after-close", Outcome.LATE)
    assert Comparison(kept=1) == compare([old], [evolve(old, regulation="two", clause="3")])


def test_another_outcome_is_a_change_and_not_two():
    """Late under one text, undecidable under the other."""
    late = finding("after-close", Outcome.LATE)
    open_ = finding("after-close", Outcome.UNDECIDABLE)
    found = compare([late], [open_])
    assert ((late, open_),) == found.changed
    assert not found.is_empty


def test_findings_are_counted_by_clause_in_their_order():
    """Each clause once, with how many there are."""
    rows = [finding("missing", Outcome.MISSING, clause=number) for number in ("2.9", "2.7", "2.9")]
    assert [("one", "2.9", 2), ("one", "2.7", 1)] == list(by_clause(rows))
