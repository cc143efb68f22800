"""What the kit asks of a store that gives the order of a school: one part of ``StoreTests``."""

# ruff: noqa: S101, SIM300 - a promise is an assertion, expected == actual

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any, Final

import pytest

from edujournal.errors import StaleHead, StoreBusy
from edujournal.ledger.records import Head, Record
from edujournal.ports import Store, Tails, Writes, Writing
from edujournal.testing.promises import StorePromises
from edujournal.testing.records import BOOK, SCHOOL, head_of, make_record, make_records

#: More than any writer should need against seven rivals.
_TRIES: Final = 1_000


class TailsPromises(StorePromises):
    """Promises of :class:`~edujournal.ports.Tails`, inherited by ``StoreTests``.

    *Version added: 0.1.*
    """

    def test_following_gives_every_record_of_a_school_in_the_order_of_its_writing(
        self, open_store: Callable[[], Store]
    ) -> None:
        """Positions are 1, 2, 3 …, in the order of the appends, for every object, from any position."""
        store = open_store()
        follows = self.capable(store, Tails)
        assert [] == list(follows.follow(SCHOOL))
        heads = {"b": Head(), "a": Head()}
        written: list[Record] = []
        for book, count in (("b", 3), ("a", 1), ("b", 1), ("a", 40), ("b", 2)):
            made = make_records(heads[book], count, book=book, text="Да", key="k")
            store.append(SCHOOL, book, made, heads[book].number)
            heads[book] = head_of(made)
            written += made
            store.append("school-2", "a", [], 0)
        store.append("school-2", "b", [make_record(book="b", school="school-2")], 0)

        expected = list(enumerate(written, 1))
        for each in (follows, self.capable(open_store(), Tails)):
            for after in (0, 1, 2, 3, 4, 5, 20, 44, 46, 47, 48, 1000):
                found = list(each.follow(SCHOOL, after))
                assert expected[after:] == found
                assert [r.private for r in written[after:]] == [r.private for _, r in found]
            assert [1] == [position for position, _ in each.follow("school-2")]
            assert [] == list(each.follow("school-3"))

    def test_following_goes_on_where_it_stopped(self, open_store: Callable[[], Store]) -> None:
        """A reader that asks again after its last position meets each record once, whoever writes."""
        store, other = open_store(), open_store()
        follows = self.capable(store, Tails)
        met: list[Record] = []
        written: list[Record] = []
        for number in range(12):
            book = f"book-{number % 3}"
            writer: Any = (store, other)[number % 2]
            head = writer.head(SCHOOL, book)
            made = make_records(head, 1 + number % 4, book=book)
            if number % 5 == 4 and isinstance(writer, Writes):
                with writer.writing(SCHOOL, book, head.number) as act:
                    act.append(made)
            else:
                writer.append(SCHOOL, book, made, head.number)
            written += made
            if number % 4 == 3:
                met += [record for _, record in follows.follow(SCHOOL, len(met))]

        assert written == met

    def test_following_sees_nothing_of_what_failed(self, open_store: Callable[[], Store]) -> None:
        """What was refused takes no position."""
        store = open_store()
        follows = self.capable(store, Tails)
        made = make_records(Head(), 2)
        store.append(SCHOOL, BOOK, made[:1], 0)
        with pytest.raises(StaleHead):
            store.append(SCHOOL, BOOK, make_records(Head(), 1), 0)
        if isinstance(store, Writes):
            with pytest.raises(ZeroDivisionError), store.writing(SCHOOL, BOOK, 1) as act:
                append_and_fail(act, made[1:])
        store.append(SCHOOL, "other", [make_record(book="other")], 0)
        store.append(SCHOOL, BOOK, made[1:], 1)

        assert [(1, BOOK, 1), (2, "other", 1), (3, BOOK, 2)] == [
            (position, record.book, record.number) for position, record in follows.follow(SCHOOL)
        ]

    def test_racing_writers_leave_no_gap_for_a_follower(
        self, open_store: Callable[[], Store]
    ) -> None:
        """Eight threads write to four books while two follow: each record once, in order, no gap."""
        store = open_store()
        self.capable(store, Tails)
        done = Event()

        def following(reader: Any) -> list[Record]:
            met: list[Record] = []
            last = False
            while not last:
                # What was written before this question must be in its answer.
                last = done.is_set()
                for position, record in reader.follow(SCHOOL, len(met)):
                    met.append(record)
                    assert len(met) == position
            return met

        with ThreadPoolExecutor(10) as threads:
            readers = [threads.submit(following, open_store()) for _ in range(2)]
            try:
                list(threads.map(lambda n: race(store, n, f"book-{n % 4}"), range(8)))
            finally:
                done.set()
            met = [reader.result(60) for reader in readers]

        assert met[0] == met[1]
        books = {name: list(store.read(SCHOOL, name)) for name, _ in store.books(SCHOOL)}
        assert books == {name: [r for r in met[0] if r.book == name] for name in books}
        assert 80 == len(met[0])


def append_and_fail(act: Writing, records: Sequence[Record]) -> None:
    """Append, and fail before the block ends."""
    act.append(records)
    raise ZeroDivisionError


def race(store: Store, name: int, book: str = BOOK) -> list[str]:
    """Append ten records against seven rivals; give the hashes of what was acknowledged."""
    done: list[str] = []
    for _ in range(_TRIES):
        if len(done) == 10:
            return done
        head = store.head(SCHOOL, book)
        record = make_record(head, book=book, writer=name, round=len(done))
        try:
            store.append(SCHOOL, book, [record], head.number)
        except (StaleHead, StoreBusy):
            continue
        done.append(record.hash)
    pytest.fail(
        f"a writer was turned away {_TRIES - len(done)} times, by seven rivals with 70 records"
    )
