"""What the kit asks of journals over a store when calls fail: one part of ``StoreTests``."""

# ruff: noqa: S101, SIM300 - a promise is an assertion, expected == actual

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

import pytest

from edujournal.adapters.schools.plain import PlainSchool
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.errors import StoreError, UnknownOutcome
from edujournal.journals import Journals
from edujournal.ledger.records import Record
from edujournal.model.drafts import Mark
from edujournal.ports import Store
from edujournal.rules.clauses import Regulation
from edujournal.rules.loading import load
from edujournal.samples import school as sample_school
from edujournal.testing.clocks import CountedSalts, StandingClock
from edujournal.testing.faults import CHANGES, Crashed, Crashing, FailingNth, Racing
from edujournal.testing.promises import StorePromises
from edujournal.writing import Receipt

#: During the lesson that the marks below are given in.
_NOW: Final = datetime(2026, 9, 15, 6, tzinfo=UTC)

#: More calls than an act makes of a store.
_MANY: Final = 50


@cache
def _school() -> PlainSchool:
    return sample_school()


@cache
def _regulation() -> Regulation:
    return load("ru-school26-2023")


def _journals(store: Any) -> Journals:
    """Journals whose bytes are the same in every run: a mark has no salts."""
    return Journals(store, _school(), _regulation(), StandingClock(_NOW), CountedSalts("kit"))


@cache
def _marks() -> list[Mark]:
    """Marks that may be given now, in one order: of the lesson that is on, then of those before it."""
    pupils = sorted(row.pupil for row in _school().memberships(groups=["7A"]))
    lessons = [
        lesson
        for lesson in _school().lessons(groups=["7A"])
        if lesson.subject == "alg" and lesson.day <= _NOW.date()
    ]
    return [
        Mark(lesson=lesson.id, pupil=pupil, kind="oral", value=5)
        for lesson in sorted(lessons, key=lambda one: one.day, reverse=True)
        for pupil in pupils
    ]


def _kept(store: Any) -> dict[str, list[Record]]:
    school = _school().id
    return {book: list(store.read(school, book)) for book, _ in store.books(school)}


def _record(journals: Journals, nth: int) -> Receipt:
    """The *nth* act, from 1: one mark, under a key."""
    return journals.record(_marks()[nth - 1], by="t-ivanova", key=f"k-{nth}")


@cache
def _undisturbed(count: int) -> dict[str, list[Record]]:
    """What memory holds after the first *count* acts."""
    memory = MemoryStore()
    journals = _journals(memory)
    for nth in range(1, count + 1):
        _record(journals, nth)
    return _kept(memory)


class OutcomesPromises(StorePromises):
    """Promises about acts that fail halfway, inherited by ``StoreTests``.

    *Version added: 0.1.*
    """

    def test_an_act_whose_answer_was_lost_is_repeated_and_stands_once(
        self, open_store: Callable[[], Store]
    ) -> None:
        """An act that ended in an unknown outcome is repeated with its key, and stands in the book once."""
        losing = FailingNth(open_store(), 1, answer_lost=True, calls=CHANGES)
        with pytest.raises(UnknownOutcome):
            _record(_journals(losing), 1)
        assert _undisturbed(1) == _kept(open_store())

        receipt = _record(_journals(open_store()), 1)
        assert (1, True) == (receipt.number, receipt.repeated)
        assert _undisturbed(1) == _kept(open_store())

    def test_whichever_call_fails_an_act_is_whole_or_not_there(
        self, open_store: Callable[[], Store]
    ) -> None:
        """At whichever call an act fails, before it is done or after, it is there whole or not at all."""
        nth = 0
        for lost in (False, True):
            for n in range(1, _MANY):
                nth += 1
                failing = FailingNth(open_store(), n, answer_lost=lost)
                before, after = _undisturbed(nth - 1), _undisturbed(nth)
                try:
                    _record(_journals(failing), nth)
                except StoreError:
                    done = lost and failing.failed_call in CHANGES
                    assert (after if done else before) == _kept(open_store())
                _record(_journals(open_store()), nth)
                assert after == _kept(open_store())
                if not failing.failed_call:
                    break
            else:
                pytest.fail(f"one act makes more than {_MANY} calls of the store")

    def test_who_dies_at_any_call_leaves_a_prefix(self, open_store: Callable[[], Store]) -> None:
        """A writer that dies at any call leaves what was acknowledged, and others go on from there."""
        done = 0
        for late in (False, True):
            for n in range(1, _MANY):
                dying = Crashing(open_store(), n, late=late)
                acknowledged = done
                try:
                    journals = _journals(dying)
                    for _ in range(2):
                        _record(journals, acknowledged + 1)
                        acknowledged += 1
                except Crashed:
                    # The act in flight may be there, too: nobody heard of it.
                    found = _kept(open_store())
                    done = acknowledged + (found == _undisturbed(acknowledged + 1))
                    assert _undisturbed(done) == found
                else:
                    assert _undisturbed(acknowledged) == _kept(open_store())
                    done = acknowledged
                    break
            else:
                pytest.fail(f"two acts make more than {_MANY} calls of the store")

    def test_an_act_that_a_rival_overtakes_follows_the_rivals(
        self, open_store: Callable[[], Store]
    ) -> None:
        """Whoever is overtaken at the last moment is kept after the rival, and nothing is lost."""

        def rival(_school: str, _book: str) -> None:
            _record(_journals(open_store()), 1)

        receipt = _record(_journals(Racing(open_store(), rival)), 2)
        assert 2 == receipt.number
        assert _undisturbed(2) == _kept(open_store())
