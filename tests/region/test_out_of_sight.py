"""What changes the judgement of an entry without standing beside it: voids, other words, lost journals."""

from __future__ import annotations

import pytest
from attrs import evolve

import edujournal as ej
from edujournal.adapters.exchange.lake import export
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.model.time import HOUR, moment, parse_instant
from edujournal.regions.columnar import far_kinds
from edujournal.rules.loading import parse
from edujournal.testing.clocks import StandingClock
from tests.region.conftest import shipped
from tests.region.test_obstacles import both_ways

DAY = 24 * HOUR
AT = parse_instant("2026-10-20T09:00:00+03:00")
RULES = shipped("ru-school26-2023")

#: What a school may add to the shipped regulation.
ADDED = """
format = 1
id = "added"
extends = "ru-school26-2023"
title = { ru = "П", en = "A" }
"""
CLAUSE = """
[[clauses]]
number = "S.1"
gist = { ru = "Ещё одно правило.", en = "One more rule." }

[[clauses.rules]]
"""

#: Who stands in keeps the own journal in that role as well.
OWN = """
kind = "rights"
role = "substitute"
may = "write"
records = ["homework", "mark", "roll", "topic", "work"]
scope = "own_journal"
"""

#: A claim is answered by the day of the next work.
ANSWERED = """
kind = "timing"
record = "confirmation"
closes = { anchor = "next_work", snap = "end_of_day" }
quorum = "once"
instead_of = "2.10"
"""

#: By this one who is ill is there all the same.
PRESENT = """
[[absences]]
code = "Б"
title = { ru = "болел", en = "ill" }
absent = false
"""

#: Two teachers of algebra, and pupils of the class.
FIRST, SECOND = "t-ivanova", "t-petrova"
PUPILS = [f"p-{number}" for number in range(1, 19)]


def text(*added):
    """The text of the shipped regulation with something added."""
    return "".join([ADDED, *added]).encode()


@pytest.fixture(scope="module")
def school():
    """A school with one class, which two teachers teach algebra."""
    plain = ej.samples.school(["7A"])
    one = next(row for row in plain.assignments() if row.subject == "alg")
    assert one.account == FIRST
    return evolve(plain, assignments=[*plain.assignments(), evolve(one, account=SECOND)])


@pytest.fixture(scope="module")
def lessons(school):
    """The lessons of algebra."""
    return [one for one in school.facts().lessons if one.subject == "alg"]


@pytest.fixture
def kept(school):
    """Gives journals with some acts: instant, hand, role, drafts, or what gives them for the journals."""

    def keep(rules, acts):
        clock = StandingClock()
        journals = ej.Journals(MemoryStore(), school, [parse(rules, "rules")], clock=clock)
        for at, by, role, said in acts:
            clock.at = at
            drafts = said(journals) if callable(said) else said
            told = journals.record_many(drafts, by=by, role=role)
            assert all(one.number is not None for one in told)
        return journals

    return keep


@pytest.fixture(params=["duckdb", "polars"])
def both(tmp_path, school, request):
    """Audits both ways and gives the findings of algebra, which are the same."""

    def audit(journals, *rules, data=school):
        export(tmp_path / "lake", journals.store, data, rules)
        exactly, found, obstacles = both_ways(tmp_path / "lake", AT, request.param)
        assert {} == obstacles
        assert exactly == found
        return [one for some in exactly.values() for one in some if "/alg/" in one.book]

    return audit


def of_lesson(lesson):
    """What each lesson has: a roll call and a topic."""
    return [ej.RollCall(lesson=lesson.id), ej.Topic(lesson=lesson.id, topic="Powers", plan="r-1")]


def essay(lesson, id, purpose="ordinary"):
    """A work at a lesson."""
    return ej.NewWork(id=id, kind="essay", purpose=purpose, lesson=lesson.id)


def last(journals, kind, lesson):
    """Number of the last entry of a kind in the journal of a lesson."""
    book = journals.school.facts().journal_of(lesson).book
    return [one.number for one in journals.state(book).entries if one.kind == kind][-1]


def known(account, since):
    """A login was known to others from some instant on."""
    at = moment(since, "UTC")
    return [ej.Compromise(account=account, year="2026", head=at, support=at)]


def test_what_is_void_reopens_the_window_of_another_hand(kept, both, lessons):
    """What the second teacher enters anew two days later is in time: nobody calls it late."""
    first, second, *_ = lessons
    task = ej.Homework(lesson=first.id, task="No. 5, in writing", nature="in writing")
    other = ej.Homework(lesson=second.id, task="No. 6, in writing", nature="in writing")
    journals = kept(RULES, [
        (first.ends, FIRST, None, [task]),
        (second.ends, SECOND, None, [other]),
        (first.ends + 2 * DAY, "head", None, known(FIRST, first.starts)),
        (first.ends + 2 * DAY + HOUR, SECOND, None, [task]),
    ])  # fmt: skip
    found = both(journals, RULES)

    assert [("void", 1)] == [(one.code, one.entry) for one in found if one.record == "homework"]


