"""The targets that the project set itself, each held to what a run reached."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from typing import Final

from attrs import frozen

from bench.figures import Figures, Row, Section
from bench.report import duration, ratio


@frozen
class Target:
    """One way may take so many times as long as another, or so many seconds, and no longer.

    Attributes:
        id: Its name.
        section: Section that measures it.
        ours: How the title of the way of edujournal begins.
        peer: How the title of the other begins; empty where a time is asked for.
        most: Greatest ratio that is asked for, or seconds.
    """

    id: str
    section: str
    ours: str
    peer: str
    most: float


_KEPT: Final = "edujournal: the same, by a kept Judge"
_WHOLE: Final = "edujournal: all rules, in columns, duckdb"
_SHEETS: Final = "record on SQLite, {}"

TARGETS: Final = (
    Target("V1", "write", _KEPT, "floor", 3),
    Target("V1", "write", _KEPT, "pydantic", 0.5),
    Target("V1", "write", _KEPT, "business-rules", 1 / 25),
    Target("V1", "write", _KEPT, "rule-engine", 1 / 45),
    Target("A2", "lake", _WHOLE, "its columns read", 2),
    Target("A2", "lake", _WHOLE, "one statement of SQL", 1),
    Target("A2", "lake", "edujournal: all rules, in columns, polars", "one expression", 1),
    Target("A3", "phases", "what rules say", "edujournal: all of it", 0.15),
    Target("A4", "lake", _WHOLE, "a loop, zoneinfo", 1 / 15),
    Target("A4", "lake", _WHOLE, "a loop over pydantic", 1 / 25),
    Target("A4", "lake", _WHOLE, "a loop, pendulum", 1 / 80),
    Target("A4", "lake", _WHOLE, "rules of business-rules", 1 / 250),
    Target("A4", "lake", _WHOLE, "rules of rule-engine", 1 / 400),
    Target("A4", "lake", _WHOLE, "a schema of pandera", 1 / 3),
    Target("A4", "lake", _WHOLE, "a suite of Great Expectations", 1 / 20),
    Target("A6", "join", "edujournal: the plan on DuckDB", "DuckDB", 1.4),
    Target("A6", "join", "edujournal: the plan on Polars", "Polars", 1.3),
    Target("A6", "join", "edujournal: the plan on Spark", "Spark", 1.3),
    Target("A7", "scan", "edujournal: InStore", "its rows as an Arrow table", 1.3),
    Target("P1", "append", "edujournal: record_many on SQLite", "SQLAlchemy Core", 1 / 0.85),
    Target("P1", "append", "edujournal: record_many on SQLite", "eventsourcing", 1 / 1.3),
    Target("P2", "append", "edujournal: FileStore.append", "pwrite", 1 / 0.85),
    Target("P2", "append100", "edujournal: FileStore.append", "pwrite", 1 / 0.5),
    Target("R1", "page", "edujournal: Journals.entries", "rows as tuples", 2.5),
    Target("J1", "live", "journals.live.sheet, classes: 1", "", 1e-6),
    Target("J1", "kept", _SHEETS.format("marks, sheets kept"), _SHEETS.format("marks"), 1.15),
    Target("J1", "kept", _SHEETS.format("results, sheets kept"), _SHEETS.format("results"), 1.15),
    Target("J1", "sheets", "edujournal: out of books", "numpy", 2),
    Target("import", "start", "edujournal: import edujournal", "import attrs", 1.5),
    Target("command", "command", "edujournal --version", "", 0.3),
    Target("command", "command", "edujournal explain", "", 0.3),
    Target("command", "command", "edujournal verify", "", 0.3),
    Target("S1", "dump", "edujournal: BookAct.record", "pydantic", 1),
    Target("S1", "load", "edujournal: entry_of", "pydantic", 1.2),
)


def _ratio(value: float) -> str:
    """A ratio, one that is far below 1 with three digits that mean something."""
    return f"{value:.3g}" if value < 0.1 else ratio(value)


def _row(section: Section, begins: str) -> Row:
    found = next((row for row in section.rows if row.title.startswith(begins)), None)
    if found is None:
        raise ValueError(f"section {section.name}: no way begins with {begins!r}")
    return found


def held(figures: Figures) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield for each target that was measured: name, the two ways, what is asked, reached, and whether met.

    Raises:
        ValueError: A section has no way of the title that a target names.
    """
    sections = {section.name: section for section in figures.sections}
    for one in TARGETS:
        section = sections.get(one.section)
        if section is None:
            continue
        ours = _row(section, one.ours)
        what = ours.title.removeprefix("edujournal: ")
        if one.peer:
            peer = _row(section, one.peer)
            found, shown = ours.over(peer), _ratio
            if found is None:
                continue
            what, reached = f"{what} ÷ {peer.title}", found.middle
        else:
            reached, shown = median(ours.seconds), duration
        met = "yes" if reached <= one.most else "no"
        yield one.id, what, f"≤ {shown(one.most)}", shown(reached), met
