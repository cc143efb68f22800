"""A server that dies under load, and eight processes on one journal: nothing acknowledged is lost."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack

import pytest
from sqlalchemy import create_engine

from edujournal.adapters.stores.sql import SqlStore
from edujournal.ledger.bytes import decode
from edujournal.ledger.verify import verify
from edujournal.testing.records import BOOK, SCHOOL
from tests.figures import figure
from tests.servers import started_postgresql

pytestmark = pytest.mark.search

#: Writes to a book that it shares and to one of its own until its input ends; tells on its output
#: what was acknowledged. A key tells how an act ended whose answer was lost.
WRITER = """
import os, select, sys, time
from edujournal.adapters.stores.sql import SqlStore
from edujournal.errors import StaleHead, StoreBusy, StoreError, UnknownOutcome
from edujournal.testing.records import SCHOOL, head_of, make_records

url, name = sys.argv[1:]
store, count, unsure = None, 0, 0

def tell(records):
    os.write(1, "".join(f"{r.book} {r.number} {r.hash}\\n" for r in records).encode())

while not select.select([sys.stdin], [], [], 0)[0]:
    book = ("shared", f"own-{name}")[count % 2]
    key = f"{name}-{count}"
    made = []
    try:
        store = store or SqlStore(url, create=False)
        with store.writing(SCHOOL, book, store.head(SCHOOL, book).number) as act:
            made = make_records(act.head, (1, 1, 7)[count % 3], book=book, text="Да", key=key)
            act.append(made)
    except UnknownOutcome:
        unsure += 1
        while True:
            try:
                there = store.find_key(SCHOOL, "t-ivanova", key)
                break
            except StoreError:
                time.sleep(0.02)
        if not there:
            continue
        assert [(book, r.number) for r in made] == list(there), (there, key)
    except StoreError:
        time.sleep(0.02)
        continue
    tell(made)
    count += 1
print(f"unsure {unsure} 0", flush=True)
"""


def reading(pipe, told):
    """Take what came through a pipe; give how much is there."""
    os.set_blocking(pipe.fileno(), False)
    told.append(pipe.read() or b"")
    return sum(map(len, told))


@pytest.mark.skipif(os.name != "posix", reason="skip: there is no SIGKILL")
@pytest.mark.parametrize("count", [20, pytest.param(200, marks=pytest.mark.soak)])
def test_a_server_that_is_killed_loses_nothing_that_was_acknowledged(count):
    """Kills under load, of the postmaster and of a backend in turn: 0 lost, 0 divergences."""
    chance = random.Random(4)
    kills = Counter()
    with ExitStack() as stack:
        server = stack.enter_context(started_postgresql())
        url = server.url.render_as_string(hide_password=False)
        SqlStore(url).close()
        writers = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", WRITER, url, str(name)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                )
            )
            for name in range(4)
        ]
        told = [[] for _ in writers]
        lost, checked = 0, dict.fromkeys(range(4), 0)
        for number in range(count):
            before = [reading(w.stdout, t) for w, t in zip(writers, told, strict=True)]
            end = time.monotonic() + 60
            # Under load: every writer has gone on since the last death.
            while any(
                reading(w.stdout, t) <= b for w, t, b in zip(writers, told, before, strict=True)
            ):
                assert time.monotonic() < end, [w.poll() for w in writers]
                time.sleep(0.01)
            time.sleep(chance.random() * 0.1)
            if number % 2:
                kills["backend"] += kill_backend(server.url)
                server.recovered()
            else:
                server.kill()
                kills["postmaster"] += 1
                server.start()
            with SqlStore(server.url, create=False) as store:
                lost += missing(store, told, checked)
            unsure = 0
        for writer, heard in zip(writers, told, strict=True):
            os.set_blocking(writer.stdout.fileno(), True)
            rest, _ = writer.communicate(b"\n", timeout=60)
            assert 0 == writer.returncode
            *acks, last = rest.decode().splitlines()
            unsure += int(last.split()[1])
            heard.append("".join(f"{line}\n" for line in acks).encode())
        with SqlStore(server.url, create=False) as store:
            lost += missing(store, told, dict.fromkeys(range(4), 0))
            acknowledged = sum(map(len, map(lines_of, told)))
            divergences = differing(store)
    figure("R3", "PostgreSQL, kills of the server under load", sum(kills.values()), "kills")
    figure("R3", "PostgreSQL, acknowledged entries over these kills", acknowledged, "entries")
    figure("R3", "PostgreSQL, acts whose answer was lost, resolved by key", unsure, "acts")
    figure("R3", "PostgreSQL, acknowledged entries lost", lost, "entries")
    figure("R3", "PostgreSQL, divergences", divergences, "divergences")

    assert (0, 0) == (lost, divergences)
    assert {"backend": count // 2, "postmaster": count // 2} == kills
    assert acknowledged >= count * 4


def kill_backend(url):
    """SIGKILL of one backend that serves a writer: the server drops all and recovers by itself."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        pids = connection.exec_driver_sql(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
            " AND pid <> pg_backend_pid()"
        )
        pid = random.Random(0).choice(sorted(pid for (pid,) in pids))
        os.kill(pid, signal.SIGKILL)
    engine.dispose()
    return 1


def lines_of(told):
    """The whole lines of what a writer has told."""
    whole = b"".join(told).rpartition(b"\n")[0].decode().split("\n")
    return [line for line in whole if line]


