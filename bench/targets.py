"""The targets that the project set itself, each held to what a run reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import partial
from statistics import median
from typing import Final

from attrs import evolve, frozen

from bench.figures import Figures, Row, Section
from bench.report import ratio, told


@frozen
class Target:
    """One way may take so many times as much as another, or so much by itself, and no more.

    Attributes:
        id: Its name.
        section: Section that measures it.
        ours: How the title of the way of edujournal begins.
        peer: How the title of the other begins; empty where a time or memory is asked for.
        most: Greatest ratio that is asked for, or seconds, or MiB.
        why: Section that shows where it goes, where the target may be missed.
    """

    id: str
    section: str
    ours: str
    peer: str
    most: float
    why: str = ""


_KEPT: Final = "edujournal: the same, by a kept Judge"
_WHOLE: Final = "edujournal: all rules, in columns, duckdb"
_POLARS: Final = "edujournal: all rules, in columns, polars"
_MEMORY: Final = "edujournal: a store in memory, all rules, {}"
_KINDS: Final = "edujournal: rules of {}, duckdb"
_COLUMNS: Final = "edujournal: InStore"
_RECORDED: Final = "edujournal: record_many on SQLite"
_FILED: Final = "edujournal: FileStore.append"
_MARKS: Final = "record on SQLite, marks"
_RESULTS: Final = "record on SQLite, results"
_SHEETS: Final = "{}, sheets kept"

_SERVED: Final = "edujournal: SqlStore.append on PostgreSQL"
_CROWD: Final = "edujournal: 32 writers in {}: {}"

_CROWDED: Final = tuple(
    target
    for store in ("files", "sqlite", "postgresql")
    for where in ("journals of one school", "schools of their own")
    for target in (
        Target("P4", f"writers-{store}", _CROWD.format(where, "an entry"),
               "edujournal: one writer", 1 / 3, f"writers-{store}"),
        Target("P4", f"writers-{store}", _CROWD.format(where, "99 of 100"), "", 0.005,
               f"writers-{store}"),
    )
)  # fmt: skip

TARGETS: Final = (
    Target("V1", "write", _KEPT, "floor", 3, "write-parts"),
    Target("V1", "write", _KEPT, "pydantic", 0.5, "write-parts"),
    Target("V1", "write", _KEPT, "business-rules", 1 / 25, "write-parts"),
    Target("V1", "write", _KEPT, "rule-engine", 1 / 45, "write-parts"),
    Target("A1", "memory", _MEMORY.format("in columns, Polars"), "floor", 4, "memory-parts"),
    Target("A1", "memory", _MEMORY.format("entry by entry"), "floor", 4, "memory-parts"),
    Target("A2", "lake", _WHOLE, "its columns read", 2, "phases"),
    Target("A2", "lake", _WHOLE, "one statement of SQL", 1, "phases"),
    Target("A2", "lake", _POLARS, "one expression", 1, "phases"),
    Target("A3", "phases", "what rules say", "edujournal: all of it", 0.15, "phases"),
    Target("A4", "lake", _WHOLE, "a loop, zoneinfo", 1 / 15, "phases"),
    Target("A4", "lake", _WHOLE, "a loop over pydantic", 1 / 25, "phases"),
    Target("A4", "lake", _WHOLE, "a loop, pendulum", 1 / 80, "phases"),
    Target("A4", "lake", _WHOLE, "rules of business-rules", 1 / 250, "phases"),
    Target("A4", "lake", _WHOLE, "rules of rule-engine", 1 / 400, "phases"),
    Target("A4", "lake", _WHOLE, "a schema of pandera", 1 / 3, "phases"),
    Target("A4", "lake", _WHOLE, "a suite of Great Expectations", 1 / 20, "phases"),
    *(
        Target("A5", "peak", f"edujournal: {engine}, {schools}", "", 300, "peak")
        for engine in ("duckdb", "polars")
        for schools in ("one school", "several schools", "one great school")
    ),
    Target("A6", "join", "edujournal: the plan on DuckDB", "DuckDB", 1.4),
    Target("A6", "join", "edujournal: the plan on Polars", "Polars", 1.3),
    Target("A6", "join", "edujournal: the plan on Spark", "Spark", 1.3),
    Target("A7", "scan", _COLUMNS, "its rows as an Arrow table", 1.3, "scan-parts"),
    Target("A7", "scan-postgresql", _COLUMNS, "its rows as an Arrow table", 1.3, "scan-parts"),
    Target("A8", "kinds", _KINDS.format("all kinds"), _KINDS.format("time alone"), 3, "phases"),
    Target("P1", "append", _RECORDED, "SQLAlchemy Core", 1 / 0.85, "append-parts"),
    Target("P1", "append", _RECORDED, "eventsourcing", 1 / 1.3, "append-parts"),
    Target("P2", "append", _FILED, "pwrite", 1 / 0.85, "files-parts"),
    Target("P2", "append100", _FILED, "pwrite", 1 / 0.5, "files100-parts"),
    Target("P3", "postgresql", _SERVED, "psycopg, one statement", 1 / 0.7, "postgresql-parts"),
    Target("P3", "postgresql100", _SERVED, "psycopg, one statement", 1 / 0.7, "postgresql-parts"),
    *_CROWDED,
    Target("R1", "page", "edujournal: Journals.entries", "rows as tuples", 2.5, "page-parts"),
    Target("J1", "live", "journals.live.sheet, classes: 1", "", 1e-6, "live-parts"),
    Target("J1", "kept", _SHEETS.format(_MARKS), _MARKS, 1.15, "kept-parts"),
    Target("J1", "kept", _SHEETS.format(_RESULTS), _RESULTS, 1.15, "kept-parts"),
    Target("J1", "sheets", "edujournal: out of books", "numpy", 2, "sheets-parts"),
    Target("import", "start", "edujournal: import edujournal", "import attrs", 1.5),
    Target("command", "command", "edujournal --version", "", 0.3, "command"),
    Target("command", "command", "edujournal explain", "", 0.3, "command"),
    Target("command", "command", "edujournal verify", "", 0.3, "command"),
    Target("S1", "dump", "edujournal: BookAct.record", "pydantic", 1, "dump-parts"),
    Target("S1", "load", "edujournal: entry_of", "pydantic", 1.2, "load-parts"),
)


def _ratio(value: float) -> str:
    """A ratio, one that is far below 1 with three digits that mean something."""
    return f"{value:.3g}" if value < 0.1 else ratio(value)


def _row(section: Section, begins: str) -> Row:
    found = next((row for row in section.rows if row.title.startswith(begins)), None)
    if found is None:
        raise ValueError(f"section {section.name}: no way begins with {begins!r}")
    return found


@frozen
class Held:
    """A target, and what became of it.

    Attributes:
        id: Its name.
        what: The two ways, or the one.
        asked: What is asked.
        reached: What was reached.
        met: Whether it is met.
        why: Title of the section that shows what stands in the way; empty where none was measured.
        section: Title of the section that measures it.
    """

    id: str
    what: str
    asked: str
    reached: str
    met: bool
    why: str
    section: str


def held(figures: Figures) -> list[Held]:
    """What became of each target that was measured; where two tables have the same, with the section's title.

    Raises:
        ValueError: A section has no way of the title that a target names.
    """
    found = list(_held({section.name: section for section in figures.sections}))
    where: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in found:
        where[one.id, one.what].add(one.section)
    return [
        one if len(where[one.id, one.what]) == 1 else evolve(one, what=f"{one.section}: {one.what}")
        for one in found
    ]


def _held(sections: Mapping[str, Section]) -> Iterator[Held]:
    for one in TARGETS:
        section = sections.get(one.section)
        if section is None or not section.rows:
            continue
        ours = _row(section, one.ours)
        what = ours.title.removeprefix("edujournal: ")
        shown = _ratio
        if one.peer:
            peer = _row(section, one.peer)
            ratio_of = ours.over(peer)
            if ratio_of is None:
                continue
            what = f"{what} ÷ {peer.title.removeprefix('edujournal: ')}"
            reached = ratio_of.middle
        elif ours.values:
            reached, shown = median(ours.values), partial(told, measure=section.measure)
        else:
            continue
        met = reached <= one.most
        why = sections.get(one.why)
        yield Held(
            one.id, what, f"≤ {shown(one.most)}", shown(reached), met,
            "" if met or why is None else why.title, section.title,
        )  # fmt: skip
