"""Gathering: what must be known for some drafts, fetched from the school's data in one go."""

from __future__ import annotations

from datetime import date, timedelta

from edujournal.capabilities import offers
from edujournal.model.calendar import Calendar, Group
from edujournal.model.facts import Facts, Needs
from edujournal.model.kin import parts_of
from edujournal.ports import SchoolData, Sessions, Snapshots


def gather(school: SchoolData, needs: Needs) -> Facts:
    """Fetch what *needs* names: each getter is asked a fixed number of times, however many drafts.

    *Version added: 0.1.*
    """
    if offers(school, Snapshots):
        return school.facts()
    calendars = tuple(school.calendars())
    lessons = (
        {lesson.id: lesson for lesson in school.lessons(ids=needs.lessons)} if needs.lessons else {}
    )
    groups = {
        *needs.groups,
        *(lesson.group for lesson in lessons.values() if lesson.id in needs.lessons),
    }
    below = _below(calendars, needs.sheets)
    kin = _kin(calendars, groups) | _families(calendars, groups, needs.reach) | below
    memberships = tuple(school.memberships(groups=kin)) if kin else ()
    if needs.sheets:
        theirs = {row.pupil for row in memberships if row.group in needs.sheets}
        plans = {one.id for frame in calendars for one in frame.groups if one.pupil in theirs}
        below |= plans
        kin |= plans
    pupils = {
        *needs.pupils,
        *(one.pupil for one in _plans(calendars, kin) if one.pupil is not None),
    }
    if pupils:
        memberships += tuple(school.memberships(pupils=pupils))
    days = [lessons[id].day for id in needs.class_days if id in lessons]
    days += [state.day for id in needs.class_days if id in lessons for state in lessons[id].before]
    if days:
        around = _kin(calendars, {lessons[id].group for id in needs.class_days if id in lessons})
        around |= {
            row.group for row in memberships
            if any(group.pupil == row.pupil for group in _plans(calendars, kin))
        }  # fmt: skip
        found = school.lessons(groups=around, since=min(days), until=_after(max(days)))
        lessons.update((lesson.id, lesson) for lesson in found)
    slots = [lessons[id].day for id in needs.school_days if id in lessons]
    if slots:
        found = school.lessons(since=min(slots), until=_after(max(slots)))
        lessons.update((lesson.id, lesson) for lesson in found)
    whole = below | {lessons[id].group for id in needs.journals if id in lessons}
    if needs.reach:
        whole |= groups | _families(calendars, groups, needs.reach)
    if "subject" in needs.reach:
        former = {row.group for row in memberships if row.pupil in needs.pupils}
        whole |= former
        kin |= former
    if whole:
        lessons.update((lesson.id, lesson) for lesson in school.lessons(groups=whole))
    assignments = tuple(dict.fromkeys((
        *(school.assignments(groups=kin) if kin else ()),
        *(school.assignments(accounts=needs.accounts) if needs.accounts else ()),
    )))  # fmt: skip
    named = set(needs.accounts)
    if needs.colleagues:
        named |= {row.account for row in assignments if row.role == "teacher"}
    return Facts(
        school=school.id,
        calendars=calendars,
        lessons=tuple(lessons.values()),
        memberships=tuple(dict.fromkeys(memberships)),
        assignments=assignments,
        accounts=tuple(school.accounts(ids=None if needs.all_accounts else named)),
        lacks=frozenset(getattr(school, "lacks", ())),
    )


def gather_all(school: SchoolData) -> Facts:
    """Fetch everything the school's data has, for an audit.

    *Version added: 0.1.*
    """
    if offers(school, Snapshots):
        return school.facts()
    return Facts(
        school=school.id,
        calendars=tuple(school.calendars()),
        lessons=tuple(school.lessons()),
        memberships=tuple(school.memberships()),
        assignments=tuple(school.assignments()),
        accounts=tuple(school.accounts()),
        lacks=frozenset(getattr(school, "lacks", ())),
        sessions=tuple(school.sessions()) if offers(school, Sessions) else (),
    )


def _after(day: date) -> date:
    return day + timedelta(days=1)


def _plans(calendars: tuple[Calendar, ...], groups: set[str]) -> list[Group]:
    return [
        one
        for calendar in calendars
        for one in calendar.groups
        if one.kind == "plan" and one.id in groups
    ]


def _families(calendars: tuple[Calendar, ...], groups: set[str], reach: frozenset[str]) -> set[str]:
    """Every group of the classes whose pupils *groups* may have, where limits look as far as that."""
    found: set[str] = set()
    if "class" in reach:
        for calendar in calendars:
            known = [one.id for one in calendar.groups if one.id in groups]
            for one in {above for group in known for above in calendar.classes_of(group)}:
                found |= calendar.offspring(one)
    return found


def _below(calendars: tuple[Calendar, ...], classes: frozenset[str]) -> set[str]:
    """The classes and every group below them, in each year that has them."""
    return {
        one
        for frame in calendars
        for group in frame.groups
        if group.id in classes
        for one in frame.offspring(group.id)
    }


def _kin(calendars: tuple[Calendar, ...], groups: set[str]) -> set[str]:
    """The groups, all of what they are part or made of, and the subgroups of all these."""
    found = set(groups)
    for calendar in calendars:
        known = [one.id for one in calendar.groups if one.id in groups]
        above = {one for group in known for one in calendar.forebears(group)}
        found |= parts_of(calendar, above)
    return found
