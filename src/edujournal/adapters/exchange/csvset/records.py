"""Rows of ``works.csv`` and ``entries.csv``: checked once as they stream by, found again by position."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from contextlib import ExitStack
from dataclasses import replace
from typing import Any, BinaryIO, Final, Self

from edujournal.adapters.exchange.csvset import cells
from edujournal.adapters.exchange.csvset.columns import ENTRIES, ENTRY_ROWS, WORKS
from edujournal.adapters.exchange.csvset.drafting import (
    TEXTS,
    VALUES,
    content_of,
    draft_of,
    read_cells,
)
from edujournal.adapters.exchange.csvset.frame import Frame, fits
from edujournal.adapters.exchange.csvset.problems import Problems
from edujournal.adapters.exchange.csvset.rosters import Rosters
from edujournal.adapters.exchange.csvset.tables import Row, Table
from edujournal.errors import BadInput, Unknown
from edujournal.model.calendar import Calendar
from edujournal.model.drafts import Draft
from edujournal.model.entries import CHANGES, Content, Evidence
from edujournal.model.facts import Facts
from edujournal.model.ids import JournalId
from edujournal.model.time import zone
from edujournal.planning import book_of

#: Kinds of rows, as numbers in the index.
KINDS: Final = ("work", *ENTRY_ROWS)

#: Names a row of works.csv as what a correction changes: ``work:w-1``, ``work:7A/alg/2026/w-1``.
WORK_TARGET: Final = "work:"

_PLACES: Final = {kind: place for place, kind in enumerate(KINDS)}

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

#: Stands in the index for "none".
_NONE: Final = -1

#: Kinds of rows whose draft cannot be made before it is known what they change.
_BY_TARGET: Final = CHANGES | {"approval"}


class Records:
    """Checks every row once, keeps some 40 bytes of it, and reads it again when it is wanted.

    Args:
        frame: The frame of the years.
        rosters: People, memberships, lessons.
        facts: The same as facts; None where they are faulty, and only cells can be checked.
        tables: The files.
        problems: Takes every fault.
    """

    def __init__(
        self,
        frame: Frame,
        rosters: Rosters,
        facts: Facts | None,
        tables: Mapping[str, Table],
        problems: Problems,
    ) -> None:
        self._frame, self._rosters, self._facts = frame, rosters, facts
        self._tables = (tables[WORKS.name], tables[ENTRIES.name])
        self._problems = problems
        self._listed = {
            "pupil": tables["people.csv"].usable,
            "account": tables["people.csv"].usable,
            "group": tables["groups.csv"].usable,
            "lesson": tables["lessons.csv"].usable,
            "academic year": bool(frame.calendars),
            "work": tables[WORKS.name].usable or not tables[WORKS.name].exists,
        }
        self.kinds = array("b")
        self.lines = array("q")
        self.offsets = array("q")
        self.sizes = array("q")
        self.moments = array("q")
        self.books = array("i")
        self.lessons = array("i")
        self.targets: dict[int, int] = {}
        self.book_names: list[str] = []
        self._book_numbers: dict[str, int] = {}
        self._lesson_numbers: dict[str, int] = {}
        self._works: dict[str, dict[str, int]] = defaultdict(dict)
        self._ids: dict[str, int] = {}
        self._wanted: dict[int, Row] = {}
        self._ids_of: Mapping[str, Collection[str]] = {
            "pupil": rosters.pupils,
            "account": rosters.accounts,
            "group": frame.groups,
            "lesson": rosters.lesson_places,
            "academic year": {one.year for one in frame.calendars},
            "work": self._works,
        }
        self._years = {one.year: one for one in frame.calendars}
        self.precision: Counter[str] = Counter()
        for table in self._tables:
            for row in table.rows():
                self._take(row)
        if facts is not None or self._wanted:
            self._resolve()

    def __len__(self) -> int:
        return len(self.kinds)

    # -- reading again -----------------------------------------------------------------------------

    def reader(self) -> Reader:
        """Open the files for reading rows again."""
        return Reader(self, self._tables)

    # -- the first pass ----------------------------------------------------------------------------

    def _take(self, row: Row) -> None:
        problems = self._problems
        before = problems.count
        works = row.sheet is WORKS
        if works:
            for column in WORKS.required:
                if column not in row.cells:
                    problems.add(row.at(column), "an empty cell", "a value")
        elif not fits(row, "entry", ENTRY_ROWS, problems):
            return
        given = read_cells(row, problems)
        self._check_references(row, given, works)
        number = len(self.kinds)
        kind = "work" if works else row.cells["kind"]
        if "id" in row.cells and not works:
            if row.cells["id"] in self._ids:
                problems.add(row.at("id"), f"row {row.cells['id']!r} is given twice")
            self._ids[row.cells["id"]] = number
        journal = self._journal(row, works) if problems.count == before else None
        evidence, calendar = self.evidence(row, journal, problems)
        self.precision[precision(row.cells.get("recorded", ""))] += 1
        content: Content | None = None
        if problems.count == before and kind not in _BY_TARGET:
            content = self._content(row, given, evidence, journal)
        if works and problems.count == before:
            self._declare(row, journal, number)
        book, moment = _NONE, evidence.lo
        if content is not None and self._facts is not None and problems.count == before:
            book = self._book(row, content)
            if moment is None and book != _NONE:
                moment = self._happened(row, content, calendar)
        self.kinds.append(_PLACES[kind])
        self.lines.append(row.line)
        self.offsets.append(row.offset)
        self.sizes.append(row.size)
        self.moments.append(moment or 0)
        self.books.append(book)
        lesson = row.cells.get("lesson")
        self.lessons.append(
            _NONE
            if lesson is None
            else self._lesson_numbers.setdefault(lesson, len(self._lesson_numbers))
        )
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
        if id not in ids and self._listed[noun]:
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
        declared = self._works.get(work, {})
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
        elif journal is not None and journal not in declared:
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
        if place in self._works[id]:
            self._problems.add(row.at("id"), f"work {id!r} is given twice in one journal")
        self._works[id][place] = number

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
            return _NONE
        try:
            name = book_of(content, facts)
        except Unknown as error:
            column = {"group": "group", "academic year": "day"}.get(error.noun, "")
            known = column if column in row.cells else ""
            self._problems.take(replace(error.problems[0], where=row.at(known)))
            return _NONE
        if name not in self._book_numbers:
            self._book_numbers[name] = len(self.book_names)
            self.book_names.append(name)
        return self._book_numbers[name]

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

    # -- changes -----------------------------------------------------------------------------------

    def _resolve(self) -> None:
        """Find what each change changes, and judge the form of the change by it."""
        # Approvals last: the book of a change is known only when the change has been looked at.
        wanted = sorted(self._wanted.items(), key=lambda one: one[1].cells["kind"] == "approval")
        for number, row in wanted:
            before = self._problems.count
            target = self._target(row, "target" if "target" in row.cells else "retake")
            if target is None:
                continue
            self.targets[number] = target
            if "retake" in row.cells:
                self._check_retake(row, number, target)
                continue
            kind = KINDS[self.kinds[target]]
            approves = row.cells["kind"] == "approval"
            if target == number or (kind in CHANGES) is not approves:
                self._problems.add(
                    row.at("target"),
                    "an approval of what is no change" if approves else "a change of a change",
                    "a correction or an annulment" if approves else "a row that is no change",
                    row.cells["target"],
                )
                continue
            self.books[number] = self.books[target]
            if self._facts is None or self.books[target] == _NONE:
                continue
            given = read_cells(row, Problems())
            journal = self.book_names[self.books[target]].removeprefix("journal/")
            if row.cells["kind"] in _BY_TARGET and journal.count("/") != 2:
                self._problems.add(
                    row.at("target"), f"a {kind} cannot be changed", "an entry of a journal"
                )
                continue
            try:
                content_of(row, given, Evidence(), journal=journal, target=(kind, 1))
            except BadInput as error:
                self._problems.take(
                    *(replace(one, where=row.at(one.where)) for one in error.problems)
                )
            if self._problems.count == before and row.cells["kind"] == "correction":
                self._check_change(row, kind)

    def _check_retake(self, row: Row, number: int, target: int) -> None:
        """What is tried again stands in the same journal; what it is, the judging tells."""
        if target == number or self.books[target] != self.books[number]:
            self._problems.add(
                row.at("retake"),
                "another attempt at what is not of its journal",
                "an earlier mark of the pupil in the same journal",
                row.cells["retake"],
            )

    def _check_change(self, row: Row, kind: str) -> None:
        usable = {*VALUES.get(kind, ()), *TEXTS.get(kind, ())}
        hand = {"kind", "target", "cleared", "reason", "id", "by", "role", "recorded", "source"}
        for column in cells.items(row.cells.get("cleared", "kind")):
            if column not in usable - {"absent"} and "cleared" in row.cells:
                self._problems.add(
                    row.at("cleared"), f"a {kind} has no {column} to take away",
                    f"one of {', '.join(sorted(usable - {'absent'}))}",
                )  # fmt: skip
        for column in row.cells:
            if column not in usable and column not in hand:
                self._problems.add(
                    row.at(column), f"a {kind} has no {column} to correct",
                    f"one of {', '.join(sorted(usable))}",
                )  # fmt: skip

    def _target(self, row: Row, column: str) -> int | None:
        name = row.cells[column]
        if name in self._ids:
            return self._ids[name]
        if name.startswith(WORK_TARGET):
            journal, _, id = name.removeprefix(WORK_TARGET).rpartition("/")
            places = self._works.get(id, {})
            if journal in places:
                return places[journal]
            if len(places) == 1 and not journal:
                return next(iter(places.values()))
            if len(places) > 1 and not journal:
                self._problems.add(
                    row.at(column),
                    "a work of this id stands in several journals",
                    "work:group/subject/year/id",
                    name,
                )
                return None
        known = [*self._ids, *(WORK_TARGET + id for id in self._works)]
        self._problems.unknown(row.at(column), "row", name, known)
        return None


class Reader:
    """Reads rows of a faultless set again, one by one, in any order."""

    def __init__(self, records: Records, tables: tuple[Table, Table]) -> None:
        self._records = records
        self._tables = tables
        self._stack = ExitStack()
        self._streams: list[BinaryIO | None] = [
            self._stack.enter_context(table.path.open("rb")) if table.exists else None
            for table in tables
        ]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def row(self, number: int) -> Row:
        """The row with that number, works first."""
        records = self._records
        place = 0 if KINDS[records.kinds[number]] == "work" else 1
        stream = self._streams[place]
        if stream is None:
            raise BadInput("a file that is gone", where=self._tables[place].sheet.name)
        return self._tables[place].again(
            stream, records.lines[number], records.offsets[number], records.sizes[number]
        )

    def draft(self, number: int, target: int | None = None) -> tuple[Draft, Row]:
        """The draft of the row with that number.

        Args:
            number: Number of the row.
            target: Number of the entry that it changes, in its book.
        """
        records = self._records
        row = self.row(number)
        book = records.book_names[records.books[number]]
        journal = book.removeprefix("journal/") if book.startswith("journal/") else None
        evidence, _ = records.evidence(row, journal, Problems())
        changed = None
        if number in records.targets:
            changed = (KINDS[records.kinds[records.targets[number]]], target or 0)
        by_lesson = "lesson" in row.cells
        draft = draft_of(
            row,
            read_cells(row, Problems()),
            evidence,
            journal=row.cells.get("journal") if by_lesson else journal,
            target=changed,
        )
        return draft, row


def precision(cell: str) -> str:
    """Name how finely a recording is known."""
    if not cell:
        return "unknown"
    if "/" in cell:
        return "interval"
    return "day" if len(cell) == 10 else "instant"
