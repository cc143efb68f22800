"""Duties: what a regulation asks to be recorded about an occasion. The one definition of every window."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from attrs import field, frozen

from edujournal.ledger.books import BookState
from edujournal.model.entries import Entry
from edujournal.model.facts import Facts
from edujournal.model.occasions import Occasion
from edujournal.model.people import ADMINISTRATION, Kleene
from edujournal.model.time import zone
from edujournal.rules.anchors import Ground
from edujournal.rules.around import ALONE, Around
from edujournal.rules.clauses import Quorum, Regulation, TimingRule
from edujournal.rules.given import subject_wide
from edujournal.rules.predicates import is_absent
from edujournal.rules.term_values import Bound, Held, Terms
from edujournal.rules.verdicts import Effect, NotKnown, Outcome, Severity
from edujournal.rules.windows import held

#: A record that is judged only where it is made.
NOBODY: Final = Quorum()


@frozen
class Duty:
    """This must be recorded: what, about what, from when, until when, by whom, for whom.

    *Version added: 0.1.*

    Attributes:
        regulation: Id of the regulation.
        clause: Clause number.
        rule: Place of the rule within its clause, from 0.
        book: Book in which it is recorded.
        about: Name of the occasion.
        record: Kind of record.
        opens: Instant from which, None if always, or not known.
        closes: Instant before which, None if never, or not known.
        hands: Accounts that owe it.
        quorum: Who or what must have it.
        judged: Whether the time of what is recorded is judged; a completeness rule does not.
        severity: Weight of a breach.
        on_breach: What lateness, or that it is missing, leads to.
        on_early: What earliness leads to.
        when_missing: ``missing``, or ``undecidable`` where nothing proves that it was not done.
        target: Number of the entry that asks for an answer, or None.
        becomes: Code of the marker that what is missing becomes, or None.
    """

    regulation: str
    clause: str
    rule: int
    book: str
    about: str
    record: str
    opens: Bound
    closes: Bound
    hands: frozenset[str] = field(eq=False)
    quorum: Quorum = NOBODY
    judged: bool = True
    severity: Severity = Severity.MUST
    on_breach: Effect = Effect.REMARK
    on_early: Effect = Effect.REFUSE
    when_missing: str = "missing"
    target: int | None = None
    becomes: str | None = None

    def compared(self, lo: int | None, hi: int) -> Outcome:
        """Compare the window with a recording known to lie in ``[lo, hi)``.

        The bounds are judged apart: nothing is called a breach without evidence.
        """
        if isinstance(self.opens, int) and hi <= self.opens:
            return Outcome.EARLY
        if isinstance(self.closes, int) and hi > self.closes:
            certain = lo is not None and lo >= self.closes
            return Outcome.LATE if certain else Outcome.UNDECIDABLE
        known = not isinstance(self.closes, NotKnown) and not isinstance(self.opens, NotKnown)
        return Outcome.MET if known else Outcome.UNDECIDABLE

    def without(self, at: int, *, certain: bool = True) -> Outcome:
        """What is to be said at the instant *at* where nothing is recorded.

        Args:
            at: The instant.
            certain: Whether it is certain that it is owed.
        """
        if isinstance(self.closes, NotKnown):
            return Outcome.UNDECIDABLE
        if self.closes is None or at < self.closes:
            return Outcome.PENDING
        if not certain or self.when_missing == "undecidable":
            return Outcome.UNDECIDABLE
        return Outcome.MISSING


def duties(
    regulation: Regulation,
    occasion: Occasion,
    facts: Facts,
    *,
    record: str | None = None,
    entry: Entry | None = None,
    terms: Terms | None = None,
    state: BookState | None = None,
    pupil: str | None = None,
    around: Around = ALONE,
) -> tuple[tuple[Duty, ...], ...]:
    """What *regulation* asks to be recorded about *occasion*.

    Each inner tuple is one duty, or the several of which exactly one holds while something about the
    occasion is not known (such as the purpose of a control work).

    Args:
        regulation: The regulation.
        occasion: What has happened.
        facts: What the school's data says.
        record: Only duties about this kind of record.
        entry: Entry that is being judged, whose own features selectors may read.
        terms: Values of terms kept from earlier calls on the same facts.
        state: What the book says, for terms that start from it.
        pupil: Pupil for whom it is asked, for terms that start from what concerns one pupil.
        around: What stands round the book, for selectors that read excuses in class books.

    *Version added: 0.1.*
    """
    terms = terms or Terms(regulation, facts)
    ground = Ground(
        occasion, facts, state, pupil, regulation.given,
        handed=None if entry is None else entry.handed_in,
    )  # fmt: skip
    records = [record] if record is not None else sorted(regulation.timing)
    return tuple(
        tuple(_duty(one, ground, regulation) for one in group)
        for kind in records
        for group in held(kind, ground, terms, entry, around)
    )


def _duty(held: Held, ground: Ground, regulation: Regulation) -> Duty:
    occasion, facts, rule = ground.occasion, ground.facts, held.rule
    event = occasion.event
    return Duty(
        regulation.id,
        held.clause.number,
        held.place,
        occasion.book,
        occasion.name,
        rule.record,
        held.opens,
        held.closes,
        hands=hands_of(rule.record, occasion, facts, regulation),
        quorum=held.quorum,
        judged=held.judged,
        severity=rule.severity,
        on_breach=rule.on_breach,
        on_early=rule.on_early if isinstance(rule, TimingRule) else Effect.REFUSE,
        when_missing="undecidable" if rule.record in facts.lacks else rule.when_missing,
        target=None if event is None or event.kind != "substitution" else event.entry,
        becomes=rule.becomes,
    )


#: Kinds of record that nobody owes by teaching, but by an office.
OFFICE: Final = frozenset({"archiving", "closing", "confirmation", "setup"})


def hands_of(
    record: str, occasion: Occasion, facts: Facts, regulation: Regulation
) -> frozenset[str]:
    """The accounts that owe *record* about *occasion*.

    What an office owes is owed by those of the administration to whom the regulation gives it.
    """
    if record in OFFICE:
        day = occasion.day or occasion.calendar.since
        given = [role for role in ADMINISTRATION if (role, "write", record) in regulation.rights]
        return frozenset(
            account.id
            for account in facts.accounts
            if any(account.holds(role, day, day) is Kleene.YES for role in given or ADMINISTRATION)
        )
    if occasion.lesson is not None and (ordered := facts.substitutes(occasion.lesson)):
        return ordered
    if occasion.group is None or occasion.subject is None or occasion.day is None:
        return frozenset()
    hands = facts.hands(occasion.group, occasion.subject, "teacher", occasion.day)
    if regulation.lets_teams and hands and _are_away(hands, occasion.day, facts):
        hands |= facts.hands(occasion.group, occasion.subject, "team", occasion.day)
    return hands


def _are_away(accounts: frozenset[str], day: date, facts: Facts) -> bool:
    known = [facts.account(one) for one in accounts if facts.knows_account(one)]
    return len(known) == len(accounts) and all(one.is_away(day, day) is Kleene.YES for one in known)


# -- who must have it, and who has it --------------------------------------------------------------


def expected(
    duty: Duty, occasion: Occasion, facts: Facts, state: BookState, regulation: Regulation
) -> tuple[frozenset[str | None], bool]:
    """The members of the set that owes the record, and whether the set is known for certain.

    One record for the whole occasion is the set of None alone; so is a set of which nothing is known.
    """
    quorum = duty.quorum
    if quorum.how == "none":
        return frozenset(), True
    if quorum.how == "once":
        return frozenset({None}), True
    if quorum.of == "members":
        return frozenset(quorum.members), True
    if occasion.group is None or occasion.day is None:
        return frozenset({None}), False
    roll = facts.roll(occasion.calendar, occasion.group, occasion.day)
    if quorum.of == "roll":
        return frozenset(roll), True
    if occasion.lesson is None:
        return frozenset(roll), False
    called = state.roll(occasion.lesson.about)
    if called is None:
        return frozenset(roll), False
    absent = {row["pupil"] for row in called.values.get("absent", ()) if is_absent(row, regulation)}
    return frozenset(roll - absent), True


def member(entry: Entry) -> str | None:
    """Which member of the set that owes a record *entry* speaks for."""
    if entry.kind == "disclosure":
        return str(entry.values["to"])
    return entry.pupil


#: Kinds of record that meet a duty about another kind: a marker stands where a mark is owed.
ALSO: Mapping[str, tuple[str, ...]] = {
    "mark": ("mark", "marker", "makeup"),
    "result": ("result", "marker"),
}


def recorded(duty: Duty, occasion: Occasion, state: BookState) -> Iterator[Entry]:
    """The entries that stand and may meet *duty*, as written, in order."""
    work, lesson = occasion.work, occasion.lesson
    if duty.record == "mark" and work is not None:
        for kind in ALSO["mark"]:
            if kind != "makeup":
                yield from state.about(kind, f"work:{work.id}")
            if lesson is not None:
                for entry in state.about(kind, lesson.about):
                    if kind != "mark" or entry.values.get("kind") == work.kind:
                        yield entry
        yield from subject_wide(occasion, state)
        return
    for kind in ALSO.get(duty.record, (duty.record,)):
        for entry in state.about(kind, duty.about):
            if duty.target is None or entry.target == duty.target:
                yield entry
    if duty.record == "result":
        yield from subject_wide(occasion, state)


def day_of(at: int, occasion: Occasion) -> date:
    """Local day of an instant in the zone of the occasion's year."""
    return zone(occasion.calendar.zone).local_date(at)
