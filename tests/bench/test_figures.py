"""Figures are kept, compared and told as they were measured."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from attrs import evolve

from bench import targets
from bench.__main__ import SECTIONS, main
from bench.figures import MEMORY, Figures, Row, Section
from bench.measure import Way, measured
from bench.page import page
from bench.report import compared, ratio, table
from bench.targets import Target
from tests.bench.conftest import ROOT


def figures(ours: float = 3.0) -> Figures:
    """Two rounds: the peer took 1 and 2 seconds, edujournal *ours* times that."""
    rows = (
        Row("by hand", ours=False, values=(1.0, 2.0)),
        Row("no such peer", ours=False, values=(), missing="nothing"),
        Row("edujournal: a way", ours=True, values=(ours, 2 * ours)),
    )
    return Figures((Section("name", "Some work", "entry", rows, ("A note.",)),), quick=False)


def test_a_ratio_is_taken_round_by_round():
    """A computer that is half as fast in one round changes both sides of it."""
    section = figures().sections[0]
    found = section.rows[2].over(section.yardstick)

    assert (3.0, 3.0, 3.0) == (found.middle, found.least, found.most)


def test_the_table_has_a_row_for_a_peer_that_is_not_installed():
    """What was not measured is not left out."""
    lines = list(table(figures()))

    assert any("no such peer" in line and "not installed: nothing" in line for line in lines)
    assert any(line.startswith("A  edujournal: a way") for line in lines)


def test_figures_are_read_back_as_they_were_written(tmp_path):
    """JSON keeps every round."""
    kept = tmp_path / "figures.json"
    figures().dump(kept)

    assert figures() == Figures.load(kept)


def test_a_file_of_another_kind_is_refused_by_its_name(tmp_path):
    """No traceback for a wrong file."""
    other = tmp_path / "other.json"
    other.write_text(json.dumps({"format": 99}))

    with pytest.raises(SystemExit, match=r"other\.json: not figures"):
        Figures.load(other)


def test_two_runs_are_compared_by_their_ratios():
    """Twice as slow beside the same peer is told as 2, whatever the seconds were."""
    (line,) = [line for line in compared(figures(6.0), figures(3.0)) if "a way" in line]

    assert ["6.00", "3.00", "2.00"] == line.split()[-3:]


def test_the_page_says_which_peer_is_faster_and_tells_no_seconds():
    """An honest page: the faster peer is named, the machine is not."""
    told = page(figures())

    assert "**Faster than edujournal**: by hand." in told
    assert "**Slower than edujournal**: by hand." in page(figures(0.5))
    assert "| A | edujournal: a way | 3.00 (3.00–3.00) |  |" in told
    assert "µs" not in told


def test_the_page_holds_each_target_to_what_was_reached(monkeypatch):
    """Met or missed by the ratio or the time, an absent peer left out, a title that is none an error."""

    def target(peer, most):
        return Target("T1", "name", "edujournal: a", peer, most)

    monkeypatch.setattr(
        targets,
        "TARGETS",
        (target("by", 3.1), target("by", 0.5), target("by", 1 / 400), target("no such", 2)),
    )
    told = page(figures())
    assert "| T1 | a way ÷ by hand | ≤ 3.10 | 3.00 | yes |" in told
    assert "| T1 | a way ÷ by hand | ≤ 0.0025 | 3.00 | no |" in told
    assert "| T1 | a way ÷ by hand | ≤ 0.50 | 3.00 | no |" in told
    assert 3 == told.count("| T1 |")
    monkeypatch.setattr(
        targets, "TARGETS", [Target("T2", "name", "edujournal: a", "", most) for most in (5, 4)]
    )
    told = page(figures())
    assert "| T2 | a way | ≤ 5.00 s | 4.50 s | yes |" in told
    assert "| T2 | a way | ≤ 4.00 s | 4.50 s | no |" in told
    monkeypatch.setattr(targets, "TARGETS", (Target("T1", "other", "x", "y", 1),))
    assert "Targets" not in page(figures())
    monkeypatch.setattr(targets, "TARGETS", (target("nobody", 1),))
    with pytest.raises(ValueError, match="no way begins with 'nobody'"):
        page(figures())


def test_every_target_is_of_a_section_that_is_measured():
    """None is forgotten because its section has another name."""
    assert {one.section for one in targets.TARGETS} <= set(SECTIONS)


def test_memory_is_told_in_mebibytes(monkeypatch):
    """It is the library's whatever the computer; so the page may tell it, and a target ask for it."""
    rows = (
        Row("by hand", ours=False, values=(40.0,)),
        Row("edujournal: a", ours=True, values=(99.5,)),
    )
    section = Section("name", "Some work", "process", rows, measure=MEMORY)
    monkeypatch.setattr(targets, "TARGETS", (Target("T1", "name", "edujournal: a", "", 120),))
    told = page(Figures((section,), quick=False))

    assert "| A | edujournal: a | 99.5 | 2.49 (2.49–2.49) |  |" in told
    assert "| T1 | a | ≤ 120 MiB | 99.5 MiB | yes |" in told
    assert any("99.5 MiB" in line for line in table(Figures((section,), quick=False)))


