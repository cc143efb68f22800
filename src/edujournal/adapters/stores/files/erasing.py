"""Erasing in files: private parts are overwritten where they stand, and a crash on the way is mended.

Overwriting is no single step for a disk: after a loss of power anything may stand in the bytes that
were being written. So which bytes are to go is written down first; until their end is written down as
well, every reader takes them as erased, and the next writer overwrites them once more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import Final

from edujournal.adapters.stores.files.disk import Disk, DiskFile
from edujournal.adapters.stores.files.lines import lines, numbered, private_start
from edujournal.errors import BadInput, StoreDamaged
from edujournal.ledger.bytes import decode, encode

ERASING: Final = "erasing.json"

#: Offset and length of bytes that are erased.
Range = tuple[int, int]


class Erasing:
    """Erases private parts of one book, under the lock that the caller holds.

    Args:
        disk: Where the store lies.
        folder: Folder of the book.
    """

    def __init__(self, disk: Disk, folder: str) -> None:
        self._disk = disk
        self._path = f"{folder}/{ERASING}"

    def ranges(self) -> Sequence[Range]:
        """Bytes of the private file whose erasure was begun and not ended; needs no lock.

        Raises:
            StoreDamaged: The file that tells it says something else.
        """
        try:
            with self._disk.open(self._path) as file:
                data = file.read(0, file.size())
        except FileNotFoundError:
            return ()
        try:
            found = [(offset, length) for offset, length in decode(data)["erasing"]]
            problem = repr(found)[:60]
        except (BadInput, KeyError, TypeError, ValueError) as error:
            found, problem = [(-1, 0)], str(error)
        if not _is_good(found):
            raise StoreDamaged("not a list of bytes to be erased", where=self._path, found=problem)
        return found

    def masked(self, file: DiskFile) -> Masked:
        """The private *file* as it reads while it is being erased."""
        return Masked(file, self)

    def erase(self, file: DiskFile, end: int, numbers: Collection[int]) -> int:
        """Erase; give how many of the records had a private part.

        Args:
            file: The file of private parts, open for writing.
            end: Where its acknowledged lines end.
            numbers: Numbers of the records.
        """
        found = list(self._payloads(file, end, frozenset(numbers))) if numbers else []
        if found:
            self._note(found)
            self._overwrite(file, found)
            self._note([])
        return len(found)

    def finish(self, file: DiskFile) -> int:
        """End an erasure that was broken off; give how many records it concerned."""
        found = self.ranges()
        if found:
            # What reads as erased may never have reached the disk: it is written anew.
            self._overwrite(file, found)
            self._note([])
        return len(found)

    @staticmethod
    def _overwrite(file: DiskFile, found: Sequence[Range]) -> None:
        for offset, length in found:
            file.write(offset, b"-" * length)
        file.sync()

    def _payloads(self, file: DiskFile, end: int, numbers: frozenset[int]) -> Iterator[Range]:
        """What stands after the blank for each of *numbers*, where it is not erased yet."""
        start = private_start(file, end, min(numbers) - 1, self._path)
        for offset, line in lines(file, start, end):
            number, lead = numbered(line)
            if number in numbers and line[lead : lead + 1] == b"{":
                yield offset + lead, len(line) - lead

    def _note(self, found: Sequence[Range]) -> None:
        with self._disk.create(f"{self._path}.new") as file:
            file.write(0, encode({"erasing": [list(one) for one in found]}))
            file.sync()
        self._disk.replace(f"{self._path}.new", self._path)


def _is_good(found: Sequence[Range]) -> bool:
    """Whole numbers, in order, none within another."""
    return all(
        type(offset) is int and type(length) is int and offset >= 0 and length > 0
        for offset, length in found
    ) and all(one + length <= other for (one, length), (other, _) in pairwise(found))


class Masked:
    """A private file in which the bytes that are being erased read as erased, whatever they are.

    Args:
        file: The file itself.
        erasing: Tells which bytes these are.
    """

    def __init__(self, file: DiskFile, erasing: Erasing) -> None:
        self._file = file
        self._erasing = erasing
        self._ranges = erasing.ranges()

    def look_again(self) -> None:
        """Ask anew what is being erased: somebody may have begun, or ended, since."""
        self._ranges = self._erasing.ranges()

    def size(self) -> int:
        """See :meth:`~edujournal.adapters.stores.files.disk.DiskFile.size`."""
        return self._file.size()

    def read(self, offset: int, count: int) -> bytes:
        """See :meth:`~edujournal.adapters.stores.files.disk.DiskFile.read`."""
        data = self._file.read(offset, count)
        for start, length in self._ranges:
            first, last = max(start - offset, 0), min(start + length - offset, len(data))
            if first < last:
                data = data[:first] + b"-" * (last - first) + data[last:]
        return data
