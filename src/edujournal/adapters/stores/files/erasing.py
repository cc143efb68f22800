"""Erasing in files: private lines are overwritten where they stand, and a crash on the way is mended.

Overwriting is no single step for a disk. So what is to go is written down first; until the end of it
is written down as well, whatever stands in those lines is taken to be gone, and the next writer
overwrites them once more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from edujournal.adapters.stores.files.disk import Disk, DiskFile
from edujournal.adapters.stores.files.lines import lines, numbered, private_start
from edujournal.errors import BadInput, StoreDamaged
from edujournal.ledger.bytes import decode, encode

ERASING: Final = "erasing.json"


class Erasing:
    """Erases private parts of one book, under the lock that the caller holds.

    Args:
        disk: Where the store lies.
        folder: Folder of the book.
    """

    def __init__(self, disk: Disk, folder: str) -> None:
        self._disk = disk
        self._path = f"{folder}/{ERASING}"

    def numbers(self) -> frozenset[int]:
        """Records whose erasure was begun and not ended; needs no lock.

        Raises:
            StoreDamaged: The file that tells it says something else.
        """
        try:
            with self._disk.open(self._path) as file:
                data = file.read(0, file.size())
        except FileNotFoundError:
            return frozenset()
        try:
            found = decode(data)["erasing"]
            if all(type(number) is int for number in found):
                return frozenset(found)
            problem = repr(found)[:60]
        except (BadInput, KeyError, TypeError) as error:
            problem = str(error)
        raise StoreDamaged("not a list of records to be erased", where=self._path, found=problem)

    def erase(self, file: DiskFile, end: int, numbers: Collection[int]) -> int:
        """Erase; give how many of the records had a private part.

        Args:
            file: The file of private parts, open for writing.
            end: Where its acknowledged lines end.
            numbers: Numbers of the records.
        """
        found = [one for one in self._payloads(file, end, numbers) if one[2][:1] == b"{"]
        if found:
            self._note([number for number, _, _ in found])
            self._overwrite(file, found)
            self._note([])
        return len(found)

    def finish(self, file: DiskFile, end: int) -> int:
        """End an erasure that was broken off; give how many records it concerned."""
        numbers = self.numbers()
        if numbers:
            # What reads as erased may never have reached the disk: it is written anew.
            self._overwrite(file, self._payloads(file, end, numbers))
            self._note([])
        return len(numbers)

    @staticmethod
    def _overwrite(file: DiskFile, found: Collection[tuple[int, int, bytes]]) -> None:
        for _, offset, payload in found:
            file.write(offset, b"-" * len(payload))
        file.sync()

    def _payloads(
        self, file: DiskFile, end: int, numbers: Collection[int]
    ) -> list[tuple[int, int, bytes]]:
        """Number, offset and bytes of what stands after the blank, for each of *numbers*."""
        return list(self._lines(file, end, frozenset(numbers))) if numbers else []

    def _lines(
        self, file: DiskFile, end: int, numbers: frozenset[int]
    ) -> Iterator[tuple[int, int, bytes]]:
        where = self._path
        for start, line in lines(file, private_start(file, end, min(numbers) - 1, where), end):
            number, lead = numbered(line)
            if number in numbers:
                yield number, start + lead, line[lead:]

    def _note(self, numbers: Collection[int]) -> None:
        with self._disk.create(f"{self._path}.new") as file:
            file.write(0, encode({"erasing": sorted(numbers)}))
            file.sync()
        self._disk.replace(f"{self._path}.new", self._path)
