"""The conformance kit of stores: what the library asks of any store, as tests to inherit.

A store of your own is put to it in a few lines::

    class TestOurStore(edujournal.testing.StoreTests):
        @pytest.fixture
        def make_store(self, tmp_path):
            return lambda: OurStore(tmp_path / "journal.db")
"""

# ruff: noqa: S101, SIM300 - a promise is an assertion, expected == actual

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from attrs import evolve

from edujournal.errors import BadInput, StaleHead, StoreBusy
from edujournal.ledger.chain import check_chain
from edujournal.ledger.records import Head, Record
from edujournal.ledger.verify import verify
from edujournal.ports import Erases, FindsKeys, Keeps, Store, Tails, Writes
from edujournal.testing.following import TailsPromises, append_and_fail, race
from edujournal.testing.lasting import LastingPromises
from edujournal.testing.outcomes import OutcomesPromises
from edujournal.testing.parity import ParityPromises
from edujournal.testing.projecting import ProjectsPromises
from edujournal.testing.records import BOOK, SCHOOL, head_of, make_record, make_records
from edujournal.testing.scanning import ScanPromises

#: Names that a store must take as they are: no quoting, folding, trimming or following.
ODD_NAMES = (
    "7A",
    "7a",
    "7A ",  # a blank at the end
    "7А",  # Cyrillic
    "..",
    ".",
    "../../outside",
    "a/b/c",
    "a\\b",
    "con",
    "a'; DROP TABLE entries; --",
    'a"b',
    "%2e%2e",
    "%s%d{0}",
    "journal*?",
    "имя книги",
    "ё",
    "x" * 128,
    "ж" * 128,
)

#: Texts that travel as bytes: every escape, every plane, and a size that fills many pages.
ODD_TEXTS = (
    "",
    " two  blanks ",
    "".join(map(chr, range(0x80))),
    "".join(map(chr, range(0x80, 0x100))),
    "Молодец!",
    "𝄞 \U0010ffff \ufdd0 \ufffe",
    "'; -- \\ \" \x00 \r\n",
    "0" * 1_048_576,
)


