"""Import the results of the Open University into journals, and audit when they were handed in."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from to_csv_set import Source, write

import edujournal as ej
from edujournal.adapters.exchange.csvset import commit, plan_import

#: Each asks for the due day and some days more; the first is the one that the journals are kept under.
REGULATIONS = tuple(
    str(Path(__file__).with_name("regulations") / f"oulad-{days}.toml") for days in (0, 3, 10)
)

#: What a result is called that meets the first regulation, only the second, only the third, or none.
BUCKETS = ("on_time", "late_1_3", "late_4_10", "late_over_10")


@dataclass
class Figures:
    """What came of it; the first seven are counted from the findings of the audit.

    Attributes:
        results: Results, with a score or without.
        banked: Results of an earlier attempt, which have no term.
        on_time: Handed in on the due day or before.
        late_1_3: One to three days later.
        late_4_10: Four to ten days later.
        late_over_10: Still later.
        undecidable: Results of works whose due day is not known.
        import_seconds: What reading, judging and recording took.
        audit_seconds: What the audit under three regulations took.
        peak_mib: Greatest memory of the process; None where the system does not tell.
    """

    results: int
    banked: int
    on_time: int
    late_1_3: int
    late_4_10: int
    late_over_10: int
    undecidable: int
    import_seconds: float = 0.0
    audit_seconds: float = 0.0
    peak_mib: int | None = None


def bring_in(source: Source, store: str) -> ej.Journals:
    """Import *source* by way of a journal CSV set, and open its journals under all regulations."""
    with TemporaryDirectory(prefix="oulad-") as folder:
        write(source, Path(folder))
        plan = plan_import(folder, REGULATIONS[0])
        school = plan.files().importing_school
        journals = ej.open(store, school=school, regulation=plan.regulations)
        report = commit(journals, plan)
    print(f"  {report.recorded:,} rows recorded, {report.repeated:,} recorded before")
    return ej.open(store, school=school, regulation=REGULATIONS)


def verdicts(journals: ej.Journals) -> Iterator[str]:
    """What the audit says of each result, by the names of :class:`Figures`."""
    ids = [regulation.id for regulation in journals.regulations]
    findings = journals.audit(everything=True)
    for (_, entry), found in groupby(findings, key=lambda one: (one.book, one.entry)):
        some = list(found)
        if entry is not None and some[0].record in ("mark", "marker"):
            yield verdict(ids, some)


def verdict(ids: list[str], findings: Iterable[ej.Finding]) -> str:
    """What the findings about one result come to.

    Args:
        ids: Regulations, the strictest first.
        findings: What each of them says.
    """
    outcomes = {one.regulation: one.outcome for one in findings if one.code == "after-close"}
    if not outcomes:
        return "banked"
    if ej.Outcome.UNDECIDABLE in outcomes.values():
        return "undecidable"
    met = [outcomes[id] is ej.Outcome.MET for id in ids]
    # Who meets a shorter term meets every longer one.
    assert met == sorted(met)
    return BUCKETS[met.count(False)]


def peak_mib() -> int | None:
    """Greatest memory that this process has had, in MiB."""
    try:
        import resource
    except ImportError:
        return None  # Windows
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit // 2**20


def run(source: Source, store: str) -> Figures:
    """Import, audit, count; tell the way of it."""
    print("importing …", flush=True)
    began = time.perf_counter()
    journals = bring_in(source, store)
    imported = time.perf_counter()
    print(f"  {imported - began:.1f} s\nauditing …", flush=True)
    count = Counter(verdicts(journals))
    audited = time.perf_counter()
    print(f"  {audited - imported:.1f} s")
    return Figures(
        results=count.total(),
        banked=count["banked"],
        on_time=count["on_time"],
        late_1_3=count["late_1_3"],
        late_4_10=count["late_4_10"],
        late_over_10=count["late_over_10"],
        undecidable=count["undecidable"],
        import_seconds=round(imported - began, 1),
        audit_seconds=round(audited - imported, 1),
        peak_mib=peak_mib(),
    )


def main(arguments: list[str]) -> int:
    """Do it all and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the three files")
    parser.add_argument("--store", help="where the books are kept; a temporary file by default")
    parser.add_argument("--modules", default="", metavar="CODES",
                        help="only these modules, such as AAA,GGG; all by default")  # fmt: skip
    parser.add_argument("--limit", type=int, help="only about so many results")
    parser.add_argument("--later", type=int, default=0, metavar="DAYS",
                        help="let every presentation begin later; it changes no figure")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    told = parser.parse_args(arguments)
    source = Source(
        told.data, told.modules.split(",") if told.modules else (), told.limit, told.later
    )
    if source.unknown:
        parser.error(f"no such module: {', '.join(source.unknown)}")
    with TemporaryDirectory(prefix="oulad-") as folder:
        figures = run(source, told.store or f"sqlite:///{folder}/oulad.db")
    timed = figures.results - figures.banked
    print(f"{figures.results:,} results, {figures.banked:,} of an earlier attempt; of the others")
    for name in (*BUCKETS, "undecidable"):
        number: int = getattr(figures, name)
        print(f"  {name:13} {number:8,}  {number / max(timed, 1):6.1%}")
    print(f"peak memory {figures.peak_mib} MiB")
    if told.json:
        print(json.dumps(asdict(figures)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
