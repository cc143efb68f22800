"""Kin: the groups whose lessons make up one school day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from edujournal.errors import BadInput
from edujournal.model.calendar import Calendar
from edujournal.model.people import Membership, covers


def kin(
    calendar: Calendar, group: str, groups_of: Mapping[str, Iterable[Membership]], day: date
) -> frozenset[str]:
    """The groups whose lessons make up the school day of *group*; see :meth:`Facts.kin`."""
    this = calendar.group(group)
    if this.kind == "plan":
        pupil = this.pupil
        if pupil is None:
            raise BadInput("an individual plan without a pupil", where=f"group {group}")
        own = {row.group for row in groups_of.get(pupil, ()) if covers(row.since, row.until, day)}
        return frozenset({group} | {one.id for one in calendar.groups if one.id in own})
    if this.kind == "class":
        return parts_of(calendar, (group,))
    found = {group}
    for parent in this.parents:
        found |= kin(calendar, parent, groups_of, day)
    return frozenset(found)


def parts_of(calendar: Calendar, groups: Iterable[str]) -> frozenset[str]:
    """*groups*, their subgroups, and the subgroups of these."""
    found = set(groups)
    subgroups = [one for one in calendar.groups if one.kind == "subgroup"]
    while more := {one.id for one in subgroups if not found.isdisjoint(one.parents)} - found:
        found |= more
    return frozenset(found)
