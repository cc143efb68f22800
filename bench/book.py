"""The book that is audited: one journal, 25 entries a lesson, kept through the ordinary write path."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple

from attrs import frozen

import edujournal as ej
from bench.school import (
    BOOK,
    MINUTE,
    PUPILS,
    REGULATION,
    SCHOOL,
    Hands,
    Tables,
    lessons,
    salt,
    school,
    tables,
)
from edujournal.adapters.schools.plain import PlainSchool
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.ledger.records import Record
from edujournal.model.entries import Entry
from edujournal.model.occasions import Lesson
from edujournal.model.time import zone

#: Entries about each lesson.
ENTRIES_A_LESSON: Final = 25

_HOUR: Final = 60 * MINUTE


class Row(NamedTuple):
    """An entry as a peer reads it."""

    number: int
    kind: str
    lesson: str
    pupil: str | None
    account: str
    at: int
    value: int | None
    mark_kind: str | None
    absent: tuple[str, ...]
    text: str
    manner: bool
    plan: bool
    work: str | None


#: A breach or a doubt: clause, code, number of the entry or 0, occasion, pupil.
Finding = tuple[str, str, int, str, str]


@frozen(eq=False)
class Book:
    """A kept book with its facts, in our form and as plain tables.

    Attributes:
        school: The school's data.
        tables: The same for peers.
        store: Where it is kept.
        records: Its records.
        entries: The same, read.
        rows: The same for peers.
        at: The moment of the audit.
    """

    school: PlainSchool
    tables: Tables
    store: MemoryStore
    records: tuple[Record, ...]
    entries: tuple[Entry, ...]
    rows: tuple[Row, ...]
    at: int


@cache
def book(entries: int) -> Book:
    """The book with so many entries, a multiple of 25."""
    some = lessons(entries // ENTRIES_A_LESSON)
    data = school(some)
    clock, store = Hands(), MemoryStore()
    journals = ej.Journals(store, data, REGULATION, clock=clock, entropy=salt)
    for number, one in enumerate(some):
        late = 24 * _HOUR if number % 50 == 7 else 0
        clock.at = one.ends - 5 * MINUTE + late
        journals.record_many(list(_of_lesson(number, one)), by="t-1")
    kept = tuple(journals.entries(BOOK))
    assert len(kept) == entries
    return Book(
        data,
        tables(some),
        store,
        tuple(store.read(SCHOOL, BOOK)),
        kept,
        tuple(_row(entry) for entry in kept),
        zone("Europe/Moscow").start_of_day(date(2027, 6, 15)),
    )


def _of_lesson(number: int, one: Lesson) -> Iterator[Any]:
    """What the teacher records about one lesson: 25 drafts, a few of them faulty."""
    roll = [pupil for pupil in PUPILS if pupil != "p-25" or one.day >= date(2026, 10, 5)]
    absent = [roll[number % len(roll)], roll[(number + 11) % len(roll)]]
    kind = {0: "control", 5: "written", 15: "written"}.get(number % 20)
    drafts: list[Any] = []
    if number % 50 != 11:
        drafts.append(ej.RollCall(lesson=one.id, absent=dict.fromkeys(absent, "Б")))
    if number % 50 != 12:
        plan = None if number % 30 == 4 else f"row-{number}"
        topic = "..." if number % 70 == 9 else "Уравнения"
        drafts.append(ej.Topic(lesson=one.id, topic=topic, plan=plan))
    nature = None if number % 30 == 3 else "письменно"
    drafts.append(ej.Homework(lesson=one.id, task=f"№ {number}", nature=nature))
    if kind == "control":
        drafts.append(ej.NewWork(id=f"w-{number}", kind=kind, purpose="monitoring", lesson=one.id))
    marked = [pupil for pupil in roll if pupil not in absent]
    if number % 60 == 9:
        marked = [absent[0], *marked]
    for place in range(ENTRIES_A_LESSON - len(drafts)):
        pupil = marked[place % len(marked)]
        how = kind or ("oral", "homework")[place % 2]
        drafts.append(ej.Mark(lesson=one.id, pupil=pupil, kind=how, value=2 + (number + place) % 4))
    return iter(drafts)


def _row(entry: Entry) -> Row:
    values, texts = entry.values, entry.texts
    return Row(
        entry.number,
        entry.kind,
        str(entry.lesson),
        entry.pupil,
        entry.by.account,
        entry.at,
        values.get("value"),
        values.get("kind"),
        tuple(one["pupil"] for one in values.get("absent", ())),
        texts.get("topic") or texts.get("task") or "",
        bool((texts.get("nature") or "").strip()),
        values.get("plan") is not None,
        entry.about.removeprefix("work:") if entry.kind == "work" else None,
    )


def ours(findings: Sequence[ej.Finding]) -> list[Finding]:
    """Findings of edujournal in the form in which peers tell theirs, in one order."""
    return sorted(
        (one.clause, one.code, one.entry or 0, one.about, one.pupil or "") for one in findings
    )
