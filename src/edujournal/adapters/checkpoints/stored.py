"""Checkpoints as records of a store: the memory of a witness that is a region."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import local

from edujournal.errors import BadInput, StaleHead, StoreBusy, StoreDamaged
from edujournal.ledger.checkpoints import Checkpoint
from edujournal.ledger.kept import kept_book, kept_record, note_of
from edujournal.ledger.notes import parse_note
from edujournal.ledger.records import Head
from edujournal.model.time import instant
from edujournal.ports import Clock, Store


class StoreCheckpoints:
    """Keeps checkpoints of many logs in a store, under the id of whoever keeps them.

    Any store will do, and nothing in it is ever changed; sealed like the books of a school
    (:class:`edujournal.sealing.Seals` with the region's id), it is a tree over the trees of the schools.

    *Version added: 0.1.*

    Args:
        store: Where; best one of its own.
        keeper: Id under which the books are kept, such as that of the region.
        clock: Gives the present moment.
    """

    def __init__(self, store: Store, keeper: str, clock: Clock) -> None:
        self.store = store
        self.keeper = keeper
        self._clock = clock
        self._inside = local()

    def keep(self, origin: str, note: bytes) -> None:
        """See :meth:`edujournal.ports.CheckpointStore.keep`.

        Raises:
            BadInput: It is no checkpoint of that log.
            StoreBusy: Somebody else has kept one of that log since this one looked.
        """
        parsed = parse_note(note)
        known = Checkpoint.parse(parsed.text)
        if known.origin != origin:
            raise BadInput("a checkpoint of another log", expected=origin, found=known.origin)
        if note in self.notes(origin):
            return
        book = kept_book(origin)
        head: Head | None = getattr(self._inside, "heads", {}).get(book)
        if head is None:
            head = self.store.head(self.keeper, book)
        record = kept_record(self.keeper, parsed, head, instant(self._clock()))
        try:
            self.store.append(self.keeper, book, [record], head.number)
        except StaleHead as error:
            raise StoreBusy(
                "somebody else has kept a checkpoint of this log meanwhile",
                where=origin,
                mend="Ask again.",
            ) from error

    def notes(self, origin: str) -> Iterator[bytes]:
        """See :meth:`edujournal.ports.CheckpointStore.notes`.

        Raises:
            StoreDamaged: A record keeps none.
        """
        found = []
        for record in self.store.read(self.keeper, kept_book(origin)):
            try:
                note = note_of(record.body)
                size = Checkpoint.parse(note.text).size
            except BadInput as error:
                where = f"{record.book}:{record.number}"
                raise StoreDamaged("a record that keeps no checkpoint", where=where) from error
            found.append((size, len(note.signatures), record.number, bytes(note)))
        # As folders give them: of one size the one with more signatures last.
        yield from (data for *_, data in sorted(found))

    @contextmanager
    def locked(self, origin: str) -> Iterator[None]:
        """See :meth:`edujournal.ports.WitnessMemory.locked`.

        Nobody waits: of two who look at one moment, the store takes what the first one keeps, and the
        other is told to ask again.
        """
        book = kept_book(origin)
        heads = self._inside.__dict__.setdefault("heads", {})
        heads[book] = self.store.head(self.keeper, book)
        try:
            yield
        finally:
            del heads[book]

    def place(self, origin: str, size: int) -> tuple[str, int]:
        """Book and number of the record that keeps the checkpoint of *size* leaves, to be proven.

        Raises:
            BadInput: None is kept.
        """
        book = kept_book(origin)
        for record in self.store.read(self.keeper, book):
            if Checkpoint.parse(note_of(record.body).text).size == size:
                return book, record.number
        raise BadInput("no such checkpoint is kept", where=origin, found=str(size))
