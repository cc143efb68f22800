"""What a journal has for its sheet, kept beside its entries: as a value, and as bytes.

Ids, values and numbers of entries go into it, and no text that anybody typed: nothing in it has ever
to be erased.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any, Final

from attrs import astuple, frozen

from edujournal.errors import BadInput
from edujournal.ledger.books import BookState
from edujournal.ledger.bytes import decode, encode
from edujournal.model.calendar import Calendar
from edujournal.model.ids import JournalId
from edujournal.projections.followed import FENCING, last_act
from edujournal.projections.sheets import results_after
from edujournal.projections.touching import touched
from edujournal.views.cells import CellResult, Source
from edujournal.views.sheet_results import JournalResults, results_of
from edujournal.writing import calendar_digest

#: Views, by the names under which a store keeps them: how far it was brought, and the results.
POSITION: Final = "results.position"
RESULTS: Final = "results"

#: Grows with every change of what is kept, or of what it means.
FORMAT: Final = 1

#: Kinds of record that leave the results of a journal as they are, whatever they say.
BESIDE: Final = frozenset({
    "comment", "confirmation", "homework", "makeup", "mark", "roll", "substitution", "topic", "work",
})  # fmt: skip


@frozen
class KeptResults:
    """What a journal has for its sheet after some entries.

    *Version added: 0.1.*

    Attributes:
        version: What it was made by; what another version made is made anew.
        number: Number of the last entry that was looked at.
        fencing: Number of the last act of the school book that says which entries count.
        since: Number of the last entry that was looked at when the results were made.
        results: The results.
    """

    version: str
    number: int
    fencing: int
    since: int
    results: JournalResults


def version_of(calendar: Calendar) -> str:
    """What results are made by: this format, and the frame of the year.

    Regulations are not in it: they say what a result comes to, which is asked when the sheet is read.
    """
    told = f"{FORMAT} {calendar_digest(calendar)}"
    return hashlib.sha256(told.encode()).hexdigest()


def kept_after(
    before: KeptResults | None,
    journal: JournalId,
    state: BookState,
    school: BookState | None,
    calendar: Calendar,
) -> KeptResults:
    """Bring *before* up to date; without it, or where it does not fit, all is made.

    Args:
        before: What was kept of the journal.
        journal: Which journal.
        state: What it says now.
        school: What the school book says now; None where there is none yet.
        calendar: Frame of the year.

    *Version added: 0.1.*
    """
    version = version_of(calendar)
    fencing = 0 if school is None else last_act(school, FENCING)
    if (
        before is None
        or (before.version, before.fencing) != (version, fencing)
        or before.number > state.number
    ):
        found = results_of(journal, state, calendar)
        return KeptResults(version, state.number, fencing, state.number, found)
    touches = [touched(entry, state) for entry in state.entries[before.number :]]
    found = results_after(before.results, journal, state, calendar, touches)
    since = before.since if found is before.results else state.number
    return KeptResults(version, state.number, fencing, since, found)


def contents(before: KeptResults | None, after: KeptResults) -> Iterator[tuple[str, bytes]]:
    """The views that a store is to keep, once *after* takes the place of *before*.

    Which entry was looked at last is told with each act; the results only where they differ.
    """
    place = {
        "fencing": after.fencing, "n": after.number, "since": after.since, "version": after.version,
    }  # fmt: skip
    yield POSITION, encode(place)
    if before is None or after.results is not before.results or after.since != before.since:
        rows = {
            pupil: [[period, stage, *_plain(one)] for period, stage, one in given]
            for pupil, given in after.results.items()
        }
        told = {"fencing": after.fencing, "since": after.since, "version": after.version}
        yield RESULTS, encode({**told, "pupils": [[pupil, some] for pupil, some in rows.items()]})


def read_position(content: bytes | None, version: str) -> KeptResults | None:
    """How far results were brought, without them; None where nothing that can be used was kept."""
    told = _decoded(content)
    if told is None or told.get("version") != version:
        return None
    return KeptResults(version, told["n"], told["fencing"], told["since"], {})


def read_results(content: bytes | None, place: KeptResults) -> JournalResults | None:
    """The results that were kept for *place*; None where those that are there are of another one."""
    told = _decoded(content)
    if told is None or (told.get("version"), told.get("fencing"), told.get("since")) != (
        place.version, place.fencing, place.since,
    ):  # fmt: skip
        return None
    return {
        pupil: tuple((period, stage, _result(rest)) for period, stage, *rest in rows)
        for pupil, rows in told["pupils"]
    }


def leaves_results(kinds: Iterable[str]) -> bool:
    """Tell whether entries of these kinds leave the results of a journal as they are."""
    return BESIDE.issuperset(kinds)


def _decoded(content: bytes | None) -> dict[str, Any] | None:
    if content is None:
        return None
    try:
        found = decode(content)
    except BadInput:
        # It is a cache, and what cannot be read is made anew.
        return None
    return found if isinstance(found, dict) else None


def _plain(one: CellResult) -> list[Any]:
    source = list(astuple(one.source, recurse=False))
    return [
        one.value, one.marker, one.scale, one.stage,
        [list(part) if isinstance(part, tuple) else part for part in source],
    ]  # fmt: skip


def _result(told: list[Any]) -> CellResult:
    value, marker, scale, stage, source = told
    book, entry, by, at, corrected, annulled, void, doubtful, since, made_of = source
    return CellResult(
        value, marker, scale, stage,
        Source(
            book, entry, by, at, tuple(corrected), annulled, void, doubtful,
            since=since, made_of=made_of,
        ),
    )  # fmt: skip
