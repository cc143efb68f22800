"""The same plan on Spark: a master of its own and two workers, each a process of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

from edujournal.adapters.engines import engine
from tests.region.conftest import audited

pytestmark = [
    pytest.mark.skipif(find_spec("pyspark") is None, reason="skip: no pyspark (group spark)"),
    pytest.mark.skipif(shutil.which("java") is None, reason="skip: no java"),
]


def free_port():
    """A port of this machine that nobody uses."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A standalone cluster: its address."""
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
        start("worker.Worker", "--cores", "1", "--memory", "1g", "--host", "127.0.0.1",
              "--webui-port", str(free_port()), address)  # fmt: skip
    wait_for_workers(logs / "0.log", 2)
    yield address
    for one in reversed(started):
        one.terminate()
        one.wait(timeout=30)


def wait_for_workers(log, count):
    """Wait until the master has told of so many workers."""
    for _ in range(600):
        if log.exists() and log.read_text("utf-8", "replace").count("Registering worker") >= count:
            return
        time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8", "replace"))


@pytest.mark.soak
def test_two_workers_find_what_one_process_finds(made, cluster, monkeypatch):
    """Every field of every finding, in the same order, whoever joined the columns."""
    _, root, at = made
    monkeypatch.setenv("SPARK_MASTER", cluster)
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    monkeypatch.setenv("SPARK_PARTITIONS", "2")
    exactly, _ = audited(root, at)
    counting = engine("spark")
    try:
        found, report = audited(root, at, counting)
    finally:
        counting.close()

    assert exactly == found
    assert {} == report.obstacles
