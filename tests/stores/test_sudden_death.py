"""kill -9 at a random moment: what was acknowledged is there, whole, and the next process goes on."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.search

#: Forks writers, kills them, and reads what is left. One process that starts once: a fork costs
#: little, and it has a single thread.
NURSERY = """
import json, os, random, select, signal, sys, time
from edujournal.adapters.stores.opening import open_store
from edujournal.ledger.records import Head
from edujournal.ledger.verify import verify
from edujournal.testing.records import BOOK, SCHOOL, head_of, make_records

url, cycles, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
chance = random.Random(seed)

def write(acks):
    sizes = random.Random(os.getpid())
    with open_store(url) as store:
        head = store.head(SCHOOL, BOOK)
        while True:
            batch = make_records(head, sizes.choice([1, 1, 1, 7, 40]), text="Да", key="k")
            store.append(SCHOOL, BOOK, batch, head.number)
            head = head_of(batch)
            os.write(acks, f"{head.number} {head.hash}\\n".encode())

lost = split = unreadable = acknowledged = killed_midway = 0
sizes = {1, 7, 40}
for cycle in range(cycles):
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        try:
            write(writer)
        finally:
            os._exit(1)
    os.close(writer)
    select.select([reader], [], [], 30)
    time.sleep(chance.random() * 0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    told = b""
    while piece := os.read(reader, 65536):
        told += piece
    os.close(reader)
    heads = [line.split() for line in told.decode().split("\\n")[:-1]]
    with open_store(url) as store:
        if heads:
            store.append(SCHOOL, BOOK, [], store.head(SCHOOL, BOOK).number)
        records = list(store.read(SCHOOL, BOOK))
        hashes = {str(record.number): record.hash for record in records}
        lost += sum(hashes.get(number) != hash_ for number, hash_ in heads)
        acknowledged += len(heads)
        behind = len(records) - int(heads[-1][0]) if heads else 0
        split += heads != [] and behind not in {0, *sizes}
        killed_midway += behind > 0 or bool(getattr(store, "recoveries", ()))
        unreadable += verify(store, SCHOOL).assurance != "L1"
        unreadable += len(store.find_key(SCHOOL, "t-ivanova", "k")) != len(records)
    if len(records) > 600:
        # A new place, so that reading it does not take most of the time.
        url += "x"
print(json.dumps(dict(lost=lost, split=split, unreadable=unreadable, acknowledged=acknowledged,
                      killed_midway=killed_midway)))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="skip: there is no fork")
@pytest.mark.parametrize("scheme", ["file:{}/files", "sqlite:///{}/journal.db"])
def test_killed_writers_lose_nothing_that_was_acknowledged(scheme, tmp_path):
    """50 writers die in the middle of their work: 0 lost, 0 half batches, every key still found."""
    done = subprocess.run(
        [sys.executable, "-c", NURSERY, scheme.format(tmp_path), "50", "7"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert 0 == done.returncode, done.stderr
    found = json.loads(done.stdout)
    assert [0, 0, 0] == [found[name] for name in ("lost", "split", "unreadable")]
    assert found["acknowledged"] >= 50


RIVAL = """
import sys
from edujournal.adapters.stores.opening import open_store
from edujournal.errors import StaleHead, StoreBusy
from edujournal.testing.records import BOOK, SCHOOL, make_record
url, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
done = stale = 0
with open_store(url, timeout=20) as store:
    print("ready", flush=True)
    sys.stdin.readline()
    while done < count:
        record = make_record(store.head(SCHOOL, BOOK), writer=name, round=done)
        try:
            store.append(SCHOOL, BOOK, [record], record.number - 1)
        except StaleHead:
            stale += 1
            continue
        done += 1
print(done, stale)
"""


@pytest.mark.parametrize("scheme", ["file:{}/files", "sqlite:///{}/journal.db"])
def test_two_processes_on_one_book_lose_nothing(scheme, tmp_path):
    """Two processes race for every number: all of both is there, each number once, one whole chain."""
    from edujournal.adapters.stores.opening import open_store
    from edujournal.ledger.bytes import decode
    from edujournal.ledger.verify import verify
    from edujournal.testing.records import BOOK, SCHOOL

    url = scheme.format(tmp_path)
    rivals = [
        subprocess.Popen(
            [sys.executable, "-c", RIVAL, url, name, "100"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("a", "b")
    ]
    for rival in rivals:
        assert "ready\n" == rival.stdout.readline()
    told = []
    for rival in rivals:
        rival.stdin.write("\n")
        rival.stdin.flush()
    for rival in rivals:
        out, _ = rival.communicate(timeout=120)
        told.append(int(out.split()[0]))

    assert [100, 100] == told
    with open_store(url) as store:
        values = [decode(record.body)["values"] for record in store.read(SCHOOL, BOOK)]
        assert "L1" == verify(store, SCHOOL).assurance
    assert [(name, number) for name in "ab" for number in range(100)] == sorted(
        (value["writer"], value["round"]) for value in values
    )
