"""Scales of several kinds, regulations made of plain data, and a school of two classes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

import pytest
from attrs import evolve

import edujournal as ej
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.ledger.books import BookState
from edujournal.model.entries import Entry
from edujournal.model.facts import Facts
from edujournal.model.people import Actor
from edujournal.model.time import zone
from edujournal.planning import book_of
from edujournal.rules.around import Around
from edujournal.rules.clauses import Regulation
from edujournal.rules.loading import structure
from edujournal.rules.proposals import Proposal, propose
from edujournal.rules.provisional import provisional
from edujournal.rules.vocabulary import Scale
from edujournal.testing.case_schools import merged, school_of

WORDS = {"ru": "слово", "en": "word"}

#: Plain data of scales as regulation files have them.
SCALES: dict[str, dict[str, Any]] = {
    "five": {
        "kind": "numeric", "values": ["1", "2", "3", "4", "5"], "passing_from": "3",
        "good_from": "4", "learned": {"5": 100, "4": 64, "3": 36, "2": 16},
    },
    "signed": {
        "kind": "numeric", "values": ["2", "3", "4", "5"],
        "modifiers": {"+": "0.3", "-": "-0.3"}, "passing_from": "3-",
    },
    "german": {
        "kind": "numeric", "values": ["6", "5", "4", "3", "2", "1"], "lower_is_better": True,
        "passing_from": "4", "good_from": "2",
    },
    "letters": {
        "kind": "letter", "values": ["F", "D", "C", "B", "A"], "passing_from": "D",
        "numbers": {"F": 0, "D": 1, "C": 2, "B": 3, "A": 4},
    },
    "hundred": {"kind": "points", "least": 0, "most": 100, "decimals": 1, "passing_from": "60"},
    "credit": {"kind": "credit", "values": ["незачёт", "зачёт"], "passing_from": "зачёт"},
    "steps": {"kind": "levels", "values": ["base", "raised", "high"], "good_from": "raised"},
    "words": {"kind": "descriptive", "values": ["begins", "copes", "excels"]},
}  # fmt: skip


def regulation_of(**more: Any) -> Regulation:
    """A regulation with these scales and whatever is added."""
    return structure(
        {
            "format": 1,
            "id": "marks",
            "title": WORDS,
            "default_scale": "five",
            "scales": [{"code": code, "title": WORDS, **row} for code, row in SCALES.items()],
            **more,
        }
    )


@pytest.fixture(scope="session")
def scales() -> dict[str, Scale]:
    """The scales, by their codes."""
    return {scale.code: scale for scale in regulation_of().scales}


@pytest.fixture(scope="session")
def make_regulation() -> Callable[..., Regulation]:
    """Makes a regulation with these scales and whatever is added."""
    return regulation_of


# -- a class that writes ---------------------------------------------------------------------------

#: Two classes, one subject, lessons on Mondays; a pupil who changes the class in October.
SCHOOL: dict[str, Any] = {
    "days": "2026-09-01 to 2027-05-31",
    "zone": "Europe/Moscow",
    "year": "2026",
    "weeks": {"five": [1, 2, 3, 4, 5]},
    "periods": {
        "quarters": {
            "q1": "quarter 2026-09-01 to 2026-10-25",
            "q2": "quarter 2026-11-05 to 2026-12-27",
            "y": "year 2026-09-01 to 2026-12-27",
        }
    },
    "holidays": {
        "usual": {"autumn": "2026-10-26 to 2026-11-03", "winter": "2026-12-28 to 2027-01-10"}
    },
    "groups": {"7A": "class grade 7", "7B": "class grade 7"},
    "pupils": {
        "7A": {"p-1": "", "p-2": "", "p-3": "from 2026-10-01", "p-4": "to 2026-09-30"},
        "7B": {"p-3": "to 2026-09-30", "p-9": ""},
    },
    "accounts": {
        "t": ["teaches 7A alg", "teacher"], "b": ["teaches 7B alg", "teacher"],
        "t2": ["teaches 7A alg", "teacher"], "head": "head",
        "imp": "importer",
    },
    "lessons": {
        f"{group}-{month:02}{day:02}": f"{group} alg 2026-{month:02}-{day:02} 09:00-09:45"
        for group in ("7A", "7B")
        for month, day in ((9, 7), (9, 14), (9, 21), (9, 28), (10, 5), (10, 12), (11, 9), (12, 7))
    },
}  # fmt: skip


def facts_of(**changes: Any) -> Facts:
    """The facts of this school with some fields laid over; of the school as it is once only."""
    return _facts(**changes) if changes else _plain()


@cache
def _plain() -> Facts:
    return _facts()


def _facts(**changes: Any) -> Facts:
    problems: list[Any] = []
    school = school_of(merged(SCHOOL, changes), "school", problems)
    assert school is not None, problems
    return school.facts()


class Hand:
    """Writes drafts into books as accepted, a minute after each other; nothing judges them."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.states: dict[str, BookState] = {}
        self.now = moment(12, 20)

    def write(self, *drafts: Any, by: str = "t", role: str = "teacher") -> list[Entry]:
        """Write *drafts*, each as the next entry of its book."""
        found = []
        for draft in drafts:
            self.now += 60_000_000
            content = draft.content()
            book = book_of(content, self.facts)
            state = self.states.setdefault(book, BookState(book))
            entry = provisional(content, draft.evidence, state, Actor(by, role), self.now)
            entry = evolve(
                entry, hash=hashlib.sha256(f"{book}#{entry.number}".encode()).hexdigest()
            )
            state.apply(entry)
            found.append(entry)
        return found

    def propose(
        self,
        regulation: Regulation,
        journal: str = "7A/alg/2026",
        period: str = "q1",
        **more: Any,
    ) -> dict[str, Proposal]:
        """The proposals by pupil."""
        classes = {one.split("/")[1]: self.states[one] for one in self.states if "class/" in one}
        more.setdefault("at", self.now)
        around = Around(classes=classes)
        found = propose(
            regulation, journal, period, self.facts, self.states, around=around, **more
        )  # fmt: skip
        return {one.pupil: one for one in found}


def moment(month: int, day: int, hour: int = 12, minute: int = 0) -> int:
    """An instant of 2026 on the school's clocks."""
    return zone("Europe/Moscow").at(date(2026, month, day), time(hour, minute))


@pytest.fixture(scope="session")
def facts() -> Facts:
    """What the school's data says."""
    return facts_of()


@pytest.fixture
def hand(facts: Facts) -> Hand:
    """A hand over empty books."""
    return Hand(facts)


class Standing:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.at = moment(9, 7)

    def __call__(self) -> datetime:
        """The moment that was set."""
        return datetime.fromtimestamp(self.at / 1_000_000, UTC)


@pytest.fixture
def clock() -> Standing:
    """A clock that stands."""
    return Standing()


@pytest.fixture
def make_journals(clock: Standing) -> Callable[..., ej.Journals]:
    """Opens journals of this school in memory, under a regulation."""

    def make(regulation: Any = "ru-school26-2023", **changes: Any) -> ej.Journals:
        problems: list[Any] = []
        school = school_of(merged(SCHOOL, changes), "school", problems)
        return ej.Journals(
            MemoryStore(), school, regulation, clock=clock, entropy=lambda n: bytes(range(n))
        )

    return make