class StoreTests(
    LastingPromises,
    OutcomesPromises,
    ParityPromises,
    ProjectsPromises,
    ScanPromises,
    TailsPromises,
    kit=True,
):
    """Inherit this, give ``make_store``, and the store keeps every promise or the tests say which not.

    *Version added: 0.1.*

    Attributes:
        lacks: Capability → the reason why the store does not have it. What is named here is skipped
            with that reason; what is not named is asked for.
    """

    # -- the four methods ------------------------------------------------------------------------

    def test_a_store_has_the_four_methods(self, store: Store) -> None:
        """A store is what the protocol says."""
        assert isinstance(store, Store)

    def test_a_book_without_records_has_the_empty_head(self, store: Store) -> None:
        """A book that nobody wrote to ends at 0, is empty, and is not listed."""
        assert Head() == store.head(SCHOOL, BOOK)
        assert [] == list(store.read(SCHOOL, BOOK))
        assert [] == list(store.books(SCHOOL))

    def test_bytes_come_back_as_they_went_in(self, store: Store) -> None:
        """Bodies and private parts are bytes: nothing is trimmed, folded, normalised or recoded."""
        made: list[Record] = []
        for text in ODD_TEXTS:
            made.append(make_record(head_of(made), text=text))
            made.append(make_record(head_of(made), odd=text))
        store.append(SCHOOL, BOOK, made, 0)

        assert made == list(store.read(SCHOOL, BOOK))
        assert [r.private for r in made] == [r.private for r in store.read(SCHOOL, BOOK)]

    def test_the_head_is_the_last_record(self, store: Store) -> None:
        """After every append the head is the number and hash of the last record."""
        made = make_records(Head(), 5)
        for record in made:
            store.append(SCHOOL, BOOK, [record], record.number - 1)

            assert Head(record.number, record.hash) == store.head(SCHOOL, BOOK)
        assert [(BOOK, head_of(made))] == list(store.books(SCHOOL))

    def test_reading_goes_on_after_any_number(self, store: Store) -> None:
        """``read(after=n)`` gives exactly the records after n, in order, for every n."""
        made: list[Record] = []
        for number in range(40):
            text = "Хорошо" if number % 3 == 1 else None
            made.append(make_record(head_of(made), text=text))
        store.append(SCHOOL, BOOK, made, 0)

        for after in (*range(42), 1000):
            assert made[after:] == list(store.read(SCHOOL, BOOK, after))

    def test_a_stale_append_is_refused_and_tells_the_actual_head(self, store: Store) -> None:
        """Who appends after another number than the head learns both, and nothing is written."""
        made = make_records(Head(), 3)
        store.append(SCHOOL, BOOK, made, 0)
        for stale in (
            [make_record()],
            [make_record(Head(2, made[1].hash))],
            [make_record(Head(7, "5e" * 32))],
            [],
        ):
            expect = stale[0].number - 1 if stale else 9
            with pytest.raises(StaleHead) as caught:
                store.append(SCHOOL, BOOK, stale, expect)

            found = caught.value
            assert (BOOK, expect, 3) == (found.book, found.expected, found.actual)
        assert made == list(store.read(SCHOOL, BOOK))

    def test_a_batch_is_kept_whole_or_not_at_all(self, store: Store) -> None:
        """A batch with one bad record leaves nothing behind; the good batch goes in afterwards."""
        made = make_records(Head(), 4)
        for broken in (
            [*made[:2], made[3]],
            [*made[:3], made[2]],
            [*made[:3], make_record(Head(3, made[2].hash), book="another")],
        ):
            with pytest.raises(BadInput):
                store.append(SCHOOL, BOOK, broken, 0)

            assert Head() == store.head(SCHOOL, BOOK)
            assert [] == list(store.read(SCHOOL, BOOK))
        store.append(SCHOOL, BOOK, made, 0)

        assert made == list(store.read(SCHOOL, BOOK))

    def test_an_empty_batch_changes_nothing(self, store: Store) -> None:
        """To append nothing is allowed and leaves no book behind."""
        store.append(SCHOOL, BOOK, [], 0)

        assert [] == list(store.books(SCHOOL))

    def test_names_are_taken_as_they_are(self, store: Store) -> None:
        """Every name is its own book: no two meet, none leads out of the store."""
        made = {name: make_record(book=name, name=name) for name in ODD_NAMES}
        for name, record in made.items():
            store.append(SCHOOL, name, [record], 0)

        found = {name: list(store.read(SCHOOL, name)) for name in made}
        assert {name: [record] for name, record in made.items()} == found
        assert sorted(made) == [name for name, _ in store.books(SCHOOL)]

    def test_names_that_cannot_be_told_apart_are_refused(self, store: Store) -> None:
        """Empty, unprintable and unnormalised names are no names, for schools and for books."""
        for name in ("", "a\nb", "a\x00", "e\u0301", "\ud800", "x" * 1000):
            for school, book in ((name, BOOK), (SCHOOL, name)):
                with pytest.raises(BadInput):
                    store.head(school, book)
                with pytest.raises(BadInput):
                    store.append(school, book, [], 0)

    def test_schools_see_nothing_of_each_other(self, store: Store) -> None:
        """The same book of two schools is two books, whatever the schools are called."""
        schools = ("school-1", "School-1", "school-2", "school-1/journal", "школа-1")
        for school in schools:
            store.append(school, BOOK, [make_record(school=school, key="k")], 0)

        for school in schools:
            assert [make_record(school=school, key="k")] == list(store.read(school, BOOK))
            assert [BOOK] == [name for name, _ in store.books(school)]
        assert [] == list(store.books("school-3"))

    def test_a_long_book_is_read_while_it_grows(self, store: Store) -> None:
        """A reader in the middle of a book gets a prefix of it, whatever is appended meanwhile."""
        made = make_records(Head(), 2600)
        store.append(SCHOOL, BOOK, made[:2500], 0)
        reading = store.read(SCHOOL, BOOK)
        seen = [next(reading) for _ in range(10)]
        store.append(SCHOOL, BOOK, made[2500:], 2500)
        seen.extend(reading)

        assert len(seen) >= 2500
        assert made[: len(seen)] == seen

    def test_racing_writers_lose_nothing(self, store: Store) -> None:
        """Eight threads append to one book at once: dense numbers, one whole chain, all of it there."""
        with ThreadPoolExecutor(8) as threads:
            rounds = list(threads.map(lambda name: race(store, name), range(8)))

        made = list(store.read(SCHOOL, BOOK))
        assert list(range(1, 8 * 10 + 1)) == [record.number for record in made]
        assert {hash_ for ours in rounds for hash_ in ours} == {record.hash for record in made}
        assert "L1" == verify(store, SCHOOL).assurance

    # -- capabilities ----------------------------------------------------------------------------

    def test_writing_keeps_what_was_appended_when_the_block_ends(self, store: Store) -> None:
        """Inside the block the tail is what the caller did not know; the block's end keeps the act."""
        writes = self.capable(store, Writes)
        made = make_records(Head(), 6)
        store.append(SCHOOL, BOOK, made[:3], 0)
        with writes.writing(SCHOOL, BOOK, 1) as act:
            assert made[1:3] == list(act.tail)
            act.append(made[3:5])
            act.append(made[5:])

        assert made == list(store.read(SCHOOL, BOOK))

    def test_writing_forgets_what_was_appended_when_the_block_fails(self, store: Store) -> None:
        """An error inside the block leaves the book as it was, and passes through unchanged."""
        writes = self.capable(store, Writes)
        made = make_records(Head(), 3)
        store.append(SCHOOL, BOOK, made[:2], 0)
        with pytest.raises(ZeroDivisionError), writes.writing(SCHOOL, BOOK, 2) as act:
            append_and_fail(act, made[2:])

        assert made[:2] == list(store.read(SCHOOL, BOOK))
        store.append(SCHOOL, BOOK, made[2:], 2)
        assert made == list(store.read(SCHOOL, BOOK))

    def test_writing_refuses_records_out_of_place(self, store: Store) -> None:
        """What does not follow the book's head is refused, and the act with it."""
        writes = self.capable(store, Writes)
        made = make_records(Head(), 3)
        for wrong in ([made[1]], [make_record(book="another")], [make_record(Head(0, "5e" * 32))]):
            with pytest.raises(BadInput), writes.writing(SCHOOL, BOOK, 0) as act:
                act.append(wrong)

        assert [] == list(store.books(SCHOOL))

    def test_writing_reads_other_books_inside_the_lock(self, store: Store) -> None:
        """``tail_of`` gives the records of another book of the same school."""
        writes = self.capable(store, Writes)
        other = make_records(Head(), 3, book="school/2026")
        store.append(SCHOOL, "school/2026", other, 0)
        with writes.writing(SCHOOL, BOOK, 0) as act:
            assert [] == list(act.tail)
            assert other[1:] == list(act.tail_of("school/2026", 1))
            assert [] == list(act.tail_of("school/2026", 3))
            assert [] == list(act.tail_of("nothing", 0))

    def test_writing_tells_a_caller_who_knows_too_much(self, store: Store) -> None:
        """A caller ahead of the store gets StaleHead: the store is older than it was."""
        writes = self.capable(store, Writes)
        store.append(SCHOOL, BOOK, make_records(Head(), 2), 0)
        with pytest.raises(StaleHead) as caught, writes.writing(SCHOOL, BOOK, 5):
            pytest.fail("the block must not begin")

        assert (5, 2) == (caught.value.expected, caught.value.actual)

    def test_writing_shuts_others_out(self, store: Store) -> None:
        """While one act is open nobody else appends to the book; reading goes on."""
        writes = self.capable(store, Writes)
        made = make_records(Head(), 2)
        store.append(SCHOOL, BOOK, made[:1], 0)
        with ThreadPoolExecutor(1) as other, writes.writing(SCHOOL, BOOK, 1) as act:
            assert made[:1] == other.submit(lambda: list(store.read(SCHOOL, BOOK))).result(30)
            late = other.submit(store.append, SCHOOL, BOOK, made[1:], 1)
            with pytest.raises(StoreBusy):
                late.result(60)
            act.append(made[1:])

        assert made == list(store.read(SCHOOL, BOOK))

    def test_writing_is_over_when_the_block_is(self, store: Store) -> None:
        """An act that has ended takes nothing more."""
        writes = self.capable(store, Writes)
        with writes.writing(SCHOOL, BOOK, 0) as act:
            act.append([make_record()])
        with pytest.raises(BadInput):
            act.append([make_record(head_of([make_record()]))])

        assert store.head(SCHOOL, BOOK).number == 1

    def test_a_key_finds_every_record_that_bears_it(self, open_store: Callable[[], Store]) -> None:
        """Keys are found by account and school, in all books, by every object, after every way to write."""
        store = open_store()
        finds = self.capable(store, FindsKeys)
        for book in ("b", "a"):
            for key in ("k", None, "l", "k"):
                head = store.head(SCHOOL, book)
                store.append(SCHOOL, book, [make_record(head, book=book, key=key)], head.number)
        expected = [("a", 1), ("a", 4), ("b", 1), ("b", 4)]

        assert expected == list(finds.find_key(SCHOOL, "t-ivanova", "k"))
        again: Any = open_store()
        assert expected == list(again.find_key(SCHOOL, "t-ivanova", "k"))
        assert [] == list(again.find_key(SCHOOL, "t-ivanova", "K"))
        assert [] == list(again.find_key(SCHOOL, "t-petrova", "k"))
        assert [] == list(again.find_key("school-2", "t-ivanova", "k"))
        store.append(SCHOOL, "c", [make_record(book="c", key="k")], 0)
        assert [*expected, ("c", 1)] == list(again.find_key(SCHOOL, "t-ivanova", "k"))

    # -- erasing ---------------------------------------------------------------------------------

    def test_erasing_takes_texts_and_salts_and_nothing_else(
        self, open_store: Callable[[], Store]
    ) -> None:
        """After an erasure the private parts named are gone for every reader; all else is as it was."""
        store = open_store()
        erases = self.capable(store, Erases)
        made: list[Record] = []
        for number in range(60):
            made.append(make_record(head_of(made), text=f"№ {number}" if number % 3 else None))
        for name in (BOOK, "other"):
            store.append(SCHOOL, name, [evolve(r, book=name) for r in made], 0)
        gone = (2, 3, 4, 30, 59, 60)
        having = sum(made[number - 1].private is not None for number in gone)

        assert having == erases.erase(SCHOOL, BOOK, gone)
        expected = [evolve(r, private=None) if r.number in gone else r for r in made]
        for each in (store, open_store()):
            found = list(each.read(SCHOOL, BOOK))
            assert expected == found
            assert [r.private for r in expected] == [r.private for r in found]
            assert expected[29:] == list(each.read(SCHOOL, BOOK, 29))
            assert head_of(made) == each.head(SCHOOL, BOOK)
            others = each.read(SCHOOL, "other")
            assert [r.private for r in made] == [r.private for r in others]

    def test_erasing_again_erases_nothing_more(self, store: Store) -> None:
        """What is gone counts for nothing; the rest of what is named still goes."""
        erases = self.capable(store, Erases)
        made = make_records(Head(), 4, text="Хорошо")
        store.append(SCHOOL, BOOK, made, 0)

        assert [2, 0, 1] == [erases.erase(SCHOOL, BOOK, n) for n in ((1, 3, 3), (3, 1), (1, 2))]
        assert [None, None, None, made[3].private] == [
            record.private for record in store.read(SCHOOL, BOOK)
        ]

    def test_erasing_what_is_not_there_erases_nothing(self, store: Store) -> None:
        """One number without a record, and nothing is erased; a book of nobody has no records."""
        erases = self.capable(store, Erases)
        made = make_records(Head(), 2, text="Хорошо")
        store.append(SCHOOL, BOOK, made, 0)
        for book, numbers in ((BOOK, (1, 3)), (BOOK, (0,)), ("other", (1,))):
            with pytest.raises(BadInput):
                erases.erase(SCHOOL, book, numbers)
        with pytest.raises(BadInput):
            erases.erase("school-2", BOOK, (1,))

        assert [r.private for r in made] == [r.private for r in store.read(SCHOOL, BOOK)]
        assert [BOOK] == [name for name, _ in store.books(SCHOOL)]

    def test_books_go_on_after_an_erasure(self, open_store: Callable[[], Store]) -> None:
        """Appending follows the same head, with and without texts, and the chain stays whole."""
        store = open_store()
        erases = self.capable(store, Erases)
        made = make_records(Head(), 3, text="Хорошо")
        store.append(SCHOOL, BOOK, made, 0)
        erases.erase(SCHOOL, BOOK, (2, 3))
        more = [*made, *make_records(head_of(made), 3, text="Молодец!")]
        store.append(SCHOOL, BOOK, more[3:], 3)
        erases.erase(SCHOOL, BOOK, (4,))

        expected = [None if r.number in (2, 3, 4) else r.private for r in more]
        assert expected == [r.private for r in open_store().read(SCHOOL, BOOK)]
        assert list(check_chain(open_store().read(SCHOOL, BOOK), BOOK, head=head_of(more))) == []

    def test_who_follows_gets_no_text_that_was_erased(self, store: Store) -> None:
        """A cursor over all books gives an erased record without its text, in its old position."""
        erases, tails = self.capable(store, Erases), self.capable(store, Tails)
        for book in (BOOK, "other"):
            store.append(SCHOOL, book, make_records(Head(), 3, book=book, text="Хорошо"), 0)
        before = [(position, r.book, r.number) for position, r in tails.follow(SCHOOL)]
        erases.erase(SCHOOL, BOOK, (2,))

        after = list(tails.follow(SCHOOL))
        assert before == [(position, r.book, r.number) for position, r in after]
        assert [(BOOK, 2)] == [(r.book, r.number) for _, r in after if r.private is None]

    # -- documents -------------------------------------------------------------------------------

    def test_documents_are_replaced_and_belong_to_a_school(
        self, open_store: Callable[[], Store]
    ) -> None:
        """A document is what was last kept under its name, byte for byte, for that school."""
        store: Any = self.capable(open_store(), Keeps)
        content = bytes(range(256)) * 4096
        for name in ODD_NAMES:
            store.keep(SCHOOL, name, b"old")
            store.keep(SCHOOL, name, name.encode() + content)
        store.keep("school-2", "7A", b"")
        again: Any = open_store()

        for name in ODD_NAMES:
            assert name.encode() + content == again.kept(SCHOOL, name)
        assert b"" == again.kept("school-2", "7A")
        assert again.kept("school-2", "7a") is None

    def test_schools_are_named_when_they_have_something(self, store: Store) -> None:
        """A school is named once it has a book or a document, and not before."""
        keeps = self.capable(store, Keeps)
        assert [] == list(keeps.schools())
        with pytest.raises(StaleHead):
            store.append("school-3", BOOK, [], 4)
        keeps.keep("school-2", "regulation", b"{}")
        store.append("Школа", BOOK, [make_record(school="Школа")], 0)
        store.append("school-2", BOOK, [make_record(school="school-2")], 0)

        assert ["school-2", "Школа"] == list(keeps.schools())
