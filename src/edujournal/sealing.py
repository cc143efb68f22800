"""Sealing: rounds that read a store, put seals into the log of the year, and sign a checkpoint of it.

Nothing runs in the background: a round is made when somebody asks, such as ``edujournal tick``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Final

from attrs import frozen

from edujournal.errors import BadInput, NotStamped, StaleHead, StoreDamaged
from edujournal.ledger.checkpoints import Checkpoint, origin_of
from edujournal.ledger.notes import Note, Signer, parse_note, signed
from edujournal.ledger.proofs import Proof
from edujournal.ledger.records import Record
from edujournal.ledger.seals import SealLog, is_sealed, seal_of
from edujournal.ledger.tree import consistency_proof, inclusion_proof, leaf_hash, root_of
from edujournal.model.ids import seals_book, year_of_book
from edujournal.model.time import MINUTE, check_past, instant, zone
from edujournal.ports import CheckpointStore, Clock, StampStore, Store, Timestamper, Witness

#: How long a book may stay unsealed, by default.
INTERVAL: Final = 15 * MINUTE

#: Times a round is tried when somebody else seals at the same moment.
_TRIES: Final = 8

_TIME_OF_DAY: Final = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]")


@frozen
class SealTimes:
    """When a school seals: at times of each local day, at an interval, or both.

    *Version added: 0.1.*

    Attributes:
        zone: Name of the zone by whose clocks *daily* is read, such as ``Asia/Yekaterinburg``. A time
            that the clocks skip is moved behind the gap, of one that they show twice it is the first.
        daily: Times of the day, ``HH:MM``, such as the end of the last lesson.
        every: How long a book may stay unsealed, in microseconds; None for until the next of *daily*.

    Raises:
        BadInput: There is neither a time nor an interval, or one is none.
        Unknown: There is no such zone.
    """

    zone: str
    daily: tuple[str, ...] = ()
    every: int | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse what nobody could keep to."""
        zone(self.zone)
        for one in self.daily:
            if not _TIME_OF_DAY.fullmatch(str(one)):
                raise BadInput(
                    "not a time of the day",
                    where="daily",
                    expected="HH:MM",
                    found=repr(one),
                )
        if self.every is not None and (type(self.every) is not int or self.every <= 0):
            raise BadInput(
                "not an interval",
                where="every",
                expected="microseconds, more than 0",
                found=repr(self.every),
            )
        if not self.daily and self.every is None:
            raise BadInput(
                "no moment at which to seal",
                where="SealTimes",
                expected="daily=, every=, or both",
            )

    def last(self, at: int) -> int | None:
        """The last moment of *daily* that has come by the instant *at*; None without any."""
        clocks = zone(self.zone)
        today = clocks.local_date(at)
        days = (today, today - timedelta(days=1))
        moments = (clocks.at(day, time.fromisoformat(one)) for day in days for one in self.daily)
        return max((moment for moment in moments if moment <= at), default=None)


@frozen
class Round:
    """What one round of sealing did.

    *Version added: 0.1.*

    Attributes:
        year: Academic year.
        sealed: Names of the books that had something new.
        size: Number of leaves of the log now.
        note: The checkpoint that was signed; None without a signer, or where nothing is new.
        missed: What an authority said that gave no stamp; the next round asks it again. None where each
            has stamped.
    """

    year: str
    sealed: tuple[str, ...]
    size: int
    note: Note | None
    missed: NotStamped | None = None


@frozen
class SealTick:
    """What a tick of sealing did.

    *Version added: 0.1.*

    Attributes:
        at: Moment up to which it looked.
        rounds: The rounds that were due, or that brought an earlier one to its end.
        undecided: Years with entries that are not sealed, of which nobody has said when to seal them.
    """

    at: int
    rounds: tuple[Round, ...] = ()
    undecided: tuple[str, ...] = ()

    @property
    def missed(self) -> tuple[NotStamped, ...]:
        """What authorities said that gave no stamp; all is sealed and signed, and they are asked again."""
        return tuple(one.missed for one in self.rounds if one.missed is not None)


