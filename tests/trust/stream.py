"""A school of a million entries that are made while they are read, sealed and signed: for trust-V1.

Run as a program it verifies them and tells, as JSON, how long that took beside plain hashes, and how much
memory: in a process of its own, so that nothing else is counted.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from time import process_time

from edujournal.ledger.assurance import Assured, Evidence, assure
from edujournal.ledger.bytes import decode, encode
from edujournal.ledger.chain import ENTRY_DOMAIN
from edujournal.ledger.checkpoints import Checkpoint
from edujournal.ledger.commitments import seal_texts
from edujournal.ledger.index import index_from
from edujournal.ledger.records import Head, Record
from edujournal.ledger.seals import Seal, SealLog
from edujournal.ledger.tree import Peaks, leaf_hash
from edujournal.ledger.verify import verify_book
from edujournal.model.ids import seals_book
from edujournal.testing.records import SCHOOL, make_record

YEAR = "2026"
LOG = seals_book(YEAR)

#: Entries about a lesson: a topic with its text, a roll, the rest marks.
A_LESSON = 25


def _templates(book: str) -> list[tuple[bytes, bytes, bytes, bytes, bytes | None, object]]:
    """Bodies of one lesson, each cut where its act and its number stand."""
    found = []
    for item in range(A_LESSON):
        body = decode(make_record(book=book).body) | {"pupil": f"p-{item:02}"}
        private = None
        if item == 0:
            body |= {"kind": "topic", "pupil": None, "values": {"plan": "1"}}
            body["texts"], private = seal_texts({"topic": "Дроби: сложение"}, [bytes(16)])
        elif item == 1:
            body |= {"kind": "roll", "pupil": None, "values": {"absent": ["p-03", "p-17"]}}
        data = encode(body)
        first, _, rest = data.partition(b'"act":1,')
        middle, _, last = rest.partition(b'"n":1,')
        found.append((first, middle, last, data, private, index_from(body)))
    return found


class Stream:
    """A store of which nothing is kept: each reading makes the same records again.

    Args:
        books: How many journals.
        entries: How many entries each of them has.
        every: How many entries come under one seal.
    """

    def __init__(self, books: int, entries: int, every: int) -> None:
        self.entries = entries
        self.log = SealLog(SCHOOL, YEAR)
        self._heads = {}
        self._seals: list[Record] = []
        names = [f"journal/{n:03}/alg/{YEAR}" for n in range(books)]
        self._templates = {book: _templates(book) for book in names}
        for book in names:
            tree, waiting = Peaks(), []
            for record in self.read(SCHOOL, book):
                waiting.append(leaf_hash(bytes.fromhex(record.hash)))
                if record.number % every == 0 or record.number == entries:
                    tree = tree.add(waiting)
                    waiting.clear()
                    seal = Seal(book, record.number, record.hash, tree, record.number)
                    made = self.log.records_of([seal])
                    self.log.take(made)
                    self._seals += made
            self._heads[book] = Head(record.number, record.hash)
        self._heads[LOG] = self.log.head

    def books(self, school: str) -> Iterator[tuple[str, Head]]:
        """Every book with its head."""
        yield from self._heads.items()

    def read(self, school: str, book: str, after: int = 0) -> Iterator[Record]:
        """Records, made one by one."""
        if book == LOG:
            yield from self._seals[after:]
            return
        hash_ = bytes(32)
        for number, body, private, index in self._bodies(book) if book in self._templates else ():
            hash_ = sha256(ENTRY_DOMAIN + hash_ + sha256(body).digest()).digest()
            yield Record(book, number, hash_.hex(), body, private, index)

    def _bodies(self, book: str) -> Iterator[tuple[int, bytes, bytes | None, object]]:
        templates = self._templates[book]
        for number in range(1, self.entries + 1):
            first, middle, last, _, private, index = templates[number % A_LESSON]
            body = b'%b"act":%d,%b"n":%d,%b' % (first, number, middle, number, last)
            yield number, body, private, index

    def bodies(self, book: str) -> Iterator[bytes]:
        """The same bytes alone."""
        for _, body, _, _ in self._bodies(book):
            yield body


def spent(run: Callable[[], object]) -> float:
    """Seconds of one core that *run* takes."""
    began = process_time()
    run()
    return process_time() - began


def evidence(stream: Stream) -> dict[str, Evidence]:
    """A checkpoint from print over all seals of a stream."""
    anchor = Checkpoint("edujournal/school-1/2026", stream.log.size, stream.log.root)
    return {YEAR: Evidence(anchor.origin, anchors=(anchor,))}


def main(books: int, entries: int) -> None:
    """Verify; print what it took."""
    stream = Stream(books, entries, every=500)
    kept, total = evidence(stream), books * entries
    (first, head) = next(iter(stream.books(SCHOOL)))

    def records() -> None:
        for _ in stream.read(SCHOOL, first):
            pass

    def plain() -> None:
        for body in stream.bodies(first):
            sha256(body).digest()

    def bodies() -> None:
        for _ in stream.bodies(first):
            pass

    found: list[Assured] = []
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with_seals = spent(lambda: found.append(assure(stream, SCHOOL, kept)))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # What is measured is verifying, not making what is verified: the same for one book alone.
    making = spent(records)
    without = spent(lambda: verify_book(stream, SCHOOL, first, head))
    hashing = spent(plain) - spent(bodies)
    (report,) = found
    told = {
        "assurance": report.assurance,
        "damages": [str(one) for one in report.damages],
        "lacks": [str(one) for one in report.lacks],
        "records": report.books.records,
        "seals": stream.log.size,
        "sealed": total / (with_seals - making * books),
        "verified": entries / (without - making),
        "plain": entries / hashing,
        "grown": (after - before) / 1024,
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
