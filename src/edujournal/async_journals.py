"""The journals of one school for asynchronous hosts: the second shell round the same middle."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from attrs import evolve

from edujournal.accesses import Access, Reading, readings, refusals
from edujournal.answering import Question, ask_proposals, ask_statistics
from edujournal.audits.exact import audit_book, by_end, due_in
from edujournal.erasing import by_book, cannot_erase, taken_of
from edujournal.errors import Refused, StaleHead
from edujournal.gathering import gather_all
from edujournal.journals_core import BESIDE, KEYS, TRIES, Core, Plan, RegulationSource, instant_of
from edujournal.ledger.books import BookState
from edujournal.ledger.erasures import ERASURE, restricted, rows_of
from edujournal.ledger.past import fences_known, fencing_book
from edujournal.ledger.records import Head, Record
from edujournal.model.drafts import Compromise, Draft, Erasure, Restoration, Restriction
from edujournal.model.facts import Facts
from edujournal.model.forms import asked_rightly
from edujournal.model.ids import JournalId, access_book, is_log
from edujournal.model.people import BY_TIME, Actor
from edujournal.model.time import check_past
from edujournal.planning import Act, around_of, beside_of, fence_of, owed_beside
from edujournal.ports import (
    AsyncErases,
    AsyncFindsKeys,
    AsyncStore,
    AsyncWrites,
    Clock,
    Entropy,
    Erases,
    FindsKeys,
    SchoolData,
    Store,
)
from edujournal.rules.around import Around
from edujournal.rules.proposals import Proposal
from edujournal.rules.reminders import reminders_of, tells
from edujournal.rules.verdicts import Decision, Finding, Verdict
from edujournal.ticking import Tick, TickReport
from edujournal.viewing import look
from edujournal.views.statistics import Statistics
from edujournal.writing import (
    BookAct,
    Receipt,
    Written,
    check_places,
    entries_of,
    entry_of,
)

_Answer = TypeVar("_Answer")


@asked_rightly
class AsyncJournals(Core):
    """The class journals of one school, for hosts that wait with ``await``.

    Recording, checking and reading are asynchronous; an audit is not: run it with
    :class:`~edujournal.Journals` in a thread or a process of its own.

    *Version added: 0.1.*

    Args:
        store: An asynchronous store, or a synchronous one, whose calls then run in threads.
        school: What the host knows of the school. Its getters are called in a thread.
        regulation: As for :class:`~edujournal.Journals`.
        clock: As for :class:`~edujournal.Journals`.
        entropy: As for :class:`~edujournal.Journals`.
    """

    def __init__(
        self,
        store: AsyncStore | Store,
        school: SchoolData,
        regulation: RegulationSource | Sequence[RegulationSource],
        clock: Clock | None = None,
        entropy: Entropy | None = None,
    ) -> None:
        super().__init__(school, regulation, clock, entropy)
        self.store: AsyncStore = (
            store if asyncio.iscoroutinefunction(store.head) else InThreads(store)  # type: ignore[arg-type, assignment]
        )
        self._locks: dict[str, asyncio.Lock] = {}

    async def record(
        self, draft: Draft, by: str | Actor, key: str | None = None, role: str | None = None
    ) -> Receipt:
        """Record one draft; see :meth:`edujournal.Journals.record`.

        Raises:
            Refused: The regulation does not let it be written.
        """
        receipt = (await self.record_many([draft], by, key, role))[0]
        if receipt.decision is Decision.REFUSED:
            raise Refused(receipt.verdict)
        return receipt

    async def record_many(
        self,
        drafts: Iterable[Draft],
        by: str | Actor,
        key: str | None = None,
        role: str | None = None,
    ) -> list[Receipt]:
        """Record many drafts in one act; see :meth:`edujournal.Journals.record_many`."""
        prepared = [await self._prepared(one) for one in drafts]
        ask = await asyncio.to_thread(self.draft, prepared, by, key, role)
        act, books = await self._settle(ask)
        if key is not None:
            check_places(key, await self._find_key(act.actor.account, key), books)
        receipts: dict[int, Receipt] = {}
        for one in books:
            receipts.update((await self._write(one)).receipts)
        ordered = [receipts[item] for item in range(len(ask.drafted))]
        kinds = (one.content.kind for one in ask.drafted)
        await self.note(refusals(act.actor, ordered, kinds), act.facts, act.at)
        await self._carry_out(ordered, ask)
        return ordered

    async def _find_key(self, account: str, key: str) -> Sequence[tuple[str, int]]:
        """See :func:`edujournal.client_keys.find_key`."""
        if isinstance(self.store, AsyncFindsKeys):
            return await self.store.find_key(self.school.id, account, key)
        async with self._lock(KEYS):
            for book, after in self._keys.behind(await self.store.books(self.school.id)):
                self._keys.take(await self.store.read(self.school.id, book, after))
            return self._keys.find(account, key)

    async def check(self, draft: Draft, by: str | Actor, role: str | None = None) -> Verdict:
        """Give the verdict that :meth:`record` would give now, and write nothing."""
        return (await self.check_many([draft], by, role))[0]

    async def check_many(
        self, drafts: Iterable[Draft], by: str | Actor, role: str | None = None
    ) -> list[Verdict]:
        """Give the verdicts that :meth:`record_many` would give now, and write nothing."""
        prepared = [await self._prepared(one) for one in drafts]
        ask = await asyncio.to_thread(self.draft, prepared, by, None, role)
        _, books = await self._settle(ask)
        verdicts: dict[int, Verdict] = {}
        for one in books:
            async with self._lock(one.book):
                state = await self._fresh(one.book)
                for item, receipt in one.write(state, await self._around(one)).receipts.items():
                    verdicts[item] = receipt.verdict
        return [verdicts[item] for item in range(len(ask.drafted))]

    async def state(self, book: str, as_of: datetime | int | None = None) -> BookState:
        """What *book* says now, or said at a past moment; see :meth:`edujournal.Journals.state`."""
        limit = None if as_of is None else instant_of(as_of)
        state = BookState(book)
        for entry in entries_of(await self.store.read(self.school.id, book)):
            if limit is not None and entry.at >= limit:
                break
            state.apply(entry)
        school = fencing_book(book)
        if school is not None:
            async with self._lock(school):
                state.fences = fences_known(known := await self._fresh(school), limit)
                state.hide(restricted(known).get(book, ()))
        return state

    async def note_reading(
        self, view: str, of: str, pupils: Iterable[str], by: str | Actor, year: str | None = None
    ) -> None:
        """Log that *by* looked at personal data; see :meth:`edujournal.Journals.note_reading`.

        Raises:
            Unknown: The school has no such pupil, account or year.
        """
        facts, at = await asyncio.to_thread(gather_all, self.school), self.now()
        await self.note([look(view, of, pupils, by, year, facts, at)], facts, at)

    async def reads_of(
        self,
        account: str,
        since: datetime | int | None = None,
        until: datetime | int | None = None,
    ) -> list[Reading]:
        """Whose data *account* looked at, and when; see :meth:`edujournal.Journals.reads_of`."""
        logs = [
            book
            for book, _ in await self.store.books(self.school.id)
            if book.startswith(access_book(""))
        ]
        entries = [
            one for log in logs for one in entries_of(await self.store.read(self.school.id, log))
        ]
        first, last = (None if one is None else instant_of(one) for one in (since, until))
        return readings(entries, account, first, last)

    async def tick(self, at: datetime | int | None = None) -> TickReport:
        """Record what time makes by now; see :meth:`edujournal.Journals.tick`.

        Raises:
            BadInput: The moment has not come.
        """
        facts = await asyncio.to_thread(gather_all, self.school)
        judges = self.judges(facts)
        tick = Tick(judges, check_past(at, self.now()))
        stored = [book for book, _ in await self.store.books(self.school.id)]
        names = [one for one in self.names(stored, facts) if not is_log(one)]
        for book in names:
            while found := tick.due(book, await self.state(book, self.now() + 1)):
                for one in found:
                    receipts = await self.record_many([one.draft], BY_TIME, one.key)
                    tick.took(one, receipts[0])
        states = {book: await self.state(book, tick.at + 1) for book in names}
        owed: list[Finding] = []
        for book, state in states.items():
            beside = owed_beside(book, facts, self.regulations)
            around = around_of(book, state, {n: states[n] for n in beside if n in states})
            owed += due_in(judges, book, state, tick.at, around)
        broken = [
            finding
            for book, state in states.items()
            if any(map(tells, self.regulations))
            for finding in audit_book(judges, book, state.entries, tick.at, beside=states)
        ]
        owed.sort(key=by_end)
        return tick.report(reminders_of(self.regulations, owed, broken, facts, tick.at))

    async def proposals(
        self,
        journal: str | JournalId,
        period: str,
        stage: str | None = None,
        at: datetime | int | None = None,
    ) -> list[Proposal]:
        """What the regulation's formula gives for each pupil; see :meth:`edujournal.Journals.proposals`."""
        moment = self.now() if at is None else instant_of(at)
        facts = await asyncio.to_thread(gather_all, self.school)
        asked = ask_proposals(self.regulations, facts, journal, period, stage, moment)
        return await self._answer(asked, moment)

    async def statistics(
        self,
        by: Sequence[str] = ("class",),
        *,
        periods: Iterable[str] | None = None,
        stage: str | None = None,
        groups: Iterable[str] | None = None,
        year: str | None = None,
        at: datetime | int | None = None,
    ) -> Statistics:
        """Success, quality, means and attendance; see :meth:`edujournal.Journals.statistics`."""
        moment = self.now() if at is None else instant_of(at)
        facts = await asyncio.to_thread(gather_all, self.school)
        asked = ask_statistics(self.regulations, facts, by, periods, stage, groups, year, moment)
        return await self._answer(asked, moment)

    async def _answer(self, asked: Question[_Answer], at: int) -> _Answer:
        return asked.answer({name: await self.state(name, at + 1) for name in asked.books})

    def _lock(self, book: str) -> asyncio.Lock:
        return self._locks.setdefault(book, asyncio.Lock())

    async def _settle(self, ask: Plan) -> tuple[Act, list[BookAct]]:
        states = {}
        for book in dict.fromkeys(ask.earlier.values()):
            async with self._lock(book):
                states[book] = await self._fresh(book)
        return await asyncio.to_thread(self.settle, ask, states)

    async def _prepared(self, draft: Draft) -> Draft:
        """As :meth:`edujournal.erasing.Prepares.prepared`."""
        school = self.school.id
        if isinstance(draft, Compromise | Restoration):
            books = [
                (book, await self.store.read(school, book))
                for book, _ in await self.store.books(school)
            ]
            return fence_of(draft, self.now(), books)
        if not isinstance(draft, Erasure | Restriction):
            return draft
        if isinstance(draft, Erasure) and not isinstance(self.store, AsyncErases):
            raise cannot_erase(self.store)
        taken = {
            book: taken_of(book, numbers, await self.store.read(school, book))
            for book, numbers in draft.records.items()
        }
        return evolve(draft, taken=taken) if isinstance(draft, Erasure) else draft

    async def _carry_out(self, receipts: Iterable[Receipt], ask: Plan) -> None:
        """As :meth:`edujournal.erasing.Prepares.carry_out`."""
        school = self.school.id
        for one, receipt in zip(ask.drafted, receipts, strict=True):
            if one.content.kind != ERASURE or receipt.number is None:
                continue
            if not isinstance(self.store, AsyncErases):
                raise cannot_erase(self.store)
            act = (await self.store.read(school, receipt.book, receipt.number - 1))[0]
            for book, numbers in by_book(rows_of(entry_of(act).values)).items():
                await self.store.erase(school, book, numbers)
                self.forget(book)

    async def _around(self, one: BookAct) -> Around:
        beside = {}
        for name in beside_of(one.book, one.act.facts, self.regulations):
            async with self._lock(f"{BESIDE}{name}"):
                beside[name] = other = self.beside_state(name)
                self.take(other, await self.store.read(self.school.id, name, other.number))
        return around_of(one.book, self.state_of(one.book), beside)

    async def _fresh(self, book: str) -> BookState:
        state = self.state_of(book)
        self.take(state, await self.store.read(self.school.id, book, state.number))
        return state

    async def _write(self, one: BookAct) -> Written:
        attempt = 0
        while True:
            try:
                async with self._lock(one.book):
                    return await self._try(one)
            except StaleHead:
                attempt += 1
                if isinstance(self.store, AsyncWrites) or attempt == TRIES:
                    raise
                await asyncio.sleep(random.uniform(0, 0.002 * 2**attempt))  # noqa: S311 - jitter

    async def _try(self, one: BookAct) -> Written:
        state = self.state_of(one.book)
        if isinstance(self.store, AsyncWrites):
            async with self.store.writing(self.school.id, one.book, state.number) as book:
                self.take(state, book.tail)
                written = one.write(state, await self._around(one))
                if written.records:
                    await book.append(written.records)
        else:
            await self._fresh(one.book)
            written = one.write(state, await self._around(one))
            if written.records:
                await self.store.append(self.school.id, one.book, written.records, state.number)
        for entry in written.entries:
            state.apply(entry)
        return written

    async def note(self, accesses: Iterable[Access], facts: Facts, at: int) -> None:
        """Count accesses, and write into the access log what is due; as :class:`Journals` does."""
        accesses = list(accesses)
        for log, records in self.noted(accesses, facts, at) if accesses else ():
            for attempt in range(TRIES):
                async with self._lock(log):
                    head = await self.store.head(self.school.id, log)
                    try:
                        await self.store.append(self.school.id, log, records(head), head.number)
                    except StaleHead:
                        if attempt + 1 == TRIES:
                            raise
                        continue
                break


