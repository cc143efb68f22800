"""Tables of a school's data: every key begins with the school, as in the tables of the books."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from edujournal.adapters.schools.plain import PlainSchool
from edujournal.model.calendar import Calendar
from edujournal.model.calendar_plain import from_plain, to_plain
from edujournal.model.ids import LONGEST_ID
from edujournal.model.occasions import Lesson, Planned
from edujournal.model.people import Account, Assignment, Away, Membership, RoleSpan
from edujournal.model.sessions import Session

#: Version of these tables. A database says which one it has, and every school which one filled its rows.
VERSION: Final = 1


class SchoolTables:
    """The tables of school data, for :class:`SqlSchool` and for a host's own migrations.

    *Version added: 0.1.*

    Args:
        prefix: Begins the name of every table.
        schema: Schema of the database to put them in; None for its default.

    Attributes:
        metadata: All of them, for ``metadata.create_all`` or a migration tool.
        format: Which version of the tables this is; one row.
        schools: Which schools there are.
        calendars: Frames of the years, as JSON.
        lessons: Dated lessons.
        lesson_days: On which days each of them stands, or stood before it was moved.
        memberships: Who belongs where.
        assignments: Who teaches what.
        accounts: Who may act.
        names: Names of ids.
        sessions: When accounts were logged in.
    """

    def __init__(self, *, prefix: str = "edujournal_", schema: str | None = None) -> None:
        self.metadata = MetaData(schema=schema)
        self._prefix = prefix
        self.format = Table(
            f"{prefix}school_format",
            self.metadata,
            Column("name", String(16), primary_key=True),
            Column("version", Integer, nullable=False),
        )
        self.schools = self._table(
            "schools",
            Column("version", Integer, nullable=False),
            Column("lacks", Text, nullable=False),
            key=(),
        )
        self.calendars = self._table(
            "calendars",
            Column("year", _text(), nullable=False),
            Column("since", Date, nullable=False),
            Column("until", Date, nullable=False),
            Column("content", Text, nullable=False),
            key=("year",),
        )
        self.lessons = self._table(
            "lessons",
            Column("id", _text(), nullable=False),
            Column("group_id", _text(), nullable=False),
            Column("subject", _text(), nullable=False),
            Column("day", Date, nullable=False),
            Column("slot", Integer, nullable=False),
            Column("starts", BigInteger, nullable=False),
            Column("ends", BigInteger, nullable=False),
            Column("teacher", _text()),
            Column("substitute", _text()),
            Column("cancelled", Boolean, nullable=False),
            Column("before", Text),
            Column("year", _text()),
            Column("nonfunctional", Boolean, nullable=False),
            key=("id",),
        )
        self.lesson_days = self._table(
            "lesson_days",
            Column("group_id", _text(), nullable=False),
            Column("day", Date, nullable=False),
            Column("lesson", _text(), nullable=False),
            key=("group_id", "day", "lesson"),
        )
        self._index(self.lesson_days, "day")
        self.memberships = self._table(
            "memberships",
            Column("number", Integer, nullable=False),
            Column("pupil", _text(), nullable=False),
            Column("group_id", _text(), nullable=False),
            Column("since", Date),
            Column("until", Date),
            key=("number",),
        )
        self._index(self.memberships, "group_id")
        self._index(self.memberships, "pupil")
        self.assignments = self._table(
            "assignments",
            Column("number", Integer, nullable=False),
            Column("account", _text(), nullable=False),
            Column("group_id", _text(), nullable=False),
            Column("subject", _text()),
            Column("role", _text(), nullable=False),
            Column("since", Date),
            Column("until", Date),
            key=("number",),
        )
        self._index(self.assignments, "group_id")
        self._index(self.assignments, "account")
        self.accounts = self._table(
            "accounts",
            Column("id", _text(), nullable=False),
            Column("person", _text()),
            Column("roles", Text, nullable=False),
            Column("since", Date),
            Column("until", Date),
            Column("pupils", Text, nullable=False),
            Column("shared_with", Text, nullable=False),
            Column("away", Text, nullable=False),
            key=("id",),
        )
        self.names = self._table(
            "names",
            Column("kind", String(16), nullable=False),
            Column("id", _text(), nullable=False),
            Column("name", Text, nullable=False),
            key=("kind", "id"),
        )
        self.sessions = self._table(
            "sessions",
            Column("number", Integer, nullable=False),
            Column("account", _text(), nullable=False),
            Column("since", BigInteger, nullable=False),
            Column("until", BigInteger),
            Column("person", Text),
            Column("place", Text),
            Column("device", Text),
            key=("number",),
        )
        self._index(self.sessions, "account")

    def _table(self, name: str, *columns: Column[Any], key: tuple[str, ...]) -> Table:
        return Table(
            f"{self._prefix}school_{name}",
            self.metadata,
            Column("school", _text(), nullable=False),
            *columns,
            PrimaryKeyConstraint("school", *key),
            sqlite_with_rowid=False,
        )

    def _index(self, table: Table, name: str) -> None:
        Index(f"{table.name}_{name}", table.c.school, table.c[name])


def rows_of(
    tables: SchoolTables, school: PlainSchool
) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """Yield each table with the rows that keep *school*."""
    yield (
        tables.schools,
        [{"school": school.id, "version": VERSION, "lacks": _json(sorted(school.lacks))}],
    )
    yield tables.calendars, [_calendar(school.id, one) for one in school.calendars()]
    lessons = school.lessons()
    yield tables.lessons, [_lesson(school.id, one) for one in lessons]
    yield (
        tables.lesson_days,
        [
            {"school": school.id, "group_id": one.group, "day": day, "lesson": one.id}
            for one in lessons
            for day in {one.day, *(state.day for state in one.before)}
        ],
    )
    yield (
        tables.memberships,
        [
            {
                "school": school.id,
                "number": number,
                "pupil": one.pupil,
                "group_id": one.group,
                "since": one.since,
                "until": one.until,
            }
            for number, one in enumerate(school.memberships())
        ],
    )
    yield (
        tables.assignments,
        [
            {
                "school": school.id,
                "number": number,
                "account": one.account,
                "group_id": one.group,
                "subject": one.subject,
                "role": one.role,
                "since": one.since,
                "until": one.until,
            }
            for number, one in enumerate(school.assignments())
        ],
    )
    yield tables.accounts, [_account(school.id, one) for one in school.accounts()]
    yield (
        tables.names,
        [
            {"school": school.id, "kind": kind, "id": id, "name": name}
            for (kind, id), name in school.names.items()
        ],
    )
    yield (
        tables.sessions,
        [
            {
                "school": school.id,
                "number": number,
                "account": one.account,
                "since": one.since,
                "until": one.until,
                "person": one.person,
                "place": one.place,
                "device": one.device,
            }
            for number, one in enumerate(school.sessions())
        ],
    )


def calendar_of(content: str) -> Calendar:
    """The calendar that a row keeps; those read last are kept, for every gathering asks for them."""
    return _calendar_of(content)


@lru_cache(maxsize=32)
def _calendar_of(content: str) -> Calendar:
    return from_plain(json.loads(content))


def lesson_of(row: Any) -> Lesson:
    """The lesson that a row of :data:`LESSON` keeps."""
    (
        id, group, subject, day, slot, starts, ends, teacher, substitute, cancelled, before, year,
        nonfunctional,
    ) = row  # fmt: skip
    states = () if before is None else tuple(map(_planned_of, json.loads(before)))
    return Lesson(
        id, group, subject, day, slot, starts, ends, teacher, substitute, cancelled, states, year,
        nonfunctional,
    )  # fmt: skip


#: Columns of lessons in the order that :func:`lesson_of` takes them.
LESSON: Final = (
    "id",
    "group_id",
    "subject",
    "day",
    "slot",
    "starts",
    "ends",
    "teacher",
    "substitute",
    "cancelled",
    "before",
    "year",
    "nonfunctional",
)


def membership_of(row: Any) -> Membership:
    """The membership that a row keeps."""
    return Membership(row.pupil, row.group_id, row.since, row.until)


def assignment_of(row: Any) -> Assignment:
    """The assignment that a row keeps."""
    return Assignment(row.account, row.group_id, row.subject, row.role, row.since, row.until)


def account_of(row: Any) -> Account:
    """The account that a row keeps."""
    roles = tuple(
        RoleSpan(role, _day_of(since), _day_of(until))
        for role, since, until in json.loads(row.roles)
    )
    pupils, others = (tuple(json.loads(one)) for one in (row.pupils, row.shared_with))
    away = tuple(Away(_day_of(since), _day_of(until)) for since, until in json.loads(row.away))
    return Account(row.id, row.person, roles, row.since, row.until, pupils, others, away)


def session_of(row: Any) -> Session:
    """The session that a row keeps."""
    return Session(row.account, row.since, row.until, row.person, row.place, row.device)


def _calendar(school: str, calendar: Calendar) -> dict[str, Any]:
    return {
        "school": school,
        "year": calendar.year,
        "since": calendar.since,
        "until": calendar.until,
        "content": _json(to_plain(calendar)),
    }


def _lesson(school: str, lesson: Lesson) -> dict[str, Any]:
    states = [
        [state.until, state.day.isoformat(), state.slot, state.starts, state.ends, state.cancelled]
        for state in lesson.before
    ]
    return {
        "school": school,
        "id": lesson.id,
        "group_id": lesson.group,
        "subject": lesson.subject,
        "day": lesson.day,
        "slot": lesson.slot,
        "starts": lesson.starts,
        "ends": lesson.ends,
        "teacher": lesson.teacher,
        "substitute": lesson.substitute,
        "cancelled": lesson.cancelled,
        "before": _json(states) if states else None,
        "year": lesson.year,
        "nonfunctional": lesson.nonfunctional,
    }


def _account(school: str, account: Account) -> dict[str, Any]:
    roles = [[span.role, _shown(span.since), _shown(span.until)] for span in account.roles]
    return {
        "school": school,
        "id": account.id,
        "person": account.person,
        "roles": _json(roles),
        "since": account.since,
        "until": account.until,
        "pupils": _json(list(account.pupils)),
        "shared_with": _json(list(account.shared_with)),
        "away": _json([[_shown(one.since), _shown(one.until)] for one in account.away]),
    }


def _planned_of(row: list[Any]) -> Planned:
    until, day, slot, starts, ends, cancelled = row
    return Planned(until, date.fromisoformat(day), slot, starts, ends, cancelled)


def _shown(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day_of(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _text() -> String:
    """An id, compared by its code points, as Python does, on every database."""
    return (
        String(LONGEST_ID)
        .with_variant(String(LONGEST_ID, collation="C"), "postgresql")
        .with_variant(String(LONGEST_ID, collation="utf8mb4_bin"), "mysql", "mariadb")
    )
