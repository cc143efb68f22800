"""Days and wall times against an oracle that knows UTC and a table of offsets, and no local time.

The table is written by hand from the acts that changed the clocks. The oracle finds a day by
searching instants for the first one whose shifted date is that day, and a wall time by trying every
offset: it never turns local time into UTC, which is what the library has to do.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest

from edujournal.model.time import HOUR, MINUTE, Instant, instant, zone

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FAR = 3 * 24 * HOUR


def utc(text: str) -> Instant:
    """An instant of a UTC text without an offset."""
    return instant(datetime.fromisoformat(text).replace(tzinfo=UTC))


def winter(hours: int) -> list[tuple[str, int]]:
    """A zone that went along with every change of 2010 to 2014, given its winter offset then."""

    def at_two(day: str, offset: int) -> str:
        return (datetime.fromisoformat(day) + timedelta(hours=2 - offset)).isoformat()

    return [
        ("2009-10-25", hours),
        (at_two("2010-03-28", hours), hours + 1),
        (at_two("2010-10-31", hours), hours),
        (at_two("2011-03-27", hours), hours + 1),
        (at_two("2014-10-26", hours + 1), hours),
    ]


def new_york() -> list[tuple[str, int]]:
    """Second Sunday of March to first Sunday of November, at two by the clocks then in force."""
    table = [("2009-11-01T06:00:00", -5)]
    for year in range(2010, 2030):
        march, november = date(year, 3, 8), date(year, 11, 1)
        march += timedelta(days=6 - march.weekday())
        november += timedelta(days=6 - november.weekday())
        table += [(f"{march}T07:00:00", -4), (f"{november}T06:00:00", -5)]
    return table


TABLES: dict[str, list[tuple[str, int]]] = {
    "Europe/Kaliningrad": winter(2),
    "Europe/Moscow": winter(3),
    # Gave up an hour in 2010 by not putting the clocks forward, took it back in 2011.
    "Europe/Samara": [
        ("2009-10-25", 4),
        ("2010-10-30T23:00:00", 3),
        ("2011-03-26T23:00:00", 4),
    ],
    "Asia/Yekaterinburg": winter(5),
    "Asia/Omsk": winter(6),
    "Asia/Novosibirsk": [*winter(6), ("2016-07-23T20:00:00", 7)],
    "Asia/Krasnoyarsk": winter(7),
    "Asia/Irkutsk": winter(8),
    # Two hours back in 2014, one forward in 2016.
    "Asia/Chita": [*winter(9)[:-1], ("2014-10-25T16:00:00", 8), ("2016-03-26T18:00:00", 9)],
    "Asia/Yakutsk": winter(9),
    "Asia/Vladivostok": winter(10),
    "Asia/Magadan": [*winter(11)[:-1], ("2014-10-25T14:00:00", 10), ("2016-04-23T16:00:00", 11)],
    "Asia/Kamchatka": [
        ("2009-10-25", 12),
        ("2010-10-30T15:00:00", 11),
        ("2011-03-26T15:00:00", 12),
    ],
    "Europe/Volgograd": [
        *winter(3),
        ("2018-10-27T23:00:00", 4),
        ("2020-12-26T22:00:00", 3),
    ],
    "America/New_York": new_york(),
}


class Oracle:
    """Offsets by instant, and what can be found by searching with them."""

    def __init__(self, table: list[tuple[str, int]]) -> None:
        self.changes = [utc(text) for text, _ in table]
        self.offsets = [hours * HOUR for _, hours in table]

    def offset(self, at: Instant) -> int:
        """Offset in force at an instant."""
        return self.offsets[bisect_right(self.changes, at) - 1]

    def shown(self, at: Instant) -> datetime:
        """What the clocks show, as a naive datetime made of an instant and an offset."""
        return (EPOCH + timedelta(microseconds=at + self.offset(at))).replace(tzinfo=None)

    def start(self, d: date) -> Instant:
        """First instant of *d*: bisection over instants by their dates, which never go back here."""
        low = instant(datetime(d.year, d.month, d.day, tzinfo=UTC)) - FAR
        high = low + 2 * FAR
        while high - low > 1:
            middle = (low + high) // 2
            if self.shown(middle).date() < d:
                low = middle
            else:
                high = middle
        return high

    def readings(self, wall: datetime) -> list[Instant]:
        """Instants at which the clocks show *wall*: none, one or two."""
        naive = instant(wall.replace(tzinfo=UTC))
        tried = {naive - offset for offset in self.offsets}
        return sorted(at for at in tried if self.shown(at) == wall)

    def gap(self, wall: datetime) -> int:
        """Length of the gap in which *wall* lies."""
        naive = instant(wall.replace(tzinfo=UTC))
        for change, before, after in zip(
            self.changes[1:], self.offsets, self.offsets[1:], strict=False
        ):
            if change + before <= naive < change + after:
                return after - before
        raise AssertionError(f"{wall} is in no gap")


def changes() -> Iterator[tuple[str, str]]:
    """Every change of every zone, for a case each."""
    for name, table in TABLES.items():
        for text, _ in table[1:]:
            yield name, text


def dates_around(change: Instant) -> list[date]:
    """Dates that a change may concern, and their neighbours."""
    d = (EPOCH + timedelta(microseconds=change)).date()
    return [d + timedelta(days=n) for n in range(-2, 4)]


@pytest.mark.search
def test_the_table_has_every_change_since_2010() -> None:
    """Between two changes of the table the library's offsets never move, looked at every three hours to 2026."""
    for name, table in TABLES.items():
        oracle, here = Oracle(table), zone(name)
        for at in range(utc("2010-01-01"), utc("2026-01-01"), 3 * HOUR):
            assert oracle.offset(at) == instant_offset(here.local(at)), (name, at)


