"""The SQL store on PostgreSQL and MariaDB: what is set, what is asked, and what every failure means."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy import create_engine, event

import edujournal as ej
from edujournal.adapters.stores.sql import SqlStore
from edujournal.adapters.stores.sql.answers import TRIES
from edujournal.errors import (
    StaleHead,
    StoreBusy,
    StoreDamaged,
    StoreTooNew,
    StoreUnwritable,
    UnknownOutcome,
)
from edujournal.ledger.records import Head
from edujournal.ledger.verify import verify
from edujournal.testing.clocks import StandingClock
from edujournal.testing.records import BOOK, SCHOOL, head_of, make_record, make_records
from tests.proxies import CuttingProxy
from tests.servers import started_postgresql

FIVE = make_records(Head(), 5, text="Да", key="k")


@pytest.fixture(params=["postgresql", "mariadb"])
def url(request):
    """An empty place on each server."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def store(url):
    """A store with five records."""
    with SqlStore(url, timeout=1) as store:
        store.append(SCHOOL, BOOK, FIVE, 0)
        yield store


@pytest.fixture
def raw(url):
    """The database as an insider sees it: every statement is committed by itself."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def fail_after(doing, *given):
    """Do it, and fail."""
    doing(*given)
    raise ZeroDivisionError


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


def test_the_head_is_locked_before_anything_is_read(store):
    """A write asks for the head FOR UPDATE first; entries, keys and head follow in one transaction."""
    said = statements(store)
    store.append(SCHOOL, BOOK, make_records(head_of(FIVE), 1, key="k"), 5)

    assert said[0].endswith("FOR UPDATE")
    assert [
        ("SELECT", "heads"),
        ("INSERT", "entries"),
        ("INSERT", "keys"),
        ("UPDATE", "heads"),
        ("UPDATE", "positions"),
        ("INSERT", "feed"),
    ] == [(line.split()[0], re.search(r"edujournal_(\w+)", line)[1]) for line in said]


@pytest.mark.parametrize("count", [1, 1000])
def test_the_number_of_statements_does_not_grow_with_the_batch(store, count):
    """A thousand records cost as many statements as one."""
    said = statements(store)
    store.append(SCHOOL, BOOK, make_records(head_of(FIVE), count), 5)

    assert 5 == len(said)


def test_writers_that_begin_a_book_together_lose_nothing(store):
    """Eight threads race for the first record of twenty books: one wins each, seven learn of it."""
    gate, lost = Barrier(8), []

    def race(name):
        won = 0
        for number in range(20):
            book = f"new-{number}"
            gate.wait(30)
            try:
                store.append(SCHOOL, book, [make_record(book=book, writer=name)], 0)
            except StaleHead as error:
                lost.append((error.expected, error.actual))
            else:
                won += 1
        return won

    with ThreadPoolExecutor(8) as threads:
        assert 20 == sum(threads.map(race, range(8)))
    assert [(0, 1)] * 140 == lost
    assert "L1" == verify(store, SCHOOL).assurance


def test_writers_of_two_books_do_not_wait_for_each_other(store):
    """A book that is locked keeps nobody from another one."""
    with store.writing(SCHOOL, BOOK, 5) as act, store.writing(SCHOOL, "another", 0) as other:
        other.append([make_record(book="another")])
        act.append(make_records(head_of(FIVE), 1))

    assert [6, 1] == [store.head(SCHOOL, book).number for book in (BOOK, "another")]


# -- what is set and read back -------------------------------------------------------------------


def test_postgresql_is_told_to_wait_for_the_disk(postgresql):
    """A role or database set to lose the last commits is overruled on every connection of ours."""
    weak = postgresql.update_query_dict(
        {"options": f"{postgresql.query['options']} -csynchronous_commit=off"}
    )
    with SqlStore(weak, timeout=0.25) as store, store._transactions.engine.connect() as connection:
        found = [
            connection.exec_driver_sql(f"SHOW {name}").scalar_one()
            for name in ("synchronous_commit", "lock_timeout", "transaction_isolation", "fsync")
        ]
    assert ["on", "250ms", "read committed", "on"] == found


def test_mariadb_is_told_to_be_strict(mariadb):
    """A server that cuts what is too long, and reads from snapshots, is overruled."""
    weak = mariadb.update_query_dict(
        {"init_command": "SET sql_mode='', tx_isolation='SERIALIZABLE'"}
    )
    with SqlStore(weak, timeout=3) as store, store._transactions.engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT @@tx_isolation, @@innodb_lock_wait_timeout, @@character_set_client,"
            " @@sql_mode LIKE '%%STRICT_TRANS_TABLES%%'"
        ).one()
    assert ("READ-COMMITTED", 3, "utf8mb4", 1) == tuple(found)


@pytest.mark.parametrize(
    ("server", "statement", "told"),
    [
        ("postgresql", "SET synchronous_commit = off", "synchronous_commit off"),
        ("mariadb", "SET sql_mode = ''", "sql_mode"),
        ("mariadb", "SET NAMES latin1", "character_set_client latin1"),
    ],
)
def test_an_engine_that_may_lose_or_change_records_is_refused(server, statement, told, request):
    """What the host has set for its own connections is not ours to overrule: it is named."""
    engine = create_engine(request.getfixturevalue(server))

    @event.listens_for(engine, "connect")
    def connect(connection, _record):
        connection.cursor().execute(statement)
        connection.commit()

    with pytest.raises(StoreUnwritable, match=told):
        SqlStore(engine)
    engine.dispose()


@pytest.mark.parametrize("level", ["AUTOCOMMIT", "SERIALIZABLE", "REPEATABLE READ"])
def test_an_engine_of_the_host_is_used_whatever_its_isolation(url, level):
    """Acts of our own are transactions of our own, even where the host commits every statement."""
    engine = create_engine(url, isolation_level=level)
    with SqlStore(engine) as store:
        store.append(SCHOOL, BOOK, FIVE, 0)
        with pytest.raises(ZeroDivisionError), store.writing(SCHOOL, BOOK, 5) as act:
            fail_after(act.append, make_records(head_of(FIVE), 1))
        assert FIVE == list(store.read(SCHOOL, BOOK))
    # What the host does on the same connections is done as before.
    with engine.connect() as connection:
        connection.exec_driver_sql("DELETE FROM edujournal_keys")
        connection.rollback()
        left = connection.exec_driver_sql("SELECT count(*) FROM edujournal_keys").scalar_one()
    assert (level == "AUTOCOMMIT") == (left == 0)
    engine.dispose()


def test_a_server_that_does_not_sync_is_refused():
    """fsync=off can only be changed by whoever runs the server."""
    with (
        started_postgresql(fsync="off") as server,
        pytest.raises(StoreUnwritable, match="fsync off"),
    ):
        SqlStore(server.url)


@pytest.mark.search
def test_a_database_of_another_encoding_is_refused(postgresql_server):
    """A database that cannot hold every letter is named at once."""
    engine = create_engine(postgresql_server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE IF EXISTS ej_test_latin")
        connection.exec_driver_sql(
            "CREATE DATABASE ej_test_latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'"
        )
        with pytest.raises(StoreUnwritable, match="server_encoding LATIN1"):
            SqlStore(postgresql_server.set(database="ej_test_latin"))
        connection.exec_driver_sql("DROP DATABASE ej_test_latin")
    engine.dispose()


# -- what can go wrong ---------------------------------------------------------------------------

#: Makes the server itself fail, a given number of times, at every insert of an entry. What counts
#: is not undone by a rollback: a sequence, and a table without transactions.
FAILS = {
    "postgresql": [
        "CREATE SEQUENCE failed",
        (
            "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " IF nextval('failed') <= {times} THEN RAISE EXCEPTION 'planted' USING ERRCODE = '{error}';"
            " END IF; RETURN NEW; END $$"
        ),
        (
            "CREATE TRIGGER fails BEFORE INSERT ON edujournal_entries FOR EACH STATEMENT"
            " EXECUTE FUNCTION fail()"
        ),
    ],
    "mariadb": [
        "CREATE TABLE failed (n INT) ENGINE=MyISAM",
        "INSERT INTO failed VALUES (0)",
        (
            "CREATE TRIGGER fails BEFORE INSERT ON edujournal_entries FOR EACH ROW BEGIN"
            " UPDATE failed SET n = n + 1; IF (SELECT n FROM failed) <= {times} THEN"
            " SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = {error}, MESSAGE_TEXT = 'planted';"
            " END IF; END"
        ),
    ],
}


def plant(raw, error, times):
    """Let the next inserts fail."""
    for statement in FAILS["mariadb" if raw.dialect.name == "mariadb" else "postgresql"]:
        raw.exec_driver_sql(statement.format(error=error, times=times))


@pytest.mark.parametrize(
    ("server", "error"),
    [("postgresql", "40001"), ("postgresql", "40P01"), ("mariadb", "1213"), ("mariadb", "1020")],
)
def test_what_the_server_rolled_back_is_tried_again(server, error, request):
    """A deadlock or a serialization failure is met by another try, and the caller never hears of it."""
    url = request.getfixturevalue(server)
    with SqlStore(url) as store:
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as raw:
            plant(raw, error, TRIES - 1)
        engine.dispose()
        store.append(SCHOOL, BOOK, FIVE[:1], 0)

        assert FIVE[:1] == list(store.read(SCHOOL, BOOK))


@pytest.mark.parametrize(
    ("server", "error", "expected"),
    [
        ("postgresql", "40001", StoreBusy),
        ("postgresql", "55P03", StoreBusy),
        ("postgresql", "57014", StoreBusy),
        ("postgresql", "53300", StoreBusy),
        ("postgresql", "53100", StoreUnwritable),
        ("postgresql", "58030", StoreUnwritable),
        ("postgresql", "25006", StoreUnwritable),
        ("postgresql", "42501", StoreUnwritable),
        ("postgresql", "XX001", StoreDamaged),
        ("postgresql", "23505", StoreDamaged),
        ("mariadb", "1213", StoreBusy),
        ("mariadb", "1205", StoreBusy),
        ("mariadb", "1317", StoreBusy),
        ("mariadb", "1021", StoreUnwritable),
        ("mariadb", "1114", StoreUnwritable),
        ("mariadb", "1290", StoreUnwritable),
        ("mariadb", "1142", StoreUnwritable),
        ("mariadb", "1062", StoreDamaged),
    ],
)
def test_an_error_of_the_server_means_what_a_caller_can_do(server, error, expected, request):
    """Busy: try again. Unwritable: mend the server. Damaged: look. In each case nothing was written."""
    url = request.getfixturevalue(server)
    with SqlStore(url) as store:
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as raw:
            plant(raw, error, 1000)
        engine.dispose()
        with pytest.raises(expected, match="planted") as caught:
            store.append(SCHOOL, BOOK, FIVE, 0)

        assert expected is type(caught.value)
        assert Head() == store.head(SCHOOL, BOOK)


def test_a_database_that_is_read_only_is_read_and_not_written(url, store):
    """A standby, or a role that may only read: records can be read; writing says so."""
    told = (
        {"options": f"{url.query['options']} -cdefault_transaction_read_only=on"}
        if "options" in url.query
        else {"init_command": "SET SESSION TRANSACTION READ ONLY"}
    )
    with SqlStore(url.update_query_dict(told)) as reader:
        assert FIVE == list(reader.read(SCHOOL, BOOK))
        with pytest.raises(StoreUnwritable):
            reader.append(SCHOOL, BOOK, make_records(head_of(FIVE), 1), 5)


def test_a_server_that_is_not_there_is_out_of_reach(url):
    """Nobody listens."""
    with pytest.raises(StoreUnwritable):
        SqlStore(url.set(port=1))


def test_a_connection_that_died_in_the_pool_is_replaced(store, raw):
    """The server was restarted over night: the first act of the morning is not lost."""
    for doing in (
        lambda: store.append(SCHOOL, BOOK, make_records(head_of(FIVE), 1), 5),
        lambda: store.head(SCHOOL, BOOK),
    ):
        cut_others(raw)
        doing()
    assert 6 == store.head(SCHOOL, BOOK).number


def test_a_connection_that_dies_in_an_act_is_told(store, raw):
    """What was not committed is not there; the next act goes on."""
    more = make_records(head_of(FIVE), 1)
    with pytest.raises(StoreUnwritable), store.writing(SCHOOL, BOOK, 5) as act:
        act.append(more[: len(cut_others(raw))])

    assert FIVE == list(store.read(SCHOOL, BOOK))
    store.append(SCHOOL, BOOK, make_records(head_of(FIVE), 1), 5)


def cut_others(raw):
    """End every other connection to a test's own place."""
    if raw.dialect.name == "postgresql":
        # The search path tells ours from those of tests beside.
        place = raw.exec_driver_sql("SHOW search_path").scalar_one()
        ours = [
            pid
            for (pid,) in raw.exec_driver_sql(
                "SELECT pid FROM pg_stat_activity WHERE application_name = %s"
                " AND pid <> pg_backend_pid()",
                (place,),
            )
        ]
        for pid in ours:
            raw.exec_driver_sql("SELECT pg_terminate_backend(%s, 5000)", (pid,))
    else:
        ours = [
            number
            for (number,) in raw.exec_driver_sql(
                "SELECT id FROM information_schema.processlist"
                " WHERE db = DATABASE() AND id <> CONNECTION_ID()"
            )
        ]
        for number in ours:
            raw.exec_driver_sql(f"KILL {number}")
    assert ours
    return ours


