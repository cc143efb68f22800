"""Reading rows of a faultless set again, one by one, in any order."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Self

from edujournal.adapters.exchange.csvset.drafting import draft_of, read_cells
from edujournal.adapters.exchange.csvset.problems import Problems
from edujournal.adapters.exchange.csvset.records import Records
from edujournal.adapters.exchange.csvset.tables import Row
from edujournal.model.drafts import Draft


class Reader:
    """Reads rows of a faultless set again, one by one, in any order."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._tables = tables = records.tables
        self._stack = ExitStack()
        self._streams = {
            place: self._stack.enter_context(table.path.open("rb"))
            for place, table in enumerate(tables)
            if table.usable
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def row(self, number: int) -> Row:
        """The row with that number, works first."""
        records = self._records
        place = 0 if records.kind(number) == "work" else 1
        return self._tables[place].again(
            self._streams[place],
            records.lines[number],
            records.offsets[number],
            records.sizes[number],
        )

    def draft(self, number: int, target: int | None = None) -> tuple[Draft, Row]:
        """The draft of the row with that number.

        Args:
            number: Number of the row.
            target: Number of the entry that it changes, in its book.
        """
        records = self._records
        row = self.row(number)
        book = records.book_names[records.books[number]]
        journal = book.removeprefix("journal/") if book.startswith("journal/") else None
        evidence, _ = records.evidence(row, journal, Problems())
        changed = None
        if number in records.targets:
            changed = (records.kind(records.targets[number]), target or 0)
        by_lesson = "lesson" in row.cells
        draft = draft_of(
            row,
            read_cells(row, Problems()),
            evidence,
            journal=row.cells.get("journal") if by_lesson else journal,
            target=changed,
        )
        return draft, row
