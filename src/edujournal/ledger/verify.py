"""Verification: read every book of a school and tell what is not as it was acknowledged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, Protocol

from attrs import fields, frozen

from edujournal.errors import BadInput, StoreDamaged
from edujournal.ledger.bytes import decode
from edujournal.ledger.chain import Chain, Damage
from edujournal.ledger.commitments import ciphered_part, open_texts
from edujournal.ledger.erasures import Erasures
from edujournal.ledger.index import index_from
from edujournal.ledger.records import Head, Index, Record
from edujournal.ledger.shapes import Shapes

#: Damages listed per book; beyond them they are only counted, so that memory stays flat.
MOST_LISTED: Final = 1000

#: Damages that leave a book consistent in itself.
_OF_THE_END: Final = frozenset({"head", "receipt"})

_FIELDS: Final = tuple(attribute.name for attribute in fields(Index))


class Readable(Protocol):
    """The part of a store that verification reads."""

    def books(self, school: str) -> Iterable[tuple[str, Head]]:
        """Every book with its head."""

    def read(self, school: str, book: str, after: int = 0) -> Iterator[Record]:
        """The records of one book."""


class Watch(Protocol):
    """Looks on while a book is verified."""

    def take(self, number: int, hash_: bytes) -> None:
        """Take the next record: its number, and its hash as the chain has it."""


@frozen
class BookReport:
    """What verification found in one book.

    *Version added: 0.1.*

    Attributes:
        book: Name of the book.
        records: How many records were read.
        head: The last record read.
        erased: How many texts are gone by an erasure on record.
        damages: What does not fit, in the order of the book; at most :data:`MOST_LISTED`.
        damaged: How many damages there are, listed or not.
        ciphered: How many records have texts that could not be looked at: their keys are not here.
    """

    book: str
    records: int
    head: Head
    erased: int
    damages: tuple[Damage, ...]
    damaged: int
    ciphered: int = 0

    @property
    def assurance(self) -> str | None:
        """``L1`` when the book ends in the head kept apart from it, ``L0`` when only whole in itself."""
        if not self.damaged:
            return "L1"
        if self.damaged == len(self.damages) and all(d.what in _OF_THE_END for d in self.damages):
            return "L0"
        return None


@frozen
class Report:
    """What verification found in a school.

    *Version added: 0.1.*

    Attributes:
        school: Id of the school.
        books: One report per book.
    """

    school: str
    books: tuple[BookReport, ...]

    @property
    def assurance(self) -> str | None:
        """What was proven: the weakest level of all books; None where a book is damaged.

        ``L0``: every book is consistent in itself. ``L1``: and ends in the head that the store
        keeps apart from the records, and meets every head handed in. Whoever can rewrite the
        whole store can still show an older or another one: only signed checkpoints tell that.
        """
        levels = {report.assurance for report in self.books}
        if None in levels:
            return None
        return "L0" if "L0" in levels else "L1"

    @property
    def damages(self) -> Iterator[Damage]:
        """Every listed damage, book by book."""
        for report in self.books:
            yield from report.damages

    @property
    def records(self) -> int:
        """How many records were read."""
        return sum(report.records for report in self.books)

    def __str__(self) -> str:
        count = sum(report.damaged for report in self.books)
        level = self.assurance or "none"
        return (
            f"{self.school}: {len(self.books)} books, {self.records} records, "
            f"{count} damages, assurance {level}"
        )


def verify(
    store: Readable, school: str, known: Mapping[str, Iterable[Head]] | None = None
) -> Report:
    """Read every book of *school* and check all that can be checked without a key.

    Checked are: dense numbers, the chain, the end against the store's head, the heads in *known*,
    canonical bytes, the school, book and number inside each body, the tabulated index against the
    body, the texts against their commitments, missing texts against the erasures of the school book.

    Args:
        store: Any store.
        school: Id of the school.
        known: Book → heads kept elsewhere: receipts, seals, printed anchors.

    Raises:
        StoreTooNew: A record was written by a later version, which alone can judge it.

    *Version added: 0.1.*
    """
    return Report(school, tuple(verify_books(store, school, known)))


def verify_books(
    store: Readable,
    school: str,
    known: Mapping[str, Iterable[Head]] | None = None,
    watch: Callable[[str], Watch | None] = lambda book: None,  # noqa: ARG005 - nobody looks on
) -> Iterator[BookReport]:
    """Verify book by book, for a caller who shows progress; see :func:`verify`.

    Args:
        store: Any store.
        school: Id of the school.
        known: Book → heads kept elsewhere.
        watch: Gives who looks on while a book is verified, or None.

    *Version added: 0.1.*
    """
    expected = dict(known or {})
    erasures, shapes = Erasures(store, school), Shapes()

    def one(book: str, head: Head | None) -> BookReport:
        heads = expected.pop(book, ())
        return verify_book(store, school, book, head, heads, erasures, shapes, watch(book))

    try:
        for book, head in store.books(school):
            yield one(book, head)
    except StoreDamaged as error:
        where = error.problems[0].where
        broken = Damage(where, 0, "unreadable", "a book", str(error))
        yield BookReport(where, 0, Head(), 0, (broken,), 1)
    for book in sorted(expected):
        yield one(book, None)


def verify_book(
    store: Readable,
    school: str,
    book: str,
    head: Head | None,
    known: Iterable[Head] = (),
    erasures: Erasures | None = None,
    shapes: Shapes | None = None,
    watch: Watch | None = None,
) -> BookReport:
    """Verify one book; see :func:`verify`.

    Args:
        store: Any store.
        school: Id of the school.
        book: Name of the book.
        head: Where the store says that it ends; None not to ask.
        known: Heads kept elsewhere that the book must meet.
        erasures: What the school books say of erased texts, where other books are verified as well.
        shapes: What bodies look like, learnt from other books.
        watch: Who looks on.

    *Version added: 0.1.*
    """
    gone = (erasures or Erasures(store, school)).of(book)
    chain, shapes = Chain(book, known), shapes or Shapes()
    listed: list[Damage] = []
    records = erased = damaged = ciphered = 0
    try:
        for record in store.read(school, book):
            records += 1
            found = chain.follow(record)
            if watch is not None:
                watch.take(record.number, chain.last)
            texts = shapes.read(school, record)
            if found or texts is None:
                found = list(found)
                texts = _check_body(school, book, record, found, shapes)
            if texts or record.private is not None:
                found = list(found)
                ciphered += ciphered_part(record.private) is not None
                erased += _check_texts(book, record, gone, texts, found)
            if found:
                damaged += len(found)
                listed.extend(found[: MOST_LISTED - len(listed)])
    except StoreDamaged as error:
        last = chain.head
        broken = Damage(book, last.number + 1, "unreadable", "a record", str(error))
        # What comes after was not read, so that nothing can be said of the end.
        return BookReport(
            book, records, last, erased, (*listed[: MOST_LISTED - 1], broken), damaged + 1, ciphered
        )
    ending = list(chain.end(head))
    listed.extend(ending[: MOST_LISTED - len(listed)])
    count = damaged + len(ending)
    return BookReport(book, records, chain.head, erased, tuple(listed), count, ciphered)


def _check_body(
    school: str, book: str, record: Record, found: list[Damage], shapes: Shapes
) -> Mapping[str, str] | None:
    """Check what a record says of itself, the long way; add damages to *found*.

    Gives its commitments by name; None where nothing can be said of its texts.
    """
    number = record.number
    try:
        body: Any = decode(record.body)
        index = index_from(body)
    except BadInput as error:
        found.append(Damage(book, number, "body", "a canonical body", str(error)))
        return None
    own = (body.get("school"), body.get("book"), body.get("n"))
    # True is equal to 1, and is no number.
    if own != (school, book, number) or type(own[2]) is not int:
        found.append(
            Damage(book, number, "body", f"{school} {book} {number}", " ".join(map(str, own)))
        )
    if index != record.index:
        found.extend(_index_damages(book, number, index, record.index))
    texts = body.get("texts")
    if texts is None:
        texts = {}
    if type(texts) is not dict or not all(type(one) is str for one in texts.values()):
        found.append(Damage(book, number, "body", "commitments by name", repr(texts)[:80]))
        return None
    if not found:
        shapes.learn(record, body)
    return texts


def _check_texts(
    book: str,
    record: Record,
    gone: frozenset[int],
    texts: Mapping[str, str] | None,
    found: list[Damage],
) -> int:
    """Check texts against commitments; add damages to *found*, give the number of erased texts.

    *gone* are the numbers of the book's records whose texts were erased by an act.
    """
    if texts is None:
        return 0
    number = record.number
    if ciphered_part(record.private) is not None:
        if not texts:
            found.append(Damage(book, number, "texts", "no text without a commitment", "ciphered"))
        # Without its key nobody can tell what it is; who has the keys verifies by way of them.
        return len(texts) if number in gone else 0
    try:
        opened = open_texts(texts, record.private)
    except StoreDamaged as error:
        found.append(Damage(book, number, "texts", "the texts committed to", str(error)))
        return 0
    missing = [name for name, text in opened.items() if text is None]
    if number not in gone:
        if missing:
            found.append(
                Damage(book, number, "lost", "a text, or an erasure of it", ", ".join(missing))
            )
        return 0
    if len(missing) < len(opened):
        found.append(Damage(book, number, "unerased", "no text after its erasure", "a text"))
    return len(missing)


def _index_damages(book: str, number: int, right: Index, stored: Index) -> Iterator[Damage]:
    for name in _FIELDS:
        expected, found = getattr(right, name), getattr(stored, name)
        if expected != found:
            yield Damage(book, number, "index", f"{name} {expected!r}", f"{name} {found!r}")
