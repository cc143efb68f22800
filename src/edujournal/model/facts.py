"""Facts: what the school's data says, gathered for one question and indexed for the rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property

from attrs import field, frozen

from edujournal.errors import Unknown
from edujournal.model.calendar import Calendar, Group
from edujournal.model.ids import JournalId
from edujournal.model.kin import kin
from edujournal.model.occasions import Lesson
from edujournal.model.people import (
    Account,
    Assignment,
    Kleene,
    Membership,
    covered,
    covers,
    meets,
)
from edujournal.model.sessions import Session
from edujournal.model.time import zone


@frozen
class Needs:
    """What must be known before some drafts can be judged.

    Attributes:
        lessons: Ids of lessons.
        class_days: Ids among *lessons* whose class's whole day must be known.
        journals: Ids among *lessons* whose journal's lessons must all be known.
        groups: Groups whose rolls and assignments are needed beyond those of the lessons.
        accounts: Accounts that act, or that the drafts name.
        school_days: Ids among *lessons* whose day must be known for the whole school.
        pupils: Pupils named, so that an unknown one is told from one who is off the roll.
        all_accounts: Whether every account is needed, not only *accounts*.
        colleagues: Whether the accounts of the teachers of the groups are needed, too.
        sheets: Classes of which all journals must be known from which the summary sheet is made.
        reach: How far limits look from the groups: ``journal`` for all lessons of the groups
            themselves, ``subject`` also for those of the groups to which the pupils ever belonged,
            ``class`` for those of every group of the same class.
    """

    lessons: frozenset[str] = frozenset()
    class_days: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    school_days: frozenset[str] = frozenset()
    pupils: frozenset[str] = frozenset()
    all_accounts: bool = False
    journals: frozenset[str] = frozenset()
    reach: frozenset[str] = frozenset()
    colleagues: bool = False
    sheets: frozenset[str] = frozenset()


def _calendars(values: Iterable[Calendar]) -> tuple[Calendar, ...]:
    return tuple(values)


def _lessons(values: Iterable[Lesson]) -> tuple[Lesson, ...]:
    return tuple(values)


def _memberships(values: Iterable[Membership]) -> tuple[Membership, ...]:
    return tuple(values)


def _assignments(values: Iterable[Assignment]) -> tuple[Assignment, ...]:
    return tuple(values)


def _accounts(values: Iterable[Account]) -> tuple[Account, ...]:
    return tuple(values)


def _sessions(values: Iterable[Session]) -> tuple[Session, ...]:
    return tuple(values)


def _kinds(values: Iterable[str]) -> frozenset[str]:
    return frozenset(values)


@frozen(eq=False)
class Facts:
    """What is known of a school, as values. Nothing here is fetched when it is looked at.

    *Version added: 0.1.*

    Attributes:
        school: Id of the school.
        calendars: Frames of the years.
        lessons: Dated lessons.
        memberships: Who belongs where.
        assignments: Who teaches what.
        accounts: Who may act.
        lacks: Kinds of record that the source of the data never kept, such as ``roll``: what is
            not there cannot be called missing.
        sessions: When accounts were logged in, where the host tells.
    """

    school: str
    calendars: tuple[Calendar, ...] = field(converter=_calendars)
    lessons: tuple[Lesson, ...] = field(default=(), converter=_lessons)
    memberships: tuple[Membership, ...] = field(default=(), converter=_memberships)
    assignments: tuple[Assignment, ...] = field(default=(), converter=_assignments)
    accounts: tuple[Account, ...] = field(default=(), converter=_accounts)
    lacks: frozenset[str] = field(default=frozenset(), converter=_kinds)
    sessions: tuple[Session, ...] = field(default=(), converter=_sessions)

    # -- indexes ---------------------------------------------------------------------------------

    @cached_property
    def _lessons(self) -> Mapping[str, Lesson]:
        return {lesson.id: lesson for lesson in self.lessons}

    @cached_property
    def _days(self) -> Mapping[tuple[str, date], list[Lesson]]:
        days: dict[tuple[str, date], list[Lesson]] = defaultdict(list)
        for lesson in self.lessons:
            for day in {lesson.day, *(state.day for state in lesson.before)}:
                days[lesson.group, day].append(lesson)
        return days

    @cached_property
    def _slots(self) -> Mapping[date, list[Lesson]]:
        slots: dict[date, list[Lesson]] = defaultdict(list)
        for lesson in self.lessons:
            slots[lesson.day].append(lesson)
        return slots

    @cached_property
    def _accounts(self) -> Mapping[str, Account]:
        return {account.id: account for account in self.accounts}

    @cached_property
    def _members(self) -> Mapping[str, list[Membership]]:
        members: dict[str, list[Membership]] = defaultdict(list)
        for row in self.memberships:
            members[row.group].append(row)
        return members

    @cached_property
    def _groups_of(self) -> Mapping[str, list[Membership]]:
        rows: dict[str, list[Membership]] = defaultdict(list)
        for row in self.memberships:
            rows[row.pupil].append(row)
        return rows

    @cached_property
    def _assigned(self) -> Mapping[tuple[str, str | None], list[Assignment]]:
        rows: dict[tuple[str, str | None], list[Assignment]] = defaultdict(list)
        for row in self.assignments:
            rows[row.group, row.subject].append(row)
        return rows

    @cached_property
    def _by_account(self) -> Mapping[str, list[Assignment]]:
        rows: dict[str, list[Assignment]] = defaultdict(list)
        for row in self.assignments:
            rows[row.account].append(row)
        return rows

    @cached_property
    def _rolls(self) -> dict[tuple[str, date], frozenset[str]]:
        return {}

    @cached_property
    def _hands(self) -> dict[tuple[str, str | None, str, date], frozenset[str]]:
        return {}

    @cached_property
    def _ends(self) -> dict[tuple[str, date], int | None]:
        return {}

    @cached_property
    def _years(self) -> Mapping[str, Calendar]:
        return {calendar.year: calendar for calendar in self.calendars}

    @cached_property
    def _kin(self) -> dict[tuple[str, str, date | None], frozenset[str]]:
        return {}

    @cached_property
    def _dated(self) -> dict[tuple[str, str], bool]:
        return {}

    # -- questions -------------------------------------------------------------------------------

    def lesson(self, id: str) -> Lesson:
        """The lesson with *id*.

        Raises:
            Unknown: The school has none; the nearest id is named.
        """
        found = self._lessons.get(id)
        if found is None:
            raise Unknown("lesson", id, self._lessons)
        return found

    def find_lesson(self, id: str) -> Lesson | None:
        """The lesson with *id*; None where the school's data has it no more."""
        return self._lessons.get(id)

    def calendar(self, year: str) -> Calendar:
        """The frame of *year*.

        Raises:
            Unknown: There is none.
        """
        found = self._years.get(year)
        if found is None:
            raise Unknown("academic year", year, self._years)
        return found

    def calendar_on(self, day: date) -> Calendar:
        """The frame of the year in which *day* lies; the first when years overlap.

        Raises:
            Unknown: No year holds that day.
        """
        for calendar in self.calendars:
            if calendar.since <= day < calendar.until:
                return calendar
        raise Unknown("academic year", f"of {day.isoformat()}", self._years)

    def calendar_at(self, at: int) -> Calendar:
        """The frame of the year in which the instant *at* lies, else of the last one before it.

        Before every year it is the first one's.

        Raises:
            Unknown: The school has no year at all.
        """
        begun = [one for one in self.calendars if one.clocks.start_of_day(one.since) <= at]
        if not begun and not self.calendars:
            raise Unknown("academic year", "of that moment", self._years)
        return max(begun, key=lambda one: one.since) if begun else self.calendars[0]

    def calendar_of(self, lesson: Lesson) -> Calendar:
        """The frame of the year that *lesson* belongs to."""
        return self.calendar(lesson.year) if lesson.year else self.calendar_on(lesson.day)

    def journal_of(self, lesson: Lesson) -> JournalId:
        """The journal in which *lesson* is kept."""
        return JournalId(lesson.group, lesson.subject, self.calendar_of(lesson).year)

    def group(self, calendar: Calendar, id: str) -> Group:
        """The group with *id* in that year."""
        return calendar.group(id)

    def account(self, id: str) -> Account:
        """The account with *id*.

        Raises:
            Unknown: The school has none; the nearest id is named.
        """
        found = self._accounts.get(id)
        if found is None:
            raise Unknown("account", id, self._accounts)
        return found

    def knows_account(self, id: str) -> bool:
        """Tell whether the school has an account with *id*."""
        return id in self._accounts

    def check_pupil(self, id: str) -> None:
        """Raise if no group of the school ever had a pupil with *id*.

        Raises:
            Unknown: The nearest id is named.
        """
        if id not in self._groups_of and id not in self._plan_pupils:
            raise Unknown("pupil", id, (*self._groups_of, *self._plan_pupils))

    @cached_property
    def _plan_pupils(self) -> frozenset[str]:
        return frozenset(
            group.pupil
            for calendar in self.calendars
            for group in calendar.groups
            if group.pupil is not None
        )

    def roll(self, calendar: Calendar, group: str, day: date) -> frozenset[str]:
        """The pupils who belong to *group* on *day*."""
        found = self._rolls.get((group, day))
        if found is None:
            found = frozenset(
                row.pupil
                for row in self._members.get(group, ())
                if covers(row.since, row.until, day)
            )
            pupil = calendar.group(group).pupil
            if pupil is not None and not self._members.get(group):
                found = found | {pupil}
            self._rolls[group, day] = found
        return found

    def memberships_of(self, pupil: str) -> Iterable[Membership]:
        """Every membership of *pupil*."""
        return self._groups_of.get(pupil, ())

    def kin(self, calendar: Calendar, group: str, day: date) -> frozenset[str]:
        """The groups whose lessons make up the school day of *group*'s class or classes.

        For a class: itself, its subgroups and theirs. For a subgroup and a stream: its own lessons
        and those of what it is part or made of. For an individual plan: the pupil's groups on *day*.
        Source: clause 2.7, reading. A stream's lesson does not lengthen the day of a class.
        """
        key = (calendar.year, group, day if self._hangs_on_day(calendar, group) else None)
        found = self._kin.get(key)
        if found is None:
            found = self._kin[key] = kin(calendar, group, self._groups_of, day)
        return found

    def _hangs_on_day(self, calendar: Calendar, group: str) -> bool:
        """Whether the kin of *group* are those of a pupil's plan, whose groups change."""
        key = (calendar.year, group)
        found = self._dated.get(key)
        if found is None:
            this = calendar.group(group)
            found = this.kind == "plan" or any(
                self._hangs_on_day(calendar, one) for one in this.parents
            )
            self._dated[key] = found
        return found

    def class_day_end(self, calendar: Calendar, group: str, day: date) -> int | None:
        """Instant at which the last lesson of *group*'s class ends on *day*; None if it has none.

        A change entered before the local day counts both ways. One entered on that day or later can
        only lengthen it. Source: clause 2.7, reading.
        """
        key = (group, day)
        if key not in self._ends:
            dawn = zone(calendar.zone).start_of_day(day)
            ends: list[int] = []
            for member in self.kin(calendar, group, day):
                for lesson in self._days.get((member, day), ()):
                    ends.extend(
                        state.ends
                        for state in lesson.states_since(dawn)
                        if state.day == day and not state.cancelled
                    )
            self._ends[key] = max(ends, default=None)
        return self._ends[key]

    def assigned(
        self, group: str, subject: str | None, role: str, first: date | None, last: date
    ) -> Mapping[str, Kleene]:
        """For each account ever so assigned: was it on a day between *first* and *last*?"""
        spans: dict[str, list[tuple[date | None, date | None]]] = defaultdict(list)
        for row in self._assigned.get((group, subject), ()):
            if row.role == role:
                spans[row.account].append((row.since, row.until))
        return {account: covered(of, first, last) for account, of in spans.items()}

    def is_assigned(
        self,
        account: str,
        group: str,
        subject: str | None,
        role: str,
        first: date | None,
        last: date,
    ) -> Kleene:
        """Tell whether *account* was so assigned on a day between *first* and *last*."""
        return covered(
            [
                (row.since, row.until)
                for row in self._assigned.get((group, subject), ())
                if row.account == account and row.role == role
            ],
            first,
            last,
        )

    def assignments_of(self, account: str) -> Iterable[Assignment]:
        """Every assignment of *account*."""
        return self._by_account.get(account, ())

    def hands(self, group: str, subject: str | None, role: str, day: date) -> frozenset[str]:
        """Accounts so assigned on *day*."""
        key = (group, subject, role, day)
        found = self._hands.get(key)
        if found is None:
            found = self._hands[key] = frozenset(
                row.account
                for row in self._assigned.get((group, subject), ())
                if row.role == role and covers(row.since, row.until, day)
            )
        return found

    def is_free(self, account: str, lesson: Lesson) -> bool:
        """Tell whether *account* teaches no other lesson while *lesson* is held."""
        return not any(
            other.id != lesson.id
            and not other.cancelled
            and account in self.teaching(other)
            and other.starts < lesson.ends
            and lesson.starts < other.ends
            for other in self._slots.get(lesson.day, ())
        )

    def substitutes(self, lesson: Lesson) -> frozenset[str]:
        """Who is ordered to give *lesson* in place of its teacher: for it alone, or for those days.

        Source: clause 2.10.
        """
        if lesson.substitute is not None:
            return frozenset({lesson.substitute})
        return self.hands(lesson.group, lesson.subject, "substitute", lesson.day)

    def teaching(self, lesson: Lesson) -> frozenset[str]:
        """Who gives *lesson*: the substitute, else the teacher planned, else those assigned."""
        ordered = self.substitutes(lesson)
        if ordered or lesson.teacher is not None:
            return ordered or frozenset({str(lesson.teacher)})
        return self.hands(lesson.group, lesson.subject, "teacher", lesson.day)

    def held_on(self, day: date) -> Iterable[Lesson]:
        """Lessons of the whole school that are held on *day*."""
        return [lesson for lesson in self._slots.get(day, ()) if not lesson.cancelled]

    def journals(self) -> frozenset[JournalId]:
        """Every journal that has a lesson, or at some time of its year a teacher."""
        return self._journals

    @cached_property
    def _journals(self) -> frozenset[JournalId]:
        found = {self.journal_of(lesson) for lesson in self.lessons}
        for row in self.assignments:
            if row.subject is not None:
                for calendar in self.calendars:
                    if any(group.id == row.group for group in calendar.groups) and meets(
                        row.since, row.until, calendar.since, calendar.until
                    ):
                        found.add(JournalId(row.group, row.subject, calendar.year))
        return frozenset(found)

    @cached_property
    def _of_journal(self) -> Mapping[JournalId, list[Lesson]]:
        found: dict[JournalId, list[Lesson]] = defaultdict(list)
        for lesson in self.lessons:
            found[self.journal_of(lesson)].append(lesson)
        for lessons in found.values():
            lessons.sort(key=lambda one: (one.starts, one.id))
        return found

    def lessons_of(self, journal: JournalId) -> Sequence[Lesson]:
        """Lessons of *journal*, in the order in which they are held."""
        return self._of_journal.get(journal, ())

    def journals_of_sheet(self, calendar: Calendar, group: str) -> tuple[JournalId, ...]:
        """The journals from which the summary sheet of a class is made, ordered.

        They are its own, those of the groups below it, and of its pupils' individual plans.

        Source: clause 2.14. *Version added: 0.1.*
        """
        rows = self._members.get(group, ())
        pupils = {
            row.pupil for row in rows if meets(row.since, row.until, calendar.since, calendar.until)
        }
        if not rows:
            pupils = {calendar.group(group).pupil or ""}
        plans = {one.id for one in calendar.groups if one.pupil is not None and one.pupil in pupils}
        groups = plans | calendar.offspring(group)
        known = (one for one in self.journals() if one.year == calendar.year)
        return tuple(sorted(one for one in known if one.group in groups))

    def check_journal(self, journal: JournalId) -> Calendar:
        """The frame of the year of *journal*.

        Raises:
            Unknown: Year, group or subject is not known; the nearest is named.
        """
        calendar = self.calendar(journal.year)
        calendar.group(journal.group)
        if calendar.subjects and journal.subject not in {one.id for one in calendar.subjects}:
            raise Unknown("subject", journal.subject, (one.id for one in calendar.subjects))
        return calendar
