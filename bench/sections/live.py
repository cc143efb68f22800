"""A summary sheet after each entry: kept, in schools of any size, beside made from the beginning."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import edujournal as ej
from bench.classes import CLASS, SUBJECTS, classes, pupil
from bench.figures import Section
from bench.measure import Way, measured
from bench.size import Size

#: Entries of a sample: each is recorded, and the sheet is asked for.
ENTRIES = 24


def _drafts() -> list[ej.PeriodResult]:
    places = [(subject, place) for place in range(1, 25, 2) for subject in SUBJECTS]
    return [
        ej.PeriodResult(
            journal=f"{CLASS}/{subject}/2026", period="q1", pupil=pupil(CLASS, place), value=5
        )
        for subject, place in places[:ENTRIES]
    ]


def _run(number: int, *, live: bool) -> Callable[[], Callable[[], object]]:
    def prepare() -> Callable[[], object]:
        journals = classes(number).journals()
        journals.live.sheet(CLASS)

        def run() -> float:
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

        return run

    return prepare


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
