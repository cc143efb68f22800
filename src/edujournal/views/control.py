"""The control report: how punctually and completely each teacher keeps the journals, clause by clause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

from attrs import frozen

from edujournal.errors import BadInput
from edujournal.rules.verdicts import Finding, Outcome

#: What counts for the share of what was done in time; what nobody can decide counts for neither side.
_IN_TIME = frozenset({Outcome.MET, Outcome.EXCUSED})
_NOT = frozenset({Outcome.LATE, Outcome.MISSING, Outcome.EARLY, Outcome.BROKEN})


@frozen(kw_only=True)
class ControlRow:
    """One account, or all of them, under one clause, or all of them.

    *Version added: 0.1.*

    Attributes:
        account: The account; None for all together.
        regulation: Regulation of the clause; None for all together.
        clause: The clause; None for all together.
        outcomes: How many findings there are of each outcome.
        delays: Delays of what was late, in microseconds, the least first.
    """

    account: str | None
    regulation: str | None
    clause: str | None
    outcomes: Mapping[Outcome, int]
    delays: Sequence[int] = ()

    @property
    def punctual(self) -> Fraction | None:
        """Share of what was in time, of what can be decided; None where nothing can."""
        return punctual(self.outcomes)

    @property
    def median_delay(self) -> int | None:
        """The middle delay, in microseconds; the greater of the two in the middle; None where none."""
        return self.delays[len(self.delays) // 2] if self.delays else None


def punctual(outcomes: Mapping[Outcome, int]) -> Fraction | None:
    """Share of what was in time, of what can be decided; None where nothing can.

    *Version added: 0.1.*

    Args:
        outcomes: How many findings there are of each outcome.
    """
    kept = sum(outcomes.get(one, 0) for one in _IN_TIME)
    whole = kept + sum(outcomes.get(one, 0) for one in _NOT)
    return Fraction(kept, whole) if whole else None


def hands_of(finding: Finding) -> frozenset[str]:
    """Accounts for which a finding counts: the hand that recorded, else each that owes; perhaps none.

    *Version added: 0.1.*
    """
    return finding.hands if finding.by is None else frozenset((finding.by,))


def control_report(findings: Iterable[Finding]) -> list[ControlRow]:
    """Count findings by account and clause.

    What was recorded counts for the hand that recorded it, what lacks for each of those who owe it. A
    finding about nobody known counts for all together only.

    Source: clause 2.2. *Version added: 0.1.*

    Args:
        findings: Findings of an audit with ``everything=True``.

    Returns:
        A row for each account and clause, for each account, for each clause, and for all; by account
        (all together last), then clause.
    """
    counts: dict[tuple[str | None, str | None, str | None], dict[Outcome, int]] = defaultdict(
        lambda: defaultdict(int)
    )
    delays: dict[tuple[str | None, str | None, str | None], list[int]] = defaultdict(list)
    for one in findings:
        for account in {*hands_of(one), None}:
            for place in (
                (account, one.regulation, one.clause),
                (account, None, None),
            ):
                counts[place][one.outcome] += 1
                if one.outcome is Outcome.LATE and one.lo is not None and one.closes is not None:
                    delays[place].append(one.lo - one.closes)
    return [
        ControlRow(
            account=account, regulation=regulation, clause=clause, outcomes=dict(found),
            delays=sorted(delays[account, regulation, clause]),
        )
        for (account, regulation, clause), found in sorted(counts.items(), key=_order)
    ]  # fmt: skip


def _order(
    row: tuple[tuple[str | None, str | None, str | None], object],
) -> tuple[bool, str, bool, str, list[tuple[int, str]]]:
    account, regulation, clause = row[0]
    parts = [
        (int(part), "") if part.isdecimal() else (-1, part) for part in (clause or "").split(".")
    ]
    return account is None, account or "", clause is None, regulation or "", parts


def control_days(since: date, until: date, every: int) -> list[tuple[date, date]]:
    """The stretches for which a school wants a control report: *every* so many days.

    Args:
        since: First day.
        until: Day after the last one.
        every: Length of a stretch in days, such as 7 or 30; the last one may be shorter.

    Raises:
        BadInput: *every* is less than a day.

    *Version added: 0.1.*
    """
    if every < 1:
        raise BadInput("no rhythm", where="every", expected="1 day or more", found=str(every))
    found = []
    while since < until:
        end = min(since + timedelta(days=every), until)
        found.append((since, end))
        since = end
    return found
