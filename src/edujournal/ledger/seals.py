"""Seals: where each book ended when a round was made, as records of a book of their own.

The seal log of a year is a book like others, ``seals/2026``, and beside its chain it is a tree of RFC 6962
whose leaves are the bodies of its records. A seal names a book, the number and the hash of its last
entry, and the root of the tree over the hashes of all its entries; it carries the peaks of that tree, so
that the next round goes on from them and reads only what is new.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from attrs import define, field, frozen

from edujournal.errors import BadInput, StoreDamaged
from edujournal.ledger.bytes import decode, encode
from edujournal.ledger.chain import Chain, entry_hash, is_hash
from edujournal.ledger.index import BODY_VERSION, index_from
from edujournal.ledger.records import ZERO_HASH, Head, Record
from edujournal.ledger.tree import Peaks, leaf_hash
from edujournal.model.ids import seals_book, year_of_book
from edujournal.model.people import SYSTEM

#: Kind of the records of a seal log.
SEAL: Final = "seal"


@frozen
class Seal:
    """Where one book ended.

    *Version added: 0.1.*

    Attributes:
        book: Name of the book.
        number: Number of its last entry.
        hash: Hash of that entry, 64 hex digits.
        peaks: Complete subtrees over the hashes of its entries.
        at: When it was sealed, UTC microseconds.
    """

    book: str
    number: int
    hash: str
    peaks: Peaks
    at: int

    @property
    def root(self) -> bytes:
        """Root of the tree over the hashes of the book's entries."""
        return self.peaks.root


def seal_record(school: str, year: str, seal: Seal, number: int, previous: str) -> Record:
    """Make the record of a seal.

    Args:
        school: Id of the school.
        year: Academic year of the log.
        seal: What it says.
        number: Number in the log.
        previous: Hash of the record before it.

    *Version added: 0.1.*
    """
    book = seals_book(year)
    body = {
        "about": f"book:{seal.book}",
        "act": number,
        "at": seal.at,
        "book": book,
        "by": {"account": SYSTEM, "right": "", "role": SYSTEM},
        "item": 0,
        "kind": SEAL,
        "n": number,
        "school": school,
        "v": BODY_VERSION,
        "values": {
            "book": seal.book,
            "hash": seal.hash,
            "n": seal.number,
            "peaks": [one.hex() for one in seal.peaks.hashes],
            "root": seal.root.hex(),
        },
        "year": year,
    }
    data = encode(body)
    return Record(book, number, entry_hash(previous, data), data, None, index_from(body))


def seal_of(body: bytes, school: str, year: str, number: int) -> Seal:
    """Read what a record of a seal log says.

    Whose log it is and where it stands there is never left open: one key may sign the logs of many
    schools, and a seal of one must not pass for a seal of another.

    Args:
        body: Body of the record.
        school: Id of the school whose log it is.
        year: Academic year of the log.
        number: Number of the record in the log.

    Raises:
        BadInput: It is no seal, not of that place, of a book that this log does not seal, or its root
            is not that of its peaks.

    *Version added: 0.1.*
    """
    said: Any = decode(body)
    values = said.get("values") if isinstance(said, dict) else None
    if not isinstance(values, dict) or said.get("kind") != SEAL:
        raise BadInput("not a seal", expected="a record of the kind seal")
    place = (school, seals_book(year), number)
    own = (said.get("school"), said.get("book"), said.get("n"))
    if own != place or type(own[2]) is not int:
        raise BadInput(
            "a seal of another log, or of another place in it",
            expected=" ".join(map(str, place)),
            found=" ".join(map(str, own))[:200],
        )
    book, count, hash_ = values.get("book"), values.get("n"), values.get("hash")
    peaks, root, at = values.get("peaks"), values.get("root"), said.get("at")
    if (
        type(book) is not str
        or type(count) is not int
        or type(at) is not int
        or type(peaks) is not list
        or type(hash_) is not str
        or not all(type(one) is str and is_hash(one) for one in (hash_, root, *peaks))
    ):
        raise BadInput("not a seal", expected="book, n, hash, peaks, root", found=repr(values)[:80])
    if not is_sealed(book, year):
        raise BadInput(
            "a seal of a book that this log does not seal",
            expected=f"a book of {year}",
            found=book[:200],
        )
    try:
        tree = Peaks(count, tuple(bytes.fromhex(one) for one in peaks))
    except ValueError as error:
        raise BadInput("a seal whose peaks are no tree", where=book, found=str(error)) from error
    if tree.root.hex() != root:
        raise BadInput(
            "a seal whose root is not that of its peaks",
            where=book,
            expected=tree.root.hex(),
            found=root,
        )
    return Seal(book, count, hash_, tree, at)


