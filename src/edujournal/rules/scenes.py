"""From facts and a book's state to occasions: what an entry is about, and what rules read of it."""

from __future__ import annotations

from collections.abc import Container, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from edujournal.errors import Unknown
from edujournal.ledger.books import BookState, declared_work
from edujournal.model.calendar import Calendar
from edujournal.model.entries import Entry
from edujournal.model.facts import Facts
from edujournal.model.groups import Group
from edujournal.model.ids import JournalId, year_of_book
from edujournal.model.occasions import Event, Lesson, Occasion, Work
from edujournal.model.time import zone
from edujournal.rules.clauses import Regulation
from edujournal.rules.recent import Recent

#: Stands among features for "not known"; see :func:`features`.
UNKNOWN: Final = object()

#: Kinds of entry that, given straight to a lesson, imply a work there.
_IMPLYING: Final = ("mark", "marker")


def of_lesson(lesson: Lesson, facts: Facts) -> Occasion:
    """The occasion of a lesson as a whole."""
    calendar = facts.calendar_of(lesson)
    return Occasion(
        lesson.about,
        facts.journal_of(lesson).book,
        calendar,
        group=lesson.group,
        subject=lesson.subject,
        day=lesson.day,
        lesson=lesson,
    )


def of_work(work: Work, journal: JournalId, facts: Facts, name: str | None = None) -> Occasion:
    """The occasion of a work; its day is not known where the school's data has lost its lesson."""
    lesson = facts.find_lesson(work.lesson) if work.lesson else None
    return Occasion(
        name or f"work:{work.id}",
        journal.book,
        facts.calendar(journal.year),
        group=journal.group,
        subject=journal.subject,
        day=lesson.day if lesson else work.held,
        lesson=lesson,
        work=work,
    )


def of_period(journal: JournalId, period: str, facts: Facts) -> Occasion:
    """The occasion of a period in one journal."""
    calendar = facts.calendar(journal.year)
    found = calendar.period(journal.group, period)
    last = calendar.last_school_day(journal.group, found.id) or found.since
    return Occasion(
        f"period:{period}",
        journal.book,
        calendar,
        group=journal.group,
        subject=journal.subject,
        day=last,
        period=found,
    )


def of_subject(entry: Entry, facts: Facts) -> Occasion:
    """The occasion of a marker for a whole subject: its day is the first one, or that of recording."""
    journal = JournalId.parse(entry.book)
    calendar = facts.calendar(journal.year)
    since = entry.values.get("since")
    day = zone(calendar.zone).local_date(entry.hi - 1)
    return Occasion(
        entry.about,
        entry.book,
        calendar,
        group=journal.group,
        subject=journal.subject,
        day=day if since is None else date.fromisoformat(since),
    )


def of_section(section: str, year: str, facts: Facts) -> Occasion:
    """The occasion of a section of the year's set-up."""
    calendar = facts.calendar(year)
    return Occasion(
        f"section:{section}", f"school/{year}", calendar, day=calendar.since, section=section
    )


def of_journal(journal: JournalId, facts: Facts) -> Occasion:
    """The occasion of a journal as a whole: that it is closed. It is kept in the school book."""
    calendar = facts.calendar(journal.year)
    return Occasion(
        f"journal:{journal}",
        f"school/{journal.year}",
        calendar,
        group=journal.group,
        subject=journal.subject,
        day=calendar.until - timedelta(days=1),
    )


def of_sheet(group: str, year: str, facts: Facts, closed: int | None) -> Occasion:
    """The occasion of a class's summary sheet: that it goes to the archive when its journals are closed.

    Args:
        group: The class.
        year: Academic year.
        facts: What the school's data says.
        closed: Instant at which the last of its journals was closed; None where that is not known.
    """
    calendar = facts.calendar(year)
    calendar.group(group)
    last = calendar.until - timedelta(days=1)
    return Occasion(
        f"sheet:{group}",
        f"school/{year}",
        calendar,
        group=group,
        day=last if closed is None else zone(calendar.zone).local_date(closed),
        closed=closed,
    )


