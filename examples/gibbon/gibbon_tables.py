"""The tables of the demo school as Gibbon has them, with what several of them say together."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path

#: Subject of a timetabled class that the list of classes does not have.
NO_COURSE = "no-course"

Row = Mapping[str, str]


class Tables:
    """The tables in *folder*. Ids are texts; they begin with zeros.

    Raises:
        OSError: A table is not there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def rows(self, table: str) -> list[Row]:
        """The rows of one table."""
        path = self._folder / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    # -- time --------------------------------------------------------------------------------------

    @cached_property
    def cycle(self) -> dict[str, str]:
        """Name of each day of the cycle, in their order."""
        return {row["gibbonTTDayID"]: row["nameShort"] for row in self.rows("gibbonTTDay")}

    @cached_property
    def dates(self) -> dict[date, str]:
        """Which date is which day of the cycle, by its name."""
        return {
            date.fromisoformat(row["date"]): self.cycle[row["gibbonTTDayID"]]
            for row in self.rows("gibbonTTDayDate")
        }

    @cached_property
    def bells(self) -> list[Row]:
        """Bells of lessons, in the order of the day; breaks, tutorials and activities are none."""
        rows = [row for row in self.rows("gibbonTTColumnRow") if row["type"] == "Lesson"]
        return sorted(rows, key=lambda row: (row["gibbonTTColumnID"], row["timeStart"]))

    @cached_property
    def slots(self) -> dict[str, int]:
        """Number of each bell among the lessons of its day, from 1."""
        count: Counter[str] = Counter()
        found = {}
        for row in self.bells:
            count[row["gibbonTTColumnID"]] += 1
            found[row["gibbonTTColumnRowID"]] = count[row["gibbonTTColumnID"]]
        return found

    @cached_property
    def cells(self) -> list[Row]:
        """Cells of the timetable that stand at a lesson's bell."""
        return [
            row
            for row in self.rows("gibbonTTDayRowClass")
            if row["gibbonTTColumnRowID"] in self.slots
        ]

    # -- groups ------------------------------------------------------------------------------------

    @cached_property
    def forms(self) -> dict[str, Row]:
        """Form groups."""
        return {row["gibbonFormGroupID"]: row for row in self.rows("gibbonFormGroup")}

    @cached_property
    def courses(self) -> dict[str, Row]:
        """Courses."""
        return {row["gibbonCourseID"]: row for row in self.rows("gibbonCourse")}

    @cached_property
    def classes(self) -> dict[str, Row]:
        """Course classes."""
        return {row["gibbonCourseClassID"]: row for row in self.rows("gibbonCourseClass")}

    @cached_property
    def subjects(self) -> dict[str, str]:
        """Course of each class that has lessons."""
        ids = sorted({cell["gibbonCourseClassID"] for cell in self.cells})
        return {
            id: self.classes[id]["gibbonCourseID"] if id in self.classes else NO_COURSE
            for id in ids
        }

    def title(self, id: str) -> str:
        """What people call a class that has lessons."""
        if id not in self.classes:
            return ""
        return f"{self.courses[self.subjects[id]]['nameShort']}.{self.classes[id]['nameShort']}"

    # -- people ------------------------------------------------------------------------------------

    @cached_property
    def teachers(self) -> dict[str, list[str]]:
        """Teachers of each class that has lessons; some have several, one has none."""
        return self._people("Teacher")

    @cached_property
    def pupils(self) -> dict[str, list[str]]:
        """Pupils of each class that has lessons; some have none."""
        return self._people("Student")

    def _people(self, role: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {id: [] for id in self.subjects}
        for row in self.rows("gibbonCourseClassPerson"):
            if row["role"] == role and row["gibbonCourseClassID"] in found:
                found[row["gibbonCourseClassID"]].append(row["gibbonPersonID"])
        return found

    @cached_property
    def forms_of(self) -> dict[str, tuple[str, ...]]:
        """The forms from which the pupils of each class come; a few pupils belong to none."""
        form = {
            row["gibbonPersonID"]: row["gibbonFormGroupID"]
            for row in self.rows("gibbonStudentEnrolment")
        }
        found: dict[str, set[str]] = defaultdict(set)
        for id, pupils in self.pupils.items():
            found[id] |= {form[pupil] for pupil in pupils if pupil in form}
        return {id: tuple(sorted(forms)) for id, forms in found.items()}
