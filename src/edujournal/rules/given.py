"""Markers that were given: what each is for, from when to when it holds, and which cells it reaches.

A marker for a lesson or a work stands in one cell, one for a period or the year in place of a result.
One for the subject reaches every cell of the journal from its first day to its last.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from attrs import evolve

from edujournal.ledger.books import BookState
from edujournal.model.entries import Entry
from edujournal.model.ids import split_about
from edujournal.model.occasions import Occasion
from edujournal.model.people import covers
from edujournal.model.periods import YEAR, Period
from edujournal.model.time import zone
from edujournal.rules.anchors import Ground
from edujournal.rules.clauses import Regulation
from edujournal.rules.scenes import features, worlds
from edujournal.rules.term_values import Bound, Terms
from edujournal.rules.verdicts import NotKnown
from edujournal.rules.vocabulary import MarkerKind


def code_of(entry: Entry) -> str | None:
    """Code of the marker that *entry*, as it reads, gives; None for what gives none."""
    code = entry.values.get("code") if entry.kind == "marker" else None
    if entry.kind == "result":
        code = entry.values.get("marker")
    return None if code is None else str(code)


def kind_of(entry: Entry, regulation: Regulation) -> MarkerKind | None:
    """What *regulation* says of the marker that *entry* gives; None where it has no such code."""
    code = code_of(entry)
    return None if code is None else regulation.find_marker(code)


def scope_of(entry: Entry, occasion: Occasion) -> str:
    """What a marker is given for: ``lesson``, ``work``, ``subject``, ``period`` or ``year``."""
    kind, _ = split_about(entry.about)
    if kind != "period":
        return kind
    yearly = occasion.period is not None and occasion.period.kind == YEAR
    return "year" if yearly or stage_of(entry) != "period" else "period"


def span_of(entry: Entry) -> tuple[date | None, date | None]:
    """First day on which a marker, as it reads, holds, and the day before which it ends."""
    since, until = entry.values.get("since"), entry.values.get("until")
    return (
        None if since is None else date.fromisoformat(since),
        None if until is None else date.fromisoformat(until),
    )


def holds_over(entry: Entry, period: Period) -> bool:
    """Tell whether a marker for the subject, as it reads, holds all through *period*."""
    return spans_over(span_of(entry), period)


def spans_over(span: tuple[date | None, date | None], period: Period) -> bool:
    """Tell whether *span* holds every day of *period*."""
    since, until = span
    return (since is None or since <= period.since) and (until is None or until >= period.until)


def subject_wide(occasion: Occasion, state: BookState, pupil: str | None = None) -> Iterator[Entry]:
    """Markers for the subject that stand and reach *occasion*, as they read, in order."""
    name = f"subject:{occasion.subject}"
    found = state.about("marker", name) if pupil is None else state.of_pupil("marker", name, pupil)
    for entry in found:
        now = state.reading(entry)
        if occasion.period is not None:
            reaches = holds_over(now, occasion.period)
        else:
            reaches = occasion.day is not None and covers(*span_of(now), occasion.day)
        if reaches:
            yield now


def stage_of(entry: Entry) -> str:
    """Stage of a result, or of the marker that stands for one."""
    return str(entry.values.get("stage", "period"))


def beside(occasion: Occasion, pupil: str, state: BookState, stage: str = "period") -> list[Entry]:
    """What stands in the cell of *pupil* at *occasion*, as it reads: marks, make-ups, markers, results.

    A marker for a lesson shares its cell with every mark at the lesson and at the works held there; one
    for a work only with the marks of that work. What reaches the cell from the whole subject is not
    in it, but at an occasion that is the subject itself. Results are those of one stage.
    """
    places = dict.fromkeys(_places(occasion, state))
    found = [
        entry
        for kind, name in places
        for entry in state.of_pupil(kind, name, pupil)
        if kind != "mark" or _is_of(entry, name, occasion)
    ]
    found.sort(key=lambda entry: entry.number)
    read = [state.reading(entry) for entry in found]
    return read if occasion.period is None else [one for one in read if stage_of(one) == stage]


def _places(occasion: Occasion, state: BookState) -> Iterator[tuple[str, str]]:
    lesson, work = occasion.lesson, occasion.work
    if work is None and lesson is None:
        yield from (("result", occasion.name), ("marker", occasion.name))
        return
    if work is not None:
        yield from (("mark", f"work:{work.id}"), ("marker", f"work:{work.id}"))
    if lesson is not None:
        yield from ((kind, lesson.about) for kind in ("mark", "marker", "makeup"))
        if _is_whole(occasion):
            for one in state.works():
                if one.lesson == lesson.id:
                    yield from (("mark", f"work:{one.id}"), ("marker", f"work:{one.id}"))


def _is_whole(occasion: Occasion) -> bool:
    """Whether the occasion is the lesson as a whole, and no work of it."""
    return occasion.work is None or occasion.work.kind is None


def _is_of(entry: Entry, name: str, occasion: Occasion) -> bool:
    """Whether a mark is of the work that *occasion* is, or at the lesson as a whole."""
    if name.startswith("work:") or _is_whole(occasion) or occasion.work is None:
        return True
    return bool(entry.values.get("kind") == occasion.work.kind)


def always(regulation: Regulation, occasion: Occasion) -> tuple[MarkerKind, ...]:
    """Markers that hold at *occasion* for every pupil without being set: ungraded teaching.

    A feature that is not known keeps a marker from holding. A lesson has the features of the period
    in which its day lies.
    """
    found: list[MarkerKind] = []
    for kind in regulation.markers:
        selector = kind.always_for
        if selector is None:
            continue
        seen = features(_in_period(occasion), regulation)
        if all(selector.allows(one) for one in worlds(seen, selector.names(), regulation)):
            found.append(kind)
    return tuple(found)


def _in_period(occasion: Occasion) -> Occasion:
    if occasion.period is not None or occasion.group is None or occasion.day is None:
        return occasion
    return evolve(occasion, period=occasion.calendar.period_on(occasion.group, occasion.day))


def counts_from(entry: Entry, state: BookState) -> int | None:
    """Instant from which a marker counts: at which time made it, else of its recording; None if unknown."""
    made = [one.values["because"] for one in state.corrections(entry.number)
            if "because" in one.values]  # fmt: skip
    because = made[-1] if made else entry.values.get("because")
    return entry.lo if because is None else int(because["at"])


def end_of(
    entry: Entry, kind: MarkerKind, occasion: Occasion, terms: Terms, state: BookState
) -> Bound:
    """Instant at which a marker, as it reads, ends; None if never, or what is not known.

    Of the term that the regulation gives and the day that the entry names the earlier one counts.
    """
    _, until = span_of(entry)
    own = None if until is None else zone(occasion.calendar.zone).start_of_day(until)
    if kind.expires is None or kind.expires.term is None:
        return own
    counts = counts_from(entry, state)
    if counts is None:
        return NotKnown("entry.recorded")
    ground = Ground(occasion, terms.facts, state, entry.pupil, terms.regulation.given, counts)
    term = terms.value(kind.expires.term, ground)
    if isinstance(term, NotKnown) or term is None:
        return term
    return term if own is None else min(own, term)