def sheet_to_archive(group: str, year: str, facts: Facts, school: BookState) -> Occasion | None:
    """The occasion of a class's sheet; None while one of its journals is open, or where it has none.

    *school* is the school book, in which closings stand.
    """
    journals = facts.journals_of_sheet(facts.calendar(year), group)
    closings = [closing_of(str(one), school) for one in journals]
    known = [one for one in closings if one is not None]
    if not known or len(known) < len(closings):
        return None
    return of_sheet(group, year, facts, _last_of(known))


def closing_of(journal: str, school: BookState) -> Entry | None:
    """The closing of *journal* that stands in the school book; None while it is open."""
    return next(school.about("closing", f"journal:{journal}"), None)


def _last_of(closings: list[Entry]) -> int | None:
    """Instant of the last of them; None where it is known no better than to an interval."""
    last = max(closings, key=lambda one: one.hi)
    return last.lo if last.lo is not None and last.hi - last.lo == 1 else None


def _of_archiving(group: str, entry: Entry, facts: Facts, state: BookState) -> Occasion:
    """The occasion of a handing over, by the journals that it names, and those that it should.

    While one of them is open, the last closing comes after it: at its end at the earliest.
    """
    year = year_of_book(entry.book)
    journals = {str(one) for one in facts.journals_of_sheet(facts.calendar(year), group)}
    journals.update(entry.values.get("journals", ()))
    closings = [closing_of(one, state) for one in sorted(journals)]
    known = [one for one in closings if one is not None]
    closed = entry.hi if len(known) < len(closings) or not known else _last_of(known)
    return of_sheet(group, year, facts, closed)


def of_event(
    name: str, book: str, event: Event, facts: Facts, lesson: Lesson | None = None
) -> Occasion:
    """The occasion of an event that asks for an answer."""
    calendar = facts.calendar(year_of_book(book))
    day = zone(calendar.zone).local_date(event.noticed)
    return Occasion(
        name,
        book,
        calendar,
        group=lesson.group if lesson else None,
        subject=lesson.subject if lesson else None,
        day=day,
        lesson=lesson,
        event=event,
    )


def occasion_of(entry: Entry, facts: Facts, state: BookState) -> Occasion:
    """What *entry* is about.

    A mark or marker given straight to a lesson is about the work that its kind implies.

    Raises:
        Unknown: It names a lesson, work, period or year that nobody knows.
    """
    kind, _, id = entry.about.partition(":")
    if kind == "lesson":
        return _at_lesson(entry, facts.lesson(id), facts, state)
    if kind == "work":
        journal = JournalId.parse(entry.book)
        if entry.kind == "work":
            return of_work(declared_work(id, entry.values), journal, facts)
        work = state.work(id)
        if work is None:
            raise Unknown("work", id, (one.id for one in state.works()), where=entry.book)
        return of_work(work, journal, facts)
    if kind == "period":
        return of_period(JournalId.parse(entry.book), id, facts)
    if kind == "subject":
        return of_subject(entry, facts)
    if kind == "section":
        return of_section(id, year_of_book(entry.book), facts)
    if kind == "journal":
        return of_journal(JournalId.parse(id), facts)
    if kind == "sheet":
        return _of_archiving(id, entry, facts, state)
    if kind == "event":
        event = disclosed(entry.about, state) or Event(
            id, "disclosure", int(entry.values["noticed"]), entry.number, entry.values
        )
        return of_event(entry.about, entry.book, event, facts)
    calendar = facts.calendar(year_of_book(entry.book))
    day = entry.values.get("day")
    return Occasion(
        entry.about,
        entry.book,
        calendar,
        group=id if kind == "group" else None,
        day=None if day is None else date.fromisoformat(day),
    )


