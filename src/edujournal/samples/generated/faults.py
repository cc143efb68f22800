"""What goes wrong in a made school, how often, and what an audit must say of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from attrs import frozen

from edujournal.model.entries import Content, Evidence

#: What may go wrong with what is recorded at a lesson, of a thousand lessons.
AT_LESSON: Final = {
    "late roll": 12,
    "no roll": 4,
    "no topic": 3,
    "topic without plan": 3,
    "late homework": 12,
    "homework without nature": 3,
    "homework says nothing": 2,
    "late mark": 20,
    "mark of an absent pupil": 2,
    "absentee found later": 3,
    "late correction": 3,
    "correction in time": 6,
    "foreign hand": 1,
    "claim answered": 2,
    "claim unanswered": 1,
}

#: What may go wrong with a work, of a thousand works.
AT_WORK: Final = {"late mark for a work": 150, "no mark for a work": 80}

#: What may go wrong with the results of a journal and a period, of a thousand.
AT_RESULTS: Final = {"late result": 40, "early result": 40, "no result": 40}


#: What stands in place of a mark for a work, or beside one, of a thousand works.
MARKED_AT_WORK: Final = {
    "exempt": 15,
    "exempt without ground": 6,
    "mark beside an exemption": 6,
    "debt": 10,
    "debt cleared": 20,
}

#: What stands in place of a result, of a thousand journals and periods.
MARKED_AT_RESULTS: Final = {
    "not assessed": 30,
    "assessed later": 10,
    "ungraded": 10,
    "exempt": 10,
    "exempt without ground": 5,
}

#: How more time is given for a written work, of a thousand of them.
MORE_TIME: Final = {
    "in time": 12,
    "past it": 8,
    "asked for afterwards": 4,
    "given by a deputy": 4,
    "more than the head may give": 4,
}

#: How a pupil is exempt from physical education, of a thousand pupils.
EXEMPT: Final = {"the whole year": 12, "some weeks": 12, "without ground": 3}

#: What becomes of an absence, of ten thousand of them.
AT_ABSENCE: Final = {
    "made up": 30,
    "made up with a document": 25,
    "document after the make-up": 8,
    "document of other days": 8,
    "document": 10,
}


@frozen(kw_only=True)
class Truth:
    """What an audit must say: a finding, by the fields that can be known before any rule is asked.

    *Version added: 0.1.*

    Attributes:
        regulation: Id of the regulation that asks; ``edujournal`` for the library itself.
        clause: Clause number.
        code: Breach code.
        outcome: Outcome.
        severity: Weight.
        book: Book concerned.
        about: Name of the occasion.
        record: Kind of record that was owed or judged.
        pupil: Pupil, or other member of the set that owes; None for the whole occasion.
        opens: Start of the window where the entry came before it, UTC microseconds.
        closes: End of the window where it was missed, UTC microseconds.
        lo: First instant at which it may have been recorded; None for what is missing.
        hi: End of the possible instants; None for what is missing.
        by: Account whose hand it was; None for what is missing.
        entry: Number of the entry; None for what is missing.
    """

    regulation: str
    clause: str
    code: str
    outcome: str
    severity: str = "must"
    book: str
    about: str
    record: str
    pupil: str | None = None
    opens: int | None = None
    closes: int | None = None
    lo: int | None = None
    hi: int | None = None
    by: str | None = None
    entry: int | None = None


@frozen(kw_only=True, eq=False)
class Said:
    """One thing that is recorded in a book, before it has a number.

    Attributes:
        at: Instant, UTC microseconds.
        by: Account.
        role: Role in which it acts.
        content: What is said.
        of: What is changed or answered, or None.
        evidence: What is known of its original recording, or None.
        truths: What an audit must say of it; place, hand, time and number are filled in.
    """

    at: int
    by: str
    role: str
    content: Content
    of: Said | None = None
    evidence: Evidence | None = None
    truths: tuple[Mapping[str, Any], ...] = ()


def drawn(rate: float, table: Mapping[str, int], of: int = 1000) -> str | None:
    """What is to be, if anything, for a number drawn from [0, 1); *of* is what the table's shares are of."""
    place = rate * of
    for name, share in table.items():
        if place < share:
            return name
        place -= share
    return None
