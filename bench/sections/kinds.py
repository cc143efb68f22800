"""A school audited under rules of all kinds, beside the same school under rules of time alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, cached_property
from typing import Any, Final

import edujournal as ej
from bench.figures import Section
from bench.measure import Way, measured
from bench.region import Region, in_columns, region
from bench.size import Size
from edujournal.adapters.exchange.lake import InLake
from edujournal.regions.under import Under
from edujournal.rules.clauses import Regulation
from edujournal.rules.loading import content, load
from edujournal.rules.verdicts import Outcome

#: Engines by which it is audited.
ENGINES: Final = ("duckdb", "polars")

#: Tables of a regulation that belong to kinds of rules other than those of time.
_OTHERS: Final = ("control", "formulas", "markers", "reminders", "retention", "rights_clause")

_TIMED: Final = (Outcome.LATE, Outcome.EARLY)


def time_alone(full: Mapping[str, Any]) -> Regulation:
    """A regulation with nothing but its rules of time; anybody may write what somebody may.

    What nobody may write is refused, whatever the time: so a table of rights is never empty.
    """
    rules = [(one, rule) for one in full["clauses"] for rule in one.get("rules", ())]
    written = {
        record for _, rule in rules if rule["kind"] == "rights" for record in rule["records"]
    }
    anybody = {"kind": "rights", "role": "anyone", "may": "write", "records": sorted(written)}
    gist = {"ru": "Писать может каждый.", "en": "Anybody may write."}
    clauses = [{"number": "0", "gist": gist, "rules": [anybody]}]
    for one in full["clauses"]:
        timing = [rule for rule in one.get("rules", ()) if rule["kind"] == "timing"]
        if timing:
            clauses.append({**one, "rules": timing})
    kept = {name: value for name, value in full.items() if name not in _OTHERS}
    return load({**kept, "id": "time-alone", "clauses": clauses})


class InTime(Under[InLake]):
    """A school under rules of time alone."""

    @cached_property
    def regulations(self) -> tuple[Regulation, ...]:
        """Those rules, whatever is named."""
        return tuple(time_alone(content(name)) for name in self.names)


@cache
def in_time(of: Region) -> InTime:
    """The school of the lake under rules of time alone."""
    return InTime(of.source, (str(of.kept.regulation),))


def timed(findings: list[ej.Finding]) -> set[tuple[object, ...]]:
    """Of findings what came too early or too late, without the regulation that says so."""
    return {
        (one.book, one.entry, one.clause, one.code, one.about, one.pupil, one.lo, one.hi,
         one.opens, one.closes)
        for one in findings if one.outcome in _TIMED
    }  # fmt: skip


def check(of: Region) -> None:
    """Stop if the rules of time find something else where they are alone."""
    for how in ENGINES:
        whole = in_columns(of.source, of.kept.audited, how)
        alone = in_columns(in_time(of), of.kept.audited, how)
        assert timed(whole) == timed(alone), f"{how}: other findings of time"
        assert len(alone) < len(whole), f"{how}: rules of other kinds find nothing"


def audit(size: Size) -> Section:
    """The smaller school, by each engine."""
    of = region(*size.schools[0])
    check(of)
    ways = [
        Way(f"edujournal: rules of {what}, {how}", _of(source, of, how), of.entries, ours=True)
        for how in ENGINES
        for what, source in (("time alone", in_time(of)), ("all kinds", of.source))
    ]
    return measured(
        "kinds",
        "A school audited under rules of all kinds",
        "entry",
        ways,
        size.audits,
        (
            (
                f"{of.entries:,} entries in a lake; time, rights, quantity, relations, markers and"
                " formulas, beside time alone, where anybody may write. What came too early or too late"
                " is the same in both."
            ),
        ),
    )


def _of(source: Any, of: Region, how: str) -> Callable[[], Callable[[], object]]:
    return lambda: lambda: in_columns(source, of.kept.audited, how)
