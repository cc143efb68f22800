"""How work grows, counted: calls of functions, terms evaluated, bytes written. No durations."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial

import pytest

import edujournal as ej
from bench.book import book
from bench.peers.walks import walk
from bench.peers.windows import Kept
from bench.school import BOOK, REGULATION, SCHOOL, Hands, regulation, salt
from bench.sections import audited, hashed, judged
from bench.writes import week
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.audits.exact import audit_book
from edujournal.ledger.verify import verify
from edujournal.rules.judging import Judge

pytestmark = pytest.mark.search

#: Entries of the two books that are compared.
SHORT, LONG = 1_000, 4_000


def calls(work: Callable[[], object]) -> int:
    """How many functions of Python *work* calls: the same number on every computer."""
    count = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def opened(number: int) -> tuple[ej.Journals, list[ej.Mark]]:
    """Journals in memory with the week's roll calls, and so many marks for Friday evening."""
    of = week()
    at, evening = of.evening()
    store = MemoryStore()
    store.append(SCHOOL, BOOK, of.records, 0)
    journals = ej.Journals(store, of.school, REGULATION, clock=Hands(at), entropy=salt)
    drafts = [one.draft() for one in evening]
    journals.check(drafts[0], by="t-1")
    return journals, drafts[:number]


@pytest.mark.parametrize("find", [audited.audited, audited.read_and_audited])
def test_an_entry_of_a_long_book_costs_as_many_calls_as_one_of_a_short_book(find):
    """An audit grows with the entries and no faster: four times the book, four times the calls."""
    short, long = book(SHORT), book(LONG)
    find(short), find(long)
    each = [calls(lambda of=of: find(of)) / len(of.entries) for of in (short, long)]

    assert each[1] == pytest.approx(each[0], rel=0.05)


def test_a_mark_of_a_large_batch_costs_as_many_calls_as_one_of_a_small_batch():
    """A batch grows with its drafts and no faster."""
    each = []
    for number in (200, 1_600):
        journals, drafts = opened(number)
        counted = calls(partial(journals.record_many, drafts, by="t-1"))
        each.append(counted / number)

    assert each[1] == pytest.approx(each[0], rel=0.05)


def test_a_mark_in_a_long_book_costs_as_many_calls_as_one_in_a_short_book():
    """Recording looks at what it needs of a book, not at the book."""
    journals, drafts = opened(1_600)
    first = calls(lambda: journals.record(drafts[0], by="t-1"))
    journals.record_many([one for one in drafts if one.lesson != drafts[0].lesson], by="t-1")
    later = calls(lambda: journals.record(drafts[0], by="t-1"))

    assert later == pytest.approx(first, rel=0.05)


def test_the_last_mark_of_a_lesson_costs_as_many_calls_as_the_first():
    """A work handed in by a thousand is marked in a thousand steps, not in a million."""
    journals, drafts = opened(1_600)
    of_lesson = [one for one in drafts if one.lesson == drafts[0].lesson]
    last = next(one for one in reversed(of_lesson) if one.kind == drafts[0].kind)
    first = calls(lambda: journals.record(drafts[0], by="t-1"))
    # The last pupil has no other mark there, as the first had none: a pupil's own are looked at.
    others = [one for one in of_lesson[1:] if one.pupil != last.pupil]
    journals.record_many(others, by="t-1")
    later = calls(lambda: journals.record(last, by="t-1"))

    assert len(others) > 90
    assert later == pytest.approx(first, rel=0.05)


def test_a_repeated_batch_costs_as_many_calls_for_each_draft_whatever_its_size():
    """A retry under the same key, after a lost answer, is no dearer than the batch itself."""
    each = []
    for number in (100, 400):
        journals, drafts = opened(number)
        journals.record_many(drafts, by="t-1", key="k")
        counted = calls(partial(journals.record_many, drafts, by="t-1", key="k"))
        each.append(counted / number)

    assert each[1] == pytest.approx(each[0], rel=0.2)


def test_a_term_is_evaluated_once_for_each_thing_it_hangs_on():
    """Seven lessons a day, one end of the day: terms grow with days and works, not with entries."""
    for entries in (SHORT, LONG):
        of = book(entries)
        judge = Judge(regulation(), of.school.facts())
        days = len({lesson.day for lesson in of.tables.lessons.values()})
        lessons = len(of.tables.lessons)
        assert list(audit_book([judge], BOOK, of.entries, of.at))

        assert judge.terms.calls < judge.terms.asked
        # A window that opens with the lesson is its own; those that close with a day are shared.
        assert judge.terms.calls <= 2 * lessons + 8 * days + 8


def test_verify_costs_as_many_calls_for_each_record_of_a_long_book():
    """The chain is followed once, whatever its length.

    What is counted is what more records cost: the first ones of each form are read the long way.
    """
    counted = []
    for entries in (LONG // 2, LONG, 2 * LONG):
        of = book(entries)
        # Patterns that Python has compiled once it does not compile again.
        verify(of.store, SCHOOL)
        counted.append(calls(lambda of=of: verify(of.store, SCHOOL)))
    short, long, longer = counted

    assert (longer - long) / LONG == pytest.approx((long - short) / (LONG // 2), rel=0.05)


def test_the_floor_is_a_floor():
    """The peer written by hand calls less than edujournal does; otherwise it would be no yardstick."""
    of = book(SHORT)
    by_hand = calls(lambda: walk(of.rows, of.tables, Kept(of.tables), of.at))

    assert by_hand < calls(lambda: audited.audited(of))


def test_the_bytes_that_are_measured_are_those_that_are_kept():
    """The three ways to bytes begin with the same bodies, and one of them gives the book's hash."""
    of = book(SHORT)
    values = hashed.bodies(of)

    assert of.records[-1].hash == hashed.canonical(values)
    assert len(of.records) == len(values)


def test_what_is_measured_as_accepted_is_accepted():
    """No refusal hides in the figures of `record`: it would log, which is other work."""
    of = week()
    answers = judged.judged(of.accepted(), of)

    assert answers
    assert {"refused"}.isdisjoint(answer.decision for answer in answers)
