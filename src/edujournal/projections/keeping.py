"""Keeping: what a writer hands the store beside the entries of its act."""

from __future__ import annotations

from typing import Any

from edujournal.ledger.books import BookState
from edujournal.model.ids import JournalId
from edujournal.ports import Writing
from edujournal.projections.kept_results import KeptResults, contents, kept_after
from edujournal.rules.around import Around
from edujournal.writing import BookAct, Written


class SheetKeeper:
    """Hands the store, act by act, what summary sheets need of a journal.

    It remembers what it has handed over; what an act that failed would have kept is not remembered.
    """

    def __init__(self) -> None:
        self._kept: dict[str, KeptResults] = {}

    def hand_over(
        self, one: BookAct, state: BookState, around: Around, written: Written, act: Writing
    ) -> KeptResults | None:
        """Bring the results of a journal up to date and hand them to an act of the store.

        Args:
            one: The act.
            state: What its book says; it is left as it was.
            around: What the books round it say.
            written: What the act comes to.
            act: The book, locked; a :class:`~edujournal.ports.Projecting`.

        Returns:
            What :meth:`took` is to be told once the act is kept; None where nothing is to be kept.
        """
        if not written.records or not one.book.startswith("journal/"):
            return None
        projecting: Any = act
        journal = JournalId.parse(one.book)
        before, number = self._kept.get(one.book), state.number
        state.fences = around.fences
        try:
            for entry in written.entries:
                state.apply(entry)
            calendar = one.act.facts.calendar(journal.year)
            after = kept_after(before, journal, state, around.school, calendar)
        finally:
            state.rewind(number)
        # What somebody else has kept meanwhile may be of another entry than ours.
        known = before if before is not None and before.number == number else None
        for view, content in contents(known, after):
            projecting.project(view, content)
        return after

    def took(self, book: str, after: KeptResults | None) -> None:
        """Remember what was kept of a book."""
        if after is not None:
            self._kept[book] = after
