"""Forks writers, kills them at a random moment, and compares what is left with what they were told.

A program of its own: ``python kills.py URL CYCLES SEED``. One process that starts once, with a single
thread, so that a fork costs little. It prints what it counted, as JSON.
"""

# ruff: noqa: T201 - a program prints

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
import time
from contextlib import contextmanager
from functools import cache

from edujournal.adapters.stores.opening import open_store
from edujournal.adapters.stores.sql import SqlStore
from edujournal.ledger.records import Head
from edujournal.ledger.verify import verify
from edujournal.testing.records import SCHOOL, head_of, make_record, make_records

BOOKS = ("a", "b")
SIZES = (1, 1, 1, 3, 12)

#: Records after which a new place is begun, so that reading does not take most of the time.
MOST = 120


@cache
def database(url):
    """A store on a database: what it has learned of tables and statements is inherited by writers."""
    return SqlStore(url)


@contextmanager
def opened(url):
    """Open the store anew, as a new process would; of a database that is a connection."""
    if url.startswith("sqlite"):
        yield database(url)
    else:
        with open_store(url) as store:
            yield store


def write(url, acks):
    """Append for ever; tell of each acknowledgement by the pipe."""
    chance = random.Random(os.getpid())
    with opened(url) as store:
        heads = {book: store.head(SCHOOL, book) for book in BOOKS}
        while True:
            book = chance.choice(BOOKS)
            count = chance.choice(SIZES)
            batch = make_records(heads[book], count, book=book, text="Да", key="k")
            if chance.random() < 0.5:
                store.append(SCHOOL, book, batch, heads[book].number)
            else:
                with store.writing(SCHOOL, book, heads[book].number) as act:
                    act.append(batch)
            heads[book] = head_of(batch)
            os.write(acks, f"{book} {heads[book].number} {heads[book].hash}\n".encode())


def killed(url, chance):
    """Let one writer live for some milliseconds; give the heads that it was told."""
    if url.startswith("sqlite"):
        # A connection must not be taken over a fork.
        database(url)._transactions.engine.dispose()
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        try:
            write(url, writer)
        finally:
            os._exit(1)
    os.close(writer)
    # From the first acknowledgement on, or sooner: while it opens the store.
    if chance.random() < 0.8:
        select.select([reader], [], [], 60)
    time.sleep(chance.random() * 0.004)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    told = b""
    while piece := os.read(reader, 65536):
        told += piece
    os.close(reader)
    return [line.split() for line in told.decode().split("\n")[:-1]]


def main(url, cycles, seed):
    """Kill so many; print the counts."""
    chance = random.Random(seed)
    counts = dict.fromkeys(
        ("cycles", "acknowledged", "midway", "lost", "halves", "diverged", "unreadable", "stuck"), 0
    )
    place = f"{url}-0"
    known: dict[str, Head] = {book: Head() for book in BOOKS}
    for cycle in range(cycles):
        told = killed(place, chance)
        counts["cycles"] += 1
        counts["acknowledged"] += len(told)
        with opened(place) as store:
            # The next writer comes; what the dead one left is put right.
            for book in BOOKS:
                head = store.head(SCHOOL, book)
                try:
                    coming = make_record(head, book=book, text="weiter", key="k")
                    with store.writing(SCHOOL, book, head.number) as act:
                        act.append([coming])
                except Exception as error:  # noqa: BLE001 - whatever it is, the book is stuck
                    print(repr(error), file=sys.stderr)
                    counts["stuck"] += 1
            everything = []
            for book in BOOKS:
                records = list(store.read(SCHOOL, book))
                everything += [(book, record.number) for record in records]
                hashes = {record.number: record.hash for record in records}
                acked = [(int(number), hash_) for name, number, hash_ in told if name == book]
                counts["lost"] += sum(hashes.get(number) != hash_ for number, hash_ in acked)
                counts["lost"] += (
                    hashes.get(known[book].number, known[book].hash) != known[book].hash
                )
                begun = acked[-1][0] if acked else known[book].number
                behind = len(records) - 1 - begun
                counts["midway"] += behind > 0
                counts["halves"] += behind not in {0, *SIZES}
                known[book] = head_of(records)
                counts["diverged"] += store.head(SCHOOL, book) != known[book]
            order = [(record.book, record.number) for _, record in store.follow(SCHOOL)]
            counts["diverged"] += sorted(order) != sorted(everything)
            counts["diverged"] += list(store.find_key(SCHOOL, "t-ivanova", "k")) != sorted(
                everything
            )
            counts["midway"] += bool(getattr(store, "recoveries", ()))
            if len(everything) > MOST:
                counts["unreadable"] += verify(store, SCHOOL).assurance != "L1"
                place, known = f"{url}-{cycle + 1}", {book: Head() for book in BOOKS}
    print(json.dumps(counts))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
