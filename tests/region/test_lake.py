"""A lake has what the stores have: all of it, once, and nothing that was erased."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import edujournal as ej
from edujournal.adapters.exchange.lake import Lake, export
from edujournal.adapters.exchange.lake.layout import ABSENCES, ENTRIES, arrow
from edujournal.adapters.exchange.lake.rows import sign_of
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.errors import BadInput, StoreUnwritable
from edujournal.model.drafts import Erasure
from edujournal.model.entries import Entry
from edujournal.model.people import Actor
from edujournal.model.time import moment
from edujournal.regions.school import SourceStore
from edujournal.samples.generated import Size, generate
from tests.region.conftest import in_memory, shipped

RULES = shipped("ru-school26-2023")


@pytest.fixture(scope="module")
def kept():
    """One small made school."""
    return next(generate(1, 4, Size(classes=1, pupils=5, days=15)))


def rows(root, table="entries"):
    """The rows of a lake."""
    pq = arrow().parquet
    files = sorted((root / table).rglob("*.parquet"))
    return [row for file in files for row in pq.read_table(file, partitioning=None).to_pylist()]


def test_a_lake_gives_back_the_very_records(kept, tmp_path):
    """Bytes, hashes and indexes come back as they were, book by book."""
    count = export(tmp_path / "lake", in_memory(kept), kept.school, [RULES], "north/west")
    (source,) = Lake(tmp_path / "lake").schools()
    store = SourceStore(source)
    books = dict(kept.books())

    assert sum(map(len, books.values())) == count
    assert ("north/west", kept.school.id) == (source.region, source.id)
    assert books == {book: list(store.read(source.id, book)) for book, _ in store.books(source.id)}
    assert kept.school.facts().lessons == source.data.facts().lessons
    assert ["ru-school26-2023"] == [one.id for one in source.regulations]
    with pytest.raises(StoreUnwritable):
        store.append(source.id, next(iter(books)), [], 0)


def test_columns_say_what_the_page_says(kept, tmp_path):
    """Columns and types are those of the page; files are compressed and have statistics."""
    root = tmp_path / "lake"
    export(root, in_memory(kept), kept.school, [RULES])
    text = (Path(__file__).parents[2] / "docs" / "reference" / "lake.md").read_text("utf-8")
    assert [] == [name for name, _, _ in (*ENTRIES, *ABSENCES) if f"`{name}`" not in text]
    (file,) = (root / "entries").rglob("*.parquet")
    told = arrow().parquet.ParquetFile(file).metadata.row_group(0)
    books = next(n for n in range(told.num_columns) if told.column(n).path_in_schema == "book")
    assert "ZSTD" == told.column(books).compression
    assert told.column(books).statistics.has_min_max


def test_what_is_exported_bit_by_bit_is_what_is_exported_at_once(kept, tmp_path):
    """Each export brings what is new; a repeat brings nothing."""
    store = MemoryStore()
    counts = []
    books = list(kept.books())
    for part in (0, 1):
        for book, records in books:
            half = len(records) // 2
            some = records[half:] if part else records[:half]
            store.append(kept.school.id, book, some, half if part else 0)
        counts.append(export(tmp_path / "bits", store, kept.school, [RULES]))
    counts.append(export(tmp_path / "bits", store, kept.school, [RULES]))
    export(tmp_path / "once", store, kept.school, [RULES])

    def known(root, table):
        return sorted(json.dumps(row, default=bytes.hex) for row in rows(root, table))

    assert 0 == counts[2]
    assert counts[0] + counts[1] == len(rows(tmp_path / "once"))
    for table in ("entries", "absences"):
        assert known(tmp_path / "once", table) == known(tmp_path / "bits", table)


def test_an_export_that_failed_is_repeated_and_leaves_nothing_twice(kept, tmp_path, monkeypatch):
    """Where files were written and their number was not noted, the next export writes them anew."""
    from edujournal.adapters.exchange.lake import writing

    root, store = tmp_path / "lake", in_memory(kept)

    def fails(place, content):
        raise OSError("full")

    with monkeypatch.context() as broken:
        broken.setattr(writing, "replace_file", fails)
        with pytest.raises(OSError, match="full"):
            export(root, store, kept.school, [RULES])
    assert [] == Lake(root).schools()
    count = export(root, store, kept.school, [RULES])

    assert count == len(rows(root)) == len({(row["book"], row["number"]) for row in rows(root)})


def test_texts_that_were_erased_leave_the_lake_with_the_next_export(kept, tmp_path):
    """The erasure is an entry of the school book; with it the school is written anew."""
    root, store = tmp_path / "lake", in_memory(kept)
    journals = ej.Journals(
        store, kept.school, kept.regulation, clock=lambda: moment(kept.audited, "UTC")
    )
    lesson = next(one for one in kept.school.facts().lessons if not one.cancelled)
    remark = ej.Comment(lesson=lesson.id, pupil="p-1", comment="Sang")
    receipt = journals.record(remark, by=str(lesson.teacher))
    book, number = receipt.book, receipt.number
    export(root, store, kept.school, [RULES])
    assert [True] == [b"Sang" in row["private"] for row in rows(root) if row["kind"] == "comment"]
    erasure = Erasure(id="e-1", year="2026", records={book: [number]}, ground="request")
    journals.record(erasure, by="head")
    count = export(root, store, kept.school, [RULES])
    gone = [row for row in rows(root) if (row["book"], row["number"]) == (book, number)]

    assert count == len(rows(root))
    assert [None] == [row["private"] for row in gone]


def test_an_erasure_that_is_seen_before_it_is_carried_out_takes_the_texts_all_the_same(
    kept, tmp_path, monkeypatch
):
    """Between the act and what it orders an export may come; the next one begins after the act."""
    root, store = tmp_path / "lake", in_memory(kept)
    journals = ej.Journals(
        store, kept.school, kept.regulation, clock=lambda: moment(kept.audited, "UTC")
    )
    lesson = next(one for one in kept.school.facts().lessons if not one.cancelled)
    remark = ej.Comment(lesson=lesson.id, pupil="p-1", comment="Sang")
    receipt = journals.record(remark, by=str(lesson.teacher))
    erase, seen = store.erase, []

    def late(school, book, numbers):
        export(root, store, kept.school, [RULES])
        seen.extend(row["kind"] for row in rows(root) if row["kind"] == "erasure")
        return erase(school, book, numbers)

    monkeypatch.setattr(store, "erase", late)
    book, number = receipt.book, receipt.number
    erasure = Erasure(id="e-1", year="2026", records={book: [number]}, ground="request")
    journals.record(erasure, by="head")
    export(root, store, kept.school, [RULES])
    gone = [row for row in rows(root) if (row["book"], row["number"]) == (book, number)]

    assert ["erasure"] == seen
    assert [None] == [row["private"] for row in gone]
    assert [] == [row for row in rows(root) if b"Sang" in (row["private"] or b"")]


def test_a_sign_tells_a_lesson_from_a_work():
    """What is the same at both says something else: a work brings its kind along."""
    signs = {
        sign_of(
            Entry(
                "journal/2026/7A/alg",
                1,
                "mark",
                about,
                "p-1",
                {"value": "5"},
                {},
                Actor("t-1"),
                "",
                0,
            )
        )
        for about in ("lesson:l-1", "lesson:l-2", "work:w-1")
    }
    assert 2 == len(signs)
    assert "" not in signs


def test_a_school_is_in_one_region(kept, tmp_path):
    """One that moved would be audited twice under one id: both who write and who read say so."""
    root, store = tmp_path / "lake", in_memory(kept)
    export(root, store, kept.school, [RULES], "north")
    with pytest.raises(BadInput, match="a school in two regions") as refused:
        export(root, store, kept.school, [RULES], "south")
    assert "region north" in str(refused.value)
    assert ["region=north"] == [one.name for one in (root / "entries").iterdir()]
    shutil.copytree(root / "schools" / "region=north", root / "schools" / "region=south")
    with pytest.raises(BadInput, match="a school in two regions") as unread:
        Lake(root).schools()
    assert "region north" in str(unread.value)
    assert "region south" in str(unread.value)


def test_other_folders_are_left_alone(kept, tmp_path):
    """Nothing is written among strange files, and no lake is seen where there is none."""
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(BadInput, match="no lake"):
        export(tmp_path, in_memory(kept), kept.school, [RULES])
    with pytest.raises(BadInput, match="no lake"):
        Lake(tmp_path)
    (tmp_path / "lake.json").write_text('{"edujournal_lake":2}')
    with pytest.raises(BadInput, match="another format"):
        Lake(tmp_path)
