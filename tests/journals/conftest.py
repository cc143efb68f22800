"""A small school for the tests of the write path, told by five plain getters as a host would."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

import edujournal as ej
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.model.calendar import Calendar
from edujournal.model.groups import Group
from edujournal.model.occasions import Lesson
from edujournal.model.people import Account, Assignment, Membership, RoleSpan
from edujournal.model.periods import Holidays, HolidaySet, Period, PeriodSystem, Week
from edujournal.model.time import zone

ZONE = "Europe/Moscow"


def lesson(id: str, day: date, hour: int, group: str = "7A", **more: Any) -> Lesson:
    """A lesson of 45 minutes."""
    tz = zone(ZONE)
    return Lesson(
        id, group, "alg", day, hour - 8, tz.at(day, time(hour)), tz.at(day, time(hour, 45)), **more
    )


class HostSchool:
    """Five getters over lists, each call counted; nothing more than a host must write."""

    def __init__(self) -> None:
        self.id = "s-1"
        self.calls: Counter[str] = Counter()
        self.rows: dict[str, list[Any]] = {
            "calendars": [
                Calendar(
                    school="s-1",
                    year="2026",
                    zone=ZONE,
                    since=date(2026, 9, 1),
                    until=date(2027, 6, 1),
                    groups=(
                        Group("7A", "class", grade=7, periods="q", holidays="h", week="w"),
                        Group(
                            "7A.1", "subgroup", parents=("7A",), periods="q", holidays="h", week="w"
                        ),
                    ),
                    period_systems=(
                        PeriodSystem(
                            "q",
                            (Period("q1", "quarter", 1, date(2026, 9, 1), date(2026, 10, 26)),),
                        ),
                    ),
                    holiday_sets=(
                        HolidaySet(
                            "h", (Holidays("autumn", date(2026, 10, 26), date(2026, 11, 3)),)
                        ),
                    ),
                    weeks=(Week("w", frozenset({1, 2, 3, 4, 5})),),
                    staff_week="w",
                )
            ],
            "lessons": [
                lesson("l1", date(2026, 9, 15), 9),
                lesson("l2", date(2026, 9, 15), 11, "7A.1"),
                lesson("l3", date(2026, 9, 16), 9),
            ],
            "memberships": [
                *(Membership(f"p-{n}", "7A") for n in range(1, 26)),
                Membership("p-1", "7A.1"),
            ],
            "assignments": [
                Assignment("t-1", "7A", "alg"),
                Assignment("t-2", "7A.1", "alg"),
                Assignment("t-3", "7A", None, "homeroom"),
            ],
            "accounts": [
                *(Account(f"t-{n}", roles=(RoleSpan("teacher"),)) for n in (1, 2, 3)),
                Account("head", roles=(RoleSpan("head"),)),
                Account("importer", roles=(RoleSpan("importer"),)),
            ],
        }

    def _rows(self, name: str, keep: Callable[[Any], bool]) -> Iterator[Any]:
        self.calls[name] += 1
        return (row for row in self.rows[name] if keep(row))

    def calendars(self, since: date | None = None, until: date | None = None) -> Iterator[Calendar]:
        """Every frame: a getter may give more than was asked."""
        return self._rows("calendars", lambda _: True)

    def lessons(
        self,
        *,
        ids: Iterable[str] | None = None,
        groups: Iterable[str] | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> Iterator[Lesson]:
        """Lessons by id, or of groups within dates."""
        wanted = None if ids is None else set(ids)
        of = None if groups is None else set(groups)
        return self._rows(
            "lessons",
            lambda row: (
                row.id in wanted
                if wanted is not None
                else (of is None or row.group in of)
                and (since is None or row.day >= since)
                and (until is None or row.day < until)
            ),
        )

    def memberships(
        self, *, groups: Iterable[str] | None = None, pupils: Iterable[str] | None = None
    ) -> Iterator[Membership]:
        """Memberships of groups, or of pupils."""
        of = None if groups is None else set(groups)
        who = None if pupils is None else set(pupils)
        return self._rows(
            "memberships",
            lambda row: (of is None or row.group in of) and (who is None or row.pupil in who),
        )

    def assignments(
        self, *, groups: Iterable[str] | None = None, accounts: Iterable[str] | None = None
    ) -> Iterator[Assignment]:
        """Assignments to groups, or of accounts."""
        of = None if groups is None else set(groups)
        who = None if accounts is None else set(accounts)
        return self._rows(
            "assignments",
            lambda row: (of is None or row.group in of) and (who is None or row.account in who),
        )

    def accounts(self, ids: Iterable[str] | None = None) -> Iterator[Account]:
        """Accounts by id."""
        who = None if ids is None else set(ids)
        return self._rows("accounts", lambda row: who is None or row.id in who)


class Hands:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.at = datetime(2026, 9, 15, 6, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Give the moment that was set."""
        return self.at


@pytest.fixture
def school() -> HostSchool:
    """The small school."""
    return HostSchool()


@pytest.fixture
def clock() -> Hands:
    """A clock at half past nine, local time, during lesson l1."""
    return Hands()


@pytest.fixture
def journals(school: HostSchool, clock: Hands) -> ej.Journals:
    """The school's journals in memory."""
    return ej.Journals(
        MemoryStore(), school, "ru-school26-2023", clock=clock, entropy=lambda n: bytes(range(n))
    )
