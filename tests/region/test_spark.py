"""The same plan on Spark: a master of its own and two workers, each a process of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from contextlib import closing as closed
from importlib.util import find_spec
from pathlib import Path
from threading import Timer
from typing import NamedTuple

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from edujournal.adapters.engines import engine
from tests.figures import soaking
from tests.laws.conftest import opened
from tests.region.conftest import audited
from tests.region.test_columns import find_alike
from tests.region.test_made_kinds import SEEDS, as_known, exactly, lakes, said, schools

__all__ = ["exactly", "lakes", "opened", "said", "schools"]

#: How many random schools are asked about; each costs Spark the better part of a minute.
RANDOM = 16

#: What made schools have beyond plain lessons, by the kinds of their entries.
MADE_KINDS = {
    "compromise",
    "disclosure",
    "excuse",
    "makeup",
    "marker",
    "restoration",
    "vouch",
    "waiver",
}

#: The question to the engine during which a worker is killed.
KILLED_AT = 4

pytestmark = [
    pytest.mark.skipif(find_spec("pyspark") is None, reason="skip: no pyspark (group spark)"),
    pytest.mark.skipif(shutil.which("java") is None, reason="skip: no java"),
]


def free_port():
    """A port of this machine that nobody uses."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Cluster(NamedTuple):
    """A standalone cluster: its address, and its workers, each a process of its own."""

    master: str
    workers: list[subprocess.Popen]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A master and two workers."""
    home = Path(find_spec("pyspark").origin).parent
    logs = tmp_path_factory.mktemp("spark")
    port = free_port()
    started = []
    environment = os.environ | {
        "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_WORKER_DIR": str(logs),
        "PYSPARK_PYTHON": sys.executable,
    }  # fmt: skip

    def start(name, *arguments):
        with (logs / f"{len(started)}.log").open("wb") as log:
            started.append(
                subprocess.Popen(
                    [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{name}", *arguments],
                    stdout=log, stderr=log, env=environment,
                )
            )  # fmt: skip

    address = f"spark://127.0.0.1:{port}"
    try:
        start(
            "master.Master",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            "--webui-port",
            str(free_port()),
        )
        for _ in range(2):
            start(
                "worker.Worker",
                "--cores",
                "1",
                "--memory",
                "1g",
                "--host",
                "127.0.0.1",
                "--webui-port",
                str(free_port()),
                address,
            )
        wait_for_workers(logs / "0.log", 2)
        yield Cluster(address, started[1:])
    finally:
        for one in reversed(started):
            one.terminate()
            one.wait(timeout=30)  # fmt: skip


def kill_tree(pid):
    """Kill a process and all that it has started, at once."""
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            kill_tree(int(child))
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def wait_for_workers(log, count):
    """Wait until the master has told of so many workers."""
    for _ in range(3000):
        if log.exists() and log.read_text("utf-8", "replace").count("Registering worker") >= count:
            return
        time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8", "replace"))


@pytest.fixture(autouse=True)
def one_host(monkeypatch):
    """Everything on this machine, in few partitions."""
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    monkeypatch.setenv("SPARK_PARTITIONS", "2")


def test_of_made_kinds_spark_finds_what_is_known(schools, said, lakes, exactly):
    """Markers, documents, make-ups, waivers, a login that became known: row for row, and nothing else.

    In a usual run of one school, in which each of these occurs; of all that are made for them in a soak.
    """
    assert {entry.kind for entry in said[0]} >= MADE_KINDS
    counting = engine("spark", master="local[2]")
    try:
        for place in range(len(SEEDS) if soaking() else 1):
            assert exactly(place) == as_known(schools[place], lakes[place], counting)
    finally:
        counting.close()


@pytest.mark.soak
def test_whatever_stands_in_books_all_four_say_the_same(opened):
    """Small random schools under random regulations: Python, DuckDB, Polars and Spark, row for row."""
    with ExitStack() as closing:
        engines = [
            closing.enter_context(closed(engine(name, **more)))
            for name, more in (("duckdb", {}), ("polars", {}), ("spark", {"master": "local[2]"}))
        ]

        @settings(max_examples=RANDOM, phases=[Phase.explicit, Phase.reuse, Phase.generate])
        @given(data=st.data())
        def each(data):
            find_alike(opened, data, engines)

        each()


@pytest.mark.soak
def test_two_workers_find_what_one_process_finds(made, cluster):
    """Every field of every finding, in the same order, whoever joined the columns."""
    _, root, at = made
    exactly, _ = audited(root, at)
    counting = engine("spark", master=cluster.master)
    try:
        found, report = audited(root, at, counting)
    finally:
        counting.close()

    assert exactly == found
    assert {} == report.obstacles


def test_what_a_host_began_in_another_thread_stays_as_it_is():
    """Its settings are not touched, and it goes on after the engine is closed."""
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[1]")
        .appName("a host")
        .config("spark.sql.shuffle.partitions", "3")
        .config("spark.sql.session.timeZone", "Asia/Yekaterinburg")
        .getOrCreate()
    )
    try:
        with ThreadPoolExecutor(1) as other:
            assert other.submit(SparkSession.getActiveSession).result() is None
            counting = other.submit(engine, "spark").result()
            assert session is counting.session
            other.submit(counting.close).result()
        assert "3" == session.conf.get("spark.sql.shuffle.partitions")
        assert "Asia/Yekaterinburg" == session.conf.get("spark.sql.session.timeZone")
        assert 3 == session.range(3).count()
    finally:
        session.stop()


def test_a_context_of_the_host_without_a_session_is_not_stopped():
    """The session that is made on it goes on with the context."""
    from pyspark import SparkContext

    context = SparkContext("local[1]", "a host")
    try:
        counting = engine("spark")
        counting.close()
        assert context is counting.session.sparkContext
        assert 3 == counting.session.range(3).count()
    finally:
        context.stop()


def test_what_it_began_ends_with_it_in_whichever_thread():
    """Another engine that met it does not end it; nothing is left, and the next one begins anew."""
    from pyspark.errors import PySparkRuntimeError
    from pyspark.sql import SparkSession

    first = engine("spark", master="local[1]")
    with ThreadPoolExecutor(1) as other:
        second = other.submit(engine, "spark").result()
        other.submit(second.close).result()
        assert 3 == first.session.range(3).count()
        other.submit(first.close).result()
    with pytest.raises(PySparkRuntimeError):
        SparkSession.active()

    host = SparkSession.builder.master("local[1]").getOrCreate()
    host.sparkContext.stop()  # and not by the session, which is named on
    third = engine("spark", master="local[1]")
    assert 3 == third.session.range(3).count()
    third.close()
    with pytest.raises(PySparkRuntimeError):
        SparkSession.active()


@pytest.mark.soak
def test_a_session_of_the_host_is_used_and_left_open(made):
    """Handed over, or there already: its settings stay, and it goes on after the audit."""
    from pyspark.sql import SparkSession

    _, root, at = made
    exactly, _ = audited(root, at)
    session = (
        SparkSession.builder.master("local[2]")
        .appName("a host")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    try:
        for options in ({"session": session}, {}):
            counting = engine("spark", **options)
            try:
                found, _ = audited(root, at, counting)
            finally:
                counting.close()
            assert exactly == found
            assert "a host" == session.sparkContext.appName
            assert 3 == session.range(3).count()
    finally:
        session.stop()


class Losing:
    """An engine that loses a worker in the middle of what it is asked."""

    def __init__(self, counting, workers):
        self.counting, self.workers, self.asked = counting, workers, 0
        self.at_once = counting.at_once

    def scan(self, files):
        """Give files as a frame."""
        return self.counting.scan(files)

    def collect(self, frame):
        """Work a frame out; a worker is lost meanwhile, once."""
        self.asked += 1
        if self.asked == KILLED_AT:
            # Its executor as well, and while the next question is under way.
            Timer(0.2, lambda: [kill_tree(one.pid) for one in self.workers]).start()
        return self.counting.collect(frame)


@pytest.mark.soak
def test_a_worker_that_is_killed_changes_nothing(made, cluster):
    """One of two, with its executor, in the middle of the audit: the same findings."""
    _, root, at = made
    exactly, _ = audited(root, at)
    counting = engine("spark", master=cluster.master)
    losing = Losing(counting, cluster.workers[:1])
    try:
        found, _ = audited(root, at, losing)
    finally:
        counting.close()

    assert exactly == found
    assert losing.asked > KILLED_AT
    assert cluster.workers[0].poll() is not None
