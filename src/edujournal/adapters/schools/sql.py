"""A school's data in SQL tables: the five getters as statements whose number does not grow."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Select,
    Text,
    bindparam,
    cast,
    delete,
    exc,
    func,
    insert,
    inspect,
    select,
)

from edujournal.adapters.schools.plain import PlainSchool
from edujournal.adapters.schools.sql_tables import (
    LESSON,
    VERSION,
    SchoolTables,
    account_of,
    assignment_of,
    calendar_of,
    lesson_of,
    membership_of,
    rows_of,
    session_of,
)
from edujournal.errors import BadInput, StoreError, StoreTooNew, Unknown
from edujournal.model.calendar import Calendar
from edujournal.model.occasions import Lesson
from edujournal.model.people import Account, Assignment, Membership
from edujournal.model.sessions import Session
from edujournal.model.time import zone

#: Ids named in one statement where the database cannot unfold a list by itself.
CHUNK: Final = 500


def save(
    engine: Engine,
    school: PlainSchool,
    *,
    prefix: str = "edujournal_",
    schema: str | None = None,
    create: bool = True,
) -> None:
    """Put a school's data into SQL tables, replacing what was there in one transaction.

    Args:
        engine: The database; it may be the one in which the books are kept.
        school: The data.
        prefix: Begins the name of every table.
        schema: Schema of the database; None for its default.
        create: Make the tables when they are missing; False where the host migrates them.

    Raises:
        BadInput: The tables are of an older version.
        StoreTooNew: The tables, or the rows of this school, are of a later version.
        StoreError: The database cannot be written; it holds what it held before.

    *Version added: 0.1.*
    """
    tables = SchoolTables(prefix=prefix, schema=schema)
    with _answers(engine):
        with _begun(engine, writes=False) as connection:
            _check_tables(connection, tables)
        if create:
            tables.metadata.create_all(engine)
        with _begun(engine, writes=True) as connection:
            _stamp(connection, tables)
            for table, rows in rows_of(tables, school):
                connection.execute(delete(table).where(table.c.school == school.id))
                if rows:
                    connection.execute(insert(table), rows)


class SqlSchool:
    """A school whose data lie in the tables that :func:`save` fills, or that a host keeps up itself.

    Every getter is one statement, or two where it is asked by two things. What is in the tables at
    that moment is the answer; nothing is kept but calendars that were parsed before.

    *Version added: 0.1.*

    Args:
        engine: The database.
        school: Id of the school.
        prefix: Begins the name of every table.
        schema: Schema of the database; None for its default.

    Raises:
        Unknown: The tables have no such school; the nearest id is named.
        BadInput: The tables are of an older version.
        StoreTooNew: A later version of the library made or filled the tables.
        StoreError: The database does not answer.
    """

    def __init__(
        self,
        engine: Engine,
        school: str,
        prefix: str = "edujournal_",
        schema: str | None = None,
    ) -> None:
        self.id = school
        self.tables = SchoolTables(prefix=prefix, schema=schema)
        self._engine = engine
        schools = self.tables.schools
        with self._reading() as connection:
            _check_tables(connection, self.tables)
            versions = dict(connection.execute(select(schools.c.school, schools.c.version)).all())
        if school not in versions:
            raise Unknown("school", school, versions, where=schools.name)

    # -- the five getters --------------------------------------------------------------------------

    def calendars(
        self, since: date | None = None, until: date | None = None
    ) -> tuple[Calendar, ...]:
        """See :meth:`edujournal.ports.SchoolData.calendars`."""
        table = self.tables.calendars
        query = select(table.c.content).where(table.c.school == self.id)
        if since is not None:
            query = query.where(table.c.until > since)
        if until is not None:
            query = query.where(table.c.since < until)
        query = query.order_by(table.c.since, table.c.until, table.c.year)
        with self._reading() as connection:
            return tuple(calendar_of(content) for content in connection.scalars(query))

    def lessons(
        self,
        *,
        ids: Iterable[str] | None = None,
        groups: Iterable[str] | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> tuple[Lesson, ...]:
        """See :meth:`edujournal.ports.SchoolData.lessons`.

        A lesson belongs to every day on which it stands or ever stood in the timetable.
        """
        table, days = self.tables.lessons, self.tables.lesson_days
        columns = [table.c[name] for name in LESSON]
        query = (
            select(*columns).where(table.c.school == self.id).order_by(*columns[3:4], columns[0])
        )
        if ids is not None:
            found = self._among(query, table.c.id, ids)
        elif groups is None and since is None and until is None:
            found = self._all(query)
        else:
            standing = select(days.c.lesson).where(days.c.school == self.id)
            if since is not None:
                standing = standing.where(days.c.day >= since)
            if until is not None:
                standing = standing.where(days.c.day < until)
            if groups is None:
                found = self._all(query.where(table.c.id.in_(standing)))
            else:
                found = self._among(query, days.c.group_id, groups, within=(table.c.id, standing))
        return tuple(map(lesson_of, found))

    def memberships(
        self, *, groups: Iterable[str] | None = None, pupils: Iterable[str] | None = None
    ) -> tuple[Membership, ...]:
        """See :meth:`edujournal.ports.SchoolData.memberships`."""
        table = self.tables.memberships
        rows = self._by_either(table, (table.c.group_id, groups), (table.c.pupil, pupils))
        return tuple(dict.fromkeys(map(membership_of, rows)))

    def assignments(
        self, *, groups: Iterable[str] | None = None, accounts: Iterable[str] | None = None
    ) -> tuple[Assignment, ...]:
        """See :meth:`edujournal.ports.SchoolData.assignments`."""
        table = self.tables.assignments
        rows = self._by_either(table, (table.c.group_id, groups), (table.c.account, accounts))
        return tuple(dict.fromkeys(map(assignment_of, rows)))

    def accounts(self, ids: Iterable[str] | None = None) -> tuple[Account, ...]:
        """See :meth:`edujournal.ports.SchoolData.accounts`."""
        table = self.tables.accounts
        query = select(table).where(table.c.school == self.id).order_by(table.c.id)
        rows = self._all(query) if ids is None else self._among(query, table.c.id, ids)
        return tuple(map(account_of, rows))

    # -- capabilities ------------------------------------------------------------------------------

    def sessions(
        self,
        *,
        accounts: Iterable[str] | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> tuple[Session, ...]:
        """See :meth:`edujournal.ports.Sessions.sessions`; days are those of the school's clocks."""
        table = self.tables.sessions
        query = select(table).where(table.c.school == self.id).order_by(table.c.number)
        if since is not None or until is not None:
            clocks = zone(self.calendars()[0].zone)
            if since is not None:
                query = query.where(table.c.since >= clocks.start_of_day(since))
            if until is not None:
                query = query.where(table.c.since < clocks.start_of_day(until))
        if accounts is None:
            return tuple(map(session_of, self._all(query)))
        return tuple(map(session_of, self._among(query, table.c.account, accounts)))

    @property
    def lacks(self) -> frozenset[str]:
        """Kinds of record that the source of the data never kept."""
        table = self.tables.schools
        with self._reading() as connection:
            found = connection.scalar(select(table.c.lacks).where(table.c.school == self.id))
        return frozenset(json.loads(found or "[]"))

    def name(self, kind: str, id: str, on: date | None = None) -> str:
        """Name of a ``pupil``, ``account``, ``group`` or ``subject``; see :class:`PlainSchool`."""
        table = self.tables.names
        query = select(table.c.name).where(
            table.c.school == self.id, table.c.kind == kind, table.c.id == id
        )
        with self._reading() as connection:
            found: str | None = connection.scalar(query)
        if found is not None or kind not in ("group", "subject"):
            return found or id
        return PlainSchool(self.id, self.calendars()).name(kind, id, on)

    # -- statements --------------------------------------------------------------------------------

    def _by_either(
        self, table: Any, *asked: tuple[Column[Any], Iterable[str] | None]
    ) -> Iterator[Any]:
        query = select(table).where(table.c.school == self.id).order_by(table.c.number)
        named = [(column, ids) for column, ids in asked if ids is not None]
        if not named:
            yield from self._all(query)
        for column, ids in named:
            yield from self._among(query, column, ids)

    def _all(self, query: Select[Any]) -> Sequence[Any]:
        with self._reading() as connection:
            return connection.execute(query).all()

    def _among(
        self,
        query: Select[Any],
        column: ColumnElement[Any],
        ids: Iterable[str],
        within: tuple[ColumnElement[Any], Select[Any]] | None = None,
    ) -> Sequence[Any]:
        """The rows of *query* whose *column* has one of *ids*.

        Args:
            query: What is asked.
            column: Which column.
            ids: The ids, any number.
            within: A column of *query* and a query of its values, if *column* belongs to the latter.
        """
        wanted = list(dict.fromkeys(ids))
        if not wanted:
            return []
        found: list[Any] = []
        with self._reading() as connection:
            for condition, values in self._conditions(column, wanted):
                if within is None:
                    narrowed = query.where(condition)
                else:
                    outer, inner = within
                    narrowed = query.where(outer.in_(inner.where(condition)))
                found += connection.execute(narrowed, {"_ids": values}).all()
        return found

    def _conditions(
        self, column: ColumnElement[Any], ids: list[str]
    ) -> Iterator[tuple[ColumnElement[bool], Any]]:
        """One condition for all *ids*, unfolded from a single parameter where the database can."""
        name = self._engine.dialect.name
        if name == "sqlite":
            rows = func.json_each(bindparam("_ids")).table_valued("value")
            yield column.in_(select(rows.c.value)), json.dumps(ids)
        elif name == "postgresql":
            unfolded = cast(bindparam("_ids", type_=Text), JSON)
            texts = func.json_array_elements_text(unfolded).table_valued("value")
            yield column.in_(select(texts.c.value)), json.dumps(ids, ensure_ascii=False)
        else:
            for first in range(0, len(ids), CHUNK):
                yield (
                    column.in_(bindparam("_ids", expanding=True)),
                    ids[first : first + CHUNK],
                )

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with _answers(self._engine), _begun(self._engine, writes=False) as connection:
            yield connection


