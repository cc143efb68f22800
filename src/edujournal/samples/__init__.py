"""A believable school, made up: for the tour, the documentation and first steps.

Nothing here is random and nothing reads a clock: the same school comes out everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from edujournal.adapters.schools.plain import PlainSchool

__all__ = ["school"]


def school(classes: Iterable[str] | None = None) -> PlainSchool:
    """Give the sample school: its year 2026, and the lessons of its first quarter.

    Six classes (``3A``, ``5A``, ``7A``, ``7B``, ``10A``, ``10B``) with 84 pupils, ``p-1`` to ``p-84``,
    in two shifts, with subgroups for English, a stream across the tenth classes and an individual
    plan. Teachers are ``t-ivanova`` and fourteen others; ``head``, ``deputy``, ``support`` and
    ``importer`` act for the school, ``g-17`` is the guardian of ``p-17``. A lesson's id is its group,
    subject, month and day: ``7A-alg-0915``.

    Args:
        classes: Only these classes, with their subgroups and all that goes with them.

    Returns:
        The same object for the same classes.

    Raises:
        Unknown: There is no such class.

    *Version added: 0.1.*
    """
    return _school(None if classes is None else tuple(sorted(set(classes))))


@lru_cache(maxsize=8)
def _school(classes: tuple[str, ...] | None) -> PlainSchool:
    from edujournal.samples.building import build

    return build(classes)
