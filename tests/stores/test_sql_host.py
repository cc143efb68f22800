"""The SQL store in a host's own database: its transactions, its names, its migrations."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, func, insert, select
from sqlalchemy.orm import Session, scoped_session, sessionmaker

import edujournal as ej
from edujournal.adapters.stores.sql import SqlStore, Tables
from edujournal.errors import BadInput, StaleHead, StoreBusy
from edujournal.ledger.records import Head
from edujournal.ledger.verify import verify
from edujournal.testing.clocks import StandingClock
from edujournal.testing.records import BOOK, SCHOOL, head_of, make_record, make_records

FIVE = make_records(Head(), 5, text="Да", key="k")

#: A table of the host's own.
HOSTS = Table("lunch", MetaData(), Column("id", Integer, primary_key=True))


@pytest.fixture(params=["sqlite", "postgresql", "mariadb"])
def url(request, tmp_path):
    """An empty place on each database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'host.db'}"
    return request.getfixturevalue(request.param)


@pytest.fixture
def engine(url):
    """The host's engine, with a table of its own; its SQLite waits for the disk as it should."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        # So that a reader keeps no writer from committing; the file remembers it.
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    HOSTS.create(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine):
    """A store on the host's engine, with five records."""
    store = SqlStore(engine)
    store.append(SCHOOL, BOOK, FIVE, 0)
    return store


@pytest.fixture(params=["connection", "session", "scoped session"])
def joining(request, engine):
    """Opens what the host holds its transaction by."""
    if request.param == "connection":
        return engine.connect
    if request.param == "session":
        return lambda: Session(engine)
    return lambda: Scoped(engine)


class Scoped:
    """A scoped session as a context."""

    def __init__(self, engine):
        self.session = scoped_session(sessionmaker(engine))

    def __enter__(self):
        return self.session

    def __exit__(self, *_error):
        self.session.remove()


def lunches(engine):
    """How many rows the host has."""
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(HOSTS)).scalar_one()


# -- the host's transaction ----------------------------------------------------------------------


def test_the_host_commits_both_or_neither(engine, store, joining):
    """A record and the host's own row are kept together, or rolled back together."""
    more = make_records(head_of(FIVE), 2, key="k")
    for end in ("rollback", "commit"):
        with joining() as host:
            host.execute(insert(HOSTS), [{"id": 1}])
            joined = store.within(host)
            joined.append(SCHOOL, BOOK, more[:1], 5)
            with joined.writing(SCHOOL, BOOK, 5) as act:
                assert more[:1] == list(act.tail)
                act.append(more[1:])
            assert [*FIVE, *more] == list(joined.read(SCHOOL, BOOK))
            assert 7 == len(list(joined.follow(SCHOOL)))
            assert FIVE == list(store.read(SCHOOL, BOOK))
            getattr(host, end)()
        committed = end == "commit"
        assert [*FIVE, *more[: 2 * committed]] == list(store.read(SCHOOL, BOOK))
        assert 5 + 2 * committed == len(store.find_key(SCHOOL, "t-ivanova", "k"))
        assert list(range(1, 6 + 2 * committed)) == [n for n, _ in store.follow(SCHOOL)]
        assert committed == lunches(engine)


def test_an_act_that_fails_leaves_the_hosts_transaction_as_it_was(engine, store, joining):
    """What failed is undone to its savepoint; what the host did before and does after stays."""
    more = make_records(head_of(FIVE), 1)
    with joining() as host:
        host.execute(insert(HOSTS), [{"id": 1}])
        joined = store.within(host)
        with pytest.raises(StaleHead):
            joined.append(SCHOOL, BOOK, make_records(Head(), 1), 0)
        with pytest.raises(ZeroDivisionError), joined.writing(SCHOOL, BOOK, 5) as act:
            fail_after(act.append, more)
        with pytest.raises(BadInput):
            joined.append(SCHOOL, BOOK, [make_record(book="another")], 5)
        joined.append(SCHOOL, BOOK, more, 5)
        host.execute(insert(HOSTS), [{"id": 2}])
        host.commit()

    assert [*FIVE, *more] == list(store.read(SCHOOL, BOOK))
    assert 2 == lunches(engine)
    assert "L1" == verify(store, SCHOOL).assurance


def fail_after(doing, *given):
    """Do it, and fail."""
    doing(*given)
    raise ZeroDivisionError


def test_journals_write_in_the_hosts_transaction(engine, joining):
    """A whole act of the library, refusal and access log included, is committed by the host."""
    school = ej.samples.school()
    store = SqlStore(engine)
    clock = StandingClock(datetime(2026, 9, 15, 6, tzinfo=UTC))
    for end, expected in (("rollback", 0), ("commit", 1)):
        with joining() as host:
            joined = store.within(host)
            journals = ej.Journals(joined, school, "ru-school26-2023", clock=clock)
            mark = ej.Mark(lesson="7A-alg-0915", pupil="p-17", kind="oral", value=5)
            receipt = journals.record(mark, by="t-ivanova", key="k")
            with pytest.raises(ej.Refused):
                journals.record(mark, by="t-petrova")
            host.execute(insert(HOSTS), [{"id": 1}])
            getattr(host, end)()
        assert expected == store.head(school.id, receipt.book).number
        assert expected == lunches(engine)
        assert (2 if expected else 0) == len(list(store.books(school.id)))
    assert "L1" == verify(store, school.id).assurance


