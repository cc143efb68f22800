"""trust-R9: what clients saw can be put in one order, whatever answers were lost and tried again."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from attrs import evolve

import edujournal as ej
from edujournal.adapters.stores.files import FileStore
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.adapters.stores.sql import SqlStore
from edujournal.errors import StoreError
from edujournal.testing.clocks import StandingClock
from edujournal.testing.records import BOOK, SCHOOL
from tests.figures import cases, figure, seed
from tests.trust.histories import Lossy, anomalies, history_of
from tests.trust.small import LESSONS, PUPILS, a_school

SHARED = Path("/dev/shm")  # noqa: S108 - a folder of its own is made there
CLIENTS = 4


@pytest.fixture
def open_store(kind):
    """Opens a store on one place, again and again."""
    with TemporaryDirectory(dir=SHARED if SHARED.is_dir() else None) as folder:
        memory = MemoryStore(timeout=30)
        opened = []

        def opening():
            if kind == "memory":
                return memory
            if kind == "files":
                return FileStore(folder, timeout=30)
            opened.append(SqlStore(f"sqlite:///{folder}/school.db", timeout=30))
            return opened[-1]

        yield opening
        for store in opened:
            store.close()


@pytest.mark.parametrize(
    ("kind", "usual", "night"),
    [("memory", 6_010, 165_000), ("files", 6_010, 165_000), ("SQLite", 6_010, 165_000)],
)
def test_a_history_with_lost_answers_has_no_anomaly(kind, usual, night, open_store):
    """Every write once and where its client was told; every read sees all that was answered before."""
    wanted = max(400, cases(usual, night))
    done = lost = 0
    for part in range(-(-wanted // 2_000)):
        # A book of some thousand records; then another store would be asked, so a new book begins.
        book = f"{BOOK}/{part}"
        history, missed = history_of(
            lambda book=book: OneBook(open_store(), book), CLIENTS,
            min(2_000, wanted) // CLIENTS, seed(part),
        )  # fmt: skip
        assert [] == anomalies(history, list(OneBook(open_store(), book).read(SCHOOL, BOOK)))
        done += len(history)
        lost += missed
    assert lost > done / 100
    figure("R9", f"{kind}: operations", done)
    figure("R9", "answers lost", lost)
    figure("R9", "anomalies", 0)


class OneBook:
    """A store whose book bears another name: so that many histories share one place."""

    def __init__(self, store, book):
        self.store, self.book = store, book

    def _out(self, record):
        return evolve(record, book=BOOK)

    def head(self, school, book):
        """The head of the book."""
        return self.store.head(school, self.book)

    def read(self, school, book, after=0):
        """Its records."""
        return map(self._out, self.store.read(school, self.book, after))

    def append(self, school, book, records, expect):
        """Append to it."""
        self.store.append(
            school, self.book, [evolve(record, book=self.book) for record in records], expect
        )

    def find_key(self, school, account, key):
        """Where a key is in it."""
        found = self.store.find_key(school, account, key)
        return [(BOOK, number) for book, number in found if book == self.book]

    def writing(self, school, book, after):
        """Act on it."""
        return _Act(self, self.store.writing(school, self.book, after))


class _Act:
    def __init__(self, outer, inner):
        self.outer, self.inner = outer, inner

    def __enter__(self):
        self.act = self.inner.__enter__()
        return self

    def __exit__(self, *error):
        return self.inner.__exit__(*error)

    @property
    def tail(self):
        """The records that came meanwhile."""
        return [evolve(record, book=BOOK) for record in self.act.tail]

    def append(self, records):
        """Append in the act."""
        self.act.append([evolve(record, book=self.outer.book) for record in records])


# -- the same through journals ---------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["memory", "files", "SQLite"])
def test_an_act_with_a_key_is_kept_once_however_often_it_is_tried(kind, open_store):
    """A client that repeats an act until a receipt comes gets the same receipt ever after."""
    school = a_school()
    clock = StandingClock(datetime(2026, 10, 1, 9, tzinfo=UTC))
    wanted = max(60, min(PUPILS * LESSONS, cases(PUPILS * LESSONS // 3, PUPILS * LESSONS)))

    def client(number):
        store = Lossy(open_store(), random.Random(number), 0.1)
        journals = ej.Journals(store, school, "ru-school26-2023", clock=clock)
        told = {}
        for act in range(number, wanted, CLIENTS):
            draft = ej.Mark(
                lesson=f"l{act // PUPILS}",
                pupil=f"p-{act % PUPILS}",
                kind="oral",
                value=str(2 + act % 4),
            )
            key = f"key-{act}"
            while key not in told:
                try:
                    told[key] = journals.record(draft, by="t-1", key=key)
                except StoreError:
                    continue
            if act % 5 == 0:
                store.losses = 0.0
                again = journals.record(draft, by="t-1", key=key)
                assert told[key] == evolve(again, repeated=told[key].repeated)
                store.losses = 0.1
        return told, store.lost

    with ThreadPoolExecutor(CLIENTS) as threads:
        parts = list(threads.map(client, range(CLIENTS)))
    told = {key: receipt for part, _ in parts for key, receipt in part.items()}
    fresh = ej.Journals(open_store(), school, "ru-school26-2023", clock=clock)
    (book,) = {receipt.book for receipt in told.values()}
    entries = list(fresh.entries(book))

    assert wanted == len(entries) == len(told)
    assert sorted(receipt.hash for receipt in told.values()) == sorted(e.hash for e in entries)
    assert sum(lost for _, lost in parts) > 0
    figure("R9", f"{kind}: operations", wanted)
    figure("R9", "answers lost", sum(lost for _, lost in parts))
    figure("R9", "anomalies", 0)
