"""The journals of one school: record, check, audit, read. The shell round the pure middle."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from functools import cache
from typing import TypeVar

from edujournal.accesses import refusals
from edujournal.answering import Question, ask_proposals, ask_statistics
from edujournal.audits.exact import audit_book, by_end, concerns, due_in, is_reported
from edujournal.capabilities import offers
from edujournal.client_keys import find_key
from edujournal.errors import Refused, StaleHead
from edujournal.gathering import gather_all
from edujournal.journals_core import (
    BESIDE,
    KEYS,
    TRIES,
    Plan,
    RegulationSource,
    instant_of,
)
from edujournal.ledger.books import BookState
from edujournal.ledger.erasures import restricted
from edujournal.ledger.past import fences_known, fencing_book
from edujournal.ledger.records import Record
from edujournal.ledger.verify import Report, verify
from edujournal.living import Live
from edujournal.model.drafts import Draft
from edujournal.model.entries import Entry
from edujournal.model.facts import Facts
from edujournal.model.forms import asked_rightly
from edujournal.model.ids import JournalId, is_log
from edujournal.model.people import BY_TIME, Actor
from edujournal.model.time import check_past
from edujournal.planning import Act, around_of, beside_of, owed_beside
from edujournal.ports import Clock, Entropy, Projects, SchoolData, Store, Writes
from edujournal.projections.keeping import SheetKeeper
from edujournal.rules.around import Around
from edujournal.rules.proposals import Proposal
from edujournal.rules.reminders import Gap, Reminder, gaps, reminders_of, tells
from edujournal.rules.verdicts import Decision, Finding, Verdict
from edujournal.ticking import Tick, TickReport
from edujournal.viewing import Views
from edujournal.views.statistics import Statistics
from edujournal.writing import BookAct, Receipt, Written, check_places, entries_of

_Answer = TypeVar("_Answer")


@asked_rightly
class Journals(Views):
    """The class journals of one school, kept under one or several regulations.

    Safe to share between threads. Nothing runs in the background.

    *Version added: 0.1.*

    Args:
        store: Where the books are kept; four methods are enough.
        school: What the host knows of the school; five getters.
        regulation: Id of a shipped regulation, path of a TOML file, plain data, or several of these.
        clock: Gives the present moment, aware; the system's clock by default.
        entropy: Gives random bytes for salts; the system's by default.
        keeps_sheets: Keep with every entry what summary sheets need of its journal, so that a sheet is
            read without reading the journals: in the transaction of the entry where the store
            :class:`~edujournal.ports.Projects`, else when a live sheet is made.
    """

    def __init__(
        self,
        store: Store,
        school: SchoolData,
        regulation: RegulationSource | Sequence[RegulationSource],
        clock: Clock | None = None,
        entropy: Entropy | None = None,
        *,
        keeps_sheets: bool = False,
    ) -> None:
        super().__init__(store, school, regulation, clock, entropy)
        self.keeps_sheets = keeps_sheets
        self._sheets = SheetKeeper()
        self._live = Live(self)

    @property
    def live(self) -> Live:
        """The same views, kept from one look to the next and brought up to date by new entries."""
        return self._live

    def forget(self, book: str) -> None:
        """Remember nothing of *book*, also in live views."""
        super().forget(book)
        self._live.forget(book)

    # -- writing ---------------------------------------------------------------------------------

    def record(
        self, draft: Draft, by: str | Actor, key: str | None = None, role: str | None = None
    ) -> Receipt:
        """Record one draft.

        Args:
            draft: What to record, such as :class:`~edujournal.Mark`.
            by: Account that acts, or an actor.
            key: Client key: a repeat with the same key and the same values gives the same receipt.
            role: Role to act in; without it one is taken that the account holds and that allows it.

        Returns:
            The receipt; its verdict has the remarks.

        Raises:
            Refused: The regulation does not let it be written; nothing was, but the refusal is logged.
            Unknown: It names something the school does not know.
            KeyReused: The key was used before for other values.
            StoreError: Nothing was acknowledged.
        """
        receipt = self._record([draft], by, key, role)[0]
        if receipt.decision is Decision.REFUSED:
            raise Refused(receipt.verdict)
        return receipt

    def record_many(
        self,
        drafts: Iterable[Draft],
        by: str | Actor,
        key: str | None = None,
        role: str | None = None,
    ) -> list[Receipt]:
        """Record many drafts in one act: one gathering of facts, one lock and one append per book.

        What is refused is not written and says so in its receipt; the rest is. A batch is atomic per
        book; after an error, a repeat under the same key completes what is missing.

        Returns:
            A receipt for each draft, in their order.

        Raises:
            Unknown: A draft names something the school does not know; nothing was written.
            KeyReused: The key was used before for other values.
            StoreError: The book in hand was not acknowledged; earlier books of the act stand.
        """
        return self._record(drafts, by, key, role)

    def _record(
        self, drafts: Iterable[Draft], by: str | Actor, key: str | None, role: str | None
    ) -> list[Receipt]:
        ask = self.draft(map(self.prepared, drafts), by, key, role)
        act, books = self._settle(ask)
        if key is not None:
            with self._lock(KEYS):
                found = find_key(self.store, act.school, act.actor.account, key, self._keys)
            check_places(key, found, books)
        receipts: dict[int, Receipt] = {}
        for one in books:
            receipts.update(self._write(one).receipts)
        ordered = [receipts[item] for item in range(len(ask.drafted))]
        kinds = (one.content.kind for one in ask.drafted)
        self.note(refusals(act.actor, ordered, kinds), act.facts, act.at)
        self.carry_out(ordered, ask)
        return ordered

    def check(self, draft: Draft, by: str | Actor, role: str | None = None) -> Verdict:
        """Give the verdict that :meth:`record` would give now, and write nothing.

        Raises:
            Unknown: It names something the school does not know.
        """
        return self.check_many([draft], by, role)[0]

    def check_many(
        self, drafts: Iterable[Draft], by: str | Actor, role: str | None = None
    ) -> list[Verdict]:
        """Give the verdicts that :meth:`record_many` would give now, and write nothing."""
        ask = self.draft(map(self.prepared, drafts), by, None, role)
        _, books = self._settle(ask)
        verdicts: dict[int, Verdict] = {}
        for one in books:
            with self._lock(one.book):
                state = self._fresh(one.book)
                with self._beside(one, state, self._after) as around:
                    written = one.write(state, around)
                for item, receipt in written.receipts.items():
                    verdicts[item] = receipt.verdict
        return [verdicts[item] for item in range(len(ask.drafted))]

    def _settle(self, ask: Plan) -> tuple[Act, list[BookAct]]:
        states = {}
        for book in dict.fromkeys(ask.earlier.values()):
            with self._lock(book):
                states[book] = self._fresh(book)
        return self.settle(ask, states)

    def _write(self, one: BookAct) -> Written:
        for attempt in range(TRIES):
            try:
                return self._try(one)
            except StaleHead:
                if offers(self.store, Writes) or attempt + 1 == TRIES:
                    raise
                time.sleep(random.uniform(0, 0.002 * 2**attempt))  # noqa: S311 - jitter, no secret
        raise AssertionError("unreachable")

    def _try(self, one: BookAct) -> Written:
        with self._lock(one.book):
            state = self.state_of(one.book)
            with self._writing(one.book, state.number) as book:
                self.take(state, book.tail)
                with self._beside(one, state, book.tail_of) as around:
                    written = one.write(state, around)
                    kept = None
                    if self.keeps_sheets and offers(self.store, Projects):
                        kept = self._sheets.hand_over(one, state, around, written, book)
                if written.records:
                    book.append(written.records)
            for entry in written.entries:
                state.apply(entry)
            self._sheets.took(one.book, kept)
            return written

    @contextmanager
    def _beside(
        self, one: BookAct, state: BookState, tail_of: Callable[[str, int], Iterable[Record]]
    ) -> Iterator[Around]:
        """What stands round a book, up to date, and held still until the block ends."""
        found: dict[str, BookState] = {}
        with ExitStack() as held:
            # In one order, so that no two writers wait for each other.
            for name in sorted(beside_of(one.book, one.act.facts, self.regulations)):
                held.enter_context(self._lock(f"{BESIDE}{name}"))
                found[name] = other = self.beside_state(name)
                self.take(other, tail_of(name, other.number))
            yield around_of(one.book, state, found)

    # -- reading ---------------------------------------------------------------------------------

    def _fresh(self, book: str) -> BookState:
        state = self.state_of(book)
        self.take(state, self._after(book, state.number))
        return state

    def _after(self, book: str, number: int) -> Iterable[Record]:
        return self.store.read(self.school.id, book, number)

    def entries(self, book: str, as_of: datetime | int | None = None) -> Iterator[Entry]:
        """Yield the entries of *book* in order, only those recorded before *as_of* where it is given.

        The chain is checked on the way.

        Raises:
            StoreDamaged: The chain is broken, or a record cannot be read.
        """
        limit = None if as_of is None else instant_of(as_of)
        for entry in entries_of(self.store.read(self.school.id, book)):
            if limit is not None and entry.at >= limit:
                return
            yield entry

    def state(self, book: str, as_of: datetime | int | None = None) -> BookState:
        """What *book* says now, or said at a past moment. The caller owns the answer.

        What the school book had made void or doubtful by then is so in the answer; texts whose
        processing is restricted now are not in it.

        Raises:
            StoreDamaged: The chain is broken, or a record cannot be read.
        """
        limit = None if as_of is None else instant_of(as_of)
        state = BookState(book)
        for entry in self.entries(book, limit):
            state.apply(entry)
        school = fencing_book(book)
        if school is not None:
            with self._lock(school):
                state.fences = fences_known(known := self._fresh(school), limit)
                state.hide(restricted(known).get(book, ()))
        return state

    def books(self) -> list[str]:
        """Names of all books: those with entries, and those that the school's data asks for."""
        return self._books(gather_all(self.school))

    def _books(self, facts: Facts) -> list[str]:
        return self.names((book for book, _ in self.store.books(self.school.id)), facts)

    # -- audit -----------------------------------------------------------------------------------

    def audit(
        self,
        at: datetime | int | None = None,
        *,
        since: date | None = None,
        until: date | None = None,
        books: Iterable[str] | None = None,
        everything: bool = False,
        as_of: datetime | int | None = None,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> Iterator[Finding]:
        """Judge every stored entry by the very rules of :meth:`record`, and find what is missing.

        Args:
            at: Moment that parts pending from missing; now by default.
            since: First day of the occasions looked at; all by default.
            until: Day after the last one.
            books: Only these books.
            everything: Also what is met, and what is pending.
            as_of: Only entries recorded before this moment.
            progress: Called before each book with its name, its place and the number of books.

        Yields:
            Findings, book by book, in the order of entries, then what is owed.

        Raises:
            StoreDamaged: A chain is broken, or a record cannot be read.
        """
        moment = self.now() if at is None else instant_of(at)
        limit = None if as_of is None else instant_of(as_of)
        facts = gather_all(self.school)
        judges = self.judges(facts)
        names = sorted(books) if books is not None else self._books(facts)
        names = [name for name in names if not is_log(name)]
        beside: dict[str, BookState] = {}
        look = cache(lambda name: self.state(name, as_of))
        for place, book in enumerate(names):
            if progress is not None:
                progress(book, place, len(names))
            own = (book,) if book.startswith("school/") else ()
            needed = (*beside_of(book, facts, self.regulations), *own)
            # Other journals are looked at by turns; class and school books stay.
            beside = {n: one for n, one in beside.items() if n in needed or n[:8] != "journal/"}
            for name in needed:
                if name not in beside:
                    beside[name] = self.state(name)
            whole = beside.get(book)
            entries = self.entries(book, as_of) if whole is None else whole.entries_until(limit)
            found = audit_book(judges, book, entries, moment, since, until, beside, look, limit)
            yield from (one for one in found if everything or is_reported(one))

    def due(self, account: str | None = None, at: datetime | int | None = None) -> list[Finding]:
        """What is still to be recorded, by when, and by whom: open windows and missed ones.

        Args:
            account: Only what this account owes, and the debts of its pupils.
            at: The moment; now by default.

        Returns:
            Findings with the outcome pending or missing, those that close first at the head.
        """
        moment = self.now() if at is None else instant_of(at)
        facts = gather_all(self.school)
        judges = self.judges(facts)
        look = cache(lambda name: self.state(name, moment + 1))
        found = []
        for book in (one for one in self._books(facts) if not is_log(one)):
            state = self.state(book, moment + 1)
            names = owed_beside(book, facts, self.regulations)
            around = around_of(book, state, {name: look(name) for name in names})
            found += [
                finding
                for finding in due_in(judges, book, state, moment, around)
                if account is None or concerns(finding, account, facts)
            ]
        return sorted(found, key=by_end)

    def reminders(self, at: datetime | int | None = None) -> list[Reminder]:
        """Who is to be told of what is due, missing or broken, by the ladders of the regulations.

        Source: clause 2.2. The same thing at the same step has the same key whenever it is asked.

        Args:
            at: The moment; now by default.
        """
        moment = self.now() if at is None else instant_of(at)
        facts, found = gather_all(self.school), self.due(at=moment)
        broken: Iterable[Finding] = ()
        if any(map(tells, self.regulations)):
            broken = list(self.audit(moment, as_of=moment + 1))
        return reminders_of(self.regulations, found, broken, facts, moment)

    def tick(self, at: datetime | int | None = None) -> TickReport:
        """Record what time makes by now: what becomes of ended markers, and of what is missing for good.

        The entries are those of the actor ``system``, bear the moment of the tick and name the clause
        and the end of the term. It may be called as often as one likes, and catches up with whatever
        time has passed.

        Args:
            at: Look only at what was due by this past moment; by default by now.

        Returns:
            What was recorded, what could not be decided, and who is to be told of what.

        Raises:
            BadInput: The moment has not come.
        """
        tick = Tick(self.judges(facts := gather_all(self.school)), check_past(at, self.now()))
        for book in (one for one in self._books(facts) if not is_log(one)):
            while found := tick.due(book, self.state(book, self.now() + 1)):
                for one in found:
                    tick.took(one, self.record_many([one.draft], BY_TIME, one.key)[0])
        return tick.report(self.reminders(tick.at))

    def setup_gaps(self, year: str) -> list[Gap]:
        """What the set-up of *year* lacks, by the school's data as it is.

        Source: clause 2.2.

        Raises:
            Unknown: The school has no such year.
        """
        facts = gather_all(self.school)
        return list(
            dict.fromkeys(gap for one in self.regulations for gap in gaps(facts, year, one))
        )

    def proposals(
        self,
        journal: str | JournalId,
        period: str,
        stage: str | None = None,
        at: datetime | int | None = None,
    ) -> list[Proposal]:
        """What the regulation's formula gives for each pupil of a journal, beside what was decided.

        Nothing is recorded: the decision is the teacher's. ``proposal.draft()`` is a decision with
        its basis, to be handed to :meth:`record`.

        Args:
            journal: Journal in which the results belong, such as ``7A/alg/2026``.
            period: Id of the period.
            stage: ``period``, ``year``, ``exam`` or ``final``; by default what the period asks for.
            at: The moment; now by default.

        Returns:
            A proposal for each pupil on the roll at the period's end, in the order of ids.

        Raises:
            Unknown: The school has no such journal, period or stage.
        """
        moment = self.now() if at is None else instant_of(at)
        return self._answer(
            ask_proposals(self.regulations, self.facts(), journal, period, stage, moment), moment
        )

    def statistics(
        self,
        by: Sequence[str] = ("class",),
        *,
        periods: Iterable[str] | None = None,
        stage: str | None = None,
        groups: Iterable[str] | None = None,
        year: str | None = None,
        at: datetime | int | None = None,
    ) -> Statistics:
        """Success, quality, degree of learning, means and attendance, along any dimensions.

        Args:
            by: ``pupil``, ``class``, ``subject``, ``teacher``, ``parallel``, ``school``, ``period``.
            periods: Ids of periods; by default all that have begun, but the year itself.
            stage: Stage of results; by default that which each period asks for.
            groups: Only these groups and those below them.
            year: Academic year; by default that of the moment.
            at: The moment; now by default.

        Raises:
            BadInput: A dimension is none, or named twice.
            Unknown: The school has no such year, group or period.
        """
        moment = self.now() if at is None else instant_of(at)
        asked = ask_statistics(
            self.regulations, self.facts(), by, periods, stage, groups, year, moment
        )
        return self._answer(asked, moment)

    def _answer(self, asked: Question[_Answer], at: int) -> _Answer:
        return asked.answer({name: self.state(name, at + 1) for name in asked.books})

    def facts(self) -> Facts:
        """Everything the school's data says now, as one value for the rules and the views."""
        return gather_all(self.school)

    def verify(self) -> Report:
        """Check every book from its first record: chain, order, head, texts, index.

        *Version added: 0.1.*
        """
        return verify(self.store, self.school.id)
