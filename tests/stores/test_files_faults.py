"""The file store when disks fail, power goes, and writers die: nothing acknowledged is lost."""

from __future__ import annotations

import errno
from contextlib import contextmanager

import pytest

from edujournal.adapters.stores.files import FileStore
from edujournal.errors import StoreBusy, StoreDamaged, StoreError, StoreUnwritable
from edujournal.ledger.records import Head
from edujournal.ledger.verify import verify
from edujournal.testing.disks import FailingDisk, MemoryDisk
from edujournal.testing.records import BOOK, SCHOOL, head_of, make_record, make_records
from tests.trust.failures import Overtaking

pytestmark = pytest.mark.search

ROOM = "school-1/journal%2f7%41%2falg%2f2026"
LOG, PRIVATE, HEAD = f"{ROOM}/log.jsonl", f"{ROOM}/private.jsonl", f"{ROOM}/head"


def kept(disk):
    """What a new process reads, after writing one record more to prove that it can."""
    store = FileStore("", disk=disk)
    records = list(store.read(SCHOOL, BOOK))
    store.append(SCHOOL, BOOK, [make_record(head_of(records), text="weiter")], len(records))
    assert "L1" == verify(store, SCHOOL).assurance
    assert records == list(store.read(SCHOOL, BOOK))[:-1]
    return records


def begun(count):
    """A disk with a store of *count* records."""
    disk = MemoryDisk()
    if count:
        FileStore("", disk=disk).append(SCHOOL, BOOK, make_records(Head(), count, text="Да"), 0)
    return disk


@pytest.mark.parametrize("count", [0, 3])
@pytest.mark.parametrize("short", [False, True])
@pytest.mark.parametrize("stays", [False, True])
@pytest.mark.parametrize("power", [False, True])
def test_whatever_operation_fails_nothing_is_half_kept(count, short, stays, power):
    """For every n: the n-th operation of an append fails; before or after, never between.

    The caller is told, what was acknowledged before is there, the batch is whole or absent, and the
    next process goes on. With *power* the machine stops at that moment, too.
    """
    before = make_records(Head(), count, text="Да")
    batch = make_records(head_of(before), 3, text="Нет", key="k")
    outcomes = set()
    for fails in range(1, 200):
        disk = begun(count)
        failing = FailingDisk(disk, fails, short=short, stays=stays)
        try:
            store = FileStore("", disk=failing)
            store.append(SCHOOL, BOOK, batch, count)
            acknowledged = True
        except StoreError:
            acknowledged = False
        if power:
            disk.lose_power()
        found = kept(disk)
        if not failing.failed:
            assert acknowledged
            assert before + batch == found
            break
        assert not acknowledged
        assert found in (before, before + batch)
        outcomes.add(len(found))
    else:
        pytest.fail("an append takes fewer operations than that")
    assert fails > 20
    assert count in outcomes


def test_power_that_fails_after_the_acknowledgement_takes_nothing():
    """What append has returned from is on the disk: every time, in every file."""
    disk = MemoryDisk()
    made = make_records(Head(), 12, text="Да", key="k")
    for record in made:
        store = FileStore("", disk=disk)
        store.append(SCHOOL, BOOK, [record], record.number - 1)
        store.keep(SCHOOL, "regulation", record.body)
        disk.lose_power()

        again = FileStore("", disk=disk)
        assert made[: record.number] == list(again.read(SCHOOL, BOOK))
        assert record.body == again.kept(SCHOOL, "regulation")
        places = [(BOOK, number) for number in range(1, record.number + 1)]
        assert places == again.find_key(SCHOOL, "t-ivanova", "k")


def test_after_a_failed_write_the_same_object_recovers_by_itself():
    """No handle is used again: the next append opens the files anew and puts them right."""
    made = make_records(Head(), 3, text="Да")
    for fails in range(1, 200):
        disk = begun(2)
        failing = FailingDisk(disk, fails, short=True)
        store = FileStore("", disk=disk)
        store._disk = failing
        try:
            store.append(SCHOOL, BOOK, made[2:], 2)
        except StoreError:
            number = store.head(SCHOOL, BOOK).number
            store.append(SCHOOL, BOOK, made[number:], number)
        reached, store._disk = failing.failed, disk
        assert made == list(store.read(SCHOOL, BOOK))
        assert "L1" == verify(store, SCHOOL).assurance
        if not reached:
            break
    else:
        pytest.fail("an append takes fewer operations than that")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EIO, errno.EACCES])
def test_a_full_read_only_or_broken_disk_is_named(code):
    """The error says what the system said; nothing was acknowledged; reading goes on."""
    disk = begun(2)
    store = FileStore("", disk=disk)
    store._disk = FailingDisk(disk, 3, code=code, stays=True)
    with pytest.raises(StoreUnwritable, match=errno.errorcode[code]):
        store.append(SCHOOL, BOOK, make_records(Head(2, store.head(SCHOOL, BOOK).hash), 1), 2)

    assert make_records(Head(), 2, text="Да") == kept(disk)


