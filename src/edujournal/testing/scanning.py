"""What the kit asks of a store that gives all of a school at one go: one part of ``StoreTests``."""

# ruff: noqa: S101, SIM300 - a promise is an assertion, expected == actual

from __future__ import annotations

from collections.abc import Callable

from edujournal.ledger.records import Head, Record
from edujournal.ports import Store
from edujournal.scanning import scan
from edujournal.testing.promises import StorePromises
from edujournal.testing.records import BOOK, SCHOOL, head_of, make_records


class ScanPromises(StorePromises):
    """Promises about all records of a school in one pass, with or without the capability for it.

    *Version added: 0.1.*
    """

    def test_a_scan_gives_every_record_of_a_school_book_by_book(
        self, open_store: Callable[[], Store]
    ) -> None:
        """All records, ordered by book and number, with their texts; of no other school any."""
        store = open_store()
        assert [] == _scanned(store)
        kept: dict[str, list[Record]] = {}
        for turn in range(2):
            for book in ("b", BOOK, "B"):
                before = kept.setdefault(book, [])
                head = head_of(before) if before else Head()
                made = make_records(head, 3 + 1100 * turn * (book == BOOK), text="Да", book=book)
                store.append(SCHOOL, book, made, len(before))
                before += made
        store.append("school-2", "b", make_records(Head(), 2, book="b"), 0)

        assert [one for _, some in sorted(kept.items()) for one in some] == _scanned(open_store())


def _scanned(store: Store) -> list[Record]:
    return [record for some in scan(store, SCHOOL) for record in some]