def instant_offset(shown: datetime) -> int:
    """Offset of an aware datetime, in microseconds."""
    return (shown.utcoffset() or timedelta()) // timedelta(microseconds=1)


@pytest.mark.parametrize(("name", "change"), list(changes()))
def test_days_around_a_change(name: str, change: str) -> None:
    """Starts, ends and dates agree one microsecond before the border of a day, at it, and after."""
    oracle, here = Oracle(TABLES[name]), zone(name)
    for d in dates_around(utc(change)):
        start, end = oracle.start(d), oracle.start(d + timedelta(days=1))
        assert (start, end) == (here.start_of_day(d), here.end_of_day(d))
        for at in (start - 1, start, start + 1, end - 1, end, end + 1):
            assert oracle.shown(at).date() == here.local_date(at)
        expected = [d - timedelta(days=1), d, d, d, d + timedelta(days=1), d + timedelta(days=1)]
        assert expected == [
            here.local_date(at) for at in (start - 1, start, start + 1, end - 1, end, end + 1)
        ]


@pytest.mark.parametrize(("name", "change"), list(changes()))
def test_instants_around_a_change(name: str, change: str) -> None:
    """The clocks show the same one microsecond before the change, at it, and after."""
    oracle, here = Oracle(TABLES[name]), zone(name)
    for at in (utc(change) - 1, utc(change), utc(change) + 1):
        assert oracle.shown(at) == here.local(at).replace(tzinfo=None)


@pytest.mark.parametrize(("name", "change"), list(changes()))
def test_wall_times_around_a_change(name: str, change: str) -> None:
    """Every quarter of an hour, and each one's last microsecond: once, twice, or skipped."""
    oracle, here = Oracle(TABLES[name]), zone(name)
    for d in dates_around(utc(change)):
        for quarter in range(96):
            for wall in (
                datetime.combine(d, time(quarter // 4, quarter % 4 * 15)),
                datetime.combine(d, time(quarter // 4, quarter % 4 * 15 + 14, 59, 999_999)),
            ):
                found = oracle.readings(wall)
                if not found:
                    found = oracle.readings(wall + timedelta(microseconds=oracle.gap(wall)))
                assert found[0] == here.at(d, wall.time())
                assert found[-1] == here.at(d, wall.time(), fold=1)


@pytest.mark.parametrize("name", TABLES)
def test_the_29th_of_february(name: str) -> None:
    """Leap days are days, and the years without one have none."""
    oracle, here = Oracle(TABLES[name]), zone(name)
    for year in (2012, 2016, 2020, 2024):
        leap = date(year, 2, 29)
        assert oracle.start(leap) == here.start_of_day(leap)
        assert 24 * 60 * MINUTE == here.end_of_day(leap) - here.start_of_day(leap)
        year_on = here.move(here.at(leap, time(8, 30)), months=12)
        assert date(year + 1, 2, 28) == here.local_date(year_on)
