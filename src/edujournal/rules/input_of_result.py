"""One input of a result: an entry that it is reckoned from, with what it is worth and what becomes of it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Final

from attrs import frozen

from edujournal.rules.formulas import Item
from edujournal.rules.numbers import ONE

#: What became of an input: it counts, was left out as one of the worst, gave way to a later or
#: better attempt, or never could count.
USES: Final = ("counted", "dropped", "superseded", "aside")


@frozen(kw_only=True)
class Input:
    """One entry that a result is reckoned from.

    *Version added: 0.1.*

    Attributes:
        book: Book in which it stands.
        number: Its number there.
        hash: Hash of its record, 64 hex digits.
        changes: Numbers of the corrections that it is read through.
        record: ``mark``, ``marker``, ``makeup`` or ``result``.
        value: What it says, as text: a value, or the code of a marker.
        scale: Code of the scale in which it is said; empty where that is not known.
        worth: What it is worth in the scale of the result; None where it is worth nothing there.
        weight: How much it weighs.
        most: Greatest number of points that was possible, or None.
        category: Kind of work, ``makeup``, or the stage of a result; may be empty.
        extra: Whether it only adds.
        fixed: Whether it may not be left out.
        day: Day that it belongs to; of another attempt the day of the first one.
        given: Day on which it was given; of another attempt its own.
        root: Number of the first attempt; its own for a mark that stands alone.
        table: Code of the table that converted it; empty where none did.
        version: Version of that table.
        late: How many days, or school days, it was handed in late; 0 where nobody said that it was.
        full: What it would be worth had it been in time; None where nothing was taken off.
        penalty: Name of the penalty that took something off; empty where none did.
        use: One of :data:`USES`.
        why: Why it is left aside: ``weight``, ``scale``, ``value``, ``points``, ``extra``, ``marker``;
            ``kind`` where it counts and nobody knows which penalty for lateness holds.
    """

    book: str
    number: int
    hash: str
    changes: tuple[int, ...] = ()
    record: str = "mark"
    value: str
    scale: str = ""
    worth: Fraction | None = None
    weight: Fraction = ONE
    most: Fraction | None = None
    category: str = ""
    extra: bool = False
    fixed: bool = False
    day: date | None = None
    given: date | None = None
    root: int
    table: str = ""
    version: str = ""
    late: int = 0
    full: Fraction | None = None
    penalty: str = ""
    use: str = "counted"
    why: str = ""

    @property
    def key(self) -> tuple[str, int]:
        """Where it stands."""
        return self.book, self.number

    def item(self) -> Item:
        """As formulas reckon with it."""
        return Item(
            key=self.key,
            worth=self.worth or Fraction(0),
            weight=self.weight,
            most=self.most,
            category=self.category,
            extra=self.extra,
            may_drop=not self.fixed and not self.extra,
            order=((self.given or date.min).toordinal(), self.number),
        )
