"""A school of a region under other regulations than those it is kept under: to see what they would change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from functools import cached_property
from pathlib import Path
from typing import Generic

from attrs import frozen

from edujournal.ledger.records import Record
from edujournal.ports import SchoolData
from edujournal.regions.ports import OfSchool
from edujournal.rules.clauses import Regulation
from edujournal.rules.loading import load


@frozen(eq=False, slots=False)
class Under(Generic[OfSchool]):
    """A school, judged by regulations that are named.

    *Version added: 0.1.*

    Attributes:
        source: The school.
        names: The regulations: shipped ids, or paths of TOML files, that can be read where it is audited.
    """

    source: OfSchool
    names: tuple[str, ...]

    def __reduce__(self) -> tuple[type[Under[OfSchool]], tuple[OfSchool, tuple[str, ...]]]:
        # Names go to another process, or into a copy, not what has been read by them.
        return type(self), (copy(self.source), self.names)

    @property
    def id(self) -> str:
        """Id of the school."""
        return self.source.id

    @property
    def region(self) -> str:
        """Name of its region."""
        return self.source.region

    @property
    def data(self) -> SchoolData:
        """What is known of the school."""
        return self.source.data

    @cached_property
    def regulations(self) -> tuple[Regulation, ...]:
        """The regulations that are named."""
        return tuple(map(load, self.names))

    def files(self, table: str = "entries") -> Sequence[Path]:
        """Parquet files with its ``entries``, or its ``absences``."""
        return self.source.files(table)

    def records(self, books: Sequence[str] | None = None) -> Iterator[Record]:
        """Its records, or those of some books, in any order."""
        return self.source.records(books)
