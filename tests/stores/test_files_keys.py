"""The key index of the file store is a cache: whatever happens to it, no record is missed."""

from __future__ import annotations

import pytest

from edujournal.adapters.stores.files import FileStore
from edujournal.errors import StoreError
from edujournal.ledger.records import Head
from edujournal.testing.disks import FailingDisk, MemoryDisk
from edujournal.testing.records import BOOK, SCHOOL, head_of, make_records

KEYS = "school-1/keys.jsonl"


def write(disk, count, key="k", book=BOOK, store=None):
    """Append *count* keyed records."""
    store = store or FileStore("", disk=disk)
    head = store.head(SCHOOL, book)
    store.append(SCHOOL, book, make_records(head, count, book=book, key=key), head.number)


def find(disk, key="k", store=None):
    """Numbers that a process finds, a new one unless *store* is given."""
    store = store or FileStore("", disk=disk)
    return [number for _, number in store.find_key(SCHOOL, "t-ivanova", key)]


def test_an_index_that_vouches_for_a_book_spares_reading_it(monkeypatch):
    """A second process reads only what was written after the last line that vouches for all before."""
    disk = MemoryDisk()
    write(disk, 50)
    first = FileStore("", disk=disk)
    assert list(range(1, 51)) == find(disk, store=first)
    write(disk, 2, "other", store=first)
    read = []
    records = FileStore._records

    def counted(*place):
        for record in records(*place):
            read.append(record.number)
            yield record

    monkeypatch.setattr(FileStore, "_records", counted)

    assert [] == find(disk, "nobody's")
    assert [51, 52] == read


@pytest.mark.parametrize(
    "harm",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data[:-1],
        lambda data: bytes([data[0] ^ 1]) + data[1:],
        lambda data: data[:200] + b"\x00" * 40 + data[240:],
        lambda data: data.replace(b'"number":2', b'"number":9'),
        lambda data: b"\n" + data,
        lambda data: b"0123456789abcdef 5\n" + data,
        lambda data: data[::-1],
    ],
)
@pytest.mark.parametrize("loaded", [False, True])
def test_a_harmed_index_misses_nothing(harm, loaded):
    """Cut, flipped, zeroed, forged without a checksum: every record is still found, by all processes."""
    disk = MemoryDisk()
    store = FileStore("", disk=disk)
    write(disk, 3)
    write(disk, 2, "other")
    if loaded:
        assert [1, 2, 3] == find(disk, store=store)
    disk.files[KEYS][:] = harm(bytes(disk.files[KEYS]))

    assert [1, 2, 3] == find(disk, store=store)
    assert [1, 2, 3] == find(disk)
    write(disk, 2, store=store)
    assert [1, 2, 3, 6, 7] == find(disk, store=store)
    assert [1, 2, 3, 6, 7] == find(disk)
    write(disk, 1)
    assert [1, 2, 3, 6, 7, 8] == find(disk)
    assert [1, 2, 3, 6, 7, 8] == find(disk, store=store)
    assert [4, 5] == find(disk, "other", store=store)


def test_a_deleted_index_is_made_anew():
    """Deleting the file costs time and nothing else."""
    disk = MemoryDisk()
    store = FileStore("", disk=disk)
    write(disk, 3)
    assert [1, 2, 3] == find(disk, store=store)
    del disk.files[KEYS]

    assert [1, 2, 3] == find(disk, store=store)
    write(disk, 1, store=store)
    assert KEYS in disk.files
    assert [1, 2, 3, 4] == find(disk)


def test_an_index_of_an_older_copy_misses_nothing():
    """Whoever restores a copy of the cache finds every record written since."""
    disk = MemoryDisk()
    store = FileStore("", disk=disk)
    write(disk, 2)
    assert [1, 2] == find(disk, store=store)
    write(disk, 1, store=store)
    old = bytes(disk.files[KEYS])
    write(disk, 3, store=store)
    disk.files[KEYS][:] = old

    assert [1, 2, 3, 4, 5, 6] == find(disk)


def test_an_index_ahead_of_restored_books_is_not_believed():
    """Books put back to an older copy: what the index knows too much is not shown."""
    disk = MemoryDisk()
    store = FileStore("", disk=disk)
    write(disk, 2)
    room = [path for path in disk.files if "journal" in path]
    old = {path: bytes(disk.files[path]) for path in room}
    write(disk, 3, store=store)
    find(disk, store=store)
    write(disk, 1, store=store)
    for path, data in old.items():
        disk.files[path][:] = data

    assert [1, 2] == find(disk)
    write(disk, 2, None)
    write(disk, 1)
    assert [1, 2, 5] == find(disk)


def test_keys_of_a_write_that_failed_are_not_found():
    """A line noted for a record that was never acknowledged names nothing."""
    for fails in range(1, 60):
        disk = MemoryDisk()
        write(disk, 1, "first")
        try:
            write(FailingDisk(disk, fails), 2, "lost")
        except StoreError:
            count = FileStore("", disk=disk).head(SCHOOL, BOOK).number
            assert list(range(2, count + 1)) == find(disk, "lost")
            write(disk, 1, "third")
            assert [count + 1] == find(disk, "third")


def test_power_that_fails_takes_no_key():
    """Lines are not synced; what the loss of power takes of them is read again from the books."""
    disk = MemoryDisk()
    expected = []
    for turn in range(6):
        store = FileStore("", disk=disk)
        if turn % 2:
            find(disk, store=store)
        write(disk, 2, store=store)
        write(disk, 1, None, store=store)
        expected += [3 * turn + 1, 3 * turn + 2]
        disk.lose_power()

        assert expected == find(disk)


def test_keys_of_two_live_processes_meet():
    """What one process writes the other finds, in every order of loading and writing."""
    disk = MemoryDisk()
    one, two = FileStore("", disk=disk), FileStore("", disk=disk)
    write(disk, 1, store=one)
    assert [1] == find(disk, store=two)
    write(disk, 1, store=one)
    assert [1, 2] == find(disk, store=two)
    write(disk, 1, store=two)
    assert [1, 2, 3] == find(disk, store=one)
    write(disk, 1, book="another", store=one)
    assert [1, 1, 2, 3] == find(disk, store=two)
    assert head_of(make_records(Head(), 3, key="k")) == one.head(SCHOOL, BOOK)


def test_a_key_of_a_large_act_is_read_in_one_go(monkeypatch):
    """Three thousand records of one act are found by one reading, not by three thousand."""
    disk = MemoryDisk()
    write(disk, 3000)
    write(disk, 200, None)
    write(disk, 2)
    store = FileStore("", disk=disk)
    find(disk, "nothing", store=store)
    readings = []
    records = FileStore._records
    monkeypatch.setattr(
        FileStore, "_records", lambda *place: readings.append(place) or records(*place)
    )

    assert [*range(1, 3001), 3201, 3202] == find(disk, store=store)
    assert 2 == len(readings)
