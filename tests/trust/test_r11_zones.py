"""trust-R11: no deadline depends on where the server stands, nor on what its clocks do."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from edujournal.model.time import instant, moment, zone
from edujournal.rules.timing import compare
from tests.figures import cases, figure, seed
from tests.laws import test_deadlines as law

ZONES = law.ZONES[:11]
SERVERS = ("UTC", "Pacific/Kiritimati", "America/St_Johns", "Asia/Kathmandu", "Pacific/Pago_Pago")

#: Days with a date of their own: leap days, and their eves and morrows; ends of years and terms.
LEAP_DAYS = [
    date(year, month, day)
    for year in (2012, 2016, 2020, 2024, 2025)
    for month, day in ((2, 27), (2, 28), (2, 29), (3, 1), (12, 31), (1, 1), (5, 31), (9, 1))
    if (month, day) != (2, 29) or year % 4 == 0
]


def looked_at(name):
    """Every occasion of a zone: about each change of its clocks, and about days of their own."""
    yield from law.cases(name)
    oracle = law.Oracle(name)
    for day in LEAP_DAYS:
        starts = oracle.start(day) + 9 * 60 * law.MINUTE
        yield oracle, day, starts, starts + 45 * law.MINUTE, starts - 1


def told(name):
    """Every window of a zone, as lines."""
    for _, day, starts, ends, noticed in looked_at(name):
        facts, lesson = law.school(name, day, starts, ends)
        for key, duty in sorted(law.found(facts, lesson, noticed).items()):
            yield f"{name} {day} {key} {duty.opens} {duty.closes}"


@cache
def here():
    """The windows of all zones, on this server."""
    return [line for name in ZONES for line in told(name)]


@pytest.mark.parametrize("name", ZONES)
def test_windows_agree_with_an_oracle_that_knows_utc_only(name):
    """Every timing rule of the regulation, one microsecond before, at and after each border."""
    borders = 0
    for oracle, day, starts, ends, noticed in looked_at(name):
        facts, lesson = law.school(name, day, starts, ends)
        wanted = law.expected(oracle, day, lesson, noticed)
        found = law.found(facts, lesson, noticed)
        assert wanted == {key: (one.opens, one.closes) for key, one in found.items()}, day
        for key, duty in found.items():
            for border, answers in zip(
                wanted[key], (("early", "met", "met"), ("met", "late", "late")), strict=True
            ):
                if border is None or not duty.judged:
                    continue
                for at, answer in zip((border - 1, border, border + 1), answers, strict=True):
                    # As a host has it: on the clocks of the school, in whichever pass of an hour.
                    again = instant(moment(at, name))
                    assert (at, answer) == (again, compare(duty, again, again + 1).value)
                    borders += 1
    figure("R11", "instants about a border of a window", borders)
    figure("R11", "differences", 0)


@pytest.mark.parametrize("server", SERVERS)
def test_a_server_in_another_zone_has_no_say(server):
    """The same windows, to the microsecond, whatever the zone of the server."""
    program = (
        "import os, sys, time; time.tzset(); sys.path.insert(0, os.getcwd());"
        "from tests.trust.test_r11_zones import here; print(*here(), sep='\\n')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "TZ": server},
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip

    assert here() == done.stdout.splitlines()
    figure("R11", f"windows under each of {len(SERVERS)} zones of the server", len(here()))


@pytest.mark.parametrize("name", ZONES)
def test_days_and_clocks_agree_at_any_instant(name):
    """At random: the day of an instant, its beginning and end, and the way to the clocks and back."""
    oracle, clocks = law.Oracle(name), zone(name)
    chance = random.Random(seed(ZONES.index(name)))
    low, high = (oracle.start(date(year, 1, 1)) for year in (2010, 2038))
    changes = [change * law.SECOND for change in oracle.since(2010)]
    wanted = cases(20_000, 1_000_000) // len(ZONES)
    for number in range(wanted):
        at = chance.randrange(low, high)
        if number % 2:
            # Most instants are far from anything: half of them near a change of the clocks.
            at = chance.choice(changes) + chance.randrange(
                -3 * 3_600 * law.SECOND, 3 * 3_600 * law.SECOND
            )
        day = oracle.shown(at)
        assert day == clocks.local_date(at)
        assert at == instant(clocks.local(at))
        assert clocks.start_of_day(day) <= at < clocks.end_of_day(day)
        if number % 10 == 0:
            assert oracle.start(day) == clocks.start_of_day(day)
            assert oracle.start(day + law.DAY) == clocks.end_of_day(day)
    figure("R11", "random instants", wanted)
