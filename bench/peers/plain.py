"""Fifteen rules in plain Python: inlined, as functions, and over a library of datetimes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from bench.answers import ACCEPTED, REFUSED, REFUSING, REMARKS, Answer, Write, answer
from bench.peers.windows import Windows, kept_by_id
from bench.school import Tables

#: Judges one write.
Peer = Callable[[Write], Answer]

#: The facts of one write, flat.
Row = Mapping[str, Any]

_CLEAN: Final = Answer(ACCEPTED, ())


def floor(tables: Tables) -> Peer:
    """All in one function, written by hand over integers: less than this is hardly to be done."""
    lessons, rolls, active = tables.lessons, tables.roll, tables.active
    assigned, teaches, homeroom = tables.assigned, tables.teaches, tables.homeroom
    families, scale, absent = tables.families, tables.scale, tables.absent
    windows = kept_by_id(tables)

    def judge(write: Write) -> Answer:
        account, role, id, pupil, kind, value, at = write
        day, starts, _, cancelled, substitute, _ = lessons[id]
        broken: list[int] = []
        since, until = active[account]
        if not since <= at < until:
            broken.append(0)
        elif role == "substitute":
            if substitute != account:
                broken.append(4 if account in teaches else 1)
        elif substitute != account:
            span = assigned.get(account)
            if span is None or not (span[0] <= starts < span[1] or span[0] <= at < span[1]):
                broken.append(3 if account in homeroom else 2 if account in teaches else 1)
        if cancelled:
            broken.append(5)
        if pupil not in rolls[day]:
            broken.append(6)
        if value not in scale:
            broken.append(7)
        if kind is not None and not cancelled:
            family = families[kind]
            opens, closes = windows[id, family]
            if at < opens:
                broken.append(8 if family == "lesson" else 9)
            elif at >= closes:
                broken.append(10 if family == "lesson" else 11 if family == "control" else 12)
        if (id, pupil) in absent:
            broken.append(13)
        if kind is None:
            broken.append(14)
        if not broken:
            return _CLEAN
        return Answer(REFUSED if broken[0] < REFUSING else REMARKS, tuple(broken))

    return judge


def row_of(write: Write, tables: Tables, windows: Mapping[tuple[str, str], Any]) -> dict[str, Any]:
    """The facts of *write* as one flat row, for peers whose rules read rows."""
    account, role, id, pupil, kind, value, at = write
    day, starts, _, cancelled, substitute, _ = tables.lessons[id]
    since, until = tables.active[account]
    span = tables.assigned.get(account)
    family = "none" if kind is None else tables.families[kind]
    opens, closes = windows.get((id, family), (0, 0))
    return {
        "active": since <= at < until,
        "asked": role or "",
        "assigned": span is not None and (span[0] <= starts < span[1] or span[0] <= at < span[1]),
        "substitute": substitute == account,
        "homeroom": account in tables.homeroom,
        "teaches": account in tables.teaches,
        "cancelled": cancelled,
        "on_roll": pupil in tables.roll[day],
        "value": value,
        "family": family,
        "at": at,
        "opens": opens,
        "closes": closes,
        "absent": (id, pupil) in tables.absent,
    }


def _stranger(row: Row) -> bool:
    """Nobody named a role, and no role gives a right."""
    return (
        row["active"]
        and row["asked"] != "substitute"
        and not row["assigned"]
        and not row["substitute"]
    )


def _early(row: Row) -> bool:
    return not row["cancelled"] and row["at"] < row["opens"]


def _late(row: Row, family: str) -> bool:
    return row["family"] == family and not row["cancelled"] and row["at"] >= row["closes"]


def _unknown_role(row: Row) -> bool:
    if row["asked"] == "substitute":
        return row["active"] and not row["substitute"] and not row["teaches"]
    return _stranger(row) and not row["homeroom"] and not row["teaches"]


#: One function for each rule, in their order; each tells whether its rule is broken.
CALLABLES: Final[tuple[Callable[[Row], bool], ...]] = (
    lambda row: not row["active"],
    _unknown_role,
    lambda row: _stranger(row) and not row["homeroom"] and row["teaches"],
    lambda row: _stranger(row) and row["homeroom"],
    lambda row: (
        row["active"] and row["asked"] == "substitute" and not row["substitute"] and row["teaches"]
    ),
    lambda row: row["cancelled"],
    lambda row: not row["on_roll"],
    lambda row: not 1 <= row["value"] <= 5,
    lambda row: row["family"] == "lesson" and _early(row),
    lambda row: row["family"] in ("control", "written") and _early(row),
    lambda row: _late(row, "lesson"),
    lambda row: _late(row, "control"),
    lambda row: _late(row, "written"),
    lambda row: row["absent"],
    lambda row: row["family"] == "none",
)


def callables(tables: Tables) -> Peer:
    """Fifteen functions over a flat row, deadlines kept."""
    windows = kept_by_id(tables)
    rules = tuple(enumerate(CALLABLES))

    def judge(write: Write) -> Answer:
        row = row_of(write, tables, windows)
        return answer([number for number, rule in rules if rule(row)])

    return judge


def by_hand(tables: Tables, windows: Windows) -> Peer:
    """All in one function, over moments that *windows* works out for every write."""
    day_window = ("control", "written")

    def judge(write: Write) -> Answer:
        account, role, id, pupil, kind, value, at = write
        lesson = tables.lessons[id]
        broken = [*check_hand(account, role, lesson.starts, lesson.substitute, at, tables)]
        if lesson.cancelled:
            broken.append(5)
        if pupil not in tables.roll[lesson.day]:
            broken.append(6)
        if value not in tables.scale:
            broken.append(7)
        if kind is not None and not lesson.cancelled:
            family = tables.families[kind]
            opens, closes = windows.of_mark(lesson, family)
            now = windows.moment(at)
            if now < opens:
                broken.append(9 if family in day_window else 8)
            elif now >= closes:
                broken.append({"lesson": 10, "control": 11, "written": 12}[family])
        if (id, pupil) in tables.absent:
            broken.append(13)
        if kind is None:
            broken.append(14)
        return answer(broken)

    return judge


def check_hand(
    account: str, role: str | None, starts: int, substitute: str | None, at: int, tables: Tables
) -> Iterator[int]:
    """Yield the rule about hands that a write breaks, if there is one."""
    since, until = tables.active[account]
    if not since <= at < until:
        yield 0
    elif role == "substitute":
        if substitute != account:
            yield 4 if account in tables.teaches else 1
    elif substitute != account:
        span = tables.assigned.get(account)
        if span is None or not (span[0] <= starts < span[1] or span[0] <= at < span[1]):
            yield 3 if account in tables.homeroom else 2 if account in tables.teaches else 1
