"""School by school: the same findings in the same order, and few schools held at one time."""

from __future__ import annotations

import json
import os
import pickle
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from importlib.util import find_spec
from multiprocessing import get_context

import pytest

from edujournal.adapters.engines import engine
from edujournal.adapters.exchange.lake import Lake, export
from edujournal.cli import lake_audits, main
from edujournal.cli.options import PlaceOrLake
from edujournal.errors import BadInput, StoreError
from edujournal.regions.bulk import Report
from edujournal.regions.mapping import audit_by_school, map_schools
from edujournal.regions.under import Under
from edujournal.samples.generated import Size, generate
from tests.region.conftest import audited, in_memory


@pytest.fixture(scope="module")
def several(tmp_path_factory):
    """A lake of five small schools, and the latest moment at which one is looked at."""
    root = tmp_path_factory.mktemp("several") / "lake"
    at = 0
    for kept in generate(5, 3, Size(classes=1, pupils=4, days=8)):
        export(root, in_memory(kept), kept.school, [kept.regulation.read_bytes()], "north")
        at = max(at, kept.audited)
    return root, at


@pytest.fixture(scope="module")
def pool():
    """Two processes that are begun anew."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        yield executor


def mapped(root, at, executor, start=None, ahead=4):
    """The findings of a lake by school, and how they were come by."""
    report = Report()
    found = audit_by_school(Lake(root).schools(), at, executor, report, start, ahead)
    return {source.id: findings for source, findings in found}, report


def died(source):
    """End the process."""
    os._exit(1)


@pytest.mark.parametrize("name", [None, "duckdb", "polars"])
def test_processes_find_what_one_plan_finds_in_the_same_order(several, pool, name):
    """Every field of every finding, school by school, and the same counts of how it was come by."""
    root, at = several
    counting = engine("duckdb")
    planned, _ = audited(root, at, counting)
    counting.close()
    found, report = mapped(root, at, pool, name and partial(engine, name))

    assert planned == found
    assert list(planned) == list(found)
    assert any(found.values())
    entries = sum(len(list(one.records())) for one in Lake(root).schools())
    assert (5, entries) == (report.schools, report.entries)
    assert (report.judged > 0) == (name is not None)


class Counting(Executor):
    """Calls when it is asked for what the call returns, and counts what is under way."""

    def __init__(self):
        self.open = self.most = self.cancelled = 0

    def submit(self, fn, /, *args):
        """Take a call."""
        outer = self
        self.open += 1
        self.most = max(self.most, self.open)

        class Late(Future):
            def result(self, timeout=None):
                outer.open -= 1
                return fn(*args)

            def cancel(self):
                outer.cancelled += 1
                return super().cancel()

        return Late()


def test_no_more_schools_are_held_than_was_said(several):
    """What is held does not grow with the schools, and who stops gives up the rest."""
    root, at = several
    counting = Counting()
    found, _ = mapped(root, at, counting, ahead=2)
    assert (5, 2, 0) == (len(found), counting.most, counting.cancelled)

    counting = Counting()
    schools = map_schools(counting, len, [[1], [2, 2], [3, 3, 3], [4]], ahead=3)
    assert ([1], 1) == next(schools)
    assert ([2, 2], 2) == next(schools)
    schools.close()
    assert 2 == counting.cancelled
    with pytest.raises(BadInput, match="ahead"):
        map_schools(counting, len, [[1]], ahead=0)


def test_what_goes_wrong_with_a_school_comes_to_the_caller(several):
    """An error of a school is raised in its turn, the schools before it have been given."""
    root, _ = several
    schools = Lake(root).schools()
    with ThreadPoolExecutor(2) as executor:
        found = map_schools(executor, lambda one: {1: 10}[one], [1, 1, 2])
        assert [(1, 10), (1, 10)] == [next(found), next(found)]
        with pytest.raises(KeyError):
            next(found)
    assert len(schools[0].data.facts().lessons) > 0
    assert len(pickle.dumps(schools[0])) < 1000  # only where it is


def test_the_shell_divides_schools_among_processes(several, capsys):
    """The same lines by two processes; a number that is none is misuse."""
    root, _ = several
    lake = ["audit", "--lake", str(root), "--at", "2026-11-02T09:00:00+03:00", "--json"]
    told = []
    for more in ([], ["--workers", "2"], ["--workers", "2", "--engine", "python"]):
        assert 1 == main([*lake, *more])
        told.append([json.loads(line) for line in capsys.readouterr().out.splitlines()])
    assert told[0]
    assert told[0] == told[1] == told[2]
    for more in (["--workers", "0"], ["--workers", "2", "--engine", "spark"]):
        assert 2 == main([*lake, *more])
    assert 2 == main(["audit", "--store", "file:none", "--workers", "2"])


@pytest.mark.parametrize("under", [False, True])
def test_what_is_read_of_a_school_is_let_go_with_it(several, under):
    """The list of schools stays a list of places, whatever is done with each of them."""
    root, at = several
    schools = Lake(root).schools()[:2]
    asked = [Under(one, ("ru-minpros-model",)) for one in schools] if under else schools
    place = PlaceOrLake(lake=str(root), workers=2, engine="python")
    for source, _ in lake_audits.findings_of(asked, at, place, Report()):
        assert source.data.facts().lessons
        assert source.regulations
    assert [] == [
        name for one in (*schools, *asked) for name in vars(one) if name in ("data", "regulations")
    ]


def test_a_process_that_ends_is_told_of(several):
    """Nothing is taken for audited that was not."""
    root, _ = several
    with pytest.raises(StoreError, match="ended before it had answered"):
        list(lake_audits.mapped(died, Lake(root).schools(), 2))


@pytest.mark.skipif(find_spec("distributed") is None, reason="skip: no dask (group dask)")
def test_dask_finds_the_same(several):
    """The executor of Dask's client is one like any other."""
    from distributed import Client

    root, at = several
    with Client(n_workers=2, threads_per_worker=1, dashboard_address=None) as client:
        found, _ = mapped(root.resolve(), at, client.get_executor(), partial(engine, "duckdb"))
    assert audited(root, at)[0] == found
