"""A store is audited in columns as a lake is: one statement, the findings of the exact audit."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from attrs import evolve
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, delete, event, update

import edujournal as ej
from edujournal.adapters.engines import engine as engine_of
from edujournal.adapters.exchange.lake import InStore, stored
from edujournal.adapters.keys import MemoryKeys
from edujournal.adapters.schools.sql import SqlSchool, save
from edujournal.adapters.stores.ciphered import CipheredStore
from edujournal.adapters.stores.files import FileStore
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.adapters.stores.sql import SqlStore, rows
from edujournal.cli import main
from edujournal.errors import BadInput, StoreDamaged
from edujournal.model.ids import is_log
from edujournal.regions.bulk import Report, audit_exactly, audit_region
from edujournal.regions.school import in_order
from edujournal.rules.loading import load
from edujournal.samples.generated import Size, generate
from edujournal.scanning import Scans
from edujournal.testing import strategies as some
from edujournal.testing.clocks import StandingClock
from edujournal.testing.scripts import play
from tests.laws.conftest import opened
from tests.region.test_columns import KEPT_UNDER, SHIPPED

__all__ = ["opened"]

NAMES = ("duckdb", "polars")
PLACES = ("memory", "files", "sqlite", "postgresql", "mariadb", "ciphered")


@pytest.fixture(scope="module")
def kept():
    """One small made school."""
    return next(generate(1, 11, Size(classes=2, pupils=5, days=34)))


@pytest.fixture(params=PLACES)
def store(request, tmp_path):
    """An empty store of every kind."""
    if request.param == "memory":
        made = MemoryStore()
    elif request.param == "files":
        made = FileStore(tmp_path / "files")
    elif request.param == "ciphered":
        made = CipheredStore(SqlStore(f"sqlite:///{tmp_path / 'c.db'}"), MemoryKeys())
    elif request.param == "sqlite":
        made = SqlStore(f"sqlite:///{tmp_path / 'journal.db'}")
    else:
        made = SqlStore(request.getfixturevalue(request.param))
    yield made
    if hasattr(made, "close"):
        made.close()


def put(store, kept):
    """Give the books of a made school to a store."""
    for book, records in kept.books():
        store.append(kept.school.id, book, records, 0)


def in_columns(store, school, regulations, at, name):
    """The findings of one school of a store by an engine, and how they were come by."""
    report = Report()
    with InStore(store, school, regulations) as source:
        if name == "python":
            ((_, found),) = audit_exactly([source], at, report)
            return found, report
        counting = engine_of(name)
        try:
            ((_, found),) = audit_region([source], at, counting, report)
        finally:
            counting.close()
    return found, report


# -- the same findings -----------------------------------------------------------------------------


def test_every_store_gives_the_findings_of_the_exact_audit(store, kept):
    """By every engine, row for row, and few entries were judged; a store without entries as well."""
    rules = [load(kept.regulation)]
    at, school = kept.audited, kept.school
    empty = in_order(ej.Journals(store, school, rules).audit(at))
    assert empty == in_columns(store, school, rules, at, "duckdb")[0]
    put(store, kept)
    exactly = in_order(ej.Journals(store, school, rules).audit(at))

    assert len(kept.truth) == len(exactly) > 0
    assert exactly == in_columns(store, school, rules, at, "python")[0]
    for name in NAMES:
        found, report = in_columns(store, school, rules, at, name)
        assert exactly == found
        assert {} == report.obstacles
        assert report.judged + report.doubted < report.entries / 4
    with InStore(store, school, rules) as source:
        tally = list(source.tally())
    assert report.entries == sum(count for _, _, count in tally)
    assert len(tally) == len({(book, account) for book, account, _ in tally})


@settings(max_examples=12, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(data=st.data())
def test_whatever_stands_in_a_store_columns_say_the_same(opened, data):
    """Random schools under random regulations, in a database of one file."""
    school = data.draw(some.working_schools())
    regulations = [load(name) for name in data.draw(st.sampled_from(KEPT_UNDER))]
    words = next((one for one in regulations if one.absences and one.markers), SHIPPED)
    script = data.draw(some.scripts(school, words, least=6, most=24))
    with TemporaryDirectory() as folder, SqlStore(f"sqlite:///{folder}/journal.db") as store:
        journals, clock = opened(school, store=store, regulations=regulations)
        play(journals, clock, script)
        at = clock.at + data.draw(st.sampled_from([1, 86_400_000_000, 90 * 86_400_000_000]))
        exactly = in_order(journals.audit(at))
        for name in ("python", *NAMES):
            assert exactly == in_columns(store, school, regulations, at, name)[0], name


def test_the_command_says_what_it_says_without_an_engine(tmp_path, capsys):
    """A store by any engine: the findings of the plain audit, and none of its options for parts."""
    url = f"sqlite:///{tmp_path / 'made.db'}"
    small = ("--classes", "1", "--pupils", "5", "--days", "15")
    assert 0 == main(["generate", "--seed", "3", "--store", url, *small, "--json"])
    at = json.loads(capsys.readouterr().out)["at"]
    said = {}
    for name in ("", "python", *NAMES):
        chosen = ("--engine", name) if name else ()
        assert 1 == main(["audit", "--store", url, "--at", at, "--json", *chosen])
        said[name] = sorted(capsys.readouterr().out.splitlines())

    assert said[""]
    assert [said[""]] * 3 == [said[name] for name in ("python", *NAMES)]
    assert 1 == main(["audit", "--store", url, "--at", at, "--lang", "ru", "--engine", "duckdb"])
    assert "точным аудитом" in capsys.readouterr().out
    for wrong in (["--all"], ["--since", "2026-09-01"], ["--workers", "2"]):
        assert 2 == main(["audit", "--store", url, "--engine", "duckdb", *wrong])
    capsys.readouterr()
    two = ("regulation", "compare", SHIPPED.id, SHIPPED.id, "--store", url)
    assert 0 == main([*two])
    assert 2 == main([*two, "--engine", "duckdb"])
    assert "--engine" in capsys.readouterr().err


# -- what it costs ---------------------------------------------------------------------------------


@pytest.fixture(params=["sqlite", "postgresql", "mariadb"])
def engine(request, tmp_path):
    """The host's engine, on which both the books and the school's data lie."""
    if request.param == "sqlite":
        made = create_engine(f"sqlite:///{tmp_path / 'host.db'}")
    else:
        made = create_engine(request.getfixturevalue(request.param))
    yield made
    made.dispose()


def test_statements_grow_neither_with_pupils_nor_with_classes_nor_with_days(engine):
    """Of the books one statement, of the school's data those of one gathering."""
    found = []
    for place, (classes, pupils, days) in enumerate(
        ((1, 5, 12), (1, 40, 12), (4, 5, 12), (1, 5, 60)), 1
    ):
        size = Size(classes=classes, pupils=pupils, days=days)
        kept = next(generate(1, 5, size))
        prefix = f"of{place}_"
        save(engine, kept.school, prefix=prefix)
        store = SqlStore(engine, prefix=prefix)
        put(store, kept)
        school = SqlSchool(engine, kept.school.id, prefix=prefix)
        said = []

        def note(*call, said=said):
            said.append(call[2])

        event.listen(engine, "before_cursor_execute", note)
        findings, report = in_columns(
            store, school, [load(kept.regulation)], kept.audited, "duckdb"
        )
        event.remove(engine, "before_cursor_execute", note)
        assert findings
        assert report.suspects > 0
        tables = [f"{prefix}{name}" for name in ("entries", "heads", "feed", "keys")]
        of_books = [one for one in said if any(name in one for name in tables)]
        found.append((len(of_books), len(said)))

    assert [(1, found[0][1])] * 4 == found


