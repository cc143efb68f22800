"""Rows of ``works.csv`` and ``entries.csv``: checked once as they stream by, found again by position."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Final

from edujournal.adapters.exchange.csvset import cells
from edujournal.adapters.exchange.csvset.changes import BY_TARGET, Changes
from edujournal.adapters.exchange.csvset.columns import ENTRIES, ENTRY_ROWS, WORKS
from edujournal.adapters.exchange.csvset.drafting import content_of, read_cells
from edujournal.adapters.exchange.csvset.frame import Frame, fits
from edujournal.adapters.exchange.csvset.index import NONE, Index, Named
from edujournal.adapters.exchange.csvset.problems import Problems
from edujournal.adapters.exchange.csvset.rosters import Rosters
from edujournal.adapters.exchange.csvset.tables import Row, Table
from edujournal.errors import BadInput, Unknown
from edujournal.model.calendar import Calendar
from edujournal.model.entries import Content, Evidence
from edujournal.model.facts import Facts
from edujournal.model.ids import JournalId
from edujournal.model.time import zone
from edujournal.planning import book_of

#: What a column names of the school, by a single id.
_NAMES: Final = {
    "pupil": "pupil",
    "lesson": "lesson",
    "group": "group",
    "by": "account",
    "teacher": "account",
    "account": "account",
    "year": "academic year",
}


class Records(Index):
    """Checks every row once, keeps some 40 bytes of it, and reads it again when it is wanted.

    Args:
        frame: The frame of the years.
        rosters: People, memberships, lessons.
        facts: The same as facts; None where they are faulty, and only cells can be checked.
        tables: The files.
        problems: Takes every fault.

    Attributes:
        tables: The files of works and of entries.
        precision: Rows by how finely their recording is known.
    """

    def __init__(
        self,
        frame: Frame,
        rosters: Rosters,
        facts: Facts | None,
        tables: Mapping[str, Table],
        problems: Problems,
    ) -> None:
        super().__init__()
        self._frame, self._rosters, self._facts = frame, rosters, facts
        self.tables = (tables[WORKS.name], tables[ENTRIES.name])
        self._problems = problems
        self._listed = {
            "academic year": bool(frame.calendars),
            "work": tables[WORKS.name].usable or not tables[WORKS.name].exists,
        }
        self._named = Named()
        self._wanted: dict[int, Row] = {}
        self._ids_of: Mapping[str, Collection[str]] = {
            "pupil": rosters.pupils,
            "account": rosters.accounts,
            "group": frame.groups,
            "lesson": rosters.lesson_places,
            "academic year": {one.year for one in frame.calendars},
            "work": self._named.works,
        }
        self._years = {one.year: one for one in frame.calendars}
        self.precision: Counter[str] = Counter()
        for table in self.tables:
            for row in table.rows():
                self._take(row)
        Changes(self, self._named, problems).resolve(self._wanted)

    # -- the first pass ----------------------------------------------------------------------------

    def _take(self, row: Row) -> None:
        before = self._problems.count
        self._check(row, before)
        if self._problems.count > before and row.sheet is ENTRIES and "id" in row.cells:
            self._named.faulty.add(row.cells["id"])

    def _check(self, row: Row, before: int) -> None:
        problems = self._problems
        works = row.sheet is WORKS
        if works:
            for column in WORKS.required:
                if column not in row.cells:
                    problems.add(row.at(column), "an empty cell", "a value")
        elif not fits(row, "entry", ENTRY_ROWS, problems):
            return
        number = len(self.kinds)
        given = read_cells(row, problems)
        if problems.count > before:
            self._named.unread.add(number)
        self._check_references(row, given, works)
        kind = "work" if works else row.cells["kind"]
        if "id" in row.cells and not works:
            if row.cells["id"] in self._named.ids:
                problems.add(row.at("id"), f"row {row.cells['id']!r} is given twice")
            self._named.ids[row.cells["id"]] = number
        journal = self._journal(row, works) if problems.count == before else None
        evidence, calendar = self.evidence(row, journal, problems)
        self.precision[precision(row.cells.get("recorded", ""))] += 1
        content: Content | None = None
        # Of a work whose own row is faulty nobody knows the journal.
        placed = journal is not None or "lesson" in row.cells or "work" not in row.cells
        if problems.count == before and kind not in BY_TARGET and placed:
            content = self._content(row, given, evidence, journal)
        if works and "id" in row.cells:
            self._named.works.setdefault(row.cells["id"], {})
            if problems.count == before:
                self._declare(row, journal, number)
        book, moment = NONE, evidence.lo
        if content is not None and self._facts is not None and problems.count == before:
            book = self._book(row, content)
            if moment is None and book != NONE:
                moment = self._happened(row, content, calendar)
        self.keep(row, kind, book, moment)
        if "target" in row.cells or "retake" in row.cells:
            self._wanted[number] = row

    def _content(
        self, row: Row, given: Mapping[str, Any], evidence: Evidence, journal: str | None
    ) -> Content | None:
        try:
            return content_of(row, given, evidence, journal=journal)
        except BadInput as error:
            for one in error.problems:
                self._problems.take(replace(one, where=row.at(one.where)))
            return None

    def _check_references(self, row: Row, given: Mapping[str, Any], works: bool) -> None:
        for column, cell in row.cells.items():
            noun = _NAMES.get(column)
            if noun is not None:
                self._known(row, column, noun, cell)
        for pupil in given.get("absent") or ():
            self._known(row, "absent", "pupil", pupil)
        for account in given.get("examiners") or ():
            self._known(row, "examiners", "account", account)
        if not works and "work" in row.cells:
            self._known(row, "work", "work", row.cells["work"])

    def _known(self, row: Row, column: str, noun: str, id: str) -> None:
        """Note an id that nobody knows, if the file that lists them could be read."""
        ids = self._ids_of[noun]
        if id in ids:
            return
        if self._listed[noun] if noun in self._listed else self._rosters.lists(noun, id):
            self._problems.unknown(row.at(column), noun, id, ids)

    def _journal(self, row: Row, works: bool) -> str | None:
        """The journal of a row as it stands, or as its work tells; checked against the school."""
        written = row.cells.get("journal")
        facts = self._facts
        if written is not None:
            try:
                journal = JournalId.parse(written)
                if facts is not None:
                    facts.check_journal(journal)
                    if "period" in row.cells:
                        facts.calendar(journal.year).period(journal.group, row.cells["period"])
            except Unknown as error:
                column = "period" if error.noun == "period" else "journal"
                self._problems.take(replace(error.problems[0], where=row.at(column)))
                return None
            except BadInput as error:
                self._problems.take(replace(error.problems[0], where=row.at("journal")))
                return None
            written = str(journal)
        work = None if works else row.cells.get("work")
        if facts is None or work is None:
            return written
        return self._journal_of_work(row, facts, work, written)

    def _journal_of_work(
        self, row: Row, facts: Facts, work: str, written: str | None
    ) -> str | None:
        declared = self._named.works.get(work, {})
        lesson = row.cells.get("lesson")
        at_lesson = None if lesson is None else str(facts.journal_of(facts.lesson(lesson)))
        journal = at_lesson or written
        if journal is None and len(declared) > 1:
            self._problems.add(
                row.at("work"),
                "a work of this id stands in several journals",
                "a journal or a lesson beside it",
                ", ".join(sorted(declared)),
            )
        elif journal is not None and declared and journal not in declared:
            self._problems.add(
                row.at("work"), f"work {work!r} is not of the journal {journal!r}",
                expected=f"a work of it; {work!r} is of {', '.join(sorted(declared))}",
            )  # fmt: skip
        elif journal is None:
            return next(iter(declared), None)
        return written

    def _declare(self, row: Row, journal: str | None, number: int) -> None:
        """Remember a work, so that entries can name it."""
        id, lesson, facts = row.cells["id"], row.cells.get("lesson"), self._facts
        if lesson is not None and facts is not None:
            at_lesson = str(facts.journal_of(facts.lesson(lesson)))
            if journal is not None and journal != at_lesson:
                self._problems.add(
                    row.at("journal"), "not the journal of the lesson", repr(at_lesson), journal
                )
            journal = at_lesson
        place = journal or ""
        if place in self._named.works[id]:
            self._problems.add(row.at("id"), f"work {id!r} is given twice in one journal")
        self._named.works[id][place] = number

    def evidence(
        self, row: Row, journal: str | None, problems: Problems
    ) -> tuple[Evidence, Calendar | None]:
        """What is known of the recording of a row, and the frame whose clocks were read."""
        calendar = self._calendar(row, journal)
        clocks = zone(calendar.zone if calendar else "UTC")
        lo: int | None = None
        hi: int | None = None
        cell = row.cells.get("recorded", "")
        try:
            lo, hi = cells.recorded(cell, clocks)
        except cells.Bad as bad:
            problems.add(row.at("recorded"), bad.what, bad.expected, cell)
        source = row.cells.get("source", row.sheet.name)
        return Evidence(lo, hi, row.cells.get("by"), row.cells.get("role"), source), calendar

    def _calendar(self, row: Row, journal: str | None) -> Calendar | None:
        calendars = self._frame.calendars
        if len(calendars) < 2 or self._facts is None:
            return calendars[0] if calendars else None
        lesson = self._rosters.lessons.get(row.cells.get("lesson", ""))
        if lesson is not None:
            return self._facts.calendar_of(lesson)
        year = row.cells.get("year") or (JournalId.parse(journal).year if journal else None)
        if year is not None:
            return self._years.get(year, calendars[0])
        d = next((row.cells[one] for one in ("day", "held", "since") if one in row.cells), "")
        for one in calendars:
            if str(one.since) <= d < str(one.until):
                return one
        return calendars[0]

    def _book(self, row: Row, content: Content) -> int:
        facts = self._facts
        if facts is None:
            return NONE
        try:
            name = book_of(content, facts)
        except Unknown as error:
            column = {"group": "group", "academic year": "day"}.get(error.noun, "")
            known = column if column in row.cells else ""
            self._problems.take(replace(error.problems[0], where=row.at(known)))
            return NONE
        return self.book(name)

    def _happened(self, row: Row, content: Content, calendar: Calendar | None) -> int:
        """When the occasion of a row was, for the order of rows whose recording is not known."""
        facts = self._facts
        if facts is None or calendar is None:
            return 0
        if content.lesson is not None:
            return facts.lesson(content.lesson).starts
        clocks = zone(calendar.zone)
        if content.kind == "disclosure":
            return int(content.values["noticed"])
        if content.kind == "result" and content.journal is not None:
            journal = JournalId.parse(content.journal)
            period = facts.calendar(journal.year).period(journal.group, row.cells["period"])
            return clocks.start_of_day(period.last_day)
        d = row.cells.get("day") or row.cells.get("held") or row.cells.get("due")
        if d is not None:
            return clocks.start_of_day(cells.day(d))
        return clocks.start_of_day(calendar.since)


def precision(cell: str) -> str:
    """Name how finely a recording is known."""
    if not cell:
        return "unknown"
    if "/" in cell:
        return "interval"
    return "day" if len(cell) == 10 else "instant"
