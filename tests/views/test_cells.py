"""Cells: what a paper journal would show in a square."""

from __future__ import annotations

import pytest
from attrs import evolve

from edujournal.views.cells import (
    Cell,
    CellAbsence,
    CellComment,
    CellMakeUp,
    CellMark,
    CellMarker,
    CellResult,
    Source,
    cell_text,
)
from edujournal.views.ordering import natural

SOURCE = Source("journal/7A/alg/2026", 1, "t-1", 0)


def mark(value, **fate):
    """A mark of an oral answer."""
    return CellMark(value, "oral", None, None, None, evolve(SOURCE, **fate))


def absence(code, late=None):
    """An absence."""
    return CellAbsence(code, late, SOURCE)


@pytest.mark.parametrize(
    ("expected", "cell"),
    [
        ("", Cell()),
        ("5", Cell((mark(5),))),
        ("5 4", Cell((mark(5), mark(4)))),
        ("4.5", Cell((mark("4.5"),))),
        ("н/а", Cell(markers=(CellMarker("н/а", None, None, SOURCE),))),
        ("5 точка", Cell((mark(5),), (CellMarker("точка", None, None, SOURCE),))),
        ("Н", Cell(absence=absence("Н"))),
        ("ОП10", Cell(absence=absence("ОП", 10))),
        ("ОП0", Cell(absence=absence("ОП", 0))),
        ("4/ОП10", Cell((mark(4),), absence=absence("ОП", 10))),
        ("5/Н", Cell(makeups=(CellMakeUp(5, None, "12", None, (), SOURCE),), absence=absence("Н"))),
        ("осв", Cell(results=(CellResult(None, "осв", None, "period", SOURCE),))),
        ("3", Cell(results=(CellResult(3, None, None, "year", SOURCE),))),
        ("", Cell(comments=(CellComment("молодец", SOURCE),))),
        ("4", Cell((mark(5, annulled=7), mark(4), mark(3, void=True)))),
        ("2", Cell((mark(2, doubtful=True),))),
        ("", Cell((mark(None, corrected=(2,)),))),
    ],
)
def test_a_cell_is_written_as_on_paper(expected, cell):
    """Values first, then the absence after a stroke; struck things and comments are not written."""
    assert expected == cell_text(cell)


def test_a_cell_knows_its_entries_and_what_stands():
    """An annulled mark is in the cell, and is not in what stands of it."""
    struck = mark(5, entry=3, annulled=4)
    cell = Cell((struck, mark(4, entry=2)), absence=absence("Н"))

    assert (1, 2, 3) == cell.entries
    assert (mark(4, entry=2),) == cell.standing().marks
    assert cell.absence == cell.standing().absence
    assert not cell.is_empty
    assert Cell(member=True).is_empty


def test_numbers_in_ids_are_counted_and_not_spelt():
    """A list of pupils reads p-2, p-10, as people count, whatever else is in their ids."""
    assert ["7A", "p-2", "p-10", "p-10a", "ё-1"] == sorted(
        ["p-10", "p-10a", "ё-1", "p-2", "7A"], key=natural
    )
