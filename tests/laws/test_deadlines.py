"""Law 6: deadlines agree with an oracle that knows UTC and the bytes of the zone files, and no local time."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from struct import unpack

import pytest

from edujournal.model.calendar import Calendar
from edujournal.model.facts import Facts
from edujournal.model.groups import Group
from edujournal.model.ids import JournalId
from edujournal.model.occasions import Event, Lesson, Work
from edujournal.model.people import Account, RoleSpan
from edujournal.model.periods import Holidays, HolidaySet, Period, PeriodSystem, Week
from edujournal.rules.duties import duties
from edujournal.rules.loading import load
from edujournal.rules.scenes import of_event, of_lesson, of_period, of_section, of_sheet, of_work
from edujournal.rules.timing import compare

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = 1_000_000
MINUTE = 60 * SECOND

ZONES = (
    "Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk",
    "Asia/Krasnoyarsk", "Asia/Irkutsk", "Asia/Yakutsk", "Asia/Vladivostok", "Asia/Magadan",
    "Asia/Kamchatka", "America/New_York",
)  # fmt: skip

#: The shipped regulation without its date in force, so that it can be asked about 2010.
REGULATION = load(
    {
        "format": 1, "id": "always", "title": {"ru": "п", "en": "p"},
        "extends": "ru-school26-2023",
        "given": {"control_days": 4, "final_until": date(2026, 6, 25)},
    }
)  # fmt: skip


class Oracle:
    """Offsets by instant, read from the bytes of a zone file, and what is found by searching with them."""

    def __init__(self, name: str) -> None:
        raw = files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes()
        counts = unpack(">6l", raw[20:44])
        isut, isstd, leap, times, types, chars = counts
        second = 44 + times * 5 + types * 6 + chars + leap * 8 + isstd + isut
        isut, isstd, leap, times, types, chars = unpack(">6l", raw[second + 20 : second + 44])
        at = second + 44
        self.changes = list(unpack(f">{times}q", raw[at : at + 8 * times]))
        kinds = raw[at + 8 * times : at + 9 * times]
        rows = at + 9 * times
        offsets = [unpack(">l", raw[rows + 6 * n : rows + 6 * n + 4])[0] for n in range(types)]
        self.offsets = [offsets[kind] for kind in kinds]
        footer = raw[rows + types * 6 + chars + leap * 12 + isstd + isut :].strip()
        if footer == b"EST5EDT,M3.2.0,M11.1.0":
            self._go_on(int(self.changes[-1]))

    def _go_on(self, last: int) -> None:
        """Second Sunday of March to first Sunday of November, at two by the clocks then in force."""
        for year in range(2007, 2030):
            for month, first, offset, hour in ((3, 8, -4, 7), (11, 1, -5, 6)):
                day = date(year, month, first)
                day += (6 - day.weekday()) * DAY
                at = (
                    datetime(day.year, day.month, day.day, hour, tzinfo=UTC) - EPOCH
                ) // timedelta(seconds=1)
                if at > last:
                    self.changes.append(at)
                    self.offsets.append(offset * 3600)

    def shown(self, at: int) -> date:
        """The date that the clocks show at an instant."""
        seconds, rest = divmod(at, SECOND)
        offset = self.offsets[bisect_right(self.changes, seconds) - 1]
        return (EPOCH + timedelta(seconds=seconds + offset, microseconds=rest)).date()

    def start(self, d: date) -> int:
        """First instant of a date, by bisection over instants: dates never go back in these zones."""
        low = (datetime(d.year, d.month, d.day, tzinfo=UTC) - EPOCH) // timedelta(
            microseconds=1
        ) - 72 * 60 * MINUTE
        high = low + 144 * 60 * MINUTE
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.shown(middle) < d else (low, middle)
        return high

    def since(self, year: int) -> list[int]:
        """Changes from the beginning of a year up to 2026, as seconds."""
        begin = (datetime(year, 1, 1, tzinfo=UTC) - EPOCH) // timedelta(seconds=1)
        end = (datetime(2026, 11, 30, tzinfo=UTC) - EPOCH) // timedelta(seconds=1)
        return [
            at for n, at in enumerate(self.changes)
            if begin <= at < end and self.offsets[n] != self.offsets[n - 1]
        ]  # fmt: skip


def works(d: date) -> bool:
    """The staff works from Monday to Saturday."""
    return d.isoweekday() <= 6


def rolled(d: date) -> date:
    """The day, or the next on which the staff works."""
    return d if works(d) else rolled(d + DAY)


def expected(oracle: Oracle, day: date, lesson: Lesson, noticed: int) -> dict:
    """Every window of the regulation, worked out from the words of its clauses."""

    def end(d: date) -> int:
        return oracle.start(d + DAY)

    def work(days: int) -> tuple:
        return lesson.starts, end(rolled(day + days * DAY))

    answer = end(rolled(oracle.shown(noticed) + DAY))
    september = date(day.year if day.month >= 9 else day.year - 1, 9, 10)
    return {
        ("2.2", "setup"): (None, end(september)),
        ("2.5", "mark", "oral"): (lesson.starts, end(day)),
        ("2.5", "mark", "practical"): work(4),
        ("2.6", "topic"): (None, end(day + 2 * DAY)),
        ("2.7", "homework"): (None, lesson.ends + 90 * MINUTE),
        ("2.8", "result"): (oracle.start(day + 3 * DAY - 7 * DAY), oracle.start(day + 3 * DAY)),
        ("2.9", "roll"): (lesson.starts, end(day)),
        ("2.10", "confirmation"): (None, answer),
        ("2.11", "mark", "control"): work(3),
        ("2.12", "mark", "written"): work(10),
        ("2.13", "result"): (oracle.start(day + 3 * DAY - 7 * DAY), oracle.start(day + 3 * DAY)),
        ("2.16", "archiving"): (noticed, answer),
        ("3.3", "disclosure"): (noticed, answer),
    }


def school(zone: str, day: date, starts: int, ends: int) -> tuple[Facts, Lesson]:
    """A class with one lesson; its period ends two days after it and runs into holidays."""
    since = date(day.year if day.month >= 9 else day.year - 1, 9, 1)
    until = date(since.year + 1, 9, 1)
    cut = day + 3 * DAY
    lesson = Lesson("l", "7A", "alg", day, 1, starts, ends)
    calendar = Calendar(
        school="s", year="y", zone=zone, since=since, until=until, staff_week="w",
        groups=(Group("7A", "class", grade=7, periods="p", holidays="h", week="w"),),
        period_systems=(PeriodSystem("p", (Period("p1", "quarter", 1, since, cut),)),),
        holiday_sets=(HolidaySet("h", (Holidays("h1", cut, min(cut + 9 * DAY, until)),)),),
        weeks=(Week("w", range(1, 7)),), sections=("bells",),
    )  # fmt: skip
    accounts = (Account("head", roles=(RoleSpan("head"),)),)
    return Facts("s", (calendar,), (lesson,), (), (), accounts), lesson


def found(facts: Facts, lesson: Lesson, noticed: int) -> dict:
    """Every duty of the regulation about the lesson and what belongs to it."""
    journal = JournalId("7A", "alg", "y")
    claim = Event("l", "substitution", noticed, 1)
    told = Event("e", "disclosure", noticed, 1)
    occasions = [
        (of_section("bells", "y", facts), "setup", ""),
        (of_lesson(lesson, facts), "topic", ""),
        (of_lesson(lesson, facts), "homework", ""),
        (of_lesson(lesson, facts), "roll", ""),
        (of_period(journal, "p1", facts), "result", ""),
        (of_event(lesson.about, journal.book, claim, facts, lesson), "confirmation", ""),
        (of_sheet("7A", "y", facts, noticed), "archiving", ""),
        (of_event("event:e", "school/y", told, facts), "disclosure", ""),
    ]
    for kind, purpose in (
        ("oral", "ordinary"), ("practical", "ordinary"), ("control", "monitoring"),
        ("written", "ordinary"),
    ):  # fmt: skip
        work = Work("w", kind=kind, purpose=purpose, lesson="l")
        occasions.append((of_work(work, journal, facts), "mark", kind))
    return {
        (duty.clause, record, *([kind] if kind else [])): duty
        for occasion, record, kind in occasions
        for (duty,) in duties(REGULATION, occasion, facts, record=record)
    }


def cases(name: str):
    """A lesson on each day whose windows end about a change of the clocks, and a moment of learning."""
    oracle = Oracle(name)
    for change in oracle.since(2010):
        at = change * SECOND
        day = oracle.shown(at)
        for back in (0, 1, 2, 3, 4, 10):
            d = day - back * DAY
            if d.month in (7, 8):
                continue
            starts = oracle.start(d) + (1 if back == 1 else 9 * 60) * MINUTE
            ends = (
                at - 30 * MINUTE
                if back == 0 and at - 30 * MINUTE > starts
                else starts + 45 * MINUTE
            )
            yield oracle, d, starts, ends, at - (back % 2)


@pytest.mark.parametrize("name", ZONES)
def test_windows_agree_with_utc(name):
    """Every window about every change since 2010 is the oracle's, one microsecond before, at and after."""
    for oracle, day, starts, ends, noticed in cases(name):
        facts, lesson = school(name, day, starts, ends)
        wanted = expected(oracle, day, lesson, noticed)
        duties_found = found(facts, lesson, noticed)
        assert wanted == {key: (one.opens, one.closes) for key, one in duties_found.items()}
        for key, duty in duties_found.items():
            opens, closes = wanted[key]
            if duty.judged and opens is not None:
                assert ["early", "met", "met"] == [
                    compare(duty, at, at + 1).value for at in (opens - 1, opens, opens + 1)
                ]
            if duty.judged:
                assert ["met", "late", "late"] == [
                    compare(duty, at, at + 1).value for at in (closes - 1, closes, closes + 1)
                ]


