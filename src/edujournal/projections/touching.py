"""What an entry touches: whose data, at which occasions, read otherwise once it is there.

It is the only place that says so. A view may make more again than was touched, never less.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attrs import frozen

from edujournal.ledger.books import BookState
from edujournal.model.entries import Entry

#: Kinds of record by which what a substitute wrote begins or ceases to count.
_ANSWERS: Final = frozenset({"confirmation", "substitution"})


@frozen
class Touch:
    """What one entry touches.

    *Version added: 0.1.*

    Attributes:
        abouts: Names of the occasions.
        pupils: Pupils whose data read otherwise.
        everyone: Whether what it touches concerns everybody whose journal it is, such as a topic.
    """

    abouts: frozenset[str]
    pupils: frozenset[str]
    everyone: bool = False

    def concerns(self, pupil: str) -> bool:
        """Tell whether data of *pupil* may read otherwise."""
        return self.everyone or pupil in self.pupils


def touched(entry: Entry, state: BookState) -> Touch:
    """What *entry* touches.

    A change, an agreement to one and an answer touch what they speak of; an answer to a substitution
    all that was written at the lesson.

    Args:
        entry: The last entry of the book.
        state: What the book says with it.

    *Version added: 0.1.*
    """
    chain = list(_chain(entry, state))
    abouts = {one.about for one in chain}
    pupils: set[str] = set()
    everyone = False
    for one in chain:
        if one.pupil is not None:
            pupils.add(one.pupil)
        elif one.kind in ("roll", "correction", "annulment", "approval"):
            pupils.update(_absent(one))
        else:
            everyone = True
    for roll in (one for one in chain if one.kind == "roll"):
        # Another roll call of the lesson may count instead of this one, or no longer.
        for other in state.ever("roll", roll.about):
            pupils.update(_absent(other))
            pupils.update(
                pupil for one in state.corrections(other.number) for pupil in _absent(one)
            )
    if any(one.kind in _ANSWERS for one in chain):
        lesson = entry.lesson
        abouts.update(one.about for one in state.entries if one.lesson == lesson)
        everyone = True
    return Touch(frozenset(abouts), frozenset(pupils), everyone)


def _chain(entry: Entry, state: BookState) -> Iterator[Entry]:
    """*entry*, what it speaks of, what that speaks of, and so on."""
    seen: Entry | None = entry
    while seen is not None:
        yield seen
        seen = None if seen.target is None else state.entry(seen.target)


def _absent(entry: Entry) -> Iterator[str]:
    """Pupils whom a roll call, or a change of one, names."""
    values = entry.values.get("change", {}) if entry.kind == "correction" else entry.values
    for row in values.get("absent") or ():
        yield row["pupil"]
