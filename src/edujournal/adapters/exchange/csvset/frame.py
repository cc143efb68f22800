"""The frame of the years, as ``calendar.csv``, ``groups.csv`` and ``subjects.csv`` tell it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from edujournal.adapters.exchange.csvset import cells
from edujournal.adapters.exchange.csvset.columns import CALENDAR_ROWS, NOTHING
from edujournal.adapters.exchange.csvset.problems import Problems
from edujournal.adapters.exchange.csvset.tables import Row, Table
from edujournal.errors import BadCalendar, BadInput, Problem
from edujournal.model.bells import Bell, BellRule, BellSchedule
from edujournal.model.calendar import Calendar
from edujournal.model.groups import Group, Subject
from edujournal.model.periods import Cycle, Holidays, HolidaySet, Period, PeriodSystem, Week
from edujournal.rules.clauses import RECORDS

#: Id of the set that a row belongs to which names none.
ONLY = "all"

_QUOTED: Final = re.compile(r"'([^']+)'")


def take(row: Row, column: str, read: Callable[[str], Any], problems: Problems) -> Any:
    """Read one cell of *row*; None where it is empty, or faulty, which is noted."""
    cell = row.cells.get(column)
    if cell is None:
        return None
    try:
        return read(cell)
    except cells.Bad as bad:
        problems.add(row.at(column), bad.what, bad.expected, cell)
    except BadInput as error:
        for one in error.problems:
            problems.add(row.at(column), one.what, one.expected, cell)
    return None


def fits(
    row: Row,
    noun: str,
    shapes: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]],
    problems: Problems,
) -> bool:
    """Tell whether *row* has a known kind, the cells that it needs, and no others."""
    kind = row.cells.get("kind")
    if kind is None:
        problems.add(row.at("kind"), "an empty cell", f"one of {', '.join(shapes)}")
        return False
    if kind not in shapes:
        problems.unknown(row.at("kind"), f"kind of {noun}", kind, shapes)
        return False
    required, optional = shapes[kind]
    before = problems.count
    for column in required:
        if column not in row.cells:
            problems.add(row.at(column), "an empty cell", f"a value, as a {kind} needs one")
    for column, cell in row.cells.items():
        if column != "kind" and column not in required and column not in optional:
            problems.add(
                row.at(column),
                f"a cell that a {kind} does not have",
                f"cells of a {kind}: {', '.join((*required, *optional))}",
                cell,
            )
    return problems.count == before


class Frame:
    """Gathers the rows of the frame, and makes the calendars of them.

    Attributes:
        school: Id of the school; empty where no row tells it.
        school_place: Where it stands.
        calendars: The frames of the years; empty where one of them is faulty.
        lacks: Kinds of record that the source never kept.
        groups: Ids of groups, each with the place of its first row.
        subjects: Ids of subjects likewise.
        names: Names of groups and subjects.
    """

    def __init__(self, calendar: Table, groups: Table, subjects: Table, problems: Problems) -> None:
        self._problems = problems
        self.school = ""
        self.school_place = ""
        self.calendars: tuple[Calendar, ...] = ()
        self.lacks: set[str] = set()
        self.groups: dict[str, str] = {}
        self.subjects: dict[str, str] = {}
        self.names: dict[tuple[str, str], str] = {}
        self._years: dict[str, Row] = {}
        self._rows: dict[str, list[Row]] = defaultdict(list)
        before = problems.count
        self._read_calendar(calendar)
        group_rows = list(groups.rows())
        subject_rows = list(subjects.rows())
        for rows, ids, kind in (
            (group_rows, self.groups, "group"),
            (subject_rows, self.subjects, "subject"),
        ):
            for row in rows:
                self._take_id(row, ids, kind)
        drafts = [
            _Year(self, year, row, group_rows, subject_rows, problems)
            for year, row in self._years.items()
        ]
        sound = groups.usable and (subjects.usable or not subjects.exists)
        if sound and problems.count == before and drafts:
            calendars = [calendar for one in drafts for calendar in one.calendar()]
            if problems.count == before:
                self.calendars = tuple(calendars)

    def year_rows(self, year: str, *kinds: str) -> Iterator[Row]:
        """The rows of ``calendar.csv`` of these kinds that belong to *year*."""
        for kind in kinds:
            for row in self._rows[kind]:
                if row.cells.get("year", year) == year:
                    yield row

    def check_year(self, row: Row) -> None:
        """Note a year that nobody knows, or a row that must name its year and does not."""
        year = row.cells.get("year")
        if year is not None and self._years and year not in self._years:
            self._problems.unknown(row.at("year"), "academic year", year, self._years)

    def _read_calendar(self, table: Table) -> None:
        for row in table.rows():
            if not fits(row, "row", CALENDAR_ROWS, self._problems):
                continue
            kind, id = row.cells["kind"], row.cells.get("id", "")
            if kind == "school":
                if self.school:
                    self._problems.add(row.at(), "a second school", "one school", id)
                self.school = self.school or id
                self.school_place = self.school_place or row.at("id")
            elif kind == "lacks":
                if id not in RECORDS:
                    self._problems.unknown(row.at("id"), "kind of record", id, RECORDS)
                self.lacks.add(id)
            elif kind == "year":
                if id in self._years:
                    self._problems.add(row.at("id"), f"year {id!r} is given twice")
                self._years[id] = row
            else:
                self._rows[kind].append(row)
        if table.usable and not self.school:
            self._problems.add(table.sheet.name, "no school", "a row of the kind 'school'")
        if table.usable and not self._years:
            self._problems.add(table.sheet.name, "no year", "a row of the kind 'year'")
        for kind, rows in self._rows.items():
            for row in rows:
                self.check_year(row)
                if "year" not in row.cells and len(self._years) > 1:
                    self._problems.add(
                        row.at("year"), f"a {kind} of no year", f"one of {', '.join(self._years)}"
                    )

    def _take_id(self, row: Row, ids: dict[str, str], kind: str) -> None:
        id = row.cells.get("id")
        if id is None:
            self._problems.add(row.at("id"), "an empty cell", f"the id of a {kind}")
            return
        self.check_year(row)
        ids.setdefault(id, row.at())
        name = row.cells.get("name")
        if name is not None and self.names.setdefault((kind, id), name) != name:
            self._problems.add(
                row.at("name"), f"{kind} {id!r} has two names", repr(self.names[kind, id]), name
            )


class _Year:
    """The rows of one year, and the calendar that they come to."""

    def __init__(
        self,
        frame: Frame,
        year: str,
        row: Row,
        groups: Iterable[Row],
        subjects: Iterable[Row],
        problems: Problems,
    ) -> None:
        self._frame, self._year, self._row, self._problems = frame, year, row, problems
        self._places: dict[str, str] = {"groups": "groups.csv", "subjects": "subjects.csv"}
        for name, column in (("since", "since"), ("until", "until"), ("zone", "zone")):
            self._places[name] = row.at(column)
        self._places["staff_week"] = row.at("week")
        self._places["year"] = row.at("id")
        self._places["school"] = frame.school_place
        self.fields: dict[str, Any] = {
            "school": frame.school,
            "year": year,
            "zone": row.cells["zone"],
            "since": self._get(row, "since", cells.day),
            "until": self._get(row, "until", cells.day),
        }
        self._take_stretches()
        self._take_weeks()
        self._take_bells()
        self._take_days()
        self._take_cycle()
        self.fields["sections"] = []
        for one in frame.year_rows(year, "section"):
            self.fields["sections"].append(one.cells["id"])
            self._places[f"sections.{one.cells['id']}"] = one.at("id")
        self.fields["subjects"] = list(self._subjects(subjects))
        self.fields["groups"] = list(self._groups(groups))

    def calendar(self) -> Iterator[Calendar]:
        """Yield the calendar, if its parts do not contradict each other."""
        try:
            yield Calendar(**self.fields)
        except BadCalendar as error:
            for one in error.problems:
                self._problems.take(replace(one, where=self._place(one)))

    def _place(self, problem: Problem) -> str:
        """The row that a fault of the calendar speaks of: of the ids that it names the one below."""
        path, found = problem.where, problem.found
        named = _QUOTED.findall(f"{problem.what} {found}")
        rows = [place for one in named if (place := self._places.get(f"{path}.{one}"))]
        if rows:
            return max(rows, key=lambda place: int(place.split(":")[1]))
        for part in (f"{path}.{found}", path, path.rpartition(".")[0]):
            if part in self._places:
                return self._places[part]
        return f"calendar.csv ({self._year}: {path})"

    def _get(self, row: Row, column: str, read: Callable[[str], Any], default: Any = None) -> Any:
        found = take(row, column, read, self._problems)
        return default if found is None else found

    def _take_stretches(self) -> None:
        year, frame = self._year, self._frame
        periods: dict[str, list[Period]] = {}
        for row in frame.year_rows(year, "periods"):
            periods[row.cells["id"]] = []
            self._places[f"period_systems.{row.cells['id']}"] = row.at()
        for row in frame.year_rows(year, "period"):
            system, id = row.cells.get("set", ONLY), row.cells["id"]
            some = periods.setdefault(system, [])
            kind = row.cells["type"]
            count = sum(one.kind == kind for one in some) + 1
            number = self._get(row, "number", cells.whole, count)
            since, until = self._dates(row)
            self._places.setdefault(f"period_systems.{system}", row.at())
            self._places[f"period_systems.{system}.{id}"] = row.at()
            if since is not None and until is not None:
                some.append(Period(id, kind, number, since, until, row.cells.get("title", "")))
        holidays: dict[str, list[Holidays]] = {}
        for row in frame.year_rows(year, "holidays"):
            holidays[row.cells["id"]] = []
            self._places[f"holiday_sets.{row.cells['id']}"] = row.at()
        for row in frame.year_rows(year, "holiday"):
            of, id = row.cells.get("set", ONLY), row.cells["id"]
            since, until = self._dates(row)
            self._places.setdefault(f"holiday_sets.{of}", row.at())
            self._places[f"holiday_sets.{of}.{id}"] = row.at()
            free = holidays.setdefault(of, [])
            if since is not None and until is not None:
                free.append(Holidays(id, since, until, row.cells.get("title", "")))
        systems = [PeriodSystem(id, tuple(some)) for id, some in periods.items()]
        sets = [HolidaySet(id, tuple(some)) for id, some in holidays.items()]
        self.fields["period_systems"] = systems or [PeriodSystem(ONLY)]
        self.fields["holiday_sets"] = sets or [HolidaySet(ONLY)]

    def _dates(self, row: Row) -> tuple[date | None, date | None]:
        since = self._get(row, "since", cells.day)
        return since, self._get(row, "until", cells.day)

    def _take_weeks(self) -> None:
        weeks = []
        for row in self._frame.year_rows(self._year, "week"):
            id = row.cells["id"]
            self._places[f"weeks.{id}"] = row.at("weekdays")
            weeks.append(Week(id, self._get(row, "weekdays", _weekdays, frozenset({1}))))
        if not weeks:
            self._problems.add(
                self._row.at(), "a year without a week", "a row of the kind 'week', such as 1-5"
            )
        self.fields["weeks"] = weeks
        self.fields["staff_week"] = self._one_of(self._row, "week", [one.id for one in weeks])

    def _one_of(self, row: Row, column: str, known: list[str]) -> str:
        """The set that *row* names, or the only one there is."""
        name = row.cells.get(column)
        if name is None and len(known) > 1:
            self._problems.add(row.at(column), "an empty cell", f"one of {', '.join(known)}")
        return name or (known[0] if known else "")

    def _take_bells(self) -> None:
        bells: dict[str, list[Bell]] = {}
        for row in self._frame.year_rows(self._year, "schedule"):
            bells[row.cells["id"]] = []
            self._places[f"schedules.{row.cells['id']}"] = row.at()
        for row in self._frame.year_rows(self._year, "bell"):
            schedule = row.cells.get("set", ONLY)
            self._places.setdefault(f"schedules.{schedule}", row.at())
            number = self._get(row, "number", cells.whole)
            starts, ends = (self._get(row, name, cells.clock) for name in ("starts", "ends"))
            some = bells.setdefault(schedule, [])
            if number is not None and starts is not None and ends is not None:
                some.append(Bell(number, starts, ends))
        rules = []
        for place, row in enumerate(self._frame.year_rows(self._year, "ring")):
            self._places[f"bell_rules[{place}]"] = row.at()
            self._places[f"bell_rules[{place}].dates"] = row.at("dates")
            rules.append(
                BellRule(
                    self._one_of(row, "set", list(bells)),
                    self._get(row, "weekdays", _weekdays),
                    self._get(row, "shift", cells.whole),
                    self._get(row, "dates", _dates),
                    self._get(row, "cycle", _items),
                )
            )
        declared = list(self._frame.year_rows(self._year, "schedule"))
        if len(bells) == 1 and not rules and not declared:
            rules = [BellRule(next(iter(bells)))]
        self.fields["schedules"] = [BellSchedule(id, tuple(some)) for id, some in bells.items()]
        self.fields["bell_rules"] = rules

    def _take_days(self) -> None:
        for kind in ("closed", "cancelled", "working"):
            found: set[date] = set()
            for row in self._frame.year_rows(self._year, kind):
                since, until = self._dates(row)
                if since is None:
                    continue
                last = until or since + timedelta(days=1)
                if last <= since or (last - since).days > 400:
                    self._problems.add(
                        row.at("until"),
                        "not the end of a stretch",
                        f"a day within 400 days after {since}",
                        str(last),
                    )
                    continue
                for n in range((last - since).days):
                    d = since + timedelta(days=n)
                    found.add(d)
                    self._places[f"{kind}.{d}"] = row.at()
            self.fields[kind] = found
        moved: list[tuple[date, date]] = []
        for row in self._frame.year_rows(self._year, "moved"):
            d, like = (self._get(row, name, cells.day) for name in ("since", "like"))
            if d is not None and like is not None:
                moved.append((d, like))
                self._places[f"moved.{d}"] = row.at("since")
                self._places.setdefault(f"moved.{like}", row.at("like"))
        self.fields["moved"] = moved

    def _take_cycle(self) -> None:
        rows = list(self._frame.year_rows(self._year, "cycle"))
        dated = list(self._frame.year_rows(self._year, "cycle_day"))
        for row in rows[1:]:
            self._problems.add(row.at(), "a second cycle", "one cycle a year")
        if dated and not rows:
            self._problems.add(dated[0].at(), "a day of no cycle", "a row of the kind 'cycle'")
        if not rows:
            return
        row = rows[0]
        for part in ("cycle", "cycle.days", "cycle.anchor", "cycle.pause", "cycle.dates"):
            self._places[part] = row.at()
        pause = row.cells.get("type")
        if pause not in (None, "pause"):
            self._problems.add(row.at("type"), "not understood", "'pause' or nothing", pause)
        dates: list[tuple[date, str]] = []
        for one in dated:
            d = self._get(one, "since", cells.day)
            if d is not None:
                dates.append((d, one.cells["cycle"]))
                self._places[f"cycle.dates.{d}"] = one.at("cycle")
        self.fields["cycle"] = Cycle(
            self._get(row, "cycle", cells.items, ()),
            self._get(row, "since", cells.day),
            tuple(dates),
            pause == "pause",
        )

    def _subjects(self, rows: Iterable[Row]) -> Iterator[Subject]:
        for row in rows:
            id = row.cells.get("id")
            if id is None or row.cells.get("year", self._year) != self._year:
                continue
            if f"subjects.{id}" in self._places:
                self._problems.add(
                    row.at("id"), f"subject {id!r} is given twice",
                    found=f"also in {self._places[f'subjects.{id}']}",
                )  # fmt: skip
            self._places[f"subjects.{id}"] = row.at()
            yield Subject(
                id,
                row.cells.get("title", ""),
                self._get(row, "tags", cells.items, ()),
                self._get(row, "attendance", cells.truth, True),
                self._get(row, "weekly_hours", cells.hours),
            )

    def _groups(self, rows: Iterable[Row]) -> Iterator[Group]:
        known = {
            name: [one.id for one in self.fields[field]]
            for name, field in (
                ("periods", "period_systems"),
                ("holidays", "holiday_sets"),
                ("week", "weeks"),
            )
        }
        for row in rows:
            id = row.cells.get("id")
            if id is None or row.cells.get("year", self._year) != self._year:
                continue
            if f"groups.{id}" in self._places:
                self._problems.add(
                    row.at("id"), f"group {id!r} is given twice",
                    found=f"also in {self._places[f'groups.{id}']}",
                )  # fmt: skip
            self._places[f"groups.{id}"] = row.at()
            for name in ("kind", "parents", "shift", "periods", "holidays", "week"):
                self._places[f"groups.{id}.{name}"] = row.at(name)
            yield Group(
                id,
                row.cells.get("kind", "class"),
                parents=self._get(row, "parents", cells.items, ()),
                grade=self._get(row, "grade", cells.whole),
                stage=row.cells.get("stage"),
                shift=self._get(row, "shift", cells.whole, 1),
                profile=row.cells.get("profile"),
                pupil=row.cells.get("pupil"),
                title=row.cells.get("title", ""),
                **{name: self._one_of(row, name, ids) for name, ids in known.items()},
            )


def _weekdays(cell: str) -> frozenset[int]:
    return frozenset() if cell == NOTHING else cells.weekdays(cell)


def _dates(cell: str) -> frozenset[date]:
    return frozenset() if cell == NOTHING else cells.days(cell)


def _items(cell: str) -> frozenset[str]:
    return frozenset() if cell == NOTHING else frozenset(cells.items(cell))
