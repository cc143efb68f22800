"""Reopened duties: what was met by an entry that became void is owed again, with a window of its own."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve

from edujournal.ledger.books import BookState
from edujournal.model.entries import OF_PUPIL, Entry
from edujournal.model.occasions import Occasion
from edujournal.model.time import zone
from edujournal.rules.clauses import Regulation
from edujournal.rules.duties import ALSO, Duty, member
from edujournal.rules.predicates import fulfils


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
    voided = [] if state.all_stands else _voided(choices[0], one, state, regulation)
    if not voided:
        return tuple(choices), None
    number: int | None = None
    found = []
    for duty in choices:
        closes = duty.closes
        for entry, at in voided:
            # What was late, and what never met the duty, reopens nothing when it is taken back.
            if isinstance(closes, int) and entry.hi <= closes:
                closes = max(closes, term_after(at, occasion, regulation))
                number = entry.number
        found.append(evolve(duty, closes=closes))
    return tuple(found), number


def term_after(at: int, occasion: Occasion, regulation: Regulation) -> int:
    """End of the window that an act of the instant *at* opens anew."""
    tz = zone(occasion.calendar.zone)
    last = occasion.calendar.add_working_days(tz.local_date(at), regulation.reopen_days)
    return tz.end_of_day(last)


def _voided(
    duty: Duty, one: str | None, state: BookState, regulation: Regulation
) -> list[tuple[Entry, int]]:
    """Void entries that were what the duty asks for, each with the instant of the voiding act, in order."""
    found = []
    for kind in ALSO.get(duty.record, (duty.record,)):
        pupil = one if kind in OF_PUPIL else None
        for entry in state.void_about(kind, duty.about, pupil):
            if (one is None or member(entry) == one) and fulfils(entry, regulation, duty.record):
                at = state.voided_at(entry)
                if at is not None:
                    found.append((entry, at))
        found.extend(
            (entry, at)
            for entry, at in state.taken_back(kind, duty.about, pupil)
            if (one is None or member(entry) == one) and fulfils(entry, regulation, duty.record)
        )
    found.sort(key=lambda row: row[1])
    return found
