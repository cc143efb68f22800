"""Reopened duties: what was met by an entry that became void is owed again, with a window of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import evolve

from edujournal.ledger.books import BookState
from edujournal.model.entries import Entry
from edujournal.model.occasions import Occasion
from edujournal.model.time import zone
from edujournal.rules.clauses import Regulation
from edujournal.rules.duties import ALSO, Duty, member


def reopened(
    choices: Sequence[Duty],
    one: str | None,
    occasion: Occasion,
    state: BookState,
    regulation: Regulation,
) -> tuple[tuple[Duty, ...], int | None]:
    """The duties as they are after an entry that met them became void.

    The window ends at the end of the next working day after the act that voided it (the number of
    working days is the regulation's), and never before the original window.

    Args:
        choices: The duties.
        one: Member of the set that owes the record; None for the whole occasion.
        occasion: The occasion.
        state: What the book says.
        regulation: The regulation.

    Returns:
        The duties, and the number of the voided entry; None where nothing was voided.
    """
    voided = next(_voided(choices[0], one, state), None)
    if voided is None:
        return tuple(choices), None
    entry, at = voided
    tz = zone(occasion.calendar.zone)
    last = occasion.calendar.add_working_days(tz.local_date(at), regulation.reopen_days)
    closes = tz.end_of_day(last)
    return (
        tuple(
            evolve(duty, closes=max(duty.closes, closes)) if isinstance(duty.closes, int) else duty
            for duty in choices
        ),
        entry.number,
    )


def _voided(duty: Duty, one: str | None, state: BookState) -> Iterator[tuple[Entry, int]]:
    """Void entries that met the duty, each with the instant of the act that voided it, latest first."""
    found = []
    for kind in ALSO.get(duty.record, (duty.record,)):
        for entry in state.void_about(kind, duty.about):
            if one is None or member(entry) == one:
                at = state.voided_at(entry)
                if at is not None:
                    found.append((entry, at))
    found.sort(key=lambda row: -row[1])
    yield from found
