"""The SQL store on SQLite: what is set, what is asked, and what every failure means."""

from __future__ import annotations

import re
import resource
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, event, exc, inspect
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.schema import CreateTable

from edujournal.adapters.stores.sql import SqlStore, Tables, upgrade
from edujournal.adapters.stores.sql.answers import translated
from edujournal.adapters.stores.sql.tables import dialect_of
from edujournal.errors import (
    BadInput,
    StaleHead,
    StoreBusy,
    StoreDamaged,
    StoreTooNew,
    StoreUnwritable,
)
from edujournal.ledger.records import Head
from edujournal.ledger.verify import verify
from edujournal.testing.records import BOOK, SCHOOL, head_of, make_record, make_records


@pytest.fixture
def path(tmp_path):
    """Where the database lies."""
    return tmp_path / "journal.db"


@pytest.fixture
def store(path):
    """A store with five records."""
    with SqlStore(f"sqlite:///{path}", timeout=0.1) as store:
        store.append(SCHOOL, BOOK, FIVE, 0)
        yield store


FIVE = make_records(Head(), 5, text="Да", key="k")


@pytest.fixture
def raw(path, store):
    """The database as an insider sees it."""
    connection = sqlite3.connect(path, isolation_level=None)
    yield connection
    connection.close()


def statements(store):
    """Collect what the store says to the database."""
    said = []
    event.listen(
        store._transactions.engine,
        "before_cursor_execute",
        lambda *call: said.append(" ".join(call[2].split())),
    )
    return said


# -- what is promised ----------------------------------------------------------------------------


def test_every_connection_is_set_up_and_read_back(store):
    """WAL, a sync at every commit, and foreign keys: on each connection of the pool."""
    with store._transactions.engine.connect() as one, store._transactions.engine.connect() as two:
        for connection in (one, two):
            found = [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in ("journal_mode", "synchronous", "foreign_keys", "fullfsync")
            ]
            assert ["wal", 2, 1, 1] == found


def test_the_head_is_locked_before_anything_is_read(store):
    """A write begins IMMEDIATE, asks for the head first, and ends with it."""
    said = statements(store)
    store.append(SCHOOL, BOOK, make_records(head_of(FIVE), 1, key="k"), 5)

    assert "BEGIN IMMEDIATE" == said[0]
    assert [
        ("SELECT", "heads"),
        ("INSERT", "entries"),
        ("INSERT", "keys"),
        ("UPDATE", "heads"),
        ("UPDATE", "positions"),
        ("INSERT", "feed"),
    ] == [(line.split()[0], re.search(r"edujournal_(\w+)", line)[1]) for line in said[1:]]


@pytest.mark.parametrize("count", [1, 100, 1000])
def test_the_number_of_statements_does_not_grow_with_the_batch(store, count):
    """A thousand records cost as many statements as one."""
    said = statements(store)
    store.append(SCHOOL, BOOK, make_records(head_of(FIVE), count), 5)

    assert 6 == len(said)


def test_a_read_is_one_short_transaction_a_page(store):
    """Between pages no connection is held, so that a slow reader is in nobody's way."""
    store.append(SCHOOL, BOOK, make_records(head_of(FIVE), 2000), 5)
    said = statements(store)
    reading = store.read(SCHOOL, BOOK)
    next(reading)
    assert 0 == store._transactions.engine.pool.checkedout()
    assert 2004 == len(list(reading))

    assert ["BEGIN", "SELECT", "SELECT", "BEGIN", "SELECT", "BEGIN", "SELECT"] == [
        line.split()[0] for line in said
    ]


def test_keys_are_found_without_reading_a_book(store):
    """A look-up asks the table of keys and nothing else."""
    said = statements(store)

    assert [(BOOK, n) for n in range(1, 6)] == store.find_key(SCHOOL, "t-ivanova", "k")
    assert ["BEGIN", "SELECT"] == [line.split()[0] for line in said]
    assert "edujournal_entries" not in said[1]


# -- where it is put -----------------------------------------------------------------------------


