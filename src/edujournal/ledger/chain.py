"""The chain: each record's hash covers its body and the hash before it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Final

from attrs import frozen

from edujournal.ledger.records import ZERO_HASH, Head, Record

#: What every hash of an entry begins with, so that it can never be the hash of something else.
ENTRY_DOMAIN: Final = b"edujournal/entry/v1\n"

_HASH: Final = re.compile("[0-9a-f]{64}")

_FINE: Final[Sequence[Damage]] = ()


def entry_hash(previous: str, body: bytes) -> str:
    r"""Hash one record.

    ``SHA-256("edujournal/entry/v1\n" + previous + SHA-256(body))``, both hashes as 32 raw bytes.

    Args:
        previous: Hash of the record before, 64 hex digits; :data:`ZERO_HASH` before the first.
        body: Canonical bytes of the record.

    Returns:
        64 lowercase hex digits.

    *Version added: 0.1.*
    """
    return _link(bytes.fromhex(previous), body).hex()


def _link(previous: bytes, body: bytes) -> bytes:
    """The same from bytes to bytes, for who follows a chain."""
    return sha256(ENTRY_DOMAIN + previous + sha256(body).digest()).digest()


@frozen
class Damage:
    """One place where a book is not what its chain says.

    *Version added: 0.1.*

    Attributes:
        book: Name of the book.
        number: Number of the record, or of the last one known to be good when the rest is missing.
        what: Code of the damage: ``number``, ``hash``, ``head``, ``receipt``, ``book``, ``body``,
            ``index``, ``texts``, ``lost``, ``unerased`` or ``unreadable``;
            ``docs/reference/log-format.md`` says of each what it means.
        expected: What would have been right.
        found: What stands there.
    """

    book: str
    number: int
    what: str
    expected: str
    found: str

    def __str__(self) -> str:
        return (
            f"{self.book}:{self.number}: {self.what}: expected {self.expected}, found {self.found}"
        )


def is_hash(text: str) -> bool:
    """Tell whether *text* is a hash as it is written: 64 lowercase hex digits."""
    return _HASH.fullmatch(text) is not None


class Chain:
    """Follows one book record by record and tells what does not fit; keeps one hash, not the book.

    After a damage it goes on from what stands in the store, so that one edit is one finding.

    *Version added: 0.1.*

    Args:
        book: Name of the book.
        known: Heads that somebody else kept (receipts, seals, print-outs) and that the book must meet.
    """

    __slots__ = ("_known", "_last", "_number", "book")

    def __init__(self, book: str, known: Iterable[Head] = ()) -> None:
        self.book = book
        self._number = 0
        self._last = bytes.fromhex(ZERO_HASH)
        self._known: dict[int, list[Head]] = {}
        for head in known:
            self._known.setdefault(head.number, []).append(head)

    @property
    def head(self) -> Head:
        """Where the book ends, as far as it was followed."""
        return Head(self._number, self._last.hex())

    @head.setter
    def head(self, head: Head) -> None:
        self._number, self._last = head.number, bytes.fromhex(head.hash)

    @property
    def last(self) -> bytes:
        """The hash of the last record, as bytes."""
        return self._last

    def follow(self, record: Record) -> Sequence[Damage]:
        """Take the next record; tell what is wrong with its place in the chain."""
        number, expected = record.number, self._number + 1
        if record.book != self.book:
            self._go_on(record, ZERO_HASH)
            return (Damage(self.book, number, "book", self.book, record.book),)
        if number != expected:
            self._go_on(record, ZERO_HASH)
            return (Damage(self.book, number, "number", str(expected), str(number)),)
        hash_ = _link(self._last, record.body)
        right = hash_.hex()
        if right != record.hash:
            self._go_on(record, right)
            return (Damage(self.book, number, "hash", right, record.hash),)
        self._number, self._last = number, hash_
        if number in self._known:
            return tuple(
                Damage(self.book, number, "receipt", known.hash, record.hash)
                for known in self._known.pop(number)
                if known.hash != record.hash
            )
        return _FINE

    def _go_on(self, record: Record, otherwise: str) -> None:
        """Follow what stands in the store, if it can be followed."""
        followed = record.hash if is_hash(record.hash) else otherwise
        self.head = Head(record.number, followed)

    def end(self, head: Head | None = None) -> Iterator[Damage]:
        """Tell what is wrong with where the book ends.

        Args:
            head: Where the store says that it ends; None to ask only for the heads known otherwise.
        """
        last = self.head
        if head is not None and head != last:
            yield Damage(self.book, last.number, "head", _place(head), _place(last))
        for number in sorted(self._known):
            for known in self._known[number]:
                if number > last.number:
                    yield Damage(self.book, last.number, "receipt", _place(known), _place(last))
                elif number == 0 and known.hash != ZERO_HASH:
                    yield Damage(self.book, 0, "receipt", _place(known), _place(Head()))


def check_chain(
    records: Iterable[Record],
    book: str,
    *,
    head: Head | None = None,
    known: Iterable[Head] = (),
) -> Iterator[Damage]:
    """Check the chain of one book as its records go by; memory does not grow with the book.

    Args:
        records: The whole book, in order, from number 1.
        book: Its name.
        head: Where the store says that it ends, or None.
        known: Heads kept elsewhere that the book must meet.

    Yields:
        Each place that does not fit; nothing when the chain is whole.

    *Version added: 0.1.*
    """
    chain = Chain(book, known)
    for record in records:
        yield from chain.follow(record)
    yield from chain.end(head)


def _place(head: Head) -> str:
    return f"{head.number} {head.hash}"
