"""trust-S5: what people open in a spreadsheet is never run there; what programs read is exact."""

from __future__ import annotations

import csv
import random
import unicodedata
from datetime import UTC, datetime

import pytest
from attrs import evolve

import edujournal as ej
from edujournal.adapters.exchange.csvset import read_set, write_set
from edujournal.adapters.exchange.csvset.spreadsheets import guarded
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.errors import BadInput
from edujournal.testing.clocks import StandingClock
from tests.figures import cases, figure, seed
from tests.trust.small import a_school

#: What has been a formula or a macro in some spreadsheet.
PAYLOADS = (
    "=1+1", "+1+1", "-1+1", "@SUM(1;1)", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x.example";"да")',
    "=IMPORTXML(A1;B2)", "-2+3+cmd|' /C calc'!A0", "+79000000000*2", "@import", "|calc", "%A1",
    '="a"&"b"', "＝1+1", "＋1+1", "－1+1", "＠SUM(1)", "﹣1+1", "﹢1", "﹦1+1", "⁺1+1", "₌1+1",
)  # fmt: skip
BEFORE = (
    "",
    " ",
    "  ",
    "\t",
    "\r",
    "\n",
    "\u00a0",
    "\u200b",
    "\ufeff",
    "\u2028",
    "\u202e",
    "\x01",
    " \t ",
)
AFTER = ("", " ", ";", ",", '"', "'", "\n=2", "я")

#: What is no formula and must stay as it is.
HARMLESS = (
    "Молодец!",
    "5",
    "-5",
    "+7",
    "-3.5",
    "3,5",
    "a=b",
    "§ 5, № 1–7",
    "'",
    "''",
    "«=»",
    "1-2",
    "ё",
)


def live(cell):
    """Whether some spreadsheet would run a cell: the oracle, from what is written about them."""
    if not cell or cell[0] == "'":
        return False
    if cell[0] in "\t\r\n" or ord(cell[0]) < 32:
        return True
    visible = cell.strip()
    while visible and unicodedata.category(visible[0])[0] in "CZ":
        visible = visible[1:]
    try:
        float(visible.replace(",", "."))
    except ValueError:
        return unicodedata.normalize("NFKC", visible)[:1] in tuple("=+-@|%")
    return visible != cell


def texts(count, begun):
    """Hostile and harmless texts, whole and mixed."""
    chance = random.Random(begun)
    for number in range(count):
        if number % 5 == 4:
            yield chance.choice(HARMLESS)
            continue
        text = chance.choice(BEFORE) + chance.choice(PAYLOADS) + chance.choice(AFTER)
        yield unicodedata.normalize("NFC", text)


@pytest.fixture(scope="module")
def remark():
    """One remark, as a book keeps it."""
    clock = StandingClock(datetime(2026, 9, 15, 9, tzinfo=UTC))
    journals = ej.Journals(MemoryStore(), a_school(), "ru-school26-2023", clock=clock)
    receipt = journals.record(ej.Comment(lesson="l0", pupil="p-1", comment="Да"), by="t-1")
    (entry,) = journals.entries(receipt.book)
    return entry


def remarks(remark, found):
    """The remark, so many times, with other texts."""
    return [
        evolve(remark, number=number, act=number, texts={"comment": text})
        for number, text in enumerate(found, 1)
    ]


def cells(folder):
    """Every cell of every file."""
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.reader(stream):
                yield from row


def test_no_cell_is_live_in_a_spreadsheet(remark, tmp_path):
    """10,000 texts: none is a formula, harmless ones stay as they are, and none is lost."""
    wanted = cases(10_000)
    found = list(texts(wanted, seed(0)))
    assert sum(map(live, found)) > wanted / 2
    write_set(tmp_path, a_school(), remarks(remark, found), spreadsheet=True)
    written = list(cells(tmp_path))

    assert [] == [cell for cell in written if live(cell)]
    for text in found:
        assert guarded(text) in (text, f"'{text}")
        assert text not in HARMLESS or guarded(text) == text
    assert {guarded(text) for text in found} <= set(written)
    figure(
        "S5", "cells that a spreadsheet would have run, each made harmless", sum(map(live, found))
    )
    figure("S5", "cells of a spreadsheet looked at", len(written))
    figure("S5", "live", 0)


def test_what_programs_read_is_exact(remark, tmp_path):
    """Without the option the same texts come back to the byte, and no cell gets anything in front."""
    found = list(texts(cases(2_000), seed(1)))
    write_set(tmp_path, a_school(), remarks(remark, found))
    written = set(cells(tmp_path))
    assert set(found) <= written
    back = [draft.comment for draft, _ in read_set(tmp_path).drafts()]

    assert found == back
    figure("S5", "cells for programs, exact to the byte", len(found))


@pytest.mark.parametrize("spreadsheet", [False, True])
def test_a_nul_goes_out_nowhere(remark, tmp_path, spreadsheet):
    """Some programs end a text there: it is refused, and nothing is written."""
    with pytest.raises(BadInput, match="NUL"):
        write_set(tmp_path, a_school(), remarks(remark, ["a\0=1"]), spreadsheet=spreadsheet)
    assert [] == list(tmp_path.glob("*.csv"))
