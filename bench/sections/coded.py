"""One entry to bytes, and back: ours are canonical, hashed and indexed, and proven when they are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any, Final

from bench.book import Book, book
from bench.figures import Section
from bench.measure import Way, measured
from bench.peers.codecs import PEERS, Codec
from bench.school import BOOK, SCHOOL, regulation, salt
from bench.size import Size
from edujournal.ledger.bytes import decode, encode
from edujournal.ledger.records import Record
from edujournal.model.entries import Entry
from edujournal.planning import Act
from edujournal.rules.judging import Judge
from edujournal.writing import BookAct, entry_of

_NOTES: Final = (
    "A peer writes the fields of an entry and reads them; its object is there beforehand.",
    (
        "edujournal writes its body, which also has school, year, zone, calendar and regulations, in"
        " canonical form, with commitments to texts, hash and index; read, it is proven to be canonical"
        " and the texts to be those that were committed to."
    ),
)


def writer(of: Book) -> BookAct:
    """What makes records of the entries of a book."""
    (hand,) = {entry.by for entry in of.entries}
    judges = (Judge(regulation(), of.school.facts()),)
    return BookAct(Act(SCHOOL, hand, of.at, None, judges, salt), BOOK, ())


def written(of: Book, by: BookAct) -> list[Record]:
    """The records of its entries, made anew."""
    previous, found = "", []
    for entry in of.entries:
        record, _ = by.record(entry, previous)
        previous = record.hash
        found.append(record)
    return found


def check(of: Book) -> None:
    """Stop if an entry is not the same after it was written and read."""
    assert written(of, writer(of)) == list(of.records), "other records than those kept"
    assert [entry_of(record) for record in of.records] == list(of.entries), "other entries"
    for title, make, needs in PEERS:
        if all(find_spec(name) for name in needs):
            check_peer(title, make(), of.entries)


def check_peer(title: str, codec: Codec, entries: Sequence[Entry]) -> None:
    """Stop if a peer reads another entry than it has written."""
    for entry in entries:
        data = codec.dump(codec.made(entry))
        assert isinstance(data, bytes), f"{title}: no bytes"
        assert codec.told(codec.load(data)) == entry, f"{title}: another entry"


def dumped(size: Size) -> Section:
    """An entry to bytes."""
    of = book(size.books[0])
    check(of)
    by, bodies = writer(of), [decode(record.body) for record in of.records]
    ways = _peers(lambda codec: _each(codec.dump, [codec.made(entry) for entry in of.entries]), of)
    ways += [
        _ours("BookAct.record, canonical bytes, hash and index", of, lambda: written(of, by)),
        _ours("encode, of a body that is there", of, _each(encode, bodies)),
    ]
    return measured("dump", "One entry to bytes", "entry", ways, size.rounds, _NOTES)


def loaded(size: Size) -> Section:
    """An entry from bytes."""
    of = book(size.books[0])
    check(of)
    ways = _peers(
        lambda codec: _each(codec.load, [codec.dump(codec.made(entry)) for entry in of.entries]), of
    )
    bodies = [record.body for record in of.records]
    ways += [
        _ours("entry_of, proven canonical and committed to", of, _each(entry_of, of.records)),
        _ours("decode, to a body", of, _each(decode, bodies)),
    ]
    return measured("load", "One entry from bytes", "entry", ways, size.rounds, _NOTES)


def _peers(run: Callable[[Codec], Callable[[], object]], of: Book) -> list[Way]:
    def prepare(make: Callable[[], Codec]) -> Callable[[], Callable[[], object]]:
        made: list[Callable[[], object]] = []

        def ready() -> Callable[[], object]:
            if not made:
                made.append(run(make()))
            return made[0]

        return ready

    return [
        Way(title, prepare(make), len(of.entries), needs=needs, repeats=True)
        for title, make, needs in PEERS
    ]


def _ours(title: str, of: Book, run: Callable[[], object]) -> Way:
    return Way(f"edujournal: {title}", lambda: run, len(of.entries), ours=True, repeats=True)


def _each(do: Callable[[Any], object], things: Sequence[Any]) -> Callable[[], object]:
    def run() -> None:
        for one in things:
            do(one)

    return run
