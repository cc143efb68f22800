"""The rhythm of control: into which stretches a year is cut, each of which ends with a look at all of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from attrs import frozen

from edujournal.model.calendar import Calendar
from edujournal.model.ids import JournalId
from edujournal.rules.terms import Shift

#: Units in which a rhythm may be given.
RHYTHMS: Final = ("days", "weeks", "months", "periods")


@frozen(kw_only=True)
class ControlRhythm:
    """How often the administration looks at how the journals are kept. Source: clause 2.2.

    *Version added: 0.1.*

    Attributes:
        every: How long a stretch is, in days, weeks, months or periods. Weeks are those of the
            calendar, Monday first, months and periods whole ones; the first stretch begins with the
            year and may be shorter.
        clause: Clause that it comes from.
        roles: Roles that look; each of them is told.
        within: How long after the end of a stretch they have; None for until the next one ends.
    """

    every: Shift
    clause: str | None = None
    roles: tuple[str, ...] = ("head", "deputy")
    within: Shift | None = None


@frozen
class Stretch:
    """Days that a control report is for.

    *Version added: 0.1.*

    Attributes:
        since: First day.
        until: Day after the last one.
        groups: Groups whose journals it is for, where not all have the same periods; None for all.
    """

    since: date
    until: date
    groups: frozenset[str] | None = None

    def concerns(self, book: str) -> bool:
        """Tell whether *book* belongs in the report: a journal of its groups, or any other book."""
        if self.groups is None or not book.startswith("journal/"):
            return True
        return JournalId.parse(book).group in self.groups


def stretches(
    rhythm: ControlRhythm, calendar: Calendar, given: Mapping[str, int | date]
) -> list[Stretch]:
    """Cut the year of *calendar* into the stretches of *rhythm*, in order of their ends.

    Args:
        rhythm: How often.
        calendar: Frame of the year.
        given: Numbers that the school supplies; a rhythm that needs one which is not there has no
            stretches.

    *Version added: 0.1.*
    """
    number = rhythm.every.number
    if rhythm.every.given is not None:
        found = given.get(rhythm.every.given)
        number = found if isinstance(found, int) else 0
    if number < 1:
        return []
    if rhythm.every.unit == "periods":
        return _by_periods(calendar, number)
    cut: list[Stretch] = []
    since = calendar.since
    for edge in _edges(calendar.since, rhythm.every.unit, number):
        until = min(edge, calendar.until)
        cut.append(Stretch(since, until))
        since = until
        if until == calendar.until:
            break
    return cut


def _edges(since: date, unit: str, number: int) -> Iterator[date]:
    """The days with which a stretch of so many units begins anew, after *since*."""
    if unit == "months":
        month = since.year * 12 + since.month - 1
        while True:
            month += number
            yield date(month // 12, month % 12 + 1, 1)
    edge = since
    if unit == "weeks":
        edge -= timedelta(days=since.weekday())
    while True:
        edge += timedelta(days=number * (7 if unit == "weeks" else 1))
        yield edge


def _by_periods(calendar: Calendar, number: int) -> list[Stretch]:
    """So many periods of each system together; groups that share the days share the stretch."""
    groups: dict[tuple[date, date], set[str]] = {}
    for group in calendar.groups:
        taught = [one for one in calendar.periods(group.id) if one.kind != "year"]
        taught = taught or list(calendar.periods(group.id))
        for first in range(0, len(taught), number):
            some = taught[first : first + number]
            groups.setdefault((some[0].since, some[-1].until), set()).add(group.id)
    everybody = frozenset(group.id for group in calendar.groups)
    return [
        Stretch(since, until, None if of == everybody else frozenset(of))
        for (since, until), of in sorted(
            groups.items(), key=lambda one: (one[0][1], one[0][0], sorted(one[1]))
        )
    ]
