"""Logins: one person's, and in one place at a time, by the sessions that a host tells of."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import edujournal as ej
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.errors import BadInput, BadRegulation
from edujournal.model.facts import Facts
from edujournal.model.people import Account, RoleSpan
from edujournal.model.sessions import Session
from edujournal.rules.loading import load, structure
from edujournal.rules.logins import of_year
from edujournal.rules.verdicts import Effect, Outcome
from edujournal.testing.cases import FiveGetters
from edujournal.views.speaking import Speaker

WORDS = {"ru": "п", "en": "p"}
MINUTE = 60_000_000
DAY = 24 * 60 * MINUTE
START = int(datetime(2026, 9, 14, tzinfo=UTC).timestamp()) * 1_000_000
SCHOOL = load("ru-school26-2023")


OWN = (Account("t", "ivanova"),)


def used(account="t", since=0, until=None, **more):
    """A session some minutes after the start."""
    return Session(account, START + since * MINUTE,
                   None if until is None else START + until * MINUTE, **more)  # fmt: skip


def said(sessions, accounts=None, regulation=SCHOOL, at=START + 30 * DAY, **days):
    """What is said of logins, as (account, code, outcome)."""
    facts = Facts("s", (evolve(SAMPLE, school="s"),), accounts=accounts or OWN, sessions=sessions)
    found = of_year(regulation, facts, SAMPLE.year, at, **days)
    return [(one.by, one.code, one.outcome) for one in found]


SAMPLE = ej.samples.school(["7A"]).calendars()[0]

times = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 20), st.sampled_from(["school", "home", None])),
    max_size=6,
)


@given(times)
def test_two_places_are_found_where_two_sessions_overlap(rows):
    """An oracle looks at every pair; certain only where both places are known."""
    sessions = [used(since=a, until=a + b, place=place) for a, b, place in rows]
    found = [one for one in said(sessions) if one[1] == "two-places"]
    overlapping = [
        (one.place, other.place)
        for i, one in enumerate(sessions)
        for other in sessions[i + 1 :]
        if one.since < other.until and other.since < one.until and one.place != other.place
    ]
    certain = [pair for pair in overlapping if None not in pair]
    outcomes = {outcome for _, _, outcome in found}
    if not any(place for _, _, place in rows):
        assert set() == outcomes
    elif certain:
        assert Outcome.BROKEN in outcomes
    elif overlapping:
        assert {Outcome.UNDECIDABLE} == outcomes
    else:
        assert {Outcome.MET} == outcomes


@given(st.lists(st.sampled_from(["ivanova", "petrova", None]), max_size=6), st.booleans())
def test_two_persons_are_found_where_another_one_sat_there(persons, known):
    """The owner is whom the data names, or else whoever was seen first."""
    sessions = [used(since=60 * n, until=60 * n + 5, person=one) for n, one in enumerate(persons)]
    owner = "ivanova" if known else next((one for one in persons if one), None)
    found = said(sessions, (Account("t", "ivanova" if known else None),))
    outcomes = [outcome for _, code, outcome in found if code == "two-persons"]
    if any(one not in (owner, None) for one in persons):
        assert [Outcome.BROKEN] == outcomes
    elif None in persons and any(persons):
        assert [Outcome.UNDECIDABLE] == outcomes
    else:
        assert ([Outcome.MET] if any(persons) else []) == outcomes


def test_what_nobody_tells_of_is_not_asked():
    """Without sessions, and without persons and places in them, nothing is said."""
    assert [] == said([])
    assert [] == said([used(until=5), used(since=1, until=9, device="phone")])


def test_a_login_that_the_school_gave_to_two_is_found_without_any_session():
    """Only while the account was active in the year."""
    both = Account("t", "ivanova", shared_with=("petrova",))
    assert [("t", "two-persons", Outcome.BROKEN)] == said([], (both,))
    assert [] == said([], (evolve(both, until=SAMPLE.since),))
    assert [] == said([], (evolve(both, shared_with=("ivanova",)),))


def test_an_open_end_is_asked_about_once():
    """Nobody noticed its end: the next session elsewhere may overlap it, later ones are not asked."""
    sessions = [used(place="school")]
    sessions += [used(since=60 * n, until=60 * n + 9, place="home") for n in range(1, 5)]
    found = [one for one in said(sessions) if one[1] == "two-places"]
    assert [("t", "two-places", Outcome.UNDECIDABLE)] == found


def test_sessions_of_other_years_and_days_are_left_out():
    """A report of some days has what began on them; what began before still lasts."""
    sessions = [
        used(until=2 * 24 * 60, place="school"),
        used(since=24 * 60 + 5, until=24 * 60 + 9, place="home"),
    ]
    broken = [("t", "two-places", Outcome.BROKEN)]
    assert broken == said(sessions)
    assert broken == said(sessions, since=date(2026, 9, 15))
    assert [] == said(sessions, since=date(2026, 9, 16))
    assert [] == said(sessions, until=date(2026, 9, 14))
    assert [] == said(sessions, at=sessions[0].since)


def test_a_regulation_that_asks_nothing_of_logins_says_nothing():
    """And what is not in force does not."""
    sessions = [used(until=60, place="school"), used(since=5, until=9, place="home")]
    assert [] == said(sessions, regulation=load("us-nj-district"))
    data = {"format": 1, "id": "x", "title": WORDS,
            "clauses": [{"number": "1", "gist": WORDS, "rules": [{"kind": "login", "one": "place"}]}]}  # fmt: skip
    ours = structure(data)
    assert [("t", "two-places", Outcome.BROKEN)] == said(sessions, regulation=ours)
    later = structure({**data, "in_force": {"since": date(2026, 9, 15)}})
    assert [] == said(sessions, regulation=later)


def test_a_session_has_a_length():
    """One that ends as it begins is none."""
    with pytest.raises(BadInput, match="without a moment"):
        used(until=0)


def test_a_faulty_rule_is_told_with_its_place():
    """A login has one person and one place; nothing else is known."""
    text = ('format = 1\nid = "x"\ntitle = { ru = "п", en = "p" }\n[[clauses]]\nnumber = "1"\n'
            'gist = { ru = "п", en = "p" }\n[[clauses.rules]]\nkind = "login"\none = "persn"\n')  # fmt: skip
    with pytest.raises(BadRegulation, match="Did you mean 'person'") as caught:
        structure(tomllib.loads(text), "x")
    assert ["x.clauses[0].rules[0].one"] == [one.where for one in caught.value.problems]


# -- what people see -------------------------------------------------------------------------------


@pytest.fixture
def audited():
    """The journals of a sample school whose head is told; two uses of one login in two places."""
    plain = ej.samples.school(["7A"])
    owner = plain.accounts(["t-ivanova"])[0].person
    school = evolve(plain, sessions=[
        used("t-ivanova", 480, 900, place="школа", person=owner),
        used("t-ivanova", 600, 660, place="дом", person="u-2"),
    ])  # fmt: skip
    data = {"format": 1, "id": "ours", "title": WORDS, "extends": "ru-school26-2023"}
    rules = [{"kind": "login", "one": "place", "on_breach": "escalate"}]
    clauses = [{"number": "3.2", "gist": WORDS, "rules": rules}]
    clock = lambda: datetime(2026, 9, 15, tzinfo=UTC)  # noqa: E731
    return ej.Journals(MemoryStore(), school, {**data, "clauses": clauses}, clock=clock)


@pytest.mark.parametrize(
    ("language", "said_"),
    [
        ("en", ("cl. 3.2: use of a login, account t-ivanova: one login in several places at once: школа, дом, "
               "14 Sep 2026, 13:00 – 14 Sep 2026, 14:00")),
        ("ru", ("п. 3.2: использование учётной записи, учётная запись t-ivanova: одна учётная запись сразу в "
               "нескольких местах: школа, дом, 14.09.2026 13:00 – 14.09.2026 14:00")),
    ],
)  # fmt: skip
def test_it_is_said_and_told(audited, language, said_):
    """In both languages with both moments; those whom the regulation names are told."""
    found = [one for one in audited.audit() if one.record == "login"]
    assert [("3.1", "two-persons"), ("3.2", "two-places")] == [
        (one.clause, one.code) for one in found
    ]
    speaker = Speaker(language)
    assert said_ == speaker.say_finding(found[1], audited.facts(), audited.regulations[0])
    told = [one for one in audited.reminders() if one.finding.record == "login"]
    assert {"two-places"} == {one.finding.code for one in told}
    assert {Effect.ESCALATE} == {one.finding.effect for one in told}
    lines = speaker.say_finding(found[0], audited.facts(), audited.regulations[0])
    owner = audited.school.accounts(["t-ivanova"])[0].person
    assert f"{owner}, u-2" in lines


def test_it_is_explained(audited):
    """Clause, what was seen, how to mend; there is no entry to look at."""
    from edujournal.rules.explaining import explain

    found = next(one for one in audited.audit() if one.code == "two-places")
    state = audited.state("school/2026")
    told = explain(found, audited.regulations[0], audited.facts(), state)
    lines = Speaker("en").say_explanation(told, audited.facts())
    assert ["About: use of a login, account t-ivanova"] == [
        one for one in lines if one.startswith("About")
    ]
    assert any(one.startswith("How to mend: Ask its owner") for one in lines)


def test_five_getters_may_have_one_more(audited):
    """A host that has the getter is asked; one that has not says nothing."""
    plain = audited.school
    hosts = ej.Journals(MemoryStore(), FiveGetters(plain), "ru-school26-2023")
    at = datetime(2026, 9, 15, tzinfo=UTC)
    codes = [one.code for one in hosts.audit(at) if one.record == "login"]
    assert ["two-persons", "two-places"] == codes
    bare = FiveGetters(plain)
    del bare.sessions
    silent = ej.Journals(MemoryStore(), bare, "ru-school26-2023")
    assert [] == [one for one in silent.audit(at) if one.record == "login"]


def test_a_session_of_an_unknown_account_is_a_fault_of_a_plain_school():
    """The nearest account is named; a host's own getter may know accounts that have gone."""
    school = ej.samples.school(["7A"])
    with pytest.raises(BadInput, match="t-ivanova"):
        evolve(school, sessions=[used("t-ivanowa", 0, 5)])
    assert [("left", "two-places", Outcome.BROKEN)] == said(
        [used("left", 0, 60, place="a"), used("left", 5, 9, place="b")],
        (Account("head", roles=(RoleSpan("head"),)),),
    )
