"""Logins: whether an account was one person's, and in one place at a time, by the host's sessions.

Entries do not show who sat at the keyboard. Where the host does not tell, nothing is said; where it
tells of some uses and not of others, what hangs on them is undecidable.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from attrs import frozen

from edujournal.model.calendar import Calendar
from edujournal.model.facts import Facts
from edujournal.model.ids import school_book
from edujournal.model.people import Account, Kleene
from edujournal.model.sessions import Session
from edujournal.model.time import zone
from edujournal.rules.clauses import Clause, Regulation
from edujournal.rules.rule_kinds import LoginRule
from edujournal.rules.verdicts import Effect, Finding, Outcome

#: What findings about the use of an account give as kind of record.
LOGIN: Final = "login"

#: Breach codes by what there is one of.
CODES: Final[Mapping[str, str]] = {"person": "two-persons", "place": "two-places"}


@frozen
class _Days:
    """The days of one year that are looked at, and the instant before which sessions began."""

    calendar: Calendar
    since: date
    until: date
    at: int

    def of(self, sessions: Sequence[Session]) -> list[Session]:
        return [one for one in sessions if self.holds(one)]

    def holds(self, session: Session) -> bool:
        day = zone(self.calendar.zone).local_date(session.since)
        return session.since < self.at and self.since <= day < self.until


@frozen
class _Used:
    """What was seen: from when to when, and what there was more than one of."""

    outcome: Outcome
    lo: int | None = None
    hi: int | None = None
    why: Mapping[str, Any] = {}


def of_year(
    regulation: Regulation,
    facts: Facts,
    year: str,
    at: int,
    since: date | None = None,
    until: date | None = None,
) -> Iterator[Finding]:
    """Say of every account what *regulation* asks of its use in *year*, by accounts, then clauses.

    Source: clauses 3.1 and 3.2.

    Args:
        regulation: The regulation.
        facts: What the school's data says, with the sessions that the host tells of.
        year: Academic year; findings belong to its school book.
        at: Instant before which a session began to be looked at.
        since: First day looked at; that of the year by default.
        until: Day after the last one.
    """
    rules = [
        (clause, rule)
        for clause in regulation.clauses
        for rule in clause.rules
        if isinstance(rule, LoginRule)
    ]
    if not rules:
        return
    calendar = facts.calendar(year)
    days = _Days(
        calendar,
        max(calendar.since, since or calendar.since, regulation.in_force.since or calendar.since),
        min(calendar.until, until or calendar.until, regulation.in_force.until or calendar.until),
        at,
    )
    by_account: dict[str, list[Session]] = defaultdict(list)
    for session in facts.sessions:
        by_account[session.account].append(session)
    known = {account.id: account for account in facts.accounts}
    for id in sorted({*by_account, *known}):
        account = known.get(id, Account(id))
        sessions = sorted(by_account[id], key=lambda one: (one.since, one.until or one.since))
        for clause, rule in rules:
            seen = _persons if rule.one == "person" else _places
            for used in seen(account, sessions, days):
                yield _finding(account, used, clause, rule, regulation, year)


# -- one person ------------------------------------------------------------------------------------


def _persons(account: Account, sessions: Sequence[Session], days: _Days) -> Iterator[_Used]:
    """Whether the account was used by the one whose it is, and by nobody else."""
    owners = [one for one in (account.person, *account.shared_with) if one is not None]
    looked = days.of(sessions)
    last = date.fromordinal(days.until.toordinal() - 1)
    shared = len(dict.fromkeys(owners)) > 1 and days.since < days.until
    if shared and account.active(days.since, last) is not Kleene.NO:
        yield _Used(Outcome.BROKEN, why={"persons": list(dict.fromkeys(owners))})
    told = [one for one in sessions if one.person is not None and one.since < days.at]
    if not owners and told:
        # Nobody has said whose it is: whoever is seen first.
        owners = [str(told[0].person)]
    others: dict[str, list[Session]] = defaultdict(list)
    for one in looked:
        if one.person is not None and one.person not in owners:
            others[one.person].append(one)
    for person, some in others.items():
        first = some[0]
        yield _Used(
            Outcome.BROKEN, first.since, first.until or first.since + 1,
            {"persons": [*dict.fromkeys(owners), person], "times": len(some)},
        )  # fmt: skip
    unknown = [one for one in looked if one.person is None] if told else []
    if unknown and not others and not shared:
        first = unknown[0]
        yield _Used(
            Outcome.UNDECIDABLE, first.since, first.until or first.since + 1,
            {"unknown": ["session.person"], "times": len(unknown)},
        )  # fmt: skip
    elif any(one.person is not None for one in looked) and not others and not shared:
        yield _Used(Outcome.MET)


# -- one place -------------------------------------------------------------------------------------


def _places(account: Account, sessions: Sequence[Session], days: _Days) -> Iterator[_Used]:
    """Whether the account was in one place at a time."""
    if not any(one.place is not None for one in sessions):
        return
    running: list[Session] = []
    seen = False
    clean = True
    for one in sessions:
        running = [other for other in running if other.until is None or other.until > one.since]
        looked = days.holds(one)
        seen = seen or (looked and one.place is not None)
        used, unended = _beside(one, running)
        # Of what nobody saw ending it is asked once whether it lasted.
        running = [other for other in running if other not in unended]
        running.append(one)
        if used is not None and looked:
            clean = False
            yield used
    if seen and clean:
        yield _Used(Outcome.MET)


def _beside(one: Session, running: Sequence[Session]) -> tuple[_Used | None, list[Session]]:
    """What *one*, as it begins, is beside: a certain contradiction, else one that may be."""
    elsewhere = [other for other in running if other.place != one.place]
    ends = [other.until for other in elsewhere if other.until is not None]
    unended = [other for other in elsewhere if other.until is None]
    certain = next(
        (
            other
            for other in elsewhere
            if other.until is not None and None not in (other.place, one.place)
        ),
        None,
    )
    if certain is not None and certain.until is not None:
        until = certain.until if one.until is None else min(one.until, certain.until)
        why = {"places": [certain.place, one.place]}
        return _Used(Outcome.BROKEN, one.since, until, why), unended
    if not elsewhere:
        return None, unended
    what = "session.place" if ends else "session.until"
    until = one.since + 1 if one.until is None else one.until
    return _Used(Outcome.UNDECIDABLE, one.since, until, {"unknown": [what]}), unended


def _finding(
    account: Account, used: _Used, clause: Clause, rule: LoginRule, regulation: Regulation,
    year: str,
) -> Finding:  # fmt: skip
    return Finding(
        CODES[rule.one], regulation.id, clause.number, rule.severity, used.outcome,
        Effect.REMARK if rule.on_breach is Effect.REFUSE else rule.on_breach,
        school_book(year), f"account:{account.id}", None, LOGIN, lo=used.lo, hi=used.hi,
        by=account.id, why=used.why,
    )  # fmt: skip
