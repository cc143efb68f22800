"""Recovery: bring a book back to the last acknowledged record after its writer died.

The law: what the newest readable slot of the head says is acknowledged. What lies behind it never
was; it goes to quarantine. What lies before it must be there, to the byte. One exception keeps a
flipped bit in a slot from eating records: a slot is written only after the log is synced, so when
one slot cannot be read and whole, chained records follow the other slot's end up to the end of the
file, they stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import Final

from attrs import evolve, frozen

from edujournal.adapters.stores.files.disk import Disk, DiskFile, Run
from edujournal.adapters.stores.files.erasing import Erasing
from edujournal.adapters.stores.files.heads import SIZE, Slot, block_of, slots_in, spoil
from edujournal.adapters.stores.files.lines import follow, lines, privates
from edujournal.adapters.stores.files.segments import LOG, Log
from edujournal.errors import StoreDamaged

HEAD: Final = "head"
PRIVATE: Final = "private.jsonl"
QUARANTINE: Final = "quarantine.d"


@frozen
class Recovery:
    """One thing that was put right when a book was opened for writing.

    *Version added: 0.1.*

    Attributes:
        school: Id of the school.
        book: Name of the book.
        file: The file concerned, from the store's folder on.
        what: What was found and done.
        offset: Where in the file.
        size: How many bytes were moved away; 0 where none were.
        quarantine: Where they are now, from the store's folder on; None where none were.
    """

    school: str
    book: str
    file: str
    what: str
    offset: int
    size: int
    quarantine: str | None


@frozen
class Files:
    """The open files of one book."""

    head: DiskFile
    log: Log
    private: DiskFile


@frozen
class State:
    """A book under the lock.

    Attributes:
        files: Its open files, for this act only.
        slot: Its newest slot.
        data: The bytes of the head file, as they must still be when the next slot is written.
    """

    files: Files
    slot: Slot
    data: bytes


class Recoverer:
    """Reads the head of one book under the lock and puts right what a dead writer left.

    Args:
        disk: Where the store lies.
        school: Id of the school.
        book: Name of the book.
        folder: Folder of the book.
        name: First block of its head file.
    """

    def __init__(self, disk: Disk, school: str, book: str, folder: str, name: bytes) -> None:
        self._disk = disk
        self._school = school
        self._book = book
        self._folder = folder
        self._name = name
        self._erasing = Erasing(disk, folder)

    def settle(self, files: Files, *, suspect: bool) -> tuple[State, list[Recovery]]:
        """Give the state to append to.

        Args:
            files: The open files of the book.
            suspect: A write to the book failed in this process: what the system says is in the head
                may never reach the disk, so it is written once more.

        Raises:
            StoreDamaged: Something acknowledged is missing or changed; file, byte and record are named.
        """
        data = files.head.read(0, SIZE + 1)
        first, second = slots_in(data, self._name, f"{self._folder}/{HEAD}")
        done: list[Recovery] = []
        if first and second:
            slot = max(first, second, key=lambda found: found.sequence)
        else:
            slot = self._adopt(files, first or second or Slot())
            at = Slot(slot.sequence + 1).offset
            done.append(
                self._did(HEAD, "a slot that could not be read was written anew", at, 0, None)
            )
        for name, file, end in (
            (PRIVATE, files.private, slot.private_end),
            (LOG, files.log, slot.end),
        ):
            size = file.size()
            if size != end:
                done.append(self._trim(name, file, size, end, slot))
        if self._erasing.finish(files.private):
            what = "an erasure that was broken off was brought to its end"
            done.append(self._did(PRIVATE, what, 0, 0, None))
        if not (first and second):
            data, slot = self._rewrite(files.head, data, evolve(slot, sequence=slot.sequence + 1))
        elif suspect:
            # In its own place: the other slot is the one that is surely on the disk.
            data, slot = self._rewrite(files.head, data, slot)
        return State(files, slot, data), done

    def _adopt(self, files: Files, slot: Slot) -> Slot:
        """Take in the whole records after the only readable slot."""
        where = f"{self._folder}/{LOG}"
        head, end = slot.head, slot.end
        size = files.log.size()
        for behind, reached, _ in follow(lines(files.log, slot.end, size), slot.head, where):
            end, head = behind, reached
        if end < size:
            raise StoreDamaged(
                "a slot of the head cannot be read, and the log goes on with part of a record",
                where=f"{where}, byte {end}, record {head.number + 1}",
                mend="Restore the book from a copy; its last records cannot be trusted.",
            )
        if head == slot.head:
            return slot
        where = f"{self._folder}/{PRIVATE}"
        private_end = files.private.size()
        private = self._erasing.masked(files.private)
        found = privates(private, slot.private_end, private_end, slot.number, where)
        beyond = [number for number, _ in found if number > head.number]
        if beyond:
            raise StoreDamaged(
                "texts of a record that is not there", where=f"{where}, record {beyond[0]}"
            )
        return Slot(slot.sequence, head.number, head.hash, end, private_end)

    def _trim(self, name: str, file: Run, size: int, end: int, slot: Slot) -> Recovery:
        """Move what lies behind *end* to quarantine."""
        if size < end:
            last = sum(1 for _ in lines(file, 0, size))
            record = f", record {last + 1}" if name == LOG else ""
            raise StoreDamaged(
                "acknowledged bytes are missing",
                where=f"{self._folder}/{name}, byte {size}{record}",
                expected=f"{end} bytes, up to record {slot.number}",
                found=f"{size} bytes",
                mend="Restore the book from a copy.",
            )
        place = self._quarantine(name, end, file.read(end, size - end))
        try:
            file.cut(end)
            file.sync()
        except OSError:
            self._uncut(name, end)
            raise
        what = "what was never acknowledged was moved to quarantine"
        return self._did(name, what, end, size - end, place)

    def _uncut(self, name: str, end: int) -> None:
        """Let the file show a rest again, after cutting it failed: so that the next one cuts, too.

        This is not synced, as in :func:`~edujournal.adapters.stores.files.heads.spoil`.
        """
        with suppress(OSError), ExitStack() as held:
            file: Run = (
                Log(self._disk, self._folder, held, edit=True)
                if name == LOG
                else held.enter_context(self._disk.open(f"{self._folder}/{name}", edit=True))
            )
            file.write(end, b"\n")

    def _quarantine(self, name: str, offset: int, rest: bytes) -> str:
        school, _, book = self._folder.rpartition("/")
        folder = f"{school}/{QUARANTINE}"
        self._disk.make_folder(folder)
        taken = set(self._disk.names(folder))
        stem = f"{book}.{name}.{offset}"
        path = f"{folder}/{next(name for name in _numbered(stem) if name not in taken)}"
        with self._disk.create(path) as file:
            file.write(0, rest)
            file.sync()
        self._disk.sync_folder(folder)
        return path

    def _rewrite(self, file: DiskFile, data: bytes, slot: Slot) -> tuple[bytes, Slot]:
        block = block_of(slot, self._name)
        try:
            file.write(slot.offset, block)
            file.sync()
        except OSError:
            spoil(self._disk, f"{self._folder}/{HEAD}", slot)
            raise
        return data[: slot.offset] + block + data[slot.offset + len(block) :], slot

    def _did(
        self, name: str, what: str, offset: int, size: int, quarantine: str | None
    ) -> Recovery:
        file = f"{self._folder}/{name}"
        return Recovery(self._school, self._book, file, what, offset, size, quarantine)


def _numbered(stem: str) -> Iterator[str]:
    number = 0
    while True:
        yield f"{stem}.{number}"
        number += 1
