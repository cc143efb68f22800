"""Fulfilling: who has what a duty asks for. Read where something is judged missing, due, or explained."""

from __future__ import annotations

from collections.abc import Iterable

from edujournal.ledger.books import BookState
from edujournal.model.entries import Entry
from edujournal.model.occasions import Occasion
from edujournal.rules.clauses import Regulation
from edujournal.rules.duties import Duty, member, recorded
from edujournal.rules.given import always, code_of
from edujournal.rules.predicates import fulfils
from edujournal.rules.worth import sign_of, worth


def done(
    duty: Duty,
    owing: Iterable[str | None],
    occasion: Occasion,
    state: BookState,
    regulation: Regulation,
) -> frozenset[str | None]:
    """Those of the set that owes a record who have it, and others for whom it is there.

    Where a mark or a result is owed, a marker stands for it if its kind says so, unless something has
    taken its place since; one that always holds stands for everybody.

    Args:
        duty: What is asked.
        owing: The set that owes it.
        occasion: What it is asked about.
        state: What the book says.
        regulation: The regulation that asks.
    """
    if duty.record in ("mark", "result") and duty.quorum.how == "each":
        held = worth((), regulation, always=always(regulation, occasion))
        if held.filled if duty.record == "mark" else held.fulfilled:
            return frozenset(owing)
    found: dict[str | None, list[Entry]] = {}
    for entry in recorded(duty, occasion, state):
        one = None if duty.quorum.how == "once" else member(entry)
        found.setdefault(one, []).append(state.reading(entry))
    return frozenset(one for one, some in found.items() if _has(some, duty.record, regulation))


def _has(entries: list[Entry], record: str, regulation: Regulation) -> bool:
    """Whether one of the entries about one member is what is asked for."""
    plain = [entry for entry in entries if code_of(entry) is None]
    if any(fulfils(entry, regulation, record) for entry in plain):
        return True
    if len(plain) == len(entries):
        return False
    counted = worth(map(sign_of, entries), regulation)
    return any(
        fulfils(entry, regulation, record)
        for entry in entries
        if (entry.book, entry.number) not in counted.replaced
    )
