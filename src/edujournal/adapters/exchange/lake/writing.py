"""Writing a lake: what has come since the last time, school by school; a failure loses nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from glob import escape
from pathlib import Path
from typing import Any, Final

from attrs import evolve

from edujournal.adapters.exchange.lake.layout import (
    ABSENCES,
    ENTRIES,
    PLACE,
    ROW_GROUP,
    arrow,
    begin,
    documents,
    named,
    part,
    schema,
)
from edujournal.adapters.exchange.lake.rows import row_of
from edujournal.adapters.schools.documents import replace_file, to_json
from edujournal.adapters.schools.plain import PlainSchool
from edujournal.errors import BadInput
from edujournal.following import follow
from edujournal.ledger.bytes import decode, encode
from edujournal.ledger.erasures import ERASURE, rows_of
from edujournal.ledger.records import Record
from edujournal.model.ids import is_log, year_of_book
from edujournal.ports import Store
from edujournal.writing import entry_of

_CURSOR: Final = "cursor.json"


def export(
    root: Path,
    store: Store,
    school: PlainSchool,
    regulations: Sequence[bytes],
    region: str = "",
    municipality: str | None = None,
) -> int:
    """Bring what has come into the books of a school since the last export into a lake.

    Each export of a school writes files of its own, and notes how far it came when they are there:
    one that failed is repeated by the next. Where texts have been erased meanwhile, all of the
    school is written anew, so that the lake has no text that the store has not.

    Args:
        root: Folder of the lake; made if it is not there.
        store: Any store.
        school: The school's data; replaces what the lake has of it.
        regulations: Texts of the regulations, as TOML.
        region: Name of the region; "-" where there is none.
        municipality: Name of the municipality, by which a region is summed up; None leaves what the
            lake has.

    Returns:
        How many entries were written.

    Raises:
        BadInput: The folder holds something else, or the school in another region.
        StoreError: What the store says.

    *Version added: 0.1.*
    """
    begin(root)
    region = region or "-"
    place = documents(root, region, school.id)
    _only_in(root, place)
    cursor, done = _noted(place)
    fresh, last = _after(store, school.id, cursor)
    if cursor and any(record.index.kind == ERASURE for record in fresh):
        done = 0
        fresh, last = _after(store, school.id, "")
    _forget(root, region, school.id, done)
    _write(root, region, school.id, done + 1, fresh)
    place.mkdir(parents=True, exist_ok=True)
    replace_file(place / "school.json", to_json(school))
    if municipality is not None:
        replace_file(place / PLACE, encode({"municipality": municipality or "-"}) + b"\n")
    for number, text in enumerate(regulations, 1):
        replace_file(place / f"regulation-{number}.toml", text)
    for file in place.glob("regulation-*.toml"):
        if int(file.stem.partition("-")[2]) > len(regulations):
            file.unlink()
    replace_file(place / _CURSOR, encode({"cursor": last, "parts": done + 1}) + b"\n")
    return len(fresh)


def write_truth(root: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Put what an audit must find beside a lake that was made.

    Args:
        root: Folder of the lake.
        rows: The findings, as rows with the same columns.
    """
    pa = arrow()
    table = pa.Table.from_pylist(list(rows))
    pa.parquet.write_table(table, root / "truth.parquet", compression="zstd")


def _noted(place: Path) -> tuple[str, int]:
    """How far the last export came: the cursor, and how many files each year has at most."""
    file = place / _CURSOR
    if not file.exists():
        return "", 0
    try:
        found = decode(file.read_bytes().strip())
        return str(found["cursor"]), int(found["parts"])
    except (BadInput, KeyError, TypeError, ValueError) as error:
        raise BadInput("not a note of an export", where=str(file), found=str(error)) from error


def _only_in(root: Path, place: Path) -> None:
    """Make sure that no other region of the lake has the school of *place*."""
    for other in sorted((root / "schools").glob(f"region=*/{escape(place.name)}/{_CURSOR}")):
        if other.parent != place:
            raise BadInput(
                "a school in two regions", where=str(root),
                expected=f"{named(place)} in region {named(other.parent.parent)}",
                found=named(place.parent),
                mend="Export it under its old region, or take its folders of the old one away.",
            )  # fmt: skip


def _after(store: Store, school: str, cursor: str) -> tuple[list[Record], str]:
    fresh, last = [], cursor
    for after, record in follow(store, school, cursor):
        last = after
        if not is_log(record.book):
            fresh.append(record)
    return _without(fresh), last


def _without(records: list[Record]) -> list[Record]:
    """*records* without the texts that erasures among them take.

    An erasure is on record before its texts are gone from the store: the lake does not wait for that,
    since the next export would begin after the act.
    """
    gone = {
        row
        for record in records
        if record.index.kind == ERASURE
        for row in rows_of(entry_of(record).values)
    }
    return [evolve(one, private=None) if (one.book, one.number) in gone else one for one in records]


def _forget(root: Path, region: str, school: str, done: int) -> None:
    """Take away the files of an export that did not come to its end, or of all of them."""
    for table in ("entries", "absences"):
        there = part(root, table, region, school, "-", 1).parent.parent
        for file in there.glob("year=*/part-*.parquet") if there.exists() else ():
            if int(file.stem.partition("-")[2]) > done:
                file.unlink()


def _write(root: Path, region: str, school: str, number: int, records: list[Record]) -> None:
    years: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        years[year_of_book(record.book)].append(record)
    for year, some in sorted(years.items()):
        some.sort(key=lambda one: (one.book, one.number))
        _write_year(root, region, school, year, number, some)


def _write_year(
    root: Path, region: str, school: str, year: str, number: int, records: list[Record]
) -> None:
    pa = arrow()
    absences: list[dict[str, Any]] = []

    def blocks() -> Iterator[Any]:
        for first in range(0, len(records), ROW_GROUP):
            rows = []
            for record in records[first : first + ROW_GROUP]:
                row, missed = row_of(record, region, school)
                rows.append(row)
                absences.extend(missed)
            yield pa.Table.from_pylist(rows, schema=schema(ENTRIES))

    _put(part(root, "entries", region, school, year, number), schema(ENTRIES), blocks())
    table = pa.Table.from_pylist(absences, schema=schema(ABSENCES))
    _put(part(root, "absences", region, school, year, number), schema(ABSENCES), [table])


def _put(file: Path, columns: Any, tables: Iterable[Any]) -> None:
    """Write a file under another name first, so that one under its own name is whole."""
    pq = arrow().parquet
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".unfinished")
    with pq.ParquetWriter(unfinished, columns, compression="zstd") as writer:
        for table in tables:
            writer.write_table(table, row_group_size=ROW_GROUP)
    unfinished.replace(file)
