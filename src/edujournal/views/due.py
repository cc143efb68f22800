"""The due list: what is still to be recorded, for each account that owes it."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from edujournal.rules.verdicts import Finding, Outcome, Severity
from edujournal.views.ordering import natural

#: Outcomes of findings that say something is still to be recorded.
OPEN = frozenset({Outcome.PENDING, Outcome.MISSING})


@frozen
class DueItem:
    """One record that is owed, once or for several pupils.

    *Version added: 0.1.*

    Attributes:
        regulation: Id of the regulation that asks for it.
        clause: Clause number.
        severity: Weight of a breach.
        book: Book in which it belongs.
        about: Name of the occasion.
        record: Kind of record.
        outcome: Pending, or missing once the window has closed.
        opens: Instant from which it may be recorded; None if always.
        closes: Instant before which it must be; None if never or not known.
        hands: Accounts that owe it; any one of them will do.
        pupils: Pupils, or other members, for whom it is owed; empty if for the whole occasion.
    """

    regulation: str
    clause: str
    severity: Severity
    book: str
    about: str
    record: str
    outcome: Outcome
    opens: int | None
    closes: int | None
    hands: frozenset[str]
    pupils: tuple[str, ...]


@frozen
class DueOf:
    """What one account owes, what closes first at the head; *account* is None where nobody is named.

    *Version added: 0.1.*
    """

    account: str | None
    items: tuple[DueItem, ...]

    @property
    def missing(self) -> tuple[DueItem, ...]:
        """What is overdue."""
        return tuple(item for item in self.items if item.outcome is Outcome.MISSING)


@frozen
class DueList:
    """What is owed, by account.

    *Version added: 0.1.*

    Attributes:
        accounts: Those who owe something, in the order of their ids; what nobody owes comes last.
    """

    accounts: tuple[DueOf, ...]

    def of(self, account: str) -> DueOf:
        """What *account* owes; perhaps nothing."""
        return next((one for one in self.accounts if one.account == account), DueOf(account, ()))

    @property
    def items(self) -> tuple[DueItem, ...]:
        """Each thing that is owed once, whoever owes it; what closes first at the head."""
        found = dict.fromkeys(item for one in self.accounts for item in one.items)
        return tuple(sorted(found, key=_order))


def due(findings: Iterable[Finding]) -> DueList:
    """Group what is owed by the accounts that owe it.

    Findings about the same record of one occasion under one clause become one item with its pupils.

    Args:
        findings: Such as :func:`edujournal.audits.exact.owed` or ``Journals.due`` gives. What is
            neither pending nor missing is left out.

    *Version added: 0.1.*
    """
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        if finding.outcome in OPEN:
            groups.setdefault(_key(finding), []).append(finding)
    owing: dict[str | None, list[DueItem]] = {}
    for found in groups.values():
        item = _item(found)
        nobody: tuple[str | None, ...] = (None,)
        for account in sorted(item.hands) or nobody:
            owing.setdefault(account, []).append(item)
    accounts = sorted(owing, key=lambda account: (account is None, account or ""))
    return DueList(
        tuple(DueOf(account, tuple(sorted(owing[account], key=_order))) for account in accounts)
    )


def _key(finding: Finding) -> tuple[object, ...]:
    return (
        finding.regulation,
        finding.clause,
        finding.code,
        finding.book,
        finding.about,
        finding.record,
        finding.outcome,
        finding.opens,
        finding.closes,
        finding.hands,
    )


def _item(found: list[Finding]) -> DueItem:
    first = found[0]
    return DueItem(
        first.regulation,
        first.clause,
        first.severity,
        first.book,
        first.about,
        first.record,
        first.outcome,
        first.opens,
        first.closes,
        first.hands,
        tuple(sorted({one.pupil for one in found if one.pupil is not None}, key=natural)),
    )


def _order(item: DueItem) -> tuple[object, ...]:
    return (item.closes is None, item.closes or 0, item.book, item.about, item.record, item.clause)
