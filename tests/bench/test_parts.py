"""The parts of a piece of work are all there, and make up the whole; the work is itself again afterwards."""

from __future__ import annotations

from contextlib import nullcontext
from types import SimpleNamespace

import pytest
from attrs import evolve

from bench import parts
from bench.parts import ALL, PLAIN, Part, Whole, parted, timed
from bench.region import region
from bench.sections import phases, reading_parts, writing_parts
from bench.size import QUICK

# It goes through work with timers inside, where counting branches would show nothing new.
pytestmark = pytest.mark.search

SMALL = evolve(QUICK, singles=3, books=(100, 100), shelf=2, schools=((1, 20), (1, 20)))

#: Parts that nothing of the measured work has to do: no refusal is logged, no mark is looked up.
IDLE = {"the access log, of refusals"}

WHOLES = {
    **writing_parts.WHOLES,
    **reading_parts.WHOLES,
    "memory-parts": phases.in_memory,
    "phases": lambda _size: phases.audited(region(1, 20), "polars"),
}


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """No hands are cleaned before a sample: nothing here is about seconds."""
    monkeypatch.setattr("gc.collect", lambda: 0)


@pytest.fixture
def slow(monkeypatch):
    """A clock that is a second later whenever it is looked at."""
    ticks = iter(range(1_000_000))
    monkeypatch.setattr(parts, "perf_counter", lambda: float(next(ticks)))


@pytest.mark.parametrize("name", WHOLES)
def test_parts_are_all_there_and_make_up_the_whole(name):
    """Each has something to do, none is counted twice, and no timer stays behind."""
    whole = WHOLES[name](SMALL)
    places = [place for part in whole.parts for place in part.places]
    before = [vars(owner)[attribute] for owner, attribute in places]
    seconds = parted(whole.work, whole.parts, whole.rest)

    assert name == whole.name
    assert [ALL, *(part.title for part in whole.parts), whole.rest] == list(seconds)
    assert {title for title, took in seconds.items() if took <= 0} <= IDLE
    assert seconds[ALL] == pytest.approx(sum(seconds.values()) / 2)
    assert before == [vars(owner)[attribute] for owner, attribute in places]


def test_what_one_part_asks_of_another_is_that_ones_alone(slow):
    """Also where it is asked by name, step by step, or in vain."""

    def fail():
        raise KeyError("none")

    def outer():
        with pytest.raises(KeyError):
            of.fail()
        return sum(of.inner(3))

    def inner(count):
        yield from range(count)

    of = SimpleNamespace(outer=outer, inner=inner, fail=fail)
    seconds = {}
    with timed([Part("out", ((of, "outer"),)), Part("in", ((of, "inner"), (of, "fail")))], seconds):
        assert of.outer() == 3

    # The clock is looked at as each begins and ends: 0 out, 1 to 2 and 3 to 4 in, 5 out.
    assert {"out": 3.0, "in": 2.0} == seconds
    assert (outer, inner, fail) == (of.outer, of.inner, of.fail)


def test_a_table_of_parts_says_what_timing_them_costs():
    """The last row is the work without a timer, and nobody is a peer."""
    whole = Whole("name", "Some work", "entry", 1, lambda: nullcontext(int), (), "what is left")
    section = whole.section(1)

    assert (ALL, PLAIN) == (section.rows[0].title, section.rows[-1].title)
    assert not section.compared
    assert [] == section.ours


def test_waits_for_the_disk_are_counted():
    """An append of a mark waits at least for its log."""
    assert 1 <= writing_parts.waits(SMALL) <= 4
