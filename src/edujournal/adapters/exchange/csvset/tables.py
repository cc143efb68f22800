"""CSV files as rows: strict about bytes, quotes and width, and able to read one row again later."""

from __future__ import annotations

import csv
import difflib
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from attrs import field, frozen

from edujournal.adapters.exchange.csvset.columns import ENTRIES, EXTRA, Sheet
from edujournal.adapters.exchange.csvset.problems import Problems
from edujournal.plain_files import LARGEST

_SEPARATORS: Final = (",", ";")
_BOM: Final = b"\xef\xbb\xbf"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_RETURN: Final = "a carriage return by itself"
_LINE_ENDS: Final = "End lines with LF, or CR LF."

#: How alike an unknown column may be to a known one that is missing: beyond it, it is a misspelling.
_ALIKE: Final = 0.8


@frozen
class Limits:
    """How much is read before a file is held to be hostile.

    *Version added: 0.1.*

    Attributes:
        row: Longest row, in bytes.
        file: Largest file of what was recorded, in bytes: it is read row by row.
        roster: Largest of the other files, in bytes: what they say is kept in mind.
        problems: Faults that are told one by one; further ones are only counted.
    """

    row: int = 100_000
    file: int = 1 << 30
    roster: int = LARGEST
    problems: int = 10_000


@frozen
class Row:
    """One row: its known cells that are not empty, and where it stands.

    Attributes:
        sheet: Which file.
        line: Number of its first line.
        offset: Position of its first byte.
        size: Its length in bytes.
        cells: Known, non-empty cells by column.
        extra: Unknown, non-empty cells by column.
    """

    sheet: Sheet
    line: int
    offset: int
    size: int
    cells: dict[str, str]
    extra: dict[str, str] = field(factory=dict)

    def at(self, column: str = "") -> str:
        """Name of the place, such as ``entries.csv:17:value``."""
        place = f"{self.sheet.name}:{self.line}"
        return f"{place}:{column}" if column else place


class _TooLong(Exception):
    """A row that goes beyond the limit."""


class _Lines:
    """Lines of a file as text, each with its number and the position of its end."""

    def __init__(self, stream: BinaryIO, sheet: Sheet, limits: Limits, problems: Problems) -> None:
        self._stream = stream
        self._sheet = sheet
        self._limits = limits
        self._problems = problems
        self.line = 0
        self.offset = stream.tell()
        self.bad = False
        self._row = 0

    def begin(self) -> None:
        """Begin a row."""
        self._row = self.offset
        self.bad = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        data = self._stream.readline(self._limits.row + 1)
        if not data:
            raise StopIteration
        self.line += 1
        self.offset += len(data)
        if self.offset - self._row > self._limits.row:
            raise _TooLong
        where = f"{self._sheet.name}:{self.line}"
        if b"\0" in data:
            self.bad = True
            self._problems.add(where, "a NUL byte", "text")
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            self.bad = True
            self._problems.add(
                where,
                "not UTF-8",
                found=data[max(0, error.start - 10) : error.start + 10],
                mend="Save the file as “CSV UTF-8”.",
            )
            return data.decode("utf-8", "replace")


