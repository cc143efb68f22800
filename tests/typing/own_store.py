"""What a type checker says to an integrator who writes a store or a school of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import assert_type

from edujournal.ledger.records import Head, Record
from edujournal.model.calendar import Calendar
from edujournal.model.occasions import Lesson
from edujournal.model.people import Account, Assignment, Membership
from edujournal.ports import Directory, SchoolData, Store


class FourMethods:
    """A store without a base class: the four methods make it one."""

    def books(self, school: str) -> list[tuple[str, Head]]:
        return []

    def head(self, school: str, book: str) -> Head:
        return Head()

    def read(self, school: str, book: str, after: int = 0) -> Iterator[Record]:
        return iter(())

    def append(self, school: str, book: str, records: Sequence[Record], expect: int) -> None:
        return


class ThreeMethods:
    """One method short."""

    def books(self, school: str) -> list[tuple[str, Head]]:
        return []

    def head(self, school: str, book: str) -> Head:
        return Head()

    def read(self, school: str, book: str, after: int = 0) -> Iterator[Record]:
        return iter(())


class OurSchool:
    """Five getters and an id make a school."""

    @property
    def id(self) -> str:
        return "school-1"

    def calendars(self, since: date | None = None, until: date | None = None) -> list[Calendar]:
        return []

    def lessons(
        self,
        *,
        ids: Iterable[str] | None = None,
        groups: Iterable[str] | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> list[Lesson]:
        return []

    def memberships(
        self, *, groups: Iterable[str] | None = None, pupils: Iterable[str] | None = None
    ) -> list[Membership]:
        return []

    def assignments(
        self, *, groups: Iterable[str] | None = None, accounts: Iterable[str] | None = None
    ) -> list[Assignment]:
        return []

    def accounts(self, ids: Iterable[str] | None = None) -> list[Account]:
        return []


class OurDirectory:
    """Names come from one method."""

    def name(self, kind: str, id: str, on: date | None = None) -> str:
        return id


def reads(store: Store) -> None:
    assert_type(store.head("school-1", "journal/7A/alg/2026"), Head)
    assert_type(store.read("school-1", "journal/7A/alg/2026", after=3), Iterator[Record])


def asks(school: SchoolData, names: Directory) -> None:
    assert_type(school.calendars(), Iterable[Calendar])
    assert_type(school.lessons(ids=["L-1"]), Iterable[Lesson])
    assert_type(names.name("pupil", "p-17"), str)


def our_own_are_good_enough() -> None:
    reads(FourMethods())
    asks(OurSchool(), OurDirectory())


def three_methods_are_not() -> None:
    reads(ThreeMethods())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def records_are_frozen(head: Head) -> None:
    head.number = 4  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
