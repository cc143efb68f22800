"""Limiting: what limits say of an entry: ceilings, distances, and floors for which it waits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from attrs import evolve, frozen

from edujournal.ledger.books import changed
from edujournal.model.entries import CHANGES, Entry
from edujournal.model.occasions import Occasion
from edujournal.model.people import Kleene
from edujournal.rules.clauses import Clause
from edujournal.rules.limits import (
    Measured,
    Row,
    asked_of,
    gathered,
    in_force,
    is_of_stage,
    level_of,
    measure,
    number_of,
    recorded_before_entry,
    word_of,
)
from edujournal.rules.numbers import written
from edujournal.rules.places import Found, Stretch, kinds_of, stretch_of
from edujournal.rules.predicates import Scene, looked_of
from edujournal.rules.rule_kinds import LimitRule
from edujournal.rules.scenes import occasion_or_none, worlds
from edujournal.rules.selecting import seen
from edujournal.rules.verdicts import Effect, Finding, NotKnown, Outcome

#: Outcomes of a limit at a write, the worst first.
_WORST: Final = (Outcome.BROKEN, Outcome.UNDECIDABLE, Outcome.MET)


@frozen(eq=False)
class Asked:
    """What is asked of one limit within one set of bounds, and what it comes to.

    *Version added: 0.1.*

    Attributes:
        measured: What there is.
        code: ``too-many``, ``too-few`` or ``too-close``.
        level: How much is allowed or wanted, or what is not known about that.
        outcome: What became of it.
    """

    measured: Measured
    code: str
    level: Fraction | NotKnown
    outcome: Outcome


# -- at a write ------------------------------------------------------------------------------------


@frozen(eq=False)
class _Writing:
    """An entry that is judged, as what it writes or changes would read."""

    entry: Entry
    now: Found
    was: Found | None
    scene: Scene


def of_entry(entry: Entry, subject: Entry, occasion: Occasion, scene: Scene) -> Iterator[Finding]:
    """Judge *entry* by every limit on what it writes or changes, and by every floor that it waits for.

    An annulment breaks no limit; what it takes away is asked for again by an audit.

    Args:
        entry: The entry.
        subject: The entry that is changed, or *entry* itself.
        occasion: What *entry* is about.
        scene: What else is known.
    """
    if not scene.regulation.limits or entry.kind == "annulment":
        return
    writing = _writing(entry, subject, occasion, scene)
    if writing is None:
        return
    for row, certain in in_force_for(scene.regulation.limits, writing.now, scene):
        for finding in _of_rule(row, writing):
            broken = finding.outcome is Outcome.BROKEN
            yield finding if certain or not broken else _either(finding)


def _writing(entry: Entry, subject: Entry, occasion: Occasion, scene: Scene) -> _Writing | None:
    if entry.kind not in CHANGES:
        return _Writing(entry, Found(entry, occasion, scene.state), None, scene)
    if subject is entry:
        return None
    before = scene.state.reading(subject)
    after = before.with_values(changed(before.values, entry.values.get("change", {})), before.texts)
    places = [occasion_or_none(one, scene.facts, scene.state) for one in (before, after)]
    if places[0] is None or places[1] is None:
        return None
    was, now = (
        Found(one, at, scene.state) for one, at in zip((before, after), places, strict=True) if at
    )
    return _Writing(entry, now, was, scene)


def in_force_for(rows: Sequence[Row], found: Found, scene: Scene) -> Iterator[tuple[Row, bool]]:
    """The limits that hold for the entry: those on its kind of record, and those that it waits for."""
    kind = found.entry.kind
    some = [
        row for row in rows if kind in kinds_of(row[2].record) or row[2].before == kind
    ]  # fmt: skip
    if not some:
        return iter(())
    return in_force(
        some, scene.regulation,
        lambda names: seen(names, looked_of(found.entry, found.occasion, scene)) if names else {},
    )  # fmt: skip


def _either(finding: Finding) -> Finding:
    """A breach of a limit that may not hold is none that is certain."""
    return evolve(
        finding, outcome=Outcome.UNDECIDABLE,
        why={**finding.why, "unknown": ["the entry, and the work it is for"]},
    )  # fmt: skip


def _of_rule(row: Row, writing: _Writing) -> Iterator[Finding]:
    rule, found = row[2], writing.now
    kind = found.entry.kind
    is_bounded = rule.at_most is not None or rule.take == "gap"
    if is_bounded and kind in kinds_of(rule.record) and _matters(rule, writing):
        yield from _ceiling(row, writing)
    if rule.before == kind and rule.at_least is not None and _waits(rule, writing):
        yield from _waiting(row, writing)


def _matters(rule: LimitRule, writing: _Writing) -> bool:
    """Whether what is written belongs to the set, or may; and a change makes a difference to it."""
    told = told_by(rule, writing.now, writing.scene)
    if told is None:
        return False
    return writing.was is None or told != told_by(rule, writing.was, writing.scene)


def told_by(rule: LimitRule, found: Found, scene: Scene) -> tuple[object, ...] | None:
    """What of a record a limit reads; None for one that it does not measure."""
    names = rule.where.names()
    held = seen(names, looked_of(found.entry, found.occasion, scene))
    answers = {rule.where.allows(world) for world in worlds(held, names, scene.regulation)}
    if answers == {False}:
        return None
    lesson = found.occasion.lesson
    return (
        answers, found.day, found.occasion.name, None if lesson is None else lesson.id,
        number_of(found, rule.field, scene.regulation), word_of(found, rule.field),
    )  # fmt: skip


def _waits(rule: LimitRule, writing: _Writing) -> bool:
    """Whether it says what must wait: a result that is a value, decided for such a stretch."""
    entry, was = writing.now.entry, writing.was
    if not is_of_stage(rule, entry, writing.now.occasion):
        return False
    if entry.kind != "result":
        return was is None
    given = entry.values.get("value") is not None
    return given and (was is None or was.entry.values.get("value") is None)


def _ceiling(row: Row, writing: _Writing) -> Iterator[Finding]:
    """A ceiling, or a distance, with what is written counted in."""
    rule, found, scene = row[2], writing.now, writing.scene
    stretch = stretch_of(rule.span, found.occasion)
    if stretch is None:
        return
    asked: list[Asked] = []
    if isinstance(stretch, NotKnown):
        asked.append(_unplaced(rule, found, stretch))
    else:
        bounds = list(bounds_of(rule, found, scene))
        among = None
        if len(bounds) > 1 and "pupil" in rule.per:
            among = tuple(gathered(rule, found.occasion, stretch, scene))
        for pupil, group in bounds:
            one = _at_write(row, writing, stretch, pupil, group, among)
            if one is not None:
                asked.append(one)
    broken = [one for one in asked if one.outcome is Outcome.BROKEN]
    if broken and "pupil" in rule.per:
        yield from (_finding(row, writing, one) for one in broken)
    elif asked:
        worst = min(asked, key=lambda one: _WORST.index(one.outcome))
        yield _finding(row, writing, worst, whole=found.entry.pupil is None)


def bounds_of(rule: LimitRule, found: Found, scene: Scene) -> Iterator[tuple[str | None, str]]:
    """The pupils, or the classes, for each of which a limit is measured at a write."""
    occasion = found.occasion
    if "pupil" in rule.per:
        if found.entry.pupil is not None:
            yield found.entry.pupil, ""
        elif occasion.group is not None and occasion.day is not None:
            roll = scene.facts.roll(occasion.calendar, occasion.group, occasion.day)
            yield from ((pupil, "") for pupil in sorted(roll))
    elif rule.scope == "class" and occasion.group is not None:
        classes = occasion.calendar.classes_of(occasion.group)
        yield from ((None, one) for one in classes or (occasion.group,))
    else:
        yield None, ""


def _at_write(
    row: Row,
    writing: _Writing,
    stretch: Stretch,
    pupil: str | None,
    group: str,
    among: Sequence[Found] | None,
) -> Asked | None:
    rule, found, scene = row[2], writing.now, writing.scene
    level = rule.at_least if rule.take == "gap" else rule.at_most
    bound = None if level is None else level_of(level, found.occasion, stretch, scene)
    measured = measure(
        rule, found.occasion, stretch, scene, pupil=pupil, group=group, new=found, among=among
    )  # fmt: skip
    if bound is None or not measured.is_asked:
        return None
    code = "too-close" if rule.take == "gap" else "too-many"
    if isinstance(bound, NotKnown):
        return Asked(measured, code, bound, Outcome.UNDECIDABLE)
    holds = measured.reaches(bound) if rule.take == "gap" else measured.keeps(bound)
    return Asked(measured, code, bound, OUTCOMES[holds])


#: What an answer comes to.
OUTCOMES: Final[Mapping[Kleene, Outcome]] = {
    Kleene.YES: Outcome.MET,
    Kleene.NO: Outcome.BROKEN,
    Kleene.UNKNOWN: Outcome.UNDECIDABLE,
}


def _unplaced(rule: LimitRule, found: Found, unknown: NotKnown) -> Asked:
    """It is not known in which stretch the record lies."""
    calendar = found.occasion.calendar
    nowhere = Stretch(calendar.since, calendar.until)
    measured = Measured(rule, nowhere, found.entry.pupil, "", (), None, None)
    return Asked(
        measured, "too-close" if rule.take == "gap" else "too-many", unknown, Outcome.UNDECIDABLE
    )


def _waiting(row: Row, writing: _Writing) -> Iterator[Finding]:
    """A floor that must be reached before this is written."""
    rule, found, scene = row[2], writing.now, writing.scene
    occasion = found.occasion
    stretch = stretch_of(rule.span, occasion)
    pupil = found.entry.pupil if "pupil" in rule.per else None
    if rule.at_least is None or not isinstance(stretch, Stretch):
        return
    if pupil is not None and pupil not in asked_of(rule, occasion, stretch, scene)[0]:
        return
    measured = measure(
        rule, occasion, stretch, scene, pupil=pupil, counts=recorded_before_entry(writing.entry)
    )  # fmt: skip
    level = level_of(rule.at_least, occasion, stretch, scene)
    if level is None or not measured.is_asked:
        return
    outcome = Outcome.UNDECIDABLE
    if not isinstance(level, NotKnown):
        outcome = OUTCOMES[measured.reaches(level)]
    yield _finding(row, writing, Asked(measured, "too-few", level, outcome))


def _finding(row: Row, writing: _Writing, asked: Asked, *, whole: bool = False) -> Finding:
    clause, index, rule = row
    entry, scene = writing.entry, writing.scene
    pupil = None if whole else asked.measured.pupil or writing.now.entry.pupil
    return Finding(
        asked.code,
        scene.regulation.id,
        clause.number,
        rule.severity,
        asked.outcome,
        Effect.REMARK if entry.evidence is not None else rule.on_breach,
        entry.book,
        entry.about,
        pupil,
        writing.now.entry.kind,
        lo=entry.lo,
        hi=entry.hi,
        by=entry.author,
        entry=entry.number,
        why=why(asked, index),
    )


def why(asked: Asked, index: int) -> Mapping[str, Any]:
    """What a text about a limit names: the limit, what there is, how much is allowed or wanted."""
    measured = asked.measured
    told: dict[str, Any] = {"limit": index, "take": measured.rule.take}
    told["found"] = _shown(measured)
    if isinstance(asked.level, NotKnown):
        told["unknown"] = [asked.level.what]
    else:
        told["level"] = written(asked.level)
        if asked.outcome is Outcome.UNDECIDABLE:
            unknown = [one for one in measured.unknown if one != "evidence"]
            told |= {"unknown": unknown} if unknown else {"evidence": True}
    if measured.group:
        told["group"] = measured.group
    return told


def _shown(measured: Measured) -> str:
    """What there is, as text: a number, or ``2…3`` where it may be either."""
    low, high = (None if one is None else written(one) for one in (measured.low, measured.high))
    return str(low) if low == high else f"{low or ''}…{high or ''}"


# -- explaining ------------------------------------------------------------------------------------


def remeasured(
    finding: Finding, clause: Clause | None, entry: Entry | None, subject: Entry | None,
    occasion: Occasion, scene: Scene,
) -> Measured | None:  # fmt: skip
    """What *finding* counted, measured again by the same definition; None where no limit speaks.

    Args:
        finding: The finding.
        clause: The clause that it names.
        entry: The entry judged; None for what is owed.
        subject: The entry that it changes, or itself.
        occasion: What it is about.
        scene: What was known before the entry, or is known now.
    """
    place = finding.why.get("limit")
    rule = None if clause is None or not isinstance(place, int) else clause.rules[place]
    if not isinstance(rule, LimitRule):
        return None
    pupil = finding.pupil if "pupil" in rule.per else None
    group = str(finding.why.get("group", ""))
    if entry is None or subject is None:
        stretch = stretch_of(rule.span, occasion)
        if not isinstance(stretch, Stretch):
            return None
        return measure(rule, occasion, stretch, scene, pupil=pupil, group=group)
    writing = _writing(entry, subject, occasion, scene)
    stretch = None if writing is None else stretch_of(rule.span, writing.now.occasion)
    if writing is None or not isinstance(stretch, Stretch):
        return None
    waits = finding.code == "too-few"
    return measure(
        rule, writing.now.occasion, stretch, scene, pupil=pupil, group=group,
        new=None if waits else writing.now,
        counts=recorded_before_entry(entry) if waits else None,
    )  # fmt: skip
