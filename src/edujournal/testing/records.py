"""Records for tests of stores: well-formed, chained, and otherwise without meaning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from edujournal.ledger.bytes import encode
from edujournal.ledger.chain import entry_hash
from edujournal.ledger.commitments import seal_texts
from edujournal.ledger.index import index_from
from edujournal.ledger.records import Head, Record

#: The school that tests write to when it does not matter.
SCHOOL = "school-1"

#: The book that tests write to when it does not matter.
BOOK = "journal/7A/alg/2026"

#: When the first of such records was written: a second of 2026, UTC microseconds.
START = 1_789_456_789_012_345


def make_record(
    head: Head = Head(),  # noqa: B008 - immutable
    *,
    school: str = SCHOOL,
    book: str = BOOK,
    text: str | None = None,
    key: str | None = None,
    at: int | None = None,
    **values: Any,
) -> Record:
    """Make the record that follows *head*.

    Args:
        head: Where the book ends.
        school: Id of the school.
        book: Name of the book.
        text: A text to commit to and to keep beside the body, or None.
        key: Client key, or None.
        at: When it was recorded, UTC microseconds; a microsecond after the record before it by default.
        values: What the entry says.

    *Version added: 0.1.*
    """
    number = head.number + 1
    body: dict[str, Any] = {
        "v": 1,
        "school": school,
        "year": "2026",
        "book": book,
        "n": number,
        "kind": "mark",
        "about": f"lesson:7A-alg-{number // 25:04}",
        "pupil": f"p-{number % 25}",
        "by": {"account": "t-ivanova", "role": "teacher", "right": "2.3"},
        "at": START + number if at is None else at,
        "zone": "Asia/Yekaterinburg",
        "tzdata": "2026f",
        "act": number,
        "item": 0,
        "values": {"kind": "oral", "value": "5", **values},
        "calendar": "ca" * 32,
        "regulation": [{"digest": "5e" * 32, "id": "ru-school26-2023"}],
    }
    if key is not None:
        body["key"] = key
    private = None
    if text is not None:
        body["texts"], private = seal_texts({"comment": text}, [number.to_bytes(16)])
    data = encode(body)
    return Record(book, number, entry_hash(head.hash, data), data, private, index_from(body))


def make_records(head: Head, count: int, **options: Any) -> list[Record]:
    """Make the *count* records that follow *head*; see :func:`make_record`.

    *Version added: 0.1.*
    """
    made: list[Record] = []
    for _ in range(count):
        made.append(make_record(head, **options))
        head = head_of(made)
    return made


def head_of(records: Sequence[Record]) -> Head:
    """Where a book of *records* ends.

    *Version added: 0.1.*
    """
    return Head(records[-1].number, records[-1].hash) if records else Head()
