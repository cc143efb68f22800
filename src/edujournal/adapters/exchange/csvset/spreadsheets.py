"""Cells for people who open a CSV file in a spreadsheet, which takes some texts for formulas."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: Written before a text that a spreadsheet would run; it shows the text as it is.
GUARD: Final = "'"

#: What a formula, or an old macro, begins with.
_BEGINS: Final = frozenset("=+-@|%")

#: A number is no formula, whatever its sign.
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?", re.ASCII)

#: Letters that a spreadsheet may skip before it looks: blanks, controls, joiners, marks of direction.
_SKIPPED: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


def guarded(cell: str) -> str:
    """Give *cell* so that no spreadsheet takes it for a formula.

    A text whose first visible letter begins a formula, also as a full-width or another compatible form,
    or that begins with a tab or another control, gets an apostrophe in front. Numbers stay numbers.

    *Version added: 0.1.*
    """
    if not cell or _NUMBER.fullmatch(cell):
        return cell
    if unicodedata.category(cell[0]) == "Cc":
        return GUARD + cell
    for letter in cell:
        if unicodedata.category(letter) not in _SKIPPED:
            first = unicodedata.normalize("NFKC", letter)[:1]
            return GUARD + cell if first in _BEGINS else cell
    return cell
