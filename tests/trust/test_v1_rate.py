"""A million entries verified in one stream: how fast, and in how little memory (trust-V1)."""

from __future__ import annotations

import json
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from edujournal.ledger.assurance import assure
from edujournal.testing.records import SCHOOL
from tests.figures import cases, figure
from tests.trust.stream import LOG, Stream, evidence

#: The bound of the table, in MiB.
ROOM = 64


def test_a_million_entries_are_verified_in_one_stream():
    """Bodies, chain, index, texts, each seal and a printed checkpoint, in a process of its own.

    How fast is told as a figure, and beside what plain hashes of the same bytes take in the same process.
    What is asked here is a share of that, since a busy computer slows both.
    """
    books = 10
    entries = cases(1_000_000) // books
    ran = subprocess.run(
        [sys.executable, "-m", "tests.trust.stream", str(books), str(entries)],
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[2],
        timeout=900,
    )
    told = json.loads(ran.stdout)
    assert (told["assurance"], told["damages"], told["lacks"]) == ("L3", [], [])
    assert told["records"] == books * entries + told["seals"]
    assert told["grown"] <= ROOM
    if entries >= 10_000:
        assert told["verified"] > told["plain"] / 15
        assert told["sealed"] > told["plain"] / 20
        figure("V1", "entries verified in one stream, with their seals", books * entries, "entries")
        figure("V1", "memory that it grew by", round(told["grown"], 1), "MiB")
        figure("V1", "chain, bytes, index and texts", round(told["verified"]), "entries/s")
        figure(
            "V1", "the same with trees, seals and a checkpoint", round(told["sealed"]), "entries/s"
        )
        figure("V1", "plain sha256 over the same bytes", round(told["plain"]), "entries/s")


def test_memory_does_not_grow_with_the_book():
    """Traced: four times the entries, the same memory, whether they come under many seals or under one."""
    grown = {}
    for entries, every in ((5_000, 5_000), (20_000, 20_000), (20_000, 2_000)):
        stream = Stream(1, entries, every)
        kept = evidence(stream)
        tracemalloc.start()
        try:
            assert assure(stream, SCHOOL, kept).assurance == "L3"
            grown[entries, every] = tracemalloc.get_traced_memory()[1] / 2**20
        finally:
            tracemalloc.stop()
    assert max(grown.values()) < 4
    assert max(grown.values()) - min(grown.values()) < 0.5
    figure(
        "V1", "memory traced, whatever the length of a book", round(max(grown.values()), 1), "MiB"
    )


@pytest.mark.parametrize("number", [1, 499, 500, 501, 1500])
def test_the_stream_is_one_in_which_damage_is_found(number):
    """What is measured is verification: an entry exchanged for another is located, and its seal not met."""

    class Changed(Stream):
        def _bodies(self, book):
            for n, body, private, index in super()._bodies(book):
                changed = self.changing and n == number
                yield n, body.replace(b"Asia/", b"Asia_") if changed else body, private, index

    Changed.changing = False
    stream = Changed(2, 1500, 500)
    Changed.changing = True
    found = assure(stream, SCHOOL, evidence(stream))
    assert found.assurance is None
    first = next(iter(found.damages))
    sealed = -(-number // 500) * 500
    assert (first.number, first.what) == (sealed, "receipt")
    trees = [one for year in found.years for one in year.damages]
    assert [one.number for one in trees if one.book == first.book] == list(range(sealed, 1501, 500))
    assert first.book != LOG
