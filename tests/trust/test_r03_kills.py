"""trust-R3: kill -9 at a random moment loses nothing acknowledged, and no cache tells otherwise."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.figures import cases, figure, seed

PROGRAM = Path(__file__).with_name("kills.py")
PARTS = 4

SHARED = Path("/dev/shm")  # noqa: S108 - a folder of its own is made there


@pytest.mark.skipif(sys.platform == "win32", reason="skip: there is no fork")
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("kind", ["files", "SQLite"])
def test_killed_writers_lose_nothing_that_was_acknowledged(kind, part, tmp_path):
    """2,000 writers of each store die: 0 lost, 0 half batches, 0 keys, heads or positions diverge."""
    # Half of them in memory, which is faster: what died is the process, not the disk.
    shared = SHARED.is_dir() and part % 2
    with TemporaryDirectory(dir=SHARED if shared else tmp_path) as folder:
        url = {"files": f"file:{folder}/store", "SQLite": f"sqlite:///{folder}/school.db"}[kind]
        wanted = max(3, cases(2_000, 10_000) // PARTS)
        done = subprocess.run(
            [sys.executable, PROGRAM, url, str(wanted), str(seed(part))],
            capture_output=True, text=True, timeout=3600, check=False,
        )  # fmt: skip
    assert 0 == done.returncode, done.stderr
    found = json.loads(done.stdout)

    assert wanted == found["cycles"]
    for harm in ("lost", "halves", "diverged", "unreadable", "stuck"):
        assert 0 == found[harm], (harm, found, done.stderr)
    assert found["acknowledged"] > wanted / 2
    figure("R3", f"{kind}: writers killed", wanted)
    figure("R3", f"{kind}: appends acknowledged before", found["acknowledged"])
    figure("R3", f"{kind}: killed in the middle of an append", found["midway"])
    figure("R3", f"{kind}: lost or diverging", 0)
