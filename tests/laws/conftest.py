"""What the laws share: a regulation that uses every kind of rule, and journals over random schools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest

import edujournal as ej
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.ports import SchoolData, Store
from edujournal.rules.clauses import Regulation
from edujournal.rules.loading import load
from edujournal.testing.clocks import CountedSalts, StandingClock

WORDS = {"ru": "п", "en": "p"}

#: The shipped regulation of a Russian school, and what other schools' texts add: locks and who lifts
#: them, approvals, terms that a school gives, rights in the class book.
DATA: Mapping[str, Any] = {
    "format": 1,
    "id": "laws",
    "title": WORDS,
    "extends": "ru-school26-2023",
    "given": {"control_days": 4, "final_until": date(2026, 11, 5)},
    "clauses": [
        {
            "number": "L1",
            "gist": WORDS,
            "rules": [
                {"kind": "rights", "role": "homeroom", "may": "write", "scope": "own_class",
                 "records": ["excuse", "message"]},
                {"kind": "rights", "role": "head", "may": "write", "records": ["excuse", "message"]},
                {"kind": "rights", "role": "importer", "may": "import",
                 "records": ["excuse", "closing", "substitution"]},
            ],
        },
        {
            "number": "L2",
            "gist": WORDS,
            "rules": [
                {"kind": "lock", "record": "mark", "on": "new",
                 "since": {"anchor": "day", "shift": "+7 days", "snap": "end_of_day"},
                 "lifts": [{"role": "head"}, {"role": "deputy", "within": "+3 days"}]},
            ],
        },
        {
            "number": "L3",
            "gist": WORDS,
            "rules": [
                {"kind": "lock", "record": record, "on": "change",
                 "since": {"anchor": "entry.recorded", "shift": "+48 hours"},
                 "lifts": [{"role": "head"}]}
                for record in ("mark", "roll")
            ],
        },
        {
            "number": "L4",
            "gist": WORDS,
            "rules": [
                {"kind": "lock", "record": record, "since": {"anchor": "journal.closed"},
                 "lifts": [{"role": "head"}, {"role": "deputy"}]}
                for record in ("mark", "roll", "result")
            ],
        },
        {
            "number": "L5",
            "gist": WORDS,
            "rules": [
                {"kind": "approval", "record": "mark", "roles": ["head", "deputy"], "count": 1,
                 "after": {"anchor": "day", "shift": "+1 days", "snap": "end_of_day"}},
            ],
        },
        {
            "number": "L6",
            "gist": WORDS,
            "rules": [
                {"kind": "timing", "record": "topic", "quorum": "once", "instead_of": "2.6",
                 "closes": {"anchor": "day", "snap": "end_of_day"}, "lifts": [{"role": "head"}]},
                {"kind": "timing", "record": "comment",
                 "closes": {"anchor": "next_lesson"}, "lifts": [{"role": "deputy"}]},
            ],
        },
    ],
}  # fmt: skip


class Opens:
    """Opens journals of a school under the regulation of the laws, and a clock that stands.

    Hypothesis prints what a failing test was given: this is short, a regulation is not.
    """

    def __init__(self) -> None:
        self.data = DATA
        self.regulation: Regulation = load(DATA)

    def __repr__(self) -> str:
        return "opened"

    def __call__(
        self,
        school: SchoolData,
        store: Store | None = None,
        regulations: Sequence[Regulation] | None = None,
    ) -> tuple[ej.Journals, StandingClock]:
        """Open them; over a new store in memory by default."""
        clock = StandingClock()
        journals = ej.Journals(
            MemoryStore() if store is None else store,
            school,
            regulations or [self.regulation],
            clock=clock,
            entropy=CountedSalts(),
        )
        return journals, clock


@pytest.fixture(scope="session")
def opened() -> Opens:
    """Opens journals, as often as a law needs."""
    return Opens()
