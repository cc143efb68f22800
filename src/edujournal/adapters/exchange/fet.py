"""Timetables of FET, the free timetabling program: what is to be taught, and where it was placed.

A ``.fet`` file is the input of the program; the places of its activities are in the constraints
that fix them (after solving, in the file ``…_data_and_timetable.fet``) or in ``…_activities.xml``.
Read from FET 5.37 and its successors, whose names for these elements are the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from attrs import evolve, field, frozen

from edujournal.adapters.exchange.plain_xml import Element, parse
from edujournal.errors import BadFile, Problem, nearest
from edujournal.plain_files import read_plain

_YES: Final = {"true", "yes", "1"}
_NO: Final = {"false", "no", "0"}


@frozen
class FetGroup:
    """A set of students: a year (a class, to us), one of its groups, or one of their subgroups.

    *Version added: 0.1.*

    Attributes:
        name: As in the file.
        parents: Years or groups that it is part of; a subgroup may be part of several groups.
        size: Number of students; None if not told.
    """

    name: str
    parents: tuple[str, ...] = ()
    size: int | None = None


@frozen
class FetActivity:
    """Something to be taught: a subject, to some students, by some teachers, for some hours.

    *Version added: 0.1.*

    Attributes:
        id: Number in the file.
        subject: Name of the subject.
        teachers: Names; none, one or several.
        students: Names of years, groups and subgroups, taught together.
        duration: Number of consecutive hours.
        tags: Words such as the kind of lesson or the term.
        active: Whether it takes part in the timetable.
    """

    id: int
    subject: str
    teachers: tuple[str, ...]
    students: tuple[str, ...]
    duration: int = 1
    tags: tuple[str, ...] = ()
    active: bool = True


@frozen
class FetPlace:
    """Where an activity was put: the first of its hours.

    *Version added: 0.1.*

    Attributes:
        activity: Number of the activity.
        day: Index into the timetable's days, from 0.
        hour: Index into its hours, from 0.
    """

    activity: int
    day: int
    hour: int


@frozen
class FetTimetable:
    """What a FET file says that journals need. Rooms and wishes are left out.

    *Version added: 0.1.*

    Attributes:
        institution: Name of the school.
        days: Names of the days in order; weeks that take turns follow each other.
        hours: Names of the hours in order, often the time of their start.
        subjects: Names.
        teachers: Names.
        groups: Years, groups and subgroups, parents before their parts.
        activities: In the order of the file.
        places: Activities whose day and hour are fixed, in the order of activities.
    """

    institution: str
    days: tuple[str, ...]
    hours: tuple[str, ...]
    subjects: tuple[str, ...]
    teachers: tuple[str, ...]
    groups: tuple[FetGroup, ...]
    activities: tuple[FetActivity, ...]
    places: tuple[FetPlace, ...] = field(default=())

    def activity(self, id: int) -> FetActivity:
        """Give the activity number *id*; a :class:`KeyError` if there is none."""
        return {one.id: one for one in self.activities}[id]

    @property
    def unplaced(self) -> tuple[FetActivity, ...]:
        """Active activities that have no place yet."""
        placed = {place.activity for place in self.places}
        return tuple(one for one in self.activities if one.active and one.id not in placed)


#: Digits of the longest number that means something.
_DIGITS: Final = 9


def load_fet(path: Path, activities: Path | None = None) -> FetTimetable:
    """Read the FET file at *path*.

    *Version added: 0.1.*

    Args:
        path: A ``.fet`` file.
        activities: The solved timetable ``…_activities.xml`` that belongs to it, if there is one.

    Raises:
        BadFile: Every fault, with file and line.
    """
    timetable = read_fet(read_plain(path), path.name)
    if activities is None:
        return timetable
    return place_fet(timetable, read_plain(activities), activities.name)


def read_fet(content: bytes, name: str = "timetable.fet") -> FetTimetable:
    """Read the bytes of a FET file.

    Constraints that fix the start of an activity are places only if they are active and bind
    wholly (weight 100); a preference is none.

    *Version added: 0.1.*

    Args:
        content: XML, with or without a byte order mark.
        name: Name of the file, for messages.

    Raises:
        BadFile: Every fault, with file and line.
    """
    root = parse(content, name)
    if root.tag.lower() != "fet":
        raise BadFile(Problem(f"{name}:{root.line}", "not a FET file", "fet", root.tag))
    return _Reader(name).timetable(root)


def place_fet(
    timetable: FetTimetable, content: bytes, name: str = "activities.xml"
) -> FetTimetable:
    """Give *timetable* with the places of a solved timetable, ``…_activities.xml``.

    They replace the places that the timetable had. Activities without a day were not placed by the
    program and have none here.

    *Version added: 0.1.*

    Raises:
        BadFile: Every fault, with file and line.
    """
    root = parse(content, name)
    if root.tag != "Activities_Timetable":
        raise BadFile(
            Problem(f"{name}:{root.line}", "not a solved one", "Activities_Timetable", root.tag)
        )
    reader = _Reader(name)
    rows = [
        (row, row.said("Id"), row.said("Day"), row.said("Hour"))
        for row in root.all("Activity")
        if row.said("Day")
    ]
    places = reader.places(rows, timetable.days, timetable.hours, timetable.activities)
    reader.finish()
    return evolve(timetable, places=places)


class _Reader:
    """Reads one file and gathers its faults."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []

    def fault(self, at: Element, what: str, expected: str = "", found: str = "") -> None:
        self.problems.append(Problem(f"{self.name}:{at.line}", what, expected, found))

    def finish(self) -> None:
        if self.problems:
            raise BadFile(self.problems)

    def timetable(self, root: Element) -> FetTimetable:
        days = self.names(root, "Days_List", "Day")
        hours = self.names(root, "Hours_List", "Hour")
        subjects = self.names(root, "Subjects_List", "Subject")
        teachers = self.names(root, "Teachers_List", "Teacher")
        groups = self.groups(root)
        activities = self.activities(root, subjects, teachers, [group.name for group in groups])
        constraints = root.first("Time_Constraints_List")
        rows = [
            (row, row.said("Activity_Id"), row.said("Preferred_Day"), row.said("Preferred_Hour"))
            for row in (
                constraints.all("ConstraintActivityPreferredStartingTime") if constraints else ()
            )
            if self.binds(row)
        ]
        places = self.places(rows, days, hours, activities)
        self.finish()
        return FetTimetable(
            root.said("Institution_Name"),
            days,
            hours,
            subjects,
            teachers,
            groups,
            activities,
            places,
        )

    def binds(self, constraint: Element) -> bool:
        weight = constraint.said("Weight_Percentage")
        try:
            whole = float(weight) == 100
        except ValueError:
            self.fault(constraint, "not a weight", "0 … 100", repr(weight))
            return False
        return whole and self.truth(constraint, "Active", default=True)

    def names(self, root: Element, listed: str, tag: str) -> tuple[str, ...]:
        holder = root.first(listed)
        if holder is None:
            self.fault(root, "missing list", listed)
            return ()
        rows = [(row, row.said("Name")) for row in holder.all(tag)]
        for row, name in rows:
            if not name:
                self.fault(row, f"{tag} without a name")
        for name, times in Counter(name for _, name in rows).items():
            if times > 1 and name:
                self.fault(holder, f"{tag} {name!r} is given {times} times")
        self.count(holder, tag, len(rows))
        return tuple(name for _, name in rows)

    def count(self, holder: Element, tag: str, rows: int) -> None:
        told = holder.first(f"Number_of_{tag}s")
        if told is not None and told.text != str(rows):
            self.fault(told, f"another number of {tag} elements", told.text, str(rows))

    def groups(self, root: Element) -> tuple[FetGroup, ...]:
        found: dict[str, FetGroup] = {}
        years = root.first("Students_List")
        for year in years.all("Year") if years else ():
            self.group(year, None, found)
            for group in year.all("Group"):
                self.group(group, year, found)
                for subgroup in group.all("Subgroup"):
                    self.group(subgroup, group, found)
        return tuple(found.values())

    def group(self, row: Element, parent: Element | None, found: dict[str, FetGroup]) -> None:
        name = row.said("Name")
        if not name:
            self.fault(row, f"{row.tag} without a name")
            return
        parents = (parent.said("Name"),) if parent else ()
        known = found.get(name)
        if known is None:
            size = row.said("Number_of_Students")
            found[name] = FetGroup(name, parents, self.number(row, size) if size else None)
        elif not parents or name in parents:
            self.fault(row, f"{row.tag} {name!r} is given twice")
        elif parents[0] not in known.parents:
            found[name] = evolve(known, parents=(*known.parents, *parents))

    def activities(
        self,
        root: Element,
        subjects: Sequence[str],
        teachers: Sequence[str],
        groups: Sequence[str],
    ) -> tuple[FetActivity, ...]:
        holder = root.first("Activities_List")
        found: dict[int, FetActivity] = {}
        for row in holder.all("Activity") if holder else ():
            id = self.number(row, row.said("Id"))
            activity = FetActivity(
                id,
                self.one_of(row, "subject", row.said("Subject"), subjects),
                tuple(
                    self.one_of(one, "teacher", one.text, teachers) for one in row.all("Teacher")
                ),
                tuple(
                    self.one_of(one, "students", one.text, groups) for one in row.all("Students")
                ),
                self.number(row, row.said("Duration")),
                tuple(one.text for one in row.all("Activity_Tag")),
                self.truth(row, "Active", default=True),
            )
            if id in found:
                self.fault(row, f"activity {id} is given twice")
            if activity.duration < 1:
                self.fault(row, "not a duration", "1 or more", str(activity.duration))
            found[id] = activity
        return tuple(found.values())

    def places(
        self,
        rows: Iterable[tuple[Element, str, str, str]],
        days: Sequence[str],
        hours: Sequence[str],
        activities: Iterable[FetActivity],
    ) -> tuple[FetPlace, ...]:
        known = {str(one.id): one for one in activities}
        found: dict[int, FetPlace] = {}
        for row, id, day, hour in rows:
            self.one_of(row, "activity", id, known)
            self.one_of(row, "day", day, days)
            self.one_of(row, "hour", hour, hours)
            if id not in known or day not in days or hour not in hours:
                continue
            activity = known[id]
            place = FetPlace(activity.id, days.index(day), hours.index(hour))
            if place.hour + activity.duration > len(hours):
                self.fault(
                    row,
                    f"activity {id} does not fit into its day",
                    f"{activity.duration} hours from {hour}",
                    f"{len(hours) - place.hour}",
                )
            if found.get(activity.id, place) != place:
                self.fault(row, f"activity {id} is put in two places", found=f"{day} {hour}")
            found[activity.id] = place
        return tuple(found[id] for id in sorted(found))

    def number(self, row: Element, text: str) -> int:
        if text.isascii() and text.isdigit() and len(text) <= _DIGITS:
            return int(text)
        self.fault(row, "not a whole number", found=repr(text))
        return 1

    def truth(self, row: Element, tag: str, *, default: bool) -> bool:
        text = row.said(tag).lower()
        if text and text not in _YES | _NO:
            self.fault(row, f"{tag} is neither true nor false", "true or false", repr(text))
        return text in _YES if text else default

    def one_of(self, row: Element, noun: str, name: str, known: Collection[str]) -> str:
        if name not in known:
            near = nearest(name, known)
            self.problems.append(
                Problem(
                    f"{self.name}:{row.line}",
                    f"unknown {noun}",
                    found=repr(name),
                    mend=f"Did you mean {near!r}?" if near else "",
                )
            )
        return name


def iter_hours(timetable: FetTimetable) -> Iterator[tuple[FetActivity, int, int]]:
    """Give every hour of every active activity that has a place: activity, day, hour, from 0.

    *Version added: 0.1.*
    """
    known = {one.id: one for one in timetable.activities}
    for place in timetable.places:
        activity = known[place.activity]
        if activity.active:
            for hour in range(place.hour, place.hour + activity.duration):
                yield activity, place.day, hour
