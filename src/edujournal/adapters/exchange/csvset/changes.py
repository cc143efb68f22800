"""Changes: what each of them changes, found by the name of a row, and whether the two go together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from edujournal.adapters.exchange.csvset import cells
from edujournal.adapters.exchange.csvset.drafting import TEXTS, VALUES, content_of, read_cells
from edujournal.adapters.exchange.csvset.index import NONE, Index, Named
from edujournal.adapters.exchange.csvset.problems import Problems
from edujournal.adapters.exchange.csvset.tables import Row
from edujournal.errors import BadInput
from edujournal.model.entries import CHANGES, Evidence

#: Names a row of works.csv as what a correction changes: ``work:w-1``, ``work:7A/alg/2026/w-1``.
WORK_TARGET: Final = "work:"

#: Kinds of rows whose draft cannot be made before it is known what they change.
BY_TARGET: Final = CHANGES | {"approval"}

#: Cells of a correction that do not say what is to be changed.
_HAND: Final = frozenset(
    {"kind", "target", "cleared", "reason", "id", "by", "role", "recorded", "source"}
)


class Changes:
    """Finds what each change changes, and judges the form of the change by it.

    Args:
        index: The rows; it learns the targets, and the books of changes.
        named: Rows by their names.
        problems: Takes every fault.
    """

    def __init__(self, index: Index, named: Named, problems: Problems) -> None:
        self._index, self._named, self._problems = index, named, problems

    def resolve(self, wanted: Mapping[int, Row]) -> None:
        """Find the targets of the rows *wanted*, by their numbers."""
        # Approvals last: the book of a change is known only when the change has been looked at.
        order = sorted(wanted.items(), key=lambda one: one[1].cells["kind"] == "approval")
        for number, row in order:
            column = "target" if "target" in row.cells else "retake"
            target = self._target(row, column)
            if target is None:
                continue
            self._index.targets[number] = target
            if column == "retake":
                self._check_retake(row, number, target)
            else:
                self._check_target(row, number, target)

    def _check_retake(self, row: Row, number: int, target: int) -> None:
        """What is tried again stands in the same journal; what it is, the judging tells."""
        mine, other = self._index.books[number], self._index.books[target]
        if target == number or (other != mine and NONE not in (mine, other)):
            self._problems.add(
                row.at("retake"),
                "another attempt at what is not of its journal",
                "an earlier mark of the pupil in the same journal",
                row.cells["retake"],
            )

    def _check_target(self, row: Row, number: int, target: int) -> None:
        index = self._index
        kind, change = index.kind(target), row.cells["kind"]
        approves = change == "approval"
        if target == number or (kind in CHANGES) is not approves:
            self._problems.add(
                row.at("target"),
                "an approval of what is no change" if approves else "a change of a change",
                "a correction or an annulment" if approves else "a row that is no change",
                row.cells["target"],
            )
            return
        index.books[number] = index.books[target]
        if index.books[target] == NONE:
            return
        book = index.book_names[index.books[target]]
        if change in BY_TARGET and not book.startswith("journal/"):
            self._problems.add(
                row.at("target"), f"a {kind} cannot be changed", "an entry of a journal"
            )
            return
        if number in self._named.unread or (
            change == "correction" and not self._corrects(row, kind)
        ):
            return
        given = read_cells(row, Problems())
        journal = book.removeprefix("journal/")
        try:
            content_of(row, given, Evidence(), journal=journal, target=(kind, 1))
        except BadInput as error:
            self._problems.take(*(replace(one, where=row.at(one.where)) for one in error.problems))

    def _corrects(self, row: Row, kind: str) -> bool:
        """Tell whether a row of *kind* has every column that its correction speaks of."""
        before = self._problems.count
        usable = {*VALUES.get(kind, ()), *TEXTS.get(kind, ())}
        single = sorted(usable - {"absent"})
        cleared = cells.items(row.cells["cleared"]) if "cleared" in row.cells else ()
        for column in cleared:
            if column not in single:
                self._problems.add(
                    row.at("cleared"), f"a {kind} has no {column} to take away", ", ".join(single)
                )
        for column in row.cells:
            if column not in usable and column not in _HAND:
                self._problems.add(
                    row.at(column), f"a {kind} has no {column} to correct",
                    ", ".join(sorted(usable)),
                )  # fmt: skip
        return self._problems.count == before

    def _target(self, row: Row, column: str) -> int | None:
        """The row that a cell names; None where that row is unknown, which is noted, or faulty."""
        name = row.cells[column]
        if name in self._named.faulty:
            return None
        if name in self._named.ids:
            return self._named.ids[name]
        if name.startswith(WORK_TARGET):
            journal, _, id = name.removeprefix(WORK_TARGET).rpartition("/")
            places = self._named.works.get(id)
            if places is not None and not journal and len(places) > 1:
                self._problems.add(
                    row.at(column),
                    "a work of this id stands in several journals",
                    "work:group/subject/year/id",
                    name,
                )
                return None
            if places is not None and (not journal or not places):
                return next(iter(places.values()), None)
            if places is not None and journal in places:
                return places[journal]
        known = [*self._named.ids, *(WORK_TARGET + id for id in self._named.works)]
        self._problems.unknown(row.at(column), "row", name, known)
        return None
