"""Scripts: what a school's hands do one after another, as values, and how they are played into journals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from attrs import evolve, field, frozen

from edujournal.errors import EdujournalError
from edujournal.journals import Journals
from edujournal.model.drafts import Draft
from edujournal.model.people import Actor
from edujournal.testing.clocks import StandingClock
from edujournal.writing import Receipt


@frozen
class OfEarlier:
    """A draft about an entry that is written only when the script is played: a change, an answer.

    *Version added: 0.1.*

    Attributes:
        draft: The draft; its field *entry* is filled in.
        book: Book in which the entry stands.
        kinds: Kinds of record that are meant; empty for any.
        nth: Which of those that the book has then, counted round.
    """

    draft: Any
    book: str
    kinds: tuple[str, ...] = ()
    nth: int = 0

    def resolve(self, journals: Journals) -> Draft | None:
        """The draft with the number of its entry; None where the book has no such entry yet."""
        numbers = [
            entry.number
            for entry in journals.entries(self.book)
            if not self.kinds or entry.kind in self.kinds
        ]
        if not numbers:
            return None
        made: Draft = evolve(self.draft, entry=numbers[self.nth % len(numbers)])
        return made


@frozen
class ScriptedAct:
    """One call of a writer.

    *Version added: 0.1.*

    Attributes:
        at: What the clock shows, UTC microseconds since 1970.
        by: Who acts.
        drafts: What is recorded at one go.
        key: Client key, or None.
    """

    at: int
    by: Actor
    drafts: tuple[Draft | OfEarlier, ...]
    key: str | None = None


@frozen
class Played:
    """What became of one act of a script.

    *Version added: 0.1.*

    Attributes:
        act: The act.
        drafts: Its drafts as they were recorded.
        receipts: A receipt for each of them; none where an error was raised.
        error: Name of the error that was raised; empty where none was.
    """

    act: ScriptedAct
    drafts: tuple[Draft, ...]
    receipts: tuple[Receipt, ...] = field(default=())
    error: str = ""

    @property
    def accepted(self) -> tuple[Receipt, ...]:
        """Receipts of what was written, repeats left out."""
        return tuple(one for one in self.receipts if one.number is not None and not one.repeated)


#: Nothing was recorded, for there was no entry to speak of.
_NOTHING: Final = ()


def play(journals: Journals, clock: StandingClock, script: Iterable[ScriptedAct]) -> list[Played]:
    """Do what *script* says and tell what became of it.

    *Version added: 0.1.*

    Args:
        journals: Journals under *clock*.
        clock: Set to the moment of each act, which may be earlier than that of the one before.
        script: The acts.

    Returns:
        An answer for each act, refusals and errors of the library included; others are raised.
    """
    return list(playing(journals, clock, script))


def playing(
    journals: Journals, clock: StandingClock, script: Iterable[ScriptedAct]
) -> Iterator[Played]:
    """Do what *script* says act by act, so that a test can look in between; see :func:`play`."""
    for act in script:
        clock.set(act.at)
        drafts = resolved(journals, act)
        if not drafts:
            yield Played(act, _NOTHING)
            continue
        try:
            receipts = journals.record_many(drafts, act.by, act.key)
        except EdujournalError as error:
            yield Played(act, drafts, error=type(error).__name__)
        else:
            yield Played(act, drafts, tuple(receipts))


def resolved(journals: Journals, act: ScriptedAct) -> tuple[Draft, ...]:
    """The drafts of *act* with the numbers of the entries that they speak of.

    *Version added: 0.1.*
    """
    made = (one.resolve(journals) if isinstance(one, OfEarlier) else one for one in act.drafts)
    return tuple(one for one in made if one is not None)
