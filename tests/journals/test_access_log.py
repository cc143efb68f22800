"""The access log: every refused write is in a chain of its own, whatever path it came by."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import edujournal as ej
from edujournal.accesses import READ, REFUSED, Access, Tally, added_up
from edujournal.adapters.stores.files.store import FileStore
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.adapters.stores.sql import SqlStore
from edujournal.ledger.books import BookState
from edujournal.model.people import Account, Actor, Assignment, RoleSpan
from edujournal.model.time import MINUTE
from edujournal.ports import Writes
from edujournal.rules.catalogue import CATALOGUE
from edujournal.rules.explaining import explain
from edujournal.views.speaking import Speaker
from tests.laws.test_stores import FourMethods

LOG = "access/2026"
NOON = datetime(2026, 9, 15, 9, tzinfo=UTC)
CANARY = "Секретный Пациент"


def mark(pupil="p-1", **more):
    """An oral mark at lesson l1."""
    return ej.Mark(**{"lesson": "l1", "pupil": pupil, "kind": "oral", "value": 5, **more})


def logged(journals, log=LOG):
    """What the log tells: account, role, for whom, record, clause, code, count."""
    return [
        (
            one.actor.account, one.actor.role, one.actor.on_behalf_of, one.told["record"],
            one.told["clause"], one.told["code"], one.count,
        )
        for one in added_up(journals.entries(log))
    ]  # fmt: skip


@pytest.fixture(params=["memory", "files", "sql", "four methods"])
def store(request, tmp_path):
    """Stores with and without a lock of a book."""
    if request.param == "files":
        return FileStore(tmp_path / "books")
    if request.param == "sql":
        return SqlStore(f"sqlite:///{tmp_path / 'books.db'}")
    return MemoryStore() if request.param == "memory" else FourMethods(MemoryStore())


@pytest.fixture
def journals(store, school, clock):
    """Journals over each of the stores."""
    return ej.Journals(store, school, "ru-school26-2023", clock=clock)


def test_a_single_write_that_is_refused_is_logged(journals):
    """Account, role, kind of record, clause and code; nothing is written in the journal."""
    with pytest.raises(ej.Refused):
        journals.record(mark(), by="t-2")
    assert [("t-2", "none", None, "mark", "2.3", "not-your-journal", 1)] == logged(journals)
    assert [LOG] == [book for book, _ in journals.store.books("s-1")]


def test_a_batch_is_logged_by_sorts(journals):
    """What is refused for another reason, or is another record, is another sort; the rest is counted."""
    drafts = [mark(), mark("p-2"), ej.Topic(lesson="l1", topic="x"), mark("p-3", value=9)]
    receipts = journals.record_many(drafts, by="t-2", role="teacher")
    assert {ej.Decision.REFUSED} == {one.decision for one in receipts}
    assert [
        ("t-2", "teacher", None, "mark", "2.3", "not-your-journal", 3),
        ("t-2", "teacher", None, "topic", "2.3", "not-your-journal", 1),
    ] == logged(journals)


def test_both_identities_are_logged(journals):
    """Who acted for another is named, and so is the other."""
    with pytest.raises(ej.Refused):
        journals.record(mark(), by=Actor("t-3", on_behalf_of="t-2"))
    assert [("t-3", "t-2")] == [(one[0], one[2]) for one in logged(journals)]


def test_a_check_and_an_error_are_no_refusals(journals):
    """Asking what would be is no write; what nobody knows is misuse."""
    journals.check(mark(), by="t-2")
    journals.check_many([mark()], by="t-2")
    with pytest.raises(ej.Unknown):
        journals.record(mark("p-99"), by="t-1")
    with pytest.raises(ej.BadInput):
        journals.record(ej.Correction(journal="7A/alg/2026", entry=1), by="t-1")
    assert [] == list(journals.store.books("s-1"))


def test_every_way_to_write_logs_the_same(school, clock):
    """Synchronous or not, one or many: the log tells the same, byte for byte."""
    stores = [MemoryStore() for _ in range(4)]
    made = {"school": school, "regulation": "ru-school26-2023", "clock": clock}
    with pytest.raises(ej.Refused):
        ej.Journals(stores[0], **made).record(mark(), by="t-2")
    ej.Journals(stores[1], **made).record_many([mark()], by="t-2")

    async def waiting():
        with pytest.raises(ej.Refused):
            await ej.AsyncJournals(stores[2], **made).record(mark(), by="t-2")
        await ej.AsyncJournals(stores[3], **made).record_many([mark()], by="t-2")

    asyncio.run(waiting())
    told = [[one.body for one in store.read("s-1", LOG)] for store in stores]
    assert 1 == len(told[0])
    assert [told[0]] * 4 == told


def test_a_flood_is_counted_to_the_last_one(journals, clock):
    """A hundred refusals of one sort in a minute make eight records, whose counts add up."""
    for _ in range(100):
        with pytest.raises(ej.Refused):
            journals.record(mark(), by="t-2")
    counts = [entry.values["count"] for entry in journals.entries(LOG)]
    assert [1, 1, 2, 4, 8, 16, 32] == counts
    clock.at += timedelta(minutes=1)
    with pytest.raises(ej.Refused):
        journals.record(mark(), by="t-3")
    assert [100, 1] == [one[-1] for one in logged(journals)]


def test_two_processes_add_up(journals, school, clock):
    """Each counts its own; the log tells the sum."""
    other = ej.Journals(journals.store, school, "ru-school26-2023", clock=clock)
    for one in (journals, other, other):
        with pytest.raises(ej.Refused):
            one.record(mark(), by="t-2")
    assert [3] == [one[-1] for one in logged(journals)]


def test_writers_at_once_lose_no_refusal(journals):
    """Eight threads are refused at once: all of them are logged, in one whole chain."""

    def refuse(n):
        for _ in range(5):
            journals.record_many([mark()], by="t-2", role=f"role-{n}")

    threads = [threading.Thread(target=refuse, args=(n,)) for n in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    told = {one[1]: one[-1] for one in logged(journals)}
    assert {f"role-{n}" for n in range(8)} == told.keys()
    assert {4} <= set(told.values()) <= {4, 5}  # the fifth is told when the minute is past
    assert journals.verify().assurance


def test_nothing_personal_is_in_the_log(journals):
    """Neither what was typed nor the pupil: ids of the account, the lesson, the book; codes."""
    drafts = [
        mark("p-7", comment=CANARY),
        ej.Comment(lesson="l1", pupil="p-7", comment=CANARY),
        ej.MakeUp(lesson="l1", pupil="p-7", value=5, protocol=CANARY),
        ej.RollCall(lesson="l1", absent={"p-7": "Б"}),
        ej.PeriodResult(journal="7A/alg/2026", period="q1", pupil="p-7", value=5),
        ej.Marker(lesson="l1", pupil="p-7", code="осв", ground=CANARY),
    ]
    journals.record_many(drafts, by="t-2", key="k")
    records = list(journals.store.read("s-1", LOG))
    assert len(drafts) == len(records)
    for one in records:
        assert one.private is None
        assert CANARY not in one.body.decode()
        assert "p-7" not in one.body.decode()
        assert one.index.pupil is None


def test_the_log_is_no_journal(journals):
    """No audit looks at it, nothing is due in it, and its damage is found like any other."""
    with pytest.raises(ej.Refused):
        journals.record(mark(), by="t-2")
    assert all(one.book != LOG for one in journals.audit(everything=True))
    assert all(one.book != LOG for one in journals.due())
    assert [LOG] == [one.book for one in journals.verify().books if one.records]


# -- denials ---------------------------------------------------------------------------------------

AFTER = {"since": NOON, "until": NOON + timedelta(days=1)}

#: A refused write, by whom, and the clause and code by which it is refused.
DENIALS = [
    (mark(), "t-2", "2.3", "not-your-journal"),
    (mark(), "t-3", "2.4", "reads-only"),
    (mark(), "head", "2.3", "no-right"),
    (mark(), "mum", "2.3", "no-right"),
    (mark(), "gone", "2.3", "account-inactive"),
    (mark(), Actor("t-2", "substitute"), "2.10", "no-substitution"),
    (mark(), Actor("t-2", "head"), "2.3", "role-not-held"),
    (ej.Substitution(lesson="l1", teacher="t-1"), Actor("t-2", "substitute"), "2.10", "not-free"),
    (mark(evidence=ej.Evidence(hi=1, author="t-1")), "t-1", "integrity", "evidence-not-allowed"),
    (
        ej.Waiver(id="w", clauses="2.5", year="2026", ground="x", **AFTER),
        "t-1", "3.4", "no-right",
    ),
    (
        ej.Grant(id="g", account="t-2", journal="7A/alg/2026", ground="x", **AFTER),
        "t-2", "3.4", "no-right",
    ),
    (ej.SetUp(section="bells", year="2026"), "t-1", "2.2", "no-right"),
    (ej.Compromise(account="head", year="2026", head=NOON), "head", "integrity", "own-report"),
]  # fmt: skip


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize(("draft", "by", "clause", "code"), DENIALS)
def test_every_denial_explains_itself_and_is_logged(
    school, clock, draft, by, clause, code, language
):
    """What is asked, who may do it instead and how to mend it, in both languages; the log has it."""
    school.rows["accounts"] += [
        Account("mum", pupils=("p-1",)),
        Account("gone", roles=(RoleSpan("teacher"),), until=date(2026, 9, 10)),
    ]
    school.rows["assignments"].append(Assignment("gone", "7A", "alg"))
    journals = ej.Journals(MemoryStore(), school, "ru-school26-2023", clock=clock)
    with pytest.raises(ej.Refused) as caught:
        journals.record(draft, by=by)
    finding = next(one for one in caught.value.verdict.findings if one.refuses)
    assert (clause, code) == (finding.clause, finding.code)

    explanation = explain(
        finding, journals.regulations[0], journals.facts(), BookState(finding.book)
    )
    speaker = Speaker(language)
    told = "\n".join(speaker.say_explanation(explanation, journals.facts()))
    row = speaker.breach_code(CATALOGUE[code])
    assert row["mend"] in told
    if clause == "integrity":
        assert row["asks"] in told
    else:
        assert f"{clause}: {speaker.say_code(code)}" in told
        assert {one.role for one in explanation.rights if one.allows}
    ((account, *_, logged_clause, logged_code, count),) = logged(journals)
    assert (Actor.of(by).account, clause, code, 1) == (account, logged_clause, logged_code, count)


# -- counting --------------------------------------------------------------------------------------


def access(sort):
    """An access of a sort."""
    return Access(REFUSED, "2026", Actor("t"), "lesson:l", {"record": sort})


@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from("ab"), max_size=9), st.integers(0, 3 * MINUTE), st.booleans()
        ),
        max_size=40,
    )
)
def test_counts_add_up_and_records_are_few(calls):
    """Once a minute is past, every access of it is told once; a sort has few records in a minute."""
    tally, at = Tally(), 0
    expected: dict[tuple[str, int], int] = {}
    told: dict[tuple[str, int], list[int]] = {}
    for sorts, step, _ in [*calls, ([], MINUTE, True)]:
        at += step
        for one in sorts:
            expected[one, at - at % MINUTE] = expected.get((one, at - at % MINUTE), 0) + 1
        for due in tally.take(map(access, sorts), at):
            told.setdefault((due.access.told["record"], due.since), []).append(due.count)
    assert expected == {key: sum(counts) for key, counts in told.items()}
    assert all(len(counts) <= sum(counts).bit_length() + 1 for counts in told.values())


def test_readings_are_counted_apart():
    """A reading of one pupil's data is no reading of another's."""
    reads = [
        Access(READ, "2026", Actor("t"), f"pupil:{one}", {"pupil": one, "view": "diary"})
        for one in ("p-1", "p-1", "p-2")
    ]
    assert [("p-1", 2), ("p-2", 1)] == [
        (one.access.told["pupil"], one.count) for one in Tally().take(reads, 0)
    ]


def test_stores_here_are_of_both_sorts(tmp_path):
    """The stores above have the lock of a book, and lack it."""
    assert isinstance(MemoryStore(), Writes)
    assert not isinstance(FourMethods(MemoryStore()), Writes)
