"""``python -m bench.large --lake DIR``: a made region audited as a whole, held to its truth, and measured."""

from __future__ import annotations

import argparse
import json
import resource
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final

import pyarrow.parquet as pq

from bench.measure import tell
from edujournal.adapters.engines import engine
from edujournal.adapters.exchange.lake import InLake, Lake, findings_file
from edujournal.model.time import parse_instant
from edujournal.regions.bulk import Report
from edujournal.regions.mapping import audit_by_school
from edujournal.rules.verdicts import Finding

#: Fields of a finding that the truth tells as well.
FIELDS: Final = (
    "school", "regulation", "clause", "code", "outcome", "severity", "book", "about", "record",
    "pupil", "by", "entry",
)  # fmt: skip

#: Schools of a country such as Russia, for which it is reckoned on.
COUNTRY: Final = 40_000


def rows(file: Path) -> list[str]:
    """The findings of a file, in one order."""
    table = pq.read_table(file, columns=list(FIELDS))
    columns = [table.column(name).to_pylist() for name in FIELDS]
    return sorted(map(repr, zip(*columns, strict=True)))


def audit(
    lake: Path, at: int, workers: int, name: str, out: Path, first: int | None = None
) -> dict[str, Any]:
    """Audit the schools of a lake, or the first of them, school by school in processes.

    Returns:
        What there was, seconds, seconds of each tenth of the schools, and memory in MiB: no more than
        that of the process that collects with that of all workers at their greatest.
    """
    schools, report = Lake(lake).schools()[:first], Report()
    done: list[float] = []
    begun = perf_counter()
    found = 0
    with (
        findings_file(out) as put,
        ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool,
    ):
        for source, findings in _findings(schools, at, pool, report, name, workers):
            put(source.region, source.id, findings)
            found += len(findings)
            done.append(perf_counter() - begun)
            tell(f"{len(done)} of {len(schools)} schools, {done[-1]:.0f} s")
    tell("")
    mine, greatest = (
        resource.getrusage(who).ru_maxrss / 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    seconds = done[-1]
    tenth = max(1, len(done) // 10)
    marks = [0.0, *done[tenth - 1 :: tenth]]
    return {
        "schools": len(schools), "entries": report.entries, "findings": found, "engine": name,
        "workers": workers, "seconds": round(seconds),
        "seconds_a_school": round(seconds / len(done), 2),
        "seconds_a_school_by_tenths": [
            round((later - sooner) / tenth, 2)
            for sooner, later in pairwise(marks)
        ],
        "mib_at_most": round(mine + workers * greatest),
        "judged": report.judged, "opened": report.opened, "books": report.books,
        "obstacles": len(report.obstacles),
        "core_hours_of_40000_schools": round(workers * seconds / len(done) * COUNTRY / 3600),
    }  # fmt: skip


def _findings(
    schools: Sequence[InLake], at: int, pool: Any, report: Report, name: str, workers: int
) -> Iterator[tuple[InLake, list[Finding]]]:
    return audit_by_school(schools, at, pool, report, partial(engine, name), 2 * workers)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks for; 1 where the findings are not the truth."""
    parser = argparse.ArgumentParser("python -m bench.large", description=__doc__)
    parser.add_argument("--lake", type=Path, required=True, help="made by edujournal generate")
    parser.add_argument(
        "--at", type=parse_instant, required=True, help="moment that generate tells"
    )
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--engine", default="duckdb")
    parser.add_argument("--first", type=int, help="so many schools only")
    asked = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        out = Path(folder) / "findings.parquet"
        told = audit(asked.lake, asked.at, asked.workers, asked.engine, out, asked.first)
        truth = rows(asked.lake / "truth.parquet")
        if asked.first is not None:
            names = [repr(one.id) for one in Lake(asked.lake).schools()[: asked.first]]
            truth = [one for one in truth if one.startswith(tuple(f"({name}," for name in names))]
        told["equals_the_truth"] = rows(out) == truth
    print(json.dumps(told, indent=1))
    return 0 if told["equals_the_truth"] else 1


if __name__ == "__main__":
    sys.exit(main())
