"""A due list that is kept: judged again where an entry or time changes it, and nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

import edujournal as ej
from edujournal import living
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.projections.lasting import Lasting
from edujournal.samples.generated import Size, generate_one

BOOK = "journal/7A/alg/2026"


class Asked(list):
    """The books that were judged, since it was emptied last."""

    def due_in(self, judges, book, *rest):
        """As the audit does."""
        self.append(book)
        return due_in(judges, book, *rest)


due_in = living.due_in


@pytest.fixture
def judged(monkeypatch):
    """What is judged for live due lists."""
    found = Asked()
    monkeypatch.setattr(living, "due_in", found.due_in)
    return found


def test_a_look_a_moment_later_judges_nothing_and_after_an_entry_its_book(journals, clock, judged):
    """By the clock that goes on, not only for one moment that is named again."""
    first = journals.live.due()
    assert BOOK in judged
    judged.clear()
    for _ in range(3):
        clock.at += timedelta(seconds=1)
        assert first == journals.live.due()
    assert journals.live.due("t-1") == journals.due("t-1")
    assert [] == judged

    journals.record(ej.Topic(lesson="l1", topic="Дроби"), by="t-1")
    assert first != journals.live.due()
    assert [BOOK] == judged
    assert journals.live.due() == journals.due()


def test_a_moment_before_the_last_look_is_judged_for_itself(journals, clock, judged):
    """What was open an hour ago is not what is open now, and the other way round."""
    later = clock.at + timedelta(days=3)
    for moment in (later, clock.at, later, clock.at - timedelta(days=9)):
        judged.clear()
        assert journals.due(at=moment) == journals.live.due(at=moment)
        assert BOOK in judged


class Strict(Lasting):
    """A moment with which nobody may reckon: what that is compared with, it would not know."""

    def _refuse(self, *_):
        raise AssertionError("reckoned with a moment that must be compared")

    __add__ = __radd__ = __sub__ = __rsub__ = __floordiv__ = __mod__ = __divmod__ = __neg__ = (
        _refuse
    )


#: How many bounds of windows are looked at.
LOOKS = 8


@pytest.mark.parametrize("seed", [3, pytest.param(11, marks=pytest.mark.soak)])
def test_it_is_what_is_due_on_both_sides_of_every_window(seed, judged, monkeypatch):
    """Of a school with rules of every kind, in the middle of its work: by time alone, and by time only."""
    monkeypatch.setattr(living, "Lasting", Strict)
    kept = generate_one(1, seed, Size(classes=1, pupils=4, days=20))
    books = dict(kept.books())
    last = sorted(one.index.recorded for some in books.values() for one in some)[-200]
    store = MemoryStore()
    for book, records in books.items():
        store.append(
            kept.school.id, book, [one for one in records if one.index.recorded <= last], 0
        )
    moment = [last]
    journals = ej.Journals(store, kept.school, kept.regulation, lambda: at(moment[0]))
    found = journals.audit(everything=True)
    bounds = sorted(
        {bound for one in found for bound in (one.opens, one.closes) if bound is not None}
    )
    ahead = [bound for bound in bounds if bound > last + 1]
    assert len(ahead) > LOOKS
    looks = [bound + step for bound in ahead[:: len(ahead) // LOOKS] for step in (-1, 0, 1)]

    changes, before = 0, journals.live.due()
    for moment[0] in looks:
        found = journals.live.due()
        assert journals.due() == found
        changes += before != found
        before = found
    assert changes > LOOKS / 2
    assert 0 < len(judged) < len(looks) * len(books) / 2
    judged.clear()
    for moment[0] in (looks[-1] + 1, looks[-1] + 10**6):
        assert before == journals.live.due()
    assert [] == judged


def at(instant):
    """An instant as a clock tells it."""
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=instant)


@pytest.mark.parametrize(
    "reckon",
    [
        lambda at: at + 1,
        lambda at: at - 1,
        lambda at: 9 - at,
        lambda at: at // 7,
        lambda at: at % 7,
    ],
)
def test_what_is_reckoned_with_a_moment_holds_for_it_alone(reckon):
    """The day in which it lies, say, changes at an instant that nobody compares it with."""
    at = Lasting(1000)
    assert at < 5000
    assert reckon(1000) == reckon(at)
    assert 1001 == at.until
