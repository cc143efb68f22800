"""School years and working days that were really kept, against counts made another way."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from edujournal.errors import BadCalendar
from edujournal.model.calendar import (
    Calendar,
    Group,
    Holidays,
    HolidaySet,
    Period,
    PeriodSystem,
    Week,
)

DAY = timedelta(days=1)

#: Working days of the Russian five-day week in a year, as the ministry of labour publishes them;
#: 2020 and 2021 without the days off given by decree in the year itself.
PUBLISHED = {
    2013: 247, 2014: 247, 2015: 247, 2016: 247, 2017: 247, 2018: 247, 2019: 247, 2020: 248,
    2021: 247, 2022: 247, 2023: 247, 2024: 248, 2025: 247, 2026: 247,
}  # fmt: skip
BY_DECREE = (2020, 2021)


@pytest.fixture(scope="module")
def school_years(shared_data: Callable[[str], Path]) -> dict[str, dict[str, Any]]:
    """Published school years by their ids."""
    years = json.loads((shared_data("calendars") / "school-years.json").read_text("utf-8"))["years"]
    return {year["id"]: year for year in years}


@pytest.fixture(scope="module")
def days_off(shared_data: Callable[[str], Path]) -> list[dict[str, str]]:
    """Rows of the official days off, short days and worked weekends."""
    with (shared_data("calendars") / "working-days.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def stretch(pair: list[str]) -> tuple[date, date]:
    """Dates that the source gives inclusively, half-open."""
    return date.fromisoformat(pair[0]), date.fromisoformat(pair[1]) + DAY


def holidays(id: str, breaks: dict[str, list[str]]) -> HolidaySet:
    """Breaks of a source as a set of holidays."""
    return HolidaySet(id, [Holidays(name, *stretch(pair)) for name, pair in breaks.items()])


def quarters(id: str, pairs: list[list[str]]) -> PeriodSystem:
    """Quarters of a source as a system of periods."""
    return PeriodSystem(
        id, [Period(f"q{n}", "quarter", n, *stretch(pair)) for n, pair in enumerate(pairs, 1)]
    )


def build(
    year: dict[str, Any],
    groups: list[Group],
    systems: list[PeriodSystem],
    sets: list[HolidaySet],
    closed: frozenset[date] = frozenset(),
) -> Calendar:
    """The calendar of a published year."""
    start = int(year["id"].split("-")[1])
    return Calendar(
        school=year["id"],
        year=str(start),
        zone="Europe/Moscow",
        since=date(start, 9, 1),
        until=date(start + 1, 9, 1),
        groups=groups,
        period_systems=systems,
        holiday_sets=sets,
        weeks=[Week("five", range(1, 6)), Week("own", year.get("week", range(1, 6)))],
        staff_week="own",
        closed=closed,
    )


def group(id: str, periods: str = "q", holidays: str = "common", week: str = "own") -> Group:
    """A class of the published year."""
    return Group(id, "class", periods=periods, holidays=holidays, week=week)


def adjoining(calendar: Calendar, group: str) -> list[str | None]:
    """Ids of the holidays into which the periods of a group run, in order."""
    found = [calendar.holidays_adjoining(group, one.id) for one in calendar.periods(group)]
    return [one and one.id for one in found]


def count(year: dict[str, Any], breaks: str) -> int:
    """School days of a year by its inclusive dates: days of the week in a quarter and in no break."""
    found = 0
    for first, last in year["quarters"]:
        d = date.fromisoformat(first)
        while d.isoformat() <= last:
            off = any(since <= d.isoformat() <= until for since, until in year[breaks].values())
            found += d.isoweekday() in year.get("week", range(1, 6)) and not off
            d += DAY
    return found


class TestSchoolYears:
    def test_quarters_of_dzerzhinsk(self, school_years) -> None:
        """Every quarter runs into its holidays; a closed 4 November was no school day anyway."""
        year = school_years["ru-2025-26-dzerzhinsk-22"]
        calendar = build(
            year,
            [group("5А")],
            [quarters("q", year["quarters"])],
            [holidays("common", year["breaks"])],
        )
        assert ["autumn", "winter", "spring", "summer"] == adjoining(calendar, "5А")
        assert count(year, "breaks") == len(calendar.school_days("5А"))
        last = [calendar.last_school_day("5А", f"q{n}") for n in (1, 2, 3, 4)]
        assert ["2025-10-24", "2025-12-26", "2026-03-20", "2026-05-22"] == [str(d) for d in last]

    def test_six_days_of_kamennomost(self, school_years) -> None:
        """Saturdays are taught; February is a break inside the third quarter; 5 November is neither."""
        year = school_years["ru-2018-19-kamennomost-6day"]
        calendar = build(
            year,
            [group("5А")],
            [quarters("q", year["quarters"])],
            [holidays("common", year["breaks"])],
        )
        assert count(year, "breaks") == len(calendar.school_days("5А"))
        assert ["autumn", "winter", "spring", None] == adjoining(calendar, "5А")
        assert calendar.is_school_day("5А", date(2018, 9, 8))
        assert not calendar.is_school_day("5А", date(2018, 11, 5))
        assert calendar.is_working_day(date(2018, 11, 5))
        assert date(2018, 12, 29) == calendar.last_school_day("5А", "q2")
        assert date(2019, 2, 18) == calendar.next_school_day("5А", date(2019, 2, 9))

    def test_first_grade_of_kamennomost(self, school_years) -> None:
        """Its holidays cross the common quarters: refused with the dates, right once clipped."""
        year = school_years["ru-2018-19-kamennomost-6day"]
        common = quarters("q", year["quarters"])
        more = holidays("first", year["breaks_grade_1"])
        with pytest.raises(BadCalendar) as caught:
            build(year, [group("1А", holidays="first")], [common], [more])
        assert [
            ("q2", "autumn", "2018-11-06 … 2018-12-29 and 2018-10-29 … 2018-11-06"),
            ("q2", "winter", "2018-11-06 … 2018-12-29 and 2018-12-29 … 2019-01-08"),
            ("q3", "spring", "2019-01-09 … 2019-03-23 and 2019-03-23 … 2019-03-31"),
        ] == [
            (
                problem.where[-2:],
                problem.what.split("'")[3],
                problem.found.removesuffix(", both of '1А'"),
            )
            for problem in caught.value.problems
        ]
        own = common.clipped(more, "q1")
        calendar = build(year, [group("1А", "q1", "first")], [own], [more])
        assert ["autumn", "winter", "spring", None] == adjoining(calendar, "1А")
        assert count(year, "breaks_grade_1") == len(calendar.school_days("1А"))
        assert date(2018, 12, 28) == calendar.last_school_day("1А", "q2")

    def test_grades_of_klin_end_on_their_own_days(self, school_years) -> None:
        """The last quarter has no common end: each set of grades has its own system of quarters."""
        year = school_years["ru-2015-16-klin-17"]
        systems, groups = [], []
        for grades, end in year["year_end_by_grade"].items():
            pairs = [*year["quarters"][:-1], [year["quarters"][-1][0], end]]
            systems.append(quarters(grades, pairs))
            groups.append(group(f"grades {grades}", grades))
        breaks = {
            name: pair for name, pair in year["breaks"].items() if name != "first_grade_extra"
        }
        calendar = build(year, groups, systems, [holidays("common", breaks)])
        assert ["2016-05-25", "2016-05-31", "2016-05-27"] == [
            str(calendar.last_school_day(one.id, "q4")) for one in calendar.groups
        ]
        for one in calendar.groups:
            assert ["autumn", "winter", "spring", None] == adjoining(calendar, one.id)

    def test_a_first_grade_has_a_week_more(self, school_years) -> None:
        """The ministry's extra week lies inside the third period and adjoins nothing."""
        year = school_years["ru-2025-26-minpros-quarters"]
        breaks = dict(year["breaks"])
        extra = breaks.pop("first_grade_extra")
        starts = ["2025-09-01", "2025-11-03", "2026-01-12", "2026-04-06"]
        ends = ["2025-10-24", "2025-12-30", "2026-03-27", "2026-05-26"]
        common = holidays("common", breaks)
        first = holidays("first", {**breaks, "extra": extra})
        system = quarters("q", [list(pair) for pair in zip(starts, ends, strict=True)])
        calendar = build(
            year, [group("1А", holidays="first"), group("2А")], [system], [common, first]
        )
        assert adjoining(calendar, "1А") == adjoining(calendar, "2А")
        assert 5 == len(calendar.school_days("2А")) - len(calendar.school_days("1А"))
        assert date(2026, 2, 24) - DAY == calendar.next_school_day("1А", date(2026, 2, 13))

    @pytest.mark.parametrize(
        "id",
        ["ru-2024-25-modules", "ru-2025-26-modules", "ru-2024-25-press-b", "ru-2023-24-tyumen"],
    )
    def test_breaks_alone_make_a_year(self, school_years, id: str) -> None:
        """A calendar of which only the breaks are known has no periods, and still has school days."""
        year = school_years[id]
        calendar = build(
            year, [group("5А")], [PeriodSystem("q")], [holidays("common", year["breaks"])]
        )
        assert calendar.periods("5А") == ()
        for one in calendar.holidays_of("5А"):
            before = calendar.previous_school_day("5А", one.since)
            after = calendar.next_school_day("5А", one.until - DAY)
            assert before is not None
            assert before < one.since
            assert after is None or after >= one.until


