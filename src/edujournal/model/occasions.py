"""Occasions: what an entry is about. A lesson, a work, a period, a section of the set-up, an event."""

from __future__ import annotations

from datetime import date
from typing import Any

from attrs import field, frozen

from edujournal.errors import BadInput
from edujournal.model.calendar import Calendar, Period
from edujournal.model.ids import JournalId, about, check_id


@frozen
class Planned:
    """How a lesson stood in the timetable before a change.

    *Version added: 0.1.*

    Attributes:
        until: Instant at which the change was entered.
        day: Day on which it was to be held.
        slot: Its number that day; 0 is legal.
        starts: Instant of its start.
        ends: Instant of its end.
        cancelled: Whether it was off the timetable then.
    """

    until: int
    day: date
    slot: int
    starts: int
    ends: int
    cancelled: bool = False


@frozen
class Lesson:
    """One dated lesson of a group in a subject, as the timetable has it now.

    *Version added: 0.1.*

    Attributes:
        id: Opaque id.
        group: Whose lesson: a class, a subgroup, a stream, an individual plan.
        subject: Which subject.
        day: Local day on which it is held.
        slot: Its number that day; 0 is legal.
        starts: Instant of its start, UTC microseconds.
        ends: Instant of its end.
        teacher: Account planned to teach it; None if not known.
        substitute: Account ordered by the administration to teach it instead; None if nobody.
        cancelled: Whether it is not held.
        before: Earlier states, oldest first, for lessons that were moved, shortened, cancelled.
        year: Academic year it belongs to; None lets the day tell.
        nonfunctional: Whether whoever stands in does not teach the subject: the pupils are looked
            after, or taught something else.
    """

    id: str
    group: str
    subject: str
    day: date
    slot: int
    starts: int
    ends: int
    teacher: str | None = None
    substitute: str | None = None
    cancelled: bool = False
    before: tuple[Planned, ...] = ()
    year: str | None = None
    nonfunctional: bool = False

    def __attrs_post_init__(self) -> None:
        check_id(self.id, "lesson")
        if self.ends <= self.starts:
            raise BadInput(
                "a lesson ends before it starts",
                where=f"lesson {self.id}",
                expected=f"an end after {self.starts}",
                found=str(self.ends),
            )

    @property
    def about(self) -> str:
        """Name of this lesson as an occasion."""
        return about("lesson", self.id)

    def states_since(self, at: int) -> list[Lesson | Planned]:
        """Every state of the timetable for this lesson at or after the instant before *at*."""
        return [*(was for was in self.before if was.until >= at), self]

    def as_of(self, at: int) -> Lesson | Planned:
        """The state of the timetable for this lesson at the instant *at*."""
        for state in self.before:
            if at < state.until:
                return state
        return self


@frozen
class Work:
    """Something that is marked: its kind and purpose decide which window its marks have.

    *Version added: 0.1.*

    Attributes:
        id: Id within its journal; for a mark given straight to a lesson ``lesson id#kind``.
        kind: Kind of work, a code of the regulation; None if not named.
        purpose: ``ordinary`` or ``monitoring``; None if not known.
        held: Day on which it was held; None if not known.
        lesson: Lesson at which it was held; None for a work that stands alone.
        due: Day on which it was to be handed in; None if none was set or known.
        weight: How much a mark for it weighs, exactly; None for what its kind weighs.
        points: Greatest number of points possible, exactly; None for that of the scale.
    """

    id: str
    kind: str | None = None
    purpose: str | None = None
    held: date | None = None
    lesson: str | None = None
    due: date | None = None
    weight: int | str | None = None
    points: int | str | None = None


@frozen
class Event:
    """Something that happened and asks for an answer, such as a password that leaked.

    *Version added: 0.1.*

    Attributes:
        id: Id within the school's year.
        kind: ``disclosure`` for a breach of confidentiality, ``substitution`` for a claim to confirm.
        noticed: Instant at which it became known.
        entry: Number of the entry that tells of it.
        values: What else is known.
    """

    id: str
    kind: str
    noticed: int
    entry: int = 0
    values: Any = field(factory=dict, hash=False)


@frozen
class Occasion:
    """One occasion with all that rules read of it.

    *Version added: 0.1.*

    Attributes:
        name: Name of the occasion, such as ``lesson:7A-alg-0915`` or ``period:q1``.
        book: Name of the book in which entries about it stand.
        calendar: Frame of the year.
        group: Group concerned; None for the whole school.
        subject: Subject; None where there is none.
        day: Local day on which it happened; for a period its last day.
        closed: Of the summary sheet of a class, the instant at which the last of its journals was
            closed; None where that is not known, and for all else.
    """

    name: str
    book: str
    calendar: Calendar
    group: str | None = None
    subject: str | None = None
    day: date | None = None
    lesson: Lesson | None = None
    work: Work | None = None
    period: Period | None = None
    section: str | None = None
    event: Event | None = None
    closed: int | None = None

    @property
    def kind(self) -> str:
        """Kind of the occasion: lesson, work, period, year, section, event, group, sheet."""
        return self.name.partition(":")[0]

    @property
    def journal(self) -> JournalId | None:
        """The journal concerned, or None."""
        if self.group is None or self.subject is None:
            return None
        return JournalId(self.group, self.subject, self.calendar.year)
