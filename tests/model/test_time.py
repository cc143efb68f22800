"""Instants, zones and days as the rest of the library relies on them."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta, timezone
from importlib.resources import as_file, files
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edujournal.errors import BadInput, Unknown
from edujournal.model.time import (
    HOUR,
    MINUTE,
    SECOND,
    add_to_date,
    format_instant,
    instant,
    moment,
    parse_instant,
    plain_date,
    tzdata_version,
    zone,
    zone_names,
)

ZONES = st.sampled_from(sorted(zone_names()))
DAYS = st.dates(date(1880, 1, 1), date(2100, 12, 31))
INSTANTS = st.integers(
    instant(datetime(1880, 1, 1, tzinfo=UTC)), instant(datetime(2100, 12, 31, tzinfo=UTC))
)


def at(text: str) -> int:
    """An instant, by a shorter name."""
    return parse_instant(text)


class TestInstants:
    def test_an_instant_counts_microseconds_of_utc(self) -> None:
        """The same moment read on any clock is one number."""
        moscow = datetime(1970, 1, 1, 3, 0, 0, 7, tzinfo=timezone(timedelta(hours=3)))
        assert 7 == instant(moscow)
        assert -1 == instant(datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC))

    def test_fold_tells_the_two_hours_apart(self) -> None:
        """Of an hour that is shown twice, `fold` names the one that is meant."""
        first = datetime(2014, 10, 26, 1, 30, tzinfo=ZoneInfo("Europe/Moscow"))
        assert HOUR == instant(first.replace(fold=1)) - instant(first)

    @pytest.mark.parametrize("value", [datetime(2026, 9, 1), date(2026, 9, 1), "2026-09-01", 0])  # noqa: DTZ001
    def test_what_is_not_an_aware_datetime_is_refused(self, value: object) -> None:
        """A naive datetime, a date, a text or a number raises, with what was found."""
        with pytest.raises(BadInput, match="expected an aware datetime"):
            instant(value)  # type: ignore[arg-type]

    @given(INSTANTS, ZONES)
    def test_moment_and_instant_are_each_others_inverse(self, value: int, name: str) -> None:
        """An instant shown on the clocks of any zone is the same instant."""
        shown = moment(value, name)
        assert value == instant(shown)
        assert shown.utcoffset() is not None

    @given(INSTANTS, ZONES)
    def test_what_is_written_is_read_back(self, value: int, name: str) -> None:
        """RFC 3339 text keeps the instant to the microsecond, in any zone and century."""
        assert value == parse_instant(format_instant(value, name))

    @pytest.mark.parametrize(
        ("value", "name", "text"),
        [
            ("2026-09-15T05:30:00Z", "Europe/Moscow", "2026-09-15T08:30:00+03:00"),
            ("2026-09-15T05:30:00.25Z", "Asia/Kamchatka", "2026-09-15T17:30:00.250000+12:00"),
            ("2026-09-15T05:30:00Z", "UTC", "2026-09-15T05:30:00+00:00"),
            ("1900-01-01T00:00:00Z", "Europe/Moscow", "1900-01-01T02:30:00+02:30"),
            ("2026-09-15T05:30:00Z", "America/New_York", "2026-09-15T01:30:00-04:00"),
        ],
    )
    def test_an_instant_is_written_with_the_zones_offset(
        self, value: str, name: str, text: str
    ) -> None:
        """Microseconds are shown only where there are some; offsets are whole minutes."""
        assert text == format_instant(at(value), name)

    @pytest.mark.parametrize(
        "text",
        [
            "2026-09-15T05:30:00Z",
            "2026-09-15t05:30:00z",
            "2026-09-15 08:30:00+03:00",
            "2026-09-15T05:30:00.000000000Z",
            "2026-09-15T05:30:00-00:00",
        ],
    )
    def test_every_spelling_of_rfc_3339_is_read(self, text: str) -> None:
        """Small letters, a blank, needless zeros, an unknown offset of zero: one instant."""
        assert 1_789_450_200 * SECOND == parse_instant(text)

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("2026-09-15T05:30:00", "instant without an offset"),
            ("2026-09-15", "not an instant"),
            ("2026-09-15T05:30Z", "not an instant"),
            ("20260915T053000Z", "not an instant"),
            ("٢026-09-15T05:30:00Z", "not an instant"),
            ("2026-02-29T05:30:00Z", "no such instant"),
            ("2026-09-15T24:00:00Z", "no such instant"),
            ("2016-12-31T23:59:60Z", "no such instant"),
            ("2026-09-15T05:30:00+24:00", "no such instant"),
            ("2026-09-15T05:30:00.0000001Z", "finer than a microsecond"),
            (None, "not an instant"),
        ],
    )
    def test_what_is_no_instant_is_refused(self, text: str, says: str) -> None:
        """Text without an offset, of another form, or of a time that never was, is answered."""
        with pytest.raises(BadInput, match=says):
            parse_instant(text)

    @pytest.mark.parametrize("value", [10**18, -(10**18)])
    def test_an_instant_outside_the_years_is_refused(self, value: int) -> None:
        """A number that no calendar can show raises and does not overflow."""
        with pytest.raises(BadInput, match="outside the years"):
            format_instant(value, "UTC")


class TestZones:
    def test_a_zone_is_one_object(self) -> None:
        """The cache of days is shared by all who ask for a zone, and survives pickling."""
        assert zone("Asia/Omsk") is zone("Asia/Omsk")
        assert zone("Asia/Omsk") is pickle.loads(pickle.dumps(zone("Asia/Omsk")))  # noqa: S301
        assert "zone('Asia/Omsk')" == repr(zone("Asia/Omsk"))

    @pytest.mark.parametrize("name", ["Europe/Moskow", "europe/moscow", "", "../zones", "Europe"])
    def test_an_unknown_zone_is_refused(self, name: str) -> None:
        """A misspelt name, a folder or a way out of the data raises."""
        with pytest.raises(Unknown) as caught:
            zone(name)
        assert ("time zone", name) == (caught.value.noun, caught.value.name)

    def test_the_nearest_zone_is_named(self) -> None:
        """A slip of the pen is answered with the name that was meant."""
        with pytest.raises(Unknown, match="Did you mean 'Europe/Moscow'"):
            moment(0, "Europe/Moskow")

    def test_the_release_of_the_zones_is_told(self) -> None:
        """Verdicts keep the release of the IANA data that they were made with."""
        version = tzdata_version()
        assert version[:4].isdigit()
        assert version[4:].isalpha()

    @pytest.mark.parametrize("path", ["false", "absent", ""])
    def test_the_hosts_zones_change_nothing(self, tmp_path, path: str) -> None:
        """A host whose zone files lie about Moscow, or that has none, gets the same days."""
        false = tmp_path / "false" / "Europe"
        false.mkdir(parents=True)
        with as_file(files("tzdata").joinpath("zoneinfo", "Asia", "Tokyo")) as tokyo:
            for name in ("Europe/Moscow", "UTC"):
                shutil.copy(tokyo, tmp_path / "false" / name)
        code = (
            "from datetime import date\n"
            "from zoneinfo import ZoneInfo\n"
            "from edujournal.model.time import format_instant, zone\n"
            "print(format_instant(zone('Europe/Moscow').start_of_day(date(2026, 9, 1)), 'UTC'))\n"
            "from datetime import datetime\n"
            "print(datetime(2026, 9, 1, tzinfo=ZoneInfo('Europe/Moscow')).isoformat())\n"
        )
        told = subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ
            | {"PYTHONTZPATH": str(tmp_path / path) if path else "", "TZ": "Asia/Tokyo"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        host = "2026-09-01T00:00:00+09:00" if path == "false" else "2026-09-01T00:00:00+03:00"
        assert ["2026-08-31T21:00:00+00:00", host] == told


class TestDays:
    @given(ZONES, DAYS)
    def test_days_cover_time_without_a_gap(self, name: str, d: date) -> None:
        """A day ends where the next begins, and never before it begins."""
        here = zone(name)
        assert here.start_of_day(d + timedelta(days=1)) == here.end_of_day(d)
        assert here.start_of_day(d) <= here.end_of_day(d)

    @given(ZONES, DAYS)
    def test_a_day_begins_when_its_eve_is_over(self, name: str, d: date) -> None:
        """One microsecond before its start a calendar shows an earlier date, at it no earlier one."""
        here = zone(name)
        start = here.start_of_day(d)
        assert here.local_date(start - 1) < d <= here.local_date(start)

    @given(ZONES, INSTANTS)
    def test_a_clock_reading_names_its_instant(self, name: str, value: int) -> None:
        """Date, time and fold that the clocks show lead back to the instant."""
        shown = zone(name).local(value)
        assert value == zone(name).at(shown.date(), shown.time(), shown.fold)

    @given(ZONES, DAYS, st.times())
    def test_a_time_that_is_shown_once_has_no_fold(self, name: str, d: date, t: time) -> None:
        """Of two readings the second is never the earlier, and differs only by a repeated hour."""
        here = zone(name)
        first, second = here.at(d, t), here.at(d, t, fold=1)
        assert first <= second
        if first < second:
            assert here.local(first).replace(tzinfo=None) == here.local(second).replace(tzinfo=None)

    def test_a_gap_moves_a_time_forward(self) -> None:
        """Half past two on the night without it is half past three, whatever fold says."""
        moscow = zone("Europe/Moscow")
        for fold in (0, 1):
            found = moscow.at(date(2010, 3, 28), time(2, 30), fold)
            assert "2010-03-28T03:30:00+04:00" == format_instant(found, "Europe/Moscow")

    def test_a_repeated_hour_is_two_hours(self) -> None:
        """Without a fold the first is meant."""
        moscow = zone("Europe/Moscow")
        d, t = date(2014, 10, 26), time(1, 30)
        assert at("2014-10-26T01:30:00+04:00") == moscow.at(d, t)
        assert at("2014-10-26T01:30:00+03:00") == moscow.at(d, t, fold=1)

    @pytest.mark.parametrize(
        ("name", "d", "starts", "hours"),
        [
            ("Europe/Moscow", date(2014, 10, 26), "2014-10-25T20:00:00Z", 25),
            ("Europe/Moscow", date(2011, 3, 27), "2011-03-26T21:00:00Z", 23),
            ("Asia/Magadan", date(2014, 10, 26), "2014-10-25T12:00:00Z", 26),
            ("Europe/Moscow", date(2024, 2, 29), "2024-02-28T21:00:00Z", 24),
            # Midnight is skipped: the day begins at one.
            ("America/Sao_Paulo", date(2018, 11, 4), "2018-11-04T03:00:00Z", 23),
            # Midnight is shown twice: the day begins at the first.
            ("America/Havana", date(2025, 11, 2), "2025-11-02T04:00:00Z", 25),
            # One minute past midnight it was a minute past eleven again: the eve went on.
            ("America/St_Johns", date(2010, 11, 6), "2010-11-06T02:30:00Z", 25),
            ("America/St_Johns", date(2010, 11, 7), "2010-11-07T03:30:00Z", 24),
            # The date was skipped.
            ("Pacific/Apia", date(2011, 12, 29), "2011-12-29T10:00:00Z", 24),
            ("Pacific/Apia", date(2011, 12, 30), "2011-12-30T10:00:00Z", 0),
            ("Pacific/Apia", date(2011, 12, 31), "2011-12-30T10:00:00Z", 24),
            # The gap began half an hour before midnight.
            ("America/Toronto", date(1919, 3, 31), "1919-03-31T04:30:00Z", 23.5),
        ],
    )
    def test_days_of_every_length(self, name: str, d: date, starts: str, hours: float) -> None:
        """Days with 23, 24, 25 and 26 hours, a skipped day, and midnights that are none or two."""
        here = zone(name)
        assert at(starts) == here.start_of_day(d)
        assert hours * HOUR == here.end_of_day(d) - here.start_of_day(d)

    def test_the_first_and_last_dates_have_bounds(self) -> None:
        """An open end written as the last date that Python knows does not overflow."""
        for name in ("Asia/Kamchatka", "America/New_York"):
            here = zone(name)
            assert here.start_of_day(date.min) < here.end_of_day(date.min)
            assert 24 * HOUR == here.end_of_day(date.max) - here.start_of_day(date.max)

    @pytest.mark.parametrize("value", [datetime(2026, 9, 1, tzinfo=UTC), "2026-09-01", None])
    def test_what_is_no_plain_date_is_refused(self, value: object) -> None:
        """A datetime is a date to Python; here it is not."""
        for ask in (zone("UTC").start_of_day, zone("UTC").end_of_day, plain_date):
            with pytest.raises(BadInput, match="not a plain date"):
                ask(value)  # type: ignore[arg-type]

    def test_an_aware_time_of_day_is_refused(self) -> None:
        """A bell rings by the school's clocks: a time with a zone of its own is a mistake."""
        with pytest.raises(BadInput, match="aware time of day"):
            zone("UTC").at(date(2026, 9, 1), time(8, 30, tzinfo=UTC))

    @pytest.mark.parametrize(
        ("name", "east"), [("Asia/Kamchatka", "2026-09-01"), ("America/New_York", "2026-08-31")]
    )
    def test_a_lesson_may_span_two_dates_of_utc(self, name: str, east: str) -> None:
        """The local date counts, however far from Greenwich."""
        assert date.fromisoformat(east) == zone(name).local_date(at("2026-08-31T23:30:00Z"))


