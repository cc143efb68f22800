"""The groups whose lessons make up a school day: found once for each group, for a pupil's plan by the day."""

from __future__ import annotations

from collections import Counter

import edujournal as ej
from edujournal.model import facts as module
from edujournal.model.kin import kin


def test_kin_are_found_once_for_each_group_and_are_those_of_each_day(monkeypatch):
    """However many lessons there are; what a plan is made of may change from day to day."""
    facts = ej.samples.school().facts()
    calendar = facts.calendars[0]
    groups_of = {}
    for row in facts.memberships:
        groups_of.setdefault(row.pupil, []).append(row)
    places = [
        (group.id, day)
        for group in calendar.groups
        for day in sorted({lesson.day for lesson in facts.lessons})
    ]
    anew = {(group, day): kin(calendar, group, groups_of, day) for group, day in places}
    asked: Counter[str] = Counter()
    depth = 0

    def counted(calendar, group, groups_of, day):
        nonlocal depth
        asked[group] += not depth
        depth += 1
        found = kin(calendar, group, groups_of, day)
        depth -= 1
        return found

    facts._kin.clear()  # the sample is one for all tests, and some have asked
    monkeypatch.setattr(module, "kin", counted)
    for _ in range(2):
        for group, day in places:
            assert anew[group, day] == facts.kin(calendar, group, day)

    days = len(places) // len(calendar.groups)
    plans = {group.id for group in calendar.groups if group.kind == "plan"}
    assert plans
    assert days > 40
    assert {one.id: days if one.id in plans else 1 for one in calendar.groups} == asked
