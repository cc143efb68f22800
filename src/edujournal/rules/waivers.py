"""Waivers and grants: named permissions of the school book, and who had the authority to give them."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve

from edujournal.ledger.books import BookState
from edujournal.model.entries import Entry
from edujournal.model.occasions import Occasion
from edujournal.rules.around import Around
from edujournal.rules.clauses import Lift, LimitRule, LockRule, Regulation, TimingRule
from edujournal.rules.retention_rule import CODE
from edujournal.rules.terms import shifted
from edujournal.rules.verdicts import BREACHES, Finding, Outcome


def excused(
    findings: Sequence[Finding],
    entry: Entry,
    occasion: Occasion,
    regulation: Regulation,
    around: Around,
) -> list[Finding]:
    """Mark the breaches that a waiver lifts: they stay visible, and name the waiver.

    A waiver lifts only clauses that it names, of rules that say who may lift them, and only if its
    giver had the authority for so great a delay.
    """
    waivers = list(around.of_school("waiver"))
    if not waivers:
        return list(findings)
    return [_lifted(finding, entry, occasion, regulation, around, waivers) for finding in findings]


def _lifted(
    finding: Finding,
    entry: Entry,
    occasion: Occasion,
    regulation: Regulation,
    around: Around,
    waivers: Sequence[Entry],
) -> Finding:
    if finding.outcome not in BREACHES or finding.regulation != regulation.id:
        return finding
    lifts = lifts_of(finding, regulation)
    if not lifts:
        return finding
    school = around.school
    for waiver in waivers:
        if (
            school is not None
            and _covers(waiver, school, finding, entry)
            and _has_authority(waiver, finding, lifts, occasion, regulation)
        ):
            return evolve(
                finding,
                outcome=Outcome.EXCUSED,
                why={
                    **finding.why,
                    "waiver": waiver.about.partition(":")[2],
                    "was": finding.outcome.value,
                },
            )
    return finding


def lifts_of(finding: Finding, regulation: Regulation) -> tuple[Lift, ...]:
    """Who may lift what *finding* says, by the rules of its clause about its kind of record."""
    if finding.code == CODE:
        name = finding.why.get("retention")
        return next((one.lifts for one in regulation.retention if one.name == name), ())
    clause = regulation.find_clause(finding.clause)
    if clause is None:
        return ()
    return tuple(
        lift
        for index, rule in enumerate(clause.rules)
        if isinstance(rule, TimingRule | LockRule | LimitRule) and _says(rule, index, finding)
        for lift in rule.lifts
    )


def _says(rule: TimingRule | LockRule | LimitRule, index: int, finding: Finding) -> bool:
    """Whether it is *rule*, by its place in the clause, that *finding* speaks of."""
    if isinstance(rule, LimitRule) or "limit" in finding.why:
        return isinstance(rule, LimitRule) and finding.why.get("limit") == index
    return rule.record == finding.record and isinstance(rule, LockRule) == (
        finding.code == "locked"
    )


def _covers(waiver: Entry, school: BookState, finding: Finding, entry: Entry) -> bool:
    values = school.reading(waiver).values
    journals = values.get("journals")
    return (
        finding.clause in values["clauses"]
        and values["since"] <= entry.at < values["until"]
        and values.get("account") in (None, entry.author)
        and (journals is None or entry.book.removeprefix("journal/") in journals)
        and values.get("about") in (None, entry.about)
    )


def _has_authority(
    waiver: Entry,
    finding: Finding,
    lifts: Sequence[Lift],
    occasion: Occasion,
    regulation: Regulation,
) -> bool:
    """The role that gave the waiver may lift a delay as great as this one."""
    for lift in lifts:
        if lift.role != waiver.by.role:
            continue
        if lift.within is None or finding.closes is None or finding.lo is None:
            return True
        limit = shifted(finding.closes, lift.within, occasion.calendar, occasion.group)
        if limit is None or finding.lo < limit:
            return True
    return False


def may_lift(finding: Finding, regulation: Regulation) -> tuple[str, ...]:
    """Roles that may lift what *finding* says, for an explanation."""
    return tuple(dict.fromkeys(lift.role for lift in lifts_of(finding, regulation)))


def granted(account: str, book: str, at: int, around: Around) -> Entry | None:
    """The grant by which *account* may write in *book* at the instant *at*, or None."""
    school = around.school
    if school is None or not book.startswith("journal/"):
        return None
    for grant in around.of_school("grant"):
        values = school.reading(grant).values
        if (
            values["account"] == account
            and book == f"journal/{values['journal']}"
            and values["since"] <= at < values["until"]
        ):
            return grant
    return None
