"""The commands over regulations, their options and their help."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App, Parameter

from edujournal.cli.options import PlaceOrLake, Shown, in_store
from edujournal.errors import BadInput

regulations = App(
    name="regulation",
    help="Look at regulations: faults in them, a page to read, two of them compared.",
    help_format="plaintext",
)

_NO_SHOWN = Shown()
_NO_PLACE = PlaceOrLake()

Source = Annotated[str, Parameter(help="Shipped id, or a TOML file.")]


@regulations.command
def lint(
    *sources: Annotated[str, Parameter(help="Shipped ids, or TOML files.")],
    shown: Shown = _NO_SHOWN,
) -> int:
    """Find what loads and still cannot be meant: contradictions, rules that reach nothing, gaps."""
    from edujournal.cli.regulations import lint_all

    return lint_all(sources, shown)


@regulations.command
def show(source: Source, /, *, shown: Shown = _NO_SHOWN) -> int:
    """Show a regulation as a page to read: what each clause asks, how it is read, its rules."""
    from edujournal.cli.regulations import show

    return show(source, shown)


@regulations.command
def export(
    source: Annotated[
        str | None, Parameter(help="Shipped id, or a TOML file; without one, the JSON Schema.")
    ] = None,
    /,
    *,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Print a regulation as JSON, with what it extends; without one, the JSON Schema for editors."""
    from edujournal.cli.regulations import export

    return export(source, shown)


@regulations.command
def compare(
    before: Annotated[str, Parameter(help="Regulation in force: shipped id, or a TOML file.")],
    after: Annotated[str, Parameter(help="Regulation that may come.")],
    /,
    *,
    at: Annotated[
        str | None,
        Parameter(help="Moment to look at, such as 2026-11-02T09:00:00+03:00; by default now."),
    ] = None,
    place: PlaceOrLake = _NO_PLACE,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Audit stored journals under two regulations and show which findings appear and vanish.

    With --lake those of many schools, school by school.
    """
    if place.lake is not None:
        from edujournal.cli.comparing import compare_lake

        return compare_lake(before, after, place, shown, at)
    in_store(place)
    if place.engine is not None:
        raise BadInput(
            "a store is compared entry by entry", where="--engine", expected="--lake beside it"
        )
    from edujournal.cli.regulations import compare_two

    return compare_two(before, after, place, shown, at)
