"""Schools of a region are audited together as far as there is room, and what is held stays bounded."""

from __future__ import annotations

import gc
import tempfile
import weakref

import duckdb
import pytest

from edujournal.adapters.engines import ENGINES, engine
from edujournal.adapters.engines.duckdb_engine import DuckDBEngine
from edujournal.adapters.exchange.lake import Lake
from edujournal.cli import lake_audits
from edujournal.cli.options import PlaceOrLake
from edujournal.regions.bulk import Report, audit_region
from edujournal.regions.under import Under
from tests.region.conftest import audited


class Roomy:
    """An engine with another room, that counts what it opens."""

    def __init__(self, counting, at_once):
        self.counting, self.at_once, self.opened = counting, at_once, []

    def scan(self, files):
        """Give files as a frame."""
        self.opened.append([str(file) for file in files])
        return self.counting.scan(files)

    def collect(self, frame):
        """Work a frame out."""
        return self.counting.collect(frame)


@pytest.fixture(scope="module")
def counting():
    """The default engine."""
    made = engine("duckdb")
    yield made
    made.close()


@pytest.mark.parametrize(("room", "plans"), [(0, 2), (1 << 30, 1)])
def test_the_findings_do_not_hang_on_how_many_schools_are_taken_together(
    made, counting, room, plans
):
    """One by one, or all at once: the same findings, and as many plans as there are lots."""
    _, root, at = made
    roomy = Roomy(counting, room)
    found, report = audited(root, at, roomy)
    exactly, _ = audited(root, at)

    assert exactly == found
    assert 2 == report.schools
    entries = [some for some in roomy.opened if any("/entries/" in file for file in some)]
    assert plans == len(entries)
    assert sorted(str(file) for one in Lake(root).schools() for file in one.files()) == sorted(
        file for some in entries for file in some
    )


def test_every_engine_has_room_for_one_school_at_least():
    """It is told by each, so that none takes a region at once by mistake."""
    for name in set(ENGINES) - {"spark"}:
        one = engine(name)
        assert 1 << 20 < one.at_once <= 1 << 30
        one.close()


def test_duckdb_is_given_more_memory_where_it_needs_more_and_no_more_than_allowed(made):
    """From too little on: the same findings; at the end of what it may take, its own error."""
    _, root, at = made
    exactly, _ = audited(root, at)
    growing, bound = DuckDBEngine(memory=1), DuckDBEngine(memory=1, most=1)
    try:
        assert exactly == audited(root, at, growing)[0]
        with pytest.raises(duckdb.OutOfMemoryException):
            audited(root, at, bound)
    finally:
        growing.close()
        bound.close()


@pytest.mark.parametrize("close", [True, False])
def test_the_folder_of_duckdb_goes_with_the_engine(close, tmp_path, monkeypatch):
    """Closed or forgotten, it leaves nothing; and only its user can enter it meanwhile."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    one = engine("duckdb")
    (folder,) = tmp_path.iterdir()
    assert 0o700 == folder.stat().st_mode & 0o777
    if close:
        one.close()
    del one
    gc.collect()

    assert [] == list(tmp_path.iterdir())


def test_a_lot_of_schools_that_have_nothing_is_audited_too(made, counting):
    """A school without files, alone in its lot."""
    _, root, at = made
    empty = Lake(root).schools()[0]
    object.__setattr__(empty, "files", lambda _table="entries": [])
    report = Report()
    ((source, findings),) = audit_region([empty], at, Roomy(counting, 0), report)

    assert source is empty
    assert findings
    assert 1 == report.schools


@pytest.mark.parametrize("under", [(), ("ru-school26-2023",)])
def test_what_is_read_of_a_school_goes_when_the_next_lot_comes(made, monkeypatch, under):
    """At the shell a region of a thousand schools holds the data of those in hand alone, however judged."""
    _, root, at = made
    monkeypatch.setattr("edujournal.adapters.engines.duckdb_engine.DuckDBEngine.at_once", 0)
    place = PlaceOrLake(lake=str(root), engine="duckdb")
    lake, seen = lake_audits.schools_of(place), []
    sources = [Under(one, under) for one in lake] if under else lake
    for source, _ in lake_audits.findings_of(sources, at, place, Report()):
        assert source not in sources
        seen.append(weakref.ref(source.data))
        del source

    assert [] == [one for one in lake if "data" in vars(one)]
    gc.collect()
    assert [None] * (len(seen) - 1) == [one() for one in seen[:-1]]
