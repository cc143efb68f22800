"""A school as one plain value: the five getters, the names, and the whole snapshot, held in memory."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, Final, TypeVar

from attrs import field, frozen

from edujournal.adapters.schools.plain_faults import faults
from edujournal.errors import BadInput
from edujournal.model.calendar import Calendar
from edujournal.model.facts import Facts
from edujournal.model.occasions import Lesson
from edujournal.model.people import Account, Assignment, Membership
from edujournal.model.sessions import Session
from edujournal.model.time import zone

#: Open ends of stretches, as days that can be compared.
_FIRST: Final = date.min
_LAST: Final = date.max

_Row = TypeVar("_Row")


def _calendars(values: Iterable[Calendar]) -> tuple[Calendar, ...]:
    return tuple(sorted(values, key=lambda one: (one.since, one.until, one.year)))


def _lessons(values: Iterable[Lesson]) -> tuple[Lesson, ...]:
    return tuple(sorted(values, key=lambda one: (one.starts, one.id)))


def _memberships(values: Iterable[Membership]) -> tuple[Membership, ...]:
    return tuple(
        sorted(
            dict.fromkeys(values),
            key=lambda one: (one.group, one.pupil, one.since or _FIRST, one.until or _LAST),
        )
    )


def _assignments(values: Iterable[Assignment]) -> tuple[Assignment, ...]:
    return tuple(
        sorted(
            dict.fromkeys(values),
            key=lambda one: (
                one.group,
                one.subject or "",
                one.role,
                one.account,
                one.since or _FIRST,
                one.until or _LAST,
            ),
        )
    )


def _accounts(values: Iterable[Account]) -> tuple[Account, ...]:
    return tuple(sorted(values, key=lambda one: one.id))


def _sessions(values: Iterable[Session]) -> tuple[Session, ...]:
    return tuple(
        sorted(
            dict.fromkeys(values),
            key=lambda one: (
                one.since, one.account, one.until or 2**62, one.person or "", one.place or "",
                one.device or "",
            ),
        )
    )  # fmt: skip


def _names(values: Mapping[tuple[str, str], str] | None) -> Mapping[tuple[str, str], str]:
    named = (values or {}).items()
    return {key: unicodedata.normalize("NFC", name) for key, name in sorted(named)}


def _words(values: Iterable[str]) -> frozenset[str]:
    return frozenset(values)


@frozen
class PlainSchool:
    """A school's data as one value: what a host hands over who keeps no tables of its own.

    It answers the five getters of :class:`~edujournal.ports.SchoolData`, names things as a
    :class:`~edujournal.ports.Directory`, and gives everything at once as
    :class:`~edujournal.ports.Snapshots`. Rows are kept in one order, whatever order they are given
    in, so that schools that say the same are equal.

    *Version added: 0.1.*

    Args:
        id: Id of the school.
        calendars: The frames of its academic years.
        lessons: Dated lessons, cancelled and moved ones included.
        memberships: Who belongs to which group, and when.
        assignments: Who teaches or leads which group, and when.
        accounts: Accounts with their roles.
        names: Names by kind and id, such as ``("pupil", "p-17")``; kinds are ``pupil``,
            ``account``, ``group`` and ``subject``.
        lacks: Kinds of record that the source of the data never kept, such as ``roll``.
        sessions: When accounts were logged in, where that is known.

    Raises:
        BadInput: Rows contradict the calendars or each other; every fault is listed.
    """

    id: str
    _calendars: tuple[Calendar, ...] = field(converter=_calendars)
    _lessons: tuple[Lesson, ...] = field(default=(), converter=_lessons)
    _memberships: tuple[Membership, ...] = field(default=(), converter=_memberships)
    _assignments: tuple[Assignment, ...] = field(default=(), converter=_assignments)
    _accounts: tuple[Account, ...] = field(default=(), converter=_accounts)
    names: Mapping[tuple[str, str], str] = field(default=None, converter=_names, hash=False)
    lacks: frozenset[str] = field(default=frozenset(), converter=_words)
    _sessions: tuple[Session, ...] = field(default=(), converter=_sessions)

    def __attrs_post_init__(self) -> None:
        found = faults(
            self.id,
            self._calendars,
            self._lessons,
            self._memberships,
            self._assignments,
            self._accounts,
            self.names,
            self.lacks,
            self._sessions,
        )
        if found:
            raise BadInput(found)

    def __repr__(self) -> str:
        return (
            f"PlainSchool({self.id!r}, {len(self._calendars)} years, {len(self._lessons)} lessons,"
            f" {len(self._memberships)} memberships, {len(self._accounts)} accounts)"
        )

    # -- the five getters --------------------------------------------------------------------------

    def calendars(
        self, since: date | None = None, until: date | None = None
    ) -> tuple[Calendar, ...]:
        """See :meth:`edujournal.ports.SchoolData.calendars`."""
        return tuple(
            one
            for one in self._calendars
            if (since is None or since < one.until) and (until is None or one.since < until)
        )

    def lessons(
        self,
        *,
        ids: Iterable[str] | None = None,
        groups: Iterable[str] | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> tuple[Lesson, ...]:
        """See :meth:`edujournal.ports.SchoolData.lessons`.

        A lesson belongs to every day on which it stands or ever stood in the timetable.
        """
        if ids is not None:
            return _picked(ids, self._by_id)
        if groups is None and since is None and until is None:
            return self._lessons
        wanted = [None] if groups is None else dict.fromkeys(groups)
        found = [
            lesson
            for group in wanted
            for lesson in _between(self._by_day.get(group, _NO_DAYS), since, until)
        ]
        return tuple(dict.fromkeys(found))

    def memberships(
        self, *, groups: Iterable[str] | None = None, pupils: Iterable[str] | None = None
    ) -> tuple[Membership, ...]:
        """See :meth:`edujournal.ports.SchoolData.memberships`."""
        if groups is None and pupils is None:
            return self._memberships
        return _joined((groups, self._members), (pupils, self._groups_of))

    def assignments(
        self, *, groups: Iterable[str] | None = None, accounts: Iterable[str] | None = None
    ) -> tuple[Assignment, ...]:
        """See :meth:`edujournal.ports.SchoolData.assignments`."""
        if groups is None and accounts is None:
            return self._assignments
        return _joined((groups, self._assigned), (accounts, self._assigned_to))

    def accounts(self, ids: Iterable[str] | None = None) -> tuple[Account, ...]:
        """See :meth:`edujournal.ports.SchoolData.accounts`."""
        if ids is None:
            return self._accounts
        return _picked(ids, self._account_by_id)

    # -- capabilities ------------------------------------------------------------------------------

    def facts(self) -> Facts:
        """Everything at once; the same object every time. See :class:`edujournal.ports.Snapshots`."""
        return self._facts

    def sessions(
        self,
        *,
        accounts: Iterable[str] | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> tuple[Session, ...]:
        """See :meth:`edujournal.ports.Sessions.sessions`; days are those of the school's clocks."""
        if not self._sessions or (accounts is None and since is None and until is None):
            return self._sessions
        named = None if accounts is None else frozenset(accounts)
        clocks = zone(self._calendars[0].zone)
        lo = None if since is None else clocks.start_of_day(since)
        hi = None if until is None else clocks.start_of_day(until)
        return tuple(
            one
            for one in self._sessions
            if (named is None or one.account in named)
            and (lo is None or lo <= one.since)
            and (hi is None or one.since < hi)
        )

    def name(self, kind: str, id: str, on: date | None = None) -> str:
        """Name of a ``pupil``, ``account``, ``group`` or ``subject``; its id where it has none.

        A group or a subject without a name of its own has its title in the year of *on*, or in the
        latest year that gives it one.
        """
        named = self.names.get((kind, id))
        if named is not None:
            return named
        titles = self._titles.get((kind, id), ())
        holding = [title for since, until, title in titles if on is None or since <= on < until]
        return (holding or [title for _, _, title in titles] or [id])[-1]

    # -- indexes -----------------------------------------------------------------------------------

    @cached_property
    def _facts(self) -> Facts:
        return Facts(
            self.id,
            self._calendars,
            self._lessons,
            self._memberships,
            self._assignments,
            self._accounts,
            self.lacks,
            self._sessions,
        )

    @cached_property
    def _by_id(self) -> Mapping[str, Lesson]:
        return {lesson.id: lesson for lesson in self._lessons}

    @cached_property
    def _by_day(self) -> Mapping[str | None, tuple[list[date], list[Lesson]]]:
        """Days and the lessons on them, in order of days, by group; under None of all groups."""
        rows = sorted(
            (
                (day, lesson)
                for lesson in self._lessons
                for day in {lesson.day, *(state.day for state in lesson.before)}
            ),
            key=lambda row: row[0],
        )
        found: dict[str | None, tuple[list[date], list[Lesson]]] = {None: ([], [])}
        everything = found[None]
        for day, lesson in rows:
            for days, lessons in (everything, found.setdefault(lesson.group, ([], []))):
                days.append(day)
                lessons.append(lesson)
        return found

    @cached_property
    def _members(self) -> Mapping[str, list[Membership]]:
        return _grouped(self._memberships, "group")

    @cached_property
    def _groups_of(self) -> Mapping[str, list[Membership]]:
        return _grouped(self._memberships, "pupil")

    @cached_property
    def _assigned(self) -> Mapping[str, list[Assignment]]:
        return _grouped(self._assignments, "group")

    @cached_property
    def _assigned_to(self) -> Mapping[str, list[Assignment]]:
        return _grouped(self._assignments, "account")

    @cached_property
    def _account_by_id(self) -> Mapping[str, Account]:
        return {account.id: account for account in self._accounts}

    @cached_property
    def _titles(self) -> Mapping[tuple[str, str], list[tuple[date, date, str]]]:
        found: dict[tuple[str, str], list[tuple[date, date, str]]] = defaultdict(list)
        for calendar in self._calendars:
            titled = [("group", one.id, one.title) for one in calendar.groups]
            titled += [("subject", one.id, one.title) for one in calendar.subjects]
            for kind, id, title in titled:
                if title:
                    found[kind, id].append((calendar.since, calendar.until, title))
        return found


_NO_DAYS: Final[tuple[list[date], list[Lesson]]] = ([], [])


def _between(
    indexed: tuple[list[date], list[Lesson]], since: date | None, until: date | None
) -> Sequence[Lesson]:
    days, lessons = indexed
    first = 0 if since is None else bisect_left(days, since)
    last = len(days) if until is None else bisect_left(days, until)
    return lessons[first:last]


def _picked(ids: Iterable[str], index: Mapping[str, _Row]) -> tuple[_Row, ...]:
    return tuple(index[id] for id in dict.fromkeys(ids) if id in index)


def _grouped(rows: Iterable[Any], name: str) -> Mapping[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return dict(found)


def _joined(*asked: tuple[Iterable[str] | None, Mapping[str, list[Any]]]) -> tuple[Any, ...]:
    """The rows of any of the ids, each once."""
    found: dict[Hashable, None] = {}
    for ids, index in asked:
        for id in ids or ():
            found.update(dict.fromkeys(index.get(id, ())))
    return tuple(found)