def test_a_disk_that_cannot_be_read_is_told_as_an_error_of_the_store():
    """A reader gets a StoreError, never a bare OSError, at whatever operation."""
    disk = begun(3)
    for fails in range(1, 200):
        failing = FailingDisk(disk, fails)
        try:
            store = FileStore("", disk=failing)
            list(store.read(SCHOOL, BOOK))
            list(store.books(SCHOOL))
            list(store.schools())
            store.find_key(SCHOOL, "t-ivanova", "k")
            store.kept(SCHOOL, "regulation")
        except StoreError:
            assert failing.failed
        else:
            assert not failing.failed
            break
    assert fails > 20


# -- recovery ------------------------------------------------------------------------------------


def test_every_prefix_of_a_log_is_damage_with_its_place():
    """A log cut at any byte raises, with the file, the byte and the first record that is not whole."""
    disk = MemoryDisk()
    FileStore("", disk=disk).append(SCHOOL, BOOK, make_records(Head(), 100), 0)
    whole = bytes(disk.files[LOG])
    store = FileStore("", disk=disk)
    record = 1
    for size in range(len(whole)):
        disk.files[LOG][:] = whole[:size]
        record += whole[size - 1 : size] == b"\n"
        with pytest.raises(StoreDamaged) as caught:
            store.append(SCHOOL, BOOK, [], 100)
        assert f"{LOG}, byte {size}, record {record}" == caught.value.problems[0].where
    assert 100 == record


def test_reading_a_cut_log_gives_its_longest_intact_prefix_first():
    """Every whole record before the cut is given; then the reader is told."""
    made = make_records(Head(), 20)
    disk = MemoryDisk()
    FileStore("", disk=disk).append(SCHOOL, BOOK, made, 0)
    whole = bytes(disk.files[LOG])
    for size in range(0, len(whole), 5):
        disk.files[LOG][:] = whole[:size]
        seen = []
        with pytest.raises(StoreDamaged):
            seen.extend(_pour(FileStore("", disk=disk).read(SCHOOL, BOOK), seen))
        assert made[: whole[:size].count(b"\n")] == seen


def _pour(records, seen):
    """Put each record into *seen* as it comes."""
    for record in records:
        seen.append(record)
    return ()


def test_what_was_never_acknowledged_goes_to_quarantine():
    """Every torn rest behind the head is moved away and reported; readers never saw it."""
    made = make_records(Head(), 3, text="Да")
    more = make_records(head_of(made), 2, text="Нет")
    full = MemoryDisk()
    FileStore("", disk=full).append(SCHOOL, BOOK, [*made, *more], 0)
    for size in (1, 70, 300, 500, 10_000):
        disk = begun(0)
        FileStore("", disk=disk).append(SCHOOL, BOOK, made, 0)
        rests = {}
        for path in (LOG, PRIVATE):
            rests[path] = bytes(full.files[path][len(disk.files[path]) :])[:size]
            disk.files[path] += rests[path]
        store = FileStore("", disk=disk)
        assert made == list(store.read(SCHOOL, BOOK))
        assert () == store.recoveries
        store.append(SCHOOL, BOOK, more, 3)

        assert [*made, *more] == list(store.read(SCHOOL, BOOK))
        assert {PRIVATE, LOG} == {recovery.file for recovery in store.recoveries}
        for recovery in store.recoveries:
            assert rests[recovery.file] == bytes(disk.files[recovery.quarantine])
            assert (BOOK, len(rests[recovery.file])) == (recovery.book, recovery.size)


def test_quarantine_never_overwrites():
    """The second torn rest at the same place gets a name of its own."""
    disk = begun(1)
    for rest in (b"first", b"second"):
        disk.files[LOG] += rest
        FileStore("", disk=disk).append(SCHOOL, BOOK, [], 1)

    names = [path for path in disk.files if "/quarantine.d/" in path]
    assert [b"first", b"second"] == [bytes(disk.files[path]) for path in sorted(names)]


def test_a_slot_that_cannot_be_read_does_not_eat_the_records_it_tells_of():
    """The newer slot is destroyed: whole records behind the older one stay, and it is reported."""
    made = make_records(Head(), 4, text="Да")
    disk = MemoryDisk()
    store = FileStore("", disk=disk)
    for record in made:
        store.append(SCHOOL, BOOK, [record], record.number - 1)
    newer = 4096 if disk.files[HEAD][4096:8192] > disk.files[HEAD][8192:] else 8192
    disk.files[HEAD][newer + 5] ^= 1
    again = FileStore("", disk=disk)

    assert made == list(again.read(SCHOOL, BOOK))
    assert [HEAD] == [recovery.file for recovery in again.recoveries]
    assert made == kept(disk)


def test_a_slot_that_cannot_be_read_and_a_torn_log_are_damage():
    """What cannot come from one crash is not guessed at."""
    disk = begun(2)
    disk.files[HEAD][4096 + 5] ^= 1
    disk.files[LOG] += b"torn"

    with pytest.raises(StoreDamaged, match="part of a record"):
        list(FileStore("", disk=disk).read(SCHOOL, BOOK))


