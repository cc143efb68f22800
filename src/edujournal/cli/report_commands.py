"""The command that writes reports, its options and its help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from edujournal.cli.options import PlaceOrLake, Shown, in_store
from edujournal.errors import BadInput

_NO_SHOWN = Shown()
_NO_PLACE = PlaceOrLake()


def report(
    *,
    out: Annotated[
        Path,
        Parameter(help="File to be written: NAME.html; with --lake also NAME.csv or NAME.jsonl."),
    ],
    heading: Annotated[
        str, Parameter(help="Name of the school or the region, above the title; its id by default.")
    ] = "",
    keep: Annotated[
        int | None,
        Parameter(
            help="How many findings are kept for each clause and teacher, and for each class and"
            " week; 5 by default. With --lake for each clause and teacher of a school, 1 by default."
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
    statistics: Annotated[
        bool,
        Parameter(
            negative=(),
            help="With --lake: also results and attendance, for which all journals are read.",
        ),
    ] = False,
    place: PlaceOrLake = _NO_PLACE,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Write a report with pictures for the head: one HTML file that needs no network.

    With --lake for a region: findings by teacher, class, school, municipality and region, as a page
    or as rows.
    """
    if place.lake is not None:
        if findings or since or until:
            raise BadInput(
                "a lake is reported as a whole", where="--lake",
                expected="no --findings, --since, --until",
            )  # fmt: skip
        from edujournal.cli.rolling import roll_up

        return roll_up(out, place, shown, heading=heading, keep=keep, at=at, statistics=statistics)
    in_store(place)
    if statistics:
        raise BadInput(
            "a store's report has them", where="--statistics", expected="--lake beside it"
        )
    from edujournal.cli.reporting import report

    return report(
        out, place, shown, heading=heading, keep=keep, findings=findings, at=at, since=since,
        until=until,
    )  # fmt: skip
