"""What is impossible in a school's rows: every fault, and nothing raised on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from edujournal.errors import BadInput, Problem, nearest
from edujournal.model.calendar import Calendar
from edujournal.model.ids import check_id
from edujournal.model.lookalikes import scripts, skeleton
from edujournal.model.occasions import Lesson
from edujournal.model.people import Account, Assignment, Membership, meets
from edujournal.model.sessions import Session
from edujournal.model.time import zone
from edujournal.rules.clauses import RECORDS

#: Kinds of thing that have names.
NAMED: Final = ("pupil", "account", "group", "subject")

_Stretch = tuple[date | None, date | None]


def unknown(where: str, noun: str, id: str, known: Iterable[str], *, place: str = "") -> Problem:
    """The fault of an id that is not among *known*; a lookalike in other letters is named as such."""
    names = sorted(set(known))
    shape = skeleton(id)
    twin = next((name for name in names if name != id and skeleton(name) == shape), None)
    if twin is not None:
        mend = (
            f"{twin!r} ({scripts(twin)}) looks the same and is known;"
            f" this one is written in {scripts(id)}."
        )
    else:
        near = nearest(id, names)
        mend = f"Did you mean {near!r}?" if near else ""
    return Problem(where, f"unknown {noun}{place}", found=repr(id), mend=mend)


def faults(
    school: str,
    calendars: Sequence[Calendar],
    lessons: Sequence[Lesson],
    memberships: Sequence[Membership],
    assignments: Sequence[Assignment],
    accounts: Sequence[Account],
    names: Mapping[tuple[str, str], str],
    lacks: Iterable[str],
    sessions: Sequence[Session] = (),
) -> list[Problem]:
    """Give everything that is wrong with a school's rows, in the order of the arguments.

    *Version added: 0.1.*
    """
    found = Faults(calendars)
    return [
        *_school(school, calendars),
        *found.of_lessons(lessons),
        *found.of_memberships(memberships),
        *found.of_assignments(assignments),
        *_accounts(accounts),
        *_names(names),
        *(
            unknown("lacks", "kind of record", kind, RECORDS)
            for kind in sorted(lacks)
            if kind not in RECORDS
        ),
        *_sessions(sessions, accounts, calendars),
    ]


class Faults:
    """Judges rows against the frames of the years.

    Args:
        calendars: The frames.
    """

    def __init__(self, calendars: Sequence[Calendar]) -> None:
        self._calendars = calendars
        self._years = {one.year: one for one in calendars}
        self._groups = {one.year: {group.id for group in one.groups} for one in calendars}
        self._subjects = {one.year: {subject.id for subject in one.subjects} for one in calendars}
        self._known: dict[tuple[str, str, str | None], Problem | None] = {}
        self._days: dict[tuple[str, date], tuple[int, int]] = {}

    def of_lessons(
        self, lessons: Iterable[Lesson], where: Callable[[Lesson], str] | None = None
    ) -> Iterator[Problem]:
        """Yield what is wrong with *lessons*.

        Args:
            lessons: The rows.
            where: Names the place of a row in messages.
        """
        seen: set[str] = set()
        for lesson in lessons:
            if lesson.id in seen:
                place = where(lesson) if where else f"lessons.{lesson.id}"
                yield Problem(place, f"lesson {lesson.id!r} is given twice")
            seen.add(lesson.id)
            for problem in self._of_lesson(lesson):
                place = where(lesson) if where else f"lessons.{lesson.id}"
                yield replace(problem, where=f"{place}{problem.where}")

    def _of_lesson(self, lesson: Lesson) -> Iterator[Problem]:
        calendar = self._frame(lesson.day, lesson.year)
        if calendar is None:
            if lesson.year is not None and lesson.year not in self._years:
                yield unknown(".year", "academic year", lesson.year, self._years)
            else:
                yield Problem(
                    ".day",
                    "a day outside the school's years"
                    if lesson.year is None
                    else f"a day outside the year {lesson.year!r}",
                    expected=self._spans(lesson.year),
                    found=lesson.day.isoformat(),
                )
            return
        problem = self._known_to(calendar, lesson.group, lesson.subject)
        if problem is not None:
            yield problem
        first, last = self._day(calendar, lesson.day)
        if not first <= lesson.starts < last:
            begins = zone(calendar.zone).local(lesson.starts)
            yield Problem(
                ".starts",
                "a lesson that starts on another day",
                expected=f"{lesson.day.isoformat()} by the clocks of {calendar.zone}",
                found=begins.isoformat(),
                mend="Mind the zone: starts and ends are instants.",
            )
        moments = [state.until for state in lesson.before]
        if moments != sorted(moments):
            yield Problem(".before", "earlier states out of order", "the oldest first")
        if lesson.slot < 0:
            yield Problem(".slot", "not a slot", "0 or more", str(lesson.slot))

    def of_memberships(self, rows: Iterable[Membership]) -> Iterator[Problem]:
        """Yield what is wrong with *rows*."""
        for row in rows:
            where = f"memberships.{row.group}.{row.pupil}"
            yield from self._of_stretch(where, row.group, None, (row.since, row.until))

    def of_assignments(self, rows: Iterable[Assignment]) -> Iterator[Problem]:
        """Yield what is wrong with *rows*."""
        for row in rows:
            where = f"assignments.{row.group}.{row.subject or row.role}.{row.account}"
            yield from self._of_stretch(where, row.group, row.subject, (row.since, row.until))

    def _of_stretch(
        self, where: str, group: str, subject: str | None, stretch: _Stretch
    ) -> Iterator[Problem]:
        since, until = stretch
        if since is not None and until is not None and since >= until:
            yield backwards(where, since, until)
            return
        meeting = [one for one in self._calendars if meets(since, until, one.since, one.until)]
        having = [one for one in meeting if group in self._groups[one.year]]
        if not having:
            known = {id for one in meeting for id in self._groups[one.year]}
            elsewhere = any(group in ids for ids in self._groups.values())
            if elsewhere or not meeting:
                yield Problem(
                    where,
                    f"group {group!r} is in no year of these dates",
                    expected=self._spans(None),
                    found=f"[{since or '…'}, {until or '…'})",
                )
            else:
                yield unknown(f"{where}.group", "group", group, known)
        elif subject is not None:
            problems = [self._known_to(one, group, subject) for one in having]
            if all(problems) and problems[0] is not None:
                yield replace(problems[0], where=f"{where}{problems[0].where}")

    def _frame(self, day: date, year: str | None) -> Calendar | None:
        if year is not None:
            one = self._years.get(year)
            return one if one is not None and one.since <= day < one.until else None
        return next((one for one in self._calendars if one.since <= day < one.until), None)

    def _known_to(self, calendar: Calendar, group: str, subject: str | None) -> Problem | None:
        """The fault of a group or subject that *calendar* does not know; each pair is asked once."""
        key = (calendar.year, group, subject)
        if key not in self._known:
            place = f" in the year {calendar.year!r}"
            groups, subjects = self._groups[calendar.year], self._subjects[calendar.year]
            problem = None
            if group not in groups:
                problem = unknown(".group", "group", group, groups, place=place)
            elif subject is not None and subjects and subject not in subjects:
                problem = unknown(".subject", "subject", subject, subjects, place=place)
            elif subject is not None:
                problem = _not_an_id(".subject", "subject", subject)
            self._known[key] = problem
        return self._known[key]

    def _day(self, calendar: Calendar, day: date) -> tuple[int, int]:
        key = (calendar.zone, day)
        if key not in self._days:
            clocks = zone(calendar.zone)
            self._days[key] = (clocks.start_of_day(day), clocks.end_of_day(day))
        return self._days[key]

    def _spans(self, year: str | None) -> str:
        spans = [
            f"{one.year}: [{one.since}, {one.until})"
            for one in self._calendars
            if year is None or one.year == year
        ]
        return "; ".join(spans) or "a calendar"


def backwards(where: str, since: date, until: date) -> Problem:
    """The fault of a stretch that ends no later than it begins."""
    return Problem(where, "a stretch without a day", "since < until", f"[{since}, {until})")


def _not_an_id(where: str, noun: str, id: str) -> Problem | None:
    try:
        check_id(id, noun)
    except BadInput as error:
        return replace(error.problems[0], where=where)
    return None


def _school(school: str, calendars: Sequence[Calendar]) -> Iterator[Problem]:
    problem = _not_an_id("id", "school", school)
    if problem is not None:
        yield problem
    for one in calendars:
        if one.school != school:
            yield Problem(
                f"calendars.{one.year}.school",
                "a calendar of another school",
                repr(school),
                repr(one.school),
            )
    for year, times in Counter(one.year for one in calendars).items():
        if times > 1:
            yield Problem("calendars", f"year {year!r} is given {times} times")


def _accounts(accounts: Sequence[Account]) -> Iterator[Problem]:
    for id, times in Counter(one.id for one in accounts).items():
        if times > 1:
            yield Problem("accounts", f"account {id!r} is given {times} times")
    for one in accounts:
        where = f"accounts.{one.id}"
        if one.since is not None and one.until is not None and one.since >= one.until:
            yield backwards(where, one.since, one.until)
        for span in one.roles:
            problem = _not_an_id(f"{where}.roles", "role", span.role)
            if problem is not None:
                yield problem
            if span.since is not None and span.until is not None and span.since >= span.until:
                yield backwards(f"{where}.roles.{span.role}", span.since, span.until)
        for away in one.away:
            if away.since is not None and away.until is not None and away.since >= away.until:
                yield backwards(f"{where}.away", away.since, away.until)


def _sessions(
    sessions: Sequence[Session], accounts: Sequence[Account], calendars: Sequence[Calendar]
) -> Iterator[Problem]:
    known = {one.id for one in accounts}
    for id in dict.fromkeys(one.account for one in sessions):
        if id not in known:
            yield unknown(f"sessions.{id}", "account", id, known)
    if sessions and not calendars:
        yield Problem("sessions", "sessions of a school without a calendar", "a calendar")


def _names(names: Mapping[tuple[str, str], str]) -> Iterator[Problem]:
    for (kind, id), name in names.items():
        where = f"names.{kind}.{id}"
        if kind not in NAMED:
            yield unknown(where, "kind of name", kind, NAMED)
        if not name.strip() or any("\ud800" <= letter <= "\udfff" for letter in name):
            yield Problem(where, "not a name", "text", ascii(name))
