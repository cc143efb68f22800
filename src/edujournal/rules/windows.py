"""Windows: the rules about the time of a record that hold about an occasion, each with its bounds."""

from __future__ import annotations

from edujournal.model.entries import Entry
from edujournal.model.occasions import Occasion
from edujournal.rules.anchors import Ground
from edujournal.rules.around import ALONE, Around
from edujournal.rules.clauses import Regulation
from edujournal.rules.scenes import worlds
from edujournal.rules.selecting import Looked, seen
from edujournal.rules.term_values import Choice, Family, Held, Row, Terms


def held(
    record: str,
    ground: Ground,
    terms: Terms,
    entry: Entry | None = None,
    around: Around = ALONE,
) -> tuple[tuple[Held, ...], ...]:
    """What rules say of the time of *record* about an occasion: bounds, and who must have it.

    Each inner tuple is one duty, or the several of which exactly one holds while something about the
    occasion is not known (such as the purpose of a control work).

    Args:
        record: Kind of record.
        ground: Where anchors are looked up.
        terms: Values of terms kept from earlier calls on the same facts, with their regulation.
        entry: Entry that is being judged, whose own features selectors may read.
        around: What stands round the book, for selectors that read excuses in class books.
    """
    regulation, occasion = terms.regulation, ground.occasion
    if not regulation.holds_on(occasion.day):
        return ()
    if occasion.lesson is not None and occasion.lesson.cancelled and occasion.event is None:
        return ()
    families = terms.families(record)
    if not families or not fits(record, occasion):
        return ()
    if record == "roll" and not _has_attendance(occasion):
        return ()
    choices = [_choice(family, ground, regulation, entry, around) for family in families]
    return tuple(terms.windows(choice, ground) for choice in choices if choice.rows)


_OCCASIONS = {
    "archiving": "sheet",
    "closing": "journal",
    "comment": "lesson",
    "confirmation": "event",
    "disclosure": "event",
    "homework": "lesson",
    "makeup": "lesson",
    "mark": "work",
    "marker": "work",
    "result": "period",
    "roll": "lesson",
    "setup": "section",
    "substitution": "lesson",
    "topic": "lesson",
    "work": "work",
}


def fits(record: str, occasion: Occasion) -> bool:
    """Whether *record* is of a kind that is made about such an occasion."""
    wanted = _OCCASIONS.get(record)
    if wanted == "event":
        event = occasion.event
        kind = "substitution" if record == "confirmation" else "disclosure"
        return event is not None and event.kind == kind
    if occasion.event is not None:
        return False
    if wanted == "work":
        return occasion.work is not None
    if wanted == "lesson":
        return occasion.lesson is not None and occasion.work is None
    if wanted == "period":
        return occasion.period is not None
    if wanted == "section":
        return occasion.section is not None
    return wanted in ("journal", "sheet") and occasion.kind == wanted


def _has_attendance(occasion: Occasion) -> bool:
    """Whether the roll is called in the subject."""
    return all(one.attendance for one in occasion.calendar.subjects if one.id == occasion.subject)


def _choice(
    family: Family, ground: Ground, regulation: Regulation, entry: Entry | None, around: Around
) -> Choice:
    """The rule that holds, or those that may hold while a feature is not known, each once."""
    features: dict[str, object] = {}
    if family.names:
        features = seen(
            family.names,
            Looked(
                ground.occasion, regulation, ground.facts, ground.state, ground.pupil, entry, around
            ),
        )
    # Worlds differ by the purpose of a work, too, where its kind is not known.
    key = tuple(features.get(name) for name in (*family.names, "purpose"))
    chosen = family.chosen.get(key)
    if chosen is None:
        chosen = family.chosen[key] = Choice(_chosen(family, features, regulation))
    return chosen


def _chosen(family: Family, features: dict[str, object], regulation: Regulation) -> tuple[Row, ...]:
    found: dict[tuple[str, int], Row] = {}
    for world in worlds(features, frozenset(family.names), regulation):
        allowed = [row for row in family.rows if row[2].when.allows(world)]
        for row in allowed:
            beaten = any(
                other[2].when.narrows(row[2].when) or other[2].instead_of == row[0].number
                for other in allowed
                if other is not row
            )
            if not beaten:
                found[row[0].number, row[1]] = row
    return tuple(found.values())
