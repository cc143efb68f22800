"""What the kit asks of a store that keeps views beside its books: one part of ``StoreTests``."""

# ruff: noqa: S101, SIM300 - a promise is an assertion, expected == actual

from __future__ import annotations

from collections.abc import Callable

import pytest

from edujournal.errors import BadInput
from edujournal.ledger.records import Head
from edujournal.ports import Projects, Store
from edujournal.testing.promises import StorePromises
from edujournal.testing.records import BOOK, SCHOOL, head_of, make_records


class ProjectsPromises(StorePromises):
    """Promises of :class:`~edujournal.ports.Projects`, inherited by ``StoreTests``.

    *Version added: 0.1.*
    """

    def test_a_view_is_kept_with_the_entries_of_its_act(
        self, open_store: Callable[[], Store]
    ) -> None:
        """The last content of a view counts, for its school and book alone, for every object."""
        store = self.capable(open_store(), Projects)
        assert store.projection(SCHOOL, BOOK, "a") is None
        head = Head()
        for content in (b"{}", b"\x00\xff" * 40_000, b""):
            made = make_records(head, 2)
            with store.writing(SCHOOL, BOOK, head.number) as act:
                act.append(made)
                act.project("a", b"not the last")
                act.project("a", content)
                act.project("b", b"b")
            head = head_of(made)
            for each in (store, self.capable(open_store(), Projects)):
                assert content == each.projection(SCHOOL, BOOK, "a")
                assert b"b" == each.projection(SCHOOL, BOOK, "b")
                assert head == each.head(SCHOOL, BOOK)
        assert store.projection(SCHOOL, "another", "a") is None
        assert store.projection("school-2", BOOK, "a") is None

    def test_a_view_of_an_act_that_failed_is_not_kept(
        self, open_store: Callable[[], Store]
    ) -> None:
        """Entries and view are lost together, and the view before stands."""
        store = self.capable(open_store(), Projects)
        made = make_records(Head(), 2)
        with store.writing(SCHOOL, BOOK, 0) as act:
            act.append(made)
            act.project("a", b"before")
        with pytest.raises(ZeroDivisionError), store.writing(SCHOOL, BOOK, 2) as act:  # noqa: PT012
            act.append(make_records(head_of(made), 1))
            act.project("a", b"lost")
            raise ZeroDivisionError
        assert b"before" == store.projection(SCHOOL, BOOK, "a")
        assert 2 == store.head(SCHOOL, BOOK).number

    def test_a_view_is_kept_inside_of_an_act_only(self, open_store: Callable[[], Store]) -> None:
        """After its end an act takes nothing more, and a view must have a name."""
        store = self.capable(open_store(), Projects)
        with store.writing(SCHOOL, BOOK, 0) as act, pytest.raises(BadInput):
            act.project("", b"")
        with pytest.raises(BadInput):
            act.project("a", b"")
