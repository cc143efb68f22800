"""One school as its store has it, in the columns of a lake: for an audit in columns without a lake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Final, Generic, Self, TypeVar

from edujournal.adapters.exchange.lake.layout import ABSENCES, ENTRIES, arrow, schema
from edujournal.adapters.exchange.lake.reading import records_in, tally_in
from edujournal.adapters.exchange.lake.rows import row_of
from edujournal.ledger.records import Record
from edujournal.model.entries import Entry
from edujournal.model.ids import is_log
from edujournal.ports import SchoolData, Store
from edujournal.rules.clauses import Regulation
from edujournal.scanning import scan
from edujournal.writing import entries_of

#: Rows that are held at once.
BLOCK: Final = 4096

Data = TypeVar("Data", bound=SchoolData)


class InStore(Generic[Data]):
    """The journals of one school, read from any store in one pass when they are first asked for.

    What was read is kept in Parquet files in a temporary folder that only its user can enter, until
    this is closed; it has the texts that the store has. Chains are verified on the way.

    *Version added: 0.1.*

    Args:
        store: Any store; with the capability :class:`~edujournal.scanning.Scans` one statement, or one
            walk, gives everything, as it stood at one moment.
        data: The school's data.
        regulations: The regulations under which it is kept.

    Attributes:
        data: As given.
        regulations: As given.
        region: ``-``: a store is in no region.
        municipality: ``-``: it is not told here.
    """

    region = municipality = "-"

    def __init__(self, store: Store, data: Data, regulations: Sequence[Regulation]) -> None:
        self._store = store
        self.data, self.regulations = data, tuple(regulations)
        self._folder = TemporaryDirectory(prefix="edujournal-store-")

    @property
    def id(self) -> str:
        """Id of the school."""
        return self.data.id

    def files(self, table: str = "entries") -> list[Path]:
        """The file with its ``entries``, or its ``absences``; none where nothing is recorded.

        Raises:
            StoreDamaged: A chain is broken, or a record cannot be read.
            StoreError: What the store says.
        """
        return [self._written[table]] if self._written else []

    def records(self, books: Sequence[str] | None = None) -> Iterator[Record]:
        """Yield its records, or those of *books*, by book and number.

        Raises:
            StoreDamaged: A chain is broken, or a record cannot be read.
            StoreError: What the store says.
        """
        if books is None and "_written" not in vars(self):
            return (record for some in self._scanned() for record, _ in some)
        return records_in(self.files(), books)

    def tally(self) -> Iterator[tuple[str, str | None, int]]:
        """How many entries each account has in each book: book, account or None, entries."""
        return tally_in(self.files())

    def close(self) -> None:
        """Take the files away."""
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # -- inside ----------------------------------------------------------------------------------

    @cached_property
    def _written(self) -> Mapping[str, Path]:
        entries = _File(Path(self._folder.name) / "entries.parquet", ENTRIES)
        absences = _File(Path(self._folder.name) / "absences.parquet", ABSENCES)
        with entries, absences:
            for some in self._scanned():
                for record, entry in some:
                    row, missed = row_of(record, self.region, self.id, entry)
                    entries.put(row)
                    for absence in missed:
                        absences.put(absence)
        return {"entries": entries.path, "absences": absences.path} if entries.count else {}

    def _scanned(self) -> Iterator[Iterator[tuple[Record, Entry]]]:
        """Pages of records with their entries, without logs; each page is to be used up."""
        last: Record | None = None
        for page in scan(self._store, self.id):
            for book, some in groupby(page, key=lambda one: one.book):
                records = list(some)
                if is_log(book):
                    continue
                if last is not None and last.book == book:
                    found = entries_of(records, last.number, last.hash)
                else:
                    found = entries_of(records)
                yield zip(records, found, strict=True)
                last = records[-1]


class _File:
    """A Parquet file that is written block by block."""

    def __init__(self, path: Path, columns: tuple[tuple[str, str, bool], ...]) -> None:
        self.path, self.count = path, 0
        self._schema = schema(columns)
        self._rows: list[dict[str, Any]] = []
        self._writer = arrow().parquet.ParquetWriter(path, self._schema)

    def put(self, row: dict[str, Any]) -> None:
        """Add a row."""
        self.count += 1
        self._rows.append(row)
        if len(self._rows) == BLOCK:
            self._flush()

    def _flush(self) -> None:
        self._writer.write_table(arrow().Table.from_pylist(self._rows, schema=self._schema))
        self._rows.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._flush()
        self._writer.close()
