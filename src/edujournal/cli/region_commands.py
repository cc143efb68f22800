"""The command that makes schools, its options and its help."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from edujournal.cli.options import Shown

_NO_SHOWN = Shown()


def generate(
    *,
    schools: Annotated[int, Parameter(help="How many.")] = 1,
    seed: Annotated[int, Parameter(help="What chance hangs on.")] = 1,
    out: Annotated[
        str | None,
        Parameter(help="New folder of a lake; truth.parquet beside it tells what is wrong."),
    ] = None,
    store: Annotated[
        str | None, Parameter(help="Store that holds none of them yet, instead of a lake.")
    ] = None,
    classes: Annotated[int, Parameter(help="Classes of each school, 1 to 60.")] = 30,
    pupils: Annotated[int, Parameter(help="Pupils of each class, 4 to 40.")] = 25,
    days: Annotated[int, Parameter(help="School days with lessons, 1 to 170.")] = 170,
    region: Annotated[str, Parameter(help="Name of the region in the lake.")] = "made",
    workers: Annotated[
        int, Parameter(help="With --out: processes that make schools side by side.")
    ] = 1,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Make believable schools by number and seed, with all that an audit must find in them."""
    from edujournal.cli.generating import generate_schools

    return generate_schools(
        schools, seed, out, store, shown,
        classes=classes, pupils=pupils, days=days, region=region, workers=workers,
    )  # fmt: skip
