"""Penalties: what a mark loses because the work was handed in late, exactly, where it is reckoned with.

The mark stays what it is: what was earned is what was posted. What the lateness takes off is taken off
when a result, or a mean, is reckoned, and stands in the basis beside the full worth.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import evolve

from edujournal.model.occasions import Occasion
from edujournal.rules.late_work import Penalty
from edujournal.rules.numbers import ZERO
from edujournal.rules.scenes import features, worlds
from edujournal.rules.verdicts import NotKnown

if TYPE_CHECKING:
    from edujournal.model.entries import Entry
    from edujournal.rules.clauses import Regulation
    from edujournal.rules.input_of_result import Input
    from edujournal.rules.vocabulary import Scale


def days_late(day: date, occasion: Occasion, unit: str) -> int:
    """How many units after it was due the work of *occasion* came on *day*; 0 if in time.

    It was due on the day that it names, else on that of its lesson.
    """
    due = occasion.day if occasion.work is None else occasion.work.due or occasion.day
    if due is None or day <= due:
        return 0
    if unit == "days":
        return (day - due).days
    calendar, group = occasion.calendar, occasion.group
    after = (due + timedelta(days=n) for n in range(1, (day - due).days + 1))
    if unit == "working_days":
        return sum(calendar.is_working_day(one) for one in after)
    return sum(group is not None and calendar.is_school_day(group, one) for one in after)


def penalty_of(occasion: Occasion, regulation: Regulation) -> Penalty | NotKnown | None:
    """The penalty for works such as *occasion*: the narrowest that is meant, or None.

    Not known where the kind of work decides it and is not known.
    """
    names = frozenset[str]().union(*(one.when.names() for one in regulation.penalties))
    found: dict[str | None, Penalty | None] = {}
    for world in worlds(features(occasion, regulation), names, regulation):
        meant = [one for one in regulation.penalties if one.when.allows(world)]
        narrow = [
            one for one in meant if not any(other.when.narrows(one.when) for other in meant)
        ]  # fmt: skip
        penalty = narrow[0] if narrow else None
        found[None if penalty is None else penalty.name] = penalty
    if len(found) > 1:
        return NotKnown("the entry, and the work it is for")
    return next(iter(found.values()), None)


def penalised(
    found: Input, now: Entry, occasion: Occasion, regulation: Regulation, scale: Scale | None
) -> Input:
    """*found* with what its lateness takes off.

    Args:
        found: A mark as an input, with its full worth.
        now: The mark, as it reads.
        occasion: What it is about.
        regulation: The regulation.
        scale: Scale of the result, below whose least value nothing is taken off.
    """
    day = now.handed_in
    if day is None or found.worth is None or not days_late(day, occasion, "days"):
        return found
    penalty = penalty_of(occasion, regulation)
    if penalty is None:
        return found
    if isinstance(penalty, NotKnown):
        return evolve(found, why="kind")
    late = days_late(day, occasion, penalty.unit)
    share = penalty.share(late)
    if not share:
        return evolve(found, late=late)
    if penalty.of == "most" and found.most is None:
        return evolve(found, late=late, use="aside", why="points")
    whole = found.worth if penalty.of == "worth" else found.most or ZERO
    least = min(found.worth, ZERO if scale is None else lowest(scale))
    worth = max(found.worth - share * whole, least)
    return evolve(found, late=late, full=found.worth, worth=worth, penalty=penalty.name)


def lowest(scale: Scale) -> Fraction:
    """What the least value of a scale is worth; 0 where that is not bounded."""
    if scale.least is not None:
        return Fraction(scale.least)
    worths = [worth for value in scale.values if (worth := scale.worth(value)) is not None]
    return min(worths, default=ZERO)
