"""Erasing, restricting and lifting: acts of the school book, and what becomes of the texts."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve

import edujournal as ej
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.errors import BadInput, StoreUnwritable
from edujournal.model.facts import Facts
from edujournal.model.people import Account, RoleSpan
from edujournal.views.history import history
from edujournal.views.page import page

BOOK = "journal/7A/alg/2026"
SCHOOL_BOOK = "school/2026"
TEXT = "Ударил соседа"


@pytest.fixture
def kept(journals, school, clock):
    """A topic, two remarks, a mark with a remark, a correction of the first remark."""
    school.rows["accounts"].append(Account("deputy", roles=(RoleSpan("deputy"),)))
    journals.record(ej.Topic(lesson="l1", topic="Дроби"), by="t-1")
    journals.record(ej.Comment(lesson="l1", pupil="p-1", comment=TEXT), by="t-1")
    journals.record(ej.Comment(lesson="l1", pupil="p-2", comment="Молодец"), by="t-1")
    journals.record(
        ej.Mark(lesson="l1", pupil="p-1", kind="oral", value=5, comment="Сам"), by="t-1"
    )
    journals.record(
        ej.Correction(
            journal="7A/alg/2026", entry=2, texts={"comment": f"{TEXT} книгой"}, reason="точнее"
        ),
        by="t-1",
    )
    clock.at += timedelta(minutes=1)
    return journals


def erasure(*numbers: int, id: str = "e-1", book: str = BOOK) -> ej.Erasure:
    """An erasure of entries of the journal."""
    return ej.Erasure(id=id, year="2026", records={book: numbers}, ground="заявление родителей")


def waiver() -> ej.Waiver:
    """The head allows for a day what clause 2.15 forbids."""
    since = datetime(2026, 9, 15, tzinfo=UTC)
    return ej.Waiver(
        id="w-1",
        clauses=["2.15"],
        since=since,
        until=since + timedelta(days=1),
        year="2026",
        ground="введено по ошибке",
    )


def restriction(*numbers: int, id: str = "r-1") -> ej.Restriction:
    """A restriction of entries of the journal."""
    return ej.Restriction(id=id, year="2026", records={BOOK: numbers}, ground="спор о точности")


def texts(journals) -> list[list[str | None]]:
    """The texts of every entry of the journal, as views see them."""
    return [list(entry.texts.values()) for entry in journals.state(BOOK).entries]


def stored(journals) -> list[bool]:
    """Of which records the store has texts."""
    return [record.private is not None for record in journals.store.read("s-1", BOOK)]


def test_an_erasure_takes_the_texts_and_those_of_their_corrections(kept):
    """The entry tells who, why and which; the texts are gone, all else stands, and it verifies."""
    before = [(e.hash, e.values, e.by) for e in kept.entries(BOOK)]
    receipt = kept.record(erasure(2), by="head")

    assert [["Дроби"], [None], ["Молодец"], ["Сам"], [None, None]] == texts(kept)
    assert [True, False, True, True, False] == stored(kept)
    assert before == [(e.hash, e.values, e.by) for e in kept.entries(BOOK)]
    act = next(kept.entries(SCHOOL_BOOK))
    assert (receipt.number, "erasure", "head", "1.7") == (
        act.number,
        act.kind,
        act.by.account,
        act.right,
    )
    assert {"ground": "заявление родителей"} == act.texts
    assert [{"book": BOOK, "n": 2}] == act.values["records"]
    assert [
        {"book": BOOK, "kind": "comment", "n": 2},
        {"book": BOOK, "kind": "comment", "n": 5},
    ] == (act.values["taken"])
    report = kept.verify()
    assert ("L1", [3, 0]) == (report.assurance, [one.erased for one in report.books])
    assert not [finding for finding in kept.audit() if finding.entry in (2, 5)]


def test_an_erasure_of_a_ground_is_an_erasure_like_any_other(kept):
    """What was typed into the school book can be erased there, too."""
    kept.record(erasure(2), by="head")
    kept.record(waiver(), by="head")
    kept.record(erasure(1, id="e-2", book=SCHOOL_BOOK), by="head")

    assert [[None], ["введено по ошибке"], ["заявление родителей"]] == [
        list(entry.texts.values()) for entry in kept.entries(SCHOOL_BOOK)
    ]
    assert "L1" == kept.verify().assurance


@pytest.mark.parametrize("draft", [erasure(2), restriction(2)])
def test_who_has_no_right_to_it_erases_and_restricts_nothing(kept, draft):
    """Rights come from the regulation: a teacher is refused, and nothing is gone."""
    with pytest.raises(ej.Refused, match="no-right"):
        kept.record(draft, by="t-1")
    kept.record(draft, by="deputy")

    assert [["Дроби"], [None], ["Молодец"], ["Сам"], [None, None]] == texts(kept)


@pytest.mark.parametrize(
    "draft", [erasure(2, 9), erasure(1, book="journal/8B/alg/2026"), restriction(9)]
)
def test_what_is_not_there_cannot_be_named(kept, draft):
    """An entry that does not exist is a fault of the call: no act, and nothing is gone."""
    with pytest.raises(BadInput, match="no such entry"):
        kept.record(draft, by="head")

    assert [True] * 5 == stored(kept)
    assert SCHOOL_BOOK not in [name for name, _ in kept.store.books("s-1")]


def test_drafts_that_name_nothing_or_another_year_are_refused():
    """The form of an act is checked before anything is looked up."""
    for records, words in (({}, "no entries"), ({BOOK: ()}, "no entries"), ({BOOK: (0,)}, "number"),
                           ({"journal/7A/alg/2025": (1,)}, "another year")):  # fmt: skip
        with pytest.raises(BadInput, match=words):
            ej.Erasure(id="e", year="2026", records=records, ground="x").content()


def test_a_store_that_cannot_erase_is_told_before_the_act(school, clock):
    """No act stands that could not be carried out."""

    class Keeping:
        """A store of four methods."""

        def __init__(self):
            kept = MemoryStore()
            self.books, self.head, self.read, self.append = (
                kept.books,
                kept.head,
                kept.read,
                kept.append,
            )

    journals = ej.Journals(Keeping(), school, "ru-school26-2023", clock=clock)
    journals.record(ej.Topic(lesson="l1", topic="Дроби"), by="t-1")
    with pytest.raises(BadInput, match="cannot erase"):
        journals.record(erasure(1), by="head")
    with pytest.raises(BadInput, match="cannot erase"):
        journals.erase_now([(BOOK, 1)])

    assert [BOOK] == [name for name, _ in journals.store.books("s-1")]


class Broken(MemoryStore):
    """A store whose erasures fail until it is mended."""

    broken = True

    def erase(self, school, book, numbers):
        """Fail, or erase."""
        if self.broken:
            raise StoreUnwritable("the disk refused to write", where=book)
        return super().erase(school, book, numbers)


def test_an_erasure_that_failed_is_found_and_ended_by_a_repeat(school, clock):
    """The act stands first; verification tells what is still there, and the same key ends it."""
    journals = ej.Journals(Broken(), school, "ru-school26-2023", clock=clock)
    journals.record(ej.Comment(lesson="l1", pupil="p-1", comment=TEXT), by="t-1")
    with pytest.raises(StoreUnwritable):
        journals.record(erasure(1), by="head", key="k-1")
    assert [(BOOK, 1, "unerased")] == [
        (d.book, d.number, d.what) for d in journals.verify().damages
    ]
    # A correction that came after the act is none of its business.
    journals.record(
        ej.Correction(journal="7A/alg/2026", entry=1, texts={"comment": "иначе"}, reason="да"),
        by="t-1",
    )
    journals.store.broken = False
    receipt = journals.record(erasure(1), by="head", key="k-1")

    assert receipt.repeated
    assert [False, True] == stored(journals)
    assert "L1" == journals.verify().assurance


def test_no_handle_remembers_an_erased_text(kept, school, clock):
    """Neither the journals that erased nor others that hear of it hold the text in memory."""
    other = ej.Journals(kept.store, school, "ru-school26-2023", clock=clock)
    for journals in (kept, other):
        journals.check(ej.Comment(lesson="l1", pupil="p-3", comment="x"), by="t-1")
        assert TEXT in repr([entry.texts for entry in journals.state_of(BOOK).entries])
    kept.record(erasure(2), by="head")
    other.check(ej.Comment(lesson="l1", pupil="p-3", comment="x"), by="t-1")
    other.record(ej.Comment(lesson="l1", pupil="p-3", comment="Тихо"), by="t-1")

    for journals in (kept, other):
        held = [entry.texts for state in journals._states.values() for entry in state.entries]
        assert TEXT not in repr(held)


def test_a_restriction_hides_in_every_view_and_a_release_shows_again(kept, clock):
    """The text stays in the store; views, histories and the past do not show it until it is lifted."""
    before = kept.state(BOOK)
    past = clock.at
    clock.at += timedelta(minutes=1)
    kept.record(restriction(2), by="head")

    for state in (kept.state(BOOK), kept.state(BOOK, past)):
        assert [["Дроби"], [None], ["Молодец"], ["Сам"], [None, None]] == [
            list(entry.texts.values()) for entry in state.entries
        ]
        assert {2} == state.hidden
        assert all(TEXT not in repr((step.texts, step.reason)) for step in history(2, state))
        facts: Facts = kept.facts()
        assert TEXT not in repr(page(ej.JournalId.parse(BOOK), state, facts))
    assert [True] * 5 == stored(kept)
    assert "L1" == kept.verify().assurance
    kept.record(ej.Release(id="r-1", year="2026", ground="спор решён"), by="head")
    assert before.entries == kept.state(BOOK).entries
    kept.record(restriction(4), by="head")
    assert [["Дроби"], [TEXT], ["Молодец"], [None], [f"{TEXT} книгой", "точнее"]] == texts(kept)


def test_what_a_stolen_login_restricts_or_lifts_counts_for_nothing(kept, school, clock):
    """A void act hides nothing; what it erased is gone, and is not held to be lost."""
    school.rows["accounts"].append(Account("head-2", roles=(RoleSpan("head"),)))
    kept.record(restriction(3), by="deputy")
    moment = clock.at = clock.at + timedelta(minutes=1)
    kept.record(restriction(2, id="r-2"), by="head")
    kept.record(ej.Release(id="r-1", year="2026", ground="x"), by="head")
    kept.record(waiver(), by="head")
    kept.record(erasure(1), by="head")
    clock.at += timedelta(minutes=1)
    kept.record(
        ej.Compromise(account="head", year="2026", head=moment, support=moment), by="head-2"
    )

    assert [[None], [TEXT], [None], ["Сам"], [f"{TEXT} книгой", "точнее"]] == texts(kept)
    assert "L1" == kept.verify().assurance


def test_asynchronous_journals_erase_and_hide_as_the_others_do(kept, school, clock):
    """The two shells make the same acts, and the same texts are gone; a repeat ends what failed."""
    later = ej.AsyncJournals(kept.store, school, "ru-school26-2023", clock=clock)

    async def run() -> list[list[str | None]]:
        with pytest.raises(BadInput, match="no such entry"):
            await later.record(restriction(9), by="head")
        with pytest.raises(BadInput, match="no such entry"):
            await later.record(erasure(9), by="head")
        verdict = await later.check(erasure(1), by="head")
        assert "must-be-kept" in [one.code for one in verdict.findings if one.refuses]
        await later.record(restriction(3), by="head")
        receipt = await later.record(erasure(2), by="head", key="k")
        assert receipt == evolve(await later.record(erasure(2), by="head", key="k"), repeated=False)
        held = [entry.texts for state in later._states.values() for entry in state.entries]
        assert TEXT not in repr(held)
        return [list(entry.texts.values()) for entry in (await later.state(BOOK)).entries]

    assert asyncio.run(run()) == texts(kept)
    assert [["Дроби"], [None], [None], ["Сам"], [None, None]] == texts(kept)
    assert [True, False, True, True, False] == stored(kept)
    assert "L1" == kept.verify().assurance


def test_an_asynchronous_key_is_bound_in_every_book(kept, school, clock):
    """Where the store finds keys, a key used in another book is refused there, too."""
    later = ej.AsyncJournals(kept.store, school, "ru-school26-2023", clock=clock)
    kept.record(restriction(2), by="head", key="k")

    async def run() -> None:
        with pytest.raises(ej.KeyReused):
            await later.record(ej.Topic(lesson="l1", topic="x"), by="head", key="k")

    asyncio.run(run())


def test_asynchronous_journals_over_a_store_that_cannot_erase_say_so(school, clock):
    """Before the act, as the others do."""

    class Keeping:
        """A store of four methods."""

        def __init__(self):
            kept = MemoryStore()
            self.books, self.head, self.read, self.append = (
                kept.books,
                kept.head,
                kept.read,
                kept.append,
            )

    later = ej.AsyncJournals(Keeping(), school, "ru-school26-2023", clock=clock)

    async def run() -> None:
        await later.record(ej.Topic(lesson="l1", topic="Дроби"), by="t-1")
        with pytest.raises(BadInput, match="cannot erase"):
            await later.record(erasure(1), by="head")

    asyncio.run(run())
