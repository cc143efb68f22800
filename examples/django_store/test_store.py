"""The proof: the kit's promises, and the project's transaction."""

from __future__ import annotations

import random
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections, transaction
from journalstore.models import Entry, Visit
from journalstore.store import DjangoStore

import edujournal as ej
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.errors import Refused
from edujournal.ports import Erases, FindsKeys, Keeps, Projects, Tails, Writes
from edujournal.testing.stores import StoreTests


class Threaded(DjangoStore):
    """Django gives each thread a connection; who makes threads has to close theirs."""

    def head(self, school, book):
        """As it is; then close."""
        return self._closing(super().head, school, book)

    def books(self, school):
        """As it is; then close."""
        return self._closing(super().books, school)

    def read(self, school, book, after=0):
        """As it is; in a thread at once, to close."""
        found = super().read(school, book, after)
        if threading.current_thread() is threading.main_thread():
            return found
        return iter(self._closing(list, found))

    def append(self, school, book, records, expect):
        """As it is; then close."""
        self._closing(super().append, school, book, records, expect)

    def _closing(self, call, *arguments):
        try:
            return call(*arguments)
        finally:
            if threading.current_thread() is not threading.main_thread():
                connections[self.using].close()


@pytest.mark.usefixtures("empty")
class TestDjangoStore(StoreTests):
    """Every promise of the kit."""

    lacks = {  # noqa: RUF012 - as the kit's manual shows it
        Erases: "texts are erased by the project's own command",
        FindsKeys: "keys are looked for by reading",
        Keeps: "the project keeps its school data in models of its own",
        Projects: "sheets are made from the books",
        Tails: "notices are sent by signals of the project",
        Writes: "an append inside the project's transaction is enough",
    }

    @pytest.fixture
    def make_store(self):
        """The same tables again and again."""
        return Threaded


@pytest.fixture
def journals(empty):
    """The sample school in the project's tables."""
    return ej.Journals(
        store=DjangoStore(), school=ej.samples.school(), regulation="ru-school26-2023"
    )


MARK = ej.Mark(lesson="7A-alg-0915", pupil="p-17", kind="oral", value=5)


def test_a_mark_and_a_row_of_the_project_stand_or_fall_together(journals):
    """What the project takes back is taken back in the journal as well, and may be written again."""
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Visit.objects.create(guardian="g-1", pupil="p-17")
        journals.record(MARK, by="t-ivanova")
        assert Entry.objects.count() == 1
        raise ZeroDivisionError
    assert (Visit.objects.count(), Entry.objects.count()) == (0, 0)
    again = ej.Journals(
        store=DjangoStore(), school=ej.samples.school(), regulation="ru-school26-2023"
    )
    with transaction.atomic():
        Visit.objects.create(guardian="g-1", pupil="p-17")
        receipt = again.record(MARK, by="t-ivanova")
    assert (Visit.objects.count(), Entry.objects.count()) == (1, 1)
    assert [(book.records, book.head.hash) for book in again.verify().books] == [(1, receipt.hash)]


def test_heads_and_verdicts_are_those_of_memory(journals):
    """The same acts by the same hands: the same receipts, refusals and heads, entry for entry."""
    told: list[list[object]] = []
    for store in (DjangoStore(), MemoryStore()):
        chance = random.Random(1)
        start = datetime(2026, 9, 15, 6, tzinfo=UTC)
        moments = (start + timedelta(minutes=3 * n) for n in range(10_000))
        kept = ej.Journals(
            store=store,
            school=ej.samples.school(),
            regulation="ru-school26-2023",
            clock=moments.__next__,
            entropy=random.Random(2).randbytes,
        )
        told.append([act(kept, chance) for _ in range(150)])
        told[-1] += [kept.store.books(kept.school.id), kept.verify().assurance]
    assert told[0] == told[1]
    decisions = {one[0] for one in told[0][:150]}
    assert {"accepted", "refused"} <= decisions


def act(kept, script):
    """One act of the script: decision, book, number and hash, or the refusal."""
    pupil, lesson = f"p-{script.randrange(1, 26)}", "7A-alg-0915"
    draft = script.choice(
        [
            ej.Mark(lesson=lesson, pupil=pupil, kind="oral", value=script.randrange(1, 6)),
            ej.Topic(lesson=lesson, topic=f"Topic {script.randrange(9)}", plan="1"),
            ej.Homework(lesson=lesson, task="Read", nature="reading"),
            ej.Comment(lesson=lesson, pupil=pupil, comment="Good"),
        ]
    )
    try:
        receipt = kept.record(draft, by=script.choice(["t-ivanova", "t-ivanova", "t-petrov"]))
    except Refused as refused:
        return "refused", sorted(one.code for one in refused.verdict.findings)
    except ej.Unknown as unknown:
        return "unknown", str(unknown)
    codes = sorted(one.code for one in receipt.verdict.findings)
    return str(receipt.decision), receipt.book, receipt.number, receipt.hash, codes