def test_tables_take_a_prefix_and_show_themselves(path):
    """A host that shares its database names the tables and migrates them itself."""
    engine = create_engine(f"sqlite:///{path}")
    tables = Tables("sqlite", prefix="ej_")
    with pytest.raises(BadInput, match="no tables"):
        SqlStore(f"sqlite:///{path}", prefix="ej_", create=False)
    tables.metadata.create_all(engine)
    with pytest.raises(BadInput, match="no tables"):
        SqlStore(f"sqlite:///{path}", prefix="ej_", create=False)
    with engine.begin() as connection:
        connection.execute(tables.format.insert(), {"name": "edujournal", "version": 2})
    with SqlStore(f"sqlite:///{path}", prefix="ej_", create=False) as store:
        store.append(SCHOOL, BOOK, FIVE, 0)
        assert FIVE == list(store.read(SCHOOL, BOOK))
        assert sorted(store.tables.metadata.tables) == inspect(engine).get_table_names()
    engine.dispose()


def test_every_key_begins_with_the_school():
    """So that the tables can be partitioned or distributed by school without a change."""
    for dialect in ("sqlite", "postgresql", "mysql"):
        tables = Tables(dialect, schema="journals")
        for table in tables.metadata.tables.values():
            keys = [table.primary_key, *table.indexes]
            keys += [c for c in table.constraints if c is not table.primary_key]
            first = {next(iter(key.columns)).name for key in keys if len(key.columns)}
            assert first == ({"name"} if table is tables.format else {"school"})


def test_text_is_compared_by_code_points_on_every_database():
    """No server folds case or accents: each column names the collation that does not."""
    for dialect, collation in (
        (postgresql.dialect(), 'COLLATE "C"'),
        (mysql.dialect(), "COLLATE utf8mb4_0900_bin"),
        (mysql.dialect(is_mariadb=True), "COLLATE utf8mb4_nopad_bin"),
    ):
        tables = Tables(dialect_of(dialect))
        for table in tables.metadata.tables.values():
            said = str(CreateTable(table).compile(dialect=dialect))
            assert said.count("VARCHAR") == said.count(collation)
            assert "VARCHAR" in said


def test_an_engine_of_the_host_is_used_and_left_open(path):
    """The host's own engine serves, whatever it does when a transaction begins."""
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def connect(connection, _record):
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def begin(connection):
        connection.exec_driver_sql("BEGIN")

    with SqlStore(engine) as store:
        store.append(SCHOOL, BOOK, FIVE, 0)
        with store.writing(SCHOOL, BOOK, 5) as act:
            act.append(make_records(head_of(FIVE), 1))
    with engine.connect() as connection:
        count = connection.exec_driver_sql("SELECT count(*) FROM edujournal_entries")
        assert 6 == count.scalar_one()
    engine.dispose()


@pytest.mark.skipif(sys.version_info < (3, 12), reason="skip: the driver has that mode since 3.12")
def test_an_engine_whose_driver_begins_by_itself_is_used(path):
    """The driver's own transactions are ended before ours begin."""
    engine = create_engine(f"sqlite:///{path}", connect_args={"autocommit": False})
    with SqlStore(engine) as store:
        store.append(SCHOOL, BOOK, FIVE, 0)
        assert FIVE == list(store.read(SCHOOL, BOOK))
    engine.dispose()


