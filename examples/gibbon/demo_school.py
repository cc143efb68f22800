"""The demo school of Gibbon as school data: its tables in, the five getters out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta

from gibbon_tables import Tables

from edujournal.adapters.schools.plain import PlainSchool
from edujournal.model.calendar import (
    Bell,
    BellRule,
    BellSchedule,
    Calendar,
    Cycle,
    Group,
    Holidays,
    HolidaySet,
    Period,
    PeriodSystem,
    Subject,
    Week,
)
from edujournal.model.occasions import Lesson
from edujournal.model.people import Account, Assignment, Membership, RoleSpan

SCHOOL = "gibbon-demo"

#: The data state no zone. Gibbon comes from a school in Hong Kong.
ZONE = "Asia/Hong_Kong"

#: The administration has no login in the data; this one keeps the school book.
HEAD = "head"

#: So many weekdays in a row without a day of the cycle are holidays, fewer are lessons called off.
BREAK = 5


def school_of(tables: Tables) -> PlainSchool:
    """The school, with every lesson of the timetable unrolled to its dates."""
    calendar = _calendar(tables)
    return PlainSchool(
        SCHOOL,
        [calendar],
        _lessons(calendar, tables),
        _memberships(tables),
        _assignments(tables),
        _accounts(tables),
    )


def _calendar(tables: Tables) -> Calendar:
    since, until = min(tables.dates), max(tables.dates) + timedelta(days=1)
    holidays, cancelled = _free(since, until, tables.dates)
    begins = [since, *(one.until for one in holidays)]
    ends = [*(one.since for one in holidays), until]
    return Calendar(
        school=SCHOOL,
        year=tables.rows("gibbonTT")[0]["gibbonSchoolYearID"],
        zone=ZONE,
        since=since,
        until=until,
        groups=_groups(tables),
        subjects=[
            Subject(id, tables.courses[id]["name"] if id in tables.courses else "")
            for id in sorted(set(tables.subjects.values()))
        ],
        # No terms are stated: they are what lies between the holidays.
        period_systems=[
            PeriodSystem(
                "terms",
                [
                    Period(f"term-{n}", "trimester", n, first, end)
                    for n, (first, end) in enumerate(zip(begins, ends, strict=True), 1)
                ],
            )
        ],
        holiday_sets=[HolidaySet("breaks", holidays)],
        weeks=[Week("five", range(1, 6))],
        staff_week="five",
        schedules=_schedules(tables),
        bell_rules=[
            BellRule(row["gibbonTTColumnID"], cycle_days={row["nameShort"]})
            for row in tables.rows("gibbonTTDay")
        ],
        cancelled=cancelled,
        cycle=Cycle(tuple(tables.cycle.values()), dates=tables.dates),
    )


def _free(
    since: date, until: date, dates: Mapping[date, str]
) -> tuple[list[Holidays], frozenset[date]]:
    """Holidays, and other weekdays without lessons: both are weekdays that the cycle leaves out."""
    runs: list[list[date]] = [[]]
    for n in range((until - since).days):
        day = since + timedelta(days=n)
        if day in dates:
            runs.append([])
        elif day.isoweekday() <= 5:
            runs[-1].append(day)
    long = [run for run in runs if len(run) > BREAK]
    holidays = [
        Holidays(f"break-{n}", run[0], run[-1] + timedelta(days=1)) for n, run in enumerate(long, 1)
    ]
    return holidays, frozenset(day for run in runs if run not in long for day in run)


def _schedules(tables: Tables) -> Iterator[BellSchedule]:
    for column in tables.rows("gibbonTTColumn"):
        yield BellSchedule(
            column["gibbonTTColumnID"],
            [
                Bell(
                    tables.slots[row["gibbonTTColumnRowID"]],
                    time.fromisoformat(row["timeStart"]),
                    time.fromisoformat(row["timeEnd"]),
                )
                for row in tables.bells
                if row["gibbonTTColumnID"] == column["gibbonTTColumnID"]
            ],
        )


def _groups(tables: Tables) -> Iterator[Group]:
    """Forms are classes. A course class is part of a form, or a stream of several.

    One without pupils could belong to any form; it is taken for a class of its own.
    """
    grades = {id: int(row["nameShort"].partition(".")[0]) for id, row in tables.forms.items()}
    for id, row in tables.forms.items():
        yield _group(id, (), {grades[id]}, row["name"])
    for id in tables.subjects:
        parents = tables.forms_of[id]
        yield _group(id, parents, {grades[form] for form in parents}, tables.title(id))


def _group(id: str, parents: tuple[str, ...], grades: set[int], title: str) -> Group:
    return Group(
        id,
        ("class", "subgroup", "stream")[min(len(parents), 2)],
        parents=parents,
        grade=min(grades) if len(grades) == 1 else None,
        periods="terms",
        holidays="breaks",
        week="five",
        title=title,
    )


def _memberships(tables: Tables) -> Iterator[Membership]:
    for row in tables.rows("gibbonStudentEnrolment"):
        yield Membership(row["gibbonPersonID"], row["gibbonFormGroupID"])
    for id, pupils in tables.pupils.items():
        for pupil in pupils:
            yield Membership(pupil, id)


def _assignments(tables: Tables) -> Iterator[Assignment]:
    for id, row in tables.forms.items():
        yield Assignment(row["gibbonPersonIDTutor"], id, role="homeroom")
    for id, accounts in tables.teachers.items():
        for account in accounts:
            yield Assignment(account, id, tables.subjects[id])


def _accounts(tables: Tables) -> Iterator[Account]:
    yield Account(HEAD, roles=(RoleSpan("head"),))
    ids = {account for accounts in tables.teachers.values() for account in accounts}
    ids |= {row["gibbonPersonIDTutor"] for row in tables.forms.values()}
    for id in sorted(ids):
        yield Account(id, person=id, roles=(RoleSpan("teacher"),))


def _lessons(calendar: Calendar, tables: Tables) -> Iterator[Lesson]:
    for cell in tables.cells:
        group = cell["gibbonCourseClassID"]
        hands = tables.teachers[group]
        for dated in calendar.unroll(
            group,
            tables.slots[cell["gibbonTTColumnRowID"]],
            cycle_day=tables.cycle[cell["gibbonTTDayID"]],
        ):
            yield Lesson(
                f"{cell['gibbonTTDayRowClassID']}-{dated.day.isoformat()}",
                group,
                tables.subjects[group],
                dated.day,
                dated.slot,
                dated.starts,
                dated.ends,
                # With several teachers the plan does not say whose lesson it is.
                teacher=hands[0] if len(hands) == 1 else None,
                year=calendar.year,
            )
