"""A state machine that runs several stores side by side and finds the first answer that differs."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from edujournal.errors import EdujournalError, StaleHead
from edujournal.ledger.records import ZERO_HASH, Head, Record
from edujournal.ports import Erases, FindsKeys, Keeps, Writes
from edujournal.testing.records import make_records

# ruff: noqa: S101 - what the machine claims is an assertion

#: Opens every store on its own new place, by name; a function of it opens the same place again.
Openers = Mapping[str, Callable[[], Any]]

#: What a store did: its answer, or the class of its error and what the caller can see of it.
Outcome = tuple[str, Any]

SCHOOLS = st.sampled_from(["school-1", "School-1", "школа"])
BOOKS = st.sampled_from(["journal/7A/alg/2026", "journal/7a/alg/2026", "школа/2026"])
KEYS = st.sampled_from([None, "k", "К"])
TEXTS = st.one_of(st.none(), st.text("аж\x00\n\\\" '\U0001f600", max_size=5))
COUNTS = st.integers(0, 4)
OFFSETS = st.integers(-2, 2)


class StoresSideBySide(RuleBasedStateMachine):
    """Does the same to every store and compares all that a caller can see.

    Inherit it and give ``open_places``; ``hypothesis.stateful.run_state_machine_as_test`` or the
    attribute ``TestCase`` runs it.

    *Version added: 0.1.*
    """

    #: Seconds an act waits for another; the stores must be opened with so short a timeout.
    timeout: ClassVar[float] = 0.01

    #: Whether rivals inside an act are tried: each waits as long as the store does.
    rivals: ClassVar[bool] = True

    def open_places(self) -> Openers:
        """Give, by name, functions that open one new and empty place each, again and again."""
        raise TypeError(f"{type(self).__name__} does not say which stores to compare")

    @initialize()
    def open_all(self) -> None:
        """Begin with empty stores."""
        self.places = self.open_places()
        self.stores = {name: opening() for name, opening in self.places.items()}
        self.touched: set[tuple[str, str]] = set()

    def teardown(self) -> None:
        """Close every store."""
        for store in getattr(self, "stores", {}).values():
            _close(store)

    # -- what is done ----------------------------------------------------------------------------

    @rule(school=SCHOOLS, book=BOOKS, count=COUNTS, text=TEXTS, key=KEYS)
    def append(self, school: str, book: str, count: int, text: str | None, key: str | None) -> None:
        """Append a good batch."""
        head = self._head(school, book)
        batch = make_records(head, count, school=school, book=book, text=_nfc(text), key=key)
        self._same(lambda store: store.append(school, book, batch, head.number), school, book)

    @rule(school=SCHOOLS, book=BOOKS, offset=OFFSETS, shift=OFFSETS, lost=st.booleans())
    def append_amiss(self, school: str, book: str, offset: int, shift: int, lost: bool) -> None:
        """Append a batch with a stale number, a shifted number, or a foreign hash."""
        head = self._head(school, book)
        number = head.number + offset
        before = Head(number, ZERO_HASH if lost else head.hash)
        batch = make_records(before, 2, school=school, book=book)
        self._same(lambda store: store.append(school, book, batch, number + shift), school, book)

    @rule(
        school=SCHOOLS,
        book=BOOKS,
        other=BOOKS,
        known=st.integers(0, 12),
        counts=st.tuples(COUNTS, COUNTS),
        end=st.sampled_from(["well", "by an error", "by a bad record", "by a rival"]),
    )
    def act(
        self, school: str, book: str, other: str, known: int, counts: tuple[int, int], end: str
    ) -> None:
        """Lock a book, read tails, append twice; end well or not; where every store can."""
        if not self._all(Writes) or (end == "by a rival" and not self.rivals):
            return
        head = self._head(school, book)
        first = make_records(head, counts[0], school=school, book=book, key="k")
        middle = Head(first[-1].number, first[-1].hash) if first else head
        second = make_records(middle, counts[1], school=school, book=book, text="ж")
        # Some stores lock a school, others a book: what all promise is a rival for the same book.
        other = book if end == "by a rival" else other
        rival = make_records(head, 1, school=school, book=book)

        def acting(store: Any) -> tuple[list[Record], list[Record]]:
            with store.writing(school, book, known) as writing:
                tails = list(writing.tail), list(writing.tail_of(other, known))
                writing.append(first)
                writing.append(second)
                if end == "by an error":
                    raise KeyError(end)
                if end == "by a bad record":
                    writing.append(make_records(Head(), 1, school=school, book="another"))
                if end == "by a rival":
                    # The same thread counts as another writer, too: locks are not re-entered.
                    store.append(school, book, rival, rival[0].number - 1)
            return tails

        self._same(acting, school, book)

    @rule(
        school=SCHOOLS,
        name=st.sampled_from(["regulation", "Regulation"]),
        content=st.binary(max_size=9),
    )
    def keep(self, school: str, name: str, content: bytes) -> None:
        """Keep a document, where every store can."""
        if self._all(Keeps):
            self._same(lambda store: store.keep(school, name, content))
            self._same(lambda store: store.kept(school, name))

    @rule(school=SCHOOLS, book=BOOKS, numbers=st.lists(st.integers(0, 6), max_size=3))
    def erase(self, school: str, book: str, numbers: list[int]) -> None:
        """Erase texts, where every store can."""
        if self._all(Erases):
            self._same(lambda store: store.erase(school, book, numbers), school, book)

    @rule()
    def open_again(self) -> None:
        """Close every store and open it again."""
        for name, store in self.stores.items():
            _close(store)
            self.stores[name] = self.places[name]()

    # -- what is asked ---------------------------------------------------------------------------

    @rule(school=SCHOOLS, book=BOOKS, after=st.integers(0, 12))
    def read(self, school: str, book: str, after: int) -> None:
        """Read on after a number."""
        self._same(lambda store: list(store.read(school, book, after)))

    @rule(school=SCHOOLS, key=st.sampled_from(["k", "К", "nothing"]))
    def find(self, school: str, key: str) -> None:
        """Find a client key, where every store can."""
        if self._all(FindsKeys):
            self._same(lambda store: list(store.find_key(school, "t-ivanova", key)))

    @rule(school=SCHOOLS)
    def list_books(self, school: str) -> None:
        """Name schools and books."""
        if self._all(Keeps):
            self._same(lambda store: list(store.schools()))
        self._same(lambda store: list(store.books(school)))

    @rule(name=st.sampled_from(["", "a\nb", "e\u0301", "\ud800"]))
    def name_amiss(self, name: str) -> None:
        """Use a name that is none."""
        self._same(lambda store: store.head(name, "b"))
        self._same(lambda store: list(store.read("school-1", name)))
        if self._all(Keeps):
            self._same(lambda store: store.keep("school-1", name, b""))

    @invariant()
    def books_are_the_same(self) -> None:
        """After every step the books touched last are equal in every store."""
        for school, book in self.touched:
            self._same(partial(_shown, school, book))
        self.touched.clear()

    # -- how it is compared ----------------------------------------------------------------------

    def _head(self, school: str, book: str) -> Head:
        head: Head = next(iter(self.stores.values())).head(school, book)
        return head

    def _all(self, capability: type) -> bool:
        return all(isinstance(store, capability) for store in self.stores.values())

    def _same(self, doing: Callable[[Any], Any], school: str = "", book: str = "") -> None:
        if book:
            self.touched.add((school, book))
        outcomes = {name: _outcome(doing, store) for name, store in self.stores.items()}
        model, expected = next(iter(outcomes.items()))
        for name, found in outcomes.items():
            assert expected == found, f"{model}: {expected!r}\n{name}: {found!r}"


def _close(store: Any) -> None:
    if hasattr(store, "close"):
        store.close()


def _outcome(doing: Callable[[Any], Any], store: Any) -> Outcome:
    try:
        return "answer", doing(store)
    except StaleHead as error:
        return "StaleHead", (error.book, error.expected, error.actual)
    except (EdujournalError, KeyError) as error:
        return type(error).__name__, None


def _shown(school: str, book: str, store: Any) -> tuple[Head, list[Record]]:
    return store.head(school, book), list(store.read(school, book))


def _nfc(text: str | None) -> str | None:
    return None if text is None else unicodedata.normalize("NFC", text)
