"""Rights: who may do what, in which role, within which scope. What is not given is denied."""

from __future__ import annotations

from datetime import date
from itertools import chain

from attrs import evolve, frozen

from edujournal.model.entries import Entry
from edujournal.model.ids import JournalId
from edujournal.model.occasions import Occasion
from edujournal.model.people import Kleene
from edujournal.model.time import zone
from edujournal.rules.clauses import Regulation, RightsRule
from edujournal.rules.predicates import Scene, is_substitute
from edujournal.rules.recent import Recent
from edujournal.rules.verdicts import Effect, Finding, Outcome, Severity
from edujournal.rules.waivers import granted

#: A rule for this role is for every role.
ANYONE = "anyone"

#: Roles tried in this order where the caller names none.
_ORDER = ("teacher", "substitute", "homeroom")


#: Breach codes of denials by scope; any other is ``no-right``.
_CODES = {
    "own_journal": "not-your-journal",
    "substituted_lesson": "no-substitution",
    "team_journal": "not-your-journal",
}


@frozen
class Hand:
    """A hand at a moment: an account, and the days on which it may have written.

    Attributes:
        account: The account.
        first: First possible local day; None if not known.
        last: Last possible local day.
        at: Instant of the act, UTC microseconds.
    """

    account: str
    first: date | None
    last: date
    at: int


@frozen
class Right:
    """The answer of the rights table.

    Attributes:
        allowed: Yes, no, or not known.
        clause: Clause that allows or denies.
        code: Breach code of a denial.
        role: Role in which it was asked.
        severity: Weight of a breach.
        effect: What a breach does to a write.
    """

    allowed: Kleene
    clause: str
    code: str
    role: str
    severity: Severity = Severity.MUST
    effect: Effect = Effect.REFUSE


def both(one: Kleene, other: Kleene) -> Kleene:
    """Kleene's "and"."""
    if Kleene.NO in (one, other):
        return Kleene.NO
    return Kleene.UNKNOWN if Kleene.UNKNOWN in (one, other) else Kleene.YES


def either(one: Kleene, other: Kleene) -> Kleene:
    """Kleene's "or"."""
    if Kleene.YES in (one, other):
        return Kleene.YES
    return Kleene.UNKNOWN if Kleene.UNKNOWN in (one, other) else Kleene.NO


def hand_of(entry: Entry, occasion: Occasion) -> Hand | None:
    """The hand of *entry*, or None when its author is not known."""
    author = entry.author
    if author is None:
        return None
    tz = zone(occasion.calendar.zone)
    first = None if entry.lo is None else tz.local_date(entry.lo)
    return Hand(author, first, tz.local_date(entry.hi - 1), entry.at)


def holds(role: str, hand: Hand, occasion: Occasion, scene: Scene) -> Kleene:
    """Tell whether *hand* held *role* at its moment."""
    if role == ANYONE:
        return Kleene.YES
    facts = scene.facts
    account = facts.account(hand.account)
    named = account.holds(role, hand.first, hand.last)
    if named is Kleene.YES or role not in _ORDER:
        if role == "guardian":
            return Kleene.YES if account.pupils else named
        return named
    wanted = "homeroom" if role == "homeroom" else "teacher"
    if wanted == "teacher" and granted(hand.account, occasion.book, hand.at, scene.around):
        return Kleene.YES
    answer: Kleene = named
    for row in facts.assignments_of(hand.account):
        if row.role == wanted:
            answer = either(
                answer, _assigned(hand, occasion, scene, row.group, row.subject, wanted)
            )
    if role == "substitute":
        answer = either(answer, holds("teacher", hand, occasion, scene))
        if occasion.lesson is not None and hand.account in facts.substitutes(occasion.lesson):
            return Kleene.YES
    return answer


def _assigned(
    hand: Hand, occasion: Occasion, scene: Scene, group: str, subject: str | None, role: str
) -> Kleene:
    """Assigned on the day of the occasion, or at the moment of writing. Source: clause 2.3, reading."""
    facts = scene.facts
    now = facts.is_assigned(hand.account, group, subject, role, hand.first, hand.last)
    if role == "teacher" and subject is not None:
        journal = JournalId(group, subject, occasion.calendar.year)
        if granted(hand.account, journal.book, hand.at, scene.around) is not None:
            return Kleene.YES
    if occasion.day is None:
        return now
    then = facts.is_assigned(hand.account, group, subject, role, occasion.day, occasion.day)
    return either(now, then)