class Occasions:
    """What entries are about, found once for those that lie at one lesson and in which no work is declared.

    Args:
        facts: What the school's data says.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._recent: Recent[tuple[str, object], Occasion] = Recent()

    def of(self, entry: Entry, state: BookState) -> Occasion:
        """The same as :func:`occasion_of`.

        Raises:
            Unknown: It names a lesson, work, period or year that nobody knows.
        """
        kind, _, id = entry.about.partition(":")
        if kind != "lesson" or entry.kind == "confirmation" or state.declares_at(id):
            return occasion_of(entry, self.facts, state)
        key = (id, entry.values.get("kind") if entry.kind in _IMPLYING else False)
        found = self._recent.get(key)
        return found or self._recent.keep(key, occasion_of(entry, self.facts, state))


def occasion_or_none(entry: Entry, facts: Facts, state: BookState) -> Occasion | None:
    """What *entry* is about; None where the school's data has lost it."""
    try:
        return occasion_of(entry, facts, state)
    except Unknown:
        return None


def _at_lesson(entry: Entry, lesson: Lesson, facts: Facts, state: BookState) -> Occasion:
    if entry.kind in _IMPLYING:
        kind = entry.values.get("kind")
        work = (state.work_at(lesson.id, kind) if kind is not None else None) or Work(
            f"{lesson.id}#{kind or ''}", kind=kind, held=lesson.day, lesson=lesson.id
        )
        return of_work(work, facts.journal_of(lesson), facts, name=lesson.about)
    if entry.kind == "confirmation" and entry.target is not None:
        claim = state.entry(entry.target)
        if claim is not None and claim.kind == "substitution":
            return of_claim(claim, lesson, facts)
    return of_lesson(lesson, facts)


def of_claim(claim: Entry, lesson: Lesson, facts: Facts) -> Occasion:
    """The occasion of an unordered substitution that waits for an answer.

    The administration could read it from the last instant at which it may have been recorded.
    """
    event = Event(lesson.id, "substitution", claim.hi - 1, claim.number, claim.values)
    return of_event(lesson.about, claim.book, event, facts, lesson)


def disclosed(name: str, state: BookState) -> Event | None:
    """The event of a breach of confidentiality, as its reports tell of it: learnt of first, once."""
    reports = list(state.about("disclosure", name))
    if not reports:
        return None
    noticed = min(int(report.values["noticed"]) for report in reports)
    first = reports[0]
    return Event(name.partition(":")[2], "disclosure", noticed, first.number, first.values)


# -- features ------------------------------------------------------------------------------------


def features(
    occasion: Occasion,
    regulation: Regulation,
    entry: Entry | None = None,
    names: Container[str] | None = None,
) -> dict[str, object]:
    """What selectors may read of *occasion*; :data:`UNKNOWN` where it is not known.

    A feature that does not apply is left out; then no selector that names it allows the occasion.

    Args:
        occasion: The occasion.
        regulation: The regulation.
        entry: Entry that is being judged, for the stage of a result.
        names: Features that are asked for; others that are dear to find are left out. None for all.
    """
    found: dict[str, object] = {}
    calendar = occasion.calendar
    if occasion.group is not None:
        group = calendar.group(occasion.group)
        found.update(group=group.id, group_kind=group.kind, shift=group.shift)
        if names is None or any(name in names for name in ("class", "parallel", "level")):
            _of_classes(group, calendar, found)
        if group.grade is not None:
            found["grade"] = group.grade
        if group.profile is not None:
            found["profile"] = group.profile
    if occasion.subject is not None:
        found["subject"] = occasion.subject
        found["subject_tag"] = next(
            (frozenset(one.tags) for one in calendar.subjects if one.id == occasion.subject),
            frozenset(),
        )
        hours = [one.weekly_hours for one in calendar.subjects if one.id == occasion.subject]
        known = hours[0] if hours else None
        found["weekly_hours"] = UNKNOWN if known is None else exact_hours(known)
    if occasion.group is not None and (names is None or "lesson_position" in names):
        found["lesson_position"] = position(occasion)
    if occasion.period is not None:
        found.update(period_kind=occasion.period.kind, period_index=occasion.period.index)
        found["stage"] = "year" if occasion.period.kind == "year" else "period"
        if entry is not None:
            found["stage"] = entry.values.get("stage", "period")
    if occasion.work is not None:
        _work_features(occasion.work, regulation, found)
    return found


