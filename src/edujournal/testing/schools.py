"""The conformance kit of school data: schools of every shape, and the questions that are asked of them.

An adapter of your own is put to it in a few lines::

    class TestOurSchool(edujournal.testing.SchoolTests):
        @pytest.fixture
        def make_school(self, engine):
            def make(school):
                fill_our_tables(engine, school)
                return OurSchool(engine, school.id)

            return make
"""

# ruff: noqa: S101, SIM300 - a promise is an assertion, expected == actual

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, time, timedelta
from typing import Any, Final, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edujournal.adapters.schools.plain import PlainSchool
from edujournal.gathering import gather_all
from edujournal.model.calendar import Calendar
from edujournal.model.groups import Group
from edujournal.model.occasions import Lesson
from edujournal.model.people import Account, Membership
from edujournal.model.periods import HolidaySet, PeriodSystem, Week
from edujournal.model.time import zone
from edujournal.ports import Directory, SchoolData, Sessions
from edujournal.testing.odd_schools import plain_schools
from edujournal.testing.promises import Promises

_DAY: Final = timedelta(days=1)
_Row = TypeVar("_Row")


def _sorted(rows: Iterable[_Row]) -> list[_Row]:
    """Rows in one order; a row that came twice stays twice."""
    return sorted(rows, key=repr)


#: Makes school data of the kind under test out of a plain school.
MakeSchool = Callable[[PlainSchool], SchoolData]

_PUT: Final = settings(
    max_examples=25,
    suppress_health_check=[
        HealthCheck.differing_executors,  # one promise, put to several adapters
        HealthCheck.function_scoped_fixture,  # each example puts its own school there
        HealthCheck.too_slow,
    ],
    deadline=None,
)


