"""The page of a report for a region: sums, and school by school what lies behind them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from edujournal.adapters.documents.report.charts import bars
from edujournal.adapters.documents.report.page import delay_rows, embedded, render
from edujournal.papers.head_report import COLUMNS
from edujournal.regions.region_report import RegionReport, UnitLine

#: Bars of a chart: more would not be read.
_MOST: Final = 20


def write_region_report(report: RegionReport) -> str:
    """Write a report for a region as one HTML file that asks for no other and no network.

    Args:
        report: The report.

    Raises:
        MissingExtra: jinja2 or Vega-Lite is not installed.

    *Version added: 0.1.*
    """
    delays = delay_rows(report.words, report.total.sums.delays)
    worst = _worst(report.municipalities or report.schools)
    words = {
        name: report.word(name)
        for name in ("class", "teacher", "entries", "per_thousand", "findings", "none",
                     *map(str, COLUMNS))
    }  # fmt: skip
    return render(
        "region",
        embedded({**report.data, "language": report.language, "words": words}),
        {
            "delays": bars(delays, report.note("late_chart")) if delays else "",
            "worst": bars(
                [(name, float(per)) for name, per in worst],
                report.note("municipality_chart"),
                [report.number(per) for _, per in worst],
            )
            if worst
            else "",
        },
        report=report,
        word=report.word,
        note=report.note,
        number=report.number,
        columns=COLUMNS,
        delay_rows=delays,
        counted=any(one.tally.counts is not None for one in report.schools),
    )


def _worst(units: Sequence[UnitLine]) -> list[tuple[str, Fraction]]:
    """The units with the most breaches for each thousand entries, those first."""
    found = [(one.name, one.tally.per_thousand) for one in units]
    return [(name, per) for name, per in found if per][:_MOST]