def test_every_change_is_looked_at():
    """Each Russian zone changed two to five times since 2010, New York twice a year."""
    counts = {name: len(Oracle(name).since(2010)) for name in ZONES}
    assert 34 == counts.pop("America/New_York")
    assert all(2 <= count <= 5 for count in counts.values()), counts


def digest() -> str:
    """A digest of every window of every case."""
    told = hashlib.sha256()
    for name in ZONES:
        for _, day, starts, ends, noticed in cases(name):
            facts, lesson = school(name, day, starts, ends)
            for key, duty in sorted(found(facts, lesson, noticed).items()):
                told.update(f"{name} {day} {key} {duty.opens} {duty.closes}\n".encode())
    return told.hexdigest()


@pytest.mark.parametrize("server", ["Pacific/Kiritimati", "America/St_Johns"])
def test_the_server_has_no_say(tmp_path, server):
    """Another TZ and a false folder of zone files on the server change no window."""
    false = tmp_path / "zoneinfo"
    for name in ZONES:
        (false / name).parent.mkdir(parents=True, exist_ok=True)
        with files("tzdata").joinpath("zoneinfo", "Asia", "Kathmandu").open("rb") as source:
            (false / name).write_bytes(source.read())
    program = (
        "import runpy, time, zoneinfo, datetime; time.tzset();"
        "false = datetime.datetime(2012, 1, 1, tzinfo=zoneinfo.ZoneInfo('Europe/Moscow'));"
        "assert false.utcoffset().seconds == 20_700, 'the trap is not set';"
        f"print(runpy.run_path({__file__!r})['digest']())"
    )
    there = {**os.environ, "TZ": server, "PYTHONTZPATH": str(false), "TZDIR": str(false)}
    run = subprocess.run(
        [sys.executable, "-c", program], env=there, capture_output=True, text=True, check=True
    )

    assert digest() == run.stdout.strip()
