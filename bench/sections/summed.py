"""Summary sheets of all classes made from the beginning, beside peers that keep the last of each result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib.util import find_spec

from attrs import frozen

import edujournal as ej
from bench.classes import Classes, classes
from bench.figures import Section
from bench.measure import Way, measured
from bench.peers.sums import PEERS, Fact, Peer, Place
from bench.school import regulation
from bench.size import Size
from edujournal.ledger.books import BookState
from edujournal.model.ids import JournalId, split_about
from edujournal.views.sheet import Sheet, SheetFrame
from edujournal.views.sheet_results import places_in, results_of


def changed(of: Classes) -> ej.Journals:
    """Journals in memory in which every third result was changed afterwards."""
    journals = of.journals()
    for book, records in of.records.items():
        drafts = [
            ej.Correction(journal=book.removeprefix("journal/"), entry=one.number,
                          values={"value": 5}, reason="…")
            for one in records[::3]
        ]  # fmt: skip
        journals.record_many(drafts, by="t-1")
    return journals


def facts(states: Mapping[str, BookState]) -> Iterator[Fact]:
    """Yield the results on record and what they were changed to, book by book, in order."""
    for name, state in states.items():
        journal = JournalId.parse(name.removeprefix("journal/"))
        for entry in state.entries:
            said = entry if entry.target is None else state.entries[entry.target - 1]
            yield Fact(
                journal.group, journal.subject, split_about(said.about)[1], str(said.pupil),
                entry.number, entry.values.get("change", entry.values)["value"],
            )  # fmt: skip


def from_states(
    journals: ej.Journals, groups: Iterable[str], states: Mapping[str, BookState]
) -> list[Sheet]:
    """The sheets of *groups*, out of books that were read."""
    known = journals.school.facts()
    (calendar,) = known.calendars
    found = []
    for group in groups:
        frame = SheetFrame(group, known, calendar, (regulation(),))
        results = {one: results_of(one, states[one.book], calendar) for one in frame.journals}
        columns = frame.columns(places_in(results.values()))
        rows = (frame.row(pupil, columns, results) for pupil in frame.pupils)
        found.append(frame.sheet(columns, rows))
    return found


def cells(sheets: Iterable[Sheet]) -> dict[Place, int]:
    """What peers tell of *sheets*: values by class, subject, period and pupil."""
    return {
        (sheet.group, column.subject, column.period, row.pupil): cell.result.value
        for sheet in sheets
        for row in sheet.rows
        for column, cell in zip(sheet.columns, row.cells, strict=True)
        if cell.result is not None
    }


@frozen(eq=False)
class Summed:
    """A school at the end of a quarter, some of whose results were changed.

    Attributes:
        journals: Its journals, in memory.
        groups: Its classes.
        states: Its books, read.
        facts: What they say, for peers.
    """

    journals: ej.Journals
    groups: tuple[str, ...]
    states: dict[str, BookState]
    facts: tuple[Fact, ...]

    def sheets(self) -> list[Sheet]:
        """All sheets, out of the store."""
        return [self.journals.sheet(group) for group in self.groups]


@cache
def summed(number: int) -> Summed:
    """The school with so many classes."""
    of = classes(number)
    journals = changed(of)
    states = {book: journals.state(book) for book in sorted(of.records)}
    groups = sorted({JournalId.parse(one.removeprefix("journal/")).group for one in states})
    return Summed(journals, tuple(groups), states, tuple(facts(states)))


def check(of: Summed) -> None:
    """Stop if a cell is another one in another way."""
    expected = cells(of.sheets())
    assert cells(from_states(of.journals, of.groups, of.states)) == expected, "other cells"
    for title, make, needs in PEERS:
        if all(find_spec(name) for name in needs):
            check_peer(title, make(of.facts), expected)


def check_peer(title: str, peer: Peer, expected: dict[Place, int]) -> None:
    """Stop if a peer has other cells."""
    assert peer.told(peer.make()) == expected, f"{title}: other cells"


def made(size: Size) -> Section:
    """The sheets of ten classes."""
    of = summed(size.classes[1])
    check(of)
    ways = [
        Way(title, _peer(make, of), len(of.facts), needs=needs, repeats=True)
        for title, make, needs in PEERS
    ]
    ours = (
        ("out of books that were read", lambda: from_states(of.journals, of.groups, of.states)),
        ("journals.sheet, out of a store in memory", of.sheets),
    )
    ways += [
        Way(f"edujournal: {title}", _itself(run), len(of.facts), ours=True) for title, run in ours
    ]
    return measured(
        "sheets",
        "Summary sheets made from the beginning",
        "entry",
        ways,
        size.rounds,
        (
            (
                f"{len(of.groups)} classes, 12 subjects, a quarter: {len(of.facts):,} results and"
                " changes of results."
            ),
            (
                "A peer has them as numbers in columns and tells the last of each; edujournal also finds"
                " for every cell whether a result is owed by the roll, which entry gives it, and which"
                " marker stands in its place."
            ),
        ),
    )


def _peer(make: Callable[[Iterable[Fact]], Peer], of: Summed) -> Callable[[], Callable[[], object]]:
    made_of: list[Peer] = []

    def prepare() -> Callable[[], object]:
        if not made_of:
            made_of.append(make(of.facts))
        return made_of[0].make

    return prepare


def _itself(run: Callable[[], object]) -> Callable[[], Callable[[], object]]:
    return lambda: run
