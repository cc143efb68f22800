"""A school in memory audited, beside the comparison of two columns that any audit has to do."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Final

import edujournal as ej
from bench.figures import Section
from bench.measure import Way, measured
from bench.mended import (
    Arrays,
    Mended,
    Place,
    arrays,
    compared,
    mended,
    outside,
    prepared,
    remembered,
)
from bench.region import in_columns
from bench.size import Size
from edujournal.regions.bulk import Report

#: What the least audit and the columns are made with.
NEEDS: Final = ("numpy", "polars")


def check(of: Mended) -> Report:
    """Stop if the arrays, or the columns, find something else than the exact audit.

    Returns:
        How the audit in columns was come by.
    """
    report = Report()
    exact = remembered(of, "python")
    assert remembered(of, "polars", report) == exact, "polars: other findings"
    assert in_columns(prepared(of), of.at, "polars") == exact, "columns made before: other findings"
    check_arrays(of, exact)
    return report


def check_arrays(
    of: Mended, exact: list[ej.Finding], find: Callable[[Arrays], list[Place]] = compared
) -> None:
    """Stop if the arrays find something else than the audit did."""
    assert sorted(find(arrays(of))) == outside(of, exact), "numpy: other findings"


def audit(size: Size) -> Section:
    """The smaller school."""
    of = mended(*size.schools[0])
    if not all(map(find_spec, NEEDS)):
        return Section(
            "memory",
            _TITLE,
            "entry",
            (),
            (f"Not measured: {' or '.join(NEEDS)} is not installed.",),
        )
    report = check(of)
    made = arrays(of)
    ways = [
        Way("floor: two columns of integers compared, what is outside listed, numpy",
            lambda: lambda: compared(made), of.entries, repeats=True),
        Way("edujournal: a store in memory, all rules, in columns, Polars",
            lambda: lambda: remembered(of, "polars"), of.entries, ours=True),
        Way("edujournal: the same, its columns made beforehand",
            lambda: lambda: in_columns(prepared(of), of.at, "polars"), of.entries, ours=True),
        Way("edujournal: a store in memory, all rules, entry by entry, exact",
            lambda: lambda: remembered(of, "python"), of.entries, ours=True),
    ]  # fmt: skip
    share = round(100 * report.suspects / of.occasions)
    return measured(
        "memory",
        _TITLE,
        "entry",
        ways,
        size.audits,
        (
            (
                f"{of.entries:,} entries, {of.corrected} of them corrections at the end of the year;"
                " one login was known to others while they were made."
            ),
            (
                f"In columns {report.suspects:,} of {of.occasions:,} occasions ({share} %) are opened,"
                f" with {report.opened:,} entries; {report.books} books with what no column holds are"
                " audited as a whole besides."
            ),
            (
                "The floor has the windows of the year as integers beforehand, and is asked for nothing"
                " but what came too early or too late, which it finds. Why edujournal has no such arrays"
                " is [decided and told](decisions/0028-no-kernel-for-memory.md): what it would make"
                " faster is not what takes the time."
            ),
        ),
    )


_TITLE: Final = "A school in memory audited"
