"""School by school: the audit of a region by an executor that the host brings, wherever it calls."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, Protocol, TypeVar

from edujournal.errors import BadInput
from edujournal.regions.bulk import Report, audit_exactly, audit_region
from edujournal.regions.ports import Engine, OfSchool, Source
from edujournal.rules.verdicts import Finding

T = TypeVar("T")

#: Schools that are under way or wait to be fetched at one time, where nobody says how many.
AHEAD: Final = 8


class Promise(Protocol):
    """What an executor gives for a call: the shape of ``concurrent.futures.Future``.

    *Version added: 0.1.*
    """

    def result(self) -> Any:
        """Wait for what the call returns, or raise what it raised."""

    def cancel(self) -> Any:
        """Give the call up, if it has not begun."""


class Executes(Protocol):
    """What calls functions elsewhere: the shape of ``concurrent.futures.Executor``.

    A pool of processes has it, and so have the clients of engines that spread work over machines.
    Functions, arguments and results are pickled.

    *Version added: 0.1.*
    """

    def submit(self, fn: Callable[..., Any], /, *args: Any) -> Promise:
        """Have a function called."""


def map_schools(
    executor: Executes,
    work: Callable[..., T],
    schools: Iterable[OfSchool],
    *more: Any,
    ahead: int = AHEAD,
) -> Iterator[tuple[OfSchool, T]]:
    """Have *work* called with each school, and give what it returns in the order of the schools.

    No more than *ahead* schools are under way at one time, or finished and not yet taken: what is held
    does not grow with the number of schools. Who stops taking gives up what has not begun.

    Args:
        executor: What calls.
        work: A function of a module, since it is sent by its name.
        schools: The schools.
        more: What else it is called with.
        ahead: How many schools at one time; as many as there are processes, at least.

    Raises:
        BadInput: *ahead* is less than 1.

    *Version added: 0.1.*
    """
    if ahead < 1:
        raise BadInput("no school at a time", where="ahead", expected="1 or more", found=str(ahead))
    return _mapped(executor, work, schools, more, ahead)


def _mapped(
    executor: Executes,
    work: Callable[..., T],
    schools: Iterable[OfSchool],
    more: tuple[Any, ...],
    ahead: int,
) -> Iterator[tuple[OfSchool, T]]:
    waiting: deque[tuple[OfSchool, Promise]] = deque()
    left = iter(schools)
    try:
        while True:
            while len(waiting) < ahead and (school := next(left, None)) is not None:
                waiting.append((school, executor.submit(work, school, *more)))
            if not waiting:
                return
            school, promise = waiting.popleft()
            yield school, promise.result()
    finally:
        for _, promise in waiting:
            promise.cancel()


def audit_school(
    source: Source, at: int, start: Callable[[], Engine] | None = None
) -> tuple[list[Finding], Report]:
    """Audit one school by itself.

    Args:
        source: The school.
        at: Instant that parts pending from missing, UTC microseconds.
        start: Starts what joins its columns; None to judge entry by entry.

    Returns:
        Its findings in the one order, and how they were come by.

    *Version added: 0.1.*
    """
    report = Report()
    if start is None:
        ((_, found),) = audit_exactly([source], at, report)
        return found, report
    counting = start()
    try:
        ((_, found),) = audit_region([source], at, counting, report)
    finally:
        counting.close()
    return found, report


def audit_by_school(
    sources: Iterable[OfSchool],
    at: int,
    executor: Executes,
    report: Report,
    start: Callable[[], Engine] | None = None,
    ahead: int = AHEAD,
) -> Iterator[tuple[OfSchool, list[Finding]]]:
    """Audit every school of a region, each by itself, wherever *executor* has it done.

    The findings, and their order, are those of :func:`~edujournal.regions.bulk.audit_region`. Those of
    a school come when it is its turn: write them away, and no more than *ahead* schools' are held.

    Args:
        sources: The schools; each must be readable where it is audited.
        at: Instant that parts pending from missing, UTC microseconds.
        executor: What audits elsewhere.
        report: Takes down how it was come by.
        start: Starts what joins the columns of a school, a function that can be pickled; None to judge
            entry by entry.
        ahead: How many schools at one time; as many as there are processes, at least.

    Raises:
        BadInput: *ahead* is less than 1.

    *Version added: 0.1.*
    """
    for source, (found, told) in map_schools(
        executor, audit_school, sources, at, start, ahead=ahead
    ):
        report.add(told)
        yield source, found
