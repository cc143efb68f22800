"""The chapters of the tour: each shows what it promises, the same every time."""

from __future__ import annotations

import pytest

from edujournal.rules.verdicts import Decision, Outcome
from edujournal.samples.chapters import JOURNAL, chapters


@pytest.fixture(scope="module")
def story():
    """The chapters, played once."""
    return chapters()


def of(story, title):
    """What was told in a chapter."""
    return next(one.told for one in story.chapters if one.title.en == title)


def outcomes(told, clause):
    """Outcomes of a clause, act by act."""
    return [
        [
            one.outcome
            for one in act.verdict.findings
            if one.clause == clause and one.code in ("after-close", "locked")
        ]
        for act in told
        if act.verdict is not None
    ]


def decisions(told):
    """What became of each act."""
    return [act.verdict.decision for act in told if act.verdict is not None]


def test_the_set_up_has_its_day(story):
    """In time on the tenth, late on the eleventh."""
    assert [[Outcome.MET], [Outcome.LATE]] == outcomes(of(story, "The year is set up"), "2.2")


def test_a_made_up_topic_leaves_the_absence(story):
    """The note says so, and the journal does."""
    state = story.journals.state(f"journal/{JOURNAL}")
    assert {"pupil": "p-3", "code": "Б"} == dict(state.absence("lesson:7A-alg-0915", "p-3"))
    assert [4] == [
        one.values["value"] for one in state.of_pupil("makeup", "lesson:7A-alg-0915", "p-3")
    ]


def test_a_lock_is_lifted_by_name_and_for_a_day(story):
    """Refused, waived, accepted and still shown, refused again."""
    told = of(story, "A lock, and a waiver")
    refused, accepted, remarked = (
        Decision.REFUSED,
        Decision.ACCEPTED,
        Decision.ACCEPTED_WITH_REMARKS,
    )
    assert [refused, accepted, remarked, refused] == decisions(told)
    assert [[Outcome.BROKEN], [], [Outcome.EXCUSED], [Outcome.BROKEN]] == outcomes(told, "L.1")


def test_a_debt_becomes_what_the_regulation_says_once(story):
    """After its term a tick makes a two of it; the next tick makes nothing."""
    state = story.journals.state(f"journal/{JOURNAL}")
    (mark,) = state.of_pupil("mark", "lesson:7A-alg-0928", "p-6")
    assert (2, "system") == (mark.values["value"], mark.by.account)
    notes = [one.note.en for one in of(story, "A debt whose time ran out") if one.note is not None]
    assert ["Time's own entries: 1: 2.", "Time's own entries: 0."] == notes


def test_a_result_is_recorded_with_what_it_rests_on(story):
    """Three marks, their mean, a digest."""
    told = of(story, "A result and what it rests on")
    assert {Decision.ACCEPTED} == set(decisions(told))
    state = story.journals.state(f"journal/{JOURNAL}")
    (entry,) = state.of_pupil("result", "period:q1", "p-7")
    assert (5, 3) == (entry.values["value"], len(entry.values["basis"]["inputs"]))


def test_what_a_compromised_login_wrote_is_void(story):
    """One mark is void, and the account writes no more."""
    told = of(story, "A login known to others")
    assert [Decision.ACCEPTED, Decision.ACCEPTED, Decision.REFUSED] == decisions(told)
    assert "Void entries: 1" in told[-1].note.en


@pytest.mark.search
def test_nothing_goes_back_in_time_and_it_is_the_same_twice(story):
    """The clock only goes on; heads are equal in another play."""
    moments = [one.at for chapter in story.chapters for one in chapter.told]
    assert sorted(moments) == moments
    store, other = story.journals.store, chapters().journals.store
    assert dict(store.books("s-26")) == dict(other.books("s-26"))
    assert not any(story.journals.verify().damages)
