"""The reference of the set says the columns that the reader reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from edujournal.adapters.exchange.csvset.columns import CALENDAR_ROWS, ENTRY_ROWS, SHEETS
from edujournal.adapters.exchange.csvset.drafting import TEXTS, VALUES

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "reference" / "csv-set.md").read_text("utf-8")

HAND = ("id", "by", "role", "recorded", "source")


def listed(names):
    """Names as the page lists them."""
    return ", ".join(f"`{name}`" for name in names)


@pytest.mark.parametrize("sheet", SHEETS, ids=[sheet.name for sheet in SHEETS])
def test_every_file_is_described_with_its_columns(sheet):
    """Whoever writes a set finds each file, and each column of it, in the order of the writer."""
    part = PAGE.partition(f"## `{sheet.name}`\n")[2].partition("\n## ")[0]

    assert ("The set must have it." in part) is sheet.needed
    assert f"Required columns: {listed(sheet.required)}.\n" in part
    if sheet.optional:
        assert f"Optional columns: {listed(sheet.optional)}.\n" in part


@pytest.mark.parametrize(
    ("file", "rows"), [("calendar.csv", CALENDAR_ROWS), ("entries.csv", ENTRY_ROWS)]
)
def test_every_kind_of_row_is_described_with_its_cells(file, rows):
    """A row says what its kind can say; the page has a line for each kind, and none besides."""
    part = PAGE.partition(f"## `{file}`\n")[2].partition("\n## ")[0].partition("\n### ")[0]
    table = [line for line in part.splitlines() if line.startswith("| `")]

    assert [
        f"| `{kind}` | {listed(must)} | {listed(one for one in may if one not in HAND)} |"
        for kind, (must, may) in rows.items()
        if kind != "correction"  # it has a part of the page to itself
    ] == table


def test_what_a_correction_can_change_is_described():
    """Each kind of record has its own columns in a correction."""
    part = PAGE.partition("### Corrections\n")[2]
    kinds = sorted({*VALUES, *TEXTS})

    assert [
        f"| `{kind}` | {listed(sorted({*VALUES.get(kind, ()), *TEXTS.get(kind, ())}))} |"
        for kind in kinds
        if {*VALUES.get(kind, ()), *TEXTS.get(kind, ())}
    ] == [line for line in part.splitlines() if line.startswith("| `")]
