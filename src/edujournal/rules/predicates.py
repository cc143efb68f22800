"""The vocabulary of relations: what can be required of an entry, or excluded.

Each predicate is total: for any entry it answers yes, no or not known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from attrs import evolve, frozen

from edujournal.ledger.books import BookState, absence_in, changed
from edujournal.model.entries import Entry
from edujournal.model.facts import Facts
from edujournal.model.occasions import Occasion
from edujournal.model.people import Kleene
from edujournal.rules.around import ALONE, Around
from edujournal.rules.clauses import Regulation
from edujournal.rules.decisions import follows_proposal, has_basis, is_decider
from edujournal.rules.excuses import excused, excused_spans
from edujournal.rules.scenes import of_lesson
from edujournal.rules.selecting import Looked
from edujournal.rules.worth import is_absence


@frozen
class Scene:
    """What a condition may read beside the entry itself.

    Attributes:
        regulation: The regulation that asks.
        facts: What the school's data says.
        state: What the book says before the entry.
        around: The act, the school book, the class books.
    """

    regulation: Regulation
    facts: Facts
    state: BookState
    around: Around = ALONE


def looked_of(
    entry: Entry, occasion: Occasion, scene: Scene, subject: Entry | None = None
) -> Looked:
    """Where the features of an entry are looked up; of a change those of *subject*, changed now."""
    of = entry if subject is None else subject
    judged = entry
    if of is not entry:
        judged = evolve(of, at=entry.at, by=entry.by, evidence=entry.evidence)
    return Looked(
        occasion, scene.regulation, scene.facts, scene.state, of.pupil, judged, scene.around
    )


@frozen
class Predicate:
    """Something that may be true of an entry.

    Attributes:
        name: Name in regulation files.
        code: Breach code of an entry for which the rule does not hold.
        reads: What it reads, in words.
        holds: The function.
        pupils: For an entry about several pupils: those for whom it does not hold, or None where
            the answer is about the entry as a whole.
    """

    name: str
    code: str
    reads: str
    holds: Callable[[Entry, Scene], Kleene]
    pupils: Callable[[Entry, Scene], Sequence[str]] | None = None


def _yes(value: bool) -> Kleene:
    return Kleene.YES if value else Kleene.NO


def _names_kind(entry: Entry, scene: Scene) -> Kleene:
    if entry.values.get("kind") is not None:
        return Kleene.YES
    kind, _, id = entry.about.partition(":")
    if kind != "work":
        return Kleene.NO
    work = scene.state.work(id)
    return _yes(work is not None and work.kind is not None)


def _has_text(name: str) -> Callable[[Entry, Scene], Kleene]:
    def holds(entry: Entry, scene: Scene) -> Kleene:
        if name not in entry.texts:
            return Kleene.NO
        text = entry.texts[name]
        return Kleene.UNKNOWN if text is None else _yes(not is_empty(text, scene.regulation))

    return holds


def _links_plan(entry: Entry, scene: Scene) -> Kleene:
    return _yes(entry.values.get("plan") is not None)


def _has_nature(entry: Entry, scene: Scene) -> Kleene:
    if entry.values.get("none"):
        return Kleene.YES
    return _has_text("nature")(entry, scene)


def is_empty(text: str, regulation: Regulation) -> bool:
    """Tell whether a text says nothing: blank, or one of those that the regulation lists."""
    said = text.strip().casefold()
    return not said or any(said == one.casefold() for one in regulation.says_nothing)


def says_something(entry: Entry, regulation: Regulation) -> bool:
    """Tell whether the texts of *entry* say something; an erased text is taken to have done so."""
    for name in ("topic", "task"):
        text = entry.texts.get(name)
        if text is not None and is_empty(text, regulation):
            return False
    return True


def fulfils(entry: Entry, regulation: Regulation, record: str | None = None) -> bool:
    """Tell whether *entry*, as it reads now, is what a duty asks for.

    It says something; and where a mark or a result is owed it has a value, or a marker that stands for
    one. A debt is none, nor is a marker of another regulation. A result is that of the period or the
    year.

    Args:
        entry: The entry.
        regulation: The regulation that asks.
        record: Kind of record that is owed; that of the entry by default.
    """
    if entry.kind not in ("mark", "marker", "makeup", "result"):
        return says_something(entry, regulation)
    if entry.values.get("stage", "period") not in ("period", "year"):
        return False
    code = entry.values.get("marker", entry.values.get("code"))
    if code is None:
        return entry.values.get("value") is not None
    marker = regulation.find_marker(str(code))
    if marker is None:
        return False
    return marker.fulfils_period if (record or entry.kind) == "result" else marker.fills_cell


def _says_something(entry: Entry, scene: Scene) -> Kleene:
    return _yes(says_something(entry, scene.regulation))


def lesson_of(entry: Entry, scene: Scene) -> str | None:
    """Id of the lesson that *entry* belongs to: that of its work, where it is about one."""
    kind, _, id = entry.about.partition(":")
    work = scene.state.work(id) if kind == "work" else None
    return entry.lesson if work is None else work.lesson


def absence_of(entry: Entry, scene: Scene) -> Mapping[str, object] | Kleene | None:
    """How the pupil of *entry* missed its lesson: a row, None for "was there", or not known."""
    lesson = lesson_of(entry, scene)
    if entry.pupil is None or lesson is None:
        return Kleene.UNKNOWN
    roll = scene.state.roll(f"lesson:{lesson}")
    return Kleene.UNKNOWN if roll is None else absence_in(roll, entry.pupil)


def is_absent(row: Mapping[str, object], regulation: Regulation) -> bool:
    """Tell whether a row of a roll call says that the pupil was not there at all."""
    return is_absence(str(row["code"]), regulation)


def _has_absence(entry: Entry, scene: Scene) -> Kleene:
    row = absence_of(entry, scene)
    if isinstance(row, Kleene):
        return row
    return _yes(row is not None and is_absent(row, scene.regulation))


def _absence_excused(entry: Entry, scene: Scene) -> Kleene:
    row = absence_of(entry, scene)
    if isinstance(row, Kleene):
        return row
    if row is None or not is_absent(row, scene.regulation):
        return Kleene.YES  # another relation speaks of a make-up without an absence
    occasion = of_lesson(scene.facts.lesson(str(lesson_of(entry, scene))), scene.facts)
    spans = excused_spans(scene.around, scene.regulation)
    found = excused(
        str(entry.pupil), str(row["code"]), occasion, scene.state, scene.regulation, spans
    )
    return Kleene.UNKNOWN if found is None else _yes(found)


def absentees(values: Mapping[str, Any], regulation: Regulation) -> frozenset[str]:
    """The pupils who were not there at all, by the values of a roll call."""
    return frozenset(row["pupil"] for row in values.get("absent", ()) if is_absent(row, regulation))


def _was_present(entry: Entry, scene: Scene) -> Kleene:
    if entry.pupil is None:
        return _yes(not _absent_with_mark(entry, scene))
    row = absence_of(entry, scene)
    if isinstance(row, Kleene):
        return Kleene.YES  # no roll call says otherwise
    if row is None or not is_absent(row, scene.regulation):
        return Kleene.YES
    return _yes(_made_up(f"lesson:{lesson_of(entry, scene)}", entry.pupil, scene))


def _absent_with_mark(entry: Entry, scene: Scene) -> Sequence[str]:
    """Pupils whom a roll call, or its correction, calls absent though they have a mark there."""
    lesson = entry.lesson
    if entry.kind == "roll":
        absent = absentees(entry.values, scene.regulation)
    else:
        before, after = before_and_after(entry, scene.state)
        absent = absentees(after, scene.regulation) - absentees(before, scene.regulation)
    if lesson is None or not absent:
        return ()
    names = [f"lesson:{lesson}"]
    names += [f"work:{work.id}" for work in scene.state.works() if work.lesson == lesson]
    return [
        pupil
        for pupil in sorted(absent)
        if any(next(scene.state.of_pupil("mark", name, pupil), None) for name in names)
        and not _made_up(names[0], pupil, scene)
    ]


def _made_up(lesson: str, pupil: str, scene: Scene) -> bool:
    return next(scene.state.of_pupil("makeup", lesson, pupil), None) is not None


def before_and_after(entry: Entry, state: BookState) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """What a roll call says before and after a change of it; nothing for a change of anything else."""
    target = None if entry.target is None else state.entry(entry.target)
    if target is None or target.kind != "roll":
        return {}, {}
    before = state.reading(target).values
    if entry.kind == "annulment":
        return before, {}
    return before, changed(before, entry.values.get("change", {}))


def _keeps_absence(entry: Entry, scene: Scene) -> Kleene:
    before, after = before_and_after(entry, scene.state)
    gone = absentees(before, scene.regulation) - absentees(after, scene.regulation)
    return _yes(not any(_made_up(entry.about, pupil, scene) for pupil in gone))


def _has_substitution(entry: Entry, scene: Scene) -> Kleene:
    author = entry.author
    if author is None:
        return Kleene.UNKNOWN
    lesson = lesson_of(entry, scene)
    if lesson is None:
        return Kleene.NO
    return _yes(is_substitute(author, lesson, scene))


def is_substitute(author: str, id: str, scene: Scene) -> bool:
    """Tell whether *author* stands in at the lesson *id*: ordered, or claimed before or now."""
    lesson = scene.facts.lesson(id)
    if author in scene.facts.substitutes(lesson):
        return True
    if any(
        claim.values.get("teacher") == author and answer is not False
        for claim, answer in scene.state.claims(lesson.about)
    ):
        return True
    return any(
        other.about == lesson.about and other.values.get("teacher") == author
        for other in scene.around.claims
    )


_ROWS: Final = (
    Predicate("kind", "no-kind", "the entry, and the work it is for", _names_kind),
    Predicate("plan", "no-plan-link", "the entry", _links_plan),
    Predicate("nature", "no-nature", "the entry", _has_nature),
    Predicate("protocol", "no-protocol", "the entry", _has_text("protocol")),
    Predicate("reason", "no-reason", "the entry", _has_text("reason")),
    Predicate("text", "says-nothing", "the entry, and the list of empty texts", _says_something),
    Predicate("absence", "no-absence", "the roll call of the lesson", _has_absence),
    Predicate("excused", "not-excused", "the roll call, and its reason codes", _absence_excused),
    Predicate(
        "presence",
        "absent-at-lesson",
        "roll call, marks and make-ups of the lesson",
        _was_present,
        lambda entry, scene: () if entry.pupil is not None else _absent_with_mark(entry, scene),
    ),
    Predicate("absence_kept", "absence-removed", "roll call and make-ups", _keeps_absence),
    Predicate("basis", "no-basis", "the entry", has_basis),
    Predicate("proposal", "differs-from-proposal", "the basis of the entry", follows_proposal),
    Predicate("decider", "not-decider", "the basis, and the roles of the hand", is_decider),
    Predicate("substitution", "no-substitution", "timetable, book and act", _has_substitution),
)

#: Every predicate by name.
PREDICATES: Final[Mapping[str, Predicate]] = {row.name: row for row in _ROWS}
