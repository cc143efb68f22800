"""Becoming: what is still missing when its window has closed becomes a marker, where a rule says so."""

from __future__ import annotations

from collections.abc import Iterable

from edujournal.model.entries import Content, Entry
from edujournal.model.occasions import Occasion
from edujournal.rules.verdicts import Effect, Finding, Outcome, Severity


def converts(finding: Finding) -> bool:
    """Tell whether what *finding* says is missing becomes a marker now."""
    return (
        finding.outcome is Outcome.MISSING
        and finding.effect is Effect.CONVERT
        and finding.pupil is not None
        and finding.closes is not None
    )


def converted(finding: Finding) -> Content:
    """What takes the place of what *finding* says is missing."""
    because = {
        "at": finding.closes,
        "clause": finding.clause,
        "regulation": finding.regulation,
        "what": "missing",
    }
    code = str(finding.why["becomes"])
    journal = finding.book.removeprefix("journal/")
    if finding.record == "result":
        values = {"because": because, "marker": code, "stage": "period"}
        return Content("result", finding.about, finding.pupil, values, journal=journal)
    return Content(
        "marker", finding.about, finding.pupil, {"because": because, "code": code}, journal=journal
    )


def of_entry(entry: Entry, occasion: Occasion, missing: Iterable[Finding]) -> Finding:
    """Judge a conversion: it is one that was due when it was recorded, as the rule says.

    Args:
        entry: What the actor ``system`` recorded.
        occasion: What it is about.
        missing: What was missing there for the pupil at its instant.
    """
    because = entry.values["because"]
    due = [finding for finding in missing if converts(finding)]
    same = any(
        (said.kind, said.about, said.pupil, dict(said.values))
        == (entry.kind, entry.about, entry.pupil, dict(entry.values))
        for said in map(converted, due)
    )
    return Finding(
        "not-by-time", str(because["regulation"]), str(because["clause"]), Severity.MUST,
        Outcome.MET if same else Outcome.BROKEN, Effect.REFUSE, occasion.book, entry.about,
        entry.pupil, entry.kind, opens=int(because["at"]), lo=entry.lo, hi=entry.hi, by=entry.author,
        entry=entry.number, why=dict(because),
    )  # fmt: skip
