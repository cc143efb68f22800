"""Canonical bytes and hashes: making them, and checking a whole book."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from typing import Any

from bench.book import Book, book
from bench.figures import Section
from bench.measure import Way, measured
from bench.school import BOOK, SCHOOL
from bench.size import Size
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.ledger.assurance import Evidence, assure
from edujournal.ledger.bytes import decode, encode
from edujournal.ledger.chain import check_chain, entry_hash
from edujournal.ledger.checkpoints import Checkpoint
from edujournal.ledger.records import ZERO_HASH
from edujournal.ledger.verify import verify
from edujournal.model.ids import year_of_book
from edujournal.sealing import Seals


def bodies(of: Book) -> list[dict[str, Any]]:
    """The bodies of a book's records, read."""
    return [decode(record.body) for record in of.records]


def canonical(values: list[dict[str, Any]]) -> str:
    """Encode each and hash it over the one before; give the last hash."""
    last = ZERO_HASH
    for value in values:
        last = entry_hash(last, encode(value))
    return last


def plain(values: list[dict[str, Any]]) -> bytes:
    """Write each as plain JSON and hash it; give the last hash."""
    last = b""
    for value in values:
        last = sha256(json.dumps(value).encode()).digest()
    return last


def sorted_plain(values: list[dict[str, Any]]) -> bytes:
    """The same with keys in order and no blanks; unchecked, these are our bytes."""
    last = b""
    for value in values:
        data = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        last = sha256(data.encode()).digest()
    return last


def _itself(run: Callable[[], None]) -> Callable[[], object]:
    return run


def made(size: Size) -> Section:
    """From a body to its canonical bytes and its hash."""
    values = bodies(book(size.books[0]))

    def way(title: str, make: Callable[[list[dict[str, Any]]], object], ours: bool) -> Way:
        return Way(title, lambda: lambda: make(values), len(values), ours=ours, repeats=True)

    return measured(
        "bytes",
        "From a body to bytes and hash",
        "entry",
        [
            way("json.dumps + sha256", plain, False),
            way("json.dumps(sort_keys, no blanks) + sha256", sorted_plain, False),
            way("edujournal: canonical bytes + chained hash", canonical, True),
        ],
        size.rounds,
        ("Canonical bytes are checked: no float, no large integer, text in normal form C.",),
    )


def checked(size: Size) -> Section:
    """A whole book verified."""
    of = book(size.books[0])
    raw = [record.body for record in of.records]

    def hashes() -> None:
        for body in raw:
            sha256(body).digest()

    def read() -> None:
        for body in raw:
            sha256(body).digest()
            json.loads(body)

    def chain() -> None:
        assert not list(check_chain(of.records, BOOK))

    def whole() -> None:
        assert verify(of.store, SCHOOL).assurance is not None

    # A clock of its own: what is measured does not depend on the day.
    sealed = MemoryStore()
    sealed.append(SCHOOL, BOOK, of.records, 0)
    year = year_of_book(BOOK)
    log = Seals(sealed, SCHOOL, clock=lambda: datetime(2026, 9, 15, tzinfo=UTC))
    log.seal(year)
    anchor = Checkpoint(log.origin(year), log.log(year).size, log.log(year).root)
    evidence = {year: Evidence(anchor.origin, anchors=(anchor,))}

    def seals() -> None:
        assert assure(sealed, SCHOOL, evidence).assurance == "L3"

    ways = [("sha256 over the same bytes", hashes, False),
            ("sha256 + json.loads", read, False),
            ("edujournal: check_chain", chain, True),
            ("edujournal: verify", whole, True),
            ("edujournal: assure, with tree, seal and checkpoint", seals, True)]  # fmt: skip
    size_of = sum(map(len, raw)) / len(raw)
    return measured(
        "verify",
        "A book verified",
        "entry",
        [
            Way(title, partial(_itself, run), len(raw), ours=ours, repeats=True)
            for title, run, ours in ways
        ],
        size.rounds,
        (
            f"A body has {size_of:.0f} bytes on average.",
            "verify also asks whether the bytes are canonical, the index and the texts right.",
            "assure builds the tree over the book besides: two hashes more an entry.",
        ),
    )
