"""Clients over a store that loses answers, and a checker of what they saw: what R9 and R2 share."""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from attrs import define, field

from edujournal.errors import StaleHead, StoreBusy, UnknownOutcome
from edujournal.ledger.records import Head
from edujournal.testing.records import BOOK, SCHOOL, head_of, make_record

ACCOUNT = "t-ivanova"


@define
class Event:
    """One operation of a client, from its call to its answer.

    Attributes:
        client: Who called.
        what: ``write``, ``read``.
        begun: When it was called, in nanoseconds.
        ended: When the answer came; None when the client gave up.
        key: Of a write: its client key.
        number: Of a write: where its record stands; of a read: up to which number it saw.
        hash: The hash that it was told.
    """

    client: int
    what: str
    begun: int
    ended: int | None = None
    key: str = ""
    number: int = 0
    hash: str = ""


@define
class Lossy:
    """A store whose answers are lost now and then, before or after the act, or that is too busy.

    Every other method is that of the store itself.
    """

    store: object
    chance: random.Random
    losses: float = 0.06
    lost: int = field(default=0, init=False)

    def __getattr__(self, name):
        return getattr(self.store, name)

    def fails(self):
        """How this act ends: well, or how else."""
        if self.chance.random() >= self.losses:
            return "well"
        self.lost += 1
        return self.chance.choice(["busy", "before", "after", "after"])

    def append(self, school, book, records, expect):
        """Append, and perhaps lose the answer."""
        end = self.fails()
        self._before(end)
        self.store.append(school, book, records, expect)
        self._after(end)

    @contextmanager
    def writing(self, school, book, after):
        """Act, and perhaps lose the answer."""
        end = self.fails()
        self._before(end)
        with self.store.writing(school, book, after) as act:
            yield act
        self._after(end)

    def _before(self, end):
        if end == "busy":
            raise StoreBusy("too busy")
        if end == "before":
            raise UnknownOutcome("the connection was lost")

    def _after(self, end):
        if end == "after":
            raise UnknownOutcome("the connection was lost")


class Client:
    """Writes with keys and reads, one operation after the other, and never gives a key up too early.

    Args:
        number: Its number.
        store: Its store, which loses answers.
        seed: Draws what it does.
    """

    def __init__(self, number, store, seed):
        self.number, self.store = number, store
        self.chance = random.Random(seed)
        self.known = Head()
        self.history = []

    def run(self, count):
        """Do so many operations; give the history."""
        for done in range(count):
            event = Event(self.number, "write", time.monotonic_ns())
            if self.chance.random() < 0.4:
                event.what = "read"
                self.read(event)
            else:
                event.key = f"{self.number}-{done}"
                self.write(event)
            event.ended = time.monotonic_ns()
            self.history.append(event)
        return self.history

    def read(self, event):
        """Look where the book ends, or read on from there."""
        if self.chance.random() < 0.5:
            head = self.store.head(SCHOOL, BOOK)
        else:
            tail = list(self.store.read(SCHOOL, BOOK, self.known.number))
            head = head_of(tail) if tail else self.known
        self.known = max(head, self.known, key=lambda found: found.number)
        event.number, event.hash = head.number, head.hash

    def write(self, event):
        """Write once, however often it takes; after a lost answer the key tells whether it is there."""
        while True:
            head = self.store.head(SCHOOL, BOOK)
            record = make_record(head, key=event.key, client=self.number)
            try:
                if self.chance.random() < 0.5:
                    self.store.append(SCHOOL, BOOK, [record], head.number)
                else:
                    with self.store.writing(SCHOOL, BOOK, head.number) as act:
                        if act.tail:
                            record = make_record(
                                head_of(act.tail), key=event.key, client=self.number
                            )
                        act.append([record])
            except (StaleHead, StoreBusy):
                continue
            except UnknownOutcome:
                found = self.store.find_key(SCHOOL, ACCOUNT, event.key)
                if not found:
                    continue
                ((_, number),) = found
                (record,) = [
                    record
                    for record in self.store.read(SCHOOL, BOOK, number - 1)
                    if record.number == number
                ]
            event.number, event.hash = record.number, record.hash
            self.known = Head(record.number, record.hash)
            return


def history_of(open_store, clients, count, seed, losses=0.06):
    """Let so many clients, each with a store of its own, do so many operations at once.

    Returns:
        The history, and how many answers were lost.
    """
    stores = [Lossy(open_store(), random.Random(seed + n), losses) for n in range(clients)]
    acting = [Client(n, store, seed * 1000 + n) for n, store in enumerate(stores)]
    with ThreadPoolExecutor(clients) as threads:
        histories = list(threads.map(lambda client: client.run(count), acting))
    return [event for one in histories for event in one], sum(store.lost for store in stores)


def anomalies(history, records):
    """Tell what cannot be, if every operation happened at one moment between its call and its answer.

    Args:
        history: Every operation.
        records: The book as it is in the end.
    """
    found = []
    keys = {}
    for record in records:
        keys.setdefault(record.index.key, []).append(record)
    writes = [event for event in history if event.what == "write"]
    for event in writes:
        mine = keys.pop(event.key, [])
        if [(event.number, event.hash)] != [(record.number, record.hash) for record in mine]:
            found.append(f"{event} is there as {[record.number for record in mine]}")
    found += [f"nobody wrote {key}" for key in keys]
    if [record.number for record in records] != list(range(1, len(records) + 1)):
        found.append("the numbers have gaps")
    hashes = {record.number: record.hash for record in records} | {0: Head().hash}
    found += [
        f"{event} saw another record"
        for event in history
        if event.what == "read" and hashes.get(event.number) != event.hash
    ]
    return found + _out_of_order(writes, history)


def _out_of_order(writes, history):
    """Operations that contradict the order of answers and calls."""
    found = []
    latest = 0
    for event in sorted(writes, key=lambda event: event.number):
        if event.ended < latest:
            found.append(f"{event} was answered before one with a lower number was called")
        latest = max(latest, event.begun)
    # Whatever was answered before a call is seen by it: the greatest number known so far.
    steps = sorted(
        [(event.ended, 0, event) for event in history] + [(event.begun, 1, event) for event in history],
        key=lambda step: step[:2],
    )  # fmt: skip
    known, floor = 0, {}
    for _, begins, event in steps:
        if begins:
            floor[id(event)] = known
        else:
            if event.number < floor[id(event)] + (event.what == "write"):
                found.append(f"{event} did not see {floor[id(event)]}")
            known = max(known, event.number)
    begun = sorted(writes, key=lambda event: event.begun)
    position, most = 0, 0
    for event in sorted((e for e in history if e.what == "read"), key=lambda event: event.ended):
        while position < len(begun) and begun[position].begun < event.ended:
            most = max(most, begun[position].number)
            position += 1
        if event.number > most:
            found.append(f"{event} saw a record before it was written")
    return found
