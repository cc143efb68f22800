"""Reminders: who is told of what is due and of what is missing, and who is told next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from attrs import frozen

from edujournal.model.calendar import Calendar
from edujournal.model.facts import Facts
from edujournal.model.ids import JournalId, year_of_book
from edujournal.model.people import ADMINISTRATION, Kleene, covers
from edujournal.model.time import zone
from edujournal.rules.clauses import Regulation, ReminderStep
from edujournal.rules.terms import shifted
from edujournal.rules.verdicts import Effect, Finding, Outcome


@frozen
class Reminder:
    """One person is to be told of one thing that lacks.

    *Version added: 0.1.*

    Attributes:
        finding: What is due or missing.
        role: Role in which the person is told.
        accounts: Accounts that hold the role for this journal now.
        since: Instant from which this step of the ladder holds.
        key: The same for the same thing and the same step, whenever it is asked.
    """

    finding: Finding
    role: str
    accounts: frozenset[str]
    since: int
    key: str


def reminders(
    findings: Iterable[Finding], regulation: Regulation, facts: Facts, at: int
) -> Iterator[Reminder]:
    """Yield a reminder for each step of the regulation's ladder that a finding has reached.

    A step is so long before or after the end of the window: the teacher first, then, if it still
    lacks, the homeroom teacher, a deputy, the head. What is recorded meanwhile yields nothing.

    Args:
        findings: What is owed, as :meth:`edujournal.Journals.due` gives it.
        regulation: The regulation with its ladder.
        facts: What the school's data says.
        at: The present instant, UTC microseconds.
    """
    for finding in findings:
        if finding.outcome not in (Outcome.PENDING, Outcome.MISSING) or finding.closes is None:
            continue
        if finding.regulation != regulation.id:
            continue
        calendar = facts.calendar(year_of_book(finding.book))
        for step in regulation.reminders:
            since = _since(step, finding.closes, calendar)
            if since is not None and since <= at:
                accounts = told(step.role, finding, facts, at)
                yield Reminder(finding, step.role, accounts, since, _key(finding, step))


def tells(regulation: Regulation) -> bool:
    """Tell whether some breach of *regulation* is told to somebody beyond those who read audits."""
    rules = [rule for clause in regulation.clauses for rule in clause.rules]
    return any(
        getattr(one, name, None) in (Effect.NOTIFY, Effect.ESCALATE)
        for one in (*regulation.markers, *rules)
        for name in ("on_breach", "on_early")
    )


def alarms(
    findings: Iterable[Finding], regulation: Regulation, facts: Facts, at: int
) -> Iterator[Reminder]:
    """Yield a reminder of each recorded breach that is to be told, for each step reached by *at*.

    With the effect *notify* the first step of the ladder is told, at once. With *escalate* every step
    is, each so long after the breach as it stands in the ladder after the end of a window.

    Args:
        findings: What an audit finds.
        regulation: The regulation with its ladder.
        facts: What the school's data says.
        at: The present instant, UTC microseconds.
    """
    for finding in findings:
        if (
            not finding.is_breach
            or finding.regulation != regulation.id
            or finding.hi is None
            or finding.effect not in (Effect.NOTIFY, Effect.ESCALATE)
        ):
            continue
        calendar = facts.calendar(year_of_book(finding.book))
        breach = finding.hi - 1
        steps = [(_since(step, breach, calendar), step) for step in regulation.reminders]
        ladder = sorted(
            ((max(breach, since), step) for since, step in steps if since is not None),
            key=lambda one: one[0],
        )
        for since, step in ladder[:1] if finding.effect is Effect.NOTIFY else ladder:
            if since <= at:
                accounts = told(step.role, finding, facts, at)
                key = f"{_key(finding, step)}|{finding.code}|{finding.entry}"
                yield Reminder(finding, step.role, accounts, since, key)


def reminders_of(
    regulations: Sequence[Regulation],
    owed: Sequence[Finding],
    broken: Iterable[Finding],
    facts: Facts,
    at: int,
) -> list[Reminder]:
    """Every reminder of what is owed and of what is broken, by the ladders of all the regulations."""
    breaches = list(broken)
    found: list[Reminder] = []
    for regulation in regulations:
        found += reminders(owed, regulation, facts, at)
        found += alarms(breaches, regulation, facts, at)
    return found


def _since(step: ReminderStep, closes: int, calendar: Calendar) -> int | None:
    return shifted(closes, step.after, calendar, None)


def _key(finding: Finding, step: ReminderStep) -> str:
    parts = (
        finding.regulation, finding.clause, finding.book, finding.about, finding.pupil or "",
        finding.record, step.role, str(step.after),
    )  # fmt: skip
    # A clause may have several limits on one record about one occasion.
    limit = finding.why.get("limit")
    return "|".join(parts if limit is None else (*parts, f"limit {limit}"))


def told(role: str, finding: Finding, facts: Facts, at: int) -> frozenset[str]:
    """Accounts that hold *role* for the book of *finding* at the instant *at*.

    The teacher is whoever owes the record, or made it; the homeroom teacher that of the journal's
    class or classes; guardians and pupils those of the pupil concerned; any other role is held in the
    whole school.
    """
    calendar = facts.calendar(year_of_book(finding.book))
    day = zone(calendar.zone).local_date(at)
    if role == "teacher":
        return finding.hands or frozenset({finding.by} if finding.by is not None else ())
    if role in ("guardian", "pupil"):
        return frozenset(
            account.id
            for account in facts.accounts
            if finding.pupil in account.pupils and account.active(day, day) is Kleene.YES
        )
    if role == "homeroom":
        if not finding.book.startswith("journal/"):
            return frozenset()
        group = calendar.group(JournalId.parse(finding.book).group)
        classes = (group.id, *group.parents)
        return frozenset().union(*(facts.hands(one, None, "homeroom", day) for one in classes))
    return frozenset(
        account.id
        for account in facts.accounts
        if account.holds(role, day, day) is Kleene.YES and account.active(day, day) is Kleene.YES
    )


@frozen
class Gap:
    """Something that the year's set-up lacks.

    *Version added: 0.1.*

    Attributes:
        section: Section of the set-up, such as ``bells``.
        what: What lacks, as a code: ``no-periods``, ``no-bells``, ``no-roll``, ``no-teacher``,
            ``no-lessons``, ``no-kinds``, ``no-administration``.
        about: Whom or what it concerns: a group, a journal, a day.
    """

    section: str
    what: str
    about: str


def gaps(facts: Facts, year: str, regulation: Regulation) -> Iterator[Gap]:
    """Yield what the set-up of *year* lacks, by the school's data as it is.

    Source: clause 2.2: the sections are complete by 10 September. What no data show, such as the
    thematic plans, is not asked here.
    """
    calendar = facts.calendar(year)
    taught = {lesson.group for lesson in facts.lessons if not lesson.cancelled}
    if not facts.lessons:
        yield Gap("calendar", "no-lessons", year)
    for group in calendar.groups:
        if not calendar.periods(group.id):
            yield Gap("periods", "no-periods", group.id)
        if group.id in taught and not _ever_on_roll(facts, calendar, group.id):
            yield Gap("rolls", "no-roll", group.id)
        if (
            group.kind == "class"
            and group.id not in taught
            and not any(
                group.id in other.parents and other.id in taught for other in calendar.groups
            )
        ):
            yield Gap("groups", "no-lessons", group.id)
    yield from _without_bells(facts, calendar)
    yield from _without_teacher(facts, calendar)
    if not regulation.work_kinds:
        yield Gap("kinds", "no-kinds", regulation.id)
    if not _administration(facts, calendar.since):
        yield Gap("assignments", "no-administration", facts.school)


def _ever_on_roll(facts: Facts, calendar: Calendar, group: str) -> bool:
    days = {lesson.day for lesson in facts.lessons if lesson.group == group}
    return any(facts.roll(calendar, group, day) for day in sorted(days)[:1] + sorted(days)[-1:])


def _without_bells(facts: Facts, calendar: Calendar) -> Iterator[Gap]:
    seen: set[tuple[date, int]] = set()
    for lesson in facts.lessons:
        if lesson.cancelled or not calendar.since <= lesson.day < calendar.until:
            continue
        shift = calendar.group(lesson.group).shift
        if (lesson.day, shift) in seen:
            continue
        seen.add((lesson.day, shift))
        if calendar.schedules and calendar.bells_on(lesson.day, shift) is None:
            yield Gap("bells", "no-bells", f"{lesson.day.isoformat()} shift {shift}")
    if not calendar.schedules:
        yield Gap("bells", "no-bells", calendar.year)


def _without_teacher(facts: Facts, calendar: Calendar) -> Iterator[Gap]:
    first: dict[JournalId, date] = {}
    for lesson in facts.lessons:
        if not lesson.cancelled and calendar.since <= lesson.day < calendar.until:
            journal = facts.journal_of(lesson)
            first[journal] = min(lesson.day, first.get(journal, lesson.day))
    for journal in sorted(first):
        rows = [
            row for row in facts.assignments
            if (row.group, row.subject, row.role) == (journal.group, journal.subject, "teacher")
        ]  # fmt: skip
        if not any(covers(row.since, row.until, first[journal]) for row in rows):
            yield Gap("assignments", "no-teacher", str(journal))


def _administration(facts: Facts, day: date) -> bool:
    return any(
        account.holds(role, day, day) is Kleene.YES
        for account in facts.accounts
        for role in ADMINISTRATION
    )
