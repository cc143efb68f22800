"""Polars: columns in this process, in its streaming way."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl


class PolarsEngine:
    """Joins by Polars.

    *Version added: 0.1.*
    """

    #: Bytes of Parquet files of schools that are audited together.
    at_once = 32 << 20

    def scan(self, files: Sequence[Path]) -> Any:
        """Give Parquet files as one lazy frame."""
        return nw.from_native(pl.scan_parquet(list(files), hive_partitioning=False))

    def collect(self, frame: Any) -> Any:
        """Work a lazy frame out."""
        return nw.to_native(frame).collect(engine="streaming").to_arrow()

    def close(self) -> None:
        """Hold nothing."""
