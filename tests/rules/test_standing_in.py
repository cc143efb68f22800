"""Standing in: ordered for a lesson or for some time, with the subject or without, and by a team."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

import edujournal as ej
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.model.facts import Facts
from edujournal.model.occasions import Lesson
from edujournal.model.people import Account, Assignment, Away, Kleene
from edujournal.model.time import zone
from edujournal.rules.loading import load
from edujournal.rules.predicates import Scene
from edujournal.rules.scenes import of_lesson
from edujournal.rules.selecting import Looked, seen
from edujournal.testing.case_schools import merged, school_of
from edujournal.testing.cases import FiveGetters
from edujournal.testing.clocks import StandingClock
from edujournal.views.diary import diary

CALENDAR = ej.samples.school(["7A"]).calendars()[0]
TEAM = {
    "format": 1, "id": "team", "title": {"ru": "п", "en": "p"}, "extends": "ru-school26-2023",
    "clauses": [{"number": "T", "gist": {"ru": "п", "en": "p"}, "rules": [
        {"kind": "rights", "role": "teacher", "may": "write", "records": ["roll"],
         "scope": "team_journal"}]}],
}  # fmt: skip


def lesson(day=15, **more):
    """An algebra lesson of September in Moscow."""
    clocks, on = zone("Europe/Moscow"), date(2026, 9, day)
    return Lesson(f"l{day}", "7A", "alg", on, 1, clocks.at(on, time(9)), clocks.at(on, time(9, 45)),
                  teacher="t", **more)  # fmt: skip


def facts(*lessons, **rows):
    """The facts of some lessons."""
    accounts = rows.pop("accounts", ())
    return Facts("s", (CALENDAR,), lessons=lessons, accounts=accounts, assignments=(
        Assignment("t", "7A", "alg"),
        Assignment("sub", "7A", "alg", "substitute", date(2026, 9, 14), date(2026, 9, 19)),
        Assignment("c", "7A", "alg", "team"),
    ), **rows)  # fmt: skip


def test_who_is_ordered_to_stand_in():
    """For the lesson alone, or else for those days; after them the teacher is back."""
    one, two, three = lesson(15), lesson(16, substitute="x"), lesson(21)
    known = facts(one, two, three)
    assert [{"sub"}, {"x"}, set()] == [known.substitutes(each) for each in (one, two, three)]


def test_who_stands_in_for_some_time_is_not_free_then():
    """Whose lesson it is for the week cannot claim another at that time; its teacher can."""
    clocks, on = zone("Europe/Moscow"), date(2026, 9, 15)
    other = Lesson("g", "7B", "geo", on, 1, clocks.at(on, time(9)), clocks.at(on, time(9, 45)))
    known = facts(lesson(15), other)
    assert [False, True] == [known.is_free(one, other) for one in ("sub", "t")]


@pytest.mark.parametrize(
    ("of", "said"),
    [
        (lesson(15), "functional"),
        (lesson(15, nonfunctional=True), "nonfunctional"),
        (lesson(16, substitute="x", nonfunctional=True), "nonfunctional"),
        (lesson(21), "none"),
        # Nobody stands in, so that there is nothing that could be without the subject.
        (lesson(21, nonfunctional=True), "none"),
    ],
)
def test_a_substitution_is_with_the_subject_or_without(of, said):
    """As it was ordered; without an order and a claim there is none."""
    known = facts(of)
    looked = Looked(of_lesson(of, known), load("ru-school26-2023"), known)
    assert said == seen(frozenset({"substitution"}), looked)["substitution"]


def test_a_claim_says_whether_the_subject_was_taught():
    """The last one that stands; what was declined says nothing."""
    school = small()
    clock = StandingClock(datetime(2026, 9, 15, 6, 10, tzinfo=UTC))
    journals = ej.Journals(MemoryStore(), school, "ru-school26-2023", clock=clock)
    claim = ej.Substitution(lesson="l1", teacher="sub", nonfunctional=True)
    number = journals.record(claim, by="sub").number

    def said():
        known, state = journals.facts(), journals.state("journal/7A/alg/2026")
        looked = Looked(of_lesson(known.lesson("l1"), known), journals.regulations[0], known, state)
        return seen(frozenset({"substitution"}), looked)["substitution"]

    assert "nonfunctional" == said()
    (shown,) = (
        one for day in diary("p-1", {"journal/7A/alg/2026": journals.state("journal/7A/alg/2026")},
                             journals.facts(), date(2026, 9, 15)).days
        for one in day.lessons if one.lesson.id == "l1"
    )  # fmt: skip
    assert "sub" == shown.teacher
    journals.record(ej.Confirmation(lesson="l1", entry=number, accept=False), by="head")
    assert "none" == said()


def small(**changes):
    """The small school of the cases."""
    import tomllib
    from pathlib import Path

    file = Path(__file__).parents[1] / "cases" / "small.school.toml"
    problems = []
    found = school_of(merged(tomllib.loads(file.read_text("utf-8")), changes), "school", problems)
    assert problems == []
    return found


def away_school():
    """Whose teacher of algebra is away on Tuesday and Wednesday; a colleague is of the team."""
    return small(accounts={
        "t": {"is": "teaches 7A alg", "away": "2026-09-15 to 2026-09-16"},
        "c": ["teacher", "team of 7A alg"],
    })  # fmt: skip


@pytest.mark.parametrize("plain", [True, False])
def test_a_host_is_asked_for_the_accounts_of_colleagues(plain):
    """With a snapshot and by five getters alone, in both shells, the answer is one."""
    school = away_school() if plain else FiveGetters(away_school())
    clock = StandingClock(datetime(2026, 9, 15, 6, 10, tzinfo=UTC))
    journals = ej.Journals(MemoryStore(), school, TEAM, clock=clock)
    waiting = ej.AsyncJournals(MemoryStore(), school, TEAM, clock=clock)
    draft = ej.RollCall(lesson="l1")
    one, other = journals.check(draft, by="c"), asyncio.run(waiting.check(draft, by="c"))
    assert one.findings == other.findings
    assert "T" in [finding.clause for finding in one.findings if finding.code == "not-your-journal"]
    clock.set(datetime(2026, 9, 16, 21, 0, tzinfo=UTC))
    assert journals.check(ej.RollCall(lesson="l2"), by="c").decision == "refused"


@given(
    st.integers(10, 20), st.integers(10, 20), st.integers(10, 20), st.integers(0, 3),
)  # fmt: skip
def test_the_right_of_a_team_lasts_as_long_as_the_absence(first, last, day, width):
    """Known to the day: inside or outside; known to some days: only where all of them agree."""
    from edujournal.rules.rights import Hand, in_team

    first, last = sorted((first, last))
    days = [date(2026, 9, n) for n in range(day, day + width + 1)]
    account = Account("t", away=(Away(date(2026, 9, first), date(2026, 9, last + 1)),))
    known = facts(lesson(15), accounts=(account, Account("c")))
    scene = Scene(load("ru-school26-2023"), known, None)
    said = in_team(Hand("c", days[0], days[-1], 0), of_lesson(known.lesson("l15"), known), scene)
    inside = {first <= one.day <= last for one in days}
    expected = {(True,): Kleene.YES, (False,): Kleene.NO}.get(tuple(inside), Kleene.UNKNOWN)
    assert expected is said


def test_nobody_is_of_a_team_of_whose_teacher_nothing_is_known():
    """An account that the school does not know is not called away."""
    from edujournal.rules.rights import Hand, in_team

    known = facts(lesson(15), accounts=(Account("c"),))
    scene = Scene(load("ru-school26-2023"), known, None)
    on = date(2026, 9, 15)
    assert Kleene.NO is in_team(Hand("c", on, on, 0), of_lesson(known.lesson("l15"), known), scene)