class TestWorkingDays:
    def calendar(self, rows: list[dict[str, str]], country: str, year: int) -> Calendar:
        """A year of a five-day office: its listed days off, and the weekends it works."""
        listed = [
            (date.fromisoformat(row["date"]), row["kind"])
            for row in rows
            if row["country"] == country and row["date"].startswith(str(year))
        ]
        worked = {d for d, kind in listed if kind != "day_off" and d.isoweekday() > 5}
        return Calendar(
            school=country,
            year=str(year),
            zone="Europe/Moscow",
            since=date(year, 1, 1),
            until=date(year + 1, 1, 1),
            groups=[group("all", week="five")],
            period_systems=[PeriodSystem("q")],
            holiday_sets=[HolidaySet("common")],
            weeks=[Week("five", range(1, 6))],
            staff_week="five",
            closed={d for d, kind in listed if kind == "day_off"},
            working=worked,
        )

    @pytest.mark.parametrize("year", PUBLISHED)
    def test_five_days_in_russia(self, days_off, year: int) -> None:
        """The days counted by the calendar, by a sum over the list, and by the ministry, agree."""
        calendar = self.calendar(days_off, "ru", year)
        self.check(calendar, days_off, "ru", year)
        if year not in BY_DECREE:
            assert PUBLISHED[year] == len(calendar.school_days("all"))

    @pytest.mark.parametrize("country", ["by", "kz"])
    @pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
    def test_five_days_elsewhere(self, days_off, country: str, year: int) -> None:
        """Belarus and Kazakhstan keep lists of the same form."""
        self.check(self.calendar(days_off, country, year), days_off, country, year)

    def check(
        self, calendar: Calendar, rows: list[dict[str, str]], country: str, year: int
    ) -> None:
        """Weekdays of the year, less those off, and the weekends that are worked."""
        own = [row for row in rows if row["country"] == country and row["date"][:4] == str(year)]
        weekend = {row["date"]: date.fromisoformat(row["date"]).weekday() >= 5 for row in own}
        total = sum(
            date.fromordinal(n).weekday() < 5
            for n in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())
        )
        total -= sum(row["kind"] == "day_off" and not weekend[row["date"]] for row in own)
        total += sum(row["kind"] != "day_off" and weekend[row["date"]] for row in own)
        days = [
            date(year, 1, 1) + DAY * n
            for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)
        ]
        assert total == sum(calendar.is_working_day(d) for d in days)
        assert total == len(calendar.school_days("all"))

    def test_a_deadline_over_the_new_year(self, days_off) -> None:
        """After 31 December 2025 the next working day of five is 12 January 2026."""
        calendar = self.calendar(days_off, "ru", 2026)
        assert date(2026, 1, 12) == calendar.next_working_day(date(2025, 12, 31))
