"""Audits as somebody writes them who has one school and one regulation: a loop over the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from bench.book import Finding, Row
from bench.peers.plain import check_hand
from bench.peers.windows import Windows
from bench.school import LessonRow, Tables

_CLAUSES: Final = {"lesson": "2.5", "control": "2.11", "written": "2.12"}
_HANDS: Final = (
    ("account-inactive", "2.3"),
    ("role-not-held", "2.3"),
    ("not-your-journal", "2.3"),
    ("reads-only", "2.4"),
    ("no-substitution", "2.10"),
)
_EMPTY: Final = frozenset({".", "-", "–", "—", "...", "…", "?", "нет", "позже", "потом", "later"})
#: What is said once of each lesson or work.
ONCE: Final = frozenset({"roll", "topic", "work"})


#: Marks that are there: lesson, pupil, kind.
Marked = set[tuple[str, str, str | None]]


def walk(rows: Iterable[Any], tables: Tables, windows: Windows, at: int) -> list[Finding]:
    """Audit *rows*: each as it comes, then what is missing at the instant *at*.

    The rows are :class:`~bench.book.Row`, or anything with these fields.
    """
    found: list[Finding] = []
    absent: dict[str, frozenset[str]] = {}
    seen: set[tuple[str, str]] = set()
    topics: set[str] = set()
    marked: Marked = set()
    works: dict[str, Row] = {}
    for row in rows:
        lesson = tables.lessons[row.lesson]
        about = f"lesson:{row.lesson}" if row.work is None else f"work:{row.work}"
        pupil = row.pupil or ""
        for rule in check_hand(row.account, None, lesson.starts, lesson.substitute, row.at, tables):
            code, clause = _HANDS[rule]
            found.append((clause, code, row.number, about, pupil))
        if lesson.cancelled:
            found.append(("integrity", "lesson-not-held", row.number, about, pupil))
        if row.kind in ONCE:
            if (row.kind, about) in seen:
                found.append(("integrity", "declared-twice", row.number, about, pupil))
            seen.add((row.kind, about))
        if row.kind == "topic" and not is_empty(row.text):
            topics.add(row.lesson)
        if row.kind == "mark":
            broken = _mark(row, lesson, tables, windows, absent)
            marked.add((row.lesson, row.pupil, row.mark_kind))
        elif row.kind == "roll":
            broken = _roll(row, lesson, tables, windows)
            absent[row.lesson] = frozenset(row.absent)
        elif row.kind == "topic":
            broken = _topic(row, lesson, tables, windows)
        elif row.kind == "homework":
            broken = _homework(row, lesson, windows)
        else:
            broken = iter(())
            works[row.work] = row
        for clause, code, who in broken:
            found.append((clause, code, row.number, about, who))
    found += missing(tables, windows, at, topics, absent, marked, works)
    return sorted(found)


_Broken = Iterator[tuple[str, str, str]]


def _mark(
    row: Row,
    lesson: LessonRow,
    tables: Tables,
    windows: Windows,
    absent: dict[str, frozenset[str]],
) -> _Broken:
    pupil = row.pupil or ""
    if pupil not in tables.roll[lesson.day]:
        yield "integrity", "off-the-roll", pupil
    if row.value not in tables.scale:
        yield "integrity", "off-the-scale", pupil
    if row.mark_kind is None:
        yield "2.6", "no-kind", pupil
    else:
        family = tables.families[row.mark_kind]
        opens, closes = windows.of_mark(lesson, family)
        yield from _timing(windows.moment(row.at), opens, closes, _CLAUSES[family], pupil)
    if pupil in absent.get(row.lesson, ()):
        yield "2.5", "absent-at-lesson", pupil


def _timing(now: Any, opens: Any, closes: Any, clause: str, pupil: str) -> _Broken:
    if opens is not None and now < opens:
        yield clause, "before-open", pupil
    elif now >= closes:
        yield clause, "after-close", pupil


def _roll(row: Row, lesson: LessonRow, tables: Tables, windows: Windows) -> _Broken:
    roll = tables.roll[lesson.day]
    for pupil in row.absent:
        if pupil not in roll:
            yield "integrity", "off-the-roll", pupil
    opens, closes = windows.of_roll(lesson)
    yield from _timing(windows.moment(row.at), opens, closes, "2.9", "")


def _topic(row: Row, lesson: LessonRow, tables: Tables, windows: Windows) -> _Broken:
    ends = next(last for _, first, last in tables.periods if first <= lesson.day <= last)
    yield from _timing(windows.moment(row.at), None, windows.end_of(ends), "2.6", "")
    if not row.plan:
        yield "2.6", "no-plan-link", ""
    if is_empty(row.text):
        yield "2.6", "says-nothing", ""


def _homework(row: Row, lesson: LessonRow, windows: Windows) -> _Broken:
    yield from _timing(windows.moment(row.at), None, windows.of_homework(lesson), "2.7", "")
    if not row.manner:
        yield "2.7", "no-nature", ""
    if is_empty(row.text):
        yield "2.7", "says-nothing", ""


def is_empty(text: str) -> bool:
    """Whether a text says nothing."""
    return not text.strip() or text.strip().casefold() in _EMPTY


def missing(
    tables: Tables,
    windows: Windows,
    at: int,
    topics: set[str],
    absent: dict[str, frozenset[str]],
    marked: Marked,
    works: dict[str, Row],
) -> Iterator[Finding]:
    """Yield what is owed at *at* and is not there."""
    now = windows.moment(at)
    for id, lesson in tables.lessons.items():
        about = f"lesson:{id}"
        if id not in absent and now >= windows.of_roll(lesson)[1]:
            yield "2.9", "missing", 0, about, ""
        if id not in topics:
            ends = next(last for _, first, last in tables.periods if first <= lesson.day <= last)
            if now >= windows.end_of(ends):
                yield "2.6", "missing", 0, about, ""
    for work, row in works.items():
        lesson = tables.lessons[row.lesson]
        family = tables.families[row.mark_kind or ""]
        if now >= windows.of_mark(lesson, family)[1]:
            for pupil in tables.roll[lesson.day] - absent.get(row.lesson, frozenset()):
                if (row.lesson, pupil, row.mark_kind) not in marked:
                    yield _CLAUSES[family], "missing", 0, f"work:{work}", pupil
    for period, _, last in tables.periods:
        if now >= windows.end_of(last):
            for pupil in tables.roll[last]:
                yield "2.8", "missing", 0, f"period:{period}", pupil


def by_pydantic(
    rows: Iterable[Row], tables: Tables, windows: Windows, at: int
) -> Callable[[], list[Finding]]:
    """The same audit, each row validated by a pydantic model as it comes in."""
    from pydantic import BaseModel

    class Checked(BaseModel):
        number: int
        kind: str
        lesson: str
        pupil: str | None
        account: str
        at: int
        value: int | None
        mark_kind: str | None
        absent: tuple[str, ...]
        text: str
        manner: bool
        plan: bool
        work: str | None

    names, check = Row._fields, Checked.model_validate
    return lambda: walk(
        (check(dict(zip(names, row, strict=True))) for row in rows), tables, windows, at
    )
