"""One book as a folder of files: ``head``, ``log.jsonl`` and what follows it, ``private.jsonl``."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack

from edujournal.adapters.stores.files.disk import Disk, DiskFile
from edujournal.adapters.stores.files.erasing import Erasing
from edujournal.adapters.stores.files.heads import (
    BLOCK,
    FORMAT,
    SIZE,
    Slot,
    block_of,
    fresh,
    slots_in,
    spoil,
    title,
)
from edujournal.adapters.stores.files.lines import (
    follow,
    lines,
    log_line,
    private_line,
    private_start,
    privates,
    start_of,
)
from edujournal.adapters.stores.files.names import file_name
from edujournal.adapters.stores.files.recovery import (
    HEAD,
    PRIVATE,
    Files,
    Recoverer,
    Recovery,
    State,
)
from edujournal.adapters.stores.files.segments import LOG, LONGEST_SEGMENT, Log
from edujournal.errors import BadInput, StoreBusy, StoreDamaged
from edujournal.ledger.bytes import decode
from edujournal.ledger.index import index_of
from edujournal.ledger.records import Index, Record


class BookFolder:
    """Reads one book without a lock, and appends to it under one that the caller holds.

    Args:
        disk: Where the store lies.
        school: Id of the school.
        book: Name of the book.
        segment: Bytes after which the log goes on in a new file.
    """

    def __init__(self, disk: Disk, school: str, book: str, segment: int = LONGEST_SEGMENT) -> None:
        self._disk = disk
        self._segment = segment
        self._book = book
        self.folder = f"{file_name(school)}/{file_name(book)}"
        self._head = f"{self.folder}/{HEAD}"
        self._log = f"{self.folder}/{LOG}"
        self._private = f"{self.folder}/{PRIVATE}"
        self._name = title(school, book)
        self._erasing = Erasing(disk, self.folder)
        self._recoverer = Recoverer(disk, school, book, self.folder, self._name)

    def slot(self) -> Slot | None:
        """Where the acknowledged records end; None when that takes recovery, under the lock."""
        before = b""
        looked = False
        while True:
            try:
                with self._disk.open(self._head) as file:
                    data = file.read(0, SIZE + 1)
            except FileNotFoundError:
                # Records come after the head: who sees them without it may have looked for the head
                # before the book was made, and for them after it. Seen so twice, it is damage.
                if looked:
                    self._check_absent()
                elif self._headless() is not None:
                    looked = True
                    continue
                return Slot()
            try:
                first, second = slots_in(data, self._name, self._head)
            except StoreDamaged:
                if data == before:
                    raise
            else:
                if first and second:
                    return first if first.sequence > second.sequence else second
                if data == before:
                    return None
            # What somebody writes at this moment reads otherwise the next time: a slot half written,
            # or two of which the one was read before several appends and the other after them.
            before = data

    def settle(self, held: ExitStack, *, suspect: bool) -> tuple[State | None, list[Recovery]]:
        """Under the lock: what to append to, or None when there is no book yet.

        Args:
            held: Closes the files when the act ends.
            suspect: A write to the book failed in this process.
        """
        try:
            head = held.enter_context(self._disk.open(self._head, edit=True))
        except FileNotFoundError:
            self._check_absent()
            return None, []
        return self._recoverer.settle(self._files(held, head), suspect=suspect)

    def create(self, held: ExitStack) -> State:
        """Under the lock: make an empty book; the head comes last, it makes the book."""
        self._disk.make_folder(self.folder)
        for path in (self._log, self._private):
            with self._disk.create(path) as file:
                file.sync()
        # Names have no order on a disk: with the head alone the book would be there without its files.
        self._disk.sync_folder(self.folder)
        data = fresh(self._name)
        with self._disk.create(f"{self._head}.new") as file:
            file.write(0, data)
            file.sync()
        self._disk.replace(f"{self._head}.new", self._head)
        head = held.enter_context(self._disk.open(self._head, edit=True))
        return State(self._files(held, head), Slot(1), data)

    def append(self, state: State, batch: Sequence[Record]) -> None:
        """Under the lock: keep *batch*; it is acknowledged when the head's slot is on the disk.

        Raises:
            StoreBusy: Somebody wrote in spite of the lock; nothing is acknowledged.
        """
        old, files = state.slot, state.files
        log = b"".join(map(log_line, batch))
        private = b"".join(
            private_line(record.number, record.private)
            for record in batch
            if record.private is not None
        )
        last = batch[-1]
        new = Slot(
            old.sequence + 1,
            last.number,
            last.hash,
            old.end + len(log),
            old.private_end + len(private),
        )
        block = block_of(new, self._name)
        after = state.data[: new.offset] + block + state.data[new.offset + BLOCK :]
        self._fence(files, state.data, old.end)
        if private:
            files.private.write(old.private_end, private)
            files.private.sync()
        files.log.go_on(old.end, self._segment)
        files.log.write(old.end, log)
        files.log.sync()
        self._fence(files, state.data, new.end)
        try:
            files.head.write(new.offset, block)
            files.head.sync()
        except OSError:
            spoil(self._disk, self._head, new)
            raise
        self._fence(files, after, new.end)

    def erase(self, state: State, numbers: Collection[int]) -> int:
        """Under the lock: overwrite the private parts of records; give how many had one.

        Only what the head already vouches for is touched, and nothing changes its place or length.
        """
        return self._erasing.erase(state.files.private, state.slot.private_end, numbers)

    def read(self, slot: Slot, after: int) -> Iterator[Record]:
        """Yield the records after number *after* up to *slot*, each checked against the chain.

        Raises:
            StoreDamaged: A byte is not what was acknowledged.
        """
        if after >= slot.number:
            return
        with ExitStack() as opened:
            file = self._open_log(opened)
            end, head = start_of(file, slot.end, slot.number, after, self._log)
            texts: Iterator[tuple[int, bytes | None]] = iter(())
            if slot.private_end:
                beside = self._erasing.masked(self._open(opened, self._private))
                offset = private_start(beside, slot.private_end, after, self._private)
                texts = privates(beside, offset, slot.private_end, after, self._private)
            number, private = next(texts, (0, None))
            found = follow(lines(file, end, slot.end), head, self._log)
            for behind, reached, body in found:
                end, head = behind, reached
                mine = None
                if number == head.number:
                    mine = private
                    number, private = next(texts, (0, None))
                yield Record(
                    self._book, head.number, head.hash, body, mine, self._index(head.number, body)
                )
        if head != slot.head or number:
            raise StoreDamaged(
                "the log does not end where its head says",
                where=f"{self._log}, byte {end}, record {head.number + 1}",
                expected=f"record {slot.number} at the end, byte {slot.end}",
                found=f"record {head.number}",
                mend="Restore the book from a copy.",
            )

    def _index(self, number: int, body: bytes) -> Index:
        try:
            return index_of(body)
        except BadInput as error:
            raise StoreDamaged(
                "a body that is not a record's",
                where=f"{self._log}, record {number}",
                found=str(error),
            ) from error

    def _open_log(self, opened: ExitStack) -> Log:
        try:
            return Log(self._disk, self.folder, opened)
        except FileNotFoundError as error:
            raise StoreDamaged("a file of the book is missing", where=self._log) from error

    def _open(self, opened: ExitStack, path: str) -> DiskFile:
        try:
            return opened.enter_context(self._disk.open(path))
        except FileNotFoundError as error:
            raise StoreDamaged("a file of the book is missing", where=path) from error

    def _check_absent(self) -> None:
        """Without a head there is no book, and then there are no records either."""
        headless = self._headless()
        if headless is not None:
            path, size = headless
            raise StoreDamaged(
                "a book without its head file", where=path, found=f"{size} bytes of records"
            )

    def _headless(self) -> tuple[str, int] | None:
        """The file that holds records, and how many bytes: to be asked where no head was found."""
        for path in (self._log, self._private):
            try:
                with self._disk.open(path) as file:
                    size = file.size()
            except FileNotFoundError:
                continue
            if size:
                return path, size
        return None

    def _files(self, held: ExitStack, head: DiskFile) -> Files:
        try:
            log = Log(self._disk, self.folder, held, edit=True)
            private = held.enter_context(self._disk.open(self._private, edit=True))
        except FileNotFoundError as error:
            raise StoreDamaged("a file of the book is missing", where=self.folder) from error
        return Files(head, log, private)

    def _fence(self, files: Files, data: bytes, end: int) -> None:
        if files.log.size() != end or files.head.read(0, SIZE + 1) != data:
            raise StoreBusy(
                "somebody else wrote to the book in spite of the lock",
                where=self.folder,
                mend="Let nothing delete lock files; open the store again.",
            )


def book_in(data: bytes, where: str) -> tuple[str, str]:
    """School and book that the first block of a ``head`` file names.

    Raises:
        StoreDamaged: It names none.
    """
    try:
        value = decode(data[:BLOCK].rstrip())
        form, school, book = value["format"], value["school"], value["book"]
    except (BadInput, KeyError, TypeError) as error:
        raise StoreDamaged("a head file without a name", where=where, found=str(error)) from error
    if form != FORMAT:
        # A later format would say so in the file that tells the format of the whole store.
        raise StoreDamaged(
            "a book of another format", where=where, expected=FORMAT, found=repr(form)
        )
    return str(school), str(book)