def test_what_is_held_does_not_grow_with_the_books(tmp_path, monkeypatch):
    """Five times the entries take less than half as much memory again: pages are held, not tables."""
    monkeypatch.setattr(stored, "BLOCK", 50)
    monkeypatch.setattr(rows, "PAGE", 50)
    peaks, counts = [], []
    for days in (8, 80):
        kept = next(generate(1, 5, Size(classes=1, pupils=8, days=days)))
        with SqlStore(f"sqlite:///{tmp_path / f'{days}.db'}") as store:
            put(store, kept)
            rules = [load(kept.regulation)]
            counts.append(sum(head.number for _, head in store.books(kept.school.id)))
            with InStore(store, kept.school, rules) as source:
                source.files()  # what is loaded on first use is loaded
            with InStore(store, kept.school, rules) as source:
                tracemalloc.start()
                source.files()
                peaks.append(tracemalloc.get_traced_memory()[1])
                tracemalloc.stop()

    assert counts[1] > 5 * counts[0]
    assert peaks[1] < 1.5 * peaks[0]


def test_a_scan_stands_still_while_others_write(tmp_path, kept):
    """What is appended after the first page has come belongs to the next scan."""
    with SqlStore(f"sqlite:///{tmp_path / 'journal.db'}") as store:
        put(store, kept)
        before = [one for page in store.scan(kept.school.id) for one in page]
        assert len(before) > 2000
        walk = store.scan(kept.school.id)
        seen = list(next(walk))
        clock = StandingClock(ej.model.time.moment(kept.audited, "UTC"))
        journals = ej.Journals(store, kept.school, kept.regulation, clock=clock)
        lesson = next(one for one in kept.school.facts().lessons if not one.cancelled)
        journals.record(
            ej.Comment(lesson=lesson.id, pupil="p-1", comment="Sang"), by=str(lesson.teacher)
        )
        seen += [one for page in walk for one in page]

        assert before == seen
        assert len(before) + 1 == sum(map(len, store.scan(kept.school.id)))


