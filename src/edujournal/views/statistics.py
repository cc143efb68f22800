"""Statistics: success, quality, degree of learning, means and attendance, along any dimensions.

Which value is a success, which is good and what it stands for is the scale's data; who leaves the
denominator is the marker's. Every number is an exact fraction; text is made of it last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from attrs import evolve, frozen

from edujournal.errors import BadInput, Unknown
from edujournal.ledger.books import BookState
from edujournal.model.calendar import Calendar
from edujournal.model.facts import Facts
from edujournal.model.ids import JournalId, class_book
from edujournal.rules.clauses import Regulation
from edujournal.views.counts import STANDINGS, Row
from edujournal.views.journal_counts import Asked, Counted, Standing, counted
from edujournal.views.ordering import natural

#: What statistics can be taken by.
DIMENSIONS: Final = ("pupil", "class", "subject", "teacher", "parallel", "school", "period")


@frozen
class Statistics:
    """Statistics of a school's year, or of a part of it.

    *Version added: 0.1.*

    Attributes:
        year: Academic year.
        by: Dimensions of the rows.
        periods: Ids of the periods that were counted.
        stage: Stage of the results; None for that which each period asks for.
        rows: The rows, in the order of their keys.
        total: Everything together, each thing once; its key is empty.
    """

    year: str
    by: tuple[str, ...]
    periods: tuple[str, ...]
    stage: str | None
    rows: tuple[Row, ...]
    total: Row

    def row(self, *key: str) -> Row:
        """The row with *key*.

        Raises:
            Unknown: There is none.
        """
        for row in self.rows:
            if row.key == key:
                return row
        known = ("/".join(row.key) for row in self.rows)
        raise Unknown("row", "/".join(key), known, where="statistics")


def statistics_books(
    facts: Facts, calendar: Calendar, groups: Iterable[str] | None = None
) -> tuple[str, ...]:
    """Names of the books that statistics of a year are made from: journals and class books, ordered.

    *Version added: 0.1.*
    """
    journals = _journals(facts, calendar, groups)
    classes = {
        class_book(one, calendar.year)
        for journal in journals
        for one in calendar.classes_of(journal.group)
    }
    return (*(one.book for one in journals), *sorted(classes))


def _journals(
    facts: Facts, calendar: Calendar, groups: Iterable[str] | None
) -> tuple[JournalId, ...]:
    wanted: set[str] | None = None
    if groups is not None:
        wanted = {one for group in groups for one in calendar.offspring(group)}
    return tuple(
        sorted(
            one
            for one in facts.journals()
            if one.year == calendar.year and (wanted is None or one.group in wanted)
        )
    )


def statistics(
    regulation: Regulation | Sequence[Regulation],
    facts: Facts,
    states: Mapping[str, BookState],
    calendar: Calendar,
    by: Sequence[str] = ("class",),
    *,
    at: int,
    periods: Iterable[str] | None = None,
    stage: str | None = None,
    groups: Iterable[str] | None = None,
) -> Statistics:
    """Count results, marks and attendance of a year.

    A result counts in the journal of each group on whose roll the pupil is at the period's end; of
    who has left by then nothing is counted but lessons and marks. With a denominator of nothing a
    share is None, never 0.

    Args:
        regulation: The regulation whose scales, markers and reason codes are meant; of several the
            first that has scales.
        facts: What the school's data says.
        states: What the books say, by name; see :func:`statistics_books`. One that is not there is
            empty.
        calendar: Frame of the year.
        by: Dimensions of the rows; see :data:`DIMENSIONS`. Where several teach a journal it counts
            for each of them.
        at: Instant up to which lessons count, UTC microseconds.
        periods: Ids of periods; by default all that have begun, but the year itself.
        stage: Stage of results; by default that which each period asks for.
        groups: Only these groups and those below them.

    Raises:
        BadInput: A dimension is none, or named twice.
        Unknown: The year has no such group or period.

    *Version added: 0.1.*
    """
    wanted = None if periods is None else tuple(periods)
    asked = Asked(tuple(by), wanted, stage, None if groups is None else tuple(groups))
    return summed(
        asked,
        calendar,
        (
            counted(asked, journal, regulation, facts, states, calendar, at)
            for journal in asked_journals(asked, facts, calendar)
        ),
    )


def asked_journals(asked: Asked, facts: Facts, calendar: Calendar) -> tuple[JournalId, ...]:
    """The journals whose counts are summed up, after a look whether what is asked for can be told.

    Raises:
        BadInput: A dimension is none, or named twice.
        Unknown: The year has no such group or period.

    *Version added: 0.1.*
    """
    for place, one in enumerate(asked.by):
        if one not in DIMENSIONS or one in asked.by[:place]:
            raise BadInput(
                "not a dimension of statistics", where="by",
                expected=f"each once, of {', '.join(DIMENSIONS)}", found=repr(one),
            )  # fmt: skip
    journals = _journals(facts, calendar, asked.groups)
    known = {one.id for each in calendar.period_systems for one in each.periods}
    for one in asked.periods or ():
        if one not in known:
            raise Unknown("period", one, known, where=f"calendar {calendar.year}")
    return journals


def summed(asked: Asked, calendar: Calendar, counts: Iterable[Counted]) -> Statistics:
    """Add the counts of journals up.

    *Version added: 0.1.*
    """
    periods: dict[str, None] = {}
    rows: dict[tuple[str, ...], Row] = {}
    total = Row(key=())
    standings: dict[tuple[str, ...], dict[str, list[Standing]]] = {}
    for one in counts:
        periods.update(dict.fromkeys(one.periods))
        total = _plus(total, one.total)
        for key, row in one.rows.items():
            rows[key] = _plus(rows[key], row) if key in rows else row
        for key, pupils in one.standings.items():
            kept = standings.setdefault(key, {})
            for pupil, some in pupils.items():
                kept.setdefault(pupil, []).extend(some)
    done = (evolve(row, pupils=_pupils(standings.get(key, {}))) for key, row in rows.items())
    return Statistics(
        calendar.year,
        asked.by,
        tuple(periods),
        asked.stage,
        tuple(sorted(done, key=lambda row: [natural(one) for one in row.key])),
        evolve(total, pupils=_pupils(standings.get((), {}))),
    )


def _plus(one: Row, other: Row) -> Row:
    return one.with_(other.results, other.marks, other.attendance)


def _pupils(standings: Mapping[str, Sequence[Standing]]) -> Mapping[str, int]:
    """How many pupils stand how: each by the worst of what is known."""
    counts = Counter(
        min((one for one in some if one is not None), default=1) for some in standings.values()
    )
    return {name: counts[place] for place, name in enumerate(STANDINGS) if counts[place]}