@define
class SealLog:
    """The seal log of one year, as far as it was followed.

    *Version added: 0.1.*

    Attributes:
        school: Id of the school.
        year: Academic year.
        head: Where the log ends.
        peaks: The tree over its leaves.
        sealed: The last seal of each book, by its name.
        leaves: Hashes of the leaves, in order: what proofs are made of.
        at: Moment of the last seal; None for an empty log.
    """

    school: str
    year: str
    head: Head = field(factory=Head)
    peaks: Peaks = field(factory=Peaks)
    sealed: dict[str, Seal] = field(factory=dict)
    leaves: list[bytes] = field(factory=list)
    at: int | None = None

    @property
    def book(self) -> str:
        """Name of the log's own book."""
        return seals_book(self.year)

    @property
    def size(self) -> int:
        """Number of leaves."""
        return self.peaks.size

    @property
    def root(self) -> bytes:
        """Root of the tree."""
        return self.peaks.root

    def take(self, records: Iterable[Record]) -> None:
        """Follow the log's next records.

        Raises:
            StoreDamaged: A record does not follow, or is no seal of this log.
        """
        chain = Chain(self.book)
        chain.head = self.head
        for record in records:
            damages = chain.follow(record)
            if damages:
                raise StoreDamaged("the seal log is broken", where=str(damages[0]))
            seal = self._seal(record)
            leaf = leaf_hash(record.body)
            self.head = Head(record.number, record.hash)
            self.peaks = self.peaks.add([leaf])
            self.leaves.append(leaf)
            self.sealed[seal.book] = seal
            self.at = seal.at if self.at is None else max(self.at, seal.at)

    def _seal(self, record: Record) -> Seal:
        where = f"{self.book}:{record.number}"
        try:
            seal = seal_of(record.body, self.school, self.year, record.number)
        except BadInput as error:
            raise StoreDamaged("a record that is no seal", where=where, found=str(error)) from error
        before = self.sealed.get(seal.book)
        if before is not None and seal.number <= before.number:
            raise StoreDamaged(
                "a seal that goes back",
                where=where,
                expected=f"more than {before.number} entries of {seal.book}",
                found=str(seal.number),
            )
        return seal

    def next_seal(self, book: str, records: Iterable[Record], at: int) -> Seal | None:
        """The seal of *book* with its further records; None where it has none.

        Args:
            book: Name of the book.
            records: Its records after the last seal, in order.
            at: Moment of the round, UTC microseconds.

        Raises:
            StoreDamaged: The records do not follow what was sealed: a damaged book is not sealed.
        """
        before = self.sealed.get(book)
        chain = Chain(book)
        peaks = Peaks()
        if before is not None:
            chain.head, peaks = Head(before.number, before.hash), before.peaks
        first = chain.head.number
        hashes = []
        for record in records:
            damages = chain.follow(record)
            if damages:
                raise StoreDamaged(
                    "a book that does not follow its last seal is not sealed",
                    where=str(damages[0]),
                    mend="Run edujournal verify.",
                )
            hashes.append(leaf_hash(bytes.fromhex(record.hash)))
        if chain.head.number == first:
            return None
        return Seal(book, chain.head.number, chain.head.hash, peaks.add(hashes), at)

    def records_of(self, seals: Iterable[Seal]) -> tuple[Record, ...]:
        """The records that put *seals* into the log after what it has."""
        number, previous = self.head.number, self.head.hash or ZERO_HASH
        found = []
        for seal in seals:
            number += 1
            record = seal_record(self.school, self.year, seal, number, previous)
            previous = record.hash
            found.append(record)
        return tuple(found)


def is_sealed(book: str, year: str) -> bool:
    """Tell whether the seal log of *year* seals *book*: every book of the year but itself."""
    return year_of_book(book) == year and book != seals_book(year)
