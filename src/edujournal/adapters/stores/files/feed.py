"""The order of all records of a school, as one file beside its books: a line for each append.

A line is written *before* the append it tells of, without a sync, under the school's lock; so only
the last line can tell of records that are not there. A reader stops before such a line; the next
writer takes it away. What a reader has seen is synced first, and so keeps its position for ever. What
the loss of power took from the end, or all of a file that is deleted, is told again from the heads of
the books: the records are the truth.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Final

from attrs import frozen

from edujournal.adapters.stores.files.disk import Disk, DiskFile
from edujournal.adapters.stores.files.lines import CHUNK, lines
from edujournal.errors import StoreDamaged
from edujournal.ledger.records import Record

FEED: Final = "feed.txt"

#: A feed whose sync failed, until its content is written anew. The system may take for written what it
#: has forgotten, and would tell so to the next who asks: so it has another name at once, for everybody.
DOUBTFUL: Final = "feed.doubtful.txt"

#: Gives the number of the last acknowledged record of a book.
EndOf = Callable[[str], int]

#: No line is longer: a check, three numbers and the name of a book.
_LONGEST: Final = 4096


@frozen
class Span:
    """One line: records of one book that were appended together.

    Attributes:
        position: Position of the last of them.
        first: Number of the first.
        last: Number of the last.
        book: Name of the book.
    """

    position: int
    first: int
    last: int
    book: str

    @property
    def before(self) -> int:
        """Position before the first of them."""
        return self.position - (self.last - self.first + 1)


class Feed:
    """The feed of one school.

    Args:
        disk: Where the store lies.
        folder: Folder of the school.
    """

    def __init__(self, disk: Disk, folder: str) -> None:
        self._disk = disk
        self._folder = folder
        self._path = f"{folder}/{FEED}"
        self._doubtful = f"{folder}/{DOUBTFUL}"
        self._whole = False

    @property
    def whole(self) -> bool:
        """Whether this object has seen, under the lock, that every book is told of to its end."""
        return self._whole

    def mend(self, ends: Mapping[str, int]) -> tuple[int, int]:
        """Under the lock: cut off what is torn or was never appended, and tell what is missing.

        Args:
            ends: Number of the last record of every book.

        Returns:
            Where lines were cut off, and how many bytes; 0 for what a dead writer leaves.
        """
        self.renew()
        file = _opened(self._disk, self._path)
        if file is None:
            if not any(ends.values()):
                self._whole = True
                return 0, 0
            file = self._disk.create(self._path)
        told: dict[str, int] = {}
        end = position = odd = 0
        with file:
            size = file.size()
            for start, line in lines(file, 0, size):
                span = _span(line)
                if (
                    span is None
                    or (span.before, span.first) != (position, told.get(span.book, 0) + 1)
                    or span.last > ends.get(span.book, 0)
                ):
                    alone = span is not None and start + len(line) + 1 == size
                    odd = 0 if alone else size - start
                    break
                told[span.book], position = span.last, span.position
                end = start + len(line) + 1
            if end < size:
                file.cut(end)
            missing = []
            for book, last in sorted(ends.items()):
                first = told.get(book, 0) + 1
                if last >= first:
                    position += last - first + 1
                    missing.append(_line(Span(position, first, last, book)))
            if missing:
                file.write(end, b"".join(missing))
        self._whole = True
        return end, odd

    def note(self, book: str, before: int, batch: Sequence[Record], end_of: EndOf) -> bool:
        """Under the lock, before *batch* is acknowledged: give it the next positions.

        Args:
            book: Name of the book.
            before: Number of its last acknowledged record.
            batch: What is about to be appended.
            end_of: Gives the number of the last acknowledged record of any book.

        Returns:
            Whether it could; else the file must be mended first.
        """
        self._whole = False
        file = _opened(self._disk, self._path)
        if file is None:
            if self._in_doubt():
                return False
            file = self._disk.create(self._path)
        with file:
            size = file.size()
            start, span = _last_of(file, size)
            if size and span is None:
                return False
            position = span.position if span else 0
            if span and span.last > (before if span.book == book else end_of(span.book)):
                # Its writer died, or failed, before the append.
                size, position = start, span.before
                file.cut(size)
            last = batch[-1].number
            file.write(size, _line(Span(position + last - before, before + 1, last, book)))
        self._whole = True
        return True

    def renew(self) -> None:
        """Under the lock: write anew what lies there in doubt; nothing where all is well."""
        if not self._in_doubt():
            return
        with self._disk.open(self._doubtful) as file:
            content = file.read(0, file.size())
        with self._disk.create(f"{self._path}.new") as file:
            file.write(0, content)
            file.sync()
        self._disk.replace(f"{self._path}.new", self._path)

    def spans(
        self, after: int, end_of: EndOf, renewing: Callable[[], None] | None = None
    ) -> Iterator[Span]:
        """Every span that reaches beyond a position and was appended; synced before it is given.

        Args:
            after: The position.
            end_of: Gives the number of the last acknowledged record of any book.
            renewing: Renews the feed under the lock. A sync that failed is not tried again: the
                system may take for written what it has forgotten.

        Raises:
            StoreDamaged: A line is not what was written.
        """
        if renewing is not None and self._in_doubt():
            renewing()
        file = _opened(self._disk, self._path)
        if file is None:
            return
        with file:
            size = file.size()
            start = self._start(file, size, after)
            # From now on nobody can take these positions back.
            try:
                file.sync()
            except OSError:
                # Where it has no such name any more, somebody else was refused at the same time.
                with suppress(FileNotFoundError):
                    self._disk.replace(self._path, self._doubtful)
                if renewing is None:
                    raise
                renewing()
                yield from self.spans(after, end_of)
                return
            self._disk.sync_folder(self._folder)
            for at, line in lines(file, start, size):
                span = _span(line)
                if at + len(line) + 1 == size:
                    # The last one: perhaps its writer is still at it, or died and another one puts
                    # its own line here. When the records are there and the line still is, it stays.
                    there = span is not None and span.last <= end_of(span.book)
                    if file.read(at, len(line) + 1) != line + b"\n" or (span and not there):
                        return
                if span is None:
                    raise StoreDamaged(
                        "a line that was not written so", where=f"{self._path}, byte {at}"
                    )
                if span.position > after:
                    yield span

    def _in_doubt(self) -> bool:
        """Whether a sync failed, and the file was not written anew since."""
        for path in (self._path, self._doubtful):
            file = _opened(self._disk, path)
            if file is not None:
                with file:
                    return path == self._doubtful
        return False

    def _start(self, file: DiskFile, size: int, after: int) -> int:
        """Where a line begins before which every position is at most *after*."""
        low, high = 0, size
        while high - low > CHUNK:
            middle = (low + high) // 2
            piece = file.read(middle, _LONGEST)
            cut = piece.find(b"\n") + 1
            line = piece[cut:].partition(b"\n")[0]
            span = _span(line)
            if span is not None and span.before <= after:
                low = middle + cut
            elif span is not None:
                high = middle
            else:
                # The end, or a broken line: the walk tells.
                break
        return low


def _opened(disk: Disk, path: str) -> DiskFile | None:
    try:
        return disk.open(path, edit=True)
    except FileNotFoundError:
        return None


def _last_of(file: DiskFile, size: int) -> tuple[int, Span | None]:
    """Where the last line starts, and what it says; None where that cannot be read."""
    begin = max(0, size - _LONGEST)
    piece = file.read(begin, size - begin)
    start = piece[:-1].rfind(b"\n") + 1
    return begin + start, _span(piece[start:-1]) if piece.endswith(b"\n") else None


def _line(span: Span) -> bytes:
    said = f"{span.position} {span.first} {span.last} {span.book}".encode()
    return b"%08x %b\n" % (zlib.crc32(said), said)


def _span(line: bytes) -> Span | None:
    check, _, said = line.partition(b" ")
    if check != b"%08x" % zlib.crc32(said):
        return None
    try:
        position, first, last, book = said.decode().split(" ", 3)
        span = Span(int(position), int(first), int(last), book)
    except ValueError:
        return None
    return span if 0 < span.first <= span.last and span.before >= 0 else None
