"""Proving keys: of all entries that no rule can tell apart one is judged, by the very rules of a write.

An entry has two keys: whose hand it is, and what it says. Kinds of record that no rule tells apart by
hand share the first one. A key is proven when an entry that bears it is found without a fault; what bears
two proven keys is clean, but for its time, its pupil and what else stands at its occasion, which are
columns.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from edujournal.errors import Unknown
from edujournal.model.entries import Entry
from edujournal.planning import Beside
from edujournal.regions.columnar import alike_by_hand
from edujournal.regions.tables import Row, Tables
from edujournal.rules.judging import judge_all
from edujournal.rules.predicates import fulfils, says_something
from edujournal.rules.scenes import occasion_or_none
from edujournal.rules.verdicts import REPORTED

#: Findings that columns give themselves.
_TIMING: Final = frozenset({"after-close", "before-open"})

#: How often other entries are tried for keys that are not proven yet.
ROUNDS: Final = 4


class Sample(NamedTuple):
    """Entries of one journal that no rule can tell apart, with the numbers of two of them."""

    book: str
    kind: str
    account: str
    role: str
    epoch: int
    shelf: str
    variety: str
    sign: str
    first: int
    last: int

    def hand(self, alike: Mapping[str, str]) -> Row:
        """Whose hand it is, for all kinds that are *alike* by hand."""
        return self.book, alike.get(self.kind, self.kind), self.account, self.role, self.epoch

    @property
    def said(self) -> Row:
        """What is said."""
        return self.shelf, self.kind, self.variety, self.sign


class Proving:
    """The keys of one school, and which of them are proven.

    Args:
        tables: The columns of the school.
        samples: What there is.
        wary: Accounts of which nothing can be proven by one entry.
        beside: What stands round each journal, by book.

    Attributes:
        judged: How many entries were judged.
    """

    def __init__(
        self,
        tables: Tables,
        samples: Iterable[Sample],
        wary: Collection[str],
        beside: Mapping[str, Beside],
    ) -> None:
        self.tables, self.beside = tables, beside
        self.hands: set[Row] = set()
        self.said: set[Row] = set()
        self.judged = 0
        known = {book: tables.staff.known(shelf.journal) for book, shelf in tables.shelves.items()}
        self._open = [
            one for one in sorted(samples)
            if one.account not in wary and one.account in known.get(one.book, ())
        ]  # fmt: skip
        self._by_place: dict[tuple[str, int], Sample] = {}
        self._alike = alike_by_hand(judge.regulation for judge in tables.judges)

    def wanted(self, round_: int) -> list[tuple[str, int]]:
        """Numbers of entries to judge next, by book: as few as can prove what is not proven."""
        hands, said = set(self.hands), set(self.said)
        self._by_place = {}
        left = []
        for one in self._open:
            hand = one.hand(self._alike)
            if hand in self.hands and one.said in self.said:
                continue
            left.append(one)
            if hand in hands and one.said in said:
                continue
            hands.add(hand)
            said.add(one.said)
            self._by_place[one.book, one.last if round_ % 2 else one.first] = one
        # Another round begins with other entries: the last ones of this.
        self._open = left[::-1]
        return sorted(self._by_place)

    def judge(self, entries: Iterable[Entry]) -> None:
        """Judge the entries that were wanted, and note what they prove."""
        for entry in entries:
            sample = self._by_place.get((entry.book, entry.number))
            if sample is not None:
                self.judged += 1
                if self._is_clean(entry):
                    self.hands.add(sample.hand(self._alike))
                    self.said.add(sample.said)

    def _is_clean(self, entry: Entry) -> bool:
        state = self.tables.shelves[entry.book].state
        regulations = [judge.regulation for judge in self.tables.judges]
        if not all(says_something(entry, one) and fulfils(entry, one) for one in regulations):
            return False
        if occasion_or_none(entry, self.tables.facts, state) is None:
            return False
        around = self.beside[entry.book].around(entry, state)
        try:
            found, _, _ = judge_all(self.tables.judges, entry, state, around)
        except Unknown:
            return False
        return not any(
            one.outcome in REPORTED and one.code not in _TIMING for one in found.findings
        )

    def rows(self) -> tuple[Iterator[Row], Iterator[Row]]:
        """The proven keys as rows: of hands, and of what is said."""
        school = self.tables.school
        return (
            (school, book, kind, *hand)
            for book, first, *hand in sorted(self.hands)
            for kind, other in self._alike.items()
            if other == first
        ), ((school, *one) for one in sorted(self.said))
