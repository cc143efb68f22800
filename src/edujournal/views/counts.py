"""Counts of results, marks and attendance: exact, and added up without a loss."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from attrs import evolve, field, frozen

from edujournal.rules.attendance import NO_LESSONS, Attendance
from edujournal.rules.numbers import ZERO

#: How well a pupil did in everything that was counted, the worst first.
STANDINGS: Final = ("failing", "passing", "good", "best")


@frozen(kw_only=True)
class Results:
    """Results, counted.

    The denominator is *counted*: results of pupils who have not left and are not exempt. Where a
    scale does not say what is a success, or what is good, its results are in neither share.

    *Version added: 0.1.*

    Attributes:
        counted: Results in the denominator: values, and markers such as not assessed.
        exempt: Pupils who are out of the denominator: exempt, or taught without marks.
        missing: Results that are owed and not there, of periods that are over.
        values: How often each value or marker was given, of those in the denominator.
        judged: Results of which it is known whether they are a success.
        passing: Those that are.
        rated: Results of which it is known whether they count for quality.
        good: Those that do.
        degrees: Results for which a degree of learning is given.
        learned: Sum of these degrees, in percent each.
        numbered: Results that are worth a number.
        total: Sum of these numbers.
    """

    counted: int = 0
    exempt: int = 0
    missing: int = 0
    values: Mapping[str, int] = field(factory=dict, hash=False)
    judged: int = 0
    passing: int = 0
    rated: int = 0
    good: int = 0
    degrees: int = 0
    learned: Fraction = ZERO
    numbered: int = 0
    total: Fraction = ZERO

    @property
    def success(self) -> Fraction | None:
        """Percent of results that are a success; None where there are none to judge."""
        return _percent(self.passing, self.judged)

    @property
    def quality(self) -> Fraction | None:
        """Percent of results that are good; None where there are none to rate."""
        return _percent(self.good, self.rated)

    @property
    def learning(self) -> Fraction | None:
        """Mean degree of learning, in percent; None where none is given."""
        return self.learned / self.degrees if self.degrees else None

    @property
    def mean(self) -> Fraction | None:
        """Mean of the results that are numbers; None where none is."""
        return self.total / self.numbered if self.numbered else None

    def __add__(self, other: Results) -> Results:
        values = dict(self.values)
        for value, count in other.values.items():
            values[value] = values.get(value, 0) + count
        return Results(
            counted=self.counted + other.counted,
            exempt=self.exempt + other.exempt,
            missing=self.missing + other.missing,
            values=values,
            judged=self.judged + other.judged,
            passing=self.passing + other.passing,
            rated=self.rated + other.rated,
            good=self.good + other.good,
            degrees=self.degrees + other.degrees,
            learned=self.learned + other.learned,
            numbered=self.numbered + other.numbered,
            total=self.total + other.total,
        )


def _percent(part: int, whole: int) -> Fraction | None:
    return Fraction(100 * part, whole) if whole else None


@frozen(kw_only=True)
class Marks:
    """Marks of lessons and works, weighed.

    *Version added: 0.1.*

    Attributes:
        count: Marks that count: of several attempts one.
        weight: Sum of their weights.
        total: Sum of their numbers, each times its weight.
    """

    count: int = 0
    weight: Fraction = ZERO
    total: Fraction = ZERO

    @property
    def mean(self) -> Fraction | None:
        """Mean by weights; None where nothing weighs anything."""
        return self.total / self.weight if self.weight else None

    def __add__(self, other: Marks) -> Marks:
        return Marks(
            count=self.count + other.count,
            weight=self.weight + other.weight,
            total=self.total + other.total,
        )


#: Nothing was counted.
NO_RESULTS: Final = Results()
NO_MARKS: Final = Marks()


@frozen(kw_only=True)
class Row:
    """One row of statistics.

    *Version added: 0.1.*

    Attributes:
        key: Values of the dimensions, in their order; an empty text where one has none.
        results: Results.
        marks: Marks.
        attendance: Lessons, and what was missed of them.
        pupils: How many pupils stand how, over all their results in this row: ``failing`` with one
            that is no success, ``passing``, ``good`` with all good, ``best`` with all the best.
    """

    key: tuple[str, ...]
    results: Results = NO_RESULTS
    marks: Marks = NO_MARKS
    attendance: Attendance = NO_LESSONS
    pupils: Mapping[str, int] = field(factory=dict, hash=False)

    def with_(
        self,
        results: Results = NO_RESULTS,
        marks: Marks = NO_MARKS,
        attended: Attendance = NO_LESSONS,
    ) -> Row:
        """This row with more counted."""
        return evolve(
            self,
            results=self.results + results,
            marks=self.marks + marks,
            attendance=self.attendance + attended,
        )
