"""The log of a book: one run of bytes, kept in a file or, when it grows long, in several."""

from __future__ import annotations

import re
from contextlib import ExitStack
from typing import Final

from edujournal.adapters.stores.files.disk import Disk, DiskFile
from edujournal.errors import StoreBusy, StoreDamaged

#: The first file of a log; the others bear the number of bytes before them.
LOG: Final = "log.jsonl"

#: Bytes after which a log goes on in a new file, unless the store says otherwise.
LONGEST_SEGMENT: Final = 1 << 26

_LATER: Final = re.compile(r"log\.([0-9a-f]{16})\.jsonl")


def segment_name(start: int) -> str:
    """Name the file of a log that has *start* bytes of it before it."""
    return f"log.{start:016x}.jsonl" if start else LOG


class Log:
    """The log of one book, used as one file. A record never lies in two files of it.

    A file that another one follows is closed: it never changes again.

    Args:
        disk: Where the store lies.
        folder: Folder of the book.
        held: Closes the files.
        edit: Opened to be written.

    Raises:
        FileNotFoundError: The first file is missing.
        StoreDamaged: The last file does not follow the one before it.
    """

    def __init__(self, disk: Disk, folder: str, held: ExitStack, *, edit: bool = False) -> None:
        self._disk = disk
        self._folder = folder
        self._held = held
        self._edit = edit
        later = (_LATER.fullmatch(name) for name in disk.names(folder))
        self._starts = [0, *sorted(int(found[1], 16) for found in later if found)]
        self._opened: dict[int, DiskFile] = {}
        self._last = self._file(len(self._starts) - 1)
        if len(self._starts) > 1:
            # All before were looked at like this when they were last; readers look at each again.
            self._file(len(self._starts) - 2)

    def size(self) -> int:
        """Bytes in all files."""
        return self._starts[-1] + self._last.size()

    def read(self, offset: int, count: int) -> bytes:
        """*count* bytes from *offset*; fewer only where the log ends."""
        found = b""
        for position, start in enumerate(self._starts):
            last = position == len(self._starts) - 1
            end = offset + count if last else self._starts[position + 1]
            if offset >= end:
                continue
            part = self._file(position).read(offset - start, min(count, end - offset))
            if not found and len(part) == count:
                return part
            found += part
            offset += len(part)
            count -= len(part)
            if not count or last:
                break
        return found

    def write(self, offset: int, data: bytes) -> None:
        """Put *data* at *offset*, which lies in the last file."""
        self._last.write(self._in_last(offset), data)

    def cut(self, size: int) -> None:
        """Drop what lies beyond *size*, which lies in the last file."""
        self._last.cut(self._in_last(size))

    def sync(self) -> None:
        """Return when what was written would survive the loss of power."""
        self._last.sync()

    def go_on(self, end: int, longest: int) -> None:
        """Begin a new file at *end*, where the log ends, if the last one has *longest* bytes or more.

        Raises:
            StoreBusy: Somebody else began it in spite of the lock.
        """
        if end - self._starts[-1] < max(1, longest):
            return
        path = f"{self._folder}/{segment_name(end)}"
        try:
            self._last = self._held.enter_context(self._disk.create(path, new=True))
        except FileExistsError as error:
            raise StoreBusy(
                "somebody else wrote to the book in spite of the lock",
                where=path,
                mend="Let nothing delete lock files; open the store again.",
            ) from error
        self._disk.sync_folder(self._folder)
        self._opened[len(self._starts)] = self._last
        self._starts.append(end)

    def _in_last(self, offset: int) -> int:
        start = self._starts[-1]
        if offset < start:
            raise StoreDamaged(
                "a file of the log begins behind the end of the log",
                where=f"{self._folder}/{segment_name(start)}",
                expected=f"{offset} bytes before it",
                found=f"{start} bytes before it",
            )
        return offset - start

    def _file(self, position: int) -> DiskFile:
        if position in self._opened:
            return self._opened[position]
        start = self._starts[position]
        path = f"{self._folder}/{segment_name(start)}"
        file = self._held.enter_context(self._disk.open(path, edit=self._edit))
        if position + 1 < len(self._starts):
            following = self._starts[position + 1]
            size = file.size()
            if start + size != following:
                raise StoreDamaged(
                    "the files of the log do not follow each other",
                    where=f"{path}, byte {start + min(size, following - start)}",
                    expected=f"{following - start} bytes before {segment_name(following)}",
                    found=f"{size} bytes",
                    mend="Restore the book from a copy.",
                )
        self._opened[position] = file
        return file
