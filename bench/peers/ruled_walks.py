"""The audit of a book by an engine of rules: a loop makes flat rows, the engine judges each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from bench.book import Finding, Row
from bench.peers.ruled import Condition, Judge, Rule, is_, not_
from bench.peers.walks import ONCE, Marked, is_empty, missing
from bench.peers.windows import Kept
from bench.school import FOREVER, LessonRow, Tables

_STRANGER: Final = (is_("judged"), is_("active"), not_("assigned"), not_("substitute"))
_EARLY: Final[Condition] = ("since_opening", "at most", -1)
_LATE: Final[Condition] = ("since_closing", "at least", 0)


def _kind(kind: str, family: str = "") -> tuple[Condition, Condition]:
    return ("kind", "equals", kind), ("family", "equals", family)


def _timing(clause: str, kind: str, family: str = "") -> tuple[Rule, Rule]:
    of = _kind(kind, family)
    return (
        Rule(clause, "before-open", (*of, _EARLY)),
        Rule(clause, "after-close", (*of, _LATE)),
    )


RULES: Final = (
    Rule("2.3", "account-inactive", (is_("judged"), not_("active"))),
    Rule("2.3", "role-not-held", (*_STRANGER, not_("homeroom"), not_("teaches"))),
    Rule("2.3", "not-your-journal", (*_STRANGER, not_("homeroom"), is_("teaches"))),
    Rule("2.4", "reads-only", (*_STRANGER, is_("homeroom"))),
    Rule("integrity", "lesson-not-held", (is_("judged"), is_("cancelled"))),
    Rule("integrity", "declared-twice", (is_("again"),)),
    Rule("integrity", "off-the-roll", (not_("on_roll"),)),
    Rule("integrity", "off-the-scale", (not_("on_scale"),)),
    Rule("2.6", "no-kind", (("kind", "equals", "mark"), ("family", "equals", "none"))),
    *_timing("2.5", "mark", "lesson"),
    *_timing("2.11", "mark", "control"),
    *_timing("2.12", "mark", "written"),
    Rule("2.5", "absent-at-lesson", (is_("absent"),)),
    *_timing("2.9", "roll"),
    *_timing("2.6", "topic"),
    Rule("2.6", "no-plan-link", (("kind", "equals", "topic"), not_("plan"))),
    Rule("2.6", "says-nothing", (("kind", "equals", "topic"), is_("empty"))),
    *_timing("2.7", "homework"),
    Rule("2.7", "no-nature", (("kind", "equals", "homework"), not_("manner"))),
    Rule("2.7", "says-nothing", (("kind", "equals", "homework"), is_("empty"))),
)


def by_rules(
    rows: Iterable[Row], tables: Tables, at: int, engine: Callable[[Sequence[Rule]], Judge]
) -> list[Finding]:
    """Audit *rows* as :func:`~bench.peers.walks.walk` does, deadlines kept; an engine judges each row.

    What is missing is looked for by hand: an engine of rules is asked about rows that are there.
    """
    windows, judge = Kept(tables), engine(RULES)
    found: list[Finding] = []
    absent: dict[str, frozenset[str]] = {}
    seen: set[tuple[str, str]] = set()
    topics: set[str] = set()
    marked: Marked = set()
    works: dict[str, Row] = {}
    for row in rows:
        about = f"lesson:{row.lesson}" if row.work is None else f"work:{row.work}"
        again = row.kind in ONCE and (row.kind, about) in seen
        for flat in _flat(row, tables, windows, absent, again):
            for clause, code in judge(flat):
                found.append((clause, code, row.number, about, flat["pupil"]))
        seen.add((row.kind, about))
        if row.kind == "mark":
            marked.add((row.lesson, row.pupil or "", row.mark_kind))
        elif row.kind == "roll":
            absent[row.lesson] = frozenset(row.absent)
        elif row.kind == "topic" and not is_empty(row.text):
            topics.add(row.lesson)
        elif row.work is not None:
            works[row.work] = row
    found += missing(tables, windows, at, topics, absent, marked, works)
    return sorted(found)


def _flat(
    row: Row,
    tables: Tables,
    windows: Kept,
    absent: Mapping[str, frozenset[str]],
    again: bool,
) -> Iterator[dict[str, Any]]:
    """Yield the facts of a row as columns; and for each pupil whom a roll call names, a row."""
    lesson, pupil = tables.lessons[row.lesson], row.pupil or ""
    since, until = tables.active[row.account]
    span = tables.assigned.get(row.account)
    roll = tables.roll[lesson.day]
    family, opens, closes = _window(row, lesson, tables, windows)
    flat = {
        "judged": True,
        "kind": row.kind,
        "pupil": pupil,
        "active": since <= row.at < until,
        "assigned": span is not None
        and (span[0] <= lesson.starts < span[1] or span[0] <= row.at < span[1]),
        "substitute": lesson.substitute == row.account,
        "homeroom": row.account in tables.homeroom,
        "teaches": row.account in tables.teaches,
        "cancelled": lesson.cancelled,
        "again": again,
        "on_roll": row.kind != "mark" or pupil in roll,
        "on_scale": row.kind != "mark" or row.value in tables.scale,
        "family": family,
        "since_opening": row.at - opens,
        "since_closing": row.at - closes,
        "absent": row.kind == "mark" and pupil in absent.get(row.lesson, ()),
        "plan": row.plan,
        "manner": row.manner,
        "empty": is_empty(row.text),
    }
    yield flat
    for other in row.absent:
        yield flat | {
            "judged": False, "kind": "absence", "pupil": other, "again": False,
            "on_roll": other in roll,
        }  # fmt: skip


def _window(row: Row, lesson: LessonRow, tables: Tables, windows: Kept) -> tuple[str, int, int]:
    """Family of kinds of a mark, and from when to when a row may come."""
    if row.kind == "mark":
        if row.mark_kind is None:
            return "none", -FOREVER, FOREVER
        family = tables.families[row.mark_kind]
        return family, *windows.of_mark(lesson, family)
    if row.kind == "roll":
        return "", *windows.of_roll(lesson)
    if row.kind == "topic":
        ends = next(last for _, first, last in tables.periods if first <= lesson.day <= last)
        return "", -FOREVER, windows.end_of(ends)
    if row.kind == "homework":
        return "", -FOREVER, windows.of_homework(lesson)
    return "", -FOREVER, FOREVER