class Table:
    """One CSV file of the set.

    Args:
        folder: The folder of the set.
        sheet: Which file.
        limits: How much is read.
        problems: Takes what is wrong with the file, its header, and the form of its rows.

    Attributes:
        path: The file.
        exists: Whether it is there.
        usable: Whether its header could be read.
        count: Rows given so far.
        extra: Unknown columns, each with the number of its cells that are not empty.
    """

    def __init__(self, folder: Path, sheet: Sheet, limits: Limits, problems: Problems) -> None:
        self.sheet = sheet
        self.path = folder / sheet.name
        self.extra: Counter[str] = Counter()
        self.count = 0
        self._limits = limits
        self._problems = problems
        self._header: tuple[str, ...] = ()
        self._separator = ","
        self._start = 0
        self.exists = self.path.is_file() or self.path.is_symlink()
        self.usable = self.exists and self._open()

    def rows(self) -> Iterator[Row]:
        """Yield the rows; what cannot be a row is noted and left out."""
        if not self.usable:
            return
        with self.path.open("rb") as stream:
            stream.seek(self._start)
            lines = _Lines(stream, self.sheet, self._limits, self._problems)
            lines.line = 1
            reader = csv.reader(lines, delimiter=self._separator, strict=True)
            while True:
                lines.begin()
                line, offset = lines.line + 1, lines.offset
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    self._note(line, error)
                    continue
                except _TooLong:
                    self._problems.add(
                        f"{self.sheet.name}:{line}",
                        "a row without an end",
                        f"at most {self._limits.row} bytes",
                        mend="Look for a quote that is not closed; nothing after this row was read.",
                    )
                    return
                row = self._row(line, offset, lines.offset - offset, cells)
                if row is not None and not lines.bad:
                    self.count += 1
                    self.extra.update(row.extra.keys())
                    yield row

    def again(self, stream: BinaryIO, line: int, offset: int, size: int) -> Row:
        """Read one row again that :meth:`rows` has given before.

        Args:
            stream: The file, opened for reading bytes.
            line: Its first line.
            offset: Where it begins.
            size: How long it is.
        """
        stream.seek(offset)
        text = stream.read(size).decode("utf-8")
        cells = next(csv.reader([text], delimiter=self._separator, strict=True))
        cells_known, extra = self._split(cells)
        return Row(self.sheet, line, offset, size, cells_known, extra)

    def _row(self, line: int, offset: int, size: int, cells: list[str]) -> Row | None:
        if not any(cells):
            return None
        if len(cells) != len(self._header):
            self._problems.add(
                f"{self.sheet.name}:{line}",
                "a row of another width than the header",
                f"{len(self._header)} cells",
                len(cells),
                "A text with the separator in it stands in double quotes.",
            )
            return None
        known, extra = self._split(cells)
        return Row(self.sheet, line, offset, size, known, extra) if known or extra else None

    def _split(self, cells: list[str]) -> tuple[dict[str, str], dict[str, str]]:
        known: dict[str, str] = {}
        extra: dict[str, str] = {}
        texts = self.sheet.texts
        for name, cell in zip(self._header, cells, strict=True):
            if not cell:
                continue
            shown = cell if cell.isascii() else unicodedata.normalize("NFC", cell)
            if name not in texts:
                shown = shown.strip()
            if shown:
                (known if name in self._columns else extra)[name] = shown
        return known, extra

    def _note(self, line: int, error: csv.Error) -> None:
        told = str(error)
        where = f"{self.sheet.name}:{line}"
        if "new-line" in told:
            what, mend = _RETURN, _LINE_ENDS
        elif "end of data" in told:
            what, mend = "a quote that is not closed", "Close it; the file was read to its end."
        else:
            what, mend = "not CSV", "A quote within a quoted text is doubled."
        self._problems.add(where, what, found=told, mend=mend)

    # -- header ------------------------------------------------------------------------------------

    def _open(self) -> bool:
        name = self.sheet.name
        self._columns = frozenset(self.sheet.columns)
        if self.path.is_symlink():
            self._problems.add(
                name, "a symbolic link", "a file", mend="Put the file itself into the folder."
            )
            return False
        size = self.path.stat().st_size
        most = self._limits.file
        if self.sheet is not ENTRIES:
            most = min(most, self._limits.roster)
        if size > most:
            self._problems.add(name, "a file too large", f"at most {most} bytes", size)
            return False
        with self.path.open("rb") as stream:
            if stream.read(2) in _UTF16:
                self._problems.add(
                    name, "not UTF-8", found="UTF-16", mend="Save it as “CSV UTF-8”."
                )
                return False
            stream.seek(0)
            self._start = len(_BOM) if stream.read(3) == _BOM else 0
            stream.seek(self._start)
            lines = _Lines(stream, self.sheet, self._limits, self._problems)
            lines.begin()
            try:
                text = next(lines)
            except StopIteration:
                self._problems.add(
                    name, "an empty file", f"a header: {', '.join(self.sheet.columns)}"
                )
                return False
            except _TooLong:
                self._problems.add(f"{name}:1", "a row without an end")
                return False
            self._start = lines.offset
        return not lines.bad and self._take_header(text)

    def _take_header(self, text: str) -> bool:
        name = f"{self.sheet.name}:1"
        if "\r" in text.rstrip("\r\n"):
            self._problems.add(name, _RETURN, mend=_LINE_ENDS)
            return False
        found: dict[str, tuple[str, ...]] = {}
        for separator in _SEPARATORS:
            try:
                cells = next(csv.reader([text], delimiter=separator, strict=True), [])
            except csv.Error:
                continue
            found[separator] = tuple(unicodedata.normalize("NFC", cell.strip()) for cell in cells)
        known = {one: len(self._columns.intersection(cells)) for one, cells in found.items()}
        best = max(known, key=lambda one: (known[one], len(found[one]) == 1), default=",")
        if not known or not known[best]:
            self._problems.add(
                name,
                "no known column",
                ", ".join(self.sheet.columns),
                text.strip(),
                "The first line names the columns, parted by ',' or ';'.",
            )
            return False
        if len(set(found.values())) > 1 and len(set(known.values())) == 1:
            self._problems.add(
                name, "both ',' and ';' part the columns", "one separator", text.strip()
            )
            return False
        self._separator, self._header = best, found[best]
        return self._check_header()

    def _check_header(self) -> bool:
        name = f"{self.sheet.name}:1"
        before = self._problems.count
        for column, times in Counter(self._header).items():
            if times > 1:
                self._problems.add(name, f"column {column!r} is given {times} times")
        if "" in self._header:
            self._problems.add(name, "a column without a name", mend="Name it, or take it away.")
        missing = [one for one in self.sheet.columns if one not in self._header]
        unknown = [one for one in self._header if one and one not in self._columns]
        for column in dict.fromkeys(unknown):
            if not column.startswith(EXTRA):
                alike = difflib.get_close_matches(column.casefold(), missing, 1, _ALIKE)
                for near in alike:
                    self._problems.add(
                        name,
                        "an unknown column that looks like a known one",
                        repr(near),
                        column,
                        f"Rename it; if it is meant, call it {EXTRA + column!r}.",
                    )
                    missing.remove(near)
        for column in self.sheet.required:
            if column in missing:
                self._problems.add(
                    name, f"column {column!r} is missing", found=", ".join(unknown) or None
                )
        return self._problems.count == before
