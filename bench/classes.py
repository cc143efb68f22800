"""Many classes, twelve subjects each: what a summary sheet that is kept costs for each entry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from functools import cache
from typing import Final

from attrs import evolve, frozen

import edujournal as ej
from bench.school import PUPILS, REGULATION, SCHOOL, Hands, calendar, salt
from edujournal.adapters.schools.plain import PlainSchool
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.ledger.records import Record
from edujournal.model.calendar import Calendar
from edujournal.model.groups import Group, Subject
from edujournal.model.people import Account, Assignment, Membership, RoleSpan
from edujournal.model.time import zone
from edujournal.ports import Store

SUBJECTS: Final = tuple(f"s{number}" for number in range(1, 13))

#: The first class; it is in every school that is made here.
CLASS: Final = "1"


@cache
def frame(classes: int) -> Calendar:
    """The frame of the year, with so many classes."""
    groups = (
        Group(name, "class", grade=7, periods="quarters", holidays="all", week="five")
        for name in _names(classes)
    )
    subjects = (Subject(one, one) for one in SUBJECTS)
    return evolve(calendar(), groups=tuple(groups), subjects=tuple(subjects))


def _names(classes: int) -> list[str]:
    return [str(number) for number in range(1, classes + 1)]


def pupil(group: str, place: int) -> str:
    """Id of a pupil of a class."""
    return f"p-{group}-{place}"


@frozen(eq=False)
class Classes:
    """A school at the end of a quarter, where half of the results are on record.

    Attributes:
        school: The school's data.
        records: What was recorded, book by book.
        at: The moment.
    """

    school: PlainSchool
    records: dict[str, tuple[Record, ...]]
    at: int

    def journals(self, store: Store | None = None) -> ej.Journals:
        """Journals over a store that has what was recorded; over memory by default."""
        kept = MemoryStore() if store is None else store
        for book, records in self.records.items():
            kept.append(SCHOOL, book, records, 0)
        return ej.Journals(kept, self.school, REGULATION, clock=Hands(self.at), entropy=salt)


def results(group: str, value: int, places: range) -> Iterator[tuple[str, list[ej.PeriodResult]]]:
    """Results of the first quarter in each subject of a class, of the pupils at *places*."""
    for subject in SUBJECTS:
        journal = f"{group}/{subject}/2026"
        yield (
            subject,
            [
                ej.PeriodResult(
                    journal=journal, period="q1", pupil=pupil(group, place), value=value
                )
                for place in places
            ],
        )


@cache
def classes(number: int) -> Classes:
    """The school with so many classes."""
    school = PlainSchool(
        SCHOOL,
        calendars=(frame(number),),
        memberships=[
            Membership(pupil(name, place), name)
            for name in _names(number)
            for place in range(len(PUPILS))
        ],
        assignments=[
            Assignment("t-1", name, subject) for name in _names(number) for subject in SUBJECTS
        ],
        accounts=(Account("t-1", roles=(RoleSpan("teacher"),)),),
    )
    at = zone(calendar().zone).at(date(2026, 10, 22), time(12))
    made = Classes(school, {}, at)
    journals = made.journals(store := MemoryStore())
    for name in _names(number):
        for _, drafts in results(name, 4, range(0, len(PUPILS), 2)):
            journals.record_many(drafts, by="t-1")
    books = [book for book, _ in store.books(SCHOOL)]
    return evolve(made, records={one: tuple(store.read(SCHOOL, one)) for one in books})
