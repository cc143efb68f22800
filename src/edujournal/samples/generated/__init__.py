"""Schools made by number and seed: believable, as many as wanted, with all that an audit must find.

What is drawn hangs on the seed and on the school's number alone, so that any school of a region
can be made by itself, and comes out the same everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from edujournal.samples.generated.school import Size, generated_school
from edujournal.samples.generated.year import Kept, keep_year

__all__ = ["Kept", "Size", "generate", "generate_one"]


def generate(schools: int, seed: int = 1, size: Size | None = None) -> Iterator[Kept]:
    """Make schools one after another, each with its books and its ground truth.

    Args:
        schools: How many.
        seed: What chance hangs on.
        size: How great each of them is; thirty classes and a whole year by default.

    Yields:
        Schools, in order; nothing of an earlier one is kept.

    *Version added: 0.1.*
    """
    for number in range(1, schools + 1):
        yield generate_one(number, seed, size)


def generate_one(number: int, seed: int = 1, size: Size | None = None) -> Kept:
    """Make one school of those that :func:`generate` makes.

    Args:
        number: Which, from 1 on.
        seed: What chance hangs on.
        size: How great it is; thirty classes and a whole year by default.

    *Version added: 0.1.*
    """
    return keep_year(generated_school(number, seed, size or Size()), seed)
