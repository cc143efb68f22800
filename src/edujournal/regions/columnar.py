"""What can be a column: of which regulations, books and entries the answer hangs on keys alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from attrs import evolve

from edujournal.model.calendar import Calendar
from edujournal.model.facts import Facts
from edujournal.model.ids import JournalId
from edujournal.rules.anchors import ANCHORS
from edujournal.rules.clauses import Regulation
from edujournal.rules.term_values import reads
from edujournal.rules.terms import Term, pauses

#: Kinds of record that may be judged in columns.
PLAIN: Final = ("homework", "mark", "result", "roll", "topic", "work")

#: Length from which on a text always counts as said; signs of entries keep shorter ones.
SHORT: Final = 16

#: Kinds of which there is at most one about an occasion, and about a pupil where one is named.
ONCE: Final = ("result", "roll", "topic", "work")

#: Kinds by which others about the occasion are judged.
MEANING: Final = ("roll", "work")

#: Kinds that are owed on occasions of their own, which are always asked exactly.
_APART: Final = frozenset({"archiving", "closing", "confirmation", "disclosure", "setup"})

#: Kinds in the school book that give or take rights of an account, or void what it wrote.
_WARY: Final = frozenset({"compromise", "grant", "restoration", "vouch"})

#: Features by which a relation may be chosen: what is said is proven for each journal, and lessons
#: with a substitute are always asked exactly; a stage is told by the result itself.
_OF_SHELF: Final = frozenset(
    {"class", "grade", "group", "group_kind", "parallel", "profile", "stage", "subject",
     "subject_tag", "substitution"}
)  # fmt: skip

#: Predicates of relations that look at whose hand an entry is in.
_OF_HAND: Final = frozenset({"decider", "substitution"})

#: Features that are found by looking through the journal.
_FAR: Final = frozenset({"days_absent"})

#: Scopes of rights that hang on more than the hand and the journal.
_OWN: Final = frozenset({"own_account", "own_child"})


def obstacle(regulation: Regulation, years: Iterable[Calendar]) -> str | None:
    """Why nothing under *regulation* can be judged in columns; None where it can.

    Args:
        regulation: The regulation.
        years: Frames of the years of the school.
    """
    # One entry stands for others of other days: all of them must lie under the regulation, or none.
    ends = [day for year in years for day in (year.since, year.until - timedelta(days=1))]
    if not all(map(regulation.holds_on, ends)):
        return "in force for a part of the time"
    if regulation.limits:
        return "limits"
    if regulation.checks:
        return "checks"
    if "role" in regulation.selects_by:
        return "rules by role"
    if any(kind.always_for is not None for kind in regulation.markers):
        return "markers that always hold"
    if any(kind.expires and _reads_book(kind.expires.term) for kind in regulation.markers):
        return "markers whose time starts from the book"
    if any(len(word) > SHORT or any(map(str.isdigit, word)) for word in regulation.says_nothing):
        return "long words that say nothing"
    for kind in PLAIN:
        if kind in regulation.locks:
            return f"locks on {kind}"
        if reads(regulation, kind) - {"facts"}:
            return f"windows of {kind} that start from the book"
        for _, rule in regulation.relations.get(kind, ()):
            if rule.when.names() - _OF_SHELF:
                return f"relations of {kind} by more than the journal"
    for (_, _, kind), rows in regulation.rights.items():
        if kind in PLAIN and any(rule.scope in _OWN for _, rule in rows):
            return f"rights on {kind} by the person"
    return _owed_elsewhere(regulation)


def _owed_elsewhere(regulation: Regulation) -> str | None:
    for kind, rows in regulation.timing.items():
        for _, _, rule in rows:
            quorum = getattr(rule, "quorum", None) or getattr(rule, "each", None)
            how = "none" if quorum is None else quorum.how
            if how == "none" or kind in _APART:
                continue
            if kind not in PLAIN:
                return f"{kind} that is owed"
            if how != "once" and (how != "each" or quorum is None or quorum.of == "members"):
                return f"a share of {kind} that is owed"
    return None


def _reads_book(term: Term | None) -> bool:
    """Whether the value of *term* hangs on what stands anywhere in the journal."""
    if term is None:
        return False
    starts = [ANCHORS[name] for name in term.anchors() if name in ANCHORS]
    return bool(pauses(term)) or any(one.reads != "facts" for one in starts)


def far_kinds(regulation: Regulation) -> frozenset[str]:
    """Kinds, beside plain ones, whose judgement may hang on entries anywhere in the journal.

    Their windows or locks start from what stands there, or a rule is chosen by how long its pupil was
    away. A journal with one of them is audited as a whole.
    """
    found = {kind for kind in regulation.timing if reads(regulation, kind) - {"facts"}}
    for kind, locks in regulation.locks.items():
        if any(_reads_book(rule.since) or rule.when.names() & _FAR for _, rule in locks):
            found.add(kind)
    for kind, relations in regulation.relations.items():
        if any(rule.when.names() & _FAR for _, rule in relations):
            found.add(kind)
    if "confirmation" in found:  # it is owed where there is none yet
        found.add("substitution")
    return frozenset(found - {*PLAIN})


def alike_by_hand(regulations: Iterable[Regulation]) -> Mapping[str, str]:
    """Kinds of which no rule tells apart whose hand they are in, each with the first of them.

    The table of rights has the same rows for them, and the same relations look at the hand. What is
    about a period is apart: it has no lesson, to which a right may be bound.
    """
    known = tuple(regulations)

    def sign(kind: str) -> object:
        return kind == "result", [
            (
                {key[:2]: rows for key, rows in one.rights.items() if key[2] == kind},
                [
                    evolve(rule, record="")
                    for _, rule in one.relations.get(kind, ())
                    if rule.predicate in _OF_HAND
                ],
            )
            for one in known
        ]

    signs = {kind: sign(kind) for kind in PLAIN}
    return {kind: next(one for one in PLAIN if signs[one] == signs[kind]) for kind in PLAIN}


def shelved(regulation: Regulation) -> bool:
    """Whether it hangs on group or subject what may be said: then it is proven journal by journal."""
    return any(
        rule.when.names() - {"substitution"}
        for kind in PLAIN
        for _, rule in regulation.relations.get(kind, ())
    )


def wary_accounts(kinds: Iterable[tuple[str, str | None]]) -> frozenset[str]:
    """Accounts of which the school book tells what changes their rights.

    Args:
        kinds: Kind of each entry of the school book, with the account that it names.
    """
    return frozenset(account for kind, account in kinds if kind in _WARY and account is not None)


class Staff:
    """The stretches of time in which nothing about the hands of a journal changes.

    Args:
        facts: What the school's data says.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._rows: dict[str, list[tuple[str, str | None]]] = {}
        for row in facts.assignments:
            self._rows.setdefault(row.group, []).append((row.account, row.subject))

    def days(self, journal: JournalId) -> list[date]:
        """The days on which something begins or ends for an account that has to do with *journal*."""
        calendar = self.facts.calendar(journal.year)
        found: set[date | None] = set()
        for account in self._hands(journal, calendar.group(journal.group).parents):
            for row in self.facts.assignments_of(account):
                found.update((row.since, row.until))
            if self.facts.knows_account(account):
                one = self.facts.account(account)
                found.update((one.since, one.until))
                found.update(day for span in one.roles for day in (span.since, span.until))
                found.update(day for span in one.away for day in (span.since, span.until))
        return sorted(day for day in found if day is not None)

    def _hands(self, journal: JournalId, parents: Iterable[str]) -> Iterator[str]:
        for group in (journal.group, *parents):
            for account, subject in self._rows.get(group, ()):
                if subject in (journal.subject, None):
                    yield account

    def known(self, journal: JournalId) -> frozenset[str]:
        """The accounts that have to do with *journal*: of any other nothing is said in columns."""
        calendar = self.facts.calendar(journal.year)
        return frozenset(self._hands(journal, calendar.group(journal.group).parents))
