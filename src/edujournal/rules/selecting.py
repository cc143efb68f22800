"""Selecting: what selectors read beyond the occasion itself, of the pupil, the book and the entry."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final

from attrs import frozen

from edujournal.ledger.books import BookState
from edujournal.model.entries import Entry
from edujournal.model.facts import Facts
from edujournal.model.occasions import Occasion
from edujournal.model.people import covers
from edujournal.model.time import zone
from edujournal.rules.anchors import Ground, absent_days
from edujournal.rules.around import ALONE, Around
from edujournal.rules.clauses import Regulation
from edujournal.rules.excuses import excused, excused_spans
from edujournal.rules.scenes import UNKNOWN, features
from edujournal.rules.selectors import BEYOND
from edujournal.rules.worth import is_absence


@frozen(eq=False)
class Looked:
    """What features are looked up in.

    Attributes:
        occasion: The occasion.
        regulation: The regulation whose selectors are read.
        facts: What the school's data says.
        state: What the book says; None where only facts are at hand.
        pupil: Pupil concerned, or None.
        entry: The entry that is judged, or None.
        around: What stands round the book: class books with their excuses.
    """

    occasion: Occasion
    regulation: Regulation
    facts: Facts
    state: BookState | None = None
    pupil: str | None = None
    entry: Entry | None = None
    around: Around = ALONE


def _days_absent(looked: Looked) -> object:
    """School days of the unbroken absence from this subject to which the lesson belongs; 0 if none."""
    if looked.pupil is None or looked.state is None or looked.occasion.lesson is None:
        return None
    ground = Ground(looked.occasion, looked.facts, looked.state, looked.pupil)
    return len(set(absent_days(ground)))


def _days_late(looked: Looked) -> object:
    """Days from the day of the occasion, or from when the work was due, to that of recording."""
    entry, occasion = looked.entry, looked.occasion
    due = None if occasion.work is None else occasion.work.due
    since = due or occasion.day
    if entry is None:
        return None
    if entry.lo is None or since is None:
        return UNKNOWN
    tz = zone(occasion.calendar.zone)
    first, last = tz.local_date(entry.lo), tz.local_date(entry.hi - 1)
    return max((first - since).days, 0) if first == last else UNKNOWN


def _excuse(looked: Looked) -> object:
    """``present``, ``excused`` or ``unexcused``.

    By the roll call and its code, by markers of the pupil, and by excuses in the class books.
    """
    lesson, state, pupil = looked.occasion.lesson, looked.state, looked.pupil
    if lesson is None or state is None or pupil is None:
        return None
    if state.roll(lesson.about) is None:
        return UNKNOWN
    row = state.absence(lesson.about, pupil)
    if row is None or not is_absence(str(row["code"]), looked.regulation):
        return "present"
    spans = excused_spans(looked.around, looked.regulation, pupil)
    found = excused(pupil, str(row["code"]), looked.occasion, state, looked.regulation, spans)
    return UNKNOWN if found is None else "excused" if found else "unexcused"


def _papers(looked: Looked) -> object:
    """How many pupils wrote the work: those on the roll whom the roll call does not call absent."""
    occasion, lesson = looked.occasion, looked.occasion.lesson
    if occasion.work is None:
        return None
    called = None
    if lesson is not None and looked.state is not None:
        called = looked.state.roll(lesson.about)
    if called is None or occasion.group is None or occasion.day is None:
        return UNKNOWN
    absent = {
        row["pupil"]
        for row in called.values.get("absent", ())
        if is_absence(str(row["code"]), looked.regulation)
    }
    return len(looked.facts.roll(occasion.calendar, occasion.group, occasion.day) - absent)


def _pupil_category(looked: Looked) -> object:
    """Kinds and profiles of the groups to which the pupil belongs that day."""
    occasion, pupil = looked.occasion, looked.pupil
    if pupil is None or occasion.day is None:
        return None
    day = occasion.day
    own = {
        row.group for row in looked.facts.memberships_of(pupil) if covers(row.since, row.until, day)
    }
    groups = [one for one in occasion.calendar.groups if one.id in own or one.pupil == pupil]
    words = {word for one in groups for word in (one.kind, one.profile) if word is not None}
    return frozenset(words)


def _substitution(looked: Looked) -> object:
    """``none``, ``functional`` or ``nonfunctional``: as ordered, else as it was recorded last."""
    lesson = looked.occasion.lesson
    if lesson is None:
        return None
    found = lesson.nonfunctional if looked.facts.substitutes(lesson) else None
    if found is None:
        claims = [] if looked.state is None else list(looked.state.claims(lesson.about))
        stand = [claim for claim, answer in claims if answer is not False]
        stand += [one for one in looked.around.claims if one.about == lesson.about]
        if stand:
            found = bool(stand[-1].values.get("nonfunctional"))
    return "none" if found is None else "nonfunctional" if found else "functional"


def _role(looked: Looked) -> object:
    """Role in which the hand of the entry acts; not known where nobody says so."""
    if looked.entry is None:
        return None
    return looked.entry.role or UNKNOWN


def _record_state(looked: Looked) -> object:
    """``first`` or ``again``, and ``changed``: what stands there already for the pupil, if any."""
    entry, state = looked.entry, looked.state
    if entry is None or state is None:
        return None
    before = [
        one
        for one in state.about(entry.kind, entry.about)
        if one.number < entry.number and one.pupil == entry.pupil
    ]
    found = {"again" if before else "first"}
    if any(True for one in (*before, entry) for _ in state.corrections(one.number)):
        found.add("changed")
    return frozenset(found)


_LOOKS: Final[Mapping[str, Callable[[Looked], object]]] = {
    "days_absent": _days_absent,
    "days_late": _days_late,
    "excuse": _excuse,
    "papers": _papers,
    "pupil_category": _pupil_category,
    "record_state": _record_state,
    "role": _role,
    "substitution": _substitution,
}

#: Those that are of one pupil or one entry: nothing can be owed by them.
OF_ONE: Final = BEYOND - {"papers", "substitution"}


def seen(names: Collection[str], looked: Looked) -> dict[str, object]:
    """The features of an occasion, with those among *names* that lie beyond it."""
    found = features(looked.occasion, looked.regulation, looked.entry, names)
    for name in BEYOND.intersection(names):
        value = _LOOKS[name](looked)
        if value is not None:
            found[name] = value
    return found
