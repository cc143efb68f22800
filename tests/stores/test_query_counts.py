"""What an act, a page and an audit ask of the database does not grow with the number of pupils."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from attrs import evolve
from sqlalchemy import create_engine, event

import edujournal as ej
from edujournal.adapters.schools.sql import SqlSchool, save
from edujournal.adapters.stores.sql import SqlStore
from edujournal.gathering import gather_all
from edujournal.model.people import Membership
from edujournal.testing.clocks import StandingClock
from edujournal.views.page import page

BOOK = "journal/7A/alg/2026"


@pytest.fixture(params=["sqlite", "postgresql", "mariadb"])
def engine(request, tmp_path):
    """The host's engine, on which both the books and the school's data lie."""
    if request.param == "sqlite":
        engine = create_engine(f"sqlite:///{tmp_path / 'host.db'}")
    else:
        engine = create_engine(request.getfixturevalue(request.param))
    yield engine
    engine.dispose()


def class_of(count):
    """The sample school with so many pupils in 7A, called as in no other class."""
    school = ej.samples.school(["7A"])
    rest = [one for one in school.memberships() if not one.group.startswith("7A")]
    mine = [Membership(f"q-{number}", "7A", None, None) for number in range(count)]
    return evolve(school, memberships=[*rest, *mine])


def counted(engine, school_id, count, clock):
    """Statements of each thing that a class of *count* asks for."""
    said = []
    event.listen(engine, "before_cursor_execute", lambda *call: said.append(call[2]))
    store = SqlStore(engine, prefix=f"of{count}_")
    journals = ej.Journals(
        store,
        SqlSchool(engine, school_id, prefix=f"of{count}_"),
        "ru-school26-2023",
        clock=clock,
    )
    found = {}

    def count_of(what, doing):
        said.clear()
        answer = doing()
        found[what] = len(said)
        return answer

    pupils = [f"q-{number}" for number in range(count)]
    roll = ej.RollCall(lesson="7A-alg-0915", absent=dict.fromkeys(pupils[:2], "Б"))
    count_of("a roll call", lambda: journals.record(roll, by="t-ivanova", key="roll"))
    marks = [
        ej.Mark(lesson="7A-alg-0915", pupil=pupils[2 + n % (count - 2)], kind="oral", value=5)
        for n in range(25)
    ]
    receipts = count_of(
        "a batch of marks", lambda: journals.record_many(marks, by="t-ivanova", key="marks")
    )
    again = count_of(
        "the same batch again", lambda: journals.record_many(marks, by="t-ivanova", key="marks")
    )
    assert list(range(2, 27)) == sorted(one.number for one in receipts)
    assert [one.number for one in receipts] == [one.number for one in again]
    facts = gather_all(journals.school)

    def of_the_day():
        # By new journals, which have read nothing yet.
        fresh = ej.Journals(store, journals.school, "ru-school26-2023", clock=clock)
        state = fresh.state(BOOK)
        return page("7A/alg/2026", state, facts, since=date(2026, 9, 14), until=date(2026, 9, 21))

    view = count_of("a page", of_the_day)
    assert count == len(view.rows)
    findings = count_of("an audit", lambda: list(journals.audit()))
    assert findings
    count_of("what is due", lambda: journals.due("t-ivanova"))
    count_of("a verification", journals.verify)
    count_of("the order of the school", lambda: list(store.follow(school_id)))
    return found


def test_what_is_asked_does_not_grow_with_the_class(engine):
    """A class of 5 and one of 35: the same number of statements for an act, a batch of marks, its
    repetition, a page, an audit, what is due, a verification, and the order of all records.
    """
    clock = StandingClock(datetime(2026, 9, 15, 6, tzinfo=UTC))
    found = []
    for count in (5, 35):
        school = class_of(count)
        save(engine, school, prefix=f"of{count}_")
        found.append(counted(engine, school.id, count, clock))

    assert found[0] == found[1]
    # An audit asks each book; an act its facts, its book and the books beside it.
    assert found[0]["a batch of marks"] <= 30
    assert found[0]["a page"] <= 6


def test_the_test_sees_a_statement_for_each_pupil(engine):
    """A school whose memberships are asked for one by one is caught by such a count."""
    school = class_of(35)
    save(engine, school)
    one_by_one = SqlSchool(engine, school.id)
    said = []
    event.listen(engine, "before_cursor_execute", lambda *call: said.append(call[2]))
    for number in range(35):
        list(one_by_one.memberships(pupils=[f"q-{number}"]))
    assert len(said) >= 35
