"""A small school in a few lines: the shorthand of ``*.school.toml``, and what a case changes in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any, Final

from edujournal.adapters.schools import PlainSchool
from edujournal.errors import BadInput, Problem
from edujournal.model.calendar import Calendar
from edujournal.model.groups import Group, Subject
from edujournal.model.occasions import Lesson, Planned
from edujournal.model.people import Account, Assignment, Away, Membership, RoleSpan
from edujournal.model.periods import Holidays, HolidaySet, Period, PeriodSystem, Week
from edujournal.model.sessions import Session
from edujournal.model.time import Zone, zone
from edujournal.testing.tables import Span, Table

#: Fields of a school; a case may give any of them again.
SCHOOL_FIELDS: Final = (
    "accounts", "closed", "days", "frost", "groups", "holidays", "lacks", "lessons", "periods",
    "pupils", "school", "sections", "sessions", "staff_week", "subjects", "weeks", "working", "year", "zone",
)  # fmt: skip

_HOURS: Final = r"(\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)-(\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)"
_LESSON: Final = re.compile(rf"(\S+) (\S+) (\d{{4}}-\d\d-\d\d) {_HOURS}")
_EARLIER: Final = re.compile(rf"(\d{{4}}-\d\d-\d\d) {_HOURS}")
_GROUP: Final = re.compile(
    r"(class|subgroup|stream|plan)(?: of (?P<of>.+?))?(?: grade (?P<grade>\d+))?"
)
_TEACHES: Final = re.compile(r"teaches (\S+) (\S+)(?: (.*))?")
_STANDS_IN: Final = re.compile(r"substitutes (\S+) (\S+)(?: (.*))?")
_TEAM: Final = re.compile(r"team of (\S+) (\S+)(?: (.*))?")
_LEADS: Final = re.compile(r"leads (\S+)(?: (.*))?")
_GUARDIAN: Final = re.compile(r"guardian of (\S+)")
_SESSION: Final = re.compile(
    r"(\S+) (\d{4}-\d\d-\d\d) (\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)-(\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)?"
    r"(?: person (\S+))?(?: at (\S+))?"
)
_ROLE: Final = re.compile(r"([a-z]+)(?: (.*))?")


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """*base* with what *over* says: tables are merged row by row, ``false`` takes a row away."""
    found = dict(base)
    for name, value in over.items():
        before = found.get(name)
        if isinstance(before, list) and isinstance(value, dict):
            before = dict.fromkeys(before, "")
        if value is False:
            found.pop(name, None)
        elif isinstance(value, dict) and isinstance(before, dict):
            found[name] = merged(before, value)
        else:
            found[name] = value
    return found


def school_of(values: Mapping[str, Any], where: str, problems: list[Problem]) -> PlainSchool | None:
    """Make a school of the shorthand; None where there are faults, each noted in *problems*.

    *Version added: 0.1.*

    Args:
        values: The fields, base and changes merged.
        where: Name of the file, for messages.
        problems: Where faults are noted.
    """
    before = len(problems)
    table = Table(values, where, problems)
    try:
        tz = zone(table.text("zone", "Europe/Moscow"))
    except LookupError as error:
        table.note("zone", str(error))
        return None
    school = table.text("school", "s-1")
    calendar = _calendar(table, school)
    lessons = _lessons(table.table("lessons"), tz)
    memberships = _memberships(table.table("pupils"))
    accounts, assignments = _accounts(table.table("accounts"))
    lacks = table.texts("lacks")
    sessions = list(_sessions(table, tz))
    table.done()
    if calendar is None or len(problems) > before:
        return None
    try:
        return PlainSchool(
            school, [calendar], lessons, memberships, assignments, accounts, lacks=lacks,
            sessions=sessions,
        )  # fmt: skip
    except BadInput as error:
        problems.extend(_below(where, error))
        return None


def _below(where: str, error: BadInput) -> Iterator[Problem]:
    for one in error.problems:
        place = f"{where}.{one.where}" if one.where else where
        yield Problem(place, one.what, one.expected, one.found, one.mend)


def _calendar(table: Table, school: str) -> Calendar | None:
    since, until = table.span("days", table.text("days", needed=True))
    weeks = table.table("weeks")
    week_ids = list(weeks.values)
    systems = table.table("periods")
    sets = table.table("holidays")
    holidays = [_holidays(sets.table(id), id) for id in sets.values]
    defaults = (
        next(iter(systems.values), ""),
        next(iter(sets.values), ""),
        next(iter(week_ids), ""),
    )
    try:
        return Calendar(
            school=school,
            year=table.text("year", "2026"),
            zone=table.text("zone", "Europe/Moscow"),
            since=since or date.min,
            until=until or date.max,
            groups=_groups(table.table("groups"), defaults),
            subjects=_subjects(table),
            period_systems=[_periods(systems.table(id), id) for id in systems.values],
            holiday_sets=holidays,
            weeks=[Week(id, frozenset(weeks.take(id, list) or ())) for id in week_ids],
            staff_week=table.text("staff_week", defaults[2]),
            closed=table.days("closed"),
            cancelled=table.days("frost"),
            working=table.days("working"),
            sections=table.texts("sections"),
        )
    except BadInput as error:
        table.problems.extend(_below(table.where, error))
        return None


def _subjects(table: Table) -> list[Subject]:
    found = table.take("subjects", list, dict) or []
    if isinstance(found, list):
        return [Subject(id) for id in table.texts("subjects")]
    rows = table.table("subjects")
    subjects = []
    for id in found:
        row = rows.table(id)
        roll = row.take("attendance", bool)
        hours = row.take("weekly_hours", int, str)
        tags = row.texts("tags")
        subjects.append(Subject(id, tags=tags, attendance=roll is not False, weekly_hours=hours))
        row.done()
    return subjects


def _periods(table: Table, id: str) -> PeriodSystem:
    found: list[Period] = []
    for name in table.values:
        kind, _, days = table.text(name).partition(" ")
        since, until = table.span(name, days)
        index = 1 + sum(one.kind == kind for one in found)
        found.append(Period(name, kind, index, since or date.min, until or date.max))
    return PeriodSystem(id, found)


def _holidays(table: Table, id: str) -> HolidaySet:
    found = []
    for name in table.values:
        since, until = table.span(name, table.text(name))
        found.append(Holidays(name, since or date.min, until or date.max))
    return HolidaySet(id, found)


def _groups(table: Table, defaults: tuple[str, str, str]) -> Iterator[Group]:
    for id in table.values:
        row = _row(table, id)
        phrase = _GROUP.fullmatch(row.text("is", "class"))
        if phrase is None:
            row.note("is", "not a group", "'class grade 7', 'subgroup of 7A', 'stream of 7A 7B' or "
                     "'plan of p-9'", row.values.get("is", ""))  # fmt: skip
            continue
        kind, of = phrase[1], (phrase["of"] or "").split()
        yield Group(
            id,
            kind,
            parents=() if kind == "plan" else of,
            pupil=of[0] if kind == "plan" and of else None,
            grade=None if phrase["grade"] is None else int(phrase["grade"]),
            stage=row.text("level") or None,
            profile=row.text("profile") or None,
            periods=row.text("periods", defaults[0]),
            holidays=row.text("holidays", defaults[1]),
            week=row.text("week", defaults[2]),
        )
        row.done()


def _row(table: Table, name: str) -> Table:
    """A row that is a table, or a phrase that stands for one with the field ``is``."""
    value = table.take(name, str, dict)
    if isinstance(value, str):
        value = {"is": value}
    return Table(value or {}, f"{table.where}.{name}", table.problems)


def _lessons(table: Table, tz: Zone) -> list[Lesson]:
    found: list[Lesson] = []
    for id in table.values:
        row = _row(table, id)
        text = row.text("is", needed=True)
        phrase = _LESSON.fullmatch(text)
        if phrase is None:
            row.note("is", "not a lesson", "'7A alg 2026-09-15 09:00-09:45'", text)
            continue
        hours = _hours(row, tz, phrase[3], phrase[4], phrase[5])
        if hours is None:
            continue
        day, starts, ends = hours
        found.append(
            Lesson(
                id,
                phrase[1],
                phrase[2],
                day,
                row.take("slot", int) or 1,
                starts,
                ends,
                teacher=row.text("teacher") or None,
                substitute=row.text("substitute") or None,
                nonfunctional=bool(row.take("nonfunctional", bool)),
                cancelled=bool(row.take("cancelled", bool)),
                before=_before(row, tz),
            )
        )
        row.done()
    return found


def _hours(
    row: Table, tz: Zone, day: str, starts: str, ends: str, name: str = "is"
) -> tuple[date, int, int] | None:
    try:
        found = date.fromisoformat(day)
        first, last = time.fromisoformat(starts), time.fromisoformat(ends)
    except ValueError as error:
        row.note(name, f"no such day or hour: {error}")
        return None
    if last <= first:
        row.note(name, "a lesson ends before it starts", "the start first", f"{starts}-{ends}")
        return None
    return found, tz.at(found, first), tz.at(found, last)


def _before(row: Table, tz: Zone) -> tuple[Planned, ...]:
    """Earlier states: ``{ until = <moment of the change>, was = "2026-09-15 12:00-12:45" }``."""
    found: list[Planned] = []
    for change in row.tables("changed"):
        at = change.take("at", datetime, needed=True)
        text = change.text("was", needed=True)
        phrase = _EARLIER.fullmatch(text.removesuffix(" cancelled"))
        hours = (
            None if phrase is None else _hours(change, tz, phrase[1], phrase[2], phrase[3], "was")
        )
        change.done()
        if phrase is None:
            change.note("was", "not hours of a day", "'2026-09-15 12:00-12:45'", text)
        if at is not None and hours is not None:
            day, starts, ends = hours
            entered = moment_of(at, tz)
            found.append(Planned(entered, day, 1, starts, ends, text.endswith(" cancelled")))
    return tuple(sorted(found, key=lambda one: one.until))


def moment_of(at: datetime, tz: Zone) -> int:
    """The instant of a moment; one without an offset is local time of the school."""
    if at.tzinfo is None:
        return tz.at(at.date(), at.time())
    return (at - _EPOCH) // _MICROSECOND


_EPOCH: Final = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_MICROSECOND: Final = datetime.resolution


def _memberships(table: Table) -> list[Membership]:
    found: list[Membership] = []
    for group in table.values:
        value = table.take(group, list, dict)
        if isinstance(value, list):
            value = dict.fromkeys(table.texts(group), "")
        rows = Table(value or {}, f"{table.where}.{group}", table.problems)
        found.extend(
            Membership(pupil, group, *rows.span(pupil, days))
            for pupil in rows.values
            for days in rows.texts(pupil)
        )
    return found


def _accounts(table: Table) -> tuple[list[Account], list[Assignment]]:
    accounts, assignments = [], []
    for id in table.values:
        value = table.take(id, str, list, dict)
        fields = value if isinstance(value, dict) else {"is": value or ""}
        row = Table(fields, f"{table.where}.{id}", table.problems)
        roles: list[RoleSpan] = []
        pupils: list[str] = []
        for phrase in row.texts("is"):
            if found := _TEACHES.fullmatch(phrase):
                span = row.span("is", found[3] or "")
                assignments.append(Assignment(id, found[1], found[2], "teacher", *span))
            elif found := _STANDS_IN.fullmatch(phrase) or _TEAM.fullmatch(phrase):
                role = "team" if phrase.startswith("team") else "substitute"
                span = row.span("is", found[3] or "")
                assignments.append(Assignment(id, found[1], found[2], role, *span))
            elif found := _LEADS.fullmatch(phrase):
                span = row.span("is", found[2] or "")
                assignments.append(Assignment(id, found[1], None, "homeroom", *span))
            elif found := _GUARDIAN.fullmatch(phrase):
                pupils.append(found[1])
            elif found := _ROLE.fullmatch(phrase):
                roles.append(RoleSpan(found[1], *row.span("is", found[2] or "")))
            elif phrase:
                row.note("is", "not what an account can be", "'teaches 7A alg', 'leads 7A', "
                         "'guardian of p-1', or a role", phrase)  # fmt: skip
        active: Span = row.span("active", row.text("active"))
        person, others = row.text("person") or None, row.texts("shared_with")
        away = tuple(Away(*row.span("away", one)) for one in row.texts("away"))
        accounts.append(Account(id, person, tuple(roles), *active, tuple(pupils), others, away))
        row.done()
    return accounts, assignments


def _sessions(table: Table, tz: Zone) -> Iterator[Session]:
    """Sessions as phrases: ``t 2026-09-15 09:00-10:00 person ivanova at school``; the end may lack."""
    for i, text in enumerate(table.texts("sessions")):
        found = _SESSION.fullmatch(text)
        try:
            if found is not None:
                day = date.fromisoformat(found[2])
                since = tz.at(day, time.fromisoformat(found[3]))
                until = None if found[4] is None else tz.at(day, time.fromisoformat(found[4]))
                yield Session(found[1], since, until, found[5], found[6])
                continue
        except (ValueError, BadInput) as error:
            table.note(f"sessions[{i}]", f"no such session: {error}")
            continue
        table.note(f"sessions[{i}]", "not a session",
                   "'t 2026-09-15 09:00-10:00 person ivanova at school'", text)  # fmt: skip
