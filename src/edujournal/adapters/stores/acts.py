"""What every store of ours asks of an act before it keeps anything, so that all answer alike."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

from edujournal.errors import BadInput, StaleHead
from edujournal.ledger.chain import entry_hash
from edujournal.ledger.records import Head, Record

#: Longest names, in characters.
LONGEST_SCHOOL: Final = 128
LONGEST_BOOK: Final = 400
LONGEST_DOCUMENT: Final = 200
LONGEST_VIEW: Final = 100

#: Largest body, and largest private part, of one record, in bytes.
LARGEST_BODY: Final = 8 * 1024 * 1024


def check_name(name: object, noun: str, longest: int) -> None:
    """Refuse a *name* that a disk, a database or a reader could take for another one.

    Raises:
        BadInput: It is not printable text in normal form C of 1 to *longest* characters.
    """
    if (
        not isinstance(name, str)
        or not 0 < len(name) <= longest
        or not name.isprintable()
        or not unicodedata.is_normalized("NFC", name)
    ):
        raise BadInput(
            f"not a name of a {noun}",
            expected=f"1 to {longest} printable characters (NFC)",
            found=ascii(name)[: longest + 20],
        )


def check_place(school: str, book: str) -> None:
    """Refuse a school or a book that cannot be named."""
    check_name(school, "school", LONGEST_SCHOOL)
    check_name(book, "book", LONGEST_BOOK)


def check_number(number: int, noun: str) -> None:
    """Refuse a position that is not an integer from 0."""
    if type(number) is not int or number < 0:
        raise BadInput(f"not a {noun}", expected="an integer from 0", found=repr(number))


def check_numbers(book: str, numbers: Collection[int], head: Head) -> list[int]:
    """Give *numbers* once each and in order, after a look that *book* has such records.

    Raises:
        BadInput: It has not.
    """
    wanted = sorted(set(numbers))
    for number in wanted:
        if type(number) is not int or not 0 < number <= head.number:
            raise BadInput(
                "no such record",
                where=f"{book}:{number!r}",
                expected=f"a number from 1 to {head.number}",
            )
    return wanted


def check_batch(book: str, records: Sequence[Record], expect: int) -> tuple[Record, ...]:
    """Refuse records that cannot stand in *book* after number *expect*, whatever its head is.

    Raises:
        BadInput: A record has another book or number, or bytes that no record has.
    """
    batch = tuple(records)
    for number, record in enumerate(batch, expect + 1):
        if record.book != book or record.number != number:
            raise BadInput(
                "a record out of its place",
                where=f"{record.book}:{record.number}",
                expected=f"{book}:{number}",
            )
        _check_bytes(record.body, f"{book}:{number}", "body")
        if record.private is not None:
            _check_bytes(record.private, f"{book}:{number}", "private part")
    return batch


def check_links(head: Head, batch: Sequence[Record]) -> None:
    """Refuse a *batch* whose hashes do not follow *head*: acknowledged, it would be damage.

    Raises:
        BadInput: A hash is not the hash over the one before and the body.
    """
    previous = head.hash
    for record in batch:
        right = entry_hash(previous, record.body)
        if record.hash != right:
            raise BadInput(
                "a hash that does not follow",
                where=f"{record.book}:{record.number}",
                expected=right,
                found=record.hash,
                mend="Hash each body after the hash of the record before it.",
            )
        previous = right


def _check_bytes(data: bytes, where: str, noun: str) -> None:
    # All of canonical JSON's marks that can be seen without reading it.
    if type(data) is not bytes or data[:1] != b"{" or data[-1:] != b"}" or b"\n" in data:
        raise BadInput(f"a {noun} that is not canonical", where=where, expected="canonical bytes")
    if len(data) > LARGEST_BODY:
        raise BadInput(
            f"a {noun} that is too large",
            where=where,
            expected=f"at most {LARGEST_BODY} bytes",
            found=f"{len(data)} bytes",
        )


class Act:
    """A book locked for one act; what is appended waits for the end of the block.

    Args:
        book: Name of the book.
        head: Where it ends.
        after: Number that the caller already knew.
        read: Reads the records of a book of the same school after a number, inside the lock.

    Raises:
        StaleHead: The caller knows more than the store has.
    """

    def __init__(
        self, book: str, head: Head, after: int, read: Callable[[str, int], Sequence[Record]]
    ) -> None:
        if after > head.number:
            raise StaleHead(book, after, head.number)
        self._book = book
        self._head = head
        self._read = read
        self._open = True
        self._batch: list[Record] = []
        self._tail = read(book, after) if after < head.number else ()

    @property
    def book(self) -> str:
        """Name of the book."""
        return self._book

    @property
    def head(self) -> Head:
        """Where the book ends, with what was appended so far."""
        return self._head

    @property
    def tail(self) -> Sequence[Record]:
        """The records after the number that the caller already knew."""
        return self._tail

    def tail_of(self, book: str, after: int) -> Sequence[Record]:
        """The records of another book after a number, as they stand inside the lock."""
        check_name(book, "book", LONGEST_BOOK)
        check_number(after, "number of a record")
        self._check_open()
        return self._read(book, after)

    def append(self, records: Sequence[Record]) -> None:
        """Add *records* to the act; they are kept when the block ends without error."""
        self._check_open()
        batch = check_batch(self._book, records, self._head.number)
        check_links(self._head, batch)
        if batch:
            self._head = Head(batch[-1].number, batch[-1].hash)
            self._batch.extend(batch)

    def close(self) -> Sequence[Record]:
        """End the act; give what is to be kept."""
        self._open = False
        return self._batch

    def _check_open(self) -> None:
        if not self._open:
            raise BadInput("the act has ended", mend="Read and append inside the with block.")


class ProjectingAct(Act):
    """An act of a store that keeps views beside its books."""

    def __init__(
        self, book: str, head: Head, after: int, read: Callable[[str, int], Sequence[Record]]
    ) -> None:
        super().__init__(book, head, after, read)
        self._projected: dict[str, bytes] = {}

    def project(self, view: str, content: bytes) -> None:
        """See :meth:`edujournal.ports.Projecting.project`."""
        self._check_open()
        self._projected[projection_name(self._book, view)] = bytes(content)

    @property
    def projected(self) -> Mapping[str, bytes]:
        """What is to be kept of views when the block ends, by the names of documents."""
        return self._projected


def projection_name(book: str, view: str) -> str:
    """Name of the document in which *view* keeps what it has of *book*.

    A book's name may be longer than a document's, so that its digest stands for it.

    Raises:
        BadInput: One of them is no name.
    """
    check_name(book, "book", LONGEST_BOOK)
    check_name(view, "view", LONGEST_VIEW)
    return f"{view}@{hashlib.sha256(book.encode()).hexdigest()}"
