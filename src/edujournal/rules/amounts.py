"""Amounts: what a set of records comes to, where some of them may not belong to it. Bounds, never guesses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Final

from attrs import frozen

from edujournal.model.occasions import Occasion
from edujournal.rules.numbers import ZERO
from edujournal.rules.places import Found


@frozen(eq=False)
class Counted:
    """A record that belongs to the set that is measured, or may belong to it.

    *Version added: 0.1.*

    Attributes:
        found: The record.
        unknown: What is not known, so that it may not belong to the set; empty where it does.
        number: What is taken of it as a number; None where nothing is, or where it is not known.
        word: What is taken of it as a word; None where nothing is, or where it is not known.
    """

    found: Found
    unknown: str = ""
    number: Fraction | None = None
    word: str | None = None

    @property
    def sure(self) -> bool:
        """Whether it certainly belongs to the set."""
        return not self.unknown


#: The least and the greatest that something may come to, and whether there may be nothing to take.
Range = tuple[Fraction | None, Fraction | None, bool]


def _count(counted: Sequence[Counted]) -> Range:
    sure = sum(one.sure for one in counted)
    return Fraction(sure), Fraction(len(counted)), False


def _sum(counted: Sequence[Counted]) -> Range:
    """What is not known may be anything; a weight or a number of points is never below 0."""
    low = sum((_least(one) for one in counted if one.number is not None), ZERO)
    high = sum((_most(one) for one in counted if one.number is not None), ZERO)
    return low, None if any(one.number is None for one in counted) else high, False


def _least(one: Counted) -> Fraction:
    number = one.number or ZERO
    return number if one.sure else min(number, ZERO)


def _most(one: Counted) -> Fraction:
    number = one.number or ZERO
    return number if one.sure else max(number, ZERO)


def _mean(counted: Sequence[Counted]) -> Range:
    numbers = _numbers(counted)
    if numbers is None or not all(one.sure for one in counted):
        known = numbers or [ZERO]
        # It lies between the least and the greatest, whichever of them belong to the set.
        return (None, None, True) if numbers is None else (min(known), max(known), True)
    if not numbers:
        return None, None, True
    mean = sum(numbers, ZERO) / len(numbers)
    return mean, mean, False


def _numbers(counted: Sequence[Counted]) -> list[Fraction] | None:
    """The numbers; None where one of them is not known."""
    found = [one.number for one in counted]
    known = [one for one in found if one is not None]
    return known if len(known) == len(found) else None


def _min(counted: Sequence[Counted]) -> Range:
    every = _numbers(counted)
    sure = [one.number for one in counted if one.sure and one.number is not None]
    low = min(every, default=None) if every is not None else None
    return low, min(sure, default=None), not sure


def _max(counted: Sequence[Counted]) -> Range:
    every = _numbers(counted)
    sure = [one.number for one in counted if one.sure and one.number is not None]
    high = max(every, default=None) if every is not None else None
    return max(sure, default=None), high, not sure


def _distinct(counted: Sequence[Counted]) -> Range:
    sure = {one.word for one in counted if one.sure and one.word is not None}
    every = {one.word for one in counted if one.word is not None}
    blank = sum(one.word is None for one in counted)
    if not sure and any(one.sure for one in counted):
        return Fraction(1), Fraction(len(every) + blank), False
    return Fraction(len(sure)), Fraction(len(every) + blank), False


#: What a set comes to, by the way in which it is measured.
TAKEN: Final[Mapping[str, Callable[[Sequence[Counted]], Range]]] = {
    "count": _count,
    "distinct": _distinct,
    "max": _max,
    "mean": _mean,
    "min": _min,
    "sum": _sum,
}


def share_of(counted: Sequence[Counted], members: frozenset[str], *, certain: bool) -> Range:
    """Share in percent. Where it is not known who is meant, it may be any."""
    if not certain:
        return ZERO, Fraction(100), False
    if not members:
        return None, None, True
    sure = {one.found.entry.pupil for one in counted if one.sure} & members
    every = {one.found.entry.pupil for one in counted} & members
    return Fraction(100 * len(sure), len(members)), Fraction(100 * len(every), len(members)), False


def gap_of(counted: Sequence[Counted], unit: str, occasion: Occasion) -> Range:
    """Days from one record to the next, the shortest such stretch; unbounded where there is but one."""
    dated = [(one.found.day, one.sure) for one in counted]
    every = sorted(day for day, _ in dated if day is not None)
    sure = sorted(day for day, is_sure in dated if day is not None and is_sure)
    low = _shortest(every, unit, occasion)
    if len(dated) > 1 and any(day is None for day, _ in dated):
        low = ZERO
    high = _shortest(sure, unit, occasion)
    return low, high, len(sure) < 2


def _shortest(days: Sequence[date], unit: str, occasion: Occasion) -> Fraction | None:
    gaps = [_between(one, other, unit, occasion) for one, other in pairwise(days)]
    return Fraction(min(gaps)) if gaps else None


def _between(first: date, last: date, unit: str, occasion: Occasion) -> int:
    """How many days *last* comes after *first*: on the next day 1, on the same day 0."""
    if unit == "days" or occasion.group is None:
        return (last - first).days
    return sum(first < day <= last for day in _school_days(occasion, first, last))


def _school_days(occasion: Occasion, first: date, last: date) -> tuple[date, ...]:
    calendar = occasion.calendar
    days = calendar.school_days(occasion.group or "", first, last)
    return (*days, last) if calendar.is_school_day(occasion.group or "", last) else days
