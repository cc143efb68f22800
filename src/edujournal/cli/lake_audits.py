"""What the commands over a lake share: its schools, and their findings by an engine or by processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from datetime import UTC, datetime
from functools import partial
from typing import Any

from edujournal.adapters.engines import engine
from edujournal.adapters.exchange.lake import InLake, InStore, Lake
from edujournal.cli.options import PlaceOrLake, check_master, moment
from edujournal.cli.processes import pool
from edujournal.errors import BadInput, Unknown
from edujournal.model.time import instant
from edujournal.regions.bulk import Report, audit_exactly, audit_region
from edujournal.regions.mapping import audit_by_school, map_schools
from edujournal.regions.ports import Engine, OfSchool
from edujournal.rules.verdicts import Finding


def schools_of(place: PlaceOrLake) -> list[InLake]:
    """The schools of a lake that are asked for.

    Raises:
        BadInput: A store is named beside it, or there is no school in it.
        Unknown: It has no such school.
    """
    if place.store or place.school_data or place.keys or place.regulation:
        raise BadInput("a lake brings its own", where="--lake", expected="no store beside it")
    check_master(place)
    if place.workers < 1 or (place.workers > 1 and place.engine == "spark"):
        raise BadInput(
            "no number of processes", where="--workers",
            expected="1 or more; 1 with spark, which has workers of its own",
            found=str(place.workers),
        )  # fmt: skip
    root, school = str(place.lake), place.school
    sources = Lake(root).schools()
    if school is not None:
        known = [one.id for one in sources]
        sources = [one for one in sources if one.id == school]
        if not sources:
            raise Unknown("school", school, known, where=root)
    if not sources:
        raise BadInput("a lake without schools", where=root)
    return sources


def moment_or_now(text: str | None) -> int:
    """The moment that an option names, else now, as UTC microseconds.

    Raises:
        BadInput: It is none.
    """
    asked = moment(text)
    return instant(datetime.now(UTC)) if asked is None else asked


def starts(place: PlaceOrLake) -> Callable[[], Engine] | None:
    """What starts the engine that is asked for; None where every entry is judged."""
    name = place.engine or "duckdb"
    if name == "python":
        return None
    return partial(engine, name, master=place.master) if name == "spark" else partial(engine, name)


def findings_of(
    sources: Sequence[OfSchool], at: int, place: PlaceOrLake, report: Report
) -> Iterator[tuple[OfSchool, list[Finding]]]:
    """The findings of each school, in the order of the schools, as the options of *place* ask.

    Raises:
        StoreError: A process ended before it had answered.
    """
    start = starts(place)
    if place.workers > 1:
        with pool(place.workers) as executor:
            yield from _copied(
                audit_by_school(sources, at, executor, report, start, 2 * place.workers)
            )
        return
    # What is read of a school goes with its copy; a store is read once, and has nothing beside it.
    lent = (one if isinstance(one, InStore) else copy(one) for one in sources)
    if start is None:
        yield from audit_exactly(lent, at, report)
        return
    counting = start()
    try:
        yield from audit_region(lent, at, counting, report)
    finally:
        counting.close()


def mapped(
    work: Callable[..., Any], sources: Sequence[OfSchool], workers: int, *more: Any
) -> Iterator[tuple[OfSchool, Any]]:
    """What *work* gives for each school: here, or in processes where several are asked for.

    Raises:
        StoreError: A process ended before it had answered.
    """
    if workers == 1:
        for source in sources:
            yield source, work(source, *more)
        return
    with pool(workers) as executor:
        yield from _copied(map_schools(executor, work, sources, *more, ahead=2 * workers))


def _copied(found: Iterator[tuple[OfSchool, Any]]) -> Iterator[tuple[OfSchool, Any]]:
    for source, answer in found:
        # A copy, so that what is read of a school goes with it: the list is of all schools.
        yield copy(source), answer
