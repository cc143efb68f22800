"""Writing a journal CSV set: what :func:`read_set` reads back as the same school and the same records."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, TextIO

from edujournal.adapters.exchange.csvset.columns import SHEETS, Sheet
from edujournal.adapters.exchange.csvset.entry_rows import EntryRows
from edujournal.adapters.exchange.csvset.school_rows import school_rows
from edujournal.adapters.exchange.csvset.spreadsheets import guarded
from edujournal.adapters.exchange.csvset.tables import Limits
from edujournal.adapters.schools.plain import PlainSchool
from edujournal.errors import BadInput
from edujournal.model.drafts import Draft
from edujournal.model.entries import Entry

_LONGEST: Final = Limits().row


def write_set(
    folder: str | Path,
    school: PlainSchool,
    entries: Iterable[Draft | Entry] = (),
    *,
    separator: str = ",",
    spreadsheet: bool = False,
) -> None:
    """Write a journal CSV set; files of a set that were in the folder are replaced, all at the end.

    Args:
        folder: Where to; it is made if it is not there.
        school: The school.
        entries: Records, in the order of their recording: entries of books, or drafts that say what
            is known of their recording. The entries of a book come from its first one on.
        separator: Parts the cells: ``,`` or ``;``.
        spreadsheet: For people who open the files in a spreadsheet: no cell can be a formula there.
            Such a set is to be looked at; where a cell was changed it does not come in again as it was.

    Raises:
        BadInput: Something cannot be said in a CSV set: a report of a compromised login, a change
            of an entry that is not among *entries*, a draft without evidence, a NUL in a text.

    *Version added: 0.1.*
    """
    if separator not in (",", ";"):
        raise BadInput("not a separator", expected="',' or ';'", found=repr(separator))
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=".set-", dir=place)))
        streams: list[TextIO] = []
        writers = {}
        for sheet in SHEETS:
            path = scratch / sheet.name
            streams.append(stack.enter_context(path.open("w", encoding="utf-8", newline="")))
            writers[sheet.name] = _Writer(sheet, streams[-1], separator, spreadsheet=spreadsheet)
        for name, row in school_rows(school):
            writers[name].write(row)
        records = EntryRows(school.facts())
        for entry in entries:
            if records.leaves_out(entry):
                continue
            name, row = records.row(entry)
            writers[name].write(row)
        for stream in streams:
            stream.flush()
            os.fsync(stream.fileno())
        for sheet in SHEETS:
            (scratch / sheet.name).replace(place / sheet.name)


class _Writer:
    """Writes the rows of one file."""

    def __init__(self, sheet: Sheet, stream: TextIO, separator: str, *, spreadsheet: bool) -> None:
        self._sheet = sheet
        self._spreadsheet = spreadsheet
        self._known = frozenset(sheet.columns)
        self._plain, self._quoted = (
            csv.writer(stream, delimiter=separator, lineterminator="\n", quoting=quoting)
            for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_ALL)
        )
        self._plain.writerow(sheet.columns)
        self._line = 1

    def write(self, row: Mapping[str, Any]) -> None:
        """Write one row; what is None stays empty."""
        self._line += 1
        lost = [name for name in row if name not in self._known and row[name] is not None]
        if lost:
            raise BadInput(
                "something that a CSV set has no column for",
                where=f"{self._sheet.name}:{self._line}",
                expected=", ".join(self._sheet.columns),
                found=", ".join(lost),
            )
        cells = [self._cell(column, row.get(column)) for column in self._sheet.columns]
        if sum(len(cell.encode()) + 3 for cell in cells) > _LONGEST:
            raise BadInput(
                "a row too long for a CSV set",
                where=f"{self._sheet.name}:{self._line}",
                expected=f"at most {_LONGEST} bytes",
            )
        # Left to itself, the writer of some Pythons does not quote a carriage return.
        has_return = any("\r" in cell for cell in cells)
        (self._quoted if has_return else self._plain).writerow(cells)

    def _cell(self, column: str, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return "yes" if value else "no"
        cell = str(value)
        is_text = column in self._sheet.texts
        problem = None
        if "\0" in cell or any("\ud800" <= letter <= "\udfff" for letter in cell):
            problem = "a text that is not Unicode, or has a NUL"
        elif not is_text and (not cell or cell != cell.strip()):
            problem = "a value that is empty, or has space at its ends"
        if problem:
            raise BadInput(
                problem, where=f"{self._sheet.name}:{self._line}:{column}", found=ascii(cell)[:80]
            )
        return guarded(cell) if self._spreadsheet else cell
