"""Formulas: named pure functions with parameters that are data. Exact, and blind to order.

Each takes items (what a mark is worth, what it weighs) and gives one number. What is left out is left
out in the pupil's favour: of all ways to leave up to so many out, the one with the best outcome is
taken. That keeps a better mark from ever making the outcome worse. A sum leaves out exactly so many.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from fractions import Fraction
from typing import Final

from attrs import evolve, field, frozen

from edujournal.rules.numbers import ONE, ZERO
from edujournal.rules.rule_kinds import Words
from edujournal.rules.selectors import Selector

#: What a formula may be made of.
SOURCES: Final = ("marks", "results")

#: Which of several attempts at one work counts.
ATTEMPTS: Final = ("last", "max", "mean", "replace")


#: A selector that allows every occasion.
EVERYTHING: Final = Selector()


@frozen(kw_only=True)
class AbsenceLimit:
    """Who has missed more than a share of the lessons gets a marker instead of a value.

    *Version added: 0.1.*

    Attributes:
        over: The share, such as ``0.1``; more than that counts.
        marker: Code of the marker.
        excused: Whether excused absences count, too.
        decides: Role that decides between marker and value; None leaves no choice.
        warned: What must have been recorded for the pupil before, for the limit to apply:
            ``message`` in the class book, or the code of a marker; None asks for no warning.
    """

    over: Fraction
    marker: str
    excused: bool = False
    decides: str | None = None
    warned: str | None = None


@frozen(kw_only=True)
class Formula:
    """How a result is proposed.

    *Version added: 0.1.*

    Attributes:
        name: Name, unique in the regulation.
        version: Version of the formula; a result's basis names it.
        title: What people call it.
        clause: Clause that it comes from.
        kind: Name of the function; see :data:`KINDS`.
        when: Occasions that it is for.
        scale: Scale of the result; None for the default.
        source: ``marks`` of the period, or ``results`` of other periods.
        stages: For results: which stages are taken; empty leaves it to the stage that is proposed.
        period_kinds: For results: only those of periods of these kinds; empty for all.
        weights: Weights by kind of work (``makeup`` for make-ups), over those of the kinds; for
            results by stage.
        drop_lowest: How many of the worst to leave out; one always stays.
        drop_only: Kinds of work of which alone something is left out; empty for all.
        attempts: ``last``, ``max``, ``mean`` or ``replace``.
        rounding: Name of the rounding, of the regulation or a plain one.
        least: Least number of inputs for a proposal.
        empty: Code of the marker to propose where there is nothing to reckon with.
        absence: Limits of absence, the greatest that is passed counts.
        conversions: Codes of the tables by which values of other scales are taken in; what no table
            leads to the formula's scale is left aside.
        carries: Codes of markers that are proposed where every result that is taken bears one and
            the same.
        reading: How the text is read where it leaves room.
    """

    name: str
    version: str = "1"
    title: Words | None = None
    clause: str | None = None
    kind: str = "weighted_mean"
    when: Selector = EVERYTHING
    scale: str | None = None
    source: str = "marks"
    stages: tuple[str, ...] = ()
    period_kinds: tuple[str, ...] = ()
    weights: Mapping[str, Fraction] = field(factory=dict, hash=False)
    drop_lowest: int = 0
    drop_only: tuple[str, ...] = ()
    attempts: str = "last"
    rounding: str = "half_up"
    least: int = 1
    empty: str | None = None
    absence: tuple[AbsenceLimit, ...] = ()
    conversions: tuple[str, ...] = ()
    carries: tuple[str, ...] = ()
    reading: Words | None = None


@frozen(kw_only=True)
class Item:
    """One number that a formula reckons with.

    *Version added: 0.1.*

    Attributes:
        key: What it comes from; unique. Where two are equal in all else, the lesser key comes first.
        worth: Its number.
        weight: How much it weighs, 0 or more.
        most: Greatest number that was possible; None where nobody said.
        category: What it is grouped by, such as the kind of work.
        extra: Whether it only adds.
        may_drop: Whether it may be left out.
        order: When it happened; the greatest is the last.
    """

    key: tuple[str, int]
    worth: Fraction
    weight: Fraction = ONE
    most: Fraction | None = None
    category: str = ""
    extra: bool = False
    may_drop: bool = True
    order: tuple[int, ...] = ()


@frozen
class Computed:
    """What a formula gives.

    *Version added: 0.1.*

    Attributes:
        number: The number; None where there is nothing to reckon with.
        dropped: Keys of what was left out.
        weight: What was divided by; 0 where nothing was.
    """

    number: Fraction | None
    dropped: frozenset[tuple[str, int]] = frozenset()
    weight: Fraction = ZERO


@frozen
class Kind:
    """One row of the table of functions.

    *Version added: 0.1.*

    Attributes:
        name: Name in regulation files.
        tells: What it gives, in words.
        compute: The function.
        weighs: Whether weights count beyond 0 and not 0.
        adds: Whether what is extra is added; elsewhere it is left out of account.
    """

    name: str
    tells: str
    compute: Callable[[Sequence[Item], int], Computed]
    weighs: bool = True
    adds: bool = True


def compute(
    kind: str, items: Sequence[Item], drop: int = 0, *, lower_is_better: bool = False
) -> Computed:
    """Reckon *items* by the function *kind*, and leave the *drop* worst ones out.

    Items that weigh nothing are not looked at. The order of *items* does not matter.

    Args:
        kind: Name of the function; see :data:`KINDS`.
        items: What to reckon with.
        drop: How many to leave out; one always stays.
        lower_is_better: Whether the least number is the best.

    *Version added: 0.1.*
    """
    row = KINDS[kind]
    counted = sorted((one for one in items if one.weight > 0), key=lambda one: one.key)
    if not row.adds:
        counted = [one for one in counted if not one.extra]
    if not row.weighs:
        counted = [one if one.extra else evolve(one, weight=ONE) for one in counted]
    if not lower_is_better:
        return row.compute(counted, drop)
    turned = row.compute([evolve(one, worth=-one.worth) for one in counted], drop)
    number = None if turned.number is None else -turned.number
    return Computed(number, turned.dropped, turned.weight)


# -- ratios ----------------------------------------------------------------------------------------


@frozen
class _Part:
    """What an item adds above and below the line."""

    item: Item
    over: Fraction
    under: Fraction


def _ratio(parts: Sequence[_Part], drop: int) -> Computed:
    """The greatest ratio of sums that leaving out up to *drop* parts can give.

    Whether a ratio r can be reached is told by the parts with the least ``over - r * under``: leaving
    out those below 0 gives a greater ratio or the same; r rises until it stays.
    """
    base = [part for part in parts if not part.item.extra]
    if not base:
        return Computed(None)
    bonus = sum((part.over for part in parts if part.item.extra), ZERO)
    loose = [part for part in base if part.item.may_drop]
    most = max(0, min(drop, len(loose), len(base) - 1))
    left: list[_Part] = []
    ratio = _value(base, left, bonus)
    while most:
        rest = sorted((part.over - ratio * part.under, part.item.key, part) for part in loose)
        left = [part for gain, _, part in rest[:most] if gain < 0]
        better = _value(base, left, bonus)
        if better == ratio:
            break
        ratio = better
    dropped = frozenset(part.item.key for part in left)
    under = sum((part.under for part in base if part.item.key not in dropped), ZERO)
    return Computed(ratio, dropped, under)


def _value(base: Sequence[_Part], left: Sequence[_Part], bonus: Fraction) -> Fraction:
    over = sum((part.over for part in base), bonus) - sum((part.over for part in left), ZERO)
    under = sum((part.under for part in base), ZERO) - sum((part.under for part in left), ZERO)
    return over / under


def _mean(items: Sequence[Item], drop: int) -> Computed:
    return _ratio([_Part(one, one.worth * one.weight, one.weight) for one in items], drop)


def _share(items: Sequence[Item], drop: int) -> Computed:
    """Percent of what was possible; what has no greatest number is left out of account."""
    return _ratio(
        [
            _Part(one, one.worth * one.weight * 100, one.most * one.weight)
            for one in items
            if one.most is not None and one.most > 0
        ],
        drop,
    )


def _by_category(items: Sequence[Item], drop: int) -> Computed:
    """Means of each category, weighed by category; so many are left out of each."""
    groups: dict[tuple[str, bool], list[Item]] = {}
    for one in items:
        groups.setdefault((one.category, one.extra), []).append(one)
    parts = []
    dropped: frozenset[tuple[str, int]] = frozenset()
    for (_, extra), some in sorted(groups.items()):
        weight = max(one.weight for one in some)
        found = _mean([Item(key=one.key, worth=one.worth, may_drop=one.may_drop) for one in some],
                      drop)  # fmt: skip
        number = ZERO if found.number is None else found.number
        dropped |= found.dropped
        parts.append(_Part(_extra(some[0], extra), number * weight, weight))
    whole = _ratio(parts, 0)
    return Computed(
        whole.number, dropped if whole.number is not None else frozenset(), whole.weight
    )


def _extra(item: Item, extra: bool) -> Item:
    return Item(key=item.key, worth=item.worth, extra=extra)


# -- the rest --------------------------------------------------------------------------------------


def _kept(items: Sequence[Item], drop: int) -> list[Item]:
    """All but the *drop* worst, of those that may be left out; one always stays."""
    loose = sorted(
        (one for one in items if one.may_drop), key=lambda one: (one.worth * one.weight, one.key)
    )
    out = {one.key for one in loose[: max(0, min(drop, len(items) - 1))]}
    return [one for one in items if one.key not in out]


def _dropped(items: Sequence[Item], kept: Sequence[Item]) -> frozenset[tuple[str, int]]:
    return frozenset(one.key for one in items) - frozenset(one.key for one in kept)


def _sum(items: Sequence[Item], drop: int) -> Computed:
    if not items:
        return Computed(None)
    kept = _kept(items, drop)
    return Computed(sum((one.worth * one.weight for one in kept), ZERO), _dropped(items, kept), ONE)


def _of_order(pick: Callable[[list[Fraction]], Fraction]) -> Callable[..., Computed]:
    def computed(items: Sequence[Item], drop: int) -> Computed:
        best = Computed(None)
        for out in range(max(0, drop) + 1):
            kept = _kept(items, out)
            if not kept:
                break
            number = pick(sorted(one.worth for one in kept))
            if best.number is None or number > best.number:
                best = Computed(number, _dropped(items, kept), Fraction(len(kept)))
        return best

    return computed


def _median(worths: list[Fraction]) -> Fraction:
    middle = len(worths) // 2
    if len(worths) % 2:
        return worths[middle]
    return (worths[middle - 1] + worths[middle]) / 2


def _last(items: Sequence[Item], drop: int) -> Computed:
    if not items:
        return Computed(None)
    return Computed(max(items, key=lambda one: (one.order, one.key)).worth, weight=ONE)


_ROWS: Final = (
    Kind("mean", "the mean; weights only tell what counts", _mean, weighs=False),
    Kind("weighted_mean", "the mean by weights", _mean),
    Kind("category_mean", "the mean of the means of each kind of work, by weights", _by_category),
    Kind("share", "percent of the points that were possible", _share),
    Kind("sum", "the sum, each as often as it weighs", _sum),
    Kind("median", "the middle one, or the mean of the two", _of_order(_median), weighs=False, adds=False),
    Kind("max", "the best one", _of_order(lambda worths: worths[-1]), weighs=False,
         adds=False),
    Kind("min", "the worst one", _of_order(lambda worths: worths[0]), weighs=False,
         adds=False),
    Kind("last", "the last one", _last, weighs=False, adds=False),
)  # fmt: skip

#: Every function by name.
KINDS: Final[Mapping[str, Kind]] = {row.name: row for row in _ROWS}


# -- attempts --------------------------------------------------------------------------------------


def attempted(
    policy: str, attempts: Sequence[Item], *, lower_is_better: bool = False
) -> tuple[Item, frozenset[tuple[str, int]]]:
    """What several attempts at one work come to.

    ``last`` and ``replace`` take the latest, ``max`` the best, ``mean`` the mean of them all. With
    ``replace`` the earlier ones are as if they had never been: no basis names them.

    Args:
        policy: The declared policy.
        attempts: The attempts, at least one; the order of the sequence does not matter.
        lower_is_better: Whether the least number is the best.

    Returns:
        The item that counts, and the keys of those that do not.

    *Version added: 0.1.*
    """
    known = sorted(attempts, key=lambda one: (one.order, one.key))
    if policy == "max":
        sign = -1 if lower_is_better else 1
        chosen = max(known, key=lambda one: (sign * one.worth, one.order, one.key))
    elif policy == "mean":
        chosen = known[-1]
        total = sum((one.worth for one in known), ZERO)
        return evolve(chosen, worth=total / len(known)), frozenset()
    else:
        chosen = known[-1]
    return chosen, frozenset(one.key for one in known if one.key != chosen.key)


def grouped(items: Sequence[Item], targets: Mapping[tuple[str, int], Hashable]) -> list[list[Item]]:
    """Sort *items* into the attempts at one work; those without a target stand alone."""
    found: dict[Hashable, list[Item]] = {}
    for one in items:
        found.setdefault(targets.get(one.key, ("alone", one.key)), []).append(one)
    return list(found.values())
