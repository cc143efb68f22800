"""``edujournal report``: how the journals are kept, as one HTML file for the head."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from edujournal.adapters.documents.report import write_report
from edujournal.cli.lines import Lines, line
from edujournal.cli.options import Place, Shown, day, moment
from edujournal.cli.printing import Printer
from edujournal.cli.stores import opened
from edujournal.errors import BadInput
from edujournal.papers.head_report import head_report
from edujournal.rules.verdicts import Finding
from edujournal.synced_files import write_file, written_beside
from edujournal.views.gathered import KEEP


def report(
    out: Path,
    place: Place,
    shown: Shown,
    *,
    heading: str,
    keep: int | None,
    findings: Path | None,
    at: str | None,
    since: str | None,
    until: str | None,
) -> int:
    """Write the report, and beside it every finding where that is wished."""
    printer = Printer(shown)
    first, last = day(since, "--since"), day(until, "--until")
    if out.suffix.lower() not in (".html", ".htm"):
        raise BadInput("no form of report", where="--out", expected="NAME.html", found=str(out))
    with opened(place) as there, _beside(findings) as stream:
        lines = Lines(there.facts)

        def each(finding: Finding) -> None:
            if stream is not None:
                stream.write(line(lines.finding(finding)) + "\n")

        with printer.progress(printer.say("auditing")) as tick:
            made = head_report(
                there.journals,
                shown.lang,
                there.school,
                heading=heading,
                at=moment(at),
                since=first,
                until=last,
                keep=KEEP if keep is None else keep,
                each=each,
                progress=lambda _, done, total: tick(done, total),
            )
        page = write_report(made).encode()
    write_file(out, page)
    kept, told = len(made.gathered.findings), made.gathered.told
    if printer.json:
        printer.line({"file": str(out), "bytes": len(page), "findings": told, "kept": kept})
    else:
        printer.text(printer.say("reported", file=out, kept=kept, told=told), "bold")
    return 0


@contextmanager
def _beside(file: Path | None) -> Iterator[IO[str] | None]:
    if file is None:
        yield None
        return
    with written_beside(file) as part, part.open("w", encoding="utf-8") as stream:
        yield stream
