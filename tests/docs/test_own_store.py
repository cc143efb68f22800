"""The store of the how-to is one: short, proven by the kit, and with the report that its page shows."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

PAGES = runpy.run_path(str(Path(__file__).parents[2] / "docs" / "store_report.py"))


@pytest.fixture(scope="module")
def proven(tmp_path_factory):
    """The report of the page's own test, and what pytest said."""
    return PAGES["report"](tmp_path_factory.mktemp("own-store"))


def test_the_store_of_the_how_to_passes_the_kit(proven):
    """What a reader copies from the page is proven by the test that the page shows."""
    table, said = proven
    assert "passed" in said
    assert ", 0 failed, " in table
    assert "not run" not in table


def test_the_page_shows_the_report_that_the_kit_gives(proven):
    """Nobody writes the table by hand; `python docs/store_report.py` writes it anew."""
    assert PAGES["page"](proven[0]) == PAGES["PAGE"].read_text("utf-8")


def test_the_store_of_the_how_to_is_short():
    """Fewer than sixty lines, imports and all, over a database that has none of our code."""
    database, store = PAGES["snippets"]()[:2]
    assert "class Shelf:" in database
    assert "edujournal" not in database
    assert "class ShelfStore:" in store
    assert len([line for line in store.splitlines() if line.strip()]) < 60
