"""The thematic plan against what was taught: rows done, rows still to come, and topics beside the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from attrs import frozen

from edujournal.errors import BadInput
from edujournal.ledger.books import BookState
from edujournal.model.facts import Facts
from edujournal.model.ids import JournalId


@frozen(kw_only=True)
class PlanRow:
    """One row of a thematic plan, as the host gives it.

    Source: clause 2.6. *Version added: 0.1.*

    Attributes:
        id: Id that topics name in their ``plan``.
        title: The topic planned.
        lessons: For how many lessons it is planned.
        day: Day for which its first lesson is planned; None where the plan gives none.
    """

    id: str
    title: str
    lessons: int = 1
    day: date | None = None


@frozen(kw_only=True)
class PlanLine:
    """One row of the plan with what became of it.

    *Version added: 0.1.*

    Attributes:
        row: The row.
        taught: Lessons whose topic names the row, in the order in which they were held.
        ahead: By how many days its first lesson came before the day planned; negative when later,
            None where either is not known.
    """

    row: PlanRow
    taught: tuple[str, ...] = ()
    ahead: int | None = None

    @property
    def lacking(self) -> int:
        """How many lessons are still to come; negative where more were given than planned."""
        return self.row.lessons - len(self.taught)


@frozen(kw_only=True)
class PlanAgainstFact:
    """A plan compared with a journal.

    *Version added: 0.1.*

    Attributes:
        lines: A line for each row, in the order of the plan.
        beside: Lessons whose topic names no row, or one that the plan has not.
        out_of_order: Rows begun before an earlier row was begun.
        untold: Lessons held up to the day asked for that have no topic.
    """

    lines: tuple[PlanLine, ...]
    beside: tuple[str, ...]
    out_of_order: tuple[str, ...]
    untold: tuple[str, ...]


def plan_against_fact(
    plan: Sequence[PlanRow], state: BookState, facts: Facts, until: date
) -> PlanAgainstFact:
    """Compare a thematic plan with the topics of a journal.

    Args:
        plan: Rows of the plan, in order.
        state: What the journal says.
        facts: What the school's data says.
        until: Lessons held before this day are looked at.

    Raises:
        BadInput: The plan names a row twice, or plans no lesson for one.

    *Version added: 0.1.*
    """
    _check(plan)
    lessons = [
        one
        for one in facts.lessons_of(JournalId.parse(state.book))
        if not one.cancelled and one.day < until
    ]
    taught: dict[str, list[str]] = {row.id: [] for row in plan}
    days: dict[str, date] = {}
    beside, untold = [], []
    for lesson in lessons:
        topic = next(state.about("topic", lesson.about), None)
        if topic is None:
            untold.append(lesson.id)
            continue
        row = state.reading(topic).values.get("plan")
        if row not in taught:
            beside.append(lesson.id)
            continue
        taught[row].append(lesson.id)
        days.setdefault(row, lesson.day)
    return PlanAgainstFact(
        lines=tuple(
            PlanLine(row=row, taught=tuple(taught[row.id]), ahead=_ahead(row, days)) for row in plan
        ),
        beside=tuple(beside),
        out_of_order=_out_of_order(plan, days),
        untold=tuple(untold),
    )


def _check(plan: Sequence[PlanRow]) -> None:
    seen: set[str] = set()
    for i, row in enumerate(plan):
        if row.id in seen:
            raise BadInput("a row of the plan given twice", where=f"plan[{i}]", found=repr(row.id))
        if row.lessons < 1:
            raise BadInput("a row of the plan without a lesson", where=f"plan[{i}]",
                           expected="1 or more", found=str(row.lessons))  # fmt: skip
        seen.add(row.id)


def _ahead(row: PlanRow, days: Mapping[str, date]) -> int | None:
    begun = days.get(row.id)
    return None if begun is None or row.day is None else (row.day - begun).days


def _out_of_order(plan: Sequence[PlanRow], days: Mapping[str, date]) -> tuple[str, ...]:
    found = []
    for i, row in enumerate(plan):
        begun = days.get(row.id)
        if begun is not None and any(
            earlier.id not in days or days[earlier.id] > begun for earlier in plan[:i]
        ):
            found.append(row.id)
    return tuple(found)
