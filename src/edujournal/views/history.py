"""History: what became of one entry, change by change, with who, when and why. Nothing is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrs import field, frozen

from edujournal.errors import BadInput
from edujournal.ledger.books import BookState, changed
from edujournal.model.drafts import Annulment
from edujournal.model.entries import CHANGES, Entry
from edujournal.model.people import Actor, Kleene

#: What a step of a history may be.
STEPS: Final = ("recorded", "corrected", "annulled")

#: How a step stands: it counts, waits for agreement, may or may not have it (an imported approval does
#: not say whose it is), is void, or was itself taken back. Only what counts changes the entry.
STANDINGS: Final = ("counts", "waits", "undecidable", "void", "annulled")

_AGREED: Final = {Kleene.YES: "counts", Kleene.NO: "waits", Kleene.UNKNOWN: "undecidable"}


@frozen
class Step:
    """One step in the life of an entry.

    *Version added: 0.1.*

    Attributes:
        what: One of :data:`STEPS`.
        number: Number of the entry that made the step.
        at: Instant at which it came into the book, UTC microseconds.
        by: Who made it, in which role, for whom.
        values: What it read after the step, where the step counts; else what it would have read.
        texts: The texts, likewise; None where one was erased.
        before: The values as they read before the step; empty for the first one.
        reason: Why, as typed; None where none was given or it was erased.
        standing: One of :data:`STANDINGS`.
    """

    what: str
    number: int
    at: int
    by: Actor
    values: Mapping[str, Any]
    texts: Mapping[str, str | None] = field(repr=False)
    before: Mapping[str, Any]
    reason: str | None = field(repr=False)
    standing: str


def history(number: int, state: BookState) -> tuple[Step, ...]:
    """Give the whole history of an entry: as it was recorded, then every change in order.

    The original stays what it was; a change that is void, waits for agreement or was taken back is
    told as well, and changes nothing.

    Source: clauses 2.15 and F1 to F4 of the feature list. *Version added: 0.1.*

    Args:
        number: Number of the entry in its book.
        state: What the book says.

    Raises:
        BadInput: There is no such entry, or it is itself a change.
    """
    entry = state.entry(number)
    if entry is None or entry.kind in CHANGES:
        raise BadInput(
            "no entry with a history of its own",
            where=f"{state.book}#{number}",
            expected="the number of an entry that is no correction and no annulment",
            found="nothing" if entry is None else entry.kind,
        )
    return tuple(_steps(entry, state))


def _steps(entry: Entry, state: BookState) -> Iterator[Step]:
    values, texts = dict(entry.values), dict(entry.texts)
    yield Step(
        "recorded", entry.number, entry.at, entry.by, dict(values), dict(texts), {}, None,
        _standing(entry, state),
    )  # fmt: skip
    for change in _changes(entry, state):
        before, standing = dict(values), _standing(change, state)
        reason = change.texts.get("reason")
        if change.kind == "annulment":
            yield Step("annulled", change.number, change.at, change.by, before, dict(texts), before,
                       reason, standing)  # fmt: skip
            continue
        after = changed(values, change.values.get("change", {}))
        said = {
            **texts,
            **{
                name.removeprefix("new."): text
                for name, text in change.texts.items()
                if name.startswith("new.")
            },
        }
        yield Step("corrected", change.number, change.at, change.by, after, said, before, reason,
                   standing)  # fmt: skip
        if standing == "counts":
            values, texts = after, said


def _changes(entry: Entry, state: BookState) -> Iterator[Entry]:
    for other in state.entries[entry.number :]:
        if other.target == entry.number and other.kind in CHANGES:
            yield other


def _standing(entry: Entry, state: BookState) -> str:
    if state.is_void(entry):
        return "void"
    if not state.stands(entry):
        return "annulled"
    return _AGREED[state.agreement(entry)]


def compensation(act: int, state: BookState, reason: str) -> list[Annulment]:
    """Give the drafts that take back a whole act: an annulment of each of its entries that stands.

    The act stays in the book, and so do its compensation and the reason. The last entry is taken back
    first, so that nothing ever rests on what is gone. Record them with ``record_many``: they are
    judged like any other annulment.

    Args:
        act: Number of the first entry of the act, :attr:`Entry.act`.
        state: What the journal says.
        reason: Why the act is taken back.

    Raises:
        BadInput: There is no such act, or nothing of it stands.

    *Version added: 0.1.*
    """
    entries = [
        entry
        for entry in state.entries[act - 1 :]
        if entry.act == act and entry.kind not in CHANGES and state.stands(entry)
    ]
    if not entries or act < 1:
        raise BadInput(
            "no act to take back",
            where=f"{state.book}#{act}",
            expected="the number of the first entry of an act of which something stands",
        )
    journal = state.book.removeprefix("journal/")
    return [
        Annulment(journal=journal, entry=one.number, reason=reason) for one in reversed(entries)
    ]