@pytest.fixture
def writer(path):
    """Another's connection in the midst of a write, to a database that is no store of ours yet."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("CREATE TABLE theirs (id)")
    connection.execute("BEGIN IMMEDIATE")
    yield connection
    connection.close()


def test_a_new_database_that_another_writes_is_waited_for(path, writer):
    """SQLite itself does not wait there; of several who open a new database none is turned away."""
    ending = threading.Timer(0.2, writer.execute, ["COMMIT"])
    ending.start()
    with SqlStore(f"sqlite:///{path}", timeout=30) as store:
        assert not ending.is_alive()
        store.append(SCHOOL, BOOK, FIVE, 0)
        assert FIVE == list(store.read(SCHOOL, BOOK))


@pytest.mark.usefixtures("writer")
def test_a_new_database_that_another_does_not_leave_is_busy(path):
    """No longer than the time-out is waited."""
    with pytest.raises(StoreBusy, match="another connection holds the database"):
        SqlStore(f"sqlite:///{path}", timeout=0.1)


def test_an_engine_that_may_lose_acknowledged_records_is_refused(path):
    """synchronous=NORMAL in WAL loses the last commits with the power: not with this store."""
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def connect(connection, _record):
        connection.execute("PRAGMA synchronous=NORMAL")

    with pytest.raises(StoreUnwritable, match="synchronous 1"):
        SqlStore(engine)
    engine.dispose()


@pytest.mark.parametrize("bind", [None, 5, b"sqlite:///x"])
def test_what_is_no_database_is_refused(bind):
    """A URL or an engine."""
    with pytest.raises(BadInput, match="not a database"):
        SqlStore(bind)


def test_on_an_unknown_server_the_first_writer_makes_the_head_and_locks_it(store):
    """Where no statement of the dialect's own does it, a savepoint lets the second writer lose."""
    store._rows.dialect = "another"
    said = statements(store)
    made = make_records(Head(), 2, book="new")
    store.append(SCHOOL, "new", made[:1], 0)
    store.append(SCHOOL, "new", made[1:], 1)

    assert made == list(store.read(SCHOOL, "new"))
    verbs = [line.split()[0] for line in said]
    assert [
        "BEGIN",
        "SELECT",
        "SAVEPOINT",
        "INSERT",
        "RELEASE",
        "SELECT",
        "INSERT",
        "UPDATE",
    ] == verbs[:8]


def test_on_an_unknown_server_the_second_first_writer_waits_for_the_row_of_the_first(store):
    """Two writers begin one book: the second finds the row that it could not insert."""
    store._rows.dialect = "another"
    made = make_records(Head(), 1, book="new")
    rows = []

    @event.listens_for(store._transactions.engine, "before_cursor_execute")
    def overtake(_connection, cursor, statement, *_more):
        if statement.startswith("SAVEPOINT") and not rows:
            rows.append(
                cursor.execute(
                    "INSERT INTO edujournal_heads VALUES (?, 'new', 1, ?)", [SCHOOL, made[0].hash]
                )
            )

    with pytest.raises(StaleHead) as caught:
        store.append(SCHOOL, "new", made, 0)
    assert (0, 1) == (caught.value.expected, caught.value.actual)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (exc.OperationalError("select", {}, Exception("server closed")), StoreUnwritable),
        (exc.InterfaceError("select", {}, Exception("no connection")), StoreUnwritable),
        (exc.IntegrityError("insert", {}, Exception("duplicate key")), StoreDamaged),
        (exc.ProgrammingError("select", {}, Exception("no such relation")), StoreDamaged),
        (exc.TimeoutError("QueuePool limit"), StoreBusy),
        (exc.NoResultFound("no row"), StoreDamaged),
    ],
)
def test_errors_of_servers_mean_what_a_caller_can_do(error, expected):
    """Whatever SQLAlchemy raises becomes one of the store's errors, with what the server said."""
    found = translated(error, "postgresql://db")

    assert type(found) is expected
    assert str(getattr(error, "orig", error)) in str(found)


# -- what can go wrong ---------------------------------------------------------------------------

HOLD = """
import sys
import threading
from edujournal.adapters.stores.sql import SqlStore
with SqlStore("sqlite:///" + sys.argv[1]).writing("school-1", "journal/7A/alg/2026", 0):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_database_that_another_process_writes_is_busy(path, store):
    """Writing is refused after the time-out; reading goes on; then writing goes on."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert "held\n" == other.stdout.readline()
        with pytest.raises(StoreBusy):
            store.append(SCHOOL, BOOK, make_records(head_of(FIVE), 1), 5)
        assert FIVE == list(store.read(SCHOOL, BOOK))
        other.stdin.write("\n")

    store.append(SCHOOL, BOOK, make_records(head_of(FIVE), 1), 5)


