"""DuckDB: columns in this process, in little memory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw


class DuckDBEngine:
    """Joins by DuckDB, in a database in memory of its own.

    *Version added: 0.1.*
    """

    def __init__(self) -> None:
        self._connection = duckdb.connect(":memory:")

    def scan(self, files: Sequence[Path]) -> Any:
        """Give Parquet files as one lazy frame."""
        return nw.from_native(
            self._connection.read_parquet([str(file) for file in files], hive_partitioning=False)
        )

    def collect(self, frame: Any) -> Any:
        """Work a lazy frame out."""
        return nw.to_native(frame).to_arrow_table()

    def close(self) -> None:
        """Close the database."""
        self._connection.close()
