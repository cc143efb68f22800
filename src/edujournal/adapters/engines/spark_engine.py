"""Spark: columns on many machines that see the same files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import narwhals as nw
from pyspark.sql import SparkSession


class SparkEngine:
    """Joins by Spark: on the cluster that ``SPARK_MASTER`` names, else on this machine alone.

    The folder of the lake, and the folder for temporary files, must be there under the same name on
    every machine.

    *Version added: 0.1.*
    """

    def __init__(self) -> None:
        master = os.environ.get("SPARK_MASTER", "local[*]")
        self._session = (
            SparkSession.builder.master(master)
            .appName("edujournal")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.shuffle.partitions", os.environ.get("SPARK_PARTITIONS", "8"))
            .getOrCreate()
        )

    def scan(self, files: Sequence[Path]) -> Any:
        """Give Parquet files as one lazy frame."""
        found = self._session.read.option("recursiveFileLookup", "true").parquet(
            *(str(file.resolve()) for file in files)
        )
        return nw.from_native(found)

    def collect(self, frame: Any) -> Any:
        """Work a lazy frame out."""
        return nw.to_native(frame).toArrow()

    def close(self) -> None:
        """End the session."""
        self._session.stop()