def test_a_new_database_that_somebody_locks_is_busy(path):
    """To make the tables is to write, too."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreBusy):
        SqlStore(f"sqlite:///{path}", timeout=0.05)
    other.close()


def test_a_read_only_database_is_read_and_not_written(path, store):
    """Records can be read; writing says so."""
    store.close()
    url = f"sqlite:///file:{path}?mode=ro&uri=true"
    with SqlStore(url) as reader:
        assert FIVE == list(reader.read(SCHOOL, BOOK))
        with pytest.raises(StoreUnwritable, match="readonly"):
            reader.append(SCHOOL, BOOK, make_records(head_of(FIVE), 1), 5)
        with pytest.raises(StoreUnwritable, match="readonly"):
            reader.keep(SCHOOL, "regulation", b"")
        assert FIVE == list(reader.read(SCHOOL, BOOK))


def test_a_read_only_database_without_tables_says_so(path):
    """Nothing to read, and nowhere to write."""
    sqlite3.connect(path).close()
    with pytest.raises(StoreUnwritable):
        SqlStore(f"sqlite:///file:{path}?mode=ro&uri=true")


def test_a_full_database_takes_nothing(path):
    """At the limit of pages a batch is refused whole, and what was there stays readable."""
    with SqlStore(f"sqlite:///{path}") as store:
        store.append(SCHOOL, BOOK, FIVE, 0)

        @event.listens_for(store._transactions.engine, "checkout")
        def limit(connection, _record, _proxy):
            connection.execute("PRAGMA max_page_count=30")

        done = list(FIVE)

        def fill():
            while True:
                batch = make_records(head_of(done), 20)
                store.append(SCHOOL, BOOK, batch, len(done))
                done.extend(batch)

        with pytest.raises(StoreUnwritable, match="full"):
            fill()

        assert len(done) > 5
        assert done == list(store.read(SCHOOL, BOOK))
        assert "L1" == verify(store, SCHOOL).assurance


def test_a_full_disk_takes_nothing(path, store):
    """At the system's limit of file size a batch is refused whole; then the store goes on."""
    batch = make_records(head_of(FIVE), 400)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, hard))
    try:
        with pytest.raises(StoreUnwritable):
            store.append(SCHOOL, BOOK, batch, 5)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert FIVE == list(store.read(SCHOOL, BOOK))
    store.append(SCHOOL, BOOK, batch, 5)
    assert 405 == store.head(SCHOOL, BOOK).number


@pytest.mark.parametrize("content", [b"not a database at all, " * 100, b"SQLite format 3\x00" * 64])
def test_a_file_that_is_no_database_is_damage(path, content):
    """A file that cannot be read as a database is told."""
    path.write_bytes(content)
    with pytest.raises(StoreDamaged):
        SqlStore(f"sqlite:///{path}")


def test_pages_that_are_overwritten_are_damage(path, store):
    """A malformed page is told when it is met."""
    store.append(SCHOOL, BOOK, make_records(head_of(FIVE), 300), 5)
    store.close()
    data = bytearray(path.read_bytes())
    data[8 * 4096 :] = b"\xff" * (len(data) - 8 * 4096)
    path.write_bytes(data)

    def read():
        with SqlStore(f"sqlite:///{path}") as again:
            return list(again.read(SCHOOL, BOOK))

    with pytest.raises(StoreDamaged):
        read()


def test_tables_of_a_later_version_are_refused(path, raw):
    """A database of a later version asks for an upgrade."""
    raw.execute("UPDATE edujournal_format SET version = 3")
    with pytest.raises(StoreTooNew, match="Upgrade"):
        SqlStore(f"sqlite:///{path}")


def make_format_1(url):
    """Make a database as the first format had it, with two books; give their records."""
    with SqlStore(url) as store:
        made = {book: make_records(Head(), 3, book=book, text="Да") for book in ("b", "a")}
        for book, records in made.items():
            store.append(SCHOOL, book, records, 0)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE edujournal_feed")
        connection.exec_driver_sql("DROP TABLE edujournal_positions")
        connection.exec_driver_sql("UPDATE edujournal_format SET version = 1")
    engine.dispose()
    return [*made["a"], *made["b"]]


