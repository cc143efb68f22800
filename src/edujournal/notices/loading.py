"""Subscriptions as plain data: what a TOML file beside the school says, with the path to every fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

from edujournal.errors import BadFile, BadInput, Problem, nearest
from edujournal.notices.subscriptions import (
    Address,
    Channel,
    Quiet,
    Subscription,
    Subscriptions,
    Waits,
)
from edujournal.plain_files import read_plain, toml_of

#: Fields of a table → what reads their values.
_Fields = Mapping[str, Callable[[Any], Any]]


class _Wrong(ValueError):
    """A value that is not of its type."""

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected


def load_subscriptions(source: str | Path) -> Subscriptions:
    """Read subscriptions from a TOML file.

    Raises:
        BadFile: It cannot be read, or says what cannot be meant; every fault has its path.

    *Version added: 0.1.*
    """
    place = Path(source)
    return subscriptions_from_plain(toml_of(read_plain(place), str(place)), place.name)


def subscriptions_from_plain(values: Mapping[str, Any], name: str = "notices") -> Subscriptions:
    """Make subscriptions of plain data, as a TOML or JSON reader makes it.

    Args:
        values: The data.
        name: Name of the source, for messages.

    Raises:
        BadFile: They say what cannot be meant; every fault has its path.

    *Version added: 0.1.*
    """
    reader = _Reader(name)
    found = reader.table(values, _WHOLE, "", required=("since", "channels"))
    channels = tuple(
        Channel(
            name=key,
            kind=reader.one(row, "kind", _text, f"channels.{key}"),
            addressed=row.get("kind") != "folder",
            discreet=reader.one({"discreet": False, **row}, "discreet", _truth, f"channels.{key}"),
            settings={k: v for k, v in row.items() if k not in ("kind", "discreet")},
        )
        for key, row in reader.tables(found.pop("channels", {}), "channels")
    )
    addresses = tuple(
        Address(
            account=reader.one(row, "account", _text, where),
            language=row.get("language"),
            on={
                key: reader.one(row, key, _text, where)
                for key in row
                if key not in ("account", "language")
            },
        )
        for where, row in reader.rows(found.pop("address", []), "address")
    )
    subscriptions = [
        reader.table(row, _ROW, where, required=("channel",))
        for where, row in reader.rows(found.pop("subscription", []), "subscription")
    ]
    waits = reader.table(found.pop("waits", {}), _WAITS, "waits")
    if reader.problems:
        raise BadFile(reader.problems)
    try:
        return Subscriptions(
            channels=channels,
            addresses=addresses,
            subscriptions=tuple(Subscription(**row) for row in subscriptions),
            waits=Waits(**waits),
            **found,
        )
    except BadInput as error:
        named = [
            Problem(f"{name}: {one.where}", one.what, one.expected, one.found, one.mend)
            for one in error.problems
        ]
        raise BadFile(named) from error


class _Reader:
    """Reads tables, and notes every fault."""

    def __init__(self, name: str) -> None:
        self.problems: list[Problem] = []
        self._name = name

    def table(
        self, values: Any, fields: _Fields, path: str, required: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """The fields of a table, read."""
        if not isinstance(values, Mapping):
            self._note(path, "wrong type of value", "a table", repr(values))
            return {}
        for key in sorted(set(values) - set(fields)):
            near = nearest(str(key), fields)
            mend = f"Did you mean {near!r}?" if near else f"Known are {', '.join(fields)}."
            self._note(_under(path, key), "unknown field", mend=mend)
        for key in required:
            if key not in values:
                self._note(_under(path, key), "missing field")
        return {
            key: self.one(values, key, read, path) for key, read in fields.items() if key in values
        }

    def one(
        self, values: Mapping[str, Any], key: str, read: Callable[[Any], Any], path: str
    ) -> Any:
        """One field, read."""
        if key not in values:
            self._note(_under(path, key), "missing field")
            return ""
        try:
            return read(values[key])
        except _Wrong as error:
            self._note(_under(path, key), "wrong type of value", error.expected, repr(values[key]))
            return ""

    def tables(self, values: Any, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Tables by name."""
        for key, row in values.items() if isinstance(values, Mapping) else ():
            if isinstance(row, Mapping):
                yield key, row
            else:
                self._note(_under(path, key), "wrong type of value", "a table", repr(row))

    def rows(self, values: Any, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Tables of a list, with their paths."""
        if not isinstance(values, list):
            self._note(path, "wrong type of value", f"tables such as [[{path}]]", repr(values))
            return
        for place, row in enumerate(values):
            where = f"{path}[{place}]"
            if isinstance(row, Mapping):
                yield where, row
            else:
                self._note(where, "wrong type of value", "a table", repr(row))

    def _note(
        self, path: str, what: str, expected: str = "", found: str = "", mend: str = ""
    ) -> None:
        self.problems.append(Problem(f"{self._name}: {path}", what, expected, found, mend))


def _under(path: str, key: str) -> str:
    return f"{path}.{key}" if path else str(key)


def _text(value: Any) -> str:
    if type(value) is str and value.isprintable():
        return value
    raise _Wrong("a line of text")


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, list | tuple):
        return tuple(map(_text, value))
    raise _Wrong("a list of texts")


def _whole(value: Any) -> int:
    if type(value) is int:
        return value
    raise _Wrong("a whole number")


def _truth(value: Any) -> bool:
    if type(value) is bool:
        return value
    raise _Wrong("true or false")


def _day(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if type(value) is str:
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise _Wrong("a date such as 2026-09-01") from error
    raise _Wrong("a date such as 2026-09-01")


def _clock(value: Any) -> time:
    if isinstance(value, time) and value.tzinfo is None:
        return value
    if type(value) is str:
        try:
            found = time.fromisoformat(value)
        except ValueError as error:
            raise _Wrong("a time of day such as 21:00") from error
        if found.tzinfo is None:
            return found
    raise _Wrong("a time of day such as 21:00")


def _quiet(value: Any) -> Quiet:
    if isinstance(value, Mapping) and set(value) == {"from", "until"}:
        return Quiet(_clock(value["from"]), _clock(value["until"]))
    raise _Wrong("a table such as { from = 21:00:00, until = 07:00:00 }")


def _as_is(value: Any) -> Any:
    return value


_WHOLE: Final[_Fields] = {
    "since": _day,
    "channels": _as_is,
    "address": _as_is,
    "subscription": _as_is,
    "language": _text,
    "school": _text,
    "contact": _text,
    "quiet": _quiet,
    "waits": _as_is,
    "imported": _truth,
}
_ROW: Final[_Fields] = {
    "channel": _text,
    "account": _text,
    "pupil": _text,
    "role": _text,
    "kinds": _texts,
    "rhythm": _text,
    "at": _clock,
    "weekday": _whole,
    "quiet": _quiet,
    "since": _day,
    "until": _day,
}
_WAITS: Final[_Fields] = dict.fromkeys(("first", "factor", "most", "refusals", "patience"), _whole)
