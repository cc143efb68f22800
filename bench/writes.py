"""The writes that are judged: a week of a class, with marks that keep and break each rule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import islice
from typing import Any, Final

from attrs import evolve, frozen

import edujournal as ej
from bench.answers import REFUSED, Write, answer_of
from bench.school import (
    BOOK,
    MINUTE,
    PUPILS,
    REGULATION,
    SCHOOL,
    Hands,
    Tables,
    lessons,
    regulation,
    salt,
    school,
    tables,
)
from edujournal.adapters.schools.plain import PlainSchool
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.ledger.books import BookState
from edujournal.ledger.records import Record
from edujournal.model.occasions import Lesson

_DAY: Final = 24 * 60 * MINUTE

#: Places of the week's lessons that are not like the others.
CANCELLED, SUBSTITUTED, CONTROL, WRITTEN, NOT_CALLED = 3, 4, 8, 15, 20

#: Pupils who are absent all week.
ABSENT: Final = ("p-3", "p-14")


@frozen(eq=False)
class WeekOfClass:
    """A week with its facts, in our form and as plain tables.

    Attributes:
        lessons: Its 35 lessons.
        school: The school's data.
        tables: The same for peers.
        records: What the book holds before: roll calls and a control work.
        state: The same as the state of the book.
    """

    lessons: tuple[Lesson, ...]
    school: PlainSchool
    tables: Tables
    records: tuple[Record, ...]
    state: BookState

    def writes(self) -> list[Write]:
        """Forty marks that keep every rule, and one or two that break each."""
        return [*islice(self._kept(), 40), *self._broken()]

    def accepted(self) -> list[Write]:
        """Those of :meth:`writes` that may be written."""
        facts = self.school.facts()
        return [
            one
            for one in self.writes()
            if answer_of(
                ej.judge(regulation(), one.draft(), facts, self.state, by=one.actor(), at=one.at)
            ).decision
            != REFUSED
        ]

    def evening(self) -> tuple[int, list[Write]]:
        """Friday evening, and the marks of the week that the teacher enters then; most come late."""
        at = self.lessons[-1].ends + 60 * MINUTE
        found = [
            Write("t-1", None, one.id, pupil, kind, 2 + number % 4, at)
            for place, one in enumerate(self.lessons)
            if place != CANCELLED
            for kind in _kinds(place)
            for number, pupil in enumerate(PUPILS)
        ]
        return at, found

    def _kept(self) -> Iterator[Write]:
        present = [one for one in PUPILS if one not in ABSENT]
        places = [0, 1, 2, 5, 6, 7, CONTROL, 9, WRITTEN, 16]
        for number in range(10_000):
            place = places[number % len(places)]
            one = self.lessons[place]
            hand = "t-2" if place == SUBSTITUTED else "t-1"
            late = 2 * _DAY if place in (CONTROL, WRITTEN) else 20 * MINUTE
            pupil = present[number % len(present)]
            kind = _kinds(place)[0]
            yield Write(hand, None, one.id, pupil, kind, 2 + number % 4, one.starts + late)

    def _broken(self) -> Iterator[Write]:
        plain, control, written = self.lessons[0], self.lessons[CONTROL], self.lessons[WRITTEN]
        soon = plain.starts + 5 * MINUTE
        yield Write("t-gone", None, plain.id, "p-1", "oral", 5, soon + 40 * _DAY)
        yield Write("clerk", None, plain.id, "p-1", "oral", 5, soon)
        yield Write("t-2", None, plain.id, "p-1", "oral", 5, soon)
        yield Write("t-home", None, plain.id, "p-1", "oral", 5, soon)
        yield Write("t-2", "substitute", plain.id, "p-1", "oral", 5, soon)
        yield Write("t-1", None, self.lessons[CANCELLED].id, "p-1", "oral", 5, soon + _DAY)
        yield Write("t-1", None, plain.id, "p-26", "oral", 5, soon)
        yield Write("t-1", None, plain.id, "p-1", "oral", 7, soon)
        yield Write("t-1", None, plain.id, "p-1", "oral", 5, plain.starts - 1)
        yield Write("t-1", None, control.id, "p-1", "control", 5, control.starts - _DAY)
        yield Write("t-1", None, plain.id, "p-2", "oral", 5, soon + _DAY)
        yield Write("t-1", None, control.id, "p-2", "control", 5, control.starts + 9 * _DAY)
        yield Write("t-1", None, written.id, "p-2", "written", 5, written.starts + 20 * _DAY)
        yield Write("t-1", None, plain.id, ABSENT[0], "oral", 5, soon)
        yield Write("t-1", None, plain.id, "p-4", None, 5, soon)
        # Several at once: a stranger's mark, too early, off the scale.
        yield Write("t-2", None, plain.id, "p-4", "oral", 9, plain.starts - MINUTE)
        yield Write(
            "t-2", None, self.lessons[SUBSTITUTED].id, "p-5", "oral", 4, soon + 4 * 60 * MINUTE
        )


def _kinds(place: int) -> tuple[str, ...]:
    first = {CONTROL: "control", WRITTEN: "written"}.get(place, "oral")
    return first, "classwork", "homework", "test"


@cache
def week() -> WeekOfClass:
    """The week from 12 October on."""
    plain = lessons(35, date(2026, 10, 12))
    special: dict[int, dict[str, Any]] = {
        CANCELLED: {"cancelled": True},
        SUBSTITUTED: {"substitute": "t-2"},
    }
    some = tuple(evolve(one, **special.get(place, {})) for place, one in enumerate(plain))
    data = school(some)
    called = [one for place, one in enumerate(some) if place not in (CANCELLED, NOT_CALLED)]
    clock, store = Hands(), MemoryStore()
    journals = ej.Journals(store, data, REGULATION, clock=clock, entropy=salt)
    for place, one in enumerate(some):
        clock.at = one.starts + MINUTE
        if one in called:
            hand = one.substitute or "t-1"
            journals.record(ej.RollCall(lesson=one.id, absent=dict.fromkeys(ABSENT, "Б")), by=hand)
        if place == CONTROL:
            journals.record(
                ej.NewWork(id="w-1", kind="control", purpose="monitoring", lesson=one.id), by="t-1"
            )
    return WeekOfClass(
        some,
        data,
        tables(some, ((one.id, pupil) for one in called for pupil in ABSENT)),
        tuple(store.read(SCHOOL, BOOK)),
        journals.state(BOOK),
    )