def test_others_wait_until_the_host_commits(url, engine, store, joining):
    """A book that a host's transaction has written to is locked until that ends."""
    more = make_records(head_of(FIVE), 2)
    with SqlStore(url, timeout=0) as other, joining() as host:
        store.within(host).append(SCHOOL, BOOK, more[:1], 5)
        with pytest.raises(StoreBusy):
            other.append(SCHOOL, BOOK, make_records(head_of(FIVE), 1), 5)
        assert FIVE == list(other.read(SCHOOL, BOOK))
        host.commit()
        other.append(SCHOOL, BOOK, more[1:], 6)

    assert [*FIVE, *more] == list(store.read(SCHOOL, BOOK))


def test_a_store_opened_inside_makes_no_tables_and_closes_nothing(engine, joining):
    """To make tables is to commit, on some databases; the host's connection stays the host's."""
    with joining() as host, pytest.raises(BadInput, match="no tables"):
        SqlStore(host)
    SqlStore(engine).append(SCHOOL, BOOK, FIVE, 0)
    with joining() as host:
        with SqlStore(host) as joined:
            assert FIVE == list(joined.read(SCHOOL, BOOK))
        host.execute(insert(HOSTS), [{"id": 1}])
        host.commit()
    assert 1 == lunches(engine)


def test_a_snapshot_of_the_host_is_older_than_the_lock(url, engine, store):
    """The host has read before somebody else wrote: the act sees what was written, or is told to
    try again; never does it write over it.
    """
    more = make_records(head_of(FIVE), 2)
    level = "SERIALIZABLE" if engine.dialect.name == "sqlite" else "REPEATABLE READ"
    with engine.connect().execution_options(isolation_level=level) as host:
        if engine.dialect.name == "sqlite":
            host.exec_driver_sql("BEGIN")
        host.execute(select(func.count()).select_from(HOSTS)).all()
        host.execute(select(func.count()).select_from(store.tables.entries)).all()
        store.append(SCHOOL, BOOK, more[:1], 5)
        joined = store.within(host)
        if engine.dialect.name == "mariadb":
            with joined.writing(SCHOOL, BOOK, 5) as act:
                assert more[:1] == list(act.tail)
                act.append(more[1:])
            host.commit()
        else:
            with pytest.raises(StoreBusy):
                joined.append(SCHOOL, BOOK, more[1:], 6)
            host.rollback()
            joined.append(SCHOOL, BOOK, more[1:], 6)
            host.commit()

    assert [*FIVE, *more] == list(store.read(SCHOOL, BOOK))


@pytest.mark.parametrize("server", ["postgresql", "mariadb"])
def test_a_connection_that_commits_by_itself_is_refused(server, request):
    """Without a transaction of the host's there is nothing to join."""
    engine = create_engine(request.getfixturevalue(server))
    store = SqlStore(engine)
    with (
        engine.connect().execution_options(isolation_level="AUTOCOMMIT") as host,
        pytest.raises(BadInput, match="AUTOCOMMIT"),
    ):
        store.within(host).append(SCHOOL, BOOK, FIVE, 0)
    assert [] == list(store.books(SCHOOL))
    engine.dispose()


@pytest.mark.parametrize("bind", [None, "sqlite:///x", object()])
def test_what_is_no_transaction_is_refused(engine, bind):
    """Within a connection or a session, and nothing else."""
    with pytest.raises(BadInput, match="not a database"):
        SqlStore(engine).within(bind)


# -- names and places ----------------------------------------------------------------------------


def test_two_stores_share_a_database(url, engine):
    """By prefix, and on servers by schema: neither sees anything of the other."""
    places = [{"prefix": "one_"}, {"prefix": "two_"}]
    schema = "ej_test_second"
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
            connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
        places.append({"prefix": "one_", "schema": schema})
    stores = [SqlStore(engine, **place) for place in places]
    for number, store in enumerate(stores):
        assert [] == list(store.schools())
        made = make_records(Head(), number + 1, key="k", store=number)
        store.append(SCHOOL, BOOK, made, 0)
        store.keep(SCHOOL, "regulation", bytes([number]))
    for number, store in enumerate(stores):
        assert make_records(Head(), number + 1, key="k", store=number) == list(
            store.read(SCHOOL, BOOK)
        )
        assert (
            number + 1
            == len(list(store.follow(SCHOOL)))
            == len(store.find_key(SCHOOL, "t-ivanova", "k"))
        )
        assert bytes([number]) == store.kept(SCHOOL, "regulation")
        assert "L1" == verify(store, SCHOOL).assurance
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")


# -- the host's migrations -----------------------------------------------------------------------

