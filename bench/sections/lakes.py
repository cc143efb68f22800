"""A school's year in a lake: audited whole, beside peers that ask for nothing but what came too late."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from bench.figures import Section
from bench.measure import Way, measured
from bench.peers import columns, frames, lake_rules, ruled
from bench.peers.windows import ByPendulum, ByZoneinfo, Kept
from bench.region import Region, region, untimely, whole
from bench.size import Size

Find = Callable[[Any], list[columns.Untimely]]

#: Peers: what they are, what they do, what must be installed for them.
PEERS: tuple[tuple[str, Find, tuple[str, ...]], ...] = (
    ("one statement of SQL by hand, DuckDB", columns.by_duckdb, ("duckdb",)),
    ("one expression by hand, Polars", columns.by_polars, ("polars",)),
    ("a loop, deadlines kept", lambda of: columns.by_loop(of, Kept), ()),
    ("a loop, zoneinfo for each row", lambda of: columns.by_loop(of, ByZoneinfo), ()),
    (
        "a loop over pydantic models, deadlines kept",
        lambda of: columns.by_pydantic(of, Kept),
        ("pydantic",),
    ),
    ("a loop, pendulum for each row", lambda of: columns.by_loop(of, ByPendulum), ("pendulum",)),
    (
        "rules of business-rules, row by row, deadlines kept",
        lambda of: lake_rules.by_rules(of, ruled.business_rules),
        ("business_rules",),
    ),
    (
        "rules of rule-engine, row by row, deadlines kept",
        lambda of: lake_rules.by_rules(of, ruled.rule_engine),
        ("rule_engine",),
    ),
    ("a schema of pandera over a frame of Polars", frames.by_pandera, ("pandera", "polars")),
    (
        "a suite of Great Expectations over a frame of pandas, made by Polars",
        frames.by_great_expectations,
        ("great_expectations", "pandas", "polars"),
    ),
)

#: Ways in which edujournal audits it.
OURS = ("duckdb", "polars", "python")


def check(of: Region) -> None:
    """Stop if a peer, or an engine, finds something else than the exact audit."""
    exact = whole(of, "python")
    for how in OURS[:-1]:
        assert whole(of, how) == exact, f"{how}: other findings"
    check_peers(of, untimely(of, exact))


def check_peers(of: Region, expected: list[columns.Untimely]) -> None:
    """Stop if a peer finds something else than *expected*."""
    for title, find, needs in PEERS:
        if all(find_spec(name) for name in needs):
            assert find(of) == expected, f"{title}: other findings"


def audit(size: Size) -> Section:
    """A school of the smaller and one of the greater size."""
    small, great = (region(classes, days) for classes, days in size.schools)
    check(small)
    check_peers(great, untimely(great, whole(great, "duckdb")))
    ways = [Way("its columns read by pyarrow", _of(columns.read, great), great.entries)]
    ways += [
        Way(title, _of(find, great), great.entries, needs=needs) for title, find, needs in PEERS
    ]
    for how, of in (("duckdb", great), ("duckdb", small), ("polars", great), ("python", great)):
        told = "entry by entry, exact" if how == "python" else f"in columns, {how}"
        title = f"edujournal: all rules, {told}; {of.entries:,} entries"
        ways.append(Way(title, _whole(of, how), of.entries, ours=True))
    return measured(
        "lake",
        "A school audited from a lake",
        "entry",
        ways,
        size.audits,
        (
            (
                "Peers answer one question of those that edujournal answers: which marks, roll calls"
                " and homework came too early or too late."
            ),
            (
                "They have the lessons of the school as a table; edujournal reads school and"
                " regulation, reckons every window, roll and hand of the year anew, looks for what"
                " is missing, said wrongly or by the wrong hand, and opens what is suspect."
            ),
            "Peers read the greater school; the cost of an entry should not grow from B to A.",
        ),
    )


def _of(find: Callable[[Any], object], of: Region) -> Callable[[], Callable[[], object]]:
    return lambda: lambda: find(of)


def _whole(of: Region, how: str) -> Callable[[], Callable[[], object]]:
    return lambda: lambda: whole(of, how)
