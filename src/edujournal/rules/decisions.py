"""Decisions: how a recorded result stands to what was proposed. Predicates that a regulation may name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edujournal.model.entries import Entry
from edujournal.model.ids import year_of_book
from edujournal.model.people import Kleene
from edujournal.model.time import zone

if TYPE_CHECKING:
    from edujournal.rules.predicates import Scene


def has_basis(entry: Entry, scene: Scene) -> Kleene:
    """Whether a result has a basis."""
    return Kleene.NO if entry.values.get("basis") is None else Kleene.YES


def follows_proposal(entry: Entry, scene: Scene) -> Kleene:
    """Whether a result is what its basis proposed; where somebody decides, either will do."""
    told = entry.values.get("basis", {}).get("proposed")
    if not told:
        return Kleene.UNKNOWN
    either = {told.get("value", told.get("marker"))}
    if "decides" in told:
        either.add(told.get("marker"))
    decided = str(entry.values.get("value", entry.values.get("marker")))
    return Kleene.YES if decided in either else Kleene.NO


def is_decider(entry: Entry, scene: Scene) -> Kleene:
    """Whether a value was given by one to whom the basis leaves the choice; a marker needs nobody."""
    role = entry.values.get("basis", {}).get("proposed", {}).get("decides")
    if role is None or "value" not in entry.values:
        return Kleene.YES
    if entry.author is None or not scene.facts.knows_account(entry.author):
        return Kleene.UNKNOWN
    clocks = zone(scene.facts.calendar(year_of_book(entry.book)).zone)
    first = None if entry.lo is None else clocks.local_date(entry.lo)
    account = scene.facts.account(entry.author)
    return account.holds(role, first, clocks.local_date(entry.hi - 1))
