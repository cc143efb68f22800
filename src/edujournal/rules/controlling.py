"""Control: which reports of how the journals are kept are due, for whom and until when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from attrs import frozen

from edujournal.model.calendar import Calendar
from edujournal.model.facts import Facts
from edujournal.model.people import Kleene
from edujournal.model.time import zone
from edujournal.rules.clauses import Regulation
from edujournal.rules.rhythm import Stretch, stretches
from edujournal.rules.terms import Shift, shifted


@frozen
class ControlDue:
    """A stretch of days has ended, and the administration is to look at how the journals were kept.

    Nothing is recorded when it has looked: what nobody could prove is not called missing.

    *Version added: 0.1.*

    Attributes:
        regulation: Regulation that says so.
        clause: Its clause; empty where it names none.
        year: Academic year.
        stretch: The days, and the groups.
        since: Instant at which the stretch ended.
        closes: Instant until which it is to be done: by the regulation, or else the end of the next
            stretch of the same groups; None after the last one.
        roles: Roles that look.
        accounts: Accounts that hold one of the roles now.
        key: The same for the same stretch, whenever it is asked.
    """

    regulation: str
    clause: str
    year: str
    stretch: Stretch
    since: int
    closes: int | None
    roles: tuple[str, ...]
    accounts: frozenset[str]
    key: str

    def is_open(self, at: int) -> bool:
        """Tell whether it is still to be done at the instant *at*."""
        return self.since <= at and (self.closes is None or at < self.closes)


def controls_due(regulations: Iterable[Regulation], facts: Facts, at: int) -> list[ControlDue]:
    """The control reports of the year of *at* that the regulations ask for by then, in order of time.

    Source: clause 2.2.

    Args:
        regulations: The regulations, each with its own rhythm or none.
        facts: What the school's data says.
        at: The present instant, UTC microseconds.

    *Version added: 0.1.*
    """
    found: list[ControlDue] = []
    for regulation in regulations:
        if regulation.control is not None and facts.calendars:
            found += _of(regulation, facts, at)
    return sorted(found, key=lambda one: (one.since, one.key))


def _of(regulation: Regulation, facts: Facts, at: int) -> list[ControlDue]:
    rhythm, calendar = regulation.control, facts.calendar_at(at)
    if rhythm is None:
        return []
    tz = zone(calendar.zone)
    today = tz.local_date(at)
    cut = stretches(rhythm, calendar, regulation.given)
    accounts = frozenset(
        one.id
        for one in facts.accounts
        if one.active(today, today) is Kleene.YES
        and any(one.holds(role, today, today) is Kleene.YES for role in rhythm.roles)
    )
    found = []
    for place, stretch in enumerate(cut):
        ended = tz.start_of_day(stretch.until)
        if ended > at or not regulation.holds_on(stretch.until - timedelta(days=1)):
            continue
        if rhythm.within is not None:
            closes = _closes(ended, rhythm.within, calendar)
        else:
            later = _next(cut[place + 1 :], stretch)
            closes = None if later is None else tz.start_of_day(later.until)
        groups = "" if stretch.groups is None else ",".join(sorted(stretch.groups))
        key = "|".join(
            (regulation.id, calendar.year, str(stretch.since), str(stretch.until), groups)
        )
        found.append(
            ControlDue(
                regulation.id, rhythm.clause or "", calendar.year, stretch, ended, closes,
                rhythm.roles, accounts, key,
            )
        )  # fmt: skip
    return found


def _closes(ended: int, within: Shift, calendar: Calendar) -> int | None:
    """The end of a term that begins as a stretch ends: hours to the minute, days to their end."""
    if within.unit == "hours":
        return shifted(ended, within, calendar, None)
    # Counted from the last day of the stretch: the first day after it is the first of the term.
    moved = shifted(ended - 1, within, calendar, None)
    tz = zone(calendar.zone)
    return None if moved is None else tz.end_of_day(tz.local_date(moved - 1))


def _next(later: Sequence[Stretch], stretch: Stretch) -> Stretch | None:
    """The next stretch of the same groups."""
    return next((one for one in later if one.groups == stretch.groups), None)
