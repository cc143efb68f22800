"""A class of any size, its journals full of marks, and the press that prints them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from attrs import evolve, frozen

import edujournal as ej
from edujournal.ledger.books import BookState
from edujournal.model.calendar import Calendar
from edujournal.model.draft_forms import Draft
from edujournal.model.entries import Entry
from edujournal.model.facts import Facts
from edujournal.model.groups import Group, Subject
from edujournal.model.ids import JournalId
from edujournal.model.occasions import Lesson
from edujournal.model.people import Account, Actor, Assignment, Membership, RoleSpan
from edujournal.model.periods import Holidays, HolidaySet, Period, PeriodSystem, Week
from edujournal.model.time import zone
from edujournal.papers.journal_page import journal_page
from edujournal.papers.paper import Paper, Stamp
from edujournal.papers.press import Press
from edujournal.papers.summary import summary_sheet
from edujournal.planning import book_of
from edujournal.rules.loading import load
from edujournal.rules.provisional import provisional
from edujournal.views.page import page
from edujournal.views.sheet import sheet, sheet_books

ZONE = "Asia/Yekaterinburg"
SINCE, END = date(2026, 9, 1), date(2026, 11, 2)
SUBJECTS = {
    "alg": "Алгебра",
    "art": "Изобразительное искусство",
    "bio": "Биология",
    "eng": "Иностранный язык (английский)",
    "geo": "География",
    "his": "Всеобщая история",
    "lit": "Родная (русская) литература",
    "pe": "Физическая культура",
    "phy": "Физика",
    "rus": "Русский язык",
    "soc": "Обществознание",
    "tech": "Труд (технология)",
}
SURNAMES = [
    "Ёлкина",
    "Абдурахманов-Константинопольский",
    "Быкова",
    "Щукин",
    "Юдина",
    "Жуков",
    "Цой",
]
GIVEN = ["Ева", "Мухаммад-Али", "Александра", "Пётр", "Злата", "Фёдор", "Ян"]
FATHERS = [
    "Анатольевна",
    "Абдурахманович",
    "Константиновна",
    "Ильич",
    "Юрьевна",
    "Вячеславович",
    "Ким",
]


@frozen
class Names:
    """Names of pupils, teachers and groups; a hostile one in place of the first where asked for."""

    first: str = ""

    def name(self, kind: str, id: str, on: date | None = None) -> str:
        """The name, or the id."""
        if kind == "pupil":
            n = int(id.removeprefix("p-"))
            if n == 1 and self.first:
                return self.first
            return f"{SURNAMES[n % 7]} {GIVEN[n // 7 % 7]} {FATHERS[n * 3 % 7]}"
        return {"t-1": "Иванова Мария Петровна", "head": "Акимова Татьяна Павловна"}.get(id, id)


class Kept:
    """A class with its books, written without being judged."""

    def __init__(self, pupils: int, first: str = "") -> None:
        self.names = Names(first)
        self.pupils = [f"p-{n}" for n in range(1, pupils + 1)]
        self.facts = _facts(self.pupils)
        self.states: dict[str, BookState] = {}
        self.now = zone(ZONE).at(SINCE, _noon())
        for draft in _drafts(self.pupils, self.facts):
            self.write(draft)

    def write(self, draft: Draft, by: str = "t-1") -> Entry:
        """Write *draft* as the next entry of its book."""
        self.now += 60_000_000
        content = draft.content()
        name = book_of(content, self.facts)
        state = self.states.setdefault(name, BookState(name))
        entry = provisional(content, draft.evidence, state, Actor(by, "teacher"), self.now)
        entry = evolve(entry, hash=f"{entry.number:064x}")
        state.apply(entry)
        return entry

    def state(self, book: str) -> BookState:
        """What a book says."""
        return self.states.get(book, BookState(book))

    def press(self, language: str) -> Press:
        """The press of the class."""
        regulation = load("ru-school26-2023")
        return Press(language, self.facts, self.names, (regulation,), "МБОУ «Школа № 26»")

    def page(self, language: str = "ru", **more: Any) -> Paper:
        """The page of algebra in the first quarter."""
        journal = JournalId.parse("7A/alg/2026")
        state = self.state(journal.book)
        shown = page(journal, state, self.facts, SINCE, END)
        return journal_page(self.press(language), shown, state, **more)

    def sheet(self, language: str = "ru", **more: Any) -> Paper:
        """The summary sheet."""
        calendar = self.facts.calendar("2026")
        states = {book: self.state(book) for book in sheet_books("7A", self.facts, calendar)}
        shown = sheet("7A", states, self.facts, calendar)
        return summary_sheet(self.press(language), shown, states, **more)


def stamp_of(paper: Paper) -> Stamp:
    """A stamp as a log of seals gives it."""
    return Stamp(
        digest=paper.digest, origin="school26.example/s/2026", size=1234, root="0f" * 32,
        checker="a5" * 32,
    )  # fmt: skip


def _noon() -> Any:
    from datetime import time

    return time(12)


def _facts(pupils: list[str]) -> Facts:
    common = {"periods": "q", "holidays": "h", "week": "w"}
    calendar = Calendar(
        school="s",
        year="2026",
        zone=ZONE,
        since=SINCE,
        until=date(2027, 6, 1),
        groups=(Group("7A", "class", grade=7, title="7А", **common),),
        subjects=tuple(Subject(id, title) for id, title in SUBJECTS.items()),
        period_systems=(
            PeriodSystem(
                "q",
                (
                    Period("q1", "quarter", 1, SINCE, date(2026, 10, 26)),
                    Period("q2", "quarter", 2, date(2026, 11, 3), date(2026, 12, 30)),
                    Period("q3", "quarter", 3, date(2027, 1, 11), date(2027, 3, 20)),
                    Period("q4", "quarter", 4, date(2027, 4, 1), date(2027, 5, 27)),
                    Period("y", "year", 1, SINCE, date(2027, 5, 27)),
                ),
            ),
        ),
        holiday_sets=(
            HolidaySet("h", (Holidays("autumn", date(2026, 10, 26), date(2026, 11, 3)),)),
        ),
        weeks=(Week("w", frozenset({1, 2, 3, 4, 5, 6})),),
        staff_week="w",
    )
    return Facts(
        school="s",
        calendars=(calendar,),
        lessons=tuple(_lessons()),
        memberships=tuple(
            Membership(one, "7A", until=date(2026, 10, 5) if one == "p-3" else None)
            for one in pupils
        ),
        assignments=(
            *(Assignment("t-1", "7A", subject) for subject in SUBJECTS),
            Assignment("t-1", "7A", None, "homeroom"),
        ),
        accounts=(
            Account("t-1", roles=(RoleSpan("teacher"),)),
            Account("head", roles=(RoleSpan("head"),)),
        ),
    )


def _lessons() -> Iterator[Lesson]:
    """40 lessons of algebra in the quarter, and one of every other subject."""
    days = [SINCE + timedelta(days=n) for n in range(55)]
    for day in [one for one in days if one.weekday() < 6][:40]:
        starts = zone(ZONE).at(day, _noon())
        yield Lesson(f"a{day:%m%d}", "7A", "alg", day, 1, starts, starts + 2_700_000_000)
    for n, subject in enumerate(SUBJECTS):
        starts = zone(ZONE).at(days[n], _noon()) + 3_600_000_000
        if subject != "alg":
            yield Lesson(f"{subject}1", "7A", subject, days[n], 2, starts, starts + 2_700_000_000)


def _drafts(pupils: list[str], facts: Facts) -> Iterator[Draft]:
    lessons = facts.lessons_of(JournalId.parse("7A/alg/2026"))
    for n, lesson in enumerate(lessons):
        gone = [one for i, one in enumerate(pupils) if (i + n) % 9 == 0]
        absent = {
            one: ej.Absence("ОП", late=10) if i % 2 else ej.Absence("Н")
            for i, one in enumerate(gone)
        }
        yield ej.RollCall(lesson=lesson.id, absent=absent)
        yield ej.Topic(lesson=lesson.id, topic=f"Формулы сокращённого умножения, урок {n + 1}")
        yield ej.Homework(lesson=lesson.id, task=f"§ {n + 1}, № {n}–{n + 9}", nature="письменно")
        for i, one in enumerate(pupils):
            if (i * 3 + n) % 5 == 0:
                yield ej.Mark(lesson=lesson.id, pupil=one, kind="oral", value=2 + (i + n) % 4)
    for subject in SUBJECTS:
        for period in ("q1", "q2", "q3", "q4", "y"):
            for i, one in enumerate(pupils):
                value: dict[str, Any] = {"value": 2 + (i + len(subject)) % 4}
                if i == 4 and subject == "pe":
                    value = {"marker": "осв"}
                yield ej.PeriodResult(
                    journal=f"7A/{subject}/2026", period=period, pupil=one,
                    stage="year" if period == "y" else "period", **value,
                )  # fmt: skip


@pytest.fixture(scope="session")
def kept() -> Any:
    """Gives classes by the number of their pupils, each made once."""
    made: dict[tuple[int, str], Kept] = {}

    def give(pupils: int, first: str = "") -> Kept:
        return made.setdefault((pupils, first), Kept(pupils, first))

    return give
