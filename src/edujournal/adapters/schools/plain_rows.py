"""Rows of a school's plain data, read one by one: every fault is noted with its path, none raised."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Final, TypeVar

from edujournal.errors import BadInput, Problem, nearest
from edujournal.model.calendar import Calendar
from edujournal.model.occasions import Lesson, Planned
from edujournal.model.people import Account, Assignment, Away, Membership, RoleSpan
from edujournal.model.sessions import Session
from edujournal.model.time import Zone, instant, parse_instant, zone

_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME: Final = re.compile(r"\d\d:\d\d(:\d\d(\.\d{1,6})?)?", re.ASCII)

#: Faults after which a file is held to be no school's.
_ENOUGH: Final = 1_000

_Made = TypeVar("_Made")
_Rows = Iterable[tuple[str, Any]]


class _Wrong(ValueError):
    """A value that is not of its type."""

    def __init__(self, expected: str, found: object, what: str = "wrong type of value") -> None:
        super().__init__(expected)
        self.expected, self.found, self.what = expected, repr(found)[:200], what


def _text(value: Any) -> str:
    if type(value) is str:
        return value
    raise _Wrong("text", value)


def _whole(value: Any) -> int:
    if type(value) is int:
        return value
    raise _Wrong("a whole number", value)


def _truth(value: Any) -> bool:
    if type(value) is bool:
        return value
    raise _Wrong("true or false", value)


def _day(value: Any) -> date:
    if type(value) is str and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise _Wrong("a date that exists", value) from error
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise _Wrong("a date such as 2026-09-01", value)


def _clock(value: Any) -> time | int:
    """A local time, or an instant."""
    if type(value) is str and _TIME.fullmatch(value):
        try:
            return time.fromisoformat(value)
        except ValueError as error:
            raise _Wrong("a time that exists", value) from error
    if isinstance(value, time) and value.tzinfo is None:
        return value
    return _instant(value, "a local time such as 08:30, or an instant with an offset")


def _instant(value: Any, expected: str = "an instant with an offset") -> int:
    try:
        if isinstance(value, datetime):
            return instant(value)
        if isinstance(value, str):
            return parse_instant(value)
    except BadInput as error:
        raise _Wrong(expected, value, error.problems[0].what) from error
    raise _Wrong(expected, value)


def _list(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    raise _Wrong("a list", value)


class Faults(list[Problem]):
    """Faults of one school, as far as anybody reads them: a file that is none has too many."""

    def append(self, problem: Problem, /) -> None:
        """Take one.

        Raises:
            BadInput: There are enough of them.
        """
        super().append(problem)
        if len(self) > _ENOUGH:
            raise BadInput(
                [*self, Problem("", "and perhaps more", mend="Nothing further was looked at.")]
            )

    def extend(self, problems: Iterable[Problem], /) -> None:
        """Take some; see :meth:`append`."""
        for one in problems:
            self.append(one)


_Fields = Mapping[str, tuple[Callable[[Any], Any], bool]]

_ROLE: Final[_Fields] = {
    "role": (_text, True),
    "since": (_day, False),
    "until": (_day, False),
}
_ACCOUNT: Final[_Fields] = {
    "id": (_text, True),
    "person": (_text, False),
    "roles": (_list, False),
    "since": (_day, False),
    "until": (_day, False),
    "pupils": (_list, False),
    "shared_with": (_list, False),
    "away": (_list, False),
}
_AWAY: Final[_Fields] = {"since": (_day, False), "until": (_day, False)}
_SESSION: Final[_Fields] = {
    "account": (_text, True),
    "since": (_instant, True),
    "until": (_instant, False),
    "person": (_text, False),
    "place": (_text, False),
    "device": (_text, False),
}
_MEMBERSHIP: Final[_Fields] = {
    "pupil": (_text, True),
    "group": (_text, True),
    "since": (_day, False),
    "until": (_day, False),
}
_ASSIGNMENT: Final[_Fields] = {
    "account": (_text, True),
    "group": (_text, True),
    "subject": (_text, False),
    "role": (_text, False),
    "since": (_day, False),
    "until": (_day, False),
}
_PLACE: Final[_Fields] = {
    "day": (_day, True),
    "slot": (_whole, True),
    "starts": (_clock, True),
    "ends": (_clock, True),
    "cancelled": (_truth, False),
    "nonfunctional": (_truth, False),
}
_LESSON: Final[_Fields] = {
    "id": (_text, True),
    "group": (_text, True),
    "subject": (_text, True),
    **_PLACE,
    "teacher": (_text, False),
    "substitute": (_text, False),
    "year": (_text, False),
    "before": (_list, False),
}
_PLANNED: Final[_Fields] = {"until": (_instant, True), **_PLACE}
_NAME: Final[_Fields] = {"kind": (_text, True), "id": (_text, True), "name": (_text, True)}


class Reading:
    """Reads rows against the calendars, which know the zone of each day.

    Args:
        calendars: The frames of the years.
        problems: Takes every fault.
    """

    def __init__(self, calendars: Sequence[Calendar], problems: list[Problem]) -> None:
        self._calendars = calendars
        self._problems = problems
        self._zones: dict[date | str, str | None] = {one.year: one.zone for one in calendars}

    def accounts(self, rows: _Rows) -> Iterator[Account]:
        """Yield the accounts of faultless rows."""
        for path, value in rows:
            row = self._row(path, value, _ACCOUNT)
            if row is not None:
                row["roles"] = tuple(self._roles(path, row.get("roles", ())))
                for name in ("pupils", "shared_with"):
                    row[name] = tuple(self._texts(f"{path}.{name}", row.get(name, ())))
                row["away"] = tuple(self._away(path, row.get("away", ())))
                yield from self._made(path, Account, row)

    def memberships(self, rows: _Rows) -> Iterator[Membership]:
        """Yield the memberships of faultless rows."""
        for path, value in rows:
            row = self._row(path, value, _MEMBERSHIP)
            if row is not None:
                yield from self._made(path, Membership, row)

    def assignments(self, rows: _Rows) -> Iterator[Assignment]:
        """Yield the assignments of faultless rows."""
        for path, value in rows:
            row = self._row(path, value, _ASSIGNMENT)
            if row is not None:
                yield from self._made(path, Assignment, row)

    def sessions(self, rows: _Rows) -> Iterator[Session]:
        """Yield the sessions of faultless rows."""
        for path, value in rows:
            row = self._row(path, value, _SESSION)
            if row is not None:
                yield from self._made(path, Session, row)

    def lessons(self, rows: _Rows) -> Iterator[Lesson]:
        """Yield the lessons of faultless rows."""
        for path, value in rows:
            row = self._row(path, value, _LESSON)
            clocks = None if row is None else self._clocks(path, row["day"], row.get("year"))
            if row is None or clocks is None:
                continue
            before = [
                planned
                for n, one in enumerate(row.get("before", ()))
                for planned in self._planned(f"{path}.before[{n}]", one, clocks)
            ]
            row["before"] = tuple(before)
            yield from self._made(path, Lesson, _timed(row, clocks))

    def names(self, rows: _Rows) -> Iterator[tuple[tuple[str, str], str]]:
        """Yield kind and id, and the name."""
        seen: set[tuple[str, str]] = set()
        for path, value in rows:
            row = self._row(path, value, _NAME)
            if row is None:
                continue
            key = (row["kind"], row["id"])
            if key in seen:
                self._problems.append(Problem(path, f"{key[0]} {key[1]!r} is named twice"))
            seen.add(key)
            yield key, row["name"]

    def words(self, rows: _Rows) -> Iterator[str]:
        """Yield texts."""
        for path, value in rows:
            try:
                yield _text(value)
            except _Wrong as wrong:
                self._note(path, wrong)

    def _roles(self, path: str, rows: Iterable[Any]) -> Iterator[RoleSpan]:
        for n, one in enumerate(rows):
            if type(one) is str:
                yield RoleSpan(one)
                continue
            row = self._row(f"{path}.roles[{n}]", one, _ROLE)
            if row is not None:
                yield RoleSpan(**row)

    def _away(self, path: str, rows: Iterable[Any]) -> Iterator[Away]:
        for n, one in enumerate(rows):
            row = self._row(f"{path}.away[{n}]", one, _AWAY)
            if row is not None:
                yield Away(**row)

    def _texts(self, path: str, values: Iterable[Any]) -> Iterator[str]:
        return self.words((f"{path}[{n}]", one) for n, one in enumerate(values))

    def _planned(self, path: str, value: Any, clocks: Zone) -> Iterator[Planned]:
        row = self._row(path, value, _PLANNED)
        if row is not None:
            yield Planned(**_timed(row, clocks))

    def _clocks(self, path: str, day: date, year: str | None) -> Zone | None:
        """The clocks of a lesson's year, or None where no year knows the lesson."""
        key = day if year is None else year
        if key not in self._zones:
            self._zones[key] = next(
                (
                    one.zone
                    for one in self._calendars
                    if year is None and one.since <= day < one.until
                ),
                None,
            )
        name = self._zones[key]
        if name is not None:
            return zone(name)
        if year is None:
            spans = "; ".join(f"{one.year}: [{one.since}, {one.until})" for one in self._calendars)
            what, expected, found = "a day outside the school's years", spans, str(day)
            self._problems.append(Problem(f"{path}.day", what, expected or "a calendar", found))
        else:
            self._problems.append(
                Problem(f"{path}.year", "unknown academic year", found=repr(year))
            )
        return None

    def _made(
        self, path: str, cls: Callable[..., _Made], row: Mapping[str, Any]
    ) -> Iterator[_Made]:
        try:
            made = cls(**row)
        except BadInput as error:
            self._problems.extend(
                Problem(path, one.what, one.expected, one.found, one.mend) for one in error.problems
            )
        else:
            yield made

    def _row(self, path: str, value: Any, fields: _Fields) -> dict[str, Any] | None:
        """The values of a row, or None where one of them cannot be what it claims."""
        if not isinstance(value, Mapping):
            self._note(path, _Wrong("an object", value))
            return None
        before = len(self._problems)
        row: dict[str, Any] = {}
        for name, one in value.items():
            known = fields.get(name)
            if known is None:
                near = nearest(name, fields)
                mend = f"Did you mean {near!r}?" if near else f"Known are {', '.join(fields)}."
                self._problems.append(Problem(f"{path}.{name}", "unknown field", mend=mend))
                continue
            try:
                row[name] = known[0](one)
            except _Wrong as wrong:
                self._note(f"{path}.{name}", wrong)
        for name, (_, required) in fields.items():
            if required and name not in value:
                self._problems.append(Problem(f"{path}.{name}", "missing field"))
        return row if len(self._problems) == before else None

    def _note(self, path: str, wrong: _Wrong) -> None:
        self._problems.append(Problem(path, wrong.what, wrong.expected, wrong.found))


def _timed(row: dict[str, Any], clocks: Zone) -> dict[str, Any]:
    """The row with instants for its local times."""
    for field in ("starts", "ends"):
        if not isinstance(row[field], int):
            row[field] = clocks.at(row["day"], row[field])
    return row
