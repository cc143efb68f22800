"""From what is said to records: numbered, sealed and chained as the ordinary way of writing does."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from edujournal.ledger.records import Record
from edujournal.model.entries import Entry
from edujournal.model.facts import Facts
from edujournal.model.people import Actor
from edujournal.planning import Act
from edujournal.rules.clauses import Regulation
from edujournal.rules.judging import Judge
from edujournal.rules.loading import load
from edujournal.rules.rights import ANYONE
from edujournal.samples.generated.faults import Said
from edujournal.writing import BookAct


def written(
    facts: Facts, regulation: Path, books: Mapping[str, list[Said]]
) -> Iterator[tuple[str, list[Record]]]:
    """Make the records of *books*; what is said stands in the order of time.

    Nothing is judged: what would have been refused must not be said.
    """
    judges = [Judge(load(regulation), facts)]
    for book in sorted(books):
        records: list[Record] = []
        previous = ""
        numbers: dict[int, int] = {}
        salts = _Salts(f"{facts.school}/{book}")
        last: tuple[int, str] | None = None
        first = item = 0
        for number, said in enumerate(books[book], 1):
            numbers[id(said)] = number
            item = item + 1 if (said.at, said.by) == last else 0
            first = number if item == 0 else first
            last = said.at, said.by
            entry = _entry(book, number, said, numbers, first, item, judges[0].regulation)
            act = Act(facts.school, entry.by, said.at, None, judges, salts)
            record, _ = BookAct(act, book, ()).record(entry, previous)
            previous = record.hash
            records.append(record)
        yield book, records


def _entry(
    book: str,
    number: int,
    said: Said,
    numbers: Mapping[int, int],
    first: int,
    item: int,
    regulation: Regulation,
) -> Entry:
    content, of = said.content, said.of
    about, pupil, record = content.about, content.pupil, content.kind
    if of is not None and content.kind == "correction":
        about, pupil, record = of.content.about, of.content.pupil, of.content.kind
    action = "write" if said.evidence is None else "import"
    return Entry(
        book, number, content.kind, about, pupil, content.values, content.texts,
        Actor(said.by, said.role), _right(regulation, said.role, action, record),
        said.at, said.evidence, None, item, first, None if of is None else numbers[id(of)],
    )  # fmt: skip


def _right(regulation: Regulation, role: str, action: str, record: str) -> str:
    """The clause by which *role* may do it, or anybody may."""
    rights = regulation.rights
    rows = rights.get((role, action, record)) or rights[ANYONE, action, record]
    return rows[0][0].number


class _Salts:
    """Salts that come out the same every time: for samples, and for nothing else."""

    def __init__(self, name: str) -> None:
        self._name, self._drawn = name, 0

    def __call__(self, size: int) -> bytes:
        self._drawn += 1
        return hashlib.shake_128(f"{self._name} {self._drawn}".encode()).digest(size)