#: Name under which the tables say their version.
_NAME: Final = "schools"


def _check_tables(connection: Connection, tables: SchoolTables) -> None:
    """Refuse tables of another version, filled or empty; none at all are let be.

    Tables say their version since there was one to say; those that say none are judged by their columns.

    Raises:
        BadInput: They are older.
        StoreTooNew: They are newer, or filled by a newer library.
    """
    found = inspect(connection)
    schema, schools = tables.metadata.schema, tables.schools
    versions: list[int] = []
    if found.has_table(tables.format.name, schema=schema):
        asked = select(tables.format.c.version).where(tables.format.c.name == _NAME)
        versions += connection.scalars(asked)
    if found.has_table(schools.name, schema=schema):
        columns = {one["name"] for one in found.get_columns(schools.name, schema=schema)}
        if "version" in columns:
            versions += connection.scalars(select(schools.c.version).distinct())
    if any(version > VERSION for version in versions):
        raise StoreTooNew(
            "school data of a later version",
            where=schools.name,
            expected=f"version {VERSION} or before",
            found=str(max(versions)),
            mend="Upgrade edujournal.",
        )
    missing = [
        f"{table.name}.{column.name}"
        for table in tables.metadata.sorted_tables
        if found.has_table(table.name, schema=schema)
        for have in [{one["name"] for one in found.get_columns(table.name, schema=schema)}]
        for column in table.columns
        if column.name not in have
    ]
    if missing or any(version < VERSION for version in versions):
        raise BadInput(
            "school tables of an older version",
            where=schools.name,
            expected=f"version {VERSION}",
            found=f"no {', '.join(missing)}" if missing else f"version {min(versions)}",
            mend="Export the school with the older library, drop these tables, and save it anew; "
            "or bring them to SchoolTables().metadata in a migration.",
        )


def _stamp(connection: Connection, tables: SchoolTables) -> None:
    """Say which version the tables have, where nobody has said so."""
    table = tables.format
    if connection.scalar(select(table.c.version).where(table.c.name == _NAME)) is None:
        connection.execute(insert(table), {"name": _NAME, "version": VERSION})


@contextmanager
def _begun(engine: Engine, *, writes: bool) -> Iterator[Connection]:
    """Begin a transaction; on SQLite by ourselves, for its driver would begin none before it reads."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            raw = connection.connection.dbapi_connection
            if not getattr(raw, "in_transaction", False):
                connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
        yield connection


@contextmanager
def _answers(engine: Engine) -> Iterator[None]:
    """Turn what the database says into an error of ours."""
    try:
        yield
    except exc.SQLAlchemyError as error:
        original = getattr(error, "orig", None) or error
        raise StoreError(
            "the database of the school's data does not answer",
            where=engine.url.render_as_string(hide_password=True),
            found=f"{type(original).__name__}: {original}",
        ) from error