class TestMoving:
    @given(ZONES, INSTANTS, st.integers(-500, 500))
    def test_days_keep_the_time_on_the_clock(self, name: str, value: int, days: int) -> None:
        """Moved by days an instant shows the same time on the new date, unless that is skipped."""
        here = zone(name)
        before = here.local(value)
        after = here.local(here.move(value, days=days))
        wanted = before.date() + timedelta(days=days)
        skipped = here.local(here.at(wanted, before.time())).time() != before.time()
        if not skipped:
            assert (wanted, before.time()) == (after.date(), after.time())
        assert value == here.move(value)

    @pytest.mark.parametrize(
        ("start", "months", "days", "end"),
        [
            ("2023-01-31T08:30:00+03:00", 1, 0, "2023-02-28T08:30:00+03:00"),
            ("2024-01-31T08:30:00+03:00", 1, 0, "2024-02-29T08:30:00+03:00"),
            ("2024-02-29T08:30:00+03:00", 12, 0, "2025-02-28T08:30:00+03:00"),
            ("2024-03-31T08:30:00+03:00", -1, 1, "2024-03-01T08:30:00+03:00"),
            ("2014-10-25T08:30:00+04:00", 0, 1, "2014-10-26T08:30:00+03:00"),
            ("2010-03-27T02:30:00+03:00", 0, 1, "2010-03-28T03:30:00+04:00"),
            ("2014-10-25T01:30:00+04:00", 0, 1, "2014-10-26T01:30:00+04:00"),
            ("2014-10-26T01:30:00+03:00", 0, 0, "2014-10-26T01:30:00+03:00"),
        ],
    )
    def test_calendar_units_move_the_date(
        self, start: str, months: int, days: int, end: str
    ) -> None:
        """Months are cut to their length, hours are never added by a change of clocks."""
        moved = zone("Europe/Moscow").move(at(start), months=months, days=days)
        assert end == format_instant(moved, "Europe/Moscow")

    def test_a_date_moves_without_a_clock(self) -> None:
        """The same arithmetic on dates alone, to the ends of the calendar."""
        assert date(2025, 2, 28) == add_to_date(date(2024, 12, 31), months=2)
        assert date(2025, 3, 1) == add_to_date(date(2024, 12, 31), months=2, days=1)
        for move in ({"days": 1}, {"months": 1}, {"months": 10**6}):
            with pytest.raises(BadInput, match="outside the years"):
                add_to_date(date.max, **move)

    def test_exact_units_are_microseconds(self) -> None:
        """There is no constant for a day: its length is the zone's."""
        assert (1_000_000, 60_000_000, 3_600_000_000) == (SECOND, MINUTE, HOUR)
