"""Reading a lake: its schools, their data, and the records of their books."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from edujournal.adapters.exchange.lake.layout import PLACE, arrow, check, documents, named, part
from edujournal.adapters.schools.documents import from_json
from edujournal.adapters.schools.plain import PlainSchool
from edujournal.errors import BadInput
from edujournal.ledger.bytes import decode
from edujournal.ledger.index import index_of
from edujournal.ledger.records import Record
from edujournal.rules.clauses import Regulation
from edujournal.rules.loading import parse

_KEPT: Final = ("book", "number", "hash", "body", "private")


@frozen(eq=False, slots=False)
class InLake:
    """One school of a lake.

    Attributes:
        root: Folder of the lake.
        region: Its region.
        id: Its id.
    """

    root: Path
    region: str
    id: str

    def __reduce__(self) -> tuple[type[InLake], tuple[Path, str, str]]:
        # Only where it is goes to another process, not what has been read of it.
        return InLake, (self.root, self.region, self.id)

    @cached_property
    def municipality(self) -> str:
        """Its municipality; ``-`` where no export has named one."""
        file = documents(self.root, self.region, self.id) / PLACE
        if not file.exists():
            return "-"
        try:
            return str(decode(file.read_bytes().strip())["municipality"])
        except (BadInput, KeyError, TypeError) as error:
            raise BadInput("not a place of a school", where=str(file), found=str(error)) from error

    @cached_property
    def data(self) -> PlainSchool:
        """The school's data."""
        file = documents(self.root, self.region, self.id) / "school.json"
        return from_json(file.read_bytes(), str(file))

    @cached_property
    def regulations(self) -> tuple[Regulation, ...]:
        """The regulations under which it is kept."""
        folder = documents(self.root, self.region, self.id)
        return tuple(
            parse(file.read_bytes(), str(file)) for file in sorted(folder.glob("regulation-*.toml"))
        )

    def files(self, table: str = "entries") -> list[Path]:
        """The files with its entries, or its absences, in the order in which they were written."""
        place = part(self.root, table, self.region, self.id, "-", 1).parent.parent
        return sorted(place.glob("year=*/part-*.parquet"), key=lambda file: file.name)

    def records(self, books: Sequence[str] | None = None) -> Iterator[Record]:
        """Yield its records, or those of *books*, in no order but that of the files."""
        return records_in(self.files(), books)

    def tally(self) -> Iterator[tuple[str, str | None, int]]:
        """How many entries each account has in each book: book, account or None, entries."""
        return tally_in(self.files())


def records_in(files: Sequence[Path], books: Sequence[str] | None = None) -> Iterator[Record]:
    """The records in files of entries, or those of *books*, in the order of the files."""
    pa = arrow()
    where = None if books is None else [("book", "in", list(books))]
    for file in files:
        table = pa.parquet.read_table(file, columns=list(_KEPT), filters=where)
        yield from records_of(table)


def tally_in(files: Sequence[Path]) -> Iterator[tuple[str, str | None, int]]:
    """How many entries of each account are in each book, file by file: book, account or None, entries."""
    pa = arrow()
    for file in files:
        table = pa.parquet.read_table(file, columns=["book", "account"], partitioning=None)
        found = table.group_by(["book", "account"], use_threads=False).aggregate(
            [([], "count_all")]
        )
        columns = [found.column(name).to_pylist() for name in ("book", "account", "count_all")]
        yield from zip(*columns, strict=True)


def records_of(table: Any) -> Iterator[Record]:
    """The records in a table with the columns that keep them."""
    for batch in table.to_batches():
        columns = [batch.column(name).to_pylist() for name in _KEPT]
        for book, number, hash_, body, private in zip(*columns, strict=True):
            yield Record(book, number, hash_, body, private, index_of(body))


class Lake:
    """The entries of many schools in a folder of Parquet files.

    *Version added: 0.1.*

    Args:
        root: The folder.

    Raises:
        BadInput: There is no lake, or one of another format.
    """

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root)
        check(self.root)

    def schools(self) -> list[InLake]:
        """The schools in it, by region and id.

        Raises:
            BadInput: A school is in two regions: its findings would not tell which one is meant.
        """
        folder = self.root / "schools"
        found = [
            InLake(self.root, named(place.parent), named(place))
            for place in sorted(folder.glob("region=*/school=*"))
            if (place / "cursor.json").exists()
        ]
        twice = sorted(id for id, n in Counter(one.id for one in found).items() if n > 1)
        if twice:
            raise BadInput(
                "a school in two regions", where=str(self.root), expected="each in one region",
                found=", ".join(
                    f"{one.id} in region {one.region}" for one in found if one.id in twice
                ),
                mend="Take the folders of the school in one of the regions away.",
            )  # fmt: skip
        return found
