"""iCalendar files (RFC 5545): events become dated lessons and days off.

Needs the extra ``ical``. Recurrences are unrolled by *recurring-ical-events*; times with a zone's
name are read by our own zones, so that the host's files decide nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from importlib import import_module
from typing import Any, Final

from attrs import frozen

from edujournal.errors import BadFile, BadInput, MissingExtra, Problem
from edujournal.model.calendar import Calendar, DatedSlot
from edujournal.model.time import Instant, instant, plain_date, zone, zone_names
from edujournal.plain_files import check_size

_DAY: Final = timedelta(days=1)
#: Most lines; a year of a whole school's lessons is read class by class.
_MOST_LINES: Final = 30_000

#: Most occurrences that are looked through from the first one to the last day asked for.
_MOST_TIMES: Final = 50_000

#: Zones differ from UTC by less than this.
_FAR: Final = 2 * _DAY
#: What the two libraries raise on files that say something impossible.
_BROKEN: Final = (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError)
#: What no timetable repeats by, and what would unroll without end.
_TOO_OFTEN: Final = {"SECONDLY", "MINUTELY", "HOURLY"}


#: By which of the days of a daily or weekly rule few may be left, or none.
_RARE: Final = ("BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS")
#: The longest that each month is.
_LONGEST: Final = (31, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@frozen
class IcalEvent:
    """One occurrence of an event.

    *Version added: 0.1.*

    Attributes:
        uid: Id of the event in the file; its occurrences share it.
        title: Its summary.
        since: First local day.
        until: Day after the last one.
        starts: Instant of its start; None for one that takes whole days.
        ends: Instant of its end; None for one that takes whole days.
        moved_from: Local day on which it was to be, if it was moved to another day or time.
        cancelled: Whether it does not take place.
        place: Where.
        categories: Words, in the order of the file.
    """

    uid: str
    title: str
    since: date
    until: date
    starts: Instant | None = None
    ends: Instant | None = None
    moved_from: date | None = None
    cancelled: bool = False
    place: str = ""
    categories: tuple[str, ...] = ()

    @property
    def all_day(self) -> bool:
        """Whether it takes whole days, as holidays do."""
        return self.starts is None


def read_ical(
    content: bytes,
    *,
    zone: str,
    since: date,
    until: date,
    floating: str | None = None,
    name: str = "timetable.ics",
) -> tuple[IcalEvent, ...]:
    """Read the events of an iCalendar file that meet ``[since, until)``.

    Excluded dates (EXDATE) give no occurrence, changed ones (RECURRENCE-ID) the changed one. An
    event of whole days that ends on the day it begins takes that day.

    *Version added: 0.1.*

    Args:
        content: The bytes of the file, with line ends of either kind.
        zone: The school's zone, by which days are told.
        since: First local day asked for.
        until: Day after the last one.
        floating: Zone of times that name none. Without it such times are refused, unless the file
            itself states a zone for them (X-WR-TIMEZONE).
        name: Name of the file, for messages.

    Returns:
        In order of time; those of whole days first.

    Raises:
        BadFile: It is no iCalendar file, an event of it is broken, or has a floating time.
        MissingExtra: The extra ``ical`` is not installed.
        Unknown: There is no such zone.
    """
    plain_date(since, "since")
    plain_date(until, "until")
    reader = _Reader(name, zone, floating)
    found = [
        event
        for event in reader.events(content, since, until)
        if event.since < until and since < event.until
    ]
    return tuple(sorted(found, key=lambda event: (event.since, event.starts or 0, event.uid)))


def slots_of(
    events: Iterable[IcalEvent], calendar: Calendar, group: str
) -> list[tuple[IcalEvent, DatedSlot]]:
    """Give the slot of each event that has a time and takes place: the one whose bell rings then.

    *Version added: 0.1.*

    Args:
        events: Events of one group's timetable.
        calendar: The school year; its bells number the lessons.
        group: Whose timetable; its shift decides about the bells.

    Raises:
        BadInput: Every event whose start is no bell's, with its day.
        Unknown: There is no such group.
    """
    shift = calendar.group(group).shift
    here = calendar.clocks
    found: list[tuple[IcalEvent, DatedSlot]] = []
    problems: list[Problem] = []
    for event in events:
        if event.starts is None or event.ends is None or event.cancelled:
            continue
        schedule = calendar.bells_on(event.since, shift)
        bells = schedule.bells if schedule else ()
        ringing = [bell for bell in bells if here.at(event.since, bell.starts) == event.starts]
        if ringing:
            slot = DatedSlot(event.since, ringing[0].slot, event.starts, event.ends)
            found.append((event, slot))
        else:
            starts = here.local(event.starts)
            problems.append(
                Problem(
                    f"event {event.uid}", "no bell rings then", found=f"{starts:%Y-%m-%d %H:%M}"
                )
            )
    if problems:
        raise BadInput(problems)
    return found


class _Reader:
    """Reads one file."""

    def __init__(self, name: str, zone_name: str, floating: str | None) -> None:
        self.name = name
        self.zone = zone(zone_name)
        self.floating = zone(floating) if floating is not None else None
        self.problems: list[Problem] = []

    def events(self, content: bytes, since: date, until: date) -> list[IcalEvent]:
        """Occurrences from somewhat before *since* to somewhat after *until*."""
        icalendar, unroll = _libraries()
        check_size(len(content), self.name)
        lines = content.count(b"\n") + content.count(b"\r")
        if max(lines // 2, content.count(b"\n"), content.count(b",")) > _MOST_LINES:
            raise BadFile(Problem(self.name, "too many lines or values", f"at most {_MOST_LINES}"))
        if b"\0" in content:
            raise BadFile(Problem(self.name, "not an iCalendar file: a NUL byte"))
        try:
            calendar = icalendar.Calendar.from_ical(content)
        except _BROKEN as error:
            raise BadFile(Problem(self.name, f"not an iCalendar file: {error}")) from error
        if calendar.name != "VCALENDAR":
            raise BadFile(Problem(self.name, "no calendar", "VCALENDAR", str(calendar.name)))
        for event in calendar.walk("VEVENT"):
            self.problems.extend(self.broken(event))
        self.finish()
        self.looked_through(calendar.walk("VEVENT"), until)
        try:
            occurrences = unroll.of(calendar).between(since - _FAR, until + _FAR)
        except _BROKEN as error:
            raise BadFile(Problem(self.name, f"events that cannot be unrolled: {error}")) from error
        found = [event for one in occurrences for event in self.event(one)]
        self.finish()
        return found

    def looked_through(self, events: Iterable[Any], until: date) -> None:
        """Refuse rules that bear so many occurrences that nobody's timetable has them."""
        times = 0
        for event in events:
            rules = event.get("RRULE") or ()
            start = _date_of(event.get("DTSTART"))
            for rule in filter(None, rules if isinstance(rules, list) else [rules]):
                a_day = 1
                for part in ("BYHOUR", "BYMINUTE", "BYSECOND"):
                    a_day *= max(1, len(rule.get(part, ())))
                days = 0 if start is None else until.toordinal() - start.toordinal()
                times += max(0, days) * a_day
        if times > _MOST_TIMES:
            raise BadFile(
                Problem(
                    self.name, "events that repeat for too long", f"at most {_MOST_TIMES} days in all",
                    str(times), "Let them begin, or end, nearer to the days that are asked for.",
                )
            )  # fmt: skip

    def finish(self) -> None:
        """Raise what was found, if anything was."""
        if self.problems:
            # Occurrences of one event share its fault: it is told once.
            told = {(problem.where, problem.what): problem for problem in reversed(self.problems)}
            raise BadFile(list(told.values())[::-1])

    def broken(self, event: Any) -> Iterator[Problem]:
        """What of an event cannot be read."""
        where = self.where(event)
        for of, error in event.errors:
            yield Problem(where, f"broken {of}: {error}")
        if event.errors:
            return
        start, end = _date_of(event.get("DTSTART")), _date_of(event.get("DTEND"))
        if start is None:
            yield Problem(where, "an event without a start", "one DTSTART, a date or a time")
        elif "DTEND" in event and (end is None or _kind(end) != _kind(start)):
            yield Problem(where, "an end of another kind than the start", "one DTEND like DTSTART")
        elif end is not None and end < start:
            yield Problem(where, "an event ends before it begins", "DTEND after DTSTART")
        length = getattr(event.get("DURATION"), "dt", None)
        if isinstance(length, timedelta) and length < timedelta():
            yield Problem(where, "an event ends before it begins", "a positive DURATION")
        rules = event.get("RRULE") or ()
        for rule in filter(None, rules if isinstance(rules, list) else [rules]):
            often = _TOO_OFTEN.intersection(rule.get("FREQ", ()))
            if often:
                yield Problem(where, "repeats too often for a timetable", found=min(often))
            if "FREQ" not in rule:
                yield Problem(where, "repeats at no frequency", "FREQ in RRULE")
            if never(rule):
                yield Problem(where, "repeats on no day", "days that there are, or UNTIL in RRULE")
            if min(rule.get("INTERVAL", [1])) < 1:
                yield Problem(where, "repeats without end on one day", "INTERVAL of 1 or more", "0")

    def where(self, event: Any) -> str:
        return f"{self.name}: event {event.get('UID', '')}".rstrip()

    def event(self, one: Any) -> Iterator[IcalEvent]:
        """The occurrence as ours; nothing, and a problem, for one whose time floats."""
        start = one["DTSTART"].dt
        end = one["DTEND"].dt if "DTEND" in one else start
        starts: Instant | None = None
        ends: Instant | None = None
        origin = one.get("RECURRENCE-ID")
        try:
            came_from = None if origin is None or origin.dt == start else self.day(origin.dt)
            if isinstance(start, datetime):
                starts, ends = self.at(start), self.at(end)
                since = self.zone.local_date(starts)
                until = max(self.zone.local_date(ends - 1), since) + _DAY
            else:
                since, until = start, max(end, start + _DAY)
        except BadInput as error:
            self.problems.extend(
                Problem(self.where(one), fault.what, fault.expected, fault.found, fault.mend)
                for fault in error.problems
            )
            return
        categories = one.get("CATEGORIES")
        yield IcalEvent(
            str(one.get("UID", "")),
            str(one.get("SUMMARY", "")),
            since,
            until,
            starts,
            ends,
            came_from,
            str(one.get("STATUS", "")).upper() == "CANCELLED",
            str(one.get("LOCATION", "")),
            tuple(str(word) for word in categories.cats) if hasattr(categories, "cats") else (),
        )

    def day(self, value: date) -> date:
        if isinstance(value, datetime):
            return self.zone.local_date(self.at(value))
        return value

    def at(self, value: datetime) -> Instant:
        """Instant of a time: by our own zone where it names one, else by the offset it brings."""
        if value.tzinfo is None:
            if self.floating is None:
                raise BadInput(
                    "a floating time",
                    expected="a time with a zone",
                    found=value.isoformat(),
                    mend="State the zone of such times with floating=.",
                )
            return self.floating.at(value.date(), value.time())
        named = getattr(value.tzinfo, "key", None)
        if named in zone_names():
            return zone(str(named)).at(value.date(), value.time(), value.fold)
        return instant(value)


def never(rule: Mapping[str, Any]) -> bool:
    """Whether a day that fits may be looked for until the end of time."""
    if {"DAILY", "WEEKLY"}.intersection(rule.get("FREQ", ())):
        return "UNTIL" not in rule and any(part in rule for part in _RARE)
    days = [abs(int(day)) for day in rule.get("BYMONTHDAY", ())]
    longest = max((_LONGEST[int(month)] for month in rule.get("BYMONTH", ())), default=31)
    return bool(days) and min(days) > longest


def _date_of(value: Any) -> date | None:
    """The date or datetime of a property; None where it is given twice, or is something else."""
    found = getattr(value, "dt", None)
    return found if isinstance(found, date) else None


def _kind(value: date) -> tuple[bool, bool]:
    """Whether it has a time, and whether that time floats: only equals can be compared."""
    return isinstance(value, datetime), getattr(value, "tzinfo", None) is None


def _libraries() -> tuple[Any, Any]:
    try:
        return import_module("icalendar"), import_module("recurring_ical_events")
    except ImportError as error:
        raise MissingExtra(
            "iCalendar files need the extra 'ical'", mend="pip install 'edujournal[ical]'."
        ) from error