class Seals:
    """Seals the books of one school.

    *Version added: 0.1.*

    Args:
        store: Where the books are kept, and the seal log beside them; four methods are enough.
        school: Id of the school.
        name: What the origins of its logs begin with, such as ``edujournal.example``.
        signers: Keys that sign checkpoints; without any the log is sealed and no checkpoint made.
        checkpoints: Where checkpoints are kept, apart from the store.
        witnesses: Who cosigns each checkpoint.
        stampers: Authorities that stamp each checkpoint; their tokens are kept beside it.
        clock: Gives the present moment.
        interval: How long a book may stay unsealed, in microseconds, for who asks :meth:`is_due`.
        times: When :meth:`tick` makes rounds; without them it makes none.

    Raises:
        BadInput: There are stampers, and nothing that keeps what they say.
    """

    def __init__(
        self,
        store: Store,
        school: str,
        *,
        name: str = "edujournal",
        signers: Sequence[Signer] = (),
        checkpoints: CheckpointStore | None = None,
        witnesses: Sequence[Witness] = (),
        stampers: Sequence[Timestamper] = (),
        clock: Clock,
        interval: int = INTERVAL,
        times: SealTimes | None = None,
    ) -> None:
        self.store = store
        self.school = school
        self._name = name
        self._signers = tuple(signers)
        self._checkpoints = checkpoints
        self._witnesses = tuple(witnesses)
        self._stampers = tuple(stampers)
        if stampers and not (signers and isinstance(checkpoints, StampStore)):
            raise BadInput(
                "stamps without a place to keep them", where="Seals",
                expected="signers=, and checkpoints= that keep stamps, such as FolderCheckpoints",
            )  # fmt: skip
        self._clock = clock
        self._interval = interval
        self._times = times
        self._logs: dict[str, SealLog] = {}

    def origin(self, year: str) -> str:
        """Origin of the log of *year*."""
        return origin_of(self._name, self.school, year)

    def years(self) -> list[str]:
        """The years that have a book, ordered."""
        return sorted({year_of_book(book) for book, _ in self.store.books(self.school)})

    def log(self, year: str) -> SealLog:
        """The seal log of *year*, up to date.

        Raises:
            StoreDamaged: It is broken.
        """
        log = self._logs.setdefault(year, SealLog(self.school, year))
        log.take(self.store.read(self.school, log.book, log.head.number))
        return log

    def unsealed(self, year: str) -> dict[str, int]:
        """How many entries of each book came after its last seal; books without any are left out."""
        sealed = self.log(year).sealed
        found = {}
        for book, head in self.store.books(self.school):
            if is_sealed(book, year):
                before = sealed[book].number if book in sealed else 0
                if head.number != before:
                    found[book] = head.number - before
        return found

    def is_due(self, year: str, moments: Iterable[int] = ()) -> bool:
        """Tell whether a round is due: something is unsealed, and long enough, or a moment has passed.

        Args:
            year: Academic year.
            moments: Ends of school days and of periods, UTC microseconds: a round follows each.
        """
        if not self.unsealed(year):
            return False
        return self._has_come(year, instant(self._clock()), self._interval, moments)

    def _has_come(self, year: str, at: int, every: int | None, moments: Iterable[int]) -> bool:
        """Whether by *at* the log is older than it may be; one that is of later than now always is."""
        last = self.log(year).at
        if last is None or instant(self._clock()) < last:
            return True
        if every is not None and at - last >= every:
            return True
        return any(last < moment <= at for moment in moments)

    def tick(self, at: datetime | int | None = None) -> SealTick:
        """Make the rounds that are due by now, for the host's cron; nothing runs in the background.

        It may be called as often as one likes, by several at once: a moment makes one round of a
        year, however many ticks come after it, and one that no tick has met is made up for by the
        next. Without news there is no round. What a round that was cut short has left undone, such
        as a checkpoint that no witness has seen or that was not stamped, is done.

        An authority that gives no stamp keeps no other year from its round: what it said is in the
        answer, beside all that was done.

        Args:
            at: Look only at what was due by this past moment; by default by now.

        Raises:
            BadInput: The moment has not come.
            StoreDamaged: A book, or a log, is not what was sealed or signed before.
            StoreError: The store cannot be used; the next tick makes the rounds.
        """
        until = check_past(at, instant(self._clock()))
        rounds, undecided = [], []
        for year in self.years():
            if self.unsealed(year) and not self._is_time(year, until):
                undecided += [year] if self._times is None else []
                continue
            done = self.round(year)
            if done.sealed or done.note is not None or done.missed is not None:
                rounds.append(done)
        return SealTick(until, tuple(rounds), tuple(undecided))

    def _is_time(self, year: str, at: int) -> bool:
        if self._times is None:
            return False
        moment = self._times.last(at)
        return self._has_come(year, at, self._times.every, () if moment is None else (moment,))

    def seal(self, year: str) -> Round:
        """Make a round: seal what is new, sign a checkpoint, have it witnessed, keep it.

        Whatever a round that was cut short has left undone, the next one does. When somebody else
        seals at the same moment, the round is tried again.

        Raises:
            StoreDamaged: A book, or the log, is not what was sealed or signed before; nothing was
                sealed.
            StoreError: The store cannot be used; nothing was acknowledged.
            NotStamped: Sealed and signed, but an authority gave no stamp; the next round asks again.
        """
        done = self.round(year)
        missed = done.missed
        if missed is None:
            return done
        try:
            raise missed
        finally:
            del done, missed  # else the error, whose traceback names them, would hold itself

    def round(self, year: str) -> Round:
        """Make a round as :meth:`seal` does; that an authority gave no stamp is told in the round.

        Raises:
            StoreDamaged: A book, or the log, is not what was sealed or signed before; nothing was
                sealed.
            StoreError: The store cannot be used; nothing was acknowledged.

        *Version added: 0.1.*
        """
        for attempt in range(_TRIES):
            try:
                sealed = self._append(year)
            except StaleHead:
                if attempt + 1 == _TRIES:
                    raise
            else:
                log = self.log(year)
                note = self._sign(log)
                return Round(year, sealed, log.size, note, self._stamp(log))
        raise AssertionError("unreachable")

    def _append(self, year: str) -> tuple[str, ...]:
        """Seal what is new; give the names of the books."""
        log, at = self.log(year), instant(self._clock())
        seals = []
        for book, _ in self.store.books(self.school):
            if is_sealed(book, year):
                before = log.sealed[book].number if book in log.sealed else 0
                seal = log.next_seal(book, self.store.read(self.school, book, before), at)
                if seal is not None:
                    seals.append(seal)
        if seals:
            records = log.records_of(seals)
            self.store.append(self.school, log.book, records, log.head.number)
        return tuple(one.book for one in seals)

    def _sign(self, log: SealLog) -> Note | None:
        """Sign the log as it is, unless that was done."""
        if not self._signers or not log.size:
            return None
        origin = self.origin(log.year)
        last = self.checkpoint(log.year)
        if last is not None:
            known = Checkpoint.parse(last.text)
            if known.size > log.size or root_of(log.leaves[: known.size]) != known.root:
                raise StoreDamaged(
                    "the seal log is not the one that was signed",
                    where=log.book,
                    expected=f"{known.size} leaves, root {known.root.hex()}",
                    found=f"{log.size} leaves",
                    mend="Run edujournal verify with the checkpoints; keep both.",
                )
            if known.size == log.size:
                return None
        note = signed(str(Checkpoint(origin, log.size, log.root)), self._signers)
        for witness in self._witnesses:
            seen = witness.seen(origin)
            proof = consistency_proof(log.leaves, seen) if 0 < seen <= log.size else ()
            note = witness.cosign(note, proof)
        if self._checkpoints is not None:
            self._checkpoints.keep(origin, bytes(note))
        return note

    def _stamp(self, log: SealLog) -> NotStamped | None:
        """Have the last checkpoint stamped, unless that was done; what an authority said that did not."""
        note = self.checkpoint(log.year) if self._stampers else None
        if note is None or not isinstance(self._checkpoints, StampStore):
            return None
        origin, known = self.origin(log.year), Checkpoint.parse(note.text)
        # They are asked in order, and none after one that fails: so many have answered before.
        done = sum(size == known.size for size, _ in self._checkpoints.stamps(origin))
        for stamper in self._stampers[done:]:
            try:
                token = stamper.stamp(str(known).encode())
            except NotStamped as error:
                return error
            self._checkpoints.keep_stamp(origin, known.size, token)
        return None

    def checkpoint(self, year: str) -> Note | None:
        """The last checkpoint that was kept, or None."""
        last = None
        for data in self.checkpoints(year):
            last = data
        return None if last is None else parse_note(last)

    def checkpoints(self, year: str) -> Iterable[bytes]:
        """Every checkpoint of the year that was kept, in the order of their sizes."""
        return () if self._checkpoints is None else self._checkpoints.notes(self.origin(year))

    def prove(self, book: str, number: int, note: Note | None = None) -> Proof:
        """Prove that an entry is in its book, and the book under a signed checkpoint.

        Args:
            book: Name of the book.
            number: Number of the entry.
            note: The checkpoint; by default the last that was kept.

        Raises:
            BadInput: There is no such entry, no checkpoint, or the entry came after it.
            StoreDamaged: The log is not the one that was signed.
        """
        year = year_of_book(book)
        log = self.log(year)
        note = note or self.checkpoint(year)
        if note is None:
            raise BadInput(
                "no checkpoint to prove it by", where=self.origin(year), mend="Seal first."
            )
        known = Checkpoint.parse(note.text)
        leaves = log.leaves[: known.size]
        if len(leaves) < known.size or root_of(leaves) != known.root:
            raise StoreDamaged("the seal log is not the one that was signed", where=log.book)
        place, leaf = self._first_seal(book, number, known.size)
        seal = seal_of(leaf.body, self.school, year, leaf.number)
        hashes, entry, previous = self._entries(book, number, seal.number)
        return Proof(
            school=self.school,
            book=book,
            number=number,
            previous=previous,
            body=entry.body,
            entry_path=inclusion_proof(hashes, number - 1),
            seal=leaf.body,
            place=place,
            seal_path=inclusion_proof(leaves, place),
            checkpoint=bytes(note),
        )

    def _first_seal(self, book: str, number: int, size: int) -> tuple[int, Record]:
        """The first seal that covers an entry: its place among the leaves, and its record."""
        year = year_of_book(book)
        for record in self.store.read(self.school, seals_book(year)):
            if record.number > size:
                break
            if record.index.about == f"book:{book}":
                seal = seal_of(record.body, self.school, year, record.number)
                if seal.number >= number:
                    return record.number - 1, record
        raise BadInput(
            "an entry that is not under the checkpoint",
            where=f"{book}:{number}",
            expected=f"a seal among the first {size}",
            mend="Seal, and prove by the new checkpoint.",
        )

    def _entries(self, book: str, number: int, last: int) -> tuple[list[bytes], Record, str]:
        """Hashes of the leaves of a book up to *last*; an entry, and the hash before it."""
        hashes: list[bytes] = []
        entry, previous, before = None, "", "0" * 64
        for record in self.store.read(self.school, book):
            if record.number > last:
                break
            if record.number == number:
                entry, previous = record, before
            before = record.hash
            hashes.append(leaf_hash(bytes.fromhex(record.hash)))
        if entry is None:
            raise BadInput("no such entry", where=f"{book}:{number}")
        return hashes, entry, previous