class SchoolTests(Promises, kit=True):
    """Inherit this, give ``make_school``, and the adapter answers as the plain school does.

    A getter of your own may give more rows than were asked for; these tests ask for exactly the same
    rows, as the adapters of the package give them.

    *Version added: 0.1.*

    Attributes:
        lacks: Capability (``Directory``, ``Sessions``) → the reason why the adapter does not have it.
    """

    @pytest.fixture
    def make_school(self) -> MakeSchool:
        """Give a function that puts a plain school where the adapter reads, and opens it."""
        pytest.fail(f"{type(self).__name__} has no fixture 'make_school'")

    @_PUT
    @given(plain=plain_schools())
    def test_everything_is_there(self, make_school: MakeSchool, plain: PlainSchool) -> None:
        """Asked for all, each getter gives the very rows, once each, and so does a gathering."""
        school = make_school(plain)

        assert plain.id == school.id
        assert list(plain.calendars()) == list(school.calendars())
        assert _sorted(plain.lessons()) == _sorted(school.lessons())
        assert _sorted(plain.memberships()) == _sorted(school.memberships())
        assert _sorted(plain.assignments()) == _sorted(school.assignments())
        assert _sorted(plain.accounts()) == _sorted(school.accounts())
        assert plain.lacks == gather_all(school).lacks

    @_PUT
    @given(plain=plain_schools(), data=st.data())
    def test_lessons_by_ids_groups_and_days(
        self, make_school: MakeSchool, plain: PlainSchool, data: st.DataObject
    ) -> None:
        """Lessons are found by ids, else by groups and days; a moved one on each of its days."""
        school = make_school(plain)
        wanted = data.draw(st.lists(_one_of([one.id for one in plain.lessons()]), max_size=3))
        groups = [group.id for year in plain.calendars() for group in year.groups]
        asked: dict[str, Any] = {
            "groups": data.draw(st.none() | st.lists(_one_of(groups), max_size=3)),
            "since": data.draw(st.none() | _around(plain)),
            "until": data.draw(st.none() | _around(plain)),
        }

        assert _sorted(plain.lessons(ids=wanted)) == _sorted(school.lessons(ids=iter(wanted)))
        assert _sorted(plain.lessons(**asked)) == _sorted(school.lessons(**asked))

    @_PUT
    @given(plain=plain_schools(), data=st.data())
    def test_people_by_groups_and_ids(
        self, make_school: MakeSchool, plain: PlainSchool, data: st.DataObject
    ) -> None:
        """Memberships, assignments and accounts are found by either of what they join."""
        school = make_school(plain)
        groups = [group.id for year in plain.calendars() for group in year.groups]
        people = [row.pupil for row in plain.memberships()] + [one.id for one in plain.accounts()]
        some_groups = data.draw(st.none() | st.lists(_one_of(groups), max_size=2))
        some = data.draw(st.none() | st.lists(_one_of(people), max_size=2))

        assert _sorted(plain.memberships(groups=some_groups, pupils=some)) == _sorted(
            school.memberships(groups=some_groups, pupils=some)
        )
        assert _sorted(plain.assignments(groups=some_groups, accounts=some)) == _sorted(
            school.assignments(groups=some_groups, accounts=some)
        )
        assert _sorted(plain.accounts(ids=some)) == _sorted(school.accounts(ids=some))

    @_PUT
    @given(plain=plain_schools(), data=st.data())
    def test_years_by_days(
        self, make_school: MakeSchool, plain: PlainSchool, data: st.DataObject
    ) -> None:
        """The frames of the years that meet the days are given, in the order of time."""
        school = make_school(plain)
        span = data.draw(st.none() | _around(plain)), data.draw(st.none() | _around(plain))

        assert list(plain.calendars(*span)) == list(school.calendars(*span))

    @_PUT
    @given(plain=plain_schools(), data=st.data())
    def test_names(self, make_school: MakeSchool, plain: PlainSchool, data: st.DataObject) -> None:
        """Where the adapter knows names, it knows the same; an id without one gives itself."""
        school = self.capable(make_school(plain), Directory)
        known = [*plain.names, ("group", plain.calendars()[0].groups[0].id), ("pupil", "nobody")]
        kind, id = data.draw(st.sampled_from(known))
        on = data.draw(st.none() | _around(plain))

        assert plain.name(kind, id, on) == school.name(kind, id, on)

    @_PUT
    @given(plain=plain_schools(), data=st.data())
    def test_sessions(
        self, make_school: MakeSchool, plain: PlainSchool, data: st.DataObject
    ) -> None:
        """Where the adapter knows sessions, it knows the same, by accounts and days."""
        school = self.capable(make_school(plain), Sessions)
        asked: dict[str, Any] = {
            "accounts": data.draw(
                st.none() | st.lists(_one_of([one.id for one in plain.accounts()]), max_size=2)
            ),
            "since": data.draw(st.none() | _around(plain)),
            "until": data.draw(st.none() | _around(plain)),
        }

        assert _sorted(plain.sessions()) == _sorted(gather_all(school).sessions)
        assert _sorted(plain.sessions(**asked)) == _sorted(school.sessions(**asked))

    def test_thousands_of_ids_at_once(self, make_school: MakeSchool) -> None:
        """A gathering for a whole school's marks names some thousand ids; all are answered."""
        clocks = zone("Europe/Moscow")
        week = Week("w", range(1, 8))
        calendar = Calendar(
            school="s", year="2026", zone="Europe/Moscow",
            since=date(2026, 9, 1), until=date(2027, 6, 1), staff_week="w",
            groups=[Group("7A", "class", periods="p", holidays="h", week="w")],
            period_systems=[PeriodSystem("p")], holiday_sets=[HolidaySet("h")], weeks=[week],
        )  # fmt: skip
        day = date(2026, 9, 1)
        starts, ends = clocks.at(day, time(8)), clocks.at(day, time(9))
        plain = PlainSchool(
            "s",
            [calendar],
            [Lesson(f"l-{n}", "7A", "alg", day, 1, starts, ends) for n in range(5_000)],
            [Membership(f"p-{n}", "7A") for n in range(5_000)],
            (),
            [Account(f"a-{n}") for n in range(5_000)],
        )
        school = make_school(plain)

        assert 5_000 == len(list(school.lessons(ids=[f"l-{n}" for n in range(9_000)])))
        assert 5_000 == len(list(school.memberships(pupils=[f"p-{n}" for n in range(9_000)])))
        assert 5_000 == len(list(school.accounts(ids=[f"a-{n}" for n in range(9_000)])))


def _one_of(known: list[str]) -> st.SearchStrategy[str]:
    return st.sampled_from([*known, "nobody"])


def _around(plain: PlainSchool) -> st.SearchStrategy[date]:
    first, last = plain.calendars()[0].since, plain.calendars()[-1].until
    return st.dates(first - 3 * _DAY, last + 3 * _DAY)
