"""Pages, diaries and sheets as tables that fit a screen of any width."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TypeVar

from rich import box
from rich.table import Table
from rich.text import Text

from edujournal.cli.printing import Printer
from edujournal.model.facts import Facts
from edujournal.model.time import zone
from edujournal.ports import Directory
from edujournal.rules.clauses import Regulation
from edujournal.rules.worth import Sign, printed
from edujournal.texts.catalogues import Messages
from edujournal.texts.times import Times
from edujournal.texts.words import MONTHS
from edujournal.views.cells import Cell, cell_text
from edujournal.views.columns import Column, Task
from edujournal.views.diary import Diary, DiaryDay, DiaryLesson
from edujournal.views.page import Page, Row
from edujournal.views.sheet import Sheet, SheetRow, proposed_text

_Row = TypeVar("_Row", Row, SheetRow)

#: Widest column of names, in characters.
_NAME = 24


class Pages:
    """Draws views for people.

    Args:
        printer: Where to.
        names: Names of pupils, accounts, groups and subjects.
        facts: What the school's data says.
        place: Name of the school's zone.
        regulations: Regulations that say how markers are printed.
    """

    def __init__(
        self,
        printer: Printer,
        names: Directory,
        facts: Facts,
        place: str,
        regulations: Sequence[Regulation] = (),
    ) -> None:
        self._printer = printer
        self._names = names
        self._facts = facts
        self._zone = zone(place)
        self._regulations = regulations
        self._messages = Messages(printer.language)
        self._times = Times(self._messages, place)

    # -- page --------------------------------------------------------------------------------------

    def page(self, page: Page) -> None:
        """Print a page of a journal: the pupils' cells, then what was taught and set."""
        say, last = self._printer.say, date.fromordinal(page.until.toordinal() - 1)
        self._printer.title(
            say(
                "page",
                subject=self._names.name("subject", page.journal.subject, page.since),
                group=self._names.name("group", page.journal.group, page.since),
            )
        )
        self._printer.text(
            say(
                "page_state",
                since=self._times.day(page.since),
                until=self._times.day(last),
                n=page.number,
                hash=page.hash[:16],
            ),
            "dim",
        )
        rows = self._by_name(page.rows)
        heads = [self._head(column) for column in page.columns]
        cells = [
            [self._shown(row.cells[place], "page") for _, row in rows]
            for place, _ in enumerate(page.columns)
        ]
        self._grid([name for name, _ in rows], heads, cells)
        self._printer.show(self._lessons(page.columns))

    def _by_name(self, rows: Iterable[_Row]) -> list[tuple[str, _Row]]:
        named = [(self._names.name("pupil", row.pupil), row) for row in rows]
        return sorted(named, key=lambda one: (one[0], one[1].pupil))

    def _head(self, column: Column) -> str:
        if column.period is not None:
            return f"\n{column.period}"
        if column.day is None:
            return "?\n"
        return f"{column.day.day}\n{self._month(column.day)}{'×' if column.cancelled else ''}"

    def _month(self, day: date) -> str:
        return self._messages.say(MONTHS[day.month - 1])[:3]

    def _grid(
        self, names: Sequence[str], heads: Sequence[str], cells: Sequence[Sequence[str]]
    ) -> None:
        """Print columns beside names, in as many tables below each other as the width asks for."""
        name = min(_NAME, max(map(len, names), default=0))
        wide = [
            max(len(word) for word in (*head.split("\n"), *column))
            for head, column in zip(heads, cells, strict=True)
        ]
        for first, last in _spread(wide, self._printer.width - name):
            table = Table(box=box.SIMPLE_HEAD, padding=0, show_edge=False)
            table.add_column(self._printer.say("pupil"), width=name, no_wrap=True)
            for place in range(first, last):
                table.add_column(heads[place], width=wide[place], justify="center", no_wrap=True)
            for row, shown in enumerate(names):
                table.add_row(shown, *(cells[place][row] for place in range(first, last)))
            self._printer.show(table, "")

    def _lessons(self, columns: Iterable[Column]) -> Table:
        say = self._printer.say
        table = Table(box=box.SIMPLE_HEAD, padding=0, show_edge=False)
        table.add_column(say("day"), no_wrap=True)
        table.add_column(say("topic"), ratio=3)
        table.add_column(say("homework"), ratio=3)
        for column in columns:
            if column.kind != "lesson" or column.day is None:
                continue
            topic = "" if column.topic is None else column.topic.topic or "…"
            table.add_row(
                self._times.short_day(column.day),
                _lines(self._remarks(column), topic),
                "; ".join(_task(task) for task in column.tasks),
            )
        return table

    def _remarks(self, column: Column) -> str:
        said = []
        if column.cancelled:
            said.append(self._printer.say("cancelled"))
        if column.moved_from is not None:
            day = self._times.short_day(column.moved_from)
            said.append(self._printer.say("moved", day=day))
        hands = [claim.teacher for claim in column.substitutions if claim.answer is not False]
        if column.lesson is not None:
            hands += sorted(self._facts.substitutes(column.lesson))
        said += [
            self._printer.say("substitute", name=self._names.name("account", hand))
            for hand in dict.fromkeys(hands)
        ]
        return f"[{'; '.join(said)}]" if said else ""

    # -- diary -------------------------------------------------------------------------------------

    def diary(self, diary: Diary) -> None:
        """Print a week of a diary, day by day."""
        last = date.fromordinal(diary.until.toordinal() - 1)
        self._printer.title(
            self._printer.say(
                "diary",
                pupil=self._names.name("pupil", diary.pupil),
                since=self._times.day(diary.since),
                until=self._times.day(last),
            )
        )
        for day in diary.days:
            if not day.is_empty:
                self._printer.show(self._day(day), "")
        self.seen(diary)

    def seen(self, diary: Diary) -> None:
        """Print who has confirmed to have seen a week of a diary."""
        for one in diary.seen:
            who = self._names.name("account", one.on_behalf_of or one.account)
            said = "seen_before" if one.changed else "seen"
            self._printer.text(self._printer.say(said, name=who, at=self._times.instant(one.at)))

    def _day(self, day: DiaryDay) -> Table:
        say = self._printer.say
        table = Table(
            title=Text(self._times.long_day(day.day), "bold"),
            title_justify="left",
            box=box.SIMPLE_HEAD,
            padding=0,
            show_edge=False,
            expand=True,
        )
        table.add_column(say("time"), no_wrap=True, width=6)
        table.add_column(say("subject"), ratio=3)
        table.add_column(say("mark"), no_wrap=True, width=8)
        table.add_column(say("topic"), ratio=4)
        table.add_column(say("task_for"), ratio=4)
        for lesson in day.lessons:
            table.add_row(*self._diary_lesson(lesson))
        for task in day.tasks:
            table.add_row("", "", "", "", _task(task))
        for result in day.results:
            subject = self._names.name("subject", result.journal.subject, day.day)
            table.add_row(result.period, subject, self._shown(result.cell, "diary"), "", "")
        for work in day.works:
            subject = self._names.name("subject", work.journal.subject, day.day)
            table.add_row("", subject, self._shown(work.cell, "diary"), work.name, "")
        for term in day.terms:
            subject = self._names.name("subject", term.journal.subject, day.day)
            sign = Sign(key=("", 0), what="marker", code=term.code)
            told = self._printer.say("to_clear", at=self._times.end(term.ends))
            table.add_row("", subject, printed([sign], None, self._regulations, "diary"), told, "")
        for message in day.messages:
            table.add_row(
                "", self._names.name("group", message.group), "", message.message or "…", ""
            )
        return table

    def _shown(self, cell: Cell, form: str) -> str:
        text = cell_text(cell, self._regulations, form)
        return "–" if cell.member is False and not text else text

    def _diary_lesson(self, lesson: DiaryLesson) -> Iterator[str]:
        yield self._times.clock(lesson.lesson.starts)
        yield self._names.name("subject", lesson.journal.subject, lesson.lesson.day)
        yield self._shown(lesson.cell, "diary")
        topic = "" if lesson.topic is None else lesson.topic.topic or "…"
        remark = ""
        if lesson.lesson.cancelled:
            remark = f"[{self._printer.say('cancelled')}]"
        elif lesson.teacher is not None and lesson.teacher != lesson.lesson.teacher:
            name = self._names.name("account", lesson.teacher)
            remark = f"[{self._printer.say('substitute', name=name)}]"
        comments = [one.comment or "…" for one in lesson.cell.standing().comments]
        yield _lines(remark, topic, *(f"« {one} »" for one in comments))
        yield "; ".join(_task(task) for task in lesson.tasks)

    # -- sheet -------------------------------------------------------------------------------------

    def sheet(self, sheet: Sheet, period: str, title: str) -> None:
        """Print the results of one period: pupils × subjects."""
        say = self._printer.say
        group = self._names.name("group", sheet.group)
        self._printer.title(say("sheet", group=group, period=title))
        rows = self._by_name(sheet.rows)
        places = [
            (place, column)
            for place, column in enumerate(sheet.columns)
            if column.period == period and _has_something(sheet, place)
        ]
        cells = [
            [proposed_text(row.cells[place], self._regulations) for _, row in rows]
            for place, _ in places
        ]
        self._grid([name for name, _ in rows], [column.subject for _, column in places], cells)
        subjects = dict.fromkeys(column.subject for _, column in places)
        legend = ", ".join(f"{one} – {self._names.name('subject', one)}" for one in subjects)
        self._printer.text(say("legend", text=legend), "dim")
        missing = sum(row.cells[place].missing for _, row in rows for place, _ in places)
        if missing:
            self._printer.text(say("sheet_missing", n=missing))


def _has_something(sheet: Sheet, place: int) -> bool:
    cells = [row.cells[place] for row in sheet.rows]
    return any(cell.owed or cell.result is not None for cell in cells)


def _task(task: Task) -> str:
    if task.none_set:
        return "–"
    text = task.task or "…"
    return f"{text} ({task.nature})" if task.nature else text


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _spread(wide: Sequence[int], room: int) -> Iterator[tuple[int, int]]:
    """Stretches of columns that fit into *room*; each has one column at least."""
    first, used = 0, 0
    for place, width in enumerate(wide):
        if place > first and used + width + 1 > room:
            yield first, place
            first, used = place, 0
        used += width + 1
    if first < len(wide):
        yield first, len(wide)
