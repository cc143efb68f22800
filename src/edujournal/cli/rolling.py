"""``edujournal report --lake``: the findings of a region rolled up, as rows or as an HTML page."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from edujournal.adapters.exchange.lake import InLake
from edujournal.cli.lake_audits import findings_of, mapped, moment_or_now, schools_of, starts
from edujournal.cli.lines import line
from edujournal.cli.options import PlaceOrLake, Shown
from edujournal.cli.printing import Printer
from edujournal.cli.regional import say_report
from edujournal.errors import BadInput
from edujournal.regions.bulk import Report
from edujournal.regions.rolling import (
    RollUp,
    SchoolTally,
    Tally,
    TallyLine,
    tally_findings,
    tally_school,
)
from edujournal.rules.numbers import shown as rounded
from edujournal.rules.numbers import written
from edujournal.rules.verdicts import Outcome
from edujournal.synced_files import written_beside

#: Outcomes that have a column of their own.
OUTCOMES: Final = (
    Outcome.LATE, Outcome.MISSING, Outcome.BROKEN, Outcome.EARLY, Outcome.UNDECIDABLE,
)  # fmt: skip

#: Findings that are kept for each clause and account of a school, for the page.
_KEEP: Final = 1


def roll_up(
    out: Path,
    place: PlaceOrLake,
    shown: Shown,
    *,
    heading: str,
    keep: int | None,
    at: str | None,
    statistics: bool,
) -> int:
    """Audit the schools of a lake, and write what was found in sums."""
    printer, looked = Printer(shown), moment_or_now(at)
    kind = out.suffix.lower()
    if kind not in (".html", ".htm", ".csv", ".jsonl"):
        raise BadInput(
            "no form of report", where="--out", expected="NAME.html, NAME.csv or NAME.jsonl",
            found=str(out),
        )  # fmt: skip
    sources, report, rolled = schools_of(place), Report(), RollUp()
    tallies = _tallies(
        sources, looked, place, report, _KEEP if keep is None else keep, statistics=statistics
    )
    put = _written if kind in (".csv", ".jsonl") else _page
    with put(out, shown, heading, looked) as (each, last):
        for source, one in tallies:
            rolled.add(one)
            each(source, one)
        last(rolled)
    told = rolled.total.findings
    if printer.json:
        printer.line(
            {
                "file": str(out), "schools": rolled.total.schools, "findings": told,
                "entries": rolled.total.entries,
            }
        )  # fmt: skip
    say_report(printer, report, looked, told)
    return 0


def _tallies(
    sources: Sequence[InLake],
    at: int,
    place: PlaceOrLake,
    report: Report,
    keep: int,
    *,
    statistics: bool,
) -> Iterator[tuple[InLake, SchoolTally]]:
    if place.workers == 1:
        for source, findings in findings_of(sources, at, place, report):
            yield source, tally_findings(source, findings, at, keep, statistics=statistics)
        return
    start = starts(place)
    more = (at, start, keep, statistics)
    for source, (one, how) in mapped(tally_school, sources, place.workers, *more):
        report.add(how)
        yield source, one


_Each = Callable[[InLake, SchoolTally], None]
_Last = Callable[[RollUp], None]


@contextmanager
def _written(out: Path, shown: Shown, heading: str, at: int) -> Iterator[tuple[_Each, _Last]]:
    """Rows, written school by school as they come, those above schools at the end."""
    del shown, heading, at  # rows are for programs
    with written_beside(out) as part, part.open("w", encoding="utf-8", newline="") as stream:
        if out.suffix.lower() == ".csv":
            header = values(TallyLine(level="", region="", tally=Tally()))
            table = csv.DictWriter(stream, list(header))
            table.writeheader()

            def put(one: TallyLine) -> None:
                table.writerow(values(one))
        else:

            def put(one: TallyLine) -> None:
                stream.write(line(values(one)) + "\n")

        def each(source: InLake, one: SchoolTally) -> None:
            del source
            for row in one.lines():
                put(row)

        def last(rolled: RollUp) -> None:
            for row in rolled.lines():
                put(row)

        yield each, last


@contextmanager
def _page(out: Path, shown: Shown, heading: str, at: int) -> Iterator[tuple[_Each, _Last]]:
    """A page, made when all schools have come."""
    from edujournal.adapters.documents.report import write_region_report
    from edujournal.regions.region_report import RegionReporting

    reporting = RegionReporting(shown.lang, heading, at)

    def each(source: InLake, one: SchoolTally) -> None:
        reporting.add(one, source.data, source.regulations)

    def last(rolled: RollUp) -> None:
        part.write_bytes(write_region_report(reporting.report(rolled)).encode())

    with written_beside(out) as part:
        yield each, last


def values(one: TallyLine) -> dict[str, Any]:
    """A line with exactly the fields that the manual lists; shares and means in exact numbers."""
    tally, counts = one.tally, one.tally.counts
    results = None if counts is None else counts.results
    per = tally.per_thousand
    return {
        "level": one.level,
        "region": one.region,
        "municipality": one.municipality,
        "school": one.school,
        "key": one.key,
        "schools": tally.schools,
        "entries": tally.entries,
        "findings": tally.findings,
        "breaches": tally.sums.breaches,
        **{str(outcome): tally.sums.of(outcome) for outcome in OUTCOMES},
        "breaches_per_1000": None if per is None else rounded(per, 3),
        **{f"late_{name}": n for name, n in zip(_DELAYS, tally.sums.delays, strict=True)},
        "results": None if results is None else results.counted,
        "success": None if results is None else _exact(results.success),
        "quality": None if results is None else _exact(results.quality),
        "mean": None if results is None else _exact(results.mean),
        "attended": None if counts is None else _exact(counts.attendance.share),
    }


#: Names of the columns of delays, by their ends in hours.
_DELAYS: Final = ("1h", "6h", "24h", "72h", "168h", "720h", "longer")


def _exact(number: Fraction | None) -> str | None:
    return None if number is None else written(number)
