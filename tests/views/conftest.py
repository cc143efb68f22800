"""A small school, and a pen that writes into its books without being judged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from attrs import evolve

from edujournal.ledger.books import BookState
from edujournal.model.calendar import Calendar
from edujournal.model.draft_forms import Draft
from edujournal.model.entries import Entry
from edujournal.model.facts import Facts
from edujournal.model.groups import Group, Subject
from edujournal.model.occasions import Lesson, Planned
from edujournal.model.people import Account, Actor, Assignment, Membership, RoleSpan
from edujournal.model.periods import Holidays, HolidaySet, Period, PeriodSystem, Week
from edujournal.model.time import zone
from edujournal.planning import book_of
from edujournal.rules.clauses import Regulation
from edujournal.rules.loading import load
from edujournal.rules.provisional import provisional

ZONE = "Asia/Yekaterinburg"
MONDAY = date(2026, 9, 14)


def day(n: int) -> date:
    """The *n*-th day of September 2026."""
    return date(2026, 9, n)


def at(d: date, hour: int = 12, minute: int = 0) -> int:
    """An instant on the school's clocks."""
    return zone(ZONE).at(d, time(hour, minute))


def lesson(id: str, d: date, slot: int, group: str, subject: str, **more: Any) -> Lesson:
    """A lesson of 45 minutes, the first one at half past eight."""
    return Lesson(id, group, subject, d, slot, at(d, 7 + slot, 30), at(d, 8 + slot, 15), **more)


def calendar() -> Calendar:
    """Two quarters of a year, with one class, its subgroups, a stream and an individual plan."""
    common = {"periods": "q", "holidays": "h", "week": "w"}
    return Calendar(
        school="s",
        year="2026",
        zone=ZONE,
        since=date(2026, 9, 1),
        until=date(2027, 6, 1),
        groups=(
            Group("7A", "class", grade=7, title="7А", **common),
            Group("7A-en1", "subgroup", parents=("7A",), **common),
            Group("7A-en2", "subgroup", parents=("7A",), **common),
            Group("choir", "stream", parents=("7A",), **common),
            Group("plan-p3", "plan", pupil="p-3", **common),
        ),
        subjects=(
            Subject("alg", "Алгебра"),
            Subject("eng", "Английский язык"),
            Subject("mus", "Музыка"),
        ),
        period_systems=(
            PeriodSystem(
                "q",
                (
                    Period("q1", "quarter", 1, date(2026, 9, 1), date(2026, 10, 26)),
                    Period("q2", "quarter", 2, date(2026, 11, 3), date(2026, 12, 30)),
                    Period("y", "year", 1, date(2026, 9, 1), date(2026, 12, 30)),
                ),
            ),
        ),
        holiday_sets=(
            HolidaySet("h", (Holidays("autumn", date(2026, 10, 26), date(2026, 11, 3)),)),
        ),
        weeks=(Week("w", frozenset({1, 2, 3, 4, 5})),),
        staff_week="w",
    )


def school() -> Facts:
    """Three pupils of whom one joins late and one leaves; lessons of September."""
    moved = Planned(at(day(15)), day(16), 3, at(day(16), 10, 30), at(day(16), 11, 15))
    return Facts(
        school="s",
        calendars=(calendar(),),
        lessons=(
            lesson("a14", day(14), 1, "7A", "alg", teacher="t-1"),
            lesson("a15", day(15), 2, "7A", "alg", teacher="t-1"),
            lesson("a17", day(17), 1, "7A", "alg", teacher="t-1", before=(moved,)),
            lesson("a18", day(18), 1, "7A", "alg", teacher="t-1", cancelled=True),
            lesson("a21", day(21), 1, "7A", "alg", teacher="t-1", substitute="t-2"),
            lesson("e14", day(14), 2, "7A-en1", "eng", teacher="t-2"),
            lesson("f14", day(14), 2, "7A-en2", "eng", teacher="t-3"),
            lesson("e16", day(16), 1, "7A-en1", "eng", teacher="t-2"),
            lesson("m14", day(14), 5, "choir", "mus", teacher="t-3"),
            lesson("i14", day(14), 1, "plan-p3", "alg", teacher="t-3"),
        ),
        memberships=(
            Membership("p-1", "7A"),
            Membership("p-2", "7A", since=day(15)),
            Membership("p-10", "7A", until=day(15)),
            Membership("p-3", "7A"),
            Membership("p-1", "7A-en1"),
            Membership("p-2", "7A-en2"),
            Membership("p-3", "7A-en2"),
            Membership("p-1", "choir", until=day(14)),
            Membership("p-3", "choir"),
        ),
        assignments=(
            Assignment("t-1", "7A", "alg"),
            Assignment("t-2", "7A-en1", "eng"),
            Assignment("t-3", "7A-en2", "eng"),
            Assignment("t-3", "choir", "mus"),
            Assignment("t-3", "plan-p3", "alg"),
            Assignment("t-2", "7A", None, "homeroom"),
        ),
        accounts=(
            *(Account(f"t-{n}", roles=(RoleSpan("teacher"),)) for n in (1, 2, 3)),
            Account("head", roles=(RoleSpan("head"),)),
        ),
    )


class Pen:
    """Writes drafts into books one a minute, as accepted; nothing judges them."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.states: dict[str, BookState] = {}
        self.now = at(day(14), 9)

    @staticmethod
    def at(day: int, hour: int = 12, minute: int = 0) -> int:
        """An instant of September 2026 on the school's clocks."""
        return at(date(2026, 9, day), hour, minute)

    def __getitem__(self, book: str) -> BookState:
        return self.states.setdefault(book, BookState(book))

    def write(
        self, draft: Draft, by: str = "t-1", role: str = "teacher", now: int | None = None
    ) -> Entry:
        """Write *draft* as the next entry of its book."""
        self.now = self.now + 60_000_000 if now is None else now
        content = draft.content()
        state = self[book_of(content, self.facts)]
        entry = provisional(content, draft.evidence, state, Actor(by, role), self.now)
        entry = evolve(entry, hash=f"{entry.number:064x}")
        state.apply(entry)
        return entry


class Names:
    """A directory that knows a pupil, a teacher and nothing else."""

    def __init__(self) -> None:
        self._known = {("pupil", "p-1"): "Анна Белова", ("account", "t-1"): "Иванова А. П."}

    def name(self, kind: str, id: str, on: date | None = None) -> str:
        """The name, or the id."""
        return self._known.get((kind, id), id)


@pytest.fixture(scope="session")
def facts() -> Facts:
    """What the school's data says."""
    return school()


@pytest.fixture(scope="session")
def new_pen(facts: Facts) -> Callable[[], Pen]:
    """Gives pens over empty books, also within one test."""
    return lambda: Pen(facts)


@pytest.fixture
def pen(facts: Facts) -> Pen:
    """A pen over empty books."""
    return Pen(facts)


@pytest.fixture(scope="session")
def regulation() -> Regulation:
    """The regulation that is shipped."""
    return load("ru-school26-2023")


@pytest.fixture
def names() -> Names:
    """Names of a few people."""
    return Names()