@pytest.mark.parametrize("server", ["sqlite", "postgresql", "mariadb"])
def test_tables_of_an_older_format_are_brought_up_to_date(server, request, tmp_path):
    """Opened, they become of the present format, with an order of what was there; all writers go on."""
    url = (
        f"sqlite:///{tmp_path / 'old.db'}"
        if server == "sqlite"
        else request.getfixturevalue(server)
    )
    made = make_format_1(url)
    with pytest.raises(BadInput, match="older format"):
        SqlStore(url, create=False)
    with ThreadPoolExecutor(4) as threads:
        stores = list(threads.map(lambda _: SqlStore(url), range(4)))
    stores[0].append(SCHOOL, "c", [make_record(book="c")], 0)

    assert [*made, make_record(book="c")] == [r for _, r in stores[1].follow(SCHOOL)]
    assert [1, 2, 3, 4, 5, 6, 7] == [position for position, _ in stores[2].follow(SCHOOL)]
    for store in stores:
        store.close()


def test_a_host_brings_its_tables_up_to_date_in_its_own_migration(tmp_path):
    """upgrade() runs in the host's transaction."""
    url = f"sqlite:///{tmp_path / 'old.db'}"
    made = make_format_1(url)
    engine = create_engine(url)
    with engine.begin() as connection:
        assert 2 == upgrade(connection, Tables("sqlite"))
    engine.dispose()
    with SqlStore(url, create=False) as store:
        assert made == [record for _, record in store.follow(SCHOOL)]


def test_a_table_that_is_missing_is_damage(store, raw):
    """Tables do not vanish by themselves."""
    raw.execute("DROP TABLE edujournal_keys")
    with pytest.raises(StoreDamaged, match="no such table"):
        store.find_key(SCHOOL, "t-ivanova", "k")
    with pytest.raises(StoreDamaged):
        store.append(SCHOOL, BOOK, make_records(head_of(FIVE), 1, key="k"), 5)
    assert FIVE == list(store.read(SCHOOL, BOOK))


# -- tampering -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edit", "found"),
    [
        ("UPDATE edujournal_entries SET body = replace(body, '\"5\"', '\"4\"') WHERE number = 2", "bytes"),
        ("UPDATE edujournal_entries SET body = cast(replace(body, '\"5\"', '\"4\"') AS BLOB) WHERE number = 2", (2, "hash")),
        ("UPDATE edujournal_entries SET hash = '00' WHERE number = 5", (5, "hash")),
        ("UPDATE edujournal_entries SET role = 'head' WHERE number = 3", (3, "index")),
        ("UPDATE edujournal_entries SET lo = NULL WHERE number = 3", (3, "index")),
        ("UPDATE edujournal_entries SET pupil = '' WHERE number = 3", (3, "index")),
        ("UPDATE edujournal_entries SET private = NULL WHERE number = 3", (3, "lost")),
        ("UPDATE edujournal_entries SET private = cast('{}' AS BLOB) WHERE number = 3", (3, "lost")),
        ("UPDATE edujournal_entries SET private = cast('{' AS BLOB) WHERE number = 3", (3, "texts")),
        ("UPDATE edujournal_entries SET private = (SELECT private FROM edujournal_entries WHERE number = 1) WHERE number = 3", (3, "texts")),
        ("DELETE FROM edujournal_entries WHERE number = 3", (3, "unreadable")),
        ("DELETE FROM edujournal_entries WHERE number = 5", (5, "unreadable")),
        ("DELETE FROM edujournal_entries WHERE number > 0", (1, "unreadable")),
        ("UPDATE edujournal_entries SET number = 9 WHERE number = 3", (3, "unreadable")),
        ("UPDATE edujournal_heads SET number = 4", (5, "head")),
        ("UPDATE edujournal_heads SET number = 6", (6, "unreadable")),
        ("UPDATE edujournal_heads SET hash = '00' || substr(hash, 3)", (5, "head")),
        ("UPDATE edujournal_entries SET hash = 'not hex' WHERE number = 3", (3, "hash")),
        ("UPDATE edujournal_entries SET hash = x'00' WHERE number = 3", (3, "unreadable")),
        ("UPDATE edujournal_entries SET number = 'three' WHERE number = 3", (3, "unreadable")),
        ("UPDATE edujournal_entries SET school = 'school-2'", (1, "unreadable")),
    ],
)  # fmt: skip
def test_an_edited_database_is_located(store, raw, edit, found):
    """Every edit of a row is found at its record; nothing of it passes for whole."""
    assert raw.execute(edit).rowcount
    report = verify(store, SCHOOL)

    if found == "bytes":
        assert [(2, "unreadable")] == [(d.number, d.what) for d in report.damages]
    else:
        assert found in [(d.number, d.what) for d in report.damages]
        assert "L1" != report.assurance


