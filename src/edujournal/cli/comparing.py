"""``edujournal regulation compare --lake``: what another regulation changes in the schools of a lake."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from edujournal.audits.compare import Comparison, by_clause, compare
from edujournal.cli.lake_audits import findings_of, moment_or_now, schools_of
from edujournal.cli.lines import Lines
from edujournal.cli.options import PlaceOrLake, Shown
from edujournal.cli.printing import Printer
from edujournal.cli.regulations import print_lines, print_tables
from edujournal.cli.stores import Opened
from edujournal.journals import Journals
from edujournal.regions.bulk import Report
from edujournal.regions.school import SourceStore
from edujournal.regions.under import Under
from edujournal.rules.loading import load


def compare_lake(before: str, after: str, place: PlaceOrLake, shown: Shown, at: str | None) -> int:
    """Audit the schools of a lake under two regulations and print what differs; 1 where anything does."""
    looked = moment_or_now(at)
    both = (_named(before), _named(after))
    for one in both:
        load(one)  # a fault in it is told before anything is audited
    printer, sources = Printer(shown), schools_of(place)
    audits = [
        findings_of([Under(one, (name,)) for one in sources], looked, place, Report())
        for name in both
    ]
    totals: Counter[str] = Counter()
    clauses: Counter[tuple[str, str, str]] = Counter()
    for (first, old), (_, new) in zip(*audits, strict=True):
        comparison = compare(old, new)
        _count(comparison, totals, clauses)
        if comparison.is_empty:
            continue
        if printer.json:
            print_lines(printer, Lines(first.data.facts()), comparison)
        else:
            printer.title(printer.say("school_differs", school=first.id))
            journals = Journals(SourceStore(first), first.data, [load(one) for one in both])
            print_tables(printer, Opened(journals, first.source.data), comparison)
    differs = totals.total() - totals["kept"]
    said = printer.say(
        "region_compared", n=len(sources), differ=totals["schools"], appeared=totals["appeared"],
        vanished=totals["vanished"], changed=totals["changed"], kept=totals["kept"],
    )  # fmt: skip
    if printer.json:
        printer.note(said)
    else:
        printer.paragraph(said)
        for (what, regulation, clause), n in sorted(clauses.items()):
            printer.paragraph(f"{printer.say(what, n=n)}: {regulation} {clause}")
    return 1 if differs else 0


def _named(source: str) -> str:
    """A regulation by a name that another process can read: a path in full, or a shipped id."""
    return str(Path(source).resolve()) if source.endswith(".toml") else source


def _count(
    comparison: Comparison, totals: Counter[str], clauses: Counter[tuple[str, str, str]]
) -> None:
    totals["kept"] += comparison.kept
    if not comparison.is_empty:
        totals["schools"] += 1
    new = [one for _, one in comparison.changed]
    for what, some in (
        ("appeared", comparison.appeared), ("vanished", comparison.vanished), ("changed", new),
    ):  # fmt: skip
        totals[what] += len(some)
        for regulation, clause, n in by_clause(some):
            clauses[what, regulation, clause] += n
