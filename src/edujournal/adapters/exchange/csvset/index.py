"""What is kept of every row of works.csv and entries.csv: some 40 bytes, and where to read it again."""

from __future__ import annotations

from array import array
from typing import Final

from attrs import define, field

from edujournal.adapters.exchange.csvset.columns import ENTRY_ROWS
from edujournal.adapters.exchange.csvset.tables import Row

#: Kinds of rows, as numbers in the index.
KINDS: Final = ("work", *ENTRY_ROWS)

_PLACES: Final = {kind: place for place, kind in enumerate(KINDS)}

#: Stands in the index for "none".
NONE: Final = -1


class Index:
    """Columns of numbers, one number for each row.

    Attributes:
        kinds: Places of their kinds in :data:`KINDS`.
        lines: First line of each.
        offsets: Where each begins.
        sizes: How long each is, in bytes.
        moments: When it was first recorded, or happened, UTC microseconds.
        books: Places of their books in *book_names*.
        lessons: A number for each lesson that rows name.
        targets: What a change changes, and what a retake tries again, by their numbers.
        book_names: Names of the books.
    """

    def __init__(self) -> None:
        self.kinds = array("b")
        self.lines = array("q")
        self.offsets = array("q")
        self.sizes = array("q")
        self.moments = array("q")
        self.books = array("i")
        self.lessons = array("i")
        self.targets: dict[int, int] = {}
        self.book_names: list[str] = []
        self._book_numbers: dict[str, int] = {}
        self._lesson_numbers: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self.kinds)

    def kind(self, number: int) -> str:
        """Kind of the row with that number."""
        return KINDS[self.kinds[number]]

    def keep(self, row: Row, kind: str, book: int, moment: int | None) -> None:
        """Keep one more row."""
        self.kinds.append(_PLACES[kind])
        self.lines.append(row.line)
        self.offsets.append(row.offset)
        self.sizes.append(row.size)
        self.moments.append(moment or 0)
        self.books.append(book)
        lesson = row.cells.get("lesson")
        self.lessons.append(
            NONE
            if lesson is None
            else self._lesson_numbers.setdefault(lesson, len(self._lesson_numbers))
        )

    def book(self, name: str) -> int:
        """The number of a book, a new one where it was not named before."""
        if name not in self._book_numbers:
            self._book_numbers[name] = len(self.book_names)
            self.book_names.append(name)
        return self._book_numbers[name]


@define
class Named:
    """Rows by the names that other rows give them.

    Attributes:
        ids: Rows of entries.csv by their ids.
        works: Works by their ids, each by its journal; none where its own row is faulty.
        faulty: Ids of faulty rows of entries.csv: what names them has no fault of its own.
        unread: Rows of entries.csv of which a cell could not be read.
    """

    ids: dict[str, int] = field(factory=dict)
    works: dict[str, dict[str, int]] = field(factory=dict)
    faulty: set[str] = field(factory=set)
    unread: set[int] = field(factory=set)
