"""The rule of a retention, as a regulation's data has it."""

from __future__ import annotations

from typing import Final

from attrs import frozen

from edujournal.rules.rule_kinds import Lift, Words
from edujournal.rules.verdicts import Effect, Severity

#: What a breach of a retention is called.
CODE: Final = "must-be-kept"

#: Parts of a school's records that a retention may be for: books by their kind, and summary sheets.
PARTS: Final = ("journal", "class", "school", "access", "sheet")

#: From when the years are counted: the day after the academic year, or the January after it.
COUNTED: Final = ("january", "year_end")


@frozen(kw_only=True)
class Retention:
    """How long some records are kept. The first that is for a record holds.

    Source: clause 2.15. *Version added: 0.1.*

    Attributes:
        name: Name of the retention.
        of: One of :data:`PARTS`.
        years: How many years; 0 for what need not be kept.
        title: What it is for.
        records: Only for these kinds of record, and changes of them; empty for all.
        counted: One of :data:`COUNTED`.
        clause: Clause that asks for it.
        on_breach: What an erasure before its time comes to.
        lifts: Who may allow it all the same, by a waiver.
    """

    name: str
    of: str
    years: int
    title: Words | None = None
    records: tuple[str, ...] = ()
    counted: str = "january"
    clause: str | None = None
    severity: Severity = Severity.MUST
    on_breach: Effect = Effect.REFUSE
    lifts: tuple[Lift, ...] = ()
