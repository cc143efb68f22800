"""Tables of figures as plain text: those of one run, and two runs compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from bench.figures import MEMORY, Figures, Ratio, Row, Section

_SCALES = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))


def table(figures: Figures) -> Iterator[str]:
    """Yield the lines that tell what one run measured."""
    yield ", ".join(f"{name} {found}" for name, found in figures.versions.items())
    yield (
        "Ratios are medians of rounds taken in turns, compared round by round, with (least–most);"
        " times are of this run only. Below 1 in “A ÷ this” means that A takes less."
    )
    if figures.quick:
        yield "A quick run: the figures are rough."
    for section in figures.sections:
        yield ""
        yield from _section(section)


def _section(section: Section) -> Iterator[str]:
    ours = section.ours
    letters = {row.title: letter for letter, row in ours}
    if not section.rows:
        yield section.title
        yield from (f"   {note}" for note in section.notes)
        return
    lines = [["", section.title, f"per {section.unit}", "× first"]]
    lines[0] += [f"{letter} ÷ this" for letter, _ in ours]
    lines += [
        [letters.get(row.title, ""), row.title, *_cells(row, section)] for row in section.rows
    ]
    yield from _aligned(lines)
    for note in section.notes:
        yield f"   {note}"


def _cells(row: Row, section: Section) -> list[str]:
    if row.missing:
        return [f"not installed: {row.missing}", "", *("" for _ in section.ours)]
    return [
        told(median(row.values), section.measure),
        shown(row.over(section.yardstick), spread=row is not section.yardstick),
        *("" if mine is row else shown(mine.over(row)) for _, mine in section.ours),
    ]


def compared(new: Figures, old: Figures) -> Iterator[str]:
    """Yield the lines that compare two runs by their ratios: times of two runs are not comparable."""
    yield "Each way × the first of its section: now, then, and now ÷ then."
    before = {section.title: section for section in old.sections}
    for section in new.sections:
        yield ""
        was = before.get(section.title)
        if not section.rows:
            continue
        lines = [["", section.title, "now", "then", "now ÷ then"]]
        letters = {row.title: letter for letter, row in section.ours}
        for row in section.rows:
            now = row.over(section.yardstick)
            then = _then(row.title, section, was)
            change = "" if now is None or then is None else ratio(now.middle / then.middle)
            lines.append([letters.get(row.title, ""), row.title, shown(now), shown(then), change])
        yield from _aligned(lines)
        if was is None:
            yield "   not measured then"


def _then(title: str, section: Section, was: Section | None) -> Ratio | None:
    """The ratio of the same way to the same yardstick in the earlier run."""
    rows = {} if was is None else {row.title: row for row in was.rows}
    yardstick = rows.get(section.yardstick.title)
    return None if title not in rows or yardstick is None else rows[title].over(yardstick)


def told(value: float, measure: str) -> str:
    """A figure with the unit of what was measured."""
    return f"{ratio(value)} MiB" if measure == MEMORY else duration(value)


def duration(seconds: float) -> str:
    """A duration with three digits and its unit."""
    size, unit = next((pair for pair in _SCALES if seconds >= pair[0]), _SCALES[-1])
    return f"{ratio(seconds / size)} {unit}"


def ratio(value: float) -> str:
    """A ratio with as many digits as mean something."""
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def shown(found: Ratio | None, *, spread: bool = False) -> str:
    """A ratio, with the least and the greatest of its rounds where asked."""
    if found is None:
        return "–"
    around = f" ({ratio(found.least)}–{ratio(found.most)})" if spread else ""
    return ratio(found.middle) + around


def _aligned(lines: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    for number, line in enumerate(lines):
        cells = [
            cell.ljust(width) if place < 2 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()
        if number == 0:
            yield "  ".join("-" * width for width in widths)
