"""Processes that write to one journal, or read it, all at once: ``python writers.py ROLE URL NAME COUNT``.

``COUNT`` is how many a writer appends, or up to which number a reader reads. Each prints what it saw,
as JSON. With ``+lockfile`` before the URL folders cannot be locked, as on some systems, and a lock
file serves.
"""

# ruff: noqa: T201 - a program prints

from __future__ import annotations

import json
import sys
import time

from edujournal.adapters.stores.files import disk
from edujournal.adapters.stores.opening import open_store
from edujournal.errors import StaleHead, StoreBusy
from edujournal.ledger.records import Head
from edujournal.testing.records import BOOK, SCHOOL, head_of, make_record

#: Seconds within which every append must be let in.
PATIENCE = 60

#: Seconds after which a reader that sees nothing new gives up.
STANDSTILL = 600


def write(store, name, count):
    """Append so many, each with a key, again and again when another was first."""
    head, stale, fenced, longest, acked = Head(), 0, 0, 0.0, []
    for done in range(count):
        begun = time.monotonic()
        while True:
            head = store.head(SCHOOL, BOOK)
            if done % 2:
                record = make_record(head, key=f"{name}-{done}", writer=name, round=done)
                try:
                    store.append(SCHOOL, BOOK, [record], head.number)
                except StaleHead:
                    stale += 1
                    continue
                except StoreBusy as error:
                    # Told by the fence, not by the clock.
                    if "in spite of the lock" not in str(error):
                        raise
                    fenced += 1
                    continue
            else:
                with store.writing(SCHOOL, BOOK, head.number) as act:
                    head = head_of(act.tail) if act.tail else head
                    record = make_record(head, key=f"{name}-{done}", writer=name, round=done)
                    act.append([record])
            break
        acked.append([record.number, record.hash])
        longest = max(longest, time.monotonic() - begun)
    print(json.dumps({"acked": acked, "stale": stale, "fenced": fenced, "longest": longest}))


def read(store, name, count):
    """Read on until number *count*, or until nothing comes; what is seen is a prefix, and stays."""
    seen, rounds, wrong = [], 0, 0
    until = time.monotonic() + STANDSTILL
    while len(seen) < count and time.monotonic() < until:
        rounds += 1
        again = max(0, len(seen) - 3)
        found = list(store.read(SCHOOL, BOOK, again))
        numbers = [record.number for record in found]
        wrong += numbers != list(range(again + 1, again + 1 + len(found)))
        wrong += [record.hash for record in found[: len(seen) - again]] != seen[again:]
        wrong += store.head(SCHOOL, BOOK).number < again + len(found)
        if again + len(found) > len(seen):
            until = time.monotonic() + STANDSTILL
        seen[again:] = [record.hash for record in found]
        time.sleep(0.005)
    print(json.dumps({"wrong": wrong, "rounds": rounds, "seen": len(seen)}))


def main(role, url, name, count):
    """Do as one is told."""
    if url.startswith("+lockfile"):
        url = url.removeprefix("+lockfile")
        disk._lock_folder = lambda *_: False
    with open_store(url, timeout=PATIENCE) as store:
        print("ready", flush=True)
        sys.stdin.readline()
        {"write": write, "read": read}[role](store, name, count)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
