"""Erasing in the stores of the package: the bytes are gone, and a crash on the way is mended."""

from __future__ import annotations

import pytest

from edujournal.adapters.stores.files import FileStore
from edujournal.adapters.stores.files.erasing import Erasing
from edujournal.adapters.stores.files.lines import privates
from edujournal.adapters.stores.sql import SqlStore
from edujournal.errors import StoreDamaged, StoreError
from edujournal.ledger.bytes import decode, encode
from edujournal.ledger.chain import check_chain
from edujournal.ledger.records import Head
from edujournal.testing.disks import FailingDisk, MemoryDisk
from edujournal.testing.records import BOOK, SCHOOL, head_of, make_record, make_records

ROOM = "school-1/journal%2f7%41%2falg%2f2026"
PRIVATE, ERASING, HEAD = f"{ROOM}/private.jsonl", f"{ROOM}/erasing.json", f"{ROOM}/head"

TEXT = "Ударил соседа, canary-7f3a"
MADE = make_records(Head(), 6, text=TEXT)
GONE = (2, 5)
LEFT = [None if r.number in GONE else r.private for r in MADE]


def texts(store):
    """The private parts of the book as they read."""
    return [record.private for record in store.read(SCHOOL, BOOK)]


@pytest.fixture
def disk():
    """A disk with a book of six records with texts."""
    made = MemoryDisk()
    FileStore("", disk=made).append(SCHOOL, BOOK, MADE, 0)
    return made


@pytest.mark.parametrize("kind", ["files", "sqlite"])
def test_nothing_of_an_erased_text_is_left_in_any_file(tmp_path, kind):
    """Neither text nor salt can be found in any byte that the store has on the disk."""

    def opened():
        if kind == "files":
            return FileStore(tmp_path)
        return SqlStore(f"sqlite:///{tmp_path / 'journal.db'}")

    def left(needle):
        return sum(
            path.read_bytes().count(needle) for path in tmp_path.rglob("*") if path.is_file()
        )

    salts = [decode(r.private)["comment"]["salt"].encode() for r in MADE]
    # One store stays open, as that of a running application does.
    with opened() as store:
        store.append(SCHOOL, BOOK, MADE, 0)
        assert left(TEXT.encode()) >= 6
        store.erase(SCHOOL, BOOK, GONE)

        assert [0 if r.number in GONE else 1 for r in MADE] == [min(left(s), 1) for s in salts]
        store.erase(SCHOOL, BOOK, range(1, 7))
        assert (0, 0) == (left(TEXT.encode()), sum(map(left, salts)))


@pytest.mark.parametrize("short", [False, True])
@pytest.mark.parametrize("stays", [False, True])
@pytest.mark.parametrize("power", [False, True])
def test_whatever_operation_of_an_erasure_fails_only_what_was_named_can_go(short, stays, power):
    """For every n: the n-th operation fails; a text is there whole or gone, and the book goes on.

    With *power* the machine stops at that moment, too. Erased again, all of it is gone.
    """
    outcomes = set()
    for fails in range(1, 200):
        disk = MemoryDisk()
        FileStore("", disk=disk).append(SCHOOL, BOOK, MADE, 0)
        failing = FailingDisk(disk, fails, short=short, stays=stays)
        try:
            done = FileStore("", disk=failing).erase(SCHOOL, BOOK, GONE) == len(GONE)
        except StoreError:
            done = False
        if power:
            disk.lose_power()
        store = FileStore("", disk=disk)
        found = texts(store)
        assert all(one in (r.private, None) for one, r in zip(found, MADE, strict=True))
        assert all(r.private in found for r in MADE if r.number not in GONE)
        outcomes.add(found.count(None))
        more = make_record(head_of(MADE), text="weiter")
        store.append(SCHOOL, BOOK, [more], 6)
        assert found == texts(store)[:6]
        store.erase(SCHOOL, BOOK, GONE)
        assert [*LEFT, more.private] == texts(FileStore("", disk=disk))
        assert not list(check_chain(store.read(SCHOOL, BOOK), BOOK, head=head_of([more])))
        if not failing.failed:
            assert done
            break
        assert not done
    else:
        pytest.fail("an erasure takes fewer operations than that")
    assert fails > 15
    assert {0, 2} == outcomes


def ranges(data, numbers):
    """Offset and length of the private parts of *numbers* in the bytes of the file."""
    found, offset = [], 0
    for line in bytes(data).splitlines(keepends=True):
        number, _, payload = line.rstrip(b"\n").partition(b" ")
        if int(number) in numbers:
            found.append((offset + len(number) + 1, len(payload)))
        offset += len(line)
    return found