def _in_scope(
    rule: RightsRule, hand: Hand, entry: Entry, occasion: Occasion, scene: Scene
) -> Kleene:
    if rule.scope == "school":
        return Kleene.YES
    if rule.scope == "own_journal":
        if occasion.group is None:
            return Kleene.NO
        return _assigned(hand, occasion, scene, occasion.group, occasion.subject, "teacher")
    if rule.scope == "team_journal":
        return in_team(hand, occasion, scene)
    if rule.scope == "own_class":
        return _own_class(hand, occasion, scene)
    if rule.scope == "own_account":
        return Kleene.YES if entry.values.get("account") == hand.account else Kleene.NO
    if rule.scope == "own_child":
        pupils = scene.facts.account(hand.account).pupils
        return Kleene.YES if entry.pupil in pupils else Kleene.NO
    if entry.kind == "substitution":
        return _may_claim(hand, entry, occasion, scene)
    if occasion.lesson is None:
        return Kleene.NO
    return Kleene.YES if is_substitute(hand.account, occasion.lesson.id, scene) else Kleene.NO


def in_team(hand: Hand, occasion: Occasion, scene: Scene) -> Kleene:
    """Whether *hand* is of the team of a journal all of whose teachers are away at that moment.

    Both must hold on the day of writing: the right begins and ends with the absence.
    """
    facts, group, subject = scene.facts, occasion.group, occasion.subject
    if group is None or subject is None:
        return Kleene.NO
    answer = facts.is_assigned(hand.account, group, subject, "team", hand.first, hand.last)
    teachers = facts.assigned(group, subject, "teacher", hand.first, hand.last)
    present = [name for name, is_one in teachers.items() if is_one is not Kleene.NO]
    if not present:
        return Kleene.NO
    for name in present:
        if not facts.knows_account(name):
            return Kleene.NO
        answer = both(answer, facts.account(name).is_away(hand.first, hand.last))
    return answer


def _own_class(hand: Hand, occasion: Occasion, scene: Scene) -> Kleene:
    if occasion.group is None:
        return Kleene.NO
    group = occasion.calendar.group(occasion.group)
    answer = Kleene.NO
    for one in (group.id, *group.parents):
        answer = either(answer, _assigned(hand, occasion, scene, one, None, "homeroom"))
    return answer


def _may_claim(hand: Hand, entry: Entry, occasion: Occasion, scene: Scene) -> Kleene:
    """A claim is for oneself: ordered, or a teacher of the school who is free then, that day."""
    lesson = occasion.lesson
    if lesson is None or entry.values.get("teacher") != hand.account:
        return Kleene.NO
    if hand.account in scene.facts.substitutes(lesson):
        return Kleene.YES
    if not scene.facts.is_free(hand.account, lesson):
        return Kleene.NO
    if hand.first == hand.last:
        return Kleene.YES if hand.first == lesson.day else Kleene.NO
    inside = (hand.first is None or hand.first <= lesson.day) and lesson.day <= hand.last
    return Kleene.UNKNOWN if inside else Kleene.NO


def right(
    role: str, action: str, hand: Hand, entry: Entry, record: str, occasion: Occasion, scene: Scene
) -> Right:
    """What the rights table says of *action* on *record* in *role*."""
    regulation = scene.regulation
    rows = chain(
        regulation.rights.get((role, action, record), ()),
        regulation.rights.get((ANYONE, action, record), ()),
    )
    best = None
    for clause, rule in rows:
        inside = _in_scope(rule, hand, entry, occasion, scene)
        if rule.may_not is not None:
            if inside is not Kleene.NO:
                return Right(
                    Kleene.NO if inside is Kleene.YES else Kleene.UNKNOWN,
                    clause.number, "reads-only", role, rule.severity, rule.on_breach,
                )  # fmt: skip
            continue
        code = _CODES.get(rule.scope, "no-right")
        if rule.scope == "substituted_lesson" and record == "substitution":
            code = "not-free"
        found = Right(inside, clause.number, code, role, rule.severity, rule.on_breach)
        if inside is Kleene.YES:
            return found
        if best is None or (inside is Kleene.UNKNOWN and best.allowed is Kleene.NO):
            best = found
    return best or Right(Kleene.NO, _whose(action, record, scene), "no-right", role)


def _whose(action: str, record: str, scene: Scene) -> str:
    """The clause that says whose right it is; the regulation's clause about rights if none does."""
    regulation = scene.regulation
    for clause in regulation.clauses:
        for rule in clause.rules:
            if isinstance(rule, RightsRule) and rule.may == action and record in rule.records:
                return clause.number
    return regulation.rights_clause


def _answer(
    role: str,
    action: str,
    hand: Hand,
    entry: Entry,
    record: str,
    occasion: Occasion,
    scene: Scene,
) -> Right:
    """The right in *role*, if the role is held at all."""
    held = holds(role, hand, occasion, scene)
    return _with_role(held, right(role, action, hand, entry, record, occasion, scene))


def _with_role(held: Kleene, found: Right) -> Right:
    if held is Kleene.YES:
        return found
    if held is Kleene.NO:
        return Right(Kleene.NO, found.clause, "role-not-held", found.role)
    return evolve(found, allowed=both(held, found.allowed))


def roles_of(hand: Hand, scene: Scene) -> tuple[str, ...]:
    """The roles that *hand* may act in, in the order in which they are tried."""
    account = scene.facts.account(hand.account)
    names = [*_ORDER, *(span.role for span in account.roles)]
    if account.pupils:
        names.append("guardian")
    return tuple(dict.fromkeys(names))


