"""The files of a journal CSV set and their columns: one table, read by the reader and the writer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from attrs import field, frozen


def _words(values: Iterable[str]) -> frozenset[str]:
    return frozenset(values)


@frozen
class Sheet:
    """One file of the set.

    Attributes:
        name: Name of the file.
        required: Columns that must be in its header.
        optional: Columns that may be left out.
        needed: Whether the set must have the file.
        texts: Columns that hold what a person typed, kept as it stands.
    """

    name: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    needed: bool = False
    texts: frozenset[str] = field(default=frozenset(), converter=_words)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column, in the order in which the writer puts them."""
        return (*self.required, *self.optional)


CALENDAR: Final = Sheet(
    "calendar.csv",
    ("kind", "id"),
    (
        "year",
        "set",
        "type",
        "number",
        "since",
        "until",
        "starts",
        "ends",
        "weekdays",
        "shift",
        "cycle",
        "dates",
        "like",
        "zone",
        "week",
        "title",
    ),
    needed=True,
    texts=["title"],
)
GROUPS: Final = Sheet(
    "groups.csv",
    ("id",),
    (
        "year",
        "kind",
        "parents",
        "grade",
        "stage",
        "shift",
        "profile",
        "periods",
        "holidays",
        "week",
        "pupil",
        "title",
        "name",
    ),
    needed=True,
    texts=["title", "name"],
)
SUBJECTS: Final = Sheet(
    "subjects.csv",
    ("id",),
    ("year", "title", "tags", "attendance", "weekly_hours", "name"),
    texts=["title", "name"],
)
PEOPLE: Final = Sheet(
    "people.csv",
    ("id", "kind"),
    ("name", "person", "roles", "since", "until", "pupils", "shared_with", "away"),
    needed=True,
    texts=["name"],
)
MEMBERSHIPS: Final = Sheet("memberships.csv", ("pupil", "group"), ("since", "until"))
ASSIGNMENTS: Final = Sheet(
    "assignments.csv", ("account", "group"), ("subject", "role", "since", "until")
)
LESSONS: Final = Sheet(
    "lessons.csv",
    ("id", "group", "subject", "day", "slot"),
    ("start", "end", "teacher", "substitute", "cancelled", "year", "nonfunctional"),
)
CHANGES: Final = Sheet(
    "changes.csv", ("lesson", "changed", "day", "slot"), ("start", "end", "cancelled")
)
NAMES: Final = Sheet("names.csv", ("kind", "id", "name"), texts=["name"])
WORKS: Final = Sheet(
    "works.csv",
    ("id", "kind"),
    (
        "journal",
        "lesson",
        "purpose",
        "held",
        "due",
        "weight",
        "points",
        "title",
        "by",
        "role",
        "recorded",
        "source",
    ),
    texts=["title"],
)
ENTRIES: Final = Sheet(
    "entries.csv",
    ("kind",),
    (
        "id",
        "lesson",
        "work",
        "journal",
        "period",
        "group",
        "section",
        "event",
        "year",
        "pupil",
        "value",
        "code",
        "work_kind",
        "purpose",
        "weight",
        "points",
        "scale",
        "retake",
        "handed_in",
        "absent",
        "text",
        "nature",
        "plan",
        "due",
        "none_set",
        "teacher",
        "nonfunctional",
        "accept",
        "protocol",
        "held",
        "examiners",
        "stage",
        "day",
        "since",
        "until",
        "account",
        "noticed",
        "to",
        "clauses",
        "journals",
        "about",
        "target",
        "cleared",
        "reason",
        "by",
        "role",
        "recorded",
        "source",
    ),
    texts=["text", "nature", "protocol", "reason"],
)

#: Every file, in the order in which they are read.
SHEETS: Final = (
    CALENDAR,
    GROUPS,
    SUBJECTS,
    PEOPLE,
    NAMES,
    MEMBERSHIPS,
    ASSIGNMENTS,
    LESSONS,
    CHANGES,
    WORKS,
    ENTRIES,
)

