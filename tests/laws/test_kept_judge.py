"""A judge that has judged much judges as a new one: what it keeps is what it would work out again."""

from __future__ import annotations

from collections import deque

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from edujournal.errors import Unknown
from edujournal.gathering import gather_all
from edujournal.ledger.books import BookState
from edujournal.model.entries import Entry
from edujournal.model.ids import is_log
from edujournal.model.people import Actor
from edujournal.planning import Beside, beside_of
from edujournal.rules.judging import Judge, judge_all
from edujournal.rules.loading import load, shipped
from edujournal.testing import strategies as some
from edujournal.testing.scripts import play
from tests.laws.conftest import opened

__all__ = ["opened"]

SHIPPED = load("ru-school26-2023")
BESIDE = sorted(name for name in shipped() if name != SHIPPED.id)


def said(judges, entry, state, around):
    """What is said of an entry; that it names something lost, where it does."""
    try:
        return judge_all(judges, entry, state, around)
    except Unknown as lost:
        return lost.noun, lost.name


@settings(max_examples=max(1, settings().max_examples // 3))
@given(data=st.data())
def test_a_judge_that_is_kept_judges_as_a_new_one(opened, data):
    """Substitutions, grants, reports, changes, whoever's hand it is, and whatever was judged before.

    What was recorded lately is asked again of every hand after each entry: what the books say by then
    may be another thing.
    """
    school = data.draw(some.working_schools())
    rules = [SHIPPED, *map(load, data.draw(st.lists(st.sampled_from(BESIDE), max_size=1)))]
    journals, clock = opened(school, regulations=rules)
    play(journals, clock, data.draw(some.scripts(school, SHIPPED, least=6, most=24)))
    facts = gather_all(school)
    kept = [Judge(one, facts) for one in rules]
    accounts = [account.id for account in facts.accounts]
    for book in (name for name in journals.books() if not is_log(name)):
        around = {name: journals.state(name) for name in beside_of(book, facts, rules)}
        state, beside = BookState(book), Beside(book, around)
        lately: deque[Entry] = deque(maxlen=3)
        for entry in journals.entries(book):
            lately.append(entry)
            asked = [entry] + [
                evolve(old, number=entry.number, at=entry.at, by=Actor(account, ""), right="")
                for old in lately for account in accounts
            ]  # fmt: skip
            for one in asked:
                stand = beside.around(one, state)
                anew = said([Judge(rule, facts) for rule in rules], one, state, stand)
                assert anew == said(kept, one, state, stand)
            state.apply(entry)
