"""Exact numbers: read from whole numbers and texts, written back without a loss. Never a float."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Final

from attrs import frozen

_DECIMAL: Final = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?")
_RATIO: Final = re.compile(r"[+-]?[0-9]{1,30}/[0-9]{1,30}")

ZERO: Final = Fraction(0)
ONE: Final = Fraction(1)


def exact(value: object) -> Fraction | None:
    """The number that *value* says, or None if it says none.

    Args:
        value: A whole number, a Decimal, a Fraction, or text such as ``4``, ``4.65``, ``-0.5``, ``2/3``.
            A float says nothing, and neither does a truth value.

    *Version added: 0.1.*
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Fraction):
        return Fraction(value)
    if isinstance(value, Decimal):
        return Fraction(value) if value.is_finite() else None
    if not isinstance(value, str):
        return None
    if _DECIMAL.fullmatch(value):
        return Fraction(value)
    if _RATIO.fullmatch(value) and int(value.partition("/")[2]):
        return Fraction(value)
    return None


def written(number: Fraction) -> str:
    """Write *number* exactly: as a decimal where it ends, else as a ratio, such as ``13/3``.

    *Version added: 0.1.*
    """
    rest, twos, fives = number.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return str(number)
    digits = max(twos, fives)
    if not digits:
        return str(number.numerator)
    scaled = abs(number.numerator) * (10**digits // number.denominator)
    whole, part = divmod(scaled, 10**digits)
    return f"{'-' if number < 0 else ''}{whole}.{part:0{digits}}"


def shown(number: Fraction, digits: int = 2) -> str:
    """Write *number* for a reader, rounded half up to so many digits after the point.

    *Version added: 0.1.*
    """
    sign = "-" if number < 0 else ""
    scaled = (abs(number) * 10**digits * 2 + 1).__floor__() // 2
    whole, part = divmod(scaled, 10**digits)
    sign = sign if scaled else ""
    return f"{sign}{whole}.{part:0{digits}}" if digits else f"{sign}{whole}"


@frozen(kw_only=True)
class Step:
    """One row of a table: from *at* on it *gives* something.

    *Version added: 0.1.*
    """

    at: Fraction
    gives: str


def stepped(number: Fraction, steps: tuple[Step, ...]) -> str | None:
    """What the table *steps* gives for *number*: the row with the greatest *at* not above it.

    None where *number* lies below the whole table.

    *Version added: 0.1.*
    """
    reached = [step for step in steps if step.at <= number]
    return max(reached, key=lambda step: step.at).gives if reached else None
