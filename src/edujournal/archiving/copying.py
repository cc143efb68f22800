"""Copying a school from one store into another while the first is written to: backups, and their way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice, takewhile
from typing import Final

from edujournal.errors import BadInput, StoreBusy, StoreDamaged
from edujournal.ledger.erasures import ERASURE
from edujournal.ledger.records import Head
from edujournal.model.ids import year_of_book
from edujournal.ports import Keeps, Store

#: Records that are appended at a time.
_BATCH: Final = 500

#: What a store carries beside the books, and cannot be made again from them.
_SCHOOL: Final = "school.json"


def as_of_now(store: Store, school: str, year: str | None = None) -> Iterator[tuple[str, Head]]:
    """Books with the heads up to which they are to be read, so that none is ahead of its cause.

    A seal names heads that were there before it, and an erasure takes texts after it is on record.
    So the seal logs are looked at before all books, and the school books after them. Each book must
    be read before the next is asked for. An erasure that comes meanwhile takes texts of books that
    were read with them: what was begun is to be thrown away.

    Args:
        store: Any store; it may be written to meanwhile.
        school: Id of the school.
        year: Academic year; None for all.

    Raises:
        StoreBusy: An erasure came meanwhile.

    *Version added: 0.1.*
    """

    def names(kind: str) -> list[str]:
        return sorted(
            book
            for book, _ in store.books(school)
            if year in (None, year_of_book(book))
            and kind == ({"seals": "seals", "school": "school"}.get(book.partition("/")[0], ""))
        )

    # The heads of all logs first: a book that is new then is in the list that is asked for later.
    yield from [(book, store.head(school, book)) for book in names("seals")]
    acts = {book: store.head(school, book).number for book in names("school")}
    for book in names(""):
        yield book, store.head(school, book)
    for book in names("school"):
        head = store.head(school, book)
        for record in store.read(school, book, acts.get(book, 0)):
            if record.number > head.number:
                break
            if record.index.kind == ERASURE:
                raise StoreBusy(
                    "texts were erased while they were copied", where=f"{book}:{record.number}",
                    mend="Throw away what was begun, and do it again.",
                )  # fmt: skip
        yield book, head


def copy_school(
    source: Store,
    target: Store,
    school: str,
    progress: Callable[[int], object] = lambda n: None,  # noqa: ARG005 - nobody looks on
) -> dict[str, Head]:
    """Copy all books of a school, its data and regulations into a store that has none of it.

    Every record is copied as it is, byte for byte; the target refuses one that does not follow. The
    order of records across books is that of copying.

    Args:
        source: Where it is; it may be written to meanwhile.
        target: Where it goes.
        school: Id of the school.
        progress: Told how many records were copied.

    Returns:
        Where each book ends in the copy.

    Raises:
        BadInput: The target has a book of the school, or a record does not follow.
        StoreDamaged: A book of the source ends before its head, or cannot be read.

    Source: clause 1.1. *Version added: 0.1.*
    """
    if any(True for _ in target.books(school)):
        raise BadInput(
            "a store that has books of this school", where=school, expected="an empty store",
            mend="Restore into a new store, verify it, and then put it in the place of the old one.",
        )  # fmt: skip
    if isinstance(source, Keeps) and isinstance(target, Keeps):
        for name, content in _documents(source, school):
            target.keep(school, name, content)
    heads: dict[str, Head] = {}
    copied = 0
    for book, head in as_of_now(source, school):
        end = head.number
        records = takewhile(lambda one, end=end: one.number <= end, source.read(school, book))  # type: ignore[misc]
        at = 0
        while batch := list(islice(records, _BATCH)):
            target.append(school, book, batch, at)
            at = batch[-1].number
            copied += len(batch)
            progress(copied)
        heads[book] = target.head(school, book)
        if heads[book] != head:
            raise StoreDamaged(
                "a book that does not end in its head", where=f"{book}:{at}",
                expected=f"{head.number} {head.hash}", found=str(heads[book]),
                mend="Run edujournal verify.",
            )  # fmt: skip
    return heads


def _documents(source: Keeps, school: str) -> Iterator[tuple[str, bytes]]:
    content = source.kept(school, _SCHOOL)
    if content is not None:
        yield _SCHOOL, content
    place, name = 1, "regulation.toml"
    while content := source.kept(school, name):
        yield name, content
        place += 1
        name = f"regulation-{place}.toml"
