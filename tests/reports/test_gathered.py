"""Findings in bounded sums: counted once, the gravest kept, never more than a cell holds."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from attrs import evolve

import edujournal as ej
from edujournal.errors import BadInput
from edujournal.model.time import HOUR, parse_instant
from edujournal.rules.verdicts import REPORTED, Effect, Finding, Outcome, Severity
from edujournal.views.control import control_report
from edujournal.views.gathered import DELAYS, Gathering, gather_findings

CLOSES = parse_instant("2026-09-16T00:00:00+03:00")
LATE = Finding(
    "after-close", "r", "2.5", Severity.MUST, Outcome.LATE, Effect.REMARK, "journal/7A/alg/2026",
    "lesson:7A-alg-0915", "p-17", "mark", closes=CLOSES, lo=CLOSES + HOUR, hi=CLOSES + HOUR + 1,
    by="t-ivanova", entry=1,
)  # fmt: skip


@pytest.fixture(scope="module")
def facts():
    """The sample school's class 7A."""
    return ej.samples.school(["7A"]).facts()


def many(n: int, seed: int = 1) -> list[Finding]:
    """Findings of three clauses, four hands and all outcomes."""
    dice = Random(seed)
    outcomes = [Outcome.MET] * 5 + list(Outcome)
    return [
        evolve(
            LATE,
            clause=dice.choice(["2.5", "2.7", "2.9"]),
            outcome=dice.choice(outcomes),
            by=dice.choice([None, "t-a", "t-b"]),
            hands=frozenset(dice.sample(["t-a", "t-b", "t-c"], dice.randrange(3))),
            lo=CLOSES + dice.randrange(40 * 24) * HOUR,
            entry=place,
        )
        for place in range(n)
    ]


def test_sums_are_those_of_the_control_report(facts):
    """One rule, one definition: by account, by clause and together."""
    findings = [one for one in many(500) if one.outcome is not Outcome.NOT_APPLICABLE]
    found = gather_findings(findings, facts)

    whole = {(one.account, one.clause): one for one in control_report(findings)}
    assert whole[None, None].outcomes == found.total.outcomes
    for account, sums in found.accounts.items():
        if account is not None:
            assert whole[account, None].punctual == sums.punctual
    for (_, clause), sums in found.clauses.items():
        assert whole[None, clause].outcomes == sums.outcomes


def test_what_is_held_does_not_grow_with_the_findings(facts):
    """Ten times as many findings of the same cells are held in as much room, in one pass."""
    held = []
    for n in (1_000, 10_000):
        gathering = Gathering(facts, keep=3)
        findings = iter(many(n))
        for finding in findings:
            gathering.add(finding)
        assert next(findings, None) is None
        held.append(gathering.held)
        assert gathering.held >= len(gathering.gathered().findings)

    # Three clauses by three hands and by nobody, and one class in one week, three findings each.
    assert held == [(3 * 4 + 1) * 3] * 2


def test_the_gravest_are_kept_and_equals_by_their_order(facts):
    """The longest delay stays; among equals the one that came first."""
    findings = [evolve(LATE, lo=CLOSES + n * HOUR, entry=n) for n in (1, 9, 2, 8, 3)]
    assert [9, 8] == [one.finding.entry for one in gather_findings(findings, facts, 2).findings]

    same = [evolve(LATE, entry=n) for n in (5, 4, 3)]
    assert [5] == [one.finding.entry for one in gather_findings(same, facts, 1).findings]


def test_nothing_is_told_that_was_not_told_by_an_audit(facts):
    """What was met is counted and never kept."""
    found = gather_findings(many(300), facts, keep=1000)
    assert found.told == len(found.findings) == sum(one.outcome in REPORTED for one in many(300))


@pytest.mark.parametrize(
    ("delay", "place"),
    [(0, 0), (DELAYS[0] - 1, 0), (DELAYS[0], 1), (DELAYS[-1] - 1, 5), (DELAYS[-1], 6)],
)
def test_a_delay_is_in_the_class_below_its_end(facts, delay, place):
    """Ends are half-open, as windows are."""
    (finding,) = [evolve(LATE, lo=CLOSES + delay)]
    assert [int(n == place) for n in range(7)] == gather_findings([finding], facts).total.delays


def test_a_finding_has_the_week_of_its_lesson_else_of_its_term(facts):
    """A lesson's own day comes first; what is about the year stands in the week of its term."""
    section = evolve(LATE, book="school/2026", about="section:bells", pupil=None)
    found = gather_findings([LATE, section], facts)

    monday = date(2026, 9, 14)
    assert [(("7A",), monday), ((), monday)] == [(k.classes, k.week) for k in found.findings]
    assert {("7A", monday): 1} == {place: one.breaches for place, one in found.squares.items()}


def test_to_keep_nothing_is_misuse(facts):
    """Without a finding there is nothing to drill down to."""
    with pytest.raises(BadInput, match="nothing to keep"):
        Gathering(facts, 0)
