"""A summary sheet after each entry: kept, in schools of any size, beside made from the beginning."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import edujournal as ej
from bench.classes import CLASS, SUBJECTS, classes, pupil
from bench.figures import Section
from bench.measure import Way, measured
from bench.school import MINUTE, REGULATION, Hands, lessons, salt, school
from bench.sections.kept import drafts
from bench.size import Size
from edujournal.adapters.schools.plain import PlainSchool
from edujournal.adapters.stores.sql import SqlStore
from edujournal.model.drafts import Draft

#: Entries of a sample: each is recorded, and the sheet is asked for.
ENTRIES = 24


def _drafts() -> list[ej.PeriodResult]:
    return _drafts_of(range(1, 25, 2))[:ENTRIES]


def _drafts_of(places: range) -> list[ej.PeriodResult]:
    return [
        ej.PeriodResult(
            journal=f"{CLASS}/{subject}/2026", period="q1", pupil=pupil(CLASS, place), value=5
        )
        for place in places
        for subject in SUBJECTS
    ]


def _run(number: int, *, live: bool) -> Callable[[], Callable[[], object]]:
    def prepare() -> Callable[[], object]:
        journals = classes(number).journals()
        journals.live.sheet(CLASS)

        def run() -> float:
            return looks(journals, live=live)

        return run

    return prepare


def looks(journals: ej.Journals, *, live: bool = True) -> float:
    """Record one entry after another, and look at the sheet after each: seconds of the looks."""
    took = 0.0
    for draft in _drafts():
        journals.record(draft, by="t-1")
        begun = perf_counter()
        found = journals.live.sheet(CLASS) if live else journals.sheet(CLASS)
        took += perf_counter() - begun
        cell = found.cell(draft.pupil, draft.journal.split("/")[1], "q1")
        assert cell.result is not None
        assert cell.result.value == 5
    return took


def _way(title: str, number: int, *, live: bool) -> Way:
    return Way(title, _run(number, live=live), ENTRIES, ours=True, clocked=True)


def sheets(size: Size) -> Section:
    """The sheet of one class of 25 after each entry of it, in schools of 1, 10 and 100 classes."""
    ways = [_way("journals.sheet, made from the beginning, classes: 1", 1, live=False)]
    ways += [_way(f"journals.live.sheet, classes: {one}", one, live=True) for one in size.classes]
    return measured(
        "live",
        "The summary sheet after an entry",
        "entry",
        ways,
        size.rounds,
        (
            "25 pupils, 12 subjects; half of the first quarter's results are there beforehand.",
            "Measured is the look at the sheet, not the recording; the entry is found in it.",
        ),
    )


def kept(size: Size) -> Section:
    """What it costs to keep sheets with each entry, on SQLite: for marks, and for results."""
    ways = [
        Way(f"record on SQLite, {what}{', sheets kept' if keeps else ''}",
            _recording(drafts, size, keeps=keeps), size.singles, ours=True, clocked=True)
        for what, drafts in (("marks", marks), ("results", results))
        for keeps in (False, True)
    ]  # fmt: skip
    return measured(
        "kept",
        "Durable records one by one, with sheets kept in the same transaction",
        "entry",
        ways,
        size.rounds,
        ("With a mark only its number is kept; with a result, the results of its journal.",),
    )


def marks(number: int) -> tuple[PlainSchool, int, list[ej.Mark]]:
    """A school, a moment, and so many marks."""
    some = lessons(100)
    return school(some), some[-1].starts + 5 * MINUTE, drafts(number)


def results(number: int) -> tuple[PlainSchool, int, list[ej.PeriodResult]]:
    """A school, a moment, and so many results."""
    of = classes(1)
    return of.school, of.at, _drafts_of(range(1, 25))[:number]


def _recording(
    of: Callable[[int], tuple[PlainSchool, int, Sequence[Draft]]], size: Size, *, keeps: bool
) -> Callable[[], Callable[[], object]]:
    def run() -> float:
        with recording(of, size, keeps=keeps) as record:
            begun = perf_counter()
            record()
            return perf_counter() - begun

    return lambda: run


@contextmanager
def recording(
    of: Callable[[int], tuple[PlainSchool, int, Sequence[Draft]]], size: Size, *, keeps: bool
) -> Iterator[Callable[[], None]]:
    """What records drafts one by one on SQLite, the first of them beforehand."""
    data, at, wanted = of(size.singles + 1)
    with (
        TemporaryDirectory(dir=size.folder) as folder,
        SqlStore(f"sqlite:///{Path(folder) / 'ours.db'}") as store,
    ):
        over = ej.Journals(
            store, data, REGULATION, clock=Hands(at), entropy=salt, keeps_sheets=keeps
        )
        over.record(wanted[0], by="t-1")

        def record() -> None:
            for draft in wanted[1:]:
                over.record(draft, by="t-1")

        yield record
