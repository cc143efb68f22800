"""Spark: columns on many machines that see the same files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import narwhals as nw
from pyspark.errors import PySparkRuntimeError
from pyspark.sql import SparkSession

#: Setting by which a context is known to have been begun here; one that is there already has none of it.
_BEGUN: Final = "spark.edujournal.begun"


class SparkEngine:
    """Joins by Spark: on a cluster, or on this machine alone.

    The folder of the lake, and the folder for temporary files, must be there under the same name on
    every machine.

    *Version added: 0.1.*

    Args:
        master: Address of the master; by default that of the variable ``SPARK_MASTER``, else all cores
            of this machine. A session that is there already, whichever thread began it, is used as it is
            and stays open.
        session: A session of the host's, which stays open; its settings are the host's.

    Attributes:
        session: The session in which it joins.
    """

    #: Bytes of Parquet files of schools that are audited together.
    at_once = 4 << 30

    def __init__(self, master: str | None = None, session: SparkSession | None = None) -> None:
        found = session or _there_already()
        self._owned = False
        if found is None:
            token = uuid4().hex
            found = (
                SparkSession.builder.master(master or os.environ.get("SPARK_MASTER", "local[*]"))
                .appName("edujournal")
                .config(_BEGUN, token)
                .config("spark.ui.enabled", "false")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.shuffle.partitions", os.environ.get("SPARK_PARTITIONS", "8"))
                .getOrCreate()
            )
            self._owned = _is_begun_by(found, token)
        self.session = found

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
        """End the session, if it was begun here."""
        if self._owned:
            self.session.stop()


def _there_already() -> SparkSession | None:
    """The session of this process: that of this thread, else the one that another thread began."""
    try:
        found = SparkSession.active()
    except PySparkRuntimeError:  # none is there
        return None
    return found if _is_alive(found) else None


def _is_alive(session: SparkSession) -> bool:
    """Whether its context was not stopped beside it: such a session is still named, and good for nothing."""
    try:
        return bool(session.sparkContext.applicationId)
    except AttributeError:
        return _is_connected(session)


def _is_begun_by(session: SparkSession, token: str) -> bool:
    """Whether stopping *session* stops nothing of the host's, such as a context without a session."""
    return _is_connected(session) or session.sparkContext.getConf().get(_BEGUN) == token


def _is_connected(session: SparkSession) -> bool:
    """Whether it is one of Spark Connect, which has no context here, and ends alone."""
    return not hasattr(session, "sparkContext")
