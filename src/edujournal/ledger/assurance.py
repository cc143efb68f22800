"""Assurance: verification with what was kept elsewhere, and how much of it there was.

The chain alone shows that a book is whole in itself (L0), the head kept apart that nothing is missing at
its end (L1). Who holds the whole store can rewrite both. A checkpoint that the school's key has signed,
kept elsewhere, shows that everything up to it is what it was (L2); one that a witness has cosigned, or
that stands on paper, shows it even against whoever holds the key (L3). A stamp of time is no level: it
tells since when the log cannot have been changed, but an authority stamps two histories as readily as one.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from attrs import define, field, frozen

from edujournal.errors import BadInput, StoreDamaged
from edujournal.ledger.chain import Damage
from edujournal.ledger.checkpoints import Checkpoint
from edujournal.ledger.notes import Verifier, parse_note, signed_by
from edujournal.ledger.records import Head
from edujournal.ledger.seals import Seal, is_sealed, seal_of
from edujournal.ledger.stamps import Stamp, StampReader, is_over
from edujournal.ledger.tree import Peaks, leaf_hash
from edujournal.ledger.verify import BookReport, Readable, Report, verify_books
from edujournal.model.ids import seals_book, year_of_book

#: Levels of assurance, the weakest first.
LEVELS: Final = ("L0", "L1", "L2", "L3")


@frozen
class Evidence:
    """What was kept elsewhere about the seal log of one year.

    *Version added: 0.1.*

    Attributes:
        origin: Origin of the log.
        notes: Signed checkpoints.
        keys: Public keys of the log.
        witnesses: Public keys of witnesses.
        anchors: Checkpoints from print: origin, size and root as they stand on certified sheets.
        stamps: Tokens of authorities of time, each with the number of leaves that it is about.
        authorities: Who is trusted to read them; without any only what was stamped is judged.
    """

    origin: str
    notes: tuple[bytes, ...] = ()
    keys: tuple[Verifier, ...] = ()
    witnesses: tuple[Verifier, ...] = ()
    anchors: tuple[Checkpoint, ...] = ()
    stamps: tuple[tuple[int, bytes], ...] = ()
    authorities: tuple[StampReader, ...] = ()


@frozen
class Lack:
    """Evidence that was not there, so that nothing can be said beyond a level.

    *Version added: 0.1.*

    Attributes:
        year: Academic year.
        what: ``seal`` for entries after the last seal of their book, ``checkpoint`` for seals after the
            last checkpoint or for none at all, ``witness`` where no witness and no anchor tells.
        book: The book concerned.
        count: How many entries or seals are not covered; 0 where it is not a matter of number.
    """

    year: str
    what: str
    book: str
    count: int = 0

    def __str__(self) -> str:
        return f"{self.year}: no {self.what} for {self.book}" + (
            f" ({self.count})" if self.count else ""
        )


@frozen
class YearReport:
    """What was found about the seal log of one year.

    *Version added: 0.1.*

    Attributes:
        year: Academic year.
        size: Number of leaves of the log.
        signed: Size of the largest checkpoint that holds and that the log's key has signed.
        witnessed: Size of the largest that a witness has cosigned, or that stands in print.
        damages: What does not fit.
        lacks: What was not there.
        stamps: States of the log that an authority has seen, by their size.
        unread: Sizes of states over which a token lies that fits, where no authority was named to say
            since when; who gave it, nobody has judged.
    """

    year: str
    size: int
    signed: int
    witnessed: int
    damages: tuple[Damage, ...]
    lacks: tuple[Lack, ...]
    stamps: tuple[Stamp, ...] = ()
    unread: tuple[int, ...] = ()

    @property
    def assurance(self) -> str | None:
        """The level that checkpoints give: ``L3``, ``L2``, ``L1`` without any, None where damaged."""
        if self.damages:
            return None
        return "L3" if self.witnessed else "L2" if self.signed else "L1"


@frozen
class Assured:
    """What verification with evidence found in a school.

    *Version added: 0.1.*

    Attributes:
        books: What the books say of themselves, and against their seals.
        years: What the seal logs say, and against their checkpoints.
    """

    books: Report
    years: tuple[YearReport, ...]

    @property
    def assurance(self) -> str | None:
        """The weakest level of all books and years; None where anything is damaged."""
        levels = [one.assurance for one in self.years]
        if self.books.assurance is None or None in levels:
            return None
        if self.books.assurance == "L0":
            return "L0"
        return min(filter(None, levels), key=LEVELS.index, default="L1")

    @property
    def damages(self) -> Iterator[Damage]:
        """Every listed damage: of the books, then of the seal logs."""
        yield from self.books.damages
        for year in self.years:
            yield from year.damages

    @property
    def lacks(self) -> Iterator[Lack]:
        """Every lack of evidence."""
        for year in self.years:
            yield from year.lacks


#: Leaves that are gathered before they go into a tree.
_GATHERED: Final = 1024


@define
class _Growing:
    """A tree that follows its leaves, and remembers no more of them than it must."""

    peaks: Peaks = field(factory=Peaks)
    waiting: list[bytes] = field(factory=list)

    def add(self, leaf: bytes) -> None:
        self.waiting.append(leaf)
        if len(self.waiting) >= _GATHERED:
            self._settle()

    @property
    def root(self) -> bytes:
        self._settle()
        return self.peaks.root

    def _settle(self) -> None:
        self.peaks = self.peaks.add(map(leaf_hash, self.waiting))
        self.waiting.clear()


class _Sealed:
    """The seals of one book: 72 bytes each, so that a year of them has room."""

    __slots__ = ("_marks", "_numbers")

    def __init__(self) -> None:
        self._numbers = array("Q")
        self._marks = bytearray()

    def add(self, seal: Seal) -> None:
        """Take the next one; it seals more than those before."""
        self._numbers.append(seal.number)
        self._marks += bytes.fromhex(seal.hash) + seal.root

    def __iter__(self) -> Iterator[Head]:
        """The heads that the book must meet."""
        for place, number in enumerate(self._numbers):
            yield Head(number, self._marks[64 * place : 64 * place + 32].hex())

    def roots(self) -> Iterator[tuple[int, bytes]]:
        """The number of entries under each seal, and the root of the tree over them."""
        for place, number in enumerate(self._numbers):
            yield number, bytes(self._marks[64 * place + 32 : 64 * place + 64])

    @property
    def last(self) -> int:
        """The number of entries that are sealed."""
        return self._numbers[-1] if self._numbers else 0


class _Watched:
    """A book that is watched while it is verified: the tree over it is held to its seals."""

    __slots__ = ("_book", "_due", "_pending", "_root", "_tree", "damages", "last")

    def __init__(self, book: str, sealed: Iterable[tuple[int, bytes]]) -> None:
        self._book = book
        self._pending = iter(sealed)
        self._due, self._root = next(self._pending, (0, b""))
        self._tree = _Growing()
        self.last = 0
        self.damages: list[Damage] = []

    def take(self, number: int, hash_: bytes) -> None:
        """See :class:`edujournal.ledger.verify.Watch`."""
        if self._due:
            if number == self.last + 1:
                self._tree.add(hash_)
                if number == self._due:
                    self._meet(self._tree.root)
            else:
                # The chain has named the place already: there is no tree to compare.
                self._due = 0
        self.last = number

    def _meet(self, root: bytes) -> None:
        if root != self._root:
            damage = Damage(self._book, self._due, "seal", self._root.hex(), root.hex())
            self.damages.append(damage)
        self._due, self._root = next(self._pending, (0, b""))


def assure(store: Readable, school: str, evidence: Mapping[str, Evidence] | None = None) -> Assured:
    """Verify every book of a school against its chain, its head, its seals and what was kept elsewhere.

    Args:
        store: Any store.
        school: Id of the school.
        evidence: What was kept about the seal log of each year.

    Raises:
        StoreTooNew: A record was written by a later version, which alone can judge it.

    *Version added: 0.1.*
    """
    run = Assurance(store, school, evidence)
    reports = tuple(run.books())
    return Assured(Report(school, reports), run.years())


class Assurance:
    """The same step by step, for a caller who shows progress; see :func:`assure`.

    *Version added: 0.1.*
    """

    def __init__(
        self, store: Readable, school: str, evidence: Mapping[str, Evidence] | None = None
    ) -> None:
        self._store = store
        self._school = school
        self._evidence = dict(evidence or {})
        names = self._names()
        years = {year_of_book(book) for book in names} | set(self._evidence)
        self._logs = {year: _Log(store, school, year, names) for year in sorted(years)}
        for year, log in self._logs.items():
            log.follow(self._evidence.get(year))
        # A log seals the books of its own year only, so that no book is in two of them.
        self._seals = {
            book: some for log in self._logs.values() for book, some in log.seals.items()
        }
        self._watched: dict[str, _Watched] = {}

    def _names(self) -> list[str]:
        try:
            return [book for book, _ in self._store.books(self._school)]
        except StoreDamaged:
            # The check of the books says where.
            return []

    def books(self) -> Iterator[BookReport]:
        """Verify book by book."""
        return verify_books(self._store, self._school, self._seals, self._watch)

    def _watch(self, book: str) -> _Watched:
        sealed = self._seals.get(book)
        watched = _Watched(book, () if sealed is None else sealed.roots())
        self._watched[book] = watched
        return watched

    def years(self) -> tuple[YearReport, ...]:
        """What was found about the seal logs; to be asked after all books."""
        numbers = {book: one.last for book, one in self._watched.items()}
        found = []
        for year, log in self._logs.items():
            own = [
                damage
                for book, one in self._watched.items()
                if year_of_book(book) == year
                for damage in one.damages
            ]
            found.append(log.report(self._evidence.get(year), numbers, own))
        return tuple(found)


class _Log:
    """The seal log of one year, followed once against its checkpoints."""

    def __init__(self, store: Readable, school: str, year: str, names: Sequence[str]) -> None:
        self._store, self._school, self._year = store, school, year
        self._book = seals_book(year)
        self._exists = self._book in names
        self.seals: dict[str, _Sealed] = {}
        self._damages: list[Damage] = []
        self._size = 0
        self._signed = 0
        self._witnessed = 0
        self._stamps: list[Stamp] = []
        self._unread: list[int] = []

    def follow(self, evidence: Evidence | None) -> None:
        """Read the log, and hold its tree to every checkpoint there is."""
        notes = list(self._checkpoints(evidence)) if evidence is not None else []
        stamps = evidence.stamps if evidence is not None else ()
        wanted = {one.size for one, _, _ in notes} | {size for size, _ in stamps}
        roots: dict[int, bytes] = {0: Peaks().root}
        tree = _Growing()
        for body in self._bodies():
            self._size += 1
            tree.add(body)
            if self._size in wanted:
                roots[self._size] = tree.root
        for known, signed, witnessed in notes:
            self._meet(known, roots, signed=signed, witnessed=witnessed)
        for size, token in stamps:
            self._read_stamp(size, token, roots, evidence)

    def _read_stamp(
        self, size: int, token: bytes, roots: Mapping[int, bytes], evidence: Evidence | None
    ) -> None:
        """Hold a token to what the log says of its size: a checkpoint need not be there."""
        root = roots.get(size)
        if evidence is None or not size or root is None:
            self._damage(self._size, "stamp", f"{size} seals", f"{self._size} seals")
            return
        text, told = str(Checkpoint(evidence.origin, size, root)).encode(), "another digest"
        if not evidence.authorities and is_over(text, token):
            self._unread.append(size)
            return
        for authority in evidence.authorities:
            try:
                self._stamps.append(Stamp(size, authority.stamped(text, token)))
            except BadInput as error:
                told = str(error)
            else:
                return
        self._damage(size, "stamp", f"a stamp of {size} {root.hex()}", told)

    def _bodies(self) -> Iterator[bytes]:
        """Bodies of the log; what is no seal is a damage, and a broken chain is found with the books."""
        if not self._exists:
            return
        try:
            for record in self._store.read(self._school, self._book):
                try:
                    seal = seal_of(record.body, self._school, self._year, record.number)
                except BadInput as error:
                    self._damage(record.number, "seal", "a seal", str(error))
                else:
                    known = self.seals.setdefault(seal.book, _Sealed())
                    if seal.number > known.last:
                        known.add(seal)
                    else:
                        after, found = f"{seal.book} after {known.last}", str(seal.number)
                        self._damage(record.number, "seal", after, found)
                yield record.body
        except StoreDamaged as error:
            self._damage(self._size + 1, "unreadable", "a seal", str(error))

    def _checkpoints(self, evidence: Evidence) -> Iterator[tuple[Checkpoint, bool, bool]]:
        """Checkpoints of the log: each with whether its key has signed it, and a witness or paper."""
        for data in evidence.notes:
            try:
                note = parse_note(data)
                known = Checkpoint.parse(note.text)
                keys = signed_by(note, evidence.keys)
                witnesses = signed_by(note, evidence.witnesses)
            except BadInput as error:
                self._damage(0, "signature", "a signed checkpoint", str(error))
                continue
            if known.origin != evidence.origin:
                self._damage(0, "signature", evidence.origin, known.origin)
            elif keys or witnesses:
                yield known, bool(keys), bool(witnesses)
        for anchor in evidence.anchors:
            if anchor.origin != evidence.origin:
                self._damage(0, "signature", evidence.origin, anchor.origin)
            else:
                yield anchor, False, True

    def _meet(
        self, known: Checkpoint, roots: dict[int, bytes], *, signed: bool, witnessed: bool
    ) -> None:
        root = roots.get(known.size)
        if root is None:
            self._damage(
                self._size, "checkpoint", f"{known.size} {known.root.hex()}", f"{self._size} seals"
            )
        elif root != known.root:
            self._damage(known.size, "checkpoint", known.root.hex(), root.hex())
        else:
            self._signed = max(self._signed, known.size if signed else 0)
            self._witnessed = max(self._witnessed, known.size if witnessed else 0)

    def _damage(self, number: int, what: str, expected: str, found: str) -> None:
        self._damages.append(Damage(self._book, number, what, expected, found))

    def report(
        self, evidence: Evidence | None, numbers: Mapping[str, int], own: Iterable[Damage]
    ) -> YearReport:
        """What was found, once the books were read."""
        return YearReport(
            self._year,
            self._size,
            self._signed,
            self._witnessed,
            (*self._damages, *own),
            tuple(self._lacks(evidence, numbers)),
            tuple(sorted(self._stamps, key=lambda one: (one.size, one.at))),
            tuple(sorted(self._unread)),
        )

    def _lacks(self, evidence: Evidence | None, numbers: Mapping[str, int]) -> Iterator[Lack]:
        for book in sorted(numbers):
            known = self.seals.get(book)
            rest = numbers[book] - (0 if known is None else known.last)
            if is_sealed(book, self._year) and rest > 0:
                yield Lack(self._year, "seal", book, rest)
        origin = self._book if evidence is None else evidence.origin
        best = max(self._signed, self._witnessed)
        if not best or best < self._size:
            yield Lack(self._year, "checkpoint", origin, self._size - best)
        if self._witnessed < max(best, 1):
            yield Lack(self._year, "witness", origin)


def split(
    notes: Iterable[bytes], keys: Sequence[Verifier]
) -> Iterator[tuple[Checkpoint, Checkpoint]]:
    """Find pairs of checkpoints that show two different logs under one origin.

    Two of one size with two roots, both signed by the log's key, prove by themselves that the log was
    shown otherwise to one than to another.

    Args:
        notes: Checkpoints, from wherever they were kept.
        keys: Public keys of the log.

    Raises:
        BadInput: A note is none, or bears a signature that its key did not make.

    *Version added: 0.1.*
    """
    seen: dict[tuple[str, int], Checkpoint] = {}
    for data in notes:
        note = parse_note(data)
        if signed_by(note, keys):
            known = Checkpoint.parse(note.text)
            other = seen.setdefault((known.origin, known.size), known)
            if other.root != known.root:
                yield other, known
