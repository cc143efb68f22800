"""A state machine that keeps the journals of one school over several stores and finds what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from edujournal.adapters.schools.plain import PlainSchool
from edujournal.errors import EdujournalError
from edujournal.journals import Journals
from edujournal.journals_core import RegulationSource
from edujournal.model.drafts import Draft, Erasure, Release, Restriction, Waiver
from edujournal.model.ids import is_log
from edujournal.model.time import moment
from edujournal.ports import Erases
from edujournal.testing.clocks import CountedSalts, StandingClock
from edujournal.testing.machines import Openers, Outcome
from edujournal.testing.scripts import ScriptedAct, resolved
from edujournal.testing.strategies import YEAR, acts, working_schools

# ruff: noqa: S101 - what the machine claims is an assertion

#: Handles on each store: what one writes the other has to notice.
HANDLES = 2


class JournalsSideBySide(RuleBasedStateMachine):
    """Does the same in the journals over every store, and compares all that a caller can see.

    Each store has two handles, which write in turn; now and then all is closed and opened again.
    Inherit it and give ``open_places``; ``hypothesis.stateful.run_state_machine_as_test`` or the
    attribute ``TestCase`` runs it.

    *Version added: 0.1.*
    """

    #: Regulations under which the journals are kept.
    regulation: RegulationSource | Sequence[RegulationSource] = "ru-school26-2023"

    def open_places(self) -> Openers:
        """Give, by name, functions that open one new and empty store each, again and again."""
        raise TypeError(f"{type(self).__name__} does not say which stores to compare")

    @initialize(school=working_schools())
    def open_all(self, school: PlainSchool) -> None:
        """Begin with a school and empty books."""
        self.school = school
        self.clock = StandingClock()
        self.openings = 0
        self.places = self.open_places()
        self._open()

    def _open(self) -> None:
        self.openings += 1
        self.stores = {name: opening() for name, opening in self.places.items()}
        self.handles = {
            name: [self._journals(store, handle) for handle in range(HANDLES)]
            for name, store in self.stores.items()
        }

    def _journals(self, store: Any, handle: int) -> Journals:
        salts = CountedSalts(f"{self.openings}.{handle}")
        return Journals(store, self.school, self.regulation, self.clock, salts)

    def teardown(self) -> None:
        """Compare all findings, then close every store."""
        try:
            if hasattr(self, "stores"):
                self._same(lambda journals: list(journals.audit(everything=True)))
                self._same(lambda journals: journals.due())
                self._same(lambda journals: list(journals.verify().damages))
        finally:
            for store in getattr(self, "stores", {}).values():
                close = getattr(store, "close", None)
                if close is not None:
                    close()

    # -- what is done ----------------------------------------------------------------------------

    @rule(data=st.data(), handle=st.integers(0, HANDLES - 1), tried=st.booleans())
    def act(self, data: st.DataObject, handle: int, tried: bool) -> None:
        """Record what somebody has to say, perhaps after a look at what would be said of it."""
        act = data.draw(acts(self.school))
        self.clock.set(act.at)
        if tried:
            self._same(partial(_checked, act), handle)
        self._same(partial(_recorded, act), handle)

    @rule(data=st.data(), handle=st.integers(0, HANDLES - 1), id=st.sampled_from(("e-1", "e-2")))
    def erase(self, data: st.DataObject, handle: int, id: str) -> None:
        """Have texts destroyed, where every store can, most often with leave; what else is said stays."""
        texts = self._texts(data)
        if texts and all(isinstance(store, Erases) for store in self.stores.values()):
            if data.draw(st.integers(1, 4)) > 1:
                self._by_office(self._leave(), data, handle)
            draft = Erasure(id=id, year=YEAR, records=texts, ground="заявление")
            self._by_office(draft, data, handle)
            for book in texts:
                self._same(partial(_kept, book), handle)
                self._same(partial(_said, book=book, as_of=None), 1 - handle)

    @rule(data=st.data(), handle=st.integers(0, HANDLES - 1), id=st.sampled_from(("r-1", "r-2")))
    def restrict(self, data: st.DataObject, handle: int, id: str) -> None:
        """Have texts hidden in every view."""
        texts = self._texts(data)
        if texts:
            draft = Restriction(id=id, year=YEAR, records=texts, ground="спор")
            self._by_office(draft, data, handle)
            for book in texts:
                self._same(partial(_said, book=book, as_of=None), 1 - handle)

    @rule(data=st.data(), handle=st.integers(0, HANDLES - 1), id=st.sampled_from(("r-1", "r-2")))
    def release(self, data: st.DataObject, handle: int, id: str) -> None:
        """Have them shown again."""
        self._by_office(Release(id=id, year=YEAR, ground="спор решён"), data, handle)

    def _texts(self, data: st.DataObject) -> Mapping[str, list[int]]:
        """Some entries of a book, most often such as have texts; empty where nothing is written."""
        journals = next(iter(self.handles.values()))[0]
        named = [book for book, _ in journals.store.books(self.school.id) if not is_log(book)]
        written = {
            book: [one.number for one in journals.entries(book) if one.texts] for book in named
        }
        written = {book: numbers for book, numbers in written.items() if numbers}
        if not written:
            return {}
        book = data.draw(st.sampled_from(list(written)))
        # Now and then one without texts, or none at all.
        numbers = st.sampled_from([*written[book] * 4, *range(1, written[book][-1] + 2)])
        return {book: data.draw(st.lists(numbers, min_size=1, max_size=3))}

    def _leave(self) -> Draft:
        """Leave to destroy now what would have to be kept."""
        now = moment(self.clock.at, "UTC")
        return Waiver(
            id=f"w-{self.clock.at}", clauses=["2.15"], since=now, until=now + timedelta(hours=1),
            year=YEAR, ground="введено по ошибке",
        )  # fmt: skip

    def _by_office(self, draft: Draft, data: st.DataObject, handle: int) -> None:
        """Record an act of the school book, most often by one who may."""
        hand = data.draw(st.sampled_from((*["head"] * 5, "deputy", "t-1")))
        key = data.draw(st.sampled_from((None, None, None, "k-1", "k-2")))
        self._same(lambda journals: journals.record_many([draft], hand, key), handle)

    @rule()
    def open_again(self) -> None:
        """Close every store and open it again."""
        for store in self.stores.values():
            store.close()
        self._open()

    # -- what is asked ---------------------------------------------------------------------------

    @rule(handle=st.integers(0, HANDLES - 1), data=st.data())
    def ask(self, handle: int, data: st.DataObject) -> None:
        """Audit some books as of some moment, and look at what they say."""
        books = next(iter(self.handles.values()))[handle].books()
        some = data.draw(st.lists(st.sampled_from(books), max_size=2, unique=True))
        as_of = data.draw(st.sampled_from((None, self.clock.at)))
        self._same(
            lambda journals: list(journals.audit(books=some, as_of=as_of, everything=True)), handle
        )
        for book in some:
            self._same(partial(_said, book=book, as_of=as_of), handle)

    @invariant()
    def heads_are_the_same(self) -> None:
        """After every step every book ends in the same record everywhere."""
        if hasattr(self, "stores"):
            self._same(lambda journals: list(journals.store.books(self.school.id)))

    # -- how it is compared ----------------------------------------------------------------------

    def _same(self, doing: Any, handle: int = 0) -> None:
        outcomes: Mapping[str, Outcome] = {
            name: _outcome(doing, some[handle]) for name, some in self.handles.items()
        }
        model, expected = next(iter(outcomes.items()))
        for name, found in outcomes.items():
            assert expected == found, f"{model}: {expected!r}\n{name}: {found!r}"


def _outcome(doing: Any, journals: Journals) -> Outcome:
    try:
        return "answer", doing(journals)
    except EdujournalError as error:
        return type(error).__name__, str(error)


def _checked(act: ScriptedAct, journals: Journals) -> object:
    return journals.check_many(resolved(journals, act), act.by)


def _recorded(act: ScriptedAct, journals: Journals) -> object:
    return journals.record_many(resolved(journals, act), act.by, act.key)


def _kept(book: str, journals: Journals) -> object:
    return list(journals.store.read(journals.school.id, book))


def _said(journals: Journals, book: str, as_of: int | None) -> object:
    state = journals.state(book, as_of)
    return [(entry, state.reading(entry), state.stands(entry)) for entry in state.entries]
