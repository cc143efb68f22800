"""trust-R2: the tests of the table find bugs that are planted: each was somebody's once.

A bug is planted in the true source of a function, by replacing a piece of it, and then the same check
runs that finds nothing where no bug is.
"""

from __future__ import annotations
import __future__

import inspect
import random
import textwrap
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve

import edujournal as ej
from edujournal.adapters.stores.files import FileStore, books, heads, recovery, store
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.adapters.stores.sql import SqlStore, rows, settings, transactions
from edujournal.errors import StoreBusy
from edujournal.ledger import chain, commitments, verify
from edujournal.ledger.commitments import SALT_SIZE
from edujournal.ledger.records import Head
from edujournal.model import time
from edujournal.testing.records import BOOK, SCHOOL, head_of, make_record, make_records
from tests.figures import figure
from tests.trust import failures
from tests.trust.flips import Flips
from tests.trust.histories import anomalies, history_of
from tests.trust.power import Life


def planted(patch, owner, name, old, new):
    """Plant a bug: replace *old* by *new* in the source of a function."""
    function = getattr(owner, name)
    source = textwrap.dedent(inspect.getsource(function))
    assert 1 == source.count(old), f"{name} has changed: plant the bug anew"
    file = inspect.getsourcefile(function)
    flags = __future__.annotations.compiler_flag
    found = {}
    exec(compile(source.replace(old, new), file, "exec", flags), function.__globals__, found)  # noqa: S102
    patch.setattr(owner, name, found[name])


# -- checks: each raises AssertionError when it finds something ------------------------------------


def lives(_folder, most=15):
    """R1: some lives with losses of power; refusals of the disk in some."""
    for number in range(most):
        Life(number, appends=12, draws=6).run()


def refused_lives(_folder):
    """R1 again, with a disk that often refuses to sync."""
    for number in range(25):
        life = Life(number, appends=15, draws=6)
        life.refusals = 0.1
        life.run()


def flips(_folder):
    """R5: some flipped bits of slots and lines."""
    found = Flips(1)
    for bit in found.bits()[:3000]:
        assert found.noticed(*bit), bit


def tampering(_folder):
    """R7: in memory, where nothing but verification looks at a record."""
    made = make_records(Head(), 6, text="Да")
    memory = MemoryStore()
    memory.append(SCHOOL, BOOK, made, 0)
    kept = memory._books[SCHOOL, BOOK]
    assert verify.verify(memory, SCHOOL).assurance == "L1"
    for place, record in enumerate(made):
        body = record.body.replace(b'"value":"5"', b'"value":"4"')
        for changed in (
            [evolve(record, body=body)],
            [],
            [record, record],
            [evolve(record, hash="0" * 64)],
        ):
            memory._books[SCHOOL, BOOK] = [*made[:place], *changed, *made[place + 1 :]]
            head = {} if len(changed) == 1 else {BOOK: [head_of(made)]}
            assert verify.verify(memory, SCHOOL, head).assurance is None or head, (place, changed)
            assert any(verify.verify(memory, SCHOOL, head).damages), (place, changed)
    memory._books[SCHOOL, BOOK] = kept


def statements(folder):
    """R4: every statement of an append fails once."""
    failures.every_statement(folder, failures.append)


def race(folder):
    """R8: four writers, each with a store of its own, none of whom may be turned away."""
    url = f"sqlite:///{folder / 'race.db'}"
    with SqlStore(url) as first:
        first.append(SCHOOL, BOOK, [make_record()], 0)

    def write(name):
        with SqlStore(url, timeout=30) as mine:
            for done in range(15):
                with mine.writing(SCHOOL, BOOK, 0) as act:
                    act.append([make_record(head_of(act.tail), writer=name, round=done)])

    with ThreadPoolExecutor(4) as threads:
        try:
            list(threads.map(write, range(4)))
        except StoreBusy as error:
            raise AssertionError("a writer was turned away") from error
    with SqlStore(url) as last:
        assert 61 == last.head(SCHOOL, BOOK).number


def synced(folder):
    """R1 for SQLite, whose disk is not ours: what it says of its own syncs."""
    with SqlStore(f"sqlite:///{folder / 'synced.db'}") as opened:

        def told(connection):
            return [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("synchronous", "journal_mode")
            ]

        level, mode = opened._transactions.ask(told)
    assert level >= 2, "a loss of power may take what was acknowledged"
    assert mode == "wal"


def repeated_hour(_folder):
    """R11: the second pass of an hour is an hour later."""
    before = datetime(2010, 10, 30, 22, tzinfo=UTC)
    moments = [time.instant(before + timedelta(minutes=10 * step)) for step in range(18)]
    shown = [time.moment(at, "Europe/Moscow") for at in moments]
    assert moments == [time.instant(moment) for moment in shown]


def guessing(_folder):
    """S8: a text cannot be guessed from what the body shows of it, nor two be told to be the same."""
    texts = ("Молодец!", "Не готов к уроку", "5")
    shown = [
        commitments.seal_texts({"comment": text}, [random.Random(n).randbytes(SALT_SIZE)])[0]
        for n, text in enumerate(texts * 2)
    ]
    found = [one["comment"] for one in shown]
    assert len(found) == len(set(found)), "the same text shows the same commitment"
    guesses = {commitments.commitment(b"", text) for text in texts}
    assert not guesses & set(found)