@pytest.mark.parametrize(
    "edit", ["hash = '00'", "hash = 'not hex'", "hash = x'00'", "number = 'x'"]
)
def test_a_head_that_is_none_is_damage(store, raw, edit):
    """What stands in the place of a head is not appended to, nor listed."""
    raw.execute(f"UPDATE edujournal_heads SET {edit}")

    for using in (
        lambda: store.head(SCHOOL, BOOK),
        lambda: store.books(SCHOOL),
        lambda: store.append(SCHOOL, BOOK, make_records(head_of(FIVE), 1), 5),
    ):
        with pytest.raises(StoreDamaged):
            using()
    assert verify(store, SCHOOL).assurance is None


def test_swapped_rows_are_located(store, raw):
    """Two records that change places are found at the first of them."""
    raw.execute("UPDATE edujournal_entries SET number = -2 WHERE number = 2")
    raw.execute("UPDATE edujournal_entries SET number = 2 WHERE number = 4")
    raw.execute("UPDATE edujournal_entries SET number = 4 WHERE number = -2")
    found = [(d.number, d.what) for d in verify(store, SCHOOL).damages]

    assert (2, "hash") == found[0]
    assert {(2, "body"), (4, "body")} <= set(found)


def test_rows_spliced_in_from_another_book_or_school_are_located(store, raw):
    """The true records of another book do not become records of this one."""
    other = make_records(Head(), 5, book="journal/7B/alg/2026", text="Да", key="k")
    store.append(SCHOOL, "journal/7B/alg/2026", other, 0)
    columns = "hash, kind, about, pupil, account, role, client_key, item, recorded, lo, hi, target, body, private"
    raw.execute("DELETE FROM edujournal_entries WHERE number = 3 AND book = ?", [BOOK])
    raw.execute(
        f"INSERT INTO edujournal_entries (school, book, number, {columns})"
        f" SELECT school, ?, number, {columns} FROM edujournal_entries WHERE number = 3",
        [BOOK],
    )
    found = [(d.book, d.number, d.what) for d in verify(store, SCHOOL).damages]

    assert (BOOK, 3, "hash") == found[0]
    assert (BOOK, 3, "body") in found


def test_a_deleted_head_does_not_let_a_book_begin_again(store, raw):
    """Without its head a book is not listed; a new record does not slide under the old ones."""
    raw.execute("DELETE FROM edujournal_heads")

    assert [] == list(verify(store, SCHOOL).damages)
    assert ["receipt"] == [d.what for d in verify(store, SCHOOL, {"gone": [head_of(FIVE)]}).damages]
    with pytest.raises(StoreDamaged, match="not what was written"):
        store.append(SCHOOL, BOOK, [make_record()], 0)
    assert FIVE == list(store.read(SCHOOL, BOOK))


def test_whole_books_read_to_the_byte_after_an_edit_is_undone(store, raw):
    """The tests above see what they are for: undone, the same book is whole."""
    raw.execute("UPDATE edujournal_entries SET role = 'head' WHERE number = 3")
    raw.execute("UPDATE edujournal_entries SET role = 'teacher' WHERE number = 3")

    assert "L1" == verify(store, SCHOOL).assurance
    assert FIVE == list(store.read(SCHOOL, BOOK))
