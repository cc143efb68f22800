"""A small school, kept under a regulation with markers that end, on a clock that is set by hand."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import edujournal as ej
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.model.entries import Entry
from edujournal.model.time import zone
from edujournal.rules.loading import load
from edujournal.testing.case_schools import merged, school_of
from edujournal.testing.clocks import CountedSalts, StandingClock

CASES = Path(__file__).parents[1] / "cases"
ALG = "7A/alg/2026"
BOOK = f"journal/{ALG}"
#: Everybody who is in the way of a story about one pupil.
ALONE = {"7A": {"p-2": False, "p-3": False, "p-4": False}, "7A.1": False}


def content(name: str) -> dict[str, Any]:
    """What a file beside the cases says."""
    return tomllib.loads((CASES / name).read_text("utf-8"))


def moment(text: str) -> int:
    """An instant on the school's clocks, such as ``2026-09-15 09:10``."""
    wall = datetime.fromisoformat(text)
    return zone("Europe/Moscow").at(wall.date(), wall.time())


class Desk:
    """Journals of the small school, and a clock to record by."""

    moment = staticmethod(moment)

    def __init__(self, regulation: Mapping[str, Any], store: Any, **changes: Any) -> None:
        problems: list[Any] = []
        said = content("small.school.toml")
        self.school = school_of(merged(said, changes), "small", problems)
        assert [] == problems
        self.clock = StandingClock()
        self.regulation = load(regulation)
        self.salts = CountedSalts("markers")
        self.store = store
        self.journals = self.open()

    def open(self) -> ej.Journals:
        """Another handle on the same store."""
        return ej.Journals(self.store, self.school, self.regulation, self.clock, self.salts)

    def write(self, at: str, draft: ej.Draft, by: str = "t") -> ej.Receipt:
        """Record *draft* at a moment."""
        self.clock.set(moment(at))
        return self.journals.record(draft, by=by)

    def tick(self, now: str, at: str | None = None) -> ej.TickReport:
        """Tick at a moment."""
        self.clock.set(moment(now))
        return self.journals.tick(None if at is None else moment(at))

    def by_time(self) -> list[Entry]:
        """The entries that time has made."""
        return [one for one in self.journals.entries(BOOK) if one.by.account == "system"]

    def audit(self, at: str, **more: Any) -> Iterator[str]:
        """Findings in short, at a moment."""
        for one in self.journals.audit(moment(at), **more):
            if one.clause in ("2.2", "2.6", "2.9"):
                continue  # set-up, topics and roll calls are no part of these stories
            yield " ".join(
                str(part) for part in (one.clause, one.code, one.outcome, one.about, one.pupil)
            )


@pytest.fixture
def new_desk() -> Callable[..., Desk]:
    """Gives desks over empty stores."""

    def make(*, store: Any = None, school: Any = None, markers: Any = (), **more: Any) -> Desk:
        base = content("markers.toml")
        base["markers"] = [*base["markers"], *markers]
        base["clauses"] = [*base["clauses"], *more.pop("clauses", ())]
        changes = {"pupils": ALONE, **(school or {})}
        return Desk({**base, **more}, store or MemoryStore(), **changes)

    return make


@pytest.fixture
def desk(new_desk: Callable[..., Desk]) -> Desk:
    """A desk under the regulation of the cases, with a term of three days for what is incomplete."""
    return new_desk(given={"incomplete_days": 3})