def isolation(folder):
    """S3: the same book of two schools is two books."""
    with SqlStore(f"sqlite:///{folder / 'isolation.db'}") as opened:
        made = {name: [make_record(school=name)] for name in ("school-1", "school-2")}
        for name, records in made.items():
            opened.append(name, BOOK, records, 0)
        for name, records in made.items():
            try:
                found = list(opened.read(name, BOOK))
            except ej.EdujournalError as error:
                raise AssertionError("another school is in the way") from error
            assert records == found


def history(folder):
    """R9: what clients saw, when answers are lost."""
    url = f"sqlite:///{folder / 'history.db'}"
    opened = []

    def opening():
        opened.append(SqlStore(url, timeout=30))
        return opened[-1]

    try:
        found, _ = history_of(opening, 2, 60, 5, losses=0.3)
        assert [] == anomalies(found, list(opening().read(SCHOOL, BOOK)))
    finally:
        for one in opened:
            one.close()


def overtaken(folder):
    """R9 for files: a reader whose two halves of a head are of different times."""
    disk = failures.Overtaking()
    writer = FileStore("", disk=disk)
    made = make_records(Head(), 8)
    for record in made[:2]:
        writer.append(SCHOOL, BOOK, [record], record.number - 1)
    disk.coming = made[2:]
    try:
        assert FileStore("", disk=disk).head(SCHOOL, BOOK).number == 8
    except ej.StoreDamaged as error:
        raise AssertionError("damage that is none") from error


# -- bugs ------------------------------------------------------------------------------------------

Folder = books.BookFolder
BUGS = {
    "no sync of the log": (
        lives, (Folder, "append", "files.log.sync()", "pass"),
    ),
    "acknowledged before the head is synced": (
        lives, (Folder, "append", "files.head.sync()", "pass"),
    ),
    "no sync of the folder": (
        lives, (Folder, "create", "self._disk.sync_folder(self.folder)", "pass"),
    ),
    "renamed before it is synced": (
        lives, (store.FileStore, "_replace", "file.sync()", "pass"),
    ),
    "a refused sync is tried again": (
        refused_lives,
        (Folder, "append", "    files.log.sync()", "    try:\n        files.log.sync()\n    except OSError:\n        files.log.sync()"),
    ),
    "a slot that was refused is believed": (
        refused_lives, (Folder, "append", "spoil(self._disk, self._head, new)", "pass"),
    ),
    "nothing cut off after a short write": (
        lives, (recovery.Recoverer, "_trim", "file.cut(end)", "pass"),
    ),
    "slots are read leniently": (
        flips, (heads, "slot_in", "or block_of(slot, name) != block", "or False"),
    ),
    "the hash before is not compared": (
        tampering, (chain.Chain, "follow", "right != record.hash", "False"),
    ),
    "the last record is not looked at": (
        tampering,
        (verify, "verify_book", "            records += 1\n",
         "            if head and record.number == head.number:\n                chain.head = head\n                break\n            records += 1\n"),
    ),
    "entries and head in two transactions": (
        statements,
        (rows.Rows, "put", "    if exists:\n",
         "    connection.exec_driver_sql('COMMIT')\n    connection.exec_driver_sql('BEGIN IMMEDIATE')\n    if exists:\n"),
    ),
    "a transaction that begins by reading": (
        race, (transactions, "begin_sqlite", '"BEGIN IMMEDIATE" if writes else "BEGIN"', '"BEGIN"'),
    ),
    "a write-ahead log that is seldom synced": (
        synced,
        (settings, "_set_up_sqlite", '("synchronous", "FULL", _FULL_SYNC)', '("synchronous", "NORMAL", 1)'),
        (settings, "_check_sqlite", "level < _FULL_SYNC", "False"),
    ),
    "clocks on the wall are compared": (
        repeated_hour, (time, "instant", "moment.utcoffset()", "moment.replace(fold=0).utcoffset()"),
    ),
    "a commitment without its salt": (
        guessing, (commitments, "commitment", "COMMITMENT_DOMAIN + salt + text", "COMMITMENT_DOMAIN + text"),
    ),
    "a query that forgets the school": (
        isolation,
        (rows.Rows, "_compose", 'entries.c.school == bindparam("_school"),\n            entries.c.book == bindparam("_book"),\n            entries.c.number > bindparam("_after"),',
         'entries.c.book == bindparam("_book"),\n            entries.c.number > bindparam("_after"),'),
    ),
    "a client key that is not kept": (
        history, (rows.Rows, "put", "    if keyed:", "    if False:"),
    ),
    "two halves of a head taken for one": (
        overtaken, (Folder, "slot", "if data == before:\n                raise", "if True:\n                raise"),
    ),
}  # fmt: skip


#: Checks that were seen to pass without a bug.
SOUND = set()


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_found(bug, tmp_path, monkeypatch):
    """The check passes without the bug, and fails with it."""
    check, *pieces = BUGS[bug]
    if check not in SOUND:
        (tmp_path / "sound").mkdir()
        check(tmp_path / "sound")
        SOUND.add(check)
    for piece in pieces:
        planted(monkeypatch, *piece)
    (tmp_path / "planted").mkdir()
    with pytest.raises(AssertionError):
        check(tmp_path / "planted")
    figure("R2", "planted bugs found", 1)


def test_so_many_bugs_are_planted():
    """Sixteen at least."""
    assert len(BUGS) >= 16
    figure("R2", "planted bugs", len(BUGS))
