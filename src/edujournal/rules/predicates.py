"""The vocabulary of relations: what can be required of an entry, or excluded.

Each predicate is total: for any entry it answers yes, no or not known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from attrs import frozen

from edujournal.ledger.books import BookState, changed
from edujournal.model.entries import Entry
from edujournal.model.facts import Facts
from edujournal.model.people import Kleene
from edujournal.rules.around import ALONE, Around
from edujournal.rules.clauses import Regulation


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


@frozen
class Predicate:
    """Something that may be true of an entry.

    Attributes:
        name: Name in regulation files.
        code: Breach code of an entry for which the rule does not hold.
        reads: What it reads, in words.
        holds: The function.
    """

    name: str
    code: str
    reads: str
    holds: Callable[[Entry, Scene], Kleene]


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
        return Kleene.UNKNOWN if text is None else _yes(bool(text.strip()))

    return holds


def _links_plan(entry: Entry, scene: Scene) -> Kleene:
    return _yes(entry.values.get("plan") is not None)


def _has_nature(entry: Entry, scene: Scene) -> Kleene:
    if entry.values.get("none"):
        return Kleene.YES
    return _has_text("nature")(entry, scene)


def says_something(entry: Entry, regulation: Regulation) -> bool:
    """Tell whether the texts of *entry* say something; an erased text is taken to have done so."""
    for name in ("topic", "task"):
        text = entry.texts.get(name)
        if text is not None and (
            not text.strip() or text.strip().casefold() in regulation.says_nothing
        ):
            return False
    return True


def _says_something(entry: Entry, scene: Scene) -> Kleene:
    return _yes(says_something(entry, scene.regulation))


def absence_of(entry: Entry, scene: Scene) -> Mapping[str, object] | Kleene | None:
    """How the pupil of *entry* missed its lesson: a row, None for "was there", or not known."""
    if entry.pupil is None or entry.lesson is None:
        return Kleene.UNKNOWN
    name = f"lesson:{entry.lesson}"
    if scene.state.roll(name) is None:
        return Kleene.UNKNOWN
    return scene.state.absence(name, entry.pupil)


def is_absent(row: Mapping[str, object], regulation: Regulation) -> bool:
    """Tell whether a row of a roll call says that the pupil was not there at all.

    A code that this regulation does not have is taken for an absence.
    """
    code = regulation.find_absence(str(row["code"]))
    return code is None or code.absent


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
    code = scene.regulation.find_absence(str(row["code"]))
    excused = None if code is None else code.excused
    if not excused and _has_excuse(entry, scene):
        return Kleene.YES
    return Kleene.UNKNOWN if excused is None else _yes(excused)


def _has_excuse(entry: Entry, scene: Scene) -> bool:
    """An excuse in a class book covers the day of the lesson with a code that excuses."""
    lesson = scene.facts.lesson(str(entry.lesson))
    for group in scene.around.classes:
        for excuse in scene.around.of_class(group, "excuse", entry.at):
            values = scene.around.classes[group].reading(excuse).values
            code = scene.regulation.find_absence(values["code"])
            if (
                excuse.pupil == entry.pupil
                and values["day"] <= lesson.day.isoformat() < values["until"]
                and code is not None
                and code.excused
            ):
                return True
    return False


def _was_present(entry: Entry, scene: Scene) -> Kleene:
    row = absence_of(entry, scene)
    if isinstance(row, Kleene):
        return Kleene.YES  # no roll call says otherwise
    return _yes(row is None or not is_absent(row, scene.regulation))


def _keeps_absence(entry: Entry, scene: Scene) -> Kleene:
    target = None if entry.target is None else scene.state.entry(entry.target)
    if target is None or target.kind != "roll":
        return Kleene.YES
    before = scene.state.reading(target).values
    after = {} if entry.kind == "annulment" else changed(before, entry.values.get("change", {}))
    was = {row["pupil"] for row in before.get("absent", ()) if is_absent(row, scene.regulation)}
    stays = {row["pupil"] for row in after.get("absent", ()) if is_absent(row, scene.regulation)}
    return _yes(
        not any(
            next(scene.state.of_pupil("makeup", target.about, pupil), None) is not None
            for pupil in was - stays
        )
    )


def _has_substitution(entry: Entry, scene: Scene) -> Kleene:
    author = entry.author
    if author is None:
        return Kleene.UNKNOWN
    if entry.lesson is None:
        return Kleene.NO
    return _yes(is_substitute(author, entry, scene))


def is_substitute(author: str, entry: Entry, scene: Scene) -> bool:
    """Tell whether *author* stands in at the lesson of *entry*: ordered, or claimed before or now."""
    lesson = scene.facts.lesson(str(entry.lesson))
    if lesson.substitute == author:
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
    Predicate("presence", "absent-at-lesson", "the roll call of the lesson", _was_present),
    Predicate("absence_kept", "absence-removed", "roll call and make-ups", _keeps_absence),
    Predicate("substitution", "no-substitution", "timetable, book and act", _has_substitution),
)

#: Every predicate by name.
PREDICATES: Final[Mapping[str, Predicate]] = {row.name: row for row in _ROWS}
