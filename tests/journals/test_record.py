"""Recording: verdicts, receipts, refusals, keys, batches."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

import edujournal as ej
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.ledger.records import Record
from edujournal.model.ids import check_id

JOURNAL = "7A/alg/2026"
BOOK = f"journal/{JOURNAL}"
NAIVE = datetime(2026, 9, 1)  # noqa: DTZ001 - a moment without a zone is what is tested


def mark(pupil: str = "p-1", value: int = 5, **more) -> ej.Mark:
    """An oral mark at lesson l1."""
    return ej.Mark(**{"lesson": "l1", "pupil": pupil, "kind": "oral", "value": value, **more})


def breaches(verdict: ej.Verdict) -> list[tuple[str, str, str]]:
    """Clause, code and outcome of each breach."""
    return [(one.clause, one.code, one.outcome.value) for one in verdict.breaches]


def test_a_punctual_mark_is_accepted_without_a_word(journals):
    """A mark given during the lesson by its teacher is accepted, and stands first in its book."""
    receipt = journals.record(mark(), by="t-1")
    assert (ej.Decision.ACCEPTED, BOOK, 1) == (receipt.decision, receipt.book, receipt.number)
    assert {ej.Outcome.MET} == {one.outcome for one in receipt.verdict.findings}


def test_a_late_mark_is_accepted_with_a_remark(journals, clock):
    """A late truth is kept; the remark names clause and delay."""
    clock.at = datetime(2026, 9, 15, 21, 0, tzinfo=UTC)  # midnight in Moscow
    receipt = journals.record(mark(), by="t-1")
    assert ej.Decision.ACCEPTED_WITH_REMARKS is receipt.decision
    assert [("2.5", "after-close", "late")] == breaches(receipt.verdict)
    assert [0.0] == [one.late_by for one in receipt.verdict.breaches]


@pytest.mark.parametrize(
    ("draft", "by", "broken"),
    [
        (mark(value=7), "t-1", ("integrity", "off-the-scale", "broken")),
        (mark(), "t-2", ("2.3", "not-your-journal", "broken")),
        (mark(), "t-3", ("2.4", "reads-only", "broken")),
        (mark(), ej.Actor("t-2", "substitute"), ("2.10", "no-substitution", "broken")),
        (mark(), ej.Actor("t-2", "head"), ("2.3", "role-not-held", "broken")),
        (mark(lesson="l3"), "t-1", ("2.5", "before-open", "early")),
        (mark(lesson="l2", pupil="p-2"), "t-2", ("integrity", "off-the-roll", "broken")),
    ],
)
def test_what_is_not_allowed_is_refused_and_logged(journals, clock, draft, by, broken):
    """A refusal raises with the verdict, writes nothing in the journal, and is logged."""
    clock.at += timedelta(hours=3)
    with pytest.raises(ej.Refused) as caught:
        journals.record(draft, by=by)
    assert broken in breaches(caught.value.verdict)
    assert 0 == journals.state(BOOK).number
    logged = journals.state("access/2026").entry(1)
    assert logged is not None
    assert ("refused", broken[1]) == (logged.kind, logged.values["code"])


@pytest.mark.parametrize(
    ("draft", "noun", "near"),
    [
        (mark(pupil="p-111"), "pupil", "p-11"),
        (mark(lesson="l11"), "lesson", "l1"),
        (mark(kind="orall"), "kind of work", "oral"),
        (mark(scale="6"), "scale", None),
        (ej.Marker(lesson="l1", pupil="p-1", code="освв"), "marker", "осв"),
        (ej.RollCall(lesson="l1", absent={"p-1": "НН"}), "absence code", "Н"),
        (ej.Substitution(lesson="l1", teacher="t-9"), "account", "t-3"),
        (ej.SetUp(section="bels", year="2026"), "section", "bells"),
        (ej.SetUp(section="bells", year="2027"), "academic year", "2026"),
        (ej.NewWork(id="w", kind="oral", lesson="l1", purpose="x"), "purpose", None),
    ],
)
def test_what_nobody_knows_is_an_error_that_names_the_nearest(journals, draft, noun, near):
    """An id that neither school nor regulation knows raises Unknown with the nearest name."""
    with pytest.raises(ej.Unknown) as caught:
        journals.record(draft, by="head")
    assert (noun, near) == (caught.value.noun, caught.value.near)
    assert [] == list(journals.store.books("s-1"))


def test_an_unknown_account_cannot_act(journals):
    """Who is not in the school's data cannot write."""
    with pytest.raises(ej.Unknown, match="unknown account"):
        journals.record(mark(), by="t-77")


