"""What the library asks of the world: small protocols, implemented by adapters or by a host.

A store is complete with the four methods of :class:`Store`; everything else here is a capability
with a slower, correct fallback.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from datetime import date, datetime
from typing import Protocol, runtime_checkable

from edujournal.ledger.notes import Note
from edujournal.ledger.records import Head, Record
from edujournal.model.calendar import Calendar
from edujournal.model.facts import Facts
from edujournal.model.notices import Letter, Notice, NoticeStatus, OutboxHead
from edujournal.model.occasions import Lesson
from edujournal.model.people import Account, Assignment, Membership
from edujournal.model.sessions import Session

#: Gives the present moment as an aware datetime.
Clock = Callable[[], datetime]

#: Gives that many random bytes.
Entropy = Callable[[int], bytes]


@runtime_checkable
class Store(Protocol):
    """Where books are kept. Four methods, each scoped by school; a complete store has no more.

    A store keeps bytes and order. It never looks into a body, never reads a clock, never changes
    or removes a record.

    *Version added: 0.1.*
    """

    def books(self, school: str) -> Iterable[tuple[str, Head]]:
        """Name every book of *school* that has at least one record, with its head, ordered by name."""

    def head(self, school: str, book: str) -> Head:
        """Tell where *book* ends; ``Head()`` for a book without records."""

    def read(self, school: str, book: str, after: int = 0) -> Iterator[Record]:
        """Yield the records of *book* with numbers greater than *after*, in order.

        What is yielded is a prefix of the book: never a record whose predecessor is not there.
        """

    def append(self, school: str, book: str, records: Sequence[Record], expect: int) -> None:
        """Keep *records*, all or none, durably, if the book's head number is *expect*.

        Raises:
            StaleHead: The head is another one; nothing was written.
            StoreError: Nothing was acknowledged.
        """


class Writing(Protocol):
    """A book locked for one act: see :class:`Writes`."""

    @property
    def tail(self) -> Sequence[Record]:
        """The records after the number that the caller already knew."""

    def tail_of(self, book: str, after: int) -> Sequence[Record]:
        """The records of another book of the same school, as seen inside the same transaction."""

    def append(self, records: Sequence[Record]) -> None:
        """Keep *records* after the tail; durable when the ``with`` block has ended without error."""


@runtime_checkable
class Writes(Protocol):
    """Capability: lock the head of a book first, then read its tail, then append, in one transaction.

    *Version added: 0.1.*
    """

    def writing(self, school: str, book: str, after: int) -> AbstractContextManager[Writing]:
        """Lock *book*, so that nobody else appends until the block ends."""


@runtime_checkable
class FindsKeys(Protocol):
    """Capability: find what a client key was used for without reading every book.

    *Version added: 0.1.*
    """

    def find_key(self, school: str, account: str, key: str) -> Sequence[tuple[str, int]]:
        """Give (book, number) of every record that bears *key* of *account*, ordered."""


@runtime_checkable
class Tails(Protocol):
    """Capability: one cursor over all books of a school, in the order in which they were written.

    It is the outbox: whoever sends notices or keeps a cache remembers a position, asks what came
    after it, and neither misses a record nor meets one twice, whatever was written meanwhile.

    *Version added: 0.1.*
    """

    def follow(self, school: str, after: int = 0) -> Iterator[tuple[int, Record]]:
        """Yield every record of *school* after a position, each with its own position.

        Positions are 1, 2, 3 …, without a gap, in the order in which the appends were acknowledged;
        each book's records come in the order of the book. What is yielded is a prefix: no record
        ever appears before one that was yielded already. A record keeps its position for ever.
        """


@runtime_checkable
class AsyncTails(Protocol):
    """The asynchronous twin of :class:`Tails`.

    *Version added: 0.1.*
    """

    def follow(self, school: str, after: int = 0) -> AsyncIterator[tuple[int, Record]]:
        """As :meth:`Tails.follow`."""


@runtime_checkable
class Keeps(Protocol):
    """Capability: keep a few named documents of a school beside its books, which may be replaced.

    *Version added: 0.1.*
    """

    def schools(self) -> Iterable[str]:
        """Name the schools that have a book or a document here, ordered."""

    def keep(self, school: str, name: str, content: bytes) -> None:
        """Put *content* under *name*, replacing what was there, durably."""

    def kept(self, school: str, name: str) -> bytes | None:
        """Give the content under *name*, or None."""


class Projecting(Writing, Protocol):
    """What ``writing`` gives in a store that :class:`Projects`."""

    def project(self, view: str, content: bytes) -> None:
        """Put *content* in the place of what *view* has of this book; kept or lost with the act."""


@runtime_checkable
class Projects(Protocol):
    """Capability, with :class:`Writes`: keep what a view needs of a book in its very transaction.

    *Version added: 0.1.*
    """

    def projection(self, school: str, book: str, view: str) -> bytes | None:
        """Give what *view* has of *book*, or None. It is a cache, and may be thrown away."""


@runtime_checkable
class Erases(Protocol):
    """Capability: destroy the private part of records, their texts and the salts of these.

    All else of a record stays to the byte, and so does the chain. What was erased is gone for every
    reader, also after a loss of power; of what a medium or its copies keep the store says itself.

    *Version added: 0.1.*
    """

    def erase(self, school: str, book: str, numbers: Collection[int]) -> int:
        """Destroy the private parts of the records *numbers* of *book*, all of them, durably.

        Returns:
            How many of them had one; what was erased before counts for nothing.

        Raises:
            BadInput: The book has no record of such a number; nothing was erased.
            StoreError: It is not known what is gone; erase again.
        """


class KeyStore(Protocol):
    """Where keys lie under which texts are ciphered: apart from the books, and copied apart from them.

    A key has an id of its own and belongs to a name of a school, such as ``pupil/p-17``.

    *Version added: 0.1.*
    """

    def current(self, school: str, name: str) -> tuple[str, bytes]:
        """Id and secret (32 bytes) of the key of *name*; a new one is made where there is none.

        It is kept durably before it is given. After :meth:`destroy` it is another key with another id.
        """

    def find(self, school: str, id: str) -> bytes | None:
        """The secret with *id*, or None once it was destroyed.

        Raises:
            BadInput: It is no id that this store gives.
        """

    def destroy(self, school: str, name: str) -> int:
        """Destroy every key of *name*, durably, for every reader; give how many there were."""


@runtime_checkable
class Shreds(Protocol):
    """Capability: destroy at once all texts about a pupil, in the store and in every copy of it.

    *Version added: 0.1.*
    """

    def shred(self, school: str, pupil: str) -> int:
        """Destroy the keys under which texts about *pupil* are ciphered; give how many there were."""


class AsyncStore(Protocol):
    """The asynchronous twin of :class:`Store`.

    *Version added: 0.1.*
    """

    async def books(self, school: str) -> Iterable[tuple[str, Head]]:
        """As :meth:`Store.books`."""

    async def head(self, school: str, book: str) -> Head:
        """As :meth:`Store.head`."""

    async def read(self, school: str, book: str, after: int = 0) -> Sequence[Record]:
        """As :meth:`Store.read`."""

    async def append(self, school: str, book: str, records: Sequence[Record], expect: int) -> None:
        """As :meth:`Store.append`."""


class AsyncWriting(Protocol):
    """The asynchronous twin of :class:`Writing`."""

    @property
    def tail(self) -> Sequence[Record]:
        """As :attr:`Writing.tail`."""

    async def tail_of(self, book: str, after: int) -> Sequence[Record]:
        """As :meth:`Writing.tail_of`."""

    async def append(self, records: Sequence[Record]) -> None:
        """As :meth:`Writing.append`."""


@runtime_checkable
class AsyncFindsKeys(Protocol):
    """The asynchronous twin of :class:`FindsKeys`.

    *Version added: 0.1.*
    """

    async def find_key(self, school: str, account: str, key: str) -> Sequence[tuple[str, int]]:
        """As :meth:`FindsKeys.find_key`."""


@runtime_checkable
class AsyncErases(Protocol):
    """The asynchronous twin of :class:`Erases`.

    *Version added: 0.1.*
    """

    async def erase(self, school: str, book: str, numbers: Collection[int]) -> int:
        """As :meth:`Erases.erase`."""


@runtime_checkable
class AsyncWrites(Protocol):
    """The asynchronous twin of :class:`Writes`.

    *Version added: 0.1.*
    """

    def writing(
        self, school: str, book: str, after: int
    ) -> AbstractAsyncContextManager[AsyncWriting]:
        """As :meth:`Writes.writing`."""


@runtime_checkable
class SchoolData(Protocol):
    """What a host tells about one school: five plain getters.

    A getter may give more rows than were asked for, never fewer. ``None`` means "all".
    Dates are half-open, ``[since, until)``; a row belongs to the answer when its own dates meet them.

    *Version added: 0.1.*
    """

    @property
    def id(self) -> str:
        """Id of the school."""

    def calendars(self, since: date | None = None, until: date | None = None) -> Iterable[Calendar]:
        """The frames of the academic years that meet the dates."""

    def lessons(
        self,
        *,
        ids: Iterable[str] | None = None,
        groups: Iterable[str] | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> Iterable[Lesson]:
        """Dated lessons, cancelled and moved ones included.

        With *ids* the lessons of these ids, else those of *groups* within the dates.
        """

    def memberships(
        self,
        *,
        groups: Iterable[str] | None = None,
        pupils: Iterable[str] | None = None,
    ) -> Iterable[Membership]:
        """Who belongs to which group and when; all of time, for the named groups or pupils."""

    def assignments(
        self, *, groups: Iterable[str] | None = None, accounts: Iterable[str] | None = None
    ) -> Iterable[Assignment]:
        """Who teaches or leads which group and when; all of time."""

    def accounts(self, ids: Iterable[str] | None = None) -> Iterable[Account]:
        """Accounts with their roles; all of time."""


@runtime_checkable
class Sessions(Protocol):
    """Capability of school data that knows when accounts were logged in.

    Audits read it for what a regulation asks of logins; without it nothing is said of them.

    *Version added: 0.1.*
    """

    def sessions(
        self,
        *,
        accounts: Iterable[str] | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> Iterable[Session]:
        """Sessions of the named accounts, or of all, that began within the dates by local time.

        As with other getters more may be given than was asked for, never fewer.
        """


@runtime_checkable
class Snapshots(Protocol):
    """Capability of school data that is held in memory as a whole.

    *Version added: 0.1.*
    """

    def facts(self) -> Facts:
        """Everything at once; the same object as long as nothing has changed."""


@runtime_checkable
class Directory(Protocol):
    """Names of ids, as of a date; the only place where a person's name lives.

    *Version added: 0.1.*
    """

    def name(self, kind: str, id: str, on: date | None = None) -> str:
        """Name of a ``pupil``, ``account``, ``group`` or ``subject`` by its id.

        An id without a name gives itself.
        """


class CheckpointStore(Protocol):
    """Where signed checkpoints are kept: apart from the books, best with somebody else.

    *Version added: 0.1.*
    """

    def keep(self, origin: str, note: bytes) -> None:
        """Keep a checkpoint of the log *origin*, durably; the same one twice is kept once."""

    def notes(self, origin: str) -> Iterable[bytes]:
        """Give every checkpoint of a log, in the order of their sizes."""


class WitnessMemory(CheckpointStore, Protocol):
    """Where a witness keeps what it has signed: it looks and writes as one act, of all processes.

    *Version added: 0.1.*
    """

    def locked(self, origin: str) -> AbstractContextManager[None]:
        """Be the only one, of all threads and processes, inside such a block for the log *origin*."""


class Witness(Protocol):
    """Somebody who has seen the log before, and signs that it has only grown since.

    *Version added: 0.1.*
    """

    def seen(self, origin: str) -> int:
        """Tell the size of the last checkpoint of the log that was cosigned; 0 for none."""

    def cosign(self, note: Note, proof: Sequence[bytes]) -> Note:
        """Give the note with the witness's signature.

        Args:
            note: A checkpoint that the log's key has signed.
            proof: Consistency proof from the size that was last seen; empty where none was.

        Raises:
            BadInput: The log's key has not signed it, or it does not grow from what was seen.
        """


class Timestamper(Protocol):
    """An authority that states when a text was there, such as one of RFC 3161.

    *Version added: 0.1.*
    """

    def stamp(self, text: bytes) -> bytes:
        """Give a token over a text, as the authority issues it; it need not see more than a digest.

        Raises:
            NotStamped: The authority is out of reach, refuses, or answers what does not hold.
        """


@runtime_checkable
class StampStore(Protocol):
    """Where tokens over checkpoints are kept, beside the checkpoints.

    *Version added: 0.1.*
    """

    def keep_stamp(self, origin: str, size: int, token: bytes) -> None:
        """Keep a token over the checkpoint of *size* leaves of the log *origin*, durably."""

    def stamps(self, origin: str) -> Iterable[tuple[int, bytes]]:
        """Give every token of a log with its size, ordered by size."""


class Notifier(Protocol):
    """A channel over which letters are delivered, such as mail.

    *Version added: 0.1.*
    """

    def send(self, letter: Letter) -> None:
        """Deliver *letter*, or give it to somebody who has promised to.

        When this returns the letter counts as delivered. One that was sent before comes again with
        the same key: it is delivered again, in a way that lets its receiver know it for the same.

        Raises:
            NotDelivered: It was not, or nobody knows; it will come again.
        """


class Outbox(Protocol):
    """Where it is kept who is still to be told of what, and who was.

    It keeps rows by their ``thread``, and one head for each school. It is no archive: it can be thrown
    away, and then whoever was told is told nothing twice only if the cursor is set anew.

    *Version added: 0.1.*
    """

    def head(self, school: str) -> OutboxHead:
        """How far the notices of *school* have come; ``OutboxHead()`` before the first."""

    def notices(self, school: str, *statuses: NoticeStatus) -> Iterable[Notice]:
        """Give every notice of *school* with one of *statuses*, in the order of ``seq``."""

    def find(self, school: str, threads: Collection[str]) -> Iterable[Notice]:
        """Give the notices of these threads that there are."""

    def about(self, school: str, book: str, numbers: Collection[int] | None) -> Iterable[Notice]:
        """Give every notice about entries of *book*; None means all entries."""

    def save(self, school: str, head: OutboxHead, notices: Iterable[Notice]) -> None:
        """Keep *notices*, each in the place of its thread, and *head*: all or none, durably.

        Raises:
            StoreBusy: ``head.version`` does not follow the one that is kept: somebody else sends the
                notices of this school; nothing was kept.
            StoreError: It is not known what is kept.
        """
