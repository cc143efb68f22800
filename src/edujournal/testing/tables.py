"""A TOML table read field by field, every fault noted with its path, what was expected and found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from edujournal.errors import Problem, nearest

_DAY: Final = r"(\d{4}-\d\d-\d\d)"
_SPAN: Final = re.compile(rf"(?:(?:from )?{_DAY})?\s*(?:to {_DAY})?")

#: Days ``[since, until)``; None is an open end.
Span = tuple[date | None, date | None]

_WORDS: Final[Mapping[type, str]] = {
    str: "text",
    int: "a whole number",
    bool: "true or false",
    date: "a day, such as 2026-09-15",
    datetime: "a moment, such as 2026-09-15 08:30:00.000001",
    list: "a list",
    dict: "a table",
}


class Table:
    """One table of a file while it is read.

    Args:
        values: What stands in it.
        where: Path of the table, such as ``2.9-met.case.toml.acts[0]``.
        problems: Where faults are noted; shared by all tables of a file.
    """

    def __init__(self, values: Mapping[str, Any], where: str, problems: list[Problem]) -> None:
        self.values = values
        self.where = where
        self.problems = problems
        self._known: dict[str, None] = {}

    def note(self, name: str, what: str, expected: str = "", found: object = "") -> None:
        """Note a fault of the field *name*; of the whole table where *name* is empty."""
        shown = "" if found == "" else repr(found)
        where = self.where if not name else f"{self.where}{name if name[0] == '[' else '.' + name}"
        self.problems.append(Problem(where, what, expected, shown))

    def take(self, name: str, *kinds: type, needed: bool = False) -> Any:
        """Give the value of *name* if it is of one of *kinds*, else None; a fault is noted."""
        self._known[name] = None
        if name not in self.values:
            if needed:
                self.note(name, "a field is missing", _either(kinds))
            return None
        value = self.values[name]
        if not any(_is(value, kind) for kind in kinds):
            self.note(name, "wrong type", _either(kinds), value)
            return None
        return value

    def text(self, name: str, default: str = "", *, needed: bool = False) -> str:
        """Give a text."""
        found = self.take(name, str, needed=needed)
        return default if found is None else found

    def texts(self, name: str) -> tuple[str, ...]:
        """Give a list of texts; one text stands for a list of one."""
        found = self.take(name, str, list)
        if found is None:
            return ()
        if isinstance(found, str):
            return (found,)
        return tuple(self._each(name, found, str))

    def days(self, name: str) -> tuple[date, ...]:
        """Give a list of days."""
        found = self.take(name, list)
        return () if found is None else tuple(self._each(name, found, date))

    def _each(self, name: str, found: Sequence[Any], kind: type) -> Iterator[Any]:
        for i, one in enumerate(found):
            if _is(one, kind):
                yield one
            else:
                self.note(f"{name}[{i}]", "wrong type", _WORDS[kind], one)

    def table(self, name: str) -> Table:
        """Give the table below *name*; an empty one where there is none."""
        found = self.take(name, dict)
        return Table(found or {}, f"{self.where}.{name}", self.problems)

    def tables(self, name: str) -> tuple[Table, ...]:
        """Give the tables of a list."""
        found = list(self._each(name, self.take(name, list) or [], dict))
        return tuple(
            Table(one, f"{self.where}.{name}[{i}]", self.problems) for i, one in enumerate(found)
        )

    def span(self, name: str, text: str) -> Span:
        """Read ``from DAY``, ``to DAY``, ``DAY to DAY`` (last day included), or nothing at all."""
        found = _SPAN.fullmatch(text.strip())
        try:
            if found is not None:
                first = None if found[1] is None else date.fromisoformat(found[1])
                last = None if found[2] is None else date.fromisoformat(found[2])
                if first is not None and last is not None and last < first:
                    self.note(name, "a stretch without a day", "the first day first", text)
                return first, None if last is None else last + timedelta(days=1)
        except ValueError:
            pass
        self.note(name, "not days", "'from DAY', 'to DAY' or 'DAY to DAY', last day included", text)
        return None, None

    def done(self, *more: str) -> None:
        """Note every field that nobody has asked for; *more* may stand there, too."""
        known = [*self._known, *more]
        for name in self.values:
            if name not in known:
                near = nearest(name, known)
                self.problems.append(
                    Problem(
                        f"{self.where}.{name}",
                        f"unknown field {name!r}",
                        f"one of {', '.join(sorted(known))}",
                        mend=f"Did you mean {near!r}?" if near else "",
                    )
                )


def _is(value: object, kind: type) -> bool:
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if kind is date:
        return isinstance(value, date) and not isinstance(value, datetime)
    return isinstance(value, kind)


def _either(kinds: Sequence[type]) -> str:
    return " or ".join(_WORDS.get(kind, kind.__name__) for kind in kinds)
