"""Everything this library raises: one class per thing a caller can do about it.

Every error says *what* is wrong, *where*, what was *expected*, what was *found*, and how to *mend* it.
A breach of the regulation is not an error: it is a value (see ``edujournal.rules``).
The one bridge between the two is :class:`Refused`, which carries the verdict.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from edujournal.rules.verdicts import Verdict


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that looks most like *word*, or None when none comes near."""
    found = difflib.get_close_matches(word, sorted(set(known)), n=1, cutoff=0.6)
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input: where it is, what was expected, what was found.

    *Version added: 0.1.*

    Attributes:
        where: Path to the value, such as ``entries.csv:17:value`` or ``school.toml.clauses[3].closes``.
        what: The fault in a few words.
        expected: What would have been right.
        found: What stands there, as text.
        mend: How to put it right; empty when *expected* says it all.
    """

    where: str
    what: str
    expected: str = ""
    found: str = ""
    mend: str = ""

    def __str__(self) -> str:
        parts = [self.what]
        if self.expected:
            parts.append(f"expected {self.expected}")
        if self.found:
            parts.append(f"found {self.found}")
        line = ", ".join(parts)
        if self.where:
            line = f"{line} @ {self.where}"
        return f"{line}. {self.mend}" if self.mend else line


class EdujournalError(Exception):
    """What every error of this library is.

    *Version added: 0.1.*

    Attributes:
        problems: Every fault found, at least one.
    """

    def __init__(self, problems: str | Problem | Sequence[Problem], **fields: Any) -> None:
        if isinstance(problems, str):
            problems = Problem(fields.pop("where", ""), problems, **fields)
        self.problems: tuple[Problem, ...] = (
            (problems,) if isinstance(problems, Problem) else tuple(problems)
        )
        super().__init__("\n".join(map(str, self.problems)))


class BadInput(EdujournalError, ValueError):
    """A value handed in cannot be what it claims to be: mend the call.

    *Version added: 0.1.*
    """


class BadCalendar(BadInput):
    """A school's calendar contradicts itself; the dates are in the message.

    *Version added: 0.1.*
    """


class BadRegulation(BadInput):
    """A regulation file says something that cannot be meant; each problem has its path.

    *Version added: 0.1.*
    """


class BadFile(BadInput):
    """Files to import are faulty: every fault is listed and nothing was imported.

    *Version added: 0.1.*
    """


class Unknown(EdujournalError, LookupError):
    """An id that the school, the store or the regulation does not know; the nearest one is named.

    *Version added: 0.1.*
    """

    def __init__(self, noun: str, name: str, known: Iterable[str] = (), *, where: str = "") -> None:
        near = nearest(name, known)
        super().__init__(
            f"unknown {noun} {name!r}",
            where=where,
            mend=f"Did you mean {near!r}?" if near else "",
        )
        self.noun = noun
        self.name = name
        self.near = near

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.noun, self.name, [self.near] if self.near else []))


class Refused(EdujournalError):
    """The regulation does not let this be written; the verdict tells why and who may lift it.

    *Version added: 0.1.*
    """

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(str(verdict))
        self.verdict = verdict

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.verdict,))


class KeyReused(EdujournalError):
    """A client key was used before for other values: take a new key for a new act.

    *Version added: 0.1.*
    """


class MissingExtra(EdujournalError, ImportError):
    """An optional part is not installed; the message names the extra to install.

    *Version added: 0.1.*
    """


class StoreError(EdujournalError):
    """What a store can raise.

    *Version added: 0.1.*
    """


class StaleHead(StoreError):
    """Somebody else wrote to the book meanwhile: read on from the actual head and try again.

    *Version added: 0.1.*

    Attributes:
        expected: Number of the last record the caller knew.
        actual: Number of the last record in the store.
    """

    def __init__(self, book: str, expected: int, actual: int) -> None:
        super().__init__(
            "the book has moved on",
            where=book,
            expected=f"head {expected}",
            found=f"head {actual}",
            mend="Read the new records and append again.",
        )
        self.book = book
        self.expected = expected
        self.actual = actual

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.book, self.expected, self.actual))


class StoreBusy(StoreError):
    """Another process holds the store; nothing was written: try again later.

    *Version added: 0.1.*
    """


class StoreUnwritable(StoreError):
    """The store cannot be written (read-only, full, or a failed disk); nothing was acknowledged.

    *Version added: 0.1.*
    """


class UnknownOutcome(StoreUnwritable):
    """The connection was lost while an act was being committed: it is kept whole, or not at all.

    Repeat the act with the same client key: the same receipt comes back, or the act is made now.

    *Version added: 0.1.*
    """


class StoreDamaged(StoreError):
    """The stored bytes are not what was acknowledged: cut, edited, or out of order.

    *Version added: 0.1.*
    """


class StoreTooNew(StoreError):
    """The store was written by a later version of the library: upgrade before opening it.

    *Version added: 0.1.*
    """


class NotStamped(EdujournalError):
    """An authority gave no stamp for a checkpoint; the checkpoint is kept, and the next round asks again.

    *Version added: 0.1.*
    """


class NotDelivered(EdujournalError):
    """A channel could not deliver a letter; the outbox keeps it, and it comes again.

    What it says has no address, name or text of the letter in it.

    *Version added: 0.1.*

    Attributes:
        for_good: The receiver will never take it, however often it is sent.
        whole_channel: The channel itself is down: other letters would fare no better now.
    """

    def __init__(self, what: str, *, for_good: bool = False, whole_channel: bool = False) -> None:
        super().__init__(what)
        self.what = what
        self.for_good = for_good
        self.whole_channel = whole_channel

    def __reduce__(self) -> tuple[Any, ...]:
        return (_not_delivered, (self.what, self.for_good, self.whole_channel))


def _not_delivered(what: str, for_good: bool, whole_channel: bool) -> NotDelivered:
    return NotDelivered(what, for_good=for_good, whole_channel=whole_channel)
