"""Markers that pupils should have by their groups. A suggestion is no entry: a person sets it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from attrs import frozen

from edujournal.ledger.books import BookState
from edujournal.model.calendar import Calendar
from edujournal.model.facts import Facts
from edujournal.model.ids import JournalId
from edujournal.model.occasions import Occasion
from edujournal.rules.clauses import Regulation, Selector
from edujournal.rules.given import code_of, span_of
from edujournal.rules.marker_terms import clause_of
from edujournal.rules.scenes import features
from edujournal.rules.vocabulary import OF_GROUP, MarkerKind
from edujournal.views.ordering import natural


@frozen
class SuggestedMarker:
    """A marker that a pupil should have in a journal for some days, and has not.

    *Version added: 0.1.*

    Attributes:
        regulation: Id of the regulation that suggests it.
        clause: Clause that speaks of the marker; may be empty.
        code: Its code.
        pupil: Whose.
        journal: In which journal.
        group: Group for whose sake: the pupil belongs to it.
        since: First day of that; None if from the beginning.
        until: Day after the last one; None if open.
    """

    regulation: str
    clause: str
    code: str
    pupil: str
    journal: JournalId
    group: str
    since: date | None
    until: date | None


def suggested(
    journal: JournalId | str, state: BookState, facts: Facts, regulations: Sequence[Regulation]
) -> tuple[SuggestedMarker, ...]:
    """Markers for the whole subject that pupils of a journal should have, such as exemptions.

    A regulation names groups and subjects. Who belongs to such a group, and to that of the journal on
    some of the same days, should have the marker on these days. What a marker of that code that
    stands covers is not suggested. The journal of such a group itself suggests nothing: who is taught
    there is not exempt from it; that of a class does.

    Args:
        journal: Which journal, such as ``7A/pe/2026``.
        state: What its book says.
        facts: What the school's data says.
        regulations: The regulations.

    Raises:
        Unknown: The school knows no such group or year.

    *Version added: 0.1.*
    """
    journal = JournalId.parse(str(journal))
    calendar = facts.check_journal(journal)
    found = [
        SuggestedMarker(
            regulation.id, clause_of(kind, regulation), kind.code, pupil, journal, group, *span
        )
        for regulation in regulations
        for kind in regulation.markers
        if kind.suggested_for is not None
        for pupil, group, span in _belonging(
            kind.suggested_for, journal, facts, calendar, regulation
        )
        if not _has(kind, pupil, span, journal, state, regulation)
    ]
    found.sort(key=lambda one: (natural(one.pupil), one.code, one.since or date.min, one.group))
    return tuple(found)


_Span = tuple[date | None, date | None]


def _belonging(
    selector: Selector,
    journal: JournalId,
    facts: Facts,
    calendar: Calendar,
    regulation: Regulation,
) -> Iterator[tuple[str, str, _Span]]:
    """Who belongs to a group that *selector* means: pupil, group, days on which it concerns *journal*."""
    of_group = Selector(tuple(one for one in selector.fields if one[0] in OF_GROUP))
    of_subject = Selector(tuple(one for one in selector.fields if one[0] not in OF_GROUP))
    here = Occasion(f"subject:{journal.subject}", journal.book, calendar, subject=journal.subject)
    if not of_subject.allows(features(here, regulation)):
        return
    own = [row for row in facts.memberships if row.group == journal.group]
    for group in calendar.groups:
        if group.id == journal.group and group.kind != "class":
            continue
        there = Occasion("", journal.book, calendar, group=group.id)
        if not of_group.allows(features(there, regulation)):
            continue
        for row in facts.memberships:
            if row.group != group.id:
                continue
            for mine in own:
                span = _both((row.since, row.until), (mine.since, mine.until))
                if mine.pupil == row.pupil and span is not None:
                    yield row.pupil, group.id, span


def _both(one: _Span, other: _Span) -> _Span | None:
    """The days in both spans; None where there are none."""
    begins = [since for since, _ in (one, other) if since is not None]
    ends = [until for _, until in (one, other) if until is not None]
    since, until = max(begins, default=None), min(ends, default=None)
    return None if since and until and since >= until else (since, until)


def _has(
    kind: MarkerKind,
    pupil: str,
    span: _Span,
    journal: JournalId,
    state: BookState,
    regulation: Regulation,
) -> bool:
    """Whether a marker of that kind stands and covers the days."""
    since, until = span
    for entry in state.of_pupil("marker", f"subject:{journal.subject}", pupil):
        now = state.reading(entry)
        begins, ends = span_of(now)
        found = regulation.find_marker(str(code_of(now)))
        if (
            found is not None
            and found.code == kind.code
            and (begins is None or (since is not None and begins <= since))
            and (ends is None or (until is not None and ends >= until))
        ):
            return True
    return False
