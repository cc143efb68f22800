"""A log in several files reads as one, and everything that may be wrong between them is told."""

from __future__ import annotations

import pytest

from edujournal.adapters.stores.files import FileStore
from edujournal.errors import StoreBusy, StoreDamaged
from edujournal.ledger.records import Head
from edujournal.ledger.verify import verify
from edujournal.testing.disks import MemoryDisk
from edujournal.testing.records import BOOK, SCHOOL, head_of, make_records

ROOM = "school-1/journal%2f7%41%2falg%2f2026"
MADE = make_records(Head(), 30, text="Да")


@pytest.fixture
def room(tmp_path):
    """A book of thirty records in files of 2,000 bytes."""
    store = FileStore(tmp_path, segment=2000)
    for record in MADE:
        store.append(SCHOOL, BOOK, [record], record.number - 1)
    return tmp_path / ROOM


def segments(room):
    """The files of the log in their order."""
    return sorted(room.glob("log*.jsonl"), key=lambda path: path.name.replace("log.jsonl", ""))


def test_the_files_of_a_log_are_pinned(room):
    """Each is named by the bytes before it, holds whole records, and is over the limit by one at most."""
    found = segments(room)
    start = 0
    for path in found:
        assert path.name == (f"log.{start:016x}.jsonl" if start else "log.jsonl")
        start += path.stat().st_size
        assert path.read_bytes().endswith(b"\n")
    sizes = [path.stat().st_size for path in found]
    assert all(2000 <= size < 2000 + 700 for size in sizes[:-1])
    lines = b"".join(b"%b %b\n" % (record.hash.encode(), record.body) for record in MADE)
    assert lines == b"".join(path.read_bytes() for path in found)


@pytest.mark.parametrize("segment", [0, 1, 2000, 1 << 26])
def test_a_log_reads_as_one_whatever_the_limit_is_now(room, segment):
    """From every number on; another limit later changes only where it goes on."""
    store = FileStore(room.parents[1], segment=segment)
    for after in range(31):
        assert MADE[after:] == list(store.read(SCHOOL, BOOK, after))
    more = make_records(head_of(MADE), 3)
    for record in more:
        store.append(SCHOOL, BOOK, [record], record.number - 1)

    assert [*MADE, *more] == list(FileStore(room.parents[1]).read(SCHOOL, BOOK))
    assert "L1" == verify(store, SCHOOL).assurance


def test_a_closed_file_never_changes(room):
    """Appends, recoveries and new processes leave all files but the last as they are."""
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in segments(room)[:-1]}
    store = FileStore(room.parents[1], segment=2000)
    for record in make_records(head_of(MADE), 10):
        store.append(SCHOOL, BOOK, [record], record.number - 1)

    assert before == {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in before}


@pytest.mark.parametrize("position", range(-4, 0))
@pytest.mark.parametrize("how", ["missing", "shorter", "longer", "renamed"])
def test_a_file_amiss_is_damage_with_its_name(room, position, how):
    """Missing, cut, with bytes added, or under another name: told to readers; others stay readable."""
    path = segments(room)[position]
    if how == "missing":
        path.unlink()
    elif how == "renamed":
        path.rename(path.with_name("log.00000000000fffff.jsonl"))
    else:
        data = path.read_bytes()
        path.write_bytes(data[:-1] if how == "shorter" else data + b"x")
    if (position, how) == (-1, "longer"):
        assert MADE == list(FileStore(room.parents[1]).read(SCHOOL, BOOK))
        return
    store = FileStore(room.parents[1])
    with pytest.raises(StoreDamaged, match="log"):
        list(store.read(SCHOOL, BOOK))
    assert verify(store, SCHOOL).assurance is None


def test_two_writers_do_not_begin_the_same_file():
    """With a stolen lock, too, the second one finds the file there and empties nothing."""

    class Overtaken(MemoryDisk):
        def create(self, path, *, new=False):
            if new:
                with super().create(path) as file:
                    file.write(0, b"another's")
            return super().create(path, new=new)

    disk = Overtaken()
    store = FileStore("", segment=1, disk=disk)
    store.append(SCHOOL, BOOK, MADE[:1], 0)
    with pytest.raises(StoreBusy, match="in spite of the lock"):
        store.append(SCHOOL, BOOK, MADE[1:2], 1)

    (later,) = [path for path in disk.files if "/log.0" in path]
    assert b"another's" == disk.files[later]


def test_a_file_that_begins_behind_the_end_is_damage():
    """What no single writer can leave is not guessed at."""
    disk = MemoryDisk()
    store = FileStore("", segment=1, disk=disk)
    store.append(SCHOOL, BOOK, MADE[:1], 0)
    log = f"{ROOM}/log.jsonl"
    disk.files[log] += b"x" * 10
    disk.files[f"{ROOM}/log.{len(disk.files[log]):016x}.jsonl"] = bytearray(b"another's")

    with pytest.raises(StoreDamaged, match="begins behind the end"):
        store.append(SCHOOL, BOOK, [], 1)
