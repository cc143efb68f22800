"""Validity: which entries of an account do not count after its login became known to others.

A report in the school book carries a frozen fence: for each book, the number of its first entry that
was recorded at or after the moment both were informed. The fold uses these numbers and nothing else,
so that a clock set back later cannot move the border.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from attrs import evolve, field, frozen

from edujournal.model.drafts import Compromise, Restoration
from edujournal.model.entries import Entry
from edujournal.model.ids import school_book


class Standing(StrEnum):
    """Whether an entry counts.

    *Version added: 0.1.*
    """

    VALID = "valid"
    DOUBTFUL = "doubtful"
    VOID = "void"


class Act(NamedTuple):
    """Where an act stands in the school book, and when it was recorded.

    Attributes:
        number: Number of its entry.
        at: Instant of recording, UTC microseconds.
    """

    number: int
    at: int


@frozen
class Fence:
    """The fence of one report.

    *Version added: 0.1.*

    Attributes:
        act: The report in the school book.
        account: Account whose login became known.
        void: Book → number of the first void entry; empty while only one of the two is informed.
        doubtful: Book → number of the first doubtful entry.
        restored: The restoration, after which the account may write again, or None.
        limits: Book → number of the first entry recorded after the restoration.
    """

    act: Act
    account: str
    void: Mapping[str, int] = field(factory=dict, hash=False)
    doubtful: Mapping[str, int] = field(factory=dict, hash=False)
    restored: Act | None = None
    limits: Mapping[str, int] = field(factory=dict, hash=False)

    @property
    def report(self) -> int:
        """Number of the report in the school book."""
        return self.act.number

    def standing(self, book: str, number: int) -> Standing:
        """Whether entry *number* of *book*, made by the account, counts under this fence.

        A book that the fence does not name came into being after it: void from its first entry.
        """
        limit = self.limits.get(book, 1) if self.restored is not None else None
        if limit is not None and number >= limit:
            return Standing.VALID
        if self.void and number >= self.void.get(book, 1):
            return Standing.VOID
        if number >= self.doubtful.get(book, 1):
            return Standing.DOUBTFUL
        return Standing.VALID


@frozen
class Fences:
    """Every fence of a school book, and the single acts that their owner has vouched for.

    *Version added: 0.1.*
    """

    by_account: Mapping[str, Sequence[Fence]] = field(factory=dict, hash=False)
    vouched: Mapping[tuple[str, int], Act] = field(factory=dict, hash=False)

    def as_of(self, at: int, number: int | None = None) -> Fences:
        """The fences as they were known before the instant *at*, or after entry *number*.

        Args:
            at: Instant, UTC microseconds.
            number: Last entry of the school book that was known; None lets the moment tell.
        """
        if not self.by_account:
            return self

        def known(act: Act) -> bool:
            return act.at < at if number is None else act.number <= number

        by_account = {
            account: [
                fence
                if fence.restored is None or known(fence.restored)
                else evolve(fence, restored=None, limits={})
                for fence in some
                if known(fence.act)
            ]
            for account, some in self.by_account.items()
        }
        return Fences(by_account, {one: act for one, act in self.vouched.items() if known(act)})

    def standing(self, entry: Entry) -> Standing:
        """Whether *entry* counts."""
        if not self.by_account or (entry.book, entry.number) in self.vouched:
            return Standing.VALID
        found = Standing.VALID
        for fence in self._of(entry):
            one = fence.standing(entry.book, entry.number)
            if one is Standing.VOID:
                return one
            if one is Standing.DOUBTFUL:
                found = one
        return found

    def report_of(self, entry: Entry) -> Fence | None:
        """The fence by which *entry* is void or doubtful, or None."""
        for fence in self._of(entry):
            if fence.standing(entry.book, entry.number) is not Standing.VALID:
                return fence
        return None

    def barred(self, account: str) -> Fence | None:
        """The fence by which *account* may not write any more, or None.

        No clock is asked: who is reported stays so until the restoration is on record.
        """
        for fence in self.by_account.get(account, ()):
            if fence.restored is None:
                return fence
        return None

    def _of(self, entry: Entry) -> Iterator[Fence]:
        """Fences of the account that acted; what it wrote for somebody else is its own act."""
        yield from self.by_account.get(entry.by.account, ())


#: No report was ever made.
NO_FENCES: Final = Fences()


#: Kinds of record that set fences, take them away, or except an act from them.
_ACTS: Final = frozenset({"compromise", "restoration", "vouch"})


def fences_of(entries: Sequence[Entry]) -> Fences:
    """Fold the entries of a school book into its fences.

    A report, a restoration or a confirmation that a later report makes void counts for nothing: a
    stolen login of the administration voids and frees nobody.
    """
    acts = [entry for entry in entries if entry.kind in _ACTS]
    reported = {entry.values["account"] for entry in acts if entry.kind == "compromise"}
    if any(entry.by.account in reported for entry in acts):
        standing: list[Entry] = []
        for entry in reversed(acts):
            if _folded(standing).standing(entry) is not Standing.VOID:
                standing.insert(0, entry)
        acts = standing
    return _folded(acts)


def _folded(acts: Sequence[Entry]) -> Fences:
    reports: dict[int, Fence] = {}
    vouched: dict[tuple[str, int], Act] = {}
    for entry in acts:
        values = entry.values
        if entry.kind == "compromise":
            reports[entry.number] = Fence(
                Act(entry.number, entry.at),
                values["account"],
                {row["book"]: row["n"] for row in values.get("void", ())},
                {row["book"]: row["n"] for row in values.get("doubtful", ())},
            )
        elif entry.kind == "restoration":
            for number, fence in list(reports.items()):
                if fence.account == values["account"] and fence.restored is None:
                    limits = {row["book"]: row["n"] for row in values.get("limits", ())}
                    restored = Act(entry.number, entry.at)
                    reports[number] = evolve(fence, restored=restored, limits=limits)
        else:
            vouched[values["book"], values["n"]] = Act(entry.number, entry.at)
    by_account: dict[str, list[Fence]] = {}
    for fence in reports.values():
        by_account.setdefault(fence.account, []).append(fence)
    return Fences(by_account, vouched)


def fence_by(
    draft: Compromise | Restoration,
    at: int,
    books: Iterable[tuple[str, Iterable[tuple[int, int]]]],
) -> Compromise | Restoration:
    """The draft with its frozen fence: per book the number of the first entry from its moment on.

    A book in which nothing came since is named with its next number, and the school book of the
    draft's year where there is no book at all.

    Args:
        draft: Report or restoration.
        at: Instant of the act; a restoration's moment.
        books: Every book of the school with the numbers and instants of its entries, in order.
    """
    first, second = (at, None) if isinstance(draft, Restoration) else draft.moments()
    early: dict[str, int] = {}
    late: dict[str, int] = {}
    for book, entries in books:
        number = 0
        for number, recorded in entries:
            if recorded >= first:
                early.setdefault(book, number)
            if second is not None and recorded >= second:
                late.setdefault(book, number)
        early.setdefault(book, number + 1)
        if second is not None:
            late.setdefault(book, number + 1)
    # In a school in which nothing was recorded so far the book that will hold the draft is named: a fence
    # that names none would read as one of which only one of the two is informed.
    for found in (early,) if second is None else (early, late):
        if not found:
            found[school_book(draft.year)] = 1
    if isinstance(draft, Restoration):
        return evolve(draft, limits=early)
    return evolve(draft, doubtful=early, void=late)
