"""Selectors: which occasions, records and entries a rule is for, by their features."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attrs import frozen

from edujournal.rules.numbers import exact

#: Features of an occasion that a selector may name.
FEATURES: Final = frozenset(
    {
        "class",
        "control",
        "days_absent",
        "days_late",
        "excuse",
        "grade",
        "group",
        "group_kind",
        "lesson_position",
        "level",
        "papers",
        "parallel",
        "period_index",
        "period_kind",
        "profile",
        "pupil_category",
        "purpose",
        "record_state",
        "role",
        "shift",
        "stage",
        "subject",
        "subject_tag",
        "substitution",
        "to",
        "weekly_hours",
        "work_kind",
        "written",
    }
)

#: Features that are not read off the occasion alone, but off the book, the pupil or the entry.
BEYOND: Final = frozenset(
    {
        "days_absent",
        "days_late",
        "excuse",
        "papers",
        "pupil_category",
        "record_state",
        "role",
        "substitution",
    }
)

#: Features that are numbers: a selector may name a range of them, such as ``3..`` or ``2..4``.
NUMERIC: Final = frozenset(
    {
        "days_absent",
        "days_late",
        "grade",
        "papers",
        "parallel",
        "period_index",
        "shift",
        "weekly_hours",
    }
)


@frozen
class Span:
    """A range of numbers in a selector, its ends included; None for an open end.

    *Version added: 0.1.*
    """

    least: int | None = None
    most: int | None = None

    def __contains__(self, value: object) -> bool:
        number = exact(value)
        return (
            number is not None
            and (self.least is None or self.least <= number)
            and (self.most is None or number <= self.most)
        )

    def holds(self, other: Scalar) -> bool:
        """Tell whether everything that *other* allows lies in this range."""
        if not isinstance(other, Span):
            return other in self
        low = self.least is None or (other.least is not None and self.least <= other.least)
        high = self.most is None or (other.most is not None and other.most <= self.most)
        return low and high

    def meets(self, other: Scalar) -> bool:
        """Tell whether something lies in both."""
        if not isinstance(other, Span):
            return other in self
        lows = [one for one in (self.least, other.least) if one is not None]
        highs = [one for one in (self.most, other.most) if one is not None]
        return not lows or not highs or max(lows) <= min(highs)

    def __str__(self) -> str:
        low, high = ("" if one is None else str(one) for one in (self.least, self.most))
        return f"{low}..{high}"


Scalar = str | int | bool | Span


#: Features of which an occasion may have several at once.
SETS: Final = frozenset(
    {"class", "lesson_position", "parallel", "pupil_category", "record_state", "subject_tag"}
)


def _is(value: object, one: Scalar) -> bool:
    if isinstance(one, Span):
        return not isinstance(value, bool) and value in one
    return value == one and type(value) is type(one)


def _holds(wide: Scalar, one: Scalar) -> bool:
    return wide.holds(one) if isinstance(wide, Span) else wide == one


def _meets(one: Scalar, other: Scalar) -> bool:
    if isinstance(one, Span):
        return one.meets(other)
    return other.meets(one) if isinstance(other, Span) else one == other


@frozen
class Selector:
    """Which occasions a rule is for: every field must have one of its values.

    *Version added: 0.1.*
    """

    fields: tuple[tuple[str, tuple[Scalar, ...]], ...] = ()

    def allows(self, features: Mapping[str, object]) -> bool:
        """Tell whether an occasion with these features is meant. Every field named must be known."""
        for name, allowed in self.fields:
            value = features.get(name)
            if isinstance(value, frozenset):
                if not any(_is(each, one) for each in value for one in allowed):
                    return False
            elif not any(_is(value, one) for one in allowed):
                return False
        return True

    def names(self) -> frozenset[str]:
        """Fields it reads."""
        return frozenset(name for name, _ in self.fields)

    def narrows(self, other: Selector) -> bool:
        """Tell whether everything this one allows is allowed by *other* too, and not the reverse."""
        mine, theirs = dict(self.fields), dict(other.fields)
        return mine != theirs and all(
            name in mine and all(any(_holds(wide, one) for wide in allowed) for one in mine[name])
            for name, allowed in theirs.items()
        )

    def excludes(self, other: Selector) -> bool:
        """Tell whether no occasion can be allowed by both."""
        mine, theirs = dict(self.fields), dict(other.fields)
        return any(
            name not in SETS
            and name in theirs
            and not any(_meets(one, other) for one in allowed for other in theirs[name])
            for name, allowed in mine.items()
        )


#: Selects whatever there is.
EVERY: Final = Selector()
