"""From the data set's three files to a journal CSV set: days counted from a start become dates."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

SCHOOL = "open-university"
ZONE = "Europe/London"

#: Month in which a presentation begins, on its first day, by the last letter of its name.
MONTHS: Mapping[str, int] = {"B": 2, "J": 10}

#: The learning environment takes works in and knows the day; the data name no person.
INTAKE, INTAKE_ROLE = "vle", "intake"
IMPORTER, IMPORTER_ROLE = "importer", "importer"

#: Kind of work of results that were carried over, and the code of a result without a score.
BANKED, NO_SCORE = "banked", "no-score"

#: Stands for a deadline that is not known.
UNDATED = "?"

Row = Mapping[str, str]


@dataclass(frozen=True)
class Presentation:
    """A module as it was taught once: a journal.

    Attributes:
        module: Code of the module, our subject.
        year: Code of the presentation, our year.
        starts: Its first day.
        days: How long it is.
    """

    module: str
    year: str
    starts: date
    days: int

    @property
    def group(self) -> str:
        """Those who took it."""
        return f"{self.module}-{self.year}"

    @property
    def journal(self) -> str:
        """Its journal."""
        return f"{self.group}/{self.module}/{self.year}"

    @property
    def ends(self) -> date:
        """The day after its last one."""
        return self.day(self.days)

    def day(self, number: int | str) -> date:
        """The date of a day that is counted from the start; those before it are negative."""
        return self.starts + timedelta(days=int(number))


class Source:
    """The data set in *folder*.

    Args:
        folder: Where its files are.
        modules: Take only these modules, by their codes; empty for all.
        limit: Take about so many results, evenly over the file; None for all.
        later: Let every presentation begin so many days later. It changes every date, and no
            difference between two of them.
    """

    def __init__(
        self,
        folder: Path,
        modules: Collection[str] = (),
        limit: int | None = None,
        later: int = 0,
    ) -> None:
        self._folder = folder
        self._modules = modules
        self._limit = limit
        self._later = timedelta(days=later)

    @cached_property
    def presentations(self) -> dict[tuple[str, str], Presentation]:
        """Presentations by module and year."""
        return {
            (row["code_module"], row["code_presentation"]): Presentation(
                row["code_module"],
                row["code_presentation"],
                _start(row["code_presentation"]) + self._later,
                int(row["module_presentation_length"]),
            )
            for row in self._rows("courses")
            if self._is_wanted(row)
        }

    @cached_property
    def assessments(self) -> dict[str, Row]:
        """Assessments by their ids."""
        return {
            row["id_assessment"]: row for row in self._rows("assessments") if self._is_wanted(row)
        }

    @cached_property
    def results(self) -> Sequence[Row]:
        """Results, one for each student and assessment."""
        wanted = self.assessments
        rows = [row for row in self._rows("studentAssessment") if row["id_assessment"] in wanted]
        return rows if self._limit is None else rows[:: max(1, len(rows) // self._limit)]

    def presentation_of(self, assessment: str) -> Presentation:
        """The presentation to which an assessment belongs."""
        row = self.assessments[assessment]
        return self.presentations[row["code_module"], row["code_presentation"]]

    @property
    def unknown(self) -> list[str]:
        """Modules asked for that the data do not have."""
        return sorted(set(self._modules) - {row["code_module"] for row in self._rows("courses")})

    def _is_wanted(self, row: Row) -> bool:
        return not self._modules or row["code_module"] in self._modules

    def _rows(self, name: str) -> Iterator[Row]:
        with (self._folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


def _start(presentation: str) -> date:
    return date(int(presentation[:4]), MONTHS[presentation[4:]], 1)


def write(source: Source, folder: Path) -> None:
    """Write the journal CSV set of *source* into *folder*."""
    for name, columns, rows in (
        ("calendar", ("kind", "id", "year", "set", "type", "since", "until", "zone", "weekdays"),
         _calendar(source)),
        ("groups", ("id", "year", "kind", "periods"), _groups(source)),
        ("people", ("id", "kind", "roles"), _people(source)),
        ("memberships", ("pupil", "group"), _memberships(source)),
        ("assignments", ("account", "group"), ()),
        ("lessons", ("id", "group", "subject", "day", "slot"), ()),
        ("works", ("id", "kind", "journal", "due", "by", "role", "recorded"), _works(source)),
        ("entries",
         ("kind", "work", "journal", "pupil", "value", "code", "by", "role", "recorded"),
         _entries(source)),
    ):  # fmt: skip
        _write(folder / f"{name}.csv", columns, rows)


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


_Cells = Iterator[tuple[object, ...]]


def _calendar(source: Source) -> _Cells:
    """A year for each start, and in it for each module the stretch that its presentation takes."""
    yield "school", SCHOOL, "", "", "", "", "", "", ""
    years: dict[str, list[Presentation]] = {}
    for one in source.presentations.values():
        years.setdefault(one.year, []).append(one)
    for year, some in sorted(years.items()):
        ends = max(one.ends for one in some)
        yield "year", year, "", "", "", some[0].starts, ends, ZONE, ""
        yield "week", "every-day", year, "", "", "", "", "", "1-7"
        for one in some:
            yield "period", "all", year, one.module, "year", one.starts, one.ends, "", ""


def _groups(source: Source) -> _Cells:
    for one in source.presentations.values():
        yield one.group, one.year, "class", one.module


def _people(source: Source) -> _Cells:
    yield INTAKE, "account", INTAKE_ROLE
    yield IMPORTER, "account", IMPORTER_ROLE
    for student in dict.fromkeys(row["id_student"] for row in source.results):
        yield student, "pupil", ""


def _memberships(source: Source) -> _Cells:
    """Who has a result in a presentation took it; the data say nothing else of that."""
    yield from dict.fromkeys(
        (row["id_student"], source.presentation_of(row["id_assessment"]).group)
        for row in source.results
    )


def _work(row: Row) -> str:
    """The work that a result is for. One carried over from an earlier attempt has no term here."""
    assessment = row["id_assessment"]
    return f"{assessment}-{BANKED}" if row["is_banked"] == "1" else assessment


def _works(source: Source) -> _Cells:
    wanted = dict.fromkeys(_work(row) for row in source.results)
    for id, row in source.assessments.items():
        one = source.presentation_of(id)
        due = "" if row["date"] == UNDATED else one.day(row["date"])
        # When a work was declared is not known, and nothing is asked of it.
        yield id, row["assessment_type"], one.journal, due, INTAKE, INTAKE_ROLE, ""
        if f"{id}-{BANKED}" in wanted:
            yield f"{id}-{BANKED}", BANKED, one.journal, "", INTAKE, INTAKE_ROLE, ""


def _entries(source: Source) -> _Cells:
    for row in source.results:
        one = source.presentation_of(row["id_assessment"])
        kind, code = ("mark", "") if row["score"] else ("marker", NO_SCORE)
        yield (
            kind,
            _work(row),
            one.journal,
            row["id_student"],
            row["score"],
            code,
            INTAKE,
            INTAKE_ROLE,
            one.day(row["date_submitted"]),
        )
