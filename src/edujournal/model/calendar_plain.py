"""A calendar as plain data and back: what JSON and TOML can say, with the path to every fault."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any, Final, get_args, get_origin

import attrs
from cattrs import ClassValidationError, Converter, ForbiddenExtraKeysError, IterableValidationError
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn

from edujournal.errors import BadCalendar, EdujournalError, Problem, nearest
from edujournal.model.calendar import Calendar

_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME: Final = re.compile(r"\d\d:\d\d(:\d\d(\.\d{1,6})?)?", re.ASCII)
_Dated: Final = (tuple[tuple[date, date], ...], tuple[tuple[date, str], ...])


class _Wrong(ValueError):
    """A value that is not of its type."""

    def __init__(self, expected: str, found: object) -> None:
        super().__init__(f"expected {expected}, found {found!r}")
        self.expected = expected
        self.found = repr(found)


def to_plain(calendar: Calendar) -> dict[str, Any]:
    """Give *calendar* as values that JSON can say, the same for equal calendars.

    Dates are ISO texts, times ``08:30`` (seconds only if there are some), sets are ordered lists,
    *moved* and the dates of a cycle are objects. Fields that have their default value are left out,
    so that a field added in a later version changes nothing in the calendars that do not use it.

    *Version added: 0.1.*
    """
    plain: dict[str, Any] = _converter().unstructure(calendar)
    return plain


def from_plain(values: Mapping[str, Any]) -> Calendar:
    """Make a calendar of what :func:`to_plain` gives, or of the same read from JSON or TOML.

    Dates and times may be texts or Python's own, as a TOML reader makes them.

    *Version added: 0.1.*

    Raises:
        BadCalendar: Every value that cannot be what it claims, with its path, such as
            ``$.groups[3].shift``; or, if all can, what contradicts itself.
    """
    try:
        return _converter().structure(values, Calendar)
    except (ClassValidationError, IterableValidationError, _Wrong) as error:
        raise BadCalendar(_problems(error, "$")) from error


@cache
def _converter() -> Converter:
    converter = Converter(detailed_validation=True)
    for kind, read in _READ.items():
        converter.register_structure_hook(kind, read)
    converter.register_structure_hook_factory(_is_many, lambda kind: _many(converter, kind))
    converter.register_structure_hook_func(
        lambda kind: kind in _Dated, lambda value, kind: _dated(converter, value, kind)
    )
    converter.register_structure_hook_factory(attrs.has, lambda cls: _fields(converter, cls))
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_unstructure_hook(time, _show_time)
    converter.register_unstructure_hook(Decimal, str)
    converter.register_unstructure_hook_func(
        _shaped(frozenset),
        lambda values: [converter.unstructure(value) for value in sorted(values)],
    )
    converter.register_unstructure_hook_func(
        _shaped(tuple),
        lambda values: [converter.unstructure(value) for value in values],
    )
    converter.register_unstructure_hook_func(
        lambda kind: kind in _Dated,
        lambda pairs: {d.isoformat(): converter.unstructure(value) for d, value in pairs},
    )
    converter.register_unstructure_hook_factory(
        attrs.has,
        lambda cls: make_dict_unstructure_fn(cls, converter, _cattrs_omit_if_default=True),
    )
    return converter


def _shaped(shape: type) -> Callable[[Any], bool]:
    return lambda asked: asked is shape or get_origin(asked) is shape


def _is_many(kind: Any) -> bool:
    return get_origin(kind) in {tuple, frozenset} and kind not in _Dated


def _show_time(value: time) -> str:
    return value.isoformat("auto" if value.second or value.microsecond else "minutes")


def _read_text(value: Any, _kind: Any) -> str:
    if isinstance(value, str):
        return value
    raise _Wrong("text", value)


def _read_whole(value: Any, _kind: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise _Wrong("a whole number", value)


def _read_truth(value: Any, _kind: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise _Wrong("true or false", value)


def _read_date(value: Any, _kind: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise _Wrong("a date that exists", value) from error
    raise _Wrong("a date such as 2026-09-01", value)


def _read_time(value: Any, _kind: Any) -> time:
    if isinstance(value, time) and value.tzinfo is None:
        return value
    if isinstance(value, str) and _TIME.fullmatch(value):
        try:
            return time.fromisoformat(value)
        except ValueError as error:
            raise _Wrong("a time that exists", value) from error
    raise _Wrong("a time of day such as 08:30", value)


def _read_decimal(value: Any, _kind: Any) -> Any:
    # The field's own converter makes the number and says what is wrong with it.
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise _Wrong("a whole number or text such as '1.5'", value)


_READ: Final[dict[type, Callable[[Any, Any], Any]]] = {
    str: _read_text,
    int: _read_whole,
    bool: _read_truth,
    date: _read_date,
    time: _read_time,
    Decimal: _read_decimal,
}


def _many(converter: Converter, kind: Any) -> Callable[[Any, Any], Any]:
    shape: Any = get_origin(kind)
    items: Any = list[get_args(kind)[0]]  # type: ignore[misc]

    def read(value: Any, _kind: Any) -> Any:
        if not isinstance(value, (list, tuple)):
            raise _Wrong("a list", value)
        return shape(converter.structure(value, items))

    return read


def _dated(converter: Converter, value: Any, kind: Any) -> Any:
    if not isinstance(value, Mapping):
        raise _Wrong("an object of dates", value)
    pairs: Any = dict[get_args(get_args(kind)[0])]  # type: ignore[misc]
    return tuple(converter.structure(value, pairs).items())


def _fields(converter: Converter, cls: type) -> Callable[[Any, Any], Any]:
    read_fields: Callable[[Any, Any], Any] = make_dict_structure_fn(
        cls, converter, _cattrs_forbid_extra_keys=True
    )

    def read(value: Any, kind: Any) -> Any:
        if not isinstance(value, Mapping):
            raise _Wrong(f"an object with the fields of {cls.__name__}", value)
        return read_fields(value, kind)

    return read


def _problems(error: BaseException, path: str) -> list[Problem]:
    """Faults of a failed reading, each with the path to its value."""
    if isinstance(error, IterableValidationError):
        items, bare = error.group_exceptions()
        noted = [(one, f"{path}[{note.index!r}]") for one, note in items]
    elif isinstance(error, ClassValidationError):
        fields, bare = error.group_exceptions()
        noted = [(one, f"{path}.{note.name}") for one, note in fields]
    else:
        return _leaf(error, path)
    places = noted + [(one, path) for one in bare]
    return [problem for one, place in places for problem in _problems(one, place)]


def _leaf(error: BaseException, path: str) -> list[Problem]:
    if isinstance(error, ForbiddenExtraKeysError):
        known = [field.name for field in attrs.fields(error.cl) if field.init]
        return [_unexpected(name, known, path) for name in sorted(error.extra_fields)]
    if isinstance(error, EdujournalError):
        return [
            replace(problem, where=f"{path}.{problem.where}" if problem.where else path)
            for problem in error.problems
        ]
    if isinstance(error, _Wrong):
        return [Problem(path, "wrong type of value", error.expected, error.found)]
    if isinstance(error, KeyError):
        return [Problem(path, "missing field")]
    raise error


def _unexpected(name: str, known: list[str], path: str) -> Problem:
    near = nearest(name, known)
    mend = f"Did you mean {near!r}?" if near else f"Known are {', '.join(known)}."
    return Problem(f"{path}.{name}", "unknown field", mend=mend)
