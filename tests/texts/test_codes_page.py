"""The page of breach codes is the catalogue, and nothing but the catalogue."""

from __future__ import annotations

import runpy
from pathlib import Path

from edujournal.rules.catalogue import CATALOGUE

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "breach-codes.md"


def test_the_page_of_breach_codes_is_up_to_date():
    """The page says what the catalogue says; `python docs/codes_page.py` writes it anew."""
    expected = runpy.run_path(str(ROOT / "docs" / "codes_page.py"))["page"]()

    assert expected == PAGE.read_text("utf-8")


def test_every_code_has_a_section_with_both_examples():
    """A reader finds each code by its name, with an example that keeps it and one that breaks it."""
    text = PAGE.read_text("utf-8")
    for code, row in CATALOGUE.items():
        section = text.split(f"### `{code}`\n")[1].split("\n### ")[0]
        assert f"- Kept: {row.kept}" in section
        assert f"- Broken: {row.broken}" in section
