"""The unit of storage: one record of one book, and the head of a book."""

from __future__ import annotations

from typing import Final

from attrs import field, frozen

#: The hash that stands before the first record of every book.
ZERO_HASH: Final = "0" * 64


@frozen
class Head:
    """Where a book ends: the number and the hash of its last record.

    An empty book has number 0 and :data:`ZERO_HASH`.

    *Version added: 0.1.*
    """

    number: int = 0
    hash: str = ZERO_HASH


@frozen
class Index:
    """What a store may tabulate of a record; derived from the body, recomputed by ``verify``.

    *Version added: 0.1.*

    Attributes:
        kind: Kind of record, such as ``mark`` or ``roll``.
        about: The occasion, such as ``lesson:7A-alg-0915``.
        pupil: The pupil concerned, or None.
        account: Account that recorded it.
        role: Role in which it acted.
        key: Client key of the act, or None.
        item: Position of the record within its act, from 0.
        recorded: Instant of recording, UTC microseconds.
        lo: First instant at which it may originally have been recorded, or None when unknown.
        hi: First instant by which it certainly was recorded (half-open end).
        target: Number of the record that this one corrects, or None.
    """

    kind: str
    about: str
    pupil: str | None
    account: str
    role: str
    key: str | None
    item: int
    recorded: int
    lo: int | None
    hi: int
    target: int | None = None


@frozen
class Record:
    """One immutable record of one book, as stores keep it.

    *Version added: 0.1.*

    Attributes:
        book: Name of the book, such as ``journal/7A/alg/2026``.
        number: Position in the book, from 1, without gaps.
        hash: Hash over the previous record's hash and the body, 64 hex digits.
        body: Canonical bytes; what the hash covers.
        private: Texts and their salts as canonical bytes, or None; may be erased, the hash stays good.
        index: What may be tabulated.
    """

    book: str
    number: int
    hash: str
    body: bytes = field(repr=False)
    private: bytes | None = field(repr=False)
    index: Index
