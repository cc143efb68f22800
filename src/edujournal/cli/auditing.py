"""``edujournal audit``: of a store, or of a lake."""

from __future__ import annotations

from pathlib import Path

from edujournal.cli.options import PlaceOrLake, Shown, in_store
from edujournal.errors import BadInput


def audit(
    place: PlaceOrLake,
    shown: Shown,
    at: str | None,
    since: str | None,
    until: str | None,
    out: Path | None,
    *,
    everything: bool,
) -> int:
    """Audit what is named; 1 where anything is found."""
    if place.lake is not None:
        from edujournal.cli.regional import audit_lake

        return audit_lake(place, shown, at, since, until, out, everything=everything)
    in_store(place, columns=True)
    if place.engine is not None:
        from edujournal.cli.regional import audit_in_columns

        return audit_in_columns(place, shown, at, since, until, out, everything=everything)
    if out is not None:
        raise BadInput(
            "a table of columns", where="--out", expected="--lake, or --engine, beside it"
        )
    from edujournal.cli.reading import audit

    return audit(place, shown, at, since, until, everything=everything)