def test_tables_of_a_later_version_are_refused(url, store, raw):
    """A database of a later version asks for an upgrade."""
    raw.exec_driver_sql("UPDATE edujournal_format SET version = version + 1")
    with pytest.raises(StoreTooNew, match="Upgrade"):
        SqlStore(url)


def test_processes_that_make_the_tables_together_do_it_once(url):
    """Eight handles open an empty database at once: the tables are there, and everybody writes."""
    with ThreadPoolExecutor(8) as threads:
        stores = list(threads.map(lambda _: SqlStore(url), range(8)))
    for number, store in enumerate(stores):
        store.append(SCHOOL, str(number), [make_record(book=str(number))], 0)
        store.close()
    with SqlStore(url) as store:
        assert 8 == len(list(store.books(SCHOOL)))


# -- unknown outcomes ----------------------------------------------------------------------------


@pytest.fixture
def proxy(url):
    """A proxy before the server."""
    proxy = CuttingProxy(url.host, url.port)
    yield proxy
    proxy.close()


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_commit_without_an_answer_is_told_and_resolved_by_the_key(url, proxy, when):
    """Cut before or after the server heard: one clear error, and the repeat gives one entry."""
    school = ej.samples.school()
    with SqlStore(url.set(host="127.0.0.1", port=proxy.port)) as store:
        clock = StandingClock(datetime(2026, 9, 15, 6, tzinfo=UTC))
        journals = ej.Journals(store, school, "ru-school26-2023", clock=clock)
        draft = ej.Mark(lesson="7A-alg-0915", pupil="p-17", kind="oral", value=5)
        proxy.cut = when
        with pytest.raises(UnknownOutcome, match="same client key"):
            journals.record(draft, by="t-ivanova", key="k-1")
        assert 1 == proxy.cuts
        assert (when == "after") == bool(list(store.books(school.id)))
        first = journals.record(draft, by="t-ivanova", key="k-1")
        again = journals.record(draft, by="t-ivanova", key="k-1")

        assert 1 == first.number == again.number
        assert 1 == store.head(school.id, first.book).number
        assert "L1" == verify(store, school.id).assurance


def test_a_clear_answer_to_a_commit_is_no_unknown_outcome(postgresql):
    """A server that refuses to commit has rolled back, and says why."""
    with SqlStore(postgresql) as store:
        engine = create_engine(postgresql, isolation_level="AUTOCOMMIT")
        with engine.connect() as raw:
            raw.exec_driver_sql(
                "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN RAISE EXCEPTION 'planted' USING ERRCODE = '53100'; END $$"
            )
            raw.exec_driver_sql(
                "CREATE CONSTRAINT TRIGGER fails AFTER INSERT ON edujournal_entries"
                " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail()"
            )
        engine.dispose()
        with pytest.raises(StoreUnwritable, match="planted") as caught:
            store.append(SCHOOL, BOOK, FIVE, 0)

        assert StoreUnwritable is type(caught.value)
        assert Head() == store.head(SCHOOL, BOOK)
