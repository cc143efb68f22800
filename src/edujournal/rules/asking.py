"""Asking without any port: duties and verdicts as pure functions, for testers."""

from __future__ import annotations

from edujournal.ledger.books import BookState
from edujournal.ledger.drafted import drafted_of
from edujournal.model.drafts import Draft
from edujournal.model.facts import Facts
from edujournal.model.forms import called
from edujournal.model.ids import JournalId
from edujournal.model.occasions import Lesson, Occasion, Work
from edujournal.model.people import Actor
from edujournal.rules.around import Around
from edujournal.rules.clauses import Regulation
from edujournal.rules.duties import Duty
from edujournal.rules.duties import duties as duties_of
from edujournal.rules.judging import Judge, claims_of, judge_all
from edujournal.rules.provisional import provisional
from edujournal.rules.scenes import of_lesson, of_work
from edujournal.rules.verdicts import Verdict


@called
def duties(
    regulation: Regulation, occasion: Occasion | Lesson, facts: Facts, *, record: str | None = None
) -> tuple[tuple[Duty, ...], ...]:
    """What *regulation* asks to be recorded about a lesson, a work, a period, an event.

    Args:
        regulation: The regulation.
        occasion: The occasion, or a lesson.
        facts: What the school's data says.
        record: Only duties about this kind of record.

    Returns:
        One inner tuple per duty; it has several members of which exactly one holds where something
        about the occasion is not known.

    *Version added: 0.1.*
    """
    if isinstance(occasion, Lesson):
        occasion = of_lesson(occasion, facts)
    return duties_of(regulation, occasion, facts, record=record)


def work_occasion(work: Work, journal: JournalId, facts: Facts) -> Occasion:
    """The occasion of a work in a journal, for :func:`duties`.

    *Version added: 0.1.*
    """
    return of_work(work, journal, facts)


@called
def judge(
    regulation: Regulation,
    draft: Draft,
    facts: Facts,
    state: BookState,
    *,
    by: str | Actor,
    at: int,
) -> Verdict:
    """Judge *draft* as if it were recorded at the instant *at* after *state*; nothing is written.

    Args:
        regulation: The regulation.
        draft: What would be recorded.
        facts: What the school's data says.
        state: What the book says.
        by: Who would record it.
        at: When, UTC microseconds.

    *Version added: 0.1.*
    """
    said = drafted_of(draft)
    entry = provisional(said.content, said.evidence, state, Actor.of(by), at)
    around = Around(claims=claims_of([entry]))
    return judge_all([Judge(regulation, facts)], entry, state, around)[0]
