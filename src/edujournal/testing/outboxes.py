"""The conformance kit of outboxes: what the library asks of any, as tests to inherit.

An outbox of your own is put to it in a few lines::

    class TestOurOutbox(edujournal.testing.outboxes.OutboxTests):
        @pytest.fixture
        def make_outbox(self, tmp_path):
            return lambda: OurOutbox(tmp_path / "notices.db")
"""

# ruff: noqa: S101, SIM300 - a promise is an assertion, expected == actual

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any, Final

import pytest
from attrs import evolve

from edujournal.errors import StoreBusy
from edujournal.model.notices import Notice, NoticeStatus, OutboxHead, digest_of
from edujournal.ports import Outbox

SCHOOL: Final = "school-1"


def make_notice(n: int, **more: Any) -> Notice:
    """The *n*-th notice of a school."""
    values: dict[str, Any] = {
        "thread": digest_of(n), "account": "g-1", "pupil": "п-1", "channel": "email",
        "kind": "mark", "book": "journal/7А/alg/2026", "number": n, "seq": n, "since": 2**53 + n,
    }  # fmt: skip
    return Notice(**(values | more))


class OutboxTests:
    """Inherit this, give ``make_outbox``, and the outbox keeps every promise or the tests say which not.

    *Version added: 0.1.*
    """

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        overridden = sorted(
            name for name in vars(cls) if name.startswith("test_") and hasattr(OutboxTests, name)
        )
        if overridden:
            raise TypeError(f"a promise cannot be overridden: {', '.join(overridden)}")

    @pytest.fixture
    def make_outbox(self) -> Callable[[], Outbox]:
        """Give a function that opens the outbox; called again, it opens the same place again."""
        pytest.fail(f"{type(self).__name__} has no fixture 'make_outbox'")

    @pytest.fixture
    def open_outbox(self, make_outbox: Callable[[], Outbox]) -> Iterator[Callable[[], Outbox]]:
        """Open the outbox as often as a test likes; every one is closed after the test."""
        with ExitStack() as opened:

            def opening() -> Outbox:
                outbox = make_outbox()
                close = getattr(outbox, "close", None)
                if close is not None:
                    opened.callback(close)
                return outbox

            yield opening

    def test_an_empty_outbox_has_nothing(self, open_outbox: Callable[[], Outbox]) -> None:
        """No head, no notice, of no school."""
        outbox = open_outbox()
        assert OutboxHead() == outbox.head(SCHOOL)
        assert [] == list(outbox.notices(SCHOOL, *NoticeStatus))
        assert [] == list(outbox.find(SCHOOL, [digest_of(1)]))
        assert [] == list(outbox.about(SCHOOL, "journal/7А/alg/2026", None))

    def test_what_was_saved_is_there_for_all_who_open_it(
        self, open_outbox: Callable[[], Outbox]
    ) -> None:
        """Head and notices, to the last field, by another that opens the same place."""
        outbox = open_outbox()
        head = OutboxHead(1, '{"journal/7А":4}' * 400, 3, 2**53 + 1)
        some = [
            make_notice(1),
            make_notice(
                2, pupil=None, book="", number=0, about="r|2.9|…", status=NoticeStatus.TOLD
            ),
            make_notice(3, letter="k", attempts=7, not_before=5, turn=2, revision="4,5"),
        ]
        outbox.save(SCHOOL, head, some)
        for one in (outbox, open_outbox()):
            assert head == one.head(SCHOOL)
            assert some == list(one.notices(SCHOOL, *NoticeStatus))
            assert OutboxHead() == one.head("school-2")
            assert [] == list(one.notices("school-2", *NoticeStatus))

    def test_a_notice_takes_the_place_of_its_thread(
        self, open_outbox: Callable[[], Outbox]
    ) -> None:
        """What was waiting and was told is told, and waits no more."""
        outbox, other = open_outbox(), open_outbox()
        outbox.save(SCHOOL, OutboxHead(1, "a", 2), [make_notice(1), make_notice(2)])
        told = evolve(make_notice(1), status=NoticeStatus.TOLD)
        other.save(SCHOOL, OutboxHead(2, "b", 2), [told])
        for one in (outbox, other, open_outbox()):
            assert [make_notice(2)] == list(one.notices(SCHOOL, NoticeStatus.WAITING))
            assert [told] == list(one.find(SCHOOL, [told.thread, digest_of("none")]))

    def test_notices_come_in_their_order(self, open_outbox: Callable[[], Outbox]) -> None:
        """By ``seq``, in whatever order they were saved."""
        outbox = open_outbox()
        seqs = [(n * 7) % 601 + 1 for n in range(601)]
        outbox.save(SCHOOL, OutboxHead(1, "", 601), [make_notice(n) for n in seqs])
        found = outbox.notices(SCHOOL, NoticeStatus.WAITING, NoticeStatus.TRYING)
        assert list(range(1, 602)) == [one.seq for one in found]
        threads = [digest_of(n) for n in range(1, 602)]
        assert set(threads) == {one.thread for one in outbox.find(SCHOOL, threads)}

    def test_notices_are_found_by_what_they_are_about(
        self, open_outbox: Callable[[], Outbox]
    ) -> None:
        """By book and number; a book that looks alike is another one."""
        outbox = open_outbox()
        latin = make_notice(9, book="journal/7A/alg/2026", number=1)
        outbox.save(SCHOOL, OutboxHead(1, "", 9), [make_notice(1), make_notice(2), latin])
        about = "journal/7А/alg/2026"
        assert [make_notice(2)] == list(outbox.about(SCHOOL, about, [2, 77]))
        assert {1, 2} == {one.number for one in outbox.about(SCHOOL, about, None)}
        assert [latin] == list(outbox.about(SCHOOL, "journal/7A/alg/2026", {1}))
        assert [] == list(outbox.about(SCHOOL, about, []))

    @pytest.mark.parametrize("version", [1, 2, 4])
    def test_an_act_that_does_not_follow_is_refused_whole(
        self, open_outbox: Callable[[], Outbox], version: int
    ) -> None:
        """Two who send at once: the second keeps nothing, and learns it before it sends."""
        outbox = open_outbox()
        outbox.save(SCHOOL, OutboxHead(1, "a", 1), [make_notice(1)])
        open_outbox().save(SCHOOL, OutboxHead(2, "b", 1), [])
        with pytest.raises(StoreBusy):
            outbox.save(SCHOOL, OutboxHead(version, "x", 9), [make_notice(2)])
        assert OutboxHead(2, "b", 1) == outbox.head(SCHOOL)
        assert [make_notice(1)] == list(outbox.notices(SCHOOL, *NoticeStatus))

    def test_one_may_be_read_by_some_threads_while_another_saves(
        self, open_outbox: Callable[[], Outbox]
    ) -> None:
        """Whoever reads meets each act whole: as many notices as its number says."""
        outbox = open_outbox()

        def saving() -> None:
            for version in range(1, 31):
                head = OutboxHead(version, "", version)
                outbox.save(SCHOOL, head, [make_notice(version)])

        def reading() -> bool:
            met = 0
            while met < 30:
                found = [one.seq for one in outbox.notices(SCHOOL, NoticeStatus.WAITING)]
                if found != list(range(1, len(found) + 1)) or len(found) < met:
                    return False
                met = len(found)
            return True

        with ThreadPoolExecutor(4) as threads:
            readers = [threads.submit(reading) for _ in range(3)]
            threads.submit(saving).result(60)
            assert [True, True, True] == [one.result(60) for one in readers]

    def test_of_many_who_save_the_same_act_one_does(
        self, open_outbox: Callable[[], Outbox]
    ) -> None:
        """Eight at once, for the first act and for the second."""
        outboxes = [open_outbox() for _ in range(8)]
        for version in (1, 2):

            def act(place: int, version: int = version) -> bool:
                head = OutboxHead(version, str(place), place)
                try:
                    outboxes[place].save(SCHOOL, head, [make_notice(place, about=f"v{version}")])
                except StoreBusy:
                    return False
                return True

            with ThreadPoolExecutor(8) as threads:
                won = [place for place, is_so in enumerate(threads.map(act, range(8))) if is_so]
            assert 1 == len(won)
            assert str(won[0]) == outboxes[0].head(SCHOOL).cursor
            acts = [one.about for one in outboxes[1].notices(SCHOOL, *NoticeStatus)]
            assert 1 == acts.count(f"v{version}")
