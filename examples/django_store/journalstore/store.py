"""The port of the journals over Django's models: four methods, inside the project's transactions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import DatabaseError, IntegrityError, OperationalError, transaction
from django.db.models import QuerySet

from edujournal.adapters.stores.acts import check_batch, check_links, check_number, check_place
from edujournal.errors import StaleHead, StoreBusy, StoreDamaged, StoreUnwritable
from edujournal.ledger.index import index_of
from edujournal.ledger.records import ZERO_HASH, Head, Record
from journalstore.models import Entry
from journalstore.models import Head as HeadRow

#: Records read by one query.
PAGE = 1000


class DjangoStore:
    """Keeps books in the tables of a Django project.

    Inside ``transaction.atomic()`` of the project an append is part of that transaction: what it
    takes back is taken back here as well. Outside it is a transaction of its own.

    Args:
        using: Alias of the database.
    """

    def __init__(self, using: str = "default") -> None:
        self.using = using

    def books(self, school: str) -> list[tuple[str, Head]]:
        """Name the books of a school with their heads, ordered by code points."""
        check_place(school, "any")
        with answers(school):
            rows = self._heads.filter(school=school, number__gt=0)
            # Sorted here: how a database sorts text is its own affair.
            return sorted((row.book, Head(row.number, row.hash)) for row in rows)

    def head(self, school: str, book: str) -> Head:
        """Tell where a book ends."""
        check_place(school, book)
        with answers(book):
            row = self._heads.filter(school=school, book=book).first()
        return Head() if row is None else Head(row.number, row.hash)

    def read(self, school: str, book: str, after: int = 0) -> Iterator[Record]:
        """Yield the records of a book after a number, page by page."""
        check_place(school, book)
        check_number(after, "number of a record")
        return self._read(school, book, after)

    def _read(self, school: str, book: str, after: int) -> Iterator[Record]:
        end = self.head(school, book).number
        while after < end:
            with answers(book):
                rows = self._entries.filter(school=school, book=book, number__gt=after)
                page = list(rows.order_by("number")[:PAGE])
            for row in page:
                after += 1
                if row.number != after:
                    raise StoreDamaged("a record is missing", where=f"{book}:{after}")
                yield record_of(row)
            if not page:
                raise StoreDamaged("the end of the book is missing", where=f"{book}:{after + 1}")

    def append(self, school: str, book: str, records: Sequence[Record], expect: int) -> None:
        """Keep records, all or none, if the book's head number is *expect*."""
        check_place(school, book)
        check_number(expect, "number of a record")
        batch = check_batch(book, records, expect)
        with answers(book), transaction.atomic(using=self.using):
            row = self._locked(school, book)
            if row.number != expect:
                raise StaleHead(book, expect, row.number)
            check_links(Head(row.number, row.hash), batch)
            if batch:
                self._entries.bulk_create([row_of(school, record) for record in batch])
                row.number, row.hash = batch[-1].number, batch[-1].hash
                row.save(using=self.using, update_fields=["number", "hash"])

    def _locked(self, school: str, book: str) -> HeadRow:
        """The row of the head, locked; made where nobody has written yet."""
        mine = self._heads.select_for_update().filter(school=school, book=book)
        row = mine.first()
        if row is None:
            # Two first writers: the second waits here for the first, and finds its row.
            self._heads.bulk_create(
                [HeadRow(school=school, book=book, hash=ZERO_HASH)], ignore_conflicts=True
            )
            row = mine.get()
        return row

    @property
    def _heads(self) -> QuerySet[HeadRow]:
        return HeadRow.objects.using(self.using)

    @property
    def _entries(self) -> QuerySet[Entry]:
        return Entry.objects.using(self.using)


def row_of(school: str, record: Record) -> Entry:
    """The row that keeps a record."""
    return Entry(
        school=school,
        book=record.book,
        number=record.number,
        hash=record.hash,
        body=record.body,
        private=record.private,
        kind=record.index.kind,
        recorded=record.index.recorded,
    )


def record_of(row: Entry) -> Record:
    """The record that a row keeps; its index follows from its body."""
    body = bytes(row.body)
    private = None if row.private is None else bytes(row.private)
    return Record(row.book, row.number, row.hash, body, private, index_of(body))


@contextmanager
def answers(where: str) -> Iterator[None]:
    """Turn what the database says into what a caller can do about it."""
    try:
        yield
    except IntegrityError as error:
        raise StoreDamaged("a record stands where there is none", where=where) from error
    except OperationalError as error:
        busy = "locked" in str(error) or "deadlock" in str(error)
        kind = StoreBusy if busy else StoreUnwritable
        raise kind("the database does not take it", where=where, found=str(error)) from error
    except DatabaseError as error:
        raise StoreUnwritable("the database refuses", where=where, found=str(error)) from error
