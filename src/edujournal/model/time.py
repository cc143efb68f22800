"""Instants, zones and days: the only place that knows how clocks on a wall behave.

Inside the library an instant is an ``int``: microseconds of UTC since 1970. Outside it is an aware
``datetime``. A day is half-open and is as long as the zone says: 23, 24 or 25 hours, or nothing at
all where a zone skipped a date.

Zones are read from the ``tzdata`` wheel and never from the host's files, so that two machines agree
about every deadline as long as they have the same wheel. Its version is :func:`tzdata_version`.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from datetime import timezone as fixed
from functools import cache, lru_cache
from importlib import import_module
from importlib.resources import files
from typing import Final

import pendulum
from pendulum.tz.timezone import Timezone

from edujournal.errors import BadInput, Problem, Unknown

#: UTC microseconds since 1970-01-01T00:00:00Z.
Instant = int

#: Exact durations, in microseconds. A day is not one of them: ask a :class:`Zone`.
SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NAIVE_EPOCH: Final = _EPOCH.replace(tzinfo=None)
_MICROSECOND: Final = timedelta(microseconds=1)
_MIDNIGHT: Final = time()

_RFC3339: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)?", re.ASCII
)


def instant(moment: datetime) -> Instant:
    """Give the instant of an aware *moment*; of a repeated hour, the one that its ``fold`` names.

    *Version added: 0.1.*

    Args:
        moment: An aware datetime, of any kind of ``tzinfo``.

    Returns:
        UTC microseconds since 1970.

    Raises:
        BadInput: *moment* is naive, or no datetime at all.
    """
    if not isinstance(moment, datetime):
        raise BadInput("not a datetime", expected="an aware datetime", found=repr(moment))
    offset = moment.utcoffset()
    if offset is None:
        raise BadInput(
            "naive datetime",
            expected="an aware datetime",
            found=moment.isoformat(),
            mend="Give it the zone it was read in, such as tzinfo=ZoneInfo('Europe/Moscow').",
        )
    return (moment.replace(tzinfo=None) - _NAIVE_EPOCH - offset) // _MICROSECOND


def moment(at: Instant, zone: str) -> datetime:
    """Give the instant *at* as an aware datetime on the clocks of *zone*.

    *Version added: 0.1.*

    Args:
        at: UTC microseconds since 1970.
        zone: Name of a zone, such as ``Europe/Moscow``.

    Raises:
        Unknown: There is no such zone.
        BadInput: The instant lies outside the years 1 to 9999.
    """
    return _zone(zone).local(at)


def format_instant(at: Instant, zone: str) -> str:
    """Write the instant *at* by RFC 3339 with the offset of *zone*.

    Microseconds are written only where there are some. An offset that is no whole number of
    minutes (local mean time, before the zones) is cut to one, as RFC 3339 asks: the instant stays.

    *Version added: 0.1.*

    Args:
        at: UTC microseconds since 1970.
        zone: Name of a zone.

    Returns:
        Text such as ``2026-09-15T08:30:00+03:00``.

    Raises:
        Unknown: There is no such zone.
        BadInput: The instant lies outside the years 1 to 9999.
    """
    local = _zone(zone).local(at)
    offset = local.utcoffset() or timedelta()
    if offset % timedelta(minutes=1):
        local = local.astimezone(fixed(offset - offset % timedelta(minutes=1)))
    return local.isoformat()


def parse_instant(text: str) -> Instant:
    """Read an instant written by RFC 3339, with an offset or ``Z``.

    *Version added: 0.1.*

    Args:
        text: Such as ``2026-09-15T08:30:00+03:00`` or ``2026-09-15 05:30:00.25Z``.

    Returns:
        UTC microseconds since 1970.

    Raises:
        BadInput: The text is no RFC 3339 instant, has no offset, or is finer than a microsecond.
    """
    try:
        found = _RFC3339.fullmatch(text)
    except TypeError:
        found = None
    if not found:
        raise BadInput("not an instant", expected="RFC 3339 with an offset or Z", found=repr(text))
    day, clock, fraction, offset = found.groups()
    if offset is None:
        raise BadInput(
            "instant without an offset",
            expected="an offset such as +03:00, or Z",
            found=repr(text),
        )
    digits = (fraction or "").rstrip("0")
    if len(digits) > 6:
        raise BadInput("instant finer than a microsecond", found=repr(text))
    shown = "+00:00" if offset in "Zz" else offset
    try:
        whole = datetime.fromisoformat(f"{day}T{clock}{shown}")
    except ValueError as error:
        raise BadInput("no such instant", found=repr(text), mend=f"{error}.") from error
    return instant(whole) + int(digits.ljust(6, "0"))


def check_past(at: datetime | int | None, now: int) -> int:
    """The moment up to which something looks back: *at*, or the present instant.

    *Version added: 0.1.*

    Raises:
        BadInput: It has not come yet.
    """
    found = now if at is None else at if isinstance(at, int) else instant(at)
    if found > now:
        raise BadInput(
            "a moment that has not come", where="at",
            expected=f"up to {format_instant(now, 'UTC')}", found=format_instant(found, "UTC"),
            mend="Time makes nothing ahead; tick again when it has passed.",
        )  # fmt: skip
    return found


@cache
def zone_names() -> frozenset[str]:
    """Name every zone of the ``tzdata`` wheel.

    *Version added: 0.1.*
    """
    return frozenset(files("tzdata").joinpath("zones").read_text("utf-8").split())


def tzdata_version() -> str:
    """Tell which release of the IANA database the zones come from, such as ``2026a``.

    *Version added: 0.1.*
    """
    return str(import_module("tzdata").IANA_VERSION)


def zone(name: str) -> Zone:
    """Give the zone *name*, the same object every time.

    *Version added: 0.1.*

    Args:
        name: Such as ``Asia/Yekaterinburg``; letters count as they stand.

    Raises:
        Unknown: The ``tzdata`` wheel has no such zone; the nearest name is given.
    """
    return _zone(name)


class Zone:
    """The clocks of one zone: what its days are, and when.

    Get one from :func:`zone`. Answers about days are kept, for an audit asks the same thousands of
    times. Safe to share between threads.

    *Version added: 0.1.*
    """

    __slots__ = ("_at", "_date", "_end", "_start", "_timezone", "name")

    def __init__(self, name: str, timezone: Timezone) -> None:
        self.name = name
        self._timezone = timezone
        self._start = lru_cache(maxsize=16_384)(self._find_start)
        self._end = lru_cache(maxsize=16_384)(self._find_end)
        self._at = lru_cache(maxsize=65_536)(self._find_at)
        self._date = lru_cache(maxsize=16_384)(self._find_date)

    def __repr__(self) -> str:
        return f"zone({self.name!r})"

    def __reduce__(self) -> tuple[object, ...]:
        return (zone, (self.name,))

    def start_of_day(self, d: date) -> Instant:
        """Give the first instant of the date *d*.

        Where midnight is repeated it is the first of the two, where it is skipped the first instant
        after the gap. Where clocks go back over midnight the day begins only when its eve is over
        for good. A date that the zone skipped is empty: it starts where the next one starts.

        Raises:
            BadInput: *d* is a datetime, or no date at all.
        """
        return self._start(d)

    def end_of_day(self, d: date) -> Instant:
        """Give the first instant after the date *d*: days are half-open.

        Raises:
            BadInput: *d* is a datetime, or no date at all.
        """
        return self._end(d)

    def at(self, d: date, t: time, fold: int = 0) -> Instant:
        """Give the instant at which the clocks show *t* on *d*.

        A time that is skipped is moved forward by the length of the gap: where clocks go from 02:00
        to 03:00, half past two is half past three, whatever *fold* says.

        Args:
            d: The local date.
            t: The local time, naive.
            fold: Of a time that is shown twice, 0 for the first and 1 for the second.

        Raises:
            BadInput: *t* is aware, or *d* is no plain date.
        """
        return self._at(d, t, fold)

    def local_date(self, at: Instant) -> date:
        """Give the date that the zone's calendars show at the instant *at*.

        Raises:
            BadInput: The instant lies outside the years 1 to 9999.
        """
        return self._date(at)

    def local(self, at: Instant) -> datetime:
        """Give the instant *at* as an aware datetime of this zone.

        Raises:
            BadInput: The instant lies outside the years 1 to 9999.
        """
        try:
            return (_EPOCH + timedelta(microseconds=at)).astimezone(self._timezone)
        except OverflowError as error:
            raise BadInput("instant outside the years 1 to 9999", found=str(at)) from error

    def move(self, at: Instant, *, months: int = 0, days: int = 0) -> Instant:
        """Move the date of *at* by calendar units and keep the time its clocks show.

        Months go first, and the day of the month is cut to the month's length: 31 January and one
        month is the last of February. A time skipped on the new date is moved as :meth:`at` says;
        of one shown twice there the first is taken, or the second if *at* itself was a second one.

        Args:
            at: UTC microseconds since 1970.
            months: Calendar months, may be negative.
            days: Calendar days, may be negative.

        Raises:
            BadInput: The date would lie outside the years 1 to 9999.
        """
        local = self.local(at)
        moved = add_to_date(local.date(), months=months, days=days)
        return self._at(moved, local.time().replace(fold=0), local.fold)

    def _find_date(self, at: Instant) -> date:
        return self.local(at).date()

    def _find_at(self, d: date, t: time, fold: int) -> Instant:
        plain_date(d)
        if t.tzinfo is not None:
            raise BadInput("aware time of day", expected="a naive time", found=t.isoformat())
        wall = datetime.combine(d, t)
        first, second = self._offsets(wall)
        # First < second means a gap: the offset before it carries the time forward over it.
        return _naive(wall) - (second if fold and first > second else first)

    def _find_start(self, d: date) -> Instant:
        plain_date(d)
        wall = datetime.combine(d, _MIDNIGHT)
        first, second = self._offsets(wall)
        midnight = _naive(wall)
        if first == second:
            return midnight - first
        low, high = sorted((midnight - first, midnight - second))
        change = self._change_between(low, high)
        if first < second:
            return change
        return low if self.local_date(change) >= d else high

    def _find_end(self, d: date) -> Instant:
        plain_date(d)
        if d == date.max:
            return self.at(d, time.max) + 1
        return self._start(d + timedelta(days=1))

    def _offsets(self, wall: datetime) -> tuple[int, int]:
        """Offsets in microseconds of a wall time read as the first and as the second of its name."""
        aware = wall.replace(tzinfo=self._timezone)
        return _offset(aware.replace(fold=0)), _offset(aware.replace(fold=1))

    def _change_between(self, low: Instant, high: Instant) -> Instant:
        """First instant of the offset that holds at *high*, given that another holds at *low*."""
        after = _offset(self.local(high))
        while high - low > 1:
            middle = (low + high) // 2
            if _offset(self.local(middle)) == after:
                high = middle
            else:
                low = middle
        return high


def add_to_date(d: date, *, months: int = 0, days: int = 0) -> date:
    """Move *d* by calendar months, cut to the month's length, and then by days.

    *Version added: 0.1.*

    Raises:
        BadInput: The result lies outside the years 1 to 9999, or *d* is no plain date.
    """
    plain_date(d)
    try:
        moved = pendulum.Date(d.year, d.month, d.day).add(months=months, days=days)
    except (OverflowError, ValueError) as error:
        raise BadInput(
            "date outside the years 1 to 9999",
            found=f"{d.isoformat()} and {months} months and {days} days",
        ) from error
    return date(moved.year, moved.month, moved.day)


def plain_date(d: object, where: str = "") -> date:
    """Give *d* back if it is a date and nothing more.

    A datetime *is* a date to Python, and would carry a time of day into a place that has none.

    *Version added: 0.1.*

    Raises:
        BadInput: *d* is a datetime, or no date at all.
    """
    if isinstance(d, date) and not isinstance(d, datetime):
        return d
    raise BadInput(Problem(where, "not a plain date", "datetime.date", repr(d)))


def _offset(aware: datetime) -> int:
    return (aware.utcoffset() or timedelta()) // _MICROSECOND


def _naive(wall: datetime) -> int:
    return (wall - _NAIVE_EPOCH) // _MICROSECOND


@cache
def _zone(name: str) -> Zone:
    if name not in zone_names():
        raise Unknown("time zone", name, zone_names())
    # Timezone(name) would look into the host's files first, so the wheel's bytes are handed over.
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as stream:
        return Zone(name, Timezone.from_file(stream, key=name))
