"""The fifteen rules of a mark, by number, and what an answer to them is.

A peer answers with what is broken and what becomes of the mark; so does edujournal, besides the
windows, the hands and the evidence that its findings carry.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import edujournal as ej

#: What a mark breaks, by number: breach codes with the clauses that they come with.
RULES: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    ("account-inactive", frozenset({"2.3", "2.4", "2.10"})),
    ("role-not-held", frozenset({"2.3", "2.10"})),
    ("not-your-journal", frozenset({"2.3"})),
    ("reads-only", frozenset({"2.4"})),
    ("no-substitution", frozenset({"2.10"})),
    ("lesson-not-held", frozenset({"integrity"})),
    ("off-the-roll", frozenset({"integrity"})),
    ("off-the-scale", frozenset({"integrity"})),
    ("before-open", frozenset({"2.5"})),
    ("before-open", frozenset({"2.11", "2.12"})),
    ("after-close", frozenset({"2.5"})),
    ("after-close", frozenset({"2.11"})),
    ("after-close", frozenset({"2.12"})),
    ("absent-at-lesson", frozenset({"2.5"})),
    ("no-kind", frozenset({"2.6"})),
)

#: Rules below this number keep a mark from being written; the others are remarks.
REFUSING: Final = 10

ACCEPTED: Final = "accepted"
REMARKS: Final = "accepted_with_remarks"
REFUSED: Final = "refused"

_NUMBERS: Final = {
    (code, clause): number for number, (code, clauses) in enumerate(RULES) for clause in clauses
}


class Answer(NamedTuple):
    """What becomes of a mark, and the numbers of the rules that it breaks."""

    decision: str
    broken: tuple[int, ...]


class Write(NamedTuple):
    """A mark that somebody wants to record."""

    account: str
    role: str | None
    lesson: str
    pupil: str
    kind: str | None
    value: int
    at: int

    def draft(self) -> ej.Mark:
        """The same as a draft."""
        return ej.Mark(lesson=self.lesson, pupil=self.pupil, kind=self.kind, value=self.value)

    def actor(self) -> ej.Actor:
        """Who records it."""
        return ej.Actor(self.account, self.role)


def answer(broken: Sequence[int]) -> Answer:
    """The answer that follows from what is broken, in the order of the rules."""
    if not broken:
        return Answer(ACCEPTED, ())
    return Answer(REFUSED if broken[0] < REFUSING else REMARKS, tuple(broken))


def answer_of(verdict: ej.Verdict) -> Answer:
    """The same of a verdict of edujournal."""
    broken = sorted(_NUMBERS[one.code, one.clause] for one in verdict.breaches)
    return Answer(str(verdict.decision), tuple(broken))
