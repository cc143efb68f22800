"""Answering: questions to many books at once. First which books are read, then what they say together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

from attrs import frozen

from edujournal.ledger.books import BookState
from edujournal.model.facts import Facts
from edujournal.model.ids import JournalId, school_book
from edujournal.planning import beside_of, fenced, placed
from edujournal.rules.clauses import Regulation
from edujournal.rules.proposals import Proposal, proposal_books, propose
from edujournal.views.statistics import Statistics, statistics, statistics_books

_Answer = TypeVar("_Answer")


@frozen
class Question(Generic[_Answer]):
    """A question to several books.

    Attributes:
        books: Names of the books to read.
        answer: Gives the answer, once they are read as of the moment asked about.
    """

    books: tuple[str, ...]
    answer: Callable[[Mapping[str, BookState]], _Answer]


def ask_proposals(
    regulations: Sequence[Regulation],
    facts: Facts,
    journal: str | JournalId,
    period: str,
    stage: str | None,
    at: int,
) -> Question[list[Proposal]]:
    """What the formula gives for each pupil of *journal*; see :meth:`edujournal.Journals.proposals`.

    Raises:
        Unknown: The school has no such journal.
    """
    asked = JournalId.parse(str(journal))
    facts.check_journal(asked)
    names = proposal_books(asked, facts)

    def answer(states: Mapping[str, BookState]) -> list[Proposal]:
        around = placed(asked.book, names, states)
        return propose(
            regulations, asked, period, facts, states, at=at, stage=stage, around=around
        )  # fmt: skip

    return Question((*names, *beside_of(asked.book, facts)), answer)


def ask_statistics(
    regulations: Sequence[Regulation],
    facts: Facts,
    by: Sequence[str],
    periods: Iterable[str] | None,
    stage: str | None,
    groups: Iterable[str] | None,
    year: str | None,
    at: int,
) -> Question[Statistics]:
    """Statistics of a year; see :meth:`edujournal.Journals.statistics`.

    Raises:
        Unknown: The school has no such year or group.
    """
    frame = facts.calendar_at(at) if year is None else facts.calendar(year)
    only = None if groups is None else list(groups)

    def answer(states: Mapping[str, BookState]) -> Statistics:
        return statistics(
            regulations, facts, fenced(states), frame, by, at=at, periods=periods, stage=stage,
            groups=only,
        )  # fmt: skip

    return Question((*statistics_books(facts, frame, only), school_book(frame.year)), answer)
