"""trust-S14: false zone data on a server, and a server in another zone, change no verdict."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

from attrs import evolve

from edujournal.adapters.stores.memory import MemoryStore
from edujournal.samples.quarter import keep, quarter
from tests.figures import figure
from tests.laws.test_deadlines import ZONES

SERVERS = ("Pacific/Kiritimati", "America/St_Johns")


def verdicts():
    """A month of a kept quarter: every head, every finding with its window, what is owed, a page."""
    story = quarter()
    story = evolve(story, acts=story.acts[: len(story.acts) // 3])
    store = MemoryStore()
    journals = keep(store, story)
    yield from (f"{book} {head.hash}" for book, head in store.books(story.school.id))
    yield from (
        f"{one} {one.clause} {one.code} {one.outcome} {one.book} {one.about} {one.opens} {one.closes}"
        for one in journals.audit(everything=True)
    )
    yield from (str(one) for one in journals.due())
    page = journals.page("7A/alg/2026")
    yield from (" ".join(str(cell) for cell in row.cells) for row in page.rows)


def digest():
    """All of it in one line, with a count."""
    lines = list(verdicts())
    return f"{len(lines)} {hashlib.sha256(chr(10).join(lines).encode()).hexdigest()}"


def test_no_verdict_changes(tmp_path):
    """A month kept and audited where every zone file is that of Kathmandu: the same to the byte."""
    here = digest()
    false = tmp_path / "zoneinfo"
    data = files("tzdata").joinpath("zoneinfo", "Asia", "Kathmandu").read_bytes()
    for name in (*ZONES, "UTC"):
        (false / name).parent.mkdir(parents=True, exist_ok=True)
        (false / name).write_bytes(data)
    program = (
        "import datetime, os, sys, time, zoneinfo; time.tzset(); sys.path.insert(0, os.getcwd());"
        "trap = datetime.datetime(2012, 1, 1, tzinfo=zoneinfo.ZoneInfo('Europe/Moscow'));"
        "assert trap.utcoffset().seconds == 20_700, 'the trap is not set';"
        "from tests.trust.test_s14_zone_data import digest; print(digest())"
    )
    for server in SERVERS:
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True,
            env={**os.environ, "TZ": server, "PYTHONTZPATH": str(false), "TZDIR": str(false)},
            cwd=Path(__file__).parents[2],
        )  # fmt: skip

        assert here == done.stdout.strip()
        figure(
            "S14",
            f"verdicts, windows and heads in {server} with false zone data",
            int(here.split()[0]),
        )
        figure("S14", "changed", 0)
