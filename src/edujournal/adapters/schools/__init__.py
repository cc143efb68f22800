"""School data: adapters behind :class:`edujournal.ports.SchoolData`."""

from edujournal.adapters.schools.documents import dump_plain, from_plain, load_plain, to_plain
from edujournal.adapters.schools.kept import keep, keep_regulations, kept_regulations, kept_school
from edujournal.adapters.schools.plain import PlainSchool

__all__ = [
    "PlainSchool",
    "dump_plain",
    "from_plain",
    "keep",
    "keep_regulations",
    "kept_regulations",
    "kept_school",
    "load_plain",
    "to_plain",
]