def test_a_scan_inside_the_transaction_of_a_host_leaves_its_connection_as_it_was(engine, kept):
    """It sees what the host has not committed yet; the options of its statement do not stay."""
    store = SqlStore(engine)
    with engine.connect() as host:
        joined = store.within(host)
        put(joined, kept)
        assert isinstance(joined, Scans)
        count = sum(map(len, joined.scan(kept.school.id)))
        assert count == sum(len(records) for _, records in kept.books())
        assert "yield_per" not in host.get_execution_options()
        host.rollback()
    assert [] == list(store.scan(kept.school.id))


# The driver complains of the cursor that went with its connection.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_scan_begins_again_on_a_connection_that_is_alive(postgresql, kept):
    """A connection that died in the pool is not taken for a store that cannot be read."""
    pool, other = create_engine(postgresql), create_engine(postgresql)
    store = SqlStore(pool)
    put(store, kept)
    with pool.connect() as ours:
        pid = ours.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    with other.connect() as admin:
        admin.exec_driver_sql("SELECT pg_terminate_backend(%s, 5000)", (pid,))
    count = sum(map(len, store.scan(kept.school.id)))
    pool.dispose()
    other.dispose()
    assert count == sum(len(records) for _, records in kept.books())


def test_a_host_that_commits_each_statement_is_told_so(postgresql, kept):
    """A cursor of the server's needs a transaction."""
    made = create_engine(postgresql)
    store = SqlStore(made)
    with (
        made.connect().execution_options(isolation_level="AUTOCOMMIT") as host,
        pytest.raises(BadInput, match="commits every statement"),
    ):
        list(store.within(host).scan(kept.school.id))
    made.dispose()


# -- damage ----------------------------------------------------------------------------------------


def damages(tables, school, book):
    """What somebody does to a database, and what is said of it."""
    entries = tables.entries
    mine = (entries.c.school == school) & (entries.c.book == book)
    return {
        "a record is missing": delete(entries).where(mine, entries.c.number == 2),
        "the end of the book is missing": delete(entries).where(mine, entries.c.number > 3),
        "no record": delete(entries).where(mine),
        "does not follow": update(entries)
        .where(mine, entries.c.number == 3)
        .values(hash="0" * 63 + "1"),
    }


@pytest.mark.parametrize(
    "said",
    ["a record is missing", "the end of the book is missing", "no record", "does not follow"],
)
@pytest.mark.parametrize("which", [0, -1])
def test_damage_is_met_and_never_audited(engine, kept, said, which):
    """Rows that are gone or changed, in the first book and in the last, stop the audit."""
    store = SqlStore(engine)
    put(store, kept)
    books = [book for book, head in store.books(kept.school.id) if head.number > 4]
    book = [one for one in books if not is_log(one)][which]
    with engine.begin() as connection:
        connection.execute(damages(store.tables, kept.school.id, book)[said])
    for name in ("python", "duckdb"):
        with pytest.raises(StoreDamaged, match=said) as refused:
            in_columns(store, kept.school, [load(kept.regulation)], kept.audited, name)
        assert book in str(refused.value)


def test_nothing_is_left_of_it(tmp_path, kept, monkeypatch):
    """The folder goes with the source, whatever came between; nobody else could enter it."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    store = MemoryStore()
    put(store, kept)
    with pytest.raises(ZeroDivisionError), InStore(store, kept.school, ()) as source:  # noqa: PT012
        (file,) = source.files()
        assert 0o700 == file.parent.stat().st_mode & 0o777
        assert Path(tmp_path) in file.parents
        raise ZeroDivisionError
    assert [] == list(tmp_path.iterdir())


def test_texts_that_were_erased_are_in_no_column(kept):
    """What the store has no longer, the columns have not."""
    store = MemoryStore()
    put(store, kept)
    with_texts = [
        (book, one.number) for book, some in kept.books() for one in some if one.private is not None
    ]
    book, number = with_texts[0]
    store.erase(kept.school.id, book, [number])
    with InStore(store, kept.school, ()) as source:
        source.files()
        found = {(one.book, one.number): one for one in source.records([book])}
        expected = {
            one.number: one
            for some in dict(kept.books()).items()
            if some[0] == book
            for one in some[1]
        }
    assert found[book, number] == evolve(expected[number], private=None)
    assert len(expected) == len(found)
