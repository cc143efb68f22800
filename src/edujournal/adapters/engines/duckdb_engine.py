"""DuckDB: columns in this process, in little memory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any
from weakref import finalize

import duckdb
import narwhals as nw


class DuckDBEngine:
    """Joins by DuckDB, in a database in memory of its own.

    What does not fit goes to a temporary folder that only its user can enter.

    *Version added: 0.1.*

    Args:
        memory: How much memory DuckDB may take at first, in MiB. Of itself it would take most of what
            there is; where this is too little for a school, it is given twice as much.
        most: How much it may take at last.
    """

    #: Bytes of Parquet files of schools that are audited together.
    at_once = 32 << 20

    def __init__(self, memory: int = 256, most: int = 8192) -> None:
        self._memory, self._most = memory, most
        folder = mkdtemp(prefix="edujournal-duckdb-")
        # Also for whoever forgets to close.
        self._gone = finalize(self, rmtree, folder, ignore_errors=True)
        self._connection = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": f"{memory}MiB",
                "temp_directory": folder,
                "preserve_insertion_order": False,
            },
        )

    def scan(self, files: Sequence[Path]) -> Any:
        """Give Parquet files as one lazy frame."""
        return nw.from_native(
            self._connection.read_parquet([str(file) for file in files], hive_partitioning=False)
        )

    def collect(self, frame: Any) -> Any:
        """Work a lazy frame out."""
        while True:
            try:
                return nw.to_native(frame).to_arrow_table()
            except duckdb.OutOfMemoryException:
                if 2 * self._memory > self._most:
                    raise
            self._memory *= 2
            self._connection.execute(f"SET memory_limit = '{self._memory}MiB'")

    def close(self) -> None:
        """Close the database, and take away what went to the disk."""
        self._connection.close()
        self._gone()
