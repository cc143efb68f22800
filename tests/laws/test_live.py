"""Law: a live view says, after every entry, what the view says that is made from the beginning."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import edujournal as ej
from edujournal.adapters.stores.files import FileStore
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.adapters.stores.sql import SqlStore
from edujournal.model.people import Actor
from edujournal.model.time import HOUR, moment
from edujournal.testing import strategies as some
from edujournal.testing.scripts import OfEarlier, ScriptedAct, playing
from tests.laws.test_stores import SHARED, FourMethods
from tests.servers import emptied

FEW = settings(max_examples=max(1, settings().max_examples // 12))
PUPILS = ("p-1", "p-2", "p-3", "p-4", "p-5")
BY = (("class",), ("pupil", "subject"), ())


@contextmanager
def store_of(name, server=None):
    """A new and empty store, gone afterwards."""
    folder = Path(mkdtemp(dir=SHARED if SHARED.is_dir() else None))
    opens = {
        "memory": MemoryStore,
        "files": lambda: FileStore(folder / "books"),
        "sqlite": lambda: SqlStore(f"sqlite:///{folder / 'books.db'}"),
        "four methods": lambda: FourMethods(MemoryStore()),
        "server": lambda: SqlStore(server),
    }
    if name == "server":
        emptied(server)
    store = opens[name]()
    try:
        yield store
    finally:
        close = getattr(store, "close", None)
        if close is not None:
            close()
        shutil.rmtree(folder)


def views(of, facts, day):
    """Every view that there is, by *of*: journals, or their live views."""
    found = {("page", one): of.page(one) for one in sorted(facts.journals())}
    found |= {
        ("sheet", group.id): of.sheet(group.id, calendar.year)
        for calendar in facts.calendars
        for group in calendar.groups
        if group.kind == "class"
    }
    found |= {("diary", pupil): of.diary(pupil, day) for pupil in PUPILS}
    found |= {("statistics", by): of.statistics(by) for by in BY}
    found["due"] = of.due()
    return found


def check(data, journals, clock, school, script):
    """Play *script*; now and then a pupil is transferred; after each act every live view is right."""
    for played in playing(journals, clock, script):
        if data.draw(st.integers(0, 5)) == 0:
            journals.school = transferred(data, journals.school)
        facts = journals.facts()
        day = data.draw(st.sampled_from(sorted({one.day for one in school.lessons()})))
        assert played.act is not None
        assert views(journals, facts, day) == views(journals.live, facts, day)


def check_kept(data, opened, school, store, script):
    """Play *script* by writers who take turns, two keeping sheets and one not; look by a new reader."""
    writers = [opened(school, store) for _ in range(3)]
    for number, (journals, _) in enumerate(writers):
        journals.keeps_sheets = number > 0
    for act in script:
        journals, clock = data.draw(st.sampled_from(writers))
        for _ in playing(journals, clock, [act]):
            reader, hands = opened(school, store)
            reader.keeps_sheets = data.draw(st.booleans())
            hands.set(act.at)
            for calendar in journals.facts().calendars:
                for group in (one.id for one in calendar.groups if one.kind == "class"):
                    whole = journals.sheet(group, calendar.year)
                    assert whole == reader.live.sheet(group, calendar.year)


@st.composite
def of_results(draw, school, regulation):
    """A script in which results come, are changed, taken back and voided, among whatever else is done."""
    script = draw(some.scripts(school, regulation, most=6))
    facts = school.facts()
    acts = [*script]
    for _ in range(draw(st.integers(6, 18))):
        act = draw(st.sampled_from(script))
        near = draw(st.sampled_from(list(school.lessons())[:2]))
        journal = facts.journal_of(near)
        hands = sorted(facts.hands(near.group, near.subject, "teacher", near.day)) or ["t-1"]
        roll = sorted(facts.roll(facts.calendar_of(near), near.group, near.day)) or PUPILS
        period = draw(st.sampled_from(facts.calendar_of(near).periods(near.group))).id
        known = {"journal": journal, "period": period, "pupil": draw(st.sampled_from(roll))}
        value = {"value": draw(st.integers(2, 5))}
        changed = ("result", "marker")
        nth = draw(st.integers(0, 7))
        why = {"journal": journal, "entry": 1, "reason": "описка"}
        after = {"year": journal.year, "account": hands[0]}
        moments = dict.fromkeys(("head", "support"), moment(near.starts - 100 * HOUR, "UTC"))
        how = draw(st.integers(0, 17) | st.integers(0, 18))
        draft, by = {
            **dict.fromkeys((8, 9), (ej.Marker(code="осв", ground="справка", **known), hands[0])),
            **dict.fromkeys(
                (10, 11, 12),
                (OfEarlier(ej.Annulment(**why), journal.book, changed, nth), hands[0]),
            ),
            **dict.fromkeys(
                (13, 14, 15, 16),
                (
                    OfEarlier(ej.Correction(values=value, **why), journal.book, changed, nth),
                    hands[0],
                ),
            ),
            17: (ej.Restoration(**after), "head"),
            18: (ej.Compromise(**moments, **after), "head"),
        }.get(how, (ej.PeriodResult(**known, **value), hands[0]))
        acts.append(ScriptedAct(act.at + draw(st.integers(0, 2)), Actor(by), (draft,)))
    return sorted(acts, key=lambda act: act.at)


def transferred(data, school):
    """The same school, in which one pupil leaves a group on some day or comes into another."""
    rows = list(school.memberships())
    if not rows:
        return school
    place = data.draw(st.integers(0, len(rows) - 1))
    row = rows[place]
    days = sorted({one.day for one in school.lessons()})
    day = data.draw(st.sampled_from(days))
    if (row.since is not None and day <= row.since) or (row.until is not None and day >= row.until):
        return school
    rows[place] = evolve(row, until=day)
    return evolve(school, memberships=rows)


@pytest.mark.parametrize("name", ["memory", "files", "sqlite", "four methods"])
@FEW
@given(data=st.data())
def test_live_is_whole(opened, name, data):
    """With changes, voids, late reports, transfers, imported entries, and a clock that may go back."""
    school = data.draw(some.working_schools())
    clock = data.draw(st.sampled_from(("forward", "forward", "any")))
    plain = some.scripts(school, opened.regulation, most=8, clock=clock)
    script = data.draw(plain | of_results(school, opened.regulation))
    with store_of(name) as store:
        journals, hands = opened(school, store)
        check(data, journals, hands, school, script)


@pytest.mark.parametrize("name", ["memory", "files", "sqlite", "four methods"])
@FEW
@given(data=st.data())
def test_what_is_kept_in_the_store_is_whole(opened, name, data):
    """Whoever wrote, keeping or not: a process that has read nothing finds the sheets of now."""
    school = data.draw(some.working_schools())
    script = data.draw(of_results(school, opened.regulation))
    with store_of(name) as store:
        check_kept(data, opened, school, store, script)


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
@settings(max_examples=max(1, settings().max_examples // 50))
@given(data=st.data())
def test_live_is_whole_on_servers(opened, request, kind, data):
    """The same on the databases that a region keeps its journals in."""
    server = request.getfixturevalue(kind)
    school = data.draw(some.working_schools())
    script = data.draw(of_results(school, opened.regulation))
    with store_of("server", server) as store:
        journals, hands = opened(school, store)
        check(data, journals, hands, school, script)
    with store_of("server", server) as store:
        check_kept(data, opened, school, store, script)