def _of_classes(group: Group, calendar: Calendar, found: dict[str, object]) -> None:
    """The classes whose pupils a group has, their years of study, and the school stage of all of them.

    A part of a class is of its class's stage where it has none of its own; a stream of several stages
    has none.
    """
    classes = [calendar.group(one) for one in calendar.classes_of(group.id)]
    found["class"] = frozenset(one.id for one in classes)
    grades = [one.grade for one in classes] if group.grade is None else [group.grade]
    found["parallel"] = frozenset(one for one in grades if one is not None)
    stages = {one.stage for one in classes} if group.stage is None else {group.stage}
    if len(stages) == 1 and None not in stages:
        found["level"] = stages.pop()


def exact_hours(hours: Decimal) -> int | str:
    """Weekly hours as selectors name them: a whole number, or text such as ``1.5``."""
    return int(hours) if hours == int(hours) else str(hours)


def position(occasion: Occasion) -> object:
    """Where the day of an occasion stands among the school days of its group.

    ``first_day`` and ``last_day`` of its period, ``first_week`` and ``last_week`` (calendar weeks of
    these), ``after_holidays`` and ``before_holidays`` for the school days next to holidays.
    """
    calendar, group, day = occasion.calendar, occasion.group, occasion.day
    if day is None or group is None:
        return UNKNOWN
    found: set[str] = set()
    period = occasion.period or calendar.period_on(group, day)
    first = None if period is None else calendar.next_school_day(
        group, period.since, inclusive=True
    )  # fmt: skip
    last = None if period is None else calendar.last_school_day(group, period.id)
    for name, edge in (("first", first), ("last", last)):
        if edge is not None:
            found.update({f"{name}_day"} if day == edge else ())
            found.update({f"{name}_week"} if _monday(day) == _monday(edge) else ())
    before, after = (step(group, day) for step in (
        calendar.previous_school_day, calendar.next_school_day))  # fmt: skip
    for free in calendar.holidays_of(group):
        if free.since <= day:
            found.update({"after_holidays"} if before is None or before < free.since else ())
        elif after is None or after >= free.until:
            found.add("before_holidays")
    return frozenset(found)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _work_features(work: Work, regulation: Regulation, found: dict[str, object]) -> None:
    kind = None if work.kind is None else regulation.find_work_kind(work.kind)
    if kind is None:
        found.update(work_kind=UNKNOWN, control=UNKNOWN, written=UNKNOWN)
        found["purpose"] = UNKNOWN if work.purpose is None else work.purpose
        return
    found.update(work_kind=kind.code, control=kind.control, written=kind.written)
    if work.purpose is not None:
        found["purpose"] = work.purpose
    else:
        # Only a control work can be part of the internal monitoring.
        found["purpose"] = UNKNOWN if kind.control else "ordinary"


def worlds(
    found: dict[str, object], names: frozenset[str], regulation: Regulation
) -> Iterator[dict[str, object]]:
    """Every way in which the unknown ones among *names* may turn out; *found* itself if all are known."""
    open_ = [name for name in sorted(names) if found.get(name) is UNKNOWN]
    if not open_:
        yield found
        return
    if "control" in open_ or "written" in open_ or "work_kind" in open_:
        for kind in regulation.work_kinds:
            world = {"work_kind": kind.code, "control": kind.control, "written": kind.written}
            if found.get("purpose") is UNKNOWN and not kind.control:
                world["purpose"] = "ordinary"
            yield from worlds(found | world, names, regulation)
        return
    if open_ == ["purpose"]:
        for purpose in regulation.purposes:
            yield found | {"purpose": purpose}
        return
    name = next(one for one in open_ if one != "purpose")
    for value in (*regulation.selected(name), None):
        yield from worlds(found | {name: value}, names, regulation)
