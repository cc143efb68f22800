"""What time makes: markers whose term has ended, what is missing for good, who is to be told. Pure.

A tick looks at every journal and records, as the actor ``system``, what is due by then. It can be asked
as often as one likes: what was made once is not made again, and what was due long ago is made now.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from edujournal.audits.exact import owed
from edujournal.ledger.books import BookState
from edujournal.model.entries import Content, Evidence
from edujournal.model.people import SYSTEM
from edujournal.rules.becoming import converted, converts
from edujournal.rules.controlling import ControlDue, controls_due
from edujournal.rules.given import counts_from
from edujournal.rules.judging import Judge
from edujournal.rules.marker_terms import ended
from edujournal.rules.reminders import Reminder
from edujournal.rules.verdicts import Finding, Outcome
from edujournal.writing import Receipt


@frozen
class MadeByTime:
    """The draft of what time makes. Nobody else's: it is accepted only as the regulation says."""

    said: Content
    evidence: Evidence | None = None

    def content(self) -> Content:
        """What it says, in the shape in which bodies keep it."""
        return self.said


@frozen
class Due:
    """One thing that time makes.

    *Version added: 0.1.*

    Attributes:
        book: Book in which it is recorded.
        about: Name of the occasion.
        pupil: Pupil concerned.
        regulation: Regulation that says so.
        clause: Its clause.
        what: ``ended`` for a marker whose term has ended, ``missing`` for what was never recorded.
        since: Instant from which it counts: the end of the term.
        begun: Instant from which that counted which has ended; 0 for what was never there.
        key: Client key under which it is recorded, the same whenever it is looked for.
        draft: What is recorded.
    """

    book: str
    about: str
    pupil: str
    regulation: str
    clause: str
    what: str
    since: int
    key: str
    draft: MadeByTime
    begun: int = 0


@frozen
class Made:
    """One thing that time made, with the receipt of its entry.

    *Version added: 0.1.*
    """

    due: Due
    receipt: Receipt


@frozen
class TickReport:
    """What a tick did.

    *Version added: 0.1.*

    Attributes:
        at: Moment up to which it looked.
        made: Entries it recorded, and those that were refused because others came first.
        undecided: Markers of which nobody can say when their term ends; nothing was made of them.
        reminders: Who is to be told of what; each has a key that stays the same.
        controls: Stretches of the year that have ended and are to be looked at by the administration;
            each has a key that stays the same.
    """

    at: int
    made: tuple[Made, ...] = ()
    undecided: tuple[Finding, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    controls: tuple[ControlDue, ...] = ()


def due_by_time(
    judges: Sequence[Judge], book: str, state: BookState, at: int
) -> tuple[list[Due], list[Finding]]:
    """What time makes in *book* by the instant *at*, and all that is owed there, made or not.

    What was made once and taken back by a person is not made again: it is owed, like anything else.

    Args:
        judges: The regulations with the facts.
        book: Name of the book.
        state: What it says.
        at: The instant.
    """
    findings = list(owed(judges, book, state, at))
    found = [
        one
        for one in (*_ended(judges, book, state, at), *_missing(findings))
        if not state.keyed(SYSTEM, one.key)
    ]
    # Of what ends at one instant the older comes first, so that it does not matter when a tick runs.
    found.sort(key=lambda one: (one.since, one.begun, one.about, one.pupil))
    return found, findings


def _ended(judges: Sequence[Judge], book: str, state: BookState, at: int) -> Iterator[Due]:
    if not book.startswith("journal/"):
        return
    first: dict[int, Due] = {}
    for judge in judges:
        for run, said in ended(judge.terms, state, at):
            because, entry = said.values["because"], run.entry
            due = Due(
                book, entry.about, str(entry.pupil), because["regulation"], because["clause"],
                because["what"], because["at"], _key(entry.hash, because), MadeByTime(said),
                counts_from(entry, state) or 0,
            )  # fmt: skip
            # Of several regulations the one whose term ends first makes what is made.
            if entry.number not in first or due.since < first[entry.number].since:
                first[entry.number] = due
    yield from first.values()


def _missing(findings: Sequence[Finding]) -> Iterator[Due]:
    for finding in findings:
        if not converts(finding) or finding.closes is None:
            continue
        said = converted(finding)
        void = finding.why.get("void")
        named = f"{finding.book}\n{finding.about}\n{finding.pupil}\n{void}"
        yield Due(
            finding.book, finding.about, str(finding.pupil), finding.regulation, finding.clause,
            "missing", finding.closes, _key(named, said.values["because"]), MadeByTime(said),
        )  # fmt: skip


def _key(of: str, because: Mapping[str, Any]) -> str:
    """The same for the same thing under the same clause at the same end, whenever it is looked for."""
    told = "\n".join((of, because["regulation"], because["clause"], str(because["at"])))
    return f"{because['what']}/{hashlib.sha256(told.encode()).hexdigest()}"


class Tick:
    """One tick, book by book: what is due, what came of it. The shells read and record.

    Args:
        judges: The regulations with the facts.
        at: Instant up to which it looks.
    """

    def __init__(self, judges: Sequence[Judge], at: int) -> None:
        self.at = at
        self._judges = judges
        self._tried: set[str] = set()
        self._made: list[Made] = []
        self._undecided: dict[str, list[Finding]] = {}

    def due(self, book: str, state: BookState) -> list[Due]:
        """What is to be recorded in *book* and was not tried yet; ask again after it was recorded.

        Of each pupil only what was due first: it may take the place of what is due next.
        """
        found, owed = due_by_time(self._judges, book, state, self.at)
        self._undecided[book] = [
            one for one in owed if one.code == "uncleared" and one.outcome is Outcome.UNDECIDABLE
        ]
        first: dict[str, Due] = {}
        for one in found:
            if one.key not in self._tried:
                first.setdefault(one.pupil, one)
        return list(first.values())

    def took(self, due: Due, receipt: Receipt) -> None:
        """Note what came of one of them."""
        self._tried.add(due.key)
        self._made.append(Made(due, receipt))

    def report(self, reminders: Iterable[Reminder]) -> TickReport:
        """What the tick did."""
        open_ = [one for book in sorted(self._undecided) for one in self._undecided[book]]
        controls: list[ControlDue] = []
        if self._judges:
            regulations = [judge.regulation for judge in self._judges]
            controls = controls_due(regulations, self._judges[0].facts, self.at)
        return TickReport(
            self.at, tuple(self._made), tuple(open_), tuple(reminders), tuple(controls)
        )
