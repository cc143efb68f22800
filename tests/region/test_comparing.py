"""Two regulations over a whole lake: what would change, school by school."""

from __future__ import annotations

import json

import pytest

import edujournal as ej
from edujournal.audits.compare import compare
from edujournal.cli import main
from edujournal.model.time import parse_instant
from edujournal.rules.loading import load
from tests.region.conftest import in_memory

AT = "2026-11-02T09:00:00+03:00"
BOTH = ("ru-school26-2023", "ru-minpros-model")


@pytest.fixture(scope="module")
def differences(made):
    """What differs in each of the made schools, by their stores."""
    found = {}
    for kept in made[0]:
        audits = [
            list(ej.Journals(in_memory(kept), kept.school, load(name)).audit(parse_instant(AT)))
            for name in BOTH
        ]
        found[kept.school.id] = compare(*audits)
    return found


@pytest.mark.parametrize("more", [(), ("--engine", "polars"), ("--workers", "2")])
def test_what_differs_in_a_lake_is_what_differs_in_the_stores(made, differences, capsys, more):
    """Every finding that appears, vanishes or changes, of the right school, by every way."""
    lake = ["regulation", "compare", *BOTH, "--lake", str(made[1]), "--at", AT]
    capsys.readouterr()
    assert 1 == main([*lake, "--json", *more])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    for id, one in differences.items():
        mine = [line for line in lines if line["school"] == id]
        counts = {
            what: sum(line["change"] == what for line in mine)
            for what in ("appeared", "vanished", "changed")
        }
        assert counts == {
            "appeared": len(one.appeared), "vanished": len(one.vanished), "changed": len(one.changed)
        }  # fmt: skip
        told = sorted(
            (line["clause"], line["about"]) for line in mine if line["change"] == "vanished"
        )
        assert told == sorted((each.clause, each.about) for each in one.vanished)
    assert sum(len(one.vanished) for one in differences.values()) > 0


def test_people_read_what_differs_and_the_sums(made, differences, capsys):
    """A table for each school, and how many of them differ; the same regulation differs in none."""
    lake = ["regulation", "compare", BOTH[0], BOTH[1], "--lake", str(made[1]), "--at", AT]
    assert 1 == main([*lake, "--lang", "en"])
    shown = " ".join(capsys.readouterr().out.split())
    vanished = sum(len(one.vanished) for one in differences.values())
    assert "Schools: 2, with differences: 2" in shown
    assert f"vanish: {vanished}," in shown
    same = ["regulation", "compare", BOTH[0], BOTH[0], "--lake", str(made[1]), "--at", AT]
    assert 0 == main([*same, "--lang", "ru"])
    assert "с различиями: 0" in capsys.readouterr().out


def test_what_cannot_be_compared_is_misuse(made, capsys):
    """No place at all, a regulation that is none, a lake with a regulation of its own."""
    for more in (
        [],
        ["--lake", str(made[1]), "--regulation", BOTH[0]],
        ["--workers", "2"],
        ["--engine", "duckdb", "--store", "file:a"],
    ):
        assert 2 == main(["regulation", "compare", *BOTH, *more])
    assert 2 == main(["regulation", "compare", "nothing", BOTH[0], "--lake", str(made[1])])
