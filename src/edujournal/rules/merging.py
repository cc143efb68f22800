"""A regulation that extends another: what the child says is laid over what the parent says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from edujournal.errors import BadRegulation, Problem, nearest

#: Tables whose rows have a name; a child's row replaces the parent's of the same name.
_NAMED: Final = {
    "absences": "code",
    "clauses": "number",
    "conversions": "code",
    "formulas": "name",
    "markers": "code",
    "penalties": "name",
    "retention": "name",
    "roundings": "name",
    "scales": "code",
    "work_kinds": "code",
}

#: What a child never takes from its parent.
_OWN: Final = frozenset({"id", "title", "source", "in_force"})

#: Longest line of parents.
_DEEPEST: Final = 8


def extended(
    data: Mapping[str, Any], name: str, parent_of: Callable[[str], Mapping[str, Any]]
) -> Mapping[str, Any]:
    """Give *data* laid over the regulation that it extends, and that one over its own parent.

    A row of a named table replaces the parent's row of the same name, a new one is added at the
    end; ``without`` drops clauses of the parent, and rows of the parent cite them no more; ``given`` is
    merged; any other field replaces.

    Args:
        data: Content of a regulation file.
        name: What to call it in messages.
        parent_of: Gives the content of the regulation with an id.

    Raises:
        BadRegulation: It extends something that is not known, or itself; it drops what is not there.
        Unknown: The parent is not known.
    """
    line = [data]
    seen = [str(data.get("id"))]
    while "extends" in line[-1]:
        parent = line[-1]["extends"]
        if not isinstance(parent, str):
            raise BadRegulation(
                "wrong type", where=f"{name}.extends", expected="the id of a regulation",
                found=repr(parent),
            )  # fmt: skip
        if parent in seen or len(line) > _DEEPEST:
            raise BadRegulation(
                "a regulation that extends itself", where=f"{name}.extends",
                expected="a line of parents that ends", found=" → ".join([*seen, parent]),
            )  # fmt: skip
        seen.append(parent)
        line.append(parent_of(parent))
    merged = dict(line.pop())
    while line:
        merged = _over(merged, line.pop(), name)
    return merged


def _over(parent: Mapping[str, Any], child: Mapping[str, Any], name: str) -> dict[str, Any]:
    result = {field: value for field, value in parent.items() if field not in _OWN}
    without = child.get("without", [])
    if not isinstance(without, list):
        raise BadRegulation(
            "wrong type", where=f"{name}.without", expected="a list of clause numbers",
            found=repr(without),
        )  # fmt: skip
    known = [row.get("number") for row in parent.get("clauses", ()) if isinstance(row, dict)]
    faults = [
        Problem(
            f"{name}.without[{i}]", "the parent has no such clause",
            f"one of {', '.join(map(str, known))}", repr(number),
            f"Did you mean {near!r}?" if (near := nearest(str(number), map(str, known))) else "",
        )
        for i, number in enumerate(without)
        if number not in known
    ]  # fmt: skip
    if faults:
        raise BadRegulation(faults)
    if without:
        result["clauses"] = [row for row in parent["clauses"] if row.get("number") not in without]
        for table in _NAMED:
            if isinstance(rows := result.get(table), list):
                result[table] = [_uncited(row, without) for row in rows]
        if "control" in result:
            result["control"] = _uncited(result["control"], without)
    for field, value in child.items():
        if field in ("extends", "without"):
            continue
        old = result.get(field)
        if field in _NAMED and isinstance(value, list) and isinstance(old, list):
            result[field] = _rows(old, value, _NAMED[field])
        elif field == "given" and isinstance(value, dict) and isinstance(old, dict):
            result[field] = {**old, **value}
        else:
            result[field] = value
    return result


def _uncited(row: Any, without: list[Any]) -> Any:
    """A row of the parent, without the clause that it cites where that one is dropped."""
    if not isinstance(row, dict) or row.get("clause") not in without:
        return row
    return {field: value for field, value in row.items() if field != "clause"}


def _rows(old: list[Any], new: list[Any], key: str) -> list[Any]:
    by_name = {row.get(key): row for row in new if isinstance(row, dict)}
    kept = [by_name.pop(row.get(key), row) if isinstance(row, dict) else row for row in old]
    taken = [row for row in new if not isinstance(row, dict) or row.get(key) in by_name]
    return [*kept, *taken]