def test_a_float_is_no_mark():
    """Binary fractions are refused before they can be rounded."""
    with pytest.raises(ej.BadInput, match=r"Decimal\('4.5'\)"):
        mark(value=4.5).content()


def test_a_naive_datetime_is_no_moment(journals):
    """A moment without a zone is refused with the way to mend it."""
    with pytest.raises(ej.BadInput, match="naive"):
        ej.Disclosure(event="e", account="t-1", noticed=NAIVE, to="head", year="2026").content()
    with pytest.raises(ej.BadInput, match="naive"):
        list(journals.audit(at=NAIVE))


def test_check_gives_the_verdict_and_writes_nothing(journals):
    """Check agrees with record, and neither book nor log grows."""
    allowed, refused = journals.check(mark(), by="t-1"), journals.check(mark(), by="t-2")
    assert [] == list(journals.store.books("s-1"))
    assert allowed == journals.record(mark(), by="t-1").verdict
    with pytest.raises(ej.Refused) as caught:
        journals.record(mark(), by="t-2")
    assert breaches(refused) == breaches(caught.value.verdict)


def test_the_same_key_gives_the_same_receipt(journals, clock):
    """A repeat writes nothing and gives the first receipt, also from another handle and later."""
    first = journals.record(mark(comment="good"), by="t-1", key="k-1")
    clock.at += timedelta(days=3)
    again = ej.Journals(journals.store, journals.school, "ru-school26-2023", clock=clock)
    second = again.record(mark(comment="good"), by="t-1", key="k-1")
    assert second.repeated
    assert (first.number, first.hash, first.at, first.verdict) == (
        second.number, second.hash, second.at, second.verdict,
    )  # fmt: skip
    assert 1 == again.state(BOOK).number


@pytest.mark.parametrize(
    "other",
    [
        mark(value=4, comment="good"),
        mark(comment="bad"),
        mark(pupil="p-2", comment="good"),
        mark(),
        ej.Mark(lesson="l2", pupil="p-1", kind="oral", value=5, comment="good"),
    ],
)
def test_the_same_key_with_another_body_is_an_error(journals, other):
    """A key that was used is bound to its values, in every book of the school."""
    journals.record(mark(comment="good"), by="t-1", key="k-1")
    journals.school.rows["assignments"].append(
        type(journals.school.rows["assignments"][0])("t-1", "7A.1", "alg")
    )
    with pytest.raises(ej.KeyReused, match="k-1"):
        journals.record(other, by="t-1", key="k-1")
    assert 1 == journals.state(BOOK).number


def test_a_key_belongs_to_its_account(journals, clock):
    """Two accounts may use the same key."""
    journals.record(mark(), by="t-1", key="k")
    clock.at += timedelta(hours=3)
    journals.record(mark(lesson="l2"), by="t-2", key="k")
    assert 2 == sum(head.number for _, head in journals.store.books("s-1"))


def test_a_refused_act_does_not_bind_its_key(journals):
    """Only accepted acts bind a key."""
    with pytest.raises(ej.Refused):
        journals.record(mark(value=9), by="t-1", key="k")
    assert not journals.record(mark(), by="t-1", key="k").repeated


def test_an_interrupted_batch_is_completed_by_its_repeat(journals, clock):
    """A batch over two books whose second append failed is completed under the same key."""
    clock.at += timedelta(hours=3)
    drafts = [mark(), mark(lesson="l2")]
    journals.school.rows["assignments"].append(
        type(journals.school.rows["assignments"][0])("t-1", "7A.1", "alg")
    )
    inner = journals.store
    journals.store = FailsOnce(inner, "journal/7A.1/alg/2026")
    with pytest.raises(ej.StoreUnwritable):
        journals.record_many(drafts, by="t-1", key="b")
    journals.store = inner
    receipts = journals.record_many(drafts, by="t-1", key="b")
    assert [True, False] == [receipt.repeated for receipt in receipts]
    assert [1, 1] == [journals.state(receipt.book).number for receipt in receipts]


class FailsOnce:
    """A store of four methods whose append to one book fails."""

    def __init__(self, inner: MemoryStore, book: str) -> None:
        self.inner, self.book = inner, book

    def books(self, school):
        """As the inner store."""
        return self.inner.books(school)

    def head(self, school, book):
        """As the inner store."""
        return self.inner.head(school, book)

    def read(self, school, book, after=0):
        """As the inner store."""
        return self.inner.read(school, book, after)

    def append(self, school, book, records, expect):
        """Fail for the one book."""
        if book == self.book:
            raise ej.StoreUnwritable("the disk is full")
        self.inner.append(school, book, records, expect)


