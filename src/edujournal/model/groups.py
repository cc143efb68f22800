"""Whose journals there are: classes, subgroups, streams, individual plans; and the subjects."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Final

from attrs import field, frozen

from edujournal.errors import BadInput

#: What a group can be.
GROUP_KINDS: Final = ("class", "subgroup", "stream", "plan")


def words(values: Iterable[str]) -> tuple[str, ...]:
    """Give *values* as a tuple; a single text is one word, not its letters."""
    return (values,) if isinstance(values, str) else tuple(values)


@frozen
class Group:
    """Those who are taught together: a class, part of one, several joined, or one pupil's plan.

    *Version added: 0.1.*

    Attributes:
        id: Opaque id.
        kind: ``class``, ``subgroup`` (part of the groups in *parents*), ``stream`` (pupils of all
            the classes in *parents*) or ``plan`` (an individual plan, of *pupil*).
        parents: Ids of the groups it is made of or part of; a class has none.
        grade: Year of study.
        stage: School stage, any word.
        shift: Number of the shift, from 1.
        profile: Profile of study, any word.
        periods: Id of its period system.
        holidays: Id of its holiday set.
        week: Id of the week it is taught.
        pupil: Pupil of an individual plan.
        title: As people call it.
    """

    id: str
    kind: str
    parents: tuple[str, ...] = field(default=(), converter=words, kw_only=True)
    grade: int | None = field(default=None, kw_only=True)
    stage: str | None = field(default=None, kw_only=True)
    shift: int = field(default=1, kw_only=True)
    profile: str | None = field(default=None, kw_only=True)
    periods: str = field(kw_only=True)
    holidays: str = field(kw_only=True)
    week: str = field(kw_only=True)
    pupil: str | None = field(default=None, kw_only=True)
    title: str = field(default="", kw_only=True)


_HOURS_OF_A_WEEK: Final = 168


def _hours(value: Decimal | int | str | None) -> Decimal | None:
    if value is None:
        return None
    if isinstance(value, (bool, float)):
        raise BadInput(
            "inexact hours",
            where="weekly_hours",
            expected="Decimal, int or text",
            found=repr(value),
        )
    try:
        hours = Decimal(value)
    except InvalidOperation as error:
        raise BadInput(
            "not a number of hours", where="weekly_hours", expected="such as 1.5", found=repr(value)
        ) from error
    if not hours.is_finite() or not 0 <= hours <= _HOURS_OF_A_WEEK:
        raise BadInput(
            "not a number of hours", where="weekly_hours", expected="0 … 168", found=str(value)
        )
    # Equal numbers are spelt alike, so that equal calendars have equal plain data.
    whole = int(hours)
    return Decimal(whole) if hours == whole else hours.normalize()


def _tags(values: Iterable[str]) -> frozenset[str]:
    return frozenset(words(values))


@frozen
class Subject:
    """What is taught.

    *Version added: 0.1.*

    Attributes:
        id: Opaque id.
        title: As people call it.
        tags: Words by which a regulation may select it, such as ``language`` or ``literature``.
        attendance: Whether the roll is called in it.
        weekly_hours: Lessons a week by the curriculum; None if not known.
    """

    id: str
    title: str = ""
    tags: frozenset[str] = field(default=frozenset(), converter=_tags)
    attendance: bool = True
    weekly_hours: Decimal | None = field(default=None, converter=_hours)
