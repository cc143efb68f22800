"""People, where they belong, and the lessons: the rows of a set that are school data."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from edujournal.adapters.exchange.csvset import cells
from edujournal.adapters.exchange.csvset.columns import PEOPLE_KINDS
from edujournal.adapters.exchange.csvset.frame import Frame, take
from edujournal.adapters.exchange.csvset.problems import Problems
from edujournal.adapters.exchange.csvset.tables import Row, Table
from edujournal.adapters.schools.plain_faults import NAMED, Faults
from edujournal.errors import BadInput
from edujournal.model.calendar import Calendar
from edujournal.model.ids import check_id
from edujournal.model.lookalikes import lookalikes, scripts
from edujournal.model.occasions import Lesson, Planned
from edujournal.model.people import Account, Assignment, Membership
from edujournal.model.time import zone


class Rosters:
    """Gathers people, memberships, assignments and lessons; each reference is looked up.

    Attributes:
        pupils: Ids of pupils, each with its place.
        accounts: Accounts by id.
        memberships: Who belongs where.
        assignments: Who teaches what.
        lessons: Lessons by id.
        names: Names of people, and what names.csv adds.
    """

    def __init__(self, frame: Frame, tables: dict[str, Table], problems: Problems) -> None:
        self._frame = frame
        self._problems = problems
        self._faults = Faults(frame.calendars)
        self.pupils: dict[str, str] = {}
        self.accounts: dict[str, Account] = {}
        self._account_places: dict[str, str] = {}
        self._nobody: set[str] = set()
        self.names: dict[tuple[str, str], str] = dict(frame.names)
        self._listed = {
            "pupil": tables["people.csv"].usable,
            "account": tables["people.csv"].usable,
            "group": tables["groups.csv"].usable,
            "lesson": tables["lessons.csv"].usable,
        }
        for row in tables["people.csv"].rows():
            self._take_person(row)
        for row in tables["names.csv"].rows():
            self._take_name(row)
        self._check_guardians()
        self.memberships = list(self._memberships(tables["memberships.csv"].rows()))
        self.assignments = list(self._assignments(tables["assignments.csv"].rows()))
        changes = self._changes(tables["changes.csv"].rows())
        self.lesson_places: dict[str, str] = {}
        self.lessons = {one.id: one for one in self._lessons(tables["lessons.csv"].rows(), changes)}
        for lesson, rows in changes.items():
            if lesson not in self.lesson_places and self._listed["lesson"]:
                problems.unknown(rows[0].at("lesson"), "lesson", lesson, self.lesson_places)
        self._check_lookalikes()
        self._check_plans()

    # -- people ------------------------------------------------------------------------------------

    def id(self, row: Row, column: str, noun: str) -> str | None:
        """The id in a cell, or None where it is empty or no id, which is noted."""
        found = row.cells.get(column)
        if found is None:
            self._problems.add(row.at(column), "an empty cell", f"the id of a {noun}")
            return None
        try:
            return check_id(found, noun)
        except BadInput as error:
            for one in error.problems:
                self._problems.take(replace(one, where=row.at(column)))
            return None

    def known(self, row: Row, column: str, noun: str, ids: Collection[str]) -> str | None:
        """The id in a cell that must be one of *ids*, if the file that lists them could be read."""
        found = self.id(row, column, noun)
        if found is not None and found not in ids and self.lists(noun, found):
            self._problems.unknown(row.at(column), noun, found, ids)
            return None
        return found

    def lists(self, noun: str, id: str) -> bool:
        """Tell whether the file that lists *noun* could be read, and has no faulty row of that id."""
        return self._listed[noun] and (noun in ("group", "lesson") or id not in self._nobody)

    def _take_person(self, row: Row) -> None:
        kind = row.cells.get("kind")
        if kind not in PEOPLE_KINDS:
            self._problems.add(
                row.at("kind"), "not a kind of person", "pupil or account", kind or ""
            )
            self._nobody.add(row.cells.get("id", ""))
            return
        id = self.id(row, "id", kind)
        if id is None:
            return
        ids = self.pupils if kind == "pupil" else self.accounts
        if id in ids:
            self._problems.add(row.at("id"), f"{kind} {id!r} is given twice")
        if "name" in row.cells:
            self.names[kind, id] = row.cells["name"]
        if kind == "pupil":
            self.pupils[id] = row.at("id")
            for column in ("person", "roles", "since", "until", "pupils", "shared_with", "away"):
                if column in row.cells:
                    self._problems.add(
                        row.at(column), "a cell that a pupil does not have", "id, kind, name",
                        row.cells[column], "When a pupil belongs where stands in memberships.csv.",
                    )  # fmt: skip
            return
        since, until = self._stretch(row)
        spans = take(row, "roles", cells.roles, self._problems) or ()
        for span in spans:
            if span.since is not None and span.until is not None and span.since >= span.until:
                self._problems.add(
                    row.at("roles"), "a stretch without a day", "since < until",
                    f"{span.role}@{span.since}..{span.until}",
                )  # fmt: skip
        self._account_places[id] = row.at("id")
        self.accounts[id] = Account(
            id,
            row.cells.get("person"),
            spans,
            since,
            until,
            take(row, "pupils", cells.items, self._problems) or (),
            take(row, "shared_with", cells.items, self._problems) or (),
            take(row, "away", cells.spans, self._problems) or (),
        )

    def place_of(self, account: str, column: str) -> str:
        """Where a cell of an account stands, such as ``people.csv:7:roles``."""
        return f"{self._account_places[account].rpartition(':')[0]}:{column}"

    def _check_guardians(self) -> None:
        for id, account in self.accounts.items():
            for pupil in account.pupils:
                if pupil not in self.pupils and self.lists("pupil", pupil):
                    self._problems.unknown(self.place_of(id, "pupils"), "pupil", pupil, self.pupils)

    def _take_name(self, row: Row) -> None:
        kind, id, name = (row.cells.get(column) for column in ("kind", "id", "name"))
        for column in ("kind", "id", "name"):
            if column not in row.cells:
                self._problems.add(row.at(column), "an empty cell", "a value")
        if kind is None or id is None or name is None:
            return
        if kind not in NAMED:
            self._problems.unknown(row.at("kind"), "kind of name", kind, NAMED)
        elif self.id(row, "id", kind) is None:
            pass
        elif self.names.setdefault((kind, id), name) != name:
            self._problems.add(row.at("name"), f"{kind} {id!r} has two names", found=name)

    def _stretch(self, row: Row) -> tuple[date | None, date | None]:
        since = take(row, "since", cells.day, self._problems)
        until = take(row, "until", cells.day, self._problems)
        if since is not None and until is not None and since >= until:
            self._problems.add(
                row.at("until"), "a stretch without a day", f"a day after {since}", str(until),
                "'until' is the day after the last one.",
            )  # fmt: skip
        return since, until

    # -- where they belong -------------------------------------------------------------------------

    def _memberships(self, rows: Iterable[Row]) -> Iterator[Membership]:
        for row in rows:
            pupil = self.known(row, "pupil", "pupil", self.pupils)
            group = self.known(row, "group", "group", self._frame.groups)
            since, until = self._stretch(row)
            if pupil is not None and group is not None:
                found = Membership(pupil, group, since, until)
                yield found
                self._judge(row, self._faults.of_memberships([found]))

    def _assignments(self, rows: Iterable[Row]) -> Iterator[Assignment]:
        for row in rows:
            account = self.known(row, "account", "account", self.accounts)
            group = self.known(row, "group", "group", self._frame.groups)
            since, until = self._stretch(row)
            role = row.cells.get("role", "teacher")
            if account is not None and group is not None:
                found = Assignment(account, group, row.cells.get("subject"), role, since, until)
                yield found
                self._judge(row, self._faults.of_assignments([found]))

    def _judge(self, row: Row, problems: Iterable[Any]) -> None:
        """Note what the calendars say of a row; what its own cells said already is not said again."""
        if not self._frame.calendars:
            return
        for one in problems:
            if one.what == "a stretch without a day":
                continue
            column = one.where.rpartition(".")[2]
            known = column in row.sheet.columns
            self._problems.take(replace(one, where=row.at(column if known else "group")))

    # -- lessons -----------------------------------------------------------------------------------

    def _changes(self, rows: Iterable[Row]) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in rows:
            lesson = self.id(row, "lesson", "lesson")
            if lesson is not None:
                found.setdefault(lesson, []).append(row)
        return found

    def _lessons(self, rows: Iterable[Row], changes: dict[str, list[Row]]) -> Iterator[Lesson]:
        for row in rows:
            before = self._problems.count
            id = self.id(row, "id", "lesson")
            if id is not None and id in self.lesson_places:
                self._problems.add(
                    row.at("id"), f"lesson {id!r} is given twice",
                    found=f"also in {self.lesson_places[id]}",
                )  # fmt: skip
            elif id is not None:
                self.lesson_places[id] = row.at()
            group = self.known(row, "group", "group", self._frame.groups)
            subject = self.id(row, "subject", "subject")
            teacher, substitute = (
                self.known(row, name, "account", self.accounts) if name in row.cells else None
                for name in ("teacher", "substitute")
            )
            cancelled = take(row, "cancelled", cells.truth, self._problems) or False
            d = self._day(row)
            slot = self._slot(row)
            calendar = self._calendar(row, d)
            placed = self._times(row, calendar, group, d, slot)
            if self._problems.count > before or placed is None:
                continue
            states = [
                state
                for change in changes.get(str(id), ())
                for state in self._planned(change, calendar, group)
            ]
            lesson = Lesson(
                str(id), str(group), str(subject), d, slot, *placed, teacher, substitute,
                cancelled, tuple(sorted(states, key=lambda one: one.until)),
                row.cells.get("year"),
                take(row, "nonfunctional", cells.truth, self._problems) or False,
            )  # fmt: skip
            self._judge_lesson(row, lesson)
            yield lesson

    def _judge_lesson(self, row: Row, lesson: Lesson) -> None:
        for one in self._faults.of_lessons([lesson]):
            column = one.where.rpartition(".")[2]
            column = {"starts": "start", "ends": "end"}.get(column, column)
            known = column in row.sheet.columns
            self._problems.take(replace(one, where=row.at(column if known else "")))

    def _day(self, row: Row) -> Any:
        if "day" not in row.cells:
            self._problems.add(row.at("day"), "an empty cell", "a date")
            return None
        return take(row, "day", cells.day, self._problems)

    def _slot(self, row: Row) -> Any:
        if "slot" not in row.cells:
            self._problems.add(row.at("slot"), "an empty cell", "the number of the lesson that day")
            return None
        slot = take(row, "slot", cells.whole, self._problems)
        if slot is not None and slot < 0:
            self._problems.add(row.at("slot"), "not a slot", "0 or more", row.cells["slot"])
            return None
        return slot

    def _calendar(self, row: Row, d: date | None) -> Calendar | None:
        """The frame of the lesson's year; None where it is not known, which is noted."""
        year = row.cells.get("year")
        self._frame.check_year(row)
        calendars = self._frame.calendars
        if d is None or not calendars:
            return None
        for one in calendars:
            if (year is None or one.year == year) and one.since <= d < one.until:
                return one
        if year is None or year in {one.year for one in calendars}:
            spans = "; ".join(f"{one.year}: [{one.since}, {one.until})" for one in calendars)
            self._problems.add(row.at("day"), "a day outside the school's years", spans, str(d))
        return None

    def _times(
        self, row: Row, calendar: Calendar | None, group: str | None, d: Any, slot: Any
    ) -> tuple[int, int] | None:
        """Instants of start and end: as written, or else as the bells ring."""
        written = [take(row, name, _time, self._problems) for name in ("start", "end")]
        if calendar is None or d is None:
            return None
        clocks = zone(calendar.zone)
        if "start" in row.cells and "end" in row.cells:
            if written[0] is None or written[1] is None:
                return None
            starts, ends = (one if isinstance(one, int) else clocks.at(d, one) for one in written)
            if ends <= starts:
                self._problems.add(
                    row.at("end"), "a lesson ends before it starts",
                    f"a time after {row.cells['start']}", row.cells["end"],
                )  # fmt: skip
                return None
            return starts, ends
        if "start" in row.cells or "end" in row.cells:
            lost = "end" if "start" in row.cells else "start"
            self._problems.add(row.at(lost), "an empty cell", "both times, or neither")
            return None
        shift = next((one.shift for one in calendar.groups if one.id == group), None)
        if shift is None or slot is None:
            return None
        schedule = calendar.bells_on(d, shift)
        bell = schedule.bell(slot) if schedule else None
        if bell is None:
            self._problems.add(
                row.at("start"), "no times, and no bells for them",
                f"times, or a bell with number {slot} for shift {shift} on {d}",
            )  # fmt: skip
            return None
        return clocks.at(d, bell.starts), clocks.at(d, bell.ends)

    def _planned(self, row: Row, calendar: Calendar | None, group: str | None) -> Iterator[Planned]:
        until = take(row, "changed", cells.instant, self._problems)
        if "changed" not in row.cells:
            self._problems.add(row.at("changed"), "an empty cell", "an instant")
        d, slot = self._day(row), self._slot(row)
        placed = self._times(row, calendar, group, d, slot)
        cancelled = take(row, "cancelled", cells.truth, self._problems) or False
        if until is not None and slot is not None and placed is not None:
            yield Planned(until, d, slot, *placed, cancelled)

    # -- the whole ---------------------------------------------------------------------------------

    def _check_lookalikes(self) -> None:
        for noun, places in (
            ("pupils", self.pupils),
            ("accounts", self._account_places),
            ("lessons", self.lesson_places),
        ):
            ranks = {id: rank for rank, id in enumerate(places)}
            for twins in lookalikes(places):
                self._problems.add(
                    places[max(twins, key=ranks.__getitem__)],
                    f"ids of {noun} that look alike",
                    "ids that people can tell apart",
                    mend="; ".join(f"{id!r} is written in {scripts(id)}" for id in twins) + ".",
                )

    def _check_plans(self) -> None:
        for calendar in self._frame.calendars:
            for group in calendar.groups:
                if group.pupil not in (None, *self.pupils) and self._listed["pupil"]:
                    self._problems.unknown(
                        f"{self._frame.groups[group.id]}:pupil",
                        "pupil",
                        str(group.pupil),
                        self.pupils,
                    )


def _time(cell: str) -> Any:
    """A local time, or an instant."""
    return cells.instant(cell) if "T" in cell or " " in cell else cells.clock(cell)
