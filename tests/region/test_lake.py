"""A lake has what the stores have: all of it, once, and nothing that was erased."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import edujournal as ej
from edujournal.adapters.exchange.lake import Lake, export
from edujournal.adapters.exchange.lake.layout import ABSENCES, ENTRIES, arrow
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.errors import BadInput, StoreUnwritable
from edujournal.model.drafts import Erasure
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
