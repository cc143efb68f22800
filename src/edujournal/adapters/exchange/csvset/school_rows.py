"""A school as rows of a CSV set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from edujournal.adapters.exchange.csvset import cells
from edujournal.adapters.exchange.csvset.columns import NOTHING
from edujournal.adapters.schools.documents import clock
from edujournal.adapters.schools.plain import PlainSchool
from edujournal.model.calendar import Calendar
from edujournal.model.occasions import Lesson
from edujournal.model.time import format_instant

_Rows = Iterator[tuple[str, Mapping[str, Any]]]


def school_rows(school: PlainSchool) -> _Rows:
    """Yield the name of a file and a row of it; what is None stays empty."""
    yield "calendar.csv", {"kind": "school", "id": school.id}
    for kind in sorted(school.lacks):
        yield "calendar.csv", {"kind": "lacks", "id": kind}
    for calendar in school.calendars():
        for cell_row in _calendar(calendar):
            yield "calendar.csv", cell_row
    named: set[tuple[str, str]] = set()
    for calendar in school.calendars():
        yield from _groups(calendar, school, named)
    yield from _people(school, named)
    for (kind, id), name in school.names.items():
        if (kind, id) not in named:
            yield "names.csv", {"kind": kind, "id": id, "name": name}
    for membership in school.memberships():
        yield (
            "memberships.csv",
            {
                "pupil": membership.pupil,
                "group": membership.group,
                "since": membership.since,
                "until": membership.until,
            },
        )
    for row in school.assignments():
        yield (
            "assignments.csv",
            {
                "account": row.account,
                "group": row.group,
                "subject": row.subject,
                "role": row.role,
                "since": row.since,
                "until": row.until,
            },
        )
    facts = school.facts()
    for lesson in school.lessons():
        yield from _lesson(lesson, facts.calendar_of(lesson).zone)


def _calendar(calendar: Calendar) -> Iterator[dict[str, Any]]:
    year = calendar.year
    yield {
        "kind": "year",
        "id": year,
        "since": calendar.since,
        "until": calendar.until,
        "zone": calendar.zone,
        "week": calendar.staff_week,
    }
    rows: list[dict[str, Any]] = []
    rows += [
        {"kind": "week", "id": week.id, "weekdays": _list(map(str, sorted(week.days)))}
        for week in calendar.weeks
    ]
    for system in calendar.period_systems:
        rows.append({"kind": "periods", "id": system.id})
        rows += [
            {
                "kind": "period",
                "set": system.id,
                "id": period.id,
                "type": period.kind,
                "number": period.index,
                "since": period.since,
                "until": period.until,
                "title": period.title or None,
            }
            for period in system.periods
        ]
    for holidays in calendar.holiday_sets:
        rows.append({"kind": "holidays", "id": holidays.id})
        rows += [
            {
                "kind": "holiday",
                "set": holidays.id,
                "id": free.id,
                "since": free.since,
                "until": free.until,
                "title": free.title or None,
            }
            for free in holidays.holidays
        ]
    rows += _bells(calendar)
    for kind, days in (
        ("closed", calendar.closed),
        ("cancelled", calendar.cancelled),
        ("working", calendar.working),
    ):
        rows += [{"kind": kind, "since": day} for day in sorted(days)]
    rows += [{"kind": "moved", "since": day, "like": like} for day, like in calendar.moved]
    if calendar.cycle is not None:
        cycle = calendar.cycle
        rows.append(
            {
                "kind": "cycle",
                "cycle": _list(cycle.days),
                "since": cycle.anchor,
                "type": "pause" if cycle.pause else None,
            }
        )
        rows += [{"kind": "cycle_day", "since": day, "cycle": name} for day, name in cycle.dates]
    rows += [{"kind": "section", "id": section} for section in calendar.sections]
    for row in rows:
        yield {**row, "year": year}


def _bells(calendar: Calendar) -> Iterator[dict[str, Any]]:
    for schedule in calendar.schedules:
        yield {"kind": "schedule", "id": schedule.id}
        for bell in schedule.bells:
            yield {
                "kind": "bell",
                "set": schedule.id,
                "number": bell.slot,
                "starts": bell.starts.isoformat(),
                "ends": bell.ends.isoformat(),
            }
    for rule in calendar.bell_rules:
        yield {
            "kind": "ring",
            "set": rule.schedule,
            "weekdays": _choice(rule.weekdays),
            "shift": rule.shift,
            "dates": _choice(rule.dates),
            "cycle": _choice(rule.cycle_days),
        }


def _list(items: Iterable[str]) -> str | None:
    return cells.joined(items) or None


def _choice(values: Iterable[Any] | None) -> str | None:
    """A restriction of a rule: None leaves it open, an empty one fits nothing."""
    if values is None:
        return None
    return cells.joined(map(str, sorted(values))) or NOTHING


def _groups(calendar: Calendar, school: PlainSchool, named: set[tuple[str, str]]) -> _Rows:
    for group in calendar.groups:
        named.add(("group", group.id))
        yield (
            "groups.csv",
            {
                "id": group.id,
                "year": calendar.year,
                "kind": group.kind,
                "parents": _list(group.parents),
                "grade": group.grade,
                "stage": group.stage,
                "shift": group.shift,
                "profile": group.profile,
                "periods": group.periods,
                "holidays": group.holidays,
                "week": group.week,
                "pupil": group.pupil,
                "title": group.title or None,
                "name": school.names.get(("group", group.id)),
            },
        )
    for subject in calendar.subjects:
        named.add(("subject", subject.id))
        yield (
            "subjects.csv",
            {
                "id": subject.id,
                "year": calendar.year,
                "title": subject.title or None,
                "tags": _list(sorted(subject.tags)),
                "attendance": subject.attendance,
                "weekly_hours": subject.weekly_hours,
                "name": school.names.get(("subject", subject.id)),
            },
        )


def _people(school: PlainSchool, named: set[tuple[str, str]]) -> _Rows:
    pupils = {row.pupil for row in school.memberships()}
    pupils |= {id for kind, id in school.names if kind == "pupil"}
    pupils |= {pupil for account in school.accounts() for pupil in account.pupils}
    pupils |= {
        group.pupil
        for calendar in school.calendars()
        for group in calendar.groups
        if group.pupil is not None
    }
    for pupil in sorted(pupils):
        named.add(("pupil", pupil))
        name = school.names.get(("pupil", pupil))
        yield "people.csv", {"id": pupil, "kind": "pupil", "name": name}
    for account in school.accounts():
        named.add(("account", account.id))
        yield (
            "people.csv",
            {
                "id": account.id,
                "kind": "account",
                "name": school.names.get(("account", account.id)),
                "person": account.person,
                "roles": cells.shown_roles(account.roles) or None,
                "since": account.since,
                "until": account.until,
                "pupils": _list(account.pupils),
                "shared_with": _list(account.shared_with),
                "away": cells.shown_spans(account.away) or None,
            },
        )


def _lesson(lesson: Lesson, zone: str) -> _Rows:
    yield (
        "lessons.csv",
        {
            "id": lesson.id,
            "group": lesson.group,
            "subject": lesson.subject,
            "day": lesson.day,
            "slot": lesson.slot,
            "start": clock(lesson.starts, lesson.day, zone),
            "end": clock(lesson.ends, lesson.day, zone),
            "teacher": lesson.teacher,
            "substitute": lesson.substitute,
            "cancelled": lesson.cancelled or None,
            "year": lesson.year,
            "nonfunctional": lesson.nonfunctional or None,
        },
    )
    for state in lesson.before:
        yield (
            "changes.csv",
            {
                "lesson": lesson.id,
                "changed": format_instant(state.until, zone),
                "day": state.day,
                "slot": state.slot,
                "start": clock(state.starts, state.day, zone),
                "end": clock(state.ends, state.day, zone),
                "cancelled": state.cancelled or None,
            },
        )
