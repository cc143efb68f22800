"""How much is measured."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from attrs import evolve, frozen


@frozen
class Size:
    """How much is measured.

    Attributes:
        rounds: Rounds of each section.
        starts: Rounds of starting an interpreter.
        audits: Rounds of the audit, whose samples take seconds.
        batch: Marks in a batch.
        books: Entries of the two books that are audited, multiples of 25.
        singles: Commits of one entry in a sample.
        crowd: Commits of one entry by each of many writers in a sample.
        groups: Commits of a hundred entries in a sample.
        schools: Classes and school days of the two schools that are audited from a lake.
        region: Schools, classes of each and school days of the region whose audit's memory is measured.
        great: Classes and school days of the greatest school of which that is measured.
        shelf: Books of 750 entries in the database out of which a page is read.
        classes: Classes of the schools whose summary sheets are kept.
        folder: Where stores are put for a while; None for the system's place.
    """

    rounds: int = 7
    starts: int = 9
    audits: int = 3
    batch: int = 3_000
    books: tuple[int, int] = (3_000, 30_000)
    schools: tuple[tuple[int, int], tuple[int, int]] = ((2, 170), (6, 170))
    region: tuple[int, int, int] = (3, 10, 170)
    great: tuple[int, int] = (30, 170)
    singles: int = 60
    crowd: int = 15
    groups: int = 10
    shelf: int = 200
    classes: tuple[int, ...] = (1, 10, 100)
    folder: Path | None = None


FULL: Final = Size()
QUICK: Final = evolve(
    FULL,
    rounds=3,
    starts=3,
    batch=500,
    books=(500, 5_000),
    singles=20,
    crowd=5,
    groups=3,
    shelf=12,
    classes=(1, 10),
    schools=((1, 20), (2, 40)),
    region=(2, 1, 20),
    great=(2, 40),
)
