"""Puts the sample school together."""

from __future__ import annotations

from edujournal.adapters.schools.plain import PlainSchool
from edujournal.errors import Unknown
from edujournal.samples.frame import CLASSES, SCHOOL, calendar
from edujournal.samples.people import accounts, assignments, memberships, names
from edujournal.samples.timetable import lessons


def build(classes: tuple[str, ...] | None) -> PlainSchool:
    """Make the school with *classes*, or with all of them.

    Raises:
        Unknown: There is no such class.
    """
    chosen = tuple(CLASSES) if classes is None else classes
    for class_ in chosen:
        if class_ not in CLASSES:
            raise Unknown("class of the sample school", class_, CLASSES)
    frame = calendar(chosen)
    return PlainSchool(
        SCHOOL,
        calendars=(frame,),
        lessons=lessons(frame),
        memberships=memberships(chosen),
        assignments=assignments(chosen),
        accounts=accounts(chosen),
        names=names(chosen),
    )