#: Rows of ``calendar.csv``: for each kind the cells it must have, and those it may have.
CALENDAR_ROWS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "school": (("id",), ()),
    "lacks": (("id",), ()),
    "year": (("id", "since", "until", "zone"), ("week",)),
    "week": (("id", "weekdays"), ("year",)),
    "period": (("id", "type", "since", "until"), ("year", "set", "number", "title")),
    "periods": (("id",), ("year",)),
    "holiday": (("id", "since", "until"), ("year", "set", "title")),
    "holidays": (("id",), ("year",)),
    "bell": (("number", "starts", "ends"), ("year", "set")),
    "schedule": (("id",), ("year",)),
    "ring": ((), ("year", "set", "weekdays", "shift", "cycle", "dates")),
    "closed": (("since",), ("year", "until")),
    "cancelled": (("since",), ("year", "until")),
    "working": (("since",), ("year", "until")),
    "moved": (("since", "like"), ("year",)),
    "cycle": (("cycle",), ("year", "since", "type")),
    "cycle_day": (("since", "cycle"), ("year",)),
    "section": (("id",), ("year",)),
}

_HAND: Final = ("id", "by", "role", "recorded", "source")
_PLACE: Final = ("lesson", "work", "journal")

#: Rows of ``entries.csv``: for each kind the cells it must have, and those it may have. Reports of
#: compromised logins speak of the numbers of this system's own records, and are not exchanged.
ENTRY_ROWS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "mark": (
        ("pupil", "value"),
        (*_PLACE, "work_kind", "scale", "retake", "handed_in", "text", *_HAND),
    ),
    "marker": (
        ("pupil", "code"),
        (*_PLACE, "period", "stage", "since", "until", "text", *_HAND),
    ),
    "roll": (("lesson",), ("absent", *_HAND)),
    "topic": (("lesson",), ("text", "plan", *_HAND)),
    "homework": (("lesson",), ("text", "nature", "due", "none_set", *_HAND)),
    "comment": (("lesson", "pupil"), ("text", *_HAND)),
    "substitution": (("lesson", "teacher"), ("nonfunctional", *_HAND)),
    "confirmation": (("lesson", "target"), ("accept", *_HAND)),
    "makeup": (
        ("lesson", "pupil", "value"),
        ("protocol", "held", "examiners", "scale", *_HAND),
    ),
    "result": (
        ("journal", "period", "pupil"),
        ("value", "code", "scale", "stage", "until", "text", *_HAND),
    ),
    "message": (("group", "day"), ("pupil", "text", *_HAND)),
    "setup": (("section", "year"), _HAND),
    "disclosure": (("event", "account", "noticed", "to", "year"), _HAND),
    "correction": (
        ("target",),
        (
            "value",
            "code",
            "work_kind",
            "purpose",
            "weight",
            "points",
            "scale",
            "absent",
            "text",
            "nature",
            "plan",
            "due",
            "none_set",
            "teacher",
            "protocol",
            "held",
            "examiners",
            "stage",
            "since",
            "until",
            "cleared",
            "reason",
            *_HAND,
        ),
    ),
    "annulment": (("target",), ("reason", *_HAND)),
    "approval": (("target",), _HAND),
    "excuse": (("pupil", "group", "since", "until", "code"), ("text", *_HAND)),
    "waiver": (
        ("id", "clauses", "since", "until", "year"),
        ("text", "account", "journals", "about", *_HAND),
    ),
    "grant": (("id", "account", "journal", "since", "until"), ("text", *_HAND)),
    "closing": (("journal",), _HAND),
}

#: What people.csv may hold, and the roles of names.csv.
PEOPLE_KINDS: Final = ("pupil", "account")

#: Begins the name of a column that is meant to be unknown.
EXTRA: Final = "x_"

#: Stands in a rule of the bells for "none", where an empty cell leaves the matter open.
NOTHING: Final = "-"
