"""School data: adapters behind :class:`edujournal.ports.SchoolData`."""

from edujournal.adapters.schools.plain import PlainSchool

__all__ = ["PlainSchool"]
