"""Reads of personal data: a look is one record of the access log, and one question finds them all."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta

import pytest

import edujournal as ej
from edujournal.accesses import READ, Reading
from edujournal.adapters.stores.files import FileStore
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.adapters.stores.sql import SqlStore
from edujournal.errors import StoreUnwritable
from edujournal.model.ids import JournalId
from edujournal.model.people import Actor
from edujournal.model.time import instant
from edujournal.views.diary import diary, diary_books
from edujournal.views.page import page
from edujournal.views.sheet import sheet, sheet_books

LOG = "access/2026"
ALL = tuple(sorted(f"p-{n}" for n in range(1, 26)))


@pytest.fixture
def kept(journals):
    """A topic, a mark and a remark."""
    journals.record(ej.Topic(lesson="l1", topic="Дроби"), by="t-1")
    journals.record(ej.Mark(lesson="l1", pupil="p-1", kind="oral", value=5), by="t-1")
    return journals


def told(looks: list[Reading]) -> list[tuple]:
    """Looks in short."""
    return [(one.actor.account, one.view, one.of, one.pupils, one.count) for one in looks]


def test_views_by_name_are_the_views(kept, clock):
    """They are what the folds give, with and without a hand, now and at a past moment."""
    facts, now = kept.facts(), instant(clock.at)
    journal = JournalId("7A", "alg", "2026")
    states = {book: kept.state(book) for book in {*diary_books("p-1", facts), journal.book}}
    for by in (None, "t-1"):
        assert page(journal, states[journal.book], facts) == kept.page("7A/alg/2026", by=by)
        week = diary("p-1", states, facts, date(2026, 9, 15), kept.regulations, now)
        assert week == kept.diary("p-1", by=by) == kept.diary("p-1", date(2026, 9, 18), at=now)
        calendar = facts.calendar("2026")
        some = {book: kept.state(book) for book in sheet_books("7A", facts, calendar)}
        assert sheet("7A", some, facts, calendar, kept.regulations) == kept.sheet("7A", by=by)
    before = kept.page("7A/alg/2026", at=clock.at - timedelta(seconds=1))
    assert not any(not cell.is_empty for row in before.rows for cell in row.cells)


def test_a_page_is_one_record_and_not_one_for_each_pupil(kept):
    """Each look is one record, with all whose data were in it; looks of nobody are not logged."""
    kept.page("7A/alg/2026")
    assert not kept.store.head("s-1", LOG).number
    kept.page("7A/alg/2026", by="t-1")
    kept.diary("p-1", by=Actor("t-3", "homeroom"))
    kept.sheet("7A", by="t-3")
    kept.note_reading("certificate", "p-2, 14", ["p-2"], by=Actor("t-1", on_behalf_of="head"))

    assert 4 == kept.store.head("s-1", LOG).number
    assert {READ} == {record.index.kind for record in kept.store.read("s-1", LOG)}
    assert [
        ("t-1", "page", "7A/alg/2026", ALL, 1),
        ("t-1", "certificate", "p-2, 14", ("p-2",), 1),
    ] == told(kept.reads_of("t-1"))
    assert [("t-3", "diary", "p-1", ("p-1",), 1), ("t-3", "sheet", "7A/2026", ALL, 1)] == told(
        kept.reads_of("t-3")
    )
    assert ("head", None) == (
        (last := kept.reads_of("t-1")[-1].actor).on_behalf_of,
        last.role and None,
    )
    assert "L1" == kept.verify().assurance
    assert not kept.reads_of("head")


def test_the_same_look_is_counted_and_another_is_not_lost(kept, clock):
    """A flood of one look is a few records that add up; other pupils, views and minutes are their own."""
    for _ in range(1000):
        kept.diary("p-1", by="t-3")
    kept.diary("p-2", by="t-3")
    for pupils in (["p-1"], ["p-2"], ["p-2", "p-1"]):
        kept.note_reading("list", "x", pupils, by="t-3")
    clock.at += timedelta(minutes=1)
    kept.diary("p-2", by="t-3")

    assert 20 > kept.store.head("s-1", LOG).number
    assert [
        ("diary", ("p-1",), 1000), ("diary", ("p-2",), 1), ("list", ("p-1",), 1), ("list", ("p-2",), 1),
        ("list", ("p-1", "p-2"), 1), ("diary", ("p-2",), 1),
    ] == [(one.view, one.pupils, one.count) for one in kept.reads_of("t-3")]  # fmt: skip


@pytest.mark.parametrize("kind", ["memory", "files", "sqlite"])
def test_whose_data_an_account_read_between_two_moments_is_one_question(
    tmp_path, school, clock, kind
):
    """Over every store and every year; a minute that the time cuts belongs to it, a foreign look does not."""
    store = {
        "memory": MemoryStore,
        "files": lambda: FileStore(tmp_path / "books"),
        "sqlite": lambda: SqlStore(f"sqlite:///{tmp_path / 'books.db'}"),
    }[kind]()
    journals = ej.Journals(store, school, "ru-school26-2023", clock=clock)
    start = clock.at
    for minute in range(10):
        clock.at = start + timedelta(minutes=minute, seconds=7)
        journals.diary(f"p-{minute + 1}", by="t-3")
        journals.diary("p-25", by="t-1")
    other = ej.Journals(store, school, "ru-school26-2023", clock=clock)

    def between(first: float | None, last: float | None) -> list[str]:
        moments = [None if one is None else start + timedelta(minutes=one) for one in (first, last)]
        return [pupil for one in other.reads_of("t-3", *moments) for pupil in one.pupils]

    assert [f"p-{n}" for n in range(1, 11)] == between(None, None)
    assert ["p-4", "p-5"] == between(3, 5)
    assert ["p-4", "p-5", "p-6"] == between(3.5, 5.5)
    assert [] == between(10, None)
    assert ["p-1"] == between(None, 1)


def test_what_nobody_knows_is_not_logged(kept):
    """An unknown account, pupil, journal, class or year is a fault of the call."""
    for look in (
        lambda: kept.page("7A/alg/2026", by="t-9"),
        lambda: kept.page("7A/xyz/2026", by="t-1"),
        lambda: kept.diary("p-99", by="t-1"),
        lambda: kept.sheet("9Z", by="t-1"),
        lambda: kept.sheet("7A", "1999", by="t-1"),
        lambda: kept.note_reading("list", "x", ["p-1", "p-99"], by="t-1"),
        lambda: kept.note_reading("list", "x", [], by=Actor("t-1", on_behalf_of="t-9")),
        lambda: kept.note_reading("list", "x", [], by="t-1", year="1999"),
    ):
        with pytest.raises(ej.Unknown):
            look()

    assert not kept.store.head("s-1", LOG).number


def test_a_look_that_cannot_be_logged_shows_nothing(school, clock):
    """Nobody reads what the log does not tell of."""

    class Full(MemoryStore):
        """A store that takes nothing into the access log."""

        def writing(self, school, book, after):
            if book == LOG:
                raise StoreUnwritable("full", where=book)
            return super().writing(school, book, after)

    journals = ej.Journals(Full(), school, "ru-school26-2023", clock=clock)
    journals.diary("p-1")
    with pytest.raises(StoreUnwritable):
        journals.diary("p-1", by="t-3")


def test_asynchronous_hosts_log_the_looks_of_their_own_views(kept, school, clock):
    """The two shells write the same, and find each other's looks."""
    later = ej.AsyncJournals(kept.store, school, "ru-school26-2023", clock=clock)

    async def run() -> list[Reading]:
        await later.note_reading("page", "7A/alg/2026", ["p-2", "p-1"], "t-1")
        with pytest.raises(ej.Unknown):
            await later.note_reading("page", "7A/alg/2026", ["p-99"], "t-1")
        return await later.reads_of("t-1", until=clock.at + timedelta(hours=1))

    found = asyncio.run(run())
    assert [("t-1", "page", "7A/alg/2026", ("p-1", "p-2"), 1)] == told(found)
    assert found == kept.reads_of("t-1")
    assert isinstance(clock.at, datetime)
