"""Limits: how much there is of something within some bounds, and how much there must or may be.

The one definition that a write, an audit, a list of what is due and an explanation read. What may or
may not belong to the set is counted both ways: nothing is called too many or too few by a record whose
day or kind is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from attrs import field, frozen

from edujournal.ledger.books import BookState
from edujournal.model.calendar import Calendar
from edujournal.model.entries import Entry
from edujournal.model.facts import Facts
from edujournal.model.ids import JournalId
from edujournal.model.occasions import Occasion
from edujournal.model.people import Kleene
from edujournal.rules.amounts import TAKEN, Counted, gap_of, share_of
from edujournal.rules.clauses import Clause, Regulation
from edujournal.rules.given import beside, stage_of, subject_wide
from edujournal.rules.inputs import journals_of_subject
from edujournal.rules.numbers import exact, stepped
from edujournal.rules.places import Found, Stretch, kinds_of, standing
from edujournal.rules.predicates import Scene, is_absent
from edujournal.rules.rule_kinds import Level, LimitRule
from edujournal.rules.scenes import worlds
from edujournal.rules.selecting import Looked, seen
from edujournal.rules.verdicts import NotKnown
from edujournal.rules.worth import sign_of, worth

#: A row of a regulation: a limit with its clause and its place there.
Row = tuple[Clause, int, LimitRule]

#: What may be measured.
TAKES: Final = ("count", "share", "sum", "mean", "min", "max", "gap", "distinct")

#: What may be taken of a record as a number, and what of it may differ.
NUMBERS: Final = ("value", "weight", "points")
WORDS: Final = ("account", "day", "kind", "lesson", "purpose", "subject", "value")

#: What a table of levels may go by.
LEVELS: Final = ("weekly_hours", "grade", "lessons")

#: What is not known, as explanations name it.
_DAY: Final = "work.held"
_FEATURES: Final = "the entry, and the work it is for"
_EVIDENCE: Final = "evidence"


@frozen(eq=False)
class Measured:
    """One limit, measured within its bounds.

    *Version added: 0.1.*

    Attributes:
        rule: The limit.
        stretch: Within which days, or at which lesson or work.
        pupil: For which pupil; None for all together.
        group: For which class; empty for none.
        counted: What belongs to the set, or may.
        low: The least that it may come to; None where nothing bounds it from below.
        high: The greatest; None where nothing bounds it from above.
        empty: Whether there may be nothing of which a mean, a least or a greatest is taken, no two
            between which there is a gap, or nobody of whom a share is: nothing falls short then.
        members: Those of whom a share is taken.
        unknown: What is not known.
    """

    rule: LimitRule
    stretch: Stretch
    pupil: str | None
    group: str
    counted: tuple[Counted, ...]
    low: Fraction | None
    high: Fraction | None
    empty: bool = False
    members: frozenset[str] = frozenset()
    unknown: tuple[str, ...] = field(default=())

    @property
    def is_asked(self) -> bool:
        """Whether there is anything to ask: something of which a mean is taken, somebody for a share."""
        if not self.empty or self.rule.take == "gap":
            return True
        return self.rule.take != "share" and bool(self.counted)

    def reaches(self, floor: Fraction) -> Kleene:
        """Tell whether it is *floor* at least. What stands alone keeps any distance."""
        alone = self.rule.take == "gap" and self.low is None
        if alone or (self.low is not None and self.low >= floor):
            return Kleene.YES
        under = self.high is not None and self.high < floor and not self.empty
        return Kleene.NO if under else Kleene.UNKNOWN

    def keeps(self, ceiling: Fraction) -> Kleene:
        """Tell whether it is *ceiling* at most."""
        if self.high is not None and self.high <= ceiling:
            return Kleene.YES
        over = self.low is not None and self.low > ceiling and not self.empty
        return Kleene.NO if over else Kleene.UNKNOWN


# -- which limits hold -----------------------------------------------------------------------------


def in_force(
    rows: Iterable[Row], regulation: Regulation, look: Callable[[frozenset[str]], dict[str, object]]
) -> Iterator[tuple[Row, bool]]:
    """The limits that hold for an occasion, each with whether that is certain.

    Of limits of one family the one whose selector is strictly narrower holds, or the one that names
    the other's clause.

    Args:
        rows: Limits.
        regulation: Their regulation.
        look: Gives the features of the occasion that are named.
    """
    some = tuple(rows)
    names = frozenset[str]().union(*(rule.when.names() for _, _, rule in some))
    held: dict[tuple[str, int], list[Row]] = {}
    count = 0
    for world in worlds(look(names), names, regulation):
        count += 1
        allowed = [row for row in some if row[2].when.allows(world)]
        for row in allowed:
            if not any(_beats(other, row) for other in allowed if other is not row):
                held.setdefault((row[0].number, row[1]), []).append(row)
    for rows_held in held.values():
        yield rows_held[0], len(rows_held) == count


def _beats(other: Row, row: Row) -> bool:
    if other[2].instead_of is not None and other[2].instead_of == row[0].number:
        return True
    return other[2].family == row[2].family and other[2].when.narrows(row[2].when)


# -- where it is measured --------------------------------------------------------------------------


def reach(regulations: Iterable[Regulation]) -> frozenset[str]:
    """The scopes in which limits measure: ``journal``, ``subject``, ``class``; empty without limits."""
    return frozenset(rule.scope for one in regulations for _, _, rule in one.limits)


def limited(regulation: Regulation) -> frozenset[str]:
    """Kinds of entries that are judged by a limit when they are written."""
    found: set[str] = set()
    for _, _, rule in regulation.limits:
        if rule.at_most is not None or rule.take == "gap":
            found.update(kinds_of(rule.record))
        if rule.before is not None:
            found.add(rule.before)
    return frozenset(found)


def owes_elsewhere(regulation: Regulation) -> bool:
    """Whether a floor that an audit asks for counts what stands in other journals."""
    return any(rule.by is not None and rule.scope != "journal" for _, _, rule in regulation.limits)


def siblings(journal: JournalId, facts: Facts, scopes: frozenset[str]) -> tuple[str, ...]:
    """Names of the other journals that limits with such *scopes* look at, ordered.

    *Version added: 0.1.*
    """
    found: set[JournalId] = set()
    if "subject" in scopes:
        found.update(journals_of_subject(journal, facts))
    if "class" in scopes:
        calendar = facts.calendar(journal.year)
        family = frozenset[str]().union(
            *(calendar.offspring(one) for one in calendar.classes_of(journal.group))
        )
        found.update(
            one for one in facts.journals() if one.year == journal.year and one.group in family
        )
    return tuple(sorted(one.book for one in found - {journal}))


def _sources(
    rule: LimitRule, journal: JournalId, scene: Scene, pupil: str | None, group: str
) -> Iterator[tuple[JournalId, BookState]]:
    """The journals in which *rule* measures, this one first."""
    yield journal, scene.state
    if rule.scope == "journal":
        return
    calendar = scene.facts.calendar(journal.year)
    family = calendar.offspring(group) if group else frozenset()
    for book, state in sorted(scene.around.journals.items()):
        other = JournalId.parse(book)
        if other == journal:
            continue
        if rule.scope == "subject":
            if other.subject == journal.subject and _may_concern(pupil, other.group, scene.facts):
                yield other, state
        elif other.group in family if group else _may_concern(pupil, other.group, scene.facts):
            yield other, state


def _may_concern(pupil: str | None, group: str, facts: Facts) -> bool:
    """Whether *pupil* ever belonged to a group; any group may concern all pupils together."""
    return pupil is None or any(row.group == group for row in facts.memberships_of(pupil))


# -- measuring -------------------------------------------------------------------------------------


def gathered(
    rule: LimitRule,
    occasion: Occasion,
    stretch: Stretch,
    scene: Scene,
    pupil: str | None = None,
    group: str = "",
) -> Iterator[Found]:
    """The records of a limit's kind that stand within its bounds, or may, whatever they are like.

    Args as for :func:`measure`; without a pupil those of all.
    """
    journal = occasion.journal
    if journal is not None:
        for other, state in _sources(rule, journal, scene, pupil, group):
            yield from standing(rule.record, other, stretch, state, scene.facts, pupil)


def measure(
    rule: LimitRule,
    occasion: Occasion,
    stretch: Stretch,
    scene: Scene,
    *,
    pupil: str | None = None,
    group: str = "",
    new: Found | None = None,
    among: Sequence[Found] | None = None,
    counts: Callable[[Entry], Kleene] | None = None,
    more: Sequence[Found] = (),
) -> Measured:
    """Measure *rule* within its bounds.

    Args:
        rule: The limit.
        occasion: What it is asked about.
        stretch: The stretch of time in which *occasion* lies.
        scene: What else is known.
        pupil: The pupil for whom it is asked, or None.
        group: The class for which it is asked, or empty.
        new: A record that is being written or changed: it counts as it would read then.
        among: What :func:`gathered` gave, where it is known already.
        counts: Tells of a record whether it counts, such as by when it was recorded.
        more: Records that count beside those that stand.

    *Version added: 0.1.*
    """
    if among is None:
        among = tuple(gathered(rule, occasion, stretch, scene, pupil, group))
    found = [one for one in (*among, *more) if new is None or one.key != new.key]
    if new is not None:
        found.append(new)
    counted = []
    for one in found:
        unknown = _belongs(one, rule, stretch, scene, pupil)
        says = Kleene.YES if counts is None or one is new else counts(one.entry)
        if unknown is None or says is Kleene.NO:
            continue
        if says is Kleene.UNKNOWN:
            unknown = unknown or _EVIDENCE
        number = number_of(one, rule.field, scene.regulation)
        counted.append(Counted(one, unknown, number, word_of(one, rule.field)))
    return _measured(rule, occasion, stretch, scene, pupil, group, tuple(counted))


def _belongs(
    one: Found, rule: LimitRule, stretch: Stretch, scene: Scene, pupil: str | None
) -> str | None:
    """What is not known of whether a record belongs to the set; empty if it does, None if it does not."""
    names = rule.where.names()
    looked = Looked(
        one.occasion, scene.regulation, scene.facts, one.state, one.entry.pupil, one.entry, scene.around
    )  # fmt: skip
    answers = {
        rule.where.allows(world) for world in worlds(seen(names, looked), names, scene.regulation)
    }
    if answers == {False} or not _concerns(one, pupil, scene.facts):
        return None
    if one.day is None and rule.span not in ("year", "work", "lesson"):
        return _DAY
    return "" if answers == {True} else _FEATURES


def _concerns(one: Found, pupil: str | None, facts: Facts) -> bool:
    """Whether a record is about *pupil*, or about a group to which *pupil* belongs on that day."""
    if pupil is None or one.entry.pupil is not None:
        return pupil in (None, one.entry.pupil)
    group = JournalId.parse(one.entry.book).group
    if one.day is None:
        return _may_concern(pupil, group, facts)
    return pupil in facts.roll(one.occasion.calendar, group, one.day)


def number_of(one: Found, name: str, regulation: Regulation) -> Fraction | None:
    """The number *name* of a record; None where it has none, or where it is not known."""
    work = one.occasion.work
    if name == "value":
        scale = regulation.find_scale(one.entry.values.get("scale"))
        value = one.entry.values.get("value")
        return None if scale is None or value is None else scale.worth(value)
    if name == "weight":
        own = None if work is None else exact(work.weight)
        kind = None if work is None or work.kind is None else regulation.find_work_kind(work.kind)
        return kind.weight if own is None and kind is not None else own
    return exact(work.points) if name == "points" and work is not None else None


def word_of(one: Found, name: str) -> str | None:
    """What of a record may differ; None where it has no such thing, or where it is not known."""
    occasion, work = one.occasion, one.occasion.work
    found: Mapping[str, object] = {
        "account": one.entry.author,
        "day": None if occasion.day is None else occasion.day.isoformat(),
        "kind": None if work is None else work.kind,
        "lesson": None if occasion.lesson is None else occasion.lesson.id,
        "purpose": None if work is None else work.purpose,
        "subject": occasion.subject,
        "value": one.entry.values.get("value"),
    }
    value = found.get(name)
    return None if value is None else str(value)


def _measured(
    rule: LimitRule,
    occasion: Occasion,
    stretch: Stretch,
    scene: Scene,
    pupil: str | None,
    group: str,
    counted: tuple[Counted, ...],
) -> Measured:
    if rule.take in ("sum", "mean", "min", "max") and rule.field == "value":
        # What has no worth, such as a pass, is not reckoned with.
        counted = tuple(one for one in counted if one.number is not None)
    unknown = [one.unknown for one in counted if one.unknown]
    members: frozenset[str] = frozenset()
    if rule.take == "share":
        members, certain = asked_of(rule, occasion, stretch, scene)
        if not certain:
            unknown.append("roll call")
        low, high, empty = share_of(counted, members, certain=certain)
    elif rule.take == "gap":
        low, high, empty = gap_of(counted, rule.unit, occasion)
        unknown += [_DAY for one in counted if one.found.day is None]
    else:
        low, high, empty = TAKEN[rule.take](counted)
        if rule.take == "distinct":
            unknown += [rule.field for one in counted if one.word is None]
        elif rule.take != "count":
            unknown += [rule.field for one in counted if one.number is None]
    return Measured(
        rule, stretch, pupil, group, counted, low, high, empty, members,
        tuple(dict.fromkeys(unknown)),
    )  # fmt: skip


# -- for whom, and how much ------------------------------------------------------------------------


def asked_of(
    rule: LimitRule, occasion: Occasion, stretch: Stretch, scene: Scene
) -> tuple[frozenset[str], bool]:
    """The pupils for whom a limit is asked, or of whom a share is taken; and whether they are known.

    Who bears a marker that takes its bearer out of all counts is not among them.

    *Version added: 0.1.*
    """
    calendar, group = occasion.calendar, occasion.group
    if group is None or occasion.day is None:
        return frozenset(), False
    roll = scene.facts.roll(calendar, group, occasion.day)
    certain = True
    if rule.each == "whole":
        for day in _changes(group, stretch, scene.facts, calendar):
            roll &= scene.facts.roll(calendar, group, day)
    elif rule.each == "present":
        called = None if occasion.lesson is None else scene.state.roll(occasion.lesson.about)
        rows = () if called is None else called.values.get("absent", ())
        roll -= {row["pupil"] for row in rows if is_absent(row, scene.regulation)}
        certain = called is not None
    return frozenset(one for one in roll if _is_counted(one, occasion, scene)), certain


def _changes(group: str, stretch: Stretch, facts: Facts, calendar: Calendar) -> Iterator[date]:
    """The first school day of the stretch, and those from which on somebody had come or left."""
    days = {stretch.since}
    for row in facts.memberships:
        if row.group == group:
            days.update(one for one in (row.since, row.until) if one is not None and one in stretch)
    for day in days:
        taught = calendar.next_school_day(group, day, inclusive=True)
        if taught is not None and taught in stretch:
            yield taught


def _is_counted(pupil: str, occasion: Occasion, scene: Scene) -> bool:
    """Whether nothing takes the pupil out of all counts there: an exemption does."""
    entries = [
        *beside(occasion, pupil, scene.state),
        *subject_wide(occasion, scene.state, pupil),
    ]
    return worth(map(sign_of, entries), scene.regulation).in_denominator


def level_of(
    level: Level, occasion: Occasion, stretch: Stretch, scene: Scene
) -> Fraction | NotKnown | None:
    """How much is asked: the number, or that of the table; None where the table begins above.

    *Version added: 0.1.*
    """
    if level.number is not None:
        return level.number
    by = _by(level.by, occasion, stretch, scene)
    if isinstance(by, NotKnown):
        return by
    return exact(stepped(by, level.steps))


def _by(name: str, occasion: Occasion, stretch: Stretch, scene: Scene) -> Fraction | NotKnown:
    """What a table goes by."""
    calendar = occasion.calendar
    found: Fraction | None = None
    if name == "weekly_hours":
        hours = [one.weekly_hours for one in calendar.subjects if one.id == occasion.subject]
        found = exact(hours[0]) if hours else None
    elif name == "grade":
        found = exact(None if occasion.group is None else calendar.group(occasion.group).grade)
    elif occasion.journal is not None:
        held = scene.facts.lessons_of(occasion.journal)
        found = Fraction(sum(not one.cancelled and one.day in stretch for one in held))
    return NotKnown(name) if found is None else found


# -- when it was recorded --------------------------------------------------------------------------


def recorded_before(at: int) -> Callable[[Entry], Kleene]:
    """Give the function that tells whether an entry was recorded before an instant."""

    def counts(entry: Entry) -> Kleene:
        if entry.hi <= at:
            return Kleene.YES
        return Kleene.UNKNOWN if entry.lo is None or entry.lo < at else Kleene.NO

    return counts


def recorded_before_entry(entry: Entry) -> Callable[[Entry], Kleene] | None:
    """Give the function that tells whether another entry came before *entry* was first recorded.

    None where the order in the book tells, as it does without evidence.
    """
    if entry.evidence is None:
        return None
    lo, hi = entry.lo, entry.hi

    def counts(other: Entry) -> Kleene:
        if lo is not None and other.hi <= lo:
            return Kleene.YES
        return Kleene.UNKNOWN if other.lo is None or other.lo < hi else Kleene.NO

    return counts


def is_of_stage(rule: LimitRule, entry: Entry, occasion: Occasion) -> bool:
    """Whether a result is decided for such a stretch as *rule* measures in: a period, or the year."""
    if entry.kind != "result" or rule.span not in ("period", "term", "year"):
        return True
    period = occasion.period
    yearly = period is not None and period.kind == "year"
    return (yearly or stage_of(entry) != "period") == (rule.span == "year")
