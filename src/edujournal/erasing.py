"""Erasing and restricting in the journals of a school: the act first, then what it orders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve

from edujournal.errors import BadInput
from edujournal.journals_core import Plan
from edujournal.ledger.erasures import ERASURE, rows_of
from edujournal.ledger.records import Record
from edujournal.locking import Locking
from edujournal.model.drafts import Compromise, Draft, Erasure, Restoration, Restriction
from edujournal.model.entries import CHANGES
from edujournal.planning import fence_of
from edujournal.ports import Erases
from edujournal.writing import Receipt, entry_of


class Prepares(Locking):
    """Drafts that are completed from the books before they are recorded, and what follows them."""

    def prepared(self, draft: Draft) -> Draft:
        """*draft* with what the library works out for it from the books; most stay as they are.

        Raises:
            BadInput: It names entries that are not there, or asks of the store what it cannot do.
        """
        school = self.school.id
        if isinstance(draft, Compromise | Restoration):
            books = ((book, self.store.read(school, book)) for book, _ in self.store.books(school))
            return fence_of(draft, self.now(), books)
        if isinstance(draft, Erasure):
            if not isinstance(self.store, Erases):
                raise cannot_erase(self.store)
            taken = {
                book: taken_of(book, numbers, self.store.read(school, book))
                for book, numbers in draft.records.items()
            }
            return evolve(draft, taken=taken)
        if isinstance(draft, Restriction):
            for book, numbers in draft.records.items():
                taken_of(book, numbers, self.store.read(school, book))
        return draft

    def carry_out(self, receipts: Iterable[Receipt], ask: Plan) -> None:
        """Erase what the accepted acts among *receipts* order; also when they are repeated.

        What goes is what the entry on record names, not what would be named now.

        Raises:
            StoreError: The act stands, and it is not known what is gone: repeat it.
        """
        for one, receipt in zip(ask.drafted, receipts, strict=True):
            if one.content.kind == ERASURE and receipt.number is not None:
                found = self.store.read(self.school.id, receipt.book, receipt.number - 1)
                self.erase_now(rows_of(entry_of(next(found)).values))

    def erase_now(self, rows: Iterable[tuple[str, int]]) -> int:
        """Destroy the texts of entries that an act on record names; forget what is remembered of them.

        Returns:
            How many entries had texts.

        Raises:
            BadInput: The store cannot erase.
            StoreError: It is not known what is gone.
        """
        if not isinstance(self.store, Erases):
            raise cannot_erase(self.store)
        erased = 0
        for book, numbers in by_book(rows).items():
            erased += self.store.erase(self.school.id, book, numbers)
            self.forget(book)
        return erased


def cannot_erase(store: object) -> BadInput:
    """The error of a store that lacks the capability."""
    return BadInput(
        "a store that cannot erase", where="store", expected="the capability Erases",
        found=type(store).__name__,
        mend="Open the journals over one that can; an act that stands is carried out by a repeat.",
    )  # fmt: skip


def by_book(rows: Iterable[tuple[str, int]]) -> dict[str, set[int]]:
    """Numbers by book, the books in the order of names."""
    found: dict[str, set[int]] = {}
    for book, number in sorted(set(rows)):
        found.setdefault(book, set()).add(number)
    return found


def taken_of(book: str, numbers: Iterable[int], records: Iterable[Record]) -> Mapping[int, str]:
    """Number → kind of every record whose texts go with those of *numbers*: these, and their changes.

    A change counts as what it changes.

    Raises:
        BadInput: The book has no such record.
    """
    wanted = set(numbers)
    found: dict[int, str] = {}
    for record, kind in with_kinds(records):
        index = record.index
        if record.number in wanted or (index.kind in CHANGES and index.target in wanted):
            found[record.number] = kind
    missing = sorted(wanted - found.keys())
    if missing:
        raise BadInput(
            "no such entry", where=f"{book}#{missing[0]}", mend="Look the numbers up in the book."
        )
    return found


def with_kinds(records: Iterable[Record]) -> Iterator[tuple[Record, str]]:
    """Each record of a book from its first one on, with its kind; a change with that of what it changes."""
    kinds: dict[int, str] = {}
    for record in records:
        index = record.index
        kinds[record.number] = kind = (
            kinds.get(index.target or 0, index.kind) if index.kind in CHANGES else index.kind
        )
        yield record, kind