def missing(store, told, checked):
    """How many records that were acknowledged since the last look are not there."""
    acks = [
        (book, int(number), hash_)
        for name, heard in enumerate(told)
        for book, number, hash_ in map(str.split, lines_of(heard)[checked[name] :])
    ]
    for name, heard in enumerate(told):
        checked[name] = len(lines_of(heard))
    hashes = {}
    for book in {book for book, _, _ in acks}:
        first = min(number for name, number, _ in acks if name == book)
        hashes |= {(book, r.number): r.hash for r in store.read(SCHOOL, book, first - 1)}
    return sum(hashes.get((book, number)) != hash_ for book, number, hash_ in acks)


def differing(store):
    """How many of the accounts that the tables give of the same records differ."""
    stored = {book: list(store.read(SCHOOL, book)) for book, _ in store.books(SCHOOL)}
    places = {(book, r.number) for book, records in stored.items() for r in records}
    keys = {r.index.key for records in stored.values() for r in records}
    found = [place for key in keys for place in store.find_key(SCHOOL, "t-ivanova", key)]
    followed = list(store.follow(SCHOOL))
    heads = {book: head.number for book, head in store.books(SCHOOL)}
    return sum(
        [
            sorted(places) != sorted(found),
            list(range(1, len(places) + 1)) != [position for position, _ in followed],
            stored != {book: [r for _, r in followed if r.book == book] for book in stored},
            heads != {book: len(records) for book, records in stored.items()},
            verify(store, SCHOOL).assurance != "L1",
        ]
    )


# -- eight processes on one journal --------------------------------------------------------------

#: Appends to one journal as fast as it can, by the store or by plain SQL that does the same.
RIVAL = """
import sys
from edujournal.adapters.stores.sql import SqlStore
from edujournal.ledger.records import Head
from edujournal.testing.records import BOOK, SCHOOL, make_record
from sqlalchemy import make_url

how, url, name, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])

def by_store():
    with SqlStore(url, create=False, timeout=60) as store:
        yield
        known = 0
        for done in range(count):
            with store.writing(SCHOOL, BOOK, known) as act:
                act.append([make_record(act.head, writer=name, round=done)])
                known = act.head.number
        yield

def by_hand():
    import psycopg
    at = make_url(url)
    with psycopg.connect(host=at.host, port=at.port, user=at.username, password=at.password,
                         dbname=at.database, options=at.query.get("options")) as connection:
        yield
        for done in range(count):
            with connection.transaction():
                number, = connection.execute("SELECT number FROM raw_heads WHERE book = %s FOR UPDATE",
                                             [BOOK]).fetchone()
                record = make_record(Head(number), writer=name, round=done)
                connection.execute("INSERT INTO raw_entries VALUES (%s, %s, %s, %s)",
                                   [BOOK, record.number, record.hash, record.body])
                connection.execute("UPDATE raw_heads SET number = %s WHERE book = %s",
                                   [record.number, BOOK])
        yield

steps = by_store() if how == "store" else by_hand()
next(steps)
print("ready", flush=True)
sys.stdin.readline()
next(steps)
print("done", flush=True)
"""


def raced(how, url, writers, count):
    """Let processes append at once; give appends per second."""
    with ExitStack() as stack:
        rivals = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", RIVAL, how, url, str(name), str(count)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for name in range(writers)
        ]
        assert ["ready\n"] * writers == [rival.stdout.readline() for rival in rivals]
        start = time.perf_counter()
        for rival in rivals:
            rival.stdin.write("\n")
            rival.stdin.flush()
        assert ["done\n"] * writers == [rival.stdout.readline() for rival in rivals]
        return writers * count / (time.perf_counter() - start)


def test_eight_processes_on_one_journal_lose_nothing(postgresql):
    """8 × 250 appends to one journal: all there, no gap, one chain; the rate beside plain SQL's."""
    url = postgresql.render_as_string(hide_password=False)
    engine = create_engine(postgresql)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE raw_heads (book text PRIMARY KEY, number bigint)")
        connection.exec_driver_sql(
            "CREATE TABLE raw_entries (book text, number bigint, hash text, body bytea,"
            " PRIMARY KEY (book, number))"
        )
        connection.exec_driver_sql("INSERT INTO raw_heads VALUES (%s, 0)", (BOOK,))
    engine.dispose()
    with SqlStore(postgresql) as store:
        raw = raced("hand", url, 8, 250)
        ours = raced("store", url, 8, 250)
        records = list(store.read(SCHOOL, BOOK))
        values = [decode(record.body)["values"] for record in records]
        written = sorted((int(value["writer"]), value["round"]) for value in values)
        gaps = sum(one.number != n for n, one in enumerate(records, 1))
        assurance = verify(store, SCHOOL).assurance
    lost = len({(name, n) for name in range(8) for n in range(250)} - set(written))
    figure("R8", "PostgreSQL, 8 processes × 250 on one journal, lost", lost, "entries")
    figure("R8", "PostgreSQL, 8 processes × 250 on one journal, gaps", gaps, "gaps")
    figure("R8", "PostgreSQL, appends by the store", round(ours), "appends/s")
    figure("R8", "PostgreSQL, plain SELECT … FOR UPDATE and INSERT", round(raw), "appends/s")

    assert [(name, n) for name in range(8) for n in range(250)] == written
    assert (0, 0, "L1") == (lost, gaps, assurance)
