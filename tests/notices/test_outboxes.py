"""The three outboxes, put to the kit; and what a file does when power or disk fails."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import create_engine, event

from edujournal.adapters.outboxes import FileOutbox, MemoryOutbox
from edujournal.adapters.stores.sql.outbox import SqlOutbox
from edujournal.errors import StoreBusy, StoreDamaged, StoreUnwritable
from edujournal.model.notices import NoticeStatus, OutboxHead
from edujournal.testing.outboxes import SCHOOL, OutboxTests, make_notice


class TestMemoryOutbox(OutboxTests):
    @pytest.fixture
    def make_outbox(self):
        """One that lives as long as the test."""
        outbox = MemoryOutbox()
        return lambda: outbox


class TestFileOutbox(OutboxTests):
    @pytest.fixture
    def make_outbox(self, tmp_path):
        """One in a folder."""
        return lambda: FileOutbox(tmp_path / "outbox")


class TestSqliteOutbox(OutboxTests):
    @pytest.fixture
    def make_outbox(self, tmp_path):
        """One in a file of SQLite."""
        return lambda: SqlOutbox(f"sqlite:///{tmp_path / 'notices.db'}")


class TestPostgresqlOutbox(OutboxTests):
    @pytest.fixture
    def make_outbox(self, postgresql):
        """One on a server."""
        return lambda: SqlOutbox(postgresql)


class TestMariadbOutbox(OutboxTests):
    @pytest.fixture
    def make_outbox(self, mariadb):
        """One on a server."""
        return lambda: SqlOutbox(mariadb)


def test_an_engine_of_the_hosts_stays_open(tmp_path):
    """Tables lie under the host's prefix; closing the outbox closes nothing of the host's."""
    engine = create_engine(f"sqlite:///{tmp_path / 'host.db'}")
    with SqlOutbox(engine, prefix="ours_") as outbox:
        outbox.save(SCHOOL, OutboxHead(1, "", 1), [make_notice(1)])
    with engine.connect() as connection:
        assert 1 == connection.exec_driver_sql("SELECT count(*) FROM ours_outbox").scalar()
    engine.dispose()


def test_many_may_open_a_new_outbox_at_once(tmp_path):
    """Whoever comes second waits for the tables, or is told to try again."""
    start = Barrier(4)

    def opened(_):
        start.wait()
        try:
            with SqlOutbox(f"sqlite:///{tmp_path / 'notices.db'}") as outbox:
                return outbox.head(SCHOOL)
        except StoreBusy:
            return None

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(opened, range(4)))
    assert {OutboxHead()} == set(found) - {None}


def test_an_engine_that_would_lose_notices_is_refused(tmp_path):
    """An outbox is kept as a store of journals is: what it acknowledges is on the disk."""
    engine = create_engine(f"sqlite:///{tmp_path / 'host.db'}")

    @event.listens_for(engine, "connect")
    def careless(connection, _):
        connection.execute("PRAGMA synchronous=OFF")

    with pytest.raises(StoreUnwritable, match="synchronous"):
        SqlOutbox(engine)
    engine.dispose()


def test_a_line_cut_short_by_a_loss_of_power_counts_for_nothing(tmp_path):
    """Wherever it was cut, what was acknowledged is there, and the next act follows it."""
    first = FileOutbox(tmp_path)
    first.save(SCHOOL, OutboxHead(1, "a", 1), [make_notice(1)])
    (place,) = tmp_path.glob("*.jsonl")
    whole = place.read_bytes()
    first.save(SCHOOL, OutboxHead(2, "b", 2), [make_notice(2)])
    longer = place.read_bytes()
    for cut in range(len(whole), len(longer), 23):
        place.write_bytes(longer[:cut])
        found = FileOutbox(tmp_path)
        assert OutboxHead(1, "a", 1) == found.head(SCHOOL)
        found.save(SCHOOL, OutboxHead(2, "c", 2), [make_notice(3)])
        assert [1, 3] == [one.number for one in FileOutbox(tmp_path).notices(SCHOOL, *NoticeStatus)]


def test_a_file_with_much_waste_is_written_anew(tmp_path):
    """Ten thousand changes of three notices are kept in a file of three."""
    outbox = FileOutbox(tmp_path)
    for version in range(1, 45):
        some = [make_notice(1 + n % 3, attempts=version) for n in range(100)]
        outbox.save(SCHOOL, OutboxHead(version, "", 3), some)
    (place,) = tmp_path.glob("*.jsonl")
    assert len(place.read_bytes()) < 300_000
    found = FileOutbox(tmp_path).notices(SCHOOL, NoticeStatus.WAITING)
    assert [(1, 44), (2, 44), (3, 44)] == [(one.number, one.attempts) for one in found]


@pytest.mark.parametrize(
    "line", [b"{}\n", b"no\n", b'{"head":{},"notices":[{"thread":1}]}\n', b"\xff\n"]
)
def test_a_file_that_is_no_outbox_is_damaged(tmp_path, line):
    """It is not taken for an empty one, after which everybody would be told everything again."""
    FileOutbox(tmp_path).save(SCHOOL, OutboxHead(1, "a", 1), [])
    (place,) = tmp_path.glob("*.jsonl")
    place.write_bytes(line)
    with pytest.raises(StoreDamaged, match=r"school-1\.outbox\.jsonl:1"):
        FileOutbox(tmp_path).head(SCHOOL)


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    """A file is in its place."""
    (tmp_path / "taken").write_text("")
    with pytest.raises(StoreUnwritable, match="taken"):
        FileOutbox(tmp_path / "taken").save(SCHOOL, OutboxHead(1, "", 0), [])