def test_two_writers_on_one_head_lose_nothing(school, clock):
    """A store of four methods makes the second writer read on and try again."""
    inner = MemoryStore()
    one = ej.Journals(FailsOnce(inner, ""), school, "ru-school26-2023", clock=clock)
    two = ej.Journals(FailsOnce(inner, ""), school, "ru-school26-2023", clock=clock)
    one.record(mark("p-1"), by="t-1")
    two.record(mark("p-2"), by="t-1")

    class Between(FailsOnce):
        def append(self, school, book, records, expect):
            if not self.book:
                self.book = "done"
                two.record(mark("p-3"), by="t-1")
            self.inner.append(school, book, records, expect)

    one.store = Between(inner, "")
    assert 4 == one.record(mark("p-4"), by="t-1").number
    assert ["p-1", "p-2", "p-3", "p-4"] == [entry.pupil for entry in two.entries(BOOK)]


def test_a_stale_head_is_told_when_tries_run_out(school, clock, monkeypatch):
    """A store that always moves on ends in StaleHead, not in an endless loop."""
    monkeypatch.setattr("edujournal.journals.time.sleep", lambda _: None)

    class AlwaysStale(FailsOnce):
        def append(self, school, book, records, expect):
            raise ej.StaleHead(book, expect, expect + 1)

    one = ej.Journals(AlwaysStale(MemoryStore(), ""), school, "ru-school26-2023", clock=clock)
    with pytest.raises(ej.StaleHead):
        one.record(mark(), by="t-1")


@pytest.mark.search
def test_a_batch_costs_one_gathering_and_one_append(journals, school):
    """3,000 drafts ask each getter a fixed number of times and append once."""
    appended: list[int] = []
    inner = journals.store

    class Counting(FailsOnce):
        def append(self, school, book, records, expect):
            appended.append(len(records))
            self.inner.append(school, book, records, expect)

    def cost(count: int) -> dict[str, int]:
        school.calls.clear()
        journals.store = Counting(inner, "")
        drafts = [mark(f"p-{n % 25 + 1}") for n in range(count)]
        journals.record_many(drafts, by="t-1")
        return dict(school.calls)

    assert cost(1) == cost(3000)
    assert [1, 3000] == appended


def test_refused_drafts_of_a_batch_do_not_hold_up_the_others(journals):
    """Receipts come in the order of the drafts; what is refused has no number."""
    receipts = journals.record_many([mark("p-1"), mark("p-2", 9), mark("p-3")], by="t-1")
    assert [1, None, 2] == [receipt.number for receipt in receipts]
    assert 2 == journals.state(BOOK).number


def test_a_substitution_in_the_same_act_carries_the_others_wherever_it_stands(journals):
    """The claim of an act is judged first, though it was handed in last."""
    receipts = journals.record_many(
        [mark(), ej.RollCall(lesson="l1"), ej.Substitution(lesson="l1", teacher="t-3")],
        by=ej.Actor("t-3", "substitute"),
    )
    assert [2, 3, 1] == [receipt.number for receipt in receipts]
    pending = [one.code for one in receipts[0].verdict.findings if one.outcome == "pending"]
    assert ["unconfirmed-substitution"] == pending


def test_evidence_is_for_importers(journals, clock):
    """A teacher cannot state when a mark was recorded; an importer can, and the teacher is judged."""
    then = ej.Evidence(lo=0, hi=1, author="t-1")
    with pytest.raises(ej.Refused, match="evidence-not-allowed"):
        journals.record(mark(evidence=then), by="t-1")
    start = 1_789_453_800_000_000  # 2026-09-15 09:30 in Moscow
    clock.at += timedelta(days=30)
    stated = ej.Evidence(lo=start, hi=start + 1, author="t-1")
    receipt = journals.record(mark(evidence=stated), by=ej.Actor("importer", "importer"))
    assert ej.Decision.ACCEPTED is receipt.decision
    late = journals.record(
        mark("p-2", evidence=ej.Evidence(author="t-2")), by=ej.Actor("importer", "importer")
    )
    outcomes = {one.code: one.outcome.value for one in late.verdict.findings}
    assert ("undecidable", "broken") == (outcomes["after-close"], outcomes["not-your-journal"])


def test_evidence_from_the_future_is_refused(journals, clock):
    """What is said to have been recorded tomorrow is not believed."""
    tomorrow = int((clock.at + timedelta(days=1)).timestamp()) * 1_000_000
    told = ej.Evidence(lo=tomorrow, hi=tomorrow + 1, author="t-1")
    with pytest.raises(ej.Refused, match="in-the-future"):
        journals.record(mark(evidence=told), by=ej.Actor("importer", "importer"))


