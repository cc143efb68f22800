"""What is kept by a server, and by many writers at once, is what they were given."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial

import pytest
from attrs import evolve

from bench.crowds import crowd
from bench.figures import Figures
from bench.page import page
from bench.parts import ALL, parted
from bench.region import region
from bench.report import table
from bench.sections import crowded, kept, scanned, served
from bench.serving import NotThere
from bench.size import QUICK
from tests.bench.test_answers import installed
from tests.finding_servers import schema_in

# It goes through crowds of writers, where counting branches would show nothing new.
pytestmark = pytest.mark.search


@pytest.fixture(scope="module")
def schemas(postgresql_server):
    """Empty schemas on a server."""
    return partial(schema_in, postgresql_server)


@pytest.mark.parametrize("way", served.WAYS, ids=[one.title for one in served.WAYS])
def test_what_is_appended_to_a_server_lies_there_afterwards(way, schemas):
    """All columns of every record, or the whole entry, in order."""
    installed(way.needs)
    kept.check(way, schemas)


def test_a_school_out_of_a_server_is_the_school_of_the_lake(schemas):
    """As many rows by each peer, and the same findings."""
    of = region(1, 20)
    with schemas() as url:
        scanned.fill(of, url)
        scanned.check(of, url)
        with pytest.raises(AssertionError, match="other rows"):
            scanned.check(evolve(of, entries=of.entries + 1), url)


def test_parts_of_an_append_to_a_server_make_up_the_whole(schemas):
    """Each has something to do."""
    whole = served.appended(evolve(QUICK, singles=2), schemas)
    seconds = parted(whole.work, whole.parts, whole.rest)

    assert min(seconds.values()) > 0
    assert seconds[ALL] == pytest.approx(sum(seconds.values()) / 2)


@pytest.mark.parametrize("one", [*crowded.CROWDS["files"], *crowded.CROWDS["sqlite"]],
                         ids=lambda one: one.title)  # fmt: skip
def test_what_many_write_at_once_is_all_there(one):
    """By each of them, once."""
    crowded.check(one, kept.folders())


@pytest.mark.parametrize("one", crowded.CROWDS["postgresql"], ids=lambda one: one.title)
def test_what_many_write_at_once_to_a_server_is_all_there(one, schemas):
    """By each of them, once."""
    crowded.check(one, schemas)


def test_a_crowd_that_kept_less_would_stop_the_run():
    """The benchmark looks at what was kept before it measures."""
    first, *_ = crowded.CROWDS["files"]
    losing = evolve(first, told=lambda folder: first.told(folder)[1:])

    with pytest.raises(AssertionError, match="not kept"):
        crowded.check(losing, kept.folders())


@pytest.mark.parametrize("fails_at", [1, 2])
def test_a_writer_who_fails_stops_the_run_and_leaves_nobody_waiting(fails_at):
    """Whether before all begin together or afterwards."""

    @contextmanager
    def opened():
        yield lambda number: partial(write, number)

    def write(number, record):
        if number == 3 and record.number == fails_at:
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        crowd(opened(), crowded.shelves(5, 3))


def test_waits_are_told_of_all_writers_but_for_what_was_there_before():
    """A lone one has no crowd to be told of."""
    alone, together, *_ = crowded.CROWDS["files"]

    assert ["entry"] == list(alone.rows())
    assert ["entry", "half", "most"] == list(together.rows())


def test_without_a_server_the_page_says_why(monkeypatch):
    """The table is not there, the reason is, and nothing of it is held to a target."""

    def none(_folder):
        raise NotThere("no programs of PostgreSQL")

    monkeypatch.setattr(served, "server", none)
    sections = served.singles(QUICK), crowded.on_postgresql(QUICK), served.parts(QUICK)
    figures = Figures(sections, quick=True)

    assert ["postgresql", "writers-postgresql", "postgresql-parts"] == [
        one.name for one in sections
    ]
    for told in (page(figures), "\n".join(table(figures))):
        assert 3 == told.count("Not measured: no programs of PostgreSQL.")
    assert "Targets" not in page(figures)
