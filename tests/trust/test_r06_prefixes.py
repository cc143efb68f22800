"""trust-R6: a book that is cut at any byte gives its longest intact prefix, and tells of the cut."""

from __future__ import annotations

import pytest

from edujournal.adapters.stores.files import FileStore
from edujournal.errors import StoreDamaged
from edujournal.ledger.records import Head
from edujournal.testing.disks import MemoryDisk
from edujournal.testing.records import BOOK, SCHOOL, head_of, make_records
from tests.figures import cases, figure

ROOM = "school-1/journal%2f7%41%2falg%2f2026"
PARTS = 4

#: A cut is told each time; so often all before it is read as well, and always about the end of a line.
READ_EACH = 6


@pytest.fixture(scope="module")
def made():
    """A hundred records, every third with a text."""
    records = []
    for number in range(100):
        text = "Да" if number % 3 == 0 else None
        records += make_records(head_of(records) if records else Head(), 1, text=text)
    return records


def read(store, seen):
    """Read all there is into *seen*."""
    for record in store.read(SCHOOL, BOOK):
        seen.append(record)


@pytest.mark.parametrize("part", range(PARTS))
def test_every_prefix_of_a_log_below_its_head_is_told(made, part):
    """Every byte of a log of 100 records: the records before the cut, then file, byte and record."""
    disk = MemoryDisk()
    FileStore("", disk=disk).append(SCHOOL, BOOK, made, 0)
    log = disk.files[f"{ROOM}/log.jsonl"]
    whole = bytes(log)
    store = FileStore("", disk=disk)
    step = PARTS * max(1, round(1 / (cases(1000) / 1000)))
    tried = reread = 0
    for size in range(part, len(whole), step):
        log[:] = whole[:size]
        intact = whole.count(b"\n", 0, size)
        if tried % READ_EACH == 0 or whole[size - 2 : size + 2].count(b"\n"):
            seen = []
            with pytest.raises(StoreDamaged):
                read(store, seen)
            assert made[:intact] == seen
            reread += 1
        with pytest.raises(StoreDamaged) as caught:
            store.append(SCHOOL, BOOK, [], 100)
        assert (
            f"{ROOM}/log.jsonl, byte {size}, record {intact + 1}" == caught.value.problems[0].where
        )
        tried += 1
    figure("R6", "cuts of a log below its head, each told with its place", tried)
    figure("R6", "of these read to the end, which is the longest intact prefix", reread)


def test_every_prefix_beyond_the_head_is_put_right(made):
    """What was never acknowledged may be cut anywhere: the acknowledged records are there, all."""
    disk = MemoryDisk()
    store = FileStore("", disk=disk)
    store.append(SCHOOL, BOOK, made[:95], 0)
    log = disk.files[f"{ROOM}/log.jsonl"]
    acknowledged = bytes(log)
    rest = b"".join(b"%b %b\n" % (record.hash.encode(), record.body) for record in made[95:])
    for size in range(len(rest)):
        log[:] = acknowledged + rest[:size]
        fresh = FileStore("", disk=disk)
        fresh.append(SCHOOL, BOOK, [], 95)
        assert acknowledged == log
        assert bool(size) == bool(fresh.recoveries)
        for path in [path for path in disk.files if "quarantine.d" in path]:
            del disk.files[path]
    assert made[:95] == list(store.read(SCHOOL, BOOK))
    figure("R6", "cuts of what was never acknowledged, each put right", len(rest))


@pytest.mark.parametrize("name", ["head", "private.jsonl"])
def test_every_prefix_of_the_other_files_is_told(made, name):
    """A cut head or a cut file of texts: damage, and never other records or other texts."""
    disk = MemoryDisk()
    FileStore("", disk=disk).append(SCHOOL, BOOK, made[:20], 0)
    file = disk.files[f"{ROOM}/{name}"]
    whole = bytes(file)
    for size in range(len(whole)):
        file[:] = whole[:size]
        seen = []
        with pytest.raises(StoreDamaged):
            read(FileStore("", disk=disk), seen)
        assert made[: len(seen)] == seen
    figure("R6", "cuts of head and texts, each told", len(whole))