def test_torn_writes_of_an_erasure_read_as_erased_and_are_mended(disk):
    """Whatever part of the bytes reached the disk, and whatever else stands there: gone, then for good."""
    path, before = disk.files, bytes(disk.files[PRIVATE])
    named = ranges(before, GONE)
    for step in range(0, 200, 7):
        for tear in (b"-", b"\0", b"\n", b'"', b"}\n1 {"):
            torn = bytearray(before)
            for start, length in named:
                for place in range(start + step % length, start + length - 5, 9):
                    torn[place : place + len(tear)] = tear
            path[PRIVATE][:] = torn
            path[ERASING] = bytearray(encode({"erasing": [list(one) for one in named]}))
            store = FileStore("", disk=disk)
            assert LEFT == texts(store)
            assert LEFT[3:] == [r.private for r in store.read(SCHOOL, BOOK, 3)]
            assert 0 == store.erase(SCHOOL, BOOK, (2,))
            assert [("erasure" in one.what, one.file) for one in store.recoveries] == [
                (True, PRIVATE)
            ]
            assert LEFT == texts(FileStore("", disk=disk))
            assert b'{"erasing":[]}' == bytes(path[ERASING])
            assert len(before) == len(path[PRIVATE])


def test_half_erased_lines_without_an_erasure_are_damage(disk):
    """The strict grammar stays: what no erasure under way explains is located, byte and record."""
    data = disk.files[PRIVATE]
    start = data.index(b"\n2 {") + 3
    data[start : start + 9] = b"-" * 9

    with pytest.raises(StoreDamaged, match="after record 1"):
        texts(FileStore("", disk=disk))


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b'{"erasing":[true]}', b'{"erasing":2}', b'{"other":[]}', b'{"erasing":[[1]]}',
     b'{"erasing":[[-1,2]]}', b'{"erasing":[[1,0]]}', b'{"erasing":[[1,true]]}', b'{"erasing":[[1,9],[5,2]]}'],
)  # fmt: skip
def test_a_list_of_erasures_that_is_none_is_damage(disk, content):
    """What is being erased is not guessed."""
    disk.files[ERASING] = bytearray(content)

    with pytest.raises(StoreDamaged, match="to be erased"):
        texts(FileStore("", disk=disk))


def test_a_slot_that_cannot_be_read_and_an_erasure_broken_off_are_both_mended(disk):
    """Two troubles at once: the records behind the other slot come in, and the erasure ends."""
    store = FileStore("", disk=disk)
    more = make_records(head_of(MADE), 2, text=TEXT)
    store.append(SCHOOL, BOOK, more, 6)
    newest = max((1, 2), key=lambda n: bytes(disk.files[HEAD][4096 * n : 4096 * n + 16]))
    disk.files[HEAD][4096 * newest] ^= 1
    data = disk.files[PRIVATE]
    ((start, length),) = ranges(data, (7,))
    data[start : start + 5] = b"\0\n\n\0\0"
    disk.files[ERASING] = bytearray(encode({"erasing": [[start, length]]}))
    again = FileStore("", disk=disk)

    assert [None, more[1].private] == texts(again)[6:]
    assert 2 == len(again.recoveries)


class Changing:
    """A private file that an eraser overwrites while it is read."""

    def __init__(self, first, then):
        self._data, self._then = first, then

    def look_again(self):
        """From now on it reads otherwise."""
        self._data = self._then

    def read(self, offset, count):
        """What stands there now."""
        return self._data[offset : offset + count]


def test_a_reader_in_the_middle_of_an_erasure_is_told_no_lies():
    """A line torn by an eraser at work is read anew: as erased, or whole; otherwise it is damage."""
    whole, torn = b'1 {"a":1}\n2 {"b":2}\n', b'1 {"a":1}\n2 {"b----\n'
    gone = b'1 {"a":1}\n2 -------\n'
    for then, last in ((gone, None), (whole, b'{"b":2}')):
        found = privates(Changing(torn, then), 0, len(torn), 0, "private.jsonl")
        assert [(1, b'{"a":1}'), (2, last)] == list(found)
    with pytest.raises(StoreDamaged):
        list(privates(Changing(torn, torn), 0, len(torn), 0, "private.jsonl"))


def test_a_reader_takes_the_bytes_that_are_being_erased_as_erased(disk):
    """The mask covers the ranges and nothing else, however the file is read."""
    data = bytes(disk.files[PRIVATE])
    ((start, length),) = ranges(data, (2,))
    disk.files[ERASING] = bytearray(encode({"erasing": [[start, length]]}))
    expected = data[:start] + b"-" * length + data[start + length :]
    with disk.open(PRIVATE) as file:
        masked = Erasing(disk, ROOM).masked(file)
        assert len(data) == masked.size()
        for offset in range(start - 3, start + length + 3):
            for count in (0, 1, 2, length, 1000):
                assert expected[offset : offset + count] == masked.read(offset, count)
        disk.files[ERASING] = bytearray(b'{"erasing":[]}')
        masked.look_again()
        assert data == masked.read(0, 10_000)
