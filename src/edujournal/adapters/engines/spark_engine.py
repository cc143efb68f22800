"""Spark: columns on many machines that see the same files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import narwhals as nw
from pyspark.sql import SparkSession


class SparkEngine:
    """Joins by Spark: on a cluster, or on this machine alone.

    The folder of the lake, and the folder for temporary files, must be there under the same name on
    every machine.

    *Version added: 0.1.*

    Args:
        master: Address of the master; by default that of the variable ``SPARK_MASTER``, else all cores
            of this machine. A session that is there already is used as it is.
        session: A session of the host's, which stays open; its settings are the host's.

    Attributes:
        session: The session in which it joins.
    """

    #: Bytes of Parquet files of schools that are audited together.
    at_once = 4 << 30

    def __init__(self, master: str | None = None, session: SparkSession | None = None) -> None:
        self._owned = session is None and SparkSession.getActiveSession() is None
        self.session = session or (
            SparkSession.builder.master(master or os.environ.get("SPARK_MASTER", "local[*]"))
            .appName("edujournal")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.shuffle.partitions", os.environ.get("SPARK_PARTITIONS", "8"))
            .getOrCreate()
        )

    def scan(self, files: Sequence[Path]) -> Any:
        """Give Parquet files as one lazy frame."""
        found = self.session.read.option("recursiveFileLookup", "true").parquet(
            *(str(file.resolve()) for file in files)
        )
        return nw.from_native(found)

    def collect(self, frame: Any) -> Any:
        """Work a lazy frame out."""
        return nw.to_native(frame).toArrow()

    def close(self) -> None:
        """End the session, unless it is the host's."""
        if self._owned:
            self.session.stop()
