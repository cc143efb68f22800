"""Columns that rules gave, put into Parquet files for an engine to read, wherever it works."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, Final

from edujournal.errors import MissingExtra
from edujournal.regions.tables import COLUMNS, Row

#: Columns that are no texts.
_WHOLE: Final = frozenset({"after", "closes", "epoch", "number", "opens", "since", "until"})
_TRUTH: Final = frozenset({"agreed", "odd"})

#: Rows that are held at once.
_BLOCK: Final = 65_536


def _arrow() -> Any:
    try:
        import_module("pyarrow.parquet")
        return import_module("pyarrow")
    except ImportError as error:
        raise MissingExtra(
            "auditing a lake in columns needs the extra 'lake'",
            mend="pip install 'edujournal[lake]'.",
        ) from error


def _schema(names: Sequence[str]) -> Any:
    pa = _arrow()

    def kind(name: str) -> Any:
        return pa.int64() if name in _WHOLE else pa.bool_() if name in _TRUTH else pa.string()

    return pa.schema([pa.field(name, kind(name)) for name in names])


class Written:
    """The tables that rules made, while they are being written.

    Args:
        folder: Where they are put.
    """

    _turn = 0

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers: dict[str, Any] = {}
        self._files = {name: folder / f"{name}.parquet" for name in COLUMNS}

    def put(self, name: str, rows: Iterable[Row]) -> None:
        """Write rows of a table, some at a time."""
        pa = _arrow()
        schema = _schema(COLUMNS[name])
        if name not in self._writers:
            self._writers[name] = pa.parquet.ParquetWriter(self._files[name], schema)
        left = iter(rows)
        while some := list(islice(left, _BLOCK)):
            columns = [
                pa.array(column, one.type)
                for column, one in zip(zip(*some, strict=True), schema, strict=True)
            ]
            self._writers[name].write_table(pa.Table.from_arrays(columns, schema=schema))

    def done(self, name: str) -> Path:
        """The file of a table to which nothing more comes."""
        self.put(name, ())
        self._writers.pop(name).close()
        self._writers[name] = None
        return self._files[name]

    def close(self) -> dict[str, Path]:
        """The files of all tables; of those that nothing came to as well."""
        for name in COLUMNS:
            if name not in self._writers:
                self.put(name, ())
            writer = self._writers[name]
            if writer is not None:
                writer.close()
        return self._files

    @classmethod
    def wanted(cls, folder: Path, rows: Sequence[Row], names: Sequence[str]) -> Path:
        """A file with rows that are asked for."""
        pa = _arrow()
        schema = _schema(names)
        cls._turn += 1
        file = folder / f"wanted-{cls._turn}.parquet"
        columns = [
            pa.array(column, one.type)
            for column, one in zip(zip(*rows, strict=True), schema, strict=True)
        ]
        pa.parquet.write_table(pa.Table.from_arrays(columns, schema=schema), file)
        return file
