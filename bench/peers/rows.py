"""An entry as a flat row of columns, for peers that keep entries their own way, and the entry of a row."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from attrs import astuple

from edujournal.model.entries import Entry, Evidence
from edujournal.model.people import Actor

#: Columns of the row, with the kinds of their values: text, whole number, JSON.
COLUMNS: Final[dict[str, str]] = {
    "book": "text",
    "number": "number",
    "kind": "text",
    "about": "text",
    "pupil": "text",
    "said": "json",
    "texts": "json",
    "account": "text",
    "role": "text",
    "behalf": "text",
    "owner": "text",
    "recorded": "number",
    "evidence": "json",
    "client_key": "text",
    "item": "number",
    "act": "number",
    "target": "number",
    "hash": "text",
    "beside": "json",
}

#: What a table of rows is clustered by, so that a page lies together.
CLUSTER: Final = ("book", "about", "pupil", "number")

#: Places of the columns that are JSON.
_JSON: Final = frozenset(at for at, kind in enumerate(COLUMNS.values()) if kind == "json")


def values_of(entry: Entry) -> tuple[Any, ...]:
    """The columns of *entry*, what is JSON as it stands in memory. No pupil is the empty text."""
    by = entry.by
    evidence = None if entry.evidence is None else list(astuple(entry.evidence))
    return (
        entry.book, entry.number, entry.kind, entry.about, entry.pupil or "", dict(entry.values),
        dict(entry.texts), by.account, by.role, by.on_behalf_of, entry.right, entry.at, evidence,
        entry.key, entry.item, entry.act, entry.target, entry.hash, dict(entry.beside),
    )  # fmt: skip


def row_of(entry: Entry) -> tuple[Any, ...]:
    """The same with JSON written, as a database keeps it."""
    return tuple(
        None if value is None else written(value) if at in _JSON else value
        for at, value in enumerate(values_of(entry))
    )


def written(value: Any) -> str:
    """JSON of *value*, as short as it may be."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def entry_from(values: Sequence[Any]) -> Entry:
    """The entry that has these columns, what is JSON as it stands in memory."""
    (book, number, kind, about, pupil, said, texts, account, role, behalf, right, at, evidence,
     key, item, act, target, hash_, beside) = values  # fmt: skip
    return Entry(
        book, number, kind, about, pupil or None, said, texts, Actor(account, role, behalf), right,
        at, None if evidence is None else Evidence(*evidence), key, item, act, target, hash_, beside,
    )  # fmt: skip


def entry_read(row: Sequence[Any]) -> Entry:
    """The entry of a row whose JSON is written."""
    read = json.loads
    return entry_from(
        [
            read(value) if at in _JSON and value is not None else value
            for at, value in enumerate(row)
        ]
    )


def named(values: Sequence[Any]) -> Mapping[str, Any]:
    """Columns by their names."""
    return dict(zip(COLUMNS, values, strict=True))
