"""From what a draft says to the entry it would become, for judging before anything is written."""

from __future__ import annotations

from attrs import evolve

from edujournal.ledger.books import BookState
from edujournal.model.entries import CHANGES, Content, Entry, Evidence
from edujournal.model.people import Actor


def provisional(
    content: Content,
    evidence: Evidence | None,
    state: BookState,
    actor: Actor,
    at: int,
    *,
    number: int | None = None,
    act: int | None = None,
    item: int = 0,
    key: str | None = None,
) -> Entry:
    """The entry that *content* would become as the next one after *state*.

    A change takes occasion and pupil from its target. Evidence that reaches beyond the present ends
    with it: what came into the book now was recorded before.

    Args:
        content: What the draft says.
        evidence: What is known of its original recording.
        state: What the book says.
        actor: Who acts.
        at: Instant of the act, UTC microseconds.
        number: Its number; the next one by default.
        act: Number of the first entry of the act; its own by default.
        item: Its place in the act.
        key: Client key of the act.
    """
    about, pupil = content.about, content.pupil
    if content.kind in CHANGES and content.target is not None:
        target = state.entry(content.target)
        if target is not None:
            about, pupil = target.about, target.pupil
    if evidence is not None and (evidence.hi is None or evidence.hi > at + 1):
        ends = at + 1
        if evidence.lo is not None and evidence.lo >= ends:
            ends = evidence.hi or evidence.lo + 1  # from the future; judged as such, not mended
        evidence = evolve(evidence, hi=ends)
    mine = state.number + 1 if number is None else number
    return Entry(
        state.book,
        mine,
        content.kind,
        about,
        pupil,
        content.values,
        content.texts,
        actor,
        "",
        at,
        evidence,
        key,
        item,
        mine if act is None else act,
        content.target,
    )
