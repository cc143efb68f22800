"""The file store: a folder per school, in it a folder per book."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from threading import Lock
from types import TracebackType
from typing import Final, Self

from edujournal.adapters.stores.acts import (
    LONGEST_DOCUMENT,
    LONGEST_SCHOOL,
    Act,
    check_batch,
    check_links,
    check_name,
    check_number,
    check_numbers,
    check_place,
)
from edujournal.adapters.stores.files.answers import changing, reading
from edujournal.adapters.stores.files.books import BookFolder, book_in
from edujournal.adapters.stores.files.disk import Disk, RealDisk
from edujournal.adapters.stores.files.feed import FEED, Feed
from edujournal.adapters.stores.files.formats import STORE, THIS_FORMAT, check_format, school_in
from edujournal.adapters.stores.files.heads import SIZE, Slot
from edujournal.adapters.stores.files.keys import KeyIndex
from edujournal.adapters.stores.files.names import file_name
from edujournal.adapters.stores.files.readers import NEAR, Readers
from edujournal.adapters.stores.files.recovery import PRIVATE, Recovery, State
from edujournal.adapters.stores.files.segments import LOG, LONGEST_SEGMENT
from edujournal.errors import (
    StaleHead,
    StoreBusy,
    StoreDamaged,
    StoreError,
)
from edujournal.ledger.bytes import encode
from edujournal.ledger.records import Head, Record

#: The file in a school's folder that tells whose it is.
SCHOOL: Final = "school.json"

DOCUMENTS: Final = "documents.d"


class FileStore:
    """Keeps books as plain files. Safe to share between threads and processes of one computer.

    One process writes to a school at a time; readers wait for nobody. An append is on the disk when
    it returns. The folder has to lie on a disk of this computer, not on a network share.

    *Version added: 0.1.*

    Args:
        folder: Where the books lie; made by the first write.
        timeout: Seconds to wait for another writer before :class:`StoreBusy`.
        segment: Bytes after which the log of a book goes on in a new file; the old one never changes
            again, so that a copy of it stays good.
        disk: Stands in for the folder, in tests of crashes.

    Raises:
        BadInput: *folder* is a file.
        StoreDamaged: It holds books, but nothing tells their format.
        StoreTooNew: A later version of the library wrote it.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        *,
        timeout: float = 5.0,
        segment: int = LONGEST_SEGMENT,
        disk: Disk | None = None,
    ) -> None:
        self._timeout = timeout
        self._segment = segment
        self._guard = Lock()
        self._locks: dict[str, Lock] = {}
        self._keys: dict[str, KeyIndex] = {}
        self._feeds: dict[str, Feed] = {}
        self._signed: set[str] = set()
        self._suspects: set[tuple[str, str]] = set()
        self._recoveries: list[Recovery] = []
        with reading(os.fspath(folder)):
            self._disk = RealDisk(folder) if disk is None else disk
            self._ready = self._check_format()

    @property
    def recoveries(self) -> tuple[Recovery, ...]:
        """What this object has put right so far; each is worth a look by a person."""
        return tuple(self._recoveries)

    def books(self, school: str) -> Iterable[tuple[str, Head]]:
        """See :meth:`edujournal.ports.Store.books`."""
        check_name(school, "school", LONGEST_SCHOOL)
        return self._heads(school)

    def head(self, school: str, book: str) -> Head:
        """See :meth:`edujournal.ports.Store.head`."""
        check_place(school, book)
        return self._slot(school, book).head

    def read(self, school: str, book: str, after: int = 0) -> Iterator[Record]:
        """See :meth:`edujournal.ports.Store.read`."""
        check_place(school, book)
        check_number(after, "number of a record")
        return self._records(school, book, after)

    def append(self, school: str, book: str, records: Sequence[Record], expect: int) -> None:
        """See :meth:`edujournal.ports.Store.append`."""
        check_place(school, book)
        check_number(expect, "number of a record")
        batch = check_batch(book, records, expect)
        with self._locked(school) as held:
            folder = self._folder(school, book)
            state = self._settled(held, school, book, folder)
            head = state.slot.head if state else Head()
            if head.number != expect:
                raise StaleHead(book, expect, head.number)
            check_links(head, batch)
            self._put(held, school, book, folder, state, batch)

    @contextmanager
    def writing(self, school: str, book: str, after: int) -> Iterator[Act]:
        """See :meth:`edujournal.ports.Writes.writing`."""
        check_place(school, book)
        check_number(after, "number of a record")
        with self._locked(school) as held:
            folder = self._folder(school, book)
            state = self._settled(held, school, book, folder)
            head = state.slot.head if state else Head()
            act = Act(
                book, head, after, lambda other, number: tuple(self._records(school, other, number))
            )
            try:
                yield act
            finally:
                batch = act.close()
            self._put(held, school, book, folder, state, batch)

    def find_key(self, school: str, account: str, key: str) -> Sequence[tuple[str, int]]:
        """See :meth:`edujournal.ports.FindsKeys.find_key`."""
        check_name(school, "school", LONGEST_SCHOOL)
        with reading(school):
            places = self._key_index(school).find(account, key)
        return [
            (record.book, record.number)
            for record in self._at(school, places)
            if record.index.account == account and record.index.key == key
        ]

    def erase(self, school: str, book: str, numbers: Collection[int]) -> int:
        """See :meth:`edujournal.ports.Erases.erase`."""
        check_place(school, book)
        with self._locked(school) as held:
            folder = self._folder(school, book)
            state = self._settled(held, school, book, folder)
            wanted = check_numbers(book, numbers, state.slot.head if state else Head())
            with changing(folder.folder):
                return folder.erase(state, wanted) if state else 0

    def follow(self, school: str, after: int = 0) -> Iterator[tuple[int, Record]]:
        """See :meth:`edujournal.ports.Tails.follow`.

        The first question of an object waits for writers; if the order is not on the disk as it
        should be, it is written down.
        """
        check_name(school, "school", LONGEST_SCHOOL)
        check_number(after, "position")
        return self._followed(school, after)

    def schools(self) -> Iterable[str]:
        """See :meth:`edujournal.ports.Keeps.schools`."""
        with reading(STORE):
            named = [self._school_in(folder) for folder in self._disk.names("")]
            found = sorted(school for school in named if school is not None)
            return [school for school in found if self._has_something(school)]

    def keep(self, school: str, name: str, content: bytes) -> None:
        """See :meth:`edujournal.ports.Keeps.keep`."""
        check_name(school, "school", LONGEST_SCHOOL)
        check_name(name, "document", LONGEST_DOCUMENT)
        with self._locked(school), changing(name):
            folder = f"{file_name(school)}/{DOCUMENTS}"
            self._disk.make_folder(folder)
            self._replace(f"{folder}/{file_name(name)}", content)

    def kept(self, school: str, name: str) -> bytes | None:
        """See :meth:`edujournal.ports.Keeps.kept`."""
        check_name(school, "school", LONGEST_SCHOOL)
        check_name(name, "document", LONGEST_DOCUMENT)
        with reading(name):
            return self._content(f"{file_name(school)}/{DOCUMENTS}/{file_name(name)}")

    def close(self) -> None:
        """Nothing is kept open between calls; here so that stores can be used alike."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # -- one act at a time -----------------------------------------------------------------------

    @contextmanager
    def _locked(self, school: str) -> Iterator[ExitStack]:
        """Be the only writer of *school*, of all threads and processes.

        Yields:
            What closes the files of the act, before the lock is given back.
        """
        with self._guard:
            lock = self._locks.setdefault(school, Lock())
        if not lock.acquire(timeout=self._timeout):
            raise StoreBusy("another thread is writing", where=school, mend="Try again.")
        try:
            with ExitStack() as held:
                with changing(school):
                    self._prepare()
                    folder = file_name(school)
                    if school not in self._signed:
                        self._disk.make_folder(folder)
                    self._enter(held, folder)
                    if school not in self._signed:
                        self._sign(school, f"{folder}/{SCHOOL}")
                yield held
        finally:
            lock.release()

    def _enter(self, held: ExitStack, folder: str) -> None:
        try:
            anchor = f"{folder}/{SCHOOL}" if folder else STORE
            held.enter_context(self._disk.locked(folder, self._timeout, anchor))
        except TimeoutError as error:
            raise StoreBusy(
                "another process is writing", where=folder or STORE, mend="Try again."
            ) from error

    def _prepare(self) -> None:
        """Make the store's folder, and write down its format."""
        if self._ready:
            return
        self._disk.make_folder("")
        with ExitStack() as held:
            self._enter(held, "")
            if not self._check_format():
                self._replace(STORE, THIS_FORMAT)
        self._ready = True

    def _sign(self, school: str, path: str) -> None:
        """Write down whose folder it is."""
        right = encode({"school": school})
        found = self._content(path)
        if found is None:
            self._replace(path, right)
        elif found != right:
            raise StoreDamaged(
                "a folder of another school", where=path, expected=school, found=ascii(found[:200])
            )
        self._signed.add(school)

    def _settled(self, held: ExitStack, school: str, book: str, folder: BookFolder) -> State | None:
        suspect = (school, book) in self._suspects
        # A repair can fail like any other write.
        self._suspects.add((school, book))
        with changing(folder.folder):
            state, done = folder.settle(held, suspect=suspect)
        self._suspects.discard((school, book))
        self._recoveries.extend(done)
        return state

    def _put(
        self,
        held: ExitStack,
        school: str,
        book: str,
        folder: BookFolder,
        state: State | None,
        batch: Sequence[Record],
    ) -> None:
        if not batch:
            return
        before = state.slot.number if state else 0
        self._order(held, school, book, before, batch)
        with changing(folder.folder):
            self._key_index(school).note(book, before, batch)
            # Until the append returns, nobody knows what of it reached the disk.
            self._suspects.add((school, book))
            folder.append(state or folder.create(held), batch)
            self._suspects.discard((school, book))

    # -- the order of a school -------------------------------------------------------------------

    def _feed(self, school: str) -> Feed:
        with self._guard:
            return self._feeds.setdefault(school, Feed(self._disk, file_name(school)))

    def _order(
        self, held: ExitStack, school: str, book: str, before: int, batch: Sequence[Record]
    ) -> None:
        """Under the lock: give *batch* the next positions."""
        feed = self._feed(school)
        end_of = partial(self._end, held, school)
        with changing(school):
            if not feed.whole or not feed.note(book, before, batch, end_of):
                self._mend(held, school)
                feed.note(book, before, batch, end_of)

    def _mend(self, held: ExitStack, school: str) -> None:
        names, broken = self._names(school)
        if broken:
            raise broken[0]
        offset, size = self._feed(school).mend({n: self._end(held, school, n) for n in names})
        if size:
            file = f"{file_name(school)}/{FEED}"
            what = "the order of the records was told anew from here"
            self._recoveries.append(Recovery(school, "", file, what, offset, size, None))

    def _end(self, held: ExitStack, school: str, book: str) -> int:
        """Under the lock: number of the last acknowledged record of a book."""
        folder = self._folder(school, book)
        slot = folder.slot()
        if slot is None:
            state = self._settled(held, school, book, folder)
            slot = state.slot if state else Slot()
        return slot.number

    def _renew(self, school: str) -> None:
        with self._locked(school) as held, changing(school):
            self._mend(held, school)

    def _followed(self, school: str, after: int) -> Iterator[tuple[int, Record]]:
        feed = self._feed(school)
        if not feed.whole:
            with reading(school):
                anything = self._disk.names(file_name(school))
            if not anything:
                return
            with self._locked(school) as held, changing(school):
                self._mend(held, school)
        with reading(school):
            renewing = partial(self._renew, school)
            readers = Readers(partial(self._records, school))
            for span in feed.spans(after, lambda book: self._slot(school, book).number, renewing):
                first = max(span.first, span.last - (span.position - after) + 1)
                for record in readers.span(span.book, first, span.last):
                    yield span.position - (span.last - record.number), record

    # -- reading ---------------------------------------------------------------------------------

    def _folder(self, school: str, book: str) -> BookFolder:
        return BookFolder(self._disk, school, book, self._segment)

    def _slot(self, school: str, book: str) -> Slot:
        folder = self._folder(school, book)
        with reading(folder.folder):
            slot = folder.slot()
        if slot is not None:
            return slot
        with self._locked(school) as held:
            state = self._settled(held, school, book, folder)
        return state.slot if state else Slot()

    def _heads(self, school: str) -> Iterator[tuple[str, Head]]:
        """Every book that can be read; the first that cannot is told of last."""
        with reading(school):
            names, broken = self._names(school)
        for book in names:
            try:
                slot = self._slot(school, book)
            except StoreDamaged as error:
                broken.append(error)
                continue
            if slot.number:
                yield book, slot.head
        if broken:
            raise broken[0]

    def _records(self, school: str, book: str, after: int) -> Iterator[Record]:
        slot = self._slot(school, book)
        folder = self._folder(school, book)
        with reading(folder.folder):
            yield from folder.read(slot, after)

    def _at(self, school: str, places: Iterable[tuple[str, int]]) -> Iterator[Record]:
        """The records at *places* that are there; neighbours are read in one go."""
        reading: Iterator[Record] = iter(())
        at = ("", 0)
        for book, number in places:
            if book != at[0] or not at[1] < number <= at[1] + NEAR:
                reading, at = self._records(school, book, number - 1), (book, number - 1)
            for record in reading:
                at = (book, record.number)
                if record.number == number:
                    yield record
                    break

    def _key_index(self, school: str) -> KeyIndex:
        with self._guard:
            if school not in self._keys:
                self._keys[school] = KeyIndex(
                    self._disk,
                    file_name(school),
                    lambda: self.books(school),
                    lambda book, after: self._records(school, book, after),
                )
            return self._keys[school]

    def _names(self, school: str) -> tuple[list[str], list[StoreError]]:
        """Names of the books of *school*, ordered, and what is wrong with unnamed ones."""
        folder = file_name(school)
        found: list[str] = []
        broken: list[StoreError] = []
        for name in self._disk.names(folder):
            path = f"{folder}/{name}/head"
            if "." in name:
                continue
            try:
                data = self._content(path)
                if data is None and self._has_records(f"{folder}/{name}"):
                    # Records come after the head, which may have come between the two looks.
                    data = self._content(path)
                    if data is None:
                        raise StoreDamaged("a book without its head file", where=path)
                if data is None:
                    continue  # A writer died before the book existed, or is about to make it.
                owner, book = book_in(data[:SIZE], path)
                if owner != school or file_name(book) != name:
                    raise StoreDamaged(
                        "a book in the folder of another", where=path, found=f"{owner} {book}"
                    )
                found.append(book)
            except StoreError as error:
                broken.append(error)
        return sorted(found), broken

    def _has_records(self, folder: str) -> bool:
        return any(self._size(f"{folder}/{log}") for log in (LOG, PRIVATE))

    def _has_something(self, school: str) -> bool:
        documents = self._disk.names(f"{file_name(school)}/{DOCUMENTS}")
        return any(not name.endswith(".new") for name in documents) or any(self.books(school))

    def _school_in(self, folder: str) -> str | None:
        path = f"{folder}/{SCHOOL}"
        data = None if "." in folder else self._content(path)
        return None if data is None else school_in(data, folder, path)

    def _check_format(self) -> bool:
        """Tell whether the store exists already; refuse one of a later format."""
        data = self._content(STORE)
        if data is not None:
            check_format(data)
            return True
        for folder in self._disk.names(""):
            if self._content(f"{folder}/{SCHOOL}") is not None:
                # That file comes before schools: it may have come between the two looks.
                data = self._content(STORE)
                if data is None:
                    raise StoreDamaged(
                        "schools without the file that tells their format", where=STORE
                    )
                check_format(data)
                return True
        return False

    def _content(self, path: str) -> bytes | None:
        try:
            with self._disk.open(path) as file:
                return file.read(0, file.size())
        except (FileNotFoundError, NotADirectoryError):
            return None

    def _size(self, path: str) -> int:
        try:
            with self._disk.open(path) as file:
                return file.size()
        except (FileNotFoundError, NotADirectoryError):
            return 0

    def _replace(self, path: str, content: bytes) -> None:
        with self._disk.create(f"{path}.new") as file:
            file.write(0, content)
            file.sync()
        self._disk.replace(f"{path}.new", path)