def test_a_work_declared_anew_once_it_is_void_lies_at_another_lesson(kept, both, lessons):
    """There its marks are due within three days; they came after five."""
    first, second, third, then, *_ = lessons
    marks = [ej.Mark(lesson=then.id, kind="essay", pupil=one, value=4) for one in PUPILS[:2]]
    before = [ej.Mark(lesson=second.id, kind="essay", pupil=one, value=4) for one in PUPILS[:2]]
    journals = kept(RULES, [
        (first.starts, FIRST, None, [essay(first, "w-1")]),
        (second.starts, SECOND, None, [*of_lesson(second), *before]),
        (third.starts, SECOND, None, [essay(third, "w-2", "monitoring")]),
        (then.starts - HOUR, "head", None, known(FIRST, first.starts - HOUR)),
        (then.starts, SECOND, None, [*of_lesson(then), essay(then, "w-1", "monitoring")]),
        (then.starts + 5 * DAY, SECOND, None, marks),
    ])  # fmt: skip
    found = both(journals, RULES)

    late = [one.pupil for one in found if (one.about, str(one.outcome)) == (then.about, "late")]
    assert PUPILS[:2] == late


def test_a_mark_of_a_substitute_is_void_with_the_lesson_that_it_names(kept, both, lessons, school):
    """The work that it is for was held at another lesson, of which nobody has declined anything."""
    held, claimed, *_ = lessons
    journal = school.facts().journal_of(held)
    rules = text(CLAUSE, OWN)
    declined = PUPILS[:2]
    journals = kept(rules, [
        (held.starts, SECOND, "substitute", [
            *of_lesson(held), essay(held, "w-1"),
            *[ej.Mark(journal=journal, work="w-1", pupil=one, value=4) for one in PUPILS[2:]],
        ]),
        (claimed.starts, "head", None, [ej.Substitution(lesson=claimed.id, teacher=SECOND)]),
        (claimed.ends, SECOND, "substitute",
         [ej.Mark(lesson=claimed.id, work="w-1", pupil=one, value=4) for one in declined]),
        (claimed.ends + HOUR, "deputy", None, lambda journals: [
            ej.Confirmation(
                lesson=claimed.id, entry=last(journals, "substitution", claimed), accept=False
            )
        ]),
    ])  # fmt: skip
    found = both(journals, rules)

    assert declined == [one.pupil for one in found if one.code == "void"]
    assert declined == [
        one.pupil for one in found if (one.about, one.code) == ("work:w-1", "missing")
    ]


def test_of_whom_one_regulation_takes_for_absent_another_may_ask_a_mark(
    kept, both, lessons, school
):
    """By the shipped one who is ill owes nothing; the other asks for a mark, and misses it."""
    held, *_ = lessons
    journal = school.facts().journal_of(held)
    ill, *others = PUPILS
    called = ej.RollCall(lesson=held.id, absent={ill: "Б"})
    journals = kept(RULES, [
        (held.starts, FIRST, None, [called, of_lesson(held)[1], essay(held, "w-1")]),
        (held.ends, FIRST, None,
         [ej.Mark(journal=journal, work="w-1", pupil=one, value=4) for one in others]),
    ])  # fmt: skip
    found = both(journals, RULES, text(PRESENT))

    missing = [one for one in found if one.about == "work:w-1"]
    assert [("added", ill, "missing")] == [(one.regulation, one.pupil, one.code) for one in missing]


def test_a_journal_that_the_school_has_lost_is_audited(kept, both, lessons, school):
    """No lesson and no teacher speaks of it any more; what was recorded there is still judged."""
    first, *_ = lessons
    journals = kept(RULES, [(first.starts, FIRST, None, of_lesson(first))])
    lost = evolve(
        school,
        lessons=[one for one in school.lessons() if one.subject != "alg"],
        assignments=[one for one in school.assignments() if one.subject != "alg"],
    )
    found = both(journals, RULES, data=lost)

    assert ["no-longer-known"] * 2 == [one.code for one in found]


def test_an_answer_that_is_owed_by_what_the_book_says_is_looked_for_in_all_of_it(
    kept, both, lessons, school
):
    """There is none yet; by when it was to come is told by a work of another lesson."""
    claimed, *_, then = lessons[:4]
    rules = text(CLAUSE, ANSWERED)
    assert {"confirmation", "substitution"} <= far_kinds(parse(rules, "rules"))
    teacher = next(
        row.account for row in school.assignments()
        if row.role == "teacher" and row.subject not in ("alg", "geom")
        and school.facts().is_free(row.account, claimed)
    )  # fmt: skip
    journals = kept(rules, [
        (claimed.starts, teacher, None, [ej.Substitution(lesson=claimed.id, teacher=teacher)]),
        (then.starts, FIRST, None, [*of_lesson(then), essay(then, "w-1")]),
        (then.ends, FIRST, None,
         [ej.Mark(lesson=then.id, work="w-1", pupil=one, value=4) for one in PUPILS]),
    ])  # fmt: skip
    found = both(journals, rules)

    assert [("S.1", "missing")] == [
        (one.clause, str(one.outcome)) for one in found if one.record == "confirmation"
    ]


def test_what_an_act_claims_holds_for_all_of_it(kept, both, lessons):
    """Between the claim and what rests on it the act says something of another lesson, which is clean."""
    claimed, *_ = lessons
    *_, other = lessons
    rules = text(CLAUSE, OWN.replace('"mark", "roll", "topic", "work"', '"comment"'))
    task = ej.Homework(lesson=other.id, task="No. 5, in writing", nature="in writing")
    topic = ej.Topic(lesson=claimed.id, topic="Powers", plan="r-1")
    journals = kept(rules, [
        (claimed.starts, SECOND, "substitute", [task]),
        (claimed.starts + 1, SECOND, "substitute", lambda journals: [
            ej.Substitution(lesson=claimed.id, teacher=SECOND),
            ej.Annulment(journal=journals.school.facts().journal_of(claimed), entry=2, reason="x"),
            task,
            topic,
        ]),
    ])  # fmt: skip
    found = both(journals, rules)

    assert [] == [one for one in found if one.record == "topic" and one.entry]
