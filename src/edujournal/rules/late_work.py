"""Late work, as data: which share a mark loses, by how much later than due the work was handed in."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from attrs import frozen

from edujournal.rules.numbers import ONE, ZERO, Step, exact, stepped
from edujournal.rules.rule_kinds import Words
from edujournal.rules.selectors import EVERY, Selector

#: Units in which lateness is counted.
LATE_UNITS: Final = ("days", "school_days", "working_days")

#: Of what a share is taken off: of what the mark is worth, or of the greatest number possible.
OF: Final = ("worth", "most")


@frozen(kw_only=True)
class Penalty:
    """What a work that was handed in late loses.

    *Version added: 0.1.*

    Attributes:
        name: Name, unique in the regulation.
        clause: Clause that it comes from.
        when: Works that it is for.
        unit: ``days``, ``school_days`` or ``working_days``; the day on which it was due is not counted.
        each: Share that is taken off for each unit, such as ``1/10``; or
        steps: from how many units on which share is taken off.
        at_most: Greatest share that is taken off.
        of: Of what: ``worth`` of the mark, or ``most``, the greatest number of points possible.
        reading: How the text is read where it leaves room.
    """

    name: str
    clause: str | None = None
    when: Selector = EVERY
    unit: str = "days"
    each: Fraction | None = None
    steps: tuple[Step, ...] = ()
    at_most: Fraction = ONE
    of: str = "worth"
    reading: Words | None = None

    def share(self, late: int) -> Fraction:
        """The share that is taken off for so many units."""
        if late < 1:
            return ZERO
        if self.each is not None:
            return min(self.each * late, self.at_most)
        found = exact(stepped(Fraction(late), self.steps))
        return ZERO if found is None else min(found, self.at_most)
