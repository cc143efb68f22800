"""The command that writes reports, its options and its help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from edujournal.cli.options import Place, Shown

_NO_SHOWN = Shown()


def report(
    *,
    out: Annotated[Path, Parameter(help="File to be written: NAME.html.")],
    heading: Annotated[
        str, Parameter(help="Name of the school, above the title; its id by default.")
    ] = "",
    keep: Annotated[
        int | None,
        Parameter(
            help="How many findings are kept for each clause and teacher, and for each class and"
            " week; 5 by default."
        ),
    ] = None,
    findings: Annotated[
        Path | None,
        Parameter(help="File for every finding, as JSON Lines, also those that are not kept."),
    ] = None,
    at: Annotated[
        str | None,
        Parameter(help="Moment to look at, such as 2026-11-02T09:00:00+03:00; by default now."),
    ] = None,
    since: Annotated[
        str | None, Parameter(help="First day; by default that of the academic year.")
    ] = None,
    until: Annotated[
        str | None, Parameter(help="Day after the last one; by default that of the academic year.")
    ] = None,
    place: Place,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Write a report with pictures for the head: one HTML file that needs no network."""
    from edujournal.cli.reporting import report

    return report(
        out, place, shown, heading=heading, keep=keep, findings=findings, at=at, since=since,
        until=until,
    )  # fmt: skip
