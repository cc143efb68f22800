"""Compare: which findings appear, vanish or turn into others when another regulation judges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from attrs import frozen

from edujournal.rules.verdicts import Finding

#: What a finding is about, whatever regulation and clause speak of it.
Subject = tuple[str, int | None, str, str | None, str, str]


@frozen
class Comparison:
    """The difference of two audits of the same journals.

    *Version added: 0.1.*

    Attributes:
        appeared: Findings of the second audit about what the first one finds nothing.
        vanished: Findings of the first audit about what the second one finds nothing.
        changed: Pairs about the same thing whose outcomes differ, such as late against undecidable.
        kept: How many findings say the same in both.
    """

    appeared: tuple[Finding, ...] = ()
    vanished: tuple[Finding, ...] = ()
    changed: tuple[tuple[Finding, Finding], ...] = ()
    kept: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether both audits say the same."""
        return not (self.appeared or self.vanished or self.changed)


def compare(before: Iterable[Finding], after: Iterable[Finding]) -> Comparison:
    """Compare the findings of two audits of the same journals under different regulations.

    Two findings are about the same thing when book, entry, occasion, pupil, kind of record and breach
    code agree. Clause and regulation may differ: a text may say the same under another number.

    Args:
        before: Findings under the regulation in force.
        after: Findings under the one that may come.

    *Version added: 0.1.*
    """
    first, second = _by_subject(before), _by_subject(after)
    appeared: list[Finding] = []
    vanished: list[Finding] = []
    changed: list[tuple[Finding, Finding]] = []
    kept = 0
    for subject in dict.fromkeys([*first, *second]):
        old, new = _rest(first.get(subject, []), second.get(subject, []))
        kept += len(first.get(subject, [])) - len(old)
        pairs = min(len(old), len(new))
        changed += zip(old[:pairs], new[:pairs], strict=True)
        vanished += old[pairs:]
        appeared += new[pairs:]
    return Comparison(tuple(appeared), tuple(vanished), tuple(changed), kept)


def by_clause(findings: Iterable[Finding]) -> Iterator[tuple[str, str, int]]:
    """Yield regulation, clause and number of *findings*, in the order in which clauses come first."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for one in findings:
        counts[one.regulation, one.clause] += 1
    for (regulation, clause), count in counts.items():
        yield regulation, clause, count


def _by_subject(findings: Iterable[Finding]) -> dict[Subject, list[Finding]]:
    found: dict[Subject, list[Finding]] = defaultdict(list)
    for one in findings:
        found[one.book, one.entry, one.about, one.pupil, one.record, one.code].append(one)
    return found


def _rest(old: list[Finding], new: list[Finding]) -> tuple[list[Finding], list[Finding]]:
    """What is left of both when findings of the same outcome have been matched."""
    left, rest = list(new), []
    for one in old:
        match = next((other for other in left if other.outcome is one.outcome), None)
        if match is None:
            rest.append(one)
        else:
            left.remove(match)
    return rest, left
