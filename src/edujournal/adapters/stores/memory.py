"""Books in memory: gone with the process, and the model that every other store is tested against."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from types import TracebackType
from typing import Self

from attrs import evolve

from edujournal.adapters.stores.acts import (
    LONGEST_DOCUMENT,
    LONGEST_SCHOOL,
    ProjectingAct,
    check_batch,
    check_links,
    check_name,
    check_number,
    check_numbers,
    check_place,
    projection_name,
)
from edujournal.errors import StaleHead, StoreBusy
from edujournal.ledger.records import Head, Record


class MemoryStore:
    """Keeps books in lists. Safe to share between threads.

    *Version added: 0.1.*

    Args:
        timeout: Seconds to wait for another thread's act before :class:`StoreBusy`.
    """

    def __init__(self, *, timeout: float = 5.0) -> None:
        self._timeout = timeout
        self._writer = Lock()
        self._books: dict[tuple[str, str], list[Record]] = {}
        self._keys: dict[tuple[str, str, str], list[tuple[str, int]]] = {}
        self._order: dict[str, list[tuple[str, int]]] = {}
        self._documents: dict[tuple[str, str], bytes] = {}

    def books(self, school: str) -> Iterable[tuple[str, Head]]:
        """See :meth:`edujournal.ports.Store.books`."""
        check_name(school, "school", LONGEST_SCHOOL)
        names = sorted(book for owner, book in tuple(self._books) if owner == school)
        return [(book, self._head(school, book)) for book in names]

    def head(self, school: str, book: str) -> Head:
        """See :meth:`edujournal.ports.Store.head`."""
        check_place(school, book)
        return self._head(school, book)

    def read(self, school: str, book: str, after: int = 0) -> Iterator[Record]:
        """See :meth:`edujournal.ports.Store.read`."""
        check_place(school, book)
        check_number(after, "number of a record")
        # A list that only grows may be walked while it grows.
        records = self._books.get((school, book), [])
        return iter(records[after:])

    def append(self, school: str, book: str, records: Sequence[Record], expect: int) -> None:
        """See :meth:`edujournal.ports.Store.append`."""
        check_place(school, book)
        check_number(expect, "number of a record")
        batch = check_batch(book, records, expect)
        with self._locked(school):
            head = self._head(school, book)
            if head.number != expect:
                raise StaleHead(book, expect, head.number)
            check_links(head, batch)
            self._put(school, book, batch)

    @contextmanager
    def writing(self, school: str, book: str, after: int) -> Iterator[ProjectingAct]:
        """See :meth:`edujournal.ports.Writes.writing`."""
        check_place(school, book)
        check_number(after, "number of a record")
        with self._locked(school):
            act = ProjectingAct(
                book,
                self._head(school, book),
                after,
                lambda other, number: tuple(self.read(school, other, number)),
            )
            try:
                yield act
            finally:
                batch = act.close()
            self._put(school, book, batch)
            for name, content in act.projected.items():
                self._documents[school, name] = content

    def projection(self, school: str, book: str, view: str) -> bytes | None:
        """See :meth:`edujournal.ports.Projects.projection`."""
        return self.kept(school, projection_name(book, view))

    def find_key(self, school: str, account: str, key: str) -> Sequence[tuple[str, int]]:
        """See :meth:`edujournal.ports.FindsKeys.find_key`."""
        check_name(school, "school", LONGEST_SCHOOL)
        return sorted(self._keys.get((school, account, key), ()))

    def erase(self, school: str, book: str, numbers: Collection[int]) -> int:
        """See :meth:`edujournal.ports.Erases.erase`."""
        check_place(school, book)
        with self._locked(school):
            wanted = check_numbers(book, numbers, self._head(school, book))
            records = self._books.get((school, book), [])
            having = [n for n in wanted if records[n - 1].private is not None]
            for number in having:
                records[number - 1] = evolve(records[number - 1], private=None)
        return len(having)

    def follow(self, school: str, after: int = 0) -> Iterator[tuple[int, Record]]:
        """See :meth:`edujournal.ports.Tails.follow`."""
        check_name(school, "school", LONGEST_SCHOOL)
        check_number(after, "position")
        places = self._order.get(school, [])[after:]
        return (
            (position, self._books[school, book][number - 1])
            for position, (book, number) in enumerate(places, after + 1)
        )

    def schools(self) -> Iterable[str]:
        """See :meth:`edujournal.ports.Keeps.schools`."""
        return sorted({school for school, _ in (*self._books, *self._documents)})

    def keep(self, school: str, name: str, content: bytes) -> None:
        """See :meth:`edujournal.ports.Keeps.keep`."""
        check_name(school, "school", LONGEST_SCHOOL)
        check_name(name, "document", LONGEST_DOCUMENT)
        with self._locked(school):
            self._documents[school, name] = bytes(content)

    def kept(self, school: str, name: str) -> bytes | None:
        """See :meth:`edujournal.ports.Keeps.kept`."""
        check_name(school, "school", LONGEST_SCHOOL)
        check_name(name, "document", LONGEST_DOCUMENT)
        return self._documents.get((school, name))

    def close(self) -> None:
        """Nothing to give back; here so that stores can be used alike."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def _locked(self, school: str) -> Iterator[None]:
        if not self._writer.acquire(timeout=self._timeout):
            raise StoreBusy("another thread is writing", where=school, mend="Try again.")
        try:
            yield
        finally:
            self._writer.release()

    def _head(self, school: str, book: str) -> Head:
        records = self._books.get((school, book))
        if not records:
            return Head()
        last = records[-1]
        return Head(last.number, last.hash)

    def _put(self, school: str, book: str, batch: Sequence[Record]) -> None:
        if not batch:
            return
        for record in batch:
            if record.index.key is not None:
                place = (school, record.index.account, record.index.key)
                self._keys.setdefault(place, []).append((book, record.number))
        self._books.setdefault((school, book), []).extend(batch)
        places = [(book, record.number) for record in batch]
        self._order.setdefault(school, []).extend(places)
