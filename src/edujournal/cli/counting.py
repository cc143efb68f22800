"""``edujournal statistics``: shares and means as a table, or as JSON Lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from rich import box
from rich.table import Table

from edujournal.cli.options import Place, Shown, moment
from edujournal.cli.printing import Printer
from edujournal.cli.reading import echo
from edujournal.cli.stores import opened
from edujournal.ports import Directory
from edujournal.rules.numbers import written
from edujournal.views.counts import STANDINGS, Row
from edujournal.views.statistics import Statistics

#: What the directory calls what stands along a dimension.
_NOUNS = {"pupil": "pupil", "class": "group", "subject": "subject", "teacher": "account"}


def statistics(
    place: Place,
    shown: Shown,
    by: Sequence[str],
    periods: Sequence[str],
    stage: str | None,
    groups: Sequence[str],
    year: str | None,
    at: str | None,
) -> int:
    """Show statistics."""
    printer, asked = Printer(shown), moment(at)
    with opened(place) as there:
        looked = there.journals.now() if asked is None else asked
        found = there.journals.statistics(
            by, periods=periods or None, stage=stage, groups=groups or None, year=year, at=looked
        )
        echo(printer, there.facts, looked)
        if printer.json:
            for row in (*found.rows, found.total):
                printer.line(_values(row, found))
        else:
            printer.show(_table(printer, found, there.school))
    return 0


def _values(row: Row, found: Statistics) -> dict[str, Any]:
    """A row with exact numbers; the total has an empty key."""
    results, attended = row.results, row.attendance
    return {
        "by": dict(zip(found.by, row.key, strict=False)),
        "year": found.year,
        "periods": list(found.periods),
        "stage": found.stage,
        "results": results.counted,
        "exempt": results.exempt,
        "missing": results.missing,
        "values": dict(results.values),
        "success": _exact(results.success),
        "quality": _exact(results.quality),
        "learning": _exact(results.learning),
        "mean": _exact(results.mean),
        "marks": row.marks.count,
        "marks_mean": _exact(row.marks.mean),
        "pupils": {name: row.pupils.get(name, 0) for name in STANDINGS},
        "lessons": attended.lessons,
        "untaken": attended.untaken,
        "missed": attended.missed,
        "unexcused": attended.unexcused,
        "late": attended.late,
        "attended": _exact(attended.share),
    }


def _exact(number: Fraction | None) -> str | None:
    return None if number is None else written(number)


def _table(printer: Printer, found: Statistics, names: Directory) -> Table:
    say = printer.say
    table = Table(box=box.SIMPLE_HEAD, padding=0, show_edge=False, show_footer=True)
    for place, one in enumerate(found.by):
        table.add_column(say(f"by_{one}"), footer=say("total") if place == 0 else "")
    columns = ("results", "success", "quality", "learning", "mean", "marks_mean", "attended",
               "missing", "exempt")  # fmt: skip
    totals = _cells(printer, found.total)
    for name, total in zip(columns, totals, strict=True):
        table.add_column(say(f"stat_{name}"), footer=total, justify="right", no_wrap=True)
    for row in found.rows:
        keys = [_named(one, key, names) for one, key in zip(found.by, row.key, strict=True)]
        table.add_row(*keys, *_cells(printer, row))
    return table


def _cells(printer: Printer, row: Row) -> tuple[str, ...]:
    results, share = row.results, row.attendance.share
    return (
        str(results.counted),
        printer.number(results.success, 1),
        printer.number(results.quality, 1),
        printer.number(results.learning, 1),
        printer.number(results.mean, 2),
        printer.number(row.marks.mean, 2),
        printer.number(None if share is None else share * 100, 1),
        str(results.missing),
        str(results.exempt),
    )


def _named(dimension: str, key: str, names: Directory) -> str:
    if not key:
        return "–"
    noun = _NOUNS.get(dimension)
    return key if noun is None else names.name(noun, key, date.max)
