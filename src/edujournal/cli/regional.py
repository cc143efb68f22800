"""``edujournal export --parquet`` and ``edujournal audit --lake``: a region as a lake."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from edujournal.adapters.exchange.lake import InLake, InStore, export, findings_file
from edujournal.adapters.schools.kept import kept_regulation_texts, regulation_text
from edujournal.adapters.schools.plain import PlainSchool
from edujournal.cli.findings import FindingTable
from edujournal.cli.lake_audits import findings_of, moment_or_now, schools_of
from edujournal.cli.lines import Lines
from edujournal.cli.options import Place, PlaceOrLake, Shown
from edujournal.cli.printing import Printer
from edujournal.cli.stores import Opened, opened
from edujournal.errors import BadInput
from edujournal.journals import Journals
from edujournal.model.time import format_instant
from edujournal.regions.bulk import Report
from edujournal.regions.school import SourceStore
from edujournal.rules.verdicts import Finding


def export_lake(
    root: str, place: Place, shown: Shown, region: str, municipality: str | None
) -> int:
    """Bring what has come since the last time into a lake; 0."""
    printer = Printer(shown)
    with opened(place) as there:
        store = there.journals.store
        texts = [regulation_text(one) for one in place.regulation] or kept_regulation_texts(
            store, there.school.id
        )
        count = export(Path(root), store, there.school, texts, region, municipality)
    if printer.json:
        printer.line({"lake": root, "school": there.school.id, "entries": count})
    else:
        printer.text(printer.say("exported", n=count, folder=root), "bold")
    return 0


def audit_lake(
    place: PlaceOrLake,
    shown: Shown,
    at: str | None,
    since: str | None,
    until: str | None,
    out: Path | None,
    *,
    everything: bool,
) -> int:
    """Audit the schools of a lake; 1 where anything is found."""
    _as_a_whole("--lake", since, until, everything=everything)
    return _audit(schools_of(place), place, shown, at, out)


def audit_in_columns(
    place: PlaceOrLake,
    shown: Shown,
    at: str | None,
    since: str | None,
    until: str | None,
    out: Path | None,
    *,
    everything: bool,
) -> int:
    """Audit a school of a store by the engine that is named; 1 where anything is found."""
    _as_a_whole("--engine", since, until, everything=everything)
    with opened(place) as there:
        journals = there.journals
        with InStore(journals.store, there.school, journals.regulations) as source:
            return _audit([source], place, shown, at, out)


def _as_a_whole(option: str, since: str | None, until: str | None, *, everything: bool) -> None:
    if since or until or everything:
        raise BadInput(
            "columns are audited as a whole", where=option, expected="no --since, --until, --all"
        )


def _audit(
    sources: Sequence[InLake | InStore[PlainSchool]],
    place: PlaceOrLake,
    shown: Shown,
    at: str | None,
    out: Path | None,
) -> int:
    """Audit schools, and show what is found, or put it into a file; 1 where anything is found."""
    printer = Printer(shown)
    looked = moment_or_now(at)
    report = Report()
    reported = 0
    with ExitStack() as stack:
        put = None if out is None else stack.enter_context(findings_file(out))
        for source, findings in findings_of(sources, looked, place, report):
            reported += len(findings)
            if put is None:
                _show(printer, source, findings)
            else:
                put(source.region, source.id, findings)
    say_report(printer, report, looked, reported)
    if out is not None and not printer.json:
        printer.text(printer.say("findings_written", file=out))
    return 1 if reported else 0


def _show(
    printer: Printer, source: InLake | InStore[PlainSchool], findings: Sequence[Finding]
) -> None:
    if printer.json:
        lines = Lines(source.data.facts())
        for finding in findings:
            printer.line(lines.finding(finding))
    elif findings:
        printer.title(printer.say("in_school", school=source.id, n=len(findings)))
        journals = Journals(SourceStore(source), source.data, source.regulations)
        FindingTable(printer, Opened(journals, source.data)).audit(findings)


def say_report(printer: Printer, report: Report, at: int, reported: int) -> None:
    """Say how the findings were come by: beside them for programs."""
    said = printer.say(
        "region_audited", n=report.schools, entries=report.entries, found=reported,
        at=format_instant(at, "UTC"), judged=report.judged, suspects=report.suspects,
        opened=report.opened, books=report.books,
    )  # fmt: skip
    if printer.json:
        printer.note(said)
    else:
        printer.paragraph(said)
    for school, why in report.obstacles.items():
        note = printer.say("no_columns", school=school, why=why)
        if printer.json:
            printer.note(note)
        else:
            printer.paragraph(note)