ENVIRONMENT = """
from alembic import context
from sqlalchemy import create_engine, pool
from edujournal.adapters.stores.sql import Tables

config = context.config
tables = Tables(config.get_main_option("dialect"), prefix="school_",
                partitions=int(config.get_main_option("partitions")))

def include_name(name, kind, parents):
    return not (kind == "table" and name in tables.partition_names)

engine = create_engine(config.attributes["url"], poolclass=pool.NullPool)
with engine.begin() as connection:
    context.configure(connection=connection, target_metadata=tables.metadata,
                      compare_type=True, include_name=include_name)
    with context.begin_transaction():
        context.run_migrations()
"""

TEMPLATE = """
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql
from edujournal.adapters.stores.sql import Tables, stamp
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}

def upgrade():
    ${upgrades if upgrades else "pass"}
    tables = Tables(DIALECT, prefix="school_", partitions=PARTITIONS)
    for statement in tables.partition_statements:
        op.execute(statement)
    stamp(op.get_bind(), tables)

def downgrade():
    ${downgrades if downgrades else "pass"}
"""


@pytest.mark.parametrize(
    ("server", "partitions"),
    [("sqlite", 0), ("postgresql", 0), ("postgresql", 3), ("mariadb", 0)],
)
def test_a_host_migrates_the_tables_with_alembic(server, partitions, request, tmp_path):
    """An autogenerated revision makes the tables; the store opens on them; and nothing is left to
    generate: neither after the revision nor where the store has made the tables by itself.
    """
    url = (
        f"sqlite:///{tmp_path / 'host.db'}"
        if server == "sqlite"
        else request.getfixturevalue(server)
    )
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text(ENVIRONMENT)
    template = TEMPLATE.replace("DIALECT", repr(server)).replace("PARTITIONS", str(partitions))
    (folder / "script.py.mako").write_text(template)
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    config.set_main_option("dialect", server)
    config.set_main_option("partitions", str(partitions))
    config.attributes["url"] = url
    command.revision(config, autogenerate=True, message="journals")
    command.upgrade(config, "head")
    command.check(config)
    with SqlStore(url, prefix="school_", create=False) as store:
        for school in ("school-1", "school-2", "школа"):
            made = make_records(Head(), 5, school=school, text="Да", key="k")
            store.append(school, BOOK, made, 0)
            assert made == list(store.read(school, BOOK))
            assert "L1" == verify(store, school).assurance


@pytest.mark.parametrize("partitions", [0, 4])
def test_nothing_is_left_to_generate_where_the_store_made_its_tables(url, partitions):
    """What create_all makes is what the metadata says, type by type."""
    with SqlStore(url, partitions=partitions) as store:
        engine = create_engine(url)
        with engine.connect() as connection:
            context = MigrationContext.configure(
                connection,
                opts={
                    "compare_type": True,
                    "include_name": lambda name, kind, _: (
                        kind != "table" or name not in store.tables.partition_names
                    ),
                },
            )
            assert [] == compare_metadata(context, store.tables.metadata)
        engine.dispose()


# -- partitions ----------------------------------------------------------------------------------


def test_tables_are_split_by_school(postgresql):
    """Each school lies in one partition of each table; a statement of a school asks that one only."""
    schools = [f"school-{number}" for number in range(12)]
    with SqlStore(postgresql, partitions=4) as store:
        with ThreadPoolExecutor(4) as threads:
            list(
                threads.map(
                    lambda s: store.append(s, BOOK, make_records(Head(), 3, school=s, key="k"), 0),
                    schools,
                )
            )
        engine = store._transactions.engine
        with engine.connect() as connection:
            for table in ("heads", "entries", "keys", "feed"):
                found = connection.exec_driver_sql(
                    f"SELECT tableoid::regclass::text, school FROM edujournal_{table} GROUP BY 1, 2"
                ).all()
                assert sorted(schools) == sorted(school for _, school in found)
                assert len({part for part, _ in found}) > 1
                plan = (
                    connection.exec_driver_sql(
                        f"EXPLAIN SELECT * FROM edujournal_{table} WHERE school = 'school-3'"
                    )
                    .scalars()
                    .all()
                )
                assert 1 == sum("edujournal_" in line for line in plan)
        for school in schools:
            assert "L1" == verify(store, school).assurance
            assert [1, 2, 3] == [position for position, _ in store.follow(school)]
        assert sorted(schools) == list(store.schools())


@pytest.mark.parametrize("count", [-1, 1.5, True, "4", 1025])
def test_a_number_of_partitions_is_not_guessed(count):
    """Nor is a number too many taken."""
    with pytest.raises(BadInput, match="partitions"):
        Tables("postgresql", partitions=count)


def test_partitions_are_made_on_postgresql_only():
    """Other databases split in ways of their own."""
    assert frozenset() == Tables("sqlite", partitions=4).partition_names
    made = Tables("postgresql", prefix="Ours ", schema="the school", partitions=2)
    assert 8 == len(made.partition_names) == len(made.partition_statements)
    assert (
        'CREATE TABLE "the school"."Ours heads_p1" PARTITION OF "the school"."Ours heads"'
        " FOR VALUES WITH (MODULUS 2, REMAINDER 1)"
    ) == made.partition_statements[1]
