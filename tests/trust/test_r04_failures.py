"""trust-R4: whichever operation fails, nothing acknowledged is lost and nothing succeeds in silence."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest

from edujournal.adapters.stores.files import FileStore, disk
from edujournal.errors import StoreError
from edujournal.ledger.verify import verify
from edujournal.testing.disks import FailingDisk, MemoryDisk
from edujournal.testing.records import BOOK, SCHOOL, make_record
from tests.figures import figure
from tests.trust.failures import (
    BEFORE,
    DOINGS,
    begun,
    every_statement,
    looked_at,
)


@pytest.mark.parametrize("doing", DOINGS)
@pytest.mark.parametrize("short", [False, True], ids=["whole", "short"])
@pytest.mark.parametrize("stays", [False, True], ids=["once", "from then on"])
def test_every_operation_of_a_disk_may_fail(doing, short, stays):
    """For every n, with several errors: a StoreError or well done; what was acknowledged is there."""
    points = 0
    for fails in count(1):
        memory = MemoryDisk()
        begun(FileStore("", disk=memory, segment=1))
        code = (errno.EIO, errno.ENOSPC, errno.EACCES)[fails % 3]
        failing = FailingDisk(memory, fails, code=code, short=short, stays=stays)
        try:
            doing(FileStore("", disk=failing, segment=1))
            acknowledged = True
        except StoreError:
            assert failing.failed
            acknowledged = False
        looked_at(FileStore("", disk=memory), doing, acknowledged=acknowledged)
        if not failing.failed:
            assert acknowledged
            break
        points += 1
    assert points > 10
    figure("R4", "files: operations that failed", points)


class Failing:
    """Lets the n-th call of the system for the store's folder fail."""

    CALLS = ("open", "read", "write", "fsync", "ftruncate", "lseek", "fstat", "scandir", "lstat")

    def __init__(self, monkeypatch, folder, fails):
        self.left = fails
        for name in self.CALLS:
            monkeypatch.setattr(os, name, self.failing(getattr(os, name)))
        monkeypatch.setattr(disk, "_sync", self.failing(disk._sync))
        for name in ("replace", "mkdir", "is_dir"):
            monkeypatch.setattr(Path, name, self.failing(getattr(Path, name)))

    def failing(self, real):
        """The call, which is counted."""

        def call(*given, **named):
            self.left -= 1
            if self.left == 0:
                raise OSError(errno.EIO, "broken")
            return real(*given, **named)

        return call


@pytest.mark.parametrize("doing", DOINGS)
def test_every_call_of_the_system_may_fail(doing, tmp_path):
    """The same on a real folder: for every n the n-th call of the system says EIO."""
    points = 0
    for fails in count(1):
        folder = tmp_path / str(fails)
        begun(FileStore(folder))
        acknowledged = False
        with pytest.MonkeyPatch.context() as patch:
            failing = Failing(patch, folder, fails)
            try:
                doing(FileStore(folder))
                acknowledged = True
            except StoreError:
                assert failing.left <= 0
        looked_at(FileStore(folder), doing, acknowledged=acknowledged)
        if failing.left > 0:
            assert acknowledged
            break
        points += 1
    assert points > 20
    figure("R4", "files: calls of the system that failed", points)


@pytest.mark.parametrize("doing", DOINGS)
def test_every_statement_of_a_database_may_fail(doing, tmp_path):
    """SQLite: for every n the n-th statement fails, commit included; nothing is half there."""
    points = every_statement(tmp_path, doing)
    assert points > 1
    figure("R4", "SQLite: statements that failed", points)


LIMITED = """
import json, resource, signal, sys
from edujournal.adapters.stores.opening import open_store
from edujournal.errors import StoreError
from edujournal.testing.records import BOOK, SCHOOL, head_of, make_records
url, limit = sys.argv[1], int(sys.argv[2])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
acked, refused = [], 0
_, most = resource.getrlimit(resource.RLIMIT_FSIZE)
room = lambda bytes: resource.setrlimit(resource.RLIMIT_FSIZE, (bytes, most))
with open_store(url) as store:
    head = store.head(SCHOOL, BOOK)
    room(limit)
    for size in (1, 3, 40, 1, 200, 2, 1, 1):
        batch = make_records(head, size, text="Да", key="k")
        try:
            store.append(SCHOOL, BOOK, batch, head.number)
        except StoreError as error:
            refused += 1
            # A connection that failed to commit is not used again, and a new one needs room itself.
            room(most)
            head = store.head(SCHOOL, BOOK)
            room(limit)
        else:
            head = head_of(batch)
            acked.append([head.number, head.hash])
print(json.dumps([acked, refused]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="skip: there is no such limit")
@pytest.mark.parametrize("limit", [*range(12_500, 60_000, 4_100), 90_000, 140_000])
@pytest.mark.parametrize("kind", ["files", "SQLite"])
def test_a_real_limit_of_file_size_loses_nothing(kind, limit, tmp_path):
    """Files may not grow beyond a limit that the system sets: refused, and all acknowledged is there."""
    from edujournal.adapters.stores.opening import open_store

    url = {"files": f"file:{tmp_path}/store", "SQLite": f"sqlite:///{tmp_path}/school.db"}[kind]
    with open_store(url) as store:
        store.append(SCHOOL, BOOK, BEFORE, 0)
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, url, str(limit)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert 0 == done.returncode, done.stderr
    acked, refused = json.loads(done.stdout)

    assert refused
    with open_store(url) as store:
        hashes = {record.number: record.hash for record in store.read(SCHOOL, BOOK)}
        assert all(hashes[number] == hash_ for number, hash_ in acked)
        head = store.head(SCHOOL, BOOK)
        store.append(SCHOOL, BOOK, [make_record(head)], head.number)
        assert "L1" == verify(store, SCHOOL).assurance
    figure("R4", f"{kind}: appends refused at a limit of file size", refused)
    figure("R4", "lost, or succeeded in silence", 0)
