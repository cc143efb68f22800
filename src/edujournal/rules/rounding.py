"""Rounding: from an exact mean to a value of a scale, in one step, by a table that is data."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from attrs import frozen

from edujournal.rules.numbers import Step, exact, stepped, written
from edujournal.rules.vocabulary import Scale

#: Ways of rounding that need no table.
PLAIN: Final = ("half_up", "half_down", "up", "down")


@frozen(kw_only=True)
class Bar:
    """Bad marks bar the way to the best ones.

    *Version added: 0.1.*

    Attributes:
        mark: A bad mark; a worse one is bad, too.
        best: The best value that is still given.
        count: How many bad marks bar the way.
    """

    mark: str
    best: str
    count: int = 1


@frozen(kw_only=True)
class Rounding:
    """How a mean becomes a value.

    *Version added: 0.1.*

    Attributes:
        name: Name in the file.
        kind: ``half_up``, ``half_down``, ``up``, ``down``, all to the nearest value of the scale, or
            ``steps``, by the table.
        steps: From which mean on which value is given.
        bars: What bars the best values.
    """

    name: str
    kind: str = "half_up"
    steps: tuple[Step, ...] = ()
    bars: tuple[Bar, ...] = ()


def rounded(
    mean: Fraction, scale: Scale, rounding: Rounding, marks: Iterable[str] = ()
) -> str | None:
    """The value of *scale* that *mean* comes to.

    A mean beyond the scale gives its nearest value. A better mean never gives a worse value.

    Args:
        mean: The exact mean.
        scale: The scale of the result.
        rounding: How to round.
        marks: Values that the mean was made of, for bars.

    Returns:
        The value; None where the table or the scale has none for that mean.

    *Version added: 0.1.*
    """
    if rounding.kind == "steps":
        value = stepped(mean, rounding.steps)
    elif scale.values:
        value = _nearest(mean, scale, rounding.kind)
    else:
        value = _on_grid(mean, scale, rounding.kind)
    return value if value is None else _barred(value, scale, rounding.bars, list(marks))


def _nearest(mean: Fraction, scale: Scale, kind: str) -> str | None:
    """Among listed values; those that are worth nothing are never given."""
    known = sorted(
        ((worth, value) for value in scale.values if (worth := scale.worth(value)) is not None),
        key=lambda pair: pair[0],
    )
    if not known:
        return None
    below = [pair for pair in known if pair[0] <= mean] or known[:1]
    above = [pair for pair in known if pair[0] >= mean] or known[-1:]
    (low, under), (high, over) = below[-1], above[0]
    if low >= high:
        return under
    return over if _goes_up((mean - low) / (high - low), kind) else under


def _on_grid(mean: Fraction, scale: Scale, kind: str) -> str:
    """Among all numbers of so many digits after the point."""
    scaled = mean * 10**scale.decimals
    low = scaled.__floor__()
    number = Fraction(low + _goes_up(scaled - low, kind), 10**scale.decimals)
    if scale.least is not None:
        number = max(number, Fraction(scale.least))
    if scale.most is not None:
        number = min(number, Fraction(scale.most))
    return written(number)


def _goes_up(part: Fraction, kind: str) -> bool:
    """Tell whether something that lies *part* of the way between two values becomes the upper one."""
    if kind == "up":
        return part > 0
    if kind == "down":
        return False
    half = Fraction(1, 2)
    return part >= half if kind == "half_up" else part > half


def _barred(value: str, scale: Scale, bars: Iterable[Bar], marks: list[str]) -> str:
    for bar in bars:
        limit, rank, best = scale.rank(bar.mark), scale.rank(value), scale.rank(bar.best)
        bad = sum(
            limit is not None and (other := scale.rank(mark)) is not None and other <= limit
            for mark in marks
        )
        if bad >= bar.count and rank is not None and best is not None and rank > best:
            value = bar.best
    return value


def number_of(value: str) -> int | str:
    """Give a value as marks keep it: a whole number where it is one, else text.

    *Version added: 0.1.*
    """
    number = exact(value)
    if number is None or number.denominator != 1 or value != str(number.numerator):
        return value
    return number.numerator
