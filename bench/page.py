"""The page of the documentation that tells what was measured: ratios only, and where a peer is faster."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Final

from bench.figures import MEMORY, Figures, Row, Section
from bench.report import ratio, shown
from bench.targets import held

#: Where the page lies, seen from the project's root.
PAGE: Final = Path("docs") / "explanation" / "performance.md"

#: What stands before the figures.
_HEAD: Final = Path(__file__).with_name("page_head.md")

_TAIL: Final = """
Back to the [explanation](index.md).
"""


def page(figures: Figures) -> str:
    """The page as Markdown."""
    head = _HEAD.read_text("utf-8")
    return head + "".join(f"{line}\n" for line in _body(figures)) + _TAIL


def _body(figures: Figures) -> Iterator[str]:
    if figures.quick:
        yield ""
        yield "These figures are of a quick run and rough."
    for section in figures.sections:
        yield ""
        yield from _section(section)
    yield from _targets(figures)
    yield ""
    yield "## Measured with"
    yield ""
    yield ", ".join(f"{name} {found}" for name, found in figures.versions.items()) + "."


def _targets(figures: Figures) -> Iterator[str]:
    rows = held(figures)
    if not rows:
        return
    yield ""
    yield "## Targets"
    yield ""
    yield "What the project asked of itself before it was built, from prototypes that did a part of the work."
    yield "Where a target is missed, the table that is named beside it shows what stands in the way."
    yield ""
    yield _row(["target", "way ÷ way", "asked", "reached", "met", "what stands in the way"])
    yield _row(["---", "---", "--:", "--:", "---", "---"])
    for one in rows:
        met = "yes" if one.met else "no"
        yield _row([one.id, one.what, one.asked, one.reached, met, one.why])


def _section(section: Section) -> Iterator[str]:
    letters = {row.title: letter for letter, row in section.ours}
    yield f"## {section.title}"
    yield ""
    if section.rows:
        more = ["MiB"] if section.measure == MEMORY else []
        heads = ["", "way", *more, "× first", *(f"{letter} ÷ this" for letter in letters.values())]
        yield _row(heads)
        yield _row(["---", "---", *("--:" for _ in heads[2:])])
        for row in section.rows:
            yield _row([letters.get(row.title, ""), row.title, *_cells(row, section)])
        yield ""
    if section.compared and any(not row.ours for row in section.rows):
        yield _verdict(section)
    yield from section.notes


def _cells(row: Row, section: Section) -> list[str]:
    if row.missing:
        return ["not installed", *("" for _ in section.ours)]
    # Memory is the library's, whatever the computer: it may be told as it is.
    size = [ratio(median(row.values))] if section.measure == MEMORY else []
    return [
        *size,
        shown(row.over(section.yardstick), spread=row is not section.yardstick),
        *("" if mine is row else shown(mine.over(row)) for _, mine in section.ours),
    ]


def _verdict(section: Section) -> str:
    """Who is faster than every letter, who than none, in one sentence each."""
    faster: list[str] = []
    slower: list[str] = []
    between: list[str] = []
    for row in section.rows:
        if row.ours or row.missing:
            continue
        found = [mine.over(row) for _, mine in section.ours]
        above = [one is not None and one.middle > 1 for one in found]
        (faster if all(above) else between if any(above) else slower).append(row.title)
    told = []
    if faster:
        told.append(f"**Faster than edujournal**: {'; '.join(faster)}.")
    if between:
        told.append(f"**Faster than some of its ways, slower than others**: {'; '.join(between)}.")
    if slower:
        told.append(f"**Slower than edujournal**: {'; '.join(slower)}.")
    return "\n".join(told)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