class InThreads:
    """A synchronous store for asynchronous journals: every call runs in a thread.

    *Version added: 0.1.*
    """

    # There only where the store has them.
    find_key: Any
    erase: Any

    def __init__(self, store: Store) -> None:
        self._store = store
        if isinstance(store, FindsKeys):
            self.find_key = lambda *asked: asyncio.to_thread(store.find_key, *asked)
        if isinstance(store, Erases):
            self.erase = lambda *asked: asyncio.to_thread(store.erase, *asked)

    async def books(self, school: str) -> Iterable[tuple[str, Head]]:
        """As :meth:`edujournal.ports.Store.books`."""
        return await asyncio.to_thread(lambda: list(self._store.books(school)))

    async def head(self, school: str, book: str) -> Head:
        """As :meth:`edujournal.ports.Store.head`."""
        return await asyncio.to_thread(self._store.head, school, book)

    async def read(self, school: str, book: str, after: int = 0) -> Sequence[Record]:
        """As :meth:`edujournal.ports.Store.read`."""
        return await asyncio.to_thread(lambda: list(self._store.read(school, book, after)))

    async def append(self, school: str, book: str, records: Sequence[Record], expect: int) -> None:
        """As :meth:`edujournal.ports.Store.append`."""
        await asyncio.to_thread(self._store.append, school, book, records, expect)
