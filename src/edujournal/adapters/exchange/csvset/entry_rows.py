"""Records as rows of ``works.csv`` and ``entries.csv``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from edujournal.adapters.exchange.csvset import cells
from edujournal.adapters.exchange.csvset.changes import WORK_TARGET
from edujournal.adapters.exchange.csvset.columns import ENTRIES, ENTRY_ROWS, WORKS
from edujournal.adapters.exchange.csvset.drafting import TEXTS, VALUES
from edujournal.errors import BadInput
from edujournal.model.drafts import Draft
from edujournal.model.entries import Content, Entry, Evidence
from edujournal.model.facts import Facts
from edujournal.model.ids import split_about, year_of_book
from edujournal.model.time import zone
from edujournal.planning import book_of

#: Columns that the name of an occasion goes to, by its kind.
_ABOUT: Final = {
    "event": "event",
    "grant": "id",
    "group": "group",
    "journal": "journal",
    "lesson": "lesson",
    "period": "period",
    "section": "section",
    "waiver": "id",
    "work": "work",
}

#: Columns that values go to, where the name is another, or the kind of record decides.
_COLUMNS: Final[Mapping[str, Mapping[str, str]]] = {
    "excuse": {"day": "since"},
    "mark": {"kind": "work_kind"},
    "homework": {"none": "none_set"},
    "result": {"marker": "code"},
}

#: Columns that texts go to, where the name is another.
_TEXT_COLUMNS: Final = {
    "comment": "text",
    "document": "text",
    "ground": "text",
    "message": "text",
    "task": "text",
    "topic": "text",
}

#: Values that are instants.
_INSTANTS: Final[Mapping[str, tuple[str, ...]]] = {
    "disclosure": ("noticed",),
    "grant": ("since", "until"),
    "waiver": ("since", "until"),
}

#: Values that are no cell as they stand: worked out when it was recorded, or another's number. A basis
#: names records by their hashes, and these are other ones in every other store.
_REFERRING: Final = ("basis", "needs", "retake")


class EntryRows:
    """Turns records into rows, one after another; it remembers what changes may speak of.

    Args:
        facts: What the school's data says.
    """

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._kinds: dict[str, str] = {}
        self._works: dict[str, str] = {}
        self._made: set[str] = set()

    def leaves_out(self, record: Draft | Entry) -> bool:
        """Tell whether a record is none of a CSV set: time made it, and a tick makes it again."""
        if not isinstance(record, Entry) or "because" not in record.values:
            return False
        self._made.add(f"{record.book}#{record.number}")
        return True

    def row(self, record: Draft | Entry) -> tuple[str, dict[str, Any]]:
        """The file and the row of a record.

        Raises:
            BadInput: It cannot be said in a CSV set.
        """
        if isinstance(record, Entry):
            return self._of_entry(record)
        content, evidence = record.content(), record.evidence
        if evidence is None:
            raise BadInput(
                "a draft of which nothing is known",
                where=content.kind,
                expected="evidence=, if only Evidence()",
            )
        if content.target is not None or "retake" in content.values:
            raise BadInput(
                "a draft that speaks of an entry by its number",
                where=content.kind,
                mend="Hand over the entries of the book instead.",
            )
        row = self._fill(content, evidence, book_of(content, self._facts))
        row["lesson"] = content.lesson
        if content.journal is not None:
            row["journal"] = content.journal
        return self._named(content.kind, content.about, row)

    def _of_entry(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        name = f"{entry.book}#{entry.number}"
        self._kinds[name] = entry.kind
        evidence = entry.evidence
        if evidence is None:
            role = None if entry.by.role == "none" else entry.by.role
            evidence = Evidence(entry.at, entry.at + 1, entry.author, role)
        content = Content(
            entry.kind,
            entry.about,
            entry.pupil,
            {key: value for key, value in entry.values.items() if key not in _REFERRING},
            {key: text for key, text in entry.texts.items() if text is not None},
            entry.target,
        )
        row = self._fill(content, evidence, entry.book)
        kind, id = split_about(entry.about)
        row["lesson"] = id if kind == "lesson" else entry.values.get("lesson")
        if row["lesson"] is None and entry.target is None and entry.book.startswith("journal/"):
            row["journal"] = entry.book.removeprefix("journal/")
        if entry.kind == "work":
            self._works[name] = f"{entry.book.removeprefix('journal/')}/{id}"
        elif entry.kind not in ("waiver", "grant"):
            row["id"] = name
        if "retake" in entry.values:
            row["retake"] = self._target(name, f"{entry.book}#{entry.values['retake']}")
        if entry.target is not None:
            target = f"{entry.book}#{entry.target}"
            row["target"] = self._target(name, target)
            if entry.kind == "confirmation":
                row["lesson"] = id
            else:
                row["lesson"] = row["pupil"] = None
                return self._change(entry, target, row)
        return self._named(entry.kind, entry.about, row)

    def _target(self, name: str, target: str) -> str:
        if target in self._works:
            return WORK_TARGET + self._works[target]
        if target in self._made:
            raise BadInput(
                "a change of what time made",
                where=name,
                expected="a change of what somebody recorded",
                mend="What time made is left out of a CSV set; it is made again by a tick.",
            )
        if target not in self._kinds:
            raise BadInput(
                "a change of an entry that is not there",
                where=name,
                expected=target,
                mend="Hand over the entries of a book from its first one on.",
            )
        return target

    def _named(self, kind: str, about: str, row: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """The row with the name of its occasion, in the right file."""
        if kind not in ENTRY_ROWS and kind != "work":
            raise BadInput(f"a {kind} is not part of a CSV set", where=about)
        noun, id = split_about(about)
        if noun == "subject":
            return ENTRIES.name, {**row, "kind": kind}  # the journal's own
        if kind == "work":
            row["kind"] = row.pop("work_kind", None)
            return WORKS.name, {**row, "id": id}
        return ENTRIES.name, {**row, "kind": kind, _ABOUT[noun]: id}

    def _fill(self, content: Content, evidence: Evidence, book: str) -> dict[str, Any]:
        """The cells of values, texts, hand and recording."""
        kind = content.kind
        clocks = zone(self._facts.calendar(year_of_book(book)).zone)
        row: dict[str, Any] = {
            "pupil": content.pupil,
            "by": evidence.author,
            "role": evidence.role,
            "recorded": cells.shown_recorded(evidence, clocks) or None,
            "source": evidence.source or None,
        }
        if kind in ("correction", "annulment", "approval"):
            row["reason"] = content.texts.get("reason")
            return row
        columns = _COLUMNS.get(kind, {})
        for name, value in content.values.items():
            if name in _INSTANTS.get(kind, ()):
                row[name] = cells.fine(value, clocks)
            else:
                column = (
                    "work_kind" if kind == "work" and name == "kind" else columns.get(name, name)
                )
                row[column] = _shown(name, value)
        for name, text in content.texts.items():
            row["title" if name == "title" else _TEXT_COLUMNS.get(name, name)] = text
        if kind == "closing":
            row.pop("year")
        if kind == "grant":
            row.pop("year")
        return row

    def _change(self, entry: Entry, target: str, row: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """The cells of a correction, by the kind of what it corrects."""
        kind = self._kinds[target]
        cleared: list[str] = []
        columns = {name: column for column, name in VALUES.get(kind, {}).items()}
        change = entry.values.get("change", {})
        for name, value in change.items():
            if name == "basis" and len(change) > 1:
                continue
            if name not in columns:
                raise BadInput(
                    f"a correction of {name!r} of a {kind} is not part of a CSV set",
                    where=f"{entry.book}#{entry.number}",
                    expected=", ".join(sorted(columns)),
                )
            if value is None:
                cleared.append(columns[name])
            else:
                row[columns[name]] = _shown(name, value)
        texts = {name: column for column, name in TEXTS.get(kind, {}).items()}
        for name, text in entry.texts.items():
            new = name.removeprefix("new.")
            if new == name:
                continue
            if text:
                row[texts[new]] = text
            else:
                cleared.append(texts[new])
        return ENTRIES.name, {
            **row,
            "kind": entry.kind,
            "cleared": cells.joined(cleared) or None,
        }


def _shown(name: str, value: Any) -> Any:
    """A value as a cell."""
    if name in ("points", "value", "weight"):
        return cells.shown_value(value)
    if name == "absent":
        return cells.shown_absentees(value) or None
    if name in ("examiners", "clauses", "journals"):
        return cells.joined(value)
    return value
