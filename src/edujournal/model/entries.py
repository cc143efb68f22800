"""Entries: what was accepted into a book, who by, when, and what is known of when it was first recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from attrs import evolve, field, frozen

from edujournal.model.people import Actor

#: Kinds of record that concern one pupil each.
OF_PUPIL: Final = frozenset({"mark", "marker", "makeup", "result", "comment", "message", "excuse"})

#: Kinds of record whose only purpose is to change what another record says.
CHANGES: Final = frozenset({"correction", "annulment"})


@frozen
class Content:
    """What a draft says, in the shape in which bodies keep it.

    Attributes:
        kind: Kind of record.
        about: Name of the occasion.
        pupil: Pupil concerned, or None.
        values: Public values: text, whole numbers, truth values, lists and maps of these.
        texts: What a person typed; goes into the body only as a salted commitment.
        target: Number of the record that is changed, or None.
        lesson: Lesson that leads to the journal, or None.
        journal: Journal (``group/subject/year``) where no lesson leads to it.
        group: Group whose class book is meant, or None.
    """

    kind: str
    about: str
    pupil: str | None = None
    values: Mapping[str, Any] = field(factory=dict, hash=False)
    texts: Mapping[str, str] = field(factory=dict, hash=False)
    target: int | None = None
    lesson: str | None = None
    journal: str | None = None
    group: str | None = None


@frozen
class Evidence:
    """What is known of the original recording of an imported entry.

    The moment lies in ``[lo, hi)``. With *lo* None nothing is known but that it was before *hi*.

    *Version added: 0.1.*

    Attributes:
        lo: First possible instant, UTC microseconds, or None.
        hi: End of the possible instants; None for "before it came into the book".
        author: Account whose hand it was, or None when that is not known.
        role: Role in which the author acted, or None when that is not known.
        source: Where the entry comes from, such as a file's name; may be empty.
    """

    lo: int | None = None
    hi: int | None = None
    author: str | None = None
    role: str | None = None
    source: str = ""


@frozen
class Entry:
    """One accepted record of one book.

    *Version added: 0.1.*

    Attributes:
        book: Name of the book.
        number: Position in the book, from 1.
        kind: Kind of record.
        about: Name of the occasion.
        pupil: Pupil concerned, or None.
        values: Public values.
        texts: What was typed; None where it was erased.
        by: Who recorded it, in which role.
        right: Clause that gave the right to record it; empty where none was needed.
        at: Instant of recording, UTC microseconds.
        evidence: What is known of the original recording, for imported entries.
        key: Client key of the act, or None.
        item: Position within its act.
        act: Number of the first entry of the act in this book.
        target: Number of the entry that this one changes, or None.
        hash: Hash of the record; empty while it is a draft.
        beside: How far other books had come, by name, where the moment does not tell by itself.
    """

    book: str
    number: int
    kind: str
    about: str
    pupil: str | None
    values: Mapping[str, Any] = field(hash=False)
    texts: Mapping[str, str | None] = field(hash=False, repr=False)
    by: Actor
    right: str
    at: int
    evidence: Evidence | None = None
    key: str | None = None
    item: int = 0
    act: int = 0
    target: int | None = None
    hash: str = ""
    beside: Mapping[str, int] = field(factory=dict, hash=False)

    @property
    def lo(self) -> int | None:
        """First instant at which it may have been recorded; None if unknown."""
        return self.at if self.evidence is None else self.evidence.lo

    @property
    def hi(self) -> int:
        """End of the instants at which it may have been recorded."""
        if self.evidence is None or self.evidence.hi is None:
            return self.at + 1
        return self.evidence.hi

    @property
    def author(self) -> str | None:
        """Account whose hand the rules judge; None when it is not known."""
        if self.evidence is not None:
            return self.evidence.author
        return self.by.on_behalf_of or self.by.account

    @property
    def role(self) -> str | None:
        """Role in which the hand acted that the rules judge; None or empty when it is not known."""
        return self.by.role if self.evidence is None else self.evidence.role

    @property
    def handed_in(self) -> date | None:
        """Day on which a mark says that the work was handed in; None where it says none."""
        day = self.values.get("handed_in")
        return None if day is None else date.fromisoformat(day)

    @property
    def lesson(self) -> str | None:
        """Id of the lesson it belongs to, or None."""
        kind, _, id = self.about.partition(":")
        if kind == "lesson":
            return id
        return self.values.get("lesson")

    def with_values(self, values: Mapping[str, Any], texts: Mapping[str, str | None]) -> Entry:
        """The same entry as a correction makes it read."""
        return evolve(self, values=values, texts=texts)
