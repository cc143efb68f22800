"""Proposal and decision side by side on the summary sheet; statistics and sheet on the command line."""

from __future__ import annotations

import json

import pytest

import edujournal as ej
from edujournal.cli import main
from edujournal.views.sheet import proposed_text, sheet, sheet_text
from tests.results.test_proposals import DAYS, A, mark, message, regulation, result, roll

pytestmark = pytest.mark.search

AT = ["--at", "2026-11-02T09:00:00+03:00"]


@pytest.mark.parametrize(
    ("drafts", "text"),
    [
        ([mark("0907", 4)], "? [4]"),
        ([mark("0907", 4), result(4)], "4"),
        ([mark("0907", 4), result(5)], "5 [4]"),
        ([result(5)], "5"),
        ([], "? [?]"),
        ([ej.NewWork(id="w", kind="oral", journal=A), ej.Mark(journal=A, work="w", pupil="p-1", value=5)], "? [?]"),
        ([mark("0907", 4), message("0907"), *(roll(day, "u" if day == "0907" else None) for day in DAYS)], "? [4/none]"),
    ],
)  # fmt: skip
def test_a_cell_shows_what_is_proposed_beside_what_was_decided(hand, drafts, text):
    """In brackets, where it is not what was decided; a question mark where nothing can be proposed."""
    hand.write(*drafts)
    limit = {"over": "0.1", "marker": "none", "decides": "head", "warned": "message"}
    rules = regulation({"absence": [limit]})
    (calendar,) = hand.facts.calendars
    found = list(hand.propose(rules).values())
    cell = sheet("7A", hand.states, hand.facts, calendar, proposals=found).cell("p-1", "alg", "q1")
    assert (text, "p-1") == (proposed_text(cell), cell.proposal.pupil)


def test_without_proposals_a_sheet_is_what_it_was(hand):
    """Who does not ask sees decisions alone, and a regulation without a formula proposes nothing."""
    hand.write(mark("0907", 4), result(5, pupil="p-2"))
    (calendar,) = hand.facts.calendars
    plain = sheet("7A", hand.states, hand.facts, calendar)
    assert all(cell.proposal is None for row in plain.rows for cell in row.cells)
    asked = sheet(
        "7A", hand.states, hand.facts, calendar, proposals=hand.propose(regulation()).values()
    )
    for pupil in ("p-1", "p-2"):
        cells = [one.cell(pupil, "alg", "q1") for one in (plain, asked)]
        assert {sheet_text(cells[0])} == {proposed_text(one) for one in cells}


@pytest.fixture(scope="module")
def toured(tmp_path_factory):
    """The store of a tour, as options."""
    folder = tmp_path_factory.mktemp("tour")
    main(["tour", "--dir", str(folder)])
    return ["--store", f"sqlite:///{folder / 'school.db'}"]


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_sheet_shows_proposals_where_asked(toured, capsys, lang):
    """Brackets only with the option."""
    for options, found in ([], False), (["--proposals"], True):
        assert 0 == main(["sheet", "7A", *options, *toured, *AT, "--lang", lang])
        assert found == ("[" in capsys.readouterr().out)


def test_proposals_are_told_to_programs(toured, capsys):
    """Each cell with its proposal: exact mean, status, difference."""
    assert 0 == main(["sheet", "7A", "--proposals", "--period", "q1", *toured, *AT, "--json"])
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {"status", "text", "mean", "differs", "outdated"} == set(rows[0]["proposed"])
    assert any(one["proposed"]["mean"] is None for one in rows)
    main(["sheet", "7A", "--period", "q1", *toured, *AT, "--json"])
    plain = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert plain == [{k: v for k, v in one.items() if k != "proposed"} for one in rows]


def test_statistics_on_the_command_line(toured, capsys):
    """A table with a line for the whole in both languages; exact numbers for programs."""
    for lang, total in ("en", "Total"), ("ru", "Всего"):
        by = ["--by", "teacher", "--by", "parallel"]
        assert 0 == main(["statistics", *by, "--group", "7A", *toured, *AT, "--lang", lang])
        assert total in capsys.readouterr().out
    options = ["--by", "subject", "--period", "q1", "--stage", "period", "--year", "2026"]
    assert 0 == main(["statistics", *options, *toured, *AT, "--json"])
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [{}] == [one["by"] for one in rows if not one["by"]]
    assert rows[-1]["results"] == sum(one["results"] for one in rows[:-1])
    assert 0 == main(["statistics", "--period", "q2", *toured, *AT, "--json"])
    assert {None} == {json.loads(line)["success"] for line in capsys.readouterr().out.splitlines()}
    assert 2 == main(["statistics", "--by", "klass", *toured])
