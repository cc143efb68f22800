"""What an audit of a region asks of the world: schools with their files, and an engine that joins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

from edujournal.ledger.records import Record
from edujournal.ports import SchoolData
from edujournal.rules.clauses import Regulation


class Source(Protocol):
    """One school of a lake.

    *Version added: 0.1.*
    """

    @property
    def id(self) -> str:
        """Id of the school."""

    @property
    def region(self) -> str:
        """Name of its region."""

    @property
    def data(self) -> SchoolData:
        """What is known of the school."""

    @property
    def regulations(self) -> Sequence[Regulation]:
        """The regulations under which it is kept."""

    def files(self, table: str = "entries") -> Sequence[Path]:
        """Parquet files with its ``entries``, or its ``absences``."""

    def records(self, books: Sequence[str] | None = None) -> Iterator[Record]:
        """Its records, or those of some books, in any order."""


#: A source, of which what comes back is the same one.
OfSchool = TypeVar("OfSchool", bound=Source)


class Placed(Source, Protocol):
    """One school of a lake that lies in a municipality, and counts its entries.

    *Version added: 0.1.*
    """

    @property
    def municipality(self) -> str:
        """Name of its municipality; ``-`` where none is named."""

    def tally(self) -> Iterable[tuple[str, str | None, int]]:
        """How many entries each account has in each book: book, account or None, entries."""


class Engine(Protocol):
    """Something that joins and counts columns; what is asked of it is said in narwhals expressions.

    *Version added: 0.1.*
    """

    @property
    def at_once(self) -> int:
        """Bytes of Parquet files up to which schools are audited together; one school always is."""

    def scan(self, files: Sequence[Path]) -> Any:
        """Give Parquet files of the same columns as one lazy frame of narwhals."""

    def collect(self, frame: Any) -> Any:
        """Work a lazy frame out, and give it as an Arrow table."""

    def close(self) -> None:
        """Let go of what was held."""
