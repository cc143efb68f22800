"""From records to rows: the index of an entry, what it says, and what rules can tell apart of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from edujournal.ledger.bytes import encode
from edujournal.ledger.records import Record
from edujournal.model.entries import CHANGES, Entry
from edujournal.model.ids import year_of_book
from edujournal.regions.columnar import PLAIN, SHORT
from edujournal.writing import entry_of

#: Kinds that speak of one occasion and of nothing beside it.
LOCAL: Final = frozenset(
    {
        *PLAIN,
        "annulment",
        "comment",
        "confirmation",
        "correction",
        "makeup",
        "marker",
        "substitution",
    }
)

#: What they may be about; a marker for the subject reaches what is said of its pupil, and no others.
_PLACES: Final = frozenset({"lesson", "period", "subject", "work"})

#: Values by which an entry leans on others of its book, wherever they stand.
_FAR: Final = frozenset({"basis", "because", "needs", "retake"})

#: Values by which an entry leans on what else is there about its occasion.
_NEAR: Final = frozenset({"handed_in", "marker", "scale"})

#: Values of which a rule that reads the entry alone can only ask whether they are there.
_THERE: Final = frozenset({"due", "held", "lesson", "plan"})


def row_of(
    record: Record, region: str, school: str, entry: Entry | None = None
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The row of an entry, and the rows of the absences that it tells of.

    Args:
        record: What keeps the entry.
        region: Name of the region.
        school: Id of the school.
        entry: The entry, if it has been read already.

    Raises:
        StoreDamaged: A text does not match its commitment.
        BadInput: The body is not canonical.
    """
    if entry is None:
        entry = entry_of(record)
    shared = {"region": region, "school": school, "year": year_of_book(entry.book)}
    value = entry.values.get("value")
    row = {
        **shared,
        "book": entry.book,
        "number": entry.number,
        "act": entry.act,
        "kind": entry.kind,
        "about": entry.about,
        "pupil": entry.pupil,
        "account": entry.author,
        "role": entry.role,
        "recorded": entry.at,
        "lo": entry.lo,
        "hi": entry.hi,
        "target": entry.target,
        "variety": str(entry.values.get("kind") or entry.values.get("stage") or ""),
        "value": None if value is None else str(value),
        "leans": leaning(entry),
        "sign": sign_of(entry),
        "hash": record.hash,
        "body": record.body,
        "private": record.private,
    }
    return row, [
        {**shared, "book": entry.book, "number": entry.number, "about": entry.about, **absence}
        for absence in _absences(entry)
    ]


def leaning(entry: Entry) -> str:
    """On how much else *entry* leans: ``no`` other, those of its ``place``, or those of its ``book``.

    One that leans on none changes, answers and repeats nothing, nothing is said of an earlier
    recording, and the hand acts for nobody else.
    """
    said = {**entry.values, **entry.values.get("change", {})}
    place = entry.about.partition(":")[0]
    if entry.kind not in LOCAL or _FAR & said.keys() or place not in _PLACES:
        return "book"
    if entry.kind in CHANGES and (place == "work" or "lesson" in said):
        return "book"
    if (
        entry.kind not in PLAIN
        or entry.evidence is not None
        or entry.target is not None
        or entry.by.on_behalf_of is not None
        or _NEAR & said.keys()
        # What a substitute did is void when the lesson named is declined, another than the work's.
        or (entry.role == "substitute" and "lesson" in said)
    ):
        return "place"
    return "no"


def sign_of(entry: Entry) -> str:
    """What a rule can tell apart of two plain entries of one kind by what they say themselves.

    Of what it is about the kind: a lesson, a work, a period. Values stand as they are; of days, plans
    and lessons only whether they are named; of absentees the codes; of texts those that are short and
    without a digit, in small letters, since a regulation may call them empty, and of longer ones that
    they are there.
    """
    if leaning(entry) != "no":
        return ""
    values: dict[str, Any] = {}
    for name, value in entry.values.items():
        if name in _THERE:
            values[name] = True
        elif name == "absent":
            values[name] = sorted({row["code"] for row in value})
        else:
            values[name] = value
    place = entry.about.partition(":")[0]
    return encode({"place": place, "texts": _texts(entry.texts), "values": values}).decode()


def _texts(texts: Mapping[str, str | None]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, text in texts.items():
        said = None if text is None else text.strip().casefold()
        long = said is not None and (len(said) > SHORT or any(map(str.isdigit, said)))
        found[name] = True if long else said
    return found


def _absences(entry: Entry) -> Iterator[dict[str, Any]]:
    if entry.kind == "roll":
        for row in entry.values.get("absent", ()):
            yield {"pupil": row["pupil"], "code": row["code"]}