def test_texts_of_a_record_that_is_not_there_are_damage():
    """When a slot is lost, texts beyond the records that are taken in are not believed."""
    made = make_records(Head(), 2, text="Да")
    disk = begun(0)
    store = FileStore("", disk=disk)
    store.append(SCHOOL, BOOK, made[:1], 0)
    store.append(SCHOOL, BOOK, made[1:], 1)
    disk.files[HEAD][8192 + 5] ^= 1
    disk.files[PRIVATE] += b"3 {}\n"

    with pytest.raises(StoreDamaged, match="texts of a record that is not there"):
        list(FileStore("", disk=disk).read(SCHOOL, BOOK))


@pytest.mark.parametrize("path", [HEAD, LOG, PRIVATE])
def test_a_file_that_is_missing_is_damage(path):
    """Deleting one file of a book is told, to readers and to writers."""
    for using in (
        lambda store: list(store.read(SCHOOL, BOOK)),
        lambda store: store.append(SCHOOL, BOOK, [], 2),
    ):
        disk = begun(2)
        del disk.files[path]
        with pytest.raises(StoreDamaged):
            using(FileStore("", disk=disk))


def test_a_book_that_was_never_begun_is_begun_again():
    """A writer that died while it made the folder leaves no book, and none is listed."""
    disk = begun(1)
    disk.files[f"{ROOM}2/log.jsonl"] = bytearray()
    disk.files[f"{ROOM}2/head.new"] = bytearray(b"half")
    store = FileStore("", disk=disk)
    book = f"{BOOK}2"

    assert [BOOK] == [name for name, _ in store.books(SCHOOL)]
    store.append(SCHOOL, book, [make_record(book=book)], 0)
    assert [BOOK, book] == [name for name, _ in store.books(SCHOOL)]


# -- fencing -------------------------------------------------------------------------------------


class Unlocked(MemoryDisk):
    """A disk whose locks do not hold: as if somebody deleted the lock file."""

    @contextmanager
    def locked(self, folder, timeout, anchor):
        """Let everybody in."""
        yield


def test_a_second_writer_with_a_stolen_lock_is_refused():
    """Two writers inside the lock at once: one is acknowledged, the other told, the book is whole."""
    disk = Unlocked()
    first, second = FileStore("", disk=disk), FileStore("", disk=disk)
    made = make_records(Head(), 2)
    first.append(SCHOOL, BOOK, made[:1], 0)
    rival = make_record(head_of(made[:1]), rival=1)

    def overtaken():
        with first.writing(SCHOOL, BOOK, 1) as act:
            act.append(made[1:])
            second.append(SCHOOL, BOOK, [rival], 1)

    with pytest.raises(StoreBusy):
        overtaken()

    assert [made[0], rival] == list(second.read(SCHOOL, BOOK))
    assert "L1" == verify(first, SCHOOL).assurance


def test_a_writer_overtaken_at_any_moment_is_never_acknowledged():
    """The rival comes between any two steps of an append: at most one of the two is acknowledged.

    Nothing acknowledged is lost, and where both bled into the files it is told as damage.
    """
    made = make_records(Head(), 2)
    rival = make_record(head_of(made[:1]), rival=1)
    for moment in range(1, 60):
        disk = Unlocked()
        FileStore("", disk=disk).append(SCHOOL, BOOK, made[:1], 0)
        overtaken = Overtaken(disk, moment, rival)
        try:
            FileStore("", disk=overtaken).append(SCHOOL, BOOK, made[1:], 1)
            acknowledged = made
        except StoreError:
            acknowledged = [made[0], rival] if overtaken.acknowledged else made[:1]
        else:
            assert not overtaken.acknowledged
        try:
            found = list(FileStore("", disk=disk).read(SCHOOL, BOOK))
        except StoreDamaged:
            continue
        assert acknowledged == found[: len(acknowledged)]


class Overtaken(FailingDisk):
    """At one moment, instead of failing, lets a rival write."""

    def __init__(self, disk, moment, rival):
        super().__init__(disk, moment)
        self._rival = rival
        self.acknowledged = False

    def count(self):
        """Never fail."""
        if super().count():
            try:
                FileStore("", disk=self._disk).append(SCHOOL, BOOK, [self._rival], 1)
                self.acknowledged = True
            except StoreError:
                self.acknowledged = False
        return False


def test_a_reader_that_is_overtaken_reads_again():
    """Slots of which one was read before several appends, and the other after them, are no damage."""
    made = make_records(Head(), 6)
    disk = Overtaking()
    store = FileStore("", disk=disk)
    for record in made[:2]:
        store.append(SCHOOL, BOOK, [record], record.number - 1)
    disk.coming = made[2:]

    assert 6 == store.head(SCHOOL, BOOK).number
    assert [] == disk.coming
