"""trust-R8: many processes on one journal: every append is there once, and nobody waits for ever."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from edujournal.adapters.stores.opening import open_store
from edujournal.ledger.bytes import decode
from edujournal.ledger.verify import verify
from edujournal.testing.records import BOOK, SCHOOL
from tests.figures import cases, figure, soaking

PROGRAM = Path(__file__).with_name("writers.py")

KINDS = {
    "files": "file:{}/store",
    "files with a lock file that is deleted": "+lockfilefile:{}/store",
    "SQLite": "sqlite:///{}/school.db",
}


def started(role, url, name, count):
    """A process that waits for a line."""
    return subprocess.Popen(
        [sys.executable, PROGRAM, role, url, name, str(count)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_processes_on_one_journal_lose_nothing(kind, tmp_path):
    """8 processes append 250 each, 2 read: 2,000 acknowledged, 0 lost, 0 gaps, 0 doubled, none starves."""
    writers = 16 if soaking() else 8
    each = cases(250, 5_000)
    url = KINDS[kind].format(tmp_path)
    with open_store(url.removeprefix("+lockfile")) as store:
        store.keep(SCHOOL, "regulation", b"{}")
    running = [started("write", url, f"w{n}", each) for n in range(writers)]
    readers = [started("read", url, f"r{n}", writers * each) for n in range(2)]
    for one in (*running, *readers):
        assert "ready\n" == one.stdout.readline()
    for one in (*running, *readers):
        one.stdin.write("\n")
        one.stdin.flush()
    deleted = 0
    # After each deletion one of those inside is let in by the fence, and the others try again: of
    # sixteen all day long nobody would come far.
    calm = 1 if soaking() else 0.05
    while "deleted" in kind and any(one.poll() is None for one in running):
        for lock in tmp_path.rglob("lock.lock"):
            lock.unlink(missing_ok=True)
            deleted += 1
        time.sleep(calm)
    told = [json.loads(one.communicate(timeout=4 * 3600)[0]) for one in running]
    seen = [json.loads(one.communicate(timeout=4 * 3600)[0]) for one in readers]

    acked = [tuple(pair) for one in told for pair in one["acked"]]
    assert writers * each == len(acked)
    with open_store(url.removeprefix("+lockfile")) as store:
        records = list(store.read(SCHOOL, BOOK))
        assert "L1" == verify(store, SCHOOL).assurance
        order = [record.number for _, record in store.follow(SCHOOL)]
        for name in ("w0-0", f"w{writers - 1}-{each - 1}"):
            assert 1 == len(store.find_key(SCHOOL, "t-ivanova", name))
    assert list(range(1, len(acked) + 1)) == [record.number for record in records] == order
    assert sorted(acked) == [(record.number, record.hash) for record in records]
    written = [decode(record.body)["values"] for record in records]
    rounds = sorted((value["writer"], value["round"]) for value in written)
    assert rounds == sorted((f"w{n}", done) for n in range(writers) for done in range(each))
    for one in seen:
        assert (0, len(acked)) == (one["wrong"], one["seen"])
    if "deleted" in kind:
        assert deleted
    figure("R8", f"{kind}: acknowledged by {writers} processes", len(acked))
    figure("R8", f"{kind}: lost, missing, doubled", 0)
    figure("R8", f"{kind}: longest wait", round(max(one["longest"] for one in told), 1), "s")
