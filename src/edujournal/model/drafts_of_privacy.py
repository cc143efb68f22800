"""Drafts about texts and the people in them: erasing, restricting, lifting a restriction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import field, frozen

from edujournal.errors import BadInput
from edujournal.model.draft_forms import entry_number, without_none
from edujournal.model.entries import Content, Evidence
from edujournal.model.forms import formed
from edujournal.model.ids import about, check_id, year_of_book

#: Numbers of entries by the name of their book.
Entries = Mapping[str, Iterable[int]]


def _rows(entries: Entries, year: str, where: str) -> list[dict[str, Any]]:
    """Rows of book and number, ordered; what is named has to be something, and of one year."""
    rows = []
    for book in sorted(entries):
        if year_of_book(book) != year:
            raise BadInput(
                "a book of another year", where=f"{where}.records", expected=f"…/{year}",
                found=book, mend="Make one act for each year: its school book keeps it.",
            )  # fmt: skip
        rows += [
            {"book": book, "n": entry_number(number, f"{where}.records")}
            for number in sorted(set(entries[book]))
        ]
    if not rows:
        raise BadInput("no entries are named", where=f"{where}.records", expected="book → numbers")
    return rows


@frozen(kw_only=True, field_transformer=formed)
class Erasure:
    """The texts of some entries are destroyed, with their salts; the entries stay.

    Recording it is what erases. The texts of corrections of these entries go with them.

    Source: clause 1.7. *Version added: 0.1.*

    Attributes:
        id: Name of the act.
        year: Academic year, whose school book keeps it.
        records: Book → numbers of the entries.
        ground: Why, as typed.
        pupil: Pupil at whose instance, or in whose interest; None if nobody's in particular.
        taken: Book → number → kind of record, of all whose texts go; left empty by callers.
    """

    id: str
    year: str
    records: Entries = field(hash=False)
    ground: str = field(repr=False)
    pupil: str | None = None
    taken: Mapping[str, Mapping[int, str]] = field(factory=dict, hash=False)
    evidence: Evidence | None = None

    def content(self) -> Content:
        """What it says, in the shape in which bodies keep it."""
        taken = [
            {"book": book, "kind": kinds[number], "n": number}
            for book, kinds in sorted(self.taken.items())
            for number in sorted(kinds)
        ]
        values = without_none(
            {
                "records": _rows(self.records, self.year, "Erasure"),
                "taken": taken or None,
                "year": self.year,
            }
        )
        return Content(
            "erasure", about("erasure", check_id(self.id, "erasure")), self.pupil, values,
            {"ground": self.ground},
        )  # fmt: skip


@frozen(kw_only=True, field_transformer=formed)
class Restriction:
    """The texts of some entries are hidden in every view and stay in the book, until it is lifted.

    Source: clause 1.7. *Version added: 0.1.*

    Attributes:
        id: Name of the restriction.
        year: Academic year, whose school book keeps it.
        records: Book → numbers of the entries.
        ground: Why, as typed.
        pupil: Pupil at whose instance, or in whose interest; None if nobody's in particular.
    """

    id: str
    year: str
    records: Entries = field(hash=False)
    ground: str = field(repr=False)
    pupil: str | None = None
    evidence: Evidence | None = None

    def content(self) -> Content:
        """What it says, in the shape in which bodies keep it."""
        values = {"records": _rows(self.records, self.year, "Restriction"), "year": self.year}
        return Content(
            "restriction", about("restriction", check_id(self.id, "restriction")), self.pupil,
            values, {"ground": self.ground},
        )  # fmt: skip


@frozen(kw_only=True, field_transformer=formed)
class Release:
    """A restriction is lifted: what it hid is shown again.

    Source: clause 1.7. *Version added: 0.1.*

    Attributes:
        id: Name of the restriction.
        year: Academic year of the restriction.
        ground: Why, as typed.
    """

    id: str
    year: str
    ground: str = field(repr=False)
    evidence: Evidence | None = None

    def content(self) -> Content:
        """What it says, in the shape in which bodies keep it."""
        return Content(
            "release", about("restriction", check_id(self.id, "restriction")),
            values={"year": self.year}, texts={"ground": self.ground},
        )  # fmt: skip
