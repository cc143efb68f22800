"""What is planted: a breach, or a refusal, with what an audit must say of it."""

from __future__ import annotations

from datetime import date, time

from attrs import evolve, frozen

from edujournal.model.drafts import Draft, Mark
from edujournal.model.ids import school_book
from edujournal.model.occasions import Lesson
from edujournal.samples.frame import YEAR
from edujournal.samples.keeping import Keeping, Stroke, Strokes, Written

#: What identifies a finding: clause, code, outcome, book, occasion, pupil, kind of record.
FindingKey = tuple[str, str, str, str, str, str | None, str]

#: What identifies a refusal: clause, code, book, occasion, kind of record, account.
RefusalKey = tuple[str, str, str, str, str, str]


@frozen
class Planted:
    """A breach that was planted, and what an audit must say of it.

    *Version added: 0.1.*

    Attributes:
        clause: Clause number; ``integrity`` for what no regulation has to ask.
        code: Breach code.
        outcome: Outcome of the finding; ``refused`` where the write was not accepted.
        book: Book concerned.
        about: Name of the occasion.
        pupil: Pupil concerned, or None.
        record: Kind of record.
        by: Account that was refused; empty for a finding.
    """

    clause: str
    code: str
    outcome: str
    book: str
    about: str
    pupil: str | None
    record: str
    by: str = ""

    @property
    def is_refused(self) -> bool:
        """Whether the write was refused, so that the access log tells of it and not an audit."""
        return self.outcome == "refused"

    @property
    def finding(self) -> FindingKey:
        """What the finding is known by."""
        return (
            self.clause, self.code, self.outcome, self.book, self.about, self.pupil, self.record
        )  # fmt: skip

    @property
    def refusal(self) -> RefusalKey:
        """What the refusal is known by."""
        return (self.clause, self.code, self.book, self.about, self.record, self.by)


class Plot:
    """A quarter that is well kept, while it is being spoilt.

    Args:
        keeping: The quarter as it should be kept.

    Attributes:
        strokes: What is recorded, by name.
        planted: What has been planted so far.
    """

    def __init__(self, keeping: Keeping) -> None:
        self.keeping = keeping
        self.facts = keeping.facts
        self.strokes: Strokes = keeping.strokes()
        self.planted: list[Planted] = []

    def at(self, month: int, day: int, clock: str) -> int:
        """The instant at which the school's clocks show *clock* on a day of 2026."""
        return self.keeping.clocks.at(date(2026, month, day), time.fromisoformat(clock))

    def lesson(self, id: str) -> Lesson:
        """The lesson with *id*."""
        return self.facts.lesson(id)

    def book(self, lesson: str) -> str:
        """Name of the book of the journal in which *lesson* is kept."""
        return self.facts.journal_of(self.lesson(lesson)).book

    def move(self, what: str, lesson: str, at: int) -> Stroke:
        """Have a stroke made at another time."""
        moved = evolve(self.strokes[what, lesson], at=at)
        self.strokes[what, lesson] = moved
        return moved

    def drop(self, what: str, lesson: str) -> None:
        """Have a stroke not made at all."""
        del self.strokes[what, lesson]

    def rewrite(self, what: str, name: str, *drafts: Written) -> None:
        """Have a stroke say something else."""
        self.strokes[what, name] = evolve(self.strokes[what, name], drafts=drafts)

    def add(
        self, what: str, name: str, at: int, by: str, *drafts: Written, role: str | None = None
    ) -> None:
        """Have a stroke made that nobody would have made."""
        if (what, name) in self.strokes:
            raise KeyError(f"{what} {name} is there")
        self.strokes[what, name] = Stroke(at, by, drafts, role)

    def marks(self, lesson: str) -> list[Mark]:
        """The marks given at *lesson*, or for a work held there."""
        return [one for one in self.drafts("marks", lesson) if isinstance(one, Mark)]

    def drafts(self, what: str, name: str) -> list[Draft]:
        """What a stroke says, if it is made."""
        stroke = self.strokes.get((what, name))
        return [] if stroke is None else [one for one in stroke.drafts if isinstance(one, Draft)]

    def absent(self, group: str, subject: str, *codes: str) -> tuple[Lesson, str]:
        """The first lesson of a journal at which somebody was absent for one of *codes*; and who."""
        for lesson in self.facts.lessons:
            if (lesson.group, lesson.subject) == (group, subject) and not lesson.cancelled:
                for pupil, code in self.keeping.absent(lesson).items():
                    if code in codes:
                        return lesson, pupil
        raise LookupError(f"nobody of {group} missed {subject} for {codes}")

    def expect(
        self,
        clause: str,
        code: str,
        outcome: str,
        lesson: str | None,
        record: str,
        *,
        pupil: str | None = None,
        about: str | None = None,
        book: str | None = None,
        by: str = "",
    ) -> None:
        """Note what must be said of what has just been planted."""
        if lesson is not None:
            book = book or self.book(lesson)
            about = about or f"lesson:{lesson}"
        self.planted.append(
            Planted(
                clause, code, outcome, book or school_book(YEAR), about or "", pupil, record, by
            )
        )