def test_texts_are_outside_the_hash_and_come_back(journals):
    """A body holds a commitment, never what was typed; a reader gets the text."""
    journals.record(ej.Topic(lesson="l1", topic="Линейные уравнения", plan="r-1"), by="t-1")
    record: Record = next(iter(journals.store.read("s-1", BOOK)))
    assert "Линейные".encode() not in record.body
    assert "Линейные уравнения" == journals.state(BOOK).entries[0].texts["topic"]


def test_as_of_gives_the_past_as_it_was(journals, clock):
    """What was said at a past moment does not change by what comes later."""
    journals.record(mark(), by="t-1")
    before = clock.at + timedelta(seconds=1)
    clock.at += timedelta(hours=1)
    journals.record(
        ej.Correction(journal=JOURNAL, entry=1, values={"value": 4}, reason="slip"), by="t-1"
    )
    then, now = journals.state(BOOK, as_of=before), journals.state(BOOK)
    assert (5, 4) == (
        then.reading(then.entries[0]).values["value"],
        now.reading(now.entries[0]).values["value"],
    )
    assert 5 == now.entries[0].values["value"]


def test_an_edited_store_is_found_when_it_is_read(journals):
    """A record that does not follow from the one before is an error, not a view."""
    journals.record(mark(), by="t-1")
    record = next(iter(journals.store.read("s-1", BOOK)))

    class Edited(FailsOnce):
        def read(self, school, book, after=0):
            for one in self.inner.read(school, book, after):
                yield type(one)(
                    one.book, one.number, one.hash, one.body.replace(b'"value":5', b'"value":4'),
                    one.private, one.index,
                )  # fmt: skip

    assert b'"value":5' in record.body
    journals.store = Edited(journals.store, "")
    with pytest.raises(ej.StoreDamaged, match="does not follow"):
        journals.state(BOOK)


@pytest.mark.parametrize("key", ["", "k" * 201])
def test_a_key_has_a_length(journals, key):
    """An empty or endless key is refused."""
    with pytest.raises(ej.BadInput, match="client key"):
        journals.record(mark(), by="t-1", key=key)


@pytest.mark.parametrize("bad", ["", " a", "a/b", "e\u0301", "a\n", "x" * 129, None, 5])
def test_what_cannot_be_an_id_is_refused(bad):
    """Ids are short, printable, in normal form, without a separator."""
    with pytest.raises(ej.BadInput):
        check_id(bad)


def test_due_lists_what_is_open_and_what_is_missed(journals, clock):
    """A teacher is told of lessons begun without a roll and of topics, not of lessons to come."""
    clock.at = datetime(2026, 9, 15, 22, 0, tzinfo=UTC)
    found = {(one.clause, one.about, one.outcome.value) for one in journals.due("t-1")}
    assert {("2.9", "lesson:l1", "missing"), ("2.6", "lesson:l1", "pending")} <= found
    assert not any("l3" in about for _, about, _ in found)
    assert [] == [one for one in journals.due("t-1") if "l2" in one.about]


def test_an_audit_can_be_limited_to_days_and_books(journals, clock):
    """Only occasions of the days asked for are reported."""
    clock.at += timedelta(days=10)
    missing = [one.about for one in journals.audit(since=date(2026, 9, 16), books=[BOOK])]
    assert ["lesson:l3"] == missing


def test_a_work_is_found_at_the_lesson_to_which_it_was_moved(journals):
    """A mark given straight to a lesson is for the work of its kind that is held there now."""
    work = ej.NewWork(id="w", kind="control", purpose="monitoring", lesson="l1")
    journals.record(work, by="t-1")

    def at(lesson):
        found = journals.state(BOOK).work_at(lesson, "control")
        return None if found is None else found.id

    assert ("w", None) == (at("l1"), at("l3"))
    change = ej.Correction(journal=JOURNAL, entry=1, values={"lesson": "l3"}, reason="moved")
    journals.record(change, by="t-1")
    assert (None, "w") == (at("l1"), at("l3"))
    journals.record(ej.Annulment(journal=JOURNAL, entry=1, reason="slip"), by="t-1")
    assert (None, None) == (at("l1"), at("l3"))
    journals.record(work, by="t-1")
    assert ("w", None) == (at("l1"), at("l3"))
    journals.record(ej.NewWork(id="v", kind="control", lesson="l1"), by="t-1")
    assert at("l1") is None  # one of two, and nobody knows which
