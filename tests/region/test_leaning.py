"""What an entry reaches beside itself: columns open that, and take the rest of the journal for what it is."""

from __future__ import annotations

import pytest

import edujournal as ej
from edujournal.adapters.engines import engine
from edujournal.adapters.exchange.lake import export
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.model.time import HOUR, moment, parse_instant
from edujournal.regions.columnar import far_kinds, obstacle
from edujournal.rules.loading import parse
from edujournal.samples.generated.year import REGULATION
from edujournal.testing.clocks import StandingClock
from tests.region.conftest import audited

DAY = 24 * HOUR
AT = parse_instant("2026-10-20T09:00:00+03:00")

#: What a school may add: a make-up is in time within three days of the pupil's return.
RETURNED = """
format = 1
id = "returned"
extends = "ru-school26-2023"
title = { ru = "П", en = "R" }

[[clauses]]
number = "R.1"
gist = { ru = "Отработка — три дня.", en = "A make-up is due within three days." }

[[clauses.rules]]
kind = "timing"
record = "makeup"
closes = { anchor = "pupil.returned", shift = "+3 days", snap = "end_of_day" }
"""

#: A debt that ends when the next work of the journal is held.
ENDING = """
format = 1
id = "ending"
extends = "ru-school26-2023"
title = { ru = "П", en = "E" }

[[markers]]
code = "точка"
title = { ru = "долг", en = "debt" }
clause = "2.8"
scopes = ["lesson", "work"]
expires = { by = { anchor = "next_work", snap = "end_of_day" }, value = "2" }
"""


@pytest.fixture
def school():
    """A school with one class."""
    return ej.samples.school(["7A"])


@pytest.fixture
def kept(school):
    """Gives journals under a regulation, with what some acts record: instant, hand, drafts."""

    def keep(rules, acts):
        clock = StandingClock()
        journals = ej.Journals(MemoryStore(), school, [parse(rules, "rules")], clock=clock)
        for at, by, *said in sorted(acts, key=lambda act: act[0]):
            clock.at = at
            for draft in said:
                journals.record(draft, by=by)
        return journals

    return keep


@pytest.fixture(params=["duckdb", "polars"])
def both(tmp_path, school, request):
    """Audits both ways; gives the findings, which are the same, and how columns came by them."""

    def audit(journals, rules):
        export(tmp_path / "lake", journals.store, school, [rules])
        exactly, _ = audited(tmp_path / "lake", AT)
        counting = engine(request.param)
        found, report = audited(tmp_path / "lake", AT, counting)
        counting.close()
        assert {} == report.obstacles
        assert exactly == found
        return [one for some in exactly.values() for one in some], report

    return audit


def lessons(school, subject, count):
    """The first lessons of 7A in a subject."""
    some = [one for one in school.facts().lessons if (one.group, one.subject) == ("7A", subject)]
    return some[:count]


def test_markers_for_works_and_for_the_subject_reach_only_their_pupils(school, kept, both):
    """A mark beside one of them is found wherever it stands; the journal stays in columns."""
    first, second, third = lessons(school, "alg", 3)
    journal, by = school.facts().journal_of(first), str(first.teacher)
    exempt = {"code": "осв", "ground": "справка"}
    rules = REGULATION.read_bytes()
    journals = kept(rules, [
        (first.starts, by, ej.NewWork(id="w-1", kind="control", purpose="ordinary", lesson=first.id),
         ej.Marker(lesson=first.id, work="w-1", pupil="p-1", **exempt),
         ej.Mark(lesson=first.id, work="w-1", pupil="p-2", value=4)),
        (first.ends, by, ej.Mark(lesson=first.id, work="w-1", pupil="p-1", value=5),
         ej.Marker(journal=journal, pupil="p-3", since=second.day, **exempt)),
        (second.starts, by, *[ej.Mark(lesson=second.id, kind="oral", pupil=f"p-{n}", value=5)
                              for n in (3, 4, 5)]),
        (third.starts, by, ej.Mark(lesson=third.id, kind="oral", pupil="p-1", value=5)),
    ])  # fmt: skip
    found, report = both(journals, rules)

    beside = [(one.about, one.pupil) for one in found if one.code == "beside-mark"]
    assert [(second.about, "p-3"), ("work:w-1", "p-1")] == sorted(beside)
    others = journals.names(dict(journals.store.books(school.id)), school.facts())
    assert report.books == sum(not book.startswith("journal/") for book in others)


def test_a_waiver_opens_the_delays_that_it_may_reach_and_no_others(school, kept, both):
    """Of two works whose marks came late it names one; the marks of the other stay in columns."""
    rules = REGULATION.read_bytes()
    (first,), (other,) = lessons(school, "alg", 1), lessons(school, "geom", 1)
    acts = []
    for lesson, work in ((first, "w-1"), (other, "w-2")):
        journal = school.facts().journal_of(lesson)
        late = lesson.starts + 12 * DAY
        acts += [
            (lesson.starts, str(lesson.teacher),
             ej.NewWork(id=work, kind="essay", purpose="ordinary", lesson=lesson.id)),
            (late, str(lesson.teacher),
             *[ej.Mark(journal=journal, work=work, pupil=f"p-{n}", value=4) for n in (1, 2)]),
        ]  # fmt: skip
    waiver = ej.Waiver(
        id="v-1", clauses=["2.12"], year="2026", about="work:w-1", ground="болезнь",
        journals=[school.facts().journal_of(first)],
        since=moment(first.starts, "UTC"), until=moment(first.starts + 20 * DAY, "UTC"),
    )  # fmt: skip
    journals = kept(rules, [*acts, (first.starts + DAY, "head", waiver)])
    found, report = both(journals, rules)

    told = [(one.about, str(one.outcome)) for one in found if one.clause == "2.12" and one.entry]
    assert [("work:w-1", "excused")] * 2 + [("work:w-2", "late")] * 2 == sorted(told)
    assert 2 == report.untimely


def test_a_journal_with_a_record_timed_by_the_book_is_audited_as_a_whole(school, kept, both):
    """When its pupil came back is told by roll calls of other lessons, which nobody opens."""
    rules = RETURNED.encode()
    assert {"archiving", "makeup"} == far_kinds(parse(rules, "rules"))
    missed, again, then = lessons(school, "alg", 3)
    by = str(missed.teacher)
    acts = [
        (lesson.starts, by, ej.RollCall(lesson=lesson.id, absent={"p-1": "Б"} if away else {}))
        for lesson, away in ((missed, True), (again, True), (then, False))
    ]
    makeup = ej.MakeUp(lesson=missed.id, pupil="p-1", value=4, protocol="№ 3")
    journals = kept(rules, [*acts, (then.starts + 5 * DAY, by, makeup)])
    found, _ = both(journals, rules)

    assert 1 == sum(one.clause == "R.1" for one in found)


def test_markers_that_end_by_what_the_book_says_keep_a_school_from_columns():
    """A result may be one of them, and so may what a correction makes of another."""
    assert "markers whose time starts from the book" == obstacle(
        parse(ENDING.encode(), "rules"), ()
    )
