"""Erasures and restrictions: which texts are gone, or hidden, because an act in the school book says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Protocol

from edujournal.errors import BadInput, StoreDamaged
from edujournal.ledger.books import BookState
from edujournal.ledger.bytes import decode
from edujournal.ledger.past import fencing_book
from edujournal.ledger.records import Record
from edujournal.ledger.validity import Standing

#: Kind of the record that tells of an erasure.
ERASURE: Final = "erasure"


class _Readable(Protocol):
    def read(self, school: str, book: str, after: int = 0) -> Iterator[Record]:
        """The records of one book."""


def rows_of(values: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Book and number of every record whose texts an erasure with these *values* takes.

    *Version added: 0.1.*
    """
    for row in (*values.get("records", ()), *values.get("taken", ())):
        yield row["book"], row["n"]


def restricted(school: BookState) -> Mapping[str, frozenset[int]]:
    """Book → numbers of the entries whose texts are hidden by restrictions that stand.

    A restriction that is void hides nothing, and a void lifting lifts nothing. No moment is asked:
    what is restricted now is hidden in views of the past as well.

    *Version added: 0.1.*

    Args:
        school: A school book, up to date.
    """
    fences = school.own_fences
    acts = sorted(
        (*school.ever("restriction"), *school.ever("release")), key=lambda act: act.number
    )
    found: dict[str, list[tuple[str, int]]] = {}
    for act in acts:
        if fences.standing(act) is Standing.VOID:
            continue
        if act.kind == "release":
            found.pop(act.about, None)
        else:
            found[act.about] = list(rows_of(act.values))
    hidden: dict[str, set[int]] = {}
    for book, number in (row for rows in found.values() for row in rows):
        hidden.setdefault(book, set()).add(number)
    return {book: frozenset(numbers) for book, numbers in hidden.items()}


class Erasures:
    """The erasures that the school books of a school tell of, each book read when it is asked for.

    A void erasure counts as well: what was erased under a stolen login is gone all the same, and the
    entry says who did it.

    *Version added: 0.1.*

    Args:
        store: Any store.
        school: Id of the school.
    """

    def __init__(self, store: _Readable, school: str) -> None:
        self._store = store
        self._school = school
        self._known: dict[str, Mapping[str, frozenset[int]]] = {}

    def of(self, book: str) -> frozenset[int]:
        """Numbers of the records of *book* whose texts were to be erased."""
        acts = fencing_book(book)
        if acts is None:
            return frozenset()
        if acts not in self._known:
            self._known[acts] = _folded(self._records(acts))
        return self._known[acts].get(book, frozenset())

    def _records(self, book: str) -> Iterator[Record]:
        try:
            yield from self._store.read(self._school, book)
        except StoreDamaged:
            # Where the acts cannot be read on, verification of their own book says so.
            return


def _folded(records: Iterable[Record]) -> Mapping[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for record in records:
        if record.index.kind == ERASURE:
            for book, number in _rows(record):
                found.setdefault(book, set()).add(number)
    return {book: frozenset(numbers) for book, numbers in found.items()}


def _rows(record: Record) -> list[tuple[str, int]]:
    try:
        return list(rows_of(decode(record.body)["values"]))
    except (BadInput, KeyError, TypeError, AttributeError):
        # An edited act: verification of its own book locates it; it excuses nothing.
        return []
