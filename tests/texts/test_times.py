"""Times in words: days, clocks, windows and durations on a school's clocks."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edujournal.model.time import MINUTE, SECOND, zone
from edujournal.texts.catalogues import Messages
from edujournal.texts.times import Times

PLACE = "Asia/Yekaterinburg"
EN, RU = (Times(Messages(language), PLACE) for language in ("en", "ru"))
DAY = date(2026, 9, 15)


def at(clock: str, day: date = DAY, place: str = PLACE) -> int:
    """An instant on the clocks of *place*."""
    return zone(place).at(day, time.fromisoformat(clock))


MIDNIGHT = at("00:00", DAY + timedelta(days=1))


def test_days_are_said_as_people_write_them():
    """In short, with the weekday, and without the year for the head of a column."""
    assert ("15 Sep 2026", "15.09.2026") == (EN.day(DAY), RU.day(DAY))
    assert ("15 Sep", "15.09") == (EN.short_day(DAY), RU.short_day(DAY))
    assert "Tuesday, 15 September 2026" == EN.long_day(DAY)
    assert "вторник, 15 сентября 2026" == RU.long_day(DAY)
    assert ("1 May 2026", "01.05.2026") == (EN.day(date(2026, 5, 1)), RU.day(date(2026, 5, 1)))
    assert ("3 Feb 0987", "03.02.0987") == (EN.day(date(987, 2, 3)), RU.day(date(987, 2, 3)))


def test_midnight_ends_a_day_and_begins_none():
    """As an end it is 24:00 of the day before; as a moment it is 00:00."""
    assert "15 Sep 2026, 24:00" == EN.end(MIDNIGHT)
    assert "16 Sep 2026, 00:00" == EN.instant(MIDNIGHT)
    assert "15.09.2026 13:00" == RU.end(at("13:00"))


@pytest.mark.parametrize(
    ("opens", "closes", "english", "russian"),
    [
        (at("08:30"), MIDNIGHT, "from 08:30 until 24:00 on 15 Sep 2026", "с 08:30 до 24:00 15.09.2026"),
        (at("08:30"), at("15:15"), "from 08:30 until 15:15 on 15 Sep 2026", "с 08:30 до 15:15 15.09.2026"),
        (None, at("15:15"), "until 15:15 on 15 Sep 2026", "до 15:15 15.09.2026"),
        (None, MIDNIGHT, "until 24:00 on 15 Sep 2026", "до 24:00 15.09.2026"),
        (at("08:30"), None, "from 08:30 on 15 Sep 2026", "с 08:30 15.09.2026"),
        (None, None, "at any time", "в любое время"),
        (
            at("00:00"), at("00:00", date(2026, 9, 18)),
            "from 00:00 on 15 Sep 2026 until 24:00 on 17 Sep 2026", "с 00:00 15.09.2026 до 24:00 17.09.2026",
        ),
    ],
)  # fmt: skip
def test_windows_end_as_people_say_they_end(opens, closes, english, russian):
    """Half-open inside, "until 24:00" outside."""
    assert english == EN.window(opens, closes)
    assert russian == RU.window(opens, closes)


@pytest.mark.parametrize(
    ("lo", "hi", "english", "russian"),
    [
        (at("08:30"), at("08:30") + 1, "recorded 15 Sep 2026, 08:30", "внесено 15.09.2026 08:30"),
        (at("08:30:07"), at("08:30:07") + 1, "recorded 15 Sep 2026, 08:30:07", "внесено 15.09.2026 08:30:07"),
        (at("00:00"), MIDNIGHT, "recorded on 15 Sep 2026", "внесено 15.09.2026"),
        (
            at("00:00"), at("00:00", date(2026, 9, 17)),
            "recorded between 15 Sep 2026, 00:00 and 16 Sep 2026, 24:00",
            "внесено между 15.09.2026 00:00 и 16.09.2026 24:00",
        ),
        (None, MIDNIGHT, "recorded before 15 Sep 2026, 24:00", "внесено раньше 15.09.2026 24:00"),
    ],
)  # fmt: skip
def test_recording_is_said_as_exactly_as_it_is_known(lo, hi, english, russian):
    """An instant, a day, an interval, or only an end."""
    assert english == EN.recorded(lo, hi)
    assert russian == RU.recorded(lo, hi)
    assert english.replace("recorded", "changed", 1) == EN.recorded(lo, hi, changed=True)


@pytest.mark.parametrize(
    ("length", "english", "russian"),
    [
        (0, "less than a second", "меньше секунды"),
        (SECOND - 1, "less than a second", "меньше секунды"),
        (SECOND, "1 second", "1 секунда"),
        (MINUTE, "1 minute", "1 минута"),
        (2 * MINUTE, "2 minutes", "2 минуты"),
        (5 * MINUTE, "5 minutes", "5 минут"),
        (72 * MINUTE + 30 * SECOND, "1 hour 12 minutes", "1 час 12 минут"),
        (3600 * SECOND + 30 * SECOND, "1 hour", "1 час"),
        (24 * 60 * MINUTE, "1 day", "1 день"),
        (51 * 60 * MINUTE + MINUTE, "2 days 3 hours", "2 дня 3 часа"),
    ],
)
def test_durations_have_two_units_at_most(length, english, russian):
    """Nobody needs the seconds of two days."""
    assert english == EN.duration(length)
    assert russian == RU.duration(length)


def test_a_day_of_lateness_is_a_day_of_the_calendar():
    """Over a change of clocks a day is what the calendar shows, whatever number of hours it has."""
    new_york = Times(Messages("en"), "America/New_York")
    before = at("12:00", date(2026, 10, 31), "America/New_York")
    after = at("12:00", date(2026, 11, 2), "America/New_York")

    assert 49 * 60 * MINUTE == after - before
    assert "2 days" == new_york.between(before, after)
    assert "1 day" == new_york.between(
        at("12:00", date(2026, 3, 7), "America/New_York"),
        at("12:30", date(2026, 3, 8), "America/New_York") + 30 * MINUTE,
    ).removesuffix(" 1 hour")


def test_a_time_that_is_shown_twice_names_its_offset():
    """Half past one in the night in which clocks go back is two instants, and two texts."""
    new_york = Times(Messages("en"), "America/New_York")
    first = zone("America/New_York").at(date(2026, 11, 1), time(1, 30), 0)
    second = zone("America/New_York").at(date(2026, 11, 1), time(1, 30), 1)

    assert ("01:30 (UTC-04:00)", "01:30 (UTC-05:00)") == (
        new_york.clock(first), new_york.clock(second),
    )  # fmt: skip
    assert "03:30" == new_york.clock(at("03:30", date(2026, 11, 1), "America/New_York"))


def test_a_clock_hides_nothing_at_a_border():
    """The last microsecond of a window is not said to be its end."""
    assert "23:59:59.999999" == EN.clock(MIDNIGHT - 1)
    assert "from 08:30 until 23:59:59.999999 on 15 Sep 2026" == EN.window(at("08:30"), MIDNIGHT - 1)
    assert "15 Sep 2026, 23:59:59" == EN.instant(MIDNIGHT - 1)


@given(
    opens=st.integers(at("00:00"), at("00:00", date(2027, 9, 1))),
    length=st.integers(1, 400 * 24 * 3600 * SECOND),
    place=st.sampled_from([PLACE, "America/New_York", "Pacific/Apia", "Asia/Beirut"]),
)
def test_windows_are_told_apart(opens, length, place):
    """Two windows that end at different instants are never said to end at the same."""
    times = Times(Messages("en"), place)

    assert times.window(opens, opens + length) != times.window(opens, opens + length + 1)
    assert times.window(opens, opens + length) != times.window(opens - 1, opens + length)


def test_a_day_that_begins_late_ends_the_day_before():
    """Where midnight is skipped, the first instant of a day is the 24:00 of its eve."""
    beirut = Times(Messages("en"), "Asia/Beirut")
    dawn = zone("Asia/Beirut").start_of_day(date(2024, 3, 31))

    assert "01:00" == beirut.clock(dawn)
    assert "30 Mar 2024, 24:00" == beirut.end(dawn)
