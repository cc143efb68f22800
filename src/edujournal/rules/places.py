"""Places of a journal: where records of a kind may stand within some days, and those that do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from attrs import evolve, field, frozen

from edujournal.ledger.books import BookState, declared_work
from edujournal.model.entries import OF_PUPIL, Entry
from edujournal.model.facts import Facts
from edujournal.model.ids import JournalId
from edujournal.model.occasions import Occasion, Work
from edujournal.model.periods import YEAR, Period
from edujournal.rules.rule_kinds import RECORDS
from edujournal.rules.scenes import occasion_of, of_work
from edujournal.rules.verdicts import NotKnown

#: Kinds of entries that are a kind of record where it is measured: a make-up gives a mark.
ALIKE: Final[Mapping[str, tuple[str, ...]]] = {"mark": ("mark", "makeup")}

#: Kinds of occasions about which records stand that can be measured.
PLACED: Final = frozenset({"lesson", "work", "period"})

_DAY: Final = timedelta(days=1)


def kinds_of(record: str) -> tuple[str, ...]:
    """Kinds of entries that are a *record* where it is measured."""
    return ALIKE.get(record, (record,))


@frozen
class Stretch:
    """A stretch of time within which something is measured.

    *Version added: 0.1.*

    Attributes:
        since: First day.
        until: Day after the last one.
        at: The lesson or work alone that is meant, or None for all that lies in these days.
    """

    since: date
    until: date
    at: Occasion | None = None

    def __contains__(self, day: date) -> bool:
        return self.since <= day < self.until


def stretch_of(span: str, occasion: Occasion) -> Stretch | NotKnown | None:
    """The stretch of the kind *span* in which *occasion* lies; None where it lies in none.

    A half-year is a period of the kind ``half`` or ``term``. What has no day lies in no stretch that is
    known, but in its year.

    *Version added: 0.1.*
    """
    calendar, day = occasion.calendar, occasion.day
    whole = Stretch(calendar.since, calendar.until)
    if span == "year":
        return whole
    if span == "work":
        return None if occasion.work is None else evolve(whole, at=occasion)
    if span == "lesson":
        lesson = occasion.lesson
        if lesson is None:
            return None
        return evolve(whole, at=evolve(occasion, name=lesson.about, work=None))
    if day is None:
        return NotKnown("work.held")
    if span in ("period", "term"):
        period = period_of(span, occasion)
        return None if period is None else Stretch(period.since, period.until)
    if span == "day":
        return Stretch(day, day + _DAY)
    if span == "week":
        monday = day - timedelta(days=day.weekday())
        return Stretch(monday, monday + timedelta(days=7))
    first = day.replace(day=1)
    return Stretch(first, (first + timedelta(days=32)).replace(day=1))


def period_of(span: str, occasion: Occasion) -> Period | None:
    """The period, or half-year, in which *occasion* lies; None where there is none, or it is not known."""
    if span == "period" and occasion.period is not None:
        return occasion.period
    if occasion.group is None or occasion.day is None:
        return None
    if span == "period":
        return occasion.calendar.period_on(occasion.group, occasion.day)
    return next(
        (
            period
            for period in occasion.calendar.periods(occasion.group)
            if is_term(period) and occasion.day in period
        ),
        None,
    )


def is_term(period: Period) -> bool:
    """Tell whether *period* is a half-year."""
    return period.kind in ("half", "term")


@frozen(eq=False)
class Found:
    """A record that stands at a place.

    *Version added: 0.1.*

    Attributes:
        entry: Its entry, as it reads; of several attempts the last.
        occasion: What it is about; of several attempts the first.
        state: The book in which it stands.
    """

    entry: Entry
    occasion: Occasion
    state: BookState = field(repr=False)

    @property
    def key(self) -> tuple[str, int]:
        """Where it stands."""
        return self.entry.book, self.entry.number

    @property
    def day(self) -> date | None:
        """Day that it belongs to; None where that is not known."""
        return self.occasion.day


def standing(
    record: str, journal: JournalId, stretch: Stretch, state: BookState, facts: Facts,
    pupil: str | None = None,
) -> Iterator[Found]:  # fmt: skip
    """The records of a kind that stand in *journal* within *stretch*, or may: with a day not known.

    Of several attempts at one mark the last stands for all, in the place of the first. What was given
    at a lesson that is not held does not count.

    Args:
        record: Kind of record.
        journal: The journal.
        stretch: Within which days, or at which lesson or work.
        state: What the journal says.
        facts: What the school's data says.
        pupil: Only what is about this pupil, where the record is about pupils at all.

    *Version added: 0.1.*
    """
    read = [
        now
        for name, day in _places(record, journal, stretch, state, facts)
        for entry in _entries(record, name, state, pupil)
        if _belongs(now := state.reading(entry), day, stretch)
    ]
    read.sort(key=lambda one: one.number)
    roots: dict[int, int] = {}
    attempts: dict[int, tuple[Entry, Entry]] = {}
    for now in read:
        original = int(now.values.get("retake", 0))
        root = roots[now.number] = roots.get(original, now.number)
        attempts[root] = (attempts.get(root, (now,))[0], now)
    for first, last in attempts.values():
        yield Found(last, _occasion(first, facts, state), state)


def taken_back(
    record: str, journal: JournalId, stretch: Stretch, state: BookState, facts: Facts,
    pupil: str | None = None,
) -> Iterator[tuple[Found, int]]:  # fmt: skip
    """The records that stood there and do not any more, each with the instant of the act that took it.

    Args as for :func:`standing`.

    *Version added: 0.1.*
    """
    for name, day in _places(record, journal, stretch, state, facts, gone=True):
        for kind in kinds_of(record):
            for entry in state.ever(kind, name):
                if (pupil is not None and entry.pupil not in (pupil, None)) or state.stands(entry):
                    continue
                now = state.reading(entry)
                if _belongs(now, day, stretch):
                    yield Found(now, _occasion(now, facts, state), state), _taken_at(entry, state)


def _taken_at(entry: Entry, state: BookState) -> int:
    """Instant of the act by which *entry* was annulled or became void."""
    voided = state.voided_at(entry)
    if voided is not None:
        return voided
    by = state.entry(state.annulled_by(entry.number) or 0)
    return entry.at if by is None else by.at


def _entries(record: str, name: str, state: BookState, pupil: str | None) -> Iterator[Entry]:
    for kind in kinds_of(record):
        if pupil is not None and kind in OF_PUPIL:
            yield from state.of_pupil(kind, name, pupil)
        else:
            yield from state.about(kind, name)


def _belongs(now: Entry, day: date | None, stretch: Stretch) -> bool:
    """Whether what stands at a place lies in the stretch: a work, or a mark at a lesson for it."""
    if stretch.at is None:
        return day is None or day in stretch
    work = stretch.at.work
    if work is None or now.about == f"work:{work.id}":
        return True
    return now.values.get("kind") == work.kind


def _places(
    record: str, journal: JournalId, stretch: Stretch, state: BookState, facts: Facts, *,
    gone: bool = False,
) -> Iterator[tuple[str, date | None]]:  # fmt: skip
    """Names of the occasions at which such a record may stand, each with its day, in a fixed order."""
    about = RECORDS[record]
    if about == "period":
        calendar = facts.calendar(journal.year)
        for period in calendar.periods(journal.group):
            last = calendar.last_school_day(journal.group, period.id) or period.since
            if period.kind != YEAR and last in stretch:
                yield f"period:{period.id}", last
        return
    at = stretch.at
    if record != "work":
        if at is None:
            for lesson in facts.lessons_of(journal):
                if lesson.day in stretch and not lesson.cancelled:
                    yield lesson.about, lesson.day
        elif at.lesson is not None:
            yield at.lesson.about, at.day
    if about == "work":
        for name, work in _works(state, gone=gone):
            day = _day_of(work, facts)
            here = at is None and (day is None or day in stretch)
            if here or (at is not None and _is_at(work, at)):
                yield name, day


def _works(state: BookState, *, gone: bool) -> Iterator[tuple[str, Work]]:
    """Works as they were declared and corrected; with *gone* those taken back, too."""
    seen: set[str] = set()
    for entry in state.ever("work") if gone else state.of_kind("work"):
        if entry.about not in seen:
            seen.add(entry.about)
            id = entry.about.partition(":")[2]
            yield entry.about, declared_work(id, state.reading(entry).values)


def _is_at(work: Work, at: Occasion) -> bool:
    """Whether *work* is the one meant, or is held at the lesson that is meant as a whole."""
    if at.work is not None:
        return work.id == at.work.id
    return at.lesson is not None and work.lesson == at.lesson.id


def _day_of(work: Work, facts: Facts) -> date | None:
    """The day on which *work* is held; None where it is not known."""
    if work.lesson is None:
        return work.held
    lesson = facts.find_lesson(work.lesson)
    return None if lesson is None else lesson.day


def _occasion(now: Entry, facts: Facts, state: BookState) -> Occasion:
    """What a record is about, also where the school's data has lost the lesson of its work."""
    kind, _, id = now.about.partition(":")
    if kind == "work":
        work = state.work(id)
        if now.kind == "work" or work is None:
            work = declared_work(id, now.values)
        return of_work(work, JournalId.parse(now.book), facts)
    return occasion_of(now, facts, state)
