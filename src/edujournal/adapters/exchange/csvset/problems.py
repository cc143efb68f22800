"""Faults of a set, gathered from all its files; a flood of them is counted, not kept."""

from __future__ import annotations

from typing import Final

from edujournal.adapters.schools.plain_faults import unknown
from edujournal.errors import BadFile, Problem

#: Faults that are told one by one, unless the caller asks for more.
TOLD: Final = 10_000


class Problems:
    """Takes every fault in the order in which it is found.

    Args:
        most: Faults that are kept; further ones are only counted.
    """

    def __init__(self, most: int = TOLD) -> None:
        self._most = most
        self._kept: list[Problem] = []
        self.count = 0

    def add(
        self, where: str, what: str, expected: str = "", found: object = None, mend: str = ""
    ) -> None:
        """Take a fault; *found* is shown as Python writes it, shortened."""
        self.take(Problem(where, what, expected, "" if found is None else shown(found), mend))

    def unknown(self, where: str, noun: str, id: str, known: object, place: str = "") -> None:
        """Take the fault of an id that nobody knows; *known* is any collection of ids."""
        if self.count < self._most:
            self.take(unknown(where, noun, id, known, place=place))  # type: ignore[arg-type]
        else:
            self.count += 1

    def take(self, *problems: Problem) -> None:
        """Take faults as they are."""
        for problem in problems:
            self.count += 1
            if self.count <= self._most:
                self._kept.append(problem)

    def all(self) -> tuple[Problem, ...]:
        """The faults; the last one tells how many more there were."""
        if self.count <= self._most:
            return tuple(self._kept)
        rest = Problem("", f"and {self.count - self._most} more faults")
        return (*self._kept, rest)

    def check(self) -> None:
        """Raise if there is any fault.

        Raises:
            BadFile: There is.
        """
        if self.count:
            raise BadFile(self.all())


def shown(found: object) -> str:
    """Give a value as a message shows it: on one line, and not longer than a line."""
    text = repr(found)
    return text if len(text) <= 80 else f"{text[:77]}…{text[-1]}"
