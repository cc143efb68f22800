"""Which records bear a client key: a cache beside the books, so that a look-up reads no book.

The records are the truth. ``keys.jsonl`` may be stale, torn or deleted: what it cannot vouch for is
read again from the books, and what it claims too much is found out when the record is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from threading import Lock
from typing import Any, Final

from edujournal.adapters.stores.files.disk import Disk, DiskFile
from edujournal.adapters.stores.files.lines import CHUNK, lines
from edujournal.errors import BadInput
from edujournal.ledger.bytes import decode, encode
from edujournal.ledger.records import Head, Record

KEYS: Final = "keys.jsonl"

_CHECK: Final = 16


class KeyIndex:
    """The client keys of one school. Safe to share between threads.

    A line notes one keyed record *before* it is acknowledged, without a sync. That is enough: a line
    can be lost only when the machine stops, and then the next process reads again every book from
    the number on up to which a whole line vouches that all is noted before it.

    Args:
        disk: Where the store lies.
        folder: Folder of the school.
        books: Gives every book with its head.
        read: Gives the records of a book after a number.
    """

    def __init__(
        self,
        disk: Disk,
        folder: str,
        books: Callable[[], Iterable[tuple[str, Head]]],
        read: Callable[[str, int], Iterator[Record]],
    ) -> None:
        self._disk = disk
        self._path = f"{folder}/{KEYS}"
        self._books = books
        self._read = read
        self._lock = Lock()
        self._forget()

    def find(self, account: str, key: str) -> list[tuple[str, int]]:
        """Give (book, number) of the records that seem to bear *key*, ordered; none is left out."""
        with self._lock:
            self._refresh()
            if not self._complete:
                self._scan()
            return sorted(self._places.get((account, key), ()))

    def note(self, book: str, before: int, batch: Sequence[Record]) -> None:
        """Under the school's lock, before *batch* is acknowledged: note its keys.

        Args:
            book: Name of the book.
            before: Number of its last acknowledged record.
            batch: What is about to be appended.
        """
        keyed = [record for record in batch if record.index.key is not None]
        if not keyed:
            return
        with self._lock:
            if self._complete:
                self._refresh()
            fresh = [
                _key_line(book, record.number, record.index.account, record.index.key)
                for record in keyed
            ]
            if self._complete and not self._holed:
                self._covered[book] = before
                self._append([*self._debts(), *fresh])
            elif self._complete:
                self._covered[book] = before
                self._rewrite(fresh)
            else:
                self._append(fresh)

    def _forget(self) -> None:
        self._places: dict[tuple[str, str], set[tuple[str, int]]] = {}
        self._covered: dict[str, int] = {}
        self._vouched: dict[str, int] = {}
        self._unwritten: list[bytes] = []
        self._offset = 0
        self._last = b""
        self._holed = False
        self._complete = False

    def _refresh(self) -> None:
        """Read what was added to the file since the last time."""
        try:
            with self._disk.open(self._path) as file:
                size = file.size()
                tail = file.read(self._offset - len(self._last), len(self._last))
                if size < self._offset or tail != self._last:
                    self._forget()
                self._load(file, size)
        except FileNotFoundError:
            if self._offset:
                self._forget()

    def _load(self, file: DiskFile, size: int) -> None:
        holed = False
        for start, line in lines(file, self._offset, size):
            self._offset = start + len(line) + 1
            self._last = line + b"\n"
            value = _value(line)
            if value is None:
                holed = True
            elif "covered" in value:
                self._covered[value["book"]] = self._vouched[value["book"]] = value["covered"]
            else:
                place = (value["book"], value["number"])
                self._places.setdefault((value["account"], value["key"]), set()).add(place)
        if holed:
            # Nobody can tell what stood in the broken line.
            self._holed = True
            self._complete = False
            self._covered.clear()

    def _scan(self) -> None:
        """Read from the books what the file does not vouch for."""
        for book, head in self._books():
            known = self._covered.get(book, 0)
            for record in self._read(book, known if known <= head.number else 0):
                key = record.index.key
                if key is not None:
                    place = (book, record.number)
                    places = self._places.setdefault((record.index.account, key), set())
                    if place not in places:
                        places.add(place)
                        self._unwritten.append(
                            _key_line(book, record.number, record.index.account, key)
                        )
            self._covered[book] = head.number
        self._complete = True

    def _debts(self) -> list[bytes]:
        """Lines that this process owes to the file."""
        owed = self._unwritten
        self._unwritten = []
        for book, number in self._covered.items():
            if self._vouched.get(book) != number:
                owed.append(_line({"book": book, "covered": number}))
                self._vouched[book] = number
        return owed

    def _append(self, added: Sequence[bytes]) -> None:
        try:
            with self._disk.open(self._path, edit=True) as file:
                file.write(_whole(file), b"".join(added))
        except FileNotFoundError:
            with self._disk.create(self._path) as file:
                file.write(0, b"".join(added))

    def _rewrite(self, fresh: Sequence[bytes]) -> None:
        self._unwritten = []
        self._vouched.clear()
        known = [
            _key_line(book, number, account, key)
            for (account, key), places in sorted(self._places.items())
            for book, number in sorted(places)
        ]
        with self._disk.create(f"{self._path}.new") as file:
            file.write(0, b"".join([*known, *self._debts(), *fresh]))
            file.sync()
        self._disk.replace(f"{self._path}.new", self._path)
        self._offset, self._last, self._holed = 0, b"", False


def _key_line(book: str, number: int, account: str, key: str | None) -> bytes:
    return _line({"account": account, "book": book, "key": key, "number": number})


def _line(value: dict[str, Any]) -> bytes:
    data = encode(value)
    return b"%b %b\n" % (sha256(data).hexdigest()[:_CHECK].encode(), data)


def _value(line: bytes) -> dict[str, Any] | None:
    check, data = line[:_CHECK], line[_CHECK + 1 :]
    if line[_CHECK : _CHECK + 1] != b" " or sha256(data).hexdigest()[:_CHECK].encode() != check:
        return None
    try:
        value = decode(data)
    except BadInput:
        return None
    return value if isinstance(value, dict) else None


def _whole(file: DiskFile) -> int:
    """Where the last whole line ends; what a dead writer left of another one is cut off."""
    size = end = file.size()
    while end > 0:
        start = max(0, end - CHUNK)
        found = file.read(start, end - start).rfind(b"\n")
        if found >= 0:
            end = start + found + 1
            break
        end = start
    if end != size:
        file.cut(end)
    return end
