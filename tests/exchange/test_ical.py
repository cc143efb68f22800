"""iCalendar files: events become dated lessons and days off, and nothing floats."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest

from edujournal.adapters.exchange.ical import IcalEvent, read_ical, slots_of
from edujournal.errors import BadFile, BadInput, MissingExtra, Unknown
from edujournal.model.calendar import (
    Bell,
    BellRule,
    BellSchedule,
    Calendar,
    Group,
    HolidaySet,
    PeriodSystem,
    Week,
)
from edujournal.model.time import format_instant, parse_instant

pytest.importorskip("icalendar", reason="the extra 'ical' is not installed")
pytest.importorskip("recurring_ical_events", reason="the extra 'ical' is not installed")


def ics(*events: str, head: str = "") -> bytes:
    """A calendar of events, each given by its own lines."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//t//t//EN", *head.split()]
    for n, event in enumerate(events):
        lines += [
            "BEGIN:VEVENT",
            f"UID:e{n}",
            "DTSTAMP:20260801T000000Z",
            *event.split("|"),
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def read(content: bytes, **further) -> tuple[IcalEvent, ...]:
    """The events of a school year in Moscow."""
    given = {"zone": "Europe/Moscow", "since": date(2026, 9, 1), "until": date(2027, 9, 1)}
    return read_ical(content, **(given | further))


WEEKLY = "SUMMARY:Алгебра|DTSTART;TZID=Europe/Moscow:20260907T083000|DTEND;TZID=Europe/Moscow:20260907T091500|RRULE:FREQ=WEEKLY;COUNT=4"


class TestRealFiles:
    def test_public_holidays_become_days(self, shared_data: Callable[[str], Path]) -> None:
        """Whole days, also where the end is the start, the rule is empty and VALUE=DATE is missing."""
        content = (shared_data("timetables") / "Germany_Holidays.ics").read_bytes()
        found = read(content, since=date(2019, 1, 1), until=date(2021, 1, 1))
        assert 34 == content.count(b"BEGIN:VEVENT") == len(found)
        assert all(event.all_day and (event.until - event.since).days == 1 for event in found)
        assert ("New Year's Day", date(2019, 1, 1)) == (found[0].title, found[0].since)

    def test_excluded_dates_are_not_held(self, shared_data: Callable[[str], Path]) -> None:
        """Seven of sixteen Tuesdays are left; their hour on the wall stays over the change of clocks."""
        content = (shared_data("timetables") / "issue_20_exdate_ignored.ics").read_bytes()
        found = read(content, zone="Europe/Berlin", since=date(2019, 10, 1), until=date(2020, 3, 1))
        assert [
            date(2019, 10, 29),
            date(2019, 11, 12),
            date(2019, 12, 10),
            date(2020, 1, 7),
            date(2020, 1, 14),
            date(2020, 1, 21),
            date(2020, 1, 28),
        ] == [event.since for event in found]
        assert {("16:15:00", "17:45:00")} == {
            tuple(format_instant(at, "Europe/Berlin")[11:19] for at in (event.starts, event.ends))
            for event in found
        }

    def test_a_moved_occurrence_knows_where_it_was(
        self, shared_data: Callable[[str], Path]
    ) -> None:
        """Two weeks, the second of them moved by a fortnight."""
        content = (shared_data("timetables") / "issue_253_recurrence_id_included.ics").read_bytes()
        found = read(content, since=date(2024, 6, 1), until=date(2024, 9, 1))
        assert [
            (date(2024, 7, 1), date(2024, 7, 8), None),
            (date(2024, 7, 29), date(2024, 8, 4), date(2024, 7, 15)),
        ] == [(event.since, event.until, event.moved_from) for event in found]


class TestTimes:
    def test_days_are_the_schools(self) -> None:
        """An event of another zone falls on the day that the school's calendar shows."""
        (event,) = read(ics("DTSTART:20260907T213000Z|DTEND:20260907T223000Z"))
        assert (date(2026, 9, 8), date(2026, 9, 9)) == (event.since, event.until)
        (event,) = read(ics("DTSTART:20260907T203000Z|DTEND:20260907T210000Z"))
        assert (date(2026, 9, 7), date(2026, 9, 8)) == (event.since, event.until)

    def test_floating_times_are_refused(self) -> None:
        """Each event is named once, however often it repeats; a stated zone lets them in."""
        floats = ics("DTSTART:20260907T083000|RRULE:FREQ=DAILY;COUNT=3", "DTSTART:20260907T093000")
        with pytest.raises(
            BadFile, match=r"a floating time, .* @ timetable\.ics: event e0\."
        ) as caught:
            read(floats)
        assert ["2026-09-07T08:30:00", "2026-09-07T09:30:00"] == [
            problem.found for problem in caught.value.problems
        ]
        found = read(floats, floating="Asia/Omsk")
        assert parse_instant("2026-09-07T08:30:00+06:00") == found[0].starts

    def test_the_file_may_state_the_zone(self) -> None:
        """X-WR-TIMEZONE is a statement, too."""
        (event,) = read(ics("DTSTART:20260907T083000", head="X-WR-TIMEZONE:Asia/Omsk"))
        assert parse_instant("2026-09-07T08:30:00+06:00") == event.starts

    def test_a_zone_of_the_files_own(self) -> None:
        """A zone that only the file knows is taken by the offset that the file gives."""
        head = (
            "BEGIN:VTIMEZONE TZID:Schulzeit BEGIN:STANDARD DTSTART:19700101T000000 "
            "TZOFFSETFROM:+0330 TZOFFSETTO:+0330 END:STANDARD END:VTIMEZONE"
        )
        (event,) = read(ics("DTSTART;TZID=Schulzeit:20260907T083000", head=head))
        assert parse_instant("2026-09-07T08:30:00+03:30") == event.starts

    def test_what_is_outside_is_left_out(self) -> None:
        """The days asked for are half-open, by the school's clocks; a long event need only meet them."""
        content = ics(
            "SUMMARY:eve|DTSTART:20260906T205959Z|DTEND:20260906T210000Z",
            "SUMMARY:first|DTSTART:20260906T210000Z|DTEND:20260906T220000Z",
            "SUMMARY:last|DTSTART:20260907T205959Z|DTEND:20260907T210000Z",
            "SUMMARY:after|DTSTART:20260907T210000Z|DTEND:20260907T220000Z",
            "SUMMARY:week|DTSTART;VALUE=DATE:20260901|DTEND;VALUE=DATE:20260908",
            "SUMMARY:over|DTSTART;VALUE=DATE:20260901|DTEND;VALUE=DATE:20260907",
        )
        found = read(content, since=date(2026, 9, 7), until=date(2026, 9, 8))
        assert ["week", "first", "last"] == [event.title for event in found]

    def test_cancelled_and_moved(self) -> None:
        """A cancelled occurrence stays, marked; a moved one is where it was moved to."""
        changed = (
            "DTSTART;TZID=Europe/Moscow:20260916T103000|DTEND;TZID=Europe/Moscow:20260916T111500"
            "|RECURRENCE-ID;TZID=Europe/Moscow:20260914T083000|SUMMARY:Алгебра|LOCATION:12|CATEGORIES:a,b"
        )
        off = "DTSTART;TZID=Europe/Moscow:20260921T083000|RECURRENCE-ID;TZID=Europe/Moscow:20260921T083000|STATUS:CANCELLED"
        content = (
            ics(WEEKLY, changed, off).replace(b"UID:e1", b"UID:e0").replace(b"UID:e2", b"UID:e0")
        )
        found = read(content)
        assert [
            (date(2026, 9, 7), None, False),
            (date(2026, 9, 16), date(2026, 9, 14), False),
            (date(2026, 9, 21), None, True),
            (date(2026, 9, 28), None, False),
        ] == [(event.since, event.moved_from, event.cancelled) for event in found]
        assert ("12", ("a", "b")) == (found[1].place, found[1].categories)


class TestFaults:
    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"", "not an iCalendar file"),
            (b"lesson,day\r\n", "not an iCalendar file"),
            (b"\xff\xfe\x00", "not an iCalendar file"),
            (
                b"BEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\n",
                "no calendar, expected VCALENDAR, found VEVENT",
            ),
            (
                ics("SUMMARY:x"),
                "an event without a start, expected one DTSTART, a date or a time @ timetable.ics: event e0",
            ),
            (ics("DTSTART:2026"), "broken DTSTART"),
            (ics("DTSTART:20260907T083000Z|RRULE:FREQ=SOMETIMES"), "broken RRULE"),
            (ics("DTSTART:20260907T083000Z|DTSTART:20260908T083000Z"), "an event without a start"),
            (
                ics("DTSTART:20260907T083000Z|DTEND:20260907T082959Z"),
                "an event ends before it begins, expected DTEND after DTSTART",
            ),
            (
                ics("DTSTART:20260907|DTEND:20260908T083000Z"),
                "an end of another kind than the start, expected one DTEND like DTSTART",
            ),
            (ics("DTSTART:20260907T083000Z|DTEND:20260907T081500"), "an end of another kind"),
            (ics("DTSTART:20260907|DTEND:20260908|DTEND:20260909"), "an end of another kind"),
            (
                ics("DTSTART:20260907T083000Z|DURATION:-PT1H"),
                "an event ends before it begins, expected a positive DURATION",
            ),
            (ics("DTSTART:20260907T083000Z|RRULE:COUNT=3"), "repeats at no frequency"),
            (
                ics("DTSTART:20260907T083000Z|RRULE:FREQ=WEEKLY;INTERVAL=0"),
                "repeats without end on one day, expected INTERVAL of 1 or more, found 0",
            ),
            (
                ics("DTSTART:20260907T083000Z|RRULE:FREQ=WEEKLY;BYHOUR=99"),
                "events that cannot be unrolled",
            ),
            (
                ics("DTSTART:20260907T083000Z|RRULE:FREQ=SECONDLY"),
                "repeats too often for a timetable, found SECONDLY",
            ),
        ],
    )
    def test_a_broken_file_is_answered(self, content: bytes, says: str) -> None:
        """What is no calendar, lacks a start, or would unroll without end."""
        with pytest.raises(BadFile) as caught:
            read(content)
        assert says in str(caught.value)

    def test_unknown_zones_are_named(self) -> None:
        """The school's and that of floating times."""
        with pytest.raises(Unknown, match="Europe/Moskow"):
            read(ics(WEEKLY), zone="Europe/Moskow")
        with pytest.raises(Unknown, match="Asia/Omks"):
            read(ics(WEEKLY), floating="Asia/Omks")

    def test_the_extra_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without its libraries the message tells what to install."""
        monkeypatch.setitem(sys.modules, "recurring_ical_events", None)
        with pytest.raises(MissingExtra, match=r"edujournal\[ical\]"):
            read(ics(WEEKLY))


class TestSlots:
    @pytest.fixture
    def calendar(self) -> Calendar:
        """A class with two bells on weekdays."""
        bells = [Bell(0, time(8, 30), time(9, 15)), Bell(1, time(9, 25), time(10, 10))]
        return Calendar(
            school="s",
            year="2026",
            zone="Europe/Moscow",
            since=date(2026, 9, 1),
            until=date(2027, 9, 1),
            groups=[Group("7A", "class", periods="q", holidays="h", week="w")],
            period_systems=[PeriodSystem("q")],
            holiday_sets=[HolidaySet("h")],
            weeks=[Week("w", range(1, 6))],
            staff_week="w",
            schedules=[BellSchedule("b", bells)],
            bell_rules=[BellRule("b", weekdays=range(1, 6))],
        )

    def test_the_bell_numbers_the_lesson(self, calendar: Calendar) -> None:
        """An event that begins with a bell has its slot, and keeps its own end."""
        short = "DTSTART:20260908T062500Z|DTEND:20260908T065000Z"
        day_off = "DTSTART;VALUE=DATE:20260909"
        off = "DTSTART:20260910T062500Z|STATUS:CANCELLED"
        found = slots_of(read(ics(WEEKLY, short, day_off, off)), calendar, "7A")
        days = [
            date(2026, 9, 7),
            date(2026, 9, 8),
            date(2026, 9, 14),
            date(2026, 9, 21),
            date(2026, 9, 28),
        ]
        assert days == [slot.day for _, slot in found]
        assert [0, 1, 0, 0, 0] == [slot.slot for _, slot in found]
        assert "2026-09-08T09:50:00+03:00" == format_instant(found[1][1].ends, "Europe/Moscow")
        assert found[1][0].ends == found[1][1].ends

    def test_events_beside_the_bells_are_listed(self, calendar: Calendar) -> None:
        """One at another hour, one on a day without bells: both, with their times."""
        events = read(ics("DTSTART:20260908T063000Z", "DTSTART:20260912T053000Z"))
        with pytest.raises(BadInput) as caught:
            slots_of(events, calendar, "7A")
        assert ["2026-09-08 09:30", "2026-09-12 08:30"] == [
            problem.found for problem in caught.value.problems
        ]