def decide(
    action: str,
    role: str | None,
    hand: Hand,
    entry: Entry,
    record: str,
    occasion: Occasion,
    scene: Scene,
    prefer: tuple[str, ...] = (),
) -> Right:
    """What the rights table says, in the role named, or in the first one held that allows it.

    Roles to *prefer* are tried before others.

    Without a role that allows it the denial is that of the homeroom teacher of this very class, else
    of a teacher, else of the first role held.
    """
    if not scene.facts.knows_account(hand.account):  # the school's data has lost it since
        return Right(Kleene.UNKNOWN, _whose(action, record, scene), "no-right", role or "")
    if role is not None:
        return _answer(role, action, hand, entry, record, occasion, scene)
    unknown: Right | None = None
    denials: list[Right] = []
    for one in dict.fromkeys((*prefer, *roles_of(hand, scene))):
        held = holds(one, hand, occasion, scene)
        if held is Kleene.NO:
            continue
        answer = _with_role(held, right(one, action, hand, entry, record, occasion, scene))
        if answer.allowed is Kleene.YES:
            return answer
        if answer.allowed is Kleene.UNKNOWN:
            unknown = unknown or answer
        else:
            denials.append(answer)
    if unknown is not None:
        return unknown
    for answer in denials:
        if answer.role == "homeroom" and _own_class(hand, occasion, scene) is not Kleene.NO:
            return answer
    anyone = right(ANYONE, action, hand, entry, record, occasion, scene)
    if anyone.allowed is Kleene.YES:
        return anyone
    # A denial that says what is lacking tells more than one that says that nothing was given.
    denials.sort(key=lambda answer: answer.code == "no-right")
    if denials:
        return denials[0]
    return _answer("teacher", action, hand, entry, record, occasion, scene)


class Table:
    """The rights table of a regulation: decisions in which no book has a say are made once for a while.

    It is for one set of facts.

    Args:
        regulation: The regulation.
    """

    def __init__(self, regulation: Regulation) -> None:
        self._personal = regulation.personal
        self._recent: Recent[tuple[object, ...], Right] = Recent()

    def decide(
        self,
        action: str,
        role: str | None,
        hand: Hand,
        entry: Entry,
        record: str,
        occasion: Occasion,
        scene: Scene,
        prefer: tuple[str, ...] = (),
    ) -> Right:
        """The same as :func:`decide`."""
        lesson = occasion.lesson
        if (
            record in self._personal
            or entry.kind == "substitution"
            or scene.around.claims
            or (scene.around.school is not None and scene.around.school.has("grant"))
            or (lesson is not None and scene.state.has("substitution", lesson.about))
        ):
            return decide(action, role, hand, entry, record, occasion, scene, prefer)
        key = (
            action, role, record, prefer, hand.account, hand.first, hand.last, occasion.book,
            occasion.group, occasion.subject, occasion.day, None if lesson is None else lesson.id,
        )  # fmt: skip
        found = self._recent.get(key)
        return found or self._recent.keep(
            key, decide(action, role, hand, entry, record, occasion, scene, prefer)
        )


def of_entry(
    entry: Entry,
    record: str,
    occasion: Occasion,
    scene: Scene,
    table: Table,
    prefer: tuple[str, ...] = (),
) -> tuple[Finding, Right | None]:
    """Judge the hand of *entry*; where it names no role, roles to *prefer* are tried first."""
    hand = hand_of(entry, occasion)
    if hand is None or not scene.facts.knows_account(hand.account):
        unknown: dict[str, object] = {"unknown": ["author" if hand is None else "account"]}
        return _finding(entry, record, scene, _undecidable(scene, record), unknown), None
    found = table.decide("write", entry.role or None, hand, entry, record, occasion, scene, prefer)
    active = scene.facts.account(hand.account).active(hand.first, hand.last)
    if active is not Kleene.YES:
        found = Right(
            both(active, found.allowed), found.clause, "account-inactive", found.role,
            found.severity, found.effect,
        )  # fmt: skip
    return _finding(entry, record, scene, found, {"role": found.role}), found


def _undecidable(scene: Scene, record: str) -> Right:
    return Right(Kleene.UNKNOWN, _whose("write", record, scene), "not-your-journal", "")


_OUTCOMES = {
    Kleene.YES: Outcome.MET,
    Kleene.NO: Outcome.BROKEN,
    Kleene.UNKNOWN: Outcome.UNDECIDABLE,
}


def _finding(
    entry: Entry, record: str, scene: Scene, found: Right, why: dict[str, object]
) -> Finding:
    return Finding(
        found.code,
        scene.regulation.id,
        found.clause,
        found.severity,
        _OUTCOMES[found.allowed],
        Effect.REMARK if entry.evidence is not None else found.effect,
        entry.book,
        entry.about,
        entry.pupil,
        record,
        lo=entry.lo,
        hi=entry.hi,
        by=entry.author,
        entry=entry.number,
        why=why,
    )
