"""JSON Lines: findings and other answers for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from edujournal.model.facts import Facts
from edujournal.model.ids import year_of_book
from edujournal.model.time import format_instant
from edujournal.rules.verdicts import Finding


def line(values: Mapping[str, Any]) -> str:
    """One line of JSON."""
    return json.dumps(values, ensure_ascii=False)


class Lines:
    """Writes findings as JSON, with instants on the clocks of the school.

    Args:
        facts: What the school's data says.
    """

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._zone = cache(self._zone_of)

    def instant(self, at: int | None, book: str) -> str | None:
        """An instant by RFC 3339, with the school's offset; None as None."""
        return None if at is None else format_instant(at, self._zone(year_of_book(book)))

    def finding(self, finding: Finding) -> dict[str, Any]:
        """A finding with exactly the fields that the manual lists."""
        book = finding.book
        recorded = None
        if finding.hi is not None:
            recorded = {"lo": self.instant(finding.lo, book), "hi": self.instant(finding.hi, book)}
        return {
            "code": finding.code,
            "regulation": finding.regulation,
            "clause": finding.clause,
            "severity": str(finding.severity),
            "outcome": str(finding.outcome),
            "school": self._facts.school,
            "journal": journal_name(book),
            "about": finding.about,
            "pupil": finding.pupil,
            "record": finding.record,
            "opens": self.instant(finding.opens, book),
            "closes": self.instant(finding.closes, book),
            "recorded_at": recorded,
            "by": finding.by,
            "late_by": finding.late_by,
        }

    def _zone_of(self, year: str) -> str:
        return self._facts.calendar(year).zone


def journal_name(book: str) -> str:
    """Name of a journal as ``group/subject/year``; of another book as it is."""
    return book.removeprefix("journal/")