def test_a_missed_target_names_the_table_that_shows_what_stands_in_the_way(monkeypatch):
    """One that is met needs none, and one that was not measured is not named."""
    parts = Section("parts", "Where it goes", "entry", figures().sections[0].rows, compared=False)
    both = Figures((*figures().sections, parts), quick=False)
    asked = [Target("T1", "name", "edujournal: a", "by", most, "parts") for most in (1, 4)]
    monkeypatch.setattr(targets, "TARGETS", tuple(asked))

    assert "| ≤ 1.00 | 3.00 | no | Where it goes |" in page(both)
    assert "| ≤ 4.00 | 3.00 | yes |  |" in page(both)
    assert "| ≤ 1.00 | 3.00 | no |  |" in page(figures())


def test_the_same_asked_of_two_tables_is_told_with_their_titles(monkeypatch):
    """A reader sees which of them is meant."""
    first = figures().sections[0]
    both = Figures((first, evolve(first, name="other", title="Other work")), quick=False)
    asked = [Target("T1", name, "edujournal: a", "by", 4) for name in ("name", "other")]
    monkeypatch.setattr(targets, "TARGETS", tuple(asked))

    assert "| T1 | Some work: a way ÷ by hand |" in page(both)
    assert "| T1 | Other work: a way ÷ by hand |" in page(both)
    assert "| T1 | a way ÷ by hand |" in page(figures())


def test_a_table_of_parts_names_no_peer_as_faster():
    """Its rows are parts of the first."""
    parts = Section("parts", "Where it goes", "entry", figures().sections[0].rows, compared=False)
    told = page(Figures((parts,), quick=False))

    assert "÷ this" not in told.partition("## Where it goes")[2]
    assert "aster than" not in told.partition("## Where it goes")[2]


def test_files_of_figures_are_compared_without_measuring(tmp_path, capsys):
    """`--from` and `--against` need no minute of measuring."""
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    figures(3.0).dump(old)
    figures(6.0).dump(new)
    main(["--from", str(new), "--against", str(old)])

    assert "now ÷ then" in capsys.readouterr().out


@pytest.mark.parametrize("value", [0.0123, 1.234, 12.34, 1234.5])
def test_a_ratio_is_written_with_the_digits_that_mean_something(value):
    """Three digits at most, and never a power of ten."""
    assert {0.0123: "0.01", 1.234: "1.23", 12.34: "12.3", 1234.5: "1234"}[value] == ratio(value)


def test_ways_take_turns_and_each_is_made_ready_before_it_is_measured():
    """Each round has one sample of each way, on fresh ground, in a changing order."""
    seen = []

    def way(name):
        return Way(name, lambda: seen.append(f"ready {name}") or (lambda: seen.append(name)))

    section = measured("n", "t", "u", [way("a"), way("b")], rounds=2)

    assert [2, 2] == [len(row.values) for row in section.rows]
    assert ["a", "b", "a", "b", "a", "b"] == [one for one in seen if one in "ab"]
    assert all(seen[at - 1] == f"ready {one}" for at, one in enumerate(seen) if one in "ab")


def test_a_way_whose_module_is_not_installed_is_never_made_ready():
    """A missing peer is a row, not an error."""
    ways = [
        Way("there", lambda: lambda: None),
        Way("not there", lambda: pytest.fail("made ready"), needs=("no_such_module",)),
    ]
    section = measured("n", "t", "u", ways, rounds=1)

    assert ["", "no_such_module"] == [row.missing for row in section.rows]


def test_every_piece_of_work_has_the_name_it_is_asked_by():
    """`--only` takes the names that the guide lists, in the order in which the page has them."""
    guide = (Path(ROOT) / "docs" / "how-to" / "measure-speed.md").read_text("utf-8")
    table = guide.partition("| piece |")[2].partition("\n\n")[0].splitlines()[2:]
    named = [name for row in table for name in re.findall("`([^`]+)`", row.split("|")[1])]

    assert list(SECTIONS) == named
