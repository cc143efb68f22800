"""``python -m bench.limits``: what limits that look at other journals cost an audit.

The quarter of the sample school, audited under its own regulation and under children of it with one
limit more; the processor's seconds of the best of some rounds.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import edujournal as ej
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.model.time import moment
from edujournal.samples.frame import ZONE
from edujournal.samples.quarter import REGULATION, keep, quarter

WORDS = {"ru": "п", "en": "p"}
CONTROL = {"record": "work", "where": {"control": True}}

#: A name for each limit, and what it says.
LIMITS: tuple[tuple[str, dict[str, Any] | None], ...] = (
    ("no limit", None),
    ("one control work a day, journal", {**CONTROL, "per": ["journal", "day"], "at_most": 1}),
    ("one control work a day, class", {**CONTROL, "per": ["class", "day"], "at_most": 1}),
    ("the same for each pupil", {**CONTROL, "per": ["pupil", "class", "day"], "at_most": 1}),
    ("three a week, class", {**CONTROL, "per": ["class", "week"], "at_most": 3}),
    ("four marks a day, pupil, in all journals",
     {"record": "mark", "per": ["pupil", "class", "day"], "at_most": 4}),
)  # fmt: skip


def regulation(limit: dict[str, Any] | None) -> Any:
    """The sample school's regulation, with one limit more."""
    if limit is None:
        return REGULATION
    clause = {"number": "X.1", "gist": WORDS, "rules": [{"kind": "limit", **limit}]}
    data = {"format": 1, "id": "x", "title": WORDS, "extends": REGULATION, "clauses": [clause]}
    return ej.load_regulation(data)


def main() -> None:
    """Audit and print a line for each limit."""
    parser = argparse.ArgumentParser("python -m bench.limits", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    story, store = quarter(), MemoryStore()
    keep(store, story)
    count = sum(head.number for _, head in store.books(story.school.id))
    print(f"{count} records")
    for name, limit in LIMITS:
        rules, best = regulation(limit), float("inf")
        for _ in range(rounds):
            journals = ej.Journals(
                store, story.school, rules, clock=lambda: moment(story.audited, ZONE)
            )
            start = time.process_time()
            found = list(journals.audit())
            best = min(best, time.process_time() - start)
        of_limit = sum(one.clause == "X.1" for one in found)
        print(f"{name:42} {best:6.2f} s {count / best:7.0f} records/s, {of_limit} over it")


if __name__ == "__main__":
    main()
